//! Reorder: what to order, from whom, how much, why? It also drives planning in the background.

mod acting;
mod availability;
mod background;
mod deciding;
mod dialogs;
mod level;
mod making;
pub mod planned;
mod saying;
mod seller;
mod terms;
pub mod why;

use super::suppliers::book::Page;
use super::{Badge, Cmd, DueLine, Line, Screen, Spoken};
use crate::domain::ids::{ItemId, PoId};
use crate::domain::money::Money;
use crate::tui::action::{Action, Availability};
use crate::tui::keymap::{Binding, Scope};
use crate::tui::table::{List, Listing, Look};
use crate::tui::views::reorder::{
    self as view, ASLEEP, BY_SUPPLIER, BY_URGENCY, LAST_YEAR, LEVELS, NOT_NEEDED, ReorderRow, TOO_LATE, TOO_MUCH,
    VIEWS, last_year,
};
use crate::worker::reorder::{
    self, Decision, Draft, IdleLine, Later, LineDetail, Need, NotNeeded, ReorderLine, Shown, Target,
};
use crate::worker::{Answer, Job, Load, Progress};
use background::{Planning, Replay};
use chrono::NaiveDate;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use why::Why;

/// The tab.
pub struct Reorder {
    list: List<ReorderRow>,
    view: usize,
    shown: Option<Arc<Shown>>,
    idle: Vec<IdleLine>,
    targets: Vec<Target>,
    /// So many items of most turnover were looked at for them, and of so many, where there are more.
    targets_of_more: Option<(usize, usize)>,
    detail: Option<Box<LineDetail>>,
    /// Badge, sentence and footer ask for the groups with each frame: they are put together once for a board.
    grouped: RefCell<Option<Grouped>>,
    planning: Planning,
    wanted: Option<i64>,
    replay: Replay,
    /// The view and the row from which the last year was asked for: Esc goes back to them.
    came_from: (usize, Option<i64>),
    /// Enter was pressed on its line before what is known of it was read: its figures open when it is.
    opening: Option<ItemId>,
    /// Nothing can be kept in this window: plans stay of the day of which they are.
    read_only: bool,
}

/// The groups of a board.
struct Grouped {
    of: Arc<Shown>,
    groups: Rc<Vec<view::Group>>,
}

impl Reorder {
    pub fn new() -> Reorder {
        Reorder {
            list: List::new(view::columns(0)),
            view: 0,
            shown: None,
            idle: Vec::new(),
            targets: Vec::new(),
            targets_of_more: None,
            detail: None,
            grouped: RefCell::default(),
            planning: Planning::default(),
            wanted: None,
            replay: Replay::default(),
            came_from: (BY_SUPPLIER, None),
            opening: None,
            read_only: false,
        }
    }

    fn ask(part: &'static str, load: reorder::Load) -> Cmd {
        Cmd::Load(part, Load::Reorder(load))
    }

    fn fill(&mut self) {
        if matches!(self.view, TOO_MUCH | ASLEEP | LEVELS) {
            return;
        }
        if self.view == LAST_YEAR {
            return self.list.set_rows(self.replay.done().map_or(Vec::new(), last_year::rows));
        }
        if let Some(shown) = &self.shown {
            self.list.set_rows(view::rows(shown, self.view));
        }
    }

    fn read_view(&mut self) -> Vec<Cmd> {
        match self.view {
            LAST_YEAR => self.replay.begin().map(|load| Self::ask("replay", load)).into_iter().collect(),
            LEVELS => vec![Self::ask("targets", reorder::Load::Targets)],
            TOO_MUCH => vec![
                Self::ask("idle", reorder::Load::Idle { asleep: false }),
                Self::ask("targets", reorder::Load::Targets),
            ],
            ASLEEP => vec![Self::ask("idle", reorder::Load::Idle { asleep: true })],
            _ => Vec::new(),
        }
    }

    /// The line of a row, with its place.
    fn line_of(&self, row: &ReorderRow) -> Option<(usize, &ReorderLine)> {
        let at = row.at?;
        Some((at, self.shown.as_ref()?.board.lines.get(at)?))
    }

