//! Paths to a checked batch: plain files, workbooks, profiles, and every problem listed.

use crate::support;
use backshelf::domain::money::Money;
use backshelf::exchange::profile::Profile;
use backshelf::exchange::read::{ReadError, read};
use backshelf::exchange::table::{Batch, Cell, Row, Table};
use proptest::prelude::*;
use std::io::Write;
use std::path::PathBuf;

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

fn read_folder(files: &[(&str, &[u8])], profile: Option<&Profile>) -> Result<Batch, ReadError> {
    let dir = folder(files);
    read(&[dir.path().to_path_buf()], profile, &mut |_, _| {})
}

fn plain(files: &[(&str, &str)]) -> Batch {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
    read_folder(&files, None).unwrap()
}

pub fn through(profile: &str, files: &[(&str, &str)]) -> Batch {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
    read_folder(&files, Some(&Profile::load(profile, None).unwrap())).unwrap()
}

fn rows(batch: &Batch, table: Table) -> &[Row] {
    batch.tables.get(&table).map_or(&[], Vec::as_slice)
}

/// A cell in the words of files; empty where it is blank.
fn cell(row: &Row, table: Table, column: &str) -> String {
    match &row.cells[table.column(column).unwrap()] {
        None => String::new(),
        Some(Cell::Text(t)) => t.clone(),
        Some(Cell::Quantity(n)) => n.to_string(),
        Some(Cell::Money(n)) => n.to_string(),
        Some(Cell::Count(n)) => n.to_string(),
        Some(Cell::Rate(n)) => n.to_string(),
        Some(Cell::Date(d)) => d.to_string(),
        Some(Cell::Moment(m)) => m.format("%Y-%m-%dT%H:%M:%S").to_string(),
        Some(Cell::YesNo(yes)) => yes.to_string(),
        Some(Cell::Choice(word)) => word.to_string(),
    }
}

/// The cells of these columns, row by row, with `|` between.
fn cells(batch: &Batch, table: Table, columns: &[&str]) -> Vec<String> {
    let line = |row: &Row| columns.iter().map(|c| cell(row, table, c)).collect::<Vec<_>>().join("|");
    rows(batch, table).iter().map(line).collect()
}

/// Problems as a person sees them, without the folder: `items.csv:2: cost: sentence`.
fn problems(batch: &Batch) -> Vec<String> {
    let said = |p: &backshelf::exchange::table::Problem| {
        let file = PathBuf::from(&batch.files[p.at.file as usize]);
        let column = p.column.as_ref().map(|c| format!("{c}: ")).unwrap_or_default();
        format!("{}:{}: {column}{}", file.file_name().unwrap().to_string_lossy(), p.at.line, p.sentence)
    };
    batch.problems.iter().map(said).collect()
}

#[track_caller]
fn one_problem(batch: &Batch, start: &str, says: &str) {
    let all = problems(batch);
    assert!(all.len() == 1 && all[0].starts_with(start) && all[0].contains(says), "{all:#?}");
}

#[track_caller]
fn no_problem(batch: &Batch) {
    assert_eq!(problems(batch), Vec::<String>::new());
}

#[test]
fn a_plain_file_is_the_table_it_is_named_after() {
    let batch = plain(&[
        ("ITEMS.csv", "sku;name;cost\n007;\"Chai; black\";18.5\n"),
        ("readme.txt", "hello"),
        ("photo.png", "\0"),
    ]);
    no_problem(&batch);
    assert_eq!(cells(&batch, Table::Items, &["sku", "name", "cost"]), ["007|Chai; black|18.50"]);
    assert_eq!(batch.notes, ["2 other files were left alone: photo.png, readme.txt."]);
}

