//! Entry by hand: items, customers, suppliers, telephone orders, notes; all of it with undo.

use crate::support::rig::Rig;
use crate::support::warehouse::Warehouse;
use backshelf::domain::ids::ItemId;
use backshelf::domain::locale::{self, Locale};
use backshelf::domain::quantity::Qty;
use backshelf::ops::entering::{self, Card, Kind, NewLine, NewOrder, Whom};
use backshelf::ops::undo;

fn card(kind: Kind, cells: &[(&str, &str)]) -> Card {
    let mut card = Card::new(kind);
    cells.iter().for_each(|(column, text)| card.set(column, text));
    card
}

fn save(w: &mut Warehouse, seen: &Card, wanted: &Card, level: Option<(&str, &str)>) -> Result<String, String> {
    let act = w.act("edit");
    let level = level.map(|(bin, q)| (bin.to_string(), q.to_string()));
    entering::save(&mut w.store, act, seen, wanted, level).map(|d| d.summary).map_err(|e| e.to_string())
}

#[test]
fn an_item_is_typed_changed_emptied_and_taken_back() {
    let mut w = Warehouse::new();
    let new = card(
        Kind::Item,
        &[
            ("sku", "007"),
            ("name", "Ring"),
            ("barcode", "4006381333931"),
            ("bin", "A1-04"),
            ("cost", "1,50"),
            ("min", "5"),
        ],
    );
    assert_eq!(save(&mut w, &Card::new(Kind::Item), &new, Some(("A1-04", "12"))).unwrap(), "new item: 007  Ring");
    assert_eq!(w.number("SELECT sum(quantity) / 1000 FROM level"), 12);
    assert_eq!(w.number("SELECT cost FROM item"), 15_000);
    let refused = save(&mut w, &Card::new(Kind::Item), &new, None).unwrap_err();
    assert!(refused.contains("007 is here already: Ring"), "{refused}");
    let id = w.number("SELECT id FROM item");
    let seen = Card::load(w.store.db(), Kind::Item, id).unwrap();
    assert_eq!((seen.text("cost"), seen.text("min"), seen.text("barcode")), ("1.50", "5", "4006381333931"));
    let mut wanted = seen.clone();
    wanted.set("name", "Gasket ring");
    wanted.set("min", "");
    wanted.set("barcode", "");
    wanted.set("price", "2,25");
    save(&mut w, &seen, &wanted, None).unwrap();
    assert_eq!(w.text("SELECT name || coalesce(min, '-') || price FROM item"), "Gasket ring-22500");
    assert_eq!(w.number("SELECT count(*) FROM barcode"), 0);
    // Somebody else's form began before that.
    let refused = save(&mut w, &seen, &wanted, None).unwrap_err();
    assert!(refused.contains("Somebody changed it meanwhile"), "{refused}");
    let act = w.act("undo");
    let last = undo::list(w.store.db(), 1).unwrap()[0].operation;
    undo::undo(&mut w.store, act, last).unwrap();
    assert_eq!(Card::load(w.store.db(), Kind::Item, id).unwrap(), seen);
}

#[test]
fn what_an_import_refuses_is_refused_by_hand_too() {
    let mut w = Warehouse::new();
    let refused = |w: &mut Warehouse, cells: &[(&str, &str)]| {
        save(w, &Card::new(Kind::Item), &card(Kind::Item, cells), None).unwrap_err()
    };
    for (cells, says) in [
        (vec![("sku", "1"), ("name", "a"), ("cost", "zwölf")], "cost: "),
        (vec![("sku", "1"), ("name", "a"), ("supplier", "Nobody")], "There is no supplier Nobody"),
        (vec![("sku", "1"), ("name", "a"), ("pack", "0")], "pack is 0"),
    ] {
        let sentence = refused(&mut w, &cells);
        assert!(sentence.contains(says), "{sentence}");
    }
    assert_eq!(w.number("SELECT count(*) FROM item"), 0);
}

fn order(w: &mut Warehouse, lines: &[(ItemId, i64)]) -> NewOrder {
    NewOrder {
        code: entering::next_code(w.store.db()).unwrap(),
        customer: Whom::New { name: "Bakker".into(), phone: Some("010".into()) },
        promised_on: None,
        paid: false,
        note: None,
        lines: lines.iter().map(|(item, n)| NewLine { item: *item, quantity: Qty::units(*n), price: None }).collect(),
        sure: true,
    }
}