    fn decision(&self, line: &ReorderLine) -> Option<Decision> {
        line.decided()
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

    /// Rows whose goods were ordered since the list was read: who marked them did it for that order.
    fn ordered_since(&self, now: &Shown) -> Vec<i64> {
        let Some(before) = self.shown.as_ref().filter(|_| !matches!(self.view, NOT_NEEDED | LEVELS)) else {
            return Vec::new();
        };
        let still: BTreeSet<ItemId> =
            now.board.lines.iter().filter(|l| l.decided().is_some()).map(|l| l.item).collect();
        let gone = before.board.lines.iter().filter(|l| l.decided().is_some() && !still.contains(&l.item));
        gone.map(|l| l.item.0).collect()
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
        let mut grouped = self.grouped.borrow_mut();
        if let Some(known) = grouped.as_ref().filter(|g| Arc::ptr_eq(&g.of, shown)) {
            return known.groups.clone();
        }
        let groups = Rc::new(view::groups(shown));
        *grouped = Some(Grouped { of: shown.clone(), groups: groups.clone() });
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

    fn ask_plan(load: Option<reorder::Load>) -> Vec<Cmd> {
        load.map(|load| Self::ask("plan", load)).into_iter().collect()
    }

    /// The PO that `c` opens: that of the row, or of goods that come too late though more is to be ordered.
    fn any_po(&self) -> Option<(PoId, String)> {
        let late = || self.line_of(self.list.selected()?)?.1.too_late();
        self.po().or_else(|| late().map(|way| (way.po, way.inbound.po_code.clone())))
    }

    /// The PO that the chosen row is about: of goods on their way, or a draft.
    fn po(&self) -> Option<(PoId, String)> {
        let row = self.list.selected()?;
        if let Some(draft) = self.draft_of(row) {
            return Some((draft.po, draft.code.clone()));
        }
        if let Some(line) = self.not_needed_of(row) {
            return Some((line.po, line.po_code.clone()));
        }
        if let Some(idle) = self.idle_of(row) {
            return idle.coming.as_ref().map(|(po, code, _)| (*po, code.clone()));
        }
        let (_, line) = self.line_of(row)?;
        line.hurried().or(line.draft()).map(|way| (way.po, way.inbound.po_code.clone()))
    }

    /// By what the chosen row's item is kept.
    fn target(&self) -> Option<&Target> {
        let row = self.list.selected()?;
        if matches!(self.view, LEVELS | TOO_MUCH) {
            return self.targets.iter().find(|t| t.item.0 == row.id);
        }
        let (_, line) = self.line_of(row)?;
        self.detail_of(line)?.target.as_ref()
    }

    /// The item of the chosen row; none: it is about a PO, or a way of planning.
    fn item(&self) -> Option<ItemId> {
        let row = self.list.selected()?;
        match self.view {
            LAST_YEAR => None,
            LEVELS | TOO_MUCH | ASLEEP => Some(ItemId(row.id)),
            _ => self.line_of(row).map(|(_, line)| line.item).or_else(|| self.later_of(row).map(|later| later.item)),
        }
    }

    /// The item of the chosen row, where it is to be counted first.
    fn to_count(&self) -> Option<ItemId> {
        let (_, line) = self.line_of(self.list.selected()?)?;
        (line.need == Need::Count).then_some(line.item)
    }

    /// The stock that asks for nothing, of a row.
    fn idle_of(&self, row: &ReorderRow) -> Option<&IdleLine> {
        self.idle.iter().find(|l| matches!(self.view, TOO_MUCH | ASLEEP) && l.item.0 == row.id)
    }

    /// What `z` ends early: the chosen row, where that is put off and nothing is marked.
    fn put_off(&self) -> Option<&Later> {
        self.list.selected().filter(|_| self.list.marked().is_empty()).and_then(|row| self.later_of(row))
    }

    fn later_of(&self, row: &ReorderRow) -> Option<&Later> {
        row.later?;
        self.shown.as_ref()?.board.later.iter().find(|l| l.sku == row.sku)
    }

    fn draft_of(&self, row: &ReorderRow) -> Option<&Draft> {
        self.shown.as_ref()?.drafts.iter().find(|d| view::draft_id(d) == row.id)
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
        self.top(look)
    }
    fn aside(&self, _look: &Look) -> String {
        self.beside()
    }
    fn working(&self) -> Option<String> {
        let stale = self.shown.as_ref().is_none_or(|s| s.board.stale);
        self.planning.words().filter(|_| stale)
    }
    fn progressed(&mut self, progress: Progress) {
        match progress.job {
            Job::Planning => self.planning.progressed(progress),
            Job::Replay => self.replay.progressed(progress),
        }
    }
    fn back(&mut self, look: &Look) -> Vec<Cmd> {
        let (view, row) = match self.view {
            BY_SUPPLIER => return Vec::new(),
            LAST_YEAR => self.came_from,
            BY_URGENCY | TOO_LATE => (BY_SUPPLIER, self.list.selected_id()),
            _ => (BY_SUPPLIER, None),
        };
        let stopped = self.view == LAST_YEAR && self.replay.stop();
        let mut cmds = self.set_view(view, look);
        row.map(|id| self.list.select(id));
        if stopped {
            cmds.push(Cmd::Notice("The replay was stopped. Nothing was changed; h begins it again.".into()));
        }
        cmds
    }

    fn views(&self) -> &'static [&'static str] {
        VIEWS
    }
    fn view(&self) -> usize {
        self.view
    }
    fn set_view(&mut self, view: usize, look: &Look) -> Vec<Cmd> {
        self.view = view;
        self.came_from = (BY_SUPPLIER, None);
        self.list = List::new(view::columns(view));
        self.idle.clear();
        self.fill();
        let mut cmds = self.read_view();
        cmds.extend(self.moved(look));
        cmds
    }

    fn summary(&mut self, _look: &Look) -> Vec<Cmd> {
        let mut cmds = vec![Self::ask("board", reorder::Load::Board)];
        cmds.extend(Self::ask_plan(self.planning.begin()));
        cmds
    }
    fn refresh(&mut self, _look: &Look) -> Vec<Cmd> {
        self.fill();
        self.read_view()
    }

    fn moved(&mut self, _look: &Look) -> Vec<Cmd> {
        let chosen = self.list.selected().and_then(|row| self.line_of(row)).map(|(_, line)| line.item);
        self.opening = self.opening.filter(|item| Some(*item) == chosen);
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
            reorder::Answer::Fresh => return Self::ask_plan(self.planning.done()),
            reorder::Answer::Planned(plans) => return vec![Self::ask("keep", reorder::Load::Keep { plans, from: 0 })],
            reorder::Answer::Kept { plans, next: Some(from) } => {
                return vec![Self::ask("keep", reorder::Load::Keep { plans, from })];
            }
            reorder::Answer::Kept { plans, next: None } if !plans.is_last() => {
                return vec![Self::ask("plan", reorder::Load::GoOn { plans })];
            }
            reorder::Answer::Kept { next: None, .. } => {
                // Every tab shows what follows from the plans; reading again asks for plans again, which are fresh now.
                let mut cmds = Self::ask_plan(self.planning.done());
                cmds.push(Cmd::Do(Action::Reload));
                return cmds;
            }
            reorder::Answer::Board(shown) => {
                self.list.unmark(&self.ordered_since(&shown));
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
            reorder::Answer::Targets { targets, of_more } => {
                self.targets_of_more = of_more;
                if self.view == LEVELS {
                    self.list.set_rows(view::target_rows(&targets));
                }
                self.targets = targets;
            }
            reorder::Answer::Line(detail) => {
                let item = detail.item;
                self.detail = Some(detail);
                if self.opening.take_if(|opening| *opening == item).is_some() {
                    return self.open(look).unwrap_or_default();
                }
            }
            reorder::Answer::OfItem(_) => {} // its page's own
            reorder::Answer::Replayed(replayed) => {
                self.replay = Replay::Done(replayed);
                self.fill();
            }
            reorder::Answer::NotReplayed(why) => {
                if self.replay.refused(&why) {
                    return vec![Cmd::Notice(why)];
                }
            }
        }
        Vec::new()
    }

    fn open(&mut self, _look: &Look) -> Option<Vec<Cmd>> {
        let row = self.list.selected()?;
        if let Some(draft) = self.draft_of(row) {
            return Some(vec![Cmd::Open(Box::new(Page::new(draft.po, &draft.code)))]);
        }
        let (_, line) = self.line_of(row)?;
        let Some(detail) = self.detail_of(line) else {
            self.opening = Some(line.item);
            return Some(Vec::new());
        };
        Some(vec![Cmd::Open(Box::new(Why::of(line.clone(), self.decision(line), detail.clone())))])
    }

    fn availability(&self, action: Action) -> Availability {
        self.blocked(action).map_or(Availability::Ready, Availability::Blocked)
    }

    fn key_label(&self, key: &Binding) -> Option<&'static str> {
        self.label(key)
    }

