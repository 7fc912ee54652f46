//! Somebody else's sheets: what they hold is guessed, what could mean two things is asked, and the answers are a profile.

use crate::support::rig::Rig;
use crate::support::warehouse::Warehouse;
use backshelf::exchange::bring::{self, Content, Known, Looked, Means, Plan};
use backshelf::exchange::profile::Profile;
use backshelf::exchange::read::read;
use backshelf::exchange::table::{Batch, Table};
use backshelf::ops::importing::{self, Options, Outcome};
use backshelf::ops::views::month_end;
use backshelf::ops::views::reorder::{self, Need};
use backshelf::ops::{settings, undo};
use std::path::{Path, PathBuf};

/// A stock list of 4,812 rows as a Dutch warehouse keeps it: 4,786 good ones, 14 repeated with another quantity, 9 whose
/// quantity is text, 3 without a number. Amounts have commas, thousands points, codes leading zeros.
pub fn dutch() -> Vec<[String; 6]> {
    let mut rows = Vec::new();
    for n in 0..4786 {
        let sku = if n % 10 == 0 { format!("{:05}", 417 + n) } else { format!("A-{}", 100 + n) };
        let quantity = if n == 3 || n == 7 { "1.200".to_string() } else { (n % 60).to_string() };
        let bin = format!("{}{}-{:02}", ["A", "B", "C"][n % 3], n % 4 + 1, n % 20);
        let cost = format!("{},{:02}", n % 40 + 1, n % 100);
        rows.push([sku, format!("Onderdeel nr {n}"), bin, quantity, cost, "rood".to_string()]);
    }
    for n in 0..14 {
        let mut again = rows[n * 11].clone();
        again[3] = "999".into();
        rows.push(again);
    }
    for n in 0..9 {
        let text = if n % 2 == 0 { "12 stk" } else { "ca. 40" };
        rows.push([format!("T-{n}"), "Tekst".into(), "A1-01".into(), text.into(), "1,00".into(), "blauw".into()]);
    }
    for n in 0..3 {
        rows.push(["".into(), format!("Naamloos {n}"), "A1-02".into(), "5".into(), "2,50".into(), "".into()]);
    }
    rows
}

const DUTCH: [&str; 6] = ["Art.nr.", "Omschrijving", "Locatie", "Aantal", "Inkoop", "Kleur"];

pub fn dutch_csv(folder: &Path) -> PathBuf {
    let mut text = DUTCH.join(";");
    for row in dutch() {
        text.push_str("\r\n");
        text.push_str(&row.join(";"));
    }
    put(folder, "voorraad_nov.csv", &text)
}

