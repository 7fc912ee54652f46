//! `backshelf receive`: deliveries without the workbench: begin, scan, look, book, the put-aside list.

use super::{Context, Outcome, note, out, visible};
use crate::domain::ids::{DeliveryId, PoId};
use crate::exchange::sheet::Sheet;
use crate::exchange::write::{self, Format};
use crate::ops::deliveries::receiver::{Receiver, Sent, po_of};
use crate::ops::deliveries::standing::{self, To};
use crate::ops::deliveries::{self, booking, paper};
use crate::store::{Failure, Mode, Result, Store, deliveries as store};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// Takes deliveries in: scans from standard input, where each piece goes, booking, the put-aside list.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  backshelf receive list\n  backshelf receive all PO-77 --note DN-20931\n  backshelf receive begin PO-77\n  backshelf receive scan 3 < scans.txt\n  backshelf receive show 3\n  backshelf receive book 3\n  backshelf receive aside 3 -o aside.csv"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Deliveries that are half done, POs that are expected, receipts that wait for their PO
    List,
    /// Begins a delivery (or goes on with the one of that PO) and prints its number
    Begin {
        /// Without one: matched to its PO later
        po: Option<String>,
    },
    /// Takes lines from standard input as a scanner sends them, each answered when it is saved. `=` before a line: typed
    Scan {
        delivery: i64,
        /// Each line begins with its own id and a tab: sent twice it counts once
        #[arg(long)]
        stamped: bool,
    },
    /// What came so far, and where each piece goes
    Show { delivery: i64 },
    /// Books it and prints the put-aside list: one operation, `backshelf undo` takes it back
    Book {
        delivery: i64,
        /// The number of the delivery note
        #[arg(long, value_name = "NUMBER")]
        note: Option<String>,
        /// More than was ordered is right
        #[arg(long)]
        sure: bool,
    },
    /// All that is open of a PO came: books it and prints the put-aside list
    All {
        po: String,
        /// The number of the delivery note
        #[arg(long, value_name = "NUMBER")]
        note: Option<String>,
    },
    /// The put-aside list of a booked delivery: a page, or a .csv, .xlsx or .json file
    Aside {
        delivery: i64,
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Goods that came without a PO (their number as in `list`) were for this PO line
    Match {
        receipt: i64,
        po: String,
        line: String,
        #[arg(long)]
        sure: bool,
    },
    /// Throws a delivery away: its scans stay on record, nothing is booked
    Drop { delivery: i64 },
}

pub fn run(context: &Context, args: Args) -> Result<Outcome> {
    match args.command {
        Command::List => list(context),
        Command::Begin { po } => {
            let mut store = context.open(Mode::Existing)?;
            let po = po.map(|code| known_po(&store, &code)).transpose()?;
            let delivery = deliveries::begin(&mut store, &context.act("receive"), po, None)?;
            print(&[delivery.0.to_string()])
        }
        Command::Scan { delivery, stamped } => scan(context, DeliveryId(delivery), stamped),
        Command::Show { delivery } => show(context, DeliveryId(delivery)),
        Command::Book { delivery, note, sure } => {
            let mut store = context.open(Mode::Existing)?;
            book(context, &mut store, DeliveryId(delivery), note.as_deref(), sure)
        }
        Command::All { po, note } => all(context, &po, note.as_deref()),
        Command::Aside { delivery, output } => aside(context, DeliveryId(delivery), output.as_deref()),
        Command::Match { receipt, po, line, sure } => {
            let mut store = context.open(Mode::Existing)?;
            let id = known_po(&store, &po)?;
            let lines = store::lines(store.db(), id)?;
            let found = lines.iter().find(|l| l.line == line);
            let found = found.ok_or_else(|| Failure::usage(format!("{po} has no line {line}.")))?;
            let done = booking::match_to(&mut store, context.act("match a receipt"), receipt, found.id, sure)?;
            print(&[done.summary])
        }
        Command::Drop { delivery } => {
            let mut store = context.open(Mode::Existing)?;
            deliveries::throw_away(&mut store, &context.act("receive"), DeliveryId(delivery))?;
            print(&[format!("Delivery {delivery} is thrown away; nothing was booked.")])
        }
    }
}

