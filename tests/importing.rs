//! Checked tables into the warehouse: keys update, rows without a key are counted, problems are all listed.

use crate::support::warehouse::Warehouse;
use backshelf::domain::money::Money;
use backshelf::domain::quantity::Qty;
use backshelf::exchange::table::{Batch, Cell, Kind, Origin, Row, Table};
use backshelf::ops::importing::{Options, Outcome, import};
use chrono::NaiveDate;

/// A batch from little tables written as in files: a heading, then rows; `,` between cells.
pub fn batch(files: &[(Table, &str)]) -> Batch {
    let mut batch = Batch::default();
    for (n, (table, text)) in files.iter().enumerate() {
        batch.files.push(format!("{}.csv", table.name()));
        let mut lines = text.trim().lines().map(str::trim);
        let heads: Vec<usize> = lines.next().unwrap().split(',').map(|h| table.column(h).unwrap()).collect();
        for (at, line) in lines.enumerate() {
            let mut cells = vec![None; table.columns().len()];
            for (&column, text) in heads.iter().zip(line.split(',')) {
                cells[column] = cell(table.columns()[column].kind, text);
            }
            let at = Origin { file: n as u32, line: at as u32 + 2 };
            batch.tables.entry(*table).or_default().push(Row { at, cells });
        }
    }
    batch
}

fn cell(kind: Kind, text: &str) -> Option<Cell> {
    if text.is_empty() {
        return None;
    }
    let day = |t: &str| NaiveDate::parse_from_str(t, "%Y-%m-%d").unwrap();
    Some(match kind {
        Kind::Code | Kind::Text | Kind::Country => Cell::Text(text.into()),
        Kind::Quantity | Kind::Positive => Cell::Quantity(Qty::parse(text).unwrap()),
        Kind::Money => Cell::Money(Money::parse(text).unwrap()),
        Kind::Count => Cell::Count(text.parse().unwrap()),
        Kind::Rate => Cell::Rate((text.parse::<f64>().unwrap() * 1e6) as i64),
        Kind::Date => Cell::Date(day(text)),
        Kind::Moment => Cell::Moment(day(text).and_hms_opt(0, 0, 0).unwrap()),
        Kind::YesNo => Cell::YesNo(text == "yes"),
        Kind::Choice(words) => Cell::Choice(words.iter().find(|w| **w == text).unwrap()),
    })
}

pub fn run(w: &mut Warehouse, batch: Batch, options: Options) -> Outcome {
    let act = w.act("import");
    import(&mut w.store, act, batch, options, &mut |_| {}).unwrap()
}

/// Imports what must be without a problem.
pub fn take(w: &mut Warehouse, files: &[(Table, &str)]) -> Outcome {
    let outcome = run(w, batch(files), Options::default());
    assert!(outcome.written, "{:#?}", outcome.problems);
    outcome
}

const ITEMS: &str = "sku,name,barcode,bin,supplier,cost\n007,Chang,8710,A1,EX,1.5\n008,Konbu,,,,";
pub const SMALL: &[(Table, &str)] = &[
    (
        Table::Orders,
        "order,customer,ordered_on,promised_on,status,continues\nSO-1,C1,2026-11-01,2026-11-20,open,SO-2\nSO-2,C1,2026-10-01,,shipped,\nSO-3,C1,2026-10-02,,cancelled,",
    ),
    (
        Table::OrderLines,
        "order,line,sku,quantity,shipped,price\nSO-1,1,007,10,4,2\nSO-1,2,008,5,,\nSO-2,,007,3,,\nSO-2,,008,2,,\nSO-3,1,008,9,2,",
    ),
    (Table::Customers, "customer,name,country\nC1,Around the Horn,GB"),
    (Table::Items, ITEMS),
    (Table::Suppliers, "supplier,name,lead_days\nEX,Exotic Liquids,7"),
    (
        Table::Movements,
        "at,sku,bin,quantity,reason\n2026-01-05,007,A1,20,receipt\n2026-02-01,007,A1,-5,issue\n2026-02-01,007,A1,-5,issue",
    ),
    (Table::Stock, "sku,bin,quantity\n007,A1,12\n008,,3"),
    (Table::PurchaseOrders, "po,supplier,ordered_on,status\nPO-1,EX,2026-10-01,sent\nPO-2,EX,2026-09-01,closed"),
    (
        Table::PoLines,
        "po,line,sku,quantity,confirmed_for,received\nPO-1,1,007,50,2026-12-01,\nPO-2,1,008,20,2026-09-10,12",
    ),
    (Table::Receipts, "po,line,received_on,quantity,rejected\nPO-1,,2026-11-10,6,1\nPO-1,1,2026-11-10,6,1"),
    (
        Table::Contacts,
        "order,line,contacted_on,channel,answer\nSO-1,1,2026-11-21,mail,none\nSO-1,,2026-11-22,phone,consent",
    ),
];