pub fn put(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

pub fn look(path: &Path) -> Looked {
    bring::look(path, None, None).unwrap()
}

pub fn batch(looked: &Looked, plan: &Plan) -> Batch {
    let text = plan.profile(looked, "own");
    let profile = Profile::parse(&text, "own").unwrap_or_else(|e| panic!("{e}\n{text}"));
    read(std::slice::from_ref(&looked.path), Some(&profile), &mut |_, _| {}).unwrap()
}

pub fn import(w: &mut Warehouse, batch: Batch) -> Outcome {
    let act = w.act("import");
    let options = Options { skip_bad: true, dry_run: false };
    importing::import(&mut w.store, act, batch, options, &mut |_| {}).unwrap()
}

#[test]
fn a_dutch_stock_list_is_understood_asked_once_and_taken_in_but_for_its_bad_rows() {
    let folder = tempfile::tempdir().unwrap();
    let looked = look(&dutch_csv(folder.path()));
    assert_eq!((looked.rows, looked.content), (4812, Content::Stock));
    let mut plan = looked.guess(Content::Stock);
    let meant = [Means::Sku, Means::Name, Means::Bin, Means::Quantity, Means::Cost].map(Some);
    assert_eq!(plan.columns[..5], meant);
    assert_eq!(plan.columns[5], None, "Kleur is left out");
    let questions = looked.questions(&plan);
    assert_eq!(questions.len(), 1, "{questions:?}");
    assert_eq!((questions[0].column, questions[0].example.as_str()), (3, "1.200"));
    assert_eq!(questions[0].options, ["1200", "1.2"]);
    plan.answer(&questions[0], 0);
    let batch = batch(&looked, &plan);
    assert_eq!(batch.problems.len(), 26, "{:?}", &batch.problems[..3]);
    let all = batch.problems.iter().map(|p| (p.at.line, p.column.as_deref(), p.sentence.as_str()));
    let kin: Vec<String> = bring::kin(all).iter().map(|k| format!("{} {}", k.count, k.words)).collect();
    assert_eq!(
        kin,
        [
            "14 quantity differs in a repeat: the first counts",
            "9 Aantal is no number (\"12 stk\", \"ca. 40\")",
            "3 Art.nr. is blank",
        ]
    );
    let mut w = Warehouse::new();
    let outcome = import(&mut w, batch);
    assert_eq!(outcome.tables["stock"].new, 4786);
    assert_eq!(w.number("SELECT count(*) FROM item"), 4786, "a row with a problem makes no item");
    assert_eq!(
        w.number("SELECT sum(quantity) / 1000 FROM level l JOIN item i ON i.id = l.item_id WHERE sku = 'A-103'"),
        1200
    );
    assert_eq!(w.text("SELECT sku FROM item ORDER BY id LIMIT 1"), "00417");
    assert_eq!(w.number("SELECT cost FROM item WHERE sku = 'A-101'"), 20_100);
    let again = read(
        std::slice::from_ref(&looked.path),
        Some(&Profile::parse(&plan.profile(&looked, "own"), "own").unwrap()),
        &mut |_, _| {},
    );
    assert!(!import(&mut w, again.unwrap()).changes_something(), "the same file twice changes nothing");
}

#[test]
fn sheets_in_six_languages_are_understood() {
    let folder = tempfile::tempdir().unwrap();
    for (name, heads, first, content) in [
        ("a.csv", "Artikelnummer;Bezeichnung;Lagerplatz;Bestand;EK-Preis", "X1;Schraube;A1;12;1,50", Content::Stock),
        ("b.csv", "Référence;Désignation;Emplacement;Quantité", "X1;Vis;A1;12", Content::Stock),
        ("c.csv", "Código;Descripción;Ubicación;Cantidad;Precio compra", "X1;Tornillo;A1;12;1,5", Content::Stock),
        ("d.csv", "Codice;Descrizione;Ubicazione;Giacenza", "X1;Vite;A1;12", Content::Stock),
        ("e.csv", "SKU,Name,Location,Qty on hand", "X1,Screw,A1,12", Content::Stock),
        (
            "f.csv",
            "Artikelnr;Omschrijving;Inkoopprijs;Verkoopprijs;Leverancier",
            "X1;Schroef;1,5;2,5;Bakker",
            Content::Items,
        ),
        (
            "g.csv",
            "Ordernr;Besteldatum;Klant;Art.nr.;Aantal;Leverdatum",
            "1;25-11-2026;Bakker;X1;2;30-11-2026",
            Content::OpenOrders,
        ),
        ("h.csv", "Datum;Art.nr.;Verkocht", "25-11-2026;X1;2", Content::PastSales),
        ("i.csv", "Leverancier;Contactpersoon;E-mail;Levertijd", "Bakker;Jan;j@example.com;7", Content::Suppliers),
        ("j.csv", "Kundennummer;Kunde;Ort;Land;Telefon", "7;Bäcker;Köln;DE;0221", Content::Customers),
        ("k.csv", "Inkooporder;Leverancier;Art.nr.;Aantal;Verwacht", "9;Bakker;X1;2;30-11-2026", Content::Purchases),
        ("l.csv", "Shopcode;SKU;Quantity", "SET-1;X1;6", Content::Codes),
    ] {
        let looked = look(&put(folder.path(), name, &format!("{heads}\n{first}\n")));
        assert_eq!(looked.content, content, "{heads}");
        let plan = looked.guess(content);
        assert!(plan.lacks().is_empty(), "{heads}: {:?} lacks {:?}", plan.columns, plan.lacks());
        let batch = batch(&looked, &plan);
        assert!(batch.problems.is_empty(), "{heads}: {:?}", batch.problems);
    }
}

#[test]
fn titles_above_the_headings_and_spaces_in_figures_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Voorraadlijst november\n\nVestiging Rotterdam\nArt.nr.;Omschrijving;Aantal;Inkoop\n007;Ring;1 200;€ 1.234,50\n";
    let looked = look(&put(folder.path(), "x.csv", text));
    assert_eq!((looked.header_row, looked.rows), (3, 1));
    let batch = batch(&looked, &looked.guess(Content::Stock));
    assert!(batch.problems.is_empty(), "{:?}", batch.problems);
    let mut w = Warehouse::new();
    import(&mut w, batch);
    assert_eq!(w.number("SELECT sum(quantity) FROM level"), 1_200_000);
    assert_eq!(w.number("SELECT cost FROM item"), 12_345_000);
}

