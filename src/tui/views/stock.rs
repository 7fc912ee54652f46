//! How the Stock tab looks: its columns, what the chosen row says, and its pane.

use super::{chart, gauge};
use crate::domain::dates;
use crate::domain::oversell::Policy;
use crate::domain::quantity::Qty;
use crate::domain::stock::Trouble;
use crate::tui::screens::{Line, Spoken};
use crate::tui::table::{Align, Cell, Column, Look, Row, Wide};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::worker::stock::{Counted, ItemDetail, StockRow};
use chrono::{Days, NaiveDate};

impl Row for StockRow {
    fn id(&self) -> i64 {
        self.id.0
    }
    fn words(&self) -> String {
        format!("{} {} {}", self.sku, self.name, self.bin.as_deref().unwrap_or(""))
    }
}

/// The meaning of a trouble's colour: only what someone must act on today is urgent.
fn role(trouble: Trouble) -> Role {
    match trouble {
        Trouble::None | Trouble::Low => Role::Urgent,
        Trouble::Count => Role::Unknown,
        Trouble::Order | Trouble::Much => Role::Soon,
        Trouble::Ok => Role::Quiet,
    }
}

fn bin(row: &StockRow) -> String {
    let more = if row.bins > 1 { format!("+{}", row.bins - 1) } else { String::new() };
    row.bin.as_ref().map_or(String::new(), |b| format!("{b}{more}"))
}

/// Days that the free stock lasts at today's sales; blank where nothing is known.
fn lasts(row: &StockRow) -> String {
    match row.daily {
        Some(daily) if daily > 0.0 => {
            let days = (row.free.or_zero().as_f64() / daily).floor();
            if days > 999.0 { ">999 d".into() } else { format!("{days:.0} d") }
        }
        _ => String::new(),
    }
}

/// The columns of the list.
pub static COLUMNS: &[Column<StockRow>] = &[
    Column {
        heading: "",
        wide: Wide::Fixed(7),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::with(format!("{} {}", r.trouble.sign(), r.trouble.word()), role(r.trouble)),
        order: Some(|a, b| a.trouble.cmp(&b.trouble)),
    },
    Column {
        heading: "SKU",
        wide: Wide::Longest(8, 14),
        align: Align::Left,
        drop: 8,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(&r.sku),
        order: Some(|a, b| a.sku.cmp(&b.sku)),
    },
    Column {
        heading: "Item",
        wide: Wide::Rest(24),
        align: Align::Left,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(&r.name),
        order: Some(|a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase())),
    },
    Column {
        heading: "Bin",
        wide: Wide::Longest(6, 10),
        align: Align::Left,
        drop: 7,
        from: 0,
        hide_same: true,
        cell: |r, _| Cell::plain(bin(r)),
        order: Some(|a, b| a.bin.cmp(&b.bin)),
    },
    Column {
        heading: "On hand",
        wide: Wide::Longest(7, 10),
        align: Align::Right,
        drop: 0,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(if r.unknown { "?".to_string() } else { text::quantity(r.on_hand) }),
        order: Some(|a, b| a.on_hand.cmp(&b.on_hand)),
    },
    Column {
        heading: "Free",
        wide: Wide::Longest(5, 8),
        align: Align::Right,
        drop: 9,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(if r.unknown { "?".to_string() } else { text::quantity(r.free) }),
        order: Some(|a, b| a.free.cmp(&b.free)),
    },
    Column {
        heading: "Wait",
        wide: Wide::Longest(5, 8),
        align: Align::Right,
        drop: 6,
        from: 0,
        hide_same: false,
        cell: |r, _| Cell::plain(text::quantity_or_blank(r.wait)),
        order: Some(|a, b| b.wait.cmp(&a.wait)),
    },
    Column {
        heading: "Lasts",
        wide: Wide::Fixed(6),
        align: Align::Right,
        drop: 5,
        from: 0,
        hide_same: true,
        cell: |r, _| Cell::plain(lasts(r)),
        order: None,
    },
    Column {
        heading: "Coming",
        wide: Wide::Longest(7, 9),
        align: Align::Right,
        drop: 3,
        from: 140,
        hide_same: true,
        cell: |r, _| Cell::plain(text::quantity_or_blank(r.on_order)),
        order: Some(|a, b| b.on_order.cmp(&a.on_order)),
    },
    Column {
        heading: "Level",
        wide: Wide::Fixed(10),
        align: Align::Left,
        drop: 4,
        from: 140,
        hide_same: false,
        cell: |r, _| gauge::cell(r.gauge()),
        order: None,
    },
    Column {
        heading: "Sells/day",
        wide: Wide::Fixed(9),
        align: Align::Right,
        drop: 2,
        from: 140,
        hide_same: true,
        cell: |r, _| Cell::plain(r.daily.map_or(String::new(), |d| format!("{d:.1}"))),
        order: None,
    },
    Column {
        heading: "Value",
        wide: Wide::Longest(8, 12),
        align: Align::Right,
        drop: 1,
        from: 140,
        hide_same: true,
        cell: |r, _| Cell::plain(r.cost.map_or(String::new(), |c| text::whole_money(c.times(r.on_hand)))),
        order: None,
    },
];

