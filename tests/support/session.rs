//! The real program in a pseudo-terminal: keys go in, a terminal's screen comes out, every byte with its time.
//! Waits are for a condition, with a limit; what fails prints the screen.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// The longest that any wait lasts before it fails. Never a measure of speed.
pub const LIMIT: Duration = Duration::from_secs(20);

struct Terminal {
    parser: vt100::Parser,
    /// All bytes the program wrote.
    bytes: u64,
    /// When the last of them came.
    last: Instant,
    ended: bool,
}

/// A running program and its terminal.
pub struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    shared: Arc<(Mutex<Terminal>, Condvar)>,
    modes: String,
}

/// A side of the screen.
fn cells(n: u16) -> NonZero<u16> {
    NonZero::new(n).expect("a screen has cells")
}

/// Named keys as a terminal sends them; other text is typed as it is.
pub fn key(name: &str) -> &[u8] {
    match name {
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "pgup" => b"\x1b[5~",
        "pgdn" => b"\x1b[6~",
        "f5" => b"\x1b[15~",
        "f8" => b"\x1b[19~",
        "f9" => b"\x1b[20~",
        "ctrl-c" => b"\x03",
        "ctrl-z" => b"\x1a",
        "ctrl-l" => b"\x0c",
        "backspace" => b"\x7f",
        other => other.as_bytes(),
    }
}

#[allow(dead_code)] // tests and benches each use a part
impl Session {
    /// Starts the program `binary` on a terminal of that size. It sees no settings of the person who runs this.
    pub fn start(binary: &str, arguments: &[&str], home: &Path, size: (u16, u16)) -> Session {
        Session::with(binary, arguments, home, size, &[])
    }