#[test]
fn every_problem_is_listed_with_its_line_and_column() {
    let text = "sku,name,cost,available_on,min,status\n1,\"two\nlines\",\"1,5\",,,\n2,B,,3/4/26,-1,gone\n3,C,2.50,2026-05-12,4,active\n,D,,,,\n";
    let batch = plain(&[("items.csv", text)]);
    let all = problems(&batch);
    let starts = [
        "items.csv:2: cost: `1,5` is not",
        "items.csv:4: available_on: `3/4/26` is not a date",
        "items.csv:4: min: `-1` is below zero",
        "items.csv:4: status: `gone` is none of active, discontinued",
        "items.csv:6: sku: is blank",
    ];
    assert_eq!(all.len(), starts.len(), "{all:#?}");
    for (problem, start) in all.iter().zip(starts) {
        assert!(problem.starts_with(start), "{problem} / {start}");
    }
    assert_eq!(cells(&batch, Table::Items, &["sku"]), ["3"]);
}

#[test]
fn headings_that_are_missing_unknown_or_there_twice() {
    let batch = plain(&[("stock.csv", "sku,colour,shade\n1,red,dark\n")]);
    one_problem(&batch, "stock.csv:1: quantity: ", "missing");
    let note = &batch.notes[0];
    assert!(note.contains("`colour`, `shade`") && note.contains("ignored"), "{note}");
    one_problem(&plain(&[("stock.csv", "SKU,Quantity,quantity\n1,2,3\n")]), "stock.csv:1: quantity: ", "twice");
}

#[test]
fn rows_that_do_not_fit_under_the_headings() {
    let batch = plain(&[("stock.csv", "sku,bin,quantity\n1,A,2,9\n2,A\n3,A,4,\n")]);
    let all = problems(&batch);
    assert!(
        all.len() == 2 && all[0].starts_with("stock.csv:2: The row has 4 cells") && all[1].starts_with("stock.csv:3: "),
        "{all:#?}"
    );
    assert_eq!(rows(&batch, Table::Stock).len(), 1);
}

#[test]
fn empty_files_are_no_rows_and_fine() {
    for text in ["", "\n\n", "sku,quantity\n", "\u{feff}sku,quantity"] {
        let batch = plain(&[("stock.csv", text)]);
        no_problem(&batch);
        assert!(rows(&batch, Table::Stock).is_empty());
    }
}

#[test]
fn wrong_use_is_one_sentence() {
    let dir = folder(&[("notes.csv", b"a\n1\n"), ("broken.xlsx", b"nonsense")]);
    let go = |path: PathBuf| read(&[path], None, &mut |_, _| {}).unwrap_err().to_string();
    assert!(go(dir.path().join("none.csv")).contains("There is no file"));
    assert!(go(dir.path().join("notes.csv")).contains("not named after a table"));
    assert!(go(dir.path().join("broken.xlsx")).contains("not a readable XLSX"));
    assert!(go(dir.path().to_path_buf()).contains("no file named after a table"));
    let northwind = Profile::load("northwind", None).unwrap();
    let sentence = read(&[dir.path().to_path_buf()], Some(&northwind), &mut |_, _| {}).unwrap_err().to_string();
    assert!(sentence.contains("northwind"), "{sentence}");
}

#[test]
fn a_flat_file_gives_orders_and_their_lines() {
    let text = "order,customer,ordered_on,promised_on,status,line,sku,quantity,price\n\
        A,C1,2026-01-02,2026-02-01,,,X,2,1.5\nA,C1,2026-01-02,2026-02-01,,,Y,1,\nB,C2,2026-01-03,,cancelled,,,,\n\
        D,C1,2026-01-04,2026-02-01,,7,X,1,\nD,,,2026-03-01,,8,Y,1,\n";
    for name in ["orders.csv", "order_lines.csv"] {
        let batch = plain(&[(name, text)]);
        no_problem(&batch);
        let orders = cells(&batch, Table::Orders, &["order", "customer", "promised_on", "status"]);
        assert_eq!(orders, ["A|C1|2026-02-01|", "B|C2||cancelled", "D|C1||"]);
        let lines = cells(&batch, Table::OrderLines, &["order", "line", "sku", "quantity", "promised_on"]);
        assert_eq!(lines, ["A|1|X|2|", "A|2|Y|1|", "D|7|X|1|2026-02-01", "D|8|Y|1|2026-03-01"]);
    }
    let batch =
        plain(&[("orders.csv", &text.replace("A,C1,2026-01-02,2026-02-01,,,Y", "A,C9,2026-01-02,2026-02-01,,,Y"))]);
    one_problem(&batch, "orders.csv:3: customer: ", "`C9` instead of `C1`");
}

