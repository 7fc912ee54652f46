//! Purchase orders from draft to last receipt: what each step keeps, what it refuses, what undo brings back; the ladder
//! of questions; who suffers. By keyboard and by command: `purchase_screens`; mails: `supplier_mails`.

use crate::support::warehouse::{Warehouse, day, q};
use backshelf::domain::chase::Step;
use backshelf::domain::delay::Action;
use backshelf::domain::ids::{ItemId, PoId, PoLineId, SupplierId};
use backshelf::domain::money::Money;
use backshelf::domain::purchase::{EndedBy, PoState};
use backshelf::domain::standing::Standing;
use backshelf::messages::supplier::Letter;
use backshelf::ops::chasing::{self, Answer, Question, Seen};
use backshelf::ops::purchasing::invoicing::{self, Invoice, InvoiceLine};
use backshelf::ops::purchasing::life::{self, Confirmation, ConfirmedLine, Ending};
use backshelf::ops::purchasing::second::{self, SecondSource};
use backshelf::ops::purchasing::telling::{How, Told};
use backshelf::ops::purchasing::{self, LineChange, ToOrder, standing};
use backshelf::ops::settings::{self, Settings};
use backshelf::ops::undo;
use backshelf::ops::views::backorders::{self, Terms, shift};
use backshelf::ops::views::{po as view, suppliers};
use backshelf::store::po::{self, Po};
use backshelf::store::{Done, Failure};
use proptest::prelude::*;

