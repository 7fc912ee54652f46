//! Stock: what do we have, where, and is it enough?

use super::carry::Carrying;
use super::pick::PickMenu;
use super::receive_menu::ReceiveMenu;
use super::{Badge, Cmd, DueLine, Line, Screen, Spoken, adjust, count_menu, stock_dialogs};
use crate::domain::ids::ItemId;
use crate::domain::stock::Trouble;
use crate::tui::action::{Action, Availability};
use crate::tui::entry::CardDialog;
use crate::tui::history::History;
use crate::tui::keymap::Scope;
use crate::tui::overlay::dialog;
use crate::tui::table::{List, Listing, Look, Want};
use crate::tui::text;
use crate::tui::views::frame::room_for_sentence;
use crate::tui::views::stock as view;
use crate::worker::entering::Kind;
use crate::worker::office::Whole;
use crate::worker::stock::{self, Edge, ItemDetail, Short, StockOrder, StockRow};
use crate::worker::{Answer, Load, bringing};

const VIEWS: &[&str] = &["trouble first", "all by SKU", "by bin", "value", "too much"];

/// The tab.
pub struct Stock {
    list: List<StockRow>,
    view: usize,
    filter: String,
    counts: Vec<i64>,
    /// Bins that the schedule wants counted today.
    due: usize,
    /// To be chosen when the page that holds it has come.
    wanted: Option<ItemId>,
    /// A page is on its way: the same edge is not asked twice.
    paging: bool,
    jump: Option<Want>,
    detail: Option<Box<ItemDetail>>,
    /// What is spelled nearly so, where nothing matches the filter.
    close: Option<String>,
    /// More items match than are shown.
    more: bool,
    /// New files of the inbox.
    inbox: Vec<String>,
}

impl Stock {
    pub fn new() -> Stock {
        Stock {
            list: List::new(view::COLUMNS),
            view: 0,
            filter: String::new(),
            counts: Vec::new(),
            due: 0,
            wanted: None,
            paging: false,
            jump: None,
            detail: None,
            close: None,
            more: false,
            inbox: Vec::new(),
        }
    }

    /// The view that is kept in memory as far as anybody reads it.
    fn short(&self) -> Option<Short> {
        match self.view {
            0 | 1 => None,
            2 => Some(Short::ByBin),
            3 => Some(Short::Value),
            _ => Some(Short::TooMuch),
        }
    }

    fn order(&self) -> Option<StockOrder> {
        match self.view {
            0 => Some(StockOrder::Trouble),
            1 => Some(StockOrder::Sku),
            _ => None,
        }
    }

    fn rows(&mut self) -> Vec<Cmd> {
        if !self.filter.is_empty() {
            return vec![Cmd::Load("matching", Load::Stock(stock::Load::Matching(self.filter.clone())))];
        }
        self.paging = false;
        let load = match (self.order(), self.short()) {
            (Some(order), _) => {
                // The list begins where it began, so that a refresh does not move the screen.
                match self.list.edges().0.filter(|_| self.list.loaded && self.wanted.is_none()) {
                    Some(first) if self.has_before() => stock::Load::Around { order, item: first.id },
                    _ => stock::Load::Page { order, edge: Edge::First },
                }
            }
            (None, short) => stock::Load::Short(short.unwrap_or(Short::ByBin)),
        };
        vec![Cmd::Load("rows", Load::Stock(load))]
    }

    fn has_before(&self) -> bool {
        self.list.edges_open().0
    }

    /// The detail, where it is the chosen row's.
    fn detail_of(&self, row: &StockRow) -> Option<&ItemDetail> {
        self.detail.as_deref().filter(|d| d.record.id == row.id)
    }

    /// What lies new in the inbox and how it is brought in, the wordiest first.
    fn waiting(&self) -> Vec<String> {
        match self.inbox.as_slice() {
            [] => vec![String::new()],
            [one] => {
                let name = text::fit(&crate::domain::text::visible(one), 24);
                vec![format!("  New: {name} (: import)"), "  1 new file (: import)".to_string()]
            }
            more => vec![format!("  {} new files (: import)", text::count(more.len()))],
        }
    }

    fn total(&self) -> i64 {
        self.counts.iter().sum()
    }

    fn needing_a_look(&self) -> i64 {
        Trouble::ALL.iter().zip(&self.counts).filter(|(t, _)| t.needs_a_look()).map(|(_, n)| n).sum()
    }

