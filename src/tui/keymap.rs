//! The one table of keys. Look-up, footer, help, command palette and the README's key table all come from it.

use super::action::Action;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// Where a key is listened to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    Everywhere,
    List,
    Stock,
    Backorders,
    Suppliers,
    /// The POs of a supplier, and one of them.
    Purchase,
    Reorder,
    /// The choice of what to count.
    Counts,
    /// A count against the book.
    Review,
    Dialog,
    Scan,
}

impl Scope {
    /// The heading of its table.
    pub fn title(self) -> &'static str {
        match self {
            Scope::Everywhere => "everywhere",
            Scope::List => "list",
            Scope::Stock => "1 Stock",
            Scope::Backorders => "2 Backorders",
            Scope::Suppliers => "3 Suppliers",
            Scope::Purchase => "purchase orders",
            Scope::Reorder => "4 Reorder",
            Scope::Counts => "what to count",
            Scope::Review => "review of a count",
            Scope::Dialog => "dialog",
            Scope::Scan => "scan field",
        }
    }
    /// All scopes, as the help shows them.
    pub const ALL: [Scope; 11] = [
        Scope::Everywhere,
        Scope::List,
        Scope::Stock,
        Scope::Backorders,
        Scope::Suppliers,
        Scope::Purchase,
        Scope::Reorder,
        Scope::Counts,
        Scope::Review,
        Scope::Dialog,
        Scope::Scan,
    ];
}

/// One key and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    pub scope: Scope,
    /// As people write it: `c`, `Esc`, `Ctrl-L`, `Shift-Tab`.
    pub key: &'static str,
    /// Other keys that do the same.
    pub also: &'static [&'static str],
    pub action: Action,
    /// One or two words, for the footer.
    pub label: &'static str,
    /// What it does, for help, palette and README.
    pub description: &'static str,
    /// The word that the command palette knows it by; empty: not a command.
    pub command: &'static str,
}

const fn row(
    scope: Scope,
    key: &'static str,
    also: &'static [&'static str],
    action: Action,
    label: &'static str,
    description: &'static str,
    command: &'static str,
) -> Binding {
    Binding { scope, key, also, action, label, description, command }
}

use Action as A;
use Scope::{Backorders, Counts, Dialog, Everywhere, List, Purchase, Reorder, Review, Scan, Stock, Suppliers};

