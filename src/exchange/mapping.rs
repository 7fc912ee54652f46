//! A profile's values at work: headings resolved once for a file, then worked out for each of its rows.

use super::cells::{self, Fixed, shown};
use super::profile::{Condition, Profile, Say, fits};
use super::reader::Grid;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The files that look-ups reach, and the indexes built over them so far.
pub struct LookUps<'a> {
    files: Vec<(&'a str, &'a Grid)>,
    built: HashMap<(&'a str, &'a str, &'a str), usize>,
    indexes: Vec<Index<'a>>,
    /// Files that a value looks into and that are not among those given.
    pub missing: Vec<&'a str>,
}

/// From a key to the cell looked up.
#[derive(Default)]
struct Index<'a> {
    found: HashMap<&'a str, &'a str>,
    /// Keys of several rows that say different things.
    ambiguous: HashMap<&'a str, &'a str>,
    name: &'a str,
    absent: bool,
}

impl<'a> LookUps<'a> {
    /// Over files by name (without folder and `.gz`).
    pub fn new(files: Vec<(&'a str, &'a Grid)>) -> LookUps<'a> {
        LookUps { files, built: HashMap::new(), indexes: Vec::new(), missing: Vec::new() }
    }

    fn index(&mut self, find: &'a str, by: &'a str, take: &'a str) -> usize {
        if let Some(at) = self.built.get(&(find, by, take)) {
            return *at;
        }
        let mut index = Index { name: find, absent: true, ..Index::default() };
        for (_, grid) in self.files.iter().filter(|(name, _)| fits(find, name)) {
            let (Some(key), Some(value)) = (grid.column(by), grid.column(take)) else { continue };
            index.absent = false;
            for row in 0..grid.len() {
                let (key, value) = (grid.cell(row, key).trim(), grid.cell(row, value).trim());
                if key.is_empty() {
                    continue;
                }
                match index.found.insert(key, value) {
                    Some(before) if before != value => {
                        index.ambiguous.insert(key, before);
                    }
                    _ => {}
                }
            }
        }
        if index.absent && !self.missing.contains(&find) {
            self.missing.push(find);
        }
        self.indexes.push(index);
        self.built.insert((find, by, take), self.indexes.len() - 1);
        self.indexes.len() - 1
    }
}

/// A value whose headings are resolved for one file.
pub struct Value<'a> {
    when: Vec<Check<'a>>,
    base: Base<'a>,
    find: Option<usize>,
    values: Option<HashMap<String, &'a str>>,
    otherwise: Option<&'a str>,
    arithmetic: Vec<(Sign, Value<'a>)>,
    text: Option<Vec<Piece<'a>>>,
    decimals: u32,
    /// Date formats of this value alone.
    pub dates: &'a [String],
    /// Decimal sign and sign between thousands of this value alone.
    pub signs: (Option<char>, Option<char>),
    /// What cannot be read counts as blank.
    pub or_blank: bool,
    /// What a message calls it.
    pub heading: Option<&'a str>,
}

enum Base<'a> {
    Column(usize),
    /// A heading that the file does not have.
    Absent,
    Constant(&'a str),
    Any(Vec<Value<'a>>),
}

#[derive(Clone, Copy)]
enum Sign {
    Minus,
    Times,
    DividedBy,
}

enum Piece<'a> {
    Words(&'a str),
    Itself,
    Column(Option<usize>),
}

/// A condition resolved for one file.
pub struct Check<'a> {
    of: Value<'a>,
    is: Vec<String>,
    not: Vec<String>,
    blank: Option<bool>,
}

/// One file as its profile sees it.
pub struct View<'a> {
    pub grid: &'a Grid,
    profile: &'a Profile,
    /// For each row the first row of its group, and which columns are carried from there.
    carried: Option<(Vec<u32>, Vec<bool>)>,
}

