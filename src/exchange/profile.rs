//! Import profiles: any foreign layout mapped onto the tables, as data. A new layout is a new TOML file, not code.
//!
//! The language, from the outside in; `assets/profiles/wide-world-importers.toml` shows nearly all of it:
//! - the profile: `name`, `about`, `dates` (formats such as `%d-%b-%y`, or `iso`), `decimal`, `thousands`,
//!   `creates_missing`, `skip` (file names that are left alone and named), `[[source]]`.
//! - a source, one kind of file: `file` (names with `*` and `?`, any case, without `.gz`), `except`, `headings` (all of
//!   which it must have), `sheet`, `delimiter`, `encoding`, `header_row`, `leave_out` (rows that are not taken, counted
//!   in the summary), `carry` (blank cells take what the first row of the same `by` says), `currency`, `note`,
//!   `whole` (a row with a problem gives nothing to any table), and one or more `[[source.gives]]`.
//! - what it gives: `table`, `where` (the rows that this table is about), `only_missing` (the rows make what is
//!   missing and change nothing), and `columns`: the table's column = a value.
//! - a value: a heading of the file, or a table `{ ... }` worked out in this order: `when` (else blank); `column`,
//!   `value` (a constant) or `any` (the first of these values that is not blank); `find`/`by`/`take` (the cell `take`
//!   of the row of file `find` whose `by` is this value; a reference that is stored on the other side is turned round
//!   by looking it up in its own file); `values` (a map, any case; to `""` = blank) with `otherwise`; `minus`,
//!   `times`, `divided_by` (values); `text` (a template: `{}` is this value, `{Heading}` a cell). `dates` = formats of
//!   this column alone; so `decimal` and `thousands`. `or_blank = true`: what cannot be read counts as blank; a row whose
//!   required value is so is not about this table.
//! - a condition: `{ column = ..., is = [...] }`, `not = [...]`, `blank = true`; instead of `column` any value (`of`).

use super::cells::Spelling;
use super::read::ReadError;
use super::table::Table;
use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Deserializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

/// The profiles that come with the program, by name.
const SHIPPED: &[(&str, &str)] = &[
    ("amazon", include_str!("../../assets/profiles/amazon.toml")),
    ("northwind", include_str!("../../assets/profiles/northwind.toml")),
    ("scms", include_str!("../../assets/profiles/scms.toml")),
    ("shopify", include_str!("../../assets/profiles/shopify.toml")),
    ("wide-world-importers", include_str!("../../assets/profiles/wide-world-importers.toml")),
    ("woocommerce", include_str!("../../assets/profiles/woocommerce.toml")),
];

/// How a foreign set of files maps onto the tables.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name, as in `--profile NAME`.
    pub name: String,
    /// One sentence for people.
    #[serde(default)]
    pub about: String,
    /// A channel's export may make missing items and customers.
    #[serde(default)]
    pub creates_missing: bool,
    #[serde(default)]
    pub(super) dates: Vec<String>,
    #[serde(default)]
    pub(super) decimal: Option<char>,
    #[serde(default)]
    pub(super) thousands: Option<char>,
    #[serde(default, deserialize_with = "one_or_many")]
    pub(super) skip: Vec<String>,
    pub(super) source: Vec<Source>,
}

/// One kind of file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    #[serde(deserialize_with = "one_or_many")]
    pub file: Vec<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    pub except: Vec<String>,
    #[serde(default)]
    pub headings: Vec<String>,
    /// Headings that were there when the profile was made and that nothing is read from; with this list given, a further
    /// one is new and worth a look.
    pub unused: Option<Vec<String>>,
    pub sheet: Option<String>,
    pub delimiter: Option<char>,
    pub encoding: Option<String>,
    pub header_row: Option<u32>,
    #[serde(default)]
    pub leave_out: Vec<Condition>,
    pub carry: Option<Carry>,
    pub currency: Option<String>,
    pub note: Option<String>,
    #[serde(default)]
    pub whole: bool,
    pub gives: Vec<Gives>,
}

