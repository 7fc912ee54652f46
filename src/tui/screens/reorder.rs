//! Reorder: what to order, from whom, how much, why? It also drives planning in the background.

mod deciding;
mod dialogs;

use super::{Badge, Cmd, DueLine, Line, Screen, Spoken};
use crate::domain::dates;
use crate::domain::ids::ItemId;
use crate::domain::money::Money;
use crate::tui::action::{Action, Availability};
use crate::tui::keymap::Scope;
use crate::tui::overlay::dialog;
use crate::tui::table::{List, Listing, Look};
use crate::tui::text;
use crate::tui::views::reorder::{
    self as view, ASLEEP, BY_SUPPLIER, Decision, Decisions, LAST_YEAR, NOT_NEEDED, ReorderRow, TOO_LATE, TOO_MUCH,
    VIEWS, last_year, pane,
};
use crate::worker::reorder::{self, IdleLine, LineDetail, NotNeeded, ReorderLine, Replayed, Shown};
use crate::worker::{Answer, Load};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// How far planning in the background is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Planning {
    /// Nothing was asked since the program started.
    Before,
    /// Asked; `again`: facts changed since.
    Under {
        again: bool,
    },
    Done,
}

/// The tab.
pub struct Reorder {
    list: List<ReorderRow>,
    view: usize,
    shown: Option<Arc<Shown>>,
    idle: Vec<IdleLine>,
    detail: Option<Box<LineDetail>>,
    /// What the person changed; the dialogs write it.
    decisions: Rc<RefCell<Decisions>>,
    /// Badge, sentence and footer ask for the groups with each frame: they are put together once for a board and what
    /// was decided about it.
    grouped: RefCell<Option<Grouped>>,
    planning: Planning,
    progress: Option<(usize, usize)>,
    wanted: Option<i64>,
    /// The last year as it was replayed; none: not asked for yet, or under way.
    replayed: Option<Arc<Replayed>>,
    replaying: bool,
}

/// The groups of a board.
struct Grouped {
    of: Arc<Shown>,
    decisions: Decisions,
    groups: Rc<Vec<view::Group>>,
}

impl Reorder {
    pub fn new() -> Reorder {
        Reorder {
            list: List::new(view::columns(0)),
            view: 0,
            shown: None,
            idle: Vec::new(),
            detail: None,
            decisions: Rc::default(),
            grouped: RefCell::default(),
            planning: Planning::Before,
            progress: None,
            wanted: None,
            replayed: None,
            replaying: false,
        }
    }

    fn ask(part: &'static str, load: reorder::Load) -> Cmd {
        Cmd::Load(part, Load::Reorder(load))
    }

    fn fill(&mut self) {
        if matches!(self.view, TOO_MUCH | ASLEEP) {
            return;
        }
        if self.view == LAST_YEAR {
            return self.list.set_rows(self.replayed.as_deref().map_or(Vec::new(), last_year::rows));
        }
        if let Some(shown) = &self.shown {
            self.list.set_rows(view::rows(shown, &self.decisions.borrow(), self.view));
        }
    }

    fn read_view(&mut self) -> Vec<Cmd> {
        match self.view {
            LAST_YEAR if self.replayed.is_none() && !self.replaying => {
                self.replaying = true;
                vec![Self::ask("replay", reorder::Load::Replay)]
            }
            TOO_MUCH | ASLEEP => vec![Self::ask("idle", reorder::Load::Idle { asleep: self.view == ASLEEP })],
            _ => Vec::new(),
        }
    }

    /// The line of a row, with its place.
    fn line_of(&self, row: &ReorderRow) -> Option<(usize, &ReorderLine)> {
        let at = row.at?;
        Some((at, self.shown.as_ref()?.board.lines.get(at)?))
    }

    fn decision(&self, line: &ReorderLine) -> Option<Decision> {
        view::decided(line, &self.decisions.borrow())
    }

