//! Several sales channels side by side: one order is one order, however often and from whichever export it comes; and
//! equal numbers of different channels are different orders.

use crate::importing::run;
use crate::reading::through;
use crate::support::shared_data;
use crate::support::warehouse::Warehouse;
use backshelf::ops::importing::{Options, Outcome};

/// A real export from beside the repository.
fn data(name: &str) -> Option<String> {
    let Some(data) = shared_data() else {
        eprintln!("skipped: the shared data is not there");
        return None;
    };
    Some(std::fs::read_to_string(data.join("channels").join(name)).unwrap())
}

fn bring(w: &mut Warehouse, profile: &str, text: &str) -> Outcome {
    let outcome = run(w, through(profile, &[("orders.csv", text)]), Options::default());
    assert!(outcome.written, "{:#?}", outcome.problems);
    outcome
}

/// Every order with its lines, without the numbers of rows.
fn orders(w: &Warehouse) -> String {
    w.text(
        "SELECT group_concat(t, char(10)) FROM (SELECT o.code || ' ' || o.channel || ' ' || o.ordered_on || ' ' ||
           coalesce(o.paid, '') || ' ' || l.line || ' ' || i.sku || ' ' || l.quantity || ' ' || l.shipped || ' ' || l.cancelled t
         FROM customer_order o JOIN order_line l ON l.order_id = o.id JOIN item i ON i.id = l.item_id ORDER BY o.code, l.id)",
    )
}

const HEAD: &str = "Name,Email,Financial Status,Fulfillment Status,Fulfilled at,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem fulfillment status";

/// What needs no shipping lies on no shelf: nobody waits for it, it makes no item, and the lines after it keep their numbers.
#[test]
fn gift_cards_of_a_shop_are_left_out_and_said() {
    let text = format!(
        "{HEAD},Lineitem requires shipping\n\
        #1,a@example.com,paid,,,2026-11-20,2,Ring,3.00,R-1,pending,true\n\
        #1,,,,,,1,Gift Card - $10,10.00,GIFT-10,pending,false\n\
        #1,,,,,,4,Bolt,1.00,B-1,pending,true\n\
        #2,b@example.com,paid,,,2026-11-20,1,Gift Card - $10,10.00,,pending,FALSE\n\
        #2,,,,,,1,Bolt,1.00,B-1,pending,true\n"
    );
    let mut w = Warehouse::new();
    let outcome = bring(&mut w, "shopify", &text);
    assert!(
        outcome.notes.iter().any(|n| n.ends_with("orders.csv: 2 rows left out: they need no shipping.")),
        "{:?}",
        outcome.notes
    );
    assert_eq!(
        w.text(
            "SELECT group_concat(o.code || ' ' || l.line || ' ' || i.sku, ', ') FROM order_line l
            JOIN customer_order o ON o.id = l.order_id JOIN item i ON i.id = l.item_id ORDER BY l.id"
        ),
        "#1 1 R-1, #1 3 B-1, #2 2 B-1"
    );
    assert_eq!(w.number("SELECT count(*) FROM item"), 2);
    assert_eq!(
        w.text("SELECT c.email FROM customer_order o JOIN customer c ON c.id = o.customer_id WHERE o.code = '#2'"),
        "b@example.com"
    );
}

