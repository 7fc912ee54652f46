//! Who works here now: the locked screen, which shows nothing of the warehouse, and the choice of another person. What
//! was open stays open under the name of whoever opened it.

use super::overlay::{footer, title};
use super::text;
use super::theme::{Role, Theme};
use crate::worker::people::{Answer, Entered, Load, Secret};
use crossterm::event::{Event as TermEvent, KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

/// The door of the workbench.
pub struct Door {
    /// Nobody gets past without saying who he is.
    locked: bool,
    /// Who was here last.
    operator: String,
    /// To choose from; empty while it is locked.
    names: Vec<String>,
    input: Input,
    /// Whose PIN is typed.
    pin_of: Option<String>,
    said: String,
    asked: bool,
    sent: Sent,
}

/// How what is asked about was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sent {
    Typed,
    /// With F8, which no scanner sends.
    Meant,
    Scanned,
}

/// What a key at the door leads to.
#[derive(Debug)]
pub enum Knock {
    Ask(Load),
    /// Back to the work: nobody else came.
    Back,
    Beep,
    Nothing,
}

impl Door {
    /// Locked: after some idle time, at the start, or by command.
    pub fn locked(operator: &str) -> Door {
        Door::new(operator, true)
    }

    /// Open, to choose another person.
    pub fn open(operator: &str) -> Door {
        Door::new(operator, false)
    }

    fn new(operator: &str, locked: bool) -> Door {
        Door {
            locked,
            operator: operator.to_string(),
            names: Vec::new(),
            input: Input::default(),
            pin_of: None,
            said: String::new(),
            asked: false,
            sent: Sent::Typed,
        }
    }

    /// Nobody gets past without saying who he is.
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// What it needs to read.
    pub fn opened(&self) -> Option<Load> {
        if self.locked { None } else { Some(Load::List) }
    }

    /// One key.
    pub fn key(&mut self, key: &KeyEvent) -> Knock {
        match key.code {
            KeyCode::Esc | KeyCode::F(3 | 12) => {
                if self.pin_of.take().is_some() || !self.input.value().is_empty() {
                    self.input = Input::default();
                    self.said.clear();
                    return Knock::Nothing;
                }
                if self.locked { Knock::Nothing } else { Knock::Back }
            }
            KeyCode::Enter | KeyCode::Tab => self.say(Sent::Typed),
            KeyCode::F(8) => self.say(Sent::Meant),
            KeyCode::Char(c) if self.input.value().is_empty() && self.pin_of.is_none() && c.is_ascii_digit() => {
                let at = (c as usize).wrapping_sub('1' as usize);
                if let Some(name) = self.names.get(at).cloned() {
                    return self.ask(name, None, Sent::Typed);
                }
                self.typed(key)
            }
            _ => self.typed(key),
        }
    }

    fn typed(&mut self, key: &KeyEvent) -> Knock {
        self.input.handle_event(&TermEvent::Key(*key));
        self.said.clear();
        Knock::Nothing
    }

    /// A badge was scanned: what stands in the field is its code, or nothing that counts.
    pub fn scanned(&mut self, code: &str) -> Knock {
        self.pin_of = None;
        self.ask(code.to_string(), None, Sent::Scanned)
    }

    fn say(&mut self, sent: Sent) -> Knock {
        let text = self.input.value().to_string();
        if let Some(name) = self.pin_of.clone() {
            return if text.is_empty() { Knock::Beep } else { self.ask(name, Some(Secret(text)), sent) };
        }
        // Nothing typed: the same person goes on, if no PIN stands between.
        let who = if text.trim().is_empty() { self.operator.clone() } else { text };
        self.ask(who, None, sent)
    }

    fn ask(&mut self, who: String, pin: Option<Secret>, sent: Sent) -> Knock {
        self.input = Input::default();
        if self.asked {
            return Knock::Nothing;
        }
        (self.asked, self.sent) = (true, sent);
        self.said = "One moment ...".into();
        Knock::Ask(Load::Enter { text: Secret(who), pin })
    }

