//! How figures and dates look to the people of this warehouse, and how the figures that they type are read.
//!
//! There is one locale in a running program, as there is one terminal: it is set where the warehouse is opened and when
//! the setting changes, and everything that makes words for people asks [`here`]. Values, stored rows and files for
//! machines never do: they have one form (`Display` of [`Qty`] and [`Money`], ISO dates).

use super::dates::DayOrder;
use super::money::Money;
use super::quantity::Qty;
use chrono::NaiveDate;
use std::cell::Cell;
use std::sync::atomic::{AtomicU8, Ordering};

/// A way to write figures and dates.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Locale {
    /// `1,234.5`, `8 Dec`, `2026-12-08`; a typed figure that reads two ways is asked.
    #[default]
    Iso,
    /// `1,234.5`, `Dec 8`, `12/8/2026`.
    Us,
    /// `1,234.5`, `8 Dec`, `8/12/2026`.
    Gb,
    /// `1.234,5`, `8 Dec`, `8.12.2026`.
    De,
    /// `1 234,5`, `8 Dec`, `8/12/2026`.
    Fr,
    /// `1.234,5`, `8 Dec`, `8-12-2026`.
    Nl,
    /// What a file for machines holds: `1234.5`, `2026-12-08` wherever a date stands.
    File,
}

const ALL: [Locale; 7] = [Locale::Iso, Locale::Us, Locale::Gb, Locale::De, Locale::Fr, Locale::Nl, Locale::File];

/// The program's, as its place in [`ALL`].
static PROGRAM: AtomicU8 = AtomicU8::new(0);

thread_local! {
    /// What this thread writes in for a while.
    static WHILE: Cell<Option<Locale>> = const { Cell::new(None) };
}

/// What is in force here.
pub fn here() -> Locale {
    let program = || ALL.get(PROGRAM.load(Ordering::Relaxed) as usize).copied().unwrap_or_default();
    WHILE.get().unwrap_or_else(program)
}

/// A quantity as it is written here.
pub fn quantity(q: Qty) -> String {
    here().quantity(q)
}

/// Money with cents as it is written here.
pub fn money(m: Money) -> String {
    here().money(m)
}

/// What one costs as it is written here: all its decimals.
pub fn each(m: Money) -> String {
    here().figure(&m.to_string())
}

/// A statistic with so many decimals as it is written here.
pub fn decimal(x: f64, places: usize) -> String {
    here().figure(&format!("{x:.places$}"))
}

/// From now on, in the whole program; inside [`within`] until that ends.
pub fn set(locale: Locale) {
    if WHILE.get().is_some() {
        return WHILE.set(Some(locale));
    }
    let at = ALL.iter().position(|l| *l == locale).unwrap_or_default();
    PROGRAM.store(at as u8, Ordering::Relaxed);
}

/// While `work` runs, on this thread.
pub fn within<T>(locale: Locale, work: impl FnOnce() -> T) -> T {
    /// Puts the former one back, also when `work` panics.
    struct Back(Option<Locale>);
    impl Drop for Back {
        fn drop(&mut self) {
            WHILE.set(self.0);
        }
    }
    let _back = Back(WHILE.replace(Some(locale)));
    work()
}

impl Locale {
    /// By the value of the setting; an unknown one is the default.
    pub fn named(name: &str) -> Locale {
        match name {
            "us" => Locale::Us,
            "gb" => Locale::Gb,
            "de" => Locale::De,
            "fr" => Locale::Fr,
            "nl" => Locale::Nl,
            _ => Locale::Iso,
        }
    }

    /// Which of day and month is typed first.
    pub fn day_order(self) -> DayOrder {
        if self == Locale::Us { DayOrder::MonthFirst } else { DayOrder::DayFirst }
    }

    fn decimal(self) -> char {
        if matches!(self, Locale::De | Locale::Fr | Locale::Nl) { ',' } else { '.' }
    }

    fn thousands(self) -> Option<char> {
        match self {
            Locale::De | Locale::Nl => Some('.'),
            // Does not break at the end of a line.
            Locale::Fr => Some('\u{a0}'),
            Locale::File => None,
            Locale::Iso | Locale::Us | Locale::Gb => Some(','),
        }
    }

