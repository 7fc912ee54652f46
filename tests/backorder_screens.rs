//! The Backorders tab, state by state.

use crate::importing::take;
use crate::support::rig::Rig;
use crate::support::warehouse::{Warehouse, day, q};
use backshelf::clock::Clock;
use backshelf::exchange::table::Table;
use backshelf::tui::event::Event;
use backshelf::tui::theme::Theme;
use backshelf::worker::Reply;

/// Customers under three rules, a supplier who slips, something ready, something that nobody ordered.
fn shop() -> Warehouse {
    let mut w = Warehouse::new();
    take(
        &mut w,
        &[
            (Table::Suppliers, "supplier,name,lead_days\nEX,Exotic Liquids,7\nFF,Formaggi Fortini,9"),
            (
                Table::Items,
                "sku,name,price\nCHG,Chang 24 x 12 oz,19\nANI,Aniseed Syrup 550 ml,10\nESP,Espresso grinder 58 mm,212\nGOR,Gorgonzola Telino,12.50\nOUT,Outback Lager,15",
            ),
            (Table::Substitutes, "sku,substitute,rank\nANI,OUT,1"),
            (
                Table::Customers,
                "customer,name,contact_person,phone,email,city,country,kind\nC1,Around the Horn,Thomas Hardy,+44 20 7946 0142,,London,GB,business\nC2,M. Haynes,,,m.haynes@example.com,Tulsa,US,consumer\nC3,K. Abebe,,+1 212 555 0148,,Columbus,US,consumer\nC4,Hungry Owl,Patricia McKenna,2967 542,,Cork,IE,business\nC5,La maison d'Asie,Annette Roulet,61.77.61.10,,Toulouse,FR,business",
            ),
            (
                Table::Orders,
                "order,customer,ordered_on,promised_on,channel\nSO-1042,C1,2026-11-09,2026-11-27,web shop\nSO-1038,C2,2026-11-09,2026-11-23,web shop\nSO-1001,C3,2026-10-10,2026-11-19,web shop\nSO-1050,C4,2026-11-10,2026-12-20,phone\nSO-1051,C5,2026-11-11,2026-11-24,phone",
            ),
            (
                Table::OrderLines,
                "order,line,sku,quantity\nSO-1042,1,CHG,20\nSO-1042,2,ANI,12\nSO-1038,1,ESP,2\nSO-1001,1,ESP,1\nSO-1050,1,OUT,30\nSO-1051,1,GOR,12",
            ),
            (
                Table::PurchaseOrders,
                "po,supplier,ordered_on,confirmed_on\nPO-77,EX,2026-11-02,2026-11-03\nPO-78,FF,2026-11-02,2026-11-03\nPO-60,EX,2026-09-01,",
            ),
            (
                Table::PoLines,
                "po,line,sku,quantity,confirmed_for\nPO-77,1,CHG,40,2026-11-30\nPO-77,2,ANI,24,2026-11-30\nPO-78,1,ESP,10,2026-12-08\nPO-60,1,OUT,5,2026-09-10\nPO-60,2,OUT,5,2026-09-10\nPO-60,3,OUT,5,2026-09-10",
            ),
            (
                Table::Receipts,
                "po,line,received_on,quantity\nPO-60,1,2026-09-14,5\nPO-60,2,2026-09-14,5\nPO-60,3,2026-09-19,5",
            ),
            (Table::Stock, "sku,bin,quantity\nCHG,A1,14\nOUT,B2,60"),
        ],
    );
    w
}

#[test]
fn who_must_hear_from_us_at_80_columns() {
    let rig = &mut Rig::new(shop().store);
    insta::assert_snapshot!(rig.keys("2").screen());
    // Red is the sign and the word, and nothing else of a row.
    let map = rig.styles();
    let row: Vec<&str> = map.lines().skip(5).take(1).collect();
    assert_eq!(row[0].trim_end(), " c cccc", "{map}");
}

#[test]
fn the_pane_says_it_all_at_160_columns() {
    let mut rig = Rig::sized(shop().store, 160, 45);
    insta::assert_snapshot!(rig.keys("2 j j").screen());
}