/// What the chosen row says: how it stands now, and what to do next.
pub fn spoken(row: &StockRow, detail: Option<&ItemDetail>, look: &Look) -> Spoken {
    let name = format!("{}  {}", row.sku, row.name);
    let lines = detail.map_or(Vec::new(), |d| vec![("Now", now(row, d)), ("Next", next(row, d, look.today))]);
    Spoken { name, lines }
}

/// `17 in A1-04, all reserved: 14 for SO-1042, 3 for SO-1051. 6 more wait: SO-1042.`
fn now(row: &StockRow, d: &ItemDetail) -> String {
    let places: Vec<String> =
        d.bins.iter().take(3).map(|b| format!("{} in {}", text::quantity(b.quantity), b.code)).collect();
    let mut words = match (places.is_empty(), d.bins.len().saturating_sub(3)) {
        (true, _) if row.unknown => "Not counted: nobody has said yet how many there are".to_string(),
        (true, _) => "None on hand".to_string(),
        (false, 0) => places.join(", "),
        (false, more) => format!("{}, and {more} more bins", places.join(", ")),
    };
    let orders = orders(d.lines.iter().filter(|l| l.allocated.is_positive()).map(|l| (l.order.as_str(), l.allocated)));
    if d.reserved.is_positive() {
        let share = if d.reserved >= d.sellable {
            "all reserved".into()
        } else {
            format!("{} reserved", text::quantity(d.reserved))
        };
        words.push_str(&format!(", {share}: {orders}"));
    }
    words.push('.');
    if d.wait().is_positive() {
        let more = if d.reserved.is_positive() { " more" } else { "" };
        let waiting = short_orders(d);
        words.push_str(&format!("  {}{more} wait: {waiting}.", text::quantity(d.wait())));
        if let Some(over) = d.record.oversell.words(d.wait()) {
            words.push_str(&format!("  Over the limit: {over}."));
        }
    } else if d.reserved.is_positive() && d.free().is_positive() {
        words.push_str(&format!("  {} free.", text::quantity(d.free())));
    }
    words
}

fn short_orders(d: &ItemDetail) -> String {
    let short: Vec<&str> = d.lines.iter().filter(|l| l.short.is_positive()).map(|l| l.order.as_str()).collect();
    let named = short.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    if short.len() > 3 { format!("{named} and {} more", short.len() - 3) } else { named }
}

fn orders<'a>(all: impl Iterator<Item = (&'a str, Qty)>) -> String {
    let all: Vec<_> = all.collect();
    let named: Vec<String> =
        all.iter().take(3).map(|(order, q)| format!("{} for {order}", text::quantity(*q))).collect();
    let more = all.len().saturating_sub(3);
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
}