#[test]
fn a_flat_purchase_file_gives_both_tables() {
    let batch = plain(&[(
        "purchase_orders.tsv",
        "po\tsupplier\tsku\tquantity\texpected_on\nP1\tS\tX\t5\t2026-01-02\nP1\tS\tY\t6\t2026-01-02\n",
    )]);
    no_problem(&batch);
    assert_eq!(cells(&batch, Table::PurchaseOrders, &["po", "supplier", "expected_on"]), ["P1|S|2026-01-02"]);
    assert_eq!(
        cells(&batch, Table::PoLines, &["po", "line", "sku", "quantity", "expected_on"]),
        ["P1|1|X|5|", "P1|2|Y|6|"]
    );
    one_problem(
        &plain(&[("orders.csv", "order,customer,ordered_on,sku\nA,C,2026-01-02,X\n")]),
        "orders.csv:1: quantity: ",
        "missing",
    );
}

#[test]
fn the_same_key_twice_is_one_row_or_a_problem() {
    let batch = plain(&[
        ("stock.csv", "sku,bin,quantity\n1,A,5\n1,A,5.0\n1,B,6\n"),
        ("STOCK.tsv", "sku\tbin\tquantity\n1\tA\t7\n"),
    ]);
    // STOCK.tsv comes first in the folder, so both rows of stock.csv differ from it.
    let all = problems(&batch);
    assert!(
        all.len() == 2
            && all[0].starts_with("stock.csv:2: quantity: 1 A is here a second time with `5` instead of `7`"),
        "{all:#?}"
    );
    assert_eq!(rows(&batch, Table::Stock).len(), 2);
    let batch = plain(&[("receipts.csv", "po,received_on,quantity\nP,2026-01-02,5\nP,2026-01-02,5\n")]);
    no_problem(&batch);
    assert_eq!(rows(&batch, Table::Receipts).len(), 2);
    let batch = plain(&[("customers.csv", "customer,name,phone\n1,A,\n1,A,555\n")]);
    no_problem(&batch);
    assert_eq!(cells(&batch, Table::Customers, &["phone"]), ["555"]);
}

#[test]
fn cells_that_contradict_each_other() {
    for (file, text, start) in [
        ("order_lines.csv", "order,sku,quantity\nA,X,0\n", "order_lines.csv:2: quantity: must be more than 0"),
        (
            "order_lines.csv",
            "order,sku,quantity,shipped,cancelled\nA,X,5,4,2\n",
            "order_lines.csv:2: shipped: shipped and cancelled",
        ),
        ("po_lines.csv", "po,sku,quantity,rejected\nA,X,5,1\n", "po_lines.csv:2: rejected: more is rejected"),
        ("receipts.csv", "po,received_on,quantity\nA,2026-01-02,0\n", "receipts.csv:2: quantity: must be more than 0"),
        (
            "receipts.csv",
            "po,received_on,quantity,rejected\nA,2026-01-02,1,2\n",
            "receipts.csv:2: rejected: more is rejected",
        ),
        ("movements.csv", "at,sku,quantity\n2026-01-02,X,0\n", "movements.csv:2: quantity: is 0"),
        ("substitutes.csv", "sku,substitute\nX,X\n", "substitutes.csv:2: substitute: an item cannot"),
        ("items.csv", "sku,name,cost\nX,Y,-1\n", "items.csv:2: cost: is below zero"),
        ("stock.csv", "sku,quantity\nX,2000000000000\n", "stock.csv:2: quantity: `2000000000000` is larger"),
    ] {
        let batch = plain(&[(file, text)]);
        one_problem(&batch, start, "");
        assert!(batch.tables.values().all(Vec::is_empty));
    }
}