    fn not_needed_of(&self, row: &ReorderRow) -> Option<&NotNeeded> {
        self.shown.as_ref()?.board.not_needed.iter().find(|n| self.view == NOT_NEEDED && n.po_line.0 == row.id)
    }

    fn detail_of(&self, line: &ReorderLine) -> Option<&LineDetail> {
        self.detail.as_deref().filter(|d| d.item == line.item)
    }

    /// Places of the marked lines, else of the chosen one.
    fn targets(&self) -> Vec<usize> {
        let marked = self.list.marked();
        let all: Vec<usize> = self.list.rows().iter().filter(|r| marked.contains(&r.id)).filter_map(|r| r.at).collect();
        if all.is_empty() { self.list.selected().and_then(|r| r.at).into_iter().collect() } else { all }
    }

    /// Places of the lines that `s` orders: the marked, else all of the chosen line's supplier.
    fn to_order(&self) -> Vec<usize> {
        let Some(shown) = &self.shown else { return Vec::new() };
        if !self.list.marked().is_empty() {
            return self.targets();
        }
        let Some(chosen) = self.list.selected().and_then(|r| r.at) else { return Vec::new() };
        let groups = self.groups(shown);
        groups.iter().find(|g| g.lines.contains(&chosen)).map(|g| g.lines.clone()).unwrap_or_default()
    }

    fn groups(&self, shown: &Arc<Shown>) -> Rc<Vec<view::Group>> {
        let decisions = self.decisions.borrow();
        let mut grouped = self.grouped.borrow_mut();
        if let Some(known) = grouped.as_ref().filter(|g| Arc::ptr_eq(&g.of, shown) && g.decisions == *decisions) {
            return known.groups.clone();
        }
        let groups = Rc::new(view::groups(shown, &decisions));
        *grouped = Some(Grouped { of: shown.clone(), decisions: decisions.clone(), groups: groups.clone() });
        groups
    }

    /// Lines, suppliers and money of all suggestions.
    fn figures(&self) -> (usize, usize, Money) {
        let Some(shown) = &self.shown else { return (0, 0, Money::ZERO) };
        let groups = self.groups(shown);
        // Lines that nobody is known to sell are a group, and no supplier.
        let suppliers = groups.iter().filter(|g| g.supplier.is_some()).count();
        (groups.iter().map(|g| g.lines.len()).sum(), suppliers, groups.iter().map(|g| g.total).sum())
    }

    fn blocked(&self, action: Action) -> Option<String> {
        let Some(shown) = &self.shown else {
            return Some("Still reading what to order. Try again in a moment.".into());
        };
        let line = |at: &usize| shown.board.lines.get(*at);
        if action == Action::LastYear {
            return (!shown.board.has_history).then(|| "No past orders: there is nothing to live again.".into());
        }
        let targets = self.targets();
        if targets.is_empty() {
            return Some(match self.view {
                NOT_NEEDED => "Ask the supplier (3 Suppliers): x cancels a PO line, d gives it a new date.".into(),
                TOO_MUCH | ASLEEP | LAST_YEAR => {
                    "Nothing is to be ordered here. Another view (v) shows what is.".into()
                }
                _ => "No line is chosen. Choose one with the arrow keys first.".into(),
            });
        }
        let only_hurry = targets.iter().filter_map(line).all(|l| l.quantity().is_none());
        match action {
            Action::MakeOrders | Action::Edit | Action::OtherSupplier if only_hurry => {
                Some("Enough is on its way: hurry the supplier (3) instead of ordering again.".into())
            }
            Action::Edit | Action::OtherSupplier if targets.len() > 1 => {
                Some("This is done line by line. Take the marks away first (*).".into())
            }
            Action::ProgramLevel | Action::Project | Action::Inherit if targets.len() > 1 => {
                Some("This is done line by line. Take the marks away first (*).".into())
            }
            Action::ProgramLevel => {
                let line = targets.first().and_then(line)?;
                let typed = line.min.is_some() || line.max.is_some();
                (!typed).then(|| "It has no min or max of yours: the program's figure is in force.".into())
            }
            Action::Project => {
                let line = targets.first().and_then(line)?;
                match self.detail_of(line) {
                    None => Some("Still reading its orders. Try again in a moment.".into()),
                    Some(d) if d.why.spike.is_none() => {
                        Some("No order of it stands out: none is over ten times the usual.".into())
                    }
                    Some(_) => None,
                }
            }
            Action::OtherSupplier => {
                let line = targets.first().and_then(line)?;
                match self.detail_of(line) {
                    None => Some("Still reading who sells it. Try again in a moment.".into()),
                    Some(d) if !d.choices.iter().any(|c| !c.current) => {
                        Some("Nobody else is known to sell it. Bring in a price list: backshelf import PATH.".into())
                    }
                    Some(_) => None,
                }
            }
            Action::MakeOrders => {
                let orders = self.to_order();
                let decisions = self.decisions.borrow();
                let nobody = orders.iter().filter_map(line).find(|l| {
                    l.quantity().is_some() && view::decided(l, &decisions).is_some_and(|d| d.supplier.is_none())
                });
                nobody.map(|l| {
                    format!("Nobody is known to sell {}. Give the item a supplier: backshelf import PATH.", l.name)
                })
            }
            _ => None,
        }
    }

