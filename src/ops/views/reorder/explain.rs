//! Every number of the Reorder tab as a sum that closes, in plain words.

mod money;
mod sentences;

pub use sentences::in_100;
pub(super) use sentences::reason;

use money::{More, cheaper, costs, short_money, why_more};
use sentences::closing;

use super::desk::Desk;
use super::{Need, ReorderLine};
use crate::domain::dates::{full, short};
use crate::domain::ids::LineId;
use crate::domain::locale::{decimal, each, quantity as said};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{Buying, Selling};
use crate::ops::planning::Details;
use crate::ops::views::demand;
use crate::store::Result;
use crate::store::past_demand::{self, LargeLine};
use crate::store::plans;
use chrono::NaiveDate;

/// One term of a sum: `+ 40  coming: PO-77, likely 1 Dec`.
#[derive(Clone, PartialEq, Debug)]
pub struct Term {
    /// ` `, `+`, `-` or `=`.
    pub sign: char,
    pub quantity: Option<Qty>,
    pub words: String,
    pub behind: Behind,
}

/// The rows that a term is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Behind {
    /// It follows from the terms above it.
    Nothing,
    Bins,
    Coming,
    Orders,
    /// What customers ordered week by week.
    Sales,
    /// How long it took to come.
    Deliveries,
    /// What an order costs, what holding costs, packs and prices.
    Terms,
}

fn term(sign: char, quantity: Qty, words: impl Into<String>, behind: Behind) -> Term {
    Term { sign, quantity: Some(quantity), words: words.into(), behind }
}
fn words(words: impl Into<String>) -> Term {
    Term { sign: ' ', quantity: None, words: words.into(), behind: Behind::Nothing }
}

/// Why this quantity, as the pane shows it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Explanation {
    /// What to do, in one sentence that closes; blank where nothing is to be ordered.
    pub closing: String,
    /// On hand + coming - ordered = have.
    pub have: Vec<Term>,
    /// Will sell + in case = low at.
    pub level: Vec<Term>,
    /// What would do, and why it is this much.
    pub quantity: Vec<Term>,
    /// What it costs to order and to hold, and how it is sold: a sentence each.
    pub costs: Vec<String>,
    /// What else should be known: who waits and may cancel, a price that ran out, an order that stands out. A sentence
    /// each.
    pub notes: Vec<String>,
    /// The order that stands out, if one does: it may be called a project.
    pub spike: Option<LargeLine>,
}

pub(super) fn explain(desk: &Desk, line: &ReorderLine) -> Result<Explanation> {
    let plan = plans::plan_of(desk.db, line.item)?;
    let details = plan.as_ref().map(|p| Details::read(&p.details)).transpose()?;
    Ok(Explanation {
        closing: closing(desk, line, details.as_ref()),
        have: have(line, desk.today),
        level: level(line, details.as_ref()),
        quantity: quantity(desk, line, details.as_ref()),
        costs: costs(desk, line)?,
        notes: notes(desk, line, details.as_ref())?,
        spike: spike(desk, details.as_ref())?,
    })
}

fn spike(desk: &Desk, details: Option<&Details>) -> Result<Option<LargeLine>> {
    let Some(spike) = details.and_then(|d| d.spike.as_ref()) else { return Ok(None) };
    Ok(past_demand::large_line(desk.db, LineId(spike.line))?.filter(|l| !l.project))
}

