//! What the tab's keys do.

use super::super::suppliers::book::Page;
use super::super::suppliers::draft::NewLine;
use super::seller::{AddSeller, Goods};
use super::why::Why;
use super::{Cmd, Reorder, deciding, dialogs, level, making, planned};
use crate::tui::action::Action;
use crate::tui::overlay::dialog;
use crate::tui::screens::Screen;
use crate::tui::table::{Listing, Look};
use crate::tui::views::reorder::{LAST_YEAR, LEVELS};
use crate::worker::reorder::Target;

impl Reorder {
    /// What a key does: it opens a dialog, a page or another view.
    pub(super) fn deed(&mut self, action: Action, look: &Look) -> Vec<Cmd> {
        let Some(shown) = self.shown.clone() else { return Vec::new() };
        if action == Action::New {
            let of_row = self.list.selected().and_then(|row| self.line_of(row));
            let of_row = of_row.and_then(|(_, line)| {
                let decided = self.decision(line).and_then(|d| d.supplier);
                Some((decided.or(line.supplier)?, line.item))
            });
            return match of_row {
                Some((supplier, item)) => {
                    let known = shown.sellers.values().map(|s| (s.id.0, s.name.clone())).collect();
                    vec![dialog(NewLine::start_with(known, supplier, item))]
                }
                // It is made where the suppliers are.
                None => vec![Cmd::Do(Action::Tab(2)), Cmd::Do(Action::New)],
            };
        }
        if action == Action::Inherit {
            let sku = self.list.selected().filter(|row| row.later.is_none() && !row.draft).map_or("", |row| &row.sku);
            return vec![dialog(deciding::Inherit::of(sku))];
        }
        if action == Action::PlanRule {
            return self.item().map(|item| Cmd::Open(Box::new(planned::Page::of(item)))).into_iter().collect();
        }
        if action == Action::PlanAnew {
            let mut cmds = Self::ask_plan(self.planning.begin_at_once(shown.board.of_day.is_some()));
            cmds.push(Cmd::Notice("The levels are being worked out now.".into()));
            return cmds;
        }
        if action == Action::LastYear {
            let from = if self.view == LAST_YEAR { self.came_from } else { (self.view, self.list.selected_id()) };
            let cmds = self.set_view(LAST_YEAR, look);
            self.came_from = from;
            return cmds;
        }
        if action == Action::ProgramLevel && self.view == LAST_YEAR {
            let way = self.replay.done().map(|replayed| deciding::Way::of(shown.blended, replayed.blend_is_better));
            return way.map(dialog).into_iter().collect();
        }
        if action == Action::ProgramLevel && self.view == LEVELS && !self.list.marked().is_empty() {
            let marked = self.list.marked();
            let targets: Vec<Target> = self.targets.iter().filter(|t| marked.contains(&t.item.0)).cloned().collect();
            return vec![dialog(level::ProgramsLevels::of(targets))];
        }
        if action == Action::ProgramLevel {
            return self.target().cloned().map(|target| dialog(level::Level::of(target))).into_iter().collect();
        }
        if let Some(item) = self.to_count().filter(|_| action == Action::Ask) {
            return vec![Cmd::GoTo { tab: 0, id: item.0 }, Cmd::Do(Action::Count)];
        }
        if action == Action::Ask || action == Action::MakeOrders && self.list.marked().is_empty() && self.po().is_some()
        {
            let page = self.any_po().map(|(po, code)| Cmd::Open(Box::new(Page::new(po, &code))));
            return page.into_iter().collect();
        }
        if let Some(later) = self.put_off().filter(|_| action == Action::LineLater) {
            return vec![dialog(dialogs::Again::of(later.clone(), shown.board.today))];
        }
        let targets = self.targets();
        let Some(line) = targets.first().and_then(|at| shown.board.lines.get(*at)).cloned() else { return Vec::new() };
        vec![match action {
            Action::MakeOrders => dialog(making::MakeOrders::of(shown, self.to_order())),
            Action::Edit => {
                let Some(now) = self.decision(&line).or_else(|| line.proposed()) else { return Vec::new() };
                dialog(dialogs::Change::of(line, now, shown.cover_days))
            }
            Action::OtherSupplier => {
                let Some(choices) = self.detail_of(&line).map(|d| d.choices.clone()) else { return Vec::new() };
                let sold_by: Vec<i64> = choices.iter().map(|c| c.supplier.0).collect();
                let add = AddSeller::of(Goods::from(&line), shown.sellers.values(), &sold_by);
                match choices.iter().any(|c| !c.current) {
                    true => dialog(dialogs::OtherSupplier::of(line, choices, add)),
                    false => dialog(add),
                }
            }
            Action::LineLater | Action::DropLine => {
                let lines = targets.iter().filter_map(|at| shown.board.lines.get(*at)).cloned().collect();
                dialog(dialogs::PutOff::of(lines, action == Action::DropLine, shown.board.today))
            }
            Action::Serves => {
                let Some(detail) = self.detail_of(&line).cloned() else { return Vec::new() };
                let now = self.decision(&line);
                Cmd::Open(Box::new(Why::of(line, now, detail).at_orders()))
            }
            Action::Project => {
                let Some(large) = self.detail_of(&line).and_then(|d| d.why.spike.clone()) else { return Vec::new() };
                dialog(deciding::Project::of(large))
            }
            _ => return Vec::new(),
        }]
    }
}