#[test]
fn an_order_is_looked_at_before_it_is_taken_and_obeys_the_limits() {
    let mut w = Warehouse::new();
    let a = w.bin("A1", "storage");
    let (chang, cordial) = (w.item("BEV-002", "Chang"), w.item("BEV-003", "Cordial"));
    w.moved(chang, a, 6);
    w.moved(cordial, a, 31);
    w.order("SO-1042", "Around the Horn", "2026-11-09", &[(chang, 2)]);
    w.po("PO-77", "Exotic Liquids", "2026-12-01", &[(chang, 40)]);
    let before = w.everything();
    let wanted = order(&mut w, &[(chang, 12)]);
    assert_eq!(wanted.code, "SO-1043");
    let act = w.act("order");
    let outlook = entering::outlook(&mut w.store, act, &wanted).unwrap();
    assert_eq!((outlook[0].now, outlook[0].later), (Qty::units(4), Qty::units(8)));
    assert_eq!(outlook[0].likely.unwrap().to_string(), "2026-12-01");
    assert_eq!(w.everything(), before, "looking writes nothing");
    let act = w.act("order");
    let done = entering::order(&mut w.store, act, &wanted).unwrap();
    assert_eq!(done.summary, "took order SO-1043 of Bakker: 1 line");
    assert_eq!(w.number("SELECT allocated / 1000 FROM order_line ORDER BY id DESC LIMIT 1"), 4);
    assert_eq!(w.text("SELECT code || phone FROM customer ORDER BY id DESC LIMIT 1"), "Bakker010");
    // Nobody may wait for the cordial: thirty-one are there.
    let act = w.act("edit");
    let seen = Card::load(w.store.db(), Kind::Item, cordial.0).unwrap();
    let mut deny = seen.clone();
    deny.set("backorders", "deny");
    entering::save(&mut w.store, act, &seen, &deny, None).unwrap();
    let too_many = order(&mut w, &[(cordial, 40)]);
    let act = w.act("order");
    let outlook = entering::outlook(&mut w.store, act, &too_many).unwrap();
    assert_eq!(outlook[0].at_most, Qty::units(31));
    assert!(outlook[0].over.as_ref().unwrap().contains("nobody may"), "{outlook:?}");
    let before = w.everything();
    let act = w.act("order");
    let refused = entering::order(&mut w.store, act, &too_many).unwrap_err().to_string();
    assert!(refused.contains("Of it 31 can be ordered now"), "{refused}");
    assert_eq!(w.everything(), before);
    // Undo takes the order and the new customer back.
    let act = w.act("undo");
    undo::undo(&mut w.store, act, done.operation).unwrap();
    assert_eq!(w.number("SELECT count(*) FROM customer WHERE code = 'Bakker'"), 0);
}

fn desk() -> Warehouse {
    let mut w = Warehouse::new();
    let a = w.bin("A1-04", "storage");
    let (chang, cordial) = (w.item("BEV-002", "Chang 24 x 12 oz"), w.item("BEV-003", "Anise Cordial"));
    w.moved(chang, a, 6);
    w.moved(cordial, a, 31);
    w.order("SO-1042", "Around the Horn", "2026-11-09", &[(chang, 8)]);
    w.po("PO-77", "Exotic Liquids", "2026-12-01", &[(chang, 40)]);
    let act = w.act("prepare");
    backshelf::ops::perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        tx.insert("substitute", &["item_id", "substitute_id"], &[&chang.0, &cordial.0])
    })
    .unwrap();
    w
}

#[test]
fn an_order_on_the_telephone_with_the_keyboard_alone() {
    let mut rig = Rig::new(desk().store);
    rig.keys("2 n").text("horn");
    insta::assert_snapshot!("new_order_customer", rig.screen());
    rig.keys("<enter>").text("10 chang").keys("<enter>");
    assert!(rig.screen().contains("10 likely 1 Dec (PO-77)"), "{}", rig.screen());
    rig.text("3 cord");
    insta::assert_snapshot!("new_order_line", rig.screen());
    rig.keys("<enter>");
    let before = rig.operations();
    rig.keys("<f8>");
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    assert!(rig.screen().contains("took order SO-1043 of Around the Horn: 2 lines"), "{}", rig.screen());
    rig.keys("u <f8>");
    assert_eq!(rig.operations(), before + 2, "{}", rig.screen());
}

