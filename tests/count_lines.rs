//! What a person who counts scans and types: every line kept, refused or asked about, also after any end.

use super::support::floor::{floor, says};
use super::support::warehouse::q;
use backshelf::domain::counting::Scope;
use backshelf::ops::counting::counter::{Sent, Told};
use backshelf::ops::counting::review::{self};
use backshelf::ops::counting::{self, Wanted};
use backshelf::ops::undo;

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
    let sent = Sent { text: "4006381333931", scanned: true, uid: Some("ws1-7"), twice: false };
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
    assert_eq!(f.lines(&mut c, &[">-"]).sentence, "Taken back: 12 Chang in A1-04, 1 now.");
    assert_eq!(f.counter(session, "M.Baker").times, None, "with the scan goes what was said of it");
    assert_eq!(f.lines(&mut c, &[">12*", ">-"]).sentence, "The next scan counts 1 again, not 12.");
    assert_eq!(f.counter(session, "M.Baker").times, None);
    f.lines(&mut c, &["DOX6", ">14"]);
    assert_eq!((c.times, f.counter(session, "M.Baker").times), (None, None), "a figure was meant instead");
    f.lines(&mut c, &[">.."]);
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

/// A figure far over the usual is asked about and not taken. The question outlives the program, the same line sent twice
/// is no answer to it, and `-` takes back the question, not what was counted.
#[test]
fn a_doubted_figure_is_asked_still_after_any_end() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    f.lines(&mut c, &["BINA1-04", "4006381333931", ">18"]);
    let act = f.act("M.Baker");
    let sent = Sent { text: "2500", scanned: false, uid: Some("ws1-9"), twice: false };
    assert!(c.enter(&mut f.w.store, &act, &sent).unwrap().sentence.contains("not taken"));
    let mut again = f.counter(session, "M.Baker");
    let told = again.enter(&mut f.w.store, &act, &sent).unwrap();
    assert!(told.again && told.beep && told.sentence.contains("2500 is far more than usual: not taken"), "{told:?}");
    let seen = f.standing(&again);
    assert_eq!((seen.doubted, seen.above.unwrap().figure), (Some(q(2500)), Some(q(18))));
    assert_eq!(seen.lines[0].note, "2500? not taken");
    let told = f.lines(&mut again, &[">-"]);
    assert_eq!(told.sentence, "2500 was not counted; it is 18 still.");
    assert_eq!((f.standing(&again).doubted, f.standing(&again).above.unwrap().figure), (None, Some(q(18))));
    // Asked anew, and confirmed after another end.
    f.lines(&mut again, &[">2500"]);
    let mut third = f.counter(session, "M.Baker");
    f.lines(&mut third, &[">2500"]);
    assert_eq!((f.standing(&third).doubted, f.standing(&third).above.unwrap().figure), (None, Some(q(2500))));
    f.lines(&mut third, &[">.."]);
    assert_eq!(f.shown(session), ["A1-04 Chang 2500 2483 Differs"]);
}

/// What is asked is asked of one item: the same figure typed of another is asked anew, and whatever comes between ends the
/// question, in memory as in the rows.
#[test]
fn a_doubted_figure_is_of_the_item_that_was_asked_about() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    let act = f.act("M.Baker");
    let told = f.lines(&mut c, &["BINA1-04", "4006381333931", ">4000"]);
    assert!(told.sentence.contains("not taken"));
    c.choose(&mut f.w.store, &act, f.chai, q(1)).unwrap();
    assert_eq!(f.standing(&c).doubted, None, "nothing was asked of this one");
    assert_eq!(f.standing(&f.counter(session, "M.Baker")), f.standing(&c));
    assert!(f.lines(&mut c, &[">4000"]).sentence.contains("not taken"));
    assert_eq!(f.lines(&mut c, &[">-"]).sentence, "4000 was not counted; nothing of it is counted yet.");
    f.lines(&mut c, &[">4000", ">4000"]);
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(4000)));
    // Whatever else is said ends it.
    for other in [">12*", "4006381333931", "8712345000017"] {
        f.lines(&mut c, &["036000291452", ">5000", other]);
        assert_eq!(f.standing(&c).doubted, None, "{other}");
        assert_eq!(f.standing(&f.counter(session, "M.Baker")), f.standing(&c), "{other}");
    }
}

/// `12*` said of a code of which nothing is counted is not kept for the next: no row says it.
#[test]
fn how_many_said_of_one_code_is_of_that_code_alone() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    f.lines(&mut c, &["BINA1-04", ">12*BINA1-04"]);
    assert_eq!(f.standing(&f.counter(session, "M.Baker")), f.standing(&c));
    f.lines(&mut c, &["4006381333931"]);
    assert_eq!(f.standing(&c).above.unwrap().figure, Some(q(1)));
}

