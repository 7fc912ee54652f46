//! Paper and files: whole lists, text and PDF, stock back to the shop, the exports at the end of the day.

use crate::support::cli::Bench;
use crate::support::rig::Rig;
use crate::support::warehouse::Warehouse;

/// A warehouse with some stock, made by the program itself.
fn made() -> Bench {
    let bench = Bench::new();
    let files = [
        bench.file("items.csv", "sku,name,backorders\n007,Ring,deny\nB-1,\"Bolt, long\",\nGONE,Old,\n"),
        bench.file("stock.csv", "sku,bin,quantity\n007,A1,12\nB-1,A2,5\n"),
        bench.file("orders.csv", "order,customer,ordered_on,channel,sku,quantity\nSO-1,C1,2026-11-20,phone,B-1,9\n"),
        bench.file("customers.csv", "customer,name\nC1,Bakker\n"),
        bench.file("aliases.csv", "channel,code,sku,quantity\nwoocommerce,RING-5,007,5\n"),
    ];
    let mut args = vec!["import"];
    args.extend(files.iter().map(|f| f.to_str().unwrap()));
    bench.run(&args).well();
    bench
}

#[test]
fn a_shop_is_told_what_is_free_also_of_its_own_sets() {
    let bench = made();
    let woo = bench.run(&["export", "stock", "--profile", "woocommerce"]).well().out;
    assert_eq!(woo, "SKU,Stock,In stock?,Backorders allowed?\n007,12,1,0\nB-1,0,1,1\nGONE,0,1,1\nRING-5,2,1,0\n");
    let amazon = bench.run(&["export", "stock", "--profile", "amazon"]).well().out;
    assert!(amazon.starts_with("sku\tquantity\n007\t12\n"), "{amazon}");
    let shopify = bench.run(&["export", "stock", "--profile", "shopify"]);
    assert!(shopify.code == 2 && shopify.err.contains("--into"), "{}", shopify.err);
    bench.file("inventory.csv", "Handle,SKU,Location,Committed (not editable),On hand (new)\nring,007,Dock,3,\n");
    let filled = bench.run(&["export", "stock", "--profile", "shopify", "--into", "inventory.csv"]).well().out;
    assert!(filled.ends_with("ring,007,Dock,3,15\n"), "{filled}");
    assert_eq!(bench.run(&["export", "items", "--profile", "amazon"]).code, 2);
    assert_eq!(bench.run(&["export", "stock", "--profile", "etsy"]).code, 2);
}

/// A shop that is told nothing of an item any more goes on selling the last figure that it was told.
#[test]
fn a_shop_is_told_what_is_left_of_a_discontinued_item_and_no_more() {
    let bench = Bench::new();
    let items =
        bench.file("items.csv", "sku,name,backorders,status\nA,Left,,discontinued\nB,Never here,,discontinued\n");
    let stock = bench.file("stock.csv", "sku,bin,quantity\nA,A1,2\n");
    bench.run(&["import", items.to_str().unwrap(), stock.to_str().unwrap()]).well();
    let told = || bench.run(&["export", "stock", "--profile", "woocommerce"]).well().out;
    assert_eq!(told(), "SKU,Stock,In stock?,Backorders allowed?\nA,2,1,0\n");
    let stock = bench.file("stock.csv", "sku,bin,quantity\nA,A1,0\n");
    bench.run(&["import", stock.to_str().unwrap()]).well();
    assert_eq!(told(), "SKU,Stock,In stock?,Backorders allowed?\nA,0,0,0\n");
}

