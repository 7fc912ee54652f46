//! What a message is about, and the variables that a template may use.

use crate::domain::calendar::plus_days;
use crate::domain::delay::{Message, Rule, Silence, WhyCancelled};
use crate::domain::offer::Offered;
use crate::domain::text::visible;
use chrono::NaiveDate;

/// How the words reach the customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Form {
    /// A script to say.
    Phone,
    /// A mail, a letter, a text to paste.
    #[default]
    Written,
}

/// A sentence of legal effect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Law {
    /// What changed, and the new date or that there is none.
    Date,
    /// The right to cancel, and the money back in full.
    Cancel,
    /// What no answer means.
    Silence,
    /// How to answer at no cost.
    Answer,
    /// That the order is cancelled, and what goes back by when.
    Refund,
}

impl Law {
    pub const ALL: [Law; 5] = [Law::Date, Law::Cancel, Law::Silence, Law::Answer, Law::Refund];
    /// Its variable.
    pub const fn variable(self) -> &'static str {
        match self {
            Law::Date => "law_date",
            Law::Cancel => "law_cancel",
            Law::Silence => "law_silence",
            Law::Answer => "law_answer",
            Law::Refund => "law_refund",
        }
    }
    /// What it says.
    pub const fn meaning(self) -> &'static str {
        match self {
            Law::Date => "what changed, and the new date or that there is none",
            Law::Cancel => "the right to cancel, with the money back in full",
            Law::Silence => "what no answer means",
            Law::Answer => "how to answer at no cost",
            Law::Refund => "the cancellation, and what goes back by when",
        }
    }
    /// What a message must say.
    pub const fn of(message: Message) -> &'static [Law] {
        match message {
            Message::Cancelled => &[Law::Refund],
            Message::Progress => &[],
            Message::Reminder => &[Law::Cancel, Law::Silence, Law::Answer],
            _ => &[Law::Date, Law::Cancel, Law::Silence, Law::Answer],
        }
    }
}

/// Lines about which the same is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    pub rule: Rule,
    pub message: Message,
    pub silence: Option<Silence>,
    /// With silence cancelled: the last day on which the order stands without a yes.
    pub until: Option<NaiveDate>,
    /// `6 Chang 24 x 12 oz`, one a line.
    pub goods: Vec<String>,
    /// More than one piece: "were", not "was".
    pub several: bool,
    pub orders: Vec<String>,
    /// Where it is the same for all.
    pub ordered_on: Option<NaiveDate>,
    /// The date that cannot be kept; none: nothing was promised.
    pub was: Option<NaiveDate>,
    /// The date that is said; none: there is none yet.
    pub date: Option<NaiveDate>,
    pub told_on: Option<NaiveDate>,
    /// The supplier is late (else: too little is on order).
    pub supplier_late: bool,
    pub paid: bool,
    /// The money that goes back, with its currency, where it is known.
    pub refund: Option<String>,
    /// It is what was paid, not an estimate by price.
    pub refund_exact: bool,
    pub refund_by: Option<NaiveDate>,
    pub why_cancelled: WhyCancelled,
}

impl Group {
    /// A delay notice under the us rule, or its cancellation: no advertising, no offer.
    pub fn bars_offers(&self) -> bool {
        self.rule == Rule::Us
    }
}

/// All that a message may say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    pub form: Form,
    /// As the customer's file has it: `fr`, `fr-CA`.
    pub language: Option<String>,
    pub today: NaiveDate,
    /// The person, else the customer.
    pub name: String,
    pub customer: String,
    pub operator: String,
    pub warehouse: String,
    /// That the customer can call at no cost.
    pub phone: Option<String>,
    pub next_on: Option<NaiveDate>,
    pub offer: Option<Offered>,
    /// What is lost first stands first.
    pub groups: Vec<Group>,
}

impl Facts {
    /// Whether a notice under the us rule is among it.
    pub fn bars_offers(&self) -> bool {
        self.groups.iter().any(Group::bars_offers)
    }

    /// Every text made safe: one line, nothing that commands a terminal or a header, nothing that looks like the
    /// program's own mark, of bearable length.
    pub fn cleaned(mut self) -> Facts {
        for text in [&mut self.name, &mut self.customer, &mut self.operator, &mut self.warehouse] {
            *text = clean(text);
        }
        self.phone = self.phone.as_deref().map(clean).filter(|p| !p.is_empty());
        if let Some(offer) = &mut self.offer {
            offer.about = clean(&offer.about);
        }
        for group in &mut self.groups {
            for text in group.goods.iter_mut().chain(&mut group.orders).chain(&mut group.refund) {
                *text = clean(text);
            }
        }
        if self.bars_offers() {
            self.offer = None;
        }
        self
    }

    /// What came from data: words in it are not the message's own.
    pub fn data(&self) -> Vec<String> {
        let own = [&self.name, &self.customer, &self.operator, &self.warehouse].into_iter().chain(&self.phone);
        let of_groups = self.groups.iter().flat_map(|g| g.goods.iter().chain(&g.orders));
        own.chain(of_groups).filter(|t| !t.is_empty()).cloned().collect()
    }
}

