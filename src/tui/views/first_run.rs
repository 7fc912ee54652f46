//! How the first run looks: the four choices, a file looked at, the questions and what each changes.

use crate::tui::first_run::{Asked, FirstRun, LATER, Looked, OLD, Page, from_before, keys, meaning};
use crate::tui::form::Form;
use crate::tui::overlay::{footer, lines, title};
use crate::tui::screens::Line;
use crate::tui::table::Cell;
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

const CHOICES: [(&str, &str, &str); 4] = [
    ("1", "Look around a sample warehouse", "nothing you do there is kept"),
    ("2", "Bring in my spreadsheet or shop file", ".xlsx .csv .txt, looked at first"),
    ("3", "Start empty", "and fill it later"),
    ("4", "Open a warehouse file I already have", ""),
];

/// Draws it; answers where the cursor stands.
pub fn draw(first: &FirstRun, area: Rect, buf: &mut Buffer, theme: &Theme, today: NaiveDate) -> Option<Position> {
    buf.set_style(area, theme.style(Role::Normal));
    if first.help {
        help(&first.page, area, buf, theme);
        return None;
    }
    let cursor = match &first.page {
        Page::Choose => {
            choose(first, area, buf, theme);
            None
        }
        Page::Pick(picker) => picker.draw(area, buf, theme),
        Page::Looked(looked) => {
            file(looked, area, buf, theme);
            None
        }
        Page::Questions { form, asked } => questions(form, asked, area, buf, theme, today),
    };
    let said = first.working.as_deref().or(first.said.as_deref());
    if let Some(said) = said {
        let y = area.bottom().saturating_sub(3);
        for (n, line) in text::wrap(said, area.width.saturating_sub(4) as usize).iter().take(2).enumerate() {
            buf.set_string(area.x + 1, y + n as u16, line, theme.style(Role::Title));
        }
    }
    if first.working.is_some() { None } else { cursor }
}

fn help(page: &Page, area: Rect, buf: &mut Buffer, theme: &Theme) {
    title(area, buf, theme, "Keys");
    let width = (area.width as usize).saturating_sub(17);
    let described = |(key, words): &(&str, &str)| -> Vec<Line> {
        let key = |n: usize| text::left(if n == 0 { key } else { "" }, 12);
        let wrapped = text::wrap(words, width).into_iter().enumerate();
        wrapped.map(|(n, words)| vec![Cell::with(key(n), Role::Key), Cell::plain(words)]).collect()
    };
    let mut all: Vec<Line> = keys(page).iter().flat_map(described).collect();
    all.push(plain(""));
    all.push(vec![Cell::with("Later, on every screen", Role::Title)]);
    all.extend(LATER.iter().flat_map(described));
    let room = Rect { y: area.y + 2, height: area.height.saturating_sub(4), ..area };
    lines(room, buf, theme, &all);
    footer(area, buf, theme, "any key goes back", "Esc back");
}

fn plain(words: &str) -> Line {
    vec![Cell::plain(words)]
}

fn wrapped(words: &str, width: usize) -> Vec<Line> {
    text::wrap(words, width).iter().map(|l| plain(l)).collect()
}

fn choose(first: &FirstRun, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let width = area.width.saturating_sub(6) as usize;
    let mut all: Vec<Line> = vec![
        vec![Cell::with("backshelf", Role::Title)],
        plain("Your stock, the orders that wait, whom to call and what to buy."),
        plain(""),
        plain("There is no warehouse on this computer yet."),
        plain(""),
    ];
    for (key, words, more) in CHOICES {
        let room = width >= 39 + text::width(more);
        let words = format!("  {}", text::left(words, if room { 38 } else { text::width(words) }));
        let more = if room { more } else { "" };
        all.push(vec![Cell::with(key, Role::Key), Cell::plain(words), Cell::with(more, Role::Quiet)]);
    }
    all.push(plain(""));
    all.push(plain("The warehouse is one file. It will be here:"));
    all.push(vec![Cell::plain(text::fit(&first.place, width))]);
    let copies = "A copy is made every day beside it; tell me a USB stick or NAS folder and I keep a second one there.";
    all.extend(wrapped(copies, width.min(76)));
    let x = area.x + 2;
    let from = Rect { x, y: area.y + 1, width: area.width.saturating_sub(2), height: area.height.saturating_sub(2) };
    lines(from, buf, theme, &all);
    footer(area, buf, theme, "1-4 choose  ? keys", "q leave");
}