#[test]
fn a_stated_status_settles_lines_that_say_nothing() {
    let orders =
        "order,customer,ordered_on,status\nA,C,2026-01-02,shipped\nB,C,2026-01-02,cancelled\nC,C,2026-01-02,open\n";
    let lines = "order,sku,quantity,shipped,cancelled\nA,X,5,,\nA,Y,5,3,\nB,X,5,2,\nC,X,5,,\n";
    let batch = plain(&[("orders.csv", orders), ("order_lines.csv", lines)]);
    assert_eq!(cells(&batch, Table::OrderLines, &["shipped", "cancelled"]), ["5|", "3|", "2|3", "|"]);
}

#[test]
fn harmful_characters_are_replaced_with_a_warning() {
    let batch = plain(&[("items.csv", "sku,name\n1,\"evil\u{1b}[2J\u{202e}txt\"\n2,'=1+1\n3,''=a\n4,'tis\n")]);
    no_problem(&batch);
    assert_eq!(cells(&batch, Table::Items, &["name"]), ["evil\u{fffd}[2J\u{fffd}txt", "=1+1", "'=a", "'tis"]);
    assert_eq!(batch.warnings.len(), 1);
    assert_eq!(batch.warnings[0].column.as_deref(), Some("name"));
}

#[test]
fn packed_files_and_other_encodings() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all("sku,name\n1,Größe\n".as_bytes()).unwrap();
    let western = [b"sku,name\n2,Gr\xf6\xdfe\n".as_slice()].concat();
    let batch = read_folder(&[("items.csv.gz", &packed.finish().unwrap()), ("Items.txt", &western)], None).unwrap();
    no_problem(&batch);
    assert_eq!(cells(&batch, Table::Items, &["sku", "name"]), ["2|Größe", "1|Größe"]);
    let cut = read_folder(&[("items.csv.gz", &[0x1f, 0x8b, 8, 0, 0, 0])], None).unwrap_err();
    assert!(cut.to_string().contains("damaged or cut short"), "{cut}");
}

#[test]
fn workbooks_keep_codes_and_real_dates() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    let sheet = book.add_worksheet().set_name("Items").unwrap();
    for (n, heading) in ["sku", "name", "cost", "available_on", "barcode"].iter().enumerate() {
        sheet.write(0, n as u16, *heading).unwrap();
    }
    sheet.write(2, 0, 4711).unwrap();
    sheet.write(2, 1, "Chai").unwrap();
    sheet.write(2, 2, 0.1 + 0.2).unwrap();
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 4, 3).unwrap();
    sheet.write_with_format(2, 3, &day, &date).unwrap();
    sheet.write(2, 4, "0012").unwrap();
    let stock = book.add_worksheet().set_name("stock").unwrap();
    stock.write(0, 0, "sku").unwrap();
    stock.write(0, 1, "quantity").unwrap();
    stock.write(1, 0, 4711).unwrap();
    stock.write(1, 1, "1,5").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let batch = read_folder(&[("everything.xlsx", &bytes)], None).unwrap();
    assert_eq!(cells(&batch, Table::Items, &["sku", "cost", "available_on", "barcode"]), ["4711|0.30|2026-04-03|0012"]);
    assert_eq!(rows(&batch, Table::Items)[0].at.line, 3);
    one_problem(&batch, "everything.xlsx[stock]:2: quantity: ", "1,5");
}

/// A profile with one source, for one rule each.
fn made(text: &str) -> Profile {
    Profile::parse(text, "made.toml").unwrap()
}

