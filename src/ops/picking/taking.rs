//! One person walking a round: bins and goods that are scanned, figures that are typed, places that have less.

use super::{Spot, Standing, row, spots, standing, still_open, store};
use crate::domain::ids::{ItemId, PickId};
use crate::domain::picking::{self as rules, Kind};
use crate::domain::quantity::Qty;
use crate::domain::scan::{self, Entry};
use crate::ops::scanning::{self, Meaning, Told};
use crate::store::picking::NewRow;
use crate::store::{Act, Db, Failure, Result, Store, goods};

/// A line that came from the scan field.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    pub text: &'a str,
    /// It came from the scanner, not from the keys.
    pub scanned: bool,
    /// The workstation's own id of this line: sent twice it counts once.
    pub uid: Option<&'a str>,
    /// The place that the person chose in the list: a figure is of this one.
    pub about: Option<i64>,
    /// The person was asked whether this is the bin, and said the same again.
    pub sure: bool,
}

/// Takes a line. What is told is durable; refused lines leave everything as it was.
pub fn enter(store: &mut Store, act: &Act, pick: PickId, sent: &Sent) -> Result<Told> {
    store.record("pick", |db| {
        if let Some(uid) = sent.uid
            && store::knows(db, uid)?
        {
            return Ok(Told { again: true, ..Told::say("This was taken before; it counts once.") });
        }
        still_open(db, pick)?;
        let now = standing(db, pick, &act.operator)?;
        let at = sent.about.or(now.at);
        let spot = now.spots.iter().find(|s| Some(s.place.id) == at);
        let entry = if sent.scanned {
            scan::scanned(sent.text)
        } else {
            scan::typed(sent.text, spot.is_some()).map_err(|u| Failure::refused(u.0))?
        };
        let taker = Taker { db, act, pick, sent, now: &now };
        let chosen = || spot.ok_or_else(|| Failure::refused("Everything of this round is picked: F8 ships it."));
        match entry {
            Entry::Nothing => Ok(Told::default()),
            Entry::TakeBack => take_back(db, act, pick, &now),
            Entry::Quantity(n) => taker.set(chosen()?, n),
            Entry::Add(n) => {
                let spot = chosen()?;
                taker.set(spot, spot.picked.quantity + n)
            }
            Entry::Rest => {
                let spot = chosen()?;
                taker.set(spot, spot.place.quantity)
            }
            Entry::Code(code) => taker.code(spot, &code, None, true),
            Entry::Words(words) => taker.code(spot, &words, None, false),
            Entry::Times(n, Some(code)) => taker.code(spot, &code, Some(n), true),
            Entry::Times(n, None) => Err(Failure::refused(format!("Type {n} alone: it is {n} of the place above."))),
            Entry::Bad(..) => {
                Err(Failure::refused("Bad goods: F9 says that no more lies there, then move them to quarantine (m)."))
            }
            Entry::Done => Err(Failure::refused("F8 ships what is picked.")),
        }
    })
}

/// No more lies at the place than was taken: nor for the others of the round that are to get the same goods from there.
pub fn short(store: &mut Store, act: &Act, pick: PickId, place: i64) -> Result<Told> {
    store.record("short pick", |db| {
        still_open(db, pick)?;
        let spots = spots(db, pick)?;
        let spot = spots.iter().find(|s| s.place.id == place);
        let spot = spot.ok_or_else(|| Failure::refused("That place is not in this round any more."))?;
        if spot.picked.quantity >= spot.place.quantity {
            return Err(Failure::refused("All of it is picked: nothing is missing here."));
        }
        // Its own row last: taking back begins with it.
        let others: Vec<&Spot> =
            spots.iter().filter(|s| s.place.id != place && same_goods(s, spot) && s.left().is_positive()).collect();
        for id in others.iter().map(|s| s.place.id).chain([place]) {
            store::append(db, &NewRow { place: Some(id), ..row(act, pick, Kind::Short) })?;
        }
        let more: Qty = others.iter().map(|s| s.left()).sum();
        let of_others = if more.is_positive() { format!(" Nor the {more} for others.") } else { String::new() };
        Ok(Told::warn(format!(
            "Short: {} of {} {} from {}.{of_others}",
            spot.picked.quantity, spot.place.quantity, spot.place.name, spot.place.bin_code
        )))
    })
}