/// A code that came twice at once is counted twice and asked about until a figure is typed, also after any end.
#[test]
fn a_scan_that_came_twice_is_asked_about_after_any_end() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    f.lines(&mut c, &["BINA1-04", "4006381333931"]);
    let act = f.act("M.Baker");
    let twice = Sent { text: "4006381333931", scanned: true, uid: None, twice: true };
    c.enter(&mut f.w.store, &act, &twice).unwrap();
    let mut again = f.counter(session, "M.Baker");
    assert_eq!(f.standing(&again), f.standing(&c));
    let seen = f.standing(&again);
    assert_eq!((seen.doubled, seen.above.unwrap().figure), (vec!["Chang".to_string()], Some(q(2))));
    assert_eq!(seen.lines[0].note, "scanned twice?");
    f.lines(&mut again, &[">-"]);
    assert_eq!((f.standing(&again).doubled.len(), f.standing(&again).above.unwrap().figure), (0, Some(q(1))));
    again.enter(&mut f.w.store, &act, &twice).unwrap();
    f.lines(&mut again, &[">2"]);
    assert!(f.standing(&again).doubled.is_empty(), "whoever says how many has looked");
}

/// Where a name is asked for, a bin's code is where the count begins and an item's code is none.
#[test]
fn a_count_is_not_named_after_a_bin_or_an_item() {
    let mut f = floor();
    let wanted = |name: &str| Wanted { scope: Scope::Anything, name: name.into(), uid: None };
    let act = f.act("M.Baker");
    let session = counting::begin_by_hand(&mut f.w.store, &act, &wanted("a1-05")).unwrap();
    let seen = f.standing(&f.counter(session, "M.Baker"));
    assert_eq!((seen.name.as_str(), seen.bin.as_deref()), ("Count as I go", Some("A1-05")));
    let refused = counting::begin_by_hand(&mut f.w.store, &act, &wanted("BEV-002")).map(|_| Told::default());
    says(refused, "BEV-002 is Chang, not a name: empty the name, then F8 begins the count");
    let named = counting::begin_by_hand(&mut f.w.store, &act, &wanted("Monday round")).unwrap();
    assert_eq!(f.standing(&f.counter(named, "M.Baker")).name, "Monday round");
}

/// `-` right after it was asked about a scan that came twice takes back that scan, whatever was counted after it; leaving
/// the bin by scanning the next asks too, and `-` reaches back into the bin that was left.
#[test]
fn what_came_twice_is_asked_about_when_its_bin_is_left_and_taken_back_from_there() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    let act = f.act("M.Baker");
    let twice = Sent { text: "4006381333931", scanned: true, uid: None, twice: true };
    f.lines(&mut c, &["BINA1-04", "4006381333931"]);
    c.enter(&mut f.w.store, &act, &twice).unwrap();
    f.lines(&mut c, &["14006381333938", "036000291452", ">24"]);
    let asked = f.lines(&mut c, &[">.."]);
    assert!(asked.beep && asked.sentence.contains("Chang: scanned twice at once. Right?"), "{asked:?}");
    assert_eq!(f.standing(&f.counter(session, "M.Baker")), f.standing(&c));
    assert_eq!(f.lines(&mut c, &[">-"]).sentence, "Taken back: one Chang in A1-04, 13 now.");
    assert_eq!(f.standing(&f.counter(session, "M.Baker")), f.standing(&c));
    // The rows after it are taken back one by one as if it had never been.
    assert_eq!(f.lines(&mut c, &[">-"]).sentence, "Taken back: \"it is 24\" of Chai in A1-04, 1 now.");
    assert_eq!(f.lines(&mut c, &[">-"]).sentence, "Taken back: one Chai in A1-04, not counted now.");
    assert_eq!(f.lines(&mut c, &[">-"]).sentence, "Taken back: 12 Chang in A1-04, 1 now.");
    c.enter(&mut f.w.store, &act, &twice).unwrap();
    let left = f.lines(&mut c, &["BINA1-05"]);
    assert!(left.beep && left.sentence.contains("A1-04 is done. Chang: scanned twice at once. Right?"), "{left:?}");
    assert_eq!(f.lines(&mut c, &[">-"]).sentence, "Taken back: one Chang in A1-04, 1 now.");
    assert_eq!(f.standing(&c).bin.as_deref(), Some("A1-05"));
    f.lines(&mut c, &["036000291452", ">24", ">..", "BINA1-04"]);
    assert_eq!(f.shown(session), ["A1-05 Chai 24 24 Differs"]);
    assert_eq!(f.standing(&c).lines[0].figure, Some(q(1)));
    // Asked and meant so: the bin is done, and - in the next one is of that one.
    c.enter(&mut f.w.store, &act, &twice).unwrap();
    f.lines(&mut c, &[">..", ">..", "BINA1-05", "036000291452"]);
    assert_eq!(f.lines(&mut c, &[">-"]).sentence, "Taken back: one Chai in A1-05, 24 now.");
    assert!(f.shown(session).contains(&"A1-04 Chang 2 -15 Differs".to_string()), "{:?}", f.shown(session));
    f.sound();
}

