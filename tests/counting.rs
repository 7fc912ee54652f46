//! Counting in sessions: every scan kept, the book of the moment, whose count stands, posting and its undo.

use super::support::warehouse::{Warehouse, q};
use backshelf::domain::counting::Scope;
use backshelf::domain::ids::{BinId, ItemId, SessionId};
use backshelf::domain::people::Role;
use backshelf::domain::quantity::Qty;
use backshelf::ops::counting::counter::{Counter, Sent, Told};
use backshelf::ops::counting::review::{self, Loss, Review, State};
use backshelf::ops::counting::standing::{Standing, standing};
use backshelf::ops::counting::{self, Wanted};
use backshelf::ops::{checking, people, perform, settings, undo};
use backshelf::store::{Act, Failure, Result, scanning};

struct Floor {
    w: Warehouse,
    a1: BinId,
    a2: BinId,
    chang: ItemId,
    chai: ItemId,
}

fn barcode(w: &mut Warehouse, code: &str, item: ItemId, quantity: Qty) {
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        scanning::add_barcode(tx, code, item, quantity)
    })
    .unwrap();
}

/// 17 Chang and 11 Chai in A1-04, nothing in A1-05.
fn floor() -> Floor {
    let mut w = Warehouse::new();
    let (a1, a2) = (w.bin("A1-04", "storage"), w.bin("A1-05", "storage"));
    let (chang, chai) = (w.item("BEV-002", "Chang"), w.item("BEV-001", "Chai"));
    w.moved(chang, a1, 17);
    w.moved(chai, a1, 11);
    barcode(&mut w, "4006381333931", chang, q(1));
    barcode(&mut w, "036000291452", chai, q(1));
    barcode(&mut w, "14006381333938", chang, q(12));
    for item in [chang, chai] {
        let act = w.act("prepare");
        perform(&mut w.store, act, |tx| {
            tx.update("item", item.0, &[("cost", rusqlite::types::Value::Integer(152_000))])
        })
        .unwrap();
    }
    Floor { w, a1, a2, chang, chai }
}

impl Floor {
    fn act(&self, who: &str) -> Act {
        Act { operator: who.into(), ..self.w.act("count") }
    }
    fn begin(&mut self, scope: Scope) -> SessionId {
        let act = self.act("M.Baker");
        counting::begin(&mut self.w.store, &act, &Wanted { scope, name: String::new(), uid: None }).unwrap()
    }
    fn counter(&self, session: SessionId, who: &str) -> Counter {
        Counter::resume(self.w.store.db(), session, who).unwrap()
    }
    fn send(&mut self, counter: &mut Counter, text: &str, scanned: bool) -> Result<Told> {
        let act = self.act(&counter.operator.clone());
        counter.enter(&mut self.w.store, &act, &Sent { text, scanned, uid: None })
    }
    /// Lines: those that begin with `>` are typed, the others scanned.
    fn lines(&mut self, counter: &mut Counter, lines: &[&str]) -> Told {
        let mut told = Told::default();
        for line in lines {
            let (text, scanned) = line.strip_prefix('>').map_or((*line, true), |t| (t, false));
            told = self.send(counter, text, scanned).unwrap_or_else(|e| panic!("{line}: {e}"));
        }
        told
    }
    fn count(&mut self, session: SessionId, who: &str, lines: &[&str]) -> Told {
        let mut counter = self.counter(session, who);
        self.lines(&mut counter, lines)
    }
    fn standing(&self, counter: &Counter) -> Standing {
        standing(self.w.store.db(), counter, self.w.today).unwrap()
    }
    fn review(&self, session: SessionId) -> Review {
        self.review_of(session, "M.Baker")
    }
    fn review_of(&self, session: SessionId, who: &str) -> Review {
        review::load(self.w.store.db(), session, who, self.w.today).unwrap()
    }
    fn post(&mut self, session: SessionId) -> Result<backshelf::store::Done<review::Posted>> {
        let act = self.act("M.Baker");
        review::post(&mut self.w.store, act, session)
    }
    fn sound(&self) {
        assert_eq!(checking::check(self.w.store.db()).unwrap().faults, Vec::<String>::new());
    }
    fn set(&mut self, key: &str, value: &str) {
        let act = self.w.act("set");
        settings::set(&mut self.w.store, act, key, value).unwrap();
    }
    /// Bin, item, counted, difference and state of every line, as text.
    fn shown(&self, session: SessionId) -> Vec<String> {
        self.review(session)
            .lines
            .iter()
            .map(|l| format!("{} {} {} {} {:?}", l.bin.code, l.item.name, l.pass.counted, l.difference(), l.state))
            .collect()
    }
}

