//! The talk: what to say or to send, made from the decision, and what came of it. One screen, one pass.

mod page;
mod results;

use super::about::About;
use super::cancel::Cancel;
use super::swap::SwapLine;
use crate::domain::calendar::plus_days;
use crate::domain::dates;
use crate::domain::delay::talk::notice;
use crate::domain::delay::{Answer, Message, Outcome, Rule, Silence};
use crate::domain::offer::{Offer, Offered};
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, Overlay, boxed};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::Look;
use crate::tui::views::backorders::pane::in_words;
use crate::worker::backorders::{
    self, Asked, Customer, CustomerDetail, Form as Medium, Law, Said, Talk, TalkLine, TalkTerms, WaitingLine, Way,
};
use crate::worker::{Answer as Answered, Load, Write};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};
use crossterm::event::{KeyCode, KeyEvent};
use results::{Came, Send};

const HOW: usize = 0;
const LINES: usize = 1;
const DATE: usize = 2;
const OFFER: usize = 3;
const TO: usize = 4;
const PARTY: usize = 5;
const MINUTES: usize = 6;
const SAID: usize = 7;
const RESULT: usize = 8;
const AGAIN: usize = 9;
const NOTE: usize = 10;

/// As they are recorded as the talk's channel.
const CHANNELS: [&str; 4] = ["phone", "mail", "copy text", "letter"];
const PHONE: usize = 0;
const MAIL: usize = 1;
const COPY: usize = 2;
const LETTER: usize = 3;

/// The dialog.
pub struct Contact {
    about: About,
    form: Form,
    /// `last talk: 9 Nov, M.Baker, progress`.
    last: String,
    terms: Box<TalkTerms>,
    offers: Vec<Offered>,
    /// What each customer is told, as the fields stand.
    said: Vec<Said>,
    /// A text that came back from the editor.
    own_text: Option<String>,
    /// So many sentences of the law were put back into it.
    put_back: usize,
    /// The text was copied: it can be recorded as sent.
    copied: bool,
    /// The first line of the words that is shown.
    top: usize,
    /// A person chose how.
    how_chosen: bool,
    /// The date that the person came to say; none: the safe one.
    wanted: Option<NaiveDate>,
    /// The lines are cancelled already.
    ended: bool,
}

impl Contact {
    pub fn about(about: About, detail: Option<&CustomerDetail>) -> Contact {
        let who = about.customer();
        let form = Form::new(vec![
            Field::choice("How", &CHANNELS, PHONE),
            about.boxes("About", &about.all()),
            Field::date("Date", None),
            Field::choice("Offer", &["none"], 0).tall(2),
            Field::text("To", ""),
            Field::text("Spoke to", "").beside(38),
            Field::text("Min", "").beside(66),
            Field::boxes("Said", Vec::new()),
            Field::choice("Result", &[], 0).tall(2),
            Field::text("Again", ""),
            Field::text("Note", "").beside(30),
        ]);
        let last = detail.filter(|d| who.is_some_and(|c| c.id == d.customer)).and_then(|d| d.talks.first()).map(|t| {
            let what = t.message.as_deref().map(in_words).or(t.answer.clone()).unwrap_or_default();
            let who = t.operator.clone().unwrap_or_default();
            let parts = [dates::short(t.on, about.today()), who, what.replace('_', " ")];
            parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
        });
        let told = || {
            let on = about.lead().and_then(|l| l.decision.last_told_on)?;
            Some(format!("last told {}", dates::short(on, about.today())))
        };
        let last = last.map(|l| format!("last talk: {l}")).or_else(told).unwrap_or("never talked to".into());
        let mut contact = Contact {
            about,
            form,
            last,
            terms: Box::default(),
            offers: Vec::new(),
            said: Vec::new(),
            own_text: None,
            put_back: 0,
            copied: false,
            top: 0,
            how_chosen: false,
            wanted: None,
            ended: false,
        };
        contact.terms_changed();
        contact.form.set_focus(RESULT);
        contact
    }

