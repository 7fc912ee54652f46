//! How a form looks.

use super::{Field, Form, Kind};
use crate::domain::dates;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Form {
    /// How many lines [`Form::draw`] takes.
    pub fn height(&self) -> u16 {
        let list = if self.open { LIST_ROWS } else { 0 };
        self.fields.iter().map(Field::height).sum::<u16>() + list
    }

    /// Draws the fields and answers where the cursor stands.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, today: NaiveDate) -> Option<Position> {
        let first = self.fields.iter().filter(|f| !f.hidden && f.beside.is_none());
        let labels = first.map(|f| text::width(f.label)).max().unwrap_or(0) as u16;
        let (mut y, mut line, mut cursor) = (area.y, area.y, None);
        // The field that has the focus stays in view.
        let upto = self.focus.min(self.fields.len().saturating_sub(1)) + 1;
        let mut need = self.fields.iter().take(upto).map(Field::height).sum::<u16>();
        need += if self.open { LIST_ROWS } else { 0 };
        let mut skip = 0;
        while need > area.height && skip + 1 < upto {
            need -= self.fields.get(skip).map_or(0, Field::height);
            skip += 1;
        }
        for (i, field) in self.fields.iter().enumerate().skip(skip) {
            if field.hidden {
                continue;
            }
            if y >= area.bottom() && field.beside.is_none() {
                break;
            }
            let focused = i == self.focus;
            let style = theme.style(if focused { Role::Title } else { Role::Quiet });
            // The next one in this line ends this one's room.
            let next = self.fields.get(i + 1).filter(|f| !f.hidden).and_then(|f| f.beside);
            let end = next.map_or(area.right(), |column| (area.x + column).saturating_sub(1).min(area.right()));
            if let Some(column) = field.beside {
                let (from, label) = ((area.x + column).min(area.right()), text::width(field.label) as u16);
                buf.set_stringn(from, line, field.label, end.saturating_sub(from) as usize, style);
                let x = (from + label + 1).min(area.right());
                let room = Rect { x, y: line, width: end.saturating_sub(x), height: 1 };
                cursor = draw_field(field, room, focused, buf, theme, today).or(cursor);
                continue;
            }
            line = y;
            buf.set_string(area.x + 1, y, field.label, style);
            let x = area.x + labels + 4;
            let room = end.saturating_sub(x);
            let rows = field.rows.min(area.bottom() - y);
            let place = draw_field(field, Rect { x, y, width: room, height: rows }, focused, buf, theme, today);
            cursor = place.or(cursor);
            y += rows;
            if focused && self.open {
                y = draw_options(
                    field,
                    Rect { x, y, width: room, height: area.bottom().saturating_sub(y) },
                    buf,
                    theme,
                );
            }
        }
        cursor
    }

    /// Draws `── [Save]  Cancel ──`.
    pub fn draw_buttons(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        buf.set_string(area.x, area.y, "─".repeat(area.width as usize), theme.style(Role::Quiet));
        let save = format!("[{}]", self.save);
        let at = self.fields.len();
        let style = |on: bool| theme.style(if on { Role::Selected } else { Role::Title });
        buf.set_string(area.x + 2, area.y, " ", theme.style(Role::Normal));
        buf.set_string(area.x + 3, area.y, &save, style(self.focus == at));
        let x = area.x + 3 + text::width(&save) as u16;
        buf.set_string(x, area.y, "  ", theme.style(Role::Normal));
        buf.set_string(x + 2, area.y, self.leave, style(self.focus == at + 1));
        buf.set_string(x + 2 + text::width(self.leave) as u16, area.y, " ", theme.style(Role::Normal));
    }
}

const LIST_ROWS: u16 = 8;