/// Whether two places are the same goods in the same bin.
fn same_goods(a: &Spot, b: &Spot) -> bool {
    (a.place.bin, a.place.item) == (b.place.bin, b.place.item)
}

/// One line of one person in a round.
struct Taker<'a> {
    db: &'a Db,
    act: &'a Act,
    pick: PickId,
    sent: &'a Sent<'a>,
    now: &'a Standing,
}

impl Taker<'_> {
    /// Whether it is known that the person stands at the place: its bin was scanned, or its goods lie in no other.
    fn stands_at(&self, spot: &Spot) -> Result<bool> {
        if self.now.bin == Some(spot.place.bin) {
            return Ok(true);
        }
        let lies = goods::levels(self.db, spot.place.item)?;
        let mut bins = lies.iter().filter(|l| l.quantity.is_positive()).map(|l| l.bin.id);
        Ok(bins.next() == Some(spot.place.bin) && bins.next().is_none())
    }

    fn row(&self, kind: Kind) -> NewRow<'_> {
        row(self.act, self.pick, kind)
    }

    /// So many were taken. A figure names neither bin nor goods: where the bin was not scanned it is asked for, once.
    fn set(&self, spot: &Spot, n: Qty) -> Result<Told> {
        let place = &spot.place;
        if n > place.quantity {
            return Err(Failure::refused(format!(
                "{} {} are to be taken from {} for {}: {n} are too many.",
                place.quantity, place.name, place.bin_code, place.order
            )));
        }
        if place.shipped {
            return Err(Failure::refused(format!("{} is shipped already.", place.order)));
        }
        let here = self.now.bin == Some(place.bin);
        if !here && !self.sent.sure {
            let (bin, text) = (&place.bin_code, self.sent.text.trim());
            return Ok(Told::ask(format!("Are you at {bin}? Scan {bin}, or the same again ({text}) if you are.")));
        }
        if !here {
            store::append(self.db, &NewRow { bin: Some(place.bin), ..self.row(Kind::Bin) })?;
        }
        let new = NewRow { uid: self.sent.uid, place: Some(place.id), quantity: Some(n), ..self.row(Kind::Set) };
        store::append(self.db, &new)?;
        if n < place.quantity {
            let left = place.quantity - n;
            return Ok(Told::say(format!("{left} more to take here. F9 where no more lies there.")));
        }
        Ok(Told::default())
    }

    fn code(&self, shown: Option<&Spot>, code: &str, times: Option<Qty>, certain: bool) -> Result<Told> {
        match scanning::meaning(self.db, code, self.act.today)? {
            Meaning::Bin(bin) => {
                let here: Vec<&Spot> = self.now.spots.iter().filter(|s| s.place.bin == bin.id).collect();
                if here.is_empty() {
                    let wanted = shown.map(|s| format!(" Go to {}.", s.place.bin_code)).unwrap_or_default();
                    return Err(Failure::refused(format!("Nothing is to be taken from {}.{wanted}", bin.code)));
                }
                let new = NewRow { uid: self.sent.uid, bin: Some(bin.id), ..self.row(Kind::Bin) };
                store::append(self.db, &new)?;
                Ok(match here.iter().filter(|s| s.left().is_positive()).count() {
                    0 => Told::say(format!("{} is done.", bin.code)),
                    _ => Told::default(),
                })
            }
            Meaning::Item { item, quantity, remark, .. } => {
                let (quantity, which) = scanning::counts(quantity, times);
                Ok(self.item(shown, item, quantity)?.and(which.or(remark)))
            }
            Meaning::Po(_) => Err(Failure::refused(format!("{code} is a purchase order: r receives it."))),
            Meaning::Broken(why) => Err(Failure::refused(format!("Misread: {why}. Scan it again."))),
            Meaning::Nobody { .. } if certain || code.chars().all(|c| c.is_ascii_digit()) => {
                Err(Failure::refused(format!("Nothing here has the code {code}: nothing was taken.")))
            }
            Meaning::Nobody { .. } => Ok(Told { find: Some(code.to_string()), ..Told::default() }),
        }
    }

    /// Goods were scanned: they count only at the place where the walk has this person, never at another by itself.
    fn item(&self, shown: Option<&Spot>, item: ItemId, quantity: Qty) -> Result<Told> {
        let of_item: Vec<&Spot> = self.now.spots.iter().filter(|s| s.place.item == item).collect();
        let open = |s: &&&Spot| s.left().is_positive();
        let stood: Vec<&&Spot> = of_item.iter().filter(open).filter(|s| Some(s.place.bin) == self.now.bin).collect();
        let shown = shown.filter(|s| s.left().is_positive());
        let here: Vec<&&Spot> = match shown {
            _ if !stood.is_empty() => stood,
            Some(shown) if shown.place.item == item && self.stands_at(shown)? => {
                of_item.iter().filter(open).filter(|s| s.place.bin == shown.place.bin).collect()
            }
            _ => Vec::new(),
        };
        let Some(first) = here.first().copied() else { return Err(self.wrong(shown, item, &of_item)?) };
        // One scan may serve several lines of the bin: a carton of twelve for two orders of six.
        let most: Qty = here.iter().map(|s| s.left()).sum();
        if quantity > most {
            return Err(Failure::refused(format!(
                "Only {most} {} are to be taken from {}: {quantity} are too many.",
                first.place.name, first.place.bin_code
            )));
        }
        let (mut left, mut uid) = (quantity, self.sent.uid);
        for spot in here {
            let n = left.min(spot.left());
            if n.is_positive() {
                let new = NewRow {
                    uid: uid.take(),
                    place: Some(spot.place.id),
                    quantity: Some(n),
                    typed: !self.sent.scanned,
                    ..self.row(Kind::Item)
                };
                store::append(self.db, &new)?;
                left -= n;
            }
        }
        Ok(Told::default())
    }

    /// Why these goods do not count here, and what to do.
    fn wrong(&self, shown: Option<&Spot>, item: ItemId, of_item: &[&Spot]) -> Result<Failure> {
        let Some(first) = of_item.first() else {
            let name = goods::item(self.db, item)?.name;
            return Ok(Failure::refused(format!("Wrong: {name} is not on this list. Put it back.")));
        };
        let name = &first.place.name;
        let Some(next) = of_item.iter().find(|s| s.left().is_positive()) else {
            return Ok(Failure::refused(format!("All {name} of this round are picked: put this one back.")));
        };
        let bin = &next.place.bin_code;
        Ok(Failure::refused(match shown {
            Some(shown) if shown.place.item == item && shown.place.bin == next.place.bin => {
                format!("{name} lies in several bins: scan {bin} first if you stand there. Nothing was taken.")
            }
            Some(shown) => {
                format!("Wrong: that is {name}, from {bin}. Here: {}. For {name} scan {bin}.", shown.place.name)
            }
            None => format!("{name} is to be taken from {bin}: scan {bin} first."),
        }))
    }
}