/// A figure that was added to after it was typed says so.
#[test]
fn what_is_added_to_a_typed_figure_is_told() {
    let mut f = floor();
    let session = f.begin(Scope::Anything);
    let mut c = f.counter(session, "M.Baker");
    f.lines(&mut c, &["BINA1-04", "4006381333931", ">12", ">+1"]);
    let upper = f.standing(&c).above.unwrap();
    assert_eq!((upper.figure, upper.how.as_str()), (Some(q(13)), "1 scan, then typed 12, then +1"));
}

/// Where somebody else is at the next bin, another is the next, and it is said who is where.
#[test]
fn the_next_bin_is_one_in_which_nobody_counts() {
    let mut f = floor();
    let session = f.begin(Scope::Bins("A1".into()));
    let cas = f.counter(session, "Cas");
    assert_eq!(f.standing(&cas).next.as_deref(), Some("A1-04"));
    let mut ben = f.counter(session, "Ben");
    f.lines(&mut ben, &["BINA1-04"]);
    let seen = f.standing(&cas);
    assert_eq!(seen.next.as_deref(), Some("A1-05"));
    assert_eq!(seen.others_at, [("Ben".to_string(), "A1-04".to_string())]);
    f.lines(&mut ben, &["4006381333931", ">.."]);
    assert!(f.standing(&cas).others_at.is_empty());
}

/// A second count names what it waits for until it is counted; `0` answers for all that is named, and nothing else.
#[test]
fn what_is_not_there_is_answered_with_nought() {
    let mut f = floor();
    f.set("counting.two_people", "yes");
    let session = f.begin(Scope::Bins("A1-04".into()));
    f.count(session, "Ann", &["BINA1-04", "4006381333931", ">3", "036000291452", ">4", ">.."]);
    let mut ben = f.counter(session, "Ben");
    f.lines(&mut ben, &["BINA1-04"]);
    assert_eq!(f.standing(&ben).to_find.1, 2);
    f.lines(&mut ben, &["036000291452", ">4"]);
    let asked = f.lines(&mut ben, &[">.."]);
    assert!(asked.beep && asked.sentence.contains("Not counted here: Chang. 0 says that none is here"), "{asked:?}");
    let left = f.lines(&mut ben, &[">.."]);
    assert_eq!(left.sentence, "A1-04 is left; still to count there: Chang.");
    f.lines(&mut ben, &["BINA1-04"]);
    assert_eq!(f.standing(&ben).to_find.0, ["Chang"]);
    assert_eq!(f.lines(&mut ben, &[">0"]).sentence, "Saved: no Chang in A1-04. A1-04 is done.");
    assert_eq!(review::waiting_for(f.w.store.db(), session, "Ben", f.w.today).unwrap().0.len(), 0);
    let lines = f.review_of(session, "Ann").lines;
    assert!(lines.iter().any(|l| l.item.name == "Chang" && l.pass.operator == "Ben" && l.pass.counted == q(0)));
    f.sound();
}

/// Where nobody is listed, whoever wrote here of late is a third person; what waits for another person's count is not asked
/// of who counted it.
#[test]
fn a_third_person_is_whoever_wrote_here_where_nobody_is_listed() {
    let mut f = floor();
    f.set("counting.two_people", "yes");
    let session = f.begin(Scope::Bins("A1".into()));
    f.count(session, "Ann", &["BINA1-04", "4006381333931", ">3", "036000291452", ">11", ">.."]);
    let act = f.act("Ann");
    let (bin, item) = (f.a1, f.chang);
    let refused = review::mark(&mut f.w.store, &act, session, bin, item, true).map(|_| Told::default());
    says(refused, "waits for somebody else's count already");
    assert_eq!(f.review_of(session, "Ann").waits(), [(1, "for a 2nd count")]);
    f.count(session, "Ben", &["BINA1-04", "4006381333931", ">4", ">.."]);
    // M.Baker made the warehouse and began the count.
    let review = f.review_of(session, "Ann");
    let line = review.lines.iter().find(|l| l.item.name == "Chang").unwrap();
    assert!(!line.lead_decides && !line.anybody_decides);
    assert_eq!((review.right(), review.differ(), review.waits()), (1, 0, vec![(1, "for a 3rd count")]));
}
