//! `backshelf chase`: which supplier must be asked today, what was asked and answered.

use super::po::{HowName, named, say, supplier_named, words as letter_words};
use super::{Context, Outcome, note, out, visible};
use crate::domain::claim::Settled;
use crate::exchange::sheet::{Sheet, Value};
use crate::exchange::write::{self, Format};
use crate::messages::supplier::Letter;
use crate::ops::chasing::{self, Answer, Question, Seen};
use crate::ops::claiming::{self, Settling};
use crate::ops::purchasing::telling::{How, Told};
use crate::ops::settings::Settings;
use crate::ops::views::suppliers::{self, SupplierRow};
use crate::ops::views::{backorders, po as view};
use crate::store::chasing::{self as kept, Chase};
use crate::store::{Mode, Result, Store};
use chrono::NaiveDate;
use clap::ValueEnum;
use std::io::Write;

/// Asks suppliers by steps: confirm, remind, overdue, again, urgent, second source.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  backshelf chase list                                  who must be asked today
  backshelf chase ask PO-73 --how phone
  backshelf chase answer PO-73 \"truck broke down\" --date 2026-11-30
  backshelf chase claim PO-73 --how phone               rejected goods
  backshelf chase settle PO-73 replaced --date 2026-12-04
  backshelf chase log --supplier EXO --format csv")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// The steps that are due; with --all those of later days too
    List {
        #[arg(long)]
        all: bool,
        #[arg(long, value_enum, default_value = "text")]
        format: FormatName,
    },
    /// What was asked and answered, newest first
    Log {
        /// Only this supplier's: code, or a part of the name
        #[arg(long)]
        supplier: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: FormatName,
    },
    /// Asks about an order by the step that is due, and keeps that it was done
    Ask {
        po: String,
        #[arg(long, value_enum, default_value = "phone")]
        how: HowName,
        /// When it comes back [default: by itself, after chase.answer_days]
        #[arg(long)]
        again: Option<NaiveDate>,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Keeps what they answered; with a date the goods are expected then
    Answer {
        po: String,
        #[arg(default_value = "")]
        words: String,
        #[arg(long)]
        date: Option<NaiveDate>,
        /// Only about this line
        #[arg(long)]
        line: Option<String>,
    },
    /// Claims what was rejected of an order, and keeps that it was done
    Claim {
        po: String,
        #[arg(long, value_enum, default_value = "phone")]
        how: HowName,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Keeps what a claim came to; what is replaced is expected on the day named, on an order of its own
    Settle {
        po: String,
        #[arg(value_enum)]
        how: SettledName,
        #[arg(default_value = "")]
        words: String,
        #[arg(long)]
        date: Option<NaiveDate>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum SettledName {
    Replaced,
    Credited,
    Refused,
    Dropped,
}

impl SettledName {
    fn settled(self) -> Settled {
        match self {
            SettledName::Replaced => Settled::Replaced,
            SettledName::Credited => Settled::Credited,
            SettledName::Refused => Settled::Refused,
            SettledName::Dropped => Settled::Dropped,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum FormatName {
    Text,
    Csv,
    Json,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    match args.command {
        Command::List { all, format } => list(context, all, format),
        Command::Log { supplier, format } => log(context, supplier.as_deref(), format),
        Command::Ask { po, how, again, note } => ask(context, &po, how.how(), again, note),
        Command::Claim { po, how, note } => claim(context, &po, how.how(), note),
        Command::Settle { po, how, words, date } => {
            let mut store = context.open(Mode::Existing)?;
            let po = named(&store, &po)?.id;
            let settling = Settling { po, how: how.settled(), day: date, words };
            say(&claiming::settle(&mut store, context.act("settle a claim"), &settling)?.summary)
        }
        Command::Answer { po, words, date, line } => {
            let mut store = context.open(Mode::Existing)?;
            let order = named(&store, &po)?;
            let about = order.lines.iter().filter(|l| l.open().is_positive());
            let about = about.filter(|l| line.as_deref().is_none_or(|name| l.line == name));
            let lines = about.map(|l| Seen { line: l.id, expected_on: l.expected_on }).collect();
            let answer = Answer { lines, day: date, words, channel: String::new() };
            say(&chasing::answer(&mut store, context.act("supplier's answer"), &answer)?.summary)
        }
    }
}

fn rows(context: &Context, store: &Store) -> Result<Vec<SupplierRow>> {
    let db = store.db();
    let settings = Settings::load(db)?;
    let board = backorders::load(db, &backorders::Terms::of(&settings), context.today())?;
    suppliers::load(db, &board, &suppliers::measure(&settings), context.today())
}

/// A step that is due, or comes back: the supplier, the order, the step, its day.
struct Due<'a> {
    row: &'a SupplierRow,
    po: &'a str,
    /// As it is kept, and in words.
    step: (&'static str, &'static str),
    on: NaiveDate,
    to_ask: bool,
    expected_on: Option<NaiveDate>,
    days_late: i64,
    /// Why it is wanted sooner, or later; blank: it is not.
    because: String,
}

fn list(context: &Context, all: bool, format: FormatName) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let rows = rows(context, &store)?;
    let mut due: Vec<Due> = rows.iter().flat_map(|row| Due::of(row, context.today())).collect();
    due.retain(|d| all || d.to_ask && d.row.supplier.later_until.is_none());
    due.sort_by_key(|d| (d.on, std::cmp::Reverse(d.days_late)));
    let mut out = out();
    let format = match format {
        FormatName::Text => {
            for d in &due {
                let s = &d.row.supplier;
                let reach: Vec<&str> =
                    [&s.contact_person, &s.phone, &s.email].into_iter().flatten().map(String::as_str).collect();
                let line = format!("{}  {:<16} {:<10} {:<28} {}", d.on, d.step.1, d.po, s.name, reach.join(", "));
                writeln!(out, "{}", visible(line.trim_end()))?;
                if !d.because.is_empty() {
                    writeln!(out, "{}", visible(&format!("            {}", d.because)))?;
                }
            }
            out.flush()?;
            return Ok(Outcome::Fine);
        }
        FormatName::Csv => Format::Csv,
        FormatName::Json => Format::Json,
    };
    let cells = |d: &Due| {
        let s = &d.row.supplier;
        vec![
            Value::Date(d.on),
            Value::text(d.step.0),
            Value::text(d.po),
            Value::text(&s.code),
            Value::text(&s.name),
            Value::maybe_text(s.contact_person.as_deref()),
            Value::maybe_text(s.phone.as_deref()),
            Value::maybe_text(s.email.as_deref()),
            Value::maybe_date(d.expected_on),
            Value::Count(d.days_late),
            Value::Count(d.row.hurts.customers as i64),
            Value::maybe_text(Some(d.because.as_str()).filter(|b| !b.is_empty())),
        ]
    };
    let columns = [
        "due_on",
        "step",
        "po",
        "supplier",
        "name",
        "contact_person",
        "phone",
        "email",
        "expected_on",
        "days_late",
        "customers",
        "because",
    ];
    let sheet = Sheet { name: "chase", columns: columns.to_vec(), rows: due.iter().map(cells).collect() };
    write::sheet(&sheet, format, &mut out)?;
    out.flush()?;
    Ok(Outcome::Fine)
}

impl Due<'_> {
    /// The steps about orders under way, and the claims.
    fn of(row: &SupplierRow, today: NaiveDate) -> Vec<Due<'_>> {
        let step = |po: &'_ suppliers::OpenPo| po.next.map(|next| (next, po.to_ask));
        let steps = row.open_pos.iter().filter_map(|po| Some((po, step(po)?))).map(|(po, (next, to_ask))| Due {
            row,
            po: &po.code,
            step: if po.hurries { ("hurry", po.in_a_word()) } else { (next.step.name(), next.step.words()) },
            because: po.why_sooner(),
            on: next.on,
            to_ask,
            expected_on: po.due_on,
            days_late: po.days_late,
        });
        let surplus = row.open_pos.iter().filter(|po| po.to_put_off).map(|po| Due {
            row,
            po: &po.code,
            step: ("put_off", "not needed yet"),
            on: today,
            to_ask: true,
            expected_on: po.due_on,
            days_late: po.days_late,
            because: po.why_later(),
        });
        let claims = row.claims.iter().map(|open| Due {
            row,
            po: &open.claim.code,
            step: ("claim", "claim rejects"),
            on: open.next_on,
            to_ask: open.to_ask,
            expected_on: None,
            days_late: 0,
            because: String::new(),
        });
        steps.chain(surplus).chain(claims).collect()
    }
}

fn claim(context: &Context, code: &str, how: How, remark: String) -> Result<Outcome> {
    let mut store = context.open(Mode::Existing)?;
    let po = named(&store, code)?.id;
    let ready = letter_words(context, &store, Letter::Claim, &[po], &view::About::default())?;
    let told = Told { how, address: ready.address, words: Some(ready.words), note: remark, next_on: None };
    if let Some(words) = told.words.as_ref().filter(|_| how != How::Mail) {
        note(&if how == How::Phone { words.phone.clone() } else { format!("{}\n\n{}", words.subject, words.body) });
    }
    say(&claiming::claim(&mut store, context.act("claim"), po, &told)?.summary)
}

/// `asked by phone: called twice (M.Baker)`.
pub(super) fn words(talk: &Chase) -> String {
    let how = talk.channel.as_deref().map(|c| format!(" by {c}")).unwrap_or_default();
    let what = match (&talk.answer, talk.new_date, talk.step.as_deref()) {
        (Some(answer), ..) if talk.of_claim => {
            format!("claim {}: {answer}", talk.settled.map_or("answered", |s| s.name()))
        }
        (None, ..) if talk.of_claim => format!("claimed{how}"),
        (Some(answer), Some(date), _) => format!("answered{how}: {date}, {answer}"),
        (Some(answer), None, _) => format!("answered{how}: {answer}"),
        (None, _, Some(step)) => format!("{}{how}", step.replace('_', " ")),
        (None, _, None) => format!("asked{how}"),
    };
    let lost = if talk.is_lost() { ", the mail did not arrive" } else { "" };
    let note = talk.note.as_deref().map(|n| format!(": {n}")).unwrap_or_default();
    format!("{what}{lost}{note} ({})", talk.operator)
}

/// Talks that the log holds.
const LOGGED: i64 = 1_000_000;

fn log(context: &Context, supplier: Option<&str>, format: FormatName) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let supplier = supplier.map(|s| supplier_named(&store, s)).transpose()?.map(|s| s.0);
    let talks = kept::log(store.db(), supplier, LOGGED)?;
    let mut out = out();
    let format = match format {
        FormatName::Text => {
            for talk in &talks {
                writeln!(out, "{}", visible(&format!("{}  {:<10} {}", talk.asked_on, talk.po_code, words(talk))))?;
            }
            out.flush()?;
            return Ok(Outcome::Fine);
        }
        FormatName::Csv => Format::Csv,
        FormatName::Json => Format::Json,
    };
    let cells = |t: &Chase| {
        vec![
            Value::Date(t.asked_on),
            Value::text(&t.po_code),
            Value::maybe_text(t.step.as_deref()),
            Value::maybe_text(t.channel.as_deref()),
            Value::maybe_text(t.answer.as_deref()),
            Value::maybe_date(t.new_date),
            Value::maybe_date(t.next_on),
            Value::maybe_text(t.note.as_deref()),
            Value::maybe_text(t.words.as_deref()),
            Value::text(&t.operator),
        ]
    };
    let columns = ["on", "po", "step", "channel", "answer", "new_date", "next_on", "note", "words", "operator"];
    let sheet = Sheet { name: "chases", columns: columns.to_vec(), rows: talks.iter().map(cells).collect() };
    write::sheet(&sheet, format, &mut out)?;
    out.flush()?;
    Ok(Outcome::Fine)
}

fn ask(context: &Context, code: &str, how: How, again: Option<NaiveDate>, remark: String) -> Result<Outcome> {
    let mut store = context.open(Mode::Existing)?;
    let order = named(&store, code)?;
    let rows = rows(context, &store)?;
    let open = rows.iter().flat_map(|row| &row.open_pos).find(|po| po.po == order.id);
    let step = open.map(|po| po.question());
    let about = open.map_or_else(view::About::default, |po| view::About {
        lines: Some(po.about.clone()),
        waiting: po.waiting.len(),
        day: po.wanted_by(),
    });
    let ready = letter_words(context, &store, view::letter_of(step), &[order.id], &about)?;
    let told = Told { how, address: ready.address, words: Some(ready.words), note: remark, next_on: again };
    if let Some(words) = told.words.as_ref().filter(|_| how != How::Mail) {
        note(&if how == How::Phone { words.phone.clone() } else { format!("{}\n\n{}", words.subject, words.body) });
    }
    let question = Question { pos: vec![order.id], step, told };
    say(&chasing::ask(&mut store, context.act("ask a supplier"), &question)?.summary)
}
