//! The terminal: taken over at the start, given back on every way out; the loop between.
//!
//! The terminal is asked nothing. stdout is written once a frame, only when something changed.

use super::app::{App, Effect, Setting};
use super::event::{self, Event, Keyboard, Signal};
use super::first_run::{FirstRun, Told, Wish};
use super::theme::Theme;
use super::views::frame;
use crate::worker::{self, Reply, Workers};
use anyhow::Context;
use chrono::NaiveDate;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, SetTitle};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use std::collections::VecDeque;
use std::io::{BufWriter, Stdout, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Instant;

/// The terminal is ours; false again when it was given back, so that no late frame is written to it.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// An editor has the terminal: what it is interrupted by is not for us.
static LENT: AtomicBool = AtomicBool::new(false);

/// stdout that falls silent when the terminal was given back.
struct Screen(Stdout);

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if TAKEN.load(Ordering::SeqCst) { self.0.write(bytes) } else { Ok(bytes.len()) }
    }
    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

type Backend = CrosstermBackend<BufWriter<Screen>>;

/// Gives the terminal back when dropped, whatever happens.
struct Taken;

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
    }
}

/// The terminal, taken: keys and signals come in, frames go out. Dropped, it is given back.
pub struct Screens {
    terminal: Terminal<Backend>,
    from: Receiver<Event>,
    to: Sender<Event>,
    keyboard: Arc<Keyboard>,
    mouse: bool,
    taken: Taken,
}

/// What a wish of the first run does; it says meanwhile what it is at.
type Work<'a> = dyn FnMut(Wish, &mut dyn FnMut(&str)) -> Told + 'a;

impl Screens {
    /// Takes the terminal.
    pub fn take() -> anyhow::Result<Screens> {
        let (to, from) = channel();
        watch_signals(to.clone())?;
        restore_on_panic();
        let taken = Taken;
        take(false).context("the terminal cannot be used")?;
        let screen = BufWriter::with_capacity(64 * 1024, Screen(std::io::stdout()));
        let terminal = Terminal::new(CrosstermBackend::new(screen))?;
        let keyboard = Arc::new(Keyboard::default());
        let (reading, tell) = (keyboard.clone(), to.clone());
        std::thread::Builder::new().name("keyboard".into()).spawn(move || event::read_keyboard(&reading, tell))?;
        Ok(Screens { terminal, from, to, keyboard, mouse: false, taken })
    }

    /// Asks what to begin with until the workbench can open (true) or the person leaves. `work` does what is wished and
    /// says meanwhile what it does.
    pub fn first_run(
        &mut self,
        first: &mut FirstRun,
        theme: &Theme,
        today: NaiveDate,
        work: &mut Work<'_>,
    ) -> anyhow::Result<bool> {
        let mut pasting = false;
        loop {
            draw_first(&mut self.terminal, first, theme, today)?;
            if first.in_text() != pasting {
                pasting = first.in_text();
                let out = self.terminal.backend_mut();
                if pasting { execute!(out, EnableBracketedPaste)? } else { execute!(out, DisableBracketedPaste)? }
            }
            let wish = match self.from.recv()? {
                Event::Term(crossterm::event::Event::Key(key), _) => first.key(&key),
                Event::Term(crossterm::event::Event::Paste(text), _) => {
                    first.paste(&text);
                    None
                }
                Event::Signal(Signal::End) => Some(Wish::Leave),
                Event::Signal(Signal::Stop) => {
                    suspend(&mut self.terminal, self.mouse, &mut pasting)?;
                    None
                }
                Event::Signal(Signal::Continue) => {
                    repaint(&mut self.terminal)?;
                    None
                }
                _ => None,
            };
            let Some(wish) = wish else { continue };
            if wish == Wish::Leave {
                return Ok(false);
            }
            let terminal = &mut self.terminal;
            let told = work(wish, &mut |words| {
                first.working(words);
                // A frame that cannot be drawn is drawn again when the work is done.
                let _ = draw_first(terminal, first, theme, today);
            });
            if first.told(told) {
                execute!(self.terminal.backend_mut(), DisableBracketedPaste)?;
                return Ok(true);
            }
        }
    }

    /// Opens the workbench on the store that `start` makes workers of, until the person leaves.
    pub fn workbench(
        self,
        setting: Setting,
        start: impl FnOnce(Sender<Event>) -> std::io::Result<Workers>,
    ) -> anyhow::Result<()> {
        let Screens { mut terminal, from, to, keyboard, taken, .. } = self;
        let mouse = setting.mouse;
        if mouse {
            execute!(terminal.backend_mut(), EnableMouseCapture)?;
        }
        let size = terminal.size()?;
        let mut app = App::new(setting, size.width, size.height);
        let workers = start(to)?;
        for effect in app.start() {
            if let Effect::Ask(request) = effect {
                workers.ask(request);
            }
        }
        let result = turn(&mut app, &mut terminal, &from, &workers, &keyboard, mouse);
        drop(taken);
        drop(workers); // waits for the last write
        result
    }
}

