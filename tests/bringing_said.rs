//! Bringing in a file on the screen: what it says is what comes in, and can be read to its end.

use crate::bringing::{batch, bench, import, look, put};
use crate::support::warehouse::Warehouse;
use backshelf::exchange::bring::{self, Content};
use backshelf::exchange::read::read;

/// A row comes in whole or not at all: an item that is here a second time with another price brings no level either, and
/// what the screen counts is what comes.
#[test]
fn a_row_that_contradicts_another_brings_nothing_of_itself() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Art.nr.;Omschrijving;Verkoop;Locatie;Aantal\n7;Ring;2,00;A1;5\n7;Ring;3,00;B1;9\n8;Bout;1,00;A1;4\n8;Bout;1,00;B1;2\n";
    let looked = look(&put(folder.path(), "artikelen.csv", text));
    let read = batch(&looked, &looked.guess(Content::Items));
    let bad: Vec<u32> = read.problems.iter().map(|p| p.at.line).collect();
    assert_eq!(bad, [3], "{:?}", read.problems);
    let mut w = Warehouse::new();
    import(&mut w, read);
    assert_eq!(
        w.number("SELECT sum(quantity) FROM level"),
        11_000,
        "the row that stays out brings no level; two bins do"
    );
}

/// Different parts under one number are not added up: what the later row says of its item and what lies there stay out,
/// and the file of bad rows has it. A name that is spelled otherwise is the same, and so is a blank one.
#[test]
fn a_pile_of_other_goods_under_a_number_that_is_taken_stays_out() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("inbox")).unwrap();
    let text = "Art.nr.;Omschrijving;Locatie;Aantal;Inkoop;Leverancier;EAN\n\
        A-0500;Accu Corolla 2000;A1;5;191,42;Febi;8700000000002\n\
        A-0500;Bougie 208 2000;B1;7;1.321,50;Mahle;8700000000019\n\
        A-0500;ACCU  corolla-2000;C1;2;191,42;Febi;8700000000002\n\
        A-0500;;D1;3;;;\n\
        A-0500;Accu Corolla 2000;E1;1;200,00;Febi;\n\
        A-0501;Ring;A2;4;1,00;Febi;\n";
    let looked = look(&put(&folder.path().join("inbox"), "voorraad.csv", text));
    let read = batch(&looked, &looked.guess(Content::Stock));
    let bad: Vec<_> = read.problems.iter().map(|p| (p.at.line, p.column.as_deref(), p.sentence.as_str())).collect();
    let sentence =
        "`A-0500` is also the number of row 2, which is `Accu Corolla 2000`: give one of the two another number.";
    assert_eq!(bad, [(3, Some("Omschrijving"), sentence)]);
    let mut w = Warehouse::new();
    let outcome = import(&mut w, read);
    assert!(
        outcome.warnings.iter().any(|p| p.line == 6 && p.message.starts_with("`200.00` is another cost for `A-0500`")),
        "{:?}",
        outcome.warnings
    );
    assert_eq!(
        w.number("SELECT sum(l.quantity) FROM level l JOIN item i ON i.id = l.item_id WHERE i.sku = 'A-0500'"),
        11_000
    );
    assert_eq!(w.number("SELECT count(*) FROM item WHERE name LIKE 'Bougie%'"), 0);
    // The same of a list of items with their levels, and on the screen.
    let read = batch(&looked, &looked.guess(Content::Items));
    assert!(read.problems.iter().any(|p| (p.at.line, p.sentence.as_str()) == (3, sentence)), "{:?}", read.problems);
    let mut rig = bench(folder.path(), Warehouse::new(), 120, 30);
    rig.keys(": i m p <enter> <enter>");
    let screen = rig.screen();
    assert!(screen.contains("Omschrijving is another item's under one number (\"A-0500\")"), "{screen}");
    rig.keys("p");
    let file = std::fs::read_to_string(folder.path().join("voorraad-bad-rows.csv")).unwrap();
    assert_eq!(file.lines().count(), 2, "{file}");
    assert!(file.contains("Bougie 208 2000;B1;7") && file.contains("is also the number of row 2"), "{file}");
}

