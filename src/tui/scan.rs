//! Scan or typing: a burst of keys that no hand types is a scanner's, and never a row of commands.
//!
//! The first key of a run acts at once; the keys that follow it within [`GAP`] are held until it is clear what they
//! are. Ended by Enter or Tab they are a scan and what the first key did is taken back; else they act as typed.
//! A run of one repeated letter is a held-down key and always acts. This is comfort: safety is that letters only open things.
//!
//! A scanner that sends a key of its own first ([`Mode::Prefix`]) is told apart exactly, at any speed; nothing is held.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::time::{Duration, Instant};

/// Keys closer together than this were not typed by hand.
pub const GAP: Duration = Duration::from_millis(30);
/// Ctrl-C this close to other keys came from a scanner.
pub const CONTROL_GAP: Duration = Duration::from_millis(50);
/// The same code so soon again was perhaps not meant twice.
pub const AGAIN: Duration = Duration::from_millis(300);
/// After its first key a scanner may take so long for the next; then it was a hand that pressed it.
const PREFIX_GAP: Duration = Duration::from_millis(1_500);
/// FNC1 of a GS1 code, as scanners send it.
const GS: char = '\u{1d}';

/// How scans are told from typing here.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// By their speed.
    #[default]
    Speed,
    /// By the key that the scanner sends first.
    Prefix(KeyCode, KeyModifiers),
    /// Not at all: every key is a key.
    Off,
}

impl Mode {
    /// As the setting writes it: blank, `off`, or a key (`F11`, `Ctrl-B`, `~`). What is no key counts as blank.
    pub fn of_setting(value: &str) -> Mode {
        match value {
            "" => Mode::Speed,
            "off" => Mode::Off,
            key => super::keymap::parse(key).map_or(Mode::Speed, |(code, modifiers)| Mode::Prefix(code, modifiers)),
        }
    }
}

/// From so many keys on a fast run is a scan whether its code is known or not.
const CERTAIN: usize = 4;

/// What is to happen with the keys that came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A run begins: remember how things are, in case it turns out to be a scan.
    Begin,
    /// The key acts.
    Act(KeyEvent),
    /// A scan outside text fields: take back what the first key did.
    Scan(String),
    /// Two or three fast keys: a scan where the code is known, else the keys act.
    Maybe { code: String, keys: Vec<KeyEvent> },
    /// A scan into a text field; its letters stand there already and the Enter has not acted.
    IntoField { code: String, end: KeyEvent },
    /// The scan after this step is the same code as the one before it, so soon after.
    Again(Duration),
}

/// Watches the keys of one workstation.
#[derive(Debug, Default)]
pub struct Scanner {
    run: String,
    held: Vec<KeyEvent>,
    last: Option<Instant>,
    /// The run began in a text field: nothing is held there.
    in_text: bool,
    last_enter: Option<Instant>,
    last_any: Option<Instant>,
    mode: Mode,
    /// The scanner's own key came: what follows is its code.
    reading: bool,
    last_scan: Option<(String, Instant)>,
}

impl Scanner {
    pub fn new(mode: Mode) -> Scanner {
        Scanner { mode, ..Scanner::default() }
    }

    /// As it was made, with nothing held.
    pub fn afresh(&self) -> Scanner {
        Scanner::new(self.mode.clone())
    }

