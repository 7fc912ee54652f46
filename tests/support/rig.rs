//! The real workbench on a test terminal: its worker runs inline, on a fixed day, and keys come at a stated speed.

use backshelf::clock::Clock;
use backshelf::store::Store;
use backshelf::tui::app::{App, Effect, Setting};
use backshelf::tui::event::Event;
use backshelf::tui::theme::Theme;
use backshelf::tui::views::frame;
use backshelf::worker::{Desk, Load, Request, reorder};
use chrono::NaiveDate;
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

pub struct Rig {
    pub app: App,
    pub desk: Desk,
    now: Instant,
    pub quit: bool,
    pub bells: usize,
    pub copied: Vec<String>,
    /// What the person's editor makes of a text.
    pub editor: fn(String) -> Result<String, String>,
    area: Rect,
    /// Planning in the background is done at once; else it never ends, so that a test sees the plans that it made.
    plans: bool,
    /// A replay never ends; its handle to stop it, once one was asked for.
    pub endless: bool,
    pub stop: Option<Arc<AtomicBool>>,
}

impl Rig {
    /// On 23 November 2026, in a terminal of 80x24.
    pub fn new(store: Store) -> Rig {
        Rig::sized(store, 80, 24)
    }

    pub fn sized(store: Store, width: u16, height: u16) -> Rig {
        Rig::themed(store, width, height, Theme::named("dark"))
    }

    /// With planning in the background.
    pub fn planning(store: Store, width: u16, height: u16) -> Rig {
        Rig::made(store, width, height, Theme::named("dark"), true)
    }

    pub fn themed(store: Store, width: u16, height: u16, theme: Theme) -> Rig {
        Rig::made(store, width, height, theme, false)
    }

    fn made(store: Store, width: u16, height: u16, theme: Theme, plans: bool) -> Rig {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let setting = Setting {
            today,
            as_of: false,
            operator: "M.Baker".into(),
            warehouse: "Rotterdam".into(),
            theme,
            mouse: true,
            opening: Default::default(),
            locked: false,
            lock_after: None,
            scanner: Default::default(),
        };
        let now = today.and_hms_opt(9, 12, 0).unwrap();
        let desk = Desk::new(store, Clock::stopped(now), "M.Baker".into());
        let app = App::new(setting, width, height);
        let area = Rect::new(0, 0, width, height);
        let mut rig = Rig {
            app,
            desk,
            now: Instant::now(),
            quit: false,
            bells: 0,
            copied: Vec::new(),
            editor: Ok,
            area,
            plans,
            endless: false,
            stop: None,
        };
        let effects = rig.app.start();
        rig.fulfil(effects);
        rig
    }

    fn fulfil(&mut self, effects: Vec<Effect>) {
        let mut waiting: VecDeque<Effect> = effects.into();
        while let Some(effect) = waiting.pop_front() {
            match effect {
                Effect::Ask(Request::Load { load: Load::Reorder(reorder::Load::Plan { .. }), .. }) if !self.plans => {}
                Effect::Ask(Request::Load { load: Load::Reorder(reorder::Load::Replay { stop }), .. })
                    if self.endless =>
                {
                    self.stop = Some(stop);
                }
                Effect::Ask(request) => {
                    let reply = self.desk.handle(request);
                    waiting.extend(self.app.update(Event::Reply(reply)));
                }
                Effect::Quit => self.quit = true,
                Effect::Bell => self.bells += 1,
                Effect::Copy(text) => self.copied.push(text),
                Effect::Edit { overlay, text } => {
                    let text = (self.editor)(text);
                    waiting.extend(self.app.update(Event::Edited { overlay, text }));
                }
                Effect::Rebind { .. } | Effect::Suspend | Effect::Redraw => {}
            }
        }
    }

    pub fn send(&mut self, event: Event) {
        let effects = self.app.update(event);
        self.fulfil(effects);
    }

    fn press(&mut self, key: KeyEvent, after: Duration) {
        // The loop wakes for held keys before a later key comes.
        while let Some(due) = self.app.deadline().filter(|d| *d < self.now + after) {
            self.send(Event::Tick(due));
        }
        self.now += after;
        let now = self.now;
        self.send(Event::Term(TermEvent::Key(key), now));
    }

    /// Lets time pass.
    pub fn wait(&mut self) -> &mut Rig {
        self.now += Duration::from_secs(1);
        let now = self.now;
        self.send(Event::Tick(now));
        self
    }

    /// Lets so much time pass without a key.
    pub fn pass(&mut self, length: Duration) -> &mut Rig {
        let until = self.now + length;
        while let Some(due) = self.app.deadline().filter(|d| *d <= until) {
            self.send(Event::Tick(due));
        }
        self.now = until;
        self
    }

