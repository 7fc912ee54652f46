//! `backshelf po`: purchase orders without the workbench, from draft to last receipt.

mod show;

use super::{Context, Outcome, note, out, paths, visible};
use crate::domain::ids::{PoId, PoLineId, SupplierId};
use crate::domain::money::Money;
use crate::domain::purchase::{EndedBy, lasts_too_long, part_of_a_piece};
use crate::domain::quantity::Qty;
use crate::domain::standing::Standing;
use crate::messages::supplier::Letter;
use crate::ops::purchasing::invoicing::{Invoice, InvoiceLine};
use crate::ops::purchasing::life::{Confirmation, ConfirmedLine, Ending};
use crate::ops::purchasing::telling::{How, Told};
use crate::ops::purchasing::{self, ToOrder, invoicing, life, standing};
use crate::ops::settings::Settings;
use crate::ops::views::backorders::{Move, Terms, shift};
use crate::ops::views::po as view;
use crate::store::po::{self, Po, PoItem};
use crate::store::{Failure, Mode, Result, Store};
use chrono::NaiveDate;
use clap::ValueEnum;
use std::io::Write;
use std::path::PathBuf;

/// Purchase orders: drafts, sending, confirmations by line, new dates, invoices, what is ended short.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  backshelf po list
  backshelf po new EXO BEV-002=24@15.20 CON-003=12
  backshelf po send PO-78 --how mail
  backshelf po confirm PO-78 2026-12-04 --line 2=2026-12-09@5.10
  backshelf po date PO-77 2026-12-11 --dry-run       who becomes late or early by it
  backshelf po cancel PO-77 --line 1
  backshelf po close PO-77 --reason \"out of production\"
  backshelf po invoice PO-77 --number 4711 --line 1=40@15.20 --papers wrong
  backshelf po print PO-77 -o po-77.xlsx")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// What is under way; with --all in every state
    List {
        /// Only this supplier's: code, or a part of the name
        #[arg(long)]
        supplier: Option<String>,
        /// Also what is over
        #[arg(long)]
        all: bool,
        #[arg(long, value_enum, default_value = "text")]
        format: FormatName,
    },
    /// One order in full: lines, dates, what was said and invoiced
    Show { po: String },
    /// Starts a draft and prints its number
    New {
        /// Code, or a part of the name
        supplier: String,
        /// What to order: SKU=QUANTITY or SKU=QUANTITY@PRICE
        #[arg(required = true, value_name = "SKU=QUANTITY")]
        lines: Vec<String>,
        /// Freight that was agreed
        #[arg(long)]
        freight: Option<String>,
        /// Also a part of a piece, or more than may be bought ahead
        #[arg(long)]
        sure: bool,
    },
    /// Sends a draft: by mail from here, else this records that a person did
    Send {
        po: String,
        #[arg(long, value_enum, default_value = "copy-text")]
        how: HowName,
        /// The address to mail to [default: the supplier's]
        #[arg(long)]
        to: Option<String>,
    },
    /// Keeps what the supplier confirmed: the first date of a line stays for the score
    Confirm {
        po: String,
        /// For every open line that --line does not name
        date: Option<NaiveDate>,
        /// A line of its own: LINE=DATE or LINE=DATE@PRICE
        #[arg(long = "line", value_name = "LINE=DATE")]
        lines: Vec<String>,
        /// Who said so, or what else was said
        #[arg(long, default_value = "")]
        said: String,
    },
    /// A new date for what is open
    Date {
        po: String,
        date: NaiveDate,
        #[arg(long)]
        line: Option<String>,
        /// Who said so, or why
        #[arg(long, default_value = "new date")]
        said: String,
        /// Whose word it is: theirs; ours, and they are asked for it; ours, and it is only expected
        #[arg(long, value_enum, default_value = "supplier")]
        by: ByName,
        /// Only says who becomes late or early by it
        #[arg(long)]
        dry_run: bool,
    },
    /// Cancels what is open: we do not want it any more. A draft is thrown away
    Cancel {
        po: String,
        #[arg(long)]
        line: Option<String>,
        #[arg(long, default_value = "")]
        reason: String,
        /// Only says who becomes late by it
        #[arg(long)]
        dry_run: bool,
    },
    /// Closes what is open short: they do not deliver it
    Close {
        po: String,
        #[arg(long)]
        line: Option<String>,
        #[arg(long)]
        reason: String,
        /// Only says who becomes late by it
        #[arg(long)]
        dry_run: bool,
    },
    /// Keeps what was invoiced against what was agreed
    Invoice {
        po: String,
        #[arg(long, default_value = "")]
        number: String,
        #[arg(long)]
        on: Option<NaiveDate>,
        /// LINE=QUANTITY@PRICE
        #[arg(long = "line", value_name = "LINE=QUANTITY@PRICE")]
        lines: Vec<String>,
        #[arg(long)]
        freight: Option<String>,
        #[arg(long, value_enum, default_value = "right")]
        papers: Papers,
        #[arg(long, default_value = "")]
        note: String,
        /// Also a part of a piece
        #[arg(long)]
        sure: bool,
    },
    /// The order as it goes to the supplier; as .csv or .xlsx with its columns
    Print {
        po: String,
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Whether to order from a supplier: ok, warn, block, or as the settings say
    Standing {
        supplier: String,
        #[arg(value_enum)]
        standing: StandingName,
        #[arg(long, default_value = "")]
        reason: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum FormatName {
    Text,
    Csv,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(super) enum HowName {
    Mail,
    Phone,
    CopyText,
}

impl HowName {
    pub(super) fn how(self) -> How {
        match self {
            HowName::Mail => How::Mail,
            HowName::Phone => How::Phone,
            HowName::CopyText => How::CopyText,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum ByName {
    Supplier,
    Asked,
    Expected,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Papers {
    Right,
    Wrong,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum StandingName {
    Ok,
    Warn,
    Block,
    Settings,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    match args.command {
        Command::List { supplier, all, format } => show::list(context, supplier.as_deref(), all, format),
        Command::Show { po } => show::one(context, &po),
        Command::New { supplier, lines, freight, sure } => new(context, &supplier, &lines, freight.as_deref(), sure),
        Command::Send { po, how, to } => send(context, &po, how.how(), to),
        Command::Confirm { po, date, lines, said } => confirm(context, &po, date, &lines, said),
        Command::Date { po, date, line, said, by, dry_run } => {
            redate(context, &po, line.as_deref(), (date, by), said, dry_run)
        }
        Command::Cancel { po, line, reason, dry_run } => {
            end(context, &po, line.as_deref(), EndedBy::Us, reason, dry_run)
        }
        Command::Close { po, line, reason, dry_run } => {
            end(context, &po, line.as_deref(), EndedBy::Supplier, reason, dry_run)
        }
        Command::Invoice { po, number, on, lines, freight, papers, note, sure } => {
            let mut store = context.open(Mode::Existing)?;
            let order = named(&store, &po)?;
            let invoice = Invoice {
                po: order.id,
                number,
                on,
                lines: lines.iter().map(|l| invoice_line(&order, l)).collect::<Result<_>>()?,
                freight: freight.as_deref().map(money).transpose()?,
                papers_right: papers == Papers::Right,
                note,
                sure,
            };
            let done = invoicing::invoice(&mut store, context.act("invoice"), &invoice).inspect_err(|e| {
                if crate::ops::stock::asks_again(e) {
                    super::note("Once more with --sure keeps it.");
                }
            })?;
            say(&done.summary)
        }
        Command::Print { po, output } => show::print(context, &po, output.as_deref()),
        Command::Standing { supplier, standing: to, reason } => {
            let mut store = context.open(Mode::Existing)?;
            let (supplier, _) = supplier_named(&store, &supplier)?;
            let to = match to {
                StandingName::Ok => Some(Standing::Ok),
                StandingName::Warn => Some(Standing::Warn),
                StandingName::Block => Some(Standing::Block),
                StandingName::Settings => None,
            };
            say(&standing::set(&mut store, context.act("standing"), supplier, to, &reason)?.summary)
        }
    }
}

/// A line to standard output.
pub(super) fn say(line: &str) -> Result<Outcome> {
    let mut out = out();
    writeln!(out, "{}", visible(line))?;
    out.flush()?;
    Ok(Outcome::Fine)
}

/// The order of that number.
pub(super) fn named(store: &Store, code: &str) -> Result<Po> {
    let id = po::by_code(store.db(), code)?.ok_or_else(|| {
        Failure::usage(format!("There is no purchase order {code:?}. `backshelf po list` names them."))
    })?;
    po::find(store.db(), id)?.ok_or_else(|| Failure::usage(format!("There is no purchase order {code:?}.")))
}

/// The one supplier with that code, or that part of the name.
pub(super) fn supplier_named(store: &Store, words: &str) -> Result<(SupplierId, String)> {
    let mut found = po::supplier_named(store.db(), words)?;
    match found.len() {
        0 => Err(Failure::usage(format!("There is no supplier {words:?}."))),
        1 => Ok(found.remove(0)),
        _ => {
            let names: Vec<String> = found.into_iter().take(5).map(|f| f.1).collect();
            Err(Failure::usage(format!("{words:?} may be {}. Give the code.", names.join(", "))))
        }
    }
}

fn money(text: &str) -> Result<Money> {
    let amount = Money::parse(text).filter(|m| m.ten_thousandths() >= 0);
    amount.ok_or_else(|| Failure::usage(format!("{text:?} is not an amount, such as 15.20.")))
}

fn quantity(text: &str) -> Result<Qty> {
    let quantity = Qty::parse(text).filter(|q| q.is_positive());
    quantity.ok_or_else(|| Failure::usage(format!("{text:?} is not a quantity above 0.")))
}

fn day(text: &str) -> Result<NaiveDate> {
    text.parse().map_err(|_| Failure::usage(format!("{text:?} is not a date, such as 2026-12-04.")))
}

/// `NAME=VALUE` or `NAME=VALUE@PRICE`.
fn pair(text: &str) -> Result<(&str, &str, Option<Money>)> {
    let (name, rest) = text
        .split_once('=')
        .ok_or_else(|| Failure::usage(format!("{text:?}: write it as NAME=VALUE or NAME=VALUE@PRICE.")))?;
    match rest.split_once('@') {
        Some((value, price)) => Ok((name.trim(), value.trim(), Some(money(price.trim())?))),
        None => Ok((name.trim(), rest.trim(), None)),
    }
}

fn line_named<'a>(order: &'a Po, name: &str) -> Result<&'a PoItem> {
    let found = order.lines.iter().find(|l| l.line == name).or_else(|| order.lines.iter().find(|l| l.sku == name));
    found.ok_or_else(|| {
        let all: Vec<&str> = order.lines.iter().map(|l| l.line.as_str()).collect();
        Failure::usage(format!("{} has no line {name:?}. Its lines: {}.", order.code, all.join(", ")))
    })
}

/// The line of that name, else all that are open.
fn open_lines<'a>(order: &'a Po, line: Option<&str>) -> Result<Vec<&'a PoItem>> {
    match line {
        Some(name) => Ok(vec![line_named(order, name)?]),
        None => {
            let open: Vec<&PoItem> = order.lines.iter().filter(|l| l.open().is_positive()).collect();
            if open.is_empty() {
                return Err(Failure::refused(format!("Nothing more is to come of {}.", order.code)));
            }
            Ok(open)
        }
    }
}

fn new(context: &Context, supplier: &str, lines: &[String], freight: Option<&str>, sure: bool) -> Result<Outcome> {
    let mut store = context.open(Mode::Existing)?;
    let (supplier, _) = supplier_named(&store, supplier)?;
    let freight = freight.map(money).transpose()?;
    let cover_days = Settings::load(store.db())?.cover_days();
    let mut wanted = Vec::new();
    for text in lines {
        let (sku, amount, price) = pair(text)?;
        let item = po::offered_item(store.db(), supplier, sku)?
            .ok_or_else(|| Failure::usage(format!("There is no item {sku:?}.")))?;
        let quantity = quantity(amount)?;
        let doubt = part_of_a_piece(quantity, &item.name, item.unit.as_deref(), item.pack).or_else(|| {
            lasts_too_long(quantity, item.daily, cover_days).map(|words| format!("{}: {words}", item.name))
        });
        if let Some(words) = doubt.filter(|_| !sure) {
            return Err(Failure::refused(format!("{words}. If that is right, once more with --sure.")));
        }
        wanted.push(ToOrder { item: item.item, supplier, quantity, cost: price.or(item.cost), seen: None });
    }
    let done = purchasing::start(&mut store, context.act("new PO"), supplier, &wanted)?;
    note(&done.summary);
    if freight.is_some() {
        purchasing::set_terms(&mut store, context.act("edit a PO"), done.value, freight, "")?;
    }
    let code = po::find(store.db(), done.value)?.map(|po| po.code).unwrap_or_default();
    say(&code)
}

/// The words of a letter, as this person would send them.
pub(super) fn words(
    context: &Context,
    store: &Store,
    letter: Letter,
    pos: &[PoId],
    about: &view::About,
) -> Result<view::Ready> {
    let folder = paths::templates()?;
    let by = (context.operator.as_str(), Some(folder.as_path()));
    let ready = view::letter(store.db(), letter, pos, about, by, context.today())?;
    if let Some(why) = &ready.note {
        note(why);
    }
    Ok(ready)
}

fn send(context: &Context, code: &str, how: How, to: Option<String>) -> Result<Outcome> {
    let mut store = context.open(Mode::Existing)?;
    let order = named(&store, code)?;
    let ready = words(context, &store, Letter::Order, &[order.id], &view::About::default())?;
    let told = Told { how, address: to.or(ready.address), words: Some(ready.words), ..Told::default() };
    let done = life::send(&mut store, context.act("send a PO"), order.id, &told)?;
    if let (How::CopyText, Some(words)) = (how, &told.words) {
        say(&format!("{}\n\n{}", words.subject, words.body))?;
        note(&done.summary);
        return Ok(Outcome::Fine);
    }
    say(&done.summary)
}

fn confirm(context: &Context, code: &str, all: Option<NaiveDate>, lines: &[String], said: String) -> Result<Outcome> {
    let mut store = context.open(Mode::Existing)?;
    let order = named(&store, code)?;
    let mut named: Vec<ConfirmedLine> = Vec::new();
    for text in lines {
        let (name, date, cost) = pair(text)?;
        let line = line_named(&order, name)?;
        named.push(ConfirmedLine { line: line.id, seen: line.expected_on, day: day(date)?, cost });
    }
    if let Some(day) = all {
        let rest = order.lines.iter().filter(|l| l.open().is_positive() && !named.iter().any(|n| n.line == l.id));
        let rest: Vec<ConfirmedLine> =
            rest.map(|l| ConfirmedLine { line: l.id, seen: l.expected_on, day, cost: None }).collect();
        named.extend(rest);
    }
    let confirmation = Confirmation { lines: named, words: said, channel: String::new() };
    say(&life::confirm(&mut store, context.act("supplier's confirmation"), &confirmation)?.summary)
}

/// Says on standard error who becomes late or early by these moves.
fn foretell(context: &Context, store: &Store, order: &Po, moves: &[Move]) -> Result<()> {
    let terms = Terms::of(&Settings::load(store.db())?);
    let shift = shift(store.db(), &terms, context.today(), order.supplier, moves)?;
    let day = |d: Option<NaiveDate>| d.map_or("unknown".to_string(), |d| d.to_string());
    let by = match shift.tell_by.filter(|day| *day > context.today()) {
        Some(day) => format!("told, the first by {day}"),
        None => "told today".into(),
    };
    note(&format!("{} later, {} earlier; {} must be {by}", shift.later, shift.earlier, shift.to_tell));
    for c in &shift.customers {
        let goods: Vec<String> = c.waits_for.iter().map(|(q, name)| format!("{q} {name}")).collect();
        let sign = match c.tell_by {
            Some(by) if by <= context.today() => "!",
            Some(_) => "~",
            None => ".",
        };
        note(&format!("{sign} {}: {}: {} -> {}", c.name, goods.join(", "), day(c.now), day(c.will_be)));
    }
    Ok(())
}

fn redate(
    context: &Context,
    code: &str,
    line: Option<&str>,
    (date, by): (NaiveDate, ByName),
    said: String,
    dry_run: bool,
) -> Result<Outcome> {
    let mut store = context.open(if dry_run { Mode::ReadOnly } else { Mode::Existing })?;
    let order = named(&store, code)?;
    let lines = open_lines(&order, line)?;
    let moves: Vec<Move> = lines.iter().map(|l| (l.id, Some(date))).collect();
    foretell(context, &store, &order, &moves)?;
    if dry_run {
        return Ok(Outcome::Fine);
    }
    let ids: Vec<PoLineId> = lines.iter().map(|l| l.id).collect();
    let lines = lines.iter().map(|l| crate::ops::chasing::Seen { line: l.id, expected_on: l.expected_on }).collect();
    if by != ByName::Supplier {
        let mut told = None;
        if by == ByName::Asked {
            let about = view::About { lines: Some(ids), waiting: 0, day: Some(date) };
            let ready = words(context, &store, Letter::Redate, &[order.id], &about)?;
            note(&format!("{}\n\n{}", ready.words.subject, ready.words.body));
            told = Some(Told { how: How::CopyText, words: Some(ready.words), note: said.clone(), ..Told::default() });
        }
        let redating = life::Redating { lines, day: date, reason: said, told };
        return say(&life::redate(&mut store, context.act("another date"), &redating)?.summary);
    }
    let answer = crate::ops::chasing::Answer { lines, day: Some(date), words: said, channel: String::new() };
    say(&crate::ops::chasing::answer(&mut store, context.act("supplier's answer"), &answer)?.summary)
}

fn end(
    context: &Context,
    code: &str,
    line: Option<&str>,
    by: EndedBy,
    reason: String,
    dry_run: bool,
) -> Result<Outcome> {
    let mut store = context.open(if dry_run { Mode::ReadOnly } else { Mode::Existing })?;
    let order = named(&store, code)?;
    let lines = open_lines(&order, line)?;
    let moves: Vec<Move> = lines.iter().map(|l| (l.id, None)).collect();
    foretell(context, &store, &order, &moves)?;
    if dry_run {
        return Ok(Outcome::Fine);
    }
    let lines = lines.iter().map(|l| (l.id, l.open())).collect();
    let ending = Ending { po: order.id, lines, by, reason, told: None };
    say(&life::end(&mut store, context.act("end a PO line"), &ending)?.summary)
}

fn invoice_line(order: &Po, text: &str) -> Result<InvoiceLine> {
    let (name, amount, price) = pair(text)?;
    let line = line_named(order, name)?;
    let cost =
        price.or(line.cost).ok_or_else(|| Failure::usage(format!("{text:?}: give the price, LINE=QUANTITY@PRICE.")))?;
    Ok(InvoiceLine { line: line.id, quantity: quantity(amount)?, cost })
}