    /// A talk to say this date.
    pub fn saying(about: About, date: Option<NaiveDate>) -> Contact {
        let mut contact = Contact::about(about, None);
        contact.wanted = date;
        contact.lines_changed();
        contact
    }

    /// A talk to say that these lines were cancelled.
    pub fn after_cancelling(about: About) -> Contact {
        Contact { ended: true, ..Contact::about(about, None) }
    }

    /// The way that suits the customer, as the row says it: by phone where there is one, by mail where he prefers it;
    /// a text to paste where no mail can be sent.
    fn usual_way(&self) -> usize {
        let Some(who) = self.about.customer() else { return if self.terms.no_mail.is_none() { MAIL } else { COPY } };
        let prefers = who.channel_preference.as_deref().unwrap_or("").to_lowercase();
        let phone = who.phone.as_deref().is_some_and(|p| self.terms.wrong_since(p).is_none());
        let mail = who.email.as_deref().is_some_and(|m| self.terms.wrong_since(m).is_none());
        let by_mail = if self.terms.no_mail.is_none() { MAIL } else { COPY };
        match (phone, mail) {
            (true, _) if !prefers.contains("mail") => PHONE,
            (_, true) => by_mail,
            (true, false) => PHONE,
            (false, false) if who.phone.is_none() && who.email.is_none() => LETTER,
            (false, false) => COPY,
        }
    }

    fn terms_changed(&mut self) {
        if !self.how_chosen {
            let way = self.usual_way();
            if let Some(field) = self.form.field_mut(HOW) {
                field.choose(way);
            }
        }
        self.lines_changed();
        self.how_changed();
    }

    fn how(&self) -> usize {
        self.form.field(HOW).map_or(0, Field::chosen)
    }