impl Source {
    /// The shop that its orders come from, or its codes belong to, where the profile itself says which.
    pub fn shop(&self) -> Option<&str> {
        let of_shops = self.gives.iter().filter(|g| matches!(g.table, Table::Orders | Table::Aliases));
        of_shops.filter_map(|g| g.columns.get("channel")).find_map(Say::constant)
    }
}

/// Blank cells of `columns` take what the first row of the same `by` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Carry {
    pub by: String,
    pub columns: Vec<String>,
}

/// What a source gives to one table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gives {
    #[serde(deserialize_with = "table_named")]
    pub table: Table,
    #[serde(default)]
    pub only_missing: bool,
    #[serde(default, rename = "where")]
    pub only: Vec<Condition>,
    pub columns: BTreeMap<String, Say>,
}

/// A value; see the module's doc for its parts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, remote = "Self")]
pub(super) struct Say {
    pub when: Vec<Condition>,
    pub column: Option<String>,
    pub value: Option<String>,
    #[serde(deserialize_with = "values_of")]
    pub any: Vec<Say>,
    pub find: Option<String>,
    pub by: Option<String>,
    pub take: Option<String>,
    pub values: BTreeMap<String, String>,
    pub otherwise: Option<String>,
    #[serde(deserialize_with = "values_of")]
    pub minus: Vec<Say>,
    #[serde(deserialize_with = "values_of")]
    pub times: Vec<Say>,
    #[serde(deserialize_with = "values_of")]
    pub divided_by: Vec<Say>,
    pub text: Option<String>,
    pub dates: Vec<String>,
    pub decimal: Option<char>,
    pub thousands: Option<char>,
    pub or_blank: bool,
}

/// A condition on a row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Condition {
    pub column: Option<String>,
    pub of: Option<Say>,
    #[serde(deserialize_with = "one_or_many")]
    pub is: Vec<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub not: Vec<String>,
    pub blank: Option<bool>,
    /// Why rows of it are left out, in words for the summary; none: the condition itself.
    pub because: Option<String>,
}

impl Condition {
    /// In the words of a summary: `Fulfill Via = From RDC`.
    pub fn words(&self) -> String {
        if let Some(because) = &self.because {
            return because.clone();
        }
        let of = self.of.as_ref().and_then(Say::heading);
        let what = self.column.as_deref().or(of).unwrap_or("a value");
        match (self.is.is_empty(), self.not.is_empty(), self.blank) {
            (false, _, _) => format!("{what} = {}", self.is.join(" or ")),
            (_, false, _) => format!("{what} is not {}", self.not.join(" or ")),
            (_, _, Some(true)) => format!("{what} is blank"),
            _ => format!("{what} is given"),
        }
    }
}

impl Say {
    /// The heading that a message names: the first that the value reads.
    pub fn heading(&self) -> Option<&str> {
        self.column.as_deref().or_else(|| self.any.iter().find_map(Say::heading))
    }
}

impl Say {
    /// What it says of every row that no column speaks for.
    fn constant(&self) -> Option<&str> {
        self.value.as_deref().or_else(|| self.any.iter().find_map(Say::constant))
    }
}

impl<'de> Deserialize<'de> for Say {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Say, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Say;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a heading, or a table such as { column = \"...\" }")
            }
            fn visit_str<E>(self, heading: &str) -> Result<Say, E> {
                Ok(Say { column: Some(heading.to_string()), ..Say::default() })
            }
            fn visit_map<M: serde::de::MapAccess<'de>>(self, map: M) -> Result<Say, M::Error> {
                Say::deserialize(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// One value, or a list of them.
fn values_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Say>, D::Error> {
    struct Visitor;
    impl<'de> serde::de::Visitor<'de> for Visitor {
        type Value = Vec<Say>;
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a value or a list of values")
        }
        fn visit_str<E>(self, heading: &str) -> Result<Vec<Say>, E> {
            Ok(vec![Say { column: Some(heading.to_string()), ..Say::default() }])
        }
        fn visit_map<M: serde::de::MapAccess<'de>>(self, map: M) -> Result<Vec<Say>, M::Error> {
            Ok(vec![Say::deserialize(MapAccessDeserializer::new(map))?])
        }
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut all: A) -> Result<Vec<Say>, A::Error> {
            let mut out = Vec::new();
            while let Some(say) = all.next_element()? {
                out.push(say);
            }
            Ok(out)
        }
    }
    deserializer.deserialize_any(Visitor)
}

