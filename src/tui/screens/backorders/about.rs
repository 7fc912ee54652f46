//! What a dialog is about: some lines of one or several customers, and which of them are ticked.

use crate::domain::dates;
use crate::domain::delay::Row;
use crate::domain::ids::{CustomerId, LineId};
use crate::domain::quantity::Qty;
use crate::tui::form::Field;
use crate::tui::text;
use crate::tui::views::backorders::spoken::lines_of;
use crate::tui::views::backorders::{WaitRow, What};
use crate::worker::backorders::{Customer, Reasons, Shown, WaitingLine};
use chrono::NaiveDate;
use std::sync::Arc;

/// Lines, by their place in the board.
#[derive(Clone)]
pub struct About {
    pub shown: Arc<Shown>,
    /// What the rows speak of: ticked at first.
    ticked: Vec<usize>,
    /// The customer's other open lines.
    others: Vec<usize>,
}

impl About {
    /// Of some rows. The other lines of a single customer can be ticked too.
    pub fn of(shown: &Arc<Shown>, rows: &[&WaitRow]) -> About {
        let mut ticked: Vec<usize> = Vec::new();
        for at in rows.iter().flat_map(|r| lines_of(shown, r)) {
            if !ticked.contains(&at) {
                ticked.push(at);
            }
        }
        let mut about = About { shown: shown.clone(), ticked, others: Vec::new() };
        let cause = rows.iter().any(|r| matches!(r.what, What::Cause(_) | What::Channel(_)));
        if let ([only], false) = (about.customers().as_slice(), cause) {
            let mine = shown.board.lines.iter().enumerate().filter(|(_, l)| l.customer == *only);
            about.others = mine.map(|(at, _)| at).filter(|at| !about.ticked.contains(at)).collect();
        }
        about
    }

    /// The same about some of its lines alone, all ticked.
    pub fn only(&self, lines: &[LineId]) -> About {
        let all = self.ticked.iter().chain(&self.others).copied();
        let wanted = |at: &usize| self.shown.board.lines.get(*at).is_some_and(|l| lines.contains(&l.line));
        About { shown: self.shown.clone(), ticked: all.filter(wanted).collect(), others: Vec::new() }
    }

    pub fn today(&self) -> NaiveDate {
        self.shown.board.today
    }

    /// The ticked lines, the one that decides first.
    pub fn lines(&self) -> Vec<&WaitingLine> {
        self.ticked.iter().filter_map(|at| self.shown.board.lines.get(*at)).collect()
    }

    /// The ticked lines and the customer's others.
    pub fn all(&self) -> Vec<&WaitingLine> {
        self.ticked.iter().chain(&self.others).filter_map(|at| self.shown.board.lines.get(*at)).collect()
    }

    /// The lines whose boxes a field shows as ticked.
    pub fn chosen(&self, field: Option<&Field>) -> Vec<&WaitingLine> {
        let ids = field.map(Field::ticked).unwrap_or_default();
        self.all().into_iter().filter(|l| ids.contains(&l.line.0)).collect()
    }

    /// The line that decides.
    pub fn lead(&self) -> Option<&WaitingLine> {
        self.ticked.first().and_then(|at| self.shown.board.lines.get(*at))
    }

    /// Lines of which something lies here for them.
    pub fn ready(&self) -> Vec<&WaitingLine> {
        self.all().into_iter().filter(|l| l.allocated.is_positive()).collect()
    }

    /// Of nothing of it anybody knows what the customer was told.
    pub fn is_not_known(&self) -> bool {
        !self.ticked.is_empty() && self.lines().iter().all(|l| l.decision.row == Row::NotKnown)
    }

    /// The customers of the ticked lines.
    pub fn customers(&self) -> Vec<CustomerId> {
        let mut ids: Vec<CustomerId> = Vec::new();
        for line in self.lines() {
            if !ids.contains(&line.customer) {
                ids.push(line.customer);
            }
        }
        ids
    }

    /// The one customer, where it is one.
    pub fn customer(&self) -> Option<&Customer> {
        match self.customers().as_slice() {
            [only] => self.shown.board.people.get(only),
            _ => None,
        }
    }