    fn results(&self) -> &'static [Came] {
        Came::all(!self.offers.is_empty(), self.next_on().is_none())
    }

    fn came(&self) -> Option<Came> {
        let chosen = self.form.field(RESULT).map_or(0, Field::chosen);
        if self.how() == PHONE { self.results().get(chosen).copied() } else { None }
    }

    fn sending(&self) -> Option<Send> {
        let chosen = self.form.field(RESULT).map_or(0, Field::chosen);
        if self.how() == PHONE { None } else { Send::all(self.how()).get(chosen).copied() }
    }

    fn field(&self, at: usize) -> String {
        self.form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
    }

    fn hide(&mut self, at: usize, hidden: bool) {
        if let Some(field) = self.form.field_mut(at) {
            field.hidden = hidden;
        }
    }

    fn how_changed(&mut self) {
        let how = self.how();
        let phone = how == PHONE;
        let address = self.address_of(self.about.customer(), how).unwrap_or_default();
        let result = if phone { self.results().len() } else { 0 };
        if let Some(field) = self.form.field_mut(TO) {
            field.label = if phone { "Number" } else { "To" };
            field.set_value(&address);
        }
        for at in [PARTY, MINUTES, AGAIN, NOTE] {
            self.hide(at, !phone);
        }
        self.hide(TO, self.several() || how == COPY && address.is_empty());
        let names: Vec<String> = if phone {
            let lost = self.next_on().is_none();
            let yes = self.asks_yes().map(|day| format!("says yes to {day}"));
            let names = self.results().iter().enumerate();
            names.map(|(n, c)| format!("{} {}", n + 1, c.words(yes.as_deref(), lost))).collect()
        } else {
            Send::all(how).iter().enumerate().map(|(n, s)| format!("{} {}", n + 1, s.words())).collect()
        };
        let usual = self.results().iter().position(|c| *c == Came::Told).filter(|_| phone);
        if let Some(field) = self.form.field_mut(RESULT) {
            field.label = if phone { "Result" } else { "Send" };
            field.set_choices(&names.iter().map(String::as_str).collect::<Vec<_>>());
            field.choose(usual.unwrap_or(0).min(result.max(names.len()).saturating_sub(1)));
            *field = field.clone().tall(if phone { 2 } else { 1 });
        }
        self.copied = false;
        self.result_changed();
        self.compose();
    }

    fn result_changed(&mut self) {
        let again = self.came().map_or(String::new(), |came| results::again(came, self.terms.now, self.about.today()));
        let save = self.sending().map_or("Save", Send::button);
        if let Some(field) = self.form.field_mut(AGAIN) {
            field.set_value(&again);
        }
        self.form.save = save;
    }

    fn lines_changed(&mut self) {
        let chosen: Vec<WaitingLine> = self.chosen().into_iter().cloned().collect();
        let chosen: Vec<&WaitingLine> = chosen.iter().collect();
        let lost = chosen.iter().all(|l| is_lost(l));
        let note = if lost {
            "not needed: it is cancelled and refunded".to_string()
        } else if self.several() {
            "blank: to each line its own safe date".to_string()
        } else {
            self.likely(&chosen)
        };
        let date = match (lost, self.wanted) {
            (true, _) => None,
            (false, None) if self.several() => None,
            (false, wanted) => wanted.or_else(|| self.safe_date(&chosen)),
        };
        let typed = self.form.field(DATE).is_some_and(Field::was_typed);
        if let Some(field) = self.form.field_mut(DATE) {
            field.note = note;
            if !typed {
                field.set_value(&date.map(|d| d.to_string()).unwrap_or_default());
            }
        }
        let only_one = self.about.all().len() < 2;
        self.hide(LINES, only_one);
        self.hide(DATE, lost);
        self.offers = if lost || self.several() { Vec::new() } else { self.terms.offers(&chosen) };
        let names: Vec<String> =
            std::iter::once("none".to_string()).chain(self.offers.iter().map(results::offer_words)).collect();
        if let Some(field) = self.form.field_mut(OFFER) {
            let before = field.chosen();
            field.set_choices(&names.iter().map(String::as_str).collect::<Vec<_>>());
            field.choose(before.min(names.len() - 1)); // "none" is always among them
        }
        self.hide(OFFER, self.offers.is_empty());
        self.compose();
    }

    /// The date to say: the latest that holds 9 times of 10, at the door where the rule counts to there; none where one
    /// of the lines has none.
    fn safe_date(&self, lines: &[&WaitingLine]) -> Option<NaiveDate> {
        lines.iter().filter(|l| !is_lost(l)).map(|l| self.safe_of(l)).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// `likely 7 Dec, to be safe 10 Dec`: short, as the date itself stands beside it.
    fn likely(&self, lines: &[&WaitingLine]) -> String {
        let today = self.about.today();
        let likely = lines.iter().filter(|l| !is_lost(l)).map(|l| l.likely_on).collect::<Option<Vec<_>>>();
        match (likely.and_then(|all| all.into_iter().max()), self.safe_date(lines)) {
            (Some(likely), Some(safe)) if likely < safe => {
                format!("likely {}, to be safe {}", dates::short(likely, today), dates::short(safe, today))
            }
            (Some(likely), _) => format!("likely {}", dates::short(likely, today)),
            (None, _) => "no date is known".into(),
        }
    }

    fn safe_of(&self, line: &WaitingLine) -> Option<NaiveDate> {
        let day = line.safe_on.or(line.likely_on)?.max(self.about.today());
        let customer = self.about.shown.board.people.get(&line.customer);
        Some(plus_days(day, self.terms.transit(line, customer)))
    }

    fn several(&self) -> bool {
        self.about.customers().len() > 1
    }

    fn chosen(&self) -> Vec<&WaitingLine> {
        self.about.chosen(self.form.field(LINES))
    }

    fn date(&self) -> Option<NaiveDate> {
        self.form.field(DATE).and_then(|f| f.day(self.about.today()).ok().flatten())
    }

    /// The date said about a line.
    fn date_for(&self, line: &WaitingLine) -> Option<NaiveDate> {
        if is_lost(line) {
            return None;
        }
        match (self.date(), self.several()) {
            (None, true) => self.safe_of(line),
            (date, _) => date,
        }
    }

    /// When the customer hears from us again; none where the order is lost: it is cancelled and paid back.
    fn next_on(&self) -> Option<NaiveDate> {
        let lost = self.chosen().into_iter().all(is_lost);
        // Where silence ends the order, the customer hears no later than on that day.
        let ends = self.chosen().into_iter().filter_map(|l| {
            let (_, silence, until) = notice(&l.decision, self.date_for(l));
            until.filter(|_| silence == Some(Silence::Cancelled))
        });
        let usual = plus_days(self.about.today(), self.about.shown.cadence_days);
        (!lost).then(|| ends.chain([usual]).min().unwrap_or(usual))
    }

    /// The day that an express yes is asked for, where the law asks for one.
    fn asks_yes(&self) -> Option<String> {
        let lines = self.chosen();
        let lead = lines.iter().min_by_key(|l| l.decision.urgency())?;
        let date = self.date_for(lead)?;
        let (_, silence, _) = notice(&lead.decision, Some(date));
        let asked = silence == Some(Silence::Cancelled);
        asked.then(|| dates::short(date, self.about.today()))
    }

    fn offer(&self) -> Option<&Offered> {
        let chosen = self.form.field(OFFER).filter(|f| !f.hidden).map_or(0, Field::chosen);
        chosen.checked_sub(1).and_then(|at| self.offers.get(at))
    }

    fn address_of(&self, who: Option<&Customer>, how: usize) -> Option<String> {
        let who = who?;
        match how {
            PHONE => who.phone.clone(),
            MAIL | COPY => who.email.clone(),
            _ => who.email.clone().or(who.city.clone()),
        }
    }

    /// Makes the words anew from what the fields say.
    fn compose(&mut self) {
        let form = if self.how() == PHONE { Medium::Phone } else { Medium::Written };
        let board = &self.about.shown.board;
        let mut said = Vec::new();
        for id in self.about.customers() {
            let customer = board.people.get(&id);
            let lines: Vec<_> = self.chosen().into_iter().filter(|l| l.customer == id).collect();
            if lines.is_empty() {
                continue;
            }
            let dated: Vec<_> = lines.iter().map(|l| (*l, self.date_for(l))).collect();
            let mut facts = self.terms.facts(customer, &dated, &board.lines, form, self.about.today());
            facts.next_on = self.next_on();
            facts.offer = self.offer().cloned();
            let typed = if self.several() { String::new() } else { self.field(TO) };
            let address = Some(typed)
                .filter(|t| !t.is_empty())
                .or_else(|| if self.several() { self.address_of(customer, self.how()) } else { None });
            let mut written = self.terms.shelf.write(&facts);
            if let Some(text) = self.own_text.as_ref().filter(|_| form == Medium::Written) {
                (written, self.put_back) = written.edited(text);
            }
            said.push(Said { customer: id, to_name: facts.name.clone(), address, written });
        }
        self.said = said;
        self.top = 0;
        let laws = self.laws_to_say();
        self.hide(SAID, laws.is_empty() || self.how() != PHONE);
        if let Some(field) = self.form.field_mut(SAID) {
            field.set_boxes(laws.into_iter().map(|law| (law as i64, results::law_words(law).to_string())).collect());
        }
        let (today, wrong) = (self.about.today(), self.terms.wrong_since(&self.field(TO)));
        let by = self.must_be_by();
        if let Some(field) = self.form.field_mut(TO) {
            field.note = match (wrong, by) {
                (Some(day), _) => format!("wrong since {}", dates::short(day, today)),
                (None, Some(by)) if field.label == "To" => by,
                _ => String::new(),
            };
        }
    }

    /// What must be said on the phone, where a law asks for it.
    fn laws_to_say(&self) -> Vec<Law> {
        let mut laws: Vec<Law> = Vec::new();
        for line in self.chosen().into_iter().filter(|l| l.decision.rule != Rule::House) {
            let message = notice(&line.decision, self.date_for(line)).0.unwrap_or(Message::Progress);
            laws.extend(Law::of(message));
        }
        laws.sort();
        laws.dedup();
        laws
    }

    /// `must be sent today, 23 Nov`, where a law says by when.
    fn must_be_by(&self) -> Option<String> {
        let lines = self.chosen();
        let by = lines
            .iter()
            .filter(|l| l.decision.rule != Rule::House && l.is_due())
            .filter_map(|l| l.decision.act_by)
            .min()?;
        let today = self.about.today();
        Some(if by <= today {
            "must be sent today".into()
        } else {
            format!("must be sent by {}", dates::full(by, today))
        })
    }

    fn told(&self) -> (Outcome, Option<Answer>) {
        match self.came() {
            Some(came) => came.recorded(self.offer().map(|o| &o.offer)),
            None => (Outcome::Sent, None),
        }
    }

    fn talk(&self, look: &Look) -> Result<Talk, Complaint> {
        let lines = self.chosen();
        if lines.is_empty() {
            return Err(Complaint::at(LINES, "Tick at least one line (Space) that the talk is about."));
        }
        let date = self.form.field(DATE).map_or(Ok(None), |f| f.day(look.today)).map_err(|e| Complaint::at(DATE, e))?;
        if let Some(past) = date.filter(|d| *d < look.today) {
            let sentence =
                format!("{} has passed: say a date that lies ahead, or none.", dates::full(past, look.today));
            return Err(Complaint::at(DATE, sentence));
        }
        let follow_up_at = moment(&self.field(AGAIN), look.today).map_err(|e| Complaint::at(AGAIN, e))?;
        let seconds = results::seconds(&self.field(MINUTES)).map_err(|e| Complaint::at(MINUTES, e))?;
        let (outcome, answer) = self.told();
        if self.came() == Some(Came::Takes) && self.offer().is_none() {
            return Err(Complaint::at(OFFER, "Which offer was taken? Choose it."));
        }
        let reached = matches!(outcome, Outcome::Sent | Outcome::Reached);
        let offered_cancel = self.offered_cancel(reached, answer)?;
        let how = self.how();
        if how == MAIL {
            if let Some(why) = &self.terms.no_mail {
                return Err(Complaint::at(HOW, format!("Nothing was sent. {why}")));
            }
            if self.said.iter().any(|s| s.address.is_none()) {
                return Err(Complaint::at(
                    if self.several() { HOW } else { TO },
                    "There is no address to mail to: type it, or choose another way.",
                ));
            }
        }
        let bars = |s: &Said| s.written.advertising();
        if let Some(word) = self.said.iter().find_map(bars) {
            let why = format!("\"{word}\" is advertising, which no notice under the US rule may carry: edit the text.");
            return Err(Complaint::at(RESULT, why));
        }
        let offer = self.offer();
        let taken = match self.came() {
            Some(Came::Takes) => Some(true),
            Some(Came::Agrees | Came::Cancels) => Some(false),
            _ => None,
        };
        let alternative = offer.and_then(|o| match o.offer {
            Offer::Alternative(item) => Some((item, o.about.clone())),
            _ => None,
        });
        let some = |text: String| Some(text).filter(|t| !t.is_empty());
        let phone = how == PHONE;
        Ok(Talk {
            lines: lines
                .iter()
                .map(|l| {
                    let quoted_for = self.date_for(l);
                    let message = notice(&l.decision, quoted_for).0;
                    TalkLine { line: l.line, message, quoted_for, seen_contacts: l.contacts }
                })
                .collect(),
            said: self.said.clone(),
            way: match how {
                MAIL => Way::Mail,
                LETTER => Way::File,
                _ => Way::Recorded,
            },
            channel: CHANNELS.get(how).map(|c| c.to_string()),
            offered_cancel,
            outcome: Some(outcome),
            answer,
            offer: offer.map(|o| o.offer.name().to_string()),
            offer_cost: offer.and_then(|o| o.cost),
            offer_taken: taken.filter(|_| offer.is_some()),
            alternative,
            note: some(self.field(NOTE)).filter(|_| phone),
            party: some(self.field(PARTY)).filter(|_| phone && reached),
            seconds: seconds.filter(|_| phone),
            follow_up_at: follow_up_at.filter(|_| phone),
            comes_back: self.next_on().filter(|_| reached && answer != Some(Answer::Cancel)),
            ..Talk::default()
        })
    }

    /// Whether cancelling was offered: written words always do where a rule asks for it; on the phone it is what was
    /// ticked.
    fn offered_cancel(&self, reached: bool, answer: Option<Answer>) -> Result<Option<bool>, Complaint> {
        let laws = self.laws_to_say();
        if laws.is_empty() || !reached {
            return Ok(None);
        }
        let ticked = self.form.field(SAID).map(Field::ticked).unwrap_or_default();
        if self.how() == PHONE && ticked.is_empty() && answer != Some(Answer::Cancel) {
            return Err(Complaint::at(SAID, "Tick what you have said (1-4): the law counts only what was said."));
        }
        let said = self.how() != PHONE || ticked.contains(&(Law::Cancel as i64)) || answer == Some(Answer::Cancel);
        Ok(laws.contains(&Law::Cancel).then_some(said))
    }
}