fn notes(desk: &Desk, line: &ReorderLine, details: Option<&Details>) -> Result<Vec<String>> {
    let mut out = Vec::new();
    if let Some(way) = line.too_late().filter(|_| line.late.is_some()) {
        let when = way
            .likely
            .map_or_else(|| way.inbound.unknown_words(desk.today), |on| format!("about {}", full(on, desk.today)));
        let (po, brings) = (&way.inbound.po_code, said(way.inbound.open));
        out.push(format!("{po} brings {brings}, {when}, and the shelf is empty before: hurry it too (c)."));
    }
    let Some(details) = details else { return Ok(out) };
    if line.wait.is_positive() {
        let stays = Qty::units((line.wait.as_f64() * (1.0 - details.cancel_rate)).round() as i64);
        let rate = (details.cancel_rate * 100.0).round();
        let (wait, stays) = (said(line.wait), said(stays));
        // What is too much if all cancel is so of an order that is still to be made: what lies beyond full then.
        let surplus = line.quantity().map(|q| ((line.position + line.wait + q) - line.order_up_to).or_zero().min(q));
        // Else of what comes already.
        let coming = ((line.position + line.wait) - line.order_up_to).or_zero().min(line.on_order);
        let surplus = match surplus {
            Some(q) if q.is_positive() => format!(" If all cancel, {} of this are too much.", said(q)),
            Some(_) => " If all cancel, it is still not too much.".into(),
            None if coming.is_positive() => {
                format!(" If all cancel, {} of what is on its way are too much.", said(coming))
            }
            None => String::new(),
        };
        let rate = match rate > 0.0 {
            true => format!(" Of such orders {} in 100 are cancelled: {stays} are likely to stay.", decimal(rate, 0)),
            false => " None of such orders was cancelled so far.".into(),
        };
        out.push(format!("{wait} wait and count in full.{rate}{surplus}"));
    }
    if let Some(quantity) = line.asked() {
        out.extend(asked(desk, line, quantity, details.unit())?);
    }
    if line.book_is_wrong() {
        out.push(format!(
            "The book is {} below zero, more than customers wait for: count it before you order so much.",
            said(line.on_hand.abs())
        ));
    }
    if let Some(older) = past_demand::inherits_from(desk.db, line.item)? {
        let sku = plans::sku(desk.db, older)?;
        out.push(format!("It follows {sku}: what customers ordered of that one counts as its own (b)."));
    }
    if let Some(shares) = channels(desk, line)? {
        out.push(shares);
    }
    out.extend(details.expected.as_ref().map(|e| e.words()));
    if line.selling == Selling::Active && (details.sold > 0 || details.expected.is_none()) {
        let sells = match details.pattern.as_str() {
            "smooth" => "It sells steadily",
            "erratic" => "It sells often, in very different amounts",
            "intermittent" => "It sells now and then, in like amounts",
            "lumpy" => "It sells now and then, in very different amounts",
            "few" => "Too few orders to say how it sells",
            _ => "It hardly sells",
        };
        let among = match details.class.as_str() {
            _ if details.pattern == "few" => "",
            "A" => ", and is among the few that make most of the turnover",
            "B" => "",
            _ => ", and is among the many that make little of the turnover",
        };
        out.push(format!("{sells}{among}."));
    }
    if let Some((from, cost, until)) = &details.expired {
        let day = until.parse().map_or_else(|_| until.clone(), |d| full(d, desk.today));
        out.push(format!(
            "The price {} from {} on was good until {day}: ask again before you count on it.",
            each(Money::from_ten_thousandths(*cost)),
            said(Qty::from_thousandths(*from))
        ));
    }
    if let Some(large) = spike(desk, Some(details))? {
        let usual = details.spike.as_ref().map_or(Qty::ZERO, |s| Qty::from_thousandths(s.usual));
        out.push(format!(
            "{} for {} on {} was {} at once, usually it is {}. If that was a project, say so (i): it leaves the forecast.",
            large.order,
            large.customer,
            full(large.ordered_on, desk.today),
            said(large.quantity),
            said(usual)
        ));
    }
    Ok(out)
}