/// Every key that does something.
#[rustfmt::skip]
pub const BINDINGS: &[Binding] = &[
    row(Everywhere, "?", &["F1"], A::Help, "keys", "keys for this screen; F1 also where letters are typed: in a dialog and in a scan field", "keys"),
    row(Everywhere, "Esc", &["F12"], A::Back, "back", "one step back; typed text is kept until the dialog closes", ""),
    row(Everywhere, ":", &[], A::Palette, "commands", "all commands by name", ""),
    row(Everywhere, "F7", &[], A::File, "to a file", "the list on the screen, whatever it is, to paper or a file (.csv, .xlsx ...); p does it too where p is no other key and no text", "to a file"),
    row(Everywhere, "Ctrl-C", &[], A::Interrupt, "leave", "twice: leave; within 50 ms of other keys it is scanner data", ""),
    row(Everywhere, "Ctrl-Z", &[], A::Suspend, "suspend", "suspend", "suspend"),
    row(Everywhere, "Ctrl-L", &[], A::Redraw, "redraw", "redraw", "redraw"),

    row(List, "Up", &["k"], A::Up, "up", "up", ""),
    row(List, "Down", &["j"], A::Down, "down", "down", ""),
    row(List, "PgUp", &[], A::PageUp, "page up", "page up", ""),
    row(List, "PgDn", &[], A::PageDown, "page down", "page down", ""),
    row(List, "Home", &["g"], A::First, "first", "first", "first"),
    row(List, "End", &["G"], A::Last, "last", "last", "last"),
    row(List, "Enter", &[], A::Open, "open", "open the row, full width (reads only)", "open"),
    row(List, "Right", &[], A::IntoPane, "detail", "into the detail pane", "detail"),
    row(List, "Left", &[], A::OutOfPane, "list", "back to the list", ""),
    row(List, "0", &[], A::Today, "today", "Today card: what is due in every tab", "today"),
    row(List, "1", &[], A::Tab(0), "Stock", "Stock", "stock"),
    row(List, "2", &[], A::Tab(1), "Backorders", "Backorders", "backorders"),
    row(List, "3", &[], A::Tab(2), "Suppliers", "Suppliers", "suppliers"),
    row(List, "4", &[], A::Tab(3), "Reorder", "Reorder", "reorder"),
    row(List, "Tab", &[], A::NextTab, "next tab", "next tab", ""),
    row(List, "Shift-Tab", &[], A::PreviousTab, "previous tab", "previous tab", ""),
    row(List, "!", &[], A::NextDue, "next due", "go to the next thing due, in any tab", "next due"),
    row(List, "/", &[], A::Filter, "filter", "filter this list as you type", "filter"),
    row(List, "f", &["F4"], A::Find, "find", "find anything: customer, order, item, PO, bin, barcode", "find"),
    row(List, "v", &[], A::NextView, "view", "next view of this tab", "view"),
    row(List, "o", &[], A::Sort, "sort", "sort by the next column", "sort"),
    row(List, "Space", &[], A::Mark, "mark", "mark", "mark"),
    row(List, "*", &[], A::MarkAll, "mark all", "mark all shown, or none", "mark all"),
    row(List, "u", &["F2"], A::Undo, "undo", "list of what was done, last on top; F8 or [Take back] undoes", "undo"),
    row(List, "y", &[], A::Copy, "copy", "copy the number or SKU of this row", "copy"),
    row(List, "p", &[], A::Export, "print", "print or export what is shown: all of the list", "print"),
    row(List, "F5", &[], A::Reload, "refresh", "read again from the file", "refresh"),
    row(List, "l", &[], A::Person, "person", "another person works here now: its number, or a badge scanned anywhere", "person"),
    row(List, "q", &["F3"], A::Quit, "leave", "leave: asks, [Stay] has the focus; F8 or [Leave]", "quit"),

    row(Stock, "c", &[], A::Count, "count", "count: go on with a session, begin one, or one item only", "count"),
    row(Stock, "r", &[], A::Receive, "receive", "receive a delivery: go on with one, of a PO, or without one", "receive"),
    row(Stock, "m", &[], A::Move, "move", "move goods: bin, item, quantity, bin; into quarantine and out of it", "move"),
    row(Stock, "a", &[], A::Adjust, "adjust", "adjust with a reason; goods that a customer sends back", "adjust"),
    row(Stock, "s", &[], A::Pick, "pick", "pick and ship list: what is reserved, in the order of the bins", "pick"),
    row(Stock, "h", &[], A::History, "history", "history of the item and its bins: who, what, why, and what it came to", "history"),
    row(Stock, "e", &[], A::Edit, "edit", "edit the item", "edit item"),
    row(Stock, "i", &[], A::Note, "note", "note on the item", "note"),
    row(Stock, "d", &[], A::PlanRule, "planning", "how the item is planned: demand by channel, how much to keep, season, project orders, follows, suppliers and their prices", "planning"),
    row(Stock, "n", &["F6"], A::New, "new", "a new item, typed by hand", "new item"),

    row(Backorders, "c", &[], A::Contact, "contact", "contact the customer: what to say, and what came of it", "contact"),
    row(Backorders, "a", &[], A::Answer, "answer", "record an answer", "answer"),
    row(Backorders, "s", &[], A::Ship, "ship", "ship what is ready", "ship"),
    row(Backorders, "d", &[], A::NewDate, "new date", "new date", "new date"),
    row(Backorders, "x", &["Del"], A::Cancel, "cancel", "cancel with a reason; say that money went back", "cancel line"),
    row(Backorders, "t", &[], A::Turn, "whose turn", "whose turn: raise, protect, let wait, hold (with preview)", "whose turn"),
    row(Backorders, "w", &[], A::Swap, "swap", "swap for an alternative", "swap"),
    row(Backorders, "z", &[], A::Later, "later", "later (not where the law acts)", "later"),
    row(Backorders, "n", &["F6"], A::New, "new", "a new order, as on the telephone: what is there, what is likely when", "new order"),
    row(Backorders, "i", &[], A::Note, "note", "note on the customer and on the order", "note"),
    row(Backorders, "e", &[], A::Split, "split", "split a line in two, each with its place", "split line"),
    row(Backorders, "b", &[], A::CountShort, "count", "count what customers wait for although the book says that it is there", "count short"),

    row(Suppliers, "c", &[], A::Ask, "ask", "ask / chase: what to ask, and that it was asked", "ask"),
    row(Suppliers, "a", &[], A::RecordAnswer, "answer", "record the answer", "supplier's answer"),
    row(Suppliers, "d", &[], A::PoDate, "new date", "new date for a PO line, by their word or ours (with preview)", "po date"),
    row(Suppliers, "m", &[], A::Figures, "figures", "the figures behind the grade; Enter on one: its lines and receipts", "figures"),
    row(Suppliers, "r", &[], A::Receive, "receive", "receive a delivery of this supplier", "receive"),
    row(Suppliers, "i", &[], A::Note, "note", "note on this supplier", "note"),
    row(Suppliers, "t", &[], A::Claim, "claim", "rejected goods: claim them, and what the claim came to", "claim"),
    row(Suppliers, "s", &[], A::SendOrder, "send", "send the PO", "send"),
    row(Suppliers, "z", &[], A::SupplierLater, "later", "later", "later"),
    row(Suppliers, "x", &["Del"], A::CancelPoLine, "cancel", "end a PO line: cancel it, or closed short by them", "cancel po line"),
    row(Suppliers, "n", &["F6"], A::New, "new PO", "new PO, as a draft", "new po"),
    row(Suppliers, "h", &[], A::History, "its POs", "the POs of this supplier, in every state; Enter opens one", "pos"),
    row(Suppliers, "w", &[], A::OtherSupplier, "elsewhere", "order elsewhere what does not come", "second source"),
    row(Suppliers, "e", &[], A::Edit, "standing", "whether to order from this supplier: ok, warn, block", "standing"),

    row(Purchase, "Enter", &[], A::Open, "open", "open the PO", ""),
    row(Purchase, "n", &["F6"], A::New, "new line", "new PO; on a draft: one more line", ""),
    row(Purchase, "e", &[], A::Edit, "edit", "quantity and price of the line, while it is a draft", ""),
    row(Purchase, "s", &[], A::SendOrder, "send", "send the draft; later the order once more", ""),
    row(Purchase, "a", &[], A::RecordAnswer, "confirm", "what they confirmed, per line, with date and price; later: their answer", ""),
    row(Purchase, "c", &[], A::Ask, "ask", "ask about it: the step that is due", ""),
    row(Purchase, "d", &[], A::PoDate, "new date", "new date for a line, by their word or ours (with preview)", ""),
    row(Purchase, "r", &[], A::Receive, "receive", "receive a delivery on it", ""),
    row(Purchase, "x", &["Del"], A::CancelPoLine, "end", "end a line or the PO: cancel it, or closed short by them (with preview)", ""),
    row(Purchase, "w", &[], A::OtherSupplier, "elsewhere", "order elsewhere what does not come", ""),
    row(Purchase, "t", &[], A::Claim, "claim", "rejected goods: claim them, and what the claim came to", ""),
    row(Purchase, "b", &[], A::Invoice, "invoice", "what they invoiced, and whether the papers were right", ""),
    row(Purchase, "i", &[], A::Note, "terms", "freight that was agreed, and the note on the order", ""),
    row(Purchase, "p", &[], A::Export, "export", "print the order, or export its lines to a file", ""),
    row(Purchase, "y", &[], A::Copy, "copy", "copy its number", ""),
    row(Purchase, "u", &["F2"], A::Undo, "undo", "list of what was done, last on top; F8 or [Take back] undoes", ""),
    row(Purchase, "q", &["F3"], A::Quit, "back", "back", ""),

    row(Reorder, "e", &[], A::Edit, "change", "change the quantity", "change quantity"),
    row(Reorder, "w", &[], A::OtherSupplier, "other supplier", "other supplier; say who sells it", "other supplier"),
    row(Reorder, "z", &[], A::LineLater, "later", "later, with a reason", "later"),
    row(Reorder, "s", &[], A::MakeOrders, "make PO", "make POs of the marked, else of this supplier", "make po"),
    row(Reorder, "c", &[], A::Ask, "open PO", "open the PO of this row: hurry it, ask for a later day, cancel; send a draft", "ask about po"),
    row(Reorder, "t", &[], A::Serves, "serves", "which customers it serves", "serves"),
    row(Reorder, "x", &["Del"], A::DropLine, "drop", "drop the line", "drop line"),
    row(Reorder, "h", &[], A::LastYear, "last year", "history: what each way of ordering would have served in the last year", "last year"),
    row(Reorder, "a", &[], A::ProgramLevel, "level", "how much to keep of it: accept the program's level, another share, or a min and max of your own; last year: by which way all plans are made", "accept level"),
    row(Reorder, "i", &[], A::Project, "project", "say that one large order was a project: it leaves the forecast", "project"),
    row(Reorder, "d", &[], A::PlanRule, "planning", "how the item is planned: demand by channel, what you know of it, project orders, suppliers and their prices", "planning"),
    row(Reorder, "n", &["F6"], A::New, "new PO", "new PO, as a draft, with this row's supplier on top", "new po"),
    row(Reorder, "F9", &[], A::PlanAnew, "plan", "work out the levels for this window's day, where they are of another", "plan for this day"),
    row(Reorder, "b", &[], A::Inherit, "follows", "new item: whose history it takes over", "follows"),

    row(Counts, "Enter", &[], A::Open, "open", "go on with the count, or begin it; 1-9 choose a row", ""),
    row(Counts, "c", &[], A::CountShort, "short", "short lines whose book says that there is stock", ""),
    row(Counts, "r", &[], A::Review, "review", "what was counted against the book; counting again, posting", ""),
    row(Counts, "p", &[], A::Export, "sheet", "the blind sheet of a count: a page to print, or .csv or .xlsx to fill in", ""),
    row(Counts, "i", &[], A::ReadSheet, "read it back", "read a filled sheet back as your count", ""),
    row(Counts, "a", &[], A::HowExact, "how exact", "how exact the books were found to be: by class, counter and bin", ""),
    row(Counts, "x", &["Del"], A::ThrowAway, "throw away", "throw a count away: F8 does it; what was counted stays on record", ""),
    row(Counts, "q", &["F3"], A::Quit, "back", "back", ""),

    row(Review, "Space", &[], A::Mark, "ok", "take the line as it was counted", ""),
    row(Review, "r", &[], A::CountAgain, "recount", "have the line counted again", ""),
    row(Review, "b", &[], A::NameCode, "name the code", "name the item of a code that nobody knew", ""),
    row(Review, "x", &["Del"], A::DropCode, "drop it", "drop a code that nobody knew: F8 does it", ""),
    row(Review, "c", &[], A::CountOn, "count on", "go on counting", ""),
    row(Review, "Enter", &[], A::Open, "all", "also what is right; again: only what differs", ""),
    row(Review, "p", &[], A::Export, "export", "print or export the review", ""),
    row(Review, "F8", &[], A::Save, "post", "post all that is ready, as one operation", ""),
    row(Review, "q", &["F3"], A::Quit, "later", "later: everything is kept", ""),

    row(Dialog, "Enter", &[], A::NextField, "next", "next field; on [Save] saves", ""),
    row(Dialog, "Tab", &[], A::NextField, "next field", "next field", ""),
    row(Dialog, "Shift-Tab", &[], A::PreviousField, "previous field", "previous field", ""),
    row(Dialog, "F8", &[], A::Save, "save", "save; the same as Enter on [Save]", ""),
    row(Dialog, "F4", &["Down"], A::Choose, "list", "choose from a list", ""),

    row(Scan, "Enter", &["Tab"], A::TakeLine, "take", "take the line: a code; 14 it is 14; +2 two more; 3x12; 12* the next scan counts 12; letters find by name", ""),
    row(Scan, "F2", &[], A::TakeBackLast, "take back", "take back the last; or type -", ""),
    row(Scan, "F4", &[], A::FindItem, "find", "find an item; or type a part of its name", ""),
    row(Scan, "F9", &[], A::NoneHere, "none here", "none here: of the item above, else the bin is empty; or type 0; picking: no more lies here than was taken", ""),
    row(Scan, "F7", &[], A::BadGoods, "bad goods", "receiving: some of the item above are bad, and why; or type 2 b, or 2 b broken", ""),
    row(Scan, "F5", &[], A::NoteNumber, "note number", "receiving: the number of the delivery note; picking: the list to print", ""),
    row(Scan, "F8", &[], A::PlaceDone, "bin done", "the bin is done; or scan the next one, or type ..; receiving: book it; picking: ship it", ""),
    row(Scan, "F3", &["Esc"], A::Pause, "pause", "pause: everything is kept", ""),
];

