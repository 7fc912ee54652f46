//! Suppliers: whom can we rely on, and who hurts us?

mod ask;
pub mod book;
mod claim;
mod confirm;
mod dates;
pub mod draft;
mod end;
mod figures;
mod invoice;
mod later;
mod preview;
mod second;
mod send;
mod telling;
mod who;

use super::receive_menu::ReceiveMenu;
use super::{Badge, Cmd, DueLine, Line, Screen, Spoken};
use crate::domain::claim::CLAIM_DAYS;
use crate::domain::ids::{PoId, SupplierId};
use crate::domain::people::Matter;
use crate::tui::action::{Action, Availability};
use crate::tui::entry::CardDialog;
use crate::tui::keymap::Scope;
use crate::tui::overlay::dialog;
use crate::tui::table::{List, Listing, Look};
use crate::tui::text;
use crate::tui::views::suppliers as view;
use crate::worker::entering::Kind;
use crate::worker::suppliers::{self, Consequences, PoRow, Rows, SupplierDetail, SupplierRow};
use crate::worker::{Answer, Load};
use std::sync::Arc;

const VIEWS: &[&str] = &["who hurts us", "by grade", "open POs", "to ask today"];
const BY_GRADE: usize = 1;
const POS: usize = 2;
const TO_ASK: usize = 3;

/// The tab.
pub struct Suppliers {
    view: usize,
    list: List<Arc<SupplierRow>>,
    pos: List<PoRow>,
    rows: Rows,
    loaded: bool,
    /// Suppliers to ask today: for the badge, with each frame.
    to_ask: usize,
    detail: Option<Box<SupplierDetail>>,
    /// What the chosen one's lateness costs.
    costs: Option<(SupplierId, Box<Consequences>)>,
    /// To be chosen when the rows have come.
    wanted: Option<i64>,
}

impl Suppliers {
    pub fn new() -> Suppliers {
        Suppliers {
            view: 0,
            list: List::new(view::COLUMNS),
            pos: List::new(view::PO_COLUMNS),
            rows: Rows::default(),
            loaded: false,
            to_ask: 0,
            detail: None,
            costs: None,
            wanted: None,
        }
    }

    fn load() -> Vec<Cmd> {
        vec![Cmd::Load("rows", Load::Suppliers(suppliers::Load::Rows))]
    }

    fn arrange(&mut self) {
        let mut rows = self.rows.suppliers.clone();
        match self.view {
            BY_GRADE => rows.sort_by(|a, b| view::by_grade(a, b)),
            TO_ASK => rows.retain(|row| row.is_to_ask()),
            _ => {}
        }
        self.list.set_rows(rows);
        if let Some(id) = self.wanted.take() {
            self.list.select(id);
        }
    }

    fn supplier(&self, id: SupplierId) -> Option<&SupplierRow> {
        self.rows.suppliers.iter().find(|row| row.supplier.id == id).map(|row| &**row)
    }

    fn po(&self) -> Option<&PoRow> {
        self.pos.selected().filter(|_| self.view == POS)
    }

    /// The supplier of the chosen row.
    fn chosen(&self) -> Option<&SupplierRow> {
        match self.po() {
            Some(po) => self.supplier(po.supplier),
            None if self.view == POS => None,
            None => self.list.selected().map(|row| &**row),
        }
    }

