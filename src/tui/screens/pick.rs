//! Picking: which round; the list in the order of the bins, scanned or typed off; what is short; shipping order by order.

use super::count::Count;
use super::paper::Paper;
use super::{Cmd, Line as Words};
use crate::domain::ids::{ItemId, PickId};
use crate::domain::quantity::Qty;
use crate::tui::action::Action;
use crate::tui::form::{Field, Form};
use crate::tui::listed::Listed;
use crate::tui::overlay::{Complaint, Dialog, Help, Overlay, dialog, footer, moved, title};
use crate::tui::scan_field::Line;
use crate::tui::scan_screen::{Came, ScanDesk, ScanScreen, keep, scanning};
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::{Role, Theme};
use crate::tui::views::backorders::rows;
use crate::tui::views::pick as view;
use crate::worker::counting::{self, Scope, Wanted};
use crate::worker::picking::{self, Menu, Record, Ship, Spot, Standing, Which, nothing_picked};
use crate::worker::{self, Answer, Load, Write};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The choice of a round.
#[derive(Default)]
pub struct PickMenu {
    menu: Option<Menu>,
    cursor: usize,
    said: Option<String>,
    dropping: bool,
}

enum Choice {
    GoOn(PickId),
    Begin(Which),
}

impl PickMenu {
    fn rows(&self) -> Vec<(Choice, String, String)> {
        let Some(menu) = &self.menu else { return Vec::new() };
        let mut rows = Vec::new();
        for round in &menu.open {
            let began = round.head.started_at.format("%H:%M");
            let what = format!(
                "{} of {} done, by {}, {began}",
                round.done,
                text::plural(round.places, "place"),
                round.head.operator
            );
            rows.push((Choice::GoOn(round.head.id), format!("go on: round {}", round.head.id.0), what));
        }
        let comes_to = |(orders, places): (usize, usize)| match orders {
            0 => "none now".to_string(),
            n => format!("{}, {}", text::plural(n, "order"), text::plural(places, "place")),
        };
        rows.push((Choice::Begin(Which::Whole), "orders that lie here complete".into(), comes_to(menu.whole)));
        rows.push((Choice::Begin(Which::All), "all that lies here for somebody".into(), comes_to(menu.all)));
        rows
    }

    fn chosen(&self) -> Option<Choice> {
        self.rows().into_iter().nth(self.cursor).map(|r| r.0)
    }
}

impl Overlay for PickMenu {
    fn listed(&self, _look: &Look) -> Option<Listed> {
        self.menu.as_ref()?;
        let rows = self.rows().into_iter().map(|(_, name, what)| vec![name, what]).collect();
        Some(Listed::of("pick and ship", &["what", "how_much"], rows, &[]))
    }

    fn opened(&mut self, _look: &Look) -> Vec<Cmd> {
        vec![Cmd::Load("menu", Load::Picking(picking::Load::Menu))]
    }