#[test]
fn the_substitute_is_one_key_away_and_somebody_new_needs_a_name_only() {
    let mut rig = Rig::new(desk().store);
    rig.keys("2 n").text("Nieuwe Klant");
    assert!(rig.screen().contains("Enter takes it as somebody new"), "{}", rig.screen());
    rig.keys("<enter> <up>").text("010-1234").keys("<enter>").text("9 chang").keys("<enter> <f9>");
    assert!(rig.screen().contains("BEV-003"), "{}", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("of Nieuwe Klant: 1 line"), "{}", rig.screen());
}

/// What is typed is understood as people type it, with a price of its own; what can be read two ways is asked.
#[test]
fn lines_have_pieces_and_prices_as_people_type_them() {
    let mut rig = Rig::new(desk().store);
    rig.keys("2 n").text("horn").keys("<enter>").text("1.200 chang").keys("<enter>");
    assert!(rig.screen().contains("two ways: type 1200 or 1.2"), "{}", rig.screen());
    rig.keys("<bs> <bs> <bs> <bs> <bs> <bs>");
    rig.keys("<bs> <bs> <bs> <bs> <bs>").text("3 stk cord @ 9,50").keys("<enter>");
    assert!(rig.screen().contains("28.50"), "{}", rig.screen());
    rig.text("@ 9").keys("<enter>");
    assert!(rig.screen().contains("27.00"), "{}", rig.screen());
    rig.keys("<f8>");
    let sql = "SELECT quantity || ' at ' || price FROM order_line ORDER BY id DESC LIMIT 1";
    let line: String = rig.desk.store.db().query_row(sql, [], |r| r.get(0)).unwrap();
    assert_eq!(line, "3000 at 90000");
}

/// What cannot be read as a line of an order is said and stays in the field; nothing is taken that is not shown.
#[test]
fn a_line_of_nothing_or_of_too_many_is_never_taken() {
    let mut rig = Rig::new(desk().store);
    rig.keys("2 n").text("horn").keys("<enter>").text("5 cord").keys("<enter>").text("0 chang").keys("<enter>");
    assert!(rig.screen().contains("0 is no line: type a number above 0"), "{}", rig.screen());
    assert!(rig.screen().contains("0 chang"), "the text stays to be mended: {}", rig.screen());
    rig.keys("<bs> <bs> <bs> <bs> <bs> <bs> <bs>").text("9999999 chang").keys("<enter>");
    assert!(rig.screen().contains("9999999 is more than a line can have"), "{}", rig.screen());
    (0..13).for_each(|_| {
        rig.keys("<bs>");
    });
    rig.text("2 chang").keys("<enter>");
    assert!(rig.screen().contains("      2  BEV-002"), "{}", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("2 lines"), "{}", rig.screen());
}

/// Who is on the telephone hears at once what can be done: it waits, the rest is left out, or something else is taken.
#[test]
fn what_is_short_waits_is_left_out_or_becomes_something_else() {
    let ordered = |keys: &dyn Fn(&mut Rig)| {
        let mut w = desk();
        w.item("BEV-009", "Lemonade");
        let mut rig = Rig::new(w.store);
        rig.keys("2 n").text("horn").keys("<enter>").text("10 lemon").keys("<enter>");
        let screen = rig.screen();
        assert!(screen.contains("10 nobody knows when (not on order)"), "{screen}");
        assert!(screen.contains("They wait, or: F6 leaves 10 out   F5 something else for 10"), "{screen}");
        rig.text("1 cord").keys("<enter>");
        keys(&mut rig);
        rig.keys("<f8>");
        let sql = "SELECT group_concat(sku || ' ' || (quantity / 1000), ', ') FROM (SELECT i.sku, l.quantity FROM order_line l
            JOIN item i ON i.id = l.item_id WHERE order_id = (SELECT max(id) FROM customer_order) ORDER BY l.id)";
        let lines: String = rig.desk.store.db().query_row(sql, [], |r| r.get(0)).unwrap();
        assert!(rig.screen().contains("took order SO-1043"), "{}", rig.screen());
        lines
    };
    assert_eq!(ordered(&|_| {}), "BEV-009 10, BEV-003 1");
    assert_eq!(
        ordered(&|rig| {
            rig.keys("<f6>");
        }),
        "BEV-003 1"
    );
    assert_eq!(
        ordered(&|rig| {
            rig.keys("<f5>").text("cord").keys("<enter>");
        }),
        "BEV-003 10, BEV-003 1"
    );
    assert_eq!(
        ordered(&|rig| {
            rig.keys("<f5>").text("4 cord").keys("<enter>");
        }),
        "BEV-009 6, BEV-003 4, BEV-003 1"
    );
}

