//! The talk: what to say or to send, made from the decision, and what came of it. One screen, one pass.

pub(super) mod moment;
mod page;
mod record;
mod results;
mod saying;

use super::about::About;
use super::cancel::Cancel;
use super::swap::SwapLine;
use crate::domain::dates;
use crate::domain::delay::talk::notice;
use crate::domain::delay::{Message, Outcome, Row, Rule};
use crate::domain::offer::{Offer, Offered};
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, Overlay, boxed};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::Look;
use crate::tui::views::backorders::pane::{NOT_KNOWN, in_words, missed};
use crate::worker::backorders::{
    self, Asked, Customer, CustomerDetail, Form as Medium, Law, Said, TalkTerms, WaitingLine,
};
use crate::worker::{Answer as Answered, Load, Write};
use chrono::NaiveDate;
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
            let what = missed(t.outcome.as_deref(), t.channel.as_deref());
            let what = what.or(t.message.as_deref().map(in_words)).or(t.answer.clone()).unwrap_or_default();
            let who = t.operator.clone().unwrap_or_default();
            let parts = [dates::short(t.on, about.today()), who, what.replace('_', " ")];
            parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
        });
        let told = || {
            let on = about.lead().and_then(|l| l.decision.last_told_on)?;
            Some(format!("last told {}", dates::short(on, about.today())))
        };
        let last = last.map(|l| format!("last talk: {l}")).or_else(told).unwrap_or_else(|| {
            let unknown = about.lines().iter().any(|l| l.decision.row == Row::NotKnown);
            if unknown { NOT_KNOWN } else { "never talked to" }.into()
        });
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
        let only_one = self.about.all().len() < 2;
        self.hide(LINES, only_one);
        self.hide(DATE, lost);
        self.offers_changed(lost, &chosen);
        // Of what goes now no date is asked.
        let dated: Vec<&WaitingLine> = chosen.iter().copied().filter(|l| self.takes_date(l)).collect();
        let own = self.each_its_own();
        let note = if lost {
            "not needed: it is cancelled and refunded".to_string()
        } else if self.several() {
            "blank: to each line its own safe date".to_string()
        } else if own {
            format!("blank: each its own, {}", self.days_of(dated.iter().map(|l| self.safe_of(l)), "none"))
        } else {
            self.likely(&dated)
        };
        let date = match (lost, self.wanted) {
            (true, _) => None,
            (false, None) if own => None,
            (false, wanted) => wanted.or_else(|| self.safe_date(&dated)),
        };
        let typed = self.form.field(DATE).is_some_and(Field::was_typed);
        if let Some(field) = self.form.field_mut(DATE) {
            field.note = note;
            if !typed {
                field.set_value(&date.map(|d| d.to_string()).unwrap_or_default());
            }
        }
        self.compose();
    }

    fn offers_changed(&mut self, lost: bool, chosen: &[&WaitingLine]) {
        self.offers = if lost || self.several() { Vec::new() } else { self.terms.offers(chosen) };
        let names: Vec<String> =
            std::iter::once("none".to_string()).chain(self.offers.iter().map(results::offer_words)).collect();
        if let Some(field) = self.form.field_mut(OFFER) {
            // Goods that lie here whole are not late: that they can go ahead is said from the start.
            let goes = chosen.iter().any(|l| l.short.is_zero())
                && self.offers.first().is_some_and(|o| o.offer == Offer::ShipReady);
            let before = if goes && !field.was_typed() { 1 } else { field.chosen() };
            field.set_choices(&names.iter().map(String::as_str).collect::<Vec<_>>());
            field.choose(before.min(names.len() - 1)); // "none" is always among them
        }
        self.hide(OFFER, self.offers.is_empty());
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
            let dated: Vec<_> =
                lines.iter().map(|l| (*l, self.date_for(l))).filter(|(l, _)| !self.goes_now(l)).collect();
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
}

/// The order is lost: what is told is that it is cancelled, and no date is said.
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
            OFFER => self.lines_changed(),
            DATE | TO => self.compose(),
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
