//! The state of the screen, and the one function that changes it. No clock, no file, no terminal: events in, effects out.

use super::action::{Action, Availability};
use super::bring::Bring;
use super::door::{Door, Knock};
use super::event::{Event, Signal};
use super::keymap::{self, Scope};
use super::office::FileName;
use super::overlay::{self, Overlay};
use super::scan::{Mode, Scanner, Step};
use super::screens::{self, Cmd, DueLine, Screen};
use super::table::{Listing, Look, Stance};
use super::theme::Theme;
use super::today::Card;
use super::views::backorders::rows::NOT_KNOWN;
use super::views::frame;
use crate::domain::people::Matter;
use crate::domain::people::is_badge;
use crate::worker::{Answer, Ill, Load, Owner, Reply, Request, Slot, backorders, people, search};
use chrono::{NaiveDate, Timelike};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// What the outside is to do.
#[derive(Debug)]
pub enum Effect {
    Ask(Request),
    Quit,
    Suspend,
    Redraw,
    Bell,
    Copy(String),
    /// Put another key in force and keep it; what came of it comes back as [`Event::Edited`] for that overlay.
    Rebind {
        overlay: u64,
        name: String,
        key: String,
    },
    /// Let the person change a text in his own editor; it comes back as [`Event::Edited`] for that overlay.
    Edit {
        overlay: u64,
        text: String,
    },
}

/// What just happened, in words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Notice {
    pub words: String,
    /// It can be taken back: `u undo` stands beside it.
    pub undo: bool,
    /// It was refused or went wrong.
    pub refused: bool,
}

/// What the program was started with.
#[derive(Clone, Debug)]
pub struct Setting {
    pub today: NaiveDate,
    /// The business date was set by hand: the screen says so.
    pub as_of: bool,
    pub operator: String,
    pub warehouse: String,
    pub theme: Theme,
    pub mouse: bool,
    pub opening: Opening,
    /// Whoever starts it says first who he is.
    pub locked: bool,
    /// It locks itself after so long without a key.
    pub lock_after: Option<Duration>,
    /// How scans are told from typing.
    pub scanner: Mode,
}

/// Keeps another key (the second) for the command of that name; answers what is so now, or why not.
pub type KeepKey = fn(&str, &str) -> Result<String, String>;

/// How the workbench opens.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// On the orders from before of which nobody knows what was told: they are to be said one by one.
    pub not_known: bool,
    /// On the columns of this file: it was chosen before there was a warehouse.
    pub bring: Option<std::path::PathBuf>,
    /// With the Today card: the first time this day.
    pub today_card: bool,
    /// What survived a program that ended without leaving: the card's first line.
    pub survived: Option<String>,
    /// What this file is, loudly: TRAINING, READ ONLY.
    pub mark: Option<&'static str>,
    /// Keeps another key for a command; answers what is so now, or why not.
    pub keep_key: Option<KeepKey>,
}

/// Something above a tab, with its number.
type Opened = (u64, Box<dyn Overlay>);

/// The whole screen.
pub struct App {
    pub setting: Setting,
    pub look: Look,
    pub screens: Vec<Box<dyn Screen>>,
    pub tab: usize,
    overlays: Vec<(u64, Box<dyn Overlay>)>,
    next_overlay: u64,
    pub notice: Notice,
    /// What is the matter with the file: said on top instead of the day's sentence until it is solved.
    pub ill: Option<Ill>,
    /// The filter line, while it is typed in.
    pub filter: Option<Input>,
    /// The chosen row fills the screen.
    pub opened: bool,
    /// The pane has the keys.
    pub in_pane: bool,
    pub scroll: usize,
    generations: BTreeMap<Slot, u64>,
    tickets: u64,
    /// The overlay that a write was asked by.
    writing: BTreeMap<u64, Option<u64>>,
    scanner: Scanner,
    before: Option<Before>,
    /// Fast keys whose code is being looked up, and the keys that came since.
    asked_code: Option<(String, Vec<KeyEvent>, bool)>,
    leaving: bool,
    /// What is searched was asked to be made ready, when the first list had come.
    warmed: bool,
    dirty: bool,
    shown: Option<(usize, Option<i64>)>,
    /// What the open dialog is about, as colleagues were told.
    at_matter: Option<Matter>,
    /// Somebody has to say, or may say, who works here now.
    door: Option<Door>,
    /// What others left open when somebody took over, under their names.
    aside: BTreeMap<String, Vec<Opened>>,
    /// The last key, for the lock.
    last_key: Option<Instant>,
    /// When an overlay was last told the time, while one shows it.
    last_second: Option<Instant>,
}