    fn refreshed(&mut self, look: &Look) -> Vec<Cmd> {
        self.opened(look)
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Vec<Cmd> {
        let dropping = std::mem::take(&mut self.dropping);
        self.said = None;
        match (key.code, self.chosen()) {
            (KeyCode::Esc | KeyCode::F(3 | 12), _) => vec![Cmd::Close],
            (KeyCode::Char('?') | KeyCode::F(1), _) => vec![Cmd::Open(Box::new(Help::of_scan_field()))],
            (KeyCode::Char('p'), _) => vec![Cmd::Do(Action::File)],
            (KeyCode::Enter, Some(Choice::GoOn(pick))) => vec![Cmd::Close, Pick::open(pick)],
            (KeyCode::Enter, Some(Choice::Begin(which))) => {
                vec![Cmd::Record("begin", worker::Record::Picking(Record::Begin(which)))]
            }
            (KeyCode::Delete | KeyCode::Char('x'), Some(Choice::GoOn(_))) => {
                self.dropping = true;
                self.said = Some("F8 throws the round away: nothing moved, its lines may be picked in another.".into());
                Vec::new()
            }
            (KeyCode::F(8), Some(Choice::GoOn(pick))) if dropping => {
                vec![Cmd::Record("drop", worker::Record::Picking(Record::Drop(pick)))]
            }
            _ => {
                self.cursor = moved(self.cursor, self.rows().len(), key, look.height as usize / 2);
                Vec::new()
            }
        }
    }

    fn loaded(&mut self, _part: &'static str, answer: Answer, look: &Look) -> Vec<Cmd> {
        match answer {
            Answer::Picking(picking::Answer::Menu(menu)) => {
                self.menu = Some(menu);
                self.cursor = self.cursor.min(self.rows().len().saturating_sub(1));
                Vec::new()
            }
            Answer::Picking(picking::Answer::Begun(pick)) => vec![Cmd::Close, Pick::open(pick)],
            Answer::Picking(picking::Answer::Marked) => self.opened(look),
            _ => Vec::new(),
        }
    }

    fn refused(&mut self, sentence: &str) {
        self.said = Some(sentence.to_string());
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        title(area, buf, theme, "Pick and ship");
        let width = area.width as usize;
        let room = area.height.saturating_sub(7) as usize;
        let top = (self.cursor + 1).saturating_sub(room);
        for (n, (i, (_, name, what))) in self.rows().iter().enumerate().skip(top).take(room).enumerate() {
            let sign = if i == self.cursor { "▸" } else { " " };
            let line = format!("{sign} {}  {what}", text::left(name, 31.min(width / 2)));
            let role = if i == self.cursor { Role::Selected } else { Role::Normal };
            buf.set_string(
                area.x,
                area.y + 2 + n as u16,
                text::left(&text::clip(&line, width), width),
                theme.style(role),
            );
        }
        if let Some(said) = &self.said {
            let y = area.bottom().saturating_sub(3);
            buf.set_string(area.x + 1, y, text::clip(said, width.saturating_sub(2)), theme.style(Role::Urgent));
        }
        footer(area, buf, theme, "Enter opens   x throws a round away   p print, export   ? keys", "Esc back");
        None
    }
}

/// One person in one round.
pub struct Pick {
    pick: PickId,
    pub(in crate::tui) standing: Option<Box<Standing>>,
    pub(in crate::tui) desk: ScanDesk,
    pub(in crate::tui) cursor: usize,
    /// The person went to another place: figures are of it.
    chose: bool,
    /// A place was found short: what now?
    pub(in crate::tui) short: Option<Spot>,
    /// The line that went last, and the one that was asked about: the same again is meant so.
    last: String,
    asked: Option<String>,
    /// The place at which it was asked whether the person stands there.
    unsure: Option<i64>,
}

impl Pick {
    pub fn open(pick: PickId) -> Cmd {
        let (standing, desk) = (None, ScanDesk::default());
        let (last, asked, unsure) = (String::new(), None, None);
        scanning(Pick { pick, standing, desk, cursor: 0, chose: false, short: None, last, asked, unsure })
    }

    fn spot(&self) -> Option<&Spot> {
        self.standing.as_ref()?.spots.get(self.cursor)
    }

    fn none_here(&mut self) -> Vec<Cmd> {
        let bin = self.standing.as_ref().and_then(|now| now.bin);
        match self.spot().cloned() {
            // Short is said of a place where one stands: the next of the walk may be another bin.
            Some(spot) if bin != Some(spot.place.bin) && self.unsure.replace(spot.place.id) != Some(spot.place.id) => {
                let bin = &spot.place.bin_code;
                self.desk.warn(format!("Are you at {bin}? Scan {bin} first; or F9 again, if no more lies there."))
            }
            Some(spot) if spot.picked.quantity < spot.place.quantity && !spot.place.shipped => {
                let record = Record::Short { pick: self.pick, place: spot.place.id };
                self.short = Some(spot);
                keep(self, worker::Record::Picking(record))
            }
            _ => self.desk.warn("All of this place is picked: nothing is missing here. F2 takes the last one back."),
        }
    }

    /// Ships the order under the cursor, else the first that is picked to the end.
    fn ship(&mut self) -> Vec<Cmd> {
        let Some(now) = self.standing.as_ref() else { return Vec::new() };
        let ready = |order: &str| {
            let mut mine = now.spots.iter().filter(|s| s.place.order == order && !s.place.shipped).peekable();
            mine.peek().is_some() && mine.all(|s| s.left().is_zero())
        };
        let picked = |order: &str| {
            let mut mine = now.spots.iter().filter(|s| s.place.order == order && !s.place.shipped);
            mine.any(|s| s.picked.quantity.is_positive())
        };
        let here = self.spot().map(|s| s.place.order.clone()).filter(|order| ready(order));
        let done: Vec<&str> = now.spots.iter().map(|s| s.place.order.as_str()).filter(|order| ready(order)).collect();
        let first = done.iter().find(|order| picked(order)).map(|order| order.to_string());
        let empty = here.clone().or_else(|| done.first().map(|order| order.to_string()));
        let Some(order) = here.filter(|order| picked(order)).or(first) else {
            if let Some(order) = empty {
                return self.desk.warn(nothing_picked(&order));
            }
            return self.desk.warn("No order is picked to the end yet. F9 says that no more lies at a place.");
        };
        match self.desk.ask_doubled("F8 again ships") {
            Some(asked) => asked,
            None => vec![dialog(ShipPicked::new(self.pick, &order, &now.spots))],
        }
    }

