//! What the Suppliers tab asks, is answered and writes.

use super::{Desk, Lane, without_value};
use crate::domain::ids::{ItemId, PoId, SupplierId};
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::ops::purchasing::{self, invoicing, life, second, standing};
use crate::ops::settings::Settings;
use crate::ops::views::{backorders, consequences, figures, po, supplier, suppliers};
use crate::ops::{chasing, claiming, incidents};
use crate::store::suppliers::{Supplier, suppliers as all_suppliers};
use crate::store::{Done, Failure, po as kept};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;

pub use crate::domain::chase::{Next, Step};
pub use crate::domain::claim::Settled;
pub use crate::domain::purchase::{EndedBy, PoState, SaidBy};
pub use crate::domain::scorecard::evidence::Part;
pub use crate::domain::scorecard::{Figure, Measure, Severity};
pub use crate::domain::standing::{Judged, Standing};
pub use crate::messages::supplier::{Letter, Words};
pub use crate::ops::chasing::{Answer as Answered, Question, Seen};
pub use crate::ops::claiming::Settling;
pub use crate::ops::purchasing::invoicing::{Invoice, InvoiceLine};
pub use crate::ops::purchasing::life::{Confirmation, ConfirmedLine, Ending, Redating};
pub use crate::ops::purchasing::second::SecondSource;
pub use crate::ops::purchasing::telling::{How, Told};
pub use crate::ops::purchasing::{LineChange, ToOrder};
pub use crate::ops::views::backorders::{Move, Shift, Shifted};
pub use crate::ops::views::consequences::Consequences;
pub use crate::ops::views::figures::{Case, Figures, Moved};
pub use crate::ops::views::po::{About, Other, PoPage, Ready, letter_of, sheet};
pub use crate::ops::views::supplier::{JudgedLine, PoRow, SupplierDetail};
pub use crate::ops::views::suppliers::{Hurt, LateNow, Lead, OpenClaim, OpenPo, SupplierRow, step_words};
pub use crate::store::chasing::{Chase, OpenPoLine};
pub use crate::store::po::{Invoiced, Offered, Po, PoItem, PoSummary};

/// What may be read.
#[derive(Clone, Debug)]
pub enum Load {
    /// Every supplier and every open PO.
    Rows,
    /// One supplier in full.
    Detail(SupplierId),
    /// What other days for these lines of one supplier, or their end, would do to customers.
    Shift { supplier: SupplierId, moves: Vec<Move> },
    /// What one supplier's lateness costs.
    Consequences(SupplierId),
    /// Its figures, in another window than the settings say where given; 0: all.
    Figures { supplier: SupplierId, window_days: Option<i64> },
    /// The cases behind one of them.
    Cases { supplier: SupplierId, figure: Figure, window_days: Option<i64> },
    /// The POs of one supplier, or of all, in every state, newest first.
    Pos(Option<SupplierId>),
    /// One PO in full.
    Po(PoId),
    /// The words of a letter about POs.
    Letter { letter: Letter, pos: Vec<PoId>, about: About },
    /// What a supplier sells, for an order by hand.
    Offered(SupplierId),
    /// Whether one should order from these.
    Standings(Vec<SupplierId>),
    /// One item by its code, on a supplier's terms.
    OfferedItem { supplier: SupplierId, code: String },
    /// Who else sells an item.
    Others { item: ItemId, not: SupplierId, wanted: Qty },
}

/// Every supplier and every open PO.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Rows {
    /// Shared with the list on the screen: thousands of them are there once.
    pub suppliers: Vec<Arc<SupplierRow>>,
    pub pos: Vec<PoRow>,
    /// Customers who wait for goods that are to be asked about today, each once.
    pub waiting: usize,
    /// Something came on an order at some time.
    pub came: bool,
    /// Days back that are judged.
    pub window_days: i64,
    /// Of on time, in full, answers: what the score is made of.
    pub weights: [f64; 3],
    /// The day on which a question asked today counts as unanswered.
    pub again_on: NaiveDate,
}

