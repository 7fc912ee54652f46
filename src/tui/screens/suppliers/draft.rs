//! Orders by hand: a new draft, one more line, another quantity or price, freight and note.

use super::super::stock_dialogs::{Doubt, too_much};
use super::super::{Cmd, Line};
use super::book::Page;
use super::who::{plain, said, typed};
use crate::domain::ids::{ItemId, PoId, SupplierId};
use crate::domain::purchase::part_of_a_piece;
use crate::domain::quantity::Qty;
use crate::tui::entry::order_line;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog, Overlay};
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::search::FoundKind;
use crate::worker::suppliers::{self, Judged, LineChange, Offered, Po, PoItem, Standing, SupplierRow, ToOrder};
use crate::worker::{Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use std::sync::Arc;

const SUPPLIER: usize = 0;
const ITEM: usize = 1;
const CODE: usize = 2;
const QUANTITY: usize = 3;
const COST: usize = 4;

/// A line to order: on a new draft, or on one that is there.
pub struct NewLine {
    /// None: a new draft.
    onto: Option<(PoId, String)>,
    standings: Vec<(SupplierId, Judged)>,
    /// The item that it begins with, until what they sell is read.
    wanted: Option<ItemId>,
    offered: Vec<Offered>,
    /// Found by the code that was typed.
    found: Option<Offered>,
    /// Days that may be bought ahead, once read.
    cover_days: Option<f64>,
    not_theirs: Doubt,
    doubts: Doubts,
    /// Figures typed on the list of items, and the row that was chosen before them: with a blank behind them they are how
    /// many, not a row.
    figures: Option<(String, usize)>,
    form: Form,
}

/// What is asked once about a quantity, in the dialog that makes a line and in the one that changes it.
#[derive(Default)]
struct Doubts {
    part: Doubt,
    much: Doubt,
}

impl Doubts {
    /// Complains once about a part of a piece, and once about more than may be bought ahead.
    fn ask(&self, at: usize, quantity: Qty, item: &Offered, cover_days: Option<f64>) -> Result<(), Complaint> {
        if let Some(words) = part_of_a_piece(quantity, &item.name, item.unit.as_deref(), item.pack) {
            self.part.ask(at, format!("{words}: F8 again orders it."))?;
        }
        match cover_days.and_then(|cover| too_much(quantity, item.daily, cover)) {
            Some(words) => self.much.ask(at, words),
            None => Ok(()),
        }
    }
}

impl NewLine {
    /// A new draft for one of these; `chosen` is on top.
    pub fn start(rows: &[Arc<SupplierRow>], chosen: Option<SupplierId>) -> NewLine {
        let mut suppliers: Vec<(i64, String)> =
            rows.iter().map(|r| (r.supplier.id.0, r.supplier.name.clone())).collect();
        suppliers.sort_by_key(|s| (Some(s.0) != chosen.map(|c| c.0), s.1.to_lowercase()));
        let standings = rows.iter().map(|r| (r.supplier.id, r.standing.clone())).collect();
        NewLine::of(None, suppliers, standings)
    }

    /// A new draft for one of these (number and name), who stands on top, beginning with this item of theirs.
    pub fn start_with(mut known: Vec<(i64, String)>, chosen: SupplierId, item: ItemId) -> NewLine {
        known.sort_by_key(|s| (s.0 != chosen.0, s.1.to_lowercase()));
        NewLine { wanted: Some(item), ..NewLine::of(None, known, Vec::new()) }
    }

    /// One more line on a draft.
    pub fn add(po: &Po) -> NewLine {
        let mut line =
            NewLine::of(Some((po.id, po.code.clone())), vec![(po.supplier.0, po.supplier_name.clone())], Vec::new());
        if let Some(field) = line.form.field_mut(SUPPLIER) {
            field.hidden = true;
        }
        line.form.set_focus(ITEM);
        line
    }

    fn of(
        onto: Option<(PoId, String)>,
        suppliers: Vec<(i64, String)>,
        standings: Vec<(SupplierId, Judged)>,
    ) -> NewLine {
        let form = Form::new(vec![
            Field::list("Supplier", suppliers),
            Field::list("Item", Vec::new()),
            Field::naming("Other item", "", FoundKind::Item, true).counted().noted("as 120 bolt; blank: above"),
            Field::quantity("Quantity", None),
            Field::money("Price", None).noted("of one"),
        ]);
        NewLine {
            onto,
            standings,
            wanted: None,
            offered: Vec::new(),
            found: None,
            cover_days: None,
            not_theirs: Doubt::default(),
            doubts: Doubts::default(),
            figures: None,
            form,
        }
    }

    fn supplier(&self) -> Option<SupplierId> {
        self.form.field(SUPPLIER).and_then(Field::chosen_id).map(SupplierId)
    }

    /// What is typed for an item, without how many of it.
    fn code(&self) -> String {
        let typed = typed(&self.form, CODE);
        order_line::read(&typed).map_or(typed.clone(), |line| line.what.to_string())
    }

    /// Puts how many, and the price, that were typed with the item into their own fields.
    fn take_counted(&mut self) -> Result<(), String> {
        let typed = typed(&self.form, CODE);
        let line = order_line::read(&typed)?;
        if line.what.len() == typed.len() {
            return Ok(());
        }
        // `@ 9.50 ` alone says nothing of how many.
        if !typed.trim_start().starts_with('@')
            && (line.quantity != Qty::ONE || typed.starts_with(|c: char| c.is_ascii_digit()))
            && let Some(field) = self.form.field_mut(QUANTITY)
        {
            field.take(&line.quantity.to_string());
        }
        if let (Some(price), Some(field)) = (line.price, self.form.field_mut(COST)) {
            field.take(&price.to_string());
        }
        Ok(())
    }

    fn item(&self) -> Option<&Offered> {
        if !typed(&self.form, CODE).is_empty() {
            return self.found.as_ref();
        }
        let id = self.form.field(ITEM)?.chosen_id()?;
        self.offered.iter().find(|o| o.item.0 == id)
    }

    fn read(&self) -> Vec<Cmd> {
        let offered = |id| Cmd::Load("offered", Load::Suppliers(suppliers::Load::Offered(id)));
        let standing = |id| Cmd::Load("standings", Load::Suppliers(suppliers::Load::Standings(vec![id])));
        let known = |id: &SupplierId| self.onto.is_some() || self.standings.iter().any(|(s, _)| s == id);
        let unknown = self.supplier().filter(|id| !known(id));
        self.supplier().map(offered).into_iter().chain(unknown.map(standing)).collect()
    }

    fn show_price(&mut self) {
        let cost = self.item().and_then(|i| i.cost);
        if let Some(field) = self.form.field_mut(COST).filter(|f| !f.was_typed()) {
            field.set_value(&cost.map(|c| c.to_string()).unwrap_or_default());
        }
    }
}

impl Dialog for NewLine {
    fn title(&self) -> String {
        match &self.onto {
            Some((_, code)) => format!("One more line on {code}"),
            None => "New PO, as a draft".into(),
        }
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        self.read()
    }
    fn loaded(&mut self, part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Suppliers(suppliers::Answer::Standings(standings)) = answer {
            self.standings.extend(standings);
            return Vec::new();
        }
        let Answer::Suppliers(suppliers::Answer::Offered { offered, cover_days }) = answer else { return Vec::new() };
        self.cover_days = Some(cover_days);
        if part == "code" {
            self.found = offered.into_iter().next();
        } else {
            let options = offered.iter().map(|o| (o.item.0, format!("{}  {}", o.sku, o.name))).collect();
            if let Some(field) = self.form.field_mut(ITEM) {
                field.set_options(options);
                let wanted = self.wanted.take().and_then(|item| offered.iter().position(|o| o.item == item));
                if let Some(at) = wanted {
                    field.choose(at);
                }
            }
            self.offered = offered;
        }
        self.show_price();
        Vec::new()
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        match field {
            SUPPLIER => return self.read(),
            CODE => {
                self.found = None;
                if self.take_counted().is_err() {
                    return Vec::new(); // said below, and when it is saved
                }
                let code = self.code();
                if let (Some(supplier), false) = (self.supplier(), code.is_empty()) {
                    let load = suppliers::Load::OfferedItem { supplier, code };
                    return vec![Cmd::Load("code", Load::Suppliers(load))];
                }
                self.show_price();
            }
            ITEM => self.show_price(),
            _ => {}
        }
        Vec::new()
    }
    fn key(&mut self, key: &KeyEvent, _look: &Look) -> Option<Vec<Cmd>> {
        let figures = self.figures.take();
        if self.form.focus() != ITEM {
            return None;
        }
        match (key.code, figures) {
            (KeyCode::Char(c), figures) if c.is_ascii_digit() => {
                let now = self.form.field(ITEM).map_or(0, Field::chosen);
                let (mut typed, before) = figures.unwrap_or((String::new(), now));
                typed.push(c);
                self.figures = Some((typed, before));
                None
            }
            (KeyCode::Char(' '), Some((typed, before))) => {
                if let Some(field) = self.form.field_mut(ITEM) {
                    field.choose(before);
                }
                if let Some(field) = self.form.field_mut(QUANTITY) {
                    field.take(&typed);
                }
                self.show_price();
                Some(Vec::new())
            }
            _ => None,
        }
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        let standing = self.supplier().and_then(|s| self.standings.iter().find(|(id, _)| *id == s));
        let words = standing.and_then(|(_, judged)| standing_words(judged));
        words.map_or_else(Vec::new, |words| said(&words, width))
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let code = self.code();
        if let Err(sentence) = order_line::read(&typed(&self.form, CODE)) {
            return said(&sentence, width);
        }
        let Some(item) = self.item() else {
            return said(
                &if code.is_empty() {
                    "Nothing is on file that they sell: type a SKU.".to_string()
                } else {
                    format!("No item has the code {code}.")
                },
                width,
            );
        };
        let quantity = self.form.field(QUANTITY).and_then(|f| f.qty().ok().flatten());
        let cost = self.form.field(COST).and_then(|f| f.amount().ok().flatten());
        let mut words = match quantity {
            Some(q) => format!("Orders {} {}", text::quantity(q), item.name),
            None => format!("Orders {}", item.name),
        };
        if let (Some(q), Some(c)) = (quantity, cost) {
            words.push_str(&format!(" for {}", text::money(c.times(q))));
        }
        words.push('.');
        if let Some(least) = item.min_quantity.filter(|least| quantity.is_some_and(|q| q < *least)) {
            words.push_str(&format!(" Their minimum is {}.", text::quantity(least)));
        }
        let pack = item.pack.filter(|p| p.is_positive());
        if let Some((pack, q)) = pack.zip(quantity).filter(|(p, q)| q.thousandths() % p.thousandths() != 0) {
            words.push_str(&format!(" {} are not whole packs of {}.", text::quantity(q), text::quantity(pack)));
        }
        if let Some(days) = item.lead_days {
            words.push_str(&format!(" They say {days} days."));
        }
        said(&format!("{words} A draft: nothing is sent. Can be undone."), width)
    }
    fn then(&mut self) -> Option<Box<dyn Overlay>> {
        let started = self.supplier().filter(|_| self.onto.is_none())?;
        Some(Box::new(Page::newest(started)))
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let supplier = self
            .supplier()
            .ok_or_else(|| Complaint::at(SUPPLIER, "There is no supplier yet: Esc, then :new supplier."))?;
        let code = self.code();
        order_line::read(&typed(&self.form, CODE)).map_err(|sentence| Complaint::at(CODE, sentence))?;
        let item = self.item().ok_or_else(|| match code.is_empty() {
            true => Complaint::at(CODE, "Choose an item, or type its SKU."),
            false => Complaint::at(CODE, format!("No item has the code {code}.")),
        })?;
        let quantity =
            self.form.field(QUANTITY).map_or(Ok(None), Field::qty).map_err(|s| Complaint::at(QUANTITY, s))?;
        let quantity = quantity
            .filter(|q: &Qty| q.is_positive())
            .ok_or_else(|| Complaint::at(QUANTITY, "Type how much to order."))?;
        let cost = self.form.field(COST).map_or(Ok(None), Field::amount).map_err(|s| Complaint::at(COST, s))?;
        if !item.listed {
            let words = format!("They are not known to sell {}: F8 again orders it from them.", item.name);
            self.not_theirs.ask(CODE, words)?;
        }
        self.doubts.ask(QUANTITY, quantity, item, self.cover_days)?;
        let line = ToOrder { item: item.item, supplier, quantity, cost, seen: None };
        Ok(Write::Suppliers(match &self.onto {
            Some((po, _)) => suppliers::Write::AddLine { po: *po, line },
            None => suppliers::Write::Start { supplier, lines: vec![line] },
        }))
    }
}

/// What is said before an order to a supplier; none: nothing speaks against it.
pub fn standing_words(judged: &Judged) -> Option<String> {
    match judged.standing {
        Standing::Ok => None,
        Standing::Warn => Some(format!("Careful: {}.", judged.why)),
        Standing::Block => Some(format!("No orders to this supplier: {}.", judged.why)),
    }
}

/// Another quantity or price of a line of a draft.
pub struct EditLine {
    po: PoId,
    code: String,
    supplier: SupplierId,
    line: PoItem,
    /// What is known of the item and the days that may be bought ahead, once read.
    known: Option<(Offered, f64)>,
    doubts: Doubts,
    form: Form,
}

impl EditLine {
    pub fn new(po: &Po, line: &PoItem) -> EditLine {
        let form = Form::new(vec![
            Field::quantity("Quantity", Some(line.quantity)),
            Field::money("Price", line.cost).noted("of one"),
        ]);
        EditLine {
            po: po.id,
            code: po.code.clone(),
            supplier: po.supplier,
            line: line.clone(),
            known: None,
            doubts: Doubts::default(),
            form,
        }
    }
}

impl Dialog for EditLine {
    fn title(&self) -> String {
        format!("{} line {}, {}", self.code, self.line.line, self.line.item_name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        let load = suppliers::Load::OfferedItem { supplier: self.supplier, code: self.line.sku.clone() };
        vec![Cmd::Load("code", Load::Suppliers(load))]
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Suppliers(suppliers::Answer::Offered { offered, cover_days }) = answer {
            self.known = offered.into_iter().next().map(|item| (item, cover_days));
        }
        Vec::new()
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        said("A line that is not wanted any more: cancel it (x). Can be undone.", width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let quantity = self.form.field(0).map_or(Ok(None), Field::qty).map_err(|s| Complaint::at(0, s))?;
        let quantity =
            quantity.filter(|q| q.is_positive()).ok_or_else(|| Complaint::at(0, "Type how much to order."))?;
        let cost = self.form.field(1).map_or(Ok(None), Field::amount).map_err(|s| Complaint::at(1, s))?;
        if let Some((item, cover_days)) = self.known.as_ref().filter(|_| quantity != self.line.quantity) {
            self.doubts.ask(0, quantity, item, Some(*cover_days))?;
        }
        let change = LineChange { line: self.line.id, seen: self.line.quantity, quantity, cost };
        Ok(Write::Suppliers(suppliers::Write::ChangeLine { po: self.po, change }))
    }
}

/// The freight that was agreed, and the note on the order.
pub struct Terms {
    po: PoId,
    code: String,
    form: Form,
}

impl Terms {
    pub fn new(po: &Po) -> Terms {
        let form = Form::new(vec![
            Field::money("Freight", po.freight).noted("agreed, for the whole order"),
            Field::text("Note", po.note.as_deref().unwrap_or_default()),
        ]);
        Terms { po: po.id, code: po.code.clone(), form }
    }
}

impl Dialog for Terms {
    fn title(&self) -> String {
        format!("Freight and note of {}", self.code)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn below(&self, _width: usize, _look: &Look) -> Vec<Line> {
        vec![plain("The note is printed on the order. Can be undone.")]
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let freight = self.form.field(0).map_or(Ok(None), Field::amount).map_err(|s| Complaint::at(0, s))?;
        if freight.is_some_and(|f| f.ten_thousandths() < 0) {
            return Err(Complaint::at(0, "Freight is not below zero."));
        }
        Ok(Write::Suppliers(suppliers::Write::Terms { po: self.po, freight, note: typed(&self.form, 1) }))
    }
}
