//! Counting in sessions: the book of the moment, whose count stands, posting and its undo.

use super::support::floor::{Floor, floor, says};
use super::support::warehouse::q;
use backshelf::domain::counting::Scope;
use backshelf::domain::people::Role;
use backshelf::ops::counting;
use backshelf::ops::counting::counter::Told;
use backshelf::ops::counting::review::{self, Loss, Review, State};
use backshelf::ops::{people, undo};
use backshelf::store::Act;

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
    let refused = f.post(session).unwrap_err().to_string();
    assert!(refused.contains("1 difference is over the limit: K.Smit must post that"), "{refused}");
    f.count(session, "M.Baker", &["BINA1-05", "4006381333931", ">4", ">.."]);
    f.set("counting.approvers", "A.Bos, J.Vos, K.Smit, P.Tas");
    let refused = f.post(session).unwrap_err().to_string();
    let who = "A.Bos or J.Vos or K.Smit (and 1 more) must post them.";
    assert!(refused.contains(&format!("2 differences are over the limit: {who}")), "{refused}");
    let act = f.act("K.Smit");
    assert_eq!(review::post(&mut f.w.store, act, session).unwrap().value.left, 0);
    assert_eq!((f.w.level(f.chang, f.a1), f.w.level(f.chang, f.a2)), (14, 4));
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

/// Who is to count second is told which items, and no figure; the review then shows what each found.
#[test]
fn a_second_count_names_what_it_is_of() {
    let mut f = floor();
    f.set("counting.two_people", "yes");
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "K.Smit", &["BINA1-04", "4006381333931", ">14", "036000291452", ">11", ">.."]);
    let mut mine = f.counter(session, "M.Baker");
    f.lines(&mut mine, &["BINA1-04"]);
    let seen = f.standing(&mine);
    assert!(seen.own_count);
    assert_eq!(seen.to_find, (vec!["Chang".to_string()], 1), "the other is right and not asked for");
    f.lines(&mut mine, &["4006381333931", ">15"]);
    assert_eq!(f.standing(&mine).to_find.1, 0);
    f.lines(&mut mine, &[">.."]);
    let line = f.review(session).lines.remove(0);
    let found = line.passes.iter().map(|p| (p.operator.as_str(), p.counted)).collect::<Vec<_>>();
    assert_eq!((line.state, found), (State::Third, vec![("K.Smit", q(14)), ("M.Baker", q(15))]));
}
