//! One record as a form: its fields are the columns of its file, so that a form and a file say the same.

use crate::domain::ids::{CustomerId, ItemId, SupplierId};
use crate::domain::people::Matter;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::worker::entering::{self, Card, Kind};
use crate::worker::search::FoundKind;
use crate::worker::{Answer, Load, Write};

/// How a column is typed.
enum Typed {
    Text,
    Code,
    /// The code of a supplier who is there.
    Supplier,
    /// The code of a bin, also of a new one.
    Bin,
    Quantity,
    Money,
    Date,
    /// One of these; what is kept is the second of each pair.
    Choice(&'static [(&'static str, &'static str)]),
}

const POLICY: &[(&str, &str)] =
    &[("not said", ""), ("may wait", "allow"), ("may not wait", "deny"), ("sold ahead", "preorder")];
const STATUS: &[(&str, &str)] = &[("active", "active"), ("discontinued", "discontinued")];
const CUSTOMER: &[(&str, &str)] = &[("not said", ""), ("business", "business"), ("consumer", "consumer")];

type Row = (&'static str, &'static str, Typed);

/// Column, label and how it is typed, in the order of the form.
fn rows(kind: Kind) -> Vec<Row> {
    use Typed::*;
    match kind {
        Kind::Item => vec![
            ("sku", "SKU", Code),
            ("name", "Name", Text),
            ("barcode", "Barcode", Code),
            ("bin", "Bin", Bin),
            ("unit", "Unit", Text),
            ("category", "Category", Text),
            ("supplier", "Supplier", Supplier),
            ("cost", "Cost", Money),
            ("price", "Price", Money),
            ("min", "Min", Quantity),
            ("max", "Max", Quantity),
            ("pack", "Pack", Quantity),
            ("backorders", "When sold out", Choice(POLICY)),
            ("backorder_limit", "At most wait", Quantity),
            ("available_on", "There from", Date),
            ("status", "Status", Choice(STATUS)),
            ("note", "Note", Text),
        ],
        Kind::Customer => vec![
            ("customer", "Number", Code),
            ("name", "Name", Text),
            ("contact_person", "Contact person", Text),
            ("phone", "Phone", Text),
            ("email", "E-mail", Text),
            ("city", "City", Text),
            ("country", "Country", Text),
            ("kind", "Is a", Choice(CUSTOMER)),
            ("priority", "Priority", Text),
            ("language", "Language", Text),
            ("channel_preference", "Reached by", Text),
            ("note", "Note", Text),
        ],
        Kind::Supplier => vec![
            ("supplier", "Number", Code),
            ("name", "Name", Text),
            ("contact_person", "Contact person", Text),
            ("phone", "Phone", Text),
            ("email", "E-mail", Text),
            ("country", "Country", Text),
            ("lead_days", "Days to deliver", Text),
            ("min_order_value", "Least order value", Money),
            ("currency", "Currency", Text),
            ("order_days", "Order days", Text),
            ("cutoff", "Order before", Text),
            ("language", "Language", Text),
            ("note", "Note", Text),
        ],
    }
}

fn note(kind: Kind, column: &str) -> &'static str {
    match column {
        _ if column == kind_key(kind) && kind != Kind::Item => "blank: the name",
        "bin" => "its home; a new one is made",
        "supplier" => "a part of its name",
        "backorder_limit" => "blank: any number",
        "country" => "two letters, or its name",
        "priority" => "1 comes first; blank comes last",
        "lead_days" => "as they say",
        "order_days" => "such as mon thu; blank: any day",
        "cutoff" => "such as 12:00",
        "language" => "of what is written to them, such as de",
        _ => "",
    }
}

/// Field of what lies there, in the form of a new item: behind its columns.
const LEVEL: &str = "On hand now";

/// The dialog.
pub struct CardDialog {
    kind: Kind,
    seen: Card,
    form: Form,
    /// The field that it opens on.
    begin: Option<&'static str>,
    /// Why it opened, where something else was asked for.
    why: &'static str,
}

impl CardDialog {
    /// Of a new record.
    pub fn new(kind: Kind) -> CardDialog {
        CardDialog::of(Card::new(kind))
    }

    /// Of a record that is read when the dialog opens.
    pub fn edit(kind: Kind, id: i64) -> CardDialog {
        CardDialog::of(Card { id: Some(id), ..Card::new(kind) })
    }

    /// Of the first supplier, where a PO was asked for and there is nobody to order from.
    pub fn first_supplier() -> CardDialog {
        let why = "No supplier is here yet: type whom you order from, save, and n begins the PO.";
        CardDialog { why, ..CardDialog::new(Kind::Supplier) }
    }

    /// Opens on the field of that label.
    pub fn at(self, label: &'static str) -> CardDialog {
        CardDialog { begin: Some(label), ..self }.begun()
    }

    fn begun(mut self) -> CardDialog {
        if let Some((at, _)) = self.begin.and_then(|label| self.field(label)) {
            self.form.set_focus(at);
        }
        self
    }