/// `PO-77 brings 40, likely Tue 1 Dec; 6 go to SO-1042, then 34 are free.`
fn next(row: &StockRow, d: &ItemDetail, today: NaiveDate) -> String {
    if let Some(below) = d.bins.iter().find(|b| b.quantity.is_negative()) {
        return format!("The book says {} in {}: count it (c).", text::quantity(below.quantity), below.code);
    }
    if row.unknown && !d.wait().is_positive() {
        return "Count it (c), or say how many there are (a): till then it is not ordered.".into();
    }
    let Some(first) = d.coming.iter().min_by_key(|c| (c.arrives.is_none(), c.arrives.map(|a| a.likely), c.due)) else {
        return match (row.trouble, d.wait().is_positive()) {
            (_, true) => "Nothing is on order: order it (4), or offer another item (2).".into(),
            (Trouble::None | Trouble::Low | Trouble::Order, _) => "Nothing is on order: see 4 Reorder.".into(),
            (Trouble::Much, _) => "More than it sells: sell, return or stop ordering.".into(),
            _ => lasting(d, today),
        };
    };
    let when = match first.arrives {
        Some(a) => format!("likely {}", dates::full(a.likely, today)),
        None => first.unknown.clone(),
    };
    let mut words = format!("{} brings {}, {when}", first.po, text::quantity(first.open));
    if let Some((order, quantity)) = &first.goes_to {
        words.push_str(&format!("; {} go to {order}", text::quantity(*quantity)));
        let given = d.wait().min(first.open);
        if given > *quantity {
            words.push_str(&format!(", {} to other orders", text::quantity(given - *quantity)));
        }
        let left = first.open - given;
        if left.is_positive() {
            words.push_str(&format!(", then {} are free", text::quantity(left)));
        }
    }
    words.push('.');
    words
}

fn lasting(d: &ItemDetail, today: NaiveDate) -> String {
    match d.daily.filter(|daily| *daily > 0.0) {
        Some(daily) => {
            let days = (d.free().or_zero().as_f64() / daily).floor().min(3_650.0) as u64;
            let until = today.checked_add_days(Days::new(days)).unwrap_or(today);
            format!("Sells {} a day: lasts until {}.", text::decimal(daily, 1), dates::full(until, today))
        }
        None => "Nothing to do.".into(),
    }
}

