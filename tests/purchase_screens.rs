//! Purchase orders as a person meets them: by keyboard on a small screen, dialog by dialog, and by command.

use crate::purchasing::shop;
use crate::support::cli::Bench;
use crate::support::rig::Rig;

#[test]
fn the_whole_life_of_an_order_by_keyboard_on_a_small_screen() {
    let s = shop();
    let mut rig = Rig::sized(s.w.store, 80, 24);
    rig.keys("3").wait();
    // A draft by hand: Exotic Liquids is on top of the list, Chang its first item.
    rig.keys("/").text("exotic").keys("<enter> n").wait();
    assert!(rig.screen().contains("New PO, as a draft"), "{}", rig.screen());
    rig.keys("<tab> <tab> <tab>").wait().text("40").keys("<f8>").wait();
    // It opens at once, for the next line or to be sent.
    insta::assert_snapshot!("a_draft", rig.screen());
    rig.keys("s").wait();
    insta::assert_snapshot!("sending_it", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("PO-1  Exotic Liquids  sent"), "{}", rig.screen());
    assert!(rig.copied.iter().any(|text| text.contains("Please deliver to us:")), "{:?}", rig.copied);
    // Confirmed a week late: who suffers stands there before saving.
    rig.keys("a").wait().text("7.12").wait();
    insta::assert_snapshot!("confirmed_late", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("PO-1  Exotic Liquids  confirmed"), "{}", rig.screen());
    // Chased.
    rig.keys("c").wait();
    insta::assert_snapshot!("chasing_it", rig.screen());
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("reminded by phone"), "{}", rig.screen());
    insta::assert_snapshot!("the_page", rig.screen());
}

#[test]
fn every_dialog_of_orders_fits_and_letters_write_nothing() {
    for (width, height) in [(40, 10), (80, 24), (160, 45)] {
        let mut s = shop();
        let po = s.sent();
        s.confirm(po, "2026-11-30", None).unwrap();
        let mut rig = Rig::sized(s.w.store, width, height);
        rig.keys("3 / e x o t <enter> h <enter>").wait();
        let before = rig.operations();
        for keys in
            ["a", "<esc> c", "<esc> d", "<esc> x", "<esc> w", "<esc> b", "<esc> i", "<esc> p", "<esc> ?", "<esc> s"]
        {
            rig.keys(keys).wait();
            for line in rig.screen().lines() {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= width as usize, "{keys}: {line}");
            }
        }
        assert_eq!(rig.operations(), before);
    }
}

/// `40…12` for 40,812 reads as another number.
#[test]
fn figures_of_orders_are_never_cut() {
    let s = shop();
    let mut rig = Rig::sized(s.w.store, 80, 24);
    rig.keys("3").wait();
    rig.keys("/").text("exotic").keys("<enter> n").wait();
    // What is far more than usual is asked about once.
    rig.keys("<tab> <tab> <tab>").wait().text("140812").keys("<f8>").wait().keys("<f8>").wait();
    assert_eq!(rig.screen().matches("140,812").count(), 2, "ordered and open\n{}", rig.screen());
    rig.keys("<esc>").wait().keys("h").wait();
    assert!(rig.screen().contains("Purchase orders,") && !rig.screen().contains("…"), "{}", rig.screen());
    assert!(rig.screen().lines().any(|line| line.trim_end().ends_with("2,140,342")), "{}", rig.screen());
}

