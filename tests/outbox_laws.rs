//! Whatever senders, persons and accidents do, in any order: a mail's content leaves once for each time that somebody
//! asked for it, and no mail is forgotten.

use crate::outbox::{letter, tell, with_server};
use crate::support::warehouse::Warehouse;
use backshelf::domain::ids::{LineId, MailId};
use backshelf::ops::outbox::carrying::{self, Parcel};
use backshelf::ops::outbox::deciding::{self, Step};
use backshelf::ops::outbox::{self, Phase, Report, State, Verdict};
use backshelf::store::{Act, Failure};
use chrono::{NaiveDateTime, TimeDelta};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
enum Deed {
    Queue,
    Minutes(i64),
    /// A sender takes a mail, where it has none.
    Claim(usize),
    /// It asks whether content may leave.
    Start(usize),
    /// It reports what the server said.
    Report(usize, Verdict),
    /// It dies without a word.
    Die(usize),
    Person(usize, Step),
}

fn deed() -> impl Strategy<Value = Deed> {
    let verdict = prop::sample::select(vec![Verdict::Sent, Verdict::Retry, Verdict::Failed, Verdict::Unknown]);
    let step = prop::sample::select(vec![Step::Now, Step::Again, Step::Confirm, Step::Bounced, Step::TakeBack]);
    prop_oneof![
        1 => Just(Deed::Queue),
        3 => prop::sample::select(vec![1, 3, 7, 200]).prop_map(Deed::Minutes),
        4 => (0..2usize).prop_map(Deed::Claim),
        4 => (0..2usize).prop_map(Deed::Start),
        3 => (0..2usize, verdict).prop_map(|(sender, verdict)| Deed::Report(sender, verdict)),
        1 => (0..2usize).prop_map(Deed::Die),
        3 => (0..3usize, step).prop_map(|(mail, step)| Deed::Person(mail, step)),
    ]
}

/// A sender's hands: the mail and whether its content is on the way.
#[derive(Clone, Debug)]
struct Hands {
    parcel: Parcel,
    started: bool,
}

struct World {
    w: Warehouse,
    line: LineId,
    now: NaiveDateTime,
    mails: Vec<MailId>,
    senders: [Option<Hands>; 2],
    /// How often content of a mail left, and how often it might have: once, and once more for each time that the server
    /// refused what it was given or a person asked again.
    left: BTreeMap<MailId, usize>,
    allowed: BTreeMap<MailId, usize>,
}

impl World {
    fn new() -> World {
        let (w, line) = with_server(Warehouse::new());
        let now = w.today.and_hms_opt(9, 0, 0).unwrap();
        World {
            w,
            line,
            now,
            mails: Vec::new(),
            senders: [None, None],
            left: BTreeMap::new(),
            allowed: BTreeMap::new(),
        }
    }

    fn act(&self) -> Act {
        Act { now: self.now, ..self.w.act("mail") }
    }

    fn state(&self, mail: MailId) -> outbox::MailRow {
        let all = outbox::list(self.w.store.db(), 100).unwrap();
        all.into_iter().find(|row| row.id == mail).unwrap()
    }

    fn carry_out(&mut self, deed: Deed) {
        match deed {
            Deed::Queue if self.mails.len() < 3 => {
                let mail = tell(&mut self.w, self.line, &letter()).unwrap().value;
                self.mails.push(mail);
                self.allowed.insert(mail, 1);
            }
            Deed::Queue => {}
            Deed::Minutes(minutes) => self.now += TimeDelta::minutes(minutes),
            Deed::Claim(sender) => {
                if self.senders[sender].is_none() {
                    let parcel = carrying::claim(&mut self.w.store, self.now).unwrap();
                    if let Some(parcel) = &parcel {
                        assert!(!self.state(parcel.id).taken_back, "a mail that was taken back is carried");
                    }
                    self.senders[sender] = parcel.map(|parcel| Hands { parcel, started: false });
                }
            }
            Deed::Start(sender) => {
                let Some(hands) = self.senders[sender].as_mut().filter(|hands| !hands.started) else { return };
                if carrying::start(&mut self.w.store, &hands.parcel, self.w.today).unwrap() {
                    hands.started = true;
                    *self.left.entry(hands.parcel.id).or_default() += 1;
                } else {
                    let hands = self.senders[sender].take().unwrap();
                    carrying::release(&mut self.w.store, &hands.parcel).unwrap();
                }
            }
            Deed::Report(sender, verdict) => {
                let Some(hands) = self.senders[sender].take() else { return };
                // Without content nothing can have been taken.
                let before = matches!(verdict, Verdict::Sent | Verdict::Unknown) && !hands.started;
                let verdict = if before { Verdict::Retry } else { verdict };
                let phase = if hands.started { Phase::Answer } else { Phase::Recipient };
                if hands.started && verdict == Verdict::Retry {
                    *self.allowed.get_mut(&hands.parcel.id).unwrap() += 1;
                }
                let report = Report { phase, verdict, said: "as the test says".into() };
                carrying::finish(&mut self.w.store, &hands.parcel, self.now, self.now, &report).unwrap();
            }
            Deed::Die(sender) => self.senders[sender] = None,
            Deed::Person(mail, step) => {
                let Some(mail) = self.mails.get(mail).copied() else { return };
                let before = self.state(mail);
                let act = self.act();
                match deciding::step(&mut self.w.store, act, mail, step) {
                    Ok(_) if step == Step::Again => *self.allowed.get_mut(&mail).unwrap() += 1,
                    Ok(_) if step == Step::TakeBack => {
                        assert!(before.state.is_here(), "taken back from {:?}", before.state);
                    }
                    Ok(_) | Err(Failure::Refused(_)) => {}
                    Err(other) => panic!("{other}"),
                }
            }
        }
        for (mail, left) in &self.left {
            assert!(left <= &self.allowed[mail], "mail {mail:?} left {left} times");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn nothing_is_doubled_and_nothing_is_forgotten(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut world = World::new();
        for deed in deeds {
            world.carry_out(deed);
        }
        // Everyone dies, time passes, the server is well: each mail has left, or is a person's to see to.
        world.senders = [None, None];
        for _ in 0..10 {
            world.now += TimeDelta::hours(4);
            for _ in 0..4 {
                world.carry_out(Deed::Claim(0));
                world.carry_out(Deed::Start(0));
                world.carry_out(Deed::Report(0, Verdict::Sent));
            }
        }
        for mail in &world.mails {
            let row = world.state(*mail);
            let settled = matches!(
                row.state,
                State::Sent | State::Failed | State::Unknown | State::Confirmed | State::Bounced
            );
            prop_assert!(row.taken_back || settled, "{row:?} is forgotten");
        }
        let report = backshelf::ops::checking::check(world.w.store.db()).unwrap();
        prop_assert!(report.faults.is_empty(), "{:?}", report.faults);
    }
}