/// In a workbook a figure is a figure, whatever the texts beside it are written like.
#[test]
fn numbers_and_dates_of_a_workbook_are_taken_as_they_are_beside_texts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bestellingen.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (c, head) in ["Ordernr", "Besteldatum", "Klant", "Art.nr.", "Aantal", "Prijs"].into_iter().enumerate() {
        sheet.write_string(0, c as u16, head).unwrap();
    }
    let date = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    for (r, order) in ["1", "2"].into_iter().enumerate() {
        let row = r as u32 + 1;
        sheet.write_string(row, 0, order).unwrap();
        sheet.write_string(row, 2, "Bakker").unwrap();
        sheet.write_string(row, 3, "X1").unwrap();
        sheet.write_string(row, 5, "1.234,50").unwrap();
    }
    sheet.write_with_format(1, 1, rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 4, 3).unwrap(), &date).unwrap();
    sheet.write_string(2, 1, "25-04-2026").unwrap();
    sheet.write_number(1, 4, 2.125).unwrap();
    sheet.write_string(2, 4, "2,5").unwrap();
    book.save(&path).unwrap();
    let looked = look(&path);
    assert_eq!(looked.content, Content::OpenOrders);
    let plan = looked.guess(Content::OpenOrders);
    assert!(looked.questions(&plan).is_empty());
    let batch = batch(&looked, &plan);
    assert!(batch.problems.is_empty(), "{:?}", batch.problems);
    let lines = &batch.tables[&Table::OrderLines];
    let quantity = Table::OrderLines.column("quantity").unwrap();
    let quantities: Vec<String> = lines.iter().map(|l| format!("{:?}", l.cells[quantity])).collect();
    assert!(quantities[0].contains("2125") && quantities[1].contains("2500"), "{quantities:?}");
    let ordered = Table::Orders.column("ordered_on").unwrap();
    let days: Vec<String> = batch.tables[&Table::Orders].iter().map(|o| format!("{:?}", o.cells[ordered])).collect();
    assert!(days[0].contains("2026-04-03") && days[1].contains("2026-04-25"), "{days:?}");
}

#[test]
fn a_file_that_is_known_says_by_what() {
    let folder = tempfile::tempdir().unwrap();
    let plain = look(&put(folder.path(), "stock.csv", "sku,bin,quantity\nX1,A1,12\n"));
    assert_eq!(plain.known, Some(Known::Plain));
    let shop = look(&put(
        folder.path(),
        "export.csv",
        "Name,Lineitem quantity,Lineitem name,Email\n#1,2,Ring,a@example.com\n",
    ));
    assert!(matches!(shop.known, Some(Known::Profile(name, _)) if name == "shopify"));
    let own = folder.path().join("profiles");
    std::fs::create_dir(&own).unwrap();
    let path = put(folder.path(), "voorraad.csv", "Art.nr.;Aantal\nX1;12\n");
    let looked = look(&path);
    assert_eq!(looked.known, None);
    std::fs::write(own.join("voorraad.toml"), looked.guess(looked.content).profile(&looked, "voorraad")).unwrap();
    let again = bring::look(&path, None, Some(&own)).unwrap();
    assert!(matches!(again.known, Some(Known::Profile(name, _)) if name == "voorraad"));
}