    /// Takes one key; `in_text` says whether a text field has the focus now.
    pub fn feed(&mut self, key: KeyEvent, now: Instant, in_text: bool) -> Vec<Step> {
        let near_any = near(self.last_any, now, CONTROL_GAP);
        self.last_any = Some(now);
        if is_control(&key, 'c') && near_any {
            return Vec::new(); // ETX of a scanner
        }
        if is_control(&key, 'j') && near(self.last_enter, now, CONTROL_GAP) {
            return Vec::new(); // the LF of CR LF
        }
        if let Mode::Prefix(code, modifiers) = self.mode {
            return self.after_prefix(key, now, (code, modifiers));
        }
        if self.mode == Mode::Off {
            return vec![Step::Act(key)];
        }
        if let Some(c) = control_character(&key)
            && near(self.last, now, GAP)
            && !self.run.is_empty()
        {
            // Inside a code it is data: FNC1 stays, what frames it goes.
            self.last = Some(now);
            self.run.extend(Some(c).filter(|c| *c == GS));
            return Vec::new();
        }
        match key.code {
            KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                self.letter(c, key, now, in_text)
            }
            KeyCode::Enter | KeyCode::Tab if key.modifiers.is_empty() => {
                self.last_enter = Some(now);
                self.end(key, now)
            }
            _ => {
                let mut steps = self.release();
                steps.push(Step::Act(key));
                steps
            }
        }
    }

    /// Between the scanner's own key and Enter or Tab all is code, whatever the speed; outside nothing is.
    fn after_prefix(&mut self, key: KeyEvent, now: Instant, prefix: (KeyCode, KeyModifiers)) -> Vec<Step> {
        if self.reading && !near(self.last, now, PREFIX_GAP) {
            self.reading = false;
        }
        let held = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        if (key.code, held) == prefix {
            self.run.clear();
            (self.reading, self.last) = (true, Some(now));
            return vec![Step::Begin];
        }
        if !self.reading {
            return vec![Step::Act(key)];
        }
        self.last = Some(now);
        match key.code {
            KeyCode::Enter | KeyCode::Tab => {
                self.reading = false;
                self.last_enter = Some(now);
                let code = std::mem::take(&mut self.run);
                if code.is_empty() { Vec::new() } else { self.scan(Step::Scan(code.clone()), &code, now) }
            }
            KeyCode::Char(c) if held.is_empty() => {
                self.run.push(c);
                Vec::new()
            }
            _ => {
                self.run.extend(control_character(&key).filter(|c| *c == GS));
                self.reading = !matches!(key.code, KeyCode::Esc);
                Vec::new()
            }
        }
    }

    /// A scan, and whether it is the same again so soon.
    fn scan(&mut self, step: Step, code: &str, now: Instant) -> Vec<Step> {
        let before = self.last_scan.replace((code.to_string(), now));
        let apart = before.filter(|(same, _)| same == code).map(|(_, at)| now.saturating_duration_since(at));
        apart.filter(|a| *a <= AGAIN).map(Step::Again).into_iter().chain([step]).collect()
    }

    fn letter(&mut self, c: char, key: KeyEvent, now: Instant, in_text: bool) -> Vec<Step> {
        if !near(self.last, now, GAP) || self.run.is_empty() {
            let mut steps = self.release();
            self.run.push(c);
            self.in_text = in_text;
            self.last = Some(now);
            steps.extend([Step::Begin, Step::Act(key)]);
            return steps;
        }
        self.last = Some(now);
        let repeat = self.held.is_empty() && self.run.chars().all(|r| r == c);
        self.run.push(c);
        if repeat || self.in_text {
            return vec![Step::Act(key)];
        }
        self.held.push(key);
        Vec::new()
    }

    fn end(&mut self, key: KeyEvent, now: Instant) -> Vec<Step> {
        let length = self.run.chars().count();
        let one_letter = self.run.chars().all(|c| self.run.starts_with(c));
        if !near(self.last, now, GAP) || length < 2 || one_letter {
            let mut steps = self.release();
            steps.push(Step::Act(key));
            return steps;
        }
        let code = std::mem::take(&mut self.run);
        let mut keys = std::mem::take(&mut self.held);
        self.last = None;
        if self.in_text {
            if length < CERTAIN {
                return vec![Step::Act(key)];
            }
            return self.scan(Step::IntoField { code: code.clone(), end: key }, &code, now);
        }
        if length >= CERTAIN {
            return self.scan(Step::Scan(code.clone()), &code, now);
        }
        keys.push(key);
        vec![Step::Maybe { code, keys }]
    }

    /// When the held keys are to be let go, if any are held.
    pub fn deadline(&self) -> Option<Instant> {
        if self.held.is_empty() { None } else { self.last.map(|l| l + GAP) }
    }

    /// Lets go what was held long enough: it was typing after all.
    pub fn due(&mut self, now: Instant) -> Vec<Step> {
        if self.deadline().is_some_and(|d| now >= d) { self.release() } else { Vec::new() }
    }

    fn release(&mut self) -> Vec<Step> {
        self.run.clear();
        self.last = None;
        self.held.drain(..).map(Step::Act).collect()
    }
}

fn near(before: Option<Instant>, now: Instant, gap: Duration) -> bool {
    before.is_some_and(|b| now.saturating_duration_since(b) <= gap)
}

/// The character of a scanner behind a Ctrl key: terminals send GS as Ctrl-5 (or Ctrl-]), RS as Ctrl-6, EOT as Ctrl-D.
fn control_character(key: &KeyEvent) -> Option<char> {
    if !key.modifiers.contains(KeyModifiers::CONTROL) {
        return None;
    }
    match key.code {
        KeyCode::Char('5' | ']') => Some(GS),
        KeyCode::Char('6' | '^') => Some('\u{1e}'),
        KeyCode::Char('d') => Some('\u{4}'),
        KeyCode::Char('b') => Some('\u{2}'),
        _ => None,
    }
}

