//! What a key does: the chosen action, on the tab, its list or what is open above it.

use super::{App, Effect, Notice};
use crate::tui::action::{Action, Availability};
use crate::tui::door::Door;
use crate::tui::keymap::Scope;
use crate::tui::listed::Listed;
use crate::tui::office::FileName;
use crate::tui::screens::DueLine;
use crate::tui::views::frame;
use crate::tui::{keymap, overlay};
use crate::worker::{Load, Owner, Slot};
use chrono::NaiveDate;
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

impl App {
    pub(super) fn key(&mut self, key: &KeyEvent, out: &mut Vec<Effect>) {
        let everywhere = keymap::resolve(&[Scope::Everywhere], key);
        if !matches!(everywhere, Some(Action::Interrupt)) {
            self.leaving = false;
        }
        match everywhere {
            Some(Action::Interrupt) => return self.interrupt(out),
            Some(Action::Suspend) => return out.push(Effect::Suspend),
            Some(Action::Redraw) => return out.push(Effect::Redraw),
            // In a scan field that key has a meaning of its own, and where a key is changed it may be the new one.
            Some(Action::File) if !self.overlays.last().is_some_and(|(_, o)| o.takes_every_key()) => {
                return self.file(out);
            }
            _ => {}
        }
        if let Some((id, overlay)) = self.overlays.last_mut() {
            let (id, look) = (*id, self.look);
            let cmds = overlay.key(key, &look);
            return self.run(Owner::Overlay(id), cmds, out);
        }
        if self.filter.is_some() {
            return self.filter_key(key, out);
        }
        let scopes = [self.screen().scope(), Scope::List, Scope::Everywhere];
        if let Some(action) = keymap::resolve(&scopes, key) {
            self.act(action, out);
        }
    }

    pub(super) fn interrupt(&mut self, out: &mut Vec<Effect>) {
        if self.leaving {
            return out.push(Effect::Quit);
        }
        self.leaving = true;
        self.say("Ctrl-C again leaves. All is saved.".into());
    }

    pub(super) fn filter_key(&mut self, key: &KeyEvent, out: &mut Vec<Effect>) {
        let Some(input) = self.filter.as_mut() else { return };
        match key.code {
            KeyCode::Esc | KeyCode::F(12) => {
                self.filter = None;
                let cmds = self.screen_mut(|s, look| s.filter("", look));
                self.run(Owner::Tab(self.tab), cmds, out);
            }
            KeyCode::Enter | KeyCode::Tab => self.filter = None,
            KeyCode::Up => self.list().step(-1),
            KeyCode::Down => self.list().step(1),
            KeyCode::PageUp => self.list().page(-1),
            KeyCode::PageDown => self.list().page(1),
            _ => {
                let before = input.value().to_string();
                input.handle_event(&TermEvent::Key(*key));
                let text = input.value().to_string();
                if text != before {
                    let cmds = self.screen_mut(|s, look| s.filter(&text, look));
                    self.run(Owner::Tab(self.tab), cmds, out);
                }
            }
        }
    }

    /// Whether an action can be done now: what the footer shows and what the handler asks.
    pub fn availability(&self, action: Action) -> Availability {
        let row = "No row is chosen. Choose one with the arrow keys first.";
        match action {
            Action::Open | Action::IntoPane | Action::Mark | Action::Copy => {
                Availability::when(self.screen().list().selected_id().is_some(), row)
            }
            Action::Tab(n) => Availability::when(n < self.screens.len(), "There is no such tab."),
            _ if keymap::of(self.screen().scope()).any(|b| b.action == action) => self.screen().availability(action),
            _ => Availability::Ready,
        }
    }