#[test]
fn a_profile_reads_several_date_spellings_words_and_filters() {
    let profile = made(
        r#"
        name = "deliveries"
        [[source]]
        file = "d*.csv"
        leave_out = [{ column = "Fulfil Via", is = ["From RDC"] }]
        [[source.gives]]
        table = "po_lines"
        [source.gives.columns]
        po = "PO"
        sku = "Item"
        quantity = "Quantity"
        received_on = { column = "Delivered", dates = ["%d-%b-%y", "%m/%d/%Y"], values = { "Date Not Captured" = "" } }
        "#,
    );
    let text = "PO,Item,Quantity,Fulfil Via,Delivered\n1,A,5,Direct,4-Aug-09\n1,B,5,From RDC,x\n2,A,6,Direct,10/17/2014\n3,A,7,Direct,Date Not Captured\n4,A,1,Direct,soon\n";
    let batch = read_folder(&[("deliveries.csv", text.as_bytes())], Some(&profile)).unwrap();
    assert_eq!(cells(&batch, Table::PoLines, &["po", "received_on"]), ["1|2009-08-04", "2|2014-10-17", "3|"]);
    one_problem(&batch, "deliveries.csv:6: Delivered: ", "date formats");
    assert!(batch.notes[0].contains("1 row left out: Fulfil Via = From RDC."), "{:?}", batch.notes);
}

#[test]
fn what_a_profile_leaves_open_is_a_problem() {
    let text = "name = 'x'\n[[source]]\nfile = '*.csv'\n[[source.gives]]\ntable = 'stock'\ncolumns = { sku = 'a', quantity = 'b' }\n";
    let files: [(&str, &[u8]); 1] = [("s.csv", b"a,b\n1,1.234\n2,0.5\n")];
    let batch = read_folder(&files, Some(&made(text))).unwrap();
    one_problem(&batch, "s.csv:2: b: ", "could be");
    no_problem(&read_folder(&files, Some(&made(&format!("decimal = '.'\n{text}")))).unwrap());
    let german =
        read_folder(&[("s.csv", b"a;b\n1;1.234,5\n")], Some(&made(&format!("decimal = ','\nthousands = '.'\n{text}"))))
            .unwrap();
    assert_eq!(cells(&german, Table::Stock, &["quantity"]), ["1234.5"]);
}

#[test]
fn a_profile_needs_the_files_it_reckons_with() {
    let lines = "PurchaseOrderLineID,PurchaseOrderID,StockItemID,OrderedOuters,ReceivedOuters,ExpectedUnitPricePerOuter,LastReceiptDate\n1,1,150,18,18,5.5,2013-01-02\n";
    let batch = through("wide-world-importers", &[("PurchaseOrderLines.csv", lines)]);
    let all = problems(&batch);
    assert!(all[0].starts_with("PurchaseOrderLines.csv:2: ") && all[0].contains("missing"), "{all:#?}");
    assert!(batch.notes.iter().any(|n| n.contains("StockItems.csv is not among the files")), "{:?}", batch.notes);
    let items = "StockItemID,StockItemName,SupplierID,QuantityPerOuter\n150,Pack,2,12\n";
    let batch = through("wide-world-importers", &[("PurchaseOrderLines.csv", lines), ("StockItems.csv", items)]);
    no_problem(&batch);
    assert_eq!(cells(&batch, Table::PoLines, &["line", "quantity", "cost", "received"]), ["1|216|0.4583|216"]);
}

fn given(batch: &Batch, table: Table, column: &str) -> usize {
    let at = table.column(column).unwrap();
    rows(batch, table).iter().filter(|r| r.cells[at].is_some()).count()
}

/// The real files of a folder beside the repository, through a profile.
fn real(folder: &str, profile: &str) -> Option<Batch> {
    let Some(data) = support::shared_data() else {
        eprintln!("skipped: the shared data is not there");
        return None;
    };
    let mut calls = 0;
    let profile = Profile::load(profile, None).unwrap();
    let batch = read(&[data.join(folder)], Some(&profile), &mut |_, _| calls += 1).unwrap();
    assert!(calls >= 3);
    Some(batch)
}

fn counts(batch: &Batch) -> Vec<(&'static str, usize)> {
    batch.tables.iter().map(|(t, rows)| (t.name(), rows.len())).collect()
}