/// Of the least that can be had, where that lasts too long: what holding it costs against what is risked without it, and
/// who sells less at once.
fn asked(desk: &Desk, line: &ReorderLine, quantity: Qty, unit: Qty) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let rate = desk.settings.number("planning.holding_rate").filter(|rate| *rate > 0.0);
    let holding = rate.zip(line.cost_each).map(|(rate, cost)| {
        // On average the half of it lies here.
        decimal(rate * cost.as_f64() * quantity.as_f64() / 2.0, 0)
    });
    let risk = line.risk.map(in_100);
    out.extend(match (holding, risk) {
        (Some(cost), Some(risk)) => Some(format!(
            "Holding {} costs about {cost} a year; without an order it is empty before one could come in {risk} of 100 cases.",
            said(quantity)
        )),
        (Some(cost), None) => Some(format!("Holding {} costs about {cost} a year.", said(quantity))),
        (None, Some(risk)) => {
            Some(format!("Without an order it is empty before one could come in {risk} of 100 cases."))
        }
        (None, None) => None,
    });
    let mut less: Vec<(Qty, String)> = Vec::new();
    for terms in plans::terms_of(desk.db, line.item)?.iter().filter(|t| Some(t.supplier) != line.supplier) {
        let least =
            Buying::new(unit, terms.pack, terms.min_quantity).order_of(line.reorder_point + unit - line.position);
        let seller = desk.sellers.get(&terms.supplier);
        less.extend(seller.filter(|_| least < quantity).map(|s| (least, s.name.clone())));
    }
    less.sort();
    out.extend(less.first().map(|(least, name)| format!("{name} would sell {} at once (w).", said(*least))));
    Ok(out)
}

/// `In the last 12 months 340 were ordered: 210 shop, 130 amazon.` Only where there is more than one channel.
fn channels(desk: &Desk, line: &ReorderLine) -> Result<Option<String>> {
    let demand = demand::of(desk.db, line.item, desk.today)?;
    if !demand.is_split() {
        return Ok(None);
    }
    let (all, by) = demand.year();
    let words: Vec<String> =
        by.iter().enumerate().map(|(at, units)| format!("{} {}", said(*units), demand.name(at))).collect();
    Ok(Some(format!("In the last 12 months {} were ordered: {}.", said(all), words.join(", "))))
}

fn have(line: &ReorderLine, today: NaiveDate) -> Vec<Term> {
    let mut terms = vec![term(' ', line.on_hand, "on hand", Behind::Bins)];
    for way in &line.coming {
        let when = match (way.draft, way.likely) {
            (true, _) => "a draft, not sent yet".to_string(),
            (false, Some(on)) => format!("likely {}", short(on, today)),
            (false, None) => way.inbound.unknown_words(today),
        };
        terms.push(term('+', way.inbound.open, format!("coming: {}, {when}", way.inbound.po_code), Behind::Coming));
    }
    let aside =
        if line.allocated.is_positive() { format!(" ({} set aside)", said(line.allocated)) } else { String::new() };
    terms.push(term('-', line.open_demand, format!("customers ordered{aside}"), Behind::Orders));
    // A book below zero and waiting customers tell of the same goods: the smaller of the two is not counted again.
    let again = line.position - (line.on_hand + line.on_order - line.open_demand);
    if again.is_positive() {
        terms.push(term('+', again, "counted twice: below zero on the book and ordered", Behind::Bins));
    }
    terms.push(term('=', line.position, "you have", Behind::Nothing));
    terms
}

fn level(line: &ReorderLine, details: Option<&Details>) -> Vec<Term> {
    let mut terms = Vec::new();
    if let Some(program) = line.program_point {
        terms.push(term('=', line.reorder_point, "your own minimum: order at or below this", Behind::Sales));
        terms.push(words(match program.is_negative() {
            true => "the program would order only for customers who wait".to_string(),
            false => format!("the program would order at or below {}", said(program)),
        }));
        if let Some(details) = details.filter(|_| !program.is_negative()) {
            let sells = sells(details);
            let days = tenths(((details.cover_days) * 10.0).round() / 10.0);
            let (sign, rest) = if program < sells { ('-', "less") } else { ('+', "in case") };
            let rest = format!("{sign} {} {rest}", said((program - sells).abs()));
            let parts = format!("{} will sell in {days} days, {rest}", said(sells));
            terms.push(Term { behind: Behind::Deliveries, ..words(parts) });
        }
        return terms;
    }
    let Some(details) = details else {
        return vec![words("Not planned yet: only your own min and max are used.")];
    };
    match line.selling {
        Selling::NoHistory => {
            return vec![words("No history: no orders tell how it sells, so only those who wait count.")];
        }
        Selling::Asleep => return vec![words("Asleep: nobody ordered it for long, so only those who wait count.")],
        Selling::Discontinued => return vec![words("Discontinued: only those who wait count.")],
        Selling::Active => {}
    }
    let sells = sells(details);
    // To the tenth, so that the days add up and what sells in them can be worked out again.
    let lead = ((details.cover_days - details.review_days) * 10.0).round() / 10.0;
    let on_average = if lead.fract() == 0.0 { "" } else { " on average" };
    let [days, lead, look] = [lead + details.review_days, lead, details.review_days].map(tenths);
    let both = format!("will sell in {days} days: {lead} days to come{on_average}, {look} days to the next look");
    terms.push(term(' ', sells, both, Behind::Sales));
    let rest = line.reorder_point - sells;
    if rest.is_negative() {
        terms.push(term('-', rest.abs(), "less, as each order lifts it well above", Behind::Deliveries));
    } else {
        terms.push(term('+', rest, "in case it sells faster or is late", Behind::Deliveries));
    }
    terms.push(term('=', line.reorder_point, "order at or below this", Behind::Nothing));
    // The export's safety stock: an order lifts it above the level by up to a pack, half of one on average.
    if line.safety_stock != rest && line.safety_stock.is_positive() {
        let left = said(line.safety_stock);
        terms.push(words(format!(
            "in packs of {}, about {left} are left when goods come (safety stock)",
            said(line.pack)
        )));
    }
    terms
}