/// What comes is said as the other screens reckon it: what earlier orders take of a PO is not offered again.
#[test]
fn a_line_says_what_of_each_po_is_left_to_it() {
    let mut w = Warehouse::new();
    let (ring, _) = (w.item("X-1", "Ring"), w.bin("A1", "storage"));
    w.order("SO-1", "Around the Horn", "2026-11-09", &[(ring, 5)]);
    w.po("IK-71", "Exotic Liquids", &w.today.to_string(), &[(ring, 20)]);
    let wanted = order(&mut w, &[(ring, 10), (ring, 8)]);
    let act = w.act("order");
    let outlook = entering::outlook(&mut w.store, act, &wanted).unwrap();
    let comes = |n: usize| outlook[n].comes.iter().map(|c| (c.quantity, c.po.as_str())).collect::<Vec<_>>();
    assert_eq!((outlook[0].later, comes(0)), (Qty::units(10), vec![(Qty::units(10), "IK-71")]));
    assert_eq!((outlook[1].later, comes(1)), (Qty::units(8), vec![(Qty::units(5), "IK-71")]), "5 of 20 are SO-1's");
    assert_eq!((outlook[0].likely, outlook[1].likely), (Some(w.today), None));
    let mut rig = Rig::new(w.store);
    rig.keys("2 n").text("horn").keys("<enter>").text("18 ring").keys("<enter>");
    let screen = rig.screen();
    assert!(screen.contains("15 likely today (IK-71), 3 nobody knows when (not on order)"), "{screen}");
    assert!(screen.contains("counts, 30 days on"), "{screen}");
}

/// A supplier is chosen by a part of his name, and all of them stand under F4; a bin may be new.
#[test]
fn a_field_that_names_somebody_has_its_list() {
    let mut rig = Rig::new(desk().store);
    rig.keys("n").text("NEW-1").keys("<tab>").text("Brass hook").keys("<tab> <tab>").text("a1");
    assert!(rig.screen().contains("A1-04"), "{}", rig.screen());
    rig.keys("<down> <enter> <tab> <tab> <tab>").text("liquids");
    assert!(rig.screen().contains("▸ Exotic Liquids"), "{}", rig.screen());
    rig.keys("<enter>");
    insta::assert_snapshot!("chosen_supplier", rig.screen());
    rig.keys("<s-tab> <f4>");
    assert!(rig.screen().contains("Exotic Liquids"), "{}", rig.screen());
    rig.keys("<esc> <f8>");
    assert!(rig.screen().contains("new item: NEW-1  Brass hook"), "{}", rig.screen());
}

#[test]
fn items_customers_suppliers_and_notes_have_their_forms() {
    let mut rig = Rig::new(desk().store);
    rig.keys("n")
        .text("NEW-1")
        .keys("<tab>")
        .text("Brass hook")
        .keys("<tab> <tab>")
        .text("B2-01")
        .keys("<tab>")
        .text("40");
    insta::assert_snapshot!("new_item", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("new item: NEW-1  Brass hook"), "{}", rig.screen());
    rig.keys("e");
    insta::assert_snapshot!("edit_item", rig.screen());
    rig.keys("<esc> :").text("new cust").keys("<enter> <tab>").text("Kaas BV").keys("<f8>");
    assert!(rig.screen().contains("new customer: Kaas BV  Kaas BV"), "{}", rig.screen());
    rig.keys(":").text("new supp").keys("<enter> <tab>").text("Zuivel NV").keys("<f8>");
    assert!(rig.screen().contains("new supplier: Zuivel NV"), "{}", rig.screen());
    rig.keys("2 v v v i").text("rings twice");
    insta::assert_snapshot!("notes", rig.screen());
    rig.keys("<f8>");
    assert!(rig.screen().contains("note on Around the Horn"), "{}", rig.screen());
    rig.keys(":").text("edit cust").keys("<enter>");
    assert!(rig.screen().contains("rings twice"), "{}", rig.screen());
}

/// The examples of an order are written as figures are written here, wherever it shows one.
#[test]
fn the_examples_of_an_order_are_written_as_figures_are_here() {
    locale::within(Locale::Nl, || {
        let mut rig = Rig::new(desk().store);
        rig.keys("2 n");
        assert!(rig.screen().contains("as 12 bolt, or 12 bolt @ 9,50"), "{}", rig.screen());
        rig.text("horn").keys("<enter>").text("1 chang").keys("<enter>");
        assert!(rig.screen().contains("@ 9,50 changes its price"), "{}", rig.screen());
    });
}