#[test]
fn the_badge_stands_there_before_the_tab_was_ever_open() {
    let rig = Rig::new(shop().store);
    assert!(rig.screen().contains("2 Backorders 4!"), "{}", rig.screen());
}

#[test]
fn every_view_has_its_rows_and_its_sentence() {
    let mut rig = Rig::new(shop().store);
    rig.keys("2");
    for view in [
        "waiting_for_them",
        "by_cause",
        "all_lines",
        "ready_to_ship",
        "refunds_open",
        "not_known",
        "offers",
        "by_channel",
    ] {
        rig.keys("v");
        insta::assert_snapshot!(format!("view_{view}"), rig.screen());
    }
    rig.keys("v");
    assert!(rig.screen().contains("View: to do"), "{}", rig.screen());
}

#[test]
fn enter_opens_the_row_in_full_and_writes_nothing() {
    let mut rig = Rig::new(shop().store);
    let before = rig.operations();
    insta::assert_snapshot!(rig.keys("2").keys("/").text("horn").keys("<enter> <enter>").screen());
    assert_eq!(rig.operations(), before);
}

/// The screen without the time of day.
fn timeless(screen: &str) -> String {
    match screen.find("Saved ").and_then(|at| screen.get(at + 6..at + 11)) {
        Some(time) => screen.replace(time, "09:12"),
        None => screen.to_string(),
    }
}

/// Chooses the row with these letters.
fn choose<'a>(rig: &'a mut Rig, letters: &str) -> &'a mut Rig {
    rig.keys("2 /").text(letters).keys("<enter>")
}

#[test]
fn a_talk_is_said_saved_and_taken_back() {
    let mut rig = Rig::new(shop().store);
    let before = rig.operations();
    choose(&mut rig, "horn").keys("c");
    insta::assert_snapshot!("talk", rig.screen());
    rig.keys("1 <f8> <esc>");
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    insta::assert_snapshot!("talk_saved", timeless(&rig.screen()));
    let count = |sql: &str| rig.desk.store.db().query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(
        count("SELECT count(*) FROM contact WHERE message = 'delay' AND answer = 'consent' AND channel = 'phone'"),
        2
    );
    assert_eq!(count("SELECT count(*) FROM contact WHERE quoted_for = '2026-12-09'"), 2, "the safe date");
    rig.keys("u <f8>");
    assert!(rig.screen().contains("Around the Horn"), "{}", rig.screen());
}

/// He agreed to wait, and was at once to be told again: one date, or none, was said of all his lines.
#[test]
fn each_line_is_told_its_own_date_and_who_agrees_is_not_due_again() {
    let mut w = shop();
    take(
        &mut w,
        &[
            (Table::Items, "sku,name,price\nWIE,Wielnaaf Punto,20\nLUC,Luchtfilter Yaris,5"),
            (Table::Customers, "customer,name,phone,country,kind\nC9,Garage Het Wiel,0381,NL,business"),
            (
                Table::Orders,
                "order,customer,ordered_on,promised_on\nSO-9,C9,2026-10-09,2026-10-20\nSO-10,C9,2026-10-12,2026-10-22",
            ),
            (Table::OrderLines, "order,line,sku,quantity\nSO-9,1,WIE,5\nSO-9,2,ESP,3\nSO-10,1,LUC,4"),
            (Table::Stock, "sku,bin,quantity\nWIE,A7,5"),
        ],
    );

    let mut rig = Rig::new(w.store);
    choose(&mut rig, "wiel");
    rig.keys("c 1");
    let screen = rig.screen();
    assert!(screen.contains("blank: each its own, 8 Dec, none"), "{screen}");
    assert!(screen.contains("agreed: today, 8 Dec, no date, next news"), "{screen}");
    rig.keys("<f8> <esc>");
    let screen = rig.screen();
    assert!(screen.contains("Garage Het Wiel agrees to wait, 3 lines (today, 8 Dec, no"), "{screen}");
    assert!(!screen.contains("! tell   today  Garage"), "{screen}");
    let said = "SELECT group_concat(i.sku || ' ' || coalesce(c.quoted_for, 'none'), ', ' ORDER BY i.sku) FROM contact c
                    JOIN order_line l ON l.id = c.line_id JOIN item i ON i.id = l.item_id";
    let kept = rig.desk.store.db().query_row(said, [], |r| r.get::<_, String>(0)).unwrap();
    assert_eq!(kept, "ESP 2026-12-08, LUC none, WIE 2026-11-23");
}