/// What has a name and no key: done from the list of commands.
#[rustfmt::skip]
pub const COMMANDS: &[Binding] = &[
    row(Everywhere, "", &[], A::Import, "import", "bring in a file: a spreadsheet, a shop's export; looked at first", "import"),
    row(Everywhere, "", &[], A::NewCustomer, "new customer", "a customer, typed by hand", "new customer"),
    row(Everywhere, "", &[], A::NewSupplier, "new supplier", "a supplier, typed by hand", "new supplier"),
    row(Backorders, "", &[], A::EditCustomer, "edit customer", "edit the customer of this row", "edit customer"),
    row(Suppliers, "", &[], A::EditSupplier, "edit supplier", "edit this supplier", "edit supplier"),
    row(Everywhere, "", &[], A::Settings, "settings", "the settings: what they are and mean, and changing one", "settings"),
    row(Everywhere, "", &[], A::Papers, "papers", "print a call list, pick or put-aside list, count sheet, PO, letters, labels", "papers"),
    row(Everywhere, "", &[], A::DayEnd, "end of day", "write the exports of the day, as the settings say", "end of day"),
    row(Everywhere, "", &[], A::MailSetup, "mail setup", "set up mail: server, security, login, sender; with a test", "mail setup"),
    row(Everywhere, "", &[], A::PrinterSetup, "printer", "set up printing: the one command that all paper goes to; with a test page", "printer"),
    row(Everywhere, "", &[], A::Keys, "change keys", "other keys for what you do often", "change keys"),
    row(Everywhere, "", &[], A::Check, "check", "check that the file is sound and the books agree", "check"),
    row(Everywhere, "", &[], A::Mails, "mails", "the mails: what is to leave, what needs you, what was sent", "mails"),
    row(Everywhere, "", &[], A::Delivered, "delivered", "say that shipped goods arrived at the customer's", "delivered"),
    row(Everywhere, "", &[], A::People, "people", "who works here: roles, PINs, badges", "people"),
    row(Everywhere, "", &[], A::ScannerTest, "scanner test", "what a scan sends, and what to set", "scanner test"),
    row(Everywhere, "", &[], A::Lock, "lock", "lock the screen; what is open is kept", "lock"),
    row(Everywhere, "", &[], A::MonthEnd, "month end", "a month in one page, and the stock value as of any day: what moved, what does not sell, refunds; close it", "month end"),
    row(Everywhere, "", &[], A::Begin, "begin", "the first questions: who your customers are, where, old orders, a second copy", "begin"),
    row(Everywhere, "", &[], A::Backup, "backup", "copy the warehouse to a file", "backup"),
];