/// Longer than any honest name.
const LONGEST: usize = 160;

/// A text from data as it may stand in a message.
pub fn clean(text: &str) -> String {
    let shown = visible(text.trim());
    let mut out: String = shown.chars().map(|c| if c == super::written::BAR { '|' } else { c }).collect();
    if let Some((at, _)) = out.char_indices().nth(LONGEST) {
        out.truncate(at);
        out.push('…');
    }
    out
}

/// The closed list of variables, with what each says.
pub const VARIABLES: &[(&str, &str)] = &[
    ("law_date", "what changed, and the new date or that there is none (made by the program)"),
    ("law_cancel", "the right to cancel, with the money back in full and its amount (made by the program)"),
    ("law_silence", "what no answer means (made by the program)"),
    ("law_answer", "how to answer at no cost (made by the program)"),
    ("law_refund", "that the order is cancelled, what goes back and by when (made by the program)"),
    ("name", "the person to talk to, else the customer's name"),
    ("customer", "the customer's name"),
    ("order", "the order's number, or several"),
    ("goods", "what it is about: 6 Chang and 12 Aniseed Syrup"),
    ("several", "true where that is more than one piece"),
    ("ordered_on", "the day of the order; empty where the days differ"),
    ("old_date", "the date that cannot be kept; empty where none was promised"),
    ("new_date", "the date that is said; empty where there is none yet"),
    ("reason", "why it is late, a sentence"),
    ("paid", "true where money was paid"),
    ("refund", "the money that would go back: an amount, or all of it"),
    ("offer", "what is offered, a sentence; always empty under the US rule"),
    ("next", "when the customer hears again, a sentence"),
    ("today", "the date of the message"),
    ("phone", "the number that customers can call; empty where it is not set"),
    ("operator", "who writes or calls"),
    ("warehouse", "the warehouse's name"),
];

/// A made-up case for a message: every sentence that it needs has something to say.
pub fn sample(message: Message, rule: Rule, form: Form) -> Facts {
    // Any day will do: nothing here depends on the real one.
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
    let unknown = matches!(message, Message::FirstUnknown | Message::Cancelled);
    let silence = match (message, rule) {
        (Message::FirstShort, _) => Some(Silence::Consent),
        (Message::Cancelled | Message::Progress, _) => None,
        (_, Rule::Us) => Some(Silence::Cancelled),
        _ => Some(Silence::Nothing),
    };
    let group = Group {
        rule,
        message,
        silence,
        until: Some(plus_days(today, 30)),
        goods: vec!["2 Espresso grinder 58 mm".into()],
        several: true,
        orders: vec!["SO-1038".into()],
        ordered_on: Some(plus_days(today, -30)),
        was: Some(today),
        date: (!unknown).then(|| plus_days(today, 15)),
        told_on: Some(plus_days(today, -7)),
        supplier_late: true,
        paid: true,
        refund: Some("EUR 424.00".into()),
        refund_exact: true,
        refund_by: Some(plus_days(today, 9)),
        why_cancelled: WhyCancelled::Late,
    };
    Facts {
        form,
        language: None,
        today,
        name: "M. Haynes".into(),
        customer: "M. Haynes".into(),
        operator: "M. Baker".into(),
        warehouse: "Backshelf Demo Ltd".into(),
        phone: Some("1 800 555 0199".into()),
        next_on: Some(plus_days(today, 14)),
        offer: None,
        groups: vec![group],
    }
}

/// Cases that try to break a template: names that carry commands, line breaks and template marks, and bare ones.
pub fn hostile(message: Message, rule: Rule, form: Form) -> Vec<Facts> {
    let plain = sample(message, rule, form);
    let mut wild = plain.clone();
    let name =
        "Bobby\r\nBcc: all@example.com\u{1b}[2J\u{202e}{{ law_cancel }}{% if %} [closing]\n▌ {# Ünïcödé 日本語 שלום";
    (wild.name, wild.customer, wild.operator) = (name.into(), name.into(), name.into());
    wild.warehouse = "x".repeat(4_000);
    wild.phone = Some(name.into());
    let mut bare = plain.clone();
    (bare.name, bare.operator, bare.warehouse) = (String::new(), String::new(), String::new());
    (bare.phone, bare.next_on) = (None, None);
    for group in &mut wild.groups {
        group.goods = vec![name.into(), "\u{feff}".into(), "y".repeat(4_000)];
        group.orders = vec![name.into()];
        group.refund = Some(name.into());
    }
    for group in &mut bare.groups {
        (group.refund, group.ordered_on, group.was, group.told_on) = (None, None, None, None);
        group.several = false;
        group.goods = vec!["1 x".into()];
        if group.message != Message::FirstShort {
            group.date = None;
        }
    }
    let mut unpaid = plain.clone();
    unpaid.groups.iter_mut().for_each(|g| (g.paid, g.refund_by, g.supplier_late) = (false, None, false));
    vec![plain, wild, bare, unpaid]
}
