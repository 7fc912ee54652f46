//! Paper: lines of text as pages, as plain text or PDF. One typewriter face that every reader has, nothing embedded:
//! Western European letters; others lose their accents, or stand as a question mark.

use super::sheet::{Sheet, Value};
use super::write::plain;
use crate::domain::locale;
use crate::domain::text::{fold, visible};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};
use unicode_width::UnicodeWidthStr;

/// A4 in points, the margin, and the size of the letters: 96 across upright, 142 lying.
const SHORT: f32 = 595.0;
const LONG: f32 = 842.0;
const MARGIN: f32 = 36.0;
const SIZE: f32 = 9.0;
const LEADING: f32 = 11.0;
/// Letters across an upright and a lying page.
pub const UPRIGHT: usize = 96;
pub const LYING: usize = 142;

/// A table as lines: heading, rule, rows; figures to the right. Columns that would not fit across a lying page give way,
/// the widest first, and what is cut ends in an ellipsis.
pub fn table(sheet: &Sheet) -> Vec<String> {
    let cells: Vec<Vec<String>> = sheet.rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    let mut widths: Vec<usize> = sheet.columns.iter().map(|c| c.width()).collect();
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let gaps = 2 * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > LYING {
        match widths.iter_mut().filter(|w| **w > 4).max() {
            Some(widest) => *widest -= 1,
            None => break,
        }
    }
    let number = |n: usize| {
        let mut values = sheet.rows.iter().filter_map(|r| r.get(n)).filter(|v| **v != Value::None);
        values.clone().next().is_some()
            && values.all(|v| !matches!(v, Value::Text(_) | Value::Date(_) | Value::Moment(_) | Value::YesNo(_)))
    };
    let right: Vec<bool> = (0..widths.len()).map(number).collect();
    let line = |cells: &[String]| {
        let columns = cells.iter().zip(&widths).zip(&right);
        let all: Vec<String> = columns.map(|((cell, width), right)| fitted(cell, *width, *right)).collect();
        all.join("  ").trim_end().to_string()
    };
    let heads: Vec<String> = sheet.columns.iter().map(|c| c.replace('_', " ")).collect();
    let mut out = vec![line(&heads), "-".repeat((widths.iter().sum::<usize>() + gaps).min(LYING))];
    out.extend(cells.iter().map(|row| line(row)));
    out
}

fn shown(value: &Value) -> String {
    let here = locale::here();
    let words = match value {
        Value::Quantity(_) | Value::Count(_) | Value::Rate(_) | Value::Score(_) => here.figure(&plain(value)),
        Value::Money(amount) => here.figure(&amount.to_string()),
        Value::Date(date) => here.typed_date(*date),
        other => plain(other),
    };
    visible(&words).replace(['\n', '\r'], " ")
}

fn fitted(text: &str, width: usize, right: bool) -> String {
    let mut out = String::new();
    let mut used = 0;
    let all = text.width();
    for c in text.chars() {
        let w = c.to_string().width();
        if all > width && used + w + 1 > width {
            out.push('…');
            used += 1;
            break;
        }
        out.push(c);
        used += w;
    }
    let blanks = " ".repeat(width.saturating_sub(used));
    if right { format!("{blanks}{out}") } else { format!("{out}{blanks}") }
}

/// Lines as pages: a form feed begins a new one, and so does the end of a page.
fn pages(lines: &[String], rows: usize) -> Vec<Vec<String>> {
    let mut pages: Vec<Vec<String>> = vec![Vec::new()];
    for line in lines {
        for (n, part) in line.split('\u{c}').enumerate() {
            let full = pages.last().is_some_and(|p| p.len() >= rows);
            let begun = pages.last().is_some_and(|p| !p.is_empty());
            if full || n > 0 && begun {
                pages.push(Vec::new());
            }
            if let Some(page) = pages.last_mut().filter(|_| n == 0 || !part.is_empty()) {
                page.push(part.to_string());
            }
        }
    }
    pages.retain(|p| !p.is_empty());
    if pages.is_empty() { vec![Vec::new()] } else { pages }
}

