//! What a scanner, a paste or a badge sends, and who stands at the workstation.

use super::{App, Effect, Notice};
use crate::domain::people::is_badge;
use crate::tui::action::Action;
use crate::tui::door::Knock;
use crate::tui::keymap;
use crate::tui::keymap::Scope;
use crate::tui::scan::Step;
use crate::worker::{Load, Owner, Request, Slot, people, search};
use crossterm::event::KeyEvent;
use tui_input::Input;

impl App {
    pub(super) fn steps(&mut self, steps: Vec<Step>, out: &mut Vec<Effect>) {
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

    pub(super) fn at_door(&mut self, step: Step, out: &mut Vec<Effect>) {
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

    pub(super) fn knocked(&mut self, knock: Knock, out: &mut Vec<Effect>) {
        self.leaving = false;
        match knock {
            Knock::Ask(load) => self.ask(Slot { owner: Owner::Frame, part: "door" }, Load::People(load), out),
            Knock::Back => self.door = None,
            Knock::Beep => out.push(Effect::Bell),
            Knock::Nothing => {}
        }
    }

    /// Somebody works here from now on. What another had open waits for him; what this one had open is there again.
    pub(super) fn enter(&mut self, name: String, out: &mut Vec<Effect>) {
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

    pub(super) fn scanned(&mut self, code: String, out: &mut Vec<Effect>) {
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

    pub(super) fn person_answered(&mut self, part: &'static str, answer: people::Answer, out: &mut Vec<Effect>) {
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
    pub(super) fn badge(&mut self, code: String, out: &mut Vec<Effect>) {
        let load = people::Load::Enter { text: people::Secret(code), pin: None };
        self.ask(Slot { owner: Owner::Frame, part: "badge" }, Load::People(load), out);
    }

    pub(super) fn scanned_into_field(&mut self, code: &str, end: &KeyEvent, out: &mut Vec<Effect>) {
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

    pub(super) fn look_up(&mut self, code: String, out: &mut Vec<Effect>) {
        self.ask(Slot { owner: Owner::Frame, part: "code" }, Load::Search(search::Load::Code(code)), out);
    }

    pub(super) fn code_answered(&mut self, code: String, item: Option<i64>, out: &mut Vec<Effect>) {
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

    pub(super) fn paste(&mut self, text: &str, out: &mut Vec<Effect>) {
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
}
