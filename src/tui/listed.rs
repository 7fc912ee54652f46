//! A list on the screen, as a file and paper take it. Every tab and everything that opens above one says what its list is
//! ([`crate::tui::overlay::Overlay::listed`]): a new one cannot be forgotten, it does not compile.

use super::screens::Line;
use crate::worker::office::{Shown, Whole};

/// A list, what its file is called, and where all of it comes from.
#[derive(Clone, Debug)]
pub struct Listed {
    /// What it is called: the heading on paper, the beginning of the file's name.
    pub name: String,
    pub shown: Shown,
    /// Where all of it is read from, where the screen may hold a part.
    pub whole: Option<Whole>,
    /// What stands on paper, where that is not the list as a table.
    pub page: Option<Vec<String>>,
}

impl Listed {
    pub fn new(name: impl Into<String>, shown: Shown) -> Listed {
        Listed { name: name.into(), shown, whole: None, page: None }
    }

    /// A list whose cells were written for machines; those columns hold figures.
    pub fn of(name: impl Into<String>, columns: &[&'static str], rows: Vec<Vec<String>>, figures: &[&str]) -> Listed {
        Listed::new(name, Shown::of(columns.to_vec(), rows, figures))
    }

    /// Lines to read: on paper as they stand, in a table one below the other.
    pub fn read(name: impl Into<String>, lines: Vec<String>) -> Listed {
        let rows = lines.iter().filter(|l| !l.trim().is_empty()).map(|l| vec![l.trim().to_string()]).collect();
        Listed::of(name, &["line"], rows, &[]).on_paper(lines)
    }

    /// All of it is read from there.
    pub fn all_of(self, whole: Option<Whole>) -> Listed {
        Listed { whole, ..self }
    }

    /// On paper it is these lines.
    pub fn on_paper(self, lines: Vec<String>) -> Listed {
        Listed { page: Some(lines), ..self }
    }

    /// The name as a file may be called everywhere: `figures-of-exotic-liquids`.
    pub fn file_name(&self) -> String {
        let plain = |c: char| if c.is_alphanumeric() { c.to_lowercase().next().unwrap_or(c) } else { '-' };
        let name: String = self.name.chars().map(plain).collect();
        let parts: Vec<&str> = name.split('-').filter(|part| !part.is_empty()).collect();
        let short: String = parts.join("-").chars().take(LONGEST).collect();
        if short.is_empty() { "list".into() } else { short.trim_end_matches('-').to_string() }
    }
}

/// Letters of a file's name.
const LONGEST: usize = 48;

/// Lines of pieces as one reads them.
pub fn words(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| line.iter().map(|cell| cell.text.as_str()).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_its_list_whatever_that_is_called() {
        let named = |name: &str| Listed::read(name, Vec::new()).file_name();
        assert_eq!(named("Figures of A/S Møller & Co."), "figures-of-a-s-møller-co");
        assert_eq!(named("../etc"), "etc");
        assert_eq!(named("--"), "list");
        assert_eq!(named(&"long ".repeat(40)).len(), 48);
    }
}
