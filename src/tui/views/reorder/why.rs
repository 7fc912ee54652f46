//! How the page of a line's sum looks: its terms above, below them the rows of the one under the cursor.

use super::outlook;
use super::pane::compared;
use crate::domain::dates;
use crate::domain::ids::PoId;
use crate::domain::quantity::Qty;
use crate::tui::listed;
use crate::tui::overlay::{self, footer};
use crate::tui::screens::Line;
use crate::tui::screens::reorder::why::Why;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::views::two_parts::{self, Parts};
use crate::tui::views::{demand, gauge};
use crate::worker::reorder::{Behind, Term};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A line of the page that can be chosen.
pub struct Entry {
    pub words: String,
    /// A result, or what is asked for.
    strong: bool,
    what: What,
    /// The PO that Enter opens.
    pub po: Option<(PoId, String)>,
}

impl Entry {
    /// Its rows are customers' orders.
    pub fn is_orders(&self) -> bool {
        matches!(self.what, What::Behind(Behind::Orders, _))
    }
    /// Enter opens how the item is planned.
    pub fn is_planned(&self) -> bool {
        self.what == What::Planned
    }
    /// Its rows are what was ordered, which may be shown by channel.
    fn is_of_sales(&self) -> bool {
        matches!(self.what, What::Behind(Behind::Sales, _) | What::Chart)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Behind(Behind, usize),
    Chart,
    Sellers,
    Notes,
    Planned,
}

/// Everything that can be chosen, from the top.
pub fn entries(page: &Why) -> Vec<Entry> {
    let why = &page.detail.why;
    let mut out = Vec::new();
    let quantity: &[Term] = if page.decision.is_some() { &why.quantity } else { &[] };
    let mut coming = 0;
    for term in why.have.iter().chain(&why.level).chain(quantity) {
        let words = match term.quantity {
            Some(q) => format!(" {} {:>6}  {}", term.sign, text::quantity(q), term.words),
            None => format!("          {}", term.words),
        };
        let mut po = None;
        let mut place = 0;
        if term.behind == Behind::Coming {
            place = coming;
            po = page.line.coming.get(place).map(|w| (w.po, w.inbound.po_code.clone()));
            coming += 1;
        }
        out.push(Entry { words, strong: term.sign == '=', what: What::Behind(term.behind, place), po });
    }
    let plain = |words: &str, what| Entry { words: format!("          {words}"), strong: false, what, po: None };
    out.push(plain("how it goes on, without the order and with it", What::Chart));
    if page.detail.choices.iter().any(|c| !c.current) {
        out.push(plain("who else sells it", What::Sellers));
    }
    if !why.notes.is_empty() {
        out.push(plain("what else is known", What::Notes));
    }
    out.push(plain("how it is planned, its season, its suppliers' prices", What::Planned));
    out
}

/// How far the rows can be scrolled.
pub fn most_scrolled(page: &Why, look: &Look) -> usize {
    rows(page, look.width.saturating_sub(2) as usize, look).len().saturating_sub(3)
}

/// Draws the page.
pub fn draw(page: &Why, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) {
    let width = area.width.saturating_sub(2) as usize;
    let asked = page.decision.map_or("why hurry it?".to_string(), |d| format!("why {}?", text::quantity(d.quantity)));
    overlay::title(area, buf, theme, &format!("{}  {}: {asked}", page.line.sku, page.line.name));
    let mut top: Vec<Line> = Vec::new();
    let stock = page.detail.detail.stock;
    if let Some(gauge) = stock.and_then(|s| s.gauge()) {
        let words = gauge::words(gauge, page.detail.detail.days_in_zone(look.today));
        top.push(vec![
            gauge::cell(Some(gauge)),
            Cell::plain(text::clip(&format!("  {words}"), width.saturating_sub(10))),
        ]);
    }
    let elsewhere = super::pane::elsewhere(&page.line, page.decision, Some(&page.detail));
    let closing = match (&elsewhere, page.detail.why.closing.as_str()) {
        (Some(words), _) => words.as_str(),
        (None, "") => page.line.reason.as_str(),
        (None, closing) => closing,
    };
    top.extend(text::wrap(closing, width).into_iter().map(|w| vec![Cell::with(w, Role::Title)]));
    if let Some(words) = page.line.changed_words(look.today).filter(|_| page.decision.is_some()) {
        top.extend(text::wrap(&words, width).into_iter().map(|w| vec![Cell::with(w, Role::Soon)]));
    }
    if page.old {
        top.push(vec![Cell::with(
            text::clip("Something was saved since: Esc and Enter show it anew.", width),
            Role::Soon,
        )]);
    }
    let all = entries(page);
    let chosen: Vec<(&str, bool)> = all.iter().map(|e| (e.words.as_str(), e.strong)).collect();
    let name = format!("the rows behind the numbers: {}", all.get(page.cursor).map_or("", |e| e.words.trim()));
    let parts = Parts { top: &top, entries: &chosen, cursor: page.cursor, name: &name, scrolled: page.scrolled };
    let below = two_parts::draw(&parts, rows(page, width, look), area, buf, theme);
    let opens = match all.get(page.cursor) {
        Some(entry) if entry.po.is_some() => "Enter opens the PO  ",
        Some(entry) if entry.is_planned() => "Enter opens it  ",
        _ => "",
    };
    let more = if below > 0 { format!(" ({below} below)") } else { String::new() };
    let sells = all.get(page.cursor).is_some_and(Entry::is_of_sales) && page.detail.outlook.demand.is_split();
    let steps = if sells { "Left Right channel  " } else { "" };
    footer(area, buf, theme, &format!("Up Down figure{more}  {opens}{steps}PgDn more rows"), "Esc back");
}

/// The sum as it reads, and below it the rows of the chosen term.
pub fn read(page: &Why, look: &Look) -> Vec<String> {
    let mut out = vec![format!("{}  {}", page.line.sku, page.line.name), String::new()];
    out.extend(entries(page).into_iter().map(|e| e.words));
    out.push(String::new());
    out.extend(listed::words(&rows(page, PAPER, look)));
    out
}

/// Letters across a page.
const PAPER: usize = 96;

fn plain(words: impl Into<String>) -> Line {
    vec![Cell::plain(words)]
}

fn figure(quantity: Qty, words: &str, width: usize) -> Line {
    plain(text::clip(&format!("{:>8}  {words}", text::quantity(quantity)), width))
}

/// The rows of the chosen term.
fn rows(page: &Why, width: usize, look: &Look) -> Vec<Line> {
    let (line, d) = (&page.line, &page.detail);
    let say = |words: &str| text::wrap(words, width).into_iter().map(plain).collect::<Vec<Line>>();
    let all = entries(page);
    let Some(entry) = all.get(page.cursor) else { return Vec::new() };
    let none = |rows: Vec<Line>, words: &str| if rows.is_empty() { say(words) } else { rows };
    match entry.what {
        What::Chart => none(
            outlook::chart(line, page.decision, d, page.channel, width, look),
            "Nothing is known of its sales yet.",
        ),
        What::Notes => d.why.notes.iter().flat_map(|n| say(n)).collect(),
        What::Planned => {
            say("Enter shows and changes it: how much to keep, the season, orders that were projects, whose \
                              history it takes over, and on what terms and at which prices it is sold.")
        }
        What::Sellers => {
            let rows = d.choices.iter().map(|c| {
                let now = if c.current { "now " } else { "or  " };
                format!("{now} {}{}", compared(c, line), super::pane::in_a_year(c))
            });
            rows.flat_map(|words| say(&words)).chain(say("w orders it elsewhere, or says who else sells it.")).collect()
        }
        What::Behind(Behind::Bins, _) => {
            let bins = d.detail.bins.iter().map(|b| {
                let kind = if b.kind == "storage" { String::new() } else { format!(", {}", b.kind) };
                figure(b.quantity, &format!("in {}{kind}", b.code), width)
            });
            none(bins.collect(), "No bin holds any.")
        }
        What::Behind(Behind::Coming, place) => {
            let Some(way) = line.coming.get(place) else { return Vec::new() };
            let i = &way.inbound;
            let day =
                |on: Option<chrono::NaiveDate>| on.map_or("no date".to_string(), |on| dates::full(on, look.today));
            let mut out =
                vec![figure(i.open, &format!("{} line {}, {}", i.po_code, i.line_code, i.supplier_name), width)];
            let said = match (way.draft, i.ordered_on) {
                (true, _) => "A draft: nobody has asked for the goods yet. Enter opens it, s sends it.".to_string(),
                (_, Some(on)) if i.by_lead_time().is_some() => {
                    let from = i.date_follows_from(look.today).unwrap_or_default();
                    let when = match way.likely {
                        Some(likely) => format!("likely {}", day(Some(likely))),
                        None => "nobody knows when now".into(),
                    };
                    format!("Ordered {}, no date given; {from}, {when}.", day(Some(on)))
                }
                (_, Some(on)) => {
                    format!("Ordered {}, expected {}, likely {}.", day(Some(on)), day(i.due_on()), day(way.likely))
                }
                (_, None) => format!("Expected {}, likely {}.", day(i.due_on()), day(way.likely)),
            };
            out.extend(say(&said));
            out
        }
        What::Behind(Behind::Orders, _) => {
            let orders = d.detail.lines.iter().map(|l| {
                let aside = match l.allocated.is_positive() {
                    true => format!(", {} set aside", text::quantity(l.allocated)),
                    false => l.likely.map_or(", nobody knows when".into(), |on| {
                        format!(", likely {}", dates::short(on, look.today))
                    }),
                };
                figure(l.allocated + l.short, &format!("{}  {}{aside}", l.order, l.customer), width)
            });
            none(orders.collect(), "No customer waits for it.")
        }
        What::Behind(Behind::Sales, _) => {
            let head = format!("Sells {} a day, the latest weeks counting most.", text::decimal(line.daily, 2));
            let told = &d.outlook.demand;
            let inherits = match told.inherits.as_slice() {
                [] => String::new(),
                older => format!(" With what was ordered of {}.", older.join(", ")),
            };
            say(&format!("{head}{inherits}"))
                .into_iter()
                .chain(demand::table(told, page.channel, width, look))
                .collect()
        }
        What::Behind(Behind::Deliveries, _) => {
            let rows = d.outlook.deliveries.iter().map(|t| {
                let came = dates::short(t.came_on, look.today);
                let ordered = dates::short(t.ordered_on, look.today);
                let days = text::plural(t.days().max(0) as usize, "day");
                plain(text::clip(
                    &format!(
                        "{days:>9}  {} {}, ordered {ordered}, came {came}, {}",
                        t.po,
                        t.supplier,
                        text::quantity(t.quantity)
                    ),
                    width,
                ))
            });
            let rows = none(
                rows.collect(),
                "No delivery of it is on file: the days are those that the supplier says, or all suppliers'.",
            );
            let usual = text::plural(line.lead_days.round().max(0.0) as usize, "day");
            let risk = d.target.as_ref().map_or(String::new(), |t| {
                format!(" Ordered there, it is empty before goods come {:.0} times in 100.", t.risk * 100.0)
            });
            say(&format!(
                "From the order, goods usually take {usual}; this part is for the times when they take longer or more is sold.{risk}"
            ))
            .into_iter()
            .chain(rows)
            .collect()
        }
        What::Behind(Behind::Terms, _) => {
            none(d.why.costs.iter().flat_map(|n| say(n)).collect(), "Nothing is known of its cost.")
        }
        What::Behind(Behind::Nothing, _) => say("It follows from the figures above it."),
    }
}