/// What sells until goods ordered at the next look have come, in whole pieces.
fn sells(details: &Details) -> Qty {
    Qty::units(Qty::from_thousandths(details.cover_demand).as_f64().round() as i64)
}

/// `14`, `8.5`.
fn tenths(days: f64) -> String {
    decimal(days, usize::from((days * 10.0).round() % 10.0 != 0.0))
}

fn quantity(desk: &Desk, line: &ReorderLine, details: Option<&Details>) -> Vec<Term> {
    let quantity = match line.need {
        Need::Order(quantity) | Need::Ask(quantity) => quantity,
        Need::Expedite(_) => return vec![words("Nothing to order: enough is on its way, but too late.")],
        Need::Send(_) => return vec![words("Nothing to order: a draft covers it once it is sent.")],
        Need::Count => return vec![words("Nothing to order before it was counted.")],
    };
    let mut terms = Vec::new();
    let least = line.would_do;
    let lifts = |q: Qty| format!("lifts {} to {}", said(line.position), said(line.position + q));
    if least < quantity {
        terms.push(term(' ', least, format!("would do: {}", lifts(least)), Behind::Terms));
    }
    let lasts = lasts(line, quantity).map_or(String::new(), |lasts| format!(", {lasts}"));
    terms.push(term('=', quantity, format!("{}{lasts}", lifts(quantity)), Behind::Terms));
    if least < quantity {
        let why = match why_more(desk, line, details, quantity) {
            More::Saves(saves) => {
                let order = desk
                    .settings
                    .ordering_cost()
                    .map_or(String::new(), |k| format!("each order costs {}", short_money(k)));
                let cheaper = cheaper(line).unwrap_or_default();
                let because: Vec<String> = [order, cheaper].into_iter().filter(|w| !w.is_empty()).collect();
                format!("saves {saves} a year: {}", because.join(", "))
            }
            More::NextLook => format!("as much as sells to the next look in {:.0} days, and a pack", line.review_days),
            More::ToMaximum(_) | More::Nothing => String::new(),
        };
        terms.extend((!why.is_empty()).then(|| Term { behind: Behind::Terms, ..words(why) }));
    }
    if line.daily > 0.0 && quantity.as_f64() > 365.0 * line.daily {
        let asks = match line.typed_max.filter(|_| line.beyond_max.is_none()) {
            Some(max) => format!("your maximum {}", said(max)),
            None => "the supplier's minimum or pack".into(),
        };
        terms.push(words(format!("more than a year's sales: {asks} asks for it")));
    }
    terms
}

/// `lasts 24 days`: with what is there, at the usual sales.
fn lasts(line: &ReorderLine, quantity: Qty) -> Option<String> {
    let days = (line.position + quantity).or_zero().as_f64() / line.daily;
    let one = days.round() == 1.0;
    (line.daily > 0.0).then(|| format!("lasts {} day{}", decimal(days, 0), if one { "" } else { "s" }))
}
