//! What a scan field takes: the grammar of what is typed, our own labels, commands on a laminated sheet, retail check
//! digits. Pure: whether a code is known is for the caller to find out ([`crate::domain::gs1`] reads GS1 codes).

use super::locale;
use super::quantity::Qty;

/// A run of more digits than this is a code, never a quantity: 13 digits are not four thousand billion pieces.
pub const QUANTITY_DIGITS: usize = 5;
/// The longest line that is read; scanners send at most a few hundred characters.
const LONGEST: usize = 500;

/// What one line of a scan field says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// Nothing was typed.
    Nothing,
    /// `14`: it is 14 of the item above. `0`: none here. `3x12`: 36.
    Quantity(Qty),
    /// `+2`: two more of the item above.
    Add(Qty),
    /// `2 b`: two of the item above are bad. With words behind it, why.
    Bad(Qty, Option<String>),
    /// `=`: as many as were asked for.
    Rest,
    /// `12*`: the next scan counts 12. With a code behind it, that scan.
    Times(Qty, Option<String>),
    /// `-`: take back the last.
    TakeBack,
    /// `..`: the bin or the delivery is done.
    Done,
    /// A code as a scanner sends it, or typed: to be looked up.
    Code(String),
    /// Words: a code if one is known, else to find by name.
    Words(String),
}

/// Why a line cannot be read, for the person who typed it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unread(pub String);

fn unread(words: impl Into<String>) -> Unread {
    Unread(words.into())
}

/// Reads a line that was typed. Digits are a quantity only while an item stands `above`.
pub fn typed(line: &str, above: bool) -> Result<Entry, Unread> {
    let text: String = line.trim().chars().take(LONGEST).collect();
    match text.as_str() {
        "" => return Ok(Entry::Nothing),
        "-" => return Ok(Entry::TakeBack),
        ".." => return Ok(Entry::Done),
        "=" => return Ok(Entry::Rest),
        _ => {}
    }
    if let Some(entry) = command(&text) {
        return Ok(entry);
    }
    if let Some(rest) = text.strip_prefix('+')
        && let Some(more) = figure(rest)?
    {
        return Ok(Entry::Add(more));
    }
    if let Some(rest) = text.strip_prefix('-')
        && let Some(figure) = figure(rest)?
    {
        let figure = locale::here().quantity(figure);
        return Err(unread(format!(
            "-{figure} says too little: - takes the last one back, and a figure says how many there are."
        )));
    }
    if let Some((times, rest)) = text.split_once('*')
        && let Some(n) = figure(times)?
    {
        let code = Some(rest.trim()).filter(|c| !c.is_empty()).map(String::from);
        return times_of(n, code);
    }
    if let Some((packs, each)) = text.split_once(['x', 'X', '×'])
        && let (Some(packs), Some(each)) = (figure(packs)?, figure(each)?)
    {
        let product = packs.checked_mul(each).filter(|q| *q <= Qty::units(99_999));
        return product.map(Entry::Quantity).ok_or_else(|| unread(format!("{text} is more than lies on any shelf.")));
    }
    if let Some((n, why)) = text.split_once(['b', 'B'])
        && let Some(bad) = figure(n)?
        && (why.is_empty() || why.starts_with(' '))
    {
        return Ok(Entry::Bad(bad, Some(why.trim()).filter(|w| !w.is_empty()).map(String::from)));
    }
    // Nobody writes a figure with zeros before it: `00417` is a code, also where an item stands above.
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if digits && text.starts_with('0') && text.bytes().any(|b| b != b'0') {
        return Ok(Entry::Code(text));
    }
    let read = figure(&text);
    match if above { read? } else { read.unwrap_or_default() } {
        Some(quantity) if above || quantity.is_zero() => Ok(Entry::Quantity(quantity)),
        Some(_) => Ok(Entry::Code(text)),
        None if digits => Ok(Entry::Code(text)),
        None if text.contains(|c: char| c.is_alphabetic() && !c.is_ascii()) => Ok(Entry::Words(text)),
        None if is_element_string(&text) => Ok(Entry::Code(text)),
        None => Ok(Entry::Words(text)),
    }
}

