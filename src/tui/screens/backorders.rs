//! Backorders: who must hear from us today?

mod about;
mod answer;
mod before;
mod cancel;
pub mod delivered;
mod foresight;
mod later;
mod new_date;
mod paid_back;
mod ship;
mod split;
mod swap;
mod talk;
mod turn;

use super::{Badge, Cmd, DueLine, Line, Screen, Spoken};
use crate::domain::dates;
use crate::domain::delay::Urgency;
use crate::domain::ids::CustomerId;
use crate::domain::people::Matter;
use crate::domain::quantity::Qty;
use crate::tui::action::{Action, Availability};
use crate::tui::entry::{CardDialog, NewOrderDialog, Notes};
use crate::tui::keymap::Scope;
use crate::tui::overlay::dialog;
use crate::tui::table::{Column, List, Listing, Look};
use crate::tui::text;
use crate::tui::views::backorders::rows::{self, VIEWS};
use crate::tui::views::backorders::spoken;
use crate::tui::views::backorders::{CAUSES, CHANNELS, CUSTOMERS, LINES, OFFERS, WaitRow, What, pane};
use crate::worker::backorders::{self, Achieved, CustomerDetail, Shown, no_later};
use crate::worker::entering::{About as Noting, Kind};
use crate::worker::{Answer, Load};
use about::About;
use std::sync::Arc;

/// The tab.
pub struct Backorders {
    list: List<WaitRow>,
    view: usize,
    shown: Option<Arc<Shown>>,
    /// The board is on its way.
    asked: bool,
    detail: Option<Box<CustomerDetail>>,
    /// What offers achieved; read when it is looked at.
    offers: Vec<Achieved>,
    /// To be chosen when the board has come.
    wanted: Option<i64>,
}

fn columns(view: usize) -> &'static [Column<WaitRow>] {
    match view {
        rows::BY_CAUSE => CAUSES,
        rows::BY_CHANNEL => CHANNELS,
        rows::OFFERS => OFFERS,
        rows::ALL_LINES | rows::READY | rows::REFUNDS => LINES,
        _ => CUSTOMERS,
    }
}

impl Backorders {
    pub fn new() -> Backorders {
        Backorders {
            list: List::new(columns(0)),
            view: 0,
            shown: None,
            asked: false,
            detail: None,
            offers: Vec::new(),
            wanted: None,
        }
    }

    fn read(&mut self) -> Vec<Cmd> {
        self.asked = true;
        let mut cmds = vec![Cmd::Load("board", Load::Backorders(backorders::Load::Board))];
        cmds.extend(self.read_offers());
        cmds
    }

    fn read_offers(&self) -> Option<Cmd> {
        let load = || Cmd::Load("offers", Load::Backorders(backorders::Load::Offers));
        (self.view == rows::OFFERS).then(load)
    }

    fn fill(&mut self) {
        if self.view == rows::OFFERS {
            self.list.set_rows(rows::offers(&self.offers));
        } else if let Some(shown) = &self.shown {
            self.list.set_rows(rows::rows(shown, self.view));
        }
    }

    fn turn_to(&mut self, view: usize) {
        self.view = view;
        self.list = List::new(columns(view));
        self.fill();
    }

    /// The marked rows, else the chosen one.
    fn targets(&self) -> Vec<&WaitRow> {
        let marked = self.list.marked();
        let rows: Vec<&WaitRow> = self.list.rows().iter().filter(|r| marked.contains(&r.id)).collect();
        if rows.is_empty() { self.list.selected().into_iter().collect() } else { rows }
    }

    fn about(&self) -> Option<About> {
        let shown = self.shown.as_ref()?;
        Some(About::of(shown, &self.targets()))
    }

    fn customer(&self) -> Option<CustomerId> {
        let shown = self.shown.as_ref()?;
        let row = self.list.selected()?;
        match row.what {
            What::Refund(at) => shown.refunds.get(at).map(|r| r.customer),
            What::Cause(_) | What::Channel(_) | What::Offer => None,
            _ => spoken::lead(shown, row).map(|l| l.customer),
        }
    }

    /// Why a customer cannot be put off, where the law acts.
    fn law(&self, shown: &Shown, about: &About) -> Option<String> {
        let board = &shown.board;
        let tomorrow = board.today.succ_opt()?;
        about.customers().iter().find_map(|id| {
            let row = board.customers.iter().find(|r| r.customer == *id)?;
            no_later(row, tomorrow, board.today)
        })
    }

