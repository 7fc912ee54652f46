//! Every number of the Reorder tab as a sum that closes, in plain words.

use super::desk::Desk;
use super::{Need, ReorderLine};
use crate::domain::dates::{full, short};
use crate::domain::ids::LineId;
use crate::domain::locale::{decimal, each, money, quantity as said};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::domain::reorder::{Selling, batch_upkeep};
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
        costs: costs(desk, line),
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
        let when = way.likely.map_or("nobody knows when".to_string(), |on| format!("about {}", full(on, desk.today)));
        let (po, brings) = (&way.inbound.po_code, said(way.inbound.open));
        out.push(format!("{po} brings {brings}, {when}, and the shelf is empty before: hurry it too (c)."));
    }
    let Some(details) = details else { return Ok(out) };
    if line.wait.is_positive() {
        let stays = Qty::units((line.wait.as_f64() * (1.0 - details.cancel_rate)).round() as i64);
        let rate = (details.cancel_rate * 100.0).round();
        let (wait, stays) = (said(line.wait), said(stays));
        // What is too much if all cancel is so of an order that is still to be made.
        let surplus = line.quantity().map(|q| q.min(line.wait)).filter(|q| q.is_positive());
        let surplus = surplus.map_or(String::new(), |q| format!(" If all cancel, {} of this are too much.", said(q)));
        let rate = match rate > 0.0 {
            true => format!(" Of such orders {} in 100 are cancelled: {stays} are likely to stay.", decimal(rate, 0)),
            false => String::new(),
        };
        out.push(format!("{wait} wait and count in full.{rate}{surplus}"));
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
    if line.selling == Selling::Active {
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
            (false, None) => "nobody can say when".to_string(),
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
        return terms;
    }
    let Some(details) = details else {
        return vec![words("Not planned yet: only your own min and max are used.")];
    };
    match line.selling {
        Selling::NoHistory => {
            return vec![words("No history: nobody ordered it in two years, so only those who wait count.")];
        }
        Selling::Asleep => return vec![words("Asleep: nobody ordered it for long, so only those who wait count.")],
        Selling::Discontinued => return vec![words("Discontinued: only those who wait count.")],
        Selling::Active => {}
    }
    let sells = Qty::units(Qty::from_thousandths(details.cover_demand).as_f64().round() as i64);
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
            More::LeastSold | More::ToMaximum(_) | More::Nothing => String::new(),
        };
        terms.extend((!why.is_empty()).then(|| Term { behind: Behind::Terms, ..words(why) }));
    }
    if line.daily > 0.0 && quantity.as_f64() > 365.0 * line.daily {
        terms.push(words("more than a year's sales: the supplier's minimum or pack asks for it"));
    }
    terms
}

/// `lasts 24 days`: with what is there, at the usual sales.
fn lasts(line: &ReorderLine, quantity: Qty) -> Option<String> {
    let days = (line.position + quantity).or_zero().as_f64() / line.daily;
    let one = days.round() == 1.0;
    (line.daily > 0.0).then(|| format!("lasts {} day{}", decimal(days, 0), if one { "" } else { "s" }))
}

/// `one costs 2.10 in place of 2.40`, where the quantity has a better price than the least that would do.
fn cheaper(line: &ReorderLine) -> Option<String> {
    let (less, more) = line.cost_each.zip(line.would_do_each)?;
    (less < more).then(|| format!("one costs {} in place of {}", each(less), each(more)))
}

/// Why more is proposed than the least that would do.
enum More {
    /// It costs less a year, in whole money.
    Saves(String),
    LeastSold,
    /// The person's own maximum.
    ToMaximum(Qty),
    /// Nobody said what ordering and holding cost: it lasts to the next look.
    NextLook,
    /// A limit of the supplier or the longest cover decides; the quantity says it.
    Nothing,
}

fn why_more(desk: &Desk, line: &ReorderLine, details: Option<&Details>, quantity: Qty) -> More {
    if let Some(max) = line.typed_max.filter(|_| line.beyond_max.is_none()) {
        return More::ToMaximum(max);
    }
    if let Some(saves) = saves(desk, line, quantity) {
        return More::Saves(saves);
    }
    if line.least_sold > line.would_do {
        return More::LeastSold;
    }
    if details.is_some_and(|d| !d.economic) { More::NextLook } else { More::Nothing }
}