/// Every row but the record of operations.
pub fn facts(w: &Warehouse) -> String {
    let record = ["operation ", "journal ", "sqlite_"];
    w.everything().lines().filter(|l| !record.iter().any(|r| l.starts_with(r))).map(|l| format!("{l}\n")).collect()
}

#[test]
fn everything_comes_in_whatever_the_order_of_the_files() {
    let mut w = Warehouse::new();
    let outcome = take(&mut w, SMALL);
    assert_eq!(w.number("SELECT count(*) FROM order_line"), 5);
    assert_eq!(
        w.text(
            "SELECT o.code FROM customer_order c JOIN customer_order o ON o.id = c.continues_id WHERE c.code = 'SO-1'"
        ),
        "SO-2"
    );
    assert_eq!(w.number("SELECT shipped FROM order_line l JOIN customer_order o ON o.id = order_id WHERE o.code = 'SO-2' AND line = '2'"), 2000);
    assert_eq!(
        w.number("SELECT cancelled FROM order_line l JOIN customer_order o ON o.id = order_id WHERE o.code = 'SO-3'"),
        7000
    );
    assert_eq!(w.text("SELECT sku FROM item WHERE id = 1"), "007");
    assert_eq!(w.number("SELECT received FROM po_line WHERE id = 1"), 12000, "two equal receipts are two receipts");
    assert_eq!(w.number("SELECT rejected FROM po_line WHERE id = 1"), 2000);
    assert_eq!(w.number("SELECT closed FROM po_line WHERE id = 2"), 1);
    assert_eq!(outcome.tables["order_lines"].new, 5);
    assert_eq!(
        outcome.sentence(),
        "imported orders.csv and 10 more: 1 supplier, 2 items, 1 customer, 3 movements, 2 stock levels, 3 orders, 5 order lines, 2 purchase orders, 2 PO lines, 2 receipts, 2 contacts"
    );
}

#[test]
fn stock_states_a_level_and_the_rest_is_the_opening() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    assert_eq!(w.number("SELECT quantity FROM level l JOIN item i ON i.id = item_id WHERE sku = '007'"), 12000);
    assert_eq!(
        w.text("SELECT at || ' ' || quantity FROM movement WHERE reason = 'opening' AND item_id = 1"),
        "2026-01-04T23:59:59 2000"
    );
    assert_eq!(w.text("SELECT b.code FROM level l JOIN bin b ON b.id = bin_id WHERE item_id = 2"), "MAIN");
    assert_eq!(w.number("SELECT allocated FROM order_line WHERE id = 1"), 6000, "what came in goes to who waits");
}

#[test]
fn the_same_files_twice_change_nothing() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    let before = w.everything();
    let again = take(&mut w, SMALL);
    assert_eq!(w.everything(), before);
    assert!(!again.changes_something(), "{:?}", again.tables);
    assert_eq!(again.operation, None);
}

#[test]
fn a_stock_file_after_other_movements_is_an_adjustment_today() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    take(&mut w, &[(Table::Movements, "at,sku,bin,quantity,reason\n2026-11-22,007,A1,-4,issue")]);
    take(&mut w, &[(Table::Stock, "sku,bin,quantity\n007,A1,12")]);
    assert_eq!(
        w.text("SELECT reason || ' ' || quantity || ' ' || substr(at, 1, 10) FROM movement ORDER BY id DESC LIMIT 1"),
        "adjustment 4000 2026-11-23"
    );
    // a level that the movements explained in full was stated all the same
    take(
        &mut w,
        &[(Table::Movements, "at,sku,bin,quantity\n2026-11-01,008,B9,5"), (Table::Stock, "sku,bin,quantity\n008,B9,5")],
    );
    take(&mut w, &[(Table::Stock, "sku,bin,quantity\n008,B9,6")]);
    assert_eq!(w.text("SELECT reason FROM movement ORDER BY id DESC LIMIT 1"), "adjustment");
}