#[test]
fn under_the_us_rule_the_notice_follows_the_date_that_is_said() {
    let mut rig = Rig::new(shop().store);
    choose(&mut rig, "haynes").keys("c");
    insta::assert_snapshot!("talk_us", rig.screen());
    rig.keys("<f8>");
    assert!(rig.copied.len() == 1 && rig.copied[0].contains("The new shipping date is Tuesday 8 December 2026"));
    assert_eq!(rig.desk.store.db().query_row("SELECT count(*) FROM contact", [], |r| r.get::<_, i64>(0)).unwrap(), 0);
    rig.keys("<f8>");
    let row = rig.desk.store.db().query_row(
        "SELECT message || ' ' || quoted_for || ' ' || offered_cancel || ' ' || outcome || ' ' || channel FROM contact",
        [],
        |r| r.get::<_, String>(0),
    );
    assert_eq!(row.unwrap(), "first_short 2026-12-08 1 sent copy text");
}

#[test]
fn the_editor_changes_a_persons_lines_and_not_the_laws() {
    let mut rig = Rig::new(shop().store);
    rig.editor = |text| {
        Ok(text
            .replace("Our supplier is late.", "The ship left late, take a voucher.")
            .replace("cancel now", "not cancel"))
    };
    choose(&mut rig, "haynes").keys("c 3 <f8>");
    let screen = rig.screen();
    assert!(screen.contains("The ship left late") && screen.contains("You can cancel now"), "{screen}");
    assert!(screen.contains("1 sentence of the law was put back"), "{screen}");
    rig.keys("2 <f8>");
    assert!(rig.screen().contains("\"voucher\" is advertising"), "{}", rig.screen());
    rig.editor = |text| Ok(text.replace(", take a voucher", ""));
    rig.keys("3 <f8> 2 <f8>");
    assert!(rig.screen().contains("told M. Haynes"), "{}", rig.screen());
    let words = rig.desk.store.db().query_row("SELECT words FROM contact", [], |r| r.get::<_, String>(0)).unwrap();
    assert!(words.contains("The ship left late.") && words.contains("You can cancel now"), "{words}");
    rig.editor = |_| Err("No editor was found.".into());
    choose(&mut rig, "haynes").keys("<esc>");
}

#[test]
fn on_the_phone_the_law_counts_what_was_said() {
    let mut rig = Rig::new(shop().store);
    choose(&mut rig, "haynes").keys("c <up> <up> <up> 1");
    insta::assert_snapshot!("talk_us_phone", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("Tick what you have said"), "{}", rig.screen());
    // The complaint went to the boxes: the first is the new date.
    rig.keys("1 <f8>");
    let row = |rig: &Rig| {
        let sql = "SELECT offered_cancel || ' ' || outcome || ' ' || channel FROM contact";
        rig.desk.store.db().query_row(sql, [], |r| r.get::<_, String>(0)).unwrap()
    };
    assert_eq!(row(&rig), "0 reached phone");
    assert!(rig.screen().contains("! tell   today  M. Haynes"), "it counts as no notice: {}", rig.screen());
}

#[test]
fn an_offer_has_its_cost_and_the_alternative_taken_waits_for_the_swap() {
    let mut rig = Rig::new(shop().store);
    crate::backorders::set_in(&mut rig.desk.store, "offers.parcel_cost", "8.40");
    choose(&mut rig, "horn").keys("c <up> <up> <up> <up>");
    let screen = rig.screen();
    assert!(screen.contains("send 14 Chang 24 x 12 oz now: 8.40"), "{screen}");
    rig.keys("<esc> <esc> a 4");
    insta::assert_snapshot!("answer_alternative", rig.screen());
    rig.keys("<f8> <esc>");
    assert!(rig.screen().contains("takes Outback Lager instead"), "{}", rig.screen());
}