#[track_caller]
fn says(result: Result<Told>, words: &str) {
    match result {
        Err(Failure::Refused(r)) => assert!(r.sentence().contains(words), "{r}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_blind_count_of_a_bin_is_posted_and_taken_back() {
    let mut f = floor();
    let before = f.w.number("SELECT count(*) FROM operation");
    let session = f.begin(Scope::Bins("A1".into()));
    f.count(session, "M.Baker", &["BINA1-04", "4006381333931", ">14", "036000291452", "036000291452", ">+9", ">.."]);
    assert_eq!(f.w.number("SELECT count(*) FROM operation"), before, "scans are no operations");
    assert_eq!(f.shown(session), ["A1-04 Chang 14 -3 Differs", "A1-04 Chai 11 0 Right"]);
    let told = f.count(session, "M.Baker", &["BINA1-05", ">0"]);
    assert_eq!(told.sentence, "A1-05 is empty. Saved.");
    let done = f.post(session).unwrap();
    assert_eq!(done.summary, "Bins A1 posted: 2 counted, 1 change, -45.60");
    assert_eq!((f.w.level(f.chang, f.a1), f.w.level(f.chai, f.a1)), (14, 11));
    assert_eq!(
        f.w.number("SELECT count(*) FROM count_entry WHERE session_id IS NOT NULL"),
        2,
        "right ones stay as proof"
    );
    f.sound();
    assert!(f.post(session).unwrap_err().to_string().contains("posted"));
    let act = f.act("M.Baker");
    undo::undo(&mut f.w.store, act, done.operation).unwrap();
    assert_eq!(f.w.level(f.chang, f.a1), 17);
    f.sound();
    assert_eq!(f.shown(session), ["A1-04 Chang 14 -3 Differs", "A1-04 Chai 11 0 Right"], "open again as it was");
    f.post(session).unwrap();
    assert_eq!(f.w.level(f.chang, f.a1), 14);
    f.sound();
}

#[test]
fn what_moves_between_count_and_post_is_neither_lost_nor_found() {
    // Count 10 (book 10), pick 3, post: stock 7, variance 0. Count 8 (book 10), receipt +5, post: stock 13, variance -2.
    for (book, counted, moved, stock, difference) in [(10, 10, -3, 7, 0), (10, 8, 5, 13, -2)] {
        let mut f = floor();
        let (chang, a2) = (f.chang, f.a2);
        f.w.moved(chang, a2, book);
        let session = f.begin(Scope::Bins("A1-05".into()));
        f.count(session, "M.Baker", &["BINA1-05", "4006381333931", &format!(">{counted}"), ">.."]);
        f.w.moved(chang, a2, moved);
        let review = f.review(session);
        let line = &review.lines[0];
        assert_eq!((line.pass.book, line.since(), line.difference()), (q(book), q(moved), q(difference)));
        f.post(session).unwrap();
        assert_eq!(f.w.level(chang, a2), stock);
        f.sound();
    }
}

#[test]
fn two_bins_that_cancel_out_are_two_discrepancies() {
    let mut f = floor();
    let (chang, a2) = (f.chang, f.a2);
    f.w.moved(chang, a2, 20);
    let session = f.begin(Scope::Anything);
    f.count(session, "M.Baker", &["BINA1-04", "4006381333931", ">22", "BINA1-05", "4006381333931", ">15", ">.."]);
    let review = f.review(session);
    assert_eq!((review.differ(), review.sums().0 + review.sums().1), (2, backshelf::domain::money::Money::ZERO));
    let done = f.post(session).unwrap();
    assert_eq!(done.value.changes, 2);
    assert_eq!((f.w.level(chang, f.a1), f.w.level(chang, f.a2)), (22, 15));
}

#[test]
fn what_nobody_finds_in_a_whole_bin_is_none_and_elsewhere_says_nothing() {
    let mut f = floor();
    let whole = f.begin(Scope::Bins("A1-04".into()));
    f.count(whole, "M.Baker", &["BINA1-04", "4006381333931", ">17", ">.."]);
    assert_eq!(f.shown(whole), ["A1-04 Chai 0 -11 Differs", "A1-04 Chang 17 0 Right"]);
    assert!(f.review(whole).lines[0].second_look, "nobody found it: worth a second look");
    let free = f.begin(Scope::Anything);
    f.count(free, "M.Baker", &["BINA1-04", "4006381333931", ">17", ">.."]);
    assert_eq!(f.shown(free), ["A1-04 Chang 17 0 Right"]);
}

#[test]
fn packs_multipliers_and_typing_count_as_the_laminated_sheet_says() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    f.lines(&mut c, &["BINA1-04", "14006381333938", "4006381333931", ">12*", "4006381333931", "DOX6", "4006381333931"]);
    let upper = f.standing(&c).above.unwrap();
    assert_eq!((upper.figure, upper.how.as_str()), (Some(q(31)), "4 scans"));
    f.lines(&mut c, &["(02)04006381333931(37)2"]);
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(33)));
    f.lines(&mut c, &[">3x12", ">+2"]);
    let upper = f.standing(&c).above.unwrap();
    assert_eq!((upper.figure, upper.one_scan), (Some(q(38)), None), "one carton's label says nothing of the next");
    f.lines(&mut c, &[">-", ">-", "DOUNDO"]);
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(31)));
    f.lines(&mut c, &[">-", ">-", ">-", ">-"]);
    assert_eq!(f.standing(&c).above, None);
    assert_eq!(f.standing(&c).bin.as_deref(), Some("A1-04"));
    let told = f.lines(&mut c, &[">-"]);
    assert_eq!(told.sentence, "A1-04 is closed again: nothing was counted in it.");
    says(f.send(&mut c, "-", false), "Nothing is left");
    f.sound();
}