fn costs(desk: &Desk, line: &ReorderLine) -> Vec<String> {
    let mut out = vec![format!("It is ordered in multiples of {}.", said(line.pack))];
    if line.least_sold > line.pack {
        out.push(format!("They sell no fewer than {} at once.", said(line.least_sold)));
    }
    if let Some(cost) = line.cost_each {
        out.push(format!("At this quantity one costs {}.", each(cost)));
    }
    let settings = desk.settings.ordering_cost().zip(desk.settings.number("planning.holding_rate"));
    let Some((order, rate)) = settings else {
        out.push("What an order costs and what holding costs is not said, so it lasts about to the next look. : settings, Cost of placing an order and Yearly cost of stock.".into());
        return out;
    };
    let share = decimal(rate * 100.0, 0);
    out.push(format!("An order costs {}, holding goods {share} % of their worth a year.", short_money(order)));
    if let Some(quantity) = line.quantity().filter(|_| line.daily > 0.0) {
        let mut sizes = vec![(line.would_do, line.would_do_each), (quantity, line.cost_each)];
        sizes.dedup();
        for (size, cost) in sizes.into_iter().filter_map(|(size, cost)| Some((size, cost?))) {
            let upkeep = decimal(batch_upkeep(order, rate, cost, line.daily, size).as_f64(), 0);
            out.push(format!("{} at a time: {upkeep} a year for orders and holding.", said(size)));
        }
    }
    out.extend(cheaper(line).map(|words| format!("At {} {words}.", said(line.quantity().unwrap_or(line.pack)))));
    out
}

/// Money, without cents where there are none.
fn short_money(m: Money) -> String {
    if m.ten_thousandths() % 10_000 == 0 { decimal(m.as_f64(), 0) } else { money(m) }
}

/// What the quantity saves a year against the least that would do: a better price, and less for orders and holding;
/// none where it saves nothing, or nobody knows.
fn saves(desk: &Desk, line: &ReorderLine, quantity: Qty) -> Option<String> {
    let (now, least) = line.cost_each.zip(line.would_do_each)?;
    if quantity <= line.would_do || line.daily <= 0.0 {
        return None;
    }
    let upkeep = |q: Qty, cost: Money| {
        let (order, rate) = desk.settings.ordering_cost().zip(desk.settings.number("planning.holding_rate"))?;
        Some(batch_upkeep(order, rate, cost, line.daily, q))
    };
    // Whole money, as each of these is said: then what is saved is their difference.
    let whole = |m: Money| m.as_f64().round();
    let goods = ((least - now).as_f64() * line.daily * 365.0).round();
    let saves = match (upkeep(line.would_do, least), upkeep(quantity, now)) {
        (Some(small), Some(large)) => goods + whole(small) - whole(large),
        _ => goods,
    };
    (saves >= 1.0).then(|| decimal(saves, 0))
}

/// `Order 24 (2 packs of 12) by Tue 1 Dec (later it is empty when it comes in over 3 of 100 cases): you have 34, it is low at 44;
/// 12 would do, 24 saves 61 a year.`
fn closing(desk: &Desk, line: &ReorderLine, details: Option<&Details>) -> String {
    let Some(quantity) = line.quantity() else { return String::new() };
    let pack = line.pack.thousandths().max(1);
    let packs = match quantity.thousandths() / pack {
        _ if line.pack <= Qty::ONE || quantity.thousandths() % pack != 0 => String::new(),
        1 => format!(" (1 pack of {})", said(line.pack)),
        n => format!(" ({} packs of {})", decimal(n as f64, 0), said(line.pack)),
    };
    let today = line.order_by <= desk.today;
    // Their next day, where it should have been before: no day by which, but the day.
    let on = if line.order_by > line.waits_until { "on" } else { "by" };
    let by = if today { "today".to_string() } else { format!("{on} {}", full(line.order_by, desk.today)) };
    let low = match line.selling {
        _ if line.min == Some(line.reorder_point) => format!("your minimum is {}", said(line.reorder_point)),
        Selling::Active => format!("it is low at {}", said(line.reorder_point)),
        _ => "customers wait for it".to_string(),
    };
    let until = until(desk, line);
    let (least, all) = (said(line.would_do), said(quantity));
    let why = match why_more(desk, line, details, quantity) {
        _ if line.would_do >= quantity => format!("that makes {}", said(line.position + quantity)),
        More::Saves(saves) => format!("{least} would do, {all} saves {saves} a year"),
        More::LeastSold => format!("{least} would do, they sell no fewer than {}", said(line.least_sold)),
        More::ToMaximum(max) if line.position + quantity == max => {
            format!("{least} would do, {all} fills to your maximum {}", said(max))
        }
        More::ToMaximum(max) => format!("{least} would do, {all} is the most that your maximum {} allows", said(max)),
        More::NextLook | More::Nothing => {
            let lasts = lasts(line, quantity).map_or("is the least they sell".to_string(), |lasts| lasts);
            format!("{least} would do, {all} {lasts}")
        }
    };
    let beyond = line.beyond_max.map_or(String::new(), |max| {
        format!(": more than your maximum {}, as less than {all} cannot be had", said(max))
    });
    format!("Order {all}{packs} {by}{until}: you have {}, {low}; {why}{beyond}.", said(line.position))
}

