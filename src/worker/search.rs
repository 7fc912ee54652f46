//! Find as you type over every item: one folded haystack in memory, built when first needed, searched in milliseconds
//! at a million items; customers, orders and POs come from the database.

use super::{Desk, Lane, finding};
use crate::domain::ids::ItemId;
use crate::domain::scanner_test::{self, Sample};
use crate::domain::text::fold_into;
use crate::ops::{people, scanning};
use crate::store::{Db, Failure, browse};
use memchr::memmem;

pub use crate::ops::views::whereabouts::Whereabouts;
pub use crate::store::browse::{Found, FoundKind};
pub use crate::store::finding::Choice;

#[derive(Clone, Debug)]
pub enum Load {
    /// Everything that has these words.
    Find(String),
    /// What a dialog's field can name of that kind: what has the text; without any the first ones.
    Choose(FoundKind, String),
    /// Where what was found is: "where is my order?".
    Where(FoundKind, i64),
    /// Builds what is searched, so that the first letter typed does not wait for it.
    Warm,
    /// The item that has exactly this code, as a scanner sends it.
    Code(String),
    /// What a scan sends, key by key.
    Scanner(Sample),
}

#[derive(Debug)]
pub enum Answer {
    Found {
        text: String,
        found: Vec<Found>,
    },
    /// The item, or the person whose card has that code.
    Code {
        code: String,
        item: Option<ItemId>,
        person: Option<String>,
    },
    /// What has the text.
    Choices(String, Vec<Choice>),
    Where(FoundKind, i64, Option<Box<Whereabouts>>),
    Warm,
    /// What the sample shows, sentence by sentence.
    Scanner(scanner_test::Found),
}

impl Load {
    /// Where it is run: the question needs all that waits, which the slow lane has.
    pub fn lane(&self) -> Lane {
        if matches!(self, Load::Where(..)) { Lane::Slow } else { Lane::Search }
    }
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    Ok(match load {
        Load::Find(text) => {
            let found = finding::find(desk, &text)?;
            Answer::Found { text, found }
        }
        Load::Choose(kind, text) => {
            let rows = finding::choices(desk, kind, &text)?;
            Answer::Choices(text, rows)
        }
        Load::Where(kind, id) => Answer::Where(kind, id, finding::whereabouts(desk, kind, id)?.map(Box::new)),
        Load::Warm => {
            desk.haystack.freshen(desk.store.db())?;
            Answer::Warm
        }
        Load::Scanner(sample) => Answer::Scanner(scanning::examine(desk.store.db(), &sample, desk.today())?),
        Load::Code(code) => {
            let item = scanning::item_of(desk.store.db(), &code, desk.today())?;
            let person = if item.is_some() { None } else { people::by_badge(desk.store.db(), &code)? };
            Answer::Code { code, item, person }
        }
    })
}

/// How many hits are ranked before the search stops looking for better ones.
const RANKED: usize = 20_000;

/// What is longer is no bin's code.
const LONGEST_BIN: usize = 20;

/// How many items are looked at for a word that is spelled nearly so.
const LOOKED_AT: usize = 100_000;

/// How many letters to change, leave out, put in or exchange with their neighbour; `None` for more than `most`.
fn distance(wanted: &[char], word: &str, most: usize) -> Option<usize> {
    let word: Vec<char> = word.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=word.len()).collect();
    for (i, a) in wanted.iter().enumerate() {
        let mut now = vec![i + 1];
        for (j, b) in word.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut least = (cell(&last, j) + usize::from(a != b)).min(cell(&last, j + 1) + 1).min(cell(&now, j) + 1);
            let exchanged = i > 0 && j > 0 && wanted.get(i - 1) == Some(b) && word.get(j - 1) == Some(a);
            if exchanged {
                least = least.min(cell(&before, j - 1) + 1);
            }
            now.push(least);
        }
        if now.iter().min().is_some_and(|m| *m > most) {
            return None;
        }
        before = std::mem::replace(&mut last, now);
    }
    last.last().copied().filter(|d| *d <= most)
}

/// Of so many lines one start is kept; the others are found by counting line ends.
const STRIDE: usize = 32;

/// Every item's words, folded, a line each. It stays in memory for as long as the program runs: at a million items every
/// byte of a line is a megabyte.
#[derive(Default)]
pub struct Haystack {
    text: String,
    /// Where each [`STRIDE`]th line begins.
    starts: Vec<u32>,
    /// The item of each line.
    ids: Vec<u32>,
    stamp: Option<i64>,
}

impl Haystack {
    /// The items that have all the words (SKU, name, barcode, home bin, supplier's code), best first: the SKU or name begins
    /// with the text, then a word does, then the rest.
    pub fn search(&mut self, db: &Db, text: &str, limit: usize) -> Result<Vec<ItemId>, Failure> {
        self.freshen(db)?;
        Ok(self.hits(text, limit).into_iter().map(ItemId).collect())
    }