#[test]
fn lines_that_say_nothing_are_refused_and_change_nothing() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    says(f.send(&mut c, "4006381333931", true), "Scan the bin first");
    f.lines(&mut c, &["BINA1-04"]);
    let before = f.w.everything();
    says(f.send(&mut c, "14", false), "Nothing stands above");
    says(f.send(&mut c, "4006381333932", false), "last digit would have to be 1");
    says(f.send(&mut c, "(01)04006381333932", true), "Misread");
    says(f.send(&mut c, "..", false), "Nothing is counted in A1-04 yet");
    says(f.send(&mut c, "2b", false), "Bad goods");
    assert_eq!(f.send(&mut c, "cha", false).unwrap().find.as_deref(), Some("cha"));
    assert_eq!(f.w.everything(), before);
    f.lines(&mut c, &["4006381333931"]);
    let told = f.lines(&mut c, &[">16000"]);
    assert!(told.beep && told.sentence.contains("far more than usual"), "{told:?}");
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(1)));
    f.lines(&mut c, &[">16000"]);
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(16000)));
}

#[test]
fn an_unknown_code_is_kept_aside_and_named_on_the_spot() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    let told = f.lines(&mut c, &["BINA1-04", "4006381333931", "8712345000017", "8712345000017"]);
    assert!(told.beep && told.sentence.contains("No item has the code 8712345000017"));
    assert_eq!(f.standing(&c).lines.len(), 3);
    assert_eq!(f.review(session).aside.len(), 2);
    let act = f.act("M.Baker");
    c.choose(&mut f.w.store, &act, f.chai, q(1)).unwrap();
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(2)));
    assert_eq!(f.review(session).aside.len(), 0);
    f.lines(&mut c, &["8712345000017", ">.."]);
    assert_eq!(f.shown(session), ["A1-04 Chang 1 -16 Differs", "A1-04 Chai 3 -8 Differs"]);
    // Another one, named in the review, where two people kept it aside.
    f.count(session, "K.Smit", &["BINA1-05", "8712345000024", ">4", ">.."]);
    let act = f.act("M.Baker");
    review::name_aside(&mut f.w.store, act, session, "8712345000024", f.chang, q(6)).unwrap();
    assert!(f.shown(session).contains(&"A1-05 Chang 24 24 Differs".to_string()), "{:?}", f.shown(session));
    f.sound();
}