/// The scopes that listen at the same time.
const TOGETHER: [&[Scope]; 9] = [
    &[Stock, List, Everywhere],
    &[Backorders, List, Everywhere],
    &[Suppliers, List, Everywhere],
    &[Purchase, Everywhere],
    &[Reorder, List, Everywhere],
    &[Counts, Everywhere],
    &[Review, Everywhere],
    &[Dialog],
    &[Scan],
];

/// The table in force: [`BINDINGS`], or with the keys that a person changed.
static IN_FORCE: RwLock<Option<&'static [Binding]>> = RwLock::new(None);

fn in_force() -> &'static [Binding] {
    (*IN_FORCE.read().unwrap_or_else(PoisonError::into_inner)).unwrap_or(BINDINGS)
}

/// The name by which a key is changed: `backorders.contact`, `list.next due`; none for keys that stay as they are
/// (moving, opening, saving).
pub fn name_of(binding: &Binding) -> Option<String> {
    let scope = binding.scope.title().trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ').to_lowercase();
    let may = !binding.command.is_empty() && !binding.key.is_empty() && binding.scope != Scope::Everywhere;
    may.then(|| format!("{scope}.{}", binding.command))
}

/// The key that the program came with.
pub fn usual_key(name: &str) -> Option<&'static str> {
    BINDINGS.iter().find(|b| name_of(b).as_deref() == Some(name)).map(|b| b.key)
}