    fn of(seen: Card) -> CardDialog {
        let kind = seen.kind;
        let new = seen.id.is_none();
        let mut fields: Vec<Field> = Vec::new();
        for (column, label, typed) in rows(kind) {
            if new && matches!(column, "status" | "available_on" | "language" | "channel_preference") {
                continue;
            }
            let value = seen.text(column);
            let field = match typed {
                Typed::Text => Field::text(label, value),
                Typed::Code => Field::code(label, value),
                Typed::Supplier => Field::naming(label, value, FoundKind::Supplier, true),
                Typed::Bin => Field::naming(label, value, FoundKind::Bin, false),
                Typed::Quantity => Field::quantity(label, None),
                Typed::Money => Field::money(label, None),
                Typed::Date => Field::date(label, None),
                Typed::Choice(all) => {
                    let words: Vec<&str> = all.iter().map(|c| c.0).collect();
                    Field::choice(label, &words, all.iter().position(|c| c.1 == value).unwrap_or(0))
                }
            };
            let mut field = field.noted(note(kind, column));
            if !value.is_empty() && !matches!(field.kind, crate::tui::form::Kind::Choice(_)) {
                field.set_value(value);
            }
            // Which one it is cannot be changed: papers and files name it.
            field.hidden = !new && column == kind_key(kind);
            fields.push(field);
            if new && column == "bin" {
                fields.push(Field::quantity(LEVEL, None).noted("what lies there today; blank: nothing yet"));
            }
        }
        let mut form = Form::new(fields);
        form.set_focus(usize::from(!new));
        CardDialog { kind, seen, form, begin: None, why: "" }
    }

    fn field(&self, label: &str) -> Option<(usize, &Field)> {
        self.form.fields.iter().enumerate().find(|(_, f)| f.label == label)
    }

    fn wanted(&self, look: &Look) -> Result<Card, Complaint> {
        let mut card = self.seen.clone();
        for (column, label, typed) in rows(self.kind) {
            let Some((at, field)) = self.field(label) else { continue };
            let text = match typed {
                Typed::Text | Typed::Code | Typed::Supplier | Typed::Bin => field.value().to_string(),
                Typed::Quantity => {
                    let q = field.qty().map_err(|s| Complaint::at(at, s))?;
                    q.map_or(String::new(), |q| q.to_string())
                }
                Typed::Money => {
                    let m = field.amount().map_err(|s| Complaint::at(at, s))?;
                    m.map_or(String::new(), |m| m.to_string())
                }
                Typed::Date => {
                    let d = field.day(look.today).map_err(|s| Complaint::at(at, s))?;
                    d.map_or(String::new(), |d| d.to_string())
                }
                Typed::Choice(all) => all.get(field.chosen()).map_or("", |c| c.1).to_string(),
            };
            card.set(column, &text);
        }
        // A name is needed, a number can follow from it.
        let (name, key) = (card.text("name").to_string(), card.text(kind_key(self.kind)).to_string());
        if name.is_empty() {
            let at = self.field("Name").map_or(0, |f| f.0);
            return Err(Complaint::at(at, format!("The {} needs a name.", self.kind.word())));
        }
        if key.is_empty() {
            if self.kind == Kind::Item {
                return Err(Complaint::at(0, "The item needs an SKU: the number on its label."));
            }
            card.set(kind_key(self.kind), &name);
        }
        Ok(card)
    }
}

fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Item => "sku",
        Kind::Customer => "customer",
        Kind::Supplier => "supplier",
    }
}

impl Dialog for CardDialog {
    fn title(&self) -> String {
        match self.seen.id {
            None => format!("New {}", self.kind.word()),
            Some(_) => format!(
                "Edit {}  {}  {}",
                self.kind.word(),
                self.seen.texts.first().cloned().unwrap_or_default(),
                self.seen.text("name")
            ),
        }
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn tight(&self) -> bool {
        true
    }
    fn matter(&self) -> Option<Matter> {
        let id = self.seen.id?;
        Some(match self.kind {
            Kind::Item => Matter::Item(ItemId(id)),
            Kind::Customer => Matter::Customer(CustomerId(id)),
            Kind::Supplier => Matter::Supplier(SupplierId(id)),
        })
    }
    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        let id = self.seen.id;
        let kind = self.kind;
        id.map(|id| Cmd::Load("card", Load::Entering(entering::Load::Card(kind, id)))).into_iter().collect()
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Entering(entering::Answer::Card(card)) = answer
            && !self.form.touched()
        {
            *self = CardDialog { begin: self.begin, ..CardDialog::of(*card) }.begun();
        }
        Vec::new()
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let words = match (self.seen.id, self.kind) {
            (None, Kind::Item) => "Saves the item. What lies there today comes in as its opening stock. Can be undone.",
            (None, _) => "Can be undone.",
            (Some(_), _) => "An emptied field is emptied. Can be undone.",
        };
        let words = format!("{}{}{words}", self.why, if self.why.is_empty() { "" } else { " " });
        text::wrap(&words, width).into_iter().map(|l| vec![Cell::plain(l)]).collect()
    }
    fn save(&self, look: &Look) -> Result<Write, Complaint> {
        let wanted = self.wanted(look)?;
        let mut level = None;
        if let Some((at, field)) = self.field(LEVEL) {
            let quantity = field.qty().map_err(|s| Complaint::at(at, s))?;
            level = quantity.map(|q| (wanted.text("bin").to_string(), q.to_string()));
        }
        Ok(Write::Entering(entering::Write::Card {
            seen: Box::new(self.seen.clone()),
            wanted: Box::new(wanted),
            level,
        }))
    }
}