/// `-` after a code was named takes all of it back: the figure, the barcode, its operation.
#[test]
fn the_name_of_a_code_is_taken_back_with_its_barcode() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    f.lines(&mut c, &["BINA1-04", "8712345000017"]);
    let act = f.act("M.Baker");
    let told = c.choose(&mut f.w.store, &act, f.chai, q(24)).unwrap();
    assert!(told.sentence.contains("1 kept aside x 24 = 24"), "{told:?}");
    let told = f.lines(&mut c, &[">-"]);
    assert!(told.sentence.contains("8712345000017 is no barcode any more"), "{told:?}");
    assert_eq!(f.w.number("SELECT count(*) FROM barcode WHERE code = '8712345000017'"), 0);
    let above = f.standing(&c).above.unwrap();
    assert_eq!((above.unknown, above.name.as_str()), (true, "8712345000017"));
    let last = f.w.text("SELECT summary FROM operation ORDER BY id DESC LIMIT 1");
    assert_eq!(last, "took back: made 8712345000017 a barcode of Chai");
    let act = f.act("M.Baker");
    c.choose(&mut f.w.store, &act, f.chang, q(6)).unwrap();
    f.lines(&mut c, &["8712345000017", ">.."]);
    assert_eq!(f.shown(session), ["A1-04 Chang 12 -5 Differs"]);
    // What was a barcode before stays one.
    f.lines(&mut c, &["BINA1-05", "4006381333931", ">-"]);
    assert_eq!(f.w.number("SELECT count(*) FROM barcode WHERE code = '4006381333931'"), 1);
    f.sound();
}

/// A code that somebody named meanwhile is settled, and one that nobody can name is dropped: a session always ends.
#[test]
fn what_lies_aside_never_keeps_a_session_open() {
    let mut f = floor();
    let (first, other) = (f.begin(Scope::Anything), f.begin(Scope::Anything));
    f.count(first, "K.Smit", &["BINA1-05", "8712345000017", "99887766", "99887766", ">.."]);
    let mut c = f.counter(other, "M.Baker");
    f.lines(&mut c, &["BINA1-04", "8712345000017"]);
    let act = f.act("M.Baker");
    assert!(review::settle_aside(&mut f.w.store, &act, first, "8712345000017").is_err(), "nobody knows it yet");
    c.choose(&mut f.w.store, &act, f.chang, q(24)).unwrap();
    assert_eq!(f.review(first).aside[0].known, Some(("Chang".to_string(), q(24))));
    assert_eq!(review::settle_aside(&mut f.w.store, &act, first, "8712345000017").unwrap(), "Chang");
    assert_eq!(f.shown(first), ["A1-05 Chang 24 24 Differs"]);
    review::drop_aside(&mut f.w.store, &act, first, "99887766").unwrap();
    assert!(f.review(first).aside.is_empty());
    assert_eq!(f.post(first).unwrap().value.left, 0);
    let after = f.review(first);
    assert_eq!((after.lines.len(), after.posted_by.map(|p| p.0)), (0, Some("M.Baker".to_string())));
    f.sound();
}