fn draw_field(
    field: &Field,
    area: Rect,
    focused: bool,
    buf: &mut Buffer,
    theme: &Theme,
    today: NaiveDate,
) -> Option<Position> {
    let style = theme.style(if focused { Role::Field } else { Role::Normal });
    let width = area.width as usize;
    match &field.kind {
        Kind::Choice(options) => {
            let words = |(i, option): (usize, &String)| {
                if i == field.chosen { format!("[{option}]") } else { format!(" {option} ") }
            };
            let pieces = options.iter().enumerate().map(words).collect::<Vec<_>>();
            draw_pieces(&pieces, field.chosen, area, buf, |i| match (i == field.chosen, focused) {
                (true, true) => style,
                (true, false) => theme.style(Role::Title),
                (false, _) => theme.style(Role::Normal),
            });
            None
        }
        Kind::Boxes(options) => {
            let words = |o: &(i64, String, bool)| format!("[{}] {} ", if o.2 { "x" } else { " " }, o.1);
            let pieces: Vec<String> = options.iter().map(words).collect();
            draw_pieces(&pieces, field.chosen, area, buf, |i| {
                if focused && i == field.chosen { style } else { theme.style(Role::Normal) }
            });
            None
        }
        Kind::List(options) => {
            let shown = options.get(field.chosen).map_or("none", |o| o.1.as_str());
            let room = width.saturating_sub(5);
            buf.set_stringn(area.x, area.y, text::fit(shown, room), room, style);
            if focused {
                let x = area.x + text::width(&text::fit(shown, room)) as u16 + 1;
                buf.set_stringn(x, area.y, "F4", 2, theme.style(Role::Key));
                let left = area.right().saturating_sub(x + 3) as usize;
                let letters = crate::domain::text::visible(&field.letters).into_owned();
                buf.set_stringn(x + 3, area.y, letters, left, theme.style(Role::Quiet));
            }
            None
        }
        kind => {
            let room = match kind {
                Kind::Quantity | Kind::Money | Kind::Date => width.min(14),
                _ => {
                    let list = if field.names.is_some() { 9 } else { 0 };
                    width.saturating_sub(text::width(&field.note) + 2 + list).max(8).min(width)
                }
            };
            let scroll = field.input.visual_scroll(room.saturating_sub(1));
            let value: String = match kind {
                Kind::Secret => "*".repeat(field.value().chars().count()),
                _ => crate::domain::text::visible(field.value()).into_owned(),
            };
            let visible: String = skip_cells(&value, scroll);
            buf.set_stringn(area.x, area.y, text::left(&visible, room), room, style);
            let note = match (kind, field.day(today)) {
                (Kind::Date, Ok(Some(date))) => format!("{}  {}", dates::long(date), field.note),
                (Kind::Date, Err(_)) => match dates::two_ways(field.value(), today) {
                    Some((near, far)) => format!("{} or {}?", dates::long(near), dates::long(far)),
                    None => "not a date yet".into(),
                },
                _ if focused && field.names.is_some() => format!("F4 list  {}", field.note),
                _ => field.note.clone(),
            };
            let x = area.x + room as u16 + 2;
            let left = area.right().saturating_sub(x) as usize;
            buf.set_stringn(x, area.y, text::clip(&note, left), left, theme.style(Role::Quiet));
            let at = (field.input.visual_cursor().saturating_sub(scroll)).min(room.saturating_sub(1));
            focused.then(|| Position::new(area.x + at as u16, area.y))
        }
    }
}

/// Pieces side by side, going on in the next line; where the lines are too few, those round the chosen one.
fn draw_pieces(
    pieces: &[String],
    chosen: usize,
    area: Rect,
    buf: &mut Buffer,
    style: impl Fn(usize) -> ratatui::style::Style,
) {
    let width = area.width as usize;
    let (mut line, mut used, mut places) = (0u16, 0usize, Vec::with_capacity(pieces.len()));
    for piece in pieces {
        let need = text::width(piece).min(width);
        if used > 0 && used + need > width {
            (line, used) = (line + 1, 0);
        }
        places.push((line, used as u16));
        used += need + 1;
    }
    let rows = area.height.max(1);
    let skip = places.get(chosen).map_or(0, |p| p.0).saturating_sub(rows - 1);
    for (i, (piece, (line, x))) in pieces.iter().zip(&places).enumerate() {
        if (skip..skip + rows).contains(line) {
            let words = text::fit(piece, width);
            buf.set_stringn(area.x + x, area.y + line - skip, words, width, style(i));
        }
    }
    if let Some(hidden) = pieces.len().checked_sub(1).filter(|_| line >= rows)
        && width > 12
    {
        let words = format!(" {}/{} → ", chosen + 1, hidden + 1);
        let x = area.right().saturating_sub(text::width(&words) as u16);
        buf.set_string(x, area.y + rows - 1, words, style(usize::MAX));
    }
}

fn skip_cells(value: &str, cells: usize) -> String {
    let mut used = 0;
    value
        .chars()
        .skip_while(|c| {
            let skip = used < cells;
            used += text::width(c.encode_utf8(&mut [0; 4]));
            skip
        })
        .collect()
}

fn draw_options(field: &Field, area: Rect, buf: &mut Buffer, theme: &Theme) -> u16 {
    let Kind::List(options) = &field.kind else { return area.y };
    let rows = (LIST_ROWS.min(area.height)) as usize;
    let top = (field.chosen + 1).saturating_sub(rows);
    for (n, (i, (_, words))) in options.iter().enumerate().skip(top).take(rows).enumerate() {
        let on = i == field.chosen;
        let number = if i < 9 { format!("{} ", i + 1) } else { "  ".into() };
        let line = format!(
            "{}{number}{}",
            if on { "▸" } else { " " },
            text::fit(words, (area.width as usize).saturating_sub(4))
        );
        let style = theme.style(if on { Role::Selected } else { Role::Normal });
        buf.set_stringn(area.x, area.y + n as u16, text::left(&line, area.width as usize), area.width as usize, style);
    }
    area.y + rows as u16
}
