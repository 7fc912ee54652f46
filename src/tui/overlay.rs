//! What opens above a tab: dialogs, help, commands. Find and undo have files of their own.

use super::action::Action;
use super::chooser::{Chooser, Chosen};
use super::form::{Form, Outcome};
use super::keymap::{self, Binding, Scope};
use super::screens::{Cmd, DueLine, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::{Role, Theme};
use crate::domain::people::Matter;
use crate::worker::entering::Kind as EntryKind;
use crate::worker::office::{Group, Setting};
use crate::worker::{Answer, Write};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::time::{Duration, Instant};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// Something above a tab; it gets all keys.
pub trait Overlay {
    /// It was opened: what it needs to read.
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd>;
    /// Whether a text field has the focus.
    fn in_text(&self) -> bool {
        false
    }
    /// Fast keys begin: remember how things stand.
    fn begin_run(&mut self) {}
    /// The fast keys were not meant for it: what they put into a field goes.
    fn forget_run(&mut self) {}
    /// The fast keys were a scan.
    fn scanned(&mut self, _code: &str, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Beep]
    }
    /// It wants every key as it comes, before anything tells scans from typing.
    fn takes_raw_keys(&self) -> bool {
        false
    }
    fn raw_key(&mut self, _key: &KeyEvent, _now: Instant) -> Vec<Cmd> {
        Vec::new()
    }
    /// The scan just taken was the same code as the one before it, so soon after.
    fn repeated(&mut self, _apart: Duration) {} // the next scan
    fn paste(&mut self, _text: &str, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// It shows a time that runs: `second` is wanted each second.
    fn counts_seconds(&self) -> bool {
        false
    }
    fn second(&mut self, _now: Instant) -> Vec<Cmd> {
        Vec::new()
    }
    fn loaded(&mut self, _part: &'static str, _answer: Answer, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// A text that it gave to the editor came back, or a sentence why not.
    fn edited(&mut self, _text: Result<String, String>, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// An import under way is so far.
    fn progressed(&mut self, _done: usize, _all: usize, _seconds_left: Option<u64>) {}
    /// Something was saved, here or elsewhere: what it shows may be old.
    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// The one record that it is about: colleagues who open it are told.
    fn matter(&self) -> Option<Matter> {
        None
    }
    fn set_matter(&mut self, _matter: Option<Matter>) {}
    /// Who else has it open, a sentence each.
    fn set_others(&mut self, _others: Vec<String>) {}
    /// Whether it shows what is due in every tab.
    fn wants_due(&self) -> bool {
        false
    }
    /// What is due in every tab, and the sentence for when nothing is.
    fn set_due(&mut self, _due: Vec<DueLine>, _calm: String) {}
    /// A write that it asked for was refused; it shows the sentence and stays.
    fn refused(&mut self, _sentence: &str) {}
    /// It is a form to fill in and to save.
    fn is_form(&self) -> bool {
        false
    }
    /// A write that it asked for is saved, and it closes: what is to be done next.
    fn saved(&mut self) -> Vec<Cmd> {
        Vec::new()
    }
    /// Draws itself on the whole screen and answers where the cursor stands.
    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position>;
}

/// A dialog: a form, what it means, and what saving it writes.
pub trait Dialog {
    fn title(&self) -> String;
    fn form(&self) -> &Form;
    fn form_mut(&mut self) -> &mut Form;
    /// The one record that it is about, where it knows it itself.
    fn matter(&self) -> Option<Matter> {
        None
    }
    /// What it needs to read when it opens.
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// A field changed.
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    fn loaded(&mut self, _part: &'static str, _answer: Answer, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// Something was saved, here or elsewhere: what stands around the fields may be old. What was typed stays.
    fn refreshed(&mut self, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// A key that the form need not see.
    fn key(&mut self, _key: &KeyEvent, _look: &Look) -> Option<Vec<Cmd>> {
        None
    }
    /// A code was scanned: the field that it went into, or why it went nowhere. `None`: into the field with the focus.
    fn scanned(&mut self, _code: &str) -> Option<Result<usize, String>> {
        None
    }
    /// A text that it gave to the editor came back.
    fn edited(&mut self, _text: &str, _look: &Look) -> Vec<Cmd> {
        Vec::new()
    }
    /// No blank lines between its parts: it needs the room.
    fn tight(&self) -> bool {
        false
    }
    /// Saving was refused with this sentence.
    fn refused(&mut self, _sentence: &str) {}
    /// Lines above the fields.
    fn above(&self, _width: usize, _look: &Look) -> Vec<Line> {
        Vec::new()
    }
    /// Lines below the buttons: what saving would do.
    fn below(&self, _width: usize, _look: &Look) -> Vec<Line> {
        Vec::new()
    }
    /// The step that belongs to what was saved: it opens next, and Esc leaves it out.
    fn then(&mut self) -> Option<Box<dyn Overlay>> {
        None
    }
    /// What saving writes, or the field that is wrong and why.
    fn save(&self, look: &Look) -> Result<Write, Complaint>;
    /// What saving does, where that is something else than writing to the file.
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        self.save(look).map(|write| vec![Cmd::Write(write)])
    }
}

/// Why a dialog cannot be saved: the field to go to, and a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Complaint {
    pub field: usize,
    pub sentence: String,
}

impl Complaint {
    pub fn at(field: usize, sentence: impl Into<String>) -> Complaint {
        Complaint { field, sentence: sentence.into() }
    }
}

/// The overlay that runs a [`Dialog`].
pub struct Open<D> {
    dialog: D,
    said: Option<String>,
    leaving: bool,
    saving: bool,
    before_run: Option<Form>,
    matter: Option<Matter>,
    others: Vec<String>,
    /// So many lines of what saving does are scrolled away.
    scrolled: usize,
    chooser: Chooser,
}

/// The dialog as something to open.
pub fn dialog<D: Dialog + 'static>(dialog: D) -> Cmd {
    Cmd::Open(boxed(dialog))
}

/// The dialog as the step that follows another ([`Dialog::then`]).
pub fn boxed<D: Dialog + 'static>(dialog: D) -> Box<dyn Overlay> {
    Box::new(Open {
        dialog,
        said: None,
        leaving: false,
        saving: false,
        before_run: None,
        matter: None,
        others: Vec::new(),
        scrolled: 0,
        chooser: Chooser::default(),
    })
}

impl<D: Dialog> Open<D> {
    fn save(&mut self, look: &Look) -> Vec<Cmd> {
        if self.saving {
            return Vec::new(); // the same request twice would be two operations
        }
        match self.dialog.done(look) {
            Ok(cmds) => {
                self.saving = cmds.iter().any(|c| matches!(c, Cmd::Write(_) | Cmd::Record(..)));
                self.said = None;
                cmds
            }
            Err(complaint) => {
                self.dialog.form_mut().set_focus(complaint.field);
                self.said = Some(complaint.sentence);
                vec![Cmd::Beep]
            }
        }
    }

    /// Who else is here, on top of what saving does: there it is seen on the smallest screen too.
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let others = self.others.iter().map(|words| vec![Cell::with(text::clip(words, width), Role::Soon)]);
        others.chain(self.dialog.below(width, look)).collect()
    }

    fn leave(&mut self) -> Vec<Cmd> {
        if self.dialog.form_mut().close_list() || self.chooser.close() {
            return Vec::new();
        }
        if self.dialog.form().touched() && !self.leaving {
            self.leaving = true;
            self.said = Some("Esc again throws away what was typed; any other key goes on.".into());
            return Vec::new();
        }
        vec![Cmd::Close]
    }
}