/// Lines as a PDF, each page with the title and its number; lying where a line is too long for an upright page.
pub fn pdf(title: &str, lines: &[String]) -> Vec<u8> {
    let lying = lines.iter().flat_map(|l| l.split('\u{c}')).any(|l| l.width() > UPRIGHT);
    let (wide, high) = if lying { (LONG, SHORT) } else { (SHORT, LONG) };
    let rows = ((high - 2.0 * MARGIN) / LEADING) as usize - 2; // the title and a blank line
    let pages = pages(lines, rows);
    let mut pdf = Pdf::new();
    let mut next = 0;
    let mut id = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, font) = (id(), id(), id());
    let ids: Vec<(Ref, Ref)> = pages.iter().map(|_| (id(), id())).collect();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids(ids.iter().map(|(page, _)| *page)).count(i32::try_from(ids.len()).unwrap_or(i32::MAX));
    pdf.type1_font(font).base_font(Name(b"Courier")).encoding_predefined(Name(b"WinAnsiEncoding"));
    for (n, (lines, (page_id, content_id))) in pages.iter().zip(&ids).enumerate() {
        let mut page = pdf.page(*page_id);
        page.media_box(Rect::new(0.0, 0.0, wide, high)).parent(tree).contents(*content_id);
        page.resources().fonts().pair(Name(b"F"), font);
        page.finish();
        let mut content = Content::new();
        content.begin_text().set_font(Name(b"F"), SIZE).set_leading(LEADING).next_line(MARGIN, high - MARGIN - SIZE);
        let of = format!("{title}   page {} of {}", n + 1, pages.len());
        for line in std::iter::once(of.as_str()).chain([""]).chain(lines.iter().map(String::as_str)) {
            content.show(Str(&western(line))).next_line_using_leading();
        }
        content.end_text();
        pdf.stream(*content_id, &content.finish());
    }
    pdf.finish()
}

/// A line in the face's own letters.
pub(super) fn western(line: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    for c in visible(line).chars() {
        let mut buffer = [0; 4];
        let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
        if !lost {
            out.extend_from_slice(&bytes);
            continue;
        }
        let plain: String = match c {
            '─' | '│' => "-".into(),
            '▸' => ">".into(),
            '☐' => "[ ]".into(),
            c => fold(&c.to_string()),
        };
        out.extend(if plain.is_ascii() && !plain.is_empty() { plain.into_bytes() } else { b"?".to_vec() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::quantity::Qty;

    #[test]
    fn a_table_lines_its_figures_up_and_cuts_the_widest() {
        let row = |name: &str, n: i64| vec![Value::text(name), Value::Quantity(Qty::units(n))];
        let mut sheet =
            Sheet { name: "x", columns: vec!["item", "on_hand"], rows: vec![row("Ring", 7), row("Bolt", 1200)] };
        assert_eq!(table(&sheet), ["item  on hand", "-------------", "Ring        7", "Bolt    1,200"]);
        sheet.rows.push(row(&"long ".repeat(60), 1));
        let lines = table(&sheet);
        assert!(lines.iter().all(|l| l.width() <= LYING), "{lines:?}");
        assert!(lines[4].contains('…'));
    }

    #[test]
    fn a_pdf_has_a_page_for_every_form_feed_and_every_full_page() {
        let lines: Vec<String> = (0..200).map(|n| format!("line {n}")).collect();
        let text = String::from_utf8_lossy(&pdf("Count sheet", &lines)).into_owned();
        assert!(text.starts_with("%PDF-") && text.contains("/Count 3"), "{}", &text[..200]);
        let two = ["a".to_string(), "\u{c}b (c) \\ Bólido Wójcik łódź 木".into()];
        let bytes = pdf("x", &two);
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("/Count 2") && text.contains("page 2 of 2"));
        assert!(western("łódź").starts_with(b"l") && western("木") == b"?");
    }
}