#[test]
fn northwind_comes_in_whole() {
    let Some(batch) = real("northwind", "northwind") else { return };
    no_problem(&batch);
    let expected =
        [("suppliers", 29), ("items", 77), ("customers", 91), ("stock", 77), ("orders", 830), ("order_lines", 2155)];
    assert_eq!(counts(&batch), expected);
    let items = cells(&batch, Table::Items, &["sku", "name", "category", "price", "supplier", "min", "status"]);
    assert_eq!(items[0], "1|Chai|Beverages|18.00|1|10|active");
    let supplier = cells(&batch, Table::Suppliers, &["supplier", "name", "contact_person", "phone", "country"]);
    assert_eq!(supplier[0], "1|Exotic Liquids|Charlotte Cooper|(171) 555-2222|GB");
    assert_eq!(cells(&batch, Table::Customers, &["city", "country", "kind"])[0], "Berlin|DE|business");
    let line =
        cells(&batch, Table::OrderLines, &["order", "line", "sku", "quantity", "price", "shipped", "shipped_on"]);
    assert_eq!(line[0], "10248|1|11|12|14.00|12|1996-07-16");
    assert_eq!(given(&batch, Table::OrderLines, "shipped"), given(&batch, Table::OrderLines, "shipped_on"));
    assert_eq!(rows(&batch, Table::OrderLines).len() - given(&batch, Table::OrderLines, "shipped"), 73);
    assert!(batch.notes.iter().any(|n| n.contains("UnitsOnOrder")) && !batch.creates_missing);
}

#[test]
fn wide_world_importers_comes_in_whole() {
    let Some(batch) = real("wideworldimporters", "wide-world-importers") else { return };
    no_problem(&batch);
    let expected = [
        ("suppliers", 13),
        ("items", 227),
        ("supplier_items", 227),
        ("customers", 663),
        ("movements", 236_663),
        ("stock", 227),
        ("orders", 73_595),
        ("order_lines", 231_412),
        ("purchase_orders", 2_074),
        ("po_lines", 8_367),
    ];
    assert_eq!(counts(&batch), expected);
    assert_eq!(given(&batch, Table::Orders, "continues"), 7_538);
    let orders = cells(&batch, Table::Orders, &["order", "customer", "ordered_on", "promised_on", "continues"]);
    assert_eq!(orders[0], "1|832|2013-01-01|2013-01-02|");
    assert!(orders.iter().any(|o| o.starts_with("45|") && o.ends_with("|1")), "order 45 continues order 1");
    let unshipped =
        rows(&batch, Table::OrderLines).iter().filter(|r| cell(r, Table::OrderLines, "shipped") == "0").count();
    assert_eq!(unshipped, 3_147);
    let po = cells(
        &batch,
        Table::PoLines,
        &["po", "line", "sku", "quantity", "cost", "confirmed_for", "received", "received_on"],
    );
    assert_eq!(po[0], "1|1|150|18|5.50|2013-01-15|18|2013-01-02");
    // Item 77 comes in outers of 12: 3,401 of them at 84.00.
    assert!(po.contains(&"2073|1|77|40812|7.00|2016-06-20|0|".to_string()), "{:?}", &po[po.len() - 9..]);
    let statuses = cells(&batch, Table::PurchaseOrders, &["status"]);
    assert_eq!(statuses.iter().filter(|s| *s == "confirmed").count(), 2);
    let item = cells(&batch, Table::Items, &["sku", "bin", "min", "max", "cost", "unit", "pack"]);
    assert_eq!(item[2], "3|L-2|10|120|11.25|each|10");
    assert_eq!(given(&batch, Table::Customers, "email"), 663);
    let movements = cells(&batch, Table::Movements, &["at", "sku", "quantity", "reason", "reference"]);
    assert_eq!(movements[0], "2013-01-01T12:00:00|67|-10|Stock Issue|invoice 1");
    assert!(batch.notes.iter().any(|n| n.contains("4 rows left out: Quantity = 0")), "{:?}", batch.notes);
    assert!(batch.notes.iter().any(|n| n.contains("Orders_2016-05.csv")), "{:?}", batch.notes);
}