    pub(super) fn act(&mut self, action: Action, out: &mut Vec<Effect>) {
        if let Availability::Blocked(why) = self.availability(action) {
            self.notice = Notice { words: why, undo: false, refused: true };
            return;
        }
        if let Some(overlay) = overlay::of(action, self.screen().scope(), &self.look) {
            return self.open(overlay, out);
        }
        if self.opened || self.in_pane {
            let page = self.look.height.saturating_sub(6) as usize;
            match action {
                Action::Up => return self.scroll = self.scroll.saturating_sub(1),
                Action::Down => return self.scroll += 1,
                Action::PageUp => return self.scroll = self.scroll.saturating_sub(page),
                Action::PageDown => return self.scroll += page,
                Action::First => return self.scroll = 0,
                _ => {}
            }
        }
        match action {
            Action::Up => self.list().step(-1),
            Action::Down => self.list().step(1),
            Action::PageUp => self.list().page(-1),
            Action::PageDown => self.list().page(1),
            Action::First | Action::Last => self.jump(action, out),
            Action::Open => match self.screen_mut(|s, look| s.open(look)) {
                Some(cmds) => self.run(Owner::Tab(self.tab), cmds, out),
                None => (self.opened, self.scroll) = (true, 0),
            },
            Action::IntoPane if frame::pane_width(&self.look).is_some() => (self.in_pane, self.scroll) = (true, 0),
            Action::IntoPane => (self.opened, self.scroll) = (true, 0),
            Action::OutOfPane => (self.in_pane, self.opened) = (false, false),
            Action::Back => self.back(out),
            Action::Tab(n) => self.show(n, out),
            Action::NextTab => self.show((self.tab + 1) % self.screens.len(), out),
            Action::PreviousTab => self.show((self.tab + self.screens.len() - 1) % self.screens.len(), out),
            Action::NextDue => self.next_due(out),
            Action::Filter => self.filter = Some(Input::new(self.filtered_by())),
            Action::NextView => {
                self.notice = Notice::default(); // it was about what is no longer shown
                let next = (self.screen().view() + 1) % self.screen().views().len().max(1);
                let cmds = self.screen_mut(|s, look| s.set_view(next, look));
                self.run(Owner::Tab(self.tab), cmds, out);
            }
            Action::Sort => match self.list().next_sort() {
                Some(column) => self.say(format!("Sorted by {column}.")),
                None => self.say("In the order of the view. Another view (v) has another order.".into()),
            },
            Action::Mark => self.list().toggle_mark(),
            Action::MarkAll => self.list().mark_all(),
            Action::Copy => {
                if let Some(code) = self.screen().code() {
                    self.say(format!("Copied {code}."));
                    out.push(Effect::Copy(code));
                }
            }
            Action::Export | Action::File => self.file(out),
            Action::Reload => self.reload(out),
            Action::Lock => self.lock(),
            Action::Person => {
                let door = Door::open(&self.setting.operator);
                let load = door.opened();
                self.door = Some(door);
                if let Some(load) = load {
                    self.ask(Slot { owner: Owner::Frame, part: "people" }, Load::People(load), out);
                }
            }
            other => {
                if self.notice.refused {
                    self.notice = Notice::default();
                }
                let cmds = self.screen_mut(|s, look| s.act(other, look));
                self.run(Owner::Tab(self.tab), cmds, out);
            }
        }
    }

    /// The list on the screen to paper or a file: of what lies on top, else of the tab.
    fn file(&mut self, out: &mut Vec<Effect>) {
        let look = self.look;
        let listed = match self.overlays.last() {
            Some((_, overlay)) => overlay.listed(&look),
            None => {
                let screen = self.screen();
                Some(Listed::new(screen.title(), screen.list().shown(&look)).all_of(screen.whole()))
            }
        };
        match (listed, self.overlays.last_mut()) {
            (Some(listed), _) => self.open(Box::new(FileName::of(listed, &look)), out),
            (None, top) => {
                out.push(Effect::Bell);
                if let Some((_, overlay)) = top {
                    overlay.refused("There is no list here to print or to write to a file.");
                }
            }
        }
    }

