//! Text in cells of one width: measured, cut, padded, broken into lines; always made visible-safe first. A screen and a
//! page of paper both have such cells.

use super::text::visible;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns that the text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `cells` columns; what does not fit is left out of its **middle**, where names differ least.
pub fn fit(text: &str, cells: usize) -> String {
    let text = visible(text);
    if width(&text) <= cells {
        return text.into_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let room = cells - 1; // for the ellipsis
    let head = take(text.graphemes(true), room.div_ceil(2));
    let tail: Vec<&str> = take(text.graphemes(true).rev(), room - width(&head.concat()));
    let mut out = head.concat();
    out.push('…');
    out.extend(tail.into_iter().rev());
    out
}

/// The text in at most `cells` columns, cut at its end: for sentences, which are read from the left.
pub fn clip(text: &str, cells: usize) -> String {
    let text = visible(text);
    if width(&text) <= cells {
        return text.into_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let mut out = take(text.graphemes(true), cells - 1).concat();
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

fn take<'a>(graphemes: impl Iterator<Item = &'a str>, cells: usize) -> Vec<&'a str> {
    let mut used = 0;
    graphemes
        .take_while(|g| {
            used += width(g);
            used <= cells
        })
        .collect()
}

/// Padded on the right to exactly `cells`.
pub fn left(text: &str, cells: usize) -> String {
    let mut out = fit(text, cells);
    let missing = cells.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// Padded on the left to exactly `cells`.
pub fn right(text: &str, cells: usize) -> String {
    let text = fit(text, cells);
    let missing = cells.saturating_sub(width(&text));
    format!("{}{text}", " ".repeat(missing))
}

/// Lines of at most `cells` columns, broken at blanks; a word longer than a line is cut into pieces.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let text = visible(text);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word;
        loop {
            let line = lines.last_mut().expect("a line is always there: made above, never removed");
            let gap = usize::from(!line.is_empty());
            if width(line) + gap + width(word) <= cells {
                if gap == 1 {
                    line.push(' ');
                }
                line.push_str(word);
                break;
            }
            if line.is_empty() {
                let piece = take(word.graphemes(true), cells.max(2)).concat();
                word = word.get(piece.len()..).unwrap_or("");
                line.push_str(&piece);
                if word.is_empty() {
                    break;
                }
            }
            lines.push(String::new());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_in_the_middle() {
        assert_eq!(fit("Gorgonzola Telino", 16), "Gorgonzo… Telino");
        assert_eq!(fit("Outback Lager 24 x 355 ml", 24), "Outback Lage…24 x 355 ml");
        assert_eq!(fit("short", 24), "short");
        assert_eq!(width(&fit("日本語の長い名前です", 9)), 9);
        assert_eq!(fit("anything", 0), "");
        assert_eq!(right("abc", 5), "  abc");
    }

    #[test]
    fn lines_break_at_blanks_and_never_run_over() {
        for cells in 2..30 {
            for line in wrap("17 in A1-04, all reserved: SO-1042 14, averyveryverylongcodewithoutablank 3.", cells) {
                assert!(width(&line) <= cells, "{line:?} in {cells}");
            }
        }
    }
}
