//! Lists of purchase orders, one in full, and one as it goes out.

use super::super::{Context, Outcome, note, out, visible};
use super::{FormatName, named, supplier_named, words};
use crate::exchange::sheet::{Sheet, Value};
use crate::exchange::write::{self, Format};
use crate::messages::supplier::Letter;
use crate::ops::printing;
use crate::ops::settings::Settings;
use crate::ops::views::{backorders, po as view};
use crate::store::po::{self, PoSummary};
use crate::store::{Failure, Mode, Result};
use chrono::NaiveDate;
use std::io::Write;
use std::path::Path;

/// POs that a list names; the others are in `backshelf export purchase-orders`.
const LISTED: i64 = 100_000;

fn blank(date: Option<NaiveDate>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

pub(super) fn list(context: &Context, supplier: Option<&str>, all: bool, format: FormatName) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let supplier = supplier.map(|s| supplier_named(&store, s)).transpose()?.map(|s| s.0);
    let pos = po::list(store.db(), supplier, !all, LISTED)?;
    let mut out = out();
    match format {
        FormatName::Text => {
            for po in &pos {
                let due = if po.state.is_over() { blank(po.received_on) } else { blank(po.due_on) };
                let value = po.value.map(|v| v.to_string()).unwrap_or_default();
                let line = format!(
                    "{:<10} {:<14} {:<32} ordered {:<10}  due {due:<10} {:>4} lines {value:>12}",
                    po.code,
                    po.state.word(),
                    po.supplier_name.chars().take(32).collect::<String>(),
                    blank(po.ordered_on),
                    po.lines
                );
                writeln!(out, "{}", visible(line.trim_end()))?;
            }
        }
        FormatName::Csv => write::sheet(&sheet(&pos), Format::Csv, &mut out).map(drop)?,
        FormatName::Json => write::sheet(&sheet(&pos), Format::Json, &mut out).map(drop)?,
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

fn sheet(pos: &[PoSummary]) -> Sheet {
    let row = |po: &PoSummary| {
        vec![
            Value::text(&po.code),
            Value::text(&po.supplier_name),
            Value::text(po.state.word()),
            Value::maybe_date(po.ordered_on),
            Value::maybe_date(po.confirmed_on),
            Value::maybe_date(po.due_on),
            Value::maybe_date(po.received_on),
            Value::Count(po.lines as i64),
            Value::maybe_money(po.value),
        ]
    };
    let columns = ["po", "supplier", "state", "ordered_on", "confirmed_on", "due_on", "received_on", "lines", "value"];
    Sheet { name: "purchase-orders", columns: columns.to_vec(), rows: pos.iter().map(row).collect() }
}

pub(super) fn one(context: &Context, code: &str) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let (db, today) = (store.db(), context.today());
    let id = named(&store, code)?.id;
    let board = backorders::load(db, &backorders::Terms::of(&Settings::load(db)?), today)?;
    let page = view::load(db, id, &board, today)?;
    let po = &page.po;
    let mut out = out();
    let mut say = |line: String| writeln!(out, "{}", visible(line.trim_end()));
    say(format!("{}  {}  {}", po.code, po.supplier_name, po.state.word()))?;
    let freight = po.freight.map(|f| format!(", freight {f}")).unwrap_or_default();
    say(format!(
        "ordered {}  answered {}  value {}{freight}",
        blank(po.ordered_on),
        blank(po.confirmed_on),
        po.value()
    ))?;
    for l in &po.lines {
        let cost = l.cost.map(|c| format!(" at {c}")).unwrap_or_default();
        let likely = page.likely.get(&l.id).map(|d| format!("  likely {d}")).unwrap_or_default();
        let ended = l
            .ended_by
            .map(|by| format!("  ended by {}", if by == crate::domain::purchase::EndedBy::Us { "us" } else { "them" }));
        say(format!(
            "{:>4}  {:<14} {} {}{cost}: came {}, bad {}, open {}  first {}  now {}{likely}{}",
            l.line,
            l.sku,
            l.quantity,
            l.item_name,
            l.received,
            l.rejected,
            l.open(),
            blank(l.confirmed_for),
            blank(l.expected_on),
            ended.unwrap_or_default()
        ))?;
        if let Some(from) = page.follows_from.get(&l.id) {
            say(format!("      no day named; {from}"))?;
        }
        if let Some(names) = page.waiting.get(&l.id) {
            say(format!("      waiting: {}", names.join(", ")))?;
        }
        for i in page.invoices.iter().filter(|i| i.line == Some(l.id)) {
            let agreed = i.agreed.map(|a| format!(", agreed {a}")).unwrap_or_default();
            let papers = if i.papers_right { "" } else { ", papers wrong" };
            let quantity = i.quantity.map(|q| q.to_string()).unwrap_or_default();
            say(format!("      invoiced {} {quantity} at {}{agreed}{papers}", i.invoiced_on, i.cost))?;
        }
    }
    for d in page.dates.iter().filter(|d| !d.confirms) {
        let line = po.lines.iter().find(|l| l.id == d.line).map_or("", |l| l.line.as_str());
        say(format!("{}  line {line}: {} -> {}", d.said_on, blank(d.was), d.date))?;
    }
    for talk in &page.talks {
        say(format!("{}  {}", talk.asked_on, super::super::chase::words(talk)))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

pub(super) fn print(context: &Context, code: &str, output: Option<&Path>) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let order = named(&store, code)?;
    let file = output.filter(|p| p.as_os_str() != "-");
    let invoices = po::invoices(store.db(), order.id)?;
    if let Some((path, format)) = file.and_then(|p| Some((p, Format::of_file(p)?))) {
        let rows = write::to_file(path, |out| write::sheet(&view::sheet(&order, &invoices), format, out))
            .map_err(|e| Failure::usage(format!("{} cannot be written: {e}. Name another with -o.", path.display())))?;
        note(&format!("{rows} lines in {}", path.display()));
        return Ok(Outcome::Fine);
    }
    let ready = words(context, &store, Letter::Order, &[order.id], &view::About::default())?;
    if let Some(path) = file.filter(|p| printing::is_paper(p)) {
        printing::to_file(path, &order.code, &view::paper(&ready.words))?;
        note(&format!("{} is in {}", order.code, path.display()));
        return Ok(Outcome::Fine);
    }
    let text = format!("{}\n\n{}\n", ready.words.subject, ready.words.body);
    match file {
        Some(path) => {
            write::to_file(path, |out| out.write_all(visible(&text).as_bytes())).map_err(|e| {
                Failure::usage(format!("{} cannot be written: {e}. Name another with -o.", path.display()))
            })?;
            note(&format!("{} is in {}", order.code, path.display()));
        }
        None => {
            let mut out = out();
            write!(out, "{}", visible(&text))?;
            out.flush()?;
        }
    }
    Ok(Outcome::Fine)
}