#[test]
fn what_cannot_be_read_is_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, says) in [
        ("old.xls", "x", "Save it as .xlsx"),
        ("empty.csv", "", "is empty"),
        ("picture.csv", "\0\0PNG\0", "not a text file"),
    ] {
        let path = put(folder.path(), name, bytes);
        let sentence = bring::look(&path, None, None).unwrap_err().to_string();
        assert!(sentence.contains(says), "{name}: {sentence}");
    }
    assert!(
        bring::look(&folder.path().join("none.csv"), None, None).unwrap_err().to_string().contains("There is no file")
    );
}

#[test]
fn the_bad_rows_go_to_a_file_that_the_same_profile_takes() {
    let folder = tempfile::tempdir().unwrap();
    let looked = look(&dutch_csv(folder.path()));
    let mut plan = looked.guess(Content::Stock);
    plan.answer(&looked.questions(&plan)[0], 0);
    let profile = Profile::parse(&plan.profile(&looked, "own"), "own").unwrap();
    let batch = batch(&looked, &plan);
    let wrong = batch.problems.iter().map(|p| (p.at.line, p.sentence.clone())).collect();
    let mut out = Vec::new();
    assert_eq!(bring::bad_rows(&looked.path, Some(&profile), &wrong, &mut out).unwrap(), 26);
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with("Art.nr.;Omschrijving;Locatie;Aantal;Inkoop;Kleur;What is wrong\n"), "{text}");
    let mended = text.replace("12 stk", "12").replace("ca. 40", "40");
    let path = put(folder.path(), "bad.csv", &mended);
    let read = read(&[path], Some(&profile), &mut |_, _| {}).unwrap();
    assert_eq!((read.problems.len(), read.tables[&Table::Stock].len()), (3, 9 + 14));
}

/// A quantity that is a text keeps the item out, or leaves it without a level: as the person chooses, and the profile says
/// it for the next sheet too.
#[test]
fn a_row_whose_figure_cannot_be_read_comes_in_without_it_where_somebody_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Art.nr.;Omschrijving;Aantal;Inkoop\n7;Ring;12;1,50\n8;Bout;12 stk;op aanvraag\n9;Moer;;2,50\n5;Pen;4;1,10\n6;As;4;1,10\n";
    let looked = look(&put(folder.path(), "lijst.csv", text));
    let mut plan = looked.guess(Content::Stock);
    assert!(!plan.may_keep(0) && plan.may_keep(2) && plan.may_keep(3), "a number is needed, a figure is not");
    let before = batch(&looked, &plan);
    assert_eq!(before.problems.len(), 2, "text, and a blank: {:?}", before.problems);
    plan.keep(2, true);
    plan.keep(3, false);
    let half = batch(&looked, &plan);
    let left: Vec<u32> = half.problems.iter().map(|p| p.at.line).collect();
    assert_eq!(left, [3], "its cost cannot be read either: {:?}", half.problems);
    plan.keep(3, true);
    let all = batch(&looked, &plan);
    assert!(all.problems.is_empty(), "{:?}", all.problems);
    let said: Vec<&str> = all.warnings.iter().map(|w| w.sentence.as_str()).collect();
    assert_eq!(said.len(), 2, "what was left out of the row is named: {said:?}");
    let mut w = Warehouse::new();
    import(&mut w, all);
    assert_eq!(w.number("SELECT count(*) FROM item"), 5);
    assert_eq!(w.number("SELECT count(*) FROM level"), 3);
    assert_eq!(w.text("SELECT name FROM item WHERE sku = '8' AND cost IS NULL"), "Bout");
}

