//! Every number of the Reorder tab as a sum that closes, in plain words.

use super::{Desk, Need, ReorderLine};
use crate::domain::dates::{full, short};
use crate::domain::quantity::Qty;
use crate::domain::reorder::{Selling, batch_upkeep};
use crate::ops::planning::Details;
use crate::store::Result;
use crate::store::plans;
use chrono::NaiveDate;

/// One term of a sum: `+ 40  coming: PO-77, likely 1 Dec`.
#[derive(Clone, PartialEq, Debug)]
pub struct Term {
    /// ` `, `+`, `-` or `=`.
    pub sign: char,
    pub quantity: Option<Qty>,
    pub words: String,
}

fn term(sign: char, quantity: Qty, words: impl Into<String>) -> Term {
    Term { sign, quantity: Some(quantity), words: words.into() }
}
fn words(words: impl Into<String>) -> Term {
    Term { sign: ' ', quantity: None, words: words.into() }
}

/// Why this quantity, as the pane shows it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Explanation {
    /// On hand + coming - ordered = have.
    pub have: Vec<Term>,
    /// Will sell + in case = low at.
    pub level: Vec<Term>,
    /// What would do, and why it is this much.
    pub quantity: Vec<Term>,
    /// Others who sell it.
    pub others: Vec<Term>,
}

pub(super) fn explain(desk: &Desk, line: &ReorderLine) -> Result<Explanation> {
    let plan = plans::plan_of(desk.db, line.item)?;
    let details = plan.as_ref().map(|p| Details::read(&p.details)).transpose()?;
    Ok(Explanation {
        have: have(line, desk.today),
        level: level(line, details.as_ref()),
        quantity: quantity(desk, line, details.as_ref()),
        others: others(desk, line)?,
    })
}

fn have(line: &ReorderLine, today: NaiveDate) -> Vec<Term> {
    let mut terms = vec![term(' ', line.on_hand, "on hand")];
    for way in &line.coming {
        let when = match (way.draft, way.likely) {
            (true, _) => "a draft, not sent yet".to_string(),
            (false, Some(on)) => format!("likely {}", short(on, today)),
            (false, None) => "nobody can say when".to_string(),
        };
        terms.push(term('+', way.inbound.open, format!("coming: {}, {when}", way.inbound.po_code)));
    }
    let aside = if line.allocated.is_positive() { format!(" ({} set aside)", line.allocated) } else { String::new() };
    terms.push(term('-', line.open_demand, format!("customers ordered{aside}")));
    // A book below zero and waiting customers tell of the same goods: the smaller of the two is not counted again.
    let again = line.position - (line.on_hand + line.on_order - line.open_demand);
    if again.is_positive() {
        terms.push(term('+', again, "counted twice: below zero on the book and ordered"));
    }
    terms.push(term('=', line.position, "you have"));
    terms
}

fn level(line: &ReorderLine, details: Option<&Details>) -> Vec<Term> {
    let mut terms = Vec::new();
    if let Some(program) = line.program_point {
        terms.push(term('=', line.reorder_point, "your own minimum: order at or below this"));
        terms.push(words(format!("the program would order at or below {program}")));
        return terms;
    }
    let Some(details) = details else {
        return vec![words("Not planned yet: only your own min and max are used.")];
    };
    match line.selling {
        Selling::NoHistory => return vec![words("No history: nobody ever ordered it, so only those who wait count.")],
        Selling::Asleep => return vec![words("Asleep: nobody ordered it for long, so only those who wait count.")],
        Selling::Discontinued => return vec![words("Discontinued: only those who wait count.")],
        Selling::Active => {}
    }
    let sells = Qty::units(Qty::from_thousandths(details.cover_demand).as_f64().round() as i64);
    let lead = details.cover_days - details.review_days;
    let days = lead.round() + details.review_days.round();
    let both = format!("will sell in {days:.0} days ({lead:.0} + {:.0})", details.review_days);
    terms.push(term(' ', sells, both));
    let rest = line.reorder_point - sells;
    if rest.is_negative() {
        terms.push(term('-', rest.abs(), "less, as each order lifts it well above"));
    } else {
        terms.push(term('+', rest, "in case it sells faster or is late"));
    }
    terms.push(term('=', line.reorder_point, "order at or below this"));
    terms
}

