//! How the page of an item's planning looks: what a person may say about it above, below it what the chosen one means.

use crate::domain::dates;
use crate::domain::quantity::Qty;
use crate::tui::listed;
use crate::tui::overlay::{self, footer};
use crate::tui::screens::Line;
use crate::tui::screens::reorder::planned::Page;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::views::demand;
use crate::tui::views::two_parts::{self, Parts};
use crate::worker::reorder::{LargeLine, Planned, SoldBy, percent};
use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What an entry is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum What {
    Demand,
    Level,
    Known,
    Large,
    Follows,
    Seller(usize),
    Somebody,
    Ends,
}

/// A line of the page that can be chosen.
pub struct Entry {
    pub what: What,
    label: &'static str,
    words: String,
}

/// Everything that can be chosen, from the top.
pub fn entries(page: &Page) -> Vec<Entry> {
    let Some(p) = &page.planned else { return Vec::new() };
    let mut out = vec![
        entry(What::Demand, "Ordered", &ordered(p)),
        entry(What::Level, "To keep", &level(p)),
        entry(What::Known, "Known of it", &known(p)),
        entry(What::Large, "Large orders", &large(&p.demand.large)),
        entry(What::Follows, "Follows", &follows(p)),
    ];
    let chosen = p.in_force.as_ref().and_then(|now| now.supplier);
    for (at, s) in p.sold_by.iter().enumerate() {
        let label = if Some(s.terms.supplier) == chosen { "Bought from" } else { "or from" };
        out.push(entry(What::Seller(at), label, &seller(s)));
    }
    let nobody =
        if p.sold_by.is_empty() { "nobody is known to sell it: say who does" } else { "somebody else sells it too" };
    out.push(entry(What::Somebody, "", nobody));
    let ends = if p.active { "it is sold on" } else { "it ends: discontinued" };
    out.push(entry(What::Ends, "Status", ends));
    out
}

fn entry(what: What, label: &'static str, words: &str) -> Entry {
    Entry { what, label, words: format!(" {}  {words}", text::left(label, 12)) }
}

fn ordered(p: &Planned) -> String {
    let (all, by) = p.demand.year();
    match p.demand.is_split() {
        _ if p.demand.buckets.is_empty() => "nothing yet: no order, no movement".into(),
        false => format!("{} in the last year", text::quantity(all)),
        true => {
            let parts = by.iter().enumerate().map(|(at, q)| format!("{} {}", text::quantity(*q), p.demand.name(at)));
            format!("{} in the last year: {}", text::quantity(all), parts.collect::<Vec<_>>().join(", "))
        }
    }
}

fn level(p: &Planned) -> String {
    let typed = |q: Option<Qty>| q.map_or("none".to_string(), text::quantity);
    match (p.min.or(p.max), &p.target) {
        (Some(_), _) => format!("your own min {}, max {}", typed(p.min), typed(p.max)),
        (None, Some(t)) if t.share.is_some() => {
            format!("by the program, {} of 100 served", t.share.map(percent).unwrap_or_default())
        }
        (None, Some(_)) => "by the program".into(),
        (None, None) if !p.active => "none, as it ends".into(),
        (None, None) => "not planned yet".into(),
    }
}

fn known(p: &Planned) -> String {
    let mut says = Vec::new();
    for rule in &p.rules {
        let here = rule.supplier.and_then(|s| p.sellers.iter().find(|x| x.id == s));
        let here = here.map_or(String::new(), |s| format!(" from {}", text::fit(&s.name, 20)));
        says.extend(rule.lead_days.map(|days| format!("{} to come{here}", text::plural(days.max(0) as usize, "day"))));
        says.extend(rule.shelf_days.map(|days| format!("keeps {}", text::plural(days.max(0) as usize, "day"))));
        says.extend(rule.season.as_ref().map(|_| "a season".to_string()));
        says.extend(rule.expects.map(|e| format!("you expect {} a month", text::quantity(e.month))));
    }
    if says.is_empty() {
        "lead time, how long it keeps, season, what will sell: as learned".into()
    } else {
        says.join(", ")
    }
}

fn large(lines: &[LargeLine]) -> String {
    let projects = lines.iter().filter(|l| l.project).count();
    match (lines.iter().find(|l| !l.project), projects) {
        (None, 0) => "none".into(),
        (Some(most), 0) => format!("the largest {}; none is left out as a project", text::quantity(most.quantity)),
        (_, 1) => "1 left out as a project".into(),
        (_, n) => format!("{n} left out as projects"),
    }
}