fn times_of(n: Qty, code: Option<String>) -> Result<Entry, Unread> {
    if n.is_positive() {
        Ok(Entry::Times(n, code))
    } else {
        Err(unread("0* would count nothing: type 0 for none here."))
    }
}

/// Reads what a scanner sent: never a quantity, whatever it looks like.
pub fn scanned(code: &str) -> Entry {
    let code: String = code.trim_matches([' ', '\r', '\n', '\t']).chars().take(LONGEST).collect();
    if code.is_empty() {
        return Entry::Nothing;
    }
    command(&code).unwrap_or(Entry::Code(code))
}

/// `12`, `0.5`, `0,5`: at most [`QUANTITY_DIGITS`] figures before the point and three behind it; what reads two ways is
/// asked.
fn figure(text: &str) -> Result<Option<Qty>, Unread> {
    let text = text.trim();
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.chars().any(char::is_alphabetic) {
        return Ok(None);
    }
    let text = locale::here().read(text).map_err(Unread)?;
    let whole = text.split('.').next().unwrap_or("");
    Ok(if whole.len() <= QUANTITY_DIGITS { Qty::parse(&text) } else { None })
}

fn is_element_string(text: &str) -> bool {
    text.starts_with('(') || text.starts_with(']') || text.contains('\u{1d}')
}

/// The codes of the laminated sheet: made of letters that sit in the same place on QWERTY, QWERTZ and AZERTY.
pub const COMMANDS: [(&str, &str); 6] = [
    ("DOUNDO", "take back the last"),
    ("DONONE", "none here"),
    ("DOEND", "bin done"),
    ("DOX6", "the next scan counts 6"),
    ("DOX12", "the next scan counts 12"),
    ("DOX24", "the next scan counts 24"),
];

fn command(code: &str) -> Option<Entry> {
    Some(match code.to_ascii_uppercase().as_str() {
        "DOUNDO" => Entry::TakeBack,
        "DONONE" => Entry::Quantity(Qty::ZERO),
        "DOEND" => Entry::Done,
        code => match code.strip_prefix("DOX")?.parse::<i64>() {
            Ok(n @ 1..=999) => Entry::Times(Qty::units(n), None),
            _ => return None,
        },
    })
}

/// What our own labels begin with. The letters sit in the same place on QWERTY, QWERTZ and AZERTY.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Label {
    Bin,
    Item,
    Po,
    /// A person's badge.
    Person,
}

impl Label {
    pub const ALL: [Label; 4] = [Label::Bin, Label::Item, Label::Po, Label::Person];

    pub fn prefix(self) -> &'static str {
        match self {
            Label::Bin => "BIN",
            Label::Item => "IT",
            Label::Po => "PO",
            Label::Person => "US",
        }
    }

    /// The code of a label.
    pub fn of(self, what: &str) -> String {
        format!("{}{what}", self.prefix())
    }
}

/// What a code says if it is one of our labels. A SKU may begin so too: the caller looks which of them is there.
pub fn label(code: &str) -> Option<(Label, &str)> {
    let found = Label::ALL
        .into_iter()
        .find(|l| code.get(..l.prefix().len()).is_some_and(|p| p.eq_ignore_ascii_case(l.prefix())))?;
    let rest = code.get(found.prefix().len()..)?.trim();
    if rest.is_empty() { None } else { Some((found, rest)) }
}

/// What the check digit of a retail number (EAN-8, UPC-A, EAN-13, GTIN-14) says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    /// Not a number with a check digit.
    NoCheck,
    Fits,
    /// It is mistyped or misread: this would be the last digit.
    Wrong(u8),
}

/// Checks the last digit of a retail number.
pub fn check(code: &str) -> Check {
    let digits: Option<Vec<u8>> = code.bytes().map(|b| b.is_ascii_digit().then(|| b - b'0')).collect();
    match digits.as_deref().and_then(|d| d.split_last()) {
        Some((last, body)) if matches!(code.len(), 8 | 12 | 13 | 14) => {
            let expected = check_digit(body);
            if *last == expected { Check::Fits } else { Check::Wrong(expected) }
        }
        _ => Check::NoCheck,
    }
}

/// The digit that follows these: threes and ones from the right, up to the next ten (GS1 General Specifications 7.9).
pub fn check_digit(body: &[u8]) -> u8 {
    let sum: u32 = body.iter().rev().enumerate().map(|(i, d)| u32::from(*d) * if i % 2 == 0 { 3 } else { 1 }).sum();
    ((10 - sum % 10) % 10) as u8
}