    fn blocked(&self, action: Action, shown: &Arc<Shown>) -> Option<String> {
        let targets = self.targets();
        if self.list.is_empty() {
            return Some("Nothing stands in this list. v shows the next view.".into());
        }
        if targets.is_empty() {
            return Some("No row is chosen. Choose one with the arrow keys first.".into());
        }
        if targets.iter().any(|r| r.what == What::Offer) {
            return Some("This says what offers achieved. Choose customers in another view (v).".into());
        }
        let refunds = targets.iter().filter(|r| matches!(r.what, What::Refund(_))).count();
        if refunds > 0 && refunds < targets.len() {
            return Some("Refunds after a cancellation and open orders are not done together. Unmark one kind.".into());
        }
        if refunds > 0 && action != Action::Cancel {
            return Some(
                "This order is cancelled; what is left is the money. When it went back, say so with x.".into(),
            );
        }
        let about = About::of(shown, &targets);
        match action {
            Action::Answer if about.customers().len() > 1 && !about.is_not_known() => {
                Some("An answer comes from one customer. Unmark the others, or open one row.".into())
            }
            Action::Ship if about.ready().is_empty() => Some(match about.lead().map(|l| l.waits_for.clone()) {
                Some(Some(waits)) => format!("Nothing of this lies here yet: it waits for {waits}."),
                _ => "Nothing of this is reserved yet. Free stock goes to whose turn it is (t).".into(),
            }),
            Action::Swap if about.all().iter().all(|l| l.held.is_some()) => {
                Some("This is on hold: release it first (t).".into())
            }
            Action::Split if about.all().iter().all(|l| l.open <= Qty::ONE) => {
                Some("One piece cannot be split.".into())
            }
            Action::Split | Action::Swap if about.customers().len() > 1 => {
                Some("One line at a time: unmark the others, or open one row.".into())
            }
            Action::Later if matches!(targets.first().map(|r| r.what), Some(What::Cause(_) | What::Channel(_))) => {
                Some("A cause cannot be put off, customers can: choose them in another view (v).".into())
            }
            Action::Later => self.law(shown, &about),
            _ => None,
        }
    }

    fn total(&self) -> usize {
        self.shown.as_ref().map_or(0, |s| match self.view {
            rows::BY_CAUSE => s.board.causes.len(),
            rows::BY_CHANNEL => s.board.channels.len(),
            rows::OFFERS => self.offers.len(),
            rows::ALL_LINES | rows::READY | rows::REFUNDS => s.board.lines.len(),
            _ => s.board.customers.len(),
        })
    }
}

impl Default for Backorders {
    fn default() -> Backorders {
        Backorders::new()
    }
}