/// The row in full: the sum, the chart, and what else is known.
pub fn pane(row: &StockRow, detail: Option<&ItemDetail>, width: usize, look: &Look) -> Vec<Line> {
    let mut out = vec![gauge::title(&format!("{}  {}", row.sku, row.name), row.gauge(), width)];
    let Some(d) = detail else { return out };
    // Figures stand in a column; what does not fit beside them goes on below, indented.
    let mut say = |words: String| {
        let (figure, rest) = words.split_at_checked(9).unwrap_or((&words, ""));
        for (n, line) in text::wrap(rest.trim_start(), width.saturating_sub(9)).into_iter().enumerate() {
            out.push(vec![Cell::plain(if n == 0 { format!("{figure}{line}") } else { format!("         {line}") })]);
        }
    };
    let figure = |sign: &str, q: Qty, words: String| format!("{sign}{:>6}  {words}", text::quantity(q));
    let places: Vec<String> =
        d.bins.iter().take(4).map(|b| format!("{} {}", b.code, text::quantity(b.quantity))).collect();
    let places = match d.bins.as_slice() {
        [] => String::new(),
        [one] => format!(" in {}", one.code),
        _ => format!(": {}", places.join(", ")),
    };
    if row.unknown {
        say("      ?  on hand: not counted".into());
    } else {
        say(figure(" ", d.on_hand, format!("on hand{places}")));
    }
    let blocked = d.on_hand - d.sellable;
    if !blocked.is_zero() {
        say(figure("-", blocked, "not for sale (receiving, quarantine)".into()));
    }
    if d.reserved.is_positive() {
        let by = orders(d.lines.iter().filter(|l| l.allocated.is_positive()).map(|l| (l.order.as_str(), l.allocated)));
        say(figure("-", d.reserved, format!("reserved: {by}")));
    }
    if !row.unknown {
        say(figure("=", d.free(), "free now".into()));
    }
    for c in d.coming.iter().take(4) {
        let when = match c.arrives {
            Some(a) => {
                format!("likely {}, safe {}", dates::short(a.likely, look.today), dates::short(a.safe, look.today))
            }
            None => c.unknown.clone(),
        };
        say(figure("+", c.open, format!("{}, {when}", c.po)));
    }
    let short: Vec<_> = d.lines.iter().filter(|l| l.short.is_positive()).collect();
    for l in short.iter().take(4) {
        say(figure("-", l.short, format!("wait: {} {}", l.order, l.customer)));
    }
    let rest: Qty = short.iter().skip(4).map(|l| l.short).sum();
    if rest.is_positive() {
        say(figure("-", rest, format!("wait: {} more orders", short.len() - 4)));
    }
    if let Some(over) = d.record.oversell.words(d.wait()) {
        say(format!("over the limit: {over}"));
    }
    if !d.coming.is_empty() || !short.is_empty() {
        let coming: Qty = d.coming.iter().map(|c| c.open).sum();
        say(figure("=", d.free() + coming - d.wait(), "free when all has come".into()));
    }
    say(String::new());
    out.extend(chart::lines(d, width, look));
    let mut say = |words: String| out.extend(text::wrap(&words, width).into_iter().map(|w| vec![Cell::plain(w)]));
    say(String::new());
    // Without a history nothing is known, which is not the same as that nothing sells.
    let sells = d.daily.map(|daily| match daily > 0.0 {
        true => format!("Sells {} a day.", text::decimal(daily, 1)),
        false => "No history: nobody ordered it in two years.".into(),
    });
    let low = d.low_at.map(|low| match low.is_negative() {
        true => "Ordered only for customers who wait (d).".to_string(),
        false => format!("Low at {} (d: why).", text::quantity(low)),
    });
    if let Some(gauge) = row.gauge() {
        let words = gauge::words(gauge, d.days_in_zone(look.today));
        let full = row.up_to.map_or(String::new(), |q| format!("; full is {}", text::quantity(q)));
        say(format!("{}  {words}{full}.", gauge.words()));
    }
    let figures: Vec<String> = [sells, low].into_iter().flatten().collect();
    if !figures.is_empty() {
        say(figures.join("  "));
    }
    let result = |counted: &Counted| {
        if counted.difference.is_zero() {
            "right".to_string()
        } else {
            format!("{} off", text::quantity(counted.difference))
        }
    };
    if let Some((last, before)) = d.counts.split_first() {
        say(format!("Counted {} by {}: {}", dates::short(last.on, look.today), last.operator, result(last)));
        let each = before.iter().map(|c| format!("{} {}", dates::short(c.on, look.today), result(c)));
        let each = each.collect::<Vec<_>>().join(", ");
        if !each.is_empty() {
            say(format!("before: {each}"));
        }
    }
    for (label, value) in record(d) {
        say(format!("{label}  {value}"));
    }
    out
}

/// Who may wait, where that is not anybody.
fn waiting_terms(d: &ItemDetail) -> Option<String> {
    let terms = d.record.oversell;
    Some(match (terms.policy, terms.limit) {
        (Policy::Allow, None) => return None,
        (Policy::Allow, Some(most)) => format!("at most {}", text::quantity(most)),
        (Policy::Deny, _) => "nobody may wait".into(),
        (Policy::Preorder, None) => "pre-orders".into(),
        (Policy::Preorder, Some(most)) => format!("pre-orders, at most {}", text::quantity(most)),
    })
}

/// What else the record holds; what is blank is left out.
fn record(d: &ItemDetail) -> Vec<(&'static str, String)> {
    let r = &d.record;
    let quantity = |q: Option<Qty>| q.map(text::quantity);
    let mut all = vec![
        ("Supplier", r.supplier.clone()),
        ("Barcode", r.barcode.clone()),
        ("Cost", r.cost.map(text::money)),
        ("Price", r.price.map(text::money)),
        ("Min", quantity(r.min)),
        ("Max", quantity(r.max)),
        ("Pack", quantity(r.pack)),
        ("Waiting", waiting_terms(d)),
        ("From", r.available_on.map(dates::long)),
        ("Home bin", r.bin.clone()),
        ("Note", r.note.clone()),
    ];
    if !r.active {
        all.insert(0, ("Status", Some("discontinued".into())));
    }
    all.into_iter().filter_map(|(label, value)| value.filter(|v| !v.is_empty()).map(|v| (label, v))).collect()
}