    /// What was decided about items that need nothing any more is forgotten.
    fn tidy(&mut self, shown: &Shown) {
        let wanted: BTreeSet<ItemId> = shown.board.lines.iter().map(|l| l.item).collect();
        self.decisions.borrow_mut().retain(|item, _| wanted.contains(item));
    }

    fn planned(&mut self, look: &Look) -> Vec<Cmd> {
        let again = self.planning == Planning::Under { again: true };
        self.planning = Planning::Done;
        self.progress = None;
        if again { self.plan(look) } else { Vec::new() }
    }

    /// Asks for plans, unless that is under way.
    fn plan(&mut self, _look: &Look) -> Vec<Cmd> {
        let opening = self.planning == Planning::Before;
        if let Planning::Under { .. } = self.planning {
            self.planning = Planning::Under { again: true };
            return Vec::new();
        }
        self.planning = Planning::Under { again: false };
        vec![Self::ask("plan", reorder::Load::Plan { opening })]
    }
}

impl Default for Reorder {
    fn default() -> Reorder {
        Reorder::new()
    }
}

impl Screen for Reorder {
    fn title(&self) -> &'static str {
        "Reorder"
    }
    fn scope(&self) -> Scope {
        Scope::Reorder
    }
    fn list(&self) -> &dyn Listing {
        &self.list
    }
    fn list_mut(&mut self) -> &mut dyn Listing {
        &mut self.list
    }
    fn badge(&self) -> Option<Badge> {
        Some(Badge { count: self.figures().0, urgent: false })
    }

    fn sentence(&self, look: &Look) -> String {
        let Some(shown) = &self.shown else { return "Reading what to order ...".into() };
        if !self.list.filter().is_empty() {
            return format!(
                "{} with \"{}\". Esc shows all.",
                text::plural(self.list.len(), "line"),
                self.list.filter()
            );
        }
        if let Some(working) = self.working() {
            return working;
        }
        let (lines, suppliers, total) = self.figures();
        match self.view {
            TOO_LATE => match shown.board.expedite.len() {
                1 => "1 item is on the way, but too late.".into(),
                n => format!("{} items are on the way, but too late.", text::count(n)),
            },
            NOT_NEEDED => match shown.board.not_needed.len() {
                0 => "What is on the way is needed.".into(),
                1 => "1 delivery on its way is not needed for long.".into(),
                n => format!("{} deliveries on their way are not needed for long.", text::count(n)),
            },
            LAST_YEAR => match &self.replayed {
                Some(replayed) => last_year::sentence(replayed),
                None => match self.progress {
                    Some((done, all)) if self.replaying && all > 0 => {
                        format!("Living the last year again: {} %.", done * 100 / all)
                    }
                    _ => "Living the last year again ...".into(),
                },
            },
            TOO_MUCH | ASLEEP => {
                let value: Money = self.idle.iter().filter_map(|l| l.value).sum();
                let what = if self.view == ASLEEP { "asleep" } else { "too much" };
                format!("{} {what}: {} on the shelf.", text::plural(self.idle.len(), "item"), text::money(value))
            }
            _ if !shown.board.has_history => match lines {
                0 => "No past orders: only your min and max are used.".into(),
                n => format!("No past orders, so by your min and max: {}{}.", text::plural(n, "line"), cost(total)),
            },
            _ if lines == 0 => nothing(shown, look),
            _ => {
                let all = format!("{}{}", text::plural(lines, "line"), cost(total));
                let today = shown.board.lines.iter().filter(|l| l.sign == '!' && self.decision(l).is_some()).count();
                match today {
                    0 => format!(
                        "To order from {}: {all}; none has to leave today.",
                        text::plural(suppliers, "supplier")
                    ),
                    n => format!(
                        "To order from {}: {all}; {} today.",
                        text::plural(suppliers, "supplier"),
                        text::count(n)
                    ),
                }
            }
        }
    }

    fn aside(&self, _look: &Look) -> String {
        let Some(shown) = &self.shown else { return String::new() };
        let mut words = format!("marked {}", self.list.marked().len());
        if let Some(budget) = shown.board.budget {
            let total = self.figures().2;
            words.push_str(&match total > budget {
                true => format!(" · {} over the budget {}", text::money(total - budget), text::money(budget)),
                false => format!(" · budget {}", text::money(budget)),
            });
        }
        if shown.board.put_off > 0 {
            words.push_str(&format!(" · {} later", shown.board.put_off));
        }
        words
    }

    fn working(&self) -> Option<String> {
        let stale = self.shown.as_ref().is_none_or(|s| s.board.stale);
        let under = matches!(self.planning, Planning::Under { .. });
        let (done, all) = self.progress.filter(|_| stale && under)?;
        let percent = (done * 100).checked_div(all).unwrap_or(0);
        Some(format!("Working out what to order: {percent} % of {}.", text::plural(all, "item")))
    }
    fn progressed(&mut self, done: usize, all: usize) {
        self.progress = Some((done, all));
    }

    fn views(&self) -> &'static [&'static str] {
        VIEWS
    }
    fn view(&self) -> usize {
        self.view
    }
    fn set_view(&mut self, view: usize, look: &Look) -> Vec<Cmd> {
        self.view = view;
        self.list = List::new(view::columns(view));
        self.idle.clear();
        self.fill();
        let mut cmds = self.read_view();
        cmds.extend(self.moved(look));
        cmds
    }

    fn summary(&mut self, look: &Look) -> Vec<Cmd> {
        let mut cmds = vec![Self::ask("board", reorder::Load::Board)];
        cmds.extend(self.plan(look));
        cmds
    }
    fn refresh(&mut self, _look: &Look) -> Vec<Cmd> {
        self.fill();
        self.read_view()
    }

    fn moved(&mut self, _look: &Look) -> Vec<Cmd> {
        match (&self.shown, self.list.selected().and_then(|r| r.at)) {
            (Some(shown), Some(at)) => vec![Self::ask("line", reorder::Load::Line { shown: shown.clone(), at })],
            _ => Vec::new(),
        }
    }

    fn go_to(&mut self, id: i64, look: &Look) -> Vec<Cmd> {
        if self.shown.is_none() {
            self.wanted = Some(id);
            return Vec::new();
        }
        self.list.set_filter("");
        for view in [self.view, BY_SUPPLIER, TOO_LATE] {
            if view != self.view {
                self.set_view(view, look);
            }
            if self.list.select(id) {
                return self.moved(look);
            }
        }
        vec![Cmd::Notice("Nothing of this item is to be ordered.".into())]
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        let Answer::Reorder(answer) = answer else { return Vec::new() };
        match answer {
            reorder::Answer::Fresh => return self.planned(look),
            reorder::Answer::Planned(plans) => return vec![Self::ask("keep", reorder::Load::Keep { plans, from: 0 })],
            reorder::Answer::Kept { plans, next: Some(from) } => {
                return vec![Self::ask("keep", reorder::Load::Keep { plans, from })];
            }
            reorder::Answer::Kept { next: None, .. } => {
                // Every tab shows what follows from the plans; reading again asks for plans again, which are fresh now.
                self.planning = Planning::Done;
                self.progress = None;
                return vec![Cmd::Do(Action::Reload)];
            }
            reorder::Answer::Board(shown) => {
                self.tidy(&shown);
                self.shown = Some(shown);
                self.fill();
                return match self.wanted.take() {
                    Some(id) => self.go_to(id, look),
                    None => self.moved(look),
                };
            }
            reorder::Answer::Idle { asleep, lines } => {
                if self.view == if asleep { ASLEEP } else { TOO_MUCH } {
                    self.list.set_rows(view::idle_rows(&lines));
                    self.idle = lines;
                }
            }
            reorder::Answer::Line(detail) => self.detail = Some(detail),
            reorder::Answer::Replayed(replayed) => {
                self.replaying = false;
                self.progress = None;
                self.replayed = Some(replayed);
                self.fill();
            }
        }
        Vec::new()
    }

    fn availability(&self, action: Action) -> Availability {
        self.blocked(action).map_or(Availability::Ready, Availability::Blocked)
    }

    fn act(&mut self, action: Action, look: &Look) -> Vec<Cmd> {
        let Some(shown) = self.shown.clone() else { return Vec::new() };
        if action == Action::LastYear {
            let mut cmds = self.set_view(LAST_YEAR, look);
            cmds.push(Cmd::Notice("v goes on to the other views.".into()));
            return cmds;
        }
        let targets = self.targets();
        let Some(line) = targets.first().and_then(|at| shown.board.lines.get(*at)).cloned() else { return Vec::new() };
        let decisions = self.decisions.clone();
        vec![match action {
            Action::MakeOrders => dialog(dialogs::MakeOrders::of(shown, self.to_order(), decisions)),
            Action::Edit => {
                let Some(now) = self.decision(&line) else { return Vec::new() };
                dialog(dialogs::Change::of(line, now, decisions))
            }
            Action::OtherSupplier => {
                let Some(choices) = self.detail_of(&line).map(|d| d.choices.clone()) else { return Vec::new() };
                dialog(dialogs::OtherSupplier::of(line, choices, decisions))
            }
            Action::LineLater | Action::DropLine => {
                let lines = targets.iter().filter_map(|at| shown.board.lines.get(*at)).cloned().collect();
                dialog(dialogs::PutOff::of(lines, action == Action::DropLine, shown.board.today))
            }
            Action::Serves => Cmd::Do(Action::Open),
            Action::ProgramLevel => dialog(deciding::Level::of(line)),
            Action::Inherit => dialog(deciding::Inherit::of(line)),
            Action::Project => {
                let Some(large) = self.detail_of(&line).and_then(|d| d.why.spike.clone()) else { return Vec::new() };
                dialog(deciding::Project::of(large))
            }
            _ => return Vec::new(),
        }]
    }

    fn spoken(&self, look: &Look) -> Option<Spoken> {
        let row = self.list.selected()?;
        if self.view == LAST_YEAR {
            let verdict = self.replayed.as_ref()?.sentence.clone();
            return Some(Spoken { name: "The last year, lived again".into(), lines: vec![("So", verdict)] });
        }
        if let Some(line) = self.not_needed_of(row) {
            let advice = line.advice(|on| dates::full(on, look.today));
            let have = format!("{} are there without it.", text::quantity(line.position));
            return Some(Spoken { name: line.name.clone(), lines: vec![("Have", have), ("Next", advice)] });
        }
        match self.line_of(row) {
            Some((_, line)) => Some(view::spoken(line, self.decision(line), self.detail_of(line))),
            None => {
                let words = pane::idle(row, self.view == ASLEEP, look.width as usize);
                let last = words.last().and_then(|l| l.first()).map(|c| c.text.clone()).unwrap_or_default();
                let next = "Sell it, return it, or order no more.".into();
                Some(Spoken { name: format!("{}  {}", row.sku, row.name), lines: vec![("Now", last), ("Next", next)] })
            }
        }
    }

    fn pane(&self, width: usize, look: &Look) -> Vec<Line> {
        let Some(row) = self.list.selected() else { return Vec::new() };
        if self.view == LAST_YEAR {
            return self.replayed.as_deref().map_or(Vec::new(), |r| last_year::pane(r, width));
        }
        if let Some(line) = self.not_needed_of(row) {
            return pane::not_needed(line, width, look);
        }
        match self.line_of(row) {
            Some((_, line)) => pane::line(line, self.decision(line), self.detail_of(line), width, look),
            None => pane::idle(row, self.view == ASLEEP, width),
        }
    }

    fn empty(&self, look: &Look) -> String {
        let Some(shown) = &self.shown else { return String::new() };
        if !self.list.filter().is_empty() {
            return format!("Nothing matches \"{}\". Esc shows all {}.", self.list.filter(), self.list.rows().len());
        }
        match self.view {
            TOO_LATE => "What is on the way comes in time.".into(),
            NOT_NEEDED => "What is on the way is needed.".into(),
            LAST_YEAR => String::new(),
            TOO_MUCH => "No item has more than it sells in a year.".into(),
            ASLEEP => "Nothing lies here that nobody orders any more.".into(),
            _ if !shown.board.has_history => "Without past orders I can only use your min and max. \
                 12 months of orders make it better: backshelf import PATH."
                .into(),
            _ => nothing(shown, look),
        }
    }

    fn code(&self) -> Option<String> {
        self.list.selected().map(|r| r.sku.clone())
    }

    fn new_day(&mut self) {
        self.replayed = None;
        self.planning = Planning::Before; // plans of another day are made anew, as when the program opens
    }

    fn due(&self) -> Vec<i64> {
        let lines = self.shown.iter().flat_map(|s| &s.board.lines);
        lines.filter(|l| l.sign == '!' && l.quantity().is_some()).map(|l| l.item.0).collect()
    }

    fn today(&self, look: &Look) -> Vec<DueLine> {
        let (lines, _, total) = self.figures();
        if lines == 0 {
            return Vec::new();
        }
        let due = self.due().len();
        let first = self.shown.iter().flat_map(|s| &s.board.lines).filter(|l| l.quantity().is_some());
        let first = first.min_by_key(|l| l.order_by);
        let by = first.map_or(String::new(), |l| format!("first by {}", dates::full(l.order_by, look.today)));
        let words = if lines == 1 { "line to order" } else { "lines to order" };
        vec![DueLine {
            sign: if due > 0 { '!' } else { '~' },
            count: lines,
            what: format!("{words}{}", cost(total)),
            detail: if due > 0 { format!("{} today", text::count(due)) } else { by },
            place: "4 Reorder",
            tab: 0,
            row: self.due().first().copied().or(first.map(|l| l.item.0)),
            action: None,
        }]
    }
}

/// What it costs together, where any cost is known.
fn cost(total: Money) -> String {
    if total.is_zero() { String::new() } else { format!(", {}", text::money(total)) }
}

fn nothing(shown: &Shown, look: &Look) -> String {
    match &shown.board.next {
        _ if shown.board.expedite.len() == 1 => "Nothing new to order. 1 item is on its way but too late: v.".into(),
        _ if !shown.board.expedite.is_empty() => {
            format!("Nothing new to order. {} items are on their way but too late: v.", shown.board.expedite.len())
        }
        Some((name, on)) => format!("Nothing to order. Next: {name} on {}.", dates::full(*on, look.today)),
        None => "Nothing to order.".into(),
    }
}
