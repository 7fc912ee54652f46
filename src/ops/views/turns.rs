//! What another turn would change: whose likely date moves.

use super::backorders::{Terms, load, load_with_turn};
use crate::domain::allocation::Turn;
use crate::domain::ids::LineId;
use crate::store::{Db, Result};
use chrono::NaiveDate;

/// A line whose likely date would be another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shift {
    pub line: LineId,
    pub order_code: String,
    pub customer_name: String,
    pub item_name: String,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// It would need a new word: late now where it was not.
    pub becomes_late: bool,
}

/// Everybody whose likely date moves when these lines get that turn; those who lose first.
pub fn preview(db: &Db, terms: &Terms, lines: &[LineId], turn: Turn, today: NaiveDate) -> Result<Vec<Shift>> {
    let before = load(db, terms, today)?;
    let after = load_with_turn(db, terms, today, lines, turn)?;
    let mut shifts: Vec<Shift> = after
        .lines
        .iter()
        .filter_map(|new| {
            let old = before.line(new.line)?;
            (old.likely_on != new.likely_on).then(|| Shift {
                line: new.line,
                order_code: new.order_code.clone(),
                customer_name: new.customer_name.clone(),
                item_name: new.item_name.clone(),
                from: old.likely_on,
                to: new.likely_on,
                becomes_late: new.state > old.state,
            })
        })
        .collect();
    let loses = |s: &Shift| s.to.is_none() || s.from.is_some_and(|from| s.to > Some(from));
    shifts.sort_by_key(|s| (!loses(s), !s.becomes_late, s.line));
    Ok(shifts)
}