/// Who counted it himself is told that somebody else must, not that all is counted.
#[test]
fn what_waits_for_somebody_else_is_told() {
    let mut f = floor();
    f.set("counting.two_people", "yes");
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "K.Smit", &["BINA1-04", "4006381333931", ">14", "036000291452", ">11", ">.."]);
    let of = |f: &Floor, who: &str| {
        let now = f.standing(&f.counter(session, who));
        (now.second, now.others)
    };
    assert_eq!(of(&f, "K.Smit"), (vec![], 1));
    assert_eq!(of(&f, "M.Baker"), (vec!["A1-04".to_string()], 0));
}

#[test]
fn after_any_end_the_session_goes_on_where_it_was_and_a_repeat_is_counted_once() {
    let mut f = floor();
    let session = f.begin(Scope::Bins("A1".into()));
    let mut c = f.counter(session, "M.Baker");
    f.lines(&mut c, &["BINA1-04", "4006381333931", ">14"]);
    let seen = f.standing(&c);
    let mut again = f.counter(session, "M.Baker");
    assert_eq!(f.standing(&again), seen);
    let act = f.act("M.Baker");
    let sent = Sent { text: "4006381333931", scanned: true, uid: Some("ws1-7") };
    assert!(!again.enter(&mut f.w.store, &act, &sent).unwrap().again);
    assert!(again.enter(&mut f.w.store, &act, &sent).unwrap().again);
    assert_eq!(f.standing(&again).above.unwrap().figure, Some(q(15)));
    // The next bin's label ends this bin; going back goes on with it.
    let told = f.lines(&mut again, &["BINA1-05"]);
    assert_eq!(told.sentence, "A1-04 is done.");
    assert_eq!((f.standing(&again).done, f.standing(&again).bins), (1, 2));
    let told = f.lines(&mut again, &["BINA1-04"]);
    assert_eq!(told.sentence, "A1-04 goes on where you left it.");
    assert_eq!(f.standing(&again).done, 0);
    f.lines(&mut again, &["4006381333931", ">.."]);
    assert!(f.shown(session).contains(&"A1-04 Chang 16 -1 Differs".to_string()));
    // Done by mistake: taken back.
    let told = f.lines(&mut again, &[">-"]);
    assert_eq!(told.sentence, "A1-04 is open again.");
    assert_eq!(f.standing(&again).above.unwrap().figure, Some(q(16)));
}

#[test]
fn two_people_count_the_same_bin_without_seeing_each_other_and_a_third_decides() {
    let mut f = floor();
    f.set("counting.two_people", "yes");
    f.set("counting.tolerance", "c=1");
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "K.Smit", &["BINA1-04", "4006381333931", ">14", "036000291452", ">10", ">.."]);
    let states = |r: Review| r.lines.iter().map(|l| (l.pass.counted, l.state)).collect::<Vec<_>>();
    assert_eq!(states(f.review_of(session, "K.Smit")), [(q(10), State::Differs), (q(14), State::Second)]);
    let blind = f.review(session).lines.remove(1);
    assert!(blind.hidden && blind.moved.is_empty() && blind.worth.is_none(), "{blind:?}");
    assert_eq!((blind.pass.book, blind.pass.counted), (q(0), q(0)), "neither the book nor another's figure");
    let mut mine = f.counter(session, "M.Baker");
    assert_eq!(f.standing(&mine).second, ["A1-04"], "it waits for this person");
    assert_eq!(f.standing(&f.counter(session, "K.Smit")).second, Vec::<String>::new());
    f.lines(&mut mine, &["BINA1-04"]);
    assert!(f.standing(&mine).lines.is_empty() && f.standing(&mine).above.is_none(), "blind");
    let chang = f.chang;
    f.w.moved(chang, f.a1, -2);
    f.lines(&mut mine, &["4006381333931", ">15", ">.."]);
    assert_eq!(f.shown(session)[1], "A1-04 Chang 15 0 Third");
    let posted = f.post(session).unwrap();
    assert_eq!((posted.value.lines, posted.value.left), (1, 1), "the rest stays");
    f.count(session, "K.Smit", &["BINA1-04", "4006381333931", ">15", ">.."]);
    assert_eq!(f.review(session).lines[0].state, State::Third, "neither of the two decides");
    f.count(session, "A.Lee", &["BINA1-04", "4006381333931", ">12", ">.."]);
    let last = f.review(session).lines.remove(0);
    assert_eq!((last.pass.counted, last.state), (q(12), State::Differs));
    f.post(session).unwrap();
    assert_eq!((f.w.level(chang, f.a1), f.w.level(f.chai, f.a1)), (12, 10));
    f.sound();
}