/// A purchaser's own headings; and one column of dates says how the others of the sheet are written.
#[test]
fn goods_on_order_are_known_by_dutch_headings_and_a_date_settles_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = |dates: &str| {
        let text = format!("Inkoopnr;Leverancier;Art.nr.;Besteld;Besteldatum;Verwacht\nIK-70;Bosch;00417;20;{dates}\n");
        let looked = look(&put(folder.path(), "onderweg.csv", &text));
        let plan = looked.guess(Content::Purchases);
        (plan.lacks(), looked.questions(&plan).len(), batch(&looked, &plan))
    };
    let (lacks, questions, read) = sheet("25-11-2026;03-12-2026");
    assert!(lacks.is_empty(), "{lacks:?}");
    assert_eq!(questions, 0);
    let mut w = Warehouse::new();
    import(&mut w, read);
    assert_eq!(w.text("SELECT code || ' ' || ordered_on FROM purchase_order"), "IK-70 2026-11-25");
    assert_eq!(w.number("SELECT quantity / 1000 FROM po_line"), 20);
    assert_eq!(w.text("SELECT expected_on FROM po_line"), "2026-12-03");
    assert_eq!(sheet("04-11-2026;03-12-2026").1, 2, "nothing tells which is the day");
    assert_eq!(sheet("25/11/2026;03-12-2026").1, 1, "written otherwise, that tells nothing");
}

/// The lines of one order may be promised for different days, and one that was written otherwise in its second line is
/// still the same order: it is named, and all lines come in.
#[test]
fn lines_of_an_order_have_their_own_days_and_what_differs_between_them_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Ordernr;Besteldatum;Klant;Art.nr.;Aantal;Beloofd\n\
        1;13-11-2026;Bakker;X1;2;20-12-2026\n1;14-11-2026;Bakker;X2;3;22-12-2026\n1;;;X3;1;\n2;15-11-2026;Visser;X1;1;\n";
    let looked = look(&put(folder.path(), "o.csv", text));
    let read = batch(&looked, &looked.guess(Content::OpenOrders));
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let mut w = Warehouse::new();
    let outcome = import(&mut w, read);
    let warned = outcome.warnings.iter().map(|p| (p.line, p.column.as_deref(), p.message.as_str()));
    let kin: Vec<String> = bring::kin(warned).iter().map(|k| format!("{:?} {}", k.rows, k.words)).collect();
    assert_eq!(kin, ["[3] ordered_on differs within an order: the first counts (\"2026-11-14\")"]);
    assert_eq!(
        w.text("SELECT group_concat(coalesce(promised_on, '-'), ' ') FROM (SELECT * FROM order_line ORDER BY id)"),
        "2026-12-20 2026-12-22 2026-12-20 -",
        "a line without a day of its own has that of its order's first"
    );
    assert_eq!(w.text("SELECT ordered_on FROM customer_order WHERE code = '1'"), "2026-11-13");
}

/// Of a workbook one sheet comes in at a time: the others are named, and each keeps a layout of its own.
#[test]
fn each_sheet_of_a_workbook_has_its_own_layout_and_the_others_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in [
        ("Voorraad", [["Art.nr.", "Omschrijving", "Aantal"], ["7", "Ring", "4"], ["8", "Bout", "5"]].as_slice()),
        ("Leveranciers", [["Leverancier", "E-mail", "Levertijd"], ["Bakker", "b@example.com", "7"]].as_slice()),
    ] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                sheet.write_string(r as u32, c as u16, *cell).unwrap();
            }
        }
    }
    book.save(inbox.join("boek.xlsx")).unwrap();
    let mut rig = bench(folder.path(), Warehouse::new(), 80, 24);
    rig.keys(": i m p <enter> <enter>");
    assert!(rig.screen().contains("Only this sheet comes in: Leveranciers stays for later."), "{}", rig.screen());
    rig.keys("<f8>");
    std::fs::copy(inbox.join("boek.xlsx"), inbox.join("boek2.xlsx")).unwrap();
    rig.keys("<f5> : i m p <enter> <enter>");
    assert!(rig.screen().contains("[as boek-voorraad writes it]"), "{}", rig.screen());
    rig.keys("<down> 2");
    assert!(rig.screen().contains("sheet \"Leveranciers\""), "{}", rig.screen());
    rig.keys("<f8>");
    let mut kept: Vec<String> = std::fs::read_dir(folder.path().join("profiles"))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    kept.sort();
    assert_eq!(kept, ["boek-leveranciers.toml", "boek-voorraad.toml"]);
}