    /// The same, then what lies in bins whose code has the text.
    pub fn search_in_bins_too(&mut self, db: &Db, text: &str, limit: usize) -> Result<Vec<ItemId>, Failure> {
        let mut items = self.search(db, text, limit)?;
        let code = text.trim();
        if items.len() < limit && (1..=LONGEST_BIN).contains(&code.len()) && !code.contains(char::is_whitespace) {
            // Where it lies changes with every movement: asked, not kept in the haystack.
            for item in browse::items_in_bins(db, code, limit as i64)? {
                if items.len() < limit && !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        Ok(items)
    }

    fn freshen(&mut self, db: &Db) -> Result<(), Failure> {
        let newest = browse::newest_operation(db)?;
        if let Some(stamp) = self.stamp {
            if newest == stamp {
                return Ok(());
            }
            if !browse::words_changed_since(db, stamp)? {
                self.stamp = Some(newest);
                return Ok(());
            }
        }
        (self.text, self.starts, self.ids) = (String::new(), Vec::new(), Vec::new());
        let (text, starts, ids) = (&mut self.text, &mut self.starts, &mut self.ids);
        browse::each_items_words(db, |id, words| {
            // 4 GiB of names, or four thousand million items, is beyond any warehouse; what lies after it would not be
            // found by typing.
            if let (Ok(start), Ok(id)) = (u32::try_from(text.len()), u32::try_from(id.0)) {
                if ids.len().is_multiple_of(STRIDE) {
                    starts.push(start);
                }
                ids.push(id);
                for word in words.iter().filter(|w| !w.is_empty()) {
                    fold_into(&word.replace('\n', " "), text);
                    text.push('\t');
                }
                text.push('\n');
            }
        })?;
        text.shrink_to_fit();
        starts.shrink_to_fit();
        ids.shrink_to_fit();
        self.stamp = Some(newest);
        Ok(())
    }

    /// The item that has a word spelled nearly like the one typed; looked for among the first hundred thousand items.
    pub fn close(&self, typed: &str) -> Option<ItemId> {
        let mut folded = String::new();
        fold_into(typed.trim(), &mut folded);
        let wanted: Vec<char> = folded.chars().collect();
        let most = if wanted.len() < 5 { 1 } else { 2 };
        let mut best: Option<(usize, usize)> = None;
        if !(3..=24).contains(&wanted.len()) {
            return None;
        }
        for (row, line) in self.text.lines().take(LOOKED_AT).enumerate() {
            for word in line.split(['\t', ' ', '-', ',']).filter(|w| w.len().abs_diff(folded.len()) <= most) {
                let away = distance(&wanted, word, best.map_or(most, |b| b.0 - 1));
                if let Some(away) = away {
                    best = Some((away, row));
                }
            }
            if best.is_some_and(|b| b.0 <= 1) {
                break;
            }
        }
        best.and_then(|(_, row)| self.ids.get(row)).map(|id| ItemId(i64::from(*id)))
    }

    /// The line in which that byte lies: its number, where it begins and where the next one does.
    fn line_at(&self, byte: usize) -> (usize, usize, usize) {
        let text = self.text.as_bytes();
        let block = self.starts.partition_point(|s| *s as usize <= byte).saturating_sub(1);
        let from = self.starts.get(block).map_or(0, |s| *s as usize);
        let before = text.get(from..byte).unwrap_or_default();
        let (ends, start) = memchr::memchr_iter(b'\n', before).fold((0, from), |(n, _), at| (n + 1, from + at + 1));
        let end = memchr::memchr(b'\n', text.get(byte..).unwrap_or_default()).map_or(text.len(), |at| byte + at + 1);
        (block * STRIDE + ends, start, end)
    }

    fn hits(&self, wanted: &str, limit: usize) -> Vec<i64> {
        let mut folded = String::new();
        fold_into(wanted.trim(), &mut folded);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let Some(rarest) = words.iter().max_by_key(|w| w.len()) else { return Vec::new() };
        let finder = memmem::Finder::new(rarest.as_bytes());
        let (mut ranks, mut at, mut seen): ([Vec<i64>; 3], usize, usize) = (Default::default(), 0, 0);
        while let Some(hit) = self.text.as_bytes().get(at..).and_then(|rest| finder.find(rest)) {
            let (row, start, end) = self.line_at(at + hit);
            at = end;
            let line = self.text.get(start..end).unwrap_or("");
            if !words.iter().all(|w| line.contains(w)) {
                continue;
            }
            let rank = if line.split('\t').any(|field| field.starts_with(&folded)) {
                0
            } else if line.split(['\t', ' ', '-']).any(|word| word.starts_with(rarest)) {
                1
            } else {
                2
            };
            if let (Some(place), Some(id)) = (ranks.get_mut(rank), self.ids.get(row))
                && place.len() < limit
            {
                place.push(i64::from(*id));
            }
            seen += 1;
            if seen >= RANKED || ranks.first().is_some_and(|best| best.len() >= limit) {
                break;
            }
        }
        ranks.into_iter().flatten().take(limit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Haystack, STRIDE, distance};

    #[test]
    fn a_hit_belongs_to_its_line_wherever_its_block_begins() {
        let mut all = Haystack::default();
        for n in 0..(3 * STRIDE as u32 + 5) {
            if all.ids.len().is_multiple_of(STRIDE) {
                all.starts.push(all.text.len() as u32);
            }
            all.text.push_str(&format!("sku-{n:03}\tname of {n}\t\n"));
            all.ids.push(1_000 + n);
        }
        for n in 0..(3 * STRIDE as u32 + 5) {
            assert_eq!(all.hits(&format!("sku-{n:03}"), 5), vec![i64::from(1_000 + n)]);
        }
    }

    #[test]
    fn letters_apart_are_counted_and_neighbours_exchanged_are_one() {
        let away = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), b, 2);
        assert_eq!(away("chnag", "chang"), Some(1));
        assert_eq!(away("chang", "chang"), Some(0));
        assert_eq!(away("chag", "chang"), Some(1));
        assert_eq!(away("kitten", "sitting"), None);
        assert_eq!(away("lager", "larger"), Some(1));
    }
}
