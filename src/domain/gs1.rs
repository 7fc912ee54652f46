//! GS1 element strings: what a carton's or a medicine's code says besides the item. Bracketed, `(01)04006381333931(37)12`,
//! or as scanners send them, with FNC1 as GS (0x1D) between elements and perhaps an AIM identifier before them.
//! Application identifiers (AI) and their lengths: GS1 General Specifications, section 3.

use super::quantity::Qty;
use super::scan::{Check, check};
use chrono::{Datelike, NaiveDate};

/// FNC1 as scanners send it.
pub const GS: char = '\u{1d}';
/// What scanners may send before a GS1 code: GS1-128, GS1 DataMatrix, GS1 QR, GS1 DataBar.
const AIM: [&str; 4] = ["]C1", "]d2", "]Q3", "]e0"];

/// What a code says, as far as it matters in a warehouse. Other elements are passed over.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Elements {
    /// AI 01: the item, or the pack, that bears the code. 14 digits.
    pub gtin: Option<String>,
    /// AI 02: the item that lies in this logistic unit; AI 37 says how many. 14 digits.
    pub content: Option<String>,
    /// AI 37: how many of `content`.
    pub count: Option<u32>,
    /// AI 10.
    pub batch: Option<String>,
    /// AI 11: made on.
    pub made_on: Option<NaiveDate>,
    /// AI 15: best before.
    pub best_before: Option<NaiveDate>,
    /// AI 17: not after.
    pub expires_on: Option<NaiveDate>,
    /// AI 21.
    pub serial: Option<String>,
    /// AI 310n: net weight in kilograms, to the gram.
    pub weight: Option<Qty>,
}

/// Why a code that looks like GS1 cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It is not a GS1 element string at all.
    NotGs1,
    /// An element is too short, has a wrong check digit, or a date that is none: mistyped or misread.
    Broken(String),
}

/// Reads an element string; `today` tells the century of its two-digit years.
pub fn read(code: &str, today: NaiveDate) -> Result<Elements, Fault> {
    let (marked, body) = match AIM.iter().find_map(|aim| code.strip_prefix(aim)) {
        Some(rest) => (true, rest),
        None => (code.contains(GS), code),
    };
    let body = body.trim_start_matches(GS);
    let mut out = Elements::default();
    if body.starts_with('(') {
        for part in body.split('(').skip(1) {
            let Some((ai, value)) = part.split_once(')') else { return Err(broken("a bracket is not closed")) };
            if !(2..=4).contains(&ai.len()) || !ai.bytes().all(|b| b.is_ascii_digit()) {
                return Err(Fault::NotGs1);
            }
            out.take(ai, value.trim(), today)?;
        }
    } else if marked || begins_like_one(body) {
        out.take_all(body, today)?;
    } else {
        return Err(Fault::NotGs1);
    }
    if out.gtin.is_none() && out.content.is_none() && out == Elements::default() { Err(Fault::NotGs1) } else { Ok(out) }
}

/// Without an identifier or a separator only a GTIN that is right, with something behind it, tells a GS1 code.
fn begins_like_one(body: &str) -> bool {
    let Some(gtin) = body.strip_prefix("01").or_else(|| body.strip_prefix("02")).and_then(|b| b.get(..14)) else {
        return false;
    };
    body.is_ascii() && body.len() > 16 && check(gtin) == Check::Fits
}

fn broken(why: impl Into<String>) -> Fault {
    Fault::Broken(why.into())
}

/// The digits of an AI, by its first two.
fn ai_length(two: u8) -> usize {
    match two {
        0..=22 | 30 | 37 | 90..=99 => 2,
        31..=36 | 39 | 43 | 70 | 72 | 80..=82 => 4,
        _ => 3,
    }
}

/// The length of the value where the AI's first two digits fix it; such elements need no separator behind them.
fn fixed_length(two: u8) -> Option<usize> {
    Some(match two {
        0 => 18,
        1..=3 => 14,
        4 => 16,
        11..=19 => 6,
        20 => 2,
        31..=36 => 6,
        41 => 13,
        _ => return None,
    })
}

impl Elements {
    fn take_all(&mut self, mut body: &str, today: NaiveDate) -> Result<(), Fault> {
        while !body.is_empty() {
            let two: u8 = body.get(..2).and_then(|t| t.parse().ok()).ok_or_else(|| broken("it breaks off"))?;
            let length = ai_length(two);
            let ai = body.get(..length).filter(|ai| ai.bytes().all(|b| b.is_ascii_digit()));
            let ai = ai.ok_or_else(|| broken("it breaks off"))?;
            let rest = body.get(length..).unwrap_or("");
            let end = match fixed_length(two) {
                Some(n) => n,
                None => rest.find(GS).unwrap_or(rest.len()),
            };
            let value = rest.get(..end).filter(|v| !v.contains(GS));
            let value = value.ok_or_else(|| broken(format!("({ai}) is too short")))?;
            self.take(ai, value, today)?;
            body = rest.get(end..).unwrap_or("").trim_start_matches(GS);
        }
        Ok(())
    }

