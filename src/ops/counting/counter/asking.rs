//! What is asked before a bin is left, and answered: scans that came twice at once, and items that are named and not counted.

use super::*;
use crate::domain::counting::folding::Scan;

/// The names of a few items, and how many more.
pub(super) fn names(db: &Db, items: &[ItemId]) -> Result<String> {
    let mut names = Vec::new();
    for item in items.iter().take(3) {
        names.push(goods::item(db, *item)?.name);
    }
    let more = if items.len() > 3 { format!(" and {} more", items.len() - 3) } else { String::new() };
    Ok(names.join(", ") + &more)
}

impl Counter {
    /// What this person is asked to count in the bin and has not counted.
    pub(super) fn missing(&self, db: &Db, open: &InBin) -> Result<Vec<ItemId>> {
        if self.asked.is_empty() {
            return Ok(Vec::new());
        }
        let counted: Vec<ItemId> = store::last_of_each(db, open.visit)?
            .into_iter()
            .filter(|row| row.total.is_some())
            .filter_map(|row| row.item)
            .collect();
        Ok(self.asked.iter().copied().filter(|item| !counted.contains(item)).collect())
    }

    /// How the bin is left: done, or what is still to be counted in it.
    pub(super) fn left_words(&self, db: &Db, open: &InBin) -> Result<String> {
        let missing = self.missing(db, open)?;
        Ok(if missing.is_empty() {
            format!("{} is done.", open.bin.code)
        } else {
            format!("{} is left; still to count there: {}.", open.bin.code, names(db, &missing)?)
        })
    }

    /// What came twice at once in the bin and was not asked about yet.
    pub(super) fn about_doubled(&self, db: &Db, open: &InBin) -> Result<Option<String>> {
        let asked = store::question(db, open.visit)?.unwrap_or(0);
        let doubled: Vec<ItemId> =
            store::doubled(db, open.visit)?.into_iter().filter(|(row, _)| *row > asked).map(|(_, item)| item).collect();
        Ok(if doubled.is_empty() { None } else { Some(format!("{}: scanned twice at once.", names(db, &doubled)?)) })
    }

    /// Asks once before the bin is done; a row of its own says so, and the same again is meant so.
    pub(super) fn question(&mut self, db: &Db, act: &Act, sent: &Sent, open: &InBin) -> Result<Option<Told>> {
        let mut said = Vec::new();
        if let Some(doubled) = self.about_doubled(db, open)? {
            said.push(format!("{doubled} Right? F8 again ends the bin; else - takes one back."));
        }
        let missing = self.missing(db, open)?;
        let asked_now = store::last_standing(db, open.visit)?.is_some_and(|last| last.is_question());
        if !missing.is_empty() && !asked_now {
            said.push(format!(
                "Not counted here: {}. 0 says that none is here; F8 again leaves it for later.",
                names(db, &missing)?
            ));
        }
        if said.is_empty() {
            return Ok(None);
        }
        store::append(db, &NewScan { uid: sent.uid, typed: !sent.scanned, ..self.row(act, Kind::Name, open) })?;
        self.puts_above(None);
        Ok(Some(Told::warn(said.join(" "))))
    }

    /// `0` with nothing above: of what this person is asked to count here there is none, and the bin is done; where
    /// nothing is asked for, the bin is empty.
    pub(super) fn none_here(&mut self, db: &Db, act: &Act, sent: &Sent) -> Result<Told> {
        let Some(open) = self.open.clone() else { return self.empty(db, act, sent) };
        let missing = self.missing(db, &open)?;
        if missing.is_empty() {
            return self.empty(db, act, sent);
        }
        for (n, item) in missing.iter().enumerate() {
            let row = NewScan {
                uid: sent.uid.filter(|_| n == 0),
                item: Some(*item),
                quantity: Some(Qty::ZERO),
                total: Some(Qty::ZERO),
                typed: true,
                ..self.row(act, Kind::Set, &open)
            };
            store::append(db, &row)?;
        }
        let said = format!("Saved: no {} in {}.", names(db, &missing)?, open.bin.code);
        if let Some(doubled) = self.about_doubled(db, &open)? {
            self.stands_at(db, open.visit)?;
            return Ok(Told::warn(format!("{said} {doubled} F8 asks about it.")));
        }
        store::append(db, &NewScan { typed: true, ..self.row(act, Kind::Done, &open) })?;
        self.leave();
        Ok(Told::say(format!("{said} {} is done.", open.bin.code)))
    }

