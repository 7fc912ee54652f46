//! Free stock in a shop's own layout, so that it stops selling what is not there.
//!
//! - WooCommerce's product import knows an item by its SKU and changes the columns that the file has.
//! - Amazon's inventory file is SKU and quantity, tabs between.
//! - Shopify knows an item by its handle and options, which only its own inventory export holds: that file is taken as
//!   it is, and its `On hand (new)` filled in.

use super::read::ReadError;
use super::reader::Grid;
use std::collections::HashMap;
use std::io::{self, Write};

/// A shop whose layout is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shop {
    Shopify,
    WooCommerce,
    Amazon,
}

impl Shop {
    pub fn named(name: &str) -> Option<Shop> {
        match name.to_lowercase().as_str() {
            "shopify" => Some(Shop::Shopify),
            "woocommerce" => Some(Shop::WooCommerce),
            "amazon" => Some(Shop::Amazon),
            _ => None,
        }
    }
    /// As orders of that shop name it.
    pub fn channel(self) -> &'static str {
        match self {
            Shop::Shopify => "shopify",
            Shop::WooCommerce => "woocommerce",
            Shop::Amazon => "amazon",
        }
    }
}

/// How many whole ones of a code can be sold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Level {
    pub code: String,
    pub free: i64,
    pub backorders: bool,
}

/// Writes the levels as WooCommerce or Amazon takes them. Answers the rows.
pub fn write(shop: Shop, levels: &[Level], out: &mut dyn Write) -> io::Result<u64> {
    let tabs = shop == Shop::Amazon;
    let mut writer = csv::WriterBuilder::new().delimiter(if tabs { b'\t' } else { b',' }).from_writer(out);
    if tabs {
        writer.write_record(["sku", "quantity"])?;
    } else {
        writer.write_record(["SKU", "Stock", "In stock?", "Backorders allowed?"])?;
    }
    for level in levels {
        let free = level.free.to_string();
        if tabs {
            writer.write_record([level.code.as_str(), &free])?;
        } else {
            let in_stock = if level.free > 0 || level.backorders { "1" } else { "0" };
            writer.write_record([level.code.as_str(), &free, in_stock, if level.backorders { "1" } else { "0" }])?;
        }
    }
    writer.flush()?;
    Ok(levels.len() as u64)
}

/// What became of Shopify's own inventory export.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filled {
    /// Rows that got a level.
    pub rows: u64,
    /// Codes of the file that are no item here: their rows stay as they are.
    pub unknown: Vec<String>,
}

