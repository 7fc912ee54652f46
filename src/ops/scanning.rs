//! What a code means in this warehouse: an item and how many of it, a bin, a PO. Reads only.

use crate::domain::gs1::{self, Elements, Fault};
use crate::domain::ids::{ItemId, PoId};
use crate::domain::quantity::Qty;
use crate::domain::scan::{self, Check, Label};
use crate::domain::scanner_test::{self, Found, Sample};
use crate::ops::settings::Settings;
use crate::store::goods::{self, Bin};
use crate::store::{Db, Result, scanning as store};
use chrono::NaiveDate;

/// What a code means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meaning {
    Item {
        item: ItemId,
        /// How much one scan of it is: a pack's barcode counts its pieces.
        quantity: Qty,
        /// Batch, dates and serial that the code names.
        note: Option<String>,
        /// What a person would read off the label otherwise than it counts.
        remark: Option<String>,
    },
    Bin(Bin),
    Po(PoId),
    /// Nothing here has this code. A retail number whose last digit is wrong says which it would have to be.
    Nobody {
        last_digit: Option<u8>,
    },
    /// It looks like a GS1 code and was misread: why.
    Broken(String),
}

/// What came of a line of a scan field.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    /// For the person; blank where the screen says it all.
    pub sentence: String,
    /// With a bell.
    pub beep: bool,
    /// Find this by name.
    pub find: Option<String>,
    /// This line was taken before, under the same id.
    pub again: bool,
    /// Nothing was taken: the same line once more is meant so.
    pub asks: bool,
}

impl Told {
    pub(super) fn say(sentence: impl Into<String>) -> Told {
        Told { sentence: sentence.into(), ..Told::default() }
    }
    pub(super) fn warn(sentence: impl Into<String>) -> Told {
        Told { sentence: sentence.into(), beep: true, ..Told::default() }
    }
    /// With more to be said of the same line, and a bell for it.
    pub(super) fn and(mut self, more: Option<String>) -> Told {
        if let Some(more) = more {
            self.sentence = format!("{} {more}", self.sentence).trim().to_string();
            self.beep = true;
        }
        self
    }
    pub(super) fn ask(sentence: impl Into<String>) -> Told {
        Told { asks: true, ..Told::warn(sentence) }
    }
}

/// What is asked of a figure far over the usual, which was not taken.
pub fn far_more(quantity: Qty) -> String {
    format!("{quantity} is far more than usual: not taken. Type it once more if that is right.")
}

/// What is told when a code that was named is taken back.
pub(super) fn unnamed(db: &Db, code: &str) -> Result<String> {
    Ok(match store::by_barcode(db, &scan::forms(code))? {
        None => format!("Taken back: {code} is no barcode any more. Letters find its item, - takes its scan back."),
        Some((item, _)) => {
            format!("Its scans are kept aside again. {code} stays a barcode of {}.", goods::item(db, item)?.name)
        }
    })
}

/// How many a scan counts: what its code says, or what `n*` said of it before. `12*` counts twelve, whatever the code is of;
/// twelve packs of twelve are `12x12`. Where the two could be taken for one another the second value says which it was.
pub(super) fn counts(code_says: Qty, said: Option<Qty>) -> (Qty, Option<String>) {
    match said {
        None => (code_says, None),
        Some(n) if code_says == Qty::ONE => (n, None),
        Some(n) => {
            (n, Some(format!("{n} counted, as {n}* said, not {n} packs of {code_says}: that is {n}x{code_says}.")))
        }
    }
}

/// What is told of a code that nobody knows: kept aside until somebody names its item, or takes it back as misread.
pub(super) fn aside(code: &str, last_digit: Option<u8>) -> Told {
    Told::warn(match last_digit {
        Some(digit) => format!(
            "No item has the code {code}, and its last digit would have to be {digit}: if it was misread, - takes it back. \
             Else letters find its item."
        ),
        None => format!("No item has the code {code}: kept aside. Letters find its item."),
    })
}