fn quantity(desk: &Desk, line: &ReorderLine, details: Option<&Details>) -> Vec<Term> {
    let Need::Order(quantity) = line.need else {
        return vec![words("Nothing to order: enough is on its way, but too late.")];
    };
    let mut terms = Vec::new();
    let unit = details.map_or(Qty::ONE, Details::unit);
    let least = least(line, unit);
    if least < quantity {
        terms.push(term(' ', least, format!("would do: lifts {} to {}", line.position, line.position + least)));
    }
    let lasts = if line.daily > 0.0 {
        let days = (line.position + quantity).or_zero().as_f64() / line.daily;
        format!(", lasts {days:.0} days")
    } else {
        String::new()
    };
    terms.push(term('=', quantity, format!("lifts {} to {}{lasts}", line.position, line.position + quantity)));
    let costs = desk.settings.ordering_cost().zip(desk.settings.number("planning.holding_rate")).zip(line.cost_each);
    if let (Some(((order, rate), each)), true) = (costs, least < quantity && line.daily > 0.0) {
        let saves =
            batch_upkeep(order, rate, each, line.daily, least) - batch_upkeep(order, rate, each, line.daily, quantity);
        if saves.ten_thousandths() > 0 {
            let whole = order.ten_thousandths() % 10_000 == 0;
            let order = if whole { format!("{:.0}", order.as_f64()) } else { order.to_string() };
            terms.push(words(format!("saves {:.0} a year: each order costs {order}", saves.as_f64().max(1.0))));
        }
    }
    if line.daily > 0.0 && quantity.as_f64() > 365.0 * line.daily {
        terms.push(words("more than a year's sales: the supplier's minimum or pack asks for it"));
    }
    terms
}

/// The smallest number of packs that lifts the position above the level.
fn least(line: &ReorderLine, unit: Qty) -> Qty {
    let pack = line.pack.thousandths().max(1);
    let above = (line.reorder_point + unit - line.position).thousandths().max(1);
    Qty::from_thousandths((above + pack - 1) / pack * pack)
}

fn others(desk: &Desk, line: &ReorderLine) -> Result<Vec<Term>> {
    let mut terms = Vec::new();
    for other in plans::terms_of(desk.db, line.item)?.iter().filter(|t| Some(t.supplier) != line.supplier) {
        let Some(seller) = desk.sellers.get(&other.supplier) else { continue };
        let mut text = format!("Or: {}", seller.name);
        if let Some(cost) = other.cost {
            text.push_str(&format!(" {cost}"));
        }
        if let Some(days) = other.lead_days.or(seller.lead_days) {
            text.push_str(&format!(", {days} d"));
        }
        terms.push(words(text));
    }
    Ok(terms)
}

/// One sentence for the export and the line's foot: the numbers in it close.
pub(super) fn reason(line: &ReorderLine, gap_from: Option<NaiveDate>, today: NaiveDate) -> String {
    match &line.need {
        Need::Expedite(po_line) => expedite(line, *po_line, gap_from, today),
        Need::Order(quantity) => {
            let have = format!(
                "{} on hand + {} coming - {} ordered by customers = {}",
                line.on_hand, line.on_order, line.open_demand, line.position
            );
            let have = if line.on_hand + line.on_order - line.open_demand == line.position {
                have
            } else {
                format!(
                    "{} below zero on the book, {} ordered by customers, {} coming: {}",
                    line.on_hand.abs(),
                    line.open_demand,
                    line.on_order,
                    line.position
                )
            };
            let low = match line.selling {
                _ if line.program_point.is_some() || line.min == Some(line.reorder_point) => {
                    format!("at or below your minimum {}", line.reorder_point)
                }
                Selling::Active => format!("low at {}", line.reorder_point),
                Selling::NoHistory => "customers wait, no history".into(),
                Selling::Asleep => "customers wait, else it is asleep".into(),
                Selling::Discontinued => "customers wait, discontinued".into(),
            };
            format!("{have}, {low}; {quantity} lifts it to {}.", line.position + *quantity)
        }
    }
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
        None => format!("{} days overdue, no new date", i.days_overdue(today)),
    };
    let empty = match gap_from {
        Some(on) if on > today => format!("the shelf is empty from {}", full(on, today)),
        _ if line.wait.is_positive() => format!("customers wait for {} now", line.wait),
        _ => "the shelf is empty now".into(),
    };
    format!("Expedite: {} of {} brings {}, {when}; {empty}. Nothing more to order.", i.po_code, i.supplier_name, i.open)
}