/// Fills Shopify's inventory export in. What Shopify holds back for its own orders (`Committed`) is ours too and counts
/// on top: its *available* is then exactly what is free here. `location` is needed where the file has several.
pub fn fill_shopify(
    grid: &Grid,
    levels: &[Level],
    location: Option<&str>,
    out: &mut dyn Write,
) -> Result<Filled, ReadError> {
    let column = |name: &str| grid.headings.iter().position(|h| h.to_lowercase().starts_with(&name.to_lowercase()));
    let (sku, title, handle) = (column("SKU"), column("Title"), column("Handle"));
    let (Some(place), Some(_)) = (column("Location"), sku.or(title).or(handle)) else {
        return Err(ReadError::new(
            "This is no inventory export of Shopify: it has no column Location, or neither SKU nor Title.",
        ));
    };
    let option = column("Option1 Value");
    let new = grid.headings.iter().position(|h| h.eq_ignore_ascii_case("On hand (new)"));
    let Some(new) = new.or_else(|| column("On hand")) else {
        return Err(ReadError::new("This inventory export has no column On hand (new): export it again, all columns."));
    };
    let (committed, available, current) = (column("Committed"), column("Available"), column("On hand (current)"));
    let mut places: Vec<&str> = (0..grid.len()).map(|r| grid.cell(r, place).trim()).filter(|p| !p.is_empty()).collect();
    places.sort_unstable();
    places.dedup();
    let here = match (location, places.as_slice()) {
        (Some(named), all) => match all.iter().find(|p| p.eq_ignore_ascii_case(named)) {
            Some(place) => (*place).to_string(),
            None => {
                return Err(ReadError::new(format!("The file knows no location {named}; it has {}.", all.join(", "))));
            }
        },
        (None, [only]) => (*only).to_string(),
        (None, all) => {
            return Err(ReadError::new(format!(
                "The file has several locations ({}). Say which one this warehouse is: --location NAME.",
                all.join(", ")
            )));
        }
    };
    let free: HashMap<&str, i64> = levels.iter().map(|l| (l.code.as_str(), l.free)).collect();
    let failed = |e: csv::Error| ReadError::new(format!("The file cannot be written: {e}."));
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&grid.headings).map_err(failed)?;
    let mut filled = Filled::default();
    for row in 0..grid.len() {
        let mut cells: Vec<String> = (0..grid.headings.len()).map(|c| grid.cell(row, c).to_string()).collect();
        let cell = |at: Option<usize>| at.map_or("", |c| grid.cell(row, c).trim());
        // As the profile names an item when the file is brought in: its SKU, else its title with the option, else handle.
        let with_option = match cell(option) {
            "" | "Default Title" => String::new(),
            option => format!("{} - {option}", cell(title)),
        };
        let codes = [cell(sku), with_option.as_str(), cell(title), cell(handle)];
        let codes = if codes[0].is_empty() { &codes[1..] } else { &codes[..1] };
        let code = codes.iter().find(|c| free.contains_key(**c)).or_else(|| codes.iter().find(|c| !c.is_empty()));
        let stocked = [Some(new), available, current].into_iter().all(|c| !cell(c).eq_ignore_ascii_case("not stocked"));
        if let Some(code) = code.filter(|_| cell(Some(place)) == here && stocked) {
            match free.get(*code) {
                Some(free) => {
                    let held = committed.and_then(|c| grid.cell(row, c).trim().parse::<i64>().ok()).unwrap_or(0).max(0);
                    if let Some(cell) = cells.get_mut(new) {
                        *cell = (free + held).to_string();
                    }
                    filled.rows += 1;
                }
                None => filled.unknown.push((*code).to_string()),
            }
        }
        writer.write_record(&cells).map_err(failed)?;
    }
    writer.flush().map_err(|e| ReadError::new(format!("The file cannot be written: {e}.")))?;
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::reader::{Layout, delimited};

    fn levels() -> Vec<Level> {
        let level = |code: &str, free, backorders| Level { code: code.into(), free, backorders };
        vec![level("007", 12, false), level("SET-6", 2, true)]
    }

    #[test]
    fn woocommerce_and_amazon_get_their_columns() {
        let text = |shop| {
            let mut out = Vec::new();
            write(shop, &levels(), &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(text(Shop::WooCommerce), "SKU,Stock,In stock?,Backorders allowed?\n007,12,1,0\nSET-6,2,1,1\n");
        assert_eq!(text(Shop::Amazon), "sku\tquantity\n007\t12\nSET-6\t2\n");
    }

    #[test]
    fn shopifys_own_file_is_filled_in_with_what_it_holds_back_on_top() {
        let heads = "Handle,Title,SKU,Location,Committed (not editable),On hand (current),On hand (new)";
        let file =
            format!("{heads}\nring,Ring,007,Rotterdam,3,9,\nring,Ring,007,Shop,0,1,\nhat,Hat,HAT,Rotterdam,0,5,\n");
        let grid = delimited(file.as_bytes(), Layout::default());
        let mut out = Vec::new();
        assert!(fill_shopify(&grid, &levels(), None, &mut out).unwrap_err().sentence().contains("--location"));
        let mut out = Vec::new();
        let filled = fill_shopify(&grid, &levels(), Some("rotterdam"), &mut out).unwrap();
        assert_eq!(filled, Filled { rows: 1, unknown: vec!["HAT".into()] });
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains("ring,Ring,007,Rotterdam,3,9,15\n") && text.contains("ring,Ring,007,Shop,0,1,\n"),
            "{text}"
        );
    }

    /// The short layout of two locations has no SKU: an item is then called as the profile called it when it came in.
    #[test]
    fn a_file_of_shopify_without_skus_is_filled_by_title_or_handle() {
        let heads =
            "Handle,Title,Option1 Value,Location,Committed (not editable),Available (not editable),On hand (new)";
        let rows = "mug,\"Mug, Large\",Default Title,Ottawa,2,5,\ntee,Tee,Small,Ottawa,0,4,\nbowl,Bowl,,Ottawa,0,40,\n\
                    plate,Plate,,Ottawa,0,not stocked,\nmug,\"Mug, Large\",,New York,0,3,\n";
        let grid = delimited(format!("{heads}\n{rows}").as_bytes(), Layout::default());
        let level = |code: &str, free| Level { code: code.into(), free, backorders: false };
        let levels = [level("Mug, Large", 12), level("Tee - Small", 7), level("bowl", 3), level("Plate", 9)];
        let mut out = Vec::new();
        let filled = fill_shopify(&grid, &levels, Some("Ottawa"), &mut out).unwrap();
        assert_eq!(filled, Filled { rows: 3, unknown: Vec::new() });
        let text = String::from_utf8(out).unwrap();
        for row in [
            "mug,\"Mug, Large\",Default Title,Ottawa,2,5,14\n",
            "tee,Tee,Small,Ottawa,0,4,7\n",
            "bowl,Bowl,,Ottawa,0,40,3\n",
            "plate,Plate,,Ottawa,0,not stocked,\n",
            "mug,\"Mug, Large\",,New York,0,3,\n",
        ] {
            assert!(text.contains(row), "{row}{text}");
        }
    }
}