#[test]
fn any_view_and_any_text_become_paper() {
    let bench = made();
    bench.run(&["export", "stock", "-o", "stock.pdf"]).well();
    assert!(std::fs::read(bench.path("stock.pdf")).unwrap().starts_with(b"%PDF-"));
    bench.run(&["export", "stock", "-o", "stock.txt"]).well();
    let lines = std::fs::read_to_string(bench.path("stock.txt")).unwrap();
    assert!(lines.contains("007") && lines.contains("Bolt, long"), "{lines}");
    bench.run_with(&["print", "-o", "calls.pdf"], "one\ntwo\n").well();
    assert!(std::fs::read(bench.path("calls.pdf")).unwrap().starts_with(b"%PDF-"));
    // Without a printer the paper is a file, and its path is told.
    let told = bench.run(&["print", "stock.txt", "--title", "Stock"]).well().err;
    assert!(told.contains("No printer is set") && bench.path("paper/stock.pdf").is_file(), "{told}");
    // With one, it gets the text.
    let config = bench.run(&["paths"]).well().out;
    let config = config.lines().find_map(|l| l.strip_prefix("config")).unwrap().trim().to_string();
    bench.file("printed", "");
    std::fs::create_dir_all(std::path::Path::new(&config).parent().unwrap()).unwrap();
    std::fs::write(&config, format!("print = \"tee {}\"\nprint_as = \"text\"\n", bench.path("printed").display()))
        .unwrap();
    bench.run_with(&["print"], "one\ntwo\n").well();
    assert_eq!(std::fs::read_to_string(bench.path("printed")).unwrap(), "one\ntwo\n");
}

#[test]
fn the_day_ends_with_its_exports_where_they_are_wished() {
    let bench = made();
    assert!(bench.run(&["end-of-day"]).well().err.contains("No exports are made"));
    let out = bench.path("out");
    std::fs::create_dir(&out).unwrap();
    bench.run(&["set", "day_end.folder", out.to_str().unwrap()]).well();
    bench.run(&["set", "day_end.shop", "woocommerce"]).well();
    for _ in 0..2 {
        bench.run(&["end-of-day", "--as-of", "2026-11-23"]).well();
    }
    for name in ["2026-11-23-stock.csv", "2026-11-23-backorders.csv", "2026-11-23-woocommerce-stock.csv"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    bench.run(&["set", "day_end.views", "stock nonsense"]).well();
    let refused = bench.run(&["end-of-day"]);
    assert!(refused.code == 2 && refused.err.contains("nonsense"), "{}", refused.err);
}

/// The screen holds a few hundred rows of a long list; the file holds all of them.
#[test]
fn a_long_list_is_exported_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = Warehouse::new();
    let bin = w.bin("A1", "storage");
    let first = w.item("A-0000", "Item");
    w.moved(first, bin, 3);
    let act = w.act("prepare");
    backshelf::ops::perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        for n in 1..2_500 {
            let id = tx.insert("item", &["sku", "name"], &[&format!("A-{n:04}"), &format!("Item {n}")])?;
            tx.touch(backshelf::domain::ids::ItemId(id));
        }
        Ok(())
    })
    .unwrap();
    let mut rig = Rig::new(w.store);
    let rub_out = "<bs> ".repeat(40);
    let mut export = |name: &str| {
        let path = folder.path().join(name);
        rig.keys("p").keys(&rub_out).text(&path.display().to_string());
        if name == "all.csv" {
            insta::assert_snapshot!(
                "print_or_export",
                rig.screen().replace(&folder.path().display().to_string(), "/tmp")
            );
        }
        rig.keys("<f8>");
        assert!(rig.screen().contains("2500 rows in"), "{}", rig.screen());
        path
    };
    let csv = std::fs::read_to_string(export("all.csv")).unwrap();
    assert_eq!(csv.lines().count(), 2_501);
    assert!(csv.starts_with("State,SKU,Item,Bin,On hand,Free,Wait,Lasts,Coming,Sells/day,Value\n"), "{}", &csv[..200]);
    assert!(csv.contains("A-0000,Item,A1,3,3"), "{}", &csv[..300]);
    assert!(std::fs::read(export("all.pdf")).unwrap().starts_with(b"%PDF-"));
}

/// Where nothing lies the usual bin is said, as the Stock tab says it.
#[test]
fn the_stock_as_a_file_has_the_usual_bin_of_what_is_gone() {
    let bench = Bench::new();
    bench.file("in/items.csv", "sku,name,bin\nA,Axle,D2-16\n");
    bench.file("in/stock.csv", "sku,bin,quantity\nA,D2-16,0\n");
    bench.import(&bench.path("in"), "2026-11-23");
    let rows = bench.run(&["export", "stock", "--format", "json"]).well().json();
    assert_eq!((rows[0]["bin"].as_str(), rows[0]["on_hand"].as_str()), (Some("D2-16"), Some("0")));
}