/// A shop counts its own orders: one that is typed here never takes the number that the shop's next order will have.
#[test]
fn an_order_that_is_typed_does_not_go_on_with_a_shops_numbers() {
    let mut w = Warehouse::new();
    w.item("BEV-002", "Chang");
    let act = w.act("import");
    backshelf::ops::perform(&mut w.store, act, |tx| {
        let customer = tx.insert("customer", &["code", "name"], &[&"a", &"Ann"])?;
        let columns = ["code", "customer_id", "ordered_on", "channel"];
        tx.insert("customer_order", &columns, &[&"#1019", &customer, &"2026-11-20", &"shopify"])
    })
    .unwrap();
    let mut rig = Rig::new(w.store);
    let mut typed = |number: &str| {
        rig.keys("2 n").text("Bakker").keys("<enter>").text("1 BEV-002").keys("<enter>");
        assert!(rig.screen().contains(&format!("Number         {number}")), "{}", rig.screen());
        rig.keys("<f8>");
    };
    typed("SO-1");
    typed("SO-2");
}

/// Where a PO is asked for and nobody is there to order from, the form says why it is another one.
#[test]
fn the_first_supplier_is_asked_for_with_a_reason() {
    let mut w = Warehouse::new();
    w.item("BEV-002", "Chang");
    let mut rig = Rig::new(w.store);
    rig.keys("3 n");
    let screen = rig.screen();
    assert!(screen.contains("No supplier is here yet: type whom you order from"), "{screen}");
    rig.keys("<tab>").text("Exotic").keys("<f8> n");
    assert!(rig.screen().contains("Exotic") && rig.screen().contains("PO"), "{}", rig.screen());
}

/// Where less of the substitute is there than was asked for, the rest stays ordered: nothing is lost by one key.
#[test]
fn what_the_substitute_does_not_cover_stays_ordered() {
    let mut rig = Rig::new(desk().store);
    rig.keys("2 n").text("horn").keys("<enter>").text("50 chang").keys("<enter>");
    assert!(rig.screen().contains("31 free   F9 takes 31"), "{}", rig.screen());
    rig.keys("<f9> <f8>");
    let sql =
        "SELECT group_concat(sku || ' ' || (quantity / 1000), ', ') FROM order_line l JOIN item i ON i.id = l.item_id
               WHERE order_id = (SELECT max(id) FROM customer_order)";
    let lines: String = rig.desk.store.db().query_row(sql, [], |r| r.get(0)).unwrap();
    assert_eq!(lines, "BEV-002 19, BEV-003 31", "{}", rig.screen());
}

/// Whatever is typed by hand goes away again by one undo.
#[test]
fn each_thing_that_is_typed_is_taken_back() {
    let mut rig = Rig::new(desk().store);
    let count = |rig: &Rig, table: &str| -> i64 {
        rig.desk.store.db().query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap()
    };
    type Typed = (&'static str, fn(&mut Rig));
    let all: [Typed; 6] = [
        ("item", |rig| {
            rig.keys("1 n").text("NEW-1").keys("<tab>").text("Brass hook").keys("<f8>");
        }),
        ("customer", |rig| {
            rig.keys(":").text("new cust").keys("<enter> <tab>").text("Kaas BV").keys("<f8>");
        }),
        ("supplier", |rig| {
            rig.keys(":").text("new supp").keys("<enter> <tab>").text("Zuivel NV").keys("<f8>");
        }),
        ("customer_order", |rig| {
            rig.keys("2 n").text("horn").keys("<enter>").text("2 cord").keys("<enter> <f8>");
        }),
        ("purchase_order", |rig| {
            rig.keys("3 n").keys("<tab> <tab>").text("24 cord").keys("<enter> <f8> <f8>"); // he is not known to sell it
        }),
        ("customer WHERE note IS NOT NULL", |rig| {
            rig.keys("<esc> 2 i").text("rings twice").keys("<f8>");
        }),
    ];
    for (table, typed) in all {
        let before = count(&rig, table);
        typed(&mut rig);
        assert_eq!(count(&rig, table), before + 1, "{table}\n{}", rig.screen());
        rig.keys("u <f8>");
        assert_eq!(count(&rig, table), before, "{table}\n{}", rig.screen());
    }
}