/// It must be cancelled: no date is said.
/// The order is lost: what is told is that it is cancelled.
pub(super) fn is_lost(line: &WaitingLine) -> bool {
    notice(&line.decision, None).0 == Some(Message::Cancelled)
}

impl Dialog for Contact {
    fn title(&self) -> String {
        let rule = match self.chosen().iter().map(|l| l.decision.rule).find(|r| *r != Rule::House) {
            Some(Rule::Us) => ", US rule",
            Some(Rule::Eu) => ", EU rule",
            Some(Rule::Uk) => ", UK rule",
            _ => "",
        };
        let how = if self.how() == PHONE { "Contact" } else { "Mail" };
        let how = if self.how() == LETTER { "Letter" } else { how };
        format!("{how}  {}{rule}", self.about.who())
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
        vec![Cmd::Load("talk", Load::Backorders(backorders::Load::Talk(asked(&self.about))))]
    }

    fn loaded(&mut self, _part: &'static str, answer: Answered, _look: &Look) -> Vec<Cmd> {
        if let Answered::Backorders(backorders::Answer::Talk(terms)) = answer {
            self.terms = terms;
            self.terms_changed();
        }
        Vec::new()
    }

    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        match field {
            HOW => {
                self.how_chosen = true;
                self.how_changed();
            }
            LINES => {
                self.lines_changed();
                self.how_changed();
            }
            RESULT => self.result_changed(),
            DATE | OFFER | TO => self.compose(),
            _ => {}
        }
        Vec::new()
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Option<Vec<Cmd>> {
        let page = self.room(look.width as usize, look).saturating_sub(1).max(1);
        match key.code {
            KeyCode::PageDown => {
                let most = self.page_lines(look.width.saturating_sub(2) as usize).len();
                self.top = (self.top + page).min(most.saturating_sub(page));
            }
            KeyCode::PageUp => self.top = self.top.saturating_sub(page),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn edited(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        self.own_text = Some(text.to_string());
        self.compose();
        if let Some(field) = self.form.field_mut(RESULT) {
            field.choose(0);
        }
        self.result_changed();
        Vec::new()
    }

    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        self.page(width, look)
    }

    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        self.consequences(width, look)
    }

    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        self.talk(look).map(|talk| Write::Backorders(backorders::Write::Talk(Box::new(talk))))
    }

    /// A yes to another item is followed by the swap, a no by the cancellation, and so is the word that an order is
    /// lost.
    fn then(&mut self) -> Option<Box<dyn Overlay>> {
        let lines: Vec<_> = self.chosen().into_iter().map(|l| l.line).collect();
        let about = self.about.only(&lines);
        let heard = matches!(self.told().0, Outcome::Sent | Outcome::Reached);
        match (self.came(), self.offer().map(|o| o.offer.clone())) {
            (Some(Came::Takes), Some(Offer::Alternative(item))) => Some(boxed(SwapLine::agreed(about, item))),
            (Some(Came::Cancels), _) => Some(boxed(Cancel::about(about))),
            _ if !self.ended && self.next_on().is_none() && heard => Some(boxed(Cancel::of_told(about))),
            _ => None,
        }
    }

    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        match self.sending() {
            Some(Send::Edit) if self.several() => {
                Err(Complaint::at(RESULT, "Each customer has a text of his own here: contact one alone to change it."))
            }
            Some(Send::Edit) => Ok(self.said.first().map(|s| Cmd::Edit(s.written.for_editor())).into_iter().collect()),
            Some(Send::Copy) => {
                let texts: Vec<String> = self.said.iter().map(|s| s.written.text()).collect();
                self.copied = true;
                if let Some(field) = self.form.field_mut(RESULT) {
                    field.choose(1);
                }
                self.result_changed();
                Ok(vec![Cmd::Copy(texts.join("\n\n"))])
            }
            _ => self.save(look).map(|write| vec![Cmd::Write(write)]),
        }
    }
}