/// As much of the lines as there is room for; that there is more is said, never cut silently.
pub fn windowed(all: Vec<Line>, scrolled: usize, room: usize) -> Vec<Line> {
    if all.len() <= room || room == 0 {
        return all;
    }
    let shown = room - 1;
    let top = scrolled.min(all.len().saturating_sub(shown));
    let left = all.len() - top - shown.min(all.len() - top);
    let mut out: Vec<Line> = all.into_iter().skip(top).take(shown).collect();
    let more = match (top, left) {
        (0, n) => format!("… {} below: PgDn", text::plural(n, "more line")),
        (_, 0) => "… more above: PgUp".to_string(),
        (_, n) => format!("… {} below: PgDn, PgUp", text::plural(n, "more line")),
    };
    out.push(vec![Cell::with(more, Role::Soon)]);
    out
}

impl<D: Dialog> Overlay for Open<D> {
    fn opened(&mut self, look: &Look) -> Vec<Cmd> {
        self.dialog.opened(look)
    }

    fn matter(&self) -> Option<Matter> {
        self.dialog.matter().or(self.matter)
    }

    fn set_matter(&mut self, matter: Option<Matter>) {
        self.matter = matter;
    }

    fn set_others(&mut self, others: Vec<String>) {
        self.others = others;
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        if matches!(key.code, KeyCode::Esc | KeyCode::F(12)) {
            return self.leave();
        }
        if std::mem::take(&mut self.leaving) {
            self.said = None;
        }
        if key.code == KeyCode::F(1) || key.code == KeyCode::Char('?') && !self.dialog.form().in_text() {
            return vec![Cmd::Open(Box::new(Help::of_dialog()))];
        }
        if let Some(cmds) = self.dialog.key(key, look) {
            self.said = None;
            return cmds;
        }
        match self.chooser.key(key, self.dialog.form_mut()) {
            Chosen::Not => {}
            Chosen::Asked(cmds) => {
                self.said = None;
                return cmds;
            }
            Chosen::Taken(at) => {
                self.said = None;
                let cmds = self.dialog.changed(at, look);
                if key.code == KeyCode::F(8) {
                    let taken = self.dialog.form().field(at).map_or(String::new(), |f| f.value().to_string());
                    self.said = Some(format!("{taken} is taken from the list. F8 again saves."));
                    return cmds;
                }
                // Enter and Tab go on to the next field, as after a typed text.
                self.dialog.form_mut().key(key);
                return cmds;
            }
        }
        if matches!(key.code, KeyCode::PageDown | KeyCode::PageUp) && !self.dialog.form().list_open() {
            let all = self.below(look.width.saturating_sub(2) as usize, look).len();
            self.scrolled = match key.code {
                KeyCode::PageDown => (self.scrolled + 4).min(all.saturating_sub(1)),
                _ => self.scrolled.saturating_sub(4),
            };
            return Vec::new();
        }
        match self.dialog.form_mut().key(key) {
            Outcome::Save => self.save(look),
            Outcome::Cancel if self.dialog.form().touched() => {
                vec![Cmd::Close, Cmd::Notice("Cancelled: what was typed is not kept, nothing was changed.".into())]
            }
            Outcome::Cancel => vec![Cmd::Close],
            Outcome::Changed(at) => {
                self.said = None;
                let mut cmds = self.chooser.typed(at, self.dialog.form());
                cmds.extend(self.dialog.changed(at, look));
                cmds
            }
            Outcome::Moved | Outcome::Ignored => Vec::new(),
        }
    }