    /// Keys by name, blanks between: `2 j <enter> <f8> <ctrl-c>`; a tenth of a second apart, as typed by hand.
    pub fn keys(&mut self, names: &str) -> &mut Rig {
        for name in names.split_whitespace() {
            self.press(key(name), Duration::from_millis(100));
        }
        self
    }

    /// A text, letter by letter, by hand.
    pub fn text(&mut self, text: &str) -> &mut Rig {
        self.at(text, 100)
    }

    /// A text at so many milliseconds a key; a line feed is Enter, a tab Tab.
    pub fn at(&mut self, text: &str, gap: u64) -> &mut Rig {
        for (n, c) in text.chars().enumerate() {
            let code = match c {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                c => KeyCode::Char(c),
            };
            let gap = if n == 0 { 1_000 } else { gap };
            self.press(KeyEvent::new(code, KeyModifiers::NONE), Duration::from_millis(gap));
        }
        self
    }

    /// More keys, the first of them so many milliseconds after the last one.
    pub fn again(&mut self, text: &str, gap: u64, first: u64) -> &mut Rig {
        for (n, c) in text.chars().enumerate() {
            let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
            let gap = if n == 0 { first } else { gap };
            self.press(KeyEvent::new(code, KeyModifiers::NONE), Duration::from_millis(gap));
        }
        self
    }

    /// One key by name, so many milliseconds after the last one.
    pub fn also(&mut self, name: &str, gap: u64) -> &mut Rig {
        self.press(key(name), Duration::from_millis(gap));
        self
    }

    /// The workbench opened once more, set otherwise.
    pub fn begin_anew(&mut self, app: impl FnOnce() -> App) {
        self.app = app();
        let effects = self.app.start();
        self.fulfil(effects);
    }

    /// A scanner: two milliseconds a key, Enter at the end.
    pub fn scan(&mut self, code: &str) -> &mut Rig {
        self.at(&format!("{code}\n"), 2).wait()
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Rig {
        self.area = Rect::new(0, 0, width, height);
        self.send(Event::Term(TermEvent::Resize(width, height), self.now));
        self
    }

    pub fn buffer(&self) -> Buffer {
        let mut buffer = Buffer::empty(self.area);
        frame::draw(&self.app, &mut buffer);
        buffer
    }

    /// What the screen shows, line by line, without blanks at the ends.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let line = |y: u16| {
            let mut out = String::new();
            let mut x = 0;
            while x < self.area.width {
                let symbol = buffer[(x, y)].symbol();
                out.push_str(symbol);
                x += unicode_width::UnicodeWidthStr::width(symbol).max(1) as u16;
            }
            out.trim_end().to_string()
        };
        (0..self.area.height).map(line).collect::<Vec<_>>().join("\n")
    }

    /// Where the screen is reversed (`r`), bold (`b`), coloured (`c`): a map to stand under the text.
    pub fn styles(&self) -> String {
        let buffer = self.buffer();
        let sign = |x: u16, y: u16| {
            let cell = &buffer[(x, y)];
            if cell.modifier.contains(Modifier::REVERSED) {
                'r'
            } else if cell.fg != ratatui::style::Color::Reset && cell.symbol() != " " {
                'c'
            } else if cell.modifier.contains(Modifier::BOLD) && cell.symbol() != " " {
                'b'
            } else {
                ' '
            }
        };
        let line = |y: u16| (0..self.area.width).map(|x| sign(x, y)).collect::<String>().trim_end().to_string();
        (0..self.area.height).map(line).collect::<Vec<_>>().join("\n")
    }

    /// How many operations the journal holds.
    pub fn operations(&self) -> i64 {
        self.desk.store.db().query_row("SELECT count(*) FROM operation", [], |r| r.get(0)).unwrap()
    }
}

fn key(name: &str) -> KeyEvent {
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    let Some(inner) = name.strip_prefix('<').and_then(|n| n.strip_suffix('>')) else {
        let mut letters = name.chars();
        let only = letters.next().unwrap();
        assert!(letters.next().is_none(), "{name}: one letter, or <name>");
        return plain(KeyCode::Char(only));
    };
    if let Some(letter) = inner.strip_prefix("ctrl-") {
        return KeyEvent::new(KeyCode::Char(letter.chars().next().unwrap()), KeyModifiers::CONTROL);
    }
    plain(match inner {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "s-tab" => KeyCode::BackTab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "space" => KeyCode::Char(' '),
        "bs" => KeyCode::Backspace,
        "del" => KeyCode::Delete,
        f => KeyCode::F(f.trim_start_matches('f').parse().unwrap_or_else(|_| panic!("no key is called {name}"))),
    })
}