    fn take(&mut self, ai: &str, value: &str, today: NaiveDate) -> Result<(), Fault> {
        match ai {
            "01" => self.gtin = Some(gtin(ai, value)?),
            "02" => self.content = Some(gtin(ai, value)?),
            "37" => {
                let count = Some(value).filter(|v| (1..=8).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_digit()));
                let count = count.and_then(|v| v.parse().ok());
                self.count = Some(count.ok_or_else(|| broken(format!("(37){value} is not a count")))?);
            }
            "10" => self.batch = Some(text(ai, value)?),
            "21" => self.serial = Some(text(ai, value)?),
            "11" => self.made_on = Some(date(ai, value, today)?),
            "15" => self.best_before = Some(date(ai, value, today)?),
            "17" => self.expires_on = Some(date(ai, value, today)?),
            _ if ai.len() == 4 && ai.starts_with("310") => self.weight = Some(weight(ai, value)?),
            _ => {}
        }
        Ok(())
    }

    /// Batch, dates and serial in words, for the movement or count that they belong to; `None` without any.
    pub fn note(&self) -> Option<String> {
        let mut parts = Vec::new();
        let mut say = |word: &str, value: Option<String>| parts.extend(value.map(|v| format!("{word} {v}")));
        say("batch", self.batch.clone());
        say("made", self.made_on.map(|d| d.to_string()));
        say("best before", self.best_before.map(|d| d.to_string()));
        say("not after", self.expires_on.map(|d| d.to_string()));
        say("serial", self.serial.clone());
        if parts.is_empty() { None } else { Some(parts.join(", ")) }
    }

    /// The elements in the bracketed form.
    pub fn bracketed(&self) -> String {
        self.written(|ai, value, _| format!("({ai}){value}"), "")
    }

    /// The elements as a scanner sends them: separators behind those of no fixed length.
    pub fn with_separators(&self) -> String {
        let text = self.written(|ai, value, open| format!("{ai}{value}{}", if open { "\u{1d}" } else { "" }), "]C1");
        text.trim_end_matches(GS).to_string()
    }

    fn written(&self, one: impl Fn(&str, &str, bool) -> String, begin: &str) -> String {
        let day = |d: &NaiveDate| format!("{:02}{:02}{:02}", d.year().rem_euclid(100), d.month(), d.day());
        let mut out = String::from(begin);
        let mut add = |ai: &str, value: Option<String>, open: bool| {
            out.push_str(&value.map(|v| one(ai, &v, open)).unwrap_or_default());
        };
        add("01", self.gtin.clone(), false);
        add("02", self.content.clone(), false);
        add("11", self.made_on.as_ref().map(day), false);
        add("15", self.best_before.as_ref().map(day), false);
        add("17", self.expires_on.as_ref().map(day), false);
        add("3103", self.weight.map(|w| format!("{:06}", w.thousandths())), false);
        add("10", self.batch.clone(), true);
        add("21", self.serial.clone(), true);
        add("37", self.count.map(|n| n.to_string()), true);
        out
    }
}

fn gtin(ai: &str, value: &str) -> Result<String, Fault> {
    match check(value) {
        Check::Fits if value.len() == 14 => Ok(value.to_string()),
        Check::Wrong(digit) if value.len() == 14 => {
            Err(broken(format!("the last digit of ({ai}){value} would have to be {digit}")))
        }
        _ => Err(broken(format!("({ai}) needs 14 digits"))),
    }
}

/// Batch and serial: at most 20 characters of GS1's set 82.
fn text(ai: &str, value: &str) -> Result<String, Fault> {
    let fits = (1..=20).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(value.to_string()) } else { Err(broken(format!("({ai}) has no text of 1 to 20 characters"))) }
}

/// Net weight: six digits of which the AI's last says how many are decimals. Under a gram is rounded.
fn weight(ai: &str, value: &str) -> Result<Qty, Fault> {
    let wrong = || broken(format!("({ai}){value} is not a weight"));
    let decimals = ai.bytes().last().map(|b| u32::from(b.wrapping_sub(b'0'))).filter(|d| *d <= 5).ok_or_else(wrong)?;
    let digits = Some(value).filter(|v| v.len() == 6 && v.bytes().all(|b| b.is_ascii_digit())).ok_or_else(wrong)?;
    let scale = 10i64.pow(decimals);
    let figure: i64 = digits.parse().map_err(|_| wrong())?;
    Ok(Qty::from_thousandths((figure * 1000 + scale / 2) / scale))
}

