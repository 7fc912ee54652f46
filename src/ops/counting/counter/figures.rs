//! How many of what: added by scans, typed, doubted, kept aside, taken back.

use super::*;

impl Counter {
    pub(super) fn add(
        &mut self,
        db: &Db,
        act: &Act,
        sent: &Sent,
        item: ItemId,
        quantity: Qty,
        from: Option<(&str, Option<String>)>,
    ) -> Result<Told> {
        self.open_only_bin(db, act)?;
        let open = self.open.clone().ok_or_else(bin_first)?;
        let total = store::total(db, open.visit, item)?.unwrap_or(Qty::ZERO) + quantity;
        let (code, note) = from.map_or((None, None), |(code, note)| (Some(code), note));
        let note = if sent.twice { Some(store::twice_with(note)) } else { note };
        store::append(
            db,
            &NewScan {
                uid: sent.uid,
                item: Some(item),
                code,
                quantity: Some(quantity),
                total: Some(total),
                typed: code.is_none(),
                note: note.as_deref(),
                ..self.row(act, Kind::Item, &open)
            },
        )?;
        self.puts_above(Some(Above::Item(item)));
        if sent.twice && !self.doubled.contains(&item) {
            self.doubled.push(item);
        }
        Ok(Told::default())
    }

    /// The next scan counts so many: kept like a scan, so that what the screen shows outlives the program.
    pub(super) fn next_counts(&mut self, db: &Db, act: &Act, sent: &Sent, n: Qty) -> Result<Told> {
        self.open_only_bin(db, act)?;
        let open = self.open.clone().ok_or_else(bin_first)?;
        let row =
            NewScan { uid: sent.uid, quantity: Some(n), typed: !sent.scanned, ..self.row(act, Kind::Name, &open) };
        store::append(db, &row)?;
        (self.times, self.doubted) = (Some(n), None);
        Ok(Told::say(format!("The next scan counts {n}.")))
    }

    pub(super) fn quantity(&mut self, db: &Db, act: &Act, sent: &Sent, quantity: Qty) -> Result<Told> {
        match self.above.clone() {
            None if quantity.is_zero() => self.none_here(db, act, sent),
            None => Err(Failure::refused("Nothing stands above: scan an item, then say how many.")),
            Some(Above::Item(item)) => {
                let open = self.open.clone().ok_or_else(bin_first)?;
                if let Some(doubt) = self.doubt(db, act, sent, item, &open, quantity)? {
                    return Ok(doubt);
                }
                let row = NewScan {
                    uid: sent.uid,
                    item: Some(item),
                    quantity: Some(quantity),
                    total: Some(quantity),
                    typed: true,
                    ..self.row(act, Kind::Set, &open)
                };
                store::append(db, &row)?;
                self.times = None;
                self.doubled.retain(|doubled| *doubled != item);
                Ok(Told::default())
            }
            Some(Above::Aside { code, row, .. }) => {
                let open = self.open.clone().ok_or_else(bin_first)?;
                let back = NewScan { takes_back: Some(row), typed: true, ..self.row(act, Kind::Back, &open) };
                store::append(db, &back)?;
                self.puts_above(None);
                if quantity.is_positive() {
                    let aside = NewScan {
                        uid: sent.uid,
                        code: Some(&code),
                        quantity: Some(quantity),
                        typed: true,
                        ..self.row(act, Kind::Unknown, &open)
                    };
                    let row = store::append(db, &aside)?;
                    self.above = Some(Above::Aside { code, row, quantity });
                }
                Ok(Told::default())
            }
        }
    }

    /// A quantity far over the usual is asked again: a slip of the finger, or a barcode's end. That it was asked is a row
    /// of its own, which counts nothing: the question outlives the program.
    fn doubt(
        &mut self,
        db: &Db,
        act: &Act,
        sent: &Sent,
        item: ItemId,
        open: &InBin,
        quantity: Qty,
    ) -> Result<Option<Told>> {
        if self.doubted.take() == Some((item, quantity)) || quantity <= Qty::units(99) {
            return Ok(None);
        }
        let times = Settings::load(db)?.count("stock.usual_times");
        let usual = goods::usual(db, item)?.unwrap_or(Qty::ONE).max(goods::level(db, item, open.bin.id)?).max(Qty::ONE);
        if quantity.thousandths() <= usual.thousandths().saturating_mul(times) {
            return Ok(None);
        }
        let row = NewScan {
            uid: sent.uid,
            item: Some(item),
            quantity: Some(quantity),
            total: store::total(db, open.visit, item)?,
            typed: true,
            ..self.row(act, Kind::Name, open)
        };
        store::append(db, &row)?;
        (self.doubted, self.times) = (Some((item, quantity)), None);
        Ok(Some(Told::warn(scanning::far_more(quantity))))
    }

