//! Setting up mail: the server, its security, the login and the sender on one page, tried before they are saved.

use super::form::{Field, Form};
use super::overlay::{Complaint, Dialog};
use super::screens::{Cmd, Line};
use super::table::{Cell, Look};
use super::text;
use super::theme::Role;
use crate::worker::office;
use crate::worker::{Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};

const SERVER: usize = 0;
const SECURITY: usize = 1;
const PORT: usize = 2;
const USER: usize = 3;
const PASSWORD: usize = 4;
const FILE: usize = 5;
const FROM: usize = 6;
const REPLY: usize = 7;
const TEST: usize = 8;

const SECURITIES: [&str; 3] = ["starttls", "tls", "none"];
/// Where the password comes from.
const IN_FILE: usize = 0;

/// The dialog.
pub struct MailSetup {
    form: Form,
    /// What the try came to, and whether it works.
    tried: Option<(String, bool)>,
    trying: bool,
}

impl Default for MailSetup {
    fn default() -> MailSetup {
        let fields = vec![
            Field::text("Server", "").noted("such as smtp.example.com"),
            Field::choice("Security", &["STARTTLS", "TLS", "none"], 0),
            Field::text("Port", ""),
            Field::text("User", "").noted("blank: no login"),
            Field::choice("Password", &["in a file", "in the environment"], IN_FILE),
            Field::text("File", "").noted("its first line is the password; only you may read it (chmod 600)"),
            Field::text("From", "").noted("Orders <orders@example.com>"),
            Field::text("Answers to", "").noted("blank: to the sender"),
            Field::text("Test mail to", "").noted("not kept; blank: F5 only connects"),
        ];
        let mut setup = MailSetup { form: Form::new(fields), tried: None, trying: false };
        setup.say();
        setup
    }
}

impl MailSetup {
    fn text(&self, at: usize) -> String {
        self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
    }

    fn chosen(&self, at: usize) -> usize {
        self.form.field(at).map_or(0, Field::chosen)
    }

    /// Notes and fields that follow from what is chosen.
    fn say(&mut self) {
        let usual = ["blank: 587", "blank: 465", "blank: 25"];
        let port = usual.get(self.chosen(SECURITY)).copied().unwrap_or_default();
        let login = !self.text(USER).is_empty();
        let in_file = self.chosen(PASSWORD) == IN_FILE;
        let security = if self.chosen(SECURITY) == 2 { "only where the server is this machine" } else { "" };
        for (at, note) in [
            (PORT, port),
            (SECURITY, security),
            (PASSWORD, if in_file { "" } else { "BACKSHELF_MAIL_PASSWORD, set before the program starts" }),
        ] {
            if let Some(field) = self.form.field_mut(at) {
                field.note = note.into();
            }
        }
        for (at, hidden) in [(PASSWORD, !login), (FILE, !login || !in_file)] {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = hidden;
            }
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        let file = if self.chosen(PASSWORD) == IN_FILE { self.text(FILE) } else { String::new() };
        let security = SECURITIES.get(self.chosen(SECURITY)).copied().unwrap_or("starttls");
        vec![
            ("mail.host", self.text(SERVER)),
            ("mail.tls", security.to_string()),
            ("mail.port", self.text(PORT)),
            ("mail.user", self.text(USER)),
            ("mail.password_file", file),
            ("mail.from", self.text(FROM)),
            ("mail.reply_to", self.text(REPLY)),
        ]
    }
}

impl Dialog for MailSetup {
    fn title(&self) -> String {
        "Set up mail".into()
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn tight(&self) -> bool {
        true
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("settings", Load::Office(office::Load::Settings))]
    }
    fn changed(&mut self, _field: usize, _look: &Look) -> Vec<Cmd> {
        self.tried = None;
        self.say();
        Vec::new()
    }
    fn key(&mut self, key: &KeyEvent, _look: &Look) -> Option<Vec<Cmd>> {
        if key.code != KeyCode::F(5) {
            return None;
        }
        if self.trying {
            return Some(vec![Cmd::Beep]);
        }
        (self.trying, self.tried) = (true, None);
        let to = Some(self.text(TEST)).filter(|to| !to.is_empty());
        let load = office::Load::TryMail { values: self.values(), to };
        Some(vec![Cmd::Load("try", Load::Office(load))])
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Office(office::Answer::Settings { all, .. }) if !self.form.touched() => {
                let value = |key: &str| all.iter().find(|s| s.setting.key == key).map_or("", |s| s.value.as_str());
                for (at, key) in [
                    (SERVER, "mail.host"),
                    (PORT, "mail.port"),
                    (USER, "mail.user"),
                    (FILE, "mail.password_file"),
                    (FROM, "mail.from"),
                    (REPLY, "mail.reply_to"),
                ] {
                    if let Some(field) = self.form.field_mut(at) {
                        field.set_value(value(key));
                    }
                }
                let security = SECURITIES.iter().position(|s| *s == value("mail.tls")).unwrap_or(0);
                let outside = !value("mail.user").is_empty() && value("mail.password_file").is_empty();
                for (at, chosen) in [(SECURITY, security), (PASSWORD, usize::from(outside))] {
                    if let Some(field) = self.form.field_mut(at) {
                        field.choose(chosen);
                    }
                }
                self.say();
            }
            Answer::Office(office::Answer::Written(result)) => {
                self.trying = false;
                self.tried = Some(match result {
                    Ok(sentence) => (sentence, true),
                    Err(sentence) => (sentence, false),
                });
            }
            _ => {}
        }
        Vec::new()
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let line = |words: &str, role: Role| -> Vec<Line> {
            text::wrap(words, width).into_iter().map(|l| vec![Cell::with(l, role)]).collect()
        };
        let mut out = line("F5 tries it as it stands here; nothing is saved by that.", Role::Normal);
        match (&self.tried, self.trying) {
            (_, true) => out.extend(line("Trying ... (at most 20 seconds)", Role::Title)),
            (Some((said, true)), _) => out.extend(line(said, Role::Title)),
            (Some((said, false)), _) => out.extend(line(said, Role::Urgent)),
            (None, false) => out.extend(line("Without a server texts are copied, and letters printed.", Role::Quiet)),
        }
        out
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let (server, from) = (self.text(SERVER), self.text(FROM));
        if !server.is_empty() && from.is_empty() {
            return Err(Complaint::at(FROM, "Say who the mails come from: Orders <orders@example.com>."));
        }
        Ok(Write::Office(office::Write::Set(self.values())))
    }
}