fn draw_first(
    terminal: &mut Terminal<Backend>,
    first: &FirstRun,
    theme: &Theme,
    today: NaiveDate,
) -> anyhow::Result<()> {
    terminal.draw(|f| {
        let area = f.area();
        let cursor = super::views::first_run::draw(first, area, f.buffer_mut(), theme, today);
        if theme.ascii {
            frame::in_ascii(f.buffer_mut());
        }
        if let Some(position) = cursor {
            f.set_cursor_position(position);
        }
    })?;
    Ok(())
}

/// The workers' threads, answering into the event channel.
pub fn workers(
    store: worker::Store,
    clock: crate::worker::Clock,
    person: worker::Person,
    to: Sender<Event>,
) -> std::io::Result<Workers> {
    worker::start(store, clock, person, move |reply: Reply| {
        let _ = to.send(Event::Reply(reply)); // the screen has ended: nobody to tell
    })
}

fn turn(
    app: &mut App,
    terminal: &mut Terminal<Backend>,
    from: &Receiver<Event>,
    workers: &Workers,
    keyboard: &Keyboard,
    mouse: bool,
) -> anyhow::Result<()> {
    let mut pasting = false;
    loop {
        if app.take_dirty() {
            draw(app, terminal)?;
        }
        if app.in_text() != pasting {
            pasting = app.in_text();
            let out = terminal.backend_mut();
            if pasting { execute!(out, EnableBracketedPaste)? } else { execute!(out, DisableBracketedPaste)? }
        }
        let first = match app.deadline() {
            None => from.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(due) => from.recv_timeout(due.saturating_duration_since(Instant::now())),
        };
        let mut next = match first {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => Some(Event::Tick(Instant::now())),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        // Everything that has come already is one frame.
        while let Some(event) = next.take() {
            let mut effects: VecDeque<Effect> = app.update(event).into();
            while let Some(effect) = effects.pop_front() {
                match effect {
                    Effect::Ask(request) => workers.ask(request),
                    Effect::Quit => return Ok(()),
                    Effect::Suspend => suspend(terminal, mouse, &mut pasting)?,
                    Effect::Redraw => repaint(terminal)?,
                    Effect::Bell => say(terminal, b"\x07")?,
                    Effect::Copy(text) => say(terminal, clipboard(&text).as_bytes())?,
                    Effect::Rebind { overlay, name, key } => {
                        let nowhere = || Err("Keys cannot be kept here.".to_string());
                        let text = app.setting.opening.keep_key.map_or_else(nowhere, |keep| keep(&name, &key));
                        effects.extend(app.update(Event::Edited { overlay, text }));
                    }
                    Effect::Edit { overlay, text } => {
                        let text = edit(terminal, keyboard, mouse, &text)?;
                        pasting = false;
                        effects.extend(app.update(Event::Edited { overlay, text }));
                    }
                }
            }
            next = from.try_recv().ok();
        }
    }
}

fn draw(app: &mut App, terminal: &mut Terminal<Backend>) -> anyhow::Result<()> {
    worker::lanes::break_here("screen");
    terminal.draw(|f| {
        // The frame has the size that the terminal has now, which no event may have told yet.
        let area = f.area();
        if (area.width, area.height) != (app.look.width, app.look.height) {
            app.update(Event::Term(crossterm::event::Event::Resize(area.width, area.height), Instant::now()));
        }
        if let Some(position) = frame::draw(app, f.buffer_mut()) {
            f.set_cursor_position(position);
        }
    })?;
    Ok(())
}

fn say(terminal: &mut Terminal<Backend>, bytes: &[u8]) -> anyhow::Result<()> {
    let out = terminal.backend_mut();
    out.write_all(bytes)?;
    std::io::Write::flush(out)?;
    Ok(())
}

/// OSC 52: the terminal's clipboard, also over SSH.
fn clipboard(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::from("\x1b]52;c;");
    for chunk in text.as_bytes().chunks(3) {
        let n = chunk.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let letter = LETTERS.get((n >> (18 - 6 * i)) as usize & 63).map_or('=', |b| char::from(*b));
            out.push(if i <= chunk.len() { letter } else { '=' });
        }
    }
    out.push_str("\x1b\\");
    out
}

