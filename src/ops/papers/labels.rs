//! Labels that the scanner understands: of bins, items and expected POs, and the sheet of commands.

use crate::domain::scan::{self, COMMANDS};
use crate::exchange::label::{self, Label};
use crate::store::{Db, Failure, Result, deliveries, goods, scanning};

/// The laminated sheet.
pub fn commands() -> Vec<Label> {
    let label =
        |(code, what): &(&str, &str)| Label { code: code.to_string(), title: what.to_string(), detail: String::new() };
    COMMANDS.iter().map(label).collect()
}

/// Those that can be drawn as bars, and how many cannot; refused where none is left.
pub fn printable(mut labels: Vec<Label>) -> Result<(Vec<Label>, usize)> {
    let all = labels.len();
    labels.retain(|l| label::can_print(&l.code));
    if labels.is_empty() {
        return Err(Failure::usage("There is nothing to print a label for."));
    }
    let left_out = all - labels.len();
    Ok((labels, left_out))
}

/// Of the bins whose codes begin so; none named: all.
pub fn bins(db: &Db, wanted: &[String]) -> Result<Vec<Label>> {
    let mut labels = Vec::new();
    for bin in goods::bins(db)? {
        if wanted.is_empty() || wanted.iter().any(|w| bin.code.starts_with(w.as_str())) {
            let detail = if bin.kind == "storage" { String::new() } else { bin.kind.clone() };
            labels.push(Label { code: scan::Label::Bin.of(&bin.code), title: bin.code, detail });
        }
    }
    Ok(labels)
}

/// Of the items of these SKUs; none named: all that are sold.
pub fn items(db: &Db, wanted: &[String]) -> Result<Vec<Label>> {
    let mut labels = Vec::new();
    let items = scanning::items_to_label(db)?;
    if let Some(unknown) = wanted.iter().find(|w| !items.iter().any(|i| i.sku == **w)) {
        return Err(Failure::usage(format!("There is no item {unknown} that is still sold.")));
    }
    for item in items.into_iter().filter(|i| wanted.is_empty() || wanted.contains(&i.sku)) {
        let home = item.home.map(|h| format!("   bin {h}")).unwrap_or_default();
        labels.push(Label {
            code: scan::Label::Item.of(&item.sku),
            detail: format!("{}{home}", item.sku),
            title: item.name,
        });
    }
    Ok(labels)
}

/// Of the POs whose goods are expected; none named: all.
pub fn pos(db: &Db, wanted: &[String]) -> Result<Vec<Label>> {
    let mut labels = Vec::new();
    let expected = deliveries::expected(db)?;
    if let Some(unknown) = wanted.iter().find(|w| !expected.iter().any(|p| p.code == **w)) {
        return Err(Failure::usage(format!("No goods are expected on a PO {unknown}.")));
    }
    for po in expected.into_iter().filter(|p| wanted.is_empty() || wanted.contains(&p.code)) {
        labels.push(Label { code: scan::Label::Po.of(&po.code), detail: po.supplier, title: po.code });
    }
    Ok(labels)
}
