//! The chosen row in full: the customer, every order and line with was and now, why, silence, what could go today.

use super::rows::channel_name;
use super::spoken::{lines_of, why};
use super::{WaitRow, What, stages};
use crate::domain::dates;
use crate::domain::delay::{Action, Answer, Message, Row, Rule, State, said};
use crate::domain::ids::OrderId;
use crate::tui::screens::Line;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::views::gauge;
use crate::worker::backorders::{Achieved, Customer, CustomerDetail, CustomerRow, Refund, Shown, WaitingLine, silence};
use chrono::NaiveDate;

/// Orders of a customer that fit above what is to be done about them.
const FEW: usize = 2;

/// How much of it there is room for.
struct Page<'a> {
    shown: &'a Shown,
    detail: Option<&'a CustomerDetail>,
    width: usize,
    /// Full width: every line with its reason, every talk.
    full: bool,
    today: NaiveDate,
    out: Vec<Line>,
}

/// The row in full.
pub fn pane(shown: &Shown, detail: Option<&CustomerDetail>, row: &WaitRow, width: usize, look: &Look) -> Vec<Line> {
    let full = width > 62;
    let mut page = Page { shown, detail: None, width, full, today: look.today, out: Vec::new() };
    match row.what {
        What::Customer(at) => {
            if let Some(customer) = shown.board.customers.get(at) {
                page.detail = detail.filter(|d| d.customer == customer.customer);
                page.customer(customer, None);
            }
        }
        What::Line(at) => {
            let line = shown.board.lines.get(at);
            let customer = line.and_then(|l| shown.board.customers.iter().find(|c| c.customer == l.customer));
            if let (Some(line), Some(customer)) = (line, customer) {
                page.detail = detail.filter(|d| d.customer == customer.customer);
                page.customer(customer, Some(line));
            }
        }
        What::Cause(at) => {
            if let Some(cause) = shown.board.causes.get(at) {
                page.say(&cause.name, Role::Title);
                page.say(
                    &format!("{}, {} lines of {} customers", cause.state, cause.lines, cause.customers),
                    Role::Normal,
                );
                page.blank();
                for at in lines_of(shown, row) {
                    if let Some(line) = shown.board.lines.get(at) {
                        page.line_of_cause(line);
                    }
                }
            }
        }
        What::Channel(at) => {
            if let Some(channel) = shown.board.channels.get(at) {
                page.say(channel_name(channel.channel.as_deref()), Role::Title);
                let late =
                    format!("{}, {} late or soon late", text::plural(channel.lines, "line"), text::count(channel.late));
                page.say(&format!("{}, {late}", text::plural(channel.customers, "customer")), Role::Normal);
                page.blank();
                for line in lines_of(shown, row).into_iter().filter_map(|at| shown.board.lines.get(at)) {
                    page.line_of_cause(line);
                }
            }
        }
        What::Offer => {
            if let Some(a) = &row.achieved {
                page.offer(a);
            }
        }
        What::Refund(at) => {
            if let Some(refund) = shown.refunds.get(at) {
                page.refund(refund);
            }
        }
    }
    page.out
}