fn shop(rows: &[&str]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

#[test]
fn exports_of_one_channel_that_overlap_are_the_same_orders() {
    let Some(whole) = data("shopify_orders_export.csv") else { return };
    let mut at_once = Warehouse::new();
    bring(&mut at_once, "shopify", &whole);
    // The rows of an order stand together: #1001 to #1008, then #1005 to the end, then all of it again.
    let (head, rows) = whole.split_once('\n').unwrap();
    let number = |row: &str| row.split(',').next().and_then(|n| n.strip_prefix('#')?.parse::<u32>().ok());
    let part = |keep: &dyn Fn(u32) -> bool| {
        let mut keeping = false;
        let mut out = vec![head];
        for row in rows.lines() {
            keeping = number(row).map_or(keeping, keep);
            if keeping {
                out.push(row);
            }
        }
        out.join("\n")
    };
    let mut in_parts = Warehouse::new();
    let first = bring(&mut in_parts, "shopify", &part(&|n| n <= 1008));
    let second = bring(&mut in_parts, "shopify", &part(&|n| n >= 1005));
    assert_eq!(second.tables["orders"].unchanged, 3, "{:?}", second.tables);
    let all = at_once.number("SELECT count(*) FROM customer_order");
    assert_eq!(first.tables["orders"].new + second.tables["orders"].new, usize::try_from(all).unwrap());
    assert_eq!(orders(&in_parts), orders(&at_once));
    let operations = in_parts.number("SELECT count(*) FROM operation");
    bring(&mut in_parts, "shopify", &whole);
    assert_eq!(in_parts.number("SELECT count(*) FROM operation"), operations, "nothing new, nothing done");
}

#[test]
fn a_later_export_of_an_order_brings_what_happened_to_it() {
    let mut w = Warehouse::new();
    bring(&mut w, "shopify", &shop(&["#7,a@b.example,paid,,,2026-11-02 09:00:00 +0100,2,Chang,10,A,pending"]));
    let outcome = bring(
        &mut w,
        "shopify",
        &shop(&[
            "#7,a@b.example,paid,fulfilled,2026-11-20 10:00:00 +0100,2026-11-02 09:00:00 +0100,2,Chang,10,A,fulfilled",
            "#8,c@d.example,paid,,,2026-11-21 09:00:00 +0100,1,Chang,10,A,pending",
        ]),
    );
    assert_eq!((outcome.tables["orders"].new, outcome.order_changes.shipped), (1, 1), "{outcome:#?}");
    assert_eq!(w.number("SELECT count(*) FROM order_line"), 2);
    assert_eq!(w.number("SELECT shipped FROM order_line WHERE id = 1"), 2_000);
}

#[test]
fn equal_numbers_of_two_channels_are_two_orders_however_often_they_come() {
    let Some(woo) = data("woocommerce_orders_small.csv") else { return };
    let mut w = Warehouse::new();
    let shopify = shop(&["501,a@b.example,paid,,,2026-01-02 09:00:00 +0100,2,Chang,10,A,pending"]);
    bring(&mut w, "shopify", &shopify);
    let outcome = bring(&mut w, "woocommerce", &woo);
    assert_eq!(outcome.tables["orders"].new, 3);
    assert!(outcome.notes.iter().any(|n| n.contains("this one is woocommerce:501 here")), "{:?}", outcome.notes);
    let codes = |w: &Warehouse| {
        w.text("SELECT group_concat(code || ' ' || channel, ', ') FROM (SELECT * FROM customer_order ORDER BY code)")
    };
    assert_eq!(codes(&w), "501 shopify, 502 woocommerce, 503 woocommerce, woocommerce:501 woocommerce");
    let (orders_now, operations) = (orders(&w), w.number("SELECT count(*) FROM operation"));
    for _ in 0..2 {
        bring(&mut w, "woocommerce", &woo);
        bring(&mut w, "shopify", &shopify);
    }
    assert_eq!((codes(&w), orders(&w)), (codes(&w), orders_now));
    assert_eq!(w.number("SELECT count(*) FROM operation"), operations, "nothing new, nothing done");
}

#[test]
fn what_is_sold_beyond_the_limit_is_taken_in_and_said() {
    use crate::importing::take;
    use backshelf::exchange::table::Table;
    let mut w = Warehouse::new();
    let items = "sku,name,backorders,backorder_limit\nA,Chang,,2\nD,Konbu,deny,\nP,Kettle,preorder,8\nX,Tea,,";
    take(
        &mut w,
        &[(Table::Items, items), (Table::Stock, "sku,quantity\nD,4"), (Table::Customers, "customer,name\nC1,Horn")],
    );
    let lines = "order,line,sku,quantity\nSO-1,1,A,3\nSO-1,2,D,6\nSO-1,3,P,8\nSO-1,4,X,99";
    let outcome =
        take(&mut w, &[(Table::Orders, "order,customer,ordered_on\nSO-1,C1,2026-11-20"), (Table::OrderLines, lines)]);
    let said: Vec<&str> = outcome.notes.iter().map(String::as_str).filter(|n| n.contains("limit")).collect();
    assert_eq!(
        said,
        [
            "A Chang is over its limit: 3 wait and 2 may.",
            "D Konbu is over its limit: 2 wait, and nobody may: sold out is sold out."
        ]
    );
    assert_eq!(w.number("SELECT count(*) FROM order_line"), 4, "no order is lost by it");
}
