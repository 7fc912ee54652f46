//! The POs of a supplier, in every state; and one of them in full, with what can be done about it.

use super::super::Cmd;
use super::super::receive_menu::ReceiveMenu;
use super::ask::Ask;
use super::claim::Claim;
use super::confirm::Confirm;
use super::dates::Dates;
use super::draft::{EditLine, NewLine, Terms};
use super::end::End;
use super::invoice::Invoiced;
use super::second::Second;
use super::send::Send;
use super::who::Who;
use crate::domain::ids::{PoId, SupplierId};
use crate::domain::people::Matter;
use crate::tui::action::{Action, Availability};
use crate::tui::keymap::{self, Scope};
use crate::tui::listed::Listed;
use crate::tui::overlay::{Help, Overlay, dialog, moved};
use crate::tui::table::Look;
use crate::tui::theme::Theme;
use crate::tui::undo::UndoList;
use crate::tui::views::purchase as view;
use crate::worker::office::Whole;
use crate::worker::suppliers::{self, PoPage, PoState, PoSummary, SupplierRow};
use crate::worker::{Answer, Load};
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use std::sync::Arc;

/// The POs of a supplier.
pub struct Pos {
    supplier: SupplierId,
    pub(in crate::tui) name: String,
    /// For a new PO.
    rows: Vec<Arc<SupplierRow>>,
    pub(in crate::tui) pos: Vec<PoSummary>,
    pub(in crate::tui) loaded: bool,
    pub(in crate::tui) cursor: usize,
}

impl Pos {
    pub fn new(row: &SupplierRow, rows: Vec<Arc<SupplierRow>>) -> Pos {
        let (supplier, name) = (row.supplier.id, row.supplier.name.clone());
        Pos { supplier, name, rows, pos: Vec::new(), loaded: false, cursor: 0 }
    }
}

