//! What the worker answers, and what the screens ask of it.

use super::{App, Effect, Notice};
use crate::tui::office::Report;
use crate::tui::screens::Cmd;
use crate::worker::{Answer, Load, Owner, Reply, Request, Slot, backorders, search};
use chrono::Timelike;

impl App {
    pub(super) fn reload(&mut self, out: &mut Vec<Effect>) {
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

    pub(super) fn summaries(&mut self, out: &mut Vec<Effect>) {
        let look = self.look;
        for tab in 0..self.screens.len() {
            let cmds = self.screens.get_mut(tab).map(|s| s.summary(&look)).unwrap_or_default();
            self.run(Owner::Tab(tab), cmds, out);
        }
    }

    pub(super) fn ask(&mut self, slot: Slot, load: Load, out: &mut Vec<Effect>) {
        let generation = self.generations.entry(slot).or_default();
        *generation += 1;
        out.push(Effect::Ask(Request::Load { slot, generation: *generation, load }));
    }

    pub(super) fn run(&mut self, owner: Owner, cmds: Vec<Cmd>, out: &mut Vec<Effect>) {
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
                Cmd::Told(words) => {
                    if self.overlays.last().is_some_and(|(_, o)| !o.is_form()) {
                        self.open(Box::new(Report::of_done(&words)), out);
                    }
                    self.say(words);
                }
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

    pub(super) fn reply(&mut self, reply: Reply, out: &mut Vec<Effect>) {
        match reply {
            Reply::Changed => {
                self.dirty = true;
                self.reload(out);
            }
            Reply::Others => {
                if let Some(matter) = self.at_matter {
                    let load = Load::Backorders(backorders::Load::Others(matter));
                    self.ask(Slot { owner: Owner::Frame, part: "open" }, load, out);
                }
            }
            Reply::LocksAfter(after) => self.setting.lock_after = after,
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
                    // The row went with what was just saved (an import taken back, say): the list says so by itself.
                    Err(_) if slot.part == "detail" && self.notice.undo => {}
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

    pub(super) fn loaded(&mut self, slot: Slot, answer: Answer, out: &mut Vec<Effect>) {
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