impl Page<'_> {
    fn blank(&mut self) {
        self.out.push(Line::new());
    }

    fn say(&mut self, words: &str, role: Role) {
        for line in text::wrap(words, self.width) {
            self.out.push(vec![Cell::with(line, role)]);
        }
    }

    /// A quiet label and its sentence, which goes on under itself.
    fn labelled(&mut self, label: &str, words: &str) {
        let indent = if self.full { 10 } else { 9 };
        if text::width(label) >= indent {
            // A long number has a line of its own: "SO-5743/1" and "today" would read as one word.
            self.out.push(vec![Cell::with(text::clip(label, self.width), Role::Quiet)]);
            return self.labelled("", words);
        }
        for (n, line) in text::wrap(words, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let label = text::left(if n == 0 { label } else { "" }, indent);
            self.out.push(vec![Cell::with(label, Role::Quiet), Cell::plain(line)]);
        }
    }

    /// Words at the left and at the right of one line.
    fn ends(&mut self, left: &str, right: &str, role: Role, right_role: Role) {
        let right = text::clip(right, self.width / 2 + 4);
        let room = self.width.saturating_sub(text::width(&right) + 1);
        self.out.push(vec![Cell::with(text::left(left, room), role), Cell::with(format!(" {right}"), right_role)]);
    }

    fn day(&self, date: Option<NaiveDate>) -> String {
        date.map_or("none".into(), |d| dates::short(d, self.today))
    }

    /// `was 27 Nov`; where no date was stated, the one that counts: `no date; 27 Nov counts`.
    fn was(&self, line: &WaitingLine) -> String {
        let day = dates::short(line.due_on, self.today);
        if line.is_stated() { format!("was {day}") } else { format!("none said, {day} counts") }
    }

    fn customer(&mut self, row: &CustomerRow, only: Option<&WaitingLine>) {
        let Some(who) = self.shown.board.people.get(&row.customer) else { return };
        self.head(row, who);
        let mut lines: Vec<&WaitingLine> =
            self.shown.board.lines.iter().filter(|l| l.customer == row.customer).collect();
        let lead = only.or_else(|| row.lines.first().and_then(|i| self.shown.board.lines.get(*i)));
        // The order that the row names first, then those that it is about.
        lines.sort_by_key(|l| {
            let spoken = row.lines.iter().any(|i| self.shown.board.lines.get(*i).is_some_and(|m| m.order == l.order));
            (lead.is_none_or(|lead| lead.order != l.order), !spoken, l.order)
        });
        let orders: Vec<&[&WaitingLine]> = lines.chunk_by(|a, b| a.order == b.order).collect();
        // Beside many orders the reasons would lie below the screen, where nobody sees them.
        let (first, last) = if orders.len() > FEW { (lead, None) } else { (None, lead) };
        let speak = |page: &mut Self, lead: Option<&WaitingLine>| {
            if let Some(lead) = lead {
                page.blank();
                page.reasons(lead, row);
            }
        };
        speak(self, first);
        for order in orders {
            self.blank();
            self.order(order);
        }
        speak(self, last);
        self.could_go(&lines);
        self.talks();
    }

    fn head(&mut self, row: &CustomerRow, who: &Customer) {
        let kind = who.kind.map_or("", |k| k.name());
        let place = [kind, who.city.as_deref().unwrap_or(""), who.country.as_deref().unwrap_or("")];
        let place = place.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(", ");
        self.ends(&row.name, &place, Role::Title, Role::Quiet);
        let ways = [who.contact_person.as_deref(), who.phone.as_deref(), who.email.as_deref()];
        let ways = ways.iter().flatten().copied().collect::<Vec<_>>().join(", ");
        let by = who.channel_preference.as_ref().map_or(String::new(), |c| format!(", by {c}"));
        if ways.is_empty() {
            self.say("no phone or mail on file", Role::Unknown);
        } else {
            self.say(&format!("{ways}{by}"), Role::Normal);
        }
        if let Some(d) = self.detail {
            let late = match d.shipped_late {
                0 => "none shipped late".to_string(),
                1 => "late once before".to_string(),
                2 => "late twice before".to_string(),
                n => format!("late {n} times before"),
            };
            let kept = match (d.shipped_late, d.cancelled) {
                (_, 1) => ", 1 order cancelled".to_string(),
                (_, n) if n > 1 => format!(", {n} orders cancelled"),
                (0, _) => String::new(),
                _ => ", none cancelled".into(),
            };
            self.say(
                &format!("{}, {late}{kept}", text::plural(usize::try_from(d.orders).unwrap_or(0), "order")),
                Role::Quiet,
            );
        }
        if let Some(until) = row.later_until {
            let why = row.later_why.as_ref().map_or(String::new(), |why| format!(": {why}"));
            self.say(&format!("put off until {}{why}", dates::full(until, self.today)), Role::Soon);
        } else if let Some(at) = row.call_at {
            let day = if at.date() == self.today {
                String::new()
            } else {
                format!("{} ", dates::full(at.date(), self.today))
            };
            self.say(&format!("to be called again {day}at {}", at.format("%H:%M")), Role::Soon);
        }
        if let Some(note) = &who.note {
            self.say(note, Role::Quiet);
        }
    }

    fn order(&mut self, lines: &[&WaitingLine]) {
        let Some(first) = lines.first() else { return };
        let worth: crate::domain::money::Money = lines.iter().filter_map(|l| l.value).sum();
        let channel = first.channel.as_ref().map_or(String::new(), |c| format!("  {c}"));
        let head = format!("{}  {}{channel}", first.order_code, dates::short(first.ordered_on, self.today));
        let prepaid = if first.paid { "" } else { ", not paid" };
        let stands = if lines.iter().all(|l| l.is_ready()) { "is ready" } else { "waits" };
        self.ends(&head, &format!("{} {stands}{prepaid}", text::money(worth)), Role::Title, Role::Normal);
        self.order_notes(first.order);
        for line in lines {
            self.line(line);
        }
        self.stages(lines);
    }

    fn order_notes(&mut self, order: OrderId) {
        let Some(known) = self.detail.and_then(|d| d.open.iter().find(|o| o.order == order)) else { return };
        let (continues, note) = (known.continues.clone(), known.note.clone());
        if let Some(older) = continues {
            self.say(&format!(" the rest of order {older}"), Role::Quiet);
        }
        if let Some(note) = note {
            self.say(&format!(" {note}"), Role::Quiet);
        }
    }

    fn line(&mut self, line: &WaitingLine) {
        let short = if line.short.is_positive() { line.short } else { line.open };
        let of = format!("{} of {}", text::quantity(short), text::quantity(line.quantity));
        let what = if line.is_ready() { format!("{} ready", text::quantity(line.open)) } else { of };
        let wanted = line.wanted.as_ref().map_or(String::new(), |w| format!(", not {w}"));
        let held = if line.held.is_some() { ", on hold" } else { "" };
        let (number, name) = (format!("{:>2} {what:>9} ", line.line_code), format!("{}{wanted}{held}", line.item_name));
        let left = format!("{number}{name}");
        let was = self.was(line);
        let now = format!("now {}", self.day(line.likely_on));
        if !self.full {
            let dates = format!("{was}  {now}");
            if text::width(&left) + 1 + text::width(&dates) <= self.width {
                self.ends(&left, &dates, Role::Normal, Role::Normal);
                return;
            }
            // The dates go below a name that needs the room.
            let indent = text::width(&number);
            let mut parts = text::wrap(&name, self.width.saturating_sub(indent)).into_iter();
            self.out.push(vec![Cell::plain(number), Cell::plain(parts.next().unwrap_or_default())]);
            self.out.extend(parts.map(|part| vec![Cell::plain(" ".repeat(indent)), Cell::plain(part)]));
            self.ends("", &dates, Role::Normal, Role::Normal);
            return;
        }
        self.ends(&left, &format!("{was:>14}  {now:>12}"), Role::Normal, Role::Normal);
        let mut words = why(line, &Look { today: self.today, width: 0, height: 0 });
        let silence = silence(line, None, self.today);
        if !silence.is_empty() {
            words = format!("{words} No answer: {silence}.");
        }
        for part in text::wrap(&words, self.width.saturating_sub(14)) {
            self.out.push(vec![Cell::with(format!("             {part}"), Role::Quiet)]);
        }
        if let Some((said, role)) = alarm(line, self.today) {
            self.out.push(vec![Cell::plain("             "), Cell::with(said, role)]);
        }
        if let Some(detail) = self.detail {
            self.out.extend(stages::full(self.shown, detail, line, self.width));
            self.shelf(line, 13);
        }
    }

    /// `ordered ─ bought ─ confirmed ─ arrives`, as far as it has come bright, and whether the customer knows.
    fn stages(&mut self, lines: &[&WaitingLine]) {
        let Some(slowest) = lines.iter().max_by_key(|l| (l.likely_on.is_none(), l.likely_on)) else { return };
        let part = slowest.pegged.parts.last();
        let inbound = part.and_then(|p| self.shown.board.inbound.get(p.inbound));
        let bought = part.and_then(|p| self.detail?.bought.iter().find(|b| b.po_line == p.po_line));
        let waits = !slowest.is_ready();
        let here = [
            true,
            !waits || part.is_some() && !slowest.pegged.uncovered.is_positive(),
            !waits
                || bought.is_some_and(|b| b.confirmed_on.is_some())
                || inbound.is_some_and(|i| i.confirmed_for.is_some()),
            !waits,
        ];
        let mut stages: Line = vec![Cell::plain(" ")];
        let mut reached = true;
        for (n, (name, here)) in ["ordered", "bought", "confirmed", "arrives"].iter().zip(here).enumerate() {
            reached = reached && here;
            let role = if reached { Role::Normal } else { Role::Quiet };
            if n > 0 {
                stages.push(Cell::with(" ─ ", role));
            }
            let name = if n == 3 && !waits { "here" } else { name };
            stages.push(Cell::with(name, role));
        }
        if !self.full {
            self.out.push(stages); // in full, each line has its own
        }
        let told = lines.iter().filter_map(|l| l.decision.last_told_on).max();
        let known = if self.full && told.is_some() { "   (* the customer was told of it)" } else { "" };
        let worst = lines.iter().min_by_key(|l| l.decision.urgency());
        // Who heard of the order, but not of its delay, was not told of it.
        let heard = if worst.is_some_and(|l| is_untold(l)) { "last news" } else { "told" };
        let never = if lines.iter().any(|l| l.decision.row == Row::NotKnown) { NOT_KNOWN } else { "never told" };
        let told = told.map_or(never.to_string(), |d| format!("{heard} {}{known}", dates::short(d, self.today)));
        let (mut said, mut role) = (String::new(), Role::Normal);
        if let Some((words, meaning)) = worst.and_then(|l| alarm(l, self.today)).filter(|_| !self.full) {
            (said, role) = (words, meaning);
        }
        // The state in plain letters, only what must be done in red.
        match said.split_once(", ") {
            Some((state, must)) if role == Role::Urgent => {
                let room = self.width.saturating_sub(text::width(&said) + 1);
                self.out.push(vec![
                    Cell::with(text::left(&format!(" {told}"), room), Role::Normal),
                    Cell::plain(format!(" {state}, ")),
                    Cell::with(must, role),
                ]);
            }
            _ => self.ends(&format!(" {told}"), &said, Role::Normal, role),
        }
    }

    fn reasons(&mut self, lead: &WaitingLine, row: &CustomerRow) {
        let look = Look { today: self.today, width: 0, height: 0 };
        let mut words = why(lead, &look);
        if let (Some(likely), Some(safe)) = (lead.likely_on, lead.safe_on)
            && lead.decision.action != Action::CancelAndRefund
            && !lead.is_ready()
        {
            let (likely_on, safe_on) = (dates::short(likely, self.today), dates::short(safe, self.today));
            let rest = if row.rest.is_empty() { String::new() } else { format!("; {}", row.rest) };
            words = match likely < safe {
                true => format!("{words} So {likely_on}; to be safe say {safe_on} (9 of 10 come by then){rest}."),
                false => format!("{words} So {likely_on}{rest}."),
            };
        }
        self.labelled("Why", &words);
        if !self.full {
            self.shelf(lead, 9);
        }
        let rule = match lead.decision.rule {
            Rule::Us => "US rule: ",
            Rule::Eu => "EU rule: ",
            Rule::Uk => "UK rule: ",
            Rule::House => "",
        };
        if let Some(day) = lead.decision.commitment_on.filter(|_| lead.decision.rule != Rule::House) {
            let past = if day < self.today { "was good until" } else { "stands until" };
            self.labelled("Order", &format!("{past} {}", dates::full(day, self.today)));
        }
        let worth =
            row.lines.first().is_some_and(|i| self.shown.board.lines.get(*i) == Some(lead)).then_some(row.worth);
        let silence = silence(lead, worth, self.today);
        if !silence.is_empty() {
            self.labelled("No reply", &format!("{rule}{silence}"));
        } else if !rule.is_empty() {
            self.labelled("Rule", rule.trim_end_matches(": "));
        }
        self.labelled("Next", &row.next);
    }

    /// How the shelf of a line's item stands, and for how long.
    fn shelf(&mut self, line: &WaitingLine, indent: usize) {
        let standing = self.detail.and_then(|d| d.levels.get(&line.item));
        let drawn = standing.and_then(|s| gauge::line(&s.level, s.days, self.width.saturating_sub(indent)));
        let label = Cell::with(text::left(if self.full { "" } else { "Shelf" }, indent), Role::Quiet);
        self.out.extend(drawn.map(|drawn| std::iter::once(label).chain(drawn).collect()));
    }

    fn could_go(&mut self, lines: &[&WaitingLine]) {
        let ready: Vec<String> = lines
            .iter()
            .filter(|l| l.allocated.is_positive())
            .map(|l| format!("{} {}", text::quantity(l.allocated), l.item_name))
            .collect();
        let instead: Vec<String> = self
            .detail
            .map(|d| d.instead.iter().map(|i| format!("{}, {} free", i.substitute, text::quantity(i.free))).collect())
            .unwrap_or_default();
        if ready.is_empty() && instead.is_empty() {
            return;
        }
        self.blank();
        if !ready.is_empty() {
            self.labelled("Ready", &format!("{} could go today", ready.join(", ")));
        }
        for words in instead.iter().take(3) {
            self.labelled("Instead", words);
        }
    }

    fn talks(&mut self) {
        let Some(detail) = self.detail.filter(|d| !d.talks.is_empty()) else { return };
        self.blank();
        let most = if self.full { 20 } else { 4 };
        self.out.push(vec![Cell::with("Talks", Role::Quiet)]);
        for talk in detail.talks.iter().take(most) {
            let mut words = vec![dates::short(talk.on, self.today)];
            words.extend(talk.operator.clone());
            words.extend(talk.channel.clone());
            let missed = missed(talk.outcome.as_deref(), talk.channel.as_deref());
            // What nobody heard was not said.
            if missed.is_none() {
                words.extend(talk.message.as_ref().map(|m| in_words(m)));
                words.extend(talk.quoted_for.map(|d| format!("said {}", dates::short(d, self.today))));
            }
            words.extend(missed);
            words.extend(talk.answer.as_ref().filter(|a| *a != "none").map(|a| answered(a)));
            words.extend(
                talk.follow_up_at.as_ref().map(|at| format!("again {}", at.replace('T', " ").get(5..16).unwrap_or(""))),
            );
            words.extend(talk.note.clone());
            let about = match &talk.line_code {
                Some(line) => format!("{}/{line}", talk.order_code),
                None => talk.order_code.clone(),
            };
            self.labelled(&about, &words.join(", "));
        }
    }

    fn line_of_cause(&mut self, line: &WaitingLine) {
        let quantity = if line.short.is_positive() { line.short } else { line.open };
        let was = line.promise.map_or(String::new(), |d| format!("was {}", dates::short(d, self.today)));
        let now = if self.full { format!("{was}  now {}", self.day(line.likely_on)) } else { was };
        let role = if line.state == State::Late { Role::Soon } else { Role::Normal };
        // Who waits for how many is never lost in the middle; the item is what can be cut.
        let room = self.width.saturating_sub(text::width(&now) + 1);
        let name = text::fit(&line.customer_name, (room / 2).max(12));
        let goods = format!("  {} {}", text::quantity(quantity), line.item_name);
        let left = format!("{name}{}", text::fit(&goods, room.saturating_sub(text::width(&name))));
        self.ends(&left, &now, Role::Normal, role);
    }

    fn offer(&mut self, a: &Achieved) {
        self.say(&a.name, Role::Title);
        self.blank();
        for (label, count) in [("Orders", a.contacted), ("Kept", a.kept), ("Lost", a.cancelled), ("Open", a.open)] {
            self.labelled(label, &text::count(count));
        }
        self.labelled("Cost", &text::money(a.cost));
        if let Some(each) = a.cost_per_kept().filter(|_| a.cost != crate::domain::money::Money::ZERO) {
            self.labelled("Per kept", &text::money(each));
        }
        self.blank();
        self.say(
            "Kept: all lines of the talk were shipped in full on its day or since. Lost: something of them was cancelled \
             since. Only talks that came through count, each order once.",
            Role::Quiet,
        );
    }

    fn refund(&mut self, refund: &Refund) {
        self.ends(&refund.customer_name, &refund.order_code, Role::Title, Role::Quiet);
        let ways = [refund.contact_person.as_deref(), refund.phone.as_deref()];
        let ways = ways.iter().flatten().copied().collect::<Vec<_>>().join(", ");
        if !ways.is_empty() {
            self.say(&ways, Role::Normal);
        }
        self.blank();
        self.labelled("Goods", &refund.goods);
        self.labelled("Owed", &refund.amount.map_or("the full price; no price is on file".into(), text::money));
        self.out.push(vec![
            Cell::with(text::left("By", if self.full { 10 } else { 9 }), Role::Quiet),
            Cell::with(dates::full(refund.by, self.today), Role::Urgent),
        ]);
        self.labelled("Cancelled", &format!("{}: {}", dates::full(refund.cancelled_on, self.today), refund.reason));
        self.labelled("Next", "Pay it back, then say so with x.");
    }
}