    fn in_text(&self) -> bool {
        self.dialog.form().in_text()
    }

    fn begin_run(&mut self) {
        self.before_run = Some(self.dialog.form().clone());
    }

    fn forget_run(&mut self) {
        if let Some(before) = self.before_run.take() {
            *self.dialog.form_mut() = before;
        }
    }

    fn scanned(&mut self, code: &str, look: &Look) -> Vec<Cmd> {
        if let Some(before) = self.before_run.take() {
            *self.dialog.form_mut() = before;
        }
        let at = self.dialog.form().focus();
        let went = self.dialog.scanned(code).unwrap_or_else(|| self.dialog.form_mut().scanned(code).map(|()| at));
        match went {
            Ok(at) => {
                self.said = None;
                self.dialog.changed(at, look)
            }
            // The fields are as they were before its keys came, and so is what follows from them.
            Err(sentence) => {
                self.said = Some(sentence);
                let again = self.dialog.changed(at, look);
                again.into_iter().chain([Cmd::Beep]).collect()
            }
        }
    }

    fn paste(&mut self, text: &str, look: &Look) -> Vec<Cmd> {
        match self.dialog.form_mut().paste(text) {
            Outcome::Changed(at) => self.dialog.changed(at, look),
            _ => Vec::new(),
        }
    }

