//! Which shop orders come from: asked once where the file does not say, kept with its layout, and never the file's name.

use crate::bringing::{bench, put};
use crate::support::rig::Rig;
use crate::support::warehouse::Warehouse;
use backshelf::domain::ids::OperationId;
use backshelf::ops::undo;

fn day(n: u32, code: &str) -> String {
    format!("Ordernr;Besteldatum;Klant;Art.nr.;Aantal\n{n};2{}-11-2026;Bakker;{code};2\n", n % 10)
}

fn text(rig: &Rig, sql: &str) -> String {
    rig.desk.store.db().query_row(sql, [], |r| r.get::<_, Option<String>>(0)).unwrap().unwrap_or_default()
}

const CHANNELS: &str = "SELECT group_concat(DISTINCT channel) FROM customer_order";
const OPEN: &str = "<f5> : i m p <enter> <enter>";

#[test]
fn the_shop_of_orders_is_asked_once_and_its_codes_are_known_the_next_day() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let mut w = Warehouse::new();
    w.item("BEV-002", "Chang");
    put(&inbox, "orders-2026-11-24.csv", &day(1, "CH-6"));
    let mut rig = bench(folder.path(), w, 80, 24);
    rig.keys(OPEN);
    assert!(rig.screen().contains("Which shop?   1 webshop   2 phone"), "{}", rig.screen());
    insta::assert_snapshot!("which_shop", rig.screen());
    let before = rig.operations();
    rig.keys("<f8>");
    assert!(rig.screen().contains("One answer first: which shop is it?"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
    // Another name than those that are offered is typed.
    rig.keys("<enter>").text("Marktplein");
    insta::assert_snapshot!("which_shop_typed", rig.screen());
    rig.keys("<enter>");
    assert!(rig.screen().contains("[1 Marktplein]"), "{}", rig.screen());
    rig.keys("<end> <enter>").text("6x chang");
    rig.keys("<enter> <f8>");
    assert!(rig.screen().contains("It is listed under \"not known\" and does not count as due."), "{}", rig.screen());
    rig.keys("<f8>");
    assert_eq!(text(&rig, CHANNELS), "Marktplein", "{}", rig.screen());
    assert_eq!(text(&rig, "SELECT channel || ' ' || code FROM alias"), "Marktplein CH-6");
    // The next day's file has another name and is known by its layout; so are its shop and the shop's codes.
    put(&inbox, "orders-2026-11-25.csv", &day(2, "CH-6"));
    rig.keys(OPEN);
    assert!(rig.screen().contains("Its orders are those of Marktplein."), "{}", rig.screen());
    assert!(!rig.screen().contains("CH-6 is no item"), "{}", rig.screen());
    // Its columns by hand: the shop is proposed as it was.
    rig.keys("<right>");
    assert!(rig.screen().contains("[1 Marktplein]"), "{}", rig.screen());
    rig.keys("<f8>");
    assert_eq!(text(&rig, CHANNELS), "Marktplein", "{}", rig.screen());
    // A layout that was not seen before: the warehouse's shops are offered.
    put(&inbox, "web.csv", "Bestelnummer;Datum;Artikelcode;Stuks\n3;25-11-2026;CH-6;1\n");
    rig.keys(OPEN);
    assert!(rig.screen().contains("Which shop?   1 Marktplein"), "{}", rig.screen());
    rig.keys("1");
    assert!(!rig.screen().contains("CH-6 is no item"), "{}", rig.screen());
    rig.keys("<f8>");
    assert_eq!(text(&rig, CHANNELS), "Marktplein", "{}", rig.screen());
    assert_eq!(text(&rig, "SELECT group_concat(sku) FROM item"), "BEV-002", "no code became an item");
}

#[test]
fn the_same_order_under_another_file_name_and_shop_is_no_second_order() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    put(&inbox, "orders-2026-11-24.csv", &day(1, "X1"));
    let mut rig = bench(folder.path(), Warehouse::new(), 80, 24);
    rig.keys(OPEN).keys("1 <f8> <f8>"); // and that nothing is known of the old orders
    assert_eq!(text(&rig, CHANNELS), "webshop", "{}", rig.screen());
    // Another layout, another shop by mistake: number, customer and day are the same.
    let again = "Bestelling;Datum;Klant;Artikelcode;Stuks\n1;21-11-2026;Bakker;X1;2\n2;21-11-2026;Bakker;X1;5\n";
    put(&inbox, "export.csv", again);
    rig.keys(OPEN).keys("2");
    let screen = rig.screen();
    assert!(screen.contains("[2 phone]"), "{screen}");
    assert!(screen.contains("1 order is here already as from webshop"), "{screen}");
    rig.keys("<f8>");
    assert_eq!(
        text(&rig, "SELECT group_concat(code || ' ' || channel) FROM (SELECT * FROM customer_order ORDER BY id)"),
        "1 webshop,2 phone"
    );
    assert_eq!(text(&rig, "SELECT CAST(sum(quantity) / 1000 AS TEXT) FROM order_line"), "7");
    let last: i64 = rig.desk.store.db().query_row("SELECT max(id) FROM operation", [], |r| r.get(0)).unwrap();
    let act = rig.desk.act("undo");
    undo::undo(&mut rig.desk.store, act, OperationId(last)).unwrap();
    assert_eq!(text(&rig, CHANNELS), "webshop");
}

/// Two shops' sales of a day without order numbers or customers were one order, and the second shop's lines went over the
/// first one's.
#[test]
fn the_past_sales_of_two_shops_stay_beside_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let mut w = Warehouse::new();
    for sku in ["X1", "X2"] {
        w.item(sku, sku);
    }
    put(&inbox, "one.csv", "Verkoopdatum;Artikelcode;Aantal verkocht\n04-03-2026;X1;5\n15-03-2026;X1;1\n");
    let mut rig = bench(folder.path(), w, 80, 24);
    rig.keys(OPEN);
    assert!(rig.screen().contains("Which shop?"), "{}", rig.screen());
    rig.keys("1 <f8>");
    put(
        &inbox,
        "two.csv",
        "Verkoopdatum;Artikelcode;Aantal verkocht;Prijs\n04-03-2026;X2;7;2,50\n16-03-2026;X2;1;2,50\n",
    );
    rig.keys(OPEN);
    assert!(rig.screen().contains("Which shop?  [1 webshop]"), "proposed as it was: {}", rig.screen());
    rig.keys("<down> 2");
    assert!(rig.screen().contains("[2 phone]"), "{}", rig.screen());
    rig.keys("<f8>");
    let orders = "SELECT group_concat(code || ' ' || coalesce(channel, '-'), ', ') FROM (SELECT * FROM customer_order ORDER BY id)";
    assert_eq!(
        text(&rig, orders),
        "sales 04-03-2026 webshop, sales 15-03-2026 webshop, phone:sales 04-03-2026 phone, sales 16-03-2026 phone"
    );
    assert_eq!(
        text(
            &rig,
            "SELECT group_concat(n) FROM (SELECT i.sku || ' ' || (sum(l.quantity) / 1000) AS n FROM order_line l
                    JOIN item i ON i.id = l.item_id GROUP BY i.sku ORDER BY i.sku)"
        ),
        "X1 6,X2 8",
        "{}",
        rig.screen()
    );
}