/// One sheet with suppliers, items and levels comes in at once, and one undo takes all of it back; what a cell that is
/// not needed has wrong keeps no good value out and is named, and so is what is most likely a slip.
#[test]
fn one_sheet_with_suppliers_items_and_levels_comes_in_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Art.nr.;Omschrijving;Leverancier;E-mail;Levertijd;EAN;Eenheid;Locatie;Aantal;Inkoop;Verkoop\n\
        001;Ring;Bakker;inkoop@bakker.example;7;4006381333931;stuks;A1;1.200;1,50;gratis\n\
        002;Bout;Bakker;;9;4006381333932;stuks;A1;3,5;2,50;-4,00\n\
        003;Moer;Visser;;5;4006381333931;stuks;A2;12 stk;2,50;5,00\n\
        001;Ring;Bakker;;7;;stuks;B1;30;1,50;\n\
        004;As;;;;;stuks;A3;4;1,10;2,20\n\
        004;As;;;;;stuks;A3;4;1,10;2,20\n";
    let looked = look(&put(folder.path(), "alles.csv", text));
    assert_eq!(looked.content, Content::Stock);
    let mut plan = looked.guess(Content::Stock);
    for means in [Means::Supplier, Means::Email, Means::LeadDays, Means::Quantity, Means::Barcode] {
        assert!(plan.column_of(means).is_some(), "{means:?} of {:?}", plan.columns);
    }
    let level = plan.column_of(Means::Quantity).unwrap();
    assert!(looked.questions(&plan).is_empty(), "3,5 tells how 1.200 is meant");
    assert_eq!(plan.doubtful(&looked, level), Some(("1.200", "1200".to_string())));
    let first = batch(&looked, &plan);
    let bad: Vec<u32> = first.problems.iter().map(|p| p.at.line).collect();
    assert_eq!(bad, [4], "only the level that is a text: {:?}", first.problems);
    plan.keep(level, true);
    let all = batch(&looked, &plan);
    let mut w = Warehouse::new();
    let outcome = import(&mut w, all);
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
    let warned = outcome.warnings.iter().map(|p| (p.line, p.column.as_deref(), p.message.as_str()));
    let mut kin: Vec<String> = bring::kin(warned).iter().map(|k| format!("{:?} {}", k.rows, k.words)).collect();
    kin.sort();
    assert_eq!(
        kin,
        [
            "[2] Verkoop is no number (\"gratis\"): left out",
            "[3] Aantal is a part of a piece (\"3.5\")",
            "[3] EAN has a last digit that does not fit (\"4006381333932\")",
            "[3] Verkoop is below zero (\"-4.00\"): left out",
            "[4] Aantal is no number (\"12 stk\"): left out",
            "[4] barcode belongs to another item already (001): left out",
            "[7] repeated, bin and quantity alike: counts once (\"004 A3\")",
        ]
    );
    assert_eq!(w.number("SELECT count(*) FROM item"), 4);
    assert_eq!(w.number("SELECT count(*) FROM supplier WHERE lead_days IN (7, 5)"), 2);
    assert_eq!(w.text("SELECT email FROM supplier WHERE code = 'Bakker'"), "inkoop@bakker.example");
    assert_eq!(w.number("SELECT lead_days FROM supplier_item s JOIN item i ON i.id = s.item_id WHERE sku = '002'"), 9);
    assert_eq!(w.number("SELECT on_hand FROM item_state WHERE sku = '001'"), 1_230_000, "two bins add up");
    assert_eq!(w.number("SELECT on_hand FROM item_state WHERE sku = '004'"), 4_000);
    let undone = outcome.operation.unwrap();
    let act = w.act("undo");
    undo::undo(&mut w.store, act, undone).unwrap();
    assert_eq!(w.number("SELECT (SELECT count(*) FROM item) + (SELECT count(*) FROM supplier)"), 0);
}