#[test]
fn a_wrong_number_is_marked_in_the_next_talk() {
    let mut rig = Rig::new(shop().store);
    choose(&mut rig, "horn").keys("c 6 <f8>");
    assert!(rig.screen().contains("+44 20 7946 0142 is"), "{}", rig.screen());
    rig.keys("c");
    let screen = rig.screen();
    assert!(screen.contains("[copy text]"), "another way is suggested: {screen}");
    rig.keys("<up> <up> <up> <up> 1");
    assert!(rig.screen().contains("wrong since today"), "{}", rig.screen());
}

#[test]
fn a_short_screen_says_that_there_is_more_to_read() {
    let mut rig = Rig::sized(shop().store, 80, 18);
    choose(&mut rig, "haynes").keys("c");
    assert!(rig.screen().contains("more lines below: PgDn"), "{}", rig.screen());
    rig.keys("<pgdn> <pgdn> <pgdn> <pgdn>");
    assert!(rig.screen().contains("more above: PgUp") && rig.screen().contains("M.Baker"), "{}", rig.screen());
}

/// The desk's clock moves on, and its worker says that the hour has come.
fn the_hour_comes(rig: &mut Rig, hour: u32, minute: u32) {
    rig.desk.clock = Clock::stopped(day("2026-11-23").and_hms_opt(hour, minute, 0).unwrap());
    rig.send(Event::Reply(Reply::Changed));
}

#[test]
fn no_answer_waits_for_its_hour_and_rises_by_itself() {
    let mut rig = Rig::new(shop().store);
    choose(&mut rig, "maison").keys("c 4");
    assert!(rig.screen().contains("today 14:00"), "{}", rig.screen());
    rig.keys("<f8> <esc>");
    let screen = rig.screen();
    assert!(screen.contains("try again today 14:00") && screen.contains("~ tell   14:00  La maison"), "{screen}");
    assert!(screen.contains("Backorders 3!") && screen.contains("2 customers to tell"), "{screen}");
    assert!(screen.contains("A call at 14:00."), "{screen}");
    let card = rig.keys("0").wait().screen();
    assert!(card.contains("customer to call again") && card.contains("at 14:00, La maison"), "{card}");
    rig.keys("<esc>").wait();
    the_hour_comes(&mut rig, 13, 59);
    assert!(rig.screen().contains("~ tell   14:00"), "{}", rig.screen());
    the_hour_comes(&mut rig, 14, 0);
    let screen = rig.screen();
    assert!(screen.contains("! tell   14:00  La maison") && screen.contains("Backorders 4!"), "{screen}");
    // A talk that came through ends the wait.
    choose(&mut rig, "maison").keys("c 1 <f8> <esc>");
    assert!(rig.screen().contains("Backorders 3!") && !rig.screen().contains("tell   14:00"), "{}", rig.screen());
}

#[test]
fn a_date_in_the_past_is_refused_with_a_sentence() {
    let mut rig = Rig::new(shop().store);
    let before = rig.operations();
    choose(&mut rig, "horn").keys("d");
    rig.keys(&"<bs> ".repeat(10)).text("2026-11-20").keys("<f8>");
    insta::assert_snapshot!(rig.screen());
    assert_eq!(rig.operations(), before);
    // The customer knows it: he asked for it.
    rig.keys(&"<bs> ".repeat(10)).text("2026-12-09").keys("<tab> 2 <f8>");
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    assert!(rig.screen().contains("promised Around the Horn 2 lines for 9 Dec"), "{}", rig.screen());
}

/// A promise that nobody has heard would take the customer off the list untold.
#[test]
fn a_new_date_is_kept_when_it_is_said() {
    let mut rig = Rig::new(shop().store);
    let before = rig.operations();
    choose(&mut rig, "horn").keys("d");
    rig.keys(&"<bs> ".repeat(10)).text("2026-12-09").keys("<f8>");
    assert_eq!(rig.operations(), before, "{}", rig.screen());
    let screen = rig.screen();
    assert!(screen.contains("Wed 9 Dec") && screen.contains("Around the Horn"), "{screen}");
    rig.keys("<esc> <esc>");
    assert!(rig.screen().contains("! tell   today  Around the Horn"), "{}", rig.screen());
    rig.keys("d");
    rig.keys(&"<bs> ".repeat(10)).text("2026-12-09").keys("<f8>").keys("<f8>");
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    let told = "SELECT group_concat(DISTINCT quoted_for) FROM contact";
    let told: String = rig.desk.store.db().query_row(told, [], |r| r.get(0)).unwrap();
    assert_eq!(told, "2026-12-09");
}