    /// A plain decimal (`-1234.5`) as it is written here, thousands apart.
    pub fn figure(self, plain: &str) -> String {
        let (sign, rest) = plain.strip_prefix('-').map_or(("", plain), |r| ("-", r));
        let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
        let mut out = String::from(sign);
        for (i, c) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                out.extend(self.thousands());
            }
            out.push(c);
        }
        if let Some(fraction) = fraction {
            out.push(self.decimal());
            out.push_str(fraction);
        }
        out
    }

    /// A quantity: `4,812`, `-3`, `0.5`.
    pub fn quantity(self, q: Qty) -> String {
        self.figure(&q.to_string())
    }

    /// Money with cents: `1,795.20`.
    pub fn money(self, m: Money) -> String {
        let n = m.ten_thousandths();
        let cents = (n.unsigned_abs() + 50) / 100;
        self.figure(&format!("{}{}.{:02}", if n < 0 { "-" } else { "" }, cents / 100, cents % 100))
    }

    /// Money without cents, rounded half up: `1,795`.
    pub fn whole_money(self, m: Money) -> String {
        let n = m.ten_thousandths();
        let whole = (n.unsigned_abs() + 5_000) / 10_000;
        self.figure(&format!("{}{whole}", if n < 0 { "-" } else { "" }))
    }

    /// A plain decimal as a person would type it here: no thousands apart, so that it is read again as it stands.
    pub fn typed_figure(self, plain: &str) -> String {
        plain.replace('.', &self.decimal().to_string())
    }

    /// A figure that [`Self::typed_figure`] wrote, as a plain decimal again.
    pub fn read_own(self, figure: &str) -> String {
        figure.replace(self.decimal(), ".")
    }

    /// Two dates as they may be typed here: without a year and with one.
    pub fn date_examples(self) -> (&'static str, &'static str) {
        match self {
            Locale::Us => ("12/2", "12/2/2026"),
            Locale::Gb | Locale::Fr => ("2/12", "2/12/2026"),
            Locale::De => ("2.12", "2.12.2026"),
            Locale::Nl => ("2-12", "2-12-2026"),
            Locale::Iso | Locale::File => ("2.12", "2026-12-02"),
        }
    }

    /// A date as a person would type it here, with its year.
    pub fn typed_date(self, date: NaiveDate) -> String {
        let form = match self {
            Locale::Iso | Locale::File => "%Y-%m-%d",
            Locale::Us => "%-m/%-d/%Y",
            Locale::Gb | Locale::Fr => "%-d/%-m/%Y",
            Locale::De => "%-d.%-m.%Y",
            Locale::Nl => "%-d-%-m-%Y",
        };
        date.format(form).to_string()
    }

    /// What a person typed as a plain decimal. A figure that reads two ways (`1.200` where neither sign is known for
    /// thousands) is a sentence that asks; text that is no figure comes back with a point, for its reader to refuse.
    pub fn read(self, typed: &str) -> Result<String, String> {
        let typed = typed.trim();
        let (sign, rest) = match typed.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", typed.strip_prefix('+').unwrap_or(typed)),
        };
        let (apart, decimal) = match self {
            Locale::Us | Locale::Gb => (&[','][..], '.'),
            Locale::De | Locale::Nl => (&['.'][..], ','),
            Locale::Fr => (&[' ', '\u{a0}', '\u{202f}'][..], ','),
            Locale::Iso | Locale::File => (&[][..], '.'),
        };
        if let Some(whole) = together(rest, apart, decimal) {
            return Ok(format!("{sign}{whole}"));
        }
        // The one sign that is there: this locale's, or the other one of a keypad where it cannot mean thousands.
        let known = !apart.is_empty() && rest.contains(decimal);
        if !known && let Some(question) = reads_two_ways(rest, decimal) {
            return Err(question);
        }
        Ok(format!("{sign}{}", rest.replace(',', ".")))
    }
}