pub fn refusal<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result.unwrap_err() {
        Failure::Refused(why) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Exotic Liquids sells Chang and Syrup, Bigfoot Breweries Chang as well; two customers wait for Chang.
pub struct Shop {
    pub w: Warehouse,
    pub exotic: SupplierId,
    bigfoot: SupplierId,
    pub chang: ItemId,
    syrup: ItemId,
}

fn insert(w: &mut Warehouse, table: &'static str, columns: &[&str], values: &[&dyn rusqlite::ToSql]) -> i64 {
    let act = w.act("prepare");
    backshelf::ops::perform(&mut w.store, act, |tx| tx.insert(table, columns, values)).unwrap().value
}

pub fn shop() -> Shop {
    let mut w = Warehouse::new();
    w.bin("A1-04", "storage");
    let chang = w.item("BEV-002", "Chang 24 x 12 oz");
    let syrup = w.item("CON-003", "Aniseed Syrup 550 ml");
    let supplier = |w: &mut Warehouse, code: &str, name: &str, mail: &str, lead: i64| {
        let columns = ["code", "name", "contact_person", "phone", "email", "lead_days"];
        SupplierId(insert(
            w,
            "supplier",
            &columns,
            &[&code, &name, &"Charlotte Cooper", &"+44 1632 960118", &mail, &lead],
        ))
    };
    let exotic = supplier(&mut w, "EXO", "Exotic Liquids", "c.cooper@example.com", 7);
    let bigfoot = supplier(&mut w, "BIG", "Bigfoot Breweries", "sales@example.com", 9);
    for (supplier, item, cost) in [(exotic, chang, 152_000), (exotic, syrup, 50_000), (bigfoot, chang, 161_000)] {
        insert(
            &mut w,
            "supplier_item",
            &["supplier_id", "item_id", "supplier_sku", "cost", "pack"],
            &[&supplier.0, &item.0, &"XL-1", &cost, &12_000],
        );
    }
    for (order, customer, promised) in
        [("SO-1042", "Around the Horn", "2026-12-01"), ("SO-1055", "Old World Deli", "2026-12-18")]
    {
        w.order(order, customer, "2026-11-09", &[(chang, 6)]);
        let act = w.act("prepare");
        let id = w.number(&format!("SELECT id FROM customer_order WHERE code = '{order}'"));
        let cells = [("promised_on", rusqlite::types::Value::Text(promised.into()))];
        backshelf::ops::perform(&mut w.store, act, |tx| tx.update("customer_order", id, &cells)).unwrap();
    }
    Shop { w, exotic, bigfoot, chang, syrup }
}

impl Shop {
    pub fn line(&self, item: ItemId, units: i64) -> ToOrder {
        ToOrder {
            item,
            supplier: self.exotic,
            quantity: q(units),
            cost: Some(Money::parse("15.20").unwrap()),
            seen: None,
        }
    }
    pub fn draft(&mut self) -> PoId {
        let lines = [self.line(self.chang, 40), self.line(self.syrup, 24)];
        let act = self.w.act("new PO");
        purchasing::start(&mut self.w.store, act, self.exotic, &lines).unwrap().value
    }
    pub fn sent(&mut self) -> PoId {
        let po = self.draft();
        let act = self.w.act("send a PO");
        life::send(&mut self.w.store, act, po, &Told::default()).unwrap();
        po
    }
    pub fn po(&self, po: PoId) -> Po {
        po::find(self.w.store.db(), po).unwrap().unwrap()
    }
    pub fn confirm(&mut self, po: PoId, on: &str, cost: Option<&str>) -> Result<Done<()>, Failure> {
        let lines = self.po(po).lines;
        let said = |l: &po::PoItem| ConfirmedLine {
            line: l.id,
            seen: l.expected_on,
            day: day(on),
            cost: cost.map(|c| Money::parse(c).unwrap()),
        };
        let confirmation = Confirmation { lines: lines.iter().map(said).collect(), ..Confirmation::default() };
        let act = self.w.act("supplier's confirmation");
        life::confirm(&mut self.w.store, act, &confirmation)
    }
    pub fn end(&mut self, po: PoId, by: EndedBy, reason: &str) -> Result<Done<()>, Failure> {
        let open = |l: &po::PoItem| l.open().is_positive().then(|| (l.id, l.open()));
        let lines = self.po(po).lines.iter().filter_map(open).collect();
        let ending = Ending { po, lines, by, reason: reason.into(), told: None };
        let act = self.w.act("end a PO line");
        life::end(&mut self.w.store, act, &ending)
    }
    pub fn receive(&mut self, line: PoLineId, units: i64, bad: i64) -> Result<(), Failure> {
        use backshelf::ops::receiving::{Arrived, Delivery, receive};
        let seen = backshelf::domain::quantity::Qty::from_thousandths(
            self.w.number(&format!("SELECT received FROM po_line WHERE id = {}", line.0)),
        );
        let arrived = Arrived { po_line: line, quantity: q(units), rejected: q(bad), reason: None, bin: None, seen };
        let act = self.w.act("receive");
        receive(&mut self.w.store, act, &Delivery { lines: vec![arrived], ..Delivery::default() }).map(drop)
    }
    pub fn take_back(&mut self) {
        let act = self.w.act("undo");
        let last = undo::last_undoable(self.w.store.db(), None).unwrap().unwrap();
        undo::undo(&mut self.w.store, act, last).unwrap();
    }
    fn late(&self, on: &str) -> Vec<(String, bool)> {
        let terms = Terms::of(&Settings::load(self.w.store.db()).unwrap());
        let board = backorders::load(self.w.store.db(), &terms, day(on)).unwrap();
        let mut late: Vec<(String, bool)> = board
            .lines
            .iter()
            .map(|l| {
                let must = matches!(l.decision.action, Action::Notify | Action::CancelAndRefund);
                (l.customer_name.clone(), l.is_due() && must)
            })
            .collect();
        late.sort();
        late
    }
    /// The step that is next for a PO, and whether it is due.
    pub fn step(&self, po: PoId, on: &str) -> Option<(Step, bool)> {
        let db = self.w.store.db();
        let settings = Settings::load(db).unwrap();
        let board = backorders::load(db, &Terms::of(&settings), day(on)).unwrap();
        let rows = suppliers::load(db, &board, &suppliers::measure(&settings), day(on)).unwrap();
        let open = rows.into_iter().flat_map(|r| r.open_pos).find(|o| o.po == po)?;
        open.next.map(|n| (n.step, open.to_ask))
    }
    pub fn server(&mut self) {
        for (key, value) in [("mail.host", "localhost"), ("mail.tls", "none"), ("mail.from", "Demo <buy@example.com>")]
        {
            let act = self.w.act("set");
            settings::set(&mut self.w.store, act, key, value).unwrap();
        }
    }
    pub fn written(&self, letter: Letter, po: PoId) -> Told {
        let ready = {
            let about = view::About { waiting: 2, ..view::About::default() };
            view::letter(self.w.store.db(), letter, &[po], &about, ("M.Baker", None), self.w.today).unwrap()
        };
        Told { how: How::Mail, words: Some(ready.words), address: ready.address, ..Told::default() }
    }
}

#[test]
fn a_po_goes_from_draft_to_its_last_receipt() {
    let mut s = shop();
    let po = s.draft();
    assert_eq!(s.po(po).state, PoState::Draft);
    let line = s.po(po).lines[1].clone();
    let act = s.w.act("edit a PO");
    let change = LineChange { line: line.id, seen: q(24), quantity: q(12), cost: Money::parse("5") };
    purchasing::change_line(&mut s.w.store, act, po, &change).unwrap();
    let act = s.w.act("edit a PO");
    let stale = purchasing::change_line(&mut s.w.store, act, po, &change);
    assert!(refusal(stale).contains("somebody changed it meanwhile"));
    let act = s.w.act("edit a PO");
    purchasing::set_terms(&mut s.w.store, act, po, Money::parse("20"), "back door").unwrap();
    assert_eq!(s.po(po).total().to_string(), "688.00");
    let act = s.w.act("send a PO");
    life::send(&mut s.w.store, act, po, &Told::default()).unwrap();
    assert_eq!((s.po(po).state, s.po(po).ordered_on), (PoState::Sent, Some(s.w.today)));
    let act = s.w.act("edit a PO");
    assert!(refusal(purchasing::change_line(&mut s.w.store, act, po, &change)).contains("was sent already"));
    s.confirm(po, "2026-12-04", None).unwrap();
    assert_eq!(s.po(po).state, PoState::Confirmed);
    let [chang, syrup] = [0, 1].map(|n| s.po(po).lines[n].id);
    s.receive(chang, 36, 2).unwrap();
    assert_eq!(s.po(po).state, PoState::PartReceived);
    s.receive(chang, 4, 0).unwrap();
    s.receive(syrup, 12, 0).unwrap();
    assert_eq!(s.po(po).state, PoState::Received);
    assert!(refusal(s.end(po, EndedBy::Us, "")).contains("Choose the line"));
}

/// They named a day for one line of two: the other is asked about all the same, in every question.
#[test]
fn a_line_without_a_day_is_asked_about_when_another_has_one() {
    let mut s = shop();
    let po = s.sent();
    let [chang, syrup] = [0, 1].map(|n| s.po(po).lines[n].id);
    let act = s.w.act("supplier's answer");
    let lines = vec![Seen { line: syrup, expected_on: None }];
    let said = Answer { lines, day: Some(day("2026-12-01")), words: "confirmed".into(), channel: "mail".into() };
    chasing::answer(&mut s.w.store, act, &said).unwrap();
    assert_eq!(s.step(po, "2026-11-23"), Some((Step::Confirm, false)), "two working days are theirs");
    assert_eq!(s.step(po, "2026-11-25"), Some((Step::Confirm, true)));
    let db = s.w.store.db();
    let settings = Settings::load(db).unwrap();
    let on = day("2026-11-25");
    let board = backorders::load(db, &Terms::of(&settings), on).unwrap();
    let rows = suppliers::load(db, &board, &suppliers::measure(&settings), on).unwrap();
    let row = rows.iter().find(|r| r.supplier.id == s.exotic).unwrap();
    assert_eq!(row.open_pos[0].about, [chang]);
    assert!(row.now.ends_with(", 1 line without a day."), "{}", row.now);
    assert!(row.next.contains(": when does the line of PO-1 without a day come?"), "{}", row.next);
    let written = |letter, lines| {
        let about = view::About { lines: Some(lines), ..view::About::default() };
        view::letter(db, letter, &[po], &about, ("M.Baker", None), on).unwrap().words
    };
    let words = written(Letter::Ask(Step::Confirm), row.open_pos[0].about.clone());
    assert!(!words.body.contains("not heard from you"), "{}", words.body);
    assert!(words.phone.ends_with("On which day will it be here: 40 Chang 24 x 12 oz?"), "{}", words.phone);
    for step in [Step::Remind, Step::Overdue] {
        let words = written(Letter::Ask(step), vec![chang, syrup]);
        assert!(words.phone.contains("24 Aniseed Syrup 550 ml"), "{}", words.phone);
        let rest = "And when does the rest come, for which you named no day: 40 Chang 24 x 12 oz?";
        assert!(words.phone.contains(rest) && words.body.contains(rest), "{}", words.phone);
    }
}

/// Two lines without a day, each with its own figure: the row says that it tells of the last.
#[test]
fn of_several_lines_without_a_day_it_is_said_which_one_is_told_of() {
    let mut s = shop();
    s.sent();
    let now = |s: &Shop| {
        let db = s.w.store.db();
        let settings = Settings::load(db).unwrap();
        let board = backorders::load(db, &Terms::of(&settings), s.w.today).unwrap();
        let rows = suppliers::load(db, &board, &suppliers::measure(&settings), s.w.today).unwrap();
        rows.into_iter().find(|r| r.supplier.id == s.exotic).unwrap().now
    };
    assert!(now(&s).starts_with("PO-1: no day named; by their lead time due Mon 30 Nov"), "{}", now(&s));
    let syrup = s.w.number(&format!("SELECT id FROM supplier_item WHERE item_id = {}", s.syrup.0));
    let act = s.w.act("prepare");
    let nine = [("lead_days", rusqlite::types::Value::Integer(9))];
    backshelf::ops::perform(&mut s.w.store, act, |tx| tx.update("supplier_item", syrup, &nine)).unwrap();
    let said = "PO-1: no day named; the last of them by their lead time due Wed 2 Dec";
    assert!(now(&s).starts_with(said), "{}", now(&s));
}

/// A question past its limit is one of which nothing came, on the page of figures as in what moved the score.
#[test]
fn a_question_without_an_answer_counts() {
    let mut s = shop();
    let po = s.sent();
    let act = s.w.act("ask");
    let question = Question { pos: vec![po], step: Some(Step::Confirm), told: Told::default() };
    chasing::ask(&mut s.w.store, act, &question).unwrap();
    let settings = Settings::load(s.w.store.db()).unwrap();
    let asked = |on: &str| {
        let card = suppliers::card_of(s.w.store.db(), s.exotic, &suppliers::measure(&settings), day(on)).unwrap();
        (card.chasers.good, card.chasers.all)
    };
    assert_eq!([asked("2026-11-25"), asked("2026-11-26")], [(0, 0), (0, 1)], "two working days are theirs");
}

/// Goods that came are an answer: what is asked about is the rest.
#[test]
fn who_sent_a_part_was_heard_from() {
    let mut s = shop();
    let po = s.sent();
    let chang = s.po(po).lines[0].id;
    s.receive(chang, 36, 0).unwrap();
    let words = s.written(Letter::Ask(Step::Confirm), po).words.unwrap();
    assert!(words.body.contains("A part of PO-1 came on Monday 23 November 2026. Of the rest"), "{}", words.body);
    assert!(!words.body.contains("not heard from you"), "{}", words.body);
    assert!(words.phone.contains("On which day will the rest be here: 4 of 40 Chang"), "{}", words.phone);
}

#[test]
fn a_confirmation_keeps_its_first_day_and_the_price_that_we_ordered_at() {
    let mut s = shop();
    let po = s.sent();
    let done = s.confirm(po, "2026-12-07", Some("16.10")).unwrap();
    assert!(done.summary.contains("16.10, not 15.20"), "{}", done.summary);
    let line = s.po(po).lines[0].clone();
    assert_eq!((line.cost, line.asked_cost), (Money::parse("16.10"), Money::parse("15.20")));
    s.confirm(po, "2026-12-20", Some("15.20")).unwrap();
    let line = s.po(po).lines[0].clone();
    assert_eq!((line.confirmed_for, line.expected_on), (Some(day("2026-12-07")), Some(day("2026-12-20"))));
    assert_eq!(line.asked_cost, Money::parse("15.20"), "what was first asked stays");
    assert_eq!(s.w.number("SELECT count(*) FROM po_date WHERE confirms = 1"), 2);
    assert_eq!(s.w.number("SELECT count(*) FROM po_date WHERE confirms = 0 AND was = '2026-12-07'"), 2);
    assert!(refusal(s.confirm(po, "2026-11-20", None)).contains("is past"));
    s.take_back();
    assert_eq!(s.po(po).lines[0].expected_on, Some(day("2026-12-07")));
    assert_eq!(po::dates(s.w.store.db(), po).unwrap().len(), 2, "what was taken back was never said");
}

#[test]
fn who_suffers_is_foretold_and_comes_into_the_queue() {
    let mut s = shop();
    let po = s.sent();
    s.confirm(po, "2026-11-30", None).unwrap();
    assert_eq!(s.late("2026-11-23"), [("Around the Horn".into(), false), ("Old World Deli".into(), false)]);
    let line = s.po(po).lines[0].id;
    let terms = Terms::of(&Settings::load(s.w.store.db()).unwrap());
    let foretold = |s: &Shop, to| shift(s.w.store.db(), &terms, s.w.today, s.exotic, &[(line, to)]).unwrap();
    let later = foretold(&s, Some(day("2026-12-07")));
    assert_eq!((later.later, later.earlier, later.to_tell), (2, 0, 1));
    assert_eq!(later.customers[0].name, "Around the Horn");
    let never = foretold(&s, None);
    assert_eq!((never.later, never.to_tell), (2, 2), "without the goods nobody has a date");
    assert!(never.customers.iter().all(|c| c.will_be.is_none()));
    s.confirm(po, "2026-12-07", None).unwrap();
    // The day by which it foretold a talk is the day that the list of customers then has.
    let board = backorders::load(s.w.store.db(), &terms, s.w.today).unwrap();
    let row = board.customers.iter().find(|c| c.name == "Around the Horn").unwrap();
    assert_eq!((later.tell_by, later.customers[0].tell_by), (row.by, row.by));
    assert!(row.by.is_some() && later.customers[1].tell_by.is_none());
    assert_eq!(s.late("2026-11-23"), [("Around the Horn".into(), true), ("Old World Deli".into(), false)]);
    s.take_back();
    assert_eq!(s.late("2026-11-23")[0], ("Around the Horn".into(), false));
    s.end(po, EndedBy::Supplier, "out of production").unwrap();
    assert!(s.late("2026-11-23").iter().all(|l| l.1));
    assert_eq!(s.po(po).state, PoState::ClosedShort);
    let line = &s.po(po).lines[0];
    assert_eq!((line.cancelled, line.ended_by), (q(0), Some(EndedBy::Supplier)), "it stays owed");
}

#[test]
fn cancelled_by_us_is_not_owed_and_a_draft_disappears() {
    let mut s = shop();
    let po = s.sent();
    assert!(refusal(s.end(po, EndedBy::Supplier, " ")).contains("what they said"));
    s.end(po, EndedBy::Us, "found it elsewhere").unwrap();
    assert_eq!(s.po(po).state, PoState::Cancelled);
    assert_eq!(s.po(po).lines[0].cancelled, q(40));
    assert_eq!(s.w.number("SELECT sum(on_order) FROM item_state"), 0);
    s.take_back();
    assert_eq!((s.po(po).state, s.w.number("SELECT sum(on_order) FROM item_state")), (PoState::Sent, 64_000));
    let draft = s.draft();
    s.end(draft, EndedBy::Us, "").unwrap();
    assert_eq!(po::find(s.w.store.db(), draft).unwrap(), None);
    s.take_back();
    assert_eq!((s.po(draft).state, s.po(draft).lines.len()), (PoState::Draft, 2));
    // A part came: the rest is cancelled, what came stays.
    let line = s.po(po).lines[0].id;
    s.receive(line, 30, 0).unwrap();
    s.end(po, EndedBy::Us, "enough").unwrap();
    assert_eq!((s.po(po).state, s.po(po).lines[0].cancelled), (PoState::ClosedShort, q(10)));
}

#[test]
fn the_ladder_climbs_is_logged_and_ends_at_a_second_source() {
    let mut s = shop();
    let po = s.sent();
    s.confirm(po, "2026-11-30", None).unwrap();
    s.w.today = day("2026-12-01");
    for (on, step) in [("2026-12-01", Step::Overdue), ("2026-12-03", Step::Again), ("2026-12-07", Step::Urgent)] {
        assert_eq!(s.step(po, on), Some((step, true)), "{on}");
        s.w.today = day(on);
        let act = s.w.act("ask a supplier");
        let question = Question { pos: vec![po], step: Some(step), told: Told::default() };
        chasing::ask(&mut s.w.store, act, &question).unwrap();
        assert!(s.step(po, on).is_some_and(|(_, due)| !due), "asked today: it comes back by itself");
    }
    assert_eq!(s.step(po, "2026-12-09"), Some((Step::SecondSource, true)));
    s.w.today = day("2026-12-09");
    let line = s.po(po).lines[0].clone();
    let others = view::others(s.w.store.db(), s.chang, s.exotic, line.open(), &Default::default(), s.w.today).unwrap();
    assert_eq!(others.len(), 1);
    assert_eq!((others[0].supplier, others[0].quantity, others[0].likely), (s.bigfoot, q(48), Some(day("2026-12-18"))));
    assert_eq!(others[0].cost, Money::parse("16.10"));
    let act = s.w.act("second source");
    let wanted = SecondSource { line: line.id, supplier: s.bigfoot, quantity: q(48), cost: others[0].cost };
    let draft = second::order(&mut s.w.store, act, &wanted).unwrap().value;
    assert_eq!(
        (s.po(draft).state, s.po(draft).supplier, s.po(draft).lines[0].quantity),
        (PoState::Draft, s.bigfoot, q(48))
    );
    let act = s.w.act("second source");
    let same = SecondSource { supplier: s.exotic, ..wanted };
    assert!(refusal(second::order(&mut s.w.store, act, &same)).contains("is the one who is late"));
    // An answer with a day begins anew; the words are kept.
    let seen = s.po(po).lines.iter().map(|l| Seen { line: l.id, expected_on: l.expected_on }).collect();
    let act = s.w.act("supplier's answer");
    let answer = Answer { lines: seen, day: Some(day("2026-12-20")), words: "truck".into(), channel: "phone".into() };
    chasing::answer(&mut s.w.store, act, &answer).unwrap();
    assert!(s.step(po, "2026-12-10").is_none_or(|(_, due)| !due), "a date is known");
    assert_eq!(s.step(po, "2026-12-21"), Some((Step::Overdue, true)));
    assert_eq!(
        s.w.text("SELECT group_concat(coalesce(step, answer), ' ') FROM (SELECT step, answer FROM chase ORDER BY id)"),
        "order confirmed overdue again urgent second_source truck"
    );
}

#[test]
fn a_standing_warns_of_or_blocks_new_orders_and_says_why() {
    let mut s = shop();
    let set = |s: &mut Shop, standing, reason: &str| {
        let act = s.w.act("standing");
        standing::set(&mut s.w.store, act, s.exotic, standing, reason)
    };
    assert!(refusal(set(&mut s, Some(Standing::Block), " ")).contains("Say why"));
    set(&mut s, Some(Standing::Warn), "short deliveries").unwrap();
    let line = s.line(s.chang, 12);
    let act = s.w.act("reorder");
    let done = purchasing::accept(&mut s.w.store, act, &[line]).unwrap();
    assert!(done.summary.ends_with("careful with Exotic Liquids: short deliveries"), "{}", done.summary);
    set(&mut s, Some(Standing::Block), "no credit").unwrap();
    let before = s.w.everything();
    let act = s.w.act("reorder");
    assert!(
        refusal(purchasing::accept(&mut s.w.store, act, &[line]))
            .starts_with("No orders to Exotic Liquids: no credit.")
    );
    let act = s.w.act("send a PO");
    assert!(refusal(life::send(&mut s.w.store, act, done.value[0], &Told::default())).contains("no credit"));
    assert_eq!(s.w.everything(), before, "what is refused leaves no trace");
    set(&mut s, None, "").unwrap();
    let act = s.w.act("send a PO");
    life::send(&mut s.w.store, act, done.value[0], &Told::default()).unwrap();
}

#[test]
fn an_invoice_is_held_against_what_was_agreed() {
    let mut s = shop();
    let po = s.sent();
    let line = s.po(po).lines[0].id;
    let invoice = |quantity, cost: &str, freight: Option<&str>| Invoice {
        po,
        number: "4711".into(),
        on: None,
        sure: false,
        lines: vec![InvoiceLine { line, quantity: q(quantity), cost: Money::parse(cost).unwrap() }],
        freight: freight.map(|f| Money::parse(f).unwrap()),
        papers_right: false,
        note: String::new(),
    };
    let keep = |s: &mut Shop, invoice: &Invoice| {
        let act = s.w.act("invoice");
        invoicing::invoice(&mut s.w.store, act, invoice)
    };
    let done = keep(&mut s, &invoice(30, "15.40", None)).unwrap();
    assert_eq!(done.value.to_string(), "6.00");
    assert!(done.summary.contains("6.00 over what was agreed; the papers were wrong"), "{}", done.summary);
    assert!(refusal(keep(&mut s, &invoice(20, "15.20", None))).contains("30 invoiced before"));
    assert!(keep(&mut s, &invoice(10, "15.20", Some("20"))).is_ok(), "freight of which nothing was agreed is not over");
    s.take_back();
    s.take_back();
    assert_eq!(po::invoices(s.w.store.db(), po).unwrap().len(), 0);
}

#[test]
fn what_a_suppliers_lateness_costs_is_counted() {
    let mut s = shop();
    let bin = s.w.bin("A1-07", "storage");
    // Sold out on the 5th; promised for the 8th, here on the 12th: empty from the 8th to the 11th by his fault.
    for (on, units) in [("2026-11-01", 10), ("2026-11-05", -10), ("2026-11-12", 10)] {
        s.w.today = day(on);
        s.w.moved(s.syrup, bin, units);
    }
    s.w.today = day("2026-11-23");
    let line = s.w.po("PO-9", "EXO", "2026-11-08", &[(s.syrup, 10)])[0];
    let act = s.w.act("prepare");
    backshelf::ops::perform(&mut s.w.store, act, |tx| {
        let text = |t: &str| rusqlite::types::Value::Text(t.into());
        let cells = [
            ("received", rusqlite::types::Value::Integer(10_000)),
            ("received_on", text("2026-11-12")),
            ("expected_on", text("2026-11-08")),
        ];
        tx.update("po_line", line.0, &cells)
    })
    .unwrap();
    // Two a day sell; 4 days late at most: 8 more are kept for it, at 5.00.
    let syrup = s.syrup.0;
    s.w.store
        .keep("a plan", |db| {
            let sql = "INSERT INTO item_plan (item_id, planned_on, daily, reorder_point, order_up_to, safety_stock, lead_days,
                         supplier_id, details) VALUES (?1, '2026-11-23', 2.0, 0, 0, 0, 7, ?2, '{}')";
            db.execute(sql, [syrup, s.exotic.0])?;
            Ok(())
        })
        .unwrap();
    let found = backshelf::ops::views::consequences::load(s.w.store.db(), s.exotic, 365, s.w.today).unwrap();
    let outs = &found.stock_outs;
    assert_eq!((outs.count, outs.days), (1, 4));
    assert_eq!(outs.last, Some(("Aniseed Syrup 550 ml".into(), day("2026-11-08"))));
    let safety = found.safety.unwrap();
    assert_eq!((safety.late_days, safety.pieces, safety.worth.to_string().as_str()), (4, q(8), "40.00"));
    let other = backshelf::ops::views::consequences::load(s.w.store.db(), s.bigfoot, 365, s.w.today).unwrap();
    assert_eq!(other, Default::default());
}