    fn loaded(&mut self, part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        match self.chooser.loaded(answer, self.dialog.form()) {
            Some(answer) => self.dialog.loaded(part, answer, look),
            None => Vec::new(),
        }
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.dialog.refreshed(look)
    }

    fn edited(&mut self, text: Result<String, String>, look: &Look) -> Vec<Cmd> {
        match text {
            Ok(text) => self.dialog.edited(&text, look),
            Err(sentence) => {
                self.said = Some(sentence);
                vec![Cmd::Beep]
            }
        }
    }

    fn saved(&mut self) -> Vec<Cmd> {
        let Some(mut next) = self.dialog.then() else { return Vec::new() };
        next.set_matter(self.matter);
        vec![Cmd::Open(next)]
    }

    fn is_form(&self) -> bool {
        true
    }

    fn refused(&mut self, sentence: &str) {
        self.saving = false;
        self.dialog.refused(sentence);
        self.said = Some(sentence.to_string());
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        let form = self.dialog.form();
        title(area, buf, theme, &self.dialog.title());
        let width = area.width.saturating_sub(2) as usize;
        let mut y = area.y + 1;
        let said = if self.saving { Some("Saving ...") } else { self.said.as_deref() };
        let mut said = said.map(|words| text::wrap(words, width)).unwrap_or_default();
        said.truncate(SAID_LINES);
        let foot = area.bottom().saturating_sub(1 + said.len().max(1) as u16);
        let above = self.dialog.above(width, look);
        y = lines(Rect { y, height: foot.saturating_sub(y), ..area }, buf, theme, &above);
        let air = u16::from(!(self.dialog.tight() && area.height < 30));
        y += air;
        let room = foot.saturating_sub(y).saturating_sub(1 + air);
        let cursor = form.draw(Rect { y, height: form.height().min(room), ..area }, buf, theme, look.today);
        y += form.height().min(room) + air;
        if y < foot {
            form.draw_buttons(Rect { y, height: 1, ..area }, buf, theme);
            y += 1;
        }
        let room = foot.saturating_sub(y);
        let below = windowed(self.below(width, look), self.scrolled, room as usize);
        lines(Rect { y, height: room, ..area }, buf, theme, &below);
        for (y, line) in (foot..).zip(&said) {
            buf.set_string(area.x + 1, y, line, theme.style(Role::Urgent));
        }
        let back = "Esc back, nothing kept";
        let saves = match form.f8_alone {
            true => format!("F8 is [{}]", form.save),
            false => format!("F8 or Enter on [{}] saves", form.save),
        };
        let forms = [format!("Tab next field  F4 list  {saves}"), format!("Tab next field  {saves}"), saves];
        let room = (area.width as usize).saturating_sub(text::width(back) + 4);
        let keys = forms.iter().find(|keys| text::width(keys) <= room).or(forms.last()).map_or("", String::as_str);
        footer(area, buf, theme, keys, back);
        if let Some(at) = cursor {
            self.chooser.draw(Rect { height: area.height.saturating_sub(2), ..area }, at, form, buf, theme);
        }
        if self.saving { None } else { cursor }
    }
}

/// Lines that a refusal may take at the foot of a dialog: what to do stands at its end.
const SAID_LINES: usize = 4;

/// `── Title ──────`
pub fn title(area: Rect, buf: &mut Buffer, theme: &Theme, words: &str) {
    buf.set_string(area.x, area.y, "─".repeat(area.width as usize), theme.style(Role::Quiet));
    let words = text::fit(words, (area.width as usize).saturating_sub(6));
    if !words.is_empty() {
        buf.set_string(area.x + 2, area.y, format!(" {words} "), theme.style(Role::Title));
    }
}

/// Lines of pieces from the top of an area on; answers the line after the last.
pub fn lines(area: Rect, buf: &mut Buffer, theme: &Theme, lines: &[Line]) -> u16 {
    let mut y = area.y;
    for line in lines {
        if y >= area.bottom() {
            break;
        }
        let mut x = area.x + 1;
        for piece in line {
            let room = area.right().saturating_sub(x) as usize;
            let words = text::clip(&piece.text, room);
            buf.set_stringn(x, y, &words, room, theme.style(piece.role.unwrap_or(Role::Normal)));
            x += text::width(&words) as u16;
        }
        y += 1;
    }
    y
}