#[test]
fn where_only_two_people_work_a_lead_decides_between_their_counts() {
    let mut f = floor();
    f.set("counting.two_people", "yes");
    for (name, role) in [("K.Smit", Role::Lead), ("M.Baker", Role::Counter), ("A.Lee", Role::Counter)] {
        let act = Act { operator: "K.Smit".into(), ..f.w.act("set people") };
        people::add(&mut f.w.store, act, name, role).unwrap();
    }
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "M.Baker", &["BINA1-04", "4006381333931", ">14", "036000291452", ">11", ">.."]);
    f.count(session, "K.Smit", &["BINA1-04", "4006381333931", ">15", ">.."]);
    let take = |f: &mut Floor, who: &str| {
        let act = f.act(who);
        review::mark(&mut f.w.store, &act, session, f.a1, f.chang, false).map(|()| Told::default())
    };
    says(take(&mut f, "K.Smit"), "who counted neither time");
    let act = Act { operator: "K.Smit".into(), ..f.w.act("set people") };
    people::remove(&mut f.w.store, act, "A.Lee").unwrap();
    assert!(f.review(session).lines.iter().any(|l| l.lead_decides));
    says(take(&mut f, "M.Baker"), "a lead decides");
    take(&mut f, "K.Smit").unwrap();
    let line = f.review(session).lines.remove(0);
    assert_eq!((line.pass.counted, line.state), (q(15), State::Differs));
    f.sound();
}

#[test]
fn a_line_is_counted_again_and_the_others_stay() {
    let mut f = floor();
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "M.Baker", &["BINA1-04", "4006381333931", ">71", "036000291452", ">11", ">.."]);
    let act = f.act("M.Baker");
    review::mark(&mut f.w.store, &act, session, f.a1, f.chang, true).unwrap();
    assert_eq!(f.review(session).lines[0].state, State::Again);
    let mut c = f.counter(session, "M.Baker");
    assert_eq!(f.standing(&c).next.as_deref(), Some("A1-04"));
    f.lines(&mut c, &["BINA1-04"]);
    assert_eq!(f.standing(&c).to_find, (vec!["Chang".to_string()], 1));
    f.lines(&mut c, &["4006381333931", ">17", ">.."]);
    assert_eq!(f.shown(session), ["A1-04 Chai 11 0 Right", "A1-04 Chang 17 0 Right"]);
    let done = f.post(session).unwrap();
    assert_eq!(done.value.left, 0);
}

#[test]
fn a_difference_over_the_limit_waits_for_somebody_who_may_approve_it() {
    let mut f = floor();
    f.set("counting.approval_over", "40");
    f.set("counting.approvers", "K.Smit");
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "M.Baker", &["BINA1-04", "4006381333931", ">14", "036000291452", ">10", ">.."]);
    let done = f.post(session).unwrap();
    assert_eq!((done.value.lines, done.value.left), (1, 1));
    assert!(f.post(session).unwrap_err().to_string().contains("over the limit"));
    let act = f.act("K.Smit");
    assert_eq!(review::post(&mut f.w.store, act, session).unwrap().value.left, 0);
    assert_eq!(f.w.level(f.chang, f.a1), 14);
}

#[test]
fn who_would_lose_goods_is_said_before_posting() {
    let mut f = floor();
    let line = f.w.order("SO-1042", "Horn", "2026-11-01", &[(f.chang, 17)])[0];
    assert_eq!(f.w.allocated(line), 17);
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "M.Baker", &["BINA1-04", "4006381333931", ">14", ">.."]);
    let review = f.review(session);
    let chang = review.lines.iter().find(|l| l.item.name == "Chang").unwrap();
    assert_eq!(chang.loses, [Loss { order: "SO-1042".into(), customer: "Horn".into(), quantity: q(3) }]);
    f.post(session).unwrap();
    assert_eq!(f.w.allocated(line), 14);
    f.sound();
}