    /// No printable key here: a scanner types digits too.
    fn short_key(&mut self, spot: &Spot, key: &KeyEvent) -> Option<Vec<Cmd>> {
        Some(match key.code {
            KeyCode::F(6) => count_bin(&spot.place.bin_code),
            KeyCode::F(4) => vec![Cmd::Close, Cmd::GoTo { tab: 1, id: rows::row_of(spot.place.line) }],
            KeyCode::Esc => {
                self.desk.said = Default::default();
                Vec::new()
            }
            _ => return None,
        })
    }

    /// The bin to count: of the place under the cursor, else of the first that was short.
    pub(in crate::tui) fn to_count(&self) -> Option<&str> {
        let now = self.standing.as_ref()?;
        let wanted = |spot: &&Spot| now.uncounted.contains(&spot.place.id);
        let spot = self.spot().filter(wanted).or_else(|| now.spots.iter().find(wanted))?;
        Some(&spot.place.bin_code)
    }

    /// What was just taken, or taken back.
    fn taken_since(&self, before: Option<&Standing>) -> Option<String> {
        let now = self.standing.as_ref()?;
        let old = |spot: &Spot| before?.spots.iter().find(|b| b.place.id == spot.place.id).map(|b| b.picked.quantity);
        now.spots.iter().find(|s| old(s) != Some(s.picked.quantity)).map(|s| s.place.name.clone())
    }

    /// The cursor goes to the next place of the walk.
    fn follow(&mut self) {
        self.chose = false;
        let Some(now) = self.standing.as_ref() else { return };
        let at = now.at.and_then(|id| now.spots.iter().position(|s| s.place.id == id));
        self.cursor = at.unwrap_or(self.cursor).min(now.spots.len().saturating_sub(1));
    }
}

fn count_bin(bin: &str) -> Vec<Cmd> {
    let wanted = Wanted { scope: Scope::Bins(bin.to_string()), name: format!("Short pick {bin}"), uid: None };
    vec![Cmd::Record("count", worker::Record::Counting(counting::Record::Begin(wanted)))]
}

impl ScanScreen for Pick {
    fn desk(&self) -> &ScanDesk {
        &self.desk
    }
    fn desk_mut(&mut self) -> &mut ScanDesk {
        &mut self.desk
    }
    fn work(&self) -> &'static str {
        "the round"
    }

    fn ask(&self) -> Cmd {
        Cmd::Load("standing", Load::Picking(picking::Load::Standing(self.pick)))
    }

    fn takes(&mut self, line: &Line) -> Option<Vec<Cmd>> {
        match line {
            line if line.is_done() => Some(self.ship()),
            line if line.is_none_here() => Some(self.none_here()),
            _ => None,
        }
    }

    fn line(&mut self, line: &Line) -> worker::Record {
        let about = self.spot().filter(|_| self.chose).map(|s| s.place.id);
        let sure = self.asked.take().is_some_and(|asked| asked == line.text && !line.scanned);
        self.last.clone_from(&line.text);
        let (pick, text, scanned) = (self.pick, line.text.clone(), line.scanned);
        worker::Record::Picking(Record::Enter { pick, text, scanned, about, sure })
    }

    /// The item is looked for in the list: what was taken of it is still to be scanned or typed.
    fn choose(&mut self, item: ItemId, _pack: Qty) -> Vec<Cmd> {
        let spots = self.standing.as_ref().map(|s| s.spots.as_slice()).unwrap_or_default();
        let open = spots.iter().position(|s| s.place.item == item && s.left().is_positive());
        match open.or_else(|| spots.iter().position(|s| s.place.item == item)) {
            Some(at) => {
                (self.cursor, self.chose) = (at, true);
                self.desk.said = Default::default();
                Vec::new()
            }
            None => self.desk.warn("That is not on this list."),
        }
    }

    fn goes_on(&mut self) {
        (self.short, self.unsure) = (None, None);
    }