/// A list of items may say what lies where: known items are changed and their levels stated, in one go; a blank level says
/// nothing.
#[test]
fn a_list_of_items_with_levels_changes_both() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = Warehouse::new();
    for (quantity, price) in [("12", "1,50"), ("15", "1,75")] {
        let text = format!("Art.nr.;Omschrijving;Aantal;Verkoop\n7;Ring;{quantity};{price}\n8;Bout;;2,50\n");
        let looked = look(&put(folder.path(), "artikelen.csv", &text));
        assert_eq!(looked.content, Content::Items);
        let read = batch(&looked, &looked.guess(Content::Items));
        assert!(read.problems.is_empty() && read.warnings.is_empty(), "{:?} {:?}", read.problems, read.warnings);
        assert!(import(&mut w, read).written);
    }
    assert_eq!(w.number("SELECT price FROM item WHERE sku = '7'"), 17_500);
    assert_eq!(w.number("SELECT sum(quantity) FROM level"), 15_000);
    assert_eq!(w.number("SELECT count(*) FROM item"), 2);
}

/// An item whose level nobody said is no item of which there are none: it is to be counted, and not ordered.
#[test]
fn what_nobody_counted_is_unknown_until_somebody_says_how_many_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Art.nr.;Omschrijving;Locatie;Aantal;Minimum\n7;Ring;A1;0;5\n8;Bout;A1;12 stk;5\n9;Moer;A1;40;5\n";
    let looked = look(&put(folder.path(), "lijst.csv", text));
    let mut plan = looked.guess(Content::Stock);
    plan.keep(plan.column_of(Means::Quantity).unwrap(), true);
    let all = batch(&looked, &plan);
    let mut w = Warehouse::new();
    import(&mut w, all);
    let troubles = "SELECT group_concat(sku || ':' || trouble, ' ') FROM (SELECT * FROM item_state ORDER BY sku)";
    assert_eq!(w.text(troubles), "7:1 8:0 9:5", "none, to be counted, ok");
    let board = reorder::load(w.store.db(), w.today).unwrap();
    let said: Vec<(&str, &Need)> = board.lines.iter().map(|l| (l.sku.as_str(), &l.need)).collect();
    assert!(matches!(said.as_slice(), [("7", Need::Order(_)), ("8", Need::Count)]), "{said:?}");
    assert!(board.lines[1].reason.starts_with("Count first: nobody has said"), "{}", board.lines[1].reason);
    let never = |w: &Warehouse| month_end::load(w.store.db(), w.today, w.today, w.today).unwrap().never_counted;
    assert_eq!(never(&w), 1, "the month's value says what is not in it");
    let again = put(folder.path(), "stock.csv", "sku,bin,quantity\n8,A1,0\n");
    import(&mut w, read(&[again], None, &mut |_, _| {}).unwrap());
    assert_eq!(never(&w), 0);
    assert_eq!(w.text(troubles), "7:1 8:1 9:5", "0 that was stated is a figure");
}

/// A column that was not there when the layout was remembered is not passed over: a list with `Verzonden` says what was
/// shipped.
#[test]
fn a_new_column_of_a_known_sheet_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("profiles");
    std::fs::create_dir(&own).unwrap();
    let first =
        look(&put(folder.path(), "o.csv", "Ordernr;Besteldatum;Art.nr.;Aantal;Kleur\n1;25-11-2026;X1;2;rood\n"));
    std::fs::write(own.join("o.toml"), first.guess(first.content).profile(&first, "o")).unwrap();
    let look = |name: &str, head: &str, row: &str| {
        let path = put(
            folder.path(),
            name,
            &format!("Ordernr;Besteldatum;Art.nr.;Aantal;Kleur{head}\n2;26-11-2026;X1;2;rood{row}\n"),
        );
        bring::look(&path, None, Some(&own)).unwrap()
    };
    let same = look("same.csv", "", "");
    assert!(matches!(&same.known, Some(Known::Profile(name, _)) if name == "o"));
    assert_eq!(same.new_columns, Vec::<String>::new());
    assert_eq!(look("more.csv", ";Verzonden", ";1").new_columns, ["Verzonden"]);
}