    fn known_of(&self, row: &SupplierRow) -> view::Known<'_> {
        let id = row.supplier.id;
        view::Known {
            detail: self.detail.as_deref().filter(|d| d.supplier == id),
            costs: self.costs.as_ref().filter(|(of, _)| *of == id).map(|(_, costs)| &**costs),
        }
    }

    fn drafts(&self, supplier: SupplierId) -> Vec<&PoRow> {
        self.pos.rows().iter().filter(|po| po.draft && po.supplier == supplier).collect()
    }

    fn to_ask(&self) -> usize {
        self.to_ask
    }

    /// One that is to be asked is late; else they are reminded, or asked to confirm.
    fn late_to_ask(&self) -> bool {
        let mut due = self.rows.suppliers.iter().filter(|row| row.is_to_ask()).flat_map(|row| &row.open_pos);
        due.any(|po| po.to_ask && po.is_missed && po.due_on.is_some())
    }

    /// One that is to be asked is wanted sooner than it comes.
    fn any_hurry(&self) -> bool {
        let mut due = self.rows.suppliers.iter().filter(|row| row.is_to_ask()).flat_map(|row| &row.open_pos);
        due.any(|po| po.to_ask && po.hurries)
    }

    /// All that is to be done is to claim rejected goods.
    fn only_claims(&self) -> bool {
        let mut due = self.rows.suppliers.iter().filter(|row| row.is_to_ask());
        due.all(|row| !row.open_pos.iter().any(|po| po.to_ask || po.to_put_off))
    }

    /// All that is to be done is to put off, or to cancel, what nobody needs yet.
    fn only_surplus(&self) -> bool {
        let mut due = self.rows.suppliers.iter().filter(|row| row.is_to_ask());
        due.all(|row| !row.open_pos.iter().any(|po| po.to_ask) && !row.claims.iter().any(|claim| claim.to_ask))
    }

    fn never_delivered(&self) -> bool {
        self.rows.suppliers.iter().all(|row| row.card.lines == 0 && row.lead.is_none())
    }

    fn calm(&self) -> String {
        let late: usize = self.rows.suppliers.iter().map(|row| row.late_pos).sum();
        if self.never_delivered() && self.rows.came {
            return "Goods came, but on no order with a promised day: no grades yet.".into();
        }
        if self.never_delivered() {
            return "No deliveries yet, so no grades. They fill themselves as you receive (r).".into();
        }
        match late {
            0 => match self.rows.suppliers.iter().filter(|row| row.hurts.customers > 0).count() {
                0 => "No PO is late.".into(),
                1 => "No PO is late; 1 supplier brings goods after a customer's date.".into(),
                n => format!("No PO is late; {} bring goods after customers' dates.", text::plural(n, "supplier")),
            },
            1 => "Nobody has to be asked today: 1 PO is late, and that is in hand.".into(),
            n => format!("Nobody has to be asked today: {} POs are late, and that is in hand.", text::count(n)),
        }
    }
}

impl Default for Suppliers {
    fn default() -> Suppliers {
        Suppliers::new()
    }
}