fn take(mouse: bool) -> std::io::Result<()> {
    crossterm::terminal::enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = std::io::stdout();
    // The title is pushed, so that the terminal can put back its own.
    out.write_all(b"\x1b[22;0t")?;
    execute!(out, EnterAlternateScreen, SetTitle("backshelf"), cursor::Hide)?;
    if mouse {
        execute!(out, EnableMouseCapture)?;
    }
    Ok(())
}

fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // On the way out nothing can be done about a terminal that is gone.
    let mut out = std::io::stdout();
    let _ = execute!(out, DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = out.write_all(b"\x1b[0m\x1b[23;0t");
    let _ = out.flush();
    let _ = crossterm::terminal::disable_raw_mode();
}

/// A panic in any thread gives the terminal back before its message is printed, and ends the program: a transaction
/// that was open is rolled back by SQLite, what was saved is saved.
fn restore_on_panic() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        before(info);
        let _ = writeln!(std::io::stderr(), "backshelf broke and has ended. All that was saved is safe.");
        std::process::exit(101);
    }));
}

fn watch_signals(to: Sender<Event>) -> std::io::Result<()> {
    let mut signals =
        signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            if signal == SIGWINCH {
                // The keyboard's own watch begins later and would miss a change while the program starts.
                if let Ok((width, height)) = crossterm::terminal::size() {
                    let _ = to.send(Event::Term(crossterm::event::Event::Resize(width, height), Instant::now()));
                }
                continue;
            }
            if LENT.load(Ordering::SeqCst) && matches!(signal, SIGINT | SIGQUIT | SIGTSTP) {
                continue;
            }
            let told = match signal {
                SIGCONT => Signal::Continue,
                SIGTSTP => Signal::Stop,
                _ => Signal::End,
            };
            if to.send(Event::Signal(told)).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Gives the terminal to the shell until `fg`, then takes it again and paints everything.
fn suspend(terminal: &mut Terminal<Backend>, mouse: bool, pasting: &mut bool) -> anyhow::Result<()> {
    give_back();
    signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
    take(mouse)?;
    *pasting = false;
    repaint(terminal)
}

/// The longest text that is taken back from an editor.
const LONGEST: u64 = 256 * 1024;

/// Lends the terminal to the person's editor (`VISUAL`, else `EDITOR`, else vi) with a text, and takes both back. What
/// went wrong is a sentence; only a terminal that cannot be taken again ends the program.
fn edit(
    terminal: &mut Terminal<Backend>,
    keyboard: &Keyboard,
    mouse: bool,
    text: &str,
) -> anyhow::Result<Result<String, String>> {
    if !keyboard.pause() {
        return Ok(Err("The keyboard cannot be lent to an editor here. Copy the text instead.".into()));
    }
    LENT.store(true, Ordering::SeqCst);
    give_back();
    let edited = run_editor(text);
    take(mouse)?;
    LENT.store(false, Ordering::SeqCst);
    keyboard.go_on();
    repaint(terminal)?;
    Ok(edited)
}

fn run_editor(text: &str) -> Result<String, String> {
    let broken = |e: std::io::Error| format!("The text cannot be given to an editor ({e}). Nothing was changed.");
    let mut file = tempfile::Builder::new().prefix("backshelf-").suffix(".txt").tempfile().map_err(broken)?;
    file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(broken)?;
    // Through the shell, as git does: EDITOR may hold options.
    let status = std::process::Command::new("sh")
        .args(["-c", "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"", "sh"])
        .arg(file.path())
        .status()
        .map_err(broken)?;
    if !status.success() {
        let none = "No editor was found: set EDITOR, as in export EDITOR=nano. Nothing was changed.";
        let ended = "The editor ended with an error. Nothing was changed.";
        return Err(if status.code() == Some(127) { none } else { ended }.into());
    }
    // Some editors put a new file in the old one's place: read by name, not by the open file.
    let size = std::fs::metadata(file.path()).map_err(broken)?.len();
    if size > LONGEST {
        return Err("That is more text than a mail should be. Nothing was changed.".into());
    }
    let bytes = std::fs::read(file.path()).map_err(broken)?;
    String::from_utf8(bytes).map_err(|_| "The editor saved no UTF-8 text. Nothing was changed.".to_string())
}

/// Paints everything anew. `Terminal::clear` would ask the terminal where its cursor is; `resize` does not.
fn repaint(terminal: &mut Terminal<Backend>) -> anyhow::Result<()> {
    let size = terminal.size()?;
    terminal.resize(size.into())?;
    Ok(())
}