/// A layout that was remembered does not open another sheet that shares a few of its headings.
#[test]
fn another_sheet_with_a_few_of_the_headings_is_not_taken_for_the_remembered_one() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("profiles");
    std::fs::create_dir(&own).unwrap();
    let first = look(&put(folder.path(), "lev.csv", "Leverancier;E-mail\nBakker;b@example.com\n"));
    std::fs::write(own.join("lev.toml"), first.guess(first.content).profile(&first, "lev")).unwrap();
    let other = put(
        folder.path(),
        "alles.csv",
        "Art.nr.;Omschrijving;Leverancier;E-mail;Aantal;Inkoop\n7;Ring;Bakker;b@example.com;4;1,50\n",
    );
    let looked = bring::look(&other, None, Some(&own)).unwrap();
    assert_eq!((looked.known, looked.content), (None, Content::Stock));
}

/// The workbench with an inbox of its own.
pub fn bench(folder: &Path, w: Warehouse, width: u16, height: u16) -> Rig {
    let mut w = w;
    let inbox = folder.join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let act = w.act("set");
    settings::set(&mut w.store, act, "import.inbox", &inbox.display().to_string()).unwrap();
    let mut rig = Rig::sized(w.store, width, height);
    rig.desk.profiles = Some(folder.join("profiles"));
    rig.keys("<f5>");
    rig
}

/// Where no row fits the remembered layout, the columns are looked at, and the screen says so.
#[test]
fn a_remembered_layout_that_takes_no_row_gives_way_to_the_columns() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    put(&inbox, "nov.csv", "Art.nr.;Omschrijving;Aantal\n7;Ring;12\n");
    let mut rig = bench(folder.path(), Warehouse::new(), 80, 24);
    rig.keys(": i m p <enter>").keys("<enter>").keys("<f8>");
    put(&inbox, "dec.csv", "Art.nr.;Omschrijving;Aantal\n8;Bout;twaalf\n9;Moer;zes\n");
    rig.keys("<f5>").keys(": i m p <enter>").keys("<enter>");
    let screen = rig.screen();
    assert!(screen.contains("No row fits the layout that was remembered"), "{screen}");
    assert!(screen.contains("Your column") && !screen.contains("[as nov"), "{screen}");
}

/// From a spreadsheet to a working Stock tab with the keyboard alone: under 30 keys, the questions answered.
#[test]
fn from_a_spreadsheet_to_a_stock_tab_in_few_keys() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("inbox")).unwrap();
    dutch_csv(&folder.path().join("inbox"));
    let mut rig = bench(folder.path(), Warehouse::new(), 80, 24);
    assert!(rig.screen().contains("New: voorraad_nov.csv (: import)"), "{}", rig.screen());
    let open = ": i m p <enter>";
    rig.keys(open);
    assert!(rig.screen().contains("New in the inbox"), "{}", rig.screen());
    rig.keys("<enter>");
    insta::assert_snapshot!("bring_in", rig.screen());
    let before = rig.operations();
    rig.keys("<f8>");
    assert!(rig.screen().contains("One answer first"), "{}", rig.screen());
    assert_eq!(rig.operations(), before);
    rig.keys("1");
    rig.keys("<f8>");
    assert_eq!(rig.operations(), before + 1, "{}", rig.screen());
    assert!(rig.screen().contains("4,786 items"), "{}", rig.screen());
    assert!(!rig.screen().contains("New:"), "what was brought in is no longer new: {}", rig.screen());
    let keys = open.split_whitespace().count() + ["<enter>", "1", "<f8>"].len();
    assert!(keys < 30, "{keys}");
    // The answers were kept: next month the same sheet asks nothing.
    std::fs::write(
        folder.path().join("inbox/voorraad_dec.csv"),
        "Art.nr.;Omschrijving;Locatie;Aantal;Inkoop;Kleur\n00417;Ring;A1-01;1.400;1,00;rood\n",
    )
    .unwrap();
    rig.keys("<f5>").keys(open).keys("<enter>");
    assert!(rig.screen().contains("[as voorraad-nov writes it]"), "{}", rig.screen());
    rig.keys("<f8>");
    assert_eq!(rig.operations(), before + 2, "{}", rig.screen());
    // One undo takes it back, and the file is new again.
    rig.keys("u <f8>");
    assert!(rig.screen().contains("New: voorraad_dec.csv"), "{}", rig.screen());
}