impl Screen for Suppliers {
    fn title(&self) -> &'static str {
        "Suppliers"
    }
    fn scope(&self) -> Scope {
        Scope::Suppliers
    }
    fn list(&self) -> &dyn Listing {
        if self.view == POS { &self.pos } else { &self.list }
    }
    fn list_mut(&mut self) -> &mut dyn Listing {
        if self.view == POS { &mut self.pos } else { &mut self.list }
    }
    fn badge(&self) -> Option<Badge> {
        let count = self.to_ask();
        (count > 0).then_some(Badge { count, urgent: true })
    }

    fn sentence(&self, _look: &Look) -> String {
        if !self.loaded {
            return String::new();
        }
        let filter = self.list().filter();
        if !filter.is_empty() {
            let word = if self.view == POS { "PO" } else { "supplier" };
            return format!("{} with \"{filter}\". Esc shows all.", text::plural(self.list().len(), word));
        }
        match (self.to_ask(), self.rows.waiting) {
            _ if self.rows.suppliers.is_empty() => "No suppliers yet: n types the first one in.".into(),
            (0, _) => self.calm(),
            (n, _) if self.only_claims() => {
                format!("Claim rejected goods from {} today (t).", text::plural(n, "supplier"))
            }
            (n, _) if self.only_surplus() => {
                format!("Speak with {} today: goods come that nobody needs yet.", text::plural(n, "supplier"))
            }
            (n, 0) if !self.late_to_ask() && self.any_hurry() => {
                format!("Ask {} today: goods come after the shelf is empty.", text::plural(n, "supplier"))
            }
            (n, _) if !self.late_to_ask() && !self.any_hurry() => {
                format!("Ask {} today: will it come in time?", text::plural(n, "supplier"))
            }
            (n, waiting) if self.any_hurry() && waiting > 0 => {
                let (many, customers) = (text::plural(n, "supplier"), text::plural(waiting, "customer"));
                format!("Ask {many} today: {customers} wait{} for their goods.", if waiting == 1 { "s" } else { "" })
            }
            (n, 0) => format!("Ask {} today: goods are late.", text::plural(n, "supplier")),
            (n, 1) => format!("Ask {} today: 1 customer waits for late goods.", text::plural(n, "supplier")),
            (n, waiting) => {
                let waiting = text::plural(waiting, "customer");
                format!("Ask {} today: {waiting} wait for late goods.", text::plural(n, "supplier"))
            }
        }
    }

    fn aside(&self, _look: &Look) -> String {
        if self.loaded { format!("{} days, by first confirmed date", self.rows.window_days) } else { String::new() }
    }

    fn views(&self) -> &'static [&'static str] {
        VIEWS
    }
    fn view(&self) -> usize {
        self.view
    }
    fn set_view(&mut self, view: usize, look: &Look) -> Vec<Cmd> {
        self.list_mut().set_filter("");
        let supplier = self.chosen().map(|row| row.supplier.id.0);
        self.view = view;
        self.wanted = supplier;
        self.arrange();
        self.moved(look)
    }

    fn summary(&mut self, _look: &Look) -> Vec<Cmd> {
        Suppliers::load()
    }

    fn refresh(&mut self, look: &Look) -> Vec<Cmd> {
        let mut cmds = Suppliers::load();
        cmds.extend(self.moved(look));
        cmds
    }

    fn moved(&mut self, _look: &Look) -> Vec<Cmd> {
        let supplier = self.chosen().map(|row| row.supplier.id);
        let Some(id) = supplier else { return Vec::new() };
        vec![
            Cmd::Load("detail", Load::Suppliers(suppliers::Load::Detail(id))),
            Cmd::Load("costs", Load::Suppliers(suppliers::Load::Consequences(id))),
        ]
    }

    fn go_to(&mut self, id: i64, look: &Look) -> Vec<Cmd> {
        self.list_mut().set_filter("");
        if matches!(self.view, POS | TO_ASK) {
            self.view = 0;
        }
        self.list.set_filter("");
        self.wanted = Some(id);
        if !self.loaded {
            return Suppliers::load();
        }
        self.arrange();
        self.moved(look)
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        let Answer::Suppliers(answer) = answer else { return Vec::new() };
        match answer {
            suppliers::Answer::Rows(rows) => {
                let first = !self.loaded;
                self.rows = *rows;
                self.pos.set_rows(std::mem::take(&mut self.rows.pos));
                self.to_ask = self.rows.suppliers.iter().filter(|row| row.is_to_ask()).count();
                self.loaded = true;
                self.arrange();
                if first { self.moved(look) } else { Vec::new() }
            }
            suppliers::Answer::Detail(detail) => {
                self.detail = Some(detail);
                Vec::new()
            }
            suppliers::Answer::Consequences(id, costs) => {
                self.costs = Some((id, costs));
                Vec::new()
            }
            _ => Vec::new(), // a dialog's
        }
    }

    fn availability(&self, action: Action) -> Availability {
        if action == Action::New {
            return Availability::when(self.loaded, "The suppliers are being read: once more in a moment.");
        }
        let Some(row) = self.chosen() else {
            return Availability::blocked("No supplier is chosen. Choose one with the arrow keys first.");
        };
        let name = &row.supplier.name;
        let drafts = self.drafts(row.supplier.id).len();
        let sent = !row.open_pos.is_empty();
        match action {
            Action::OtherSupplier => {
                Availability::when(sent, &format!("Nothing is under way from {name} that another could bring."))
            }
            Action::Ask => {
                let claim = if row.claims.is_empty() { "" } else { " Rejected goods are claimed with t." };
                Availability::when(sent, &format!("Nothing is under way from {name}: nothing to ask about.{claim}"))
            }
            Action::RecordAnswer | Action::PoDate => {
                Availability::when(sent, &format!("Nothing is under way from {name}, so no date to change."))
            }
            Action::Claim => Availability::when(
                !row.claims.is_empty(),
                &format!("Nothing that was rejected of {name} in the last {CLAIM_DAYS} days waits to be settled."),
            ),
            Action::SendOrder => Availability::when(
                drafts > 0,
                &format!("{name} has no draft to send. Make one with n, or on 4 Reorder."),
            ),
            Action::CancelPoLine => {
                Availability::when(sent || drafts > 0, &format!("{name} has no open order: nothing to cancel."))
            }
            _ => Availability::Ready,
        }
    }

    fn open(&mut self, _look: &Look) -> Option<Vec<Cmd>> {
        let po = self.po()?;
        Some(vec![Cmd::Open(Box::new(book::Page::new(po.po, &po.code)))])
    }

    fn act(&mut self, action: Action, _look: &Look) -> Vec<Cmd> {
        if action == Action::New && self.rows.suppliers.is_empty() {
            return vec![dialog(CardDialog::first_supplier())];
        }
        if action == Action::New {
            let chosen = self.chosen().map(|row| row.supplier.id);
            return vec![dialog(draft::NewLine::start(&self.rows.suppliers, chosen))];
        }
        let Some(row) = self.chosen().cloned() else { return Vec::new() };
        let po: Option<PoId> = self.po().map(|po| po.po);
        let who = who::Who::from(&row);
        let matter = po.map_or(Matter::Supplier(row.supplier.id), Matter::Po);
        let mut opened = match action {
            Action::Ask => dialog(ask::Ask::new(who, po, self.rows.again_on)),
            Action::RecordAnswer => dialog(dates::Dates::answer(who, po)),
            Action::PoDate => dialog(dates::Dates::date(who, po)),
            Action::SendOrder => dialog(send::Send::new(who, po)),
            Action::CancelPoLine => dialog(end::End::new(who, po)),
            Action::OtherSupplier => dialog(second::Second::new(who, po)),
            Action::Claim => dialog(claim::Claim::new(who, row.claims.clone(), po, self.rows.again_on)),
            Action::SupplierLater => dialog(later::Later::new(who)),
            Action::Note => dialog(later::Note::new(&row)),
            Action::Figures => Cmd::Open(Box::new(figures::FiguresPage::new(&row))),
            Action::Edit => dialog(later::Stand::new(&row)),
            Action::EditSupplier => dialog(CardDialog::edit(Kind::Supplier, row.supplier.id.0)),
            Action::History => Cmd::Open(Box::new(book::Pos::new(&row, self.rows.suppliers.clone()))),
            Action::Receive => Cmd::Open(Box::new(match self.po().filter(|po| !po.draft) {
                Some(po) => ReceiveMenu::of(po.po),
                None => ReceiveMenu::from(&row.supplier.name),
            })),
            _ => return Vec::new(),
        };
        if let Cmd::Open(overlay) = &mut opened {
            overlay.set_matter(Some(matter));
        }
        vec![opened]
    }

    fn spoken(&self, look: &Look) -> Option<Spoken> {
        if let Some(po) = self.po() {
            return Some(view::po_spoken(po, self.supplier(po.supplier), look));
        }
        let row = self.chosen()?;
        Some(view::spoken(row, &self.drafts(row.supplier.id), look))
    }

    fn pane(&self, width: usize, look: &Look) -> Vec<Line> {
        let row = self.chosen();
        let known = row.map(|row| self.known_of(row)).unwrap_or_default();
        match (self.po(), row) {
            (Some(po), row) => view::po_pane(po, row, known, &self.rows, width, look),
            (None, Some(row)) => view::pane(row, known, &self.rows, width, look),
            _ => Vec::new(),
        }
    }

    fn empty(&self, _look: &Look) -> String {
        if !self.loaded {
            return String::new();
        }
        let filter = self.list().filter();
        if !filter.is_empty() {
            return format!("Nothing matches \"{filter}\". Esc shows all.");
        }
        match self.view {
            POS => "Nothing is on order.".into(),
            TO_ASK if !self.rows.suppliers.is_empty() => "Nobody has to be asked today.".into(),
            _ => "No suppliers yet. n types the first one in; a list of them, or past POs: :import. \
                  Grades fill themselves as you receive (r)."
                .into(),
        }
    }

    fn code(&self) -> Option<String> {
        match self.po() {
            Some(po) => Some(po.code.clone()),
            None => self.chosen().map(|row| row.supplier.code.clone()),
        }
    }

    fn due(&self) -> Vec<i64> {
        self.rows.suppliers.iter().filter(|row| row.is_to_ask()).map(|row| row.supplier.id.0).collect()
    }

    fn today(&self, look: &Look) -> Vec<DueLine> {
        let mut out = Vec::new();
        if let Some(first) = self.rows.suppliers.iter().find(|row| row.is_to_ask()) {
            let late = first.open_pos.iter().find(|po| po.is_to_ask());
            out.push(DueLine {
                sign: '!',
                count: self.to_ask(),
                what: if self.to_ask() == 1 { "supplier to ask" } else { "suppliers to ask" }.into(),
                detail: match (late, first.claims.iter().find(|claim| claim.to_ask)) {
                    (Some(po), _) if po.days_late == 0 => format!("{}: {}", po.code, po.in_a_word()),
                    (Some(po), _) => {
                        format!("{} is {} late", po.code, text::plural(po.days_late.max(0) as usize, "day"))
                    }
                    (None, Some(claim)) => {
                        format!("{} rejected on {}", text::quantity(claim.claim.quantity()), claim.claim.code)
                    }
                    (None, None) => {
                        let later = first.open_pos.iter().find(|po| po.to_put_off);
                        later.map_or(String::new(), |po| format!("{}: {}", po.code, po.in_a_word()))
                    }
                },
                place: "3 Suppliers",
                tab: 0,
                row: Some(first.supplier.id.0),
                action: None,
            });
        }
        let expected: Vec<&PoRow> =
            self.pos.rows().iter().filter(|po| !po.draft && po.due_on == Some(look.today)).collect();
        if let Some(first) = expected.first() {
            let goods = first.goods.first().map(|(q, name)| format!(", {} {name}", text::quantity(*q)));
            out.push(DueLine {
                sign: '~',
                count: expected.len(),
                what: if expected.len() == 1 { "delivery expected" } else { "deliveries expected" }.into(),
                detail: format!("{}{}", first.code, goods.unwrap_or_default()),
                place: "r receive",
                tab: 0,
                row: Some(first.supplier.0),
                action: Some(Action::Receive),
            });
        }
        out
    }
}