/// A new file of the inbox is announced to its end at 80 columns, whatever the day has to say.
#[test]
fn a_new_file_is_announced_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    put(&inbox, "voorraadlijst_november.csv", "Art.nr.;Aantal\n7;12\n");
    let mut w = Warehouse::new();
    for n in 0..120 {
        w.item(&format!("B-{n}"), "Bout");
    }
    let negative = put(folder.path(), "stock.csv", "sku,bin,quantity\nB-1,A1,-4\n");
    import(&mut w, read(&[negative], None, &mut |_, _| {}).unwrap());
    let rig = bench(folder.path(), w, 80, 24);
    assert!(
        rig.screen().contains("1 new file (: import)") || rig.screen().contains(".csv (: import)"),
        "{}",
        rig.screen()
    );
}

/// At 80 columns the key that brings it in is said before the one that writes the bad rows, and neither is cut.
#[test]
fn the_footer_says_how_it_is_brought_in_wherever_the_cursor_stands() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let mut text = String::from("Ordernr;Besteldatum;Art.nr.;Aantal\n");
    (0..1_200).for_each(|n| text.push_str(&format!("{n};3-4-2026;X{};2\n", n % 20)));
    put(&inbox, "o.csv", &format!("{text}1300;3-4-2026;X1;twee\n"));
    let mut rig = bench(folder.path(), Warehouse::new(), 80, 24);
    rig.keys(": i m p <enter> <enter>");
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..30 {
        let screen = rig.screen();
        let foot = screen.lines().rfind(|l| l.contains("Esc nothing kept")).unwrap_or_default();
        assert!(foot.contains("F8 bring in 1,200 rows  p bad rows"), "{screen}");
        seen.insert(foot.split("  ").next().unwrap_or_default().to_string());
        rig.keys("<down>");
    }
    assert!(seen.len() >= 4, "{seen:?}");
    assert!(rig.screen().contains("of 20 codes: Down Up"), "{}", rig.screen());
}

/// A file that is not among the newest is found by a part of its name, without its folder.
#[test]
fn a_file_is_found_by_a_part_of_its_name() {
    use backshelf::tui::bring::picker::{Picked, Picker};
    use backshelf::worker::bringing::{Entry, Folder};
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    let file = |name: &str| Entry { name: name.into(), path: name.into(), is_folder: false, size: 1, modified: None };
    let newest = (0..9).map(|n| file(&format!("Downloads/x{n}.csv"))).chain([file("Downloads/voorraad.csv")]).collect();
    let mut picker = Picker::default();
    picker.shows(Folder { newest, ..Folder::default() });
    for c in "voorr".chars() {
        picker.key(&KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    }
    let picked = picker.key(&KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
    assert!(matches!(picked, Picked::File(path) if path.ends_with("voorraad.csv")));
}

/// Above the columns of a sheet stand whole headings, and how many columns there are where not all are in sight.
#[test]
fn the_headings_above_the_columns_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let heads: Vec<String> = (0..30).map(|n| format!("Kolom {n}")).collect();
    put(&inbox, "breed.csv", &format!("Art.nr.;Aantal;{}\n7;1.200{}\n", heads.join(";"), ";x".repeat(30)));
    for (width, whole) in [(80, false), (160, true)] {
        let w = Warehouse::new();
        let mut rig = bench(folder.path(), w, width, 24);
        rig.keys(": i m p <enter> <enter>");
        let screen = rig.screen();
        let line = screen.lines().find(|l| l.contains("Your column")).unwrap().trim_end();
        assert!(line.contains("goes to") && line.contains(" of 32 columns: Down Up"), "{line}");
        assert_eq!(line.contains("first values"), whole, "{line}");
        assert_eq!(line.contains("first"), whole, "said whole or not at all: {line}");
        // A figure that could be two says beside the column which it is taken for, once that is settled.
        rig.keys("1");
        assert!(rig.screen().contains("1.200 = 1,200"), "{}", rig.screen());
    }
}

/// A figure that could be two, in a column whose other figures settle it, is said in words before anything comes in.
#[test]
fn a_figure_that_the_others_settle_is_named_with_what_it_is_taken_for() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    put(&inbox, "x.csv", "Art.nr.;Omschrijving;Aantal\n7;Ring;1.200\n8;Bout;3,5\n");
    let mut rig = bench(folder.path(), Warehouse::new(), 80, 24);
    rig.keys(": i m p <enter> <enter>");
    let screen = rig.screen();
    assert!(screen.contains("1.200 = 1,200"), "beside the column: {screen}");
    assert!(screen.contains("Aantal: \"1.200\" is taken for 1,200"), "among what wants a look: {screen}");
}