/// Looks a code up. What is in the file goes first, so that a SKU may look like anything; then our own labels, GS1,
/// suppliers' codes, and bins by their plain code.
pub fn meaning(db: &Db, code: &str, today: NaiveDate) -> Result<Meaning> {
    let code = code.trim();
    let plain = ["]E0", "]E4"].iter().find_map(|aim| code.strip_prefix(aim)).unwrap_or(code);
    if let Some((item, quantity)) = store::by_barcode(db, &scan::forms(plain))? {
        return Ok(Meaning::Item { item, quantity, note: None, remark: None });
    }
    if let Some(item) = store::by_sku(db, plain)? {
        return Ok(one_of(item));
    }
    if let Some((label, rest)) = scan::label(plain)
        && let Some(found) = labelled(db, label, rest)?
    {
        return Ok(found);
    }
    match gs1::read(code, today) {
        Ok(elements) => return of_elements(db, &elements),
        Err(Fault::Broken(why)) => return Ok(Meaning::Broken(why)),
        Err(Fault::NotGs1) => {}
    }
    if let Some(item) = store::by_supplier_code(db, plain)? {
        return Ok(one_of(item));
    }
    if let Some(bin) = bin_by_code(db, plain)? {
        return Ok(Meaning::Bin(bin));
    }
    let last_digit = if let Check::Wrong(digit) = scan::check(plain) { Some(digit) } else { None };
    Ok(Meaning::Nobody { last_digit })
}

fn one_of(item: ItemId) -> Meaning {
    Meaning::Item { item, quantity: Qty::ONE, note: None, remark: None }
}

/// A bin by its code, in its own case or in capitals.
pub fn bin_by_code(db: &Db, code: &str) -> Result<Option<Bin>> {
    match goods::bin_by_code(db, code)? {
        Some(bin) => Ok(Some(bin)),
        None => goods::bin_by_code(db, &code.to_uppercase()),
    }
}

fn labelled(db: &Db, label: Label, rest: &str) -> Result<Option<Meaning>> {
    Ok(match label {
        Label::Bin => bin_by_code(db, rest)?.map(Meaning::Bin),
        Label::Item => store::by_sku(db, rest)?.map(one_of),
        Label::Po => match store::po(db, rest)? {
            Some(po) => Some(Meaning::Po(po)),
            None => store::po(db, &format!("PO{rest}"))?.or(store::po(db, &format!("PO-{rest}"))?).map(Meaning::Po),
        },
        Label::Person => None, // a badge opens no goods
    })
}

fn of_elements(db: &Db, elements: &Elements) -> Result<Meaning> {
    let Some(gtin) = elements.gtin.as_ref().or(elements.content.as_ref()) else {
        return Ok(Meaning::Broken("it names no item (01 or 02)".into()));
    };
    let Some((item, pack)) = store::by_barcode(db, &scan::forms(gtin))? else {
        return Ok(Meaning::Nobody { last_digit: None });
    };
    // A logistic unit says how many lie in it; what is sold by weight says how much it weighs.
    let times = elements.count.filter(|_| elements.content.is_some()).map_or(Qty::ONE, |n| Qty::units(n.into()));
    let mut quantity = pack.checked_mul(times).unwrap_or(pack);
    if let Some(weight) = elements.weight {
        match store::unit(db, item)?.unwrap_or_default().to_lowercase().as_str() {
            "kg" => quantity = weight,
            "g" => quantity = weight.checked_mul(Qty::units(1000)).unwrap_or(weight),
            _ => {}
        }
    }
    // GS1 General Specifications, AI 37: the count is of what lies in a logistic unit, and is valid beside 02 (or 8026)
    // alone. A label that has it beside 01 is made wrong, and nobody can know whether it means that pack or its content:
    // one pack counts, and that the label says otherwise is told.
    let remark = elements.count.filter(|_| elements.content.is_none()).map(|n| {
        format!(
            "The label says (37){n}: that counts only beside (02). Counted {quantity}; type the figure if it is {n}."
        )
    });
    Ok(Meaning::Item { item, quantity, note: elements.note(), remark })
}

/// The item that a code means, if it means one.
pub fn item_of(db: &Db, code: &str, today: NaiveDate) -> Result<Option<ItemId>> {
    Ok(match meaning(db, code, today)? {
        Meaning::Item { item, .. } => Some(item),
        _ => None,
    })
}

/// What a scan that came key by key shows, and what to set.
pub fn examine(db: &Db, sample: &Sample, today: NaiveDate) -> Result<Found> {
    let settings = Settings::load(db)?;
    let prefix = settings.text("scanner.prefix").filter(|p| *p != "off");
    let known = |code: &str| !matches!(meaning(db, code, today), Ok(Meaning::Nobody { .. }) | Err(_));
    Ok(scanner_test::examine(sample, prefix, known))
}