/// Of a talk that did not come through, what became of it: `no answer`, `left message`.
pub fn missed(outcome: Option<&str>, channel: Option<&str>) -> Option<String> {
    let outcome = outcome.filter(|o| !matches!(*o, "sent" | "reached"))?;
    Some(match (outcome, channel) {
        ("unknown", Some("phone")) => "left message".into(),
        ("bounced", Some("phone")) => "wrong number".into(),
        _ => outcome.replace('_', " "),
    })
}

/// What was told, by the name that it is kept under.
pub fn in_words(message: &str) -> String {
    Message::named(message).map_or_else(|| message.replace('_', " "), |m| said(m).into())
}

fn answered(answer: &str) -> String {
    match Answer::named(answer) {
        Some(Answer::Consent) => "says yes".into(),
        Some(Answer::Cancel) => "cancels".into(),
        _ => answer.replace('_', " "),
    }
}

/// Of an old order: nobody knows what was said before.
pub const NOT_KNOWN: &str = "not known whether told";

/// Nobody said to the customer that it will be late.
fn is_untold(line: &WaitingLine) -> bool {
    let told_without_date = line.decision.row == Row::HouseTellAgain;
    line.decision.action == Action::Notify && line.decision.last_quoted.is_none() && !told_without_date
}

/// What nobody may overlook about a line: `LATE, NOT TOLD`.
pub fn alarm(line: &WaitingLine, today: NaiveDate) -> Option<(String, Role)> {
    if let Some(day) = line.agreed_without_goods(today) {
        return Some((format!("agreed {}, no goods for it yet", dates::short(day, today)), Role::Soon));
    }
    let state = match line.state {
        State::Late => "LATE",
        State::WillBeLate => "WILL BE LATE",
        State::OnTrack => "",
    };
    let (must, role) = match line.decision.action {
        Action::CancelAndRefund => ("CANCEL AND REFUND", Role::Urgent),
        Action::Notify if is_untold(line) => ("NOT TOLD", Role::Urgent),
        Action::Notify if line.likely_on.is_none() => {
            ("NO DATE YET", if line.by().is_some_and(|by| by > today) { Role::Soon } else { Role::Urgent })
        }
        Action::Notify => ("TELL THE NEW DATE", Role::Urgent),
        Action::Chase => ("no answer yet", Role::Soon),
        _ => ("", Role::Normal),
    };
    match (state, must) {
        ("", "") => None,
        (state, "") => Some((state.to_lowercase(), Role::Normal)),
        ("", must) => Some((must.into(), role)),
        (state, must) => Some((format!("{state}, {must}"), role)),
    }
}