impl<'a> View<'a> {
    pub fn new(grid: &'a Grid, profile: &'a Profile, carry: Option<&super::profile::Carry>) -> View<'a> {
        let carried = carry.and_then(|c| Some((grid.column(&c.by)?, c))).map(|(by, carry)| {
            let mut first: HashMap<&str, u32> = HashMap::new();
            let rows =
                (0..grid.len()).map(|row| *first.entry(grid.cell(row, by).trim()).or_insert(row as u32)).collect();
            let mut columns = vec![false; grid.headings.len()];
            for column in carry.columns.iter().filter_map(|h| grid.column(h)) {
                columns[column] = true;
            }
            (rows, columns)
        });
        View { grid, profile, carried }
    }

    /// How the profile spells dates and numbers, for a value with date formats of its own or none.
    pub fn spelling(&self, dates: &'a [String]) -> cells::Spelling<'a> {
        self.profile.spelling(dates)
    }

    /// The row that a blank cell is carried from, else the row itself.
    fn origin(&self, row: usize, column: usize) -> usize {
        match &self.carried {
            Some((first, columns))
                if columns.get(column) == Some(&true) && self.grid.cell(row, column).trim().is_empty() =>
            {
                first.get(row).map_or(row, |r| *r as usize)
            }
            _ => row,
        }
    }

    fn is_plain(&self, row: usize, column: usize) -> bool {
        self.grid.is_plain(self.origin(row, column), column)
    }

    fn cell(&self, row: usize, column: usize) -> &'a str {
        self.grid.cell(self.origin(row, column), column).trim()
    }

    /// Resolves a value of the profile for this file. `decimals`: to how many places arithmetic is rounded.
    pub fn value(&self, say: &'a Say, decimals: u32, looks: &mut LookUps<'a>) -> Value<'a> {
        let base = if let Some(heading) = &say.column {
            self.grid.column(heading).map_or(Base::Absent, Base::Column)
        } else if let Some(constant) = &say.value {
            Base::Constant(constant)
        } else {
            Base::Any(say.any.iter().map(|s| self.value(s, decimals, looks)).collect())
        };
        let find = match (&say.find, &say.by, &say.take) {
            (Some(find), Some(by), Some(take)) => Some(looks.index(find, by, take)),
            _ => None,
        };
        let mut arithmetic = Vec::new();
        for (sign, parts) in [(Sign::Minus, &say.minus), (Sign::Times, &say.times), (Sign::DividedBy, &say.divided_by)]
        {
            arithmetic.extend(parts.iter().map(|s| (sign, self.value(s, 9, looks))));
        }
        Value {
            when: say.when.iter().map(|c| self.check(c, looks)).collect(),
            base,
            find,
            values: (!say.values.is_empty()).then(|| lower_keys(&say.values)),
            otherwise: say.otherwise.as_deref(),
            arithmetic,
            text: say.text.as_deref().map(|t| self.pieces(t)),
            decimals,
            dates: &say.dates,
            signs: (say.decimal, say.thousands),
            or_blank: say.or_blank,
            heading: say.heading(),
        }
    }

    /// Resolves a condition of the profile for this file.
    pub fn check(&self, condition: &'a Condition, looks: &mut LookUps<'a>) -> Check<'a> {
        let of = match (&condition.of, &condition.column) {
            (Some(say), _) => self.value(say, 9, looks),
            (None, heading) => Value::of_column(heading.as_deref().and_then(|h| self.grid.column(h))),
        };
        let lower = |all: &[String]| all.iter().map(|t| t.to_lowercase()).collect();
        Check { of, is: lower(&condition.is), not: lower(&condition.not), blank: condition.blank }
    }

    fn pieces(&self, template: &'a str) -> Vec<Piece<'a>> {
        let mut out = Vec::new();
        let mut rest = template;
        while let Some((words, (name, after))) = rest.split_once('{').and_then(|(w, r)| Some((w, r.split_once('}')?))) {
            out.push(Piece::Words(words));
            out.push(if name.is_empty() { Piece::Itself } else { Piece::Column(self.grid.column(name)) });
            rest = after;
        }
        out.push(Piece::Words(rest));
        out
    }
}

fn lower_keys(map: &BTreeMap<String, String>) -> HashMap<String, &str> {
    map.iter().map(|(from, to)| (from.to_lowercase(), to.as_str())).collect()
}