fn print(lines: &[String]) -> Result<Outcome> {
    let mut out = out();
    for line in lines {
        writeln!(out, "{}", visible(line))?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

fn known_po(store: &Store, code: &str) -> Result<PoId> {
    po_of(store.db(), code.trim())?.ok_or_else(|| {
        Failure::usage(format!("There is no PO {code}. `backshelf receive list` shows what is expected."))
    })
}

fn list(context: &Context) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let db = store.db();
    let mut lines = Vec::new();
    for d in deliveries::to_finish(db)? {
        let began = d.head.started_at.format("%Y-%m-%d %H:%M");
        lines.push(format!(
            "half done  {:>4}  {began}  {}  {}, {} so far",
            d.head.id.0, d.head.operator, d.name, d.units
        ));
    }
    for po in store::expected(db)? {
        let due = po.due.map_or("no date   ".to_string(), |d| d.to_string());
        let more = if po.lines > 1 { format!(" and {} more lines", po.lines - 1) } else { String::new() };
        lines.push(format!("expected   {due}  {}  {}  {} {}{more}", po.code, po.supplier, po.first_open, po.first));
    }
    for b in store::unmatched(db)? {
        lines.push(format!("no PO      {:>4}  {}  {} {} {}", b.id, b.received_on, b.quantity, b.sku, b.name));
    }
    print(&lines)
}

/// Each line is answered on standard output once it is on disk: `ok`, `again` (taken before) or `no` and why.
fn scan(context: &Context, delivery: DeliveryId, stamped: bool) -> Result<Outcome> {
    let mut store = context.open(Mode::Existing)?;
    let mut receiver = Receiver::resume(store.db(), delivery, &context.operator)?;
    let (mut out, mut refused) = (std::io::stdout().lock(), false);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (uid, text) = match line.split_once('\t').filter(|_| stamped) {
            Some((uid, text)) => (Some(uid), text),
            None => (None, line.as_str()),
        };
        let (scanned, text) = text.strip_prefix('=').map_or((true, text), |typed| (false, typed));
        let sent = Sent { text, scanned, uid, about: None };
        let answer = match receiver.enter(&mut store, &context.act("receive"), &sent) {
            Ok(told) if told.again => "again".to_string(),
            Ok(told) if told.find.is_some() => {
                refused = true;
                format!("no Nothing here has the code {text}.")
            }
            Ok(told) => format!("ok {}", told.sentence),
            Err(Failure::Refused(why)) => {
                refused = true;
                format!("no {why}")
            }
            Err(broken) => return Err(broken),
        };
        writeln!(out, "{}", visible(answer.trim_end()))?;
        out.flush()?;
    }
    Ok(if refused { Outcome::Problems } else { Outcome::Fine })
}

fn show(context: &Context, delivery: DeliveryId) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let receiver = Receiver::resume(store.db(), delivery, &context.operator)?;
    let now = standing::standing(store.db(), &receiver, context.today())?;
    let mut lines = vec![match &now.supplier {
        Some(supplier) => format!("{}, {supplier}", now.pos),
        None => "no PO".to_string(),
    }];
    for row in &now.rows {
        let came = row.now.map_or("-".to_string(), |n| n.to_string());
        let bad = if row.bad.is_positive() { format!(", {} bad", row.bad) } else { String::new() };
        let of = row.ordered.map(|o| format!(" of {o}")).unwrap_or_default();
        lines.push(format!("  {came:>6}{of}{bad}  {} {}  {}", row.code, row.name, row.note).trim_end().to_string());
    }
    lines.push("goes to".into());
    for goes in &now.goes {
        let place = match &goes.to {
            To::Aside { order, customer, bin } => format!("put aside for {order} {customer}, bin {bin}"),
            To::Bin(bin) => format!("bin {bin}"),
            To::Quarantine { bin, why, .. } => format!("quarantine {bin}: {why}"),
            To::StillToCome { pos, .. } => format!("still on {pos}"),
        };
        lines.push(format!("  {:>6}  {}  {place}", goes.quantity.to_string(), goes.name));
    }
    lines.extend(now.complete.iter().map(|(order, customer)| format!("{order} of {customer} is then complete.")));
    print(&lines)
}

fn book(
    context: &Context,
    store: &mut Store,
    delivery: DeliveryId,
    number: Option<&str>,
    sure: bool,
) -> Result<Outcome> {
    if let Some(number) = number {
        let mut receiver = Receiver::resume(store.db(), delivery, &context.operator)?;
        receiver.note(store, &context.act("receive"), number)?;
    }
    let wanted = booking::Booking { delivery, seen: None, sure };
    let done = booking::book(store, context.act("receive"), &wanted).inspect_err(|e| {
        if crate::ops::stock::asks_again(e) {
            note("Once more with --sure books it.");
        }
    })?;
    note(&done.summary);
    let list = paper::of_delivery(store.db(), delivery)?;
    print(&paper::page(&list, "Put-aside list"))
}

fn all(context: &Context, code: &str, number: Option<&str>) -> Result<Outcome> {
    let mut store = context.open(Mode::Existing)?;
    let po = known_po(&store, code)?;
    let act = context.act("receive");
    let delivery = deliveries::begin(&mut store, &act, Some(po), None)?;
    let mut receiver = Receiver::resume(store.db(), delivery, &context.operator)?;
    for line in store::lines(store.db(), po)?.iter().filter(|l| l.open().is_positive()) {
        let sent = Sent { text: "=", scanned: false, uid: None, about: Some(line.item) };
        receiver.enter(&mut store, &act, &sent)?;
    }
    book(context, &mut store, delivery, number, false)
}

fn aside(context: &Context, delivery: DeliveryId, output: Option<&Path>) -> Result<Outcome> {
    let store = context.open(Mode::ReadOnly)?;
    let list = paper::of_delivery(store.db(), delivery)?;
    to_file_or_page(&paper::sheet(&list), output, &paper::page(&list, "Put-aside list"))
}

/// A table to a file whose ending says how, else its page to standard output.
pub fn to_file_or_page(sheet: &Sheet, output: Option<&Path>, page: &[String]) -> Result<Outcome> {
    let Some(path) = output.filter(|p| p.as_os_str() != "-") else { return print(page) };
    let format = Format::of_file(path).ok_or_else(|| Failure::usage("Let the name end in .csv, .xlsx or .json."))?;
    let rows = write::to_file(path, |out| write::sheet(sheet, format, out))
        .map_err(|e| Failure::usage(format!("{} cannot be written: {e}. Name another with -o.", path.display())))?;
    note(&format!("{rows} rows in {}", path.display()));
    Ok(Outcome::Fine)
}