    pub(super) fn jump(&mut self, action: Action, out: &mut Vec<Effect>) {
        let want = if action == Action::First { self.list().first() } else { self.list().last() };
        if let Some(want) = want {
            let cmds = self.screen_mut(|s, look| s.wanted(want, look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
    }

    pub(super) fn filtered_by(&mut self) -> String {
        self.screens.get(self.tab).map(|s| s.filtered_by().to_string()).unwrap_or_default()
    }

    pub(super) fn back(&mut self, out: &mut Vec<Effect>) {
        if self.opened || self.in_pane {
            (self.opened, self.in_pane) = (false, false);
        } else if !self.filtered_by().is_empty() {
            let cmds = self.screen_mut(|s, look| s.filter("", look));
            self.run(Owner::Tab(self.tab), cmds, out);
        } else {
            self.notice = Notice::default();
            let cmds = self.screen_mut(|s, look| s.back(look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
    }

    pub(super) fn show(&mut self, tab: usize, out: &mut Vec<Effect>) {
        if tab >= self.screens.len() || tab == self.tab {
            return;
        }
        self.tab = tab;
        if self.notice.refused {
            self.notice = Notice::default(); // why something could not be done on the tab that was left
        }
        (self.opened, self.in_pane, self.filter) = (false, false, None);
        self.lay_out();
        let cmds = self.screen_mut(|s, look| s.refresh(look));
        self.run(Owner::Tab(tab), cmds, out);
    }

    pub(super) fn go_to(&mut self, tab: usize, id: i64, out: &mut Vec<Effect>) {
        if tab >= self.screens.len() {
            return;
        }
        self.show(tab, out);
        (self.opened, self.in_pane, self.filter) = (false, false, None);
        let cmds = self.screen_mut(|s, look| s.go_to(id, look));
        self.run(Owner::Tab(tab), cmds, out);
    }

    pub(super) fn next_due(&mut self, out: &mut Vec<Effect>) {
        let tabs = self.screens.len();
        let chosen = self.screen().list().selected_id();
        // From the chosen row on, through the other tabs, and round to this tab's first.
        let due = (0..=tabs).find_map(|n| {
            let tab = (self.tab + n) % tabs;
            let due = self.screens.get(tab)?.due();
            let after = if n == 0 { due.iter().position(|id| Some(*id) == chosen).map_or(0, |at| at + 1) } else { 0 };
            due.get(after).map(|id| (tab, *id))
        });
        match due {
            Some((tab, id)) => self.go_to(tab, id, out),
            None => {
                let calm = self.calm();
                self.say(if calm.is_empty() { "Nothing is due in any tab.".into() } else { calm });
            }
        }
    }

    /// What is due in every tab, for the Today card.
    pub(super) fn due_lines(&self) -> Vec<DueLine> {
        // What is lost with a customer comes before what is to be bought or looked at.
        let mut all: Vec<DueLine> = self
            .screens
            .iter()
            .enumerate()
            .flat_map(|(tab, s)| s.today(&self.look).into_iter().map(move |line| DueLine { tab, ..line }))
            .collect();
        all.sort_by_key(|line| line.sign != '!');
        all
    }

    /// What was changed in the tabs and not ordered.
    pub(super) fn unordered(&self) -> Vec<String> {
        self.screens.iter().flat_map(|s| s.unordered()).collect()
    }

    /// The day of the levels that all tabs go by, where it is another than this window's.
    pub(in crate::tui) fn levels_of(&self) -> Option<NaiveDate> {
        self.screens.iter().find_map(|s| s.levels_of())
    }

    pub(super) fn calm(&self) -> String {
        self.screens.iter().find_map(|s| s.calm(&self.look)).unwrap_or_default()
    }

    pub(super) fn mouse(&mut self, mouse: MouseEvent, out: &mut Vec<Effect>) {
        if !self.overlays.is_empty() || self.door.is_some() {
            return;
        }
        self.dirty = true;
        match mouse.kind {
            MouseEventKind::ScrollDown => self.act(Action::Down, out),
            MouseEventKind::ScrollUp => self.act(Action::Up, out),
            MouseEventKind::Down(MouseButton::Left) => match frame::hit(self, mouse.column, mouse.row) {
                Some(frame::Hit::Tab(tab)) => self.show(tab, out),
                Some(frame::Hit::Heading(x, width)) => {
                    let look = self.look;
                    if let Some(column) = self.list().sort_at(x, width, &look) {
                        self.say(format!("Sorted by {column}."));
                    }
                }
                Some(frame::Hit::Row(line)) if self.list().click(line) => self.act(Action::Open, out),
                Some(frame::Hit::Row(_)) | None => {}
            },
            _ => {}
        }
    }
}