/// The ways in which one retail number is written: 8, 12, 13 and 14 digits with zeros before it, as it came first.
pub fn forms(code: &str) -> Vec<String> {
    let mut forms = vec![code.to_string()];
    if matches!(code.len(), 8 | 12 | 13 | 14) && code.bytes().all(|b| b.is_ascii_digit()) {
        let digits = code.trim_start_matches('0');
        for width in [8usize, 12, 13, 14].into_iter().filter(|n| *n >= digits.len()) {
            let form = format!("{digits:0>width$}");
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(text: &str) -> Qty {
        Qty::parse(text).unwrap()
    }

    #[test]
    fn the_grammar_reads_what_a_storekeeper_types() {
        let code = |c: &str| Entry::Code(c.into());
        let cases: &[(&str, bool, Entry)] = &[
            ("", true, Entry::Nothing),
            ("14", true, Entry::Quantity(q("14"))),
            ("2,5", true, Entry::Quantity(q("2.5"))),
            ("00417", true, code("00417")),
            ("00", true, Entry::Quantity(Qty::ZERO)),
            ("0", true, Entry::Quantity(Qty::ZERO)),
            ("0", false, Entry::Quantity(Qty::ZERO)),
            ("14", false, code("14")),
            ("99999", true, Entry::Quantity(q("99999"))),
            ("100000", true, code("100000")),
            ("4006381333931", true, code("4006381333931")),
            ("+2", true, Entry::Add(q("2"))),
            ("-", true, Entry::TakeBack),
            ("..", true, Entry::Done),
            ("12*", false, Entry::Times(q("12"), None)),
            ("12*BEV-002", false, Entry::Times(q("12"), Some("BEV-002".into()))),
            ("3x12", true, Entry::Quantity(q("36"))),
            ("3 x 12", true, Entry::Quantity(q("36"))),
            ("2 b", true, Entry::Bad(q("2"), None)),
            ("2b", true, Entry::Bad(q("2"), None)),
            ("2 b broken glass", true, Entry::Bad(q("2"), Some("broken glass".into()))),
            ("2 bags", true, Entry::Words("2 bags".into())),
            ("=", true, Entry::Rest),
            ("chang", true, Entry::Words("chang".into())),
            ("BEV-002", true, Entry::Words("BEV-002".into())),
            ("(01)04006381333931", true, code("(01)04006381333931")),
            ("doend", true, Entry::Done),
            ("DOX12", true, Entry::Times(q("12"), None)),
        ];
        for (line, above, expected) in cases {
            assert_eq!(typed(line, *above).as_ref(), Ok(expected), "{line}");
        }
        for wrong in ["-3", "0*", "999x999", "1.200", "+1,200", "2.500x3"] {
            assert!(typed(wrong, true).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_scan_is_never_a_quantity() {
        assert_eq!(scanned("12"), Entry::Code("12".into()));
        assert_eq!(scanned("4006381333931\r"), Entry::Code("4006381333931".into()));
        assert_eq!(scanned("DOUNDO"), Entry::TakeBack);
        assert_eq!(scanned(" "), Entry::Nothing);
    }

    #[test]
    fn labels_and_check_digits() {
        assert_eq!(label("BINA1-04"), Some((Label::Bin, "A1-04")));
        assert_eq!(label("bin12"), Some((Label::Bin, "12")));
        assert_eq!(label("ITBEV-002"), Some((Label::Item, "BEV-002")));
        assert_eq!(label("BIN"), None);
        assert_eq!(label("4006381333931"), None);
        assert_eq!(check("4006381333931"), Check::Fits);
        assert_eq!(check("4006381333932"), Check::Wrong(1));
        assert_eq!(check("036000291452"), Check::Fits); // UPC-A
        assert_eq!(check("96385074"), Check::Fits); // EAN-8
        assert_eq!(check("12345"), Check::NoCheck);
        assert_eq!(check("ABCDEFGH"), Check::NoCheck);
        assert!(forms("036000291452").contains(&"0036000291452".to_string()));
        assert_eq!(forms("12"), ["12"]);
    }
}