#[test]
fn a_stock_file_never_rewrites_the_past_of_goods_that_were_moved_here() {
    let mut w = Warehouse::new();
    let (item, bin) = (w.item("007", "Chang"), w.bin("A1", "storage"));
    w.moved(item, bin, 31);
    let outcome = take(&mut w, &[(Table::Stock, "sku,bin,quantity\n007,A1,12")]);
    assert_eq!((outcome.tables["stock"].new, outcome.tables["stock"].changed), (0, 1));
    assert_eq!(
        w.text("SELECT reason || ' ' || quantity || ' ' || substr(at, 1, 10) FROM movement ORDER BY id DESC LIMIT 1"),
        "adjustment -19000 2026-11-23"
    );
}

#[test]
fn one_more_equal_row_is_one_more_movement() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    let three = "at,sku,bin,quantity,reason\n2026-02-01,007,A1,-5,issue\n2026-02-01,007,A1,-5,issue\n2026-02-01,007,A1,-5,issue";
    let outcome = take(&mut w, &[(Table::Movements, three)]);
    assert_eq!((outcome.tables["movements"].new, outcome.tables["movements"].unchanged), (1, 2));
    // equal rows in two files are one row
    let other = "at,sku,bin,quantity\n2026-03-01,007,A1,1";
    let outcome = take(&mut w, &[(Table::Movements, other), (Table::Movements, other)]);
    assert_eq!((outcome.tables["movements"].new, outcome.tables["movements"].unchanged), (1, 1));
}

#[test]
fn a_known_key_updates_cells_and_blank_erases_nothing() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    let outcome = take(
        &mut w,
        &[
            (Table::Items, "sku,name,barcode,cost\n007,Chang 24 x 12 oz,8711,"),
            (Table::OrderLines, "order,line,sku,quantity,shipped\nSO-1,1,007,8,8\nSO-1,2,008,5,"),
        ],
    );
    assert_eq!(w.text("SELECT name || ' ' || cost FROM item WHERE sku = '007'"), "Chang 24 x 12 oz 15000");
    assert_eq!(w.text("SELECT group_concat(code) FROM barcode"), "8711");
    assert_eq!(
        w.text("SELECT quantity || ' ' || shipped || ' ' || allocated FROM order_line WHERE id = 1"),
        "8000 8000 0"
    );
    assert_eq!(outcome.order_changes.shipped, 1);
    assert_eq!(outcome.order_changes.quantity_changed, 1);
    assert!(
        outcome.lines().contains(&"order lines: 1 changed, 1 unchanged (1 shipped, 1 quantity changed)".to_string()),
        "{:?}",
        outcome.lines()
    );
}

#[test]
fn a_new_date_is_a_new_promise_and_the_first_one_stays() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    let later = [
        (Table::Orders, "order,customer,ordered_on,promised_on\nSO-1,C1,2026-11-01,2026-12-05"),
        (Table::OrderLines, "order,line,sku,quantity,promised_on\nSO-1,2,008,5,2026-12-09"),
    ];
    take(&mut w, &later);
    assert_eq!(w.text("SELECT promised_on FROM customer_order WHERE code = 'SO-1'"), "2026-11-20");
    assert_eq!(
        w.text("SELECT group_concat(promised_on || coalesce(':' || line_id, ''), ' ') FROM promise"),
        "2026-12-05 2026-12-09:2"
    );
    let before = w.everything();
    take(&mut w, &later);
    assert_eq!(w.everything(), before);
}

#[test]
fn the_first_confirmation_stays_and_another_is_the_date_expected_now() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    let file = [(Table::PoLines, "po,line,sku,quantity,confirmed_for\nPO-1,1,007,50,2026-12-20")];
    let outcome = take(&mut w, &file);
    assert_eq!(w.text("SELECT confirmed_for || ' ' || expected_on FROM po_line WHERE id = 1"), "2026-12-01 2026-12-20");
    assert_eq!(outcome.warnings.len(), 1);
    let before = w.everything();
    take(&mut w, &file);
    assert_eq!(w.everything(), before);
}