/// What the command of that name is called where its key is shown: `find`; the name itself where nothing is called so.
pub fn label_of(name: &str) -> &str {
    let labels = BINDINGS.iter().filter(|b| name_of(b).as_deref() == Some(name)).map(|b| b.label);
    labels.into_iter().find(|l| !l.is_empty()).unwrap_or(name)
}

/// The table with other keys, by name; a sentence where a name is none, a key is none, or a key would mean two things.
fn rebound(changes: &BTreeMap<String, String>) -> Result<Vec<Binding>, String> {
    let mut table = BINDINGS.to_vec();
    for (name, key) in changes {
        let binding = table.iter_mut().find(|b| name_of(b).as_deref() == Some(name));
        let binding = binding.ok_or_else(|| format!("There is no command \"{name}\" whose key can be changed."))?;
        let one = key.chars().count() == 1 && key.chars().all(|c| !c.is_ascii_digit() && !c.is_whitespace());
        let function = key.strip_prefix('F').and_then(|n| n.parse::<u8>().ok()).is_some_and(|n| (2..=12).contains(&n));
        if !one && !function {
            return Err(format!("\"{key}\" cannot be a key of its own: take a letter, a sign, or F2 to F12."));
        }
        if binding.key != key {
            // Lives as long as the program; changed a few times in its life.
            binding.key = Box::leak(key.clone().into_boxed_str());
        }
    }
    for scopes in TOGETHER {
        let listening: Vec<&Binding> = table.iter().filter(|b| scopes.contains(&b.scope)).collect();
        for (n, b) in listening.iter().enumerate() {
            let keys = |b: &Binding| std::iter::once(b.key).chain(b.also.iter().copied()).collect::<Vec<_>>();
            let other =
                listening.iter().take(n).find(|o| o.action != b.action && keys(o).iter().any(|k| keys(b).contains(k)));
            if let Some(other) = other {
                let shared = keys(b).into_iter().find(|k| keys(other).contains(k)).unwrap_or(b.key);
                let (one, two) =
                    if changes.contains_key(&name_of(b).unwrap_or_default()) { (other, b) } else { (b, other) };
                return Err(format!(
                    "{shared} is \"{}\" ({}) already: take another key for \"{}\".",
                    one.label,
                    one.scope.title(),
                    two.label
                ));
            }
        }
    }
    Ok(table)
}

