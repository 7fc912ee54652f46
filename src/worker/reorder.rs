//! What the Reorder tab asks, is answered and writes; and planning in the background.
//!
//! Plans are made on a lane of their own, from a connection that only reads, and kept on the store's thread in short
//! pieces: no key ever waits for them. They follow from the facts, so keeping them is no operation and cannot be undone.

use super::{Desk, Lane, without_value};
use crate::domain::ids::{ItemId, LineId, SupplierId};
use crate::domain::money::Money;
use crate::ops::planning::{self, Beside, Due, Plans};
use crate::ops::settings::Settings;
use crate::ops::views::reorder::targets;
use crate::ops::{buying, purchasing, replaying, views};
use crate::store::{Done, Failure};
use crate::store::{levels, morning};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::domain::replay::rivals::Rival;

pub use crate::domain::reorder::Selling;
pub use crate::ops::buying::{KeptBy, NewSeller};
pub use crate::ops::purchasing::ToOrder;
pub use crate::ops::replaying::{Policy, Words, cover};
pub use crate::ops::views::demand::{Bucket, Counts, ItemDemand};
pub use crate::ops::views::item::ItemDetail;
pub use crate::ops::views::planned::Planned;
pub use crate::ops::views::reorder::{
    Behind, ChangedTo, Choice, Decision, Explanation, IdleLine, Later, Need, NotNeeded, Outlook, Point, Reason,
    ReorderBoard, ReorderLine, Target, Term, in_100, percent,
};
pub use crate::store::changed::Own;
pub use crate::store::levels::{Standing, StockLevel};
pub use crate::store::past_demand::LargeLine;
pub use crate::store::plans::{Expects, ItemRule, PriceBreak};
pub use crate::store::purchases::{Draft, Seller};
pub use crate::store::selling::SoldBy;

/// What may be read.
#[derive(Clone, Debug)]
pub enum Load {
    /// Makes plans where the kept ones are stale. `anew`: a person wants them of this window's day, whatever is kept.
    /// `asked`: a person waits for them, so that they do not wait for more changes.
    Plan { anew: bool, asked: bool },
    /// Plans what comes after these, which are kept.
    GoOn { plans: Arc<Plans> },
    /// Keeps the plans from this place on, a piece.
    Keep { plans: Arc<Plans>, from: usize },
    /// What to order.
    Board,
    /// Stock beyond what sells; or what nobody orders any more.
    Idle { asleep: bool },
    /// Levels that a person may want to change.
    Targets,
    /// What each way of ordering would have served in the last year. Set, `stop` ends it soon.
    Replay { stop: Arc<AtomicBool> },
    /// How an item is planned, whether or not it is to be ordered.
    OfItem(ItemId),
    /// One line in full: the line at that place of the board.
    Line { shown: Arc<Shown>, at: usize },
}

/// The board with what the tab needs beside it.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    pub board: ReorderBoard,
    pub sellers: HashMap<SupplierId, Seller>,
    /// The drafts that wait to be sent, the oldest first.
    pub drafts: Vec<Draft>,
    /// The warehouse's own; blank: not said.
    pub currency: String,
    /// How full the shelves of the lines' items are.
    pub levels: HashMap<ItemId, StockLevel>,
    /// Items for which a person's own minimum decides.
    pub typed: usize,
    /// The plans are made by the program's level and smoothed sales, half each; else by the program's alone.
    pub blended: bool,
    /// Days that may be bought ahead (`planning.cover_days`).
    pub cover_days: f64,
    /// Other windows have the file open: plans of another day that stand are theirs.
    pub others: bool,
}

impl Shown {
    /// What the drafts cost that wait to be sent: they are of this round, and its budget pays them too.
    pub fn drafted(&self) -> Money {
        self.drafts.iter().map(|d| d.value).sum()
    }
    /// The draft PO to which new lines of a supplier go: its newest.
    pub fn draft_of(&self, supplier: SupplierId) -> Option<&Draft> {
        self.drafts.iter().rev().find(|d| d.supplier == supplier)
    }
}

/// A line in full.
#[derive(Clone, PartialEq, Debug)]
pub struct LineDetail {
    pub item: ItemId,
    pub why: Explanation,
    pub choices: Vec<Choice>,
    pub detail: ItemDetail,
    /// What was ordered, how long it took, and how the stock goes on.
    pub outlook: Outlook,
    /// By what it is kept, and by what else it could be; none: nothing is known of its sales.
    pub target: Option<Target>,
    /// Its level is of this day, and not of the window's.
    pub of_day: Option<NaiveDate>,
}