    /// As [`Session::start`], with more in its environment.
    pub fn with(
        binary: &str,
        arguments: &[&str],
        home: &Path,
        (columns, rows): (u16, u16),
        environment: &[(&str, &str)],
    ) -> Session {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let modes = format!("{:?}", pair.master.get_termios());
        let mut command = CommandBuilder::new(binary);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("LC_ALL", "C.UTF-8");
        command.env("HOME", home);
        for name in ["NO_COLOR", "BACKSHELF_DB", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
            command.env_remove(name);
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        command.cwd(home);
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave); // so that the reader sees the end
        let writer = pair.master.take_writer().expect("a way in");
        let mut reader = pair.master.try_clone_reader().expect("a way out");
        let terminal = Terminal {
            parser: vt100::Parser::new(cells(rows), cells(columns), 0),
            bytes: 0,
            last: Instant::now(),
            ended: false,
        };
        let shared = Arc::new((Mutex::new(terminal), Condvar::new()));
        let theirs = shared.clone();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            loop {
                let read = reader.read(&mut buffer);
                let now = Instant::now();
                let mut terminal = theirs.0.lock().expect("the terminal");
                match read {
                    Ok(n) if n > 0 => {
                        terminal.last = now;
                        terminal.bytes += n as u64;
                        terminal.parser.process(&buffer[..n]);
                    }
                    _ => terminal.ended = true,
                }
                let ended = terminal.ended;
                drop(terminal);
                theirs.1.notify_all();
                if ended {
                    return;
                }
            }
        });
        Session { child, master: pair.master, writer, shared, modes }
    }

    fn terminal(&self) -> MutexGuard<'_, Terminal> {
        self.shared.0.lock().expect("the terminal")
    }

    /// Sends bytes in one write, as a scanner or a paste does.
    pub fn send(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).and_then(|()| self.writer.flush()).expect("the program listens");
    }

    /// Presses keys one after the other, with the gap of a person between them.
    pub fn keys(&mut self, names: &str) {
        for name in names.split(' ') {
            self.send(key(name));
            // Esc followed at once by a letter would be Alt+letter; letters at once would be a scan.
            std::thread::sleep(Duration::from_millis(90));
        }
    }

    /// What is on the screen.
    pub fn screen(&self) -> String {
        self.terminal().parser.screen().contents()
    }

    /// Waits until the screen is as wanted.
    pub fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) {
        if let Err(screen) = self.within(LIMIT, &wanted) {
            panic!("waited in vain for {what}; the screen:\n{screen}\n");
        }
    }

    /// Waits until the text is on the screen.
    pub fn wait_for(&self, text: &str) {
        self.wait(text, |screen| screen.contains(text));
    }

    fn within(&self, limit: Duration, wanted: &impl Fn(&str) -> bool) -> Result<(), String> {
        let end = Instant::now() + limit;
        let mut terminal = self.terminal();
        loop {
            let screen = terminal.parser.screen().contents();
            if wanted(&screen) {
                return Ok(());
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || terminal.ended {
                return Err(screen);
            }
            terminal = self.shared.1.wait_timeout(terminal, left).expect("the terminal").0;
        }
    }

    /// Sends bytes and answers how long it took until the frame they led to was there: the time of the last byte before
    /// `quiet` of silence. None where nothing was drawn within a second.
    pub fn latency(&mut self, bytes: &[u8], quiet: Duration) -> Option<Duration> {
        let before = self.terminal().bytes;
        let sent = Instant::now();
        self.send(bytes);
        let mut terminal = self.terminal();
        loop {
            let drawn = terminal.bytes > before;
            let now = Instant::now();
            if drawn && now.duration_since(terminal.last) >= quiet {
                return Some(terminal.last.saturating_duration_since(sent));
            }
            if !drawn && now.duration_since(sent) > Duration::from_secs(1) {
                return None;
            }
            let wait = if drawn { quiet } else { Duration::from_millis(50) };
            terminal = self.shared.1.wait_timeout(terminal, wait).expect("the terminal").0;
        }
    }

    /// Sends bytes and answers how long it took until the screen was `wanted`, seen beside the screen before. None where it
    /// was not within a second. For a program that draws on its own meanwhile: other people's changes come in.
    pub fn time_to(&mut self, bytes: &[u8], wanted: impl Fn(&str, &str) -> bool) -> Option<Duration> {
        let before = self.screen();
        let sent = Instant::now();
        self.send(bytes);
        let end = sent + Duration::from_secs(1);
        let mut terminal = self.terminal();
        loop {
            if wanted(&before, &terminal.parser.screen().contents()) {
                return Some(terminal.last.saturating_duration_since(sent));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            terminal = self.shared.1.wait_timeout(terminal, left).expect("the terminal").0;
        }
    }

    /// Waits until nothing was drawn for so long.
    pub fn settle(&self, quiet: Duration) {
        let end = Instant::now() + LIMIT;
        while self.terminal().last.elapsed() < quiet && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// All bytes written so far.
    pub fn bytes(&self) -> u64 {
        self.terminal().bytes
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.terminal().parser.screen_mut().set_size(cells(rows), cells(columns));
        self.master.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).expect("a new size");
    }

    pub fn pid(&self) -> i32 {
        self.child.process_id().and_then(|p| i32::try_from(p).ok()).expect("a running program")
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(self.pid()).expect("a process");
        rustix::process::kill_process(pid, signal).expect("the signal is sent");
    }

    /// Whether the program still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until the program has ended; its exit code.
    pub fn exit(&mut self) -> u32 {
        let end = Instant::now() + LIMIT;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => {
                    while !self.terminal().ended && Instant::now() < end {
                        std::thread::sleep(Duration::from_millis(5));
                    }
                    return status.exit_code();
                }
                _ if Instant::now() > end => panic!("the program did not end; the screen:\n{}\n", self.screen()),
                _ => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// What the program left behind in the terminal; nothing, if it is as it was.
    pub fn left_behind(&self) -> Vec<String> {
        let terminal = self.terminal();
        let screen = terminal.parser.screen();
        let mut wrong = Vec::new();
        let mut is = |bad: bool, what: &str| {
            if bad {
                wrong.push(what.to_string());
            }
        };
        is(screen.alternate_screen(), "the alternate screen");
        is(screen.hide_cursor(), "a hidden cursor");
        is(screen.bracketed_paste(), "bracketed paste");
        is(screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None, "mouse reports");
        is(screen.application_cursor(), "application cursor keys");
        is(format!("{:?}", self.master.get_termios()) != self.modes, "the terminal's modes");
        wrong
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill(); // the program of this session alone
        let _ = self.child.wait();
    }
}