#[test]
fn channel_exports_come_in() {
    let Some(data) = support::shared_data() else {
        eprintln!("skipped: the shared data is not there");
        return;
    };
    let open = |file: &str, profile: &str| {
        let profile = Profile::load(profile, None).unwrap();
        let batch = read(&[data.join("channels").join(file)], Some(&profile), &mut |_, _| {}).unwrap();
        no_problem(&batch);
        assert!(batch.creates_missing);
        batch
    };
    let batch = open("shopify_orders_export.csv", "shopify");
    assert_eq!(counts(&batch), [("orders", 13), ("order_lines", 23)], "17 lines are gift cards");
    let orders =
        cells(&batch, Table::Orders, &["order", "customer", "ordered_on", "channel", "paid", "paid_amount", "status"]);
    assert_eq!(orders[0], "#1001|shopify:#1001|2025-05-11|shopify|true|1659.95|shipped");
    assert_eq!(orders[10], "#1013|karine.ruby@example.com|2025-05-16|shopify|false|0.00|open");
    let lines = cells(&batch, Table::OrderLines, &["order", "line", "sku", "shipped"]);
    assert!(
        !lines.iter().any(|l| l.starts_with("#1011|1|"))
            && lines.contains(&"#1011|2|Selling Plans Ski Wax - Selling Plans Ski Wax|1".to_string())
    );
    assert!(lines.contains(&"#1012|1|sku-untracked-1|1".to_string()));
    let ayumu = batch.fallback[&Table::Customers]
        .iter()
        .find(|r| cell(r, Table::Customers, "customer").starts_with("ayumu"))
        .unwrap();
    assert_eq!(
        (cell(ayumu, Table::Customers, "name"), cell(ayumu, Table::Customers, "phone")),
        ("Ayumu Hirano".into(), "+16135550127".into())
    );
    assert_eq!(batch.currencies.get("EUR"), Some(&8));

    let batch = open("shopify_inventory_two_locations.csv", "shopify");
    assert_eq!(
        cells(&batch, Table::Stock, &["sku", "bin", "quantity"]),
        ["Mug, Large|Ottawa/A1|7", "Bowl|Ottawa|40", "Mug, Large|New York/B2|3"]
    );
    assert_eq!(batch.fallback[&Table::Items].len(), 3);

    let batch = open("woocommerce_orders_small.csv", "woocommerce");
    let orders = cells(&batch, Table::Orders, &["order", "customer", "ordered_on", "paid", "paid_amount", "status"]);
    assert_eq!(
        orders,
        [
            "501|woocommerce:501|2026-01-15|true|108.00|shipped",
            "502|woocommerce:502|2026-01-16|false||cancelled",
            "503|woocommerce:503|2026-01-17|true|20.00|open"
        ]
    );
    assert_eq!(cells_of(&batch.fallback[&Table::Customers], &["country"]), ["US", "US", "US"]);

    let batch = open("woocommerce_product_export_stock.csv", "woocommerce");
    assert_eq!(cells(&batch, Table::Stock, &["sku", "quantity"]), ["MUG-L|12", "TEE-S|4"]);
    assert_eq!(
        cells(&batch, Table::Items, &["sku", "price", "backorders"]),
        ["MUG-L|10.00|deny", "TEE||deny", "TEE-S|12.50|deny", "TEE-M|12.50|deny"]
    );

    let batch = open("amazon_all_orders_short.txt", "amazon");
    assert_eq!(
        cells(&batch, Table::Orders, &["order", "customer", "ordered_on", "status"]),
        ["112-9739103-000002|amazon:112-9739103-000002|2026-04-11|open"]
    );
    let price = |n: &str| Money::parse(n).unwrap().to_string();
    assert_eq!(
        cells(&batch, Table::OrderLines, &["sku", "quantity", "price"]),
        [format!("MUG-SET-4|2|{}", price("21")), format!("NAPKIN-SET|1|{}", price("18"))]
    );
    assert!(batch.notes.iter().any(|n| n.contains("1 row left out: fulfillment-channel = AFN")), "{:?}", batch.notes);

    let batch = open("amazon_unshipped_orders_header.txt", "amazon");
    assert!(rows(&batch, Table::Orders).is_empty());
}