#[test]
fn a_status_carries_through_to_lines_that_the_file_does_not_hold() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    take(
        &mut w,
        &[
            (Table::Orders, "order,customer,ordered_on,status\nSO-1,C1,2026-11-01,shipped"),
            (Table::PurchaseOrders, "po,supplier,status\nPO-1,EX,cancelled"),
        ],
    );
    assert_eq!(
        w.number(
            "SELECT sum(shipped) FROM order_line WHERE order_id = (SELECT id FROM customer_order WHERE code = 'SO-1')"
        ),
        15000
    );
    assert_eq!(w.number("SELECT cancelled FROM po_line WHERE id = 1"), 38000);
    assert_eq!(w.number("SELECT quantity FROM level WHERE item_id = 1"), 12000, "orders do not move stock");
}

#[test]
fn every_problem_is_listed_and_nothing_is_written() {
    let mut w = Warehouse::new();
    let before = w.everything();
    let bad: &[(Table, &str)] = &[
        (Table::Items, "sku,name,supplier\nA,Anchor,NOBODY\nB,Bolt,"),
        (Table::Orders, "order,customer,ordered_on,continues\nSO-1,NOBODY,2026-01-01,\nSO-2,C1,2026-01-01,SO-99"),
        (Table::Customers, "customer,name\nC1,One"),
        (Table::OrderLines, "order,line,sku,quantity,shipped\nSO-1,1,B,1,\nSO-7,1,B,1,"),
        (Table::Receipts, "po,line,received_on,quantity\nPO-9,1,2026-01-01,1"),
    ];
    let outcome = run(&mut w, batch(bad), Options::default());
    let told: Vec<String> = outcome.problems.iter().map(|p| p.to_string()).collect();
    assert_eq!(
        told,
        [
            "items.csv:2: supplier: There is no supplier NOBODY. Correct it, or add it to suppliers and import both together.",
            "orders.csv:2: customer: There is no customer NOBODY. Correct it, or add it to customers and import both together.",
            "orders.csv:3: continues: There is no order SO-99. Correct it, or add it to orders and import both together.",
            "order_lines.csv:3: order: There is no order SO-7. Correct it, or add it to orders and import both together.",
            "receipts.csv:2: po: There is no purchase order PO-9. Correct it, or add it to purchase_orders and import both together.",
        ]
    );
    assert!(!outcome.written);
    assert_eq!(w.everything(), before);

    let outcome = run(&mut w, batch(bad), Options { skip_bad: true, dry_run: false });
    assert!(outcome.written);
    assert_eq!(outcome.problems.len(), 6, "the line of the order that was left out is listed too");
    assert_eq!((w.number("SELECT count(*) FROM item"), w.number("SELECT count(*) FROM customer_order")), (1, 0));
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let mut w = Warehouse::new();
    let before = w.everything();
    let outcome = run(&mut w, batch(SMALL), Options { skip_bad: false, dry_run: true });
    assert_eq!((outcome.written, outcome.tables["orders"].new), (false, 3));
    assert_eq!(w.everything(), before);
}

#[test]
fn a_channels_code_may_stand_for_a_set() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    take(
        &mut w,
        &[
            (Table::Aliases, "channel,code,sku,quantity\nshop,SIX,007,6"),
            (Table::Orders, "order,customer,ordered_on,channel\nW-1,C1,2026-11-02,shop"),
            (Table::OrderLines, "order,sku,quantity,price,shipped\nW-1,SIX,2,60,1"),
        ],
    );
    assert_eq!(w.text("SELECT item_id || ' ' || quantity || ' ' || price || ' ' || shipped FROM order_line ORDER BY id DESC LIMIT 1"), "1 12000 100000 6000");
}

#[test]
fn a_channel_makes_what_is_missing_and_changes_nothing_else() {
    let mut w = Warehouse::new();
    take(&mut w, SMALL);
    let mut from_shop = batch(&[
        (Table::Orders, "order,customer,ordered_on\nW-1,new@x.org,2026-11-02\nW-2,C1,2026-11-02"),
        (Table::OrderLines, "order,sku,quantity\nW-1,NEW,2\nW-1,007,1"),
    ]);
    let spare = batch(&[
        (Table::Items, "sku,name\nNEW,A new thing\n007,Another name"),
        (Table::Customers, "customer,name\nnew@x.org,N. Ewman\nC1,Somebody else"),
    ]);
    from_shop.fallback = spare.tables;
    from_shop.creates_missing = true;
    assert!(run(&mut w, from_shop, Options::default()).written);
    assert_eq!(w.text("SELECT group_concat(name, '|') FROM item"), "Chang|Konbu|A new thing");
    assert_eq!(w.text("SELECT group_concat(name, '|') FROM customer"), "Around the Horn|N. Ewman");
}

