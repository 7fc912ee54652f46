//! Which columns fit, how wide each is, and the drawing of headings and rows.

use super::{Align, Column, List, Look, Row, Wide};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Rows whose values decide how wide a column is and whether it says anything; so many of them above the screen.
const SAMPLE: usize = 300;
const ABOVE: usize = 100;

/// The columns as they were laid out last: nothing of it changes while the cursor moves within the sample.
pub(super) struct Laid {
    stamp: u64,
    from: usize,
    width: u16,
    look: Look,
    columns: Vec<(usize, u16)>,
}

impl<R: Row> List<R> {
    /// Draws the headings and the rows that the area has room for.
    pub(super) fn draw_in(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) {
        if area.height == 0 {
            return;
        }
        let layout = self.layout(area.width.saturating_sub(1), look);
        self.draw_headings(area, buf, theme, &layout);
        let lines = area.height as usize - 1;
        for (n, at) in (self.top..self.shown.len()).take(lines).enumerate() {
            let Some(row) = self.shown.get(at).and_then(|i| self.rows.get(*i)) else { continue };
            let line = Rect { y: area.y + 1 + n as u16, height: 1, ..area };
            self.draw_row(row, line, at == self.cursor, buf, &Pen { theme, look, layout: &layout });
        }
    }

    /// The columns that fit, each with its width.
    pub(super) fn layout(&self, width: u16, look: &Look) -> Vec<(usize, u16)> {
        if let Some(laid) = self.laid.borrow().as_ref()
            && (laid.stamp, laid.width, laid.look) == (self.stamp, width, *look)
            && laid.from <= self.top
            && (self.top + self.height).min(self.shown.len()) <= laid.from + SAMPLE
        {
            return laid.columns.clone();
        }
        let from = self.top.saturating_sub(ABOVE);
        let columns = self.lay_out(from, width, look);
        let laid = Laid { stamp: self.stamp, from, width, look: *look, columns: columns.clone() };
        *self.laid.borrow_mut() = Some(laid);
        columns
    }

    /// The columns that fit the rows from this one on; the flexible one gets what is left.
    fn lay_out(&self, from: usize, width: u16, look: &Look) -> Vec<(usize, u16)> {
        let sample: Vec<&R> = self
            .shown
            .iter()
            .skip(from)
            .take(SAMPLE)
            .filter_map(|i| self.rows.get(*i))
            .filter(|r| r.heading().is_none())
            .collect();
        let same = |c: &Column<R>| {
            c.hide_same
                && sample.first().is_some_and(|first| {
                    let value = (c.cell)(first, look);
                    (sample.len() > 1 || value.text.is_empty())
                        && sample.iter().all(|r| (c.cell)(r, look).text == value.text)
                })
        };
        let wide = |c: &Column<R>| match c.wide {
            Wide::Fixed(n) | Wide::Rest(n) => n,
            Wide::Longest(low, high) => {
                let longest = sample.iter().map(|r| text::width(&(c.cell)(r, look).text)).max().unwrap_or(0);
                (longest.min(high as usize) as u16).max(low)
            }
        };
        let mut chosen: Vec<(usize, u16, u8)> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| look.width >= c.from && !same(c))
            .map(|(i, c)| (i, wide(c), c.drop))
            .collect();
        let need = |chosen: &[(usize, u16, u8)]| chosen.iter().map(|c| c.1 + 1).sum::<u16>(); // one blank before each
        while need(&chosen) > width {
            let Some(first) = chosen.iter().filter(|c| c.2 > 0).map(|c| c.2).min() else { break };
            chosen.retain(|c| c.2 != first);
        }
        let spare = i32::from(width) - i32::from(need(&chosen)); // below 0 on the narrowest screens: names give way, figures never
        chosen
            .into_iter()
            .map(|(i, w, _)| {
                let rest = matches!(self.columns.get(i).map(|c| c.wide), Some(Wide::Rest(_)));
                (i, if rest { (i32::from(w) + spare).clamp(1, 1_000) as u16 } else { w })
            })
            .collect()
    }

    fn draw_headings(&self, area: Rect, buf: &mut Buffer, theme: &Theme, layout: &[(usize, u16)]) {
        let mut x = area.x + 1;
        for (i, w) in layout {
            let Some(column) = self.columns.get(*i) else { continue };
            let sorted = self.sort.filter(|(c, _)| c == i).map(|(_, down)| if down { "-" } else { "+" });
            let heading = format!("{}{}", sorted.unwrap_or(""), column.heading);
            buf.set_string(x, area.y, aligned(&heading, *w, column.align), theme.style(Role::Quiet));
            x += w + 1;
        }
    }

    fn draw_row(&self, row: &R, line: Rect, chosen: bool, buf: &mut Buffer, pen: &Pen) {
        let Pen { theme, look, layout } = pen;
        if let Some(heading) = row.heading() {
            let style = theme.style(Role::Quiet);
            buf.set_string(line.x, line.y, "─".repeat(line.width as usize), style);
            let title = format!(" {} ", text::fit(&heading, (line.width as usize).saturating_sub(6)));
            buf.set_string(line.x + 2, line.y, title, theme.style(Role::Title));
            return;
        }
        let base = theme.style(if chosen { Role::Selected } else { Role::Normal });
        if chosen {
            buf.set_style(line, base);
        }
        let sign = match (self.marks.contains(&row.id()), chosen) {
            (true, _) => "*",
            (false, true) => "▸",
            _ => " ",
        };
        buf.set_string(line.x, line.y, sign, base);
        let mut x = line.x + 1;
        for (i, w) in *layout {
            let Some(column) = self.columns.get(*i) else { continue };
            let cell = (column.cell)(row, look);
            let style = match cell.role {
                Some(role) if !chosen => theme.style(role),
                _ => base,
            };
            buf.set_string(x, line.y, aligned(&cell.text, *w, column.align), style);
            x += w + 1;
        }
    }
}

/// What a row is drawn with: the theme, the screen, the columns and their widths.
struct Pen<'a> {
    theme: &'a Theme,
    look: &'a Look,
    layout: &'a [(usize, u16)],
}

fn aligned(value: &str, w: u16, align: Align) -> String {
    match align {
        Align::Left => text::left(value, w as usize),
        Align::Right => text::right(value, w as usize),
    }
}
