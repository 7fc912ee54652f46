//! `backshelf contacts`: the day's call list, on paper, for a mail, for a spreadsheet or a calendar.

use super::{Context, Outcome, out};
use crate::exchange::calendar::{self, Event, When};
use crate::exchange::write::{self, Format};
use crate::ops::papers::calls as paper;
use crate::ops::settings::Settings;
use crate::ops::views::calls::{self, Call, CallList};
use crate::ops::views::{backorders, refunds};
use crate::store::{Failure, Mode, Result};
use clap::ValueEnum;
use std::io::Write;

/// Lists whom to reach: how, by when, what to say, and what no answer means. What was said is `export contacts`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  backshelf contacts --due                         who must hear from us today
  backshelf contacts --due --form | lp             the same with boxes to tick
  backshelf contacts --due --format csv > due.csv
  backshelf contacts --format ics > calls.ics      every call and last day, for a calendar")]
pub struct Args {
    /// Only what is due today; else also what is due on a later day
    #[arg(long)]
    due: bool,
    /// How
    #[arg(long, value_enum, default_value = "text")]
    format: FormatName,
    /// On paper, with boxes to tick and room for a note
    #[arg(long)]
    form: bool,
    /// Lines of a page of the form
    #[arg(long, value_name = "LINES", default_value_t = 60, value_parser = clap::value_parser!(u16).range(24..=500))]
    page: u16,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum FormatName {
    Text,
    Csv,
    Json,
    Ics,
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    if args.form && args.format != FormatName::Text {
        return Err(Failure::usage("A form is text: leave --format out."));
    }
    let store = context.open(Mode::ReadOnly)?;
    let (db, today) = (store.db(), context.today());
    let settings = Settings::load(db)?;
    let terms = backorders::Terms::of(&settings);
    let board = backorders::load(db, &terms, today)?;
    let list = calls::list(&board, &refunds::owed(db, &terms)?, args.due);
    let mut out = out();
    match args.format {
        FormatName::Text if args.form => {
            let name = settings.text("warehouse.name").unwrap_or("backshelf");
            paper::form(&mut out, &list, name, usize::from(args.page))?;
        }
        FormatName::Text => paper::text(&mut out, &list)?,
        FormatName::Csv => write::sheet(&list.sheet(), Format::Csv, &mut out).map(drop)?,
        FormatName::Json => write::sheet(&list.sheet(), Format::Json, &mut out).map(drop)?,
        FormatName::Ics => calendar::write(&mut out, today, &events(&list))?,
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

/// One event for each call: at its hour where one was named, else on the last day in time.
fn events(list: &CallList) -> Vec<Event> {
    list.calls.iter().filter_map(|call| event(call, list.today)).collect()
}

fn event(call: &Call, today: chrono::NaiveDate) -> Option<Event> {
    let when = match (call.call_at, call.by) {
        (Some(at), _) => When::At(at),
        (None, by) => When::On(by.map_or(today, |by| if call.act == "refund" { by } else { by.max(today) })),
    };
    // The same duty has the same number, so that a calendar takes a new list as changes of the old one.
    let orders: Vec<&str> = call.lines.iter().filter_map(|l| l.split(':').next()).collect();
    let what = if call.call_at.is_some() { "call" } else { call.act };
    let uid =
        format!("{what}-{}-{}@backshelf", call.customer_id, orders.first().copied().unwrap_or("")).replace(' ', "");
    let number = call.phone.as_deref().or(call.email.as_deref()).unwrap_or("no phone or mail on file");
    let silence = if call.silence.is_empty() { String::new() } else { format!("\nNo answer: {}.", call.silence) };
    Some(Event {
        uid,
        when,
        summary: format!("{} {}", paper::verb(call), call.customer_name),
        description: format!("{number}\n{}\n{}{silence}", call.lines.join("\n"), call.say),
    })
}