    /// `-` right after it was asked about a scan that came twice: that scan is taken back, also in the bin that was left.
    pub(super) fn take_back_doubled(&mut self, db: &Db, act: &Act, sent: &Sent) -> Result<Option<Told>> {
        let Some(open) = self.open.clone() else { return Ok(None) };
        let question = store::last_standing(db, open.visit)?.filter(|last| last.is_question());
        let place = if question.is_some() { Some(open.clone()) } else { self.left_for(db, &open)? };
        let Some(place) = place else { return Ok(None) };
        let Some((row, item)) = store::doubled(db, place.visit)?.into_iter().next() else { return Ok(None) };
        let Some(taken) = store::last_rows_of(db, place.visit, item, i64::MAX)?.into_iter().find(|r| r.id == row)
        else {
            return Ok(None);
        };
        let total = store::total_without(db, place.visit, item, row)?;
        let back = NewScan {
            uid: sent.uid,
            item: Some(item),
            total,
            takes_back: Some(row),
            typed: !sent.scanned,
            ..self.row(act, Kind::Back, &place)
        };
        store::append(db, &back)?;
        let mut said = self.taken_back(db, &taken, total, &place)?;
        let left = doubled_items(db, place.visit)?;
        if !left.is_empty() {
            said += &format!(" {}: scanned twice at once too; - takes one back.", names(db, &left)?);
        } else if let Some(question) = question.filter(|_| self.missing(db, &open).is_ok_and(|m| m.is_empty())) {
            let answered = NewScan { takes_back: Some(question.id), typed: true, ..self.row(act, Kind::Back, &open) };
            store::append(db, &answered)?;
        }
        self.stands_at(db, open.visit)?;
        Ok(Some(Told::say(said)))
    }

    /// The bin that was left by scanning the open one, where nothing was said in this since and that one is not posted.
    fn left_for(&self, db: &Db, open: &InBin) -> Result<Option<InBin>> {
        let Some(opened) = store::just_opened(db, open.visit)? else { return Ok(None) };
        let visits = store::visits_of(db, self.session.id, &self.operator)?;
        let Some((visit, bin)) = visits.into_iter().find(|(visit, _)| *visit != open.visit) else { return Ok(None) };
        let left = store::last_standing(db, visit)?.is_some_and(|r| r.kind == Kind::Done && r.id + 1 == opened);
        let place = InBin { visit, bin: goods::bin(db, bin)? };
        if !left || self.about_doubled(db, &place)?.is_none() || store::was_posted(db, self.session.id, visit)? {
            return Ok(None);
        }
        Ok(Some(place))
    }

    /// What was taken back, and what is left of it.
    pub(super) fn taken_back(&self, db: &Db, row: &Scan, total: Option<Qty>, place: &InBin) -> Result<String> {
        let here = if self.only_bin.is_some() { String::new() } else { format!(" in {}", place.bin.code) };
        let now = total.map_or("not counted now".to_string(), |n| format!("{n} now"));
        let name = match row.item {
            Some(item) => goods::item(db, item)?.name,
            None => row.code.clone().unwrap_or_default(),
        };
        let how_many = match row.quantity {
            None | Some(Qty::ONE) => "one".to_string(),
            Some(n) => n.to_string(),
        };
        Ok(match row.kind {
            Kind::Set => format!("Taken back: \"it is {}\" of {name}{here}, {now}.", row.quantity.unwrap_or_default()),
            Kind::Name => format!("Taken back: the choice of {name}{here}, {now}."),
            Kind::Unknown => format!("Taken back: the unknown code {name}{here}."),
            Kind::Empty => format!("Taken back: that {} is empty.", place.bin.code),
            _ => format!("Taken back: {how_many} {name}{here}, {now}."),
        })
    }
}