fn follows(p: &Planned) -> String {
    let mut words = match &p.follows {
        Some((sku, name)) => format!("{sku}  {name}: its history counts as its own"),
        None => "none: it stands on its own history".into(),
    };
    if !p.followed_by.is_empty() {
        words.push_str(&format!("; {} takes over from it", p.followed_by.join(", ")));
    }
    words
}

/// `Exotic Liquids  15.20, packs of 12; 2 prices by quantity`.
fn seller(s: &SoldBy) -> String {
    let mut words = vec![s.terms.cost.map_or("no price".into(), |cost| cost.to_string())];
    words.extend(s.terms.pack.map(|pack| format!("packs of {}", text::quantity(pack))));
    words.extend(s.terms.min_quantity.filter(|q| q.is_positive()).map(|q| format!("at least {}", text::quantity(q))));
    words.extend(
        (!s.breaks.is_empty())
            .then(|| text::plural(s.breaks.len(), "price by quantity").replace("quantitys", "quantity")),
    );
    words.extend(s.terms.preferred.then(|| "preferred".to_string()));
    format!("{}  {}", text::fit(&s.name, 26), words.join(", "))
}

/// The rows of the chosen entry.
fn rows(page: &Page, width: usize, look: &Look) -> Vec<Line> {
    let Some(p) = &page.planned else { return Vec::new() };
    let all = entries(page);
    let Some(chosen) = all.get(page.cursor) else { return Vec::new() };
    let say =
        |words: &str| -> Vec<Line> { text::wrap(words, width).into_iter().map(|w| vec![Cell::plain(w)]).collect() };
    match chosen.what {
        What::Demand => told(p, page.channel, width, look),
        What::Level => say(&p.target.as_ref().map_or("It is not planned, or it ends.".into(), |t| t.words())),
        What::Known => {
            let season = p.rules.iter().find_map(|r| r.season.as_ref());
            let season = season.map_or(String::new(), |s| format!("Its season, January first: {s}. "));
            say(&format!(
                "{season}A lead time that is fixed, how many days it keeps, and a season go before what was learned. What you expect to sell of a new item fades as orders come."
            ))
        }
        What::Large => {
            let line = |l: &LargeLine| {
                let so = if l.project { ", a project: left out" } else { "" };
                let on = dates::full(l.ordered_on, look.today);
                vec![Cell::plain(text::clip(
                    &format!("{:>8}  for {} on {on}, {}{so}", text::quantity(l.quantity), l.customer, l.order),
                    width,
                ))]
            };
            let rows: Vec<Line> = p.demand.large.iter().map(line).collect();
            if rows.is_empty() { say("Nobody ordered it in two years.") } else { rows }
        }
        What::Follows => say("An item that replaces another inherits what customers ordered of that one."),
        What::Seller(at) => p.sold_by.get(at).map_or(Vec::new(), |s| terms(s, width, look.today)),
        What::Somebody => {
            say("One more who sells it. The program compares all by cost, lateness and what must be kept.")
        }
        What::Ends => {
            say("What ends is not kept any more: only customers who wait bring an order. Its card says so (Status).")
        }
    }
}

/// The demand as bars and as a table.
fn told(p: &Planned, channel: Option<usize>, width: usize, look: &Look) -> Vec<Line> {
    let mut out = demand::bars(&p.demand, channel, width);
    if !p.demand.inherits.is_empty() {
        out.push(vec![Cell::plain(text::clip(
            &format!("With what was ordered of {}.", p.demand.inherits.join(", ")),
            width,
        ))]);
    }
    let out_of_it: Vec<&LargeLine> = p.demand.large.iter().filter(|l| l.project).collect();
    if !out_of_it.is_empty() {
        let all: Qty = out_of_it.iter().map(|l| l.quantity).sum();
        let lines = text::plural(out_of_it.len(), "project order");
        out.push(vec![Cell::plain(text::clip(&format!("Without {} of {lines}.", text::quantity(all)), width))]);
    }
    out.extend(demand::table(&p.demand, channel, width, look));
    if out.is_empty() {
        let words = "No history: no order and no movement of it is on file. Time before an item was listed is not taken for no demand.";
        return text::wrap(words, width).into_iter().map(|w| vec![Cell::plain(w)]).collect();
    }
    out
}