/// The figure without the signs that keep its thousands apart, where they stand as they should (`1.234.567,5`).
fn together(text: &str, apart: &[char], decimal: char) -> Option<String> {
    let (whole, fraction) = text.split_once(decimal).map_or((text, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split(apart);
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().filter(|g| digits(g) && g.len() <= 3 && !g.starts_with('0'))?;
    let rest: Vec<&str> = groups.collect();
    if rest.is_empty() || rest.iter().any(|g| !digits(g) || g.len() != 3) || fraction.is_some_and(|f| !digits(f)) {
        return None;
    }
    let fraction = fraction.map_or(String::new(), |f| format!(".{f}"));
    Some(format!("{first}{}{fraction}", rest.concat()))
}

/// `1.200` is a thousand two hundred to one half of the world and one and a fifth to the other: asked, never guessed.
fn reads_two_ways(text: &str, decimal: char) -> Option<String> {
    let (whole, rest) = text.split_once(['.', ','])?;
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let two =
        (1..=3).contains(&whole.len()) && !whole.starts_with('0') && rest.len() == 3 && digits(whole) && digits(rest);
    two.then(|| {
        let short = rest.trim_end_matches('0');
        let small = if short.is_empty() { whole.to_string() } else { format!("{whole}{decimal}{short}") };
        format!("\"{text}\" can be read two ways: type {whole}{rest} or {small}.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_look_as_they_do_at_home() {
        let (q, m) = (Qty::parse("-1234567.5").unwrap(), Money::parse("1234.995").unwrap());
        for (locale, quantity, money, whole) in [
            (Locale::Iso, "-1,234,567.5", "1,235.00", "1,235"),
            (Locale::Us, "-1,234,567.5", "1,235.00", "1,235"),
            (Locale::De, "-1.234.567,5", "1.235,00", "1.235"),
            (Locale::Nl, "-1.234.567,5", "1.235,00", "1.235"),
            (Locale::Fr, "-1\u{a0}234\u{a0}567,5", "1\u{a0}235,00", "1\u{a0}235"),
            (Locale::File, "-1234567.5", "1235.00", "1235"),
        ] {
            assert_eq!([locale.quantity(q), locale.money(m), locale.whole_money(m)], [quantity, money, whole]);
        }
        assert_eq!(Locale::De.whole_money(Money::parse("-0.6").unwrap()), "-1");
    }

    #[test]
    fn what_is_typed_is_read_as_it_is_at_home_and_asked_where_it_reads_two_ways() {
        let (de, us, fr, iso) = (Locale::De, Locale::Us, Locale::Fr, Locale::Iso);
        for (locale, typed, plain) in [
            (de, "1.200", "1200"),
            (de, "1.234.567,5", "1234567.5"),
            (de, "1,5", "1.5"),
            (de, "1.5", "1.5"),
            (de, "1,200", "1.200"),
            (de, "-1.200", "-1200"),
            (de, "0.200", "0.200"),
            (us, "1,200", "1200"),
            (us, "1.200", "1.200"),
            (us, "1,234.50", "1234.50"),
            (us, "2,5", "2.5"),
            (fr, "1 234,5", "1234.5"),
            (fr, "1\u{202f}200", "1200"),
            (fr, "1,200", "1.200"),
            (iso, "2,5", "2.5"),
            (iso, "0.125", "0.125"),
            (iso, "1200", "1200"),
            (iso, "twelve", "twelve"),
        ] {
            assert_eq!(locale.read(typed).as_deref(), Ok(plain), "{typed} in {locale:?}");
        }
        for (locale, typed, question) in [
            (iso, "1.200", "\"1.200\" can be read two ways: type 1200 or 1.2."),
            (iso, "1,200", "\"1,200\" can be read two ways: type 1200 or 1.2."),
            (iso, "2.000", "\"2.000\" can be read two ways: type 2000 or 2."),
            (fr, "1.250", "\"1.250\" can be read two ways: type 1250 or 1,25."),
        ] {
            assert_eq!(locale.read(typed), Err(question.into()), "{locale:?}");
        }
    }

    #[test]
    fn what_a_field_is_filled_with_is_read_again_as_the_same() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let day = NaiveDate::from_ymd_opt(2027, 3, 4).unwrap();
        for locale in ALL {
            let read = within(locale, || super::super::dates::parse(&locale.typed_date(day), today));
            assert_eq!(read, Some(day));
            for plain in ["1200", "0.5", "12.25"] {
                assert_eq!(locale.read(&locale.typed_figure(plain)).as_deref(), Ok(plain), "{locale:?}");
            }
        }
    }

    #[test]
    fn a_thread_may_write_in_another_for_a_while() {
        let now = here();
        assert_eq!(
            within(Locale::Fr, || (here(), within(Locale::File, here), here())),
            (Locale::Fr, Locale::File, Locale::Fr)
        );
        assert_eq!(here(), now);
    }
}