#[test]
fn another_currency_is_taken_with_a_warning() {
    let mut w = Warehouse::new();
    let act = w.act("set");
    backshelf::ops::settings::set(&mut w.store, act, "warehouse.currency", "EUR").unwrap();
    let outcome = take(&mut w, &[(Table::Suppliers, "supplier,name,currency\nEX,Exotic,USD\nEY,Other,EUR")]);
    assert_eq!(outcome.warnings.len(), 1);
    assert_eq!(
        outcome.warnings[0].to_string(),
        "suppliers.csv:2: currency: Prices in USD are taken as EUR, the warehouse's currency."
    );
}

/// Files of the sample data folder through a profile.
fn from_files(folder: &str, profile: &str) -> Option<Batch> {
    use backshelf::exchange::{profile::Profile, read::read};
    let path = crate::support::shared_data()?.join(folder);
    let profile = Profile::load(profile, None).unwrap();
    Some(read(&[path], Some(&profile), &mut |_, _| {}).unwrap())
}

/// Imports a sample warehouse, again, and takes it back.
fn in_again_and_back(batch: Batch) -> (Warehouse, Outcome) {
    let mut w = Warehouse::new();
    let first = run(&mut w, batch.clone(), Options::default());
    assert!(first.written, "{:#?}", first.problems.iter().take(20).collect::<Vec<_>>());
    let before = w.number("SELECT count(*) FROM operation");
    let again = run(&mut w, batch.clone(), Options::default());
    assert!(!again.changes_something(), "{:?}", again.tables);
    assert_eq!(w.number("SELECT count(*) FROM operation"), before);
    let act = w.act("undo");
    backshelf::ops::undo::undo(&mut w.store, act, first.operation.unwrap()).unwrap();
    for table in
        ["item", "bin", "customer", "supplier", "customer_order", "order_line", "po_line", "level", "item_state"]
    {
        assert_eq!(w.number(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    let third = run(&mut w, batch, Options::default());
    assert_eq!(third.tables, first.tables, "after the undo everything is new again");
    (w, first)
}

#[test]
fn northwind_comes_in_goes_back_and_comes_in_again() {
    let Some(batch) = from_files("northwind", "northwind") else { return };
    let (w, outcome) = in_again_and_back(batch);
    assert_eq!(outcome.tables["orders"].new, 830);
    assert_eq!(outcome.tables["order_lines"].new, 2155);
    assert_eq!(w.number("SELECT count(*) FROM customer"), 91);
    assert_eq!(w.number("SELECT count(*) FROM supplier"), 29);
    assert_eq!(w.number("SELECT count(*) FROM item"), 77);
    assert_eq!(w.number("SELECT quantity FROM level l JOIN item i ON i.id = item_id WHERE name = 'Chai'"), 39000);
}

#[test]
fn wide_world_importers_comes_in_goes_back_and_comes_in_again() {
    let Some(batch) = from_files("wideworldimporters", "wide-world-importers") else { return };
    let (w, outcome) = in_again_and_back(batch);
    assert_eq!(outcome.tables["orders"].new, 73_595);
    assert_eq!(outcome.tables["order_lines"].new, 231_412);
    // 236,667 rows in the file; four of them are stock takes of nothing.
    assert_eq!(outcome.tables["movements"].new, 236_663);
    assert_eq!(outcome.tables["po_lines"].new, 8_367);
    assert_eq!(w.number("SELECT count(*) FROM item"), 227);
    assert!(w.number("SELECT count(*) FROM customer_order WHERE continues_id IS NOT NULL") > 0);
    assert_eq!(w.number("SELECT count(*) FROM order_line WHERE shipped + cancelled + allocated > quantity"), 0);
}

/// In a great warehouse an import looks up what its few rows touch, one by one; it must find the same.
#[test]
fn a_few_rows_into_a_great_warehouse_are_recognised_like_many() {
    const MANY: usize = 4_100; // more than an import of a few rows reads whole
    type File = (Table, &'static str, fn(usize) -> String);
    let heads: [File; 9] = [
        (Table::Suppliers, "supplier,name", |n| format!("S{n},Supplier {n}")),
        (Table::Items, "sku,name,barcode,bin,supplier", |n| format!("I{n},Item {n},87{n},B{n},S{n}")),
        (Table::Customers, "customer,name", |n| format!("C{n},Customer {n}")),
        (Table::Movements, "at,sku,bin,quantity,reason", |n| format!("2026-01-05,I{n},B{n},{},receipt", n % 7 + 1)),
        (Table::Orders, "order,customer,ordered_on,channel", |n| format!("O{n},C{n},2026-11-01,web")),
        (Table::OrderLines, "order,line,sku,quantity", |n| format!("O{n},1,I{n},9")),
        (Table::PurchaseOrders, "po,supplier,ordered_on", |n| format!("P{n},S{n},2026-10-01")),
        (Table::PoLines, "po,line,sku,quantity,received", |n| format!("P{n},1,I{n},5,2")),
        (Table::Receipts, "po,line,received_on,quantity", |n| format!("P{n},1,2026-10-09,2")),
    ];
    let contacts = (Table::Contacts, "order,line,contacted_on,channel", |n: usize| format!("O{n},1,2026-11-10,phone"));
    let rows = |which: &[usize], times: usize| -> Vec<(Table, String)> {
        let all = heads.iter().copied().chain([(contacts.0, contacts.1, contacts.2 as fn(usize) -> String)]);
        all.map(|(table, head, row)| {
            let keyless = matches!(table, Table::Movements | Table::Receipts | Table::Contacts);
            let lines = which.iter().flat_map(|n| vec![row(*n); if keyless { times } else { 1 }]);
            (table, std::iter::once(head.to_string()).chain(lines).collect::<Vec<_>>().join("\n"))
        })
        .collect()
    };
    fn refs(files: &[(Table, String)]) -> Vec<(Table, &str)> {
        files.iter().map(|(table, text)| (*table, text.as_str())).collect()
    }
    let mut w = Warehouse::new();
    take(&mut w, &refs(&rows(&(0..MANY).collect::<Vec<_>>(), 1)));
    let few = [3, MANY / 2, MANY - 1];
    let again = take(&mut w, &refs(&rows(&few, 1)));
    for (table, counts) in &again.tables {
        assert_eq!((counts.new, counts.changed, counts.unchanged), (0, 0, few.len()), "{table}");
    }
    // Each row without a key a second time in one file: one of the two is new.
    let twice = take(&mut w, &refs(&rows(&few, 2)));
    for table in ["movements", "receipts", "contacts"] {
        let counts = &twice.tables[table];
        assert_eq!((counts.new, counts.unchanged), (few.len(), few.len()), "{table}");
    }
    let unknown =
        run(&mut w, batch(&[(Table::OrderLines, "order,line,sku,quantity\nO3,2,NO-SUCH,1")]), Options::default());
    assert!(unknown.problems[0].message.contains("NO-SUCH"), "{:?}", unknown.problems);
}

#[test]
fn a_row_tells_all_that_nobody_knows_and_counts_are_those_of_the_problems() {
    let mut w = Warehouse::new();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    file("items.csv", "sku,name,pack\nA,Anchor,1\nB,Bolt,x\n");
    file("stock.csv", "sku,bin,quantity\nA,X1,5\nZ,X1,n\n");
    file("order_lines.csv", "order,line,sku,quantity\nO1,1,Q,3\n");
    let read = || backshelf::exchange::read::read(&[folder.path().to_path_buf()], None, &mut |_, _| {}).unwrap();
    let outcome = run(&mut w, read(), Options { skip_bad: true, dry_run: false });
    let at = |name: &str, line: u32| {
        let of = outcome.problems.iter().filter(|p| p.file.ends_with(name) && p.line == line);
        of.filter_map(|p| p.column.clone()).collect::<Vec<_>>()
    };
    assert_eq!(at("stock.csv", 3), ["quantity", "sku"]);
    assert_eq!(at("order_lines.csv", 2), ["order", "sku"]);
    assert_eq!(
        outcome.lines(),
        ["items: 1 new, 1 left out", "stock levels: 1 new, 1 left out", "order lines: 1 left out"]
    );
    assert_eq!(outcome.rows_with_problems(), 3);
    file("items.csv", "");
    std::fs::remove_file(folder.path().join("stock.csv")).unwrap();
    std::fs::remove_file(folder.path().join("order_lines.csv")).unwrap();
    let empty = run(&mut w, read(), Options::default());
    assert_eq!(empty.nothing_changed(), "Nothing changed: the file holds no rows.");
}
