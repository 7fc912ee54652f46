//! A small warehouse in which the counting tests stand: two items in one bin, an empty bin beside it.

use super::warehouse::{Warehouse, q};
use backshelf::domain::counting::Scope;
use backshelf::domain::ids::{BinId, ItemId, SessionId};
use backshelf::domain::quantity::Qty;
use backshelf::ops::counting::counter::{Counter, Sent, Told};
use backshelf::ops::counting::review::{self, Review};
use backshelf::ops::counting::standing::{Standing, standing};
use backshelf::ops::counting::{self, Wanted};
use backshelf::ops::{checking, perform, settings};
use backshelf::store::{Act, Failure, Result, scanning};

pub struct Floor {
    pub w: Warehouse,
    pub a1: BinId,
    pub a2: BinId,
    pub chang: ItemId,
    pub chai: ItemId,
}

pub fn barcode(w: &mut Warehouse, code: &str, item: ItemId, quantity: Qty) {
    let act = w.act("prepare");
    perform(&mut w.store, act, |tx| {
        tx.summarise("prepared");
        scanning::add_barcode(tx, code, item, quantity)
    })
    .unwrap();
}

/// 17 Chang and 11 Chai in A1-04, nothing in A1-05.
pub fn floor() -> Floor {
    let mut w = Warehouse::new();
    let (a1, a2) = (w.bin("A1-04", "storage"), w.bin("A1-05", "storage"));
    let (chang, chai) = (w.item("BEV-002", "Chang"), w.item("BEV-001", "Chai"));
    w.moved(chang, a1, 17);
    w.moved(chai, a1, 11);
    barcode(&mut w, "4006381333931", chang, q(1));
    barcode(&mut w, "036000291452", chai, q(1));
    barcode(&mut w, "14006381333938", chang, q(12));
    for item in [chang, chai] {
        let act = w.act("prepare");
        perform(&mut w.store, act, |tx| {
            tx.update("item", item.0, &[("cost", rusqlite::types::Value::Integer(152_000))])
        })
        .unwrap();
    }
    Floor { w, a1, a2, chang, chai }
}

impl Floor {
    pub fn act(&self, who: &str) -> Act {
        Act { operator: who.into(), ..self.w.act("count") }
    }
    pub fn begin(&mut self, scope: Scope) -> SessionId {
        let act = self.act("M.Baker");
        counting::begin(&mut self.w.store, &act, &Wanted { scope, name: String::new(), uid: None }).unwrap()
    }
    pub fn counter(&self, session: SessionId, who: &str) -> Counter {
        Counter::resume(self.w.store.db(), session, who).unwrap()
    }
    pub fn send(&mut self, counter: &mut Counter, text: &str, scanned: bool) -> Result<Told> {
        let act = self.act(&counter.operator.clone());
        counter.enter(&mut self.w.store, &act, &Sent { text, scanned, uid: None, twice: false })
    }
    /// Lines: those that begin with `>` are typed, the others scanned.
    pub fn lines(&mut self, counter: &mut Counter, lines: &[&str]) -> Told {
        let mut told = Told::default();
        for line in lines {
            let (text, scanned) = line.strip_prefix('>').map_or((*line, true), |t| (t, false));
            told = self.send(counter, text, scanned).unwrap_or_else(|e| panic!("{line}: {e}"));
        }
        told
    }
    pub fn count(&mut self, session: SessionId, who: &str, lines: &[&str]) -> Told {
        let mut counter = self.counter(session, who);
        self.lines(&mut counter, lines)
    }
    pub fn standing(&self, counter: &Counter) -> Standing {
        standing(self.w.store.db(), counter, self.w.today).unwrap()
    }
    pub fn review(&self, session: SessionId) -> Review {
        self.review_of(session, "M.Baker")
    }
    pub fn review_of(&self, session: SessionId, who: &str) -> Review {
        review::load(self.w.store.db(), session, who, self.w.today).unwrap()
    }
    pub fn post(&mut self, session: SessionId) -> Result<backshelf::store::Done<review::Posted>> {
        let act = self.act("M.Baker");
        review::post(&mut self.w.store, act, session)
    }
    pub fn sound(&self) {
        assert_eq!(checking::check(self.w.store.db()).unwrap().faults, Vec::<String>::new());
    }
    pub fn set(&mut self, key: &str, value: &str) {
        let act = self.w.act("set");
        settings::set(&mut self.w.store, act, key, value).unwrap();
    }
    /// Bin, item, counted, difference and state of every line, as text.
    pub fn shown(&self, session: SessionId) -> Vec<String> {
        self.review(session)
            .lines
            .iter()
            .map(|l| format!("{} {} {} {} {:?}", l.bin.code, l.item.name, l.pass.counted, l.difference(), l.state))
            .collect()
    }
}

#[track_caller]
pub fn says(result: Result<Told>, words: &str) {
    match result {
        Err(Failure::Refused(r)) => assert!(r.sentence().contains(words), "{r}"),
        other => panic!("{other:?}"),
    }
}
