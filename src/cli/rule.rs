//! `backshelf rule`: what a person says about planning one item beside its terms.

use super::{Context, Outcome, note, out, visible};
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::ops::buying;
use crate::store::plans::{self, Expects, ItemRule};
use crate::store::{Db, Failure, Mode, Result, past_demand, scanning};
use std::io::Write;

const AFTER: &str = "Examples:
  backshelf rule DAI-004
  backshelf rule DAI-004 --keeps-days 60
  backshelf rule DAI-004 --lead-days 21 --supplier ROVELLI
  backshelf rule HOM-313 --season \"0.8 0.8 1 1 1 1 1 1 1 1 1.2 1.6\"
  backshelf rule DAI-004 --lead-days none
  backshelf rule BEV-120 --expects 20 --trust 3
  backshelf rule BEV-120 --follows BEV-002

A lead time given here is fixed: nothing that deliveries teach changes it. With --supplier it counts only where the
item is bought there. No order goes beyond what sells while the item keeps, unless somebody says so.
A season is twelve factors, January first; what was sold is read as of a usual month, and the months to come are
multiplied. What you expect to sell a month of a new item counts for as much as --trust months of sales (3): it fades as
orders come. An item that follows another inherits what customers ordered of that one. `none` takes a rule away. Without
any, the rules that there are are shown.";

/// Shows or changes what is planned differently for one item: lead time, how long it keeps, season, which item it follows.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The item
    sku: String,
    /// Days from the order to the goods, fixed; or `none`
    #[arg(long, value_name = "DAYS")]
    lead_days: Option<String>,
    /// The supplier for whom the lead time counts; left out: wherever it is bought
    #[arg(long, value_name = "CODE", requires = "lead_days")]
    supplier: Option<String>,
    /// Days that it keeps; or `none`
    #[arg(long, value_name = "DAYS")]
    keeps_days: Option<String>,
    /// Twelve factors, January first; or `none`
    #[arg(long, value_name = "FACTORS")]
    season: Option<String>,
    /// How many of it you expect to sell a month; or `none`
    #[arg(long, value_name = "QUANTITY")]
    expects: Option<String>,
    /// What you expect counts for as much as so many months of sales
    #[arg(long, value_name = "MONTHS", requires = "expects", default_value_t = 3)]
    trust: i64,
    /// The item that it replaces, whose history it takes over; or `none`
    #[arg(long, value_name = "SKU", conflicts_with_all = ["lead_days", "keeps_days", "season", "expects"])]
    follows: Option<String>,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    let item = |db: &Db| -> Result<ItemId> {
        scanning::by_sku(db, &args.sku)?.ok_or_else(|| Failure::usage(format!("There is no item {}.", args.sku)))
    };
    if let Some(from) = &args.follows {
        let mut store = context.open(Mode::Existing)?;
        let item = item(store.db())?;
        let from = if is_none(from) { "" } else { from };
        note(&buying::inherit(&mut store, context.act("inherit"), item, from)?.summary);
        return Ok(Outcome::Fine);
    }
    let of_item = args.keeps_days.is_some() || args.season.is_some() || args.expects.is_some();
    if args.lead_days.is_none() && !of_item {
        let store = context.open(Mode::ReadOnly)?;
        let item = item(store.db())?;
        return show(store.db(), item, &args.sku);
    }
    if args.supplier.is_some() && of_item {
        return Err(Failure::usage(
            "--supplier goes with --lead-days alone: how long it keeps, its season and what you expect are the item's.",
        ));
    }
    let mut store = context.open(Mode::Existing)?;
    let item = item(store.db())?;
    let supplier = match &args.supplier {
        Some(code) => Some(
            plans::supplier_of_code(store.db(), code)?
                .ok_or_else(|| Failure::usage(format!("There is no supplier {code}.")))?,
        ),
        None => None,
    };
    let known = plans::rules_of(store.db(), item)?.into_iter().find(|r| r.supplier == supplier);
    let mut rule = known.unwrap_or(ItemRule { supplier, ..ItemRule::default() });
    if let Some(text) = &args.lead_days {
        rule.lead_days = days(text, "--lead-days")?;
    }
    if let Some(text) = &args.keeps_days {
        rule.shelf_days = days(text, "--keeps-days")?;
    }
    if let Some(text) = &args.season {
        rule.season = (!is_none(text)).then(|| text.trim().to_string());
    }
    if let Some(text) = &args.expects {
        let wrong = || Failure::usage(format!("--expects takes a quantity, or none; {text} is neither."));
        let month: Option<Qty> = if is_none(text) { None } else { Some(Qty::parse(text.trim()).ok_or_else(wrong)?) };
        rule.expects = month.map(|month| Expects { month, months: args.trust, said_on: context.clock.today() });
    }
    let done = buying::set_rule(&mut store, context.act("rule"), item, &rule)?;
    note(if done.summary.is_empty() { "Nothing changed: it was so already." } else { &done.summary });
    Ok(Outcome::Fine)
}

fn is_none(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("none") || text.trim().is_empty()
}

fn days(text: &str, option: &str) -> Result<Option<i64>> {
    if is_none(text) {
        return Ok(None);
    }
    let days = text.trim().parse().ok().filter(|d: &i64| *d >= 0);
    days.map(Some).ok_or_else(|| Failure::usage(format!("{option} takes whole days, or none; {text} is neither.")))
}

fn show(db: &Db, item: ItemId, sku: &str) -> Result<Outcome> {
    let mut out = out();
    let rules = plans::rules_of(db, item)?;
    if let Some(older) = past_demand::inherits_from(db, item)? {
        writeln!(out, "{}", visible(&format!("follows {}, with its history", plans::sku(db, older)?)))?;
    } else if rules.is_empty() {
        note(&format!("{sku} is planned without a rule of its own."));
    }
    for rule in rules {
        let whose = match rule.supplier {
            Some(supplier) => format!("bought of {}", plans::supplier_code(db, supplier)?),
            None => "wherever it is bought".into(),
        };
        let says = [
            rule.lead_days.map(|d| format!("{d} days of lead time, fixed")),
            rule.shelf_days.map(|d| format!("keeps {d} days")),
            rule.season.map(|s| format!("season {s}")),
            rule.expects.map(|e| format!("{} a month expected, for {} months of sales", e.month, e.months)),
        ];
        let says: Vec<String> = says.into_iter().flatten().collect();
        writeln!(out, "{}", visible(&format!("{whose}: {}", says.join(", "))))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}
