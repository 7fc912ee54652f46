//! A message as it goes out: lines of the law, which cannot be changed, and lines of a person, which can.

use super::facts::clean;
use crate::domain::text::visible;

/// Stands before the lines of the law, on the screen and in the editor.
pub const BAR: char = '▌';

/// One line; an empty one parts paragraphs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub text: String,
    /// Made by the program, of legal effect.
    pub law: bool,
}

impl Row {
    pub fn law(text: &str) -> Row {
        Row { text: text.to_string(), law: true }
    }
    pub fn own(text: &str) -> Row {
        Row { text: text.to_string(), law: false }
    }
    pub fn blank() -> Row {
        Row::own("")
    }
}

/// A message, filled in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Written {
    /// Empty for a phone script.
    pub subject: String,
    pub rows: Vec<Row>,
    /// The template of the first group: `en/delay`, and the version of its text.
    pub template: String,
    pub version: String,
    /// What the person should know: another language was asked for, a template was not used.
    pub notes: Vec<String>,
    /// What came from data: words in it do not count as the message's own.
    pub data: Vec<String>,
    /// A notice under the us rule is among it.
    pub bars_offers: bool,
    /// The words that it may then not carry.
    pub barred: Vec<String>,
}

/// A line of such a length is a paragraph of its own; longer ones are cut by no honest person.
const LONGEST_LINE: usize = 4_000;
const MOST_LINES: usize = 400;