fn is_control(key: &KeyEvent, letter: char) -> bool {
    key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char) -> KeyEvent {
        KeyEvent::new(if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) }, KeyModifiers::NONE)
    }

    fn run(text: &str, gap: u64, in_text: bool) -> Vec<Step> {
        let mut scanner = Scanner::default();
        let start = Instant::now();
        let mut steps = Vec::new();
        for (i, c) in text.chars().enumerate() {
            let now = start + Duration::from_millis(i as u64 * gap);
            steps.extend(scanner.due(now));
            steps.extend(scanner.feed(key(c), now, in_text));
        }
        steps.extend(scanner.due(start + Duration::from_secs(60)));
        steps
    }

    fn acted(steps: &[Step]) -> String {
        steps
            .iter()
            .filter_map(|s| match s {
                Step::Act(k) => Some(match k.code {
                    KeyCode::Char(c) => c,
                    _ => '\n',
                }),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_fast_code_is_a_scan_and_only_its_first_key_acted() {
        let steps = run("4006381333931\n", 2, false);
        assert_eq!(steps.last(), Some(&Step::Scan("4006381333931".into())));
        assert_eq!(acted(&steps), "4");
    }

    #[test]
    fn typing_acts_key_by_key() {
        assert_eq!(acted(&run("2jja\n", 60, false)), "2jja\n");
    }

    #[test]
    fn a_fast_run_without_an_end_is_typing() {
        assert_eq!(acted(&run("fchang", 1, false)), "fchang");
    }

    #[test]
    fn a_held_down_letter_is_never_held_back() {
        let steps = run("jjjjjjjj\n", 20, false);
        assert_eq!(acted(&steps), "jjjjjjjj\n");
    }

    #[test]
    fn two_fast_keys_ask_whether_the_code_is_known() {
        let steps = run("2j\n", 2, false);
        assert!(matches!(steps.last(), Some(Step::Maybe { code, keys }) if code == "2j" && keys.len() == 2));
    }

    #[test]
    fn in_a_field_letters_stand_at_once_and_the_end_is_asked() {
        let steps = run("4006381333931\n", 2, true);
        assert_eq!(acted(&steps), "4006381333931");
        assert!(matches!(steps.last(), Some(Step::IntoField { .. })));
    }

    #[test]
    fn a_prefix_is_exact_at_any_speed_and_nothing_is_held() {
        let mut scanner = Scanner::new(Mode::of_setting("F7"));
        let start = Instant::now();
        let f7 = KeyEvent::new(KeyCode::F(7), KeyModifiers::NONE);
        assert_eq!(scanner.feed(f7, start, false), vec![Step::Begin]);
        for (n, c) in "4006".chars().enumerate() {
            let now = start + Duration::from_millis(900 * (n as u64 + 1));
            assert!(scanner.feed(key(c), now, n % 2 == 0).is_empty());
        }
        let end = start + Duration::from_millis(4_000);
        assert_eq!(scanner.feed(key('\n'), end, false), vec![Step::Scan("4006".into())]);
        // Without it fast keys are keys.
        for c in "4006".chars() {
            assert_eq!(scanner.feed(key(c), end, false), vec![Step::Act(key(c))]);
        }
        assert_eq!(scanner.feed(key('\n'), end, false), vec![Step::Act(key('\n'))]);
        assert_eq!(scanner.deadline(), None);
        // A hand that pressed it is not waited for.
        scanner.feed(f7, end, false);
        let later = end + Duration::from_secs(2);
        assert_eq!(scanner.feed(key('j'), later, false), vec![Step::Act(key('j'))]);
        assert_eq!(Mode::of_setting("Ctrl-B"), Mode::Prefix(KeyCode::Char('b'), KeyModifiers::CONTROL));
    }

    #[test]
    fn switched_off_every_key_is_a_key() {
        let mut scanner = Scanner::new(Mode::of_setting("off"));
        let now = Instant::now();
        for c in "4006381333931\n".chars() {
            assert_eq!(scanner.feed(key(c), now, false), vec![Step::Act(key(c))]);
        }
    }

    #[test]
    fn fnc1_inside_a_code_stays_and_the_same_again_so_soon_is_said() {
        let gs = KeyEvent::new(KeyCode::Char('5'), KeyModifiers::CONTROL);
        let mut scanner = Scanner::default();
        let mut now = Instant::now();
        let mut send = |scanner: &mut Scanner, text: &str| {
            let mut steps = Vec::new();
            for c in text.chars() {
                now += Duration::from_millis(2);
                steps.extend(scanner.feed(if c == GS { gs } else { key(c) }, now, true));
            }
            steps
        };
        let code = "]C110L42\u{1d}3724";
        let steps = send(&mut scanner, &format!("{code}\n"));
        assert!(matches!(steps.last(), Some(Step::IntoField { code: c, .. }) if c == code), "{steps:?}");
        let steps = send(&mut scanner, &format!("{code}\n"));
        assert!(
            matches!(steps.as_slice(), [.., Step::Again(apart), Step::IntoField { .. }] if *apart < AGAIN),
            "{steps:?}"
        );
    }

    #[test]
    fn control_characters_of_a_scanner_are_data() {
        let mut scanner = Scanner::default();
        let start = Instant::now();
        let c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        scanner.feed(key('4'), start, false);
        assert!(scanner.feed(c, start + Duration::from_millis(10), false).is_empty());
        assert_eq!(scanner.feed(c, start + Duration::from_secs(1), false), vec![Step::Act(c)]);
        let j = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL);
        scanner.feed(key('\n'), start + Duration::from_secs(2), false);
        assert!(scanner.feed(j, start + Duration::from_millis(2010), false).is_empty());
    }
}
