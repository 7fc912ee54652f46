//! Whether one should order from a supplier: by a person's word, else by his grade and the settings.

use super::super::perform;
use super::super::settings::Settings;
use crate::domain::ids::SupplierId;
use crate::domain::scorecard::{Grade, Scorecard};
use crate::domain::standing::{Judged, Limits, Standing, judge};
use crate::ops::views::suppliers::{card_of, judge_all, measure};
use crate::store::po;
use crate::store::{Act, Db, Done, Failure, Result, Store};
use chrono::NaiveDate;

/// From which grades down the house warns and blocks.
pub fn limits(settings: &Settings) -> Limits {
    let grade =
        |key: &str| [Grade::A, Grade::B, Grade::C, Grade::D].into_iter().find(|g| g.letter() == settings.value(key));
    Limits { warn: grade("suppliers.warn_at"), block: grade("suppliers.block_at") }
}

/// How a supplier with this card and this word of a person stands.
pub fn judged(own: Option<&(String, Option<String>)>, card: &Scorecard, limits: Limits) -> Judged {
    let own = own.and_then(|(s, why)| Some((Standing::named(s)?, why.as_deref())));
    let mut judged = judge(own, card.grade().filter(|_| !card.too_few()), limits);
    if own.is_none()
        && judged.standing != Standing::Ok
        && let Some(rate) = card.on_time.rate()
    {
        judged.why = format!("{}, {:.0} % of {} lines on time", judged.why, rate * 100.0, card.on_time.all);
    }
    judged
}

/// A supplier's name and how he stands today.
pub fn of(db: &Db, supplier: SupplierId, today: NaiveDate) -> Result<(String, Judged)> {
    let (name, own) = po::standing(db, supplier)?
        .ok_or_else(|| Failure::refused("That supplier is not there any more. Read the list again (F5)."))?;
    let settings = Settings::load(db)?;
    let limits = limits(&settings);
    if own.is_some() || limits == Limits::default() {
        return Ok((name, judged(own.as_ref(), &Scorecard::default(), limits)));
    }
    let card = card_of(db, supplier, &measure(&settings), today)?;
    Ok((name, judged(None, &card, limits)))
}

/// How each of these stands today; every supplier is judged once.
pub fn among(db: &Db, suppliers: &[SupplierId], today: NaiveDate) -> Result<Vec<(SupplierId, Judged)>> {
    let settings = Settings::load(db)?;
    let (limits, owns) = (limits(&settings), po::standings(db)?);
    let cards = match limits == Limits::default() {
        true => Default::default(),
        false => judge_all(db, &measure(&settings), today)?.cards,
    };
    let none = Scorecard::default();
    Ok(suppliers.iter().map(|s| (*s, judged(owns.get(s), cards.get(s).unwrap_or(&none), limits))).collect())
}

/// Says how a supplier stands; `None`: as the settings say. Warning and blocking need a reason.
pub fn set(
    store: &mut Store,
    act: Act,
    supplier: SupplierId,
    standing: Option<Standing>,
    reason: &str,
) -> Result<Done<()>> {
    let reason = reason.trim();
    if matches!(standing, Some(Standing::Warn | Standing::Block)) && reason.is_empty() {
        return Err(Failure::refused("Say why: whoever orders next will read it."));
    }
    perform(store, act, |tx| {
        let (name, _) = po::standing(tx, supplier)?
            .ok_or_else(|| Failure::refused("That supplier is not there any more. Read the list again (F5)."))?;
        let reason = Some(reason).filter(|r| !r.is_empty() && standing.is_some());
        po::set_standing(tx, supplier, standing.map(Standing::name), reason)?;
        let why = reason.map(|r| format!(": {r}")).unwrap_or_default();
        tx.summarise(match standing {
            None => format!("{name} stands as the settings say"),
            Some(Standing::Ok) => format!("{name} is ok to order from{why}"),
            Some(Standing::Warn) => format!("{name}: warn before each order{why}"),
            Some(Standing::Block) => format!("{name}: no more orders{why}"),
        });
        Ok(())
    })
}