/// How often a time that runs is drawn.
const SECOND: Duration = Duration::from_secs(1);

/// How things stood before fast keys began.
struct Before {
    tab: usize,
    overlays: usize,
    filter: Option<Input>,
    opened: bool,
    in_pane: bool,
    view: usize,
    stance: Stance,
}

impl App {
    pub fn new(setting: Setting, width: u16, height: u16) -> App {
        App {
            scanner: Scanner::new(setting.scanner.clone()),
            look: Look { today: setting.today, width, height },
            setting,
            screens: screens::all(),
            tab: 0,
            overlays: Vec::new(),
            next_overlay: 0,
            notice: Notice::default(),
            ill: None,
            filter: None,
            opened: false,
            in_pane: false,
            scroll: 0,
            generations: BTreeMap::new(),
            tickets: 0,
            writing: BTreeMap::new(),
            before: None,
            asked_code: None,
            leaving: false,
            warmed: false,
            dirty: true,
            shown: None,
            at_matter: None,
            door: None,
            aside: BTreeMap::new(),
            last_key: None,
            last_second: None,
        }
    }

    /// What is to be read when the program starts.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut out = Vec::new();
        if self.setting.opening.not_known {
            self.tab = 1;
            let cmds = self.screen_mut(|s, look| s.set_view(NOT_KNOWN, look));
            self.run(Owner::Tab(self.tab), cmds, &mut out);
        }
        self.lay_out();
        if self.setting.locked {
            self.door = Some(Door::locked(&self.setting.operator));
        }
        let visible = self.tab;
        let cmds = self.screen_mut(|s, look| s.refresh(look));
        self.run(Owner::Tab(visible), cmds, &mut out);
        self.summaries(&mut out);
        let opening = &self.setting.opening;
        if opening.today_card || opening.survived.is_some() {
            let card = Card::greeting(opening.survived.clone());
            self.open(Box::new(card), &mut out);
            self.after(&mut out);
        }
        if let Some(path) = self.setting.opening.bring.take() {
            self.open(Box::new(Bring::of(path)), &mut out);
            self.after(&mut out);
        }
        out
    }

    /// The one function that changes what is shown.
    pub fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut out = Vec::new();
        match event {
            Event::Term(TermEvent::Key(key), now) => {
                self.dirty = true;
                self.last_key = Some(now);
                if self.door.is_none()
                    && let Some((id, overlay)) = self.overlays.last_mut().filter(|(_, o)| o.takes_raw_keys())
                {
                    let (id, cmds) = (*id, overlay.raw_key(&key, now));
                    self.run(Owner::Overlay(id), cmds, &mut out);
                    self.after(&mut out);
                    return out;
                }
                let late = self.scanner.due(now);
                self.steps(late, &mut out);
                let in_text = self.in_text();
                let steps = self.scanner.feed(key, now, in_text);
                self.steps(steps, &mut out);
            }
            Event::Term(TermEvent::Paste(text), _) => self.paste(&text, &mut out),
            Event::Term(TermEvent::Resize(width, height), _) => {
                self.dirty = true;
                (self.look.width, self.look.height) = (width, height);
            }
            Event::Term(TermEvent::Mouse(mouse), now) => {
                self.last_key = Some(now);
                self.mouse(mouse, &mut out);
            }
            Event::Term(..) => {}
            Event::Tick(now) => {
                if self.locks_at().is_some_and(|at| now >= at) {
                    self.lock();
                }
                if self.next_second().is_some_and(|at| now >= at) {
                    self.last_second = Some(now);
                    let told: Vec<_> = self.overlays.iter_mut().map(|(id, o)| (*id, o.second(now))).collect();
                    for (id, cmds) in told {
                        self.run(Owner::Overlay(id), cmds, &mut out);
                    }
                    self.dirty = true;
                }
                let steps = self.scanner.due(now);
                self.dirty |= !steps.is_empty();
                self.steps(steps, &mut out);
            }
            Event::Reply(reply) => self.reply(reply, &mut out),
            Event::Edited { overlay, text } => {
                self.dirty = true;
                let look = self.look;
                let cmds = self.overlay_of(overlay).map(|o| o.edited(text, &look)).unwrap_or_default();
                self.run(Owner::Overlay(overlay), cmds, &mut out);
            }
            Event::Signal(Signal::End) => out.push(Effect::Quit),
            Event::Signal(Signal::Stop) => out.push(Effect::Suspend),
            Event::Signal(Signal::Continue) => {
                self.dirty = true;
                out.push(Effect::Redraw);
            }
        }
        self.after(&mut out);
        out
    }

    /// When a tick is wanted: held keys are due, or the screen locks itself.
    pub fn deadline(&self) -> Option<Instant> {
        [self.scanner.deadline(), self.locks_at(), self.next_second()].into_iter().flatten().min()
    }

    fn next_second(&self) -> Option<Instant> {
        let counts = self.door.is_none() && self.overlays.last().is_some_and(|(_, o)| o.counts_seconds());
        self.last_second.or(self.last_key).filter(|_| counts).map(|last| last + SECOND)
    }

    fn locks_at(&self) -> Option<Instant> {
        let free = self.door.as_ref().is_none_or(|door| !door.is_locked());
        let after = self.setting.lock_after.filter(|_| free)?;
        self.last_key.map(|last| last + after)
    }

    fn lock(&mut self) {
        self.dirty = true;
        self.scanner = self.scanner.afresh();
        self.door = Some(Door::locked(&self.setting.operator));
    }

    /// Who is asked who he is.
    pub fn door(&self) -> Option<&Door> {
        self.door.as_ref()
    }

    /// Whether something changed since the last drawing; asking resets it.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// A text field has the focus: pastes are welcome, letters are text.
    pub fn in_text(&self) -> bool {
        if self.door.is_some() {
            return true;
        }
        match self.overlays.last() {
            Some((_, overlay)) => overlay.in_text(),
            None => self.filter.is_some(),
        }
    }

    /// The tab that is shown.
    pub fn screen(&self) -> &dyn Screen {
        self.screens[self.tab].as_ref() // `tab` is only set by `show`, which checks it
    }

    /// The overlay on top, if any is open.
    pub fn overlay(&self) -> Option<&dyn Overlay> {
        self.overlays.last().map(|(_, o)| o.as_ref())
    }

    fn screen_mut<T>(&mut self, work: impl FnOnce(&mut dyn Screen, &Look) -> T) -> T {
        let look = self.look;
        work(self.screens[self.tab].as_mut(), &look) // as in `screen`
    }

    fn list(&mut self) -> &mut dyn Listing {
        self.screens[self.tab].list_mut() // as in `screen`
    }

    /// What follows from any change: the list knows its height, a newly chosen row reads its detail.
    fn after(&mut self, out: &mut Vec<Effect>) {
        self.lay_out();
        let now = (self.tab, self.screen().list().selected_id());
        if self.shown != Some(now) {
            if self.shown.is_some_and(|(tab, _)| tab == now.0)
                && self.opened
                && self.shown.is_some_and(|s| s.1 != now.1)
            {
                self.scroll = 0;
            }
            self.shown = Some(now);
            let cmds = self.screen_mut(|s, look| s.moved(look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
        if let Some(want) = self.screen().list().want() {
            let cmds = self.screen_mut(|s, look| s.wanted(want, look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
        if self.overlays.last().is_some_and(|(_, o)| o.wants_due()) {
            let (due, calm) = (self.due_lines(), self.calm());
            if let Some((_, overlay)) = self.overlays.last_mut() {
                overlay.set_due(due, calm);
            }
        }
        let at_matter = self.overlays.iter().rev().find_map(|(_, o)| o.matter());
        if std::mem::replace(&mut self.at_matter, at_matter) != at_matter {
            let load = Load::Backorders(backorders::Load::Open(at_matter));
            self.ask(Slot { owner: Owner::Frame, part: "open" }, load, out);
        }
    }

    fn lay_out(&mut self) {
        let rows = frame::list_rows(&self.look);
        self.list().set_height(rows);
    }

    fn steps(&mut self, steps: Vec<Step>, out: &mut Vec<Effect>) {
        for step in steps {
            if self.door.is_some() {
                self.at_door(step, out);
                continue;
            }
            if let Some((_, waiting, _)) = self.asked_code.as_mut() {
                if let Step::Act(key) | Step::IntoField { end: key, .. } = step {
                    waiting.push(key);
                }
                continue;
            }
            match step {
                Step::Begin => self.begin(),
                Step::Act(key) => self.key(&key, out),
                Step::Scan(code) => self.scanned(code, out),
                Step::Maybe { code, keys } => {
                    self.asked_code = Some((code.clone(), keys, false));
                    self.look_up(code, out);
                }
                Step::IntoField { code, end } => self.scanned_into_field(&code, &end, out),
                Step::Again(apart) => {
                    if let Some((_, overlay)) = self.overlays.last_mut() {
                        overlay.repeated(apart);
                    }
                }
            }
        }
    }

    fn at_door(&mut self, step: Step, out: &mut Vec<Effect>) {
        let Some(door) = self.door.as_mut() else { return };
        let knock = match step {
            Step::Begin | Step::Again(_) => Knock::Nothing,
            Step::Act(key) => match keymap::resolve(&[Scope::Everywhere], &key) {
                Some(Action::Interrupt) => return self.interrupt(out),
                Some(Action::Suspend) => return out.push(Effect::Suspend),
                Some(Action::Redraw) => return out.push(Effect::Redraw),
                _ => door.key(&key),
            },
            Step::Scan(code) | Step::IntoField { code, .. } | Step::Maybe { code, .. } => door.scanned(&code),
        };
        self.knocked(knock, out);
    }

    fn knocked(&mut self, knock: Knock, out: &mut Vec<Effect>) {
        self.leaving = false;
        match knock {
            Knock::Ask(load) => self.ask(Slot { owner: Owner::Frame, part: "door" }, Load::People(load), out),
            Knock::Back => self.door = None,
            Knock::Beep => out.push(Effect::Bell),
            Knock::Nothing => {}
        }
    }

    /// Somebody works here from now on. What another had open waits for him; what this one had open is there again.
    fn enter(&mut self, name: String, out: &mut Vec<Effect>) {
        self.door = None;
        if name == self.setting.operator {
            return;
        }
        let left = std::mem::take(&mut self.overlays);
        let before = std::mem::replace(&mut self.setting.operator, name.clone());
        if !left.is_empty() {
            self.aside.insert(before, left);
        }
        self.overlays = self.aside.remove(&name).unwrap_or_default();
        (self.opened, self.in_pane, self.filter, self.asked_code, self.before) = (false, false, None, None, None);
        self.say(format!("{name} works here now."));
        out.push(Effect::Ask(Request::Person(name)));
    }

    fn overlay_of(&mut self, id: u64) -> Option<&mut Box<dyn Overlay>> {
        let all = self.overlays.iter_mut().chain(self.aside.values_mut().flatten());
        all.into_iter().find(|(o, _)| *o == id).map(|(_, overlay)| overlay)
    }

    fn begin(&mut self) {
        let screen = self.screen();
        self.before = Some(Before {
            tab: self.tab,
            overlays: self.overlays.len(),
            filter: self.filter.clone(),
            opened: self.opened,
            in_pane: self.in_pane,
            view: screen.view(),
            stance: screen.list().stance(),
        });
        if let Some((_, overlay)) = self.overlays.last_mut() {
            overlay.begin_run();
        }
    }

    /// Takes back what the first of the fast keys did.
    fn take_back(&mut self, out: &mut Vec<Effect>) {
        let Some(before) = self.before.take() else { return };
        self.overlays.truncate(before.overlays);
        (self.opened, self.in_pane) = (before.opened, before.in_pane);
        self.show(before.tab, out);
        if self.filter.is_some() != before.filter.is_some() {
            let cmds = self.screen_mut(|s, look| s.filter("", look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
        self.filter = before.filter;
        if self.screen().view() != before.view {
            let cmds = self.screen_mut(|s, look| s.set_view(before.view, look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
        self.list().put_back(before.stance);
    }

    fn scanned(&mut self, code: String, out: &mut Vec<Effect>) {
        self.take_back(out);
        if is_badge(&code) {
            return self.badge(code, out);
        }
        if let Some((id, overlay)) = self.overlays.last_mut() {
            let (id, look) = (*id, self.look);
            let cmds = overlay.scanned(&code, &look);
            return self.run(Owner::Overlay(id), cmds, out);
        }
        self.asked_code = Some((code.clone(), Vec::new(), true));
        self.look_up(code, out);
    }

    fn person_answered(&mut self, part: &'static str, answer: people::Answer, out: &mut Vec<Effect>) {
        match (self.door.as_mut(), answer) {
            // A badge that was scanned where nobody asked for one.
            (None, people::Answer::Entered(people::Entered::In(name))) if part == "badge" => self.enter(name, out),
            (None, people::Answer::Entered(people::Entered::Nobody | people::Entered::Free(_))) if part == "badge" => {
                out.push(Effect::Bell);
                let words = "Nobody here has that badge. Nothing was done; : people gives somebody a badge.".into();
                self.notice = Notice { words, undo: false, refused: true };
            }
            (None, _) => {}
            (Some(door), answer) => match door.loaded(answer) {
                Ok(name) => self.enter(name, out),
                Err(knock) => self.knocked(knock, out),
            },
        }
    }

    /// A badge was scanned, wherever that was: somebody works here now.
    fn badge(&mut self, code: String, out: &mut Vec<Effect>) {
        let load = people::Load::Enter { text: people::Secret(code), pin: None };
        self.ask(Slot { owner: Owner::Frame, part: "badge" }, Load::People(load), out);
    }

    fn scanned_into_field(&mut self, code: &str, end: &KeyEvent, out: &mut Vec<Effect>) {
        if is_badge(code) {
            match (self.overlays.last_mut(), self.before.take()) {
                (Some((_, overlay)), _) => overlay.forget_run(),
                (None, Some(before)) => self.filter = before.filter,
                (None, None) => {}
            }
            return self.badge(code.to_string(), out);
        }
        if let Some((id, overlay)) = self.overlays.last_mut() {
            let (id, look) = (*id, self.look);
            let cmds = overlay.scanned(code, &look);
            self.run(Owner::Overlay(id), cmds, out);
        } else {
            self.key(end, out); // the filter line: the letters stand there, Enter ends it
        }
    }

    fn look_up(&mut self, code: String, out: &mut Vec<Effect>) {
        self.ask(Slot { owner: Owner::Frame, part: "code" }, Load::Search(search::Load::Code(code)), out);
    }

    fn code_answered(&mut self, code: String, item: Option<i64>, out: &mut Vec<Effect>) {
        let Some((asked, keys, certain)) = self.asked_code.take() else { return };
        if asked != code {
            return;
        }
        match item {
            Some(id) => {
                if !certain {
                    self.take_back(out);
                }
                self.overlays.clear();
                self.go_to(0, id, out);
                self.say(format!("Scanned {code}."));
            }
            None if certain => {
                out.push(Effect::Bell);
                self.notice = Notice {
                    words: format!(
                        "These keys came too fast to be typed, and no item has the code \"{code}\". Nothing was done."
                    ),
                    undo: false,
                    refused: true,
                };
            }
            None => {
                for key in keys {
                    self.key(&key, out);
                }
            }
        }
    }

    fn key(&mut self, key: &KeyEvent, out: &mut Vec<Effect>) {
        let everywhere = keymap::resolve(&[Scope::Everywhere], key);
        if !matches!(everywhere, Some(Action::Interrupt)) {
            self.leaving = false;
        }
        match everywhere {
            Some(Action::Interrupt) => return self.interrupt(out),
            Some(Action::Suspend) => return out.push(Effect::Suspend),
            Some(Action::Redraw) => return out.push(Effect::Redraw),
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

    fn interrupt(&mut self, out: &mut Vec<Effect>) {
        if self.leaving {
            return out.push(Effect::Quit);
        }
        self.leaving = true;
        self.say("Ctrl-C again leaves. All is saved.".into());
    }

    fn filter_key(&mut self, key: &KeyEvent, out: &mut Vec<Effect>) {
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

    fn act(&mut self, action: Action, out: &mut Vec<Effect>) {
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
            Action::Export => {
                let shown = self.screen().list().shown(&self.look);
                let whole = self.screen().whole();
                let file = FileName::export(self.screen().title(), shown, &self.look).all_of(whole);
                self.open(Box::new(file), out);
            }
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

    fn jump(&mut self, action: Action, out: &mut Vec<Effect>) {
        let want = if action == Action::First { self.list().first() } else { self.list().last() };
        if let Some(want) = want {
            let cmds = self.screen_mut(|s, look| s.wanted(want, look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
    }

    fn filtered_by(&mut self) -> String {
        self.screens.get(self.tab).map(|s| s.filtered_by().to_string()).unwrap_or_default()
    }

    fn back(&mut self, out: &mut Vec<Effect>) {
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

    fn show(&mut self, tab: usize, out: &mut Vec<Effect>) {
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

    fn go_to(&mut self, tab: usize, id: i64, out: &mut Vec<Effect>) {
        if tab >= self.screens.len() {
            return;
        }
        self.show(tab, out);
        (self.opened, self.in_pane, self.filter) = (false, false, None);
        let cmds = self.screen_mut(|s, look| s.go_to(id, look));
        self.run(Owner::Tab(tab), cmds, out);
    }

    fn next_due(&mut self, out: &mut Vec<Effect>) {
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
    fn due_lines(&self) -> Vec<DueLine> {
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

    fn calm(&self) -> String {
        self.screens.iter().find_map(|s| s.calm(&self.look)).unwrap_or_default()
    }

    fn reload(&mut self, out: &mut Vec<Effect>) {
        let cmds = self.screen_mut(|s, look| s.refresh(look));
        self.run(Owner::Tab(self.tab), cmds, out);
        self.summaries(out);
        let look = self.look;
        let stale: Vec<_> = self.overlays.iter_mut().map(|(id, o)| (*id, o.refreshed(&look))).collect();
        for (id, cmds) in stale {
            self.run(Owner::Overlay(id), cmds, out);
        }
        self.shown = None;
    }

    fn summaries(&mut self, out: &mut Vec<Effect>) {
        let look = self.look;
        for tab in 0..self.screens.len() {
            let cmds = self.screens.get_mut(tab).map(|s| s.summary(&look)).unwrap_or_default();
            self.run(Owner::Tab(tab), cmds, out);
        }
    }

    fn open(&mut self, mut overlay: Box<dyn Overlay>, out: &mut Vec<Effect>) {
        self.next_overlay += 1;
        let id = self.next_overlay;
        let cmds = overlay.opened(&self.look);
        self.overlays.push((id, overlay));
        self.run(Owner::Overlay(id), cmds, out);
    }

    fn close(&mut self, owner: Owner) {
        if let Owner::Overlay(id) = owner {
            self.overlays.retain(|(o, _)| *o != id);
            self.aside.values_mut().for_each(|left| left.retain(|(o, _)| *o != id));
        }
    }

    fn say(&mut self, words: String) {
        self.notice = Notice { words, undo: false, refused: false };
    }

    fn ask(&mut self, slot: Slot, load: Load, out: &mut Vec<Effect>) {
        let generation = self.generations.entry(slot).or_default();
        *generation += 1;
        out.push(Effect::Ask(Request::Load { slot, generation: *generation, load }));
    }

    fn run(&mut self, owner: Owner, cmds: Vec<Cmd>, out: &mut Vec<Effect>) {
        for cmd in cmds {
            match cmd {
                Cmd::Load(part, load) => self.ask(Slot { owner, part }, load, out),
                Cmd::Write(write) => {
                    self.tickets += 1;
                    self.writing.insert(self.tickets, if let Owner::Overlay(id) = owner { Some(id) } else { None });
                    out.push(Effect::Ask(Request::Do { ticket: self.tickets, write }));
                }
                Cmd::Record(part, record) => {
                    out.push(Effect::Ask(Request::Record { slot: Slot { owner, part }, record }));
                }
                Cmd::Open(overlay) => self.open(overlay, out),
                Cmd::Close => self.close(owner),
                Cmd::Notice(words) => self.say(words),
                Cmd::Saved(words) => {
                    self.notice = Notice { words, undo: true, refused: false };
                    self.reload(out);
                }
                Cmd::Refuse(words) => {
                    out.push(Effect::Bell);
                    if let Owner::Overlay(id) = owner
                        && let Some(overlay) = self.overlay_of(id)
                    {
                        overlay.refused(&words);
                    }
                }
                Cmd::Do(action) => self.act(action, out),
                Cmd::GoTo { tab, id } => self.go_to(tab, id, out),
                Cmd::Copy(text) => out.push(Effect::Copy(text)),
                Cmd::Edit(text) => {
                    if let Owner::Overlay(overlay) = owner {
                        out.push(Effect::Edit { overlay, text });
                    }
                }
                Cmd::Rebind { name, key } => {
                    if let Owner::Overlay(overlay) = owner {
                        out.push(Effect::Rebind { overlay, name, key });
                    }
                }
                Cmd::Colours(name) => self.setting.theme = self.setting.theme.changed(&name),
                Cmd::Beep => out.push(Effect::Bell),
                Cmd::Quit => out.push(Effect::Quit),
            }
        }
    }

    fn paste(&mut self, text: &str, out: &mut Vec<Effect>) {
        self.dirty = true;
        if self.door.is_some() {
            return;
        }
        let look = self.look;
        if let Some((id, overlay)) = self.overlays.last_mut() {
            let id = *id;
            let cmds = overlay.paste(text, &look);
            return self.run(Owner::Overlay(id), cmds, out);
        }
        if let Some(input) = self.filter.as_mut() {
            let line: String =
                text.lines().next().unwrap_or("").chars().filter(|c| !c.is_control()).take(200).collect();
            *input = Input::new(format!("{}{line}", input.value()));
            let text = input.value().to_string();
            let cmds = self.screen_mut(|s, look| s.filter(&text, look));
            self.run(Owner::Tab(self.tab), cmds, out);
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, out: &mut Vec<Effect>) {
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

    fn reply(&mut self, reply: Reply, out: &mut Vec<Effect>) {
        match reply {
            Reply::Changed => {
                self.dirty = true;
                self.reload(out);
            }
            Reply::Day(today) => {
                self.dirty = true;
                (self.look.today, self.setting.today) = (today, today);
                self.screens.iter_mut().for_each(|s| s.new_day());
                self.reload(out);
                self.say(format!("It is {} now.", crate::domain::dates::long(today)));
            }
            Reply::Brought { done, all, seconds_left } => {
                self.dirty = true;
                self.overlays.iter_mut().for_each(|(_, o)| o.progressed(done, all, seconds_left));
            }
            Reply::Progress(progress) => {
                self.dirty = true;
                for screen in &mut self.screens {
                    screen.progressed(progress);
                }
            }
            Reply::Loaded { slot, generation, result } => {
                if self.generations.get(&slot) != Some(&generation) {
                    return; // an older question's answer
                }
                self.dirty = true;
                match result {
                    Ok(answer) => self.loaded(slot, answer, out),
                    // What is ill stands on top already; a list that cannot be read keeps what it showed.
                    Err(trouble) if trouble.ill.is_some() => self.ill = trouble.ill,
                    Err(trouble) => {
                        self.notice = Notice { words: trouble.sentence, undo: false, refused: true };
                    }
                }
            }
            Reply::Recorded { slot, result } => {
                self.dirty = true;
                match result {
                    Ok(answer) => {
                        // Scans book things of their own: the last "Saved ... u undo" is no longer the last deed.
                        if self.notice.undo {
                            self.notice = Notice::default();
                        }
                        self.loaded(slot, answer, out);
                    }
                    Err(trouble) => {
                        self.ill = trouble.ill.or(self.ill);
                        out.push(Effect::Bell);
                        let owner = if let Owner::Overlay(id) = slot.owner { id } else { 0 };
                        match self.overlay_of(owner) {
                            Some(overlay) => overlay.refused(&trouble.sentence),
                            None => self.notice = Notice { words: trouble.sentence, undo: false, refused: true },
                        }
                    }
                }
            }
            Reply::Health(ill) => {
                self.dirty = true;
                let cured = ill.is_none() && self.ill.is_some();
                self.ill = ill;
                if cured {
                    self.say("The warehouse file can be worked in again.".into());
                    self.reload(out);
                }
            }
            Reply::Done { ticket, at, result } => {
                self.dirty = true;
                let overlay = self.writing.remove(&ticket).flatten();
                match result {
                    Ok(done) => {
                        let next = overlay.and_then(|id| self.overlays.iter_mut().find(|(o, _)| *o == id));
                        let next = next.map(|(_, o)| o.saved()).unwrap_or_default();
                        if let Some(id) = overlay {
                            self.close(Owner::Overlay(id));
                        }
                        let time = format!("{:02}:{:02}", at.hour(), at.minute());
                        self.notice = if done.operation.0 == 0 {
                            Notice { words: "Nothing had to be changed.".into(), ..Notice::default() }
                        } else {
                            Notice { words: format!("Saved {time}  {}", done.summary), undo: true, refused: false }
                        };
                        self.reload(out);
                        self.run(Owner::Frame, next, out);
                    }
                    Err(trouble) => {
                        out.push(Effect::Bell);
                        match overlay.and_then(|id| self.overlay_of(id)) {
                            Some(overlay) => overlay.refused(&trouble.sentence),
                            None => self.notice = Notice { words: trouble.sentence, undo: false, refused: true },
                        }
                    }
                }
            }
        }
    }

    fn loaded(&mut self, slot: Slot, answer: Answer, out: &mut Vec<Effect>) {
        let look = self.look;
        match (slot.owner, answer) {
            (Owner::Frame, Answer::Search(search::Answer::Code { code, item, person })) => {
                if let Some(name) = person.filter(|_| self.asked_code.as_ref().is_some_and(|a| a.0 == code)) {
                    self.asked_code = None;
                    return self.enter(name, out);
                }
                self.code_answered(code, item.map(|i| i.0), out);
            }
            (Owner::Frame, Answer::Backorders(backorders::Answer::Open { matter, others })) => {
                for (_, overlay) in self.overlays.iter_mut().filter(|(_, o)| matter.is_some() && o.matter() == matter) {
                    overlay.set_others(others.clone());
                }
            }
            (Owner::Frame, Answer::People(answer)) => self.person_answered(slot.part, answer, out),
            (Owner::Frame, _) => {}
            (Owner::Tab(tab), answer) => {
                if !std::mem::replace(&mut self.warmed, true) {
                    let load = Load::Search(search::Load::Warm);
                    self.ask(Slot { owner: Owner::Frame, part: "warm" }, load, out);
                }
                let cmds = self.screens.get_mut(tab).map(|s| s.loaded(slot.part, answer, &look)).unwrap_or_default();
                self.run(Owner::Tab(tab), cmds, out);
            }
            (Owner::Overlay(id), answer) => {
                let cmds = self.overlay_of(id).map(|o| o.loaded(slot.part, answer, &look)).unwrap_or_default();
                self.run(slot.owner, cmds, out);
            }
        }
    }
}
