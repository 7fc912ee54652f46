//! Counting: one screen, one field. Everything that stands on it is saved already.

use super::{Cmd, count_review};
use crate::domain::ids::{ItemId, SessionId};
use crate::domain::quantity::Qty;
use crate::tui::action::Action;
use crate::tui::scan_field::Line;
use crate::tui::scan_screen::{Came, ScanDesk, ScanScreen, keep, scanning, typed};
use crate::tui::table::Look;
use crate::tui::theme::Theme;
use crate::tui::views::count as view;
use crate::worker::counting::{self, Record, Standing};
use crate::worker::{self, Answer, Load};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// One person counting in one session.
pub struct Count {
    session: SessionId,
    pub(in crate::tui) standing: Option<Box<Standing>>,
    pub(in crate::tui) desk: ScanDesk,
}

impl Count {
    pub fn open(session: SessionId) -> Cmd {
        scanning(Count { session, standing: None, desk: ScanDesk::default() })
    }

    fn nothing_open(&self) -> bool {
        self.standing.as_ref().is_some_and(|s| s.bin.is_none() && s.above.is_none() && s.lines.is_empty())
    }

    fn review(&mut self) -> Vec<Cmd> {
        vec![Cmd::Close, Cmd::Open(Box::new(count_review::CountReview::new(self.session)))]
    }

    fn above(&self) -> Option<&counting::Upper> {
        self.standing.as_ref()?.above.as_ref()
    }
}

impl ScanScreen for Count {
    fn desk(&self) -> &ScanDesk {
        &self.desk
    }
    fn desk_mut(&mut self) -> &mut ScanDesk {
        &mut self.desk
    }
    fn work(&self) -> &'static str {
        "the count"
    }

    fn ask(&self) -> Cmd {
        Cmd::Load("standing", Load::Counting(counting::Load::Standing(self.session)))
    }

    fn takes(&mut self, line: &Line) -> Option<Vec<Cmd>> {
        (line.is_done() && self.desk.sent == 0 && self.nothing_open()).then(|| self.review())
    }

    fn line(&mut self, line: &Line) -> worker::Record {
        let Line { text, scanned, twice } = line.clone();
        worker::Record::Counting(Record::Enter { session: self.session, text, scanned, twice })
    }

    fn choose(&mut self, item: ItemId, pack: Qty) -> Vec<Cmd> {
        let record = Record::Choose { session: self.session, item, pack };
        keep(self, worker::Record::Counting(record))
    }

    fn unknown_above(&self) -> bool {
        self.above().is_some_and(|a| a.unknown)
    }

    fn act(&mut self, action: Action, _look: &Look) -> Vec<Cmd> {
        match action {
            Action::NoneHere => typed(self, "0"),
            Action::PlaceDone if self.nothing_open() => self.review(),
            Action::PlaceDone => typed(self, ".."),
            _ => Vec::new(),
        }
    }

    fn came(&mut self, answer: Answer, _look: &Look) -> Came {
        match answer {
            Answer::Counting(counting::Answer::Standing(standing)) if self.desk.sent == 0 => {
                self.standing = Some(standing);
                Came::Standing
            }
            Answer::Counting(counting::Answer::Told(told, standing)) => {
                self.standing = Some(standing);
                Came::Told(told, self.above().map(|a| a.name.clone()))
            }
            _ => Came::Standing,
        }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme, look: &Look) -> Option<Position> {
        view::draw(self, area, buf, theme, look)
    }
}
