//! `backshelf value`: what the stock is worth, on any day; `backshelf month-end`: a month in one page.

use super::{Context, Outcome, note, out, visible};
use crate::domain::dates;
use crate::domain::money::Money;
use crate::exchange::write::{self, Format};
use crate::ops::views::backorders::amount;
use crate::ops::views::month_end::{self, Idle, MonthEnd, Worth};
use crate::store::{Mode, Result};
use chrono::NaiveDate;
use std::io::Write;

/// Says what the stock is worth at the end of a day (--as-of), from its movements and today's costs.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  backshelf value\n  backshelf value --as-of 2026-10-31 --format csv")]
pub struct Args {
    /// One row per item in place of the sums
    #[arg(long, value_enum)]
    format: Option<Rows>,
}

/// How the rows are written.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rows {
    Csv,
    Json,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let worth = month_end::worth(store.db(), context.today())?;
    let mut out = out();
    match args.format {
        Some(Rows::Csv) => write::sheet(&month_end::sheet(&worth), Format::Csv, &mut out).map(|_| ())?,
        Some(Rows::Json) => write::sheet(&month_end::sheet(&worth), Format::Json, &mut out).map(|_| ())?,
        None => sums(&worth, context.today(), &mut out)?,
    }
    out.flush()?;
    if worth.without_cost > 0 {
        note(&format!("{} items have no cost and count for nothing.", worth.without_cost));
    }
    Ok(Outcome::Fine)
}

fn sums(worth: &Worth, today: NaiveDate, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}  {:>16}  {} items", dates::full(worth.on, today), amount(worth.total), worth.items)?;
    if !worth.quarantine.is_zero() {
        writeln!(out, "of it in quarantine  {}", amount(worth.quarantine))?;
    }
    for (name, value) in &worth.categories {
        let name = if name.is_empty() { "no category" } else { name };
        writeln!(out, "  {:>16}  {}", amount(*value), visible(name))?;
    }
    Ok(())
}

/// A month in one page: worth at both ends, what moved by reason, what does not sell, refunds.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  backshelf month-end\n  backshelf month-end 2026-10")]
pub struct MonthArgs {
    /// The month, such as 2026-10 [default: the last whole one]
    #[arg(value_parser = parse_month)]
    month: Option<NaiveDate>,
}

fn parse_month(text: &str) -> std::result::Result<NaiveDate, String> {
    let whole = format!("{text}-01");
    NaiveDate::parse_from_str(&whole, "%Y-%m-%d")
        .ok()
        .filter(|_| text.len() == 7)
        .ok_or_else(|| "a month is written year-month, such as 2026-10".into())
}

pub fn run_month(context: &Context, args: MonthArgs) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let (first, _) = month_end::month_of(context.today());
    let day = args.month.or_else(|| first.pred_opt()).unwrap_or(first);
    let (from, to) = month_end::month_of(day);
    let month = month_end::load(store.db(), from, to, context.today())?;
    let mut out = out();
    for line in lines(&month, context.today()) {
        writeln!(out, "{}", visible(&line))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

fn signed(m: Money) -> String {
    if m < Money::ZERO { amount(m) } else { format!("+{}", amount(m)) }
}

/// The page, a line each.
fn lines(m: &MonthEnd, today: NaiveDate) -> Vec<String> {
    let mut out =
        vec![format!("{} to {}", dates::long(m.from), dates::long(m.to)), format!("{:>16}  before", amount(m.before))];
    for r in &m.reasons {
        out.push(format!(
            "{:>16}  {}: {} in, {} out, {}",
            signed(r.worth),
            r.reason,
            r.into,
            -r.out,
            many(r.movements, "movement")
        ));
    }
    out.push(format!("{:>16}  at the end, {}", amount(m.worth.total), many(m.worth.items as i64, "item")));
    out.push(format!("{}:", m.idle_heading(|day| dates::full(day, today))));
    for (idle, what, moves) in m.idle() {
        let Idle { items, worth, named } = idle;
        out.push(format!("{:>16}  {what}: {}{moves}", amount(*worth), many(*items as i64, "item")));
        out.extend(
            named
                .iter()
                .map(|(sku, name, w)| format!("{:>16}    {sku}  {name}  {}", "", w.map_or(String::new(), amount))),
        );
    }
    out.push(format!("{:>16}  refunds made: {}", amount(m.refunds_made.1), m.refunds_made.0));
    out.push(format!("{:>16}  refunds open today: {}", amount(m.refunds_open.1), m.refunds_open.0));
    out.push(match m.closed_up_to {
        Some(day) => format!("closed up to {}", dates::full(day, today)),
        None => "no day is closed: backshelf set closed_up_to DATE".into(),
    });
    out
}

/// `1 item`, `3 items`.
fn many(n: i64, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}