fn take_back(db: &Db, act: &Act, pick: PickId, now: &Standing) -> Result<Told> {
    let rows = store::rows(db, pick)?;
    let shipped = |place: i64| now.spots.iter().any(|s| s.place.id == place && s.place.shipped);
    let last = rules::standing(&rows)
        .rfind(|r| r.operator == act.operator && r.place.is_some_and(|p| !shipped(p)))
        .ok_or_else(|| Failure::refused("Nothing is left to take back here."))?;
    let spot = |of: Option<i64>| now.spots.iter().find(|s| Some(s.place.id) == of);
    let mut gone = vec![last.id];
    // Nothing more in the bin was said of all its places at once, and is taken back so.
    if let Some(short) = spot(last.place).filter(|_| last.kind == Kind::Short) {
        let with_it = rules::standing(&rows).filter(|r| r.kind == Kind::Short && r.operator == act.operator);
        let with_it = with_it.filter(|r| r.id != last.id && spot(r.place).is_some_and(|s| same_goods(s, short)));
        gone.extend(with_it.filter(|r| r.place.is_some_and(|p| !shipped(p))).map(|r| r.id));
    }
    for id in gone {
        store::append(db, &NewRow { takes_back: Some(id), ..row(act, pick, Kind::Back) })?;
    }
    let name = spot(last.place).map(|s| s.place.name.as_str());
    Ok(Told::say(format!("Taken back: {}.", name.unwrap_or("the last"))))
}