impl Screen for Backorders {
    fn title(&self) -> &'static str {
        "Backorders"
    }
    fn scope(&self) -> Scope {
        Scope::Backorders
    }
    fn list(&self) -> &dyn Listing {
        &self.list
    }
    fn list_mut(&mut self) -> &mut dyn Listing {
        &mut self.list
    }

    /// Customers due today; refunds owed after a cancellation are somebody's work today as well.
    fn badge(&self) -> Option<Badge> {
        let count = self.shown.as_ref().map_or(0, |s| s.due.all());
        Some(Badge { count, urgent: count > 0 })
    }

    fn sentence(&self, look: &Look) -> String {
        let Some(shown) = &self.shown else { return "Reading what waits ...".into() };
        if !self.list.filter().is_empty() {
            return format!("{} with \"{}\". Esc shows all.", text::plural(self.list.len(), "row"), self.list.filter());
        }
        let (s, due) = (shown.board.summary, shown.due);
        let mut parts = Vec::new();
        for (count, what) in
            [(due.tell, "to tell"), (due.ask, "to ask again"), (due.ship, "to ship"), (due.call, "to call back")]
        {
            if count > 0 {
                let who = if parts.is_empty() { text::plural(count, "customer") } else { text::count(count) };
                parts.push(format!("{who} {what}"));
            }
        }
        if due.refunds > 0 {
            let by = due.refunds_by.map_or(String::new(), |d| format!(" by {}", dates::short(d, look.today)));
            let by = if due.refunds_later { format!(" (the first{by})") } else { format!(" to make{by}") };
            parts.push(format!("{}{by}", text::plural(due.refunds, "refund")));
        }
        let call = due.next_call.map_or(String::new(), |at| format!(" A call at {}.", at.format("%H:%M")));
        if !parts.is_empty() {
            return format!("Today: {}.{call}", parts.join(", "));
        }
        match s.to_do {
            0 if s.waiting == 0 => "No open orders.".into(),
            0 => {
                let more = rows::ready_words(&shown.board).unwrap_or_else(|| rows::who_waits(s.waiting, s.not_known));
                format!("Nobody has to hear from us today. {more}")
            }
            n if shown.board.customers.iter().filter(|r| r.is_to_do()).all(|r| r.waits_for_call) => {
                let first = shown.board.customers.iter().filter(|r| r.is_to_do()).filter_map(|r| r.call_at).min();
                let first = first.filter(|at| at.date() > look.today);
                let on = first.map_or(String::new(), |at| {
                    format!(
                        ", {}{} {}",
                        if n > 1 { "the first " } else { "" },
                        dates::short(at.date(), look.today),
                        at.format("%H:%M")
                    )
                });
                format!("Nobody has to be told today. {} to call again{on}.{call}", text::plural(n, "customer"))
            }
            n => format!("Nobody has to be told today. {} to look at.{call}", text::plural(n, "customer")),
        }
    }

    fn aside(&self, look: &Look) -> String {
        let Some(shown) = &self.shown else { return String::new() };
        let mut parts = Vec::new();
        let channels = &shown.board.channels;
        if channels.len() > 1 && look.width >= 140 {
            let due = channels.iter().filter(|c| c.due > 0).take(4);
            parts.extend(due.map(|c| format!("{} {}", rows::channel_name(c.channel.as_deref()), text::count(c.due))));
        }
        let worth = shown.board.summary.worth;
        if !worth.is_zero() {
            parts.push(format!("{} waits", text::money(worth)));
        }
        let count = |n: i64| usize::try_from(n).unwrap_or(0);
        if shown.unsent.to_leave > 0 {
            parts.push(format!("{} unsent", text::plural(count(shown.unsent.to_leave), "mail")));
        }
        match shown.unsent.needs_you {
            0 => {}
            1 => parts.push("1 mail needs you".into()),
            n => parts.push(format!("{} mails need you", text::count(count(n)))),
        }
        parts.join(" · ")
    }

    fn views(&self) -> &'static [&'static str] {
        match self.shown.as_ref().is_some_and(|s| s.board.channels.len() > 1) {
            true => VIEWS,
            false => VIEWS.get(..rows::BY_CHANNEL).unwrap_or(VIEWS),
        }
    }
    fn view(&self) -> usize {
        self.view
    }
    fn view_words(&self) -> String {
        let name = VIEWS.get(self.view).copied().unwrap_or("");
        match (&self.shown, self.list.len(), self.total()) {
            (None, ..) => name.into(),
            (Some(all), shown, _) if self.view == rows::READY => {
                let of = self.list.rows().iter().filter_map(|r| spoken::lead(all, r)).map(|l| l.order);
                let orders: std::collections::HashSet<_> = of.collect();
                // As the Today card counts them: an order is ready when all that is open of it lies here.
                let whole = rows::ready_orders(&all.board).into_iter().filter_map(|at| all.board.lines.get(at));
                let whole = whole.filter(|l| orders.contains(&l.order)).count();
                let part = orders.len().saturating_sub(whole);
                let part = if part > 0 { format!(", {} in part", text::count(part)) } else { String::new() };
                format!("{name}, {}{part}, {}", text::plural(whole, "order"), text::plural(shown, "line"))
            }
            (_, shown, total) if shown >= total => format!("{name}, {}", text::count(shown)),
            (_, shown, total) => format!("{name}, {} of {}", text::count(shown), text::count(total)),
        }
    }
    fn set_view(&mut self, view: usize, look: &Look) -> Vec<Cmd> {
        self.turn_to(view);
        let mut cmds = self.moved(look);
        cmds.extend(self.read_offers());
        cmds
    }

    fn summary(&mut self, _look: &Look) -> Vec<Cmd> {
        self.read()
    }

    fn refresh(&mut self, _look: &Look) -> Vec<Cmd> {
        // The badge's board is the tab's: it is read when the program starts and after each change.
        if self.shown.is_none() && !self.asked { self.read() } else { Vec::new() }
    }

    fn moved(&mut self, _look: &Look) -> Vec<Cmd> {
        match self.customer() {
            Some(customer) => vec![Cmd::Load("detail", Load::Backorders(backorders::Load::Detail(customer)))],
            None => Vec::new(),
        }
    }

    fn go_to(&mut self, id: i64, look: &Look) -> Vec<Cmd> {
        let Some(shown) = self.shown.clone() else {
            self.wanted = Some(id);
            return Vec::new();
        };
        self.list.set_filter("");
        if self.list.select(id) {
            return self.moved(look);
        }
        let first = if rows::customer_of(id).is_none() { rows::READY } else { rows::TO_DO };
        for view in [first, rows::TO_DO, rows::WAITING, rows::NOT_KNOWN, rows::ALL_LINES] {
            let row = rows::rows(&shown, view).into_iter().find(|r| {
                let customer = spoken::lead(&shown, r).map(|l| l.customer.0);
                r.id == id || rows::customer_of(id).is_some() && customer == Some(id)
            });
            if let Some(row) = row {
                self.turn_to(view);
                self.list.select(row.id);
                return self.moved(look);
            }
        }
        vec![Cmd::Notice("Nothing of this customer waits any more: all is shipped or cancelled.".into())]
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        let Answer::Backorders(answer) = answer else { return Vec::new() };
        match answer {
            backorders::Answer::Board(shown) => {
                self.asked = false;
                self.shown = Some(shown);
                self.fill();
                if let Some(id) = self.wanted.take() {
                    return self.go_to(id, look);
                }
                return self.moved(look);
            }
            backorders::Answer::Detail(detail) => self.detail = Some(detail),
            backorders::Answer::Offers(offers) => {
                self.offers = offers;
                self.fill();
            }
            // The dialogs' own.
            backorders::Answer::WhatIf(_)
            | backorders::Answer::Alternatives(..)
            | backorders::Answer::Talk(_)
            | backorders::Answer::OnTheWay(_)
            | backorders::Answer::Open { .. } => {}
        }
        Vec::new()
    }

    fn availability(&self, action: Action) -> Availability {
        match &self.shown {
            _ if matches!(action, Action::CountShort | Action::New) => Availability::Ready,
            None => Availability::blocked("Still reading what waits. Try again in a moment."),
            Some(shown) => self.blocked(action, shown).map_or(Availability::Ready, Availability::Blocked),
        }
    }

    fn act(&mut self, action: Action, look: &Look) -> Vec<Cmd> {
        if action == Action::CountShort {
            return vec![super::count_menu::open(action, None)];
        }
        if action == Action::New {
            let customer = self.about().and_then(|a| a.customer().map(|c| (c.id, c.name.clone())));
            // With nobody marked the order is anybody's: the one who calls is seldom the one who is chosen.
            let marked = !self.list.marked().is_empty();
            return vec![dialog(NewOrderDialog::of(customer.filter(|_| marked)))];
        }
        let (Some(about), Some(shown)) = (self.about(), self.shown.as_ref()) else {
            return vec![Cmd::Notice("No row is chosen. Choose one with the arrow keys first.".into())];
        };
        let customer = about.customer().map(|c| c.id);
        let mut opened = match action {
            Action::Contact => dialog(talk::Contact::about(about, self.detail.as_deref())),
            Action::Answer if about.is_not_known() => dialog(before::ToldBefore::about(about)),
            Action::Answer => dialog(answer::Record::about(about)),
            Action::NewDate => dialog(new_date::NewPromise::about(about)),
            Action::Ship => dialog(ship::Ship::about(about)),
            Action::Cancel => {
                let refunds: Vec<_> = self
                    .targets()
                    .iter()
                    .filter_map(|r| if let What::Refund(at) = r.what { shown.refunds.get(at).cloned() } else { None })
                    .collect();
                if refunds.is_empty() {
                    dialog(cancel::Cancel::about(about))
                } else {
                    dialog(paid_back::PaidBack::of(refunds, look))
                }
            }
            Action::EditCustomer => match customer {
                Some(id) => dialog(CardDialog::edit(Kind::Customer, id.0)),
                None => Cmd::Notice("One customer at a time: unmark the others.".into()),
            },
            Action::Note => {
                let mut on: Vec<Noting> = customer.iter().map(|c| Noting::Customer(c.0)).collect();
                for line in about.lines() {
                    let order = Noting::Order(line.order.0);
                    if !on.contains(&order) {
                        on.push(order);
                    }
                }
                dialog(Notes::on(on))
            }
            Action::Turn => dialog(turn::WhoseTurn::about(about)),
            Action::Swap => dialog(swap::SwapLine::about(about)),
            Action::Split => dialog(split::SplitLine::about(about)),
            Action::Later => dialog(later::PutOff::about(about)),
            _ => return Vec::new(),
        };
        if let Cmd::Open(overlay) = &mut opened {
            overlay.set_matter(customer.map(Matter::Customer));
        }
        vec![opened]
    }

    fn spoken(&self, look: &Look) -> Option<Spoken> {
        let shown = self.shown.as_ref()?;
        self.list.selected().map(|row| spoken::spoken(shown, row, look))
    }

    fn pane(&self, width: usize, look: &Look) -> Vec<Line> {
        match (&self.shown, self.list.selected()) {
            (Some(shown), Some(row)) => pane::pane(shown, self.detail.as_deref(), row, width, look),
            _ => Vec::new(),
        }
    }

    fn empty(&self, look: &Look) -> String {
        let Some(shown) = &self.shown else { return String::new() };
        let board = &shown.board;
        if !self.list.filter().is_empty() {
            return format!("Nothing matches \"{}\". Esc shows all {}.", self.list.filter(), self.list.rows().len());
        }
        if board.lines.is_empty() && self.view != rows::REFUNDS {
            return "No open orders yet. Bring in today's orders (: import) or type one (n).".into();
        }
        match self.view {
            rows::TO_DO => {
                let knows = board.customers.iter().filter(|r| r.urgency == Urgency::Quiet).count();
                let next = board.summary.next_on.map(|day| {
                    let row = board.customers.iter().find(|r| r.next_on() == Some(day));
                    let who = row.map_or(String::new(), |r| format!(", {}", r.name));
                    format!(" Next: {}{who}.", dates::short(day, look.today))
                });
                let unknown = board.summary.not_known;
                let wait = rows::who_waits(knows + unknown, unknown);
                format!("Nobody has to hear from us today. {wait}{} v shows them.", next.unwrap_or_default())
            }
            rows::WAITING => "We wait for nobody's answer.".into(),
            rows::BY_CAUSE => "Nothing is short: all that is ordered lies here.".into(),
            rows::READY => {
                "Nothing that waits lies here. What comes in is reserved by itself and then stands here.".into()
            }
            rows::REFUNDS => "No refund is owed.".into(),
            rows::OFFERS => {
                "Nobody was offered or told anything yet. What each offer achieves stands here then.".into()
            }
            rows::NOT_KNOWN => "Of every order it is known what the customer was told.".into(),
            _ => "No open lines.".into(),
        }
    }

    fn code(&self) -> Option<String> {
        let row = self.list.selected()?;
        let shown = self.shown.as_ref()?;
        match row.what {
            What::Refund(at) => shown.refunds.get(at).map(|r| r.order_code.clone()),
            What::Cause(_) | What::Channel(_) | What::Offer => Some(row.name.clone()),
            _ => spoken::lead(shown, row).map(|l| l.order_code.clone()),
        }
    }

    fn due(&self) -> Vec<i64> {
        let Some(shown) = &self.shown else { return Vec::new() };
        let tried = |r: &WaitRow| match r.what {
            What::Customer(at) => {
                shown.board.customers.get(at).is_some_and(|c| c.tried_until(shown.board.now).is_some())
            }
            _ => false,
        };
        let due = |r: &WaitRow| r.sign == "!" && !tried(r);
        rows::rows(shown, rows::TO_DO).into_iter().filter(due).map(|r| r.id).collect()
    }

    fn today(&self, look: &Look) -> Vec<DueLine> {
        self.shown.as_ref().map(|shown| rows::due_lines(shown, look)).unwrap_or_default()
    }

    fn calm(&self, look: &Look) -> Option<String> {
        self.shown.as_ref().map(|shown| rows::calm(shown, look))
    }
}