/// Puts changed keys in force, for look-up, footer, help and list of commands at once; refused as a whole.
pub fn install(changes: &BTreeMap<String, String>) -> Result<(), String> {
    let table: &'static [Binding] = Box::leak(rebound(changes)?.into_boxed_slice());
    *IN_FORCE.write().unwrap_or_else(PoisonError::into_inner) = Some(table);
    Ok(())
}

/// The action of a key in the first of these scopes that knows it.
pub fn resolve(scopes: &[Scope], key: &KeyEvent) -> Option<Action> {
    scopes.iter().find_map(|scope| {
        in_force()
            .iter()
            .filter(|b| b.scope == *scope)
            .find(|b| matches(b.key, key) || b.also.iter().any(|also| matches(also, key)))
            .map(|b| b.action)
    })
}

/// Further words that people look for an action by in the list of commands.
pub fn also_called(action: Action) -> &'static str {
    match action {
        A::Contact => "call phone mail letter tell talk",
        A::Cancel => "refund money paid back",
        A::Turn => "hold release priority reserve",
        A::Swap => "substitute instead",
        A::Later => "snooze put off",
        A::Import => "inbox new files csv excel",
        A::Settings => "theme colours light dark contrast mail server currency locale language numbers dates",
        A::Papers => "print labels barcode letter paper call list sheet",
        A::MailSetup => "smtp e-mail server password",
        A::PrinterSetup => "lp paper print",
        A::Mails => "outbox e-mail sent",
        A::Backup => "copy save",
        A::Quit => "exit",
        A::Undo => "take back",
        A::Find => "search",
        A::MakeOrders => "order buy purchase",
        _ => "",
    }
}

/// The rows of a scope, in their order.
pub fn of(scope: Scope) -> impl Iterator<Item = &'static Binding> {
    in_force().iter().filter(move |b| b.scope == scope)
}

/// Whether `key` is the key written as `name`.
pub fn matches(name: &str, key: &KeyEvent) -> bool {
    let Some((code, modifiers)) = parse(name) else { return false };
    let pressed = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
    if pressed != modifiers {
        return false;
    }
    match (key.code, code) {
        // Some terminals send Shift-Tab as Tab with Shift.
        (KeyCode::Tab, KeyCode::BackTab) => key.modifiers.contains(KeyModifiers::SHIFT),
        (KeyCode::Tab, KeyCode::Tab) => !key.modifiers.contains(KeyModifiers::SHIFT),
        (a, b) => a == b,
    }
}