#[test]
fn scopes_find_what_they_name() {
    let mut f = floor();
    let today = f.w.today;
    let of = |f: &Floor, scope: &Scope| counting::scope::places(f.w.store.db(), scope, today).unwrap();
    assert_eq!(of(&f, &Scope::Never), [(f.a1, Some(f.chang)), (f.a1, Some(f.chai))]);
    assert_eq!(of(&f, &Scope::Due), []);
    f.set("counting.days", "A=30 B=60 C=90");
    assert_eq!(of(&f, &Scope::Due).len(), 2);
    let session = f.begin(Scope::Due);
    f.count(session, "M.Baker", &["BINA1-04", "4006381333931", ">17", ">.."]);
    f.post(session).unwrap();
    assert_eq!(of(&f, &Scope::Due).len(), 0, "Chai was due and not found: counted too");
    assert_eq!(of(&f, &Scope::NotFor(30)), []);
    // Somebody waits for Chang, and the book says that some lies in quarantine.
    let bad = f.w.bin("Q1", "quarantine");
    let (chang, a1) = (f.chang, f.a1);
    f.w.moved(chang, bad, 2);
    assert_eq!(of(&f, &Scope::Short), []);
    f.w.order("SO-1", "Horn", "2026-11-01", &[(chang, 20)]);
    assert_eq!(of(&f, &Scope::Short), [(a1, Some(chang)), (bad, Some(chang))]);
}

/// What was posted is a finished count, also where the posting was taken back: scans begin anew and do not add to it.
#[test]
fn scans_after_an_undone_count_do_not_add_to_the_old_ones() {
    let mut f = floor();
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "M.Baker", &["BINA1-04", "4006381333931", ">7", "036000291452", ">11", ">.."]);
    let done = f.post(session).unwrap();
    let act = f.act("M.Baker");
    undo::undo(&mut f.w.store, act, done.operation).unwrap();
    let mut c = f.counter(session, "M.Baker");
    let told = f.lines(&mut c, &["BINA1-04"]);
    assert_eq!(told.sentence, "A1-04 is counted anew. What you do not count again stays as it was counted.");
    f.lines(&mut c, &["4006381333931", "4006381333931"]);
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(2)));
    f.lines(&mut c, &[">.."]);
    assert_eq!(f.shown(session), ["A1-04 Chang 2 -15 Differs", "A1-04 Chai 11 0 Right"]);
    f.post(session).unwrap();
    assert_eq!((f.w.level(f.chang, f.a1), f.w.level(f.chai, f.a1)), (2, 11));
    f.sound();
}

/// A bin that was only left goes on where it was; saying that it is empty then contradicts what was counted in it.
#[test]
fn a_bin_is_not_said_to_be_empty_over_what_was_counted_in_it() {
    let mut f = floor();
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "M.Baker", &["BINA1-04", "4006381333931", ">7", ">.."]);
    let mut c = f.counter(session, "M.Baker");
    f.lines(&mut c, &["BINA1-04"]);
    says(f.send(&mut c, "0", false), "7 Chang are counted in A1-04 already");
    // Somebody else says so of the whole bin: that is another count of all that was found there.
    f.lines(&mut c, &[">.."]);
    f.count(session, "K.Smit", &["BINA1-04", ">0"]);
    assert_eq!(f.shown(session), ["A1-04 Chai 0 -11 Differs", "A1-04 Chang 0 -17 Third"]);
}