#[test]
fn the_same_by_command() {
    let bench = Bench::new();
    bench.file(
        "in/suppliers.csv",
        "supplier,name,lead_days,email\nEXO,Exotic Liquids,7,c@example.com\nBIG,Bigfoot,9,\n",
    );
    bench.file("in/items.csv", "sku,name,supplier,cost\nA,Chang,EXO,15.20\nB,Syrup,EXO,5\n");
    bench.file("in/customers.csv", "customer,name,kind\nC1,Around the Horn,business\n");
    bench.file(
        "in/orders.csv",
        "order,customer,ordered_on,promised_on,sku,quantity\nSO-1,C1,2026-11-09,2026-12-01,A,6\n",
    );
    let today = "2026-11-23";
    bench.import(&bench.path("in"), today);
    let run = |args: &[&str]| {
        let args: Vec<&str> = args.iter().copied().chain(["--as-of", today]).collect();
        bench.run(&args).well()
    };
    assert_eq!(run(&["po", "new", "EXO", "A=40", "B=12@4.90", "--freight", "20"]).out, "PO-1\n");
    assert!(run(&["po", "print", "PO-1"]).out.contains("40  A  Chang  at 15.20"));
    assert!(run(&["po", "send", "PO-1"]).out.starts_with("Purchase order PO-1"));
    assert!(
        run(&["po", "confirm", "po-1", "2026-11-30", "--line", "B=2026-12-02@5.10"]).out.contains("2 lines on PO-1")
    );
    let told = run(&["po", "date", "PO-1", "2026-12-07", "--line", "1", "--dry-run"]);
    assert!(
        told.err.contains("1 must be told, the first by 2026-11-24") && told.err.contains("~ Around the Horn: 6 Chang"),
        "{}",
        told.err
    );
    run(&["po", "date", "PO-1", "2026-12-07", "--line", "1"]);
    let shown = run(&["po", "show", "PO-1"]).out;
    assert!(shown.contains("first 2026-11-30  now 2026-12-07"), "{shown}");
    assert!(shown.contains("2 Chang") || shown.contains("waiting: Around the Horn"), "{shown}");
    run(&["po", "invoice", "PO-1", "--number", "4711", "--line", "1=40@15.40", "--freight", "25", "--papers", "wrong"]);
    assert!(run(&["po", "show", "PO-1"]).out.contains("invoiced 2026-11-23 40 at 15.40, agreed 15.20, papers wrong"));
    let due = bench.run(&["chase", "list", "--format", "json", "--as-of", "2026-12-08"]).well().json();
    let steps: Vec<(&str, &str)> =
        due.as_array().unwrap().iter().map(|d| (d["step"].as_str().unwrap(), d["po"].as_str().unwrap())).collect();
    assert_eq!(steps, [("overdue", "PO-1")]);
    bench.run(&["chase", "ask", "PO-1", "--as-of", "2026-12-08"]).well();
    let answered = bench.run(&["chase", "answer", "PO-1", "on the road", "--as-of", "2026-12-08"]).well();
    assert!(answered.out.contains("answered about PO-1: on the road"), "{}", answered.out);
    assert!(bench.run(&["chase", "log"]).well().out.contains("overdue by phone"));
    let ran = bench.run(&["po", "standing", "EXO", "block", "--reason", "no credit", "--as-of", today]).well();
    assert!(ran.out.contains("no more orders: no credit"), "{}", ran.out);
    let refused = bench.run(&["po", "new", "EXO", "A=1", "--as-of", today]);
    assert!(refused.code == 1 && refused.err.contains("No orders to Exotic Liquids: no credit."), "{refused:?}");
    bench.run(&["po", "close", "PO-1", "--reason", "bankrupt", "--as-of", today]).well();
    assert!(bench.run(&["po", "list", "--all"]).well().out.contains("closed short"));
    bench.run(&["check"]).well();
    assert_eq!(bench.run(&["po", "show", "PO-9"]).code, 2);
    let letter = bench.run(&["template", "show", "to-overdue"]).well().out;
    assert!(bench.run(&["template", "show", "to-overdue", "--filled"]).well().out.contains("PO-73 is overdue"));
    let own = bench.file(
        "config/backshelf/templates/en/suppliers/overdue.txt",
        &letter.replace("We have not", "Still we have not"),
    );
    assert!(own.is_file() && bench.run(&["template", "list"]).well().out.contains("to-overdue     en (your own)"));
    bench.file("config/backshelf/templates/en/suppliers/overdue.txt", &letter.replace("{{ due }}", "{{ when }}"));
    let wrong = bench.run(&["template", "list"]);
    assert!(wrong.code == 1 && wrong.out.contains("no variable \"when\""), "{wrong:?}");
}

/// What is odd is asked when a line is made and when it is changed, by keyboard and by command.
#[test]
fn a_part_of_a_piece_and_more_than_may_be_bought_ahead_are_asked_about_everywhere() {
    let mut s = shop();
    s.draft();
    let mut rig = Rig::sized(s.w.store, 160, 45);
    rig.keys("3 / e x o t <enter> h <enter>").wait();
    rig.keys("e").wait().keys("<ctrl-u>").text("2.5").keys("<f8>").wait();
    let screen = rig.screen();
    assert!(screen.contains("2.5 Chang 24 x 12 oz is a part of a piece: F8 again orders it."), "{screen}");
    rig.keys("<f8>").wait();
    assert!(rig.screen().contains("2.5              2.5    15.20"), "{}", rig.screen());

    let bench = Bench::new();
    bench.file("in/suppliers.csv", "supplier,name\nEXO,Exotic Liquids\n");
    bench.file("in/items.csv", "sku,name,supplier,cost,unit\nA,Chang,EXO,15.20,pc\nB,Hose,EXO,5,m\n");
    bench.import(&bench.path("in"), "2026-11-23");
    let refused = bench.run(&["po", "new", "EXO", "A=2.5", "--as-of", "2026-11-23"]);
    assert!(
        refused.code == 1
            && refused.err.contains("2.5 Chang is a part of a piece. If that is right, once more with --sure."),
        "{refused:?}"
    );
    bench.run(&["po", "new", "EXO", "B=2.5", "--as-of", "2026-11-23"]).well();
    bench.run(&["po", "new", "EXO", "A=2.5", "--sure", "--as-of", "2026-11-23"]).well();
    bench.run(&["po", "send", "PO-1", "--as-of", "2026-11-23"]).well();
}