/// What changed in orders is said to its end at 80 columns; taking it back removes no file.
#[test]
fn what_a_later_export_changes_is_said_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let head = "Name,Email,Financial Status,Fulfillment Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Lineitem fulfillment status";
    let order = |n: u32, quantity: u32, shipped: bool, cancelled: bool| {
        let (a, b) = if shipped { ("fulfilled", "fulfilled") } else { ("", "pending") };
        let cancelled = if cancelled { "2026-11-22 09:00:00 +0100" } else { "" };
        format!("#{n},a@example.com,paid,{a},2026-11-20 09:00:00 +0100,{quantity},Ring,1.00,R{n},{cancelled},{b}\n")
    };
    let file = |later: bool| {
        let rows: Vec<String> = (1..=16)
            .map(|n| order(n, if later && n == 16 { 5 } else { 2 }, later && n <= 12, later && (13..=15).contains(&n)))
            .collect();
        format!("{head}\n{}", rows.join(""))
    };
    put(&inbox, "shop.csv", &file(false));
    let mut rig = bench(folder.path(), Warehouse::new(), 80, 24);
    rig.keys(": i m p <enter> <enter> <f8> <f8>");
    put(&inbox, "shop2.csv", &file(true));
    rig.keys("<f5> : i m p <enter> <enter>");
    let all = rig.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(all.contains("(12 shipped, 3 cancelled, 1 quantity changed)"), "{all}");
    rig.keys("<f8> u");
    let screen = rig.screen();
    assert!(screen.contains("announce its file as new again") && !screen.contains("remove 1 file"), "{screen}");
}

/// What a shop's layout leaves out is not among what comes in, and is named without the folders of the file.
#[test]
fn what_a_layout_leaves_out_is_not_counted_as_coming_in() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let head = "amazon-order-id\tpurchase-date\torder-status\tfulfillment-channel\tproduct-name\tsku\titem-status\tquantity\tcurrency\titem-price";
    let row =
        |n: u32, by: &str| format!("{n}\t2026-11-20T10:00:00+00:00\tPending\t{by}\tRing\tR1\tUnshipped\t1\tEUR\t1.00");
    let text = format!("{head}\n{}\n{}\n{}\n", row(1, "Merchant"), row(2, "Amazon"), row(3, "Merchant"));
    put(&inbox, "amazon.txt", &text);
    let mut rig = bench(folder.path(), Warehouse::new(), 80, 24);
    rig.keys(": i m p <enter> <enter>");
    let screen = rig.screen();
    assert!(screen.contains("as amazon writes it") && screen.contains(" 2 rows come in."), "{screen}");
    assert!(screen.contains(" 1 row left out: fulfillment-channel = AFN or Amazon."), "{screen}");
    assert!(!screen.contains("inbox/amazon.txt"), "{screen}");
}