/// The last line: keys at the left, the way back at the right.
pub fn footer(area: Rect, buf: &mut Buffer, theme: &Theme, keys: &str, back: &str) {
    let y = area.bottom().saturating_sub(1);
    let style = theme.style(Role::Quiet);
    let room = (area.width as usize).saturating_sub(text::width(back) + 4);
    buf.set_string(area.x + 1, y, text::clip(keys, room), style);
    let x = area.right().saturating_sub(text::width(back) as u16 + 1);
    buf.set_stringn(x.max(area.x), y, back, area.width as usize, style);
}

/// Moves within a list of `len`, keeping it in a window of rows.
pub fn moved(cursor: usize, len: usize, key: &KeyEvent, page: usize) -> usize {
    let last = len.saturating_sub(1);
    match key.code {
        KeyCode::Up => cursor.saturating_sub(1),
        KeyCode::Down => (cursor + 1).min(last),
        KeyCode::PageUp => cursor.saturating_sub(page),
        KeyCode::PageDown => (cursor + page).min(last),
        KeyCode::Home => 0,
        KeyCode::End => last,
        _ => cursor.min(last),
    }
}

/// The keys of this screen.
pub struct Help {
    scopes: Vec<Scope>,
    top: usize,
}

impl Help {
    pub fn of(scope: Scope) -> Help {
        Help { scopes: vec![scope, Scope::List, Scope::Everywhere], top: 0 }
    }

    /// The keys of a scan field alone: no list is below it.
    pub fn of_scan_field() -> Help {
        Help { scopes: vec![Scope::Scan], top: 0 }
    }

    /// The keys of a dialog alone.
    pub fn of_dialog() -> Help {
        Help { scopes: vec![Scope::Dialog], top: 0 }
    }

    /// The keys of the choice of what to count alone.
    pub fn of_counts() -> Help {
        Help { scopes: vec![Scope::Counts], top: 0 }
    }

    /// The keys of a count's review alone.
    pub fn of_review() -> Help {
        Help { scopes: vec![Scope::Review], top: 0 }
    }

    /// The keys of purchase orders alone: they lie above the list.
    pub fn of_purchase() -> Help {
        Help { scopes: vec![Scope::Purchase], top: 0 }
    }

    fn lines(&self, width: u16) -> Vec<(bool, String)> {
        let mut out = Vec::new();
        for scope in &self.scopes {
            out.push((true, scope.title().to_string()));
            if *scope == Scope::Suppliers {
                out.extend(
                    super::views::suppliers::LEGEND.iter().flat_map(|(sign, words)| described(sign, words, width)),
                );
                out.push((false, String::new()));
            }
            for b in keymap::of(*scope) {
                let also = if b.also.is_empty() { String::new() } else { format!("  (also {})", b.also.join(", ")) };
                out.extend(described(b.key, &format!("{}{also}", b.description), width));
            }
            out.push((false, String::new()));
        }
        // Where letters are typed no command can be.
        if !matches!(self.scopes.as_slice(), [Scope::Scan | Scope::Dialog]) {
            out.push((true, "by name (:)".to_string()));
            out.extend(keymap::COMMANDS.iter().flat_map(|b| described(b.command, b.description, width)));
        }
        out
    }
}

/// A key and what it does, which goes on below itself.
fn described(key: &str, words: &str, width: u16) -> Vec<(bool, String)> {
    let wrapped = text::wrap(words, (width as usize).saturating_sub(15)).into_iter().enumerate();
    wrapped.map(|(n, words)| (false, format!("  {:<10} {words}", if n == 0 { key } else { "" }))).collect()
}