impl Overlay for Pos {
    fn listed(&self, look: &Look) -> Option<Listed> {
        Some(Listed::new("purchase-orders", view::shown_list(self, look)))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("pos", Load::Suppliers(suppliers::Load::Pos(Some(self.supplier))))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        match keymap::resolve(&[Scope::Purchase, Scope::Everywhere], key) {
            Some(Action::Back | Action::Quit) => vec![Cmd::Close],
            Some(Action::Help) => vec![Cmd::Open(Box::new(Help::of_purchase()))],
            Some(Action::Open) => {
                let page = self.pos.get(self.cursor).map(|po| Cmd::Open(Box::new(Page::new(po.po, &po.code))));
                page.into_iter().collect()
            }
            Some(Action::New) => vec![dialog(NewLine::start(&self.rows, Some(self.supplier)))],
            Some(Action::Export) => vec![Cmd::Do(Action::File)],
            _ => {
                self.cursor = moved(self.cursor, self.pos.len(), &view::arrow(key), view::list_rows(look.height));
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Suppliers(suppliers::Answer::Pos(pos)) = answer {
            let chosen = self.pos.get(self.cursor).map(|po| po.po);
            let found = chosen.and_then(|id| pos.iter().position(|po| po.po == id));
            self.cursor = found.unwrap_or(self.cursor).min(pos.len().saturating_sub(1));
            (self.pos, self.loaded) = (pos, true);
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        view::draw_list(self, area, buf, theme, look);
        None
    }
}

/// One PO in full.
pub struct Page {
    /// Else it is the newest of this supplier.
    po: Result<PoId, SupplierId>,
    pub(in crate::tui) code: String,
    pub(in crate::tui) page: Option<Box<PoPage>>,
    pub(in crate::tui) cursor: usize,
    /// Why the last key did nothing.
    pub(in crate::tui) said: Option<String>,
    /// Who else has it open.
    named: Option<String>,
}

impl Page {
    pub fn new(po: PoId, code: &str) -> Page {
        Page { po: Ok(po), code: code.to_string(), page: None, cursor: 0, said: None, named: None }
    }

    /// The newest PO of a supplier: after it was made, when nobody here knows its number yet.
    pub fn newest(supplier: SupplierId) -> Page {
        Page { po: Err(supplier), code: String::new(), page: None, cursor: 0, said: None, named: None }
    }

    /// Whether something can be done about this PO now.
    pub(in crate::tui) fn availability(&self, action: Action) -> Availability {
        let Some(page) = &self.page else { return Availability::Ready };
        let (po, code) = (&page.po, &page.po.code);
        let draft = po.state == PoState::Draft;
        match action {
            Action::Edit | Action::New => {
                Availability::when(draft, &format!("{code} was sent: new lines go on a new PO (n on the list)."))
            }
            Action::SendOrder => {
                Availability::when(!po.state.is_over(), &format!("Nothing more is to come of {code}: p prints it."))
            }
            Action::Ask | Action::RecordAnswer | Action::PoDate | Action::Receive | Action::OtherSupplier if draft => {
                Availability::blocked(format!("{code} is a draft: send it first (s)."))
            }
            Action::Ask | Action::RecordAnswer | Action::PoDate | Action::Receive | Action::OtherSupplier => {
                Availability::when(!po.state.is_over(), &format!("Nothing more is to come of {code}."))
            }
            Action::CancelPoLine => {
                Availability::when(!po.state.is_over(), &format!("Nothing more is to come of {code}."))
            }
            Action::Claim => Availability::when(
                page.claims.iter().any(|c| c.claim.po == po.id),
                &format!("Nothing that was rejected on {code} waits to be settled."),
            ),
            Action::Invoice => Availability::when(!draft, &format!("{code} is a draft: nothing is invoiced on it.")),
            _ => Availability::Ready,
        }
    }

    fn act(&self, action: Action, page: &PoPage) -> Option<Cmd> {
        let (who, po) = (Who::from(page), Some(page.po.id));
        let line = page.po.lines.get(self.cursor);
        Some(match action {
            Action::SendOrder if page.po.state != PoState::Draft => dialog(Send::again(who, page.po.id)),
            Action::SendOrder => dialog(Send::new(who, po)),
            Action::Edit => dialog(EditLine::new(&page.po, line?)),
            Action::New => dialog(NewLine::add(&page.po)),
            Action::Note => dialog(Terms::new(&page.po)),
            Action::Ask => dialog(Ask::new(who, po, page.again_on)),
            Action::RecordAnswer => {
                // What was never confirmed is confirmed line by line; afterwards an answer is a date or words.
                match page.po.lines.iter().any(|l| l.open().is_positive() && l.confirmed_for.is_none()) {
                    true => dialog(Confirm::new(who, page.po.id, &self.code)),
                    false => dialog(Dates::answer(who, po)),
                }
            }
            Action::PoDate => dialog(Dates::date(who, po)),
            Action::CancelPoLine => dialog(End::new(who, po)),
            Action::OtherSupplier => dialog(Second::new(who, po)),
            Action::Claim => dialog(Claim::new(who, page.claims.clone(), po, page.again_on)),
            Action::Undo => Cmd::Open(Box::<UndoList>::default()),
            Action::Invoice => dialog(Invoiced::new(page)),
            Action::Receive => Cmd::Open(Box::new(ReceiveMenu::of(page.po.id))),
            Action::Export => Cmd::Do(Action::File),
            Action::Copy => Cmd::Copy(self.code.clone()),
            _ => return None,
        })
    }
}

impl Overlay for Page {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        let page = self.page.as_ref()?;
        Some(Listed::new(&self.code, view::shown_page(page)).all_of(Some(Whole::Order(page.po.id))))
    }

    fn refused(&mut self, sentence: &str) {
        self.said = Some(sentence.to_string());
    }

    fn matter(&self) -> Option<Matter> {
        self.po.ok().map(Matter::Po)
    }

    fn set_others(&mut self, others: Vec<String>) {
        let named = self.said.take().filter(|said| Some(said) != self.named.as_ref());
        self.named = (!others.is_empty()).then(|| others.join(" "));
        self.said = self.named.clone().or(named);
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        let load = match self.po {
            Ok(po) => suppliers::Load::Po(po),
            Err(supplier) => suppliers::Load::Pos(Some(supplier)),
        };
        vec![Cmd::Load("po", Load::Suppliers(load))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn key(&mut self, key: &KeyEvent, _look: &Look) -> Vec<Cmd> {
        self.said = None;
        let action = keymap::resolve(&[Scope::Purchase, Scope::Everywhere], key);
        match action {
            Some(Action::Back | Action::Quit) => return vec![Cmd::Close],
            Some(Action::Help) => return vec![Cmd::Open(Box::new(Help::of_purchase()))],
            _ => {}
        }
        let Some(page) = &self.page else { return Vec::new() };
        if let Some(action) = action {
            if let Availability::Blocked(why) = self.availability(action) {
                self.said = Some(why);
                return vec![Cmd::Beep];
            }
            if let Some(cmd) = self.act(action, page) {
                return vec![cmd];
            }
        }
        self.cursor = moved(self.cursor, page.po.lines.len(), &view::arrow(key), 5);
        Vec::new()
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Suppliers(suppliers::Answer::Po(page)) => {
                self.cursor = self.cursor.min(page.po.lines.len().saturating_sub(1));
                self.page = Some(page);
            }
            Answer::Suppliers(suppliers::Answer::Pos(pos)) => {
                let Some(newest) = pos.first() else { return vec![Cmd::Close] };
                (self.po, self.code) = (Ok(newest.po), newest.code.clone());
                return self.opened(look);
            }
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        view::draw_page(self, area, buf, theme, look);
        None
    }
}