/// ` (later it is empty when it comes in over 3 of 100 cases)`: why the order has time, and until when; with the supplier's days
/// where these bring it forward.
fn until(desk: &Desk, line: &ReorderLine) -> String {
    if line.order_by > line.waits_until {
        return match line.waits_until <= desk.today {
            true => " (their next order day; it is due already)".to_string(),
            false => format!(" (their next order day; due by {})", full(line.waits_until, desk.today)),
        };
    }
    let Some(accepted) = line.accepted.filter(|_| line.order_by > desk.today) else { return String::new() };
    let over = format!("empty when it comes in over {} of 100 cases", in_100(accepted));
    match line.waits_until == line.order_by {
        true => format!(" (later it is {over})"),
        false => format!(" (their last order day: later it is {over})"),
    }
}

/// A chance in 100, with a decimal where it is small.
pub fn in_100(chance: f64) -> String {
    decimal(chance * 100.0, usize::from(chance < 0.0995))
}

/// One sentence for the export and the line's foot: the numbers in it close.
pub(super) fn reason(line: &ReorderLine, gap_from: Option<NaiveDate>, today: NaiveDate) -> String {
    match &line.need {
        Need::Expedite(po_line) => expedite(line, *po_line, gap_from, today),
        Need::Send(_) => send(line, today),
        Need::Count if !line.known => {
            "Count first: nobody has said yet how many there are; what lies there decides.".into()
        }
        Need::Count => format!(
            "Count first: the book is {} below zero and no customer waits for that; what lies there decides.",
            said(line.on_hand.abs())
        ),
        Need::Order(quantity) | Need::Ask(quantity) => {
            let have = format!(
                "{} on hand + {} coming - {} ordered by customers = {}",
                said(line.on_hand),
                said(line.on_order),
                said(line.open_demand),
                said(line.position)
            );
            let have = if line.on_hand + line.on_order - line.open_demand == line.position {
                have
            } else {
                format!(
                    "{} below zero on the book, {} ordered by customers, {} coming: {}",
                    said(line.on_hand.abs()),
                    said(line.open_demand),
                    said(line.on_order),
                    said(line.position)
                )
            };
            let low = match line.selling {
                _ if line.program_point.is_some() || line.min == Some(line.reorder_point) => {
                    format!("at or below your minimum {}", said(line.reorder_point))
                }
                Selling::Active => format!("low at {}", said(line.reorder_point)),
                Selling::NoHistory => "customers wait, no history".into(),
                Selling::Asleep => "customers wait, else it is asleep".into(),
                Selling::Discontinued => "customers wait, discontinued".into(),
            };
            match line.need {
                Need::Ask(_) => format!("{have}, {low}; {}.", least_is(line, *quantity)),
                _ => format!("{have}, {low}; {} lifts it to {}.", said(*quantity), said(line.position + *quantity)),
            }
        }
    }
}

/// `the least to be had is 100, as much as sells in 3 years`.
fn least_is(line: &ReorderLine, quantity: Qty) -> String {
    let days = quantity.as_f64() / line.daily.max(1e-9);
    let long = match days {
        d if d >= 700.0 => format!("{:.0} years", d / 365.0),
        d if d >= 60.0 => format!("{:.0} months", d / 30.4),
        d => format!("{d:.0} days"),
    };
    let least = said(quantity);
    format!("the least to be had is {least}, as much as sells in {long}: order it only if you want that")
}

fn send(line: &ReorderLine, today: NaiveDate) -> String {
    let Some(draft) = line.draft() else { return String::new() };
    let drafts: Qty = line.coming.iter().filter(|w| w.draft).map(|w| w.inbound.open).sum();
    let (brings, have, low) = (said(drafts), said(line.position - drafts), said(line.reorder_point));
    let when = if line.order_by <= today { "today".into() } else { format!("by {}", full(line.order_by, today)) };
    format!(
        "{} covers it but is a draft: without its {brings} you have {have}, low at {low}; send it {when}.",
        draft.inbound.po_code
    )
}

fn expedite(
    line: &ReorderLine,
    po_line: crate::domain::ids::PoLineId,
    gap_from: Option<NaiveDate>,
    today: NaiveDate,
) -> String {
    let Some(way) = line.coming.iter().find(|w| w.inbound.po_line == po_line) else { return String::new() };
    let i = &way.inbound;
    let when = match way.likely {
        Some(on) => format!("likely {}", full(on, today)),
        None => i.unknown_words(today),
    };
    let empty = match gap_from {
        Some(on) if on > today => format!("the shelf is empty from {}", full(on, today)),
        _ if line.wait.is_positive() => format!("customers wait for {} now", said(line.wait)),
        _ => "the shelf is empty now".into(),
    };
    let brings = said(i.open);
    format!("Expedite: {} of {} brings {brings}, {when}; {empty}. Nothing more to order.", i.po_code, i.supplier_name)
}