impl<'a> Value<'a> {
    fn of_column(column: Option<usize>) -> Value<'a> {
        Value {
            when: Vec::new(),
            base: column.map_or(Base::Absent, Base::Column),
            find: None,
            values: None,
            otherwise: None,
            arithmetic: Vec::new(),
            text: None,
            decimals: 9,
            dates: &[],
            signs: (None, None),
            or_blank: false,
            heading: None,
        }
    }

    /// Whether the file has none of the headings that it reads.
    pub fn is_absent(&self) -> bool {
        match &self.base {
            Base::Absent => true,
            Base::Any(all) => all.iter().all(Value::is_absent),
            _ => false,
        }
    }

    /// Whether its cell in a row was a number or date of a workbook, which is written in one way only.
    pub fn is_plain(&self, row: usize, view: &View<'a>) -> bool {
        matches!(self.base, Base::Column(column) if self.find.is_none() && view.is_plain(row, column))
    }

    /// Whether arithmetic makes it, so that it is a plain decimal whatever the file's spelling is.
    pub fn is_reckoned(&self) -> bool {
        !self.arithmetic.is_empty()
    }

    /// Its text in a row, empty where it is blank; the error is a sentence.
    pub fn text(&self, row: usize, view: &View<'a>, looks: &LookUps<'a>) -> Result<Cow<'a, str>, String> {
        for check in &self.when {
            if !check.holds(row, view, looks)? {
                return Ok(Cow::Borrowed(""));
            }
        }
        let mut text = match &self.base {
            Base::Column(column) => Cow::Borrowed(view.cell(row, *column)),
            Base::Absent => Cow::Borrowed(""),
            Base::Constant(text) => Cow::Borrowed(*text),
            Base::Any(all) => first_of(all, row, view, looks)?,
        };
        if let Some(index) = self.find.and_then(|i| looks.indexes.get(i)).filter(|_| !text.is_empty()) {
            text = Cow::Borrowed(index.cell(&text)?);
        }
        if let Some(values) = &self.values {
            let known = values.get(text.as_ref()).or_else(|| values.get(&text.to_lowercase()));
            text = match (known, self.otherwise) {
                (Some(to), _) => Cow::Borrowed(*to),
                (None, Some(other)) if !text.is_empty() => Cow::Borrowed(other),
                _ => text,
            };
        }
        if text.is_empty() {
            return Ok(text);
        }
        if !self.arithmetic.is_empty() {
            text = Cow::Owned(self.worked_out(&text, row, view, looks)?);
        }
        match &self.text {
            Some(pieces) => Ok(Cow::Owned(pieces.iter().map(|p| p.words(&text, row, view)).collect())),
            None => Ok(text),
        }
    }

    fn worked_out(&self, text: &str, row: usize, view: &View<'a>, looks: &LookUps<'a>) -> Result<String, String> {
        let spelling = view.profile.spelling(&[]);
        let read = |text: &str| -> Result<Fixed, String> {
            let plain = cells::number(text, &spelling)?;
            Fixed::parse(&plain).ok_or_else(|| format!("{} is not a number, such as 12 or 1.5.", shown(text)))
        };
        let mut n = read(text)?;
        for (sign, value) in &self.arithmetic {
            let by = value.text(row, view, looks)?;
            let name = value.heading.unwrap_or("a value");
            if by.is_empty() {
                // Nothing to take away is nothing; nothing to multiply by is unknown.
                if matches!(sign, Sign::Minus) {
                    continue;
                }
                return Err(format!(
                    "the number to reckon with is missing (from {name}): add it, or give the file that holds it."
                ));
            }
            let by = read(&by)?;
            let worked = match sign {
                Sign::Minus => n.minus(by),
                Sign::Times => n.times(by),
                Sign::DividedBy => n.divided_by(by),
            };
            n = worked.ok_or_else(|| {
                format!("{} cannot be reckoned with {} (from {name}).", shown(text), shown(&by.show(9)))
            })?;
        }
        Ok(n.show(self.decimals))
    }
}

fn first_of<'a>(all: &[Value<'a>], row: usize, view: &View<'a>, looks: &LookUps<'a>) -> Result<Cow<'a, str>, String> {
    for value in all {
        let text = value.text(row, view, looks)?;
        if !text.is_empty() {
            return Ok(text);
        }
    }
    Ok(Cow::Borrowed(""))
}

impl<'a> Index<'a> {
    fn cell(&self, key: &str) -> Result<&'a str, String> {
        if let Some(other) = self.ambiguous.get(key) {
            let now = self.found.get(key).copied().unwrap_or("");
            return Err(format!(
                "{} has two rows for {}, {} and {}: keep one.",
                self.name,
                shown(key),
                shown(other),
                shown(now)
            ));
        }
        Ok(self.found.get(key).copied().unwrap_or(""))
    }
}

impl<'a> Piece<'a> {
    fn words<'t>(&self, itself: &'t str, row: usize, view: &View<'a>) -> &'t str
    where
        'a: 't,
    {
        match self {
            Piece::Words(words) => words,
            Piece::Itself => itself,
            Piece::Column(column) => column.map_or("", |c| view.cell(row, c)),
        }
    }
}

impl<'a> Check<'a> {
    /// Whether the condition holds for a row.
    pub fn holds(&self, row: usize, view: &View<'a>, looks: &LookUps<'a>) -> Result<bool, String> {
        let text = self.of.text(row, view, looks)?;
        if self.blank.is_some_and(|blank| blank != text.is_empty()) {
            return Ok(false);
        }
        let among = |all: &[String]| {
            let same_number = |t: &String| Fixed::parse(t).is_some_and(|n| Fixed::parse(&text) == Some(n));
            all.iter().any(|t| *t == *text || *t == text.to_lowercase() || same_number(t))
        };
        Ok((self.is.is_empty() || among(&self.is)) && (self.not.is_empty() || !among(&self.not)))
    }
}