    /// `Around the Horn, London (business)`; `3 customers`.
    pub fn who(&self) -> String {
        match self.customer() {
            Some(c) => {
                let city = c.city.as_ref().map_or(String::new(), |city| format!(", {city}"));
                let kind = c.kind.map_or(String::new(), |k| format!(" ({})", k.name()));
                format!("{}{city}{kind}", c.name)
            }
            None => text::plural(self.customers().len(), "customer"),
        }
    }

    /// A box for each line, with how many wait.
    pub fn boxes(&self, label: &'static str, of: &[&WaitingLine]) -> Field {
        self.boxes_of(label, of, |l| if l.short.is_positive() { l.short } else { l.open })
    }

    /// A box for each line, with a quantity of it.
    pub fn boxes_of(&self, label: &'static str, of: &[&WaitingLine], quantity: fn(&WaitingLine) -> Qty) -> Field {
        let orders = {
            let mut codes: Vec<&str> = of.iter().map(|l| l.order_code.as_str()).collect();
            codes.sort_unstable();
            codes.dedup();
            codes.len()
        };
        let several = self.customers().len() > 1;
        let ticked: Vec<LineId> = self.lines().iter().map(|l| l.line).collect();
        let none_ticked = !of.iter().any(|l| ticked.contains(&l.line));
        let options: Vec<(i64, String, bool)> = of
            .iter()
            .map(|l| {
                let goods = format!("{} {}", text::quantity(quantity(l)), text::fit(&l.item_name, 26));
                let words = match (several, orders > 1) {
                    (true, _) => format!("{}: {goods}", text::fit(&l.customer_name, 20)),
                    (_, true) => format!("{} {goods}", l.order_code),
                    _ => goods,
                };
                (l.line.0, words, none_ticked || ticked.contains(&l.line))
            })
            .collect();
        // A second line only where the boxes need it: the words to say need the room more.
        let width: usize = options.iter().map(|o| text::width(&o.1) + 6).sum();
        Field::boxes(label, options).tall(if width > 66 { 2 } else { 1 })
    }

    /// A list of the lines, to choose one; the ticked ones first.
    pub fn choice(&self, label: &'static str, at: usize) -> Field {
        let words = |l: &&WaitingLine| {
            let here = if l.allocated.is_positive() {
                format!(", {} here", text::quantity(l.allocated))
            } else {
                String::new()
            };
            let (order, name) = (format!("{}/{}", l.order_code, l.line_code), text::fit(&l.item_name, 32));
            (l.line.0, format!("{order}  {} {name}{here}", text::quantity(l.open)))
        };
        let mut field = Field::list(label, self.all().iter().map(words).collect());
        field.choose(at);
        field
    }

    /// The line that a list of [`About::choice`] shows.
    pub fn chosen_one(&self, field: Option<&Field>) -> Option<&WaitingLine> {
        let id = field?.chosen_id()?;
        self.all().into_iter().find(|l| l.line.0 == id)
    }

    /// Reasons to choose from, those used last first.
    pub fn reasons(&self, known: &[&str], used: fn(&Reasons) -> &Vec<String>) -> Vec<(i64, String)> {
        let used = used(&self.shown.reasons);
        let rank = |reason: &str| used.iter().position(|u| u.starts_with(reason)).unwrap_or(usize::MAX);
        let mut all: Vec<&str> = known.to_vec();
        all.sort_by_key(|reason| rank(reason)); // stable: those never used stay in their order
        (0..).zip(all).map(|(n, reason)| (n, reason.to_string())).collect()
    }

    /// The date to say: the latest safe one of these lines; none where one of them has none.
    pub fn safe_date(&self, lines: &[&WaitingLine]) -> Option<NaiveDate> {
        let today = self.today();
        lines
            .iter()
            .map(|l| l.safe_on.or(l.likely_on).map(|d| d.max(today)))
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .max()
    }

    /// `likely 1 Dec, to be safe 3 Dec`.
    pub fn likely(&self, lines: &[&WaitingLine]) -> String {
        let today = self.today();
        let likely =
            lines.iter().map(|l| l.likely_on).collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max());
        match (likely, self.safe_date(lines)) {
            (Some(likely), Some(safe)) if likely < safe => {
                format!("likely {}, to be safe {}", dates::short(likely, today), dates::short(safe, today))
            }
            (Some(likely), _) => format!("likely {}", dates::full(likely, today)),
            (None, _) => "no date is known".into(),
        }
    }
}