fn file(looked: &Looked, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let width = area.width.saturating_sub(4) as usize;
    title(area, buf, theme, &format!("Bring in  {}", looked.path));
    let mut all: Vec<Line> = Vec::new();
    if !looked.recognised.is_empty() {
        all.push(plain(&format!("Recognised as {}.", looked.recognised)));
        all.push(plain(""));
    }
    let coming = text::plural(looked.rows, "row");
    match looked.rows {
        0 => all.push(plain("Nothing of it can come in.")),
        1 => all.push(plain("1 row would come in:")),
        _ => all.push(plain(&format!("{coming} would come in:"))),
    }
    all.extend(looked.lines.iter().map(|l| plain(&format!("  {}", text::clip(l, width)))));
    if looked.bad > 0 {
        all.push(plain(""));
        let not = if looked.bad == 1 { "does" } else { "do" };
        all.push(plain(&format!("{} {not} not, and you can see why:", text::plural(looked.bad, "row"))));
        all.extend(looked.problems.iter().map(|p| plain(&format!("  {}", text::clip(p, width)))));
    }
    all.push(plain(""));
    all.push(plain("Nothing is saved yet; later u takes it back as a whole."));
    let room = Rect { y: area.y + 2, height: area.height.saturating_sub(6), ..area };
    lines(room, buf, theme, &all);
    let keys = if looked.rows > 0 { format!("F8 bring in {coming}") } else { String::new() };
    footer(area, buf, theme, &keys, "Esc another file");
}

/// The questions take no more columns.
const WIDEST: u16 = 100;

fn questions(
    form: &Form,
    asked: &Asked,
    area: Rect,
    buf: &mut Buffer,
    theme: &Theme,
    today: NaiveDate,
) -> Option<Position> {
    // On a wide screen what is said beside a field stands near it.
    let whole = area;
    let area = Rect { width: area.width.min(WIDEST), ..area };
    let asks = form.fields.iter().filter(|f| !f.hidden).count();
    title(whole, buf, theme, &format!("Before you start: {}", text::plural(asks, "question")));
    let asks_old = form.field(OLD).is_some_and(|f| !f.hidden);
    // The question about old orders stands below its sentence; the fields before it above.
    let upper = form.height().saturating_sub(u16::from(asks_old));
    let tall = u16::from(area.height >= 24);
    let mut y = area.y + 1 + tall;
    let foot = area.bottom().saturating_sub(4);
    let fields = Rect { y, height: upper.min(foot.saturating_sub(y)), ..area };
    let mut cursor = None;
    if asks_old {
        let mut above = form.clone();
        let mut below = form.clone();
        if let Some(field) = above.field_mut(OLD) {
            field.hidden = true;
        }
        below.fields.iter_mut().take(OLD).for_each(|f| f.hidden = true);
        let on_old = form.focus() == OLD;
        let shown = if on_old { unfocused(above) } else { above };
        cursor = shown.draw(fields, buf, theme, today).or(cursor);
        y += upper + tall;
        let words = from_before(asked.old);
        y = lines(Rect { y, height: foot.saturating_sub(y), ..area }, buf, theme, &[plain(&words)]);
        let shown = if on_old { below } else { unfocused(below) };
        shown.draw(Rect { y, height: 1, ..area }, buf, theme, today);
        y += 1;
    } else {
        cursor = form.draw(fields, buf, theme, today).or(cursor);
        y += upper;
    }
    y += tall;
    form.draw_buttons(Rect { y, height: 1, ..area }, buf, theme);
    y += 1 + tall;
    title(Rect { y, height: 1, ..area }, buf, theme, "what this means");
    y += 1;
    let width = area.width.saturating_sub(3) as usize;
    let means: Vec<Line> = meaning(form, asked).iter().flat_map(|m| wrapped(m, width)).collect();
    lines(Rect { y, height: area.bottom().saturating_sub(3).saturating_sub(y), ..area }, buf, theme, &means);
    footer(whole, buf, theme, "Tab next field   F8 or Enter on [Start]", "Ctrl-C leave");
    cursor
}

fn unfocused(mut form: Form) -> Form {
    form.set_focus(form.fields.len());
    form
}