/// Reads a key's written name.
pub fn parse(name: &str) -> Option<(KeyCode, KeyModifiers)> {
    if let Some(letter) = name.strip_prefix("Ctrl-") {
        return letter.chars().next().map(|c| (KeyCode::Char(c.to_ascii_lowercase()), KeyModifiers::CONTROL));
    }
    let code = match name {
        "Esc" => KeyCode::Esc,
        "Enter" => KeyCode::Enter,
        "Tab" => KeyCode::Tab,
        "Shift-Tab" => KeyCode::BackTab,
        "Space" => KeyCode::Char(' '),
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Del" => KeyCode::Delete,
        _ => match name.strip_prefix('F').and_then(|n| n.parse::<u8>().ok()) {
            Some(n) => KeyCode::F(n),
            None => {
                let mut letters = name.chars();
                let only = letters.next()?;
                if letters.next().is_some() {
                    return None;
                }
                KeyCode::Char(only)
            }
        },
    };
    Some((code, KeyModifiers::NONE))
}

/// The key table of the README, in Markdown: one table per scope.
pub fn markdown() -> String {
    let mut out = String::new();
    for scope in Scope::ALL {
        if of(scope).next().is_none() {
            continue;
        }
        out.push_str(&format!("**{}**\n\n| key | does | also |\n|---|---|---|\n", scope.title()));
        for b in of(scope) {
            let also: Vec<String> = b.also.iter().map(|k| format!("`{k}`")).collect();
            out.push_str(&format!("| `{}` | {} | {} |\n", b.key, b.description, also.join(" ")));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_key_means_two_things() {
        for scopes in TOGETHER {
            let mut seen: HashMap<&str, Action> = HashMap::new();
            for b in scopes.iter().flat_map(|s| of(*s)) {
                for key in std::iter::once(&b.key).chain(b.also) {
                    let before = seen.insert(key, b.action);
                    assert!(before.is_none_or(|a| a == b.action), "{key} in {scopes:?}: {before:?} and {:?}", b.action);
                }
            }
        }
    }

    #[test]
    fn the_words_that_people_look_for_lead_to_a_command() {
        for word in ["refund", "theme", "light", "hold", "snooze", "outbox"] {
            let leads = |b: &Binding| {
                !b.command.is_empty() && (b.description.contains(word) || also_called(b.action).contains(word))
            };
            assert!(BINDINGS.iter().chain(COMMANDS).any(leads), "{word}");
        }
    }

    #[test]
    fn every_name_is_a_key() {
        for b in BINDINGS {
            for key in std::iter::once(&b.key).chain(b.also) {
                assert!(parse(key).is_some(), "{key}");
            }
            assert!(!b.label.is_empty() && !b.description.is_empty());
        }
    }

    #[test]
    fn a_changed_key_means_one_thing_or_is_refused() {
        let change = |name: &str, key: &str| rebound(&BTreeMap::from([(name.to_string(), key.to_string())]));
        let table = change("backorders.contact", "F9").unwrap();
        let key = |name: &str| table.iter().find(|b| name_of(b).as_deref() == Some(name)).map(|b| b.key);
        assert_eq!((key("backorders.contact"), key("stock.count")), (Some("F9"), Some("c")));
        let said = change("backorders.contact", "s").unwrap_err();
        assert!(said.starts_with("s is \"ship\" (2 Backorders) already"), "{said}");
        assert!(change("backorders.contact", "q").is_err(), "q leaves, on every list");
        assert!(change("backorders.contact", "1").is_err() && change("backorders.contact", "Esc").is_err());
        assert!(change("backorders.contakt", "F9").is_err());
        let swapped = [("backorders.contact", "s"), ("backorders.ship", "c")];
        let swapped = swapped.map(|(n, k)| (n.to_string(), k.to_string()));
        assert!(rebound(&BTreeMap::from(swapped)).is_ok(), "two keys change places");
    }

    #[test]
    fn a_name_is_one_keys() {
        let names: Vec<String> = BINDINGS.iter().filter_map(name_of).collect();
        let mut once = names.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), names.len());
    }

    #[test]
    fn capitals_and_alt_are_never_needed() {
        for b in BINDINGS {
            assert!(
                !(b.key.starts_with("Alt") || b.key.len() == 1 && b.key.chars().all(|c| c.is_ascii_uppercase())),
                "{}",
                b.key
            );
        }
    }
}