/// What was read.
#[derive(Debug)]
pub enum Answer {
    Rows(Box<Rows>),
    Detail(Box<SupplierDetail>),
    Consequences(SupplierId, Box<Consequences>),
    Figures(Box<Figures>),
    Cases(Figure, Vec<Case>),
    Shift {
        moves: Vec<Move>,
        shift: Box<Shift>,
    },
    Pos(Vec<PoSummary>),
    Po(Box<PoPage>),
    Letter {
        letter: Letter,
        pos: Vec<PoId>,
        ready: Box<Ready>,
    },
    /// With the days that may be bought ahead.
    Offered {
        offered: Vec<Offered>,
        cover_days: f64,
    },
    Standings(Vec<(SupplierId, Judged)>),
    Others(Vec<Other>),
}

/// What may be written.
#[derive(Clone, Debug)]
pub enum Write {
    Ask(Question),
    Answer(Answered),
    /// Rejected goods are claimed.
    Claim {
        po: PoId,
        told: Told,
    },
    Settle(Settling),
    Confirm(Confirmation),
    Send {
        po: PoId,
        told: Told,
    },
    SendAgain {
        po: PoId,
        told: Told,
    },
    Redate(Redating),
    End(Ending),
    Start {
        supplier: SupplierId,
        lines: Vec<ToOrder>,
    },
    AddLine {
        po: PoId,
        line: ToOrder,
    },
    ChangeLine {
        po: PoId,
        change: LineChange,
    },
    Terms {
        po: PoId,
        freight: Option<Money>,
        note: String,
    },
    Invoice(Invoice),
    Second(SecondSource),
    Standing {
        supplier: SupplierId,
        standing: Option<Standing>,
        reason: String,
    },
    Later {
        supplier: SupplierId,
        until: NaiveDate,
        reason: String,
    },
    Note {
        supplier: SupplierId,
        seen: String,
        words: String,
    },
    Incident {
        supplier: SupplierId,
        on: NaiveDate,
        severity: Severity,
        what: String,
    },
}

/// POs of a list that are shown; the others are in the export.
const POS: i64 = 1_000;
/// Items of a supplier that are offered by list; others are typed.
const OFFERED: i64 = 2_000;

impl Load {
    /// Where it is run.
    pub fn lane(&self) -> Lane {
        match self {
            Load::Detail(_) | Load::Offered(_) | Load::OfferedItem { .. } | Load::Pos(_) | Load::Letter { .. } => {
                Lane::Quick
            }
            Load::Figures { .. } | Load::Cases { .. } => Lane::Slow,
            Load::Rows
            | Load::Consequences(_)
            | Load::Shift { .. }
            | Load::Po(_)
            | Load::Others { .. }
            | Load::Standings(_) => Lane::Slow,
        }
    }
}

/// Reads what is asked.
pub fn load(desk: &mut Desk, load: Load, today: NaiveDate) -> Result<Answer, Failure> {
    let db = desk.store.db();
    let settings = Settings::load(db)?;
    let measure = suppliers::measure(&settings);
    let board = || backorders::load(db, &backorders::Terms::of(&settings), today);
    Ok(match load {
        Load::Rows => {
            let board = board()?;
            let (rows, under_way) = suppliers::load_with_lines(db, &board, &measure, today)?;
            Answer::Rows(Box::new(Rows {
                pos: supplier::open_pos(db, &under_way, &rows, &board)?,
                waiting: suppliers::waiting(&rows),
                suppliers: rows.into_iter().map(Arc::new).collect(),
                came: crate::store::chasing::anything_came(db)?,
                window_days: measure.window_days,
                weights: measure.weights,
                again_on: suppliers::again_on(&suppliers::ladder(&settings), today),
            }))
        }
        Load::Detail(id) => Answer::Detail(Box::new(supplier::load(db, id, &measure, today)?)),
        Load::Shift { supplier, moves } => {
            let shift = backorders::shift(db, &backorders::Terms::of(&settings), today, supplier, &moves)?;
            Answer::Shift { moves, shift: Box::new(shift) }
        }
        Load::Consequences(id) => {
            Answer::Consequences(id, Box::new(consequences::load(db, id, measure.window_days, today)?))
        }
        Load::Figures { supplier, window_days } => {
            Answer::Figures(Box::new(figures::load(db, supplier, window_days, today)?))
        }
        Load::Cases { supplier, figure, window_days } => {
            Answer::Cases(figure, figures::cases(db, supplier, figure, window_days, today)?)
        }
        Load::Pos(supplier) => Answer::Pos(kept::list(db, supplier, false, POS)?),
        Load::Po(id) => Answer::Po(Box::new(po::load(db, id, &board()?, today)?)),
        Load::Letter { letter, pos, about } => {
            let by = (desk.operator.as_str(), desk.templates.as_deref());
            let ready = po::letter(db, letter, &pos, &about, by, today)?;
            Answer::Letter { letter, pos, ready: Box::new(ready) }
        }
        Load::Offered(supplier) => Answer::Offered {
            offered: kept::offered_by(db, supplier, OFFERED)?,
            cover_days: Settings::load(db)?.cover_days(),
        },
        Load::Standings(of) => Answer::Standings(standing::among(db, &of, today)?),
        Load::OfferedItem { supplier, code } => {
            let offered = kept::offered_item(db, supplier, &code)?.into_iter().collect();
            Answer::Offered { offered, cover_days: Settings::load(db)?.cover_days() }
        }
        Load::Others { item, not, wanted } => {
            let mut cards = suppliers::judge_all(db, &measure, today)?.cards;
            let graded = |s: Supplier| (s.id, (s.name, cards.remove(&s.id).unwrap_or_default().grade_words()));
            let grades: HashMap<SupplierId, (String, String)> =
                all_suppliers(db, today)?.into_iter().map(graded).collect();
            Answer::Others(po::others(db, item, not, wanted, &grades, today)?)
        }
    })
}