#[test]
fn columns_are_matched_by_hand_and_bad_rows_go_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("inbox")).unwrap();
    let text = "Ding;Wat;Hoeveel\n7;Ring;12\n8;Bout;twaalf\n7;Ring;13\n";
    put(&folder.path().join("inbox"), "lijst.csv", text);
    let mut rig = bench(folder.path(), Warehouse::new(), 120, 30);
    rig.keys(": i m p <enter> <enter>");
    assert!(rig.screen().contains("has no column yet"), "{}", rig.screen());
    rig.keys("<down> <enter> s <enter>");
    rig.keys("<down> <enter> i <enter>");
    rig.keys("<down> <enter> o <enter>");
    insta::assert_snapshot!("bring_in_by_hand", rig.screen());
    rig.keys("p");
    let bad = std::fs::read_to_string(folder.path().join("lijst-bad-rows.csv")).unwrap();
    assert!(bad.contains("8;Bout;twaalf;Hoeveel: "), "{bad}");
    assert!(bad.contains("7;Ring;13;Hoeveel: 7 is here a second time") && bad.contains("(lijst.csv:2)"), "{bad}");
    rig.keys("<f8>");
    assert!(rig.screen().contains("Ring"), "{}", rig.screen());
}

/// A shop's own code is named on the spot, a set among them, and known from then on.
#[test]
fn an_unknown_code_is_named_on_the_spot() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let order = |n: u32| {
        format!(
            "Name,Email,Created at,Financial Status,Lineitem quantity,Lineitem name,Lineitem sku,Lineitem price\n#{n},a@example.com,2026-11-20,paid,2,Chang sixpack,CH-6,60.00\n"
        )
    };
    put(&inbox, "shop.csv", &order(1001));
    let mut w = Warehouse::new();
    w.item("BEV-002", "Chang 24 x 12 oz");
    let mut rig = bench(folder.path(), w, 80, 24);
    rig.keys(": i m p <enter> <enter>");
    assert!(rig.screen().contains("CH-6 is no item here yet"), "{}", rig.screen());
    rig.keys("<down> <enter>").text("6x chang");
    insta::assert_snapshot!("bring_in_code", rig.screen());
    rig.keys("<enter>");
    assert!(rig.screen().contains("CH-6 is 6 x"), "{}", rig.screen());
    rig.keys("<f8>");
    let db = rig.desk.store.db();
    let n = |sql: &str| -> i64 { db.query_row(sql, [], |r| r.get(0)).unwrap() };
    assert_eq!(n("SELECT quantity / 1000 FROM order_line"), 12, "two sixpacks");
    assert_eq!(n("SELECT count(*) FROM item"), 1, "the code made no item");
    put(&inbox, "shop2.csv", &order(1002));
    rig.keys("<f5> : i m p <enter> <enter>");
    assert!(!rig.screen().contains("CH-6 is no item"), "{}", rig.screen());
}

/// The same list without the lines above its headings: the layout knows the headings and reads them elsewhere.
#[test]
fn a_remembered_layout_that_cannot_read_the_file_gives_way_to_the_columns() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    put(&inbox, "nov.csv", "Stocklist\n\nArt.nr.;Omschrijving;Aantal\n7;Ring;12\n");
    let mut rig = bench(folder.path(), Warehouse::new(), 80, 24);
    rig.keys(": i m p <enter>").keys("<enter>").keys("<f8>");
    assert_eq!(std::fs::read_dir(folder.path().join("profiles")).unwrap().count(), 1, "{}", rig.screen());
    put(&inbox, "dec.csv", "Art.nr.;Omschrijving;Aantal\n8;Bout;3\n9;Moer;6\n");
    rig.keys("<f5>").keys(": i m p <enter>").keys("<enter>");
    let screen = rig.screen();
    assert!(screen.contains("Your column") && !screen.contains("is not a file that"), "{screen}");
    rig.keys("<f8>");
    assert_eq!(
        rig.desk.store.db().query_row("SELECT count(*) FROM item", [], |r| r.get::<_, i64>(0)).unwrap(),
        3,
        "{}",
        rig.screen()
    );
}
