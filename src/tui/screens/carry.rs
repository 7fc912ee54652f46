//! Moving goods with the scanner: from which bin, what, into which bin. The second bin books it.

use super::Cmd;
use crate::domain::ids::ItemId;
use crate::domain::quantity::Qty;
use crate::tui::action::Action;
use crate::tui::scan_field::Line;
use crate::tui::scan_screen::{Came, ScanDesk, ScanScreen, keep, scanning, typed};
use crate::tui::table::Look;
use crate::tui::theme::Theme;
use crate::tui::views::carry as view;
use crate::worker::carrying::{Record, Standing};
use crate::worker::{self, Answer};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The screen.
pub struct Carrying {
    item: Option<ItemId>,
    pub(in crate::tui) standing: Standing,
    pub(in crate::tui) desk: ScanDesk,
}

impl Carrying {
    /// At the bin of an item, where one is chosen.
    pub fn open(item: Option<ItemId>) -> Cmd {
        scanning(Carrying { item, standing: Standing::default(), desk: ScanDesk::default() })
    }

    fn above(&self) -> Option<String> {
        let now = &self.standing;
        now.hand.iter().find(|h| Some(h.item) == now.above).map(|h| h.name.clone())
    }
}

impl ScanScreen for Carrying {
    fn desk(&self) -> &ScanDesk {
        &self.desk
    }
    fn desk_mut(&mut self) -> &mut ScanDesk {
        &mut self.desk
    }
    fn work(&self) -> &'static str {
        "the move"
    }

    /// Asked as a record, in the order of the scans: none may overtake it.
    fn ask(&self) -> Cmd {
        Cmd::Record("line", worker::Record::Carrying(Record::Begin(self.item)))
    }

    /// Nobody else's work changes what is in these hands.
    fn ask_again(&self) -> Option<Cmd> {
        None
    }

    fn line(&mut self, line: &Line) -> worker::Record {
        worker::Record::Carrying(Record::Enter { text: line.text.clone(), scanned: line.scanned })
    }

    fn choose(&mut self, item: ItemId, _pack: Qty) -> Vec<Cmd> {
        keep(self, worker::Record::Carrying(Record::Choose(item)))
    }

    fn act(&mut self, action: Action, _look: &Look) -> Vec<Cmd> {
        match action {
            Action::NoneHere => typed(self, "0"),
            _ => Vec::new(),
        }
    }

    fn came(&mut self, answer: Answer, _look: &Look) -> Came {
        let Answer::Carrying(answer) = answer else { return Came::Standing };
        self.standing = answer.standing;
        Came::Told(answer.told, self.above())
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, _look: &Look) -> Option<Position> {
        Some(view::draw(self, area, buf, theme))
    }
}