impl Overlay for Help {
    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 1 | 3) | KeyCode::Char('?' | 'q') => vec![Cmd::Close],
            KeyCode::Char('j') | KeyCode::Enter => {
                self.top += 1;
                Vec::new()
            }
            _ => {
                let page = look.height.saturating_sub(4) as usize;
                self.top = moved(self.top, self.lines(look.width).len().saturating_sub(page).max(1), key, page);
                Vec::new()
            }
        }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Keys");
        let rows = area.height.saturating_sub(3) as usize;
        let all = self.lines(area.width);
        let top = self.top.min(all.len().saturating_sub(rows));
        for (n, (heading, line)) in all.iter().skip(top).take(rows).enumerate() {
            let role = if *heading { Role::Title } else { Role::Normal };
            let words = text::clip(line, area.width.saturating_sub(2) as usize);
            buf.set_string(area.x + 1, area.y + 1 + n as u16, words, theme.style(role));
        }
        footer(area, buf, theme, "Up Down PgUp PgDn  scroll", "Esc back");
        None
    }
}

/// All commands by name, and the settings that have the words typed.
pub struct Palette {
    scope: Scope,
    input: Input,
    cursor: usize,
}

/// What is found by its name.
enum Named {
    Command(&'static Binding),
    Setting(&'static Setting),
}

impl Named {
    /// Name, key and what it does.
    fn words(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Named::Command(b) => (b.command, b.key, b.description),
            Named::Setting(s) => (s.name, "setting", s.meaning),
        }
    }
}

impl Palette {
    pub fn of(scope: Scope) -> Palette {
        Palette { scope, input: Input::default(), cursor: 0 }
    }

    /// The commands, then the settings.
    fn found(&self) -> Vec<Named> {
        let words = crate::domain::text::fold(self.input.value());
        let has = |s: &&Setting| {
            let of = crate::domain::text::fold(&format!("{} {}", s.name, s.key));
            !words.trim().is_empty() && words.split_whitespace().all(|word| of.contains(word))
        };
        let settings = Group::ALL.into_iter().flat_map(Group::settings).filter(has);
        let settings: Vec<Named> = settings.map(Named::Setting).collect();
        let commands = self.commands();
        // Who types the name of a setting means it, and not what may be done to settings in general.
        let named = commands.iter().position(|b| b.action == Action::Settings && !b.command.contains(&words));
        let mut found: Vec<Named> = commands.into_iter().map(Named::Command).collect();
        let at = named.filter(|_| !settings.is_empty()).unwrap_or(found.len());
        found.splice(at..at, settings);
        found
    }

    fn commands(&self) -> Vec<&'static Binding> {
        let wanted = crate::domain::text::fold(self.input.value());
        // What has no key stands first: it is found nowhere else.
        let mut found: Vec<&Binding> = keymap::COMMANDS
            .iter()
            .filter(|b| b.scope == Scope::Everywhere || b.scope == self.scope)
            .chain([self.scope, Scope::List, Scope::Everywhere].iter().flat_map(|s| keymap::of(*s)))
            .filter(|b| !b.command.is_empty())
            .filter(|b| {
                b.command.contains(&wanted)
                    || crate::domain::text::fold(b.description).contains(&wanted)
                    || keymap::also_called(b.action).contains(&wanted)
            })
            .collect();
        found.sort_by_key(|b| !b.command.starts_with(&wanted));
        found
    }
}

