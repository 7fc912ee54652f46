//! Whom a dialog is about: a supplier, how to reach him, and what is under way from him. And the small pieces that these
//! dialogs share.

use super::super::{Cmd, Line};
use crate::domain::ids::{PoId, SupplierId};
use crate::domain::money::Money;
use crate::tui::form::Form;
use crate::tui::table::Cell;
use crate::tui::text;
use crate::worker::suppliers::{self, OpenPo, OpenPoLine, PoPage, SupplierRow};
use crate::worker::{Answer, Load};

/// A supplier, as a dialog needs him.
#[derive(Clone, Debug)]
pub struct Who {
    pub id: SupplierId,
    pub name: String,
    pub contact_person: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// Quoted.
    pub lead_days: Option<i64>,
    /// The least value of an order.
    pub min_order_value: Option<Money>,
    /// Late ones first.
    pub open_pos: Vec<OpenPo>,
}

impl From<&SupplierRow> for Who {
    fn from(row: &SupplierRow) -> Who {
        let s = &row.supplier;
        Who {
            id: s.id,
            name: s.name.clone(),
            contact_person: s.contact_person.clone(),
            phone: s.phone.clone(),
            email: s.email.clone(),
            lead_days: s.lead_days,
            min_order_value: s.min_order_value,
            open_pos: row.open_pos.clone(),
        }
    }
}

impl From<&PoPage> for Who {
    fn from(page: &PoPage) -> Who {
        let po = &page.po;
        Who {
            id: po.supplier,
            name: po.supplier_name.clone(),
            contact_person: po.contact_person.clone(),
            phone: po.phone.clone(),
            email: po.email.clone(),
            lead_days: po.quoted_lead_days,
            min_order_value: po.min_order_value,
            open_pos: page.under_way.clone(),
        }
    }
}

impl Who {
    /// Person, phone, mail; what is known of them.
    pub fn reach(&self) -> String {
        let mut all = vec![self.contact_person.as_deref().unwrap_or(&self.name)];
        all.extend(
            [&self.phone, &self.email].into_iter().flatten().map(String::as_str).filter(|t| !t.trim().is_empty()),
        );
        all.join("   ")
    }

    /// The same as a line above the fields.
    pub fn contact(&self, width: usize) -> Line {
        plain(text::clip(&self.reach(), width))
    }

    /// Reads what is open.
    pub fn read_open(&self) -> Vec<Cmd> {
        vec![Cmd::Load("open", Load::Suppliers(suppliers::Load::Detail(self.id)))]
    }
}

pub fn plain(words: impl Into<String>) -> Line {
    vec![Cell::plain(words)]
}

/// A sentence in lines.
pub fn said(words: &str, width: usize) -> Vec<Line> {
    text::wrap(words, width).into_iter().map(plain).collect()
}

/// What was typed into a field.
pub fn typed(form: &Form, at: usize) -> String {
    form.field(at).map(|f| f.value().trim().to_string()).unwrap_or_default()
}

/// The open lines of an answer to [`Who::read_open`], those of `first` on top.
pub fn open_lines(answer: &Answer, first: Option<PoId>) -> Option<Vec<OpenPoLine>> {
    let Answer::Suppliers(suppliers::Answer::Detail(detail)) = answer else { return None };
    let mut lines = detail.open.clone();
    lines.sort_by_key(|line| (Some(line.po) != first, line.expected_on.is_none(), line.expected_on, line.po));
    Some(lines)
}

/// `40 Chang, 24 Aniseed Syrup and 3 more`.
pub fn goods(lines: &[&OpenPoLine], width: usize) -> String {
    let quantity = |l: &OpenPoLine| match l.open < l.quantity {
        true => format!("{} of {}", text::quantity(l.open), text::quantity(l.quantity)),
        false => text::quantity(l.open),
    };
    let named: Vec<String> = lines.iter().take(3).map(|l| format!("{} {}", quantity(l), l.item_name)).collect();
    let more = lines.len().saturating_sub(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    text::clip(&format!("{}{more}", named.join(", ")), width)
}