/// Nobody was told anything: a yes would be on file and change nothing.
#[test]
fn a_yes_to_nothing_is_refused() {
    let mut rig = Rig::new(shop().store);
    let before = rig.operations();
    choose(&mut rig, "haynes").keys("a");
    // What is below says so before: it must not promise what saving refuses.
    assert!(rig.screen().contains("say the date first (c)") && !rig.screen().contains("Saves:"), "{}", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("say the date first (c)"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
}

/// What a yes or a no asks for next opens by itself, about the same lines: the row may have left the list.
#[test]
fn a_yes_to_another_item_opens_the_swap_and_a_no_the_cancellation() {
    let mut rig = Rig::new(shop().store);
    choose(&mut rig, "horn").keys("a 4 <f8>");
    let screen = rig.screen();
    assert!(
        screen.contains("Swap for an alternative  Around the Horn") && screen.contains("Outback Lager"),
        "{screen}"
    );
    rig.keys("<f8>");
    assert!(rig.screen().contains("Outback Lager instead"), "{}", rig.screen());
    let mut rig = Rig::new(shop().store);
    choose(&mut rig, "horn").keys("a 2 <f8>");
    assert!(rig.screen().contains("Cancel for Around the Horn"), "{}", rig.screen());
}

#[test]
fn what_is_ready_ships_in_part_and_no_more_than_lies_here() {
    let mut rig = Rig::new(shop().store);
    choose(&mut rig, "horn").keys("s");
    insta::assert_snapshot!("ship", rig.screen());
    rig.keys("<bs> <bs>").text("15").keys("<f8>");
    assert!(rig.screen().contains("15 cannot be shipped"), "{}", rig.screen());
    rig.keys("<bs> <bs>").text("14").keys("<f8>");
    assert!(rig.screen().contains("Saved") && rig.screen().contains("shipped 14 Chang"), "{}", rig.screen());
    let shipped = rig.desk.store.db().query_row("SELECT sum(shipped) FROM order_line", [], |r| r.get::<_, i64>(0));
    assert_eq!(shipped.unwrap(), q(14).thousandths());
}

#[test]
fn a_lost_order_cannot_wait_is_cancelled_and_its_refund_stays_until_paid() {
    let mut rig = Rig::new(shop().store);
    choose(&mut rig, "abebe").keys("z");
    assert!(rig.screen().contains("cannot be put off"), "{}", rig.screen());
    rig.keys("x");
    insta::assert_snapshot!("cancel", rig.screen());
    rig.keys("<f8>");
    // Who loses the order without having asked for it hears that, and that the money comes; then nothing more opens.
    let screen = rig.screen();
    assert!(screen.contains("in time, so") && screen.contains("K. Abebe"), "{screen}");
    rig.keys("<esc>");
    let screen = rig.screen();
    assert!(screen.contains("! refund 1 Dec") && screen.contains("cancelled 1 Espresso grinder"), "{screen}");
    rig.keys("c");
    assert!(rig.screen().contains("what is left is the money"), "{}", rig.screen());
    rig.keys("x");
    insta::assert_snapshot!("paid_back", rig.screen());
    rig.keys("<f8> <esc>");
    assert!(rig.screen().contains("paid back 212.00 for SO-1001"), "{}", rig.screen());
    assert!(!rig.screen().contains("Abebe  "), "{}", rig.screen());
}

#[test]
fn an_answer_a_turn_and_putting_off_are_one_operation_each() {
    let mut rig = Rig::new(shop().store);
    let before = rig.operations();
    choose(&mut rig, "maison").keys("a 2");
    insta::assert_snapshot!("answer", rig.screen());
    rig.keys("<f8> <esc>");
    assert!(rig.screen().contains("La maison d'Asie cancels SO-1051 line 1"), "{}", rig.screen());
    rig.keys("<esc>");
    choose(&mut rig, "horn").keys("t 2");
    insta::assert_snapshot!("turn", rig.screen());
    rig.keys("<f8> z");
    insta::assert_snapshot!("later", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("it comes back on Wed 25"), "{}", rig.screen());
    assert_eq!(rig.operations(), before + 3);
}

#[test]
fn a_part_is_split_off_swapped_and_put_on_hold_with_what_it_means_before() {
    let mut rig = Rig::new(shop().store);
    let before = rig.operations();
    choose(&mut rig, "horn").keys("e");
    insta::assert_snapshot!("split", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("split SO-1042 line 1 in 14 and 6"), "{}", rig.screen());
    rig.keys("w");
    insta::assert_snapshot!("swap", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("12 Outback Lager instead of Aniseed Syrup"), "{}", rig.screen());
    rig.keys("<esc>");
    choose(&mut rig, "maison").keys("t 5");
    insta::assert_snapshot!("hold", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("on hold: customer asked to wait"), "{}", rig.screen());
    assert_eq!(rig.operations(), before + 3);
}

#[test]
fn nothing_waits_and_nothing_is_there() {
    let rig = &mut Rig::new(Warehouse::new().store);
    insta::assert_snapshot!("empty", rig.keys("2").screen());
    rig.keys("c");
    assert!(rig.screen().contains("Nothing stands in this list."), "{}", rig.screen());
}

#[test]
fn hostile_names_stay_in_their_cells() {
    let mut w = shop();
    let item = w.item("H-1", "\u{1b}[31mRed\u{202e}evil\tname 日本語の長い名前です and so on for a long, long while");
    w.order(
        "SO-9\u{7}",
        "Ein sehr langer Name GmbH & Co. KG, Niederlassung Süd 🛒 \u{200f}עברית",
        "2026-09-01",
        &[(item, 1_234_567)],
    );
    let mut rig = Rig::themed(w.store, 80, 24, Theme::named("plain"));
    insta::assert_snapshot!(choose(&mut rig, "sehr").screen());
    for keys in ["<enter>", "<esc> c", "<esc> x", "<esc> d", "<esc> t", "<esc> w", "<esc> e"] {
        let screen = rig.keys(keys).screen();
        assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'), "{screen}");
    }
}

#[test]
fn small_terminals_hold_every_dialog() {
    let mut rig = Rig::new(shop().store);
    choose(&mut rig, "horn");
    for (width, height) in [(40, 10), (60, 15), (79, 24), (120, 30), (300, 60)] {
        rig.resize(width, height);
        for key in ["c", "a", "s", "d", "x", "t", "z", "w", "e", "<enter>"] {
            rig.keys(key).screen();
            rig.keys("<esc> <esc>");
        }
    }
}

#[test]
fn the_talk_opens_as_the_row_says() {
    let mut rig = Rig::new(shop().store);
    rig.keys("2");
    for _ in 0..4 {
        let row = rig.screen();
        let way = if row.contains("Mail ") { "[copy text]" } else { "[phone]" }; // no mail server is set up
        assert!(row.contains("Mail ") || row.contains("Call "), "{row}");
        let talk = rig.keys("c").screen();
        assert!(talk.contains(way), "{row}\n{talk}");
        rig.keys("<esc> <esc> j");
    }
}

/// A refund is money: on a closed day it is refused in the dialog, with the day and what to do; what was typed stays.
#[test]
fn a_refund_is_not_dated_into_closed_days() {
    let mut rig = Rig::new(shop().store);
    rig.keys(":").text("month end").keys("<enter> <enter>").wait();
    rig.text("20.11").keys("<f8> <esc> <esc>").wait();
    choose(&mut rig, "abebe").keys("x <f8> <esc> x").wait();
    rig.text("19.11").keys("<f8>").wait();
    let screen = rig.screen();
    assert!(screen.contains("The books are closed up to Fri 20 Nov") && screen.contains("a refund of Thu"), "{screen}");
    assert!(screen.contains("Date it later") && screen.contains("19.11"), "{screen}");
    rig.keys("<bs> <bs> <bs> <bs> <bs>").text("21.11").keys("<f8>").wait();
    assert!(rig.screen().contains("paid back 212.00 for SO-1001"), "{}", rig.screen());
}