    fn act(&mut self, action: Action, look: &Look) -> Vec<Cmd> {
        self.deed(action, look)
    }

    fn spoken(&self, look: &Look) -> Option<Spoken> {
        self.said(look)
    }
    fn pane(&self, width: usize, look: &Look) -> Vec<Line> {
        self.in_full(width, look)
    }
    fn empty(&self, look: &Look) -> String {
        self.nothing_there(look)
    }

    fn code(&self) -> Option<String> {
        self.list.selected().map(|r| r.sku.clone())
    }

    fn new_day(&mut self) {
        self.replay = Replay::default();
        self.planning = Planning::default(); // plans of another day are made anew, as when the program opens
    }

    fn only_reads(&mut self) {
        self.read_only = true;
    }

    fn levels_of(&self) -> Option<NaiveDate> {
        self.shown.as_ref()?.board.of_day
    }

    fn unordered(&self) -> Vec<String> {
        self.shown.as_ref().map_or(Vec::new(), |shown| view::changed(shown))
    }

    fn due(&self) -> Vec<i64> {
        let lines = self.shown.iter().flat_map(|s| &s.board.lines);
        lines.filter(|l| l.orders_today()).map(|l| l.item.0).collect()
    }

    fn today(&self, look: &Look) -> Vec<DueLine> {
        self.on_the_card(look)
    }
}