/// What a talk about these lines needs to know.
pub fn asked(about: &About) -> Asked {
    let all = about.all();
    let mut items: Vec<_> = all.iter().filter(|l| l.short.is_positive()).map(|l| l.item).collect();
    items.sort();
    items.dedup();
    let mut orders: Vec<_> = all.iter().map(|l| l.order).collect();
    orders.sort();
    orders.dedup();
    // The same words to many need no alternatives, and a thousand questions would be slow.
    let many = about.customers().len() > 1;
    Asked { customers: about.customers(), orders, items: if many { Vec::new() } else { items } }
}

/// `today 14:00`, `tomorrow 9:00`, `fri 10:00`, `14:00`, `3 dec`; blank is none.
pub fn moment(typed: &str, today: NaiveDate) -> Result<Option<NaiveDateTime>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("\"{typed}\" is no time to try again. Type it as today 14:00 or fri 9:00.");
    let (day, time) = match typed.rsplit_once(' ') {
        Some((day, time)) if time.contains(':') => (day.trim(), time),
        None if typed.contains(':') => ("today", typed),
        _ => (typed, "09:00"),
    };
    let date = match day.to_lowercase().as_str() {
        "tomorrow" => today.succ_opt(),
        day => dates::parse(day, today),
    };
    let time = NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| wrong())?;
    let date = date.ok_or_else(wrong)?;
    if date < today {
        return Err(format!("{} has passed: type a day from today on.", dates::full(date, today)));
    }
    Ok(Some(date.and_time(time)))
}