/// One text, or a list of them.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

fn table_named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Table, D::Error> {
    let name = String::deserialize(deserializer)?;
    Table::named(&name).ok_or_else(|| serde::de::Error::custom(format!("there is no table `{name}`")))
}

impl Profile {
    /// The profile of that name, the user's own (`NAME.toml` in `user_dir`) before a shipped one; else the file of
    /// that path. The error is a sentence for wrong use.
    pub fn load(name_or_file: &str, user_dir: Option<&Path>) -> Result<Profile, ReadError> {
        let own = user_dir.map(|dir| dir.join(format!("{name_or_file}.toml"))).filter(|p| p.is_file());
        let file = own.or_else(|| Some(Path::new(name_or_file).to_path_buf()).filter(|p| p.is_file()));
        if let Some(file) = file {
            let bytes = super::reader::bytes_of(&file).map_err(ReadError::new)?;
            let text = String::from_utf8(bytes).map_err(|_| {
                ReadError::new(format!("The profile {} is not UTF-8 text: save it as UTF-8.", file.display()))
            })?;
            return Profile::parse(&text, &file.display().to_string());
        }
        match SHIPPED.iter().find(|(name, _)| name.eq_ignore_ascii_case(name_or_file)) {
            Some((name, text)) => Profile::parse(text, name),
            None => Err(ReadError::new(format!(
                "There is no profile `{name_or_file}`, nor a file of that name. Profiles that come with backshelf: {}.",
                Profile::shipped().join(", ")
            ))),
        }
    }

    /// The names of the profiles that come with the program.
    pub fn shipped() -> Vec<&'static str> {
        SHIPPED.iter().map(|(name, _)| *name).collect()
    }

    /// Reads a profile's text; `origin` is named in the sentence where it cannot be used.
    pub fn parse(text: &str, origin: &str) -> Result<Profile, ReadError> {
        let profile: Profile = toml::from_str(text)
            .map_err(|e| ReadError::new(format!("The profile {origin} cannot be used: {}", e.to_string().trim())))?;
        match profile.mistakes().first() {
            Some(mistake) => Err(ReadError::new(format!("The profile {origin} cannot be used: {mistake}."))),
            None => Ok(profile),
        }
    }

    fn mistakes(&self) -> Vec<String> {
        let mut out = Vec::new();
        for gives in self.source.iter().flat_map(|s| &s.gives) {
            let table = gives.table;
            for (column, say) in &gives.columns {
                if table.column(column).is_none() {
                    out.push(format!("the table {} has no column `{column}`", table.name()));
                }
                say.mistakes(&mut out);
            }
            for must in table.columns().iter().filter(|c| c.required && !gives.columns.contains_key(c.name)) {
                out.push(format!("the table {} needs the column `{}`", table.name(), must.name));
            }
        }
        for source in &self.source {
            if let Some(label) =
                source.encoding.as_deref().filter(|l| encoding_rs::Encoding::for_label(l.as_bytes()).is_none())
            {
                out.push(format!("`{label}` is not the name of an encoding"));
            }
            if source.delimiter.is_some_and(|d| !d.is_ascii() || d == '"' || d.is_ascii_alphanumeric()) {
                out.push("a delimiter is one sign such as \",\", \";\" or a tab".to_string());
            }
        }
        let formats = self.source.iter().flat_map(|s| &s.gives).flat_map(|g| g.columns.values()).flat_map(|s| &s.dates);
        for format in self.dates.iter().chain(formats).filter(|f| *f != "iso") {
            if chrono::format::StrftimeItems::new(format).any(|i| matches!(i, chrono::format::Item::Error)) {
                out.push(format!("`{format}` is not a date format, such as %d/%m/%Y"));
            }
        }
        out
    }

    /// How dates and numbers are written, for a column with formats of its own or none.
    pub(super) fn spelling<'a>(&'a self, dates: &'a [String]) -> Spelling<'a> {
        let dates = if dates.is_empty() { &self.dates } else { dates };
        Spelling { dates, decimal: self.decimal, thousands: self.thousands, foreign: true }
    }

    /// The name patterns of files that values look into.
    pub(super) fn look_ups(&self) -> BTreeSet<&str> {
        let mut out = BTreeSet::new();
        for source in &self.source {
            let conditions = source.leave_out.iter().chain(source.gives.iter().flat_map(|g| &g.only));
            conditions.for_each(|c| c.look_ups(&mut out));
            source.gives.iter().flat_map(|g| g.columns.values()).for_each(|s| s.look_ups(&mut out));
        }
        out
    }
}