impl Overlay for Palette {
    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match key.code {
            KeyCode::Esc | KeyCode::F(12 | 3) => vec![Cmd::Close],
            KeyCode::Enter => match self.found().get(self.cursor) {
                Some(Named::Command(b)) => vec![Cmd::Close, Cmd::Do(b.action)],
                Some(Named::Setting(s)) => {
                    vec![Cmd::Close, Cmd::Open(Box::new(super::settings::Settings::at(s.name)))]
                }
                None => vec![Cmd::Beep],
            },
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
                self.cursor = moved(self.cursor, self.found().len(), key, look.height as usize / 2);
                Vec::new()
            }
            _ => {
                self.input.handle_event(&TermEvent::Key(*key));
                self.cursor = 0;
                Vec::new()
            }
        }
    }

    fn in_text(&self) -> bool {
        true
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Commands");
        buf.set_string(
            area.x + 1,
            area.y + 1,
            text::clip(&format!(": {}", self.input.value()), 60),
            theme.style(Role::Title),
        );
        // Below the list, what the chosen one does is said whole.
        let rows = area.height.saturating_sub(7) as usize;
        let commands = self.found();
        let top = (self.cursor + 1).saturating_sub(rows);
        if commands.is_empty() {
            buf.set_string(area.x + 1, area.y + 3, "No command or setting has that name.", theme.style(Role::Normal));
        }
        for (n, (i, named)) in commands.iter().enumerate().skip(top).take(rows).enumerate() {
            let (name, key, does) = named.words();
            let line = format!("{} {name:<18} {key:<10} {does}", if i == self.cursor { "▸" } else { " " });
            let style = theme.style(if i == self.cursor { Role::Selected } else { Role::Normal });
            let width = area.width as usize;
            buf.set_string(area.x, area.y + 3 + n as u16, text::left(&text::clip(&line, width), width), style);
        }
        let whole = commands.get(self.cursor).map_or("", |named| named.words().2);
        let whole = text::wrap(whole, area.width.saturating_sub(2) as usize);
        for (y, words) in (area.bottom().saturating_sub(3)..).zip(whole.iter().take(2)) {
            buf.set_string(area.x + 1, y, words, theme.style(Role::Quiet));
        }
        footer(area, buf, theme, "Enter does it", "Esc back");
        Some(Position::new(area.x + 3 + self.input.visual_cursor() as u16, area.y + 1))
    }
}

/// The actions that overlays stand for, so that app and palette agree.
pub fn of(action: Action, scope: Scope, look: &Look) -> Option<Box<dyn Overlay>> {
    match action {
        Action::NewCustomer => Some(boxed(super::entry::CardDialog::new(EntryKind::Customer))),
        Action::NewSupplier => Some(boxed(super::entry::CardDialog::new(EntryKind::Supplier))),
        Action::Import => Some(Box::<super::bring::Bring>::default()),
        Action::Settings => Some(Box::<super::settings::Settings>::default()),
        Action::Delivered => Some(boxed(super::screens::backorders::delivered::Delivered::new(look))),
        Action::Check => Some(Box::new(super::office::Report::check())),
        Action::ScannerTest => Some(Box::<super::scanner_test::ScannerTest>::default()),
        Action::DayEnd => Some(Box::new(super::office::Report::day_end())),
        Action::Papers => Some(boxed(super::papers::Papers::of(Default::default(), look))),
        Action::MailSetup => Some(boxed(super::mail_setup::MailSetup::default())),
        Action::PrinterSetup => Some(boxed(super::printer::PrinterSetup::default())),
        Action::People => Some(Box::<super::people::People>::default()),
        Action::Mails => Some(Box::<super::mails::Mails>::default()),
        Action::Begin => Some(boxed(super::begin::Begin::default())),
        Action::MonthEnd => Some(Box::new(super::month_end::Month::new(look))),
        Action::Keys => Some(Box::<super::keys::Keys>::default()),
        Action::Backup => Some(Box::new(super::office::FileName::backup(look))),
        Action::Help => Some(Box::new(Help::of(scope))),
        Action::Palette => Some(Box::new(Palette::of(scope))),
        Action::Quit => Some(Box::<super::today::Leave>::default()),
        Action::Today => Some(Box::<super::today::Card>::default()),
        Action::Find => Some(Box::<super::find::Find>::default()),
        Action::Undo => Some(Box::<super::undo::UndoList>::default()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn palette_setting(key: &str) -> Option<&'static str> {
        Group::ALL.into_iter().flat_map(Group::settings).find(|s| s.key == key).map(|s| s.name)
    }

    #[test]
    fn the_palette_finds_settings_by_their_names() {
        let names = |words: &str| -> Vec<&str> {
            let palette = Palette { scope: Scope::Reorder, input: Input::new(words.into()), cursor: 0 };
            palette.found().iter().map(|named| named.words().0).collect()
        };
        assert!(names("budget").contains(&"Budget of a round"));
        assert_eq!(names("locale").first(), palette_setting("locale").as_ref());
        assert_eq!(names("settings").first(), Some(&"settings"));
        assert!(!names("").contains(&"Budget of a round"), "unasked it shows commands only");
    }
}