fn cells_of(rows: &[Row], columns: &[&str]) -> Vec<String> {
    rows.iter().map(|r| columns.iter().map(|c| cell(r, Table::Customers, c)).collect::<Vec<_>>().join("|")).collect()
}

#[test]
fn shopify_orders_without_lines_cancelled_or_refunded() {
    let text = "Name,Email,Phone,Financial Status,Fulfillment Status,Created at,Cancelled at,Total,Refunded Amount,Lineitem quantity,Lineitem name,Lineitem sku\n\
        #1,a@x.com,,refunded,unfulfilled,2026-01-02 10:00:00 +0100,2026-01-05 10:00:00 +0100,10,10,2,Mug,M\n\
        #2,,+49 1,paid,unfulfilled,2026-01-03 10:00:00 +0100,,10,0,,,\n";
    let batch = through("shopify", &[("anything.csv", text)]);
    no_problem(&batch);
    let orders = cells(&batch, Table::Orders, &["order", "customer", "paid", "paid_amount", "refunded_on", "status"]);
    assert_eq!(orders, ["#1|a@x.com|false|0.00|2026-01-05|cancelled", "#2|+49 1|true|10.00||open"]);
    assert_eq!(cells(&batch, Table::OrderLines, &["sku", "shipped", "cancelled"]), ["M|0|2"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), name in 0usize..5) {
        let name = ["orders.csv", "items.txt", "stock.tsv.gz", "contacts.xlsx", "po_lines.csv"][name];
        let _ = read_folder(&[(name, &bytes)], None);
        for profile in Profile::shipped() {
            let _ = read_folder(&[(name, &bytes)], Some(&Profile::load(profile, None).unwrap()));
        }
    }

    #[test]
    fn no_cells_make_it_panic(text in "(order|line|sku|quantity|customer|ordered_on|promised_on|[-0-9a-z\"',;\t\n\r./é\u{0}\u{202e}]{0,12}|,|\n){0,60}") {
        let head = "order,customer,ordered_on,promised_on,sku,quantity,shipped\n";
        for name in ["orders.csv", "order_lines.csv"] {
            let _ = read_folder(&[(name, text.as_bytes())], None);
            let batch = read_folder(&[(name, format!("{head}{text}").as_bytes())], None).unwrap();
            for row in batch.tables.values().flatten() {
                prop_assert!(row.at.line >= 2);
            }
        }
    }
}

#[test]
fn what_is_wrong_with_a_row_is_told_at_once_and_the_row_counts_as_left_out() {
    let items = "sku,name,pack,cost\nA,Anchor,x,-1\nB,Bolt,1,2\nC,,1,1\nB,Nut,1,2\nD,Disc\n";
    let batch = plain(&[("items.csv", items)]);
    let starts = ["items.csv:2: cost: is below zero", "items.csv:2: pack: `x`", "items.csv:4: name: is blank"];
    let all = problems(&batch);
    for start in starts {
        assert!(all.iter().any(|p| p.starts_with(start)), "{start}: {all:#?}");
    }
    assert_eq!(batch.unread[&Table::Items].len(), 4, "{all:#?}");
    // A rule about a cell that cannot be read says nothing.
    let lines = plain(&[("order_lines.csv", "order,sku,quantity,shipped\nO1,A,x,5\n")]);
    one_problem(&lines, "order_lines.csv:2: quantity: ", "is not a number");
}

#[test]
fn a_file_that_only_says_that_it_is_packed_is_refused() {
    let wrong = read_folder(&[("items.csv.gz", b"sku,name\n1,One\n")], None).unwrap_err();
    assert!(wrong.to_string().contains("is not packed with gzip"), "{wrong}");
    let empty = plain(&[("items.csv", "")]);
    assert!(empty.notes[0].ends_with("items.csv is empty: not even headings are in it."), "{:?}", empty.notes);
}