/// The terms of a supplier, a price a line.
fn terms(s: &SoldBy, width: usize, today: NaiveDate) -> Vec<Line> {
    let mut out: Vec<String> = Vec::new();
    let days = s
        .terms
        .lead_days
        .map_or(String::new(), |days| format!(", {} to come, they say", text::plural(days.max(0) as usize, "day")));
    let theirs = s.terms.supplier_sku.as_ref().map_or(String::new(), |code| format!(", there {code}"));
    out.push(format!("{}{theirs}{days}", s.code));
    out.push(format!("{:>14}  one costs {}", "", s.terms.cost.map_or("nobody knows what".into(), |c| c.to_string())));
    for b in &s.breaks {
        let until = match b.valid_until {
            Some(day) if day < today => format!(" until {}: it ran out, ask again", dates::full(day, today)),
            Some(day) => format!(" until {}", dates::full(day, today)),
            None => String::new(),
        };
        out.push(format!("{:>14}  one costs {}{until}", format!("from {} on", text::quantity(b.from)), b.cost));
    }
    out.into_iter().map(|words| vec![Cell::plain(text::clip(&words, width))]).collect()
}

/// The columns of what was ordered, as a file takes it.
pub const COLUMNS: [&str; 4] = ["from", "to", "channel", "quantity"];

/// What each channel ordered in each bucket, the newest first.
pub fn figures(p: &Planned) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for b in &p.demand.buckets {
        for (at, quantity) in b.by.iter().enumerate().filter(|(_, q)| !q.is_zero()) {
            let name = p.demand.channels.get(at).cloned().unwrap_or_default();
            out.push(vec![b.from.to_string(), b.to.to_string(), name, text::quantity(*quantity)]);
        }
    }
    out
}

/// The page as it reads, and below it what was ordered.
pub fn read(page: &Page, look: &Look) -> Vec<String> {
    let Some(p) = &page.planned else { return Vec::new() };
    let mut out = vec![format!("{}  {}", p.sku, p.name), String::new()];
    out.extend(text::wrap(&p.words(), PAPER));
    out.push(String::new());
    out.extend(entries(page).into_iter().map(|e| e.words));
    out.push(String::new());
    out.extend(listed::words(&told(p, page.channel, PAPER, look)));
    out
}

/// Letters across a page.
const PAPER: usize = 96;

/// How far the rows can be scrolled.
pub fn most_scrolled(page: &Page, look: &Look) -> usize {
    rows(page, look.width.saturating_sub(2) as usize, look).len().saturating_sub(3)
}

/// Draws the page.
pub fn draw(page: &Page, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) {
    let width = area.width.saturating_sub(2) as usize;
    let Some(p) = &page.planned else {
        overlay::title(area, buf, theme, "How it is planned");
        return footer(area, buf, theme, "Reading what is known of it ...", "Esc back");
    };
    overlay::title(area, buf, theme, &format!("{}  {}: how it is planned", p.sku, p.name));
    let top: Vec<Line> = text::wrap(&p.words(), width).into_iter().map(|w| vec![Cell::with(w, Role::Title)]).collect();
    let all = entries(page);
    let words: Vec<(&str, bool)> = all.iter().map(|e| (e.words.as_str(), false)).collect();
    let name = all.get(page.cursor).map_or(String::new(), |e| match e.what {
        What::Demand => match demand::which(&p.demand, page.channel) {
            which if which.is_empty() => "what customers ordered".into(),
            which => format!("what customers ordered, {which}"),
        },
        What::Seller(at) => p.sold_by.get(at).map_or(String::new(), |s| s.name.clone()),
        What::Somebody => "one more who sells it".into(),
        _ => e.label.to_lowercase(),
    });
    let parts = Parts { top: &top, entries: &words, cursor: page.cursor, name: &name, scrolled: page.scrolled };
    let below = two_parts::draw(&parts, rows(page, width, look), area, buf, theme);
    let more = if below > 0 { format!(" ({below} below)") } else { String::new() };
    let does = match all.get(page.cursor).map(|e| e.what) {
        Some(What::Demand) if p.demand.is_split() => "Left Right channel  PgDn more rows",
        Some(What::Demand) => "PgDn more rows",
        Some(What::Level) if p.target.is_none() => "",
        Some(What::Large) if p.demand.large.is_empty() => "",
        _ => "Enter changes it",
    };
    footer(area, buf, theme, &format!("Up Down another{more}  {does}"), "Esc back");
}