    fn key(&mut self, key: &KeyEvent, look: &Look) -> Option<Vec<Cmd>> {
        if let Some(spot) = self.short.take()
            && let Some(cmds) = self.short_key(&spot, key)
        {
            return Some(cmds);
        }
        if key.code == KeyCode::F(6) {
            return Some(match self.to_count().map(count_bin) {
                Some(count) => count,
                None => self.desk.warn("No bin to count: F9 says first that no more lies at a place."),
            });
        }
        if !matches!(key.code, KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown) {
            return None;
        }
        let places = self.standing.as_ref().map_or(0, |s| s.spots.len());
        self.cursor = moved(self.cursor, places, key, look.height as usize / 2);
        (self.chose, self.asked, self.unsure) = (true, None, None);
        self.desk.said = Default::default();
        Some(Vec::new())
    }

    fn act(&mut self, action: Action, _look: &Look) -> Vec<Cmd> {
        match action {
            Action::NoneHere => self.none_here(),
            Action::NoteNumber => vec![Cmd::Open(Box::new(Paper::pick_list(self.pick)))],
            Action::PlaceDone => self.ship(),
            _ => Vec::new(),
        }
    }

    fn came(&mut self, answer: Answer, _look: &Look) -> Came {
        match answer {
            Answer::Counting(counting::Answer::Begun(session)) => Came::Other(vec![Count::open(session)]),
            Answer::Picking(picking::Answer::Standing(standing)) if self.desk.sent == 0 => {
                let first = self.standing.is_none();
                self.standing = Some(standing);
                if first || !self.chose {
                    self.follow();
                }
                Came::Standing
            }
            Answer::Picking(picking::Answer::Told(told, standing)) => {
                let before = self.standing.replace(standing);
                if told.asks {
                    self.asked = Some(self.last.clone());
                } else {
                    self.follow();
                }
                Came::Told(told, self.taken_since(before.as_deref()))
            }
            _ => Came::Standing,
        }
    }

    fn refused(&mut self, _sentence: &str) -> bool {
        self.short = None;
        false
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        view::draw(self, area, buf, theme, look)
    }
}

/// Shipping what was picked of one order.
struct ShipPicked {
    pick: PickId,
    order: String,
    customer: String,
    lines: Vec<(String, Qty, Qty)>,
    form: Form,
}

impl ShipPicked {
    fn new(pick: PickId, order: &str, spots: &[Spot]) -> ShipPicked {
        let mine: Vec<&Spot> = spots.iter().filter(|s| s.place.order == order && !s.place.shipped).collect();
        let lines = mine
            .iter()
            .map(|s| (format!("{} from {}", s.place.name, s.place.bin_code), s.picked.quantity, s.place.quantity))
            .collect();
        let form = Form::new(vec![
            Field::code("Number", "").noted("parcel or tracking number, typed or scanned"),
            Field::choice("It", &["1 leaves now", "2 was taken along"], 0),
            Field::choice("Told", &["1 not yet", "2 by mail", "3 by phone"], 0),
        ])
        .saving_as("Ship");
        let customer = mine.first().map(|s| s.place.customer_name.clone()).unwrap_or_default();
        ShipPicked { pick, order: order.to_string(), customer, lines, form }
    }
}

impl Dialog for ShipPicked {
    fn title(&self) -> String {
        format!("Ship {} to {}", self.order, self.customer)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Words> {
        let line = |(name, picked, wanted): &(String, Qty, Qty)| {
            let missing = if picked < wanted { format!(" of {}", text::quantity(*wanted)) } else { String::new() };
            let role = if picked < wanted { Role::Soon } else { Role::Normal };
            vec![Cell::with(text::clip(&format!("{:>7}{missing}  {name}", text::quantity(*picked)), width), role)]
        };
        let mut out: Vec<Words> = self.lines.iter().take(8).map(line).collect();
        if self.lines.len() > 8 {
            out.push(vec![Cell::plain(format!("        and {} more", self.lines.len() - 8))]);
        }
        out
    }
    fn below(&self, _width: usize, _look: &Look) -> Vec<Words> {
        let part = self.lines.iter().any(|(_, picked, wanted)| picked < wanted);
        let words = if part {
            "Saves: shipped what was picked; the rest still waits. Can be undone."
        } else {
            "Saves: shipped, out of the bins that it was picked from. Can be undone."
        };
        vec![vec![Cell::plain(words)]]
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let number = self.form.field(0).map(|f| f.value().trim().to_string()).filter(|n| !n.is_empty());
        let chosen = |at: usize| self.form.field(at).map_or(0, Field::chosen);
        let told = [None, Some("mail"), Some("phone")].get(chosen(2)).copied().flatten().map(String::from);
        let ship = Ship { order: self.order.clone(), number, told, handed_over: chosen(1) == 1 };
        Ok(Write::Picking(picking::Write::Ship { pick: self.pick, ship }))
    }
}
