//! Which bin: opened by its label, done, empty; the only one where nobody scans bins.

use super::asking::names;
use super::*;
use crate::ops::counting::policy;
use crate::ops::picking;
use crate::ops::shipping::few;

impl Counter {
    pub(super) fn empty(&mut self, db: &Db, act: &Act, sent: &Sent) -> Result<Told> {
        self.open_only_bin(db, act)?;
        let open = self.open.clone().ok_or_else(bin_first)?;
        let something = store::last_of_each(db, open.visit)?
            .into_iter()
            .find_map(|row| Some((row.item?, row.total.filter(|n| n.is_positive())?)));
        if let Some((item, n)) = something {
            return Err(Failure::refused(format!(
                "{n} {} are counted in {} already: scan it and type 0, or take it back (-). Then 0 says that the bin is empty.",
                goods::item(db, item)?.name,
                open.bin.code
            )));
        }
        store::append(db, &NewScan { uid: sent.uid, typed: true, ..self.row(act, Kind::Empty, &open) })?;
        store::append(db, &NewScan { typed: true, ..self.row(act, Kind::Done, &open) })?;
        self.leave();
        Ok(Told::say(format!("{} is empty. Saved.", open.bin.code)))
    }

    pub(super) fn open_only_bin(&mut self, db: &Db, act: &Act) -> Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        if let Some(bin) = self.only_bin {
            let bin = goods::bin(db, bin)?;
            let sent = Sent { text: "", scanned: false, uid: None, twice: false };
            self.open_bin(db, act, &sent, bin)?;
        }
        Ok(())
    }

    pub(super) fn open_bin(&mut self, db: &Db, act: &Act, sent: &Sent, bin: Bin) -> Result<Told> {
        let (mut left, mut doubtful) = (String::new(), false);
        if let Some(open) = self.open.clone() {
            if open.bin.id == bin.id {
                return Ok(Told::say(format!("{} is open already. Scan what lies in it.", bin.code)));
            }
            if store::has_figures(db, open.visit)? {
                left = self.left_words(db, &open)? + " ";
                if let Some(question) = self.about_doubled(db, &open)? {
                    left += &format!("{question} Right? Count on; else - takes one back. ");
                    doubtful = true;
                }
                store::append(db, &self.row(act, Kind::Done, &open))?;
            } else if let Some(first) = store::last_standing(db, open.visit)?.filter(|s| s.id == open.visit) {
                // Opened and nothing counted: as if it had never been scanned.
                let back = NewScan { takes_back: Some(first.id), ..self.row(act, Kind::Back, &open) };
                store::append(db, &back)?;
            }
        }
        let mine = store::visits_of(db, self.session.id, &self.operator)?;
        let mut visit = mine.iter().find(|(_, b)| *b == bin.id).map(|(v, _)| *v);
        // What was posted is a count that is finished, also where the posting was taken back: scans do not add to it.
        let posted = visit.map(|v| store::was_posted(db, self.session.id, v)).transpose()?.unwrap_or(false);
        let asked = visit.map(|v| store::asked_again_since(db, self.session.id, bin.id, v)).transpose()?;
        let asked = asked.unwrap_or(false);
        if let Some(before) = visit
            && (posted || asked || self.answered_by_another(db, bin.id, before)?)
        {
            visit = None;
        }
        let placeholder = InBin { visit: 0, bin: bin.clone() };
        let row = NewScan { uid: sent.uid, visit, ..self.row(act, Kind::Bin, &placeholder) };
        let id = store::append(db, &row)?;
        let resumed = visit.is_some();
        self.leave();
        self.open = Some(InBin { visit: visit.unwrap_or(id), bin: bin.clone() });
        if let Some(visit) = visit {
            self.doubled = doubled_items(db, visit)?;
        }
        self.learn_what_is_asked(db, act.today)?;
        let places = store::places(db, self.session.id)?;
        let planned = places.is_empty() || places.iter().any(|p| p.0 == bin.id);
        let rest = match (resumed, planned) {
            (true, _) => format!("{} goes on where you left it.", bin.code),
            (false, _) if posted && !asked => {
                format!("{} is counted anew. What you do not count again stays as it was counted.", bin.code)
            }
            (false, false) => format!("{} is not in this round; it is counted all the same.", bin.code),
            (false, true) => String::new(),
        };
        // What somebody picked is in the book of its bin until it is shipped; the review reckons with it.
        let picked = picking::picked_of_bin(db, bin.id)?;
        let picked = match picked.as_slice() {
            [] => String::new(),
            all => format!(" Picked, not shipped yet: {}. Count only what lies in the bin.", few(all)),
        };
        let said = format!("{left}{rest}{picked}").trim().to_string();
        Ok(if doubtful { Told::warn(said) } else { Told::say(said) })
    }

    /// Where two people count: this person was done with the bin and somebody else counted it since. What was counted
    /// first stays what it was, and counting once more is another count.
    fn answered_by_another(&self, db: &Db, bin: BinId, visit: i64) -> Result<bool> {
        Ok(policy(&Settings::load(db)?).two_people
            && store::is_done(db, visit)?
            && store::done_by_another_since(db, self.session.id, bin, &self.operator, visit)?)
    }

    pub(super) fn done(&mut self, db: &Db, act: &Act, sent: &Sent) -> Result<Told> {
        let open = self.open.clone().ok_or_else(|| Failure::refused("No bin is open: scan the next one."))?;
        if !store::has_figures(db, open.visit)? {
            let missing = self.missing(db, &open)?;
            let zero = if missing.is_empty() {
                "that it is empty".to_string()
            } else {
                format!("that it has none of: {}", names(db, &missing)?)
            };
            return Err(Failure::refused(format!("Nothing is counted in {} yet. 0 says {zero}.", open.bin.code)));
        }
        if let Some(question) = self.question(db, act, sent, &open)? {
            return Ok(question);
        }
        let said = self.left_words(db, &open)?;
        store::append(db, &NewScan { uid: sent.uid, typed: !sent.scanned, ..self.row(act, Kind::Done, &open) })?;
        self.leave();
        Ok(Told::say(said))
    }
}