/// When to try again by default: this afternoon while there is one, else on the next working day.
pub fn try_again(now: Option<NaiveDateTime>, today: NaiveDate) -> String {
    let afternoon = now.is_none_or(|now| now.hour() < 13);
    if afternoon { "today 14:00".into() } else { next_morning(today) }
}

/// `tomorrow 09:00`, before a weekend `mon 09:00`.
pub fn next_morning(today: NaiveDate) -> String {
    match today.weekday() {
        Weekday::Fri | Weekday::Sat => "mon 09:00".into(),
        _ => "tomorrow 09:00".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_try_again_are_typed_as_people_say_them() {
        let monday: NaiveDate = "2026-11-23".parse().unwrap();
        let at = |typed: &str| moment(typed, monday).map(|m| m.map(|m| m.format("%m-%d %H:%M").to_string()));
        assert_eq!(at("today 14:00"), Ok(Some("11-23 14:00".into())));
        assert_eq!(at("14:00"), Ok(Some("11-23 14:00".into())));
        assert_eq!(at("tomorrow 9:00"), Ok(Some("11-24 09:00".into())));
        assert_eq!(at("fri 10:30"), Ok(Some("11-27 10:30".into())));
        assert_eq!(at("+2"), Ok(Some("11-25 09:00".into())));
        assert_eq!(at(" "), Ok(None));
        assert!(at("soon").is_err() && at("today 25:00").is_err() && at("2026-11-20").is_err());
    }

    #[test]
    fn a_try_in_the_afternoon_comes_back_on_the_next_working_day() {
        let friday: NaiveDate = "2026-11-27".parse().unwrap();
        assert_eq!(try_again(friday.and_hms_opt(9, 0, 0), friday), "today 14:00");
        assert_eq!(try_again(friday.and_hms_opt(15, 0, 0), friday), "mon 09:00");
        assert_eq!(moment("mon 09:00", friday).unwrap().unwrap().to_string(), "2026-11-30 09:00:00");
    }
}