impl Say {
    fn look_ups<'a>(&'a self, out: &mut BTreeSet<&'a str>) {
        out.extend(self.find.as_deref());
        let parts = [&self.any, &self.minus, &self.times, &self.divided_by];
        parts.into_iter().flatten().for_each(|s| s.look_ups(out));
        self.when.iter().for_each(|c| c.look_ups(out));
    }
    fn mistakes(&self, out: &mut Vec<String>) {
        if self.find.is_some() != (self.by.is_some() && self.take.is_some()) || self.by.is_some() != self.take.is_some()
        {
            out.push("a look-up needs all three of find, by and take".to_string());
        }
        if self.column.is_none() && self.value.is_none() && self.any.is_empty() {
            out.push("a value needs one of column, value and any".to_string());
        }
        let parts = [&self.any, &self.minus, &self.times, &self.divided_by];
        parts.into_iter().flatten().for_each(|s| s.mistakes(out));
    }
}

impl Condition {
    fn look_ups<'a>(&'a self, out: &mut BTreeSet<&'a str>) {
        self.of.iter().for_each(|s| s.look_ups(out));
    }
}

/// Whether a file name fits a pattern of `*` and `?`, any case.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                // Let the last star take one character more.
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    n = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_profile_can_be_used() {
        for name in Profile::shipped() {
            let profile = Profile::load(name, None).unwrap();
            assert_eq!(profile.name, name);
            assert!(!profile.about.is_empty());
        }
    }

    #[test]
    fn patterns_fit_any_case() {
        for (pattern, name, yes) in [
            ("*_2016-05*", "Orders_2016-05.csv", true),
            ("orders.csv", "Orders.CSV", true),
            ("orders.csv", "orders.csv2", false),
            ("*", "", true),
            ("a?c*e", "abcde", true),
            ("a?c", "ac", false),
        ] {
            assert_eq!(fits(pattern, name), yes, "{pattern} {name}");
        }
    }

    #[test]
    fn a_mistake_in_a_profile_is_a_sentence() {
        let profile = |columns: &str| {
            let text = format!(
                "name = 'x'\n[[source]]\nfile = '*'\n[[source.gives]]\ntable = 'stock'\n[source.gives.columns]\n{columns}"
            );
            Profile::parse(&text, "x.toml").map(|_| ()).map_err(|e| e.to_string())
        };
        assert_eq!(profile("sku = 'A'\nquantity = 'B'"), Ok(()));
        assert!(profile("sku = 'A'").unwrap_err().contains("needs the column `quantity`"));
        assert!(profile("sku = 'A'\nquantity = 'B'\ncolour = 'C'").unwrap_err().contains("no column `colour`"));
        assert!(profile("sku = 'A'\nquantity = { column = 'B', find = 'x.csv' }").unwrap_err().contains("all three"));
        assert!(profile("sku = 'A'\nquantity = { colunm = 'B' }").unwrap_err().contains("colunm"));
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let sentence = Profile::load("sopify", None).unwrap_err().to_string();
        assert!(sentence.contains("sopify") && sentence.contains("shopify"), "{sentence}");
    }
}