/// What was read.
#[derive(Debug)]
pub enum Answer {
    /// The plans are as they should be.
    Fresh,
    /// New plans, to be kept.
    Planned(Arc<Plans>),
    /// A piece is kept; where to go on.
    Kept {
        plans: Arc<Plans>,
        next: Option<usize>,
    },
    Board(Arc<Shown>),
    Idle {
        asleep: bool,
        lines: Vec<IdleLine>,
    },
    Targets {
        targets: Vec<Target>,
        /// So many items of most turnover were looked at, and of so many, where there are more.
        of_more: Option<(usize, usize)>,
    },
    Line(Box<LineDetail>),
    OfItem(Box<Planned>),
    Replayed(Arc<Replayed>),
    /// It was stopped, or there is nothing to replay: a sentence.
    NotReplayed(String),
}

/// The last year replayed.
#[derive(Clone, PartialEq, Debug)]
pub struct Replayed {
    /// `week` or `month`.
    pub bucket: &'static str,
    pub target: f64,
    pub items: usize,
    pub judged: usize,
    /// What it comes to for somebody who buys, and where others did better.
    pub words: Words,
    /// For the target, the program's level and smoothed sales, half each, need less stock than the program's alone.
    pub blend_is_better: bool,
    pub policies: Vec<PolicyRow>,
}

/// A way of ordering, and what it would have reached.
#[derive(Clone, PartialEq, Debug)]
pub struct PolicyRow {
    /// In the words of somebody who buys.
    pub name: &'static str,
    pub ours: bool,
    /// The minimum and maximum that are typed, or such as are usual.
    pub in_force: bool,
    /// Share of all units served at once, when asked for the target.
    pub served: f64,
    pub served_items: f64,
    /// Stock in buckets of sales.
    pub cover: f64,
    /// The same for exactly the target; none: never reached.
    pub cover_at_target: Option<f64>,
}

/// What may be written.
#[derive(Clone, Debug)]
pub enum Write {
    /// Into draft POs, one per supplier, with what the person saw as changed of each item.
    Order(Vec<ToOrder>, Vec<(ItemId, Option<Own>)>),
    /// Another quantity or supplier until it is ordered; none: the program's figure again.
    Change {
        item: ItemId,
        seen: Option<Own>,
        wanted: Option<Own>,
    },
    Later {
        items: Vec<ItemId>,
        until: NaiveDate,
        reason: String,
    },
    /// What was put off is suggested again.
    Again {
        item: ItemId,
    },
    /// A large order was a project.
    Project {
        line: LineId,
        reason: String,
    },
    /// It was none after all.
    NoProject {
        line: LineId,
    },
    /// The item of that SKU takes over from another; blank: from none.
    Inherit {
        sku: String,
        from: String,
    },
    /// What a person says about planning an item.
    Rules {
        item: ItemId,
        rules: Vec<ItemRule>,
    },
    /// By what an item is kept from now on.
    Level {
        item: ItemId,
        by: KeptBy,
    },
    /// The program's levels for all of these, in place of typed ones.
    Levels(Vec<ItemId>),
    /// By which way of reckoning the plans are made.
    PlanBy {
        blend: bool,
    },
    /// Somebody sells an item, on these terms.
    Seller {
        item: ItemId,
        terms: NewSeller,
    },
    /// Who sells it already does so on other terms: as they were seen, and as they are to be.
    Terms {
        item: ItemId,
        seen: Box<SoldBy>,
        wanted: Box<SoldBy>,
    },
}

impl Load {
    /// Plans that a person waits for.
    pub fn is_asked_plan(&self) -> bool {
        matches!(self, Load::Plan { asked: true, .. })
    }
    /// Where it is run.
    pub fn lane(&self) -> Lane {
        match self {
            Load::Plan { .. } | Load::GoOn { .. } | Load::Replay { .. } => Lane::Planning,
            // A great catalogue's are written beside the work of the day, on a connection of their own.
            Load::Keep { plans, .. } if plans.are_many() || !plans.is_last() => Lane::Planning,
            Load::Keep { .. } => Lane::Quick,
            Load::Board | Load::Idle { .. } | Load::Targets | Load::OfItem(_) | Load::Line { .. } => Lane::Slow,
        }
    }
}