    fn paged(&mut self, edge: Edge, rows: Vec<StockRow>, more: bool) {
        self.paging = false;
        match edge {
            Edge::First => self.list.set_window(rows, false, more),
            Edge::Last => self.list.set_window(rows, more, false),
            Edge::After(..) => self.list.extend_after(rows, more),
            Edge::Before(..) => self.list.extend_before(rows, more),
            Edge::From(..) => self.list.set_window(rows, true, more),
        }
        match self.jump.take() {
            Some(Want::First) => {
                self.list.first();
            }
            Some(Want::Last) => {
                self.list.last();
            }
            _ => {}
        }
    }
}

impl Default for Stock {
    fn default() -> Stock {
        Stock::new()
    }
}

impl Screen for Stock {
    fn title(&self) -> &'static str {
        "Stock"
    }
    fn scope(&self) -> Scope {
        Scope::Stock
    }
    fn list(&self) -> &dyn Listing {
        &self.list
    }
    fn list_mut(&mut self) -> &mut dyn Listing {
        &mut self.list
    }
    fn badge(&self) -> Option<Badge> {
        None
    }

    fn sentence(&self, look: &Look) -> String {
        if !self.filter.is_empty() {
            return format!(
                "{}{} with \"{}\". Esc shows all {}.",
                if self.more { "The best " } else { "" },
                text::plural(self.list.len(), "item"),
                self.filter,
                text::count(self.total() as usize)
            );
        }
        let (total, needing) = (self.total() as usize, self.needing_a_look() as usize);
        let count = match self.due {
            0 => String::new(),
            n => format!("; {} to count today (c)", text::plural(n, "bin")),
        };
        if self.counts.is_empty() {
            return String::new();
        }
        let all = text::plural(total, "item");
        let day = match needing {
            _ if total == 0 => "No items yet".to_string(),
            0 if total == 1 => "The one item is fine".to_string(),
            0 => format!("All {all} are fine"),
            1 => format!("1 of {all} needs a look"),
            n => format!("{} of {all} need a look", text::count(n)),
        };
        // A new file is announced to its end: before it is cut, the bins to count are left to Today.
        let room = room_for_sentence(&self.view_words(), look);
        let files = self.waiting();
        let all = [count.as_str(), ""].into_iter().flat_map(|count| files.iter().map(move |f| (count, f)));
        let mut all = all.map(|(count, files)| format!("{day}{count}.{files}"));
        let first = all.next().unwrap_or_default();
        if text::width(&first) <= room || self.inbox.is_empty() {
            return first;
        }
        all.find(|words| text::width(words) <= room).unwrap_or(first)
    }

    fn views(&self) -> &'static [&'static str] {
        VIEWS
    }
    fn view(&self) -> usize {
        self.view
    }
    fn set_view(&mut self, view: usize, _look: &Look) -> Vec<Cmd> {
        self.view = view;
        self.filter.clear();
        self.list = List::new(view::COLUMNS);
        self.rows()
    }

    fn summary(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![
            Cmd::Load("counts", Load::Stock(stock::Load::Counts)),
            Cmd::Load("due", Load::Stock(stock::Load::DueCounts)),
            Cmd::Load("inbox", Load::Bringing(bringing::Load::Inbox)),
        ]
    }

    fn refresh(&mut self, _look: &Look) -> Vec<Cmd> {
        self.rows()
    }

    fn moved(&mut self, _look: &Look) -> Vec<Cmd> {
        let item = self.list.selected().map(|row| row.id);
        item.map(|item| Cmd::Load("detail", Load::Stock(stock::Load::Detail(item)))).into_iter().collect()
    }

    fn wanted(&mut self, want: Want, _look: &Look) -> Vec<Cmd> {
        let (Some(order), false) = (self.order(), self.paging && matches!(want, Want::Before | Want::After)) else {
            return Vec::new();
        };
        let key = |row: &StockRow| (row.trouble.number(), row.sku.clone());
        let edges = self.list.edges();
        let edge = match want {
            Want::First => Some(Edge::First),
            Want::Last => Some(Edge::Last),
            Want::After => edges.1.map(key).map(|(t, s)| Edge::After(t, s)),
            Want::Before => edges.0.map(key).map(|(t, s)| Edge::Before(t, s)),
        };
        let Some(edge) = edge else { return Vec::new() };
        if matches!(want, Want::First | Want::Last) {
            self.jump = Some(want);
        }
        self.paging = true;
        vec![Cmd::Load("rows", Load::Stock(stock::Load::Page { order, edge }))]
    }

    fn whole(&self) -> Option<Whole> {
        if !self.filter.is_empty() {
            return self.more.then(|| Whole::Matching(self.filter.clone()));
        }
        self.order().map(Whole::Stock).or(self.short().map(Whole::Short))
    }

    fn filter(&mut self, text: &str, _look: &Look) -> Vec<Cmd> {
        self.filter = text.trim().to_string();
        if self.filter.is_empty() {
            self.list = List::new(view::COLUMNS);
        }
        self.rows()
    }

    fn filtered_by(&self) -> &str {
        &self.filter
    }

    fn go_to(&mut self, id: i64, _look: &Look) -> Vec<Cmd> {
        self.filter.clear();
        if self.list.select(id) {
            return Vec::new();
        }
        self.wanted = Some(ItemId(id));
        let order = self.order().unwrap_or_else(|| {
            self.view = 1;
            StockOrder::Sku
        });
        vec![Cmd::Load("rows", Load::Stock(stock::Load::Around { order, item: ItemId(id) }))]
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Bringing(bringing::Answer::Inbox(names)) = answer {
            self.inbox = names;
            return Vec::new();
        }
        let Answer::Stock(answer) = answer else { return Vec::new() };
        match answer {
            stock::Answer::Page { edge, rows, more } => self.paged(edge, rows, more),
            stock::Answer::Around { item, rows, more } => {
                self.list.set_window(rows, true, more);
                if self.wanted.take().is_some() {
                    self.list.select(item.0);
                }
            }
            stock::Answer::Whole(rows) => self.list.set_rows(rows),
            stock::Answer::Matching { text, rows, more, close } => {
                if text == self.filter {
                    (self.more, self.close) = (more, close);
                    self.list.set_rows(rows);
                    self.list.first();
                }
            }
            stock::Answer::Counts(counts) => self.counts = counts,
            stock::Answer::DueCounts(bins) => self.due = bins,
            stock::Answer::Detail(detail) => self.detail = Some(detail),
            stock::Answer::OpenPoLines(_) | stock::Answer::Shipped(_) | stock::Answer::Tried(_) => {}
        }
        Vec::new()
    }

    fn availability(&self, action: Action) -> Availability {
        if matches!(action, Action::Receive | Action::Count | Action::Move | Action::Pick | Action::New) {
            return Availability::Ready;
        }
        Availability::when(self.list.selected().is_some(), "No item is chosen. Choose one with the arrow keys first.")
    }

    fn act(&mut self, action: Action, _look: &Look) -> Vec<Cmd> {
        if action == Action::Receive {
            return vec![Cmd::Open(Box::<ReceiveMenu>::default())];
        }
        if action == Action::New {
            return vec![dialog(CardDialog::new(Kind::Item))];
        }
        if action == Action::Pick {
            return vec![Cmd::Open(Box::<PickMenu>::default())];
        }
        let item = self.list.selected().and_then(|row| self.detail_of(row)).cloned();
        if action == Action::Count {
            return vec![count_menu::open(action, item)];
        }
        if action == Action::Move {
            return vec![Carrying::open(item.map(|i| i.record.id))];
        }
        let Some(item) = item else { return Vec::new() };
        vec![match action {
            Action::Adjust => dialog(adjust::Adjust::new(item)),
            Action::Edit => dialog(CardDialog::edit(Kind::Item, item.record.id.0)),
            Action::Note => dialog(stock_dialogs::Edit::noting(item)),
            Action::PlanRule => Cmd::Open(Box::new(super::reorder::planned::Page::of(item.record.id))),
            Action::History => Cmd::Open(Box::new(History::of_item(item.record.id))),
            _ => return Vec::new(),
        }]
    }

    fn spoken(&self, look: &Look) -> Option<Spoken> {
        self.list.selected().map(|row| view::spoken(row, self.detail_of(row), look))
    }

    fn pane(&self, width: usize, look: &Look) -> Vec<Line> {
        self.list.selected().map(|row| view::pane(row, self.detail_of(row), width, look)).unwrap_or_default()
    }

    fn empty(&self, _look: &Look) -> String {
        if !self.list.loaded {
            return String::new();
        }
        if !self.filter.is_empty() {
            let close = self.close.as_ref().map_or(String::new(), |c| format!("Close: {c}. "));
            let all = text::count(self.total() as usize);
            return format!("Nothing matches \"{}\". {close}Esc shows all {all}.", self.filter);
        }
        match self.view {
            4 => "No item has more than it needs.".into(),
            _ => "No items yet. Bring in your items and stock (: import), or type the first one (n).".into(),
        }
    }

    fn today(&self, _look: &Look) -> Vec<DueLine> {
        let Some(first) = self.inbox.first() else { return Vec::new() };
        let many = self.inbox.len() > 1;
        vec![DueLine {
            sign: '?',
            count: self.inbox.len(),
            what: if many { "files wait in the inbox" } else { "file waits in the inbox" }.into(),
            detail: text::fit(&crate::domain::text::visible(first), 24),
            place: ": import",
            tab: 0,
            row: None,
            action: Some(Action::Import),
        }]
    }

    fn code(&self) -> Option<String> {
        self.list.selected().map(|row| row.sku.clone())
    }
}