    /// An answer; whoever came in, if somebody did.
    pub fn loaded(&mut self, answer: Answer) -> Result<String, Knock> {
        match answer {
            Answer::List { people, .. } => {
                self.names = people.into_iter().map(|p| p.name).collect();
                Err(Knock::Nothing)
            }
            Answer::Entered(Entered::In(name)) => Ok(name),
            Answer::Entered(Entered::Pin(name)) => {
                self.asked = false;
                self.said.clear();
                self.pin_of = Some(name);
                Err(Knock::Nothing)
            }
            Answer::Entered(Entered::WrongPin(name)) => {
                self.refused(&format!("That is not the PIN of {name}."));
                Err(Knock::Beep)
            }
            Answer::Entered(Entered::Free(name)) => match self.sent {
                Sent::Meant => Ok(name),
                Sent::Typed if name == self.operator => Ok(name),
                Sent::Typed => {
                    self.refused(&format!("Nobody is listed yet. F8: {name} works here from now on."));
                    self.input = Input::new(name);
                    Err(Knock::Beep)
                }
                Sent::Scanned => {
                    self.refused("Nobody here has a badge yet. Nothing was changed.");
                    Err(Knock::Beep)
                }
            },
            Answer::Entered(Entered::Nobody) => {
                self.refused("Nobody here has that badge or name.");
                Err(Knock::Beep)
            }
            Answer::Rest(until) => {
                self.refused(&format!("Too many wrong PINs: again at {}.", until.format("%H:%M:%S")));
                Err(Knock::Beep)
            }
            Answer::NewBadge(_) | Answer::Printed(_) => Err(Knock::Nothing),
        }
    }

    /// Nobody was let in, and why.
    pub fn refused(&mut self, sentence: &str) {
        (self.asked, self.said) = (false, sentence.to_string());
    }

    /// Draws it on the whole screen and answers where the cursor stands.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Option<Position> {
        title(area, buf, theme, if self.locked { "backshelf is locked" } else { "Who works here now?" });
        let width = area.width.saturating_sub(4) as usize;
        let mut y = area.y + 2;
        let mut line = |words: &str, role: Role| {
            for part in text::wrap(words, width) {
                if y < area.bottom().saturating_sub(1) {
                    buf.set_string(area.x + 3, y, part, theme.style(role));
                }
                y += 1;
            }
        };
        if self.locked {
            line("Scan your badge, or type your name (its beginning will do) and Enter.", Role::Normal);
            line("What was open is kept. Nothing is lost.", Role::Quiet);
        } else {
            for (n, name) in self.names.iter().take(9).enumerate() {
                let here = if *name == self.operator { "   works here now" } else { "" };
                line(&format!("{}  {name}{here}", n + 1), Role::Normal);
            }
            if self.names.len() > 9 {
                line(&format!("and {} more: type the name", self.names.len() - 9), Role::Quiet);
            } else if self.names.is_empty() {
                line("Nobody is listed yet (: people): type a name and F8, and work goes on under it.", Role::Normal);
            }
        }
        y += 1;
        let label = self.pin_of.as_ref().map_or("Name".to_string(), |name| format!("PIN of {name}"));
        let value = self.input.value();
        let shown = match self.pin_of {
            Some(_) => "*".repeat(value.chars().count()),
            None => crate::domain::text::visible(value).into_owned(),
        };
        let words = text::clip(&format!("{label}  {shown}"), width);
        let x = area.x + 3 + text::width(&words) as u16;
        if y < area.bottom().saturating_sub(1) {
            buf.set_string(area.x + 3, y, &words, theme.style(Role::Title));
            let said = text::clip(&self.said, width);
            buf.set_string(area.x + 3, (y + 2).min(area.bottom().saturating_sub(2)), said, theme.style(Role::Urgent));
        }
        let keys = match (self.pin_of.is_some(), self.locked) {
            (true, _) => "Type the PIN, then Enter",
            (_, true) => "Enter alone: the same person goes on, where no PIN is set",
            (_, false) => "1-9, a name and F8, or scan a badge",
        };
        footer(area, buf, theme, keys, if self.locked { "Ctrl-C leaves" } else { "Esc back" });
        Some(Position::new(x.min(area.right().saturating_sub(1)), y))
    }
}