/// Reads what is asked.
pub fn load(desk: &mut Desk, load: Load, today: NaiveDate) -> Result<Answer, Failure> {
    Ok(match load {
        Load::Plan { anew, .. } => plan(desk, anew, today)?,
        Load::GoOn { plans } => match planning::go_on(desk.store.db(), &plans, &meter(desk))? {
            Some(next) => Answer::Planned(Arc::new(next)),
            None => Answer::Fresh,
        },
        // A file that cannot be written now is another's matter: the plans stay stale and are made again after a change.
        Load::Keep { plans, from } => match keep(desk, &plans, from) {
            Ok(planning::Kept::UpTo(next)) => Answer::Kept { plans, next: Some(next) },
            Ok(planning::Kept::All) => Answer::Kept { plans, next: None },
            Ok(planning::Kept::Elsewhere) | Err(_) => Answer::Fresh,
        },
        Load::Board => {
            let db = desk.store.db();
            let (sellers, drafts) = views::reorder::sellers(db)?;
            let sellers = sellers.into_iter().map(|s| (s.id, s)).collect();
            let settings = Settings::load(db)?;
            let currency = settings.value("warehouse.currency").to_string();
            let blended = planning::blended(db, &settings)?;
            let cover_days = settings.cover_days();
            let beside = beside(desk);
            let day = planning::day_of_plans(db, today, beside)?;
            let board = views::reorder::load_of_day(db, desk.clock.moment(), day)?;
            let mut stock = HashMap::with_capacity(board.lines.len());
            for line in &board.lines {
                stock.extend(levels::of(db, line.item)?.map(|level| (line.item, level)));
            }
            let typed = levels::typed(db)?;
            Answer::Board(Arc::new(Shown {
                board,
                sellers,
                drafts,
                currency,
                levels: stock,
                typed,
                blended,
                cover_days,
                others: beside.others,
            }))
        }
        Load::Idle { asleep } => Answer::Idle { asleep, lines: views::reorder::idle(desk.store.db(), today, asleep)? },
        Load::Targets => {
            let (targets, of_more) = targets::all(desk.store.db(), today)?;
            Answer::Targets { targets, of_more }
        }
        Load::Replay { stop } => match replay(desk, today, &stop) {
            Ok(replayed) => Answer::Replayed(Arc::new(replayed)),
            Err(Failure::Refused(why)) => Answer::NotReplayed(why.sentence().to_string()),
            Err(failure) => return Err(failure),
        },
        Load::OfItem(item) => Answer::OfItem(Box::new(views::planned::of(desk.store.db(), item, today)?)),
        Load::Line { shown, at } => {
            let (db, board) = (desk.store.db(), &shown.board);
            let gone = || Failure::refused("That line is not there any more. Read the list again (F5).");
            let line = board.lines.get(at).ok_or_else(gone)?;
            Answer::Line(Box::new(LineDetail {
                item: line.item,
                why: views::reorder::explain(db, board, line)?,
                choices: views::reorder::choices(db, board, line)?,
                outlook: views::reorder::outlook(db, board, line)?,
                target: targets::of(db, line.item, today)?,
                of_day: board.of_day,
                detail: views::item::load(db, line.item, today, &mut desk.learned)?,
            }))
        }
    })
}

/// What changed is planned at once by itself; the whole catalogue where the kept plans are of another day and nobody else
/// goes by them, and when more changed than is planned one by one.
fn plan(desk: &Desk, anew: bool, today: NaiveDate) -> Result<Answer, Failure> {
    let db = desk.store.db();
    let day = if anew { today } else { planning::day_of_plans(db, today, beside(desk))? };
    let due = if anew { Due::Whole } else { planning::due(db, day)? };
    let plans = match due {
        Due::Nothing => return Ok(Answer::Fresh),
        Due::Items(items) => planning::replan(db, &items)?,
        Due::Whole => planning::begin(db, day, &meter(desk))?,
    };
    Ok(Answer::Planned(Arc::new(plans)))
}

/// Keeps a piece; of many plans all of them, with a pause after each piece as long as it took: whoever saves something
/// meanwhile never waits for more than one.
fn keep(desk: &mut Desk, plans: &Plans, from: usize) -> Result<planning::Kept, Failure> {
    let mut at = from;
    loop {
        let began = Instant::now();
        match planning::keep_part(&mut desk.store, plans, at)? {
            planning::Kept::UpTo(next) if plans.are_many() => at = next,
            kept => return Ok(kept),
        }
        std::thread::sleep(began.elapsed());
    }
}