/// Does what is asked.
pub fn write(desk: &mut Desk, write: Write) -> Result<Done<()>, Failure> {
    let act = desk.act(match &write {
        Write::Ask(_) => "ask a supplier",
        Write::Answer(_) => "supplier's answer",
        Write::Claim { .. } => "claim",
        Write::Settle(_) => "settle a claim",
        Write::Confirm(_) => "supplier's confirmation",
        Write::Send { .. } | Write::SendAgain { .. } => "send a PO",
        Write::Redate(_) => "another date",
        Write::End(_) => "end a PO line",
        Write::Start { .. } => "new PO",
        Write::AddLine { .. } | Write::ChangeLine { .. } | Write::Terms { .. } => "edit a PO",
        Write::Invoice(_) => "invoice",
        Write::Second(_) => "second source",
        Write::Standing { .. } => "standing",
        Write::Later { .. } => "later",
        Write::Note { .. } => "note",
        Write::Incident { .. } => "incident",
    });
    let store = &mut desk.store;
    match write {
        Write::Ask(question) => chasing::ask(store, act, &question),
        Write::Answer(answer) => chasing::answer(store, act, &answer),
        Write::Claim { po, told } => claiming::claim(store, act, po, &told),
        Write::Settle(settling) => claiming::settle(store, act, &settling).map(without_value),
        Write::Confirm(confirmation) => life::confirm(store, act, &confirmation),
        Write::Send { po, told } => life::send(store, act, po, &told),
        Write::SendAgain { po, told } => life::send_again(store, act, po, &told),
        Write::Redate(redating) => life::redate(store, act, &redating),
        Write::End(ending) => life::end(store, act, &ending),
        Write::Start { supplier, lines } => purchasing::start(store, act, supplier, &lines).map(without_value),
        Write::AddLine { po, line } => purchasing::add_line(store, act, po, &line).map(without_value),
        Write::ChangeLine { po, change } => purchasing::change_line(store, act, po, &change),
        Write::Terms { po, freight, note } => purchasing::set_terms(store, act, po, freight, &note),
        Write::Invoice(invoice) => invoicing::invoice(store, act, &invoice).map(without_value),
        Write::Second(second_source) => second::order(store, act, &second_source).map(without_value),
        Write::Standing { supplier, standing: to, reason } => standing::set(store, act, supplier, to, &reason),
        Write::Later { supplier, until, reason } => chasing::put_off(store, act, supplier, until, &reason),
        Write::Note { supplier, seen, words } => chasing::note(store, act, supplier, &seen, &words),
        Write::Incident { supplier, on, severity, what } => incidents::note(store, act, supplier, on, severity, &what),
    }
}