/// What a person might do to a PO next.
#[derive(Clone, Debug)]
enum Deed {
    Confirm(i64),
    Answer(i64),
    Receive(usize, i64, i64),
    End(bool),
    TakeBack,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (0i64..40).prop_map(Deed::Confirm),
        (0i64..40).prop_map(Deed::Answer),
        (0usize..2, 1i64..50, 0i64..5).prop_map(|(n, came, bad)| Deed::Receive(n, came, bad)),
        any::<bool>().prop_map(Deed::End),
        Just(Deed::TakeBack),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Re-dating never moves the first confirmed day; nothing more is received than ordered unless it was accepted;
    /// taking a step back restores the order as it was.
    #[test]
    fn whatever_becomes_of_a_po_its_first_word_stands(deeds in proptest::collection::vec(deed(), 1..12)) {
        let mut s = shop();
        let po = s.sent();
        let mut past: Vec<Po> = Vec::new();
        for deed in deeds {
            let before = s.po(po);
            let on = |n: i64| (s.w.today + chrono::Duration::days(n)).to_string();
            let done = match deed {
                Deed::Confirm(n) => { let on = on(n); s.confirm(po, &on, None).is_ok() }
                Deed::Answer(n) => {
                    let open = before.lines.iter().filter(|l| l.open().is_positive());
                    let lines = open.map(|l| Seen { line: l.id, expected_on: l.expected_on }).collect();
                    let answer = Answer { lines, day: Some(day(&on(n))), words: "late".into(), channel: String::new() };
                    let act = s.w.act("supplier's answer");
                    chasing::answer(&mut s.w.store, act, &answer).is_ok()
                }
                Deed::Receive(n, came, bad) => s.receive(before.lines[n].id, came, bad.min(came)).is_ok(),
                Deed::End(us) => s.end(po, if us { EndedBy::Us } else { EndedBy::Supplier }, "why").is_ok(),
                Deed::TakeBack => {
                    if let Some(was) = past.pop() {
                        s.take_back();
                        prop_assert_eq!(s.po(po), was);
                    }
                    continue;
                }
            };
            let after = s.po(po);
            if done { past.push(before.clone()); } else { prop_assert_eq!(&after, &before); }
            for (old, new) in before.lines.iter().zip(&after.lines) {
                prop_assert!(old.confirmed_for.is_none() || new.confirmed_for == old.confirmed_for);
                prop_assert!(new.received <= new.quantity, "more than ordered, and nobody accepted it");
                prop_assert!(new.received + new.cancelled <= new.quantity);
            }
            prop_assert_eq!(after.state.is_over(), after.lines.iter().all(|l| l.open().is_zero()));
        }
        prop_assert_eq!(backshelf::ops::checking::check(s.w.store.db()).unwrap().faults, Vec::<String>::new());
    }
}