    pub(super) fn keep_aside(
        &mut self,
        db: &Db,
        act: &Act,
        sent: &Sent,
        code: &str,
        last_digit: Option<u8>,
    ) -> Result<Told> {
        self.open_only_bin(db, act)?;
        let Some(open) = self.open.clone() else {
            return Err(Failure::refused(format!("Nothing here has the code {code}. Scan the bin first.")));
        };
        let quantity = self.times.unwrap_or(Qty::ONE);
        let row = NewScan {
            uid: sent.uid,
            code: Some(code),
            quantity: Some(quantity),
            typed: !sent.scanned,
            ..self.row(act, Kind::Unknown, &open)
        };
        let row = store::append(db, &row)?;
        self.puts_above(Some(Above::Aside { code: code.to_string(), row, quantity }));
        Ok(scanning::aside(code, last_digit))
    }

    pub(super) fn take_back(&mut self, db: &Db, act: &Act, sent: &Sent) -> Result<Told> {
        if let Some(told) = self.take_back_doubled(db, act, sent)? {
            return Ok(told);
        }
        let visit = match &self.open {
            Some(open) => Some((open.visit, open.bin.id)),
            None => store::visits_of(db, self.session.id, &self.operator)?.into_iter().next(),
        };
        let nothing = || Failure::refused("Nothing is left to take back here.");
        let (visit, bin) = visit.ok_or_else(nothing)?;
        let bin = goods::bin(db, bin)?;
        let open = InBin { visit, bin };
        // A question is no answer of this person's: it goes with what was said before it.
        while let Some(question) = store::last_standing(db, visit)?.filter(|s| s.is_question()) {
            store::append(
                db,
                &NewScan { takes_back: Some(question.id), typed: true, ..self.row(act, Kind::Back, &open) },
            )?;
        }
        let last =
            store::last_standing(db, visit)?.filter(|s| s.kind != Kind::Bin || s.id == visit).ok_or_else(nothing)?;
        let total = match last.item {
            Some(item) => store::total_without(db, visit, item, last.id)?,
            None => None,
        };
        let row = NewScan {
            uid: sent.uid,
            item: last.item,
            total,
            takes_back: Some(last.id),
            typed: !sent.scanned,
            ..self.row(act, Kind::Back, &open)
        };
        store::append(db, &row)?;
        // A scan goes with the 12* that was said of it: the next one counts one again.
        if last.kind == Kind::Item
            && let Some(times) = store::last_standing(db, visit)?.filter(|s| s.times().is_some())
        {
            store::append(
                db,
                &NewScan { takes_back: Some(times.id), typed: true, ..self.row(act, Kind::Back, &open) },
            )?;
        }
        let said = match last.kind {
            Kind::Bin => {
                self.leave();
                return Ok(Told::say(format!("{} is closed again: nothing was counted in it.", open.bin.code)));
            }
            // Said to be empty is two rows: that it is, and that it is done.
            Kind::Done => format!("{} is open again.", open.bin.code),
            _ => match last.times() {
                Some(times) => format!("The next scan counts 1 again, not {times}."),
                None if last.doubted().is_some() => {
                    let asked = last.quantity.unwrap_or_default();
                    let still = total.map_or("nothing of it is counted yet".into(), |now| format!("it is {now} still"));
                    format!("{asked} was not counted; {still}.")
                }
                None if last.kind == Kind::Attach => scanning::unnamed(db, last.code.as_deref().unwrap_or_default())?,
                None => self.taken_back(db, &last, total, &open)?,
            },
        };
        if last.kind == Kind::Done
            && let Some(empty) = store::last_standing(db, visit)?.filter(|s| s.kind == Kind::Empty)
        {
            store::append(
                db,
                &NewScan { takes_back: Some(empty.id), typed: true, ..self.row(act, Kind::Back, &open) },
            )?;
        }
        self.open = Some(open);
        self.stands_at(db, visit)?;
        Ok(Told::say(said))
    }
}