impl Written {
    /// The words as they are sent, recorded or said.
    pub fn text(&self) -> String {
        self.rows.iter().map(|r| r.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// In one run, for a script.
    pub fn spoken(&self) -> String {
        self.rows.iter().map(|r| r.text.as_str()).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The sentences of the law in it.
    pub fn laws(&self) -> Vec<String> {
        self.rows.iter().filter(|r| r.law).map(|r| r.text.clone()).collect()
    }

    /// The word of advertising that a person's line or the subject holds where none may be.
    pub fn advertising(&self) -> Option<String> {
        let found = || advertising(&self.subject, &self.rows, &self.data, &self.barred);
        if self.bars_offers { found() } else { None }
    }

    /// As it is given to an editor: the subject, a blank line, the lines, those of the law behind a bar.
    pub fn for_editor(&self) -> String {
        let lines = self.rows.iter().map(|r| if r.law { format!("{BAR} {}", r.text) } else { r.text.clone() });
        format!("Subject: {}\n\n{}\n", self.subject, lines.collect::<Vec<_>>().join("\n"))
    }

    /// What came back from the editor. Lines of the law that were changed, moved out or lost are put back in their
    /// order; answers how many.
    pub fn edited(&self, text: &str) -> (Written, usize) {
        let text = text.replace("\r\n", "\n");
        let (subject, body) = match text.strip_prefix("Subject:") {
            Some(rest) => rest.split_once('\n').unwrap_or((rest, "")),
            None => (self.subject.as_str(), text.as_str()),
        };
        let rows = read_back(body.trim_start_matches('\n'));
        let laws = self.laws();
        let kept = rows.iter().filter(|r| r.law && laws.contains(&r.text)).count();
        let rows = put_back(rows, &laws);
        let subject = clean(subject);
        let subject = if subject.is_empty() { self.subject.clone() } else { subject };
        let written = Written { subject, rows: super::template::tidy(rows), ..self.clone() };
        (written, laws.len().saturating_sub(kept))
    }
}

/// The lines of an edited text; those behind a bar are the law's, and lines behind bars that follow each other may be
/// one that an editor wrapped.
fn read_back(body: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in body.lines().take(MOST_LINES) {
        let line: String =
            line.trim_end().chars().take(LONGEST_LINE).map(|c| if c == '\t' { ' ' } else { c }).collect();
        match line.trim_start().strip_prefix(BAR) {
            Some(law) => rows.push(Row::law(law.trim())),
            None => rows.push(Row::own(&visible(&line))),
        }
    }
    rows
}

/// The lines with every sentence of the law once, unchanged, in its order.
fn put_back(rows: Vec<Row>, laws: &[String]) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    let mut next = 0;
    let mut held = rows.into_iter().peekable();
    while let Some(row) = held.next() {
        if !row.law {
            out.push(row);
            continue;
        }
        // An editor may have wrapped it: as many barred lines as make up the sentence.
        let mut said = row.text;
        while !laws.iter().skip(next).any(|l| *l == said)
            && laws.iter().skip(next).any(|l| l.starts_with(&said))
            && let Some(more) = held.next_if(|r| r.law)
        {
            said = format!("{said} {}", more.text);
        }
        if let Some(at) = laws.iter().skip(next).position(|l| *l == said) {
            // Those that should have stood before it.
            out.extend(laws.iter().skip(next).take(at + 1).map(|l| Row::law(l)));
            next += at + 1;
        }
    }
    // What is lost at the end goes behind the last of the law, else before what closes the message.
    let lost: Vec<Row> = laws.iter().skip(next).map(|l| Row::law(l)).collect();
    let at = match out.iter().rposition(|r| r.law) {
        Some(last) => last + 1,
        None => out.iter().position(|r| r.text.is_empty()).map_or(out.len(), |blank| blank + 1),
    };
    out.splice(at..at, lost);
    out
}

/// The first advertising word in the lines that are not the law's, and the subject; what came from data is left out.
pub(super) fn advertising(subject: &str, rows: &[Row], data: &[String], words: &[String]) -> Option<String> {
    let own = rows.iter().filter(|r| !r.law).map(|r| r.text.as_str());
    let mut text = own.chain([subject]).collect::<Vec<_>>().join("\n");
    let mut data: Vec<&String> = data.iter().collect();
    data.sort_by_key(|d| std::cmp::Reverse(d.len()));
    for known in data.into_iter().filter(|d| d.chars().count() > 2) {
        text = text.replace(known.as_str(), " · ");
    }
    let text = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    words.iter().find(|w| text.contains(w.as_str())).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Written {
        Written {
            subject: "Your order".into(),
            rows: vec![
                Row::own("Dear M,"),
                Row::blank(),
                Row::law("It is late. The new date is 8 December."),
                Row::own("Our supplier is late."),
                Row::law("You can cancel now."),
                Row::law("Silence is a yes."),
                Row::own("M. Baker, voucher shop"),
            ],
            data: vec!["M. Baker, voucher shop".into()],
            bars_offers: true,
            barred: vec!["voucher".into()],
            ..Written::default()
        }
    }

    #[test]
    fn what_is_not_touched_stays() {
        let (same, back) = mail().edited(&mail().for_editor());
        assert_eq!((same, back), (mail(), 0));
    }

    #[test]
    fn the_law_is_put_back_and_the_rest_is_the_persons() {
        let text = mail().for_editor();
        let edited = text
            .replace("▌ You can cancel now.\n", "")
            .replace("8 December", "8 March")
            .replace("Our supplier is late.", "The ship left late.\u{1b}[2J")
            .replace("Subject: Your order", "Subject: Hello\u{202e}");
        let (mail, back) = mail().edited(&edited);
        assert_eq!(back, 2);
        assert_eq!(mail.subject, "Hello\u{fffd}");
        let text = mail.text();
        assert_eq!(
            mail.laws(),
            ["It is late. The new date is 8 December.", "You can cancel now.", "Silence is a yes."]
        );
        assert!(text.contains("The ship left late.\u{fffd}[2J") && !text.contains("March"), "{text}");
        let (empty, back) = self::mail().edited("");
        assert_eq!((empty.laws().len(), back), (3, 3));
    }

    #[test]
    fn a_law_that_the_editor_wrapped_is_still_the_law() {
        let wrapped = mail().for_editor().replace("late. The new", "late. The\n▌ new");
        let (same, _) = mail().edited(&wrapped);
        assert_eq!(same.rows, mail().rows);
    }

    #[test]
    fn advertising_is_found_in_a_persons_words_and_not_in_names() {
        assert_eq!(mail().advertising(), None);
        let (selling, _) =
            mail().edited(&mail().for_editor().replace("Our supplier", "A VOUCHER instead? Our supplier"));
        assert_eq!(selling.advertising().as_deref(), Some("voucher"));
    }
}