/// `12*` says that the next scan counts 12, and it does: also of the code of a pack, where the other meaning is named.
#[test]
fn so_many_times_a_pack_is_pieces_and_says_so() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    let told = f.lines(&mut c, &["BINA1-04", ">12*", "14006381333938"]);
    assert_eq!(told.sentence, "12 counted, as 12* said, not 12 packs of 12: that is 12x12.");
    assert!(told.beep);
    let upper = f.standing(&c).above.unwrap();
    assert_eq!((upper.figure, upper.one_scan), (Some(q(12)), Some(q(12))));
    f.lines(&mut c, &[">3*14006381333938", ">2*4006381333931"]);
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(17)));
    f.lines(&mut c, &["14006381333938"]);
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(29)), "without it a pack is its pieces");
}

/// A label that says 3 and counts 1 tells why.
#[test]
fn a_count_beside_01_is_no_count_and_is_said() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    let told = f.lines(&mut c, &["BINA1-04", "(01)04006381333931(10)L1(37)3"]);
    assert!(told.beep && told.sentence.contains("(37)3: that counts only beside (02). Counted 1"), "{told:?}");
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(1)));
    assert_eq!(f.lines(&mut c, &["(01)04006381333931(10)L1"]).sentence, "");
}

/// The next scan counts 12: what the screen shows outlives the program.
#[test]
fn how_many_the_next_scan_counts_is_kept_like_a_scan() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    says(f.send(&mut c, "12*", false), "Scan the bin first");
    f.lines(&mut c, &["BINA1-04", "4006381333931", ">12*"]);
    let mut c = f.counter(session, "M.Baker");
    assert_eq!((c.times, f.standing(&c).times), (Some(q(12)), Some(q(12))), "after a kill");
    assert_eq!(f.standing(&c).above.unwrap().name, "Chang", "and Chang stands above as it did");
    f.lines(&mut c, &["4006381333931"]);
    assert_eq!((c.times, f.standing(&c).above.unwrap().figure), (None, Some(q(13))));
    assert_eq!(f.lines(&mut c, &[">-"]).sentence, "Taken back.");
    assert_eq!(f.counter(session, "M.Baker").times, None, "with the scan goes what was said of it");
    assert_eq!(f.lines(&mut c, &[">12*", ">-"]).sentence, "The next scan counts 1 again, not 12.");
    assert_eq!(f.counter(session, "M.Baker").times, None);
    f.lines(&mut c, &["DOX6", ">14"]);
    assert_eq!((c.times, f.counter(session, "M.Baker").times), (None, None), "a figure was meant instead");
    f.lines(&mut c, &[">.."]);
    f.sound();
}

/// A bin without an item on the sheet: 0 says that nothing lies there, a figure is of what?
#[test]
fn a_sheet_says_that_a_bin_is_empty() {
    use backshelf::exchange::reader::{self, Layout};
    use backshelf::ops::counting::sheet;
    let mut f = floor();
    let session = f.begin(Scope::Bins("A1".into()));
    let read = |f: &mut Floor, figure: &str| {
        let filled =
            format!("bin,sku,name,unit,counted\nA1-04,BEV-002,Chang,,17\nA1-04,BEV-001,Chai,,11\nA1-05,,,,{figure}\n");
        let grid = reader::delimited(filled.as_bytes(), Layout::default());
        let act = f.act("K.Smit");
        sheet::read_back(&mut f.w.store, &act, session, &grid).unwrap()
    };
    let wrong = read(&mut f, "3");
    assert_eq!(wrong.problems[0].sentence, "sku: 3 of what lie in A1-05? Write the SKU, or 0 where nothing lies.");
    assert_eq!(read(&mut f, "0").bins, 2);
    assert_eq!((read(&mut f, "0").bins, read(&mut f, "0").before), (0, 2), "once");
    assert_eq!(f.review(session).left, 0, "no bin of the round is left");
    assert!(f.post(session).unwrap().value.left == 0);
    f.sound();
}

/// A misread retail number is kept aside like any unknown code, and it is said what would have been right.
#[test]
fn a_wrong_check_digit_is_named() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    let told = f.lines(&mut c, &["BINA1-04", "4006381333932"]);
    assert!(told.beep && told.sentence.contains("its last digit would have to be 1"), "{}", told.sentence);
}