/// YYMMDD; day 00 is the month's last. A year more than 50 ahead is of the last century, 50 or more back of the next.
fn date(ai: &str, value: &str, today: NaiveDate) -> Result<NaiveDate, Fault> {
    let wrong = || broken(format!("({ai}){value} is not a date"));
    let digits = Some(value).filter(|v| v.len() == 6 && v.bytes().all(|b| b.is_ascii_digit())).ok_or_else(wrong)?;
    let part = |from: usize| digits.get(from..from + 2).and_then(|t| t.parse::<i32>().ok()).unwrap_or(0);
    let this = today.year();
    let ahead = part(0) - this.rem_euclid(100);
    let century = this - this.rem_euclid(100)
        + if ahead >= 51 {
            -100
        } else if ahead <= -50 {
            100
        } else {
            0
        };
    let (year, month, day) = (century + part(0), part(2) as u32, part(4) as u32);
    let last = || {
        let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        NaiveDate::from_ymd_opt(next.0, next.1, 1).and_then(|d| d.pred_opt()).filter(|_| (1..=12).contains(&month))
    };
    let found = if day == 0 { last() } else { NaiveDate::from_ymd_opt(year, month, day) };
    found.ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }
    fn today() -> NaiveDate {
        d("2026-11-23")
    }

    #[test]
    fn a_cartons_label_says_what_and_how_many() {
        let expected = Elements {
            content: Some("04006381333931".into()),
            count: Some(24),
            batch: Some("L42/7".into()),
            best_before: Some(d("2027-02-28")),
            ..Elements::default()
        };
        for code in [
            "(02)04006381333931(15)270200(37)24(10)L42/7",
            "]C102040063813339311527020010L42/7\u{1d}3724",
            "02040063813339311527020010L42/7\u{1d}3724",
        ] {
            assert_eq!(read(code, today()).as_ref(), Ok(&expected), "{code:?}");
        }
        assert_eq!(expected.note().unwrap(), "batch L42/7, best before 2027-02-28");
    }

    /// Element strings as GS1 itself prints them in its guides: a fresh food label, a carton, a tray by weight.
    #[test]
    fn published_examples_read_as_they_are_explained() {
        let read = |code: &str| read(code, today()).unwrap();
        let food = read("]e001095011015300031714070410AB-123");
        assert_eq!(food.gtin.as_deref(), Some("09501101530003"));
        assert_eq!((food.expires_on, food.batch.as_deref()), (Some(d("2014-07-04")), Some("AB-123")));
        assert_eq!(read("(01)09501101530003(17)140704(10)AB-123"), food);
        let tray = read("(01)09521234543213(3103)000189");
        assert_eq!(tray.weight, Some(Qty::parse("0.189").unwrap()));
        assert_eq!(read("]C101095212345432133103000189"), tray);
        let carton = read("(02)00614141000012(37)10(21)A1B2-3");
        assert_eq!((carton.content.as_deref(), carton.count), (Some("00614141000012"), Some(10)));
        assert_eq!(carton.serial.as_deref(), Some("A1B2-3"));
    }

    #[test]
    fn weight_serial_and_what_nobody_asked_for() {
        let read = |code: &str| read(code, today()).unwrap();
        let cheese = read("]d2010400638133393131030012502112345\u{1d}240ABC\u{1d}17261231");
        assert_eq!(cheese.weight, Some(Qty::parse("1.25").unwrap()));
        assert_eq!((cheese.serial.as_deref(), cheese.expires_on), (Some("12345"), Some(d("2026-12-31"))));
        assert_eq!(read("(01)04006381333931(3100)000012").weight, Some(Qty::units(12)));
        assert_eq!(read("(01)04006381333931(3105)000012").weight, Some(Qty::ZERO));
        assert_eq!(read("(01)04006381333931(11)760101").made_on, Some(d("2076-01-01")));
        assert_eq!(read("(01)04006381333931(11)770101").made_on, Some(d("1977-01-01")));
    }

    #[test]
    fn what_is_mistyped_says_so_and_what_is_no_gs1_is_left_alone() {
        for (code, says) in [
            ("(01)04006381333932", "would have to be 1"),
            ("(01)400638133393", "14 digits"),
            ("]C10104006381333931171302", "too short"),
            ("(01)04006381333931(17)261331", "not a date"),
            ("(01)04006381333931(37)12x", "not a count"),
            ("(01)04006381333931(10", "not closed"),
        ] {
            match read(code, today()) {
                Err(Fault::Broken(why)) => assert!(why.contains(says), "{code}: {why}"),
                other => panic!("{code}: {other:?}"),
            }
        }
        for code in ["4006381333931", "BINA1-04", "", "(A)12", "Ünïcode", "0104006381333931"] {
            assert_eq!(read(code, today()), Err(Fault::NotGs1), "{code}");
        }
    }
}