/// Tells how far planning is; it is never stopped.
fn meter(desk: &Desk) -> impl Fn(usize, usize) -> bool + Sync {
    let tell = desk.meter.as_deref();
    move |done, all| {
        if let Some(tell) = tell {
            tell(done, all);
        }
        true
    }
}

/// Who else has the file open. Where nobody can say, nobody.
fn beside(desk: &Desk) -> Beside {
    let windows = morning::windows(desk.store.db()).unwrap_or_default();
    let others = windows.iter().any(|w| w.station != desk.station && !super::presence::has_ended(&w.station));
    Beside { others, clock: desk.clock.now().date() }
}

fn replay(desk: &Desk, today: NaiveDate, stop: &AtomicBool) -> Result<Replayed, Failure> {
    let (trial, _) = replaying::own_history(desk.store.db(), today, &replaying::Asked::default())?;
    let meter = desk.meter.as_deref();
    let verdicts = replaying::replay(&trial, &replaying::Policy::USUAL, &|done, all| {
        if let Some(tell) = meter {
            tell(done, all);
        }
        !stop.load(Ordering::Relaxed)
    })?;
    let of = |policy| verdicts.iter().find(|v| v.policy == policy).and_then(|v| v.cover_at_target_volume);
    Ok(Replayed {
        bucket: trial.grid.word(),
        target: trial.target,
        items: trial.series.len(),
        judged: trial.span.counted(),
        words: replaying::in_words(&trial, &verdicts),
        blend_is_better: match (of(Policy::Ours), of(Policy::Blend)) {
            (Some(ours), Some(blend)) => blend < ours,
            (ours, blend) => ours.is_none() && blend.is_some(),
        },
        policies: verdicts
            .iter()
            .map(|v| PolicyRow {
                name: v.policy.words(trial.is_typed()),
                ours: v.policy == replaying::Policy::Ours,
                in_force: v.policy == replaying::Policy::Rival(Rival::MinMax),
                served: v.nominal.fill_volume,
                served_items: v.nominal.fill_item,
                cover: v.nominal.cover,
                cover_at_target: v.cover_at_target_volume,
            })
            .collect(),
    })
}

/// Does what is asked.
pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    match write {
        Write::Order(lines, seen) => {
            let act = desk.act("reorder");
            purchasing::accept_as_seen(&mut desk.store, act, &lines, &seen).map(without_value)
        }
        Write::Change { item, seen, wanted } => {
            let act = desk.act("changed suggestion");
            buying::change(&mut desk.store, act, item, seen, wanted)
        }
        Write::Later { items, until, reason } => {
            let act = desk.act("later");
            purchasing::put_off_all(&mut desk.store, act, &items, until, &reason)
        }
        Write::Again { item } => {
            let act = desk.act("later");
            buying::suggest_again(&mut desk.store, act, item)
        }
        Write::Project { line, reason } => {
            let act = desk.act("project");
            buying::call_a_project(&mut desk.store, act, line, &reason)
        }
        Write::NoProject { line } => {
            let act = desk.act("project");
            buying::call_no_project(&mut desk.store, act, line)
        }
        Write::Terms { item, seen, wanted } => {
            let act = desk.act("terms");
            buying::set_terms(&mut desk.store, act, item, &seen, &wanted)
        }
        Write::Inherit { sku, from } => {
            let item = buying::item_named(desk.store.db(), &sku)?;
            let act = desk.act("inherit");
            buying::inherit(&mut desk.store, act, item, &from)
        }
        Write::Seller { item, terms } => {
            let act = desk.act("supplier");
            buying::add_seller(&mut desk.store, act, item, &terms)
        }
        Write::Rules { item, rules } => {
            let act = desk.act("planning rule");
            buying::set_rules(&mut desk.store, act, item, &rules)
        }
        Write::PlanBy { blend } => {
            let act = desk.act("way of planning");
            planning::plan_by(&mut desk.store, act, blend)
        }
        Write::Levels(items) => {
            let act = desk.act("level");
            buying::go_by_the_program(&mut desk.store, act, &items)
        }
        Write::Level { item, by } => {
            let act = desk.act("level");
            buying::set_level(&mut desk.store, act, item, by)
        }
    }
}
