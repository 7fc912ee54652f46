//! Making POs of lines, as drafts: with each supplier's minimum and the budget in view, and what to add or to leave out.

use super::super::stock_dialogs::{Doubt, too_much};
use super::Line;
use super::dialogs::wrapped;
use crate::domain::ids::SupplierId;
use crate::domain::money::Money;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::Cmd;
use crate::tui::screens::suppliers::draft::standing_words;
use crate::tui::table::{Cell, Look};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::views::reorder::against_minimum;
use crate::worker::reorder::{self, ReorderLine, Shown, ToOrder};
use crate::worker::suppliers::{self, Judged};
use crate::worker::{Answer, Load, Write};
use std::sync::Arc;

const LINES: usize = 0;
const MINIMUM: usize = 1;
const BUDGET: usize = 2;
/// Packs that are added to reach a minimum, at most.
const MOST_PACKS: usize = 2_000;

/// POs that are named one by one, and lines of boxes: on a low screen, where what is advised needs room too.
const PARTS: usize = 8;
const LOW_PARTS: usize = 3;
const BOXES: u16 = 8;
const LOW_BOXES: u16 = 4;

/// The screen has no room for everything.
fn is_low(look: &Look) -> bool {
    look.height < 30
}

/// The dialog.
pub struct MakeOrders {
    shown: Arc<Shown>,
    lines: Vec<ToOrder>,
    /// Whether one should order from them, once read.
    standings: Vec<(SupplierId, Judged)>,
    /// Places of the lines whose ticks the budget took away.
    left_out: Vec<i64>,
    /// What was asked once: more than the budget, or than sells.
    much: Doubt,
    form: Form,
}

/// What is ordered from one supplier.
struct Part {
    supplier: SupplierId,
    lines: usize,
    total: Money,
}

impl MakeOrders {
    pub fn of(shown: Arc<Shown>, places: Vec<usize>) -> MakeOrders {
        let (mut lines, mut boxes) = (Vec::new(), Vec::new());
        for line in places.iter().filter_map(|at| shown.board.lines.get(*at)) {
            let Some(d) = line.decided() else { continue };
            let Some(supplier) = d.supplier else { continue };
            let words = format!("{} {}", text::quantity(d.quantity), text::fit(&line.name, 40));
            boxes.push((lines.len() as i64, words, true));
            let seen = Some(line.position);
            lines.push(ToOrder { item: line.item, supplier, quantity: d.quantity, cost: d.each, seen });
        }
        let form = Form::new(vec![
            Field::boxes("Lines", boxes).tall(BOXES),
            Field::choice("Minimum", &["as it is", "fill up"], 0),
            Field::choice("Budget", &["order all", "keep within"], 0),
        ])
        .saving_as("Make");
        let mut dialog =
            MakeOrders { shown, lines, standings: Vec::new(), left_out: Vec::new(), much: Doubt::default(), form };
        dialog.arrange();
        dialog
    }

    /// What may be decided is there only where it makes a difference.
    fn arrange(&mut self) {
        let ticked = self.ticked();
        let short = self.parts(&ticked).iter().any(|p| self.missing(p).is_some());
        let over = !self.left_out.is_empty() || self.over(&ticked).is_some();
        for (at, shown) in [(MINIMUM, short), (BUDGET, over)] {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = !shown;
            }
        }
    }

    fn known(&self, line: &ToOrder) -> Option<&ReorderLine> {
        self.shown.board.lines.iter().find(|l| l.item == line.item)
    }

    fn ticked(&self) -> Vec<ToOrder> {
        let ticked = self.form.field(LINES).map(Field::ticked).unwrap_or_default();
        ticked.iter().filter_map(|at| self.lines.get(*at as usize)).copied().collect()
    }

    fn wants(&self, field: usize) -> bool {
        self.form.field(field).is_some_and(|f| !f.hidden && f.chosen() == 1)
    }

    /// What is ordered: what is ticked, filled up to the minimums where that is wanted.
    fn ordered(&self) -> Vec<ToOrder> {
        self.filled(self.ticked(), self.wants(MINIMUM))
    }

    fn filled(&self, mut lines: Vec<ToOrder>, fill: bool) -> Vec<ToOrder> {
        if fill {
            self.fill_up(&mut lines);
        }
        lines
    }

    /// Takes the ticks away of what the budget has no room for, so that the boxes say what is ordered.
    fn keep_within(&mut self) {
        let ticked = self.ticked();
        let left = self.within(ticked.clone());
        let gone = |line: &&ToOrder| !left.iter().any(|l| l.item == line.item);
        let gone: Vec<i64> = ticked.iter().filter(gone).filter_map(|l| self.place(l)).collect();
        self.tick(&gone, false);
        self.left_out.extend(gone);
    }

    /// What the budget had left out is ticked again.
    fn take_back(&mut self) {
        let gone = std::mem::take(&mut self.left_out);
        self.tick(&gone, true);
    }

    fn tick(&mut self, which: &[i64], on: bool) {
        if let Some(field) = self.form.field_mut(LINES) {
            field.set_ticks(which, on);
        }
    }

    fn place(&self, line: &ToOrder) -> Option<i64> {
        i64::try_from(self.lines.iter().position(|l| l.item == line.item)?).ok()
    }

    fn parts(&self, lines: &[ToOrder]) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for line in lines {
            let cost = line.cost.map_or(Money::ZERO, |c| c.times(line.quantity));
            match parts.iter_mut().find(|p| p.supplier == line.supplier) {
                Some(p) => (p.lines, p.total) = (p.lines + 1, p.total + cost),
                None => parts.push(Part { supplier: line.supplier, lines: 1, total: cost }),
            }
        }
        parts
    }

    /// What the order and the draft that it is added to lack to the supplier's minimum.
    fn missing(&self, part: &Part) -> Option<Money> {
        let minimum = self.shown.sellers.get(&part.supplier)?.min_order_value?;
        Some(minimum - self.with_draft(part)).filter(|m| *m > Money::ZERO)
    }

    fn with_draft(&self, part: &Part) -> Money {
        part.total + self.shown.draft_of(part.supplier).map_or(Money::ZERO, |d| d.value)
    }

    /// By how much the lines, filled up where that is wanted, go beyond what the drafts of the round have left of its
    /// budget.
    fn over(&self, lines: &[ToOrder]) -> Option<Money> {
        let budget = self.shown.board.budget?;
        let lines = self.filled(lines.to_vec(), self.wants(MINIMUM));
        let total: Money = self.parts(&lines).iter().map(|p| p.total).sum();
        Some(total + self.shown.drafted() - budget).filter(|over| *over > Money::ZERO)
    }

    /// Leaves out, one after the other, what takes the least risk away for its money, until the rest is within the budget.
    fn within(&self, mut lines: Vec<ToOrder>) -> Vec<ToOrder> {
        while self.over(&lines).is_some() {
            let worth = |line: &ToOrder| {
                let cost = line.cost?.times(line.quantity);
                let less = self.known(line)?.risk.unwrap_or(1.0);
                (cost > Money::ZERO).then(|| less / cost.as_f64())
            };
            let least = lines.iter().enumerate().filter_map(|(n, l)| Some((n, worth(l)?)));
            let Some((place, _)) = least.min_by(|a, b| a.1.total_cmp(&b.1)) else { break };
            lines.remove(place);
        }
        lines
    }

    /// Adds packs, each where it takes the most risk away for its money, until every minimum is reached. Nothing beyond
    /// a year's sales is added.
    fn fill_up(&self, lines: &mut [ToOrder]) {
        for part in self.parts(lines) {
            let Some(mut missing) = self.missing(&part) else { continue };
            let mut added: Vec<i32> = vec![0; lines.len()];
            for _ in 0..MOST_PACKS {
                let gain = |(n, l): (usize, &ToOrder)| {
                    let line = self.known(l).filter(|_| l.supplier == part.supplier)?;
                    let cost = l.cost?.times(line.pack);
                    let year = Qty::from_f64(line.daily * 365.0);
                    if cost <= Money::ZERO || line.position + l.quantity + line.pack > year {
                        return None;
                    }
                    // Each pack more takes the same share of what risk is left away.
                    let (now, more) = (line.risk_ordered.unwrap_or(0.0), line.risk_more.unwrap_or(0.0));
                    let left = if now > 0.0 { (more / now).clamp(0.0, 1.0) } else { 1.0 };
                    let less = now * (1.0 - left) * left.powi(*added.get(n)?);
                    Some((n, less / cost.as_f64(), cost, line.pack))
                };
                let best = lines.iter().enumerate().filter_map(gain).max_by(|a, b| a.1.total_cmp(&b.1));
                let Some((n, _, cost, pack)) = best else { break };
                if let (Some(line), Some(packs)) = (lines.get_mut(n), added.get_mut(n)) {
                    line.quantity += pack;
                    *packs += 1;
                }
                missing = missing - cost;
                if missing <= Money::ZERO {
                    break;
                }
            }
        }
    }

    /// What is missing to a minimum or over the budget, and what the choices below would do about it: a sentence each.
    fn advice(&self) -> Vec<String> {
        let ticked = self.ticked();
        let mut out = Vec::new();
        let mut filled = ticked.clone();
        self.fill_up(&mut filled);
        for part in self.parts(&ticked) {
            let Some(missing) = self.missing(&part) else { continue };
            let mine = |l: &&ToOrder| l.supplier == part.supplier;
            let more: Vec<String> = filled
                .iter()
                .filter(mine)
                .filter_map(|l| {
                    let before = ticked.iter().find(|t| t.item == l.item)?.quantity;
                    let name = text::fit(&self.known(l)?.name, 30);
                    (l.quantity > before).then(|| format!("{} more {name}", text::quantity(l.quantity - before)))
                })
                .collect();
            let name = self.shown.sellers.get(&part.supplier).map_or("", |s| s.name.as_str());
            let with = match (more.is_empty(), self.wants(MINIMUM)) {
                (true, _) => {
                    "nothing here can be added sensibly; wait for other lines (z), or order elsewhere (w)".into()
                }
                (_, true) => format!("filled up with {}", more.join(", ")),
                (_, false) => format!("{} would take the most risk away for it", more.join(", ")),
            };
            out.push(format!("{} is missing at {name}: {with}.", text::money(missing)));
        }
        out.extend(self.against_budget(&ticked));
        out
    }

    /// What a person says once more before it is ordered: lines up to a maximum of their own far beyond what sells, and
    /// more than the budget has room for. What was changed on the line itself was asked about there.
    fn doubts(&self) -> Option<String> {
        let ordered = self.ordered();
        let own_maximum = |l: &ToOrder| {
            let line = self.known(l).filter(|line| line.typed_max.is_some() && line.changed.is_none())?;
            let far =
                line.beyond_max.is_none().then(|| too_much(l.quantity, Some(line.daily), self.shown.cover_days))??;
            Some(format!("{}, up to your maximum: {far}", text::fit(&line.name, 30)))
        };
        ordered.iter().find_map(own_maximum).or_else(|| {
            let (over, budget) = (self.over(&self.ticked())?, self.shown.board.budget?);
            Some(format!("{} over the budget {}: F8 again orders it all.", text::money(over), text::money(budget)))
        })
    }

    /// What the budget leaves out, or what would be lost least without; none: there is room for all, or no budget.
    fn against_budget(&self, ticked: &[ToOrder]) -> Option<String> {
        let names = |lines: &mut dyn Iterator<Item = &ToOrder>| -> String {
            let name = |l: &ToOrder| Some(text::fit(&self.known(l)?.name, 24));
            lines.filter_map(name).collect::<Vec<_>>().join(", ")
        };
        let budget = self.shown.board.budget?;
        let of = match self.shown.drafted() {
            drafted if drafted > Money::ZERO => {
                format!("the budget {}, of which {} is in drafts", text::money(budget), text::money(drafted))
            }
            _ => format!("the budget {}", text::money(budget)),
        };
        let mut out = Vec::new();
        if !self.left_out.is_empty() {
            let gone = |at: &i64| self.lines.get(usize::try_from(*at).ok()?);
            let gone: Vec<&ToOrder> = self.left_out.iter().filter_map(gone).collect();
            let mut all: Vec<ToOrder> = ticked.to_vec();
            all.extend(gone.iter().map(|l| **l));
            let over =
                self.over(&all).map_or(String::new(), |over| format!("All is {} over {of}: ", text::money(over)));
            out.push(format!("{over}left out {}.", names(&mut gone.iter().copied())));
            if ticked.is_empty() {
                out.push("Nothing is left within the budget.".into());
            }
        }
        if let Some(over) = self.over(ticked) {
            let left = self.within(ticked.to_vec());
            let mut gone = ticked.iter().filter(|t| !left.iter().any(|l| l.item == t.item));
            out.push(format!("{} over {of}: least is lost without {}.", text::money(over), names(&mut gone)));
        }
        (!out.is_empty()).then(|| out.join(" "))
    }
}

impl Dialog for MakeOrders {
    fn title(&self) -> String {
        "Make POs, as drafts".into()
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
    fn opened(&mut self, look: &Look) -> Vec<Cmd> {
        if let Some(field) = self.form.field_mut(LINES).filter(|_| is_low(look)) {
            field.set_tall(LOW_BOXES);
        }
        let mut of: Vec<SupplierId> = self.lines.iter().map(|l| l.supplier).collect();
        of.sort_unstable();
        of.dedup();
        vec![Cmd::Load("standings", Load::Suppliers(suppliers::Load::Standings(of)))]
    }
    fn loaded(&mut self, _part: &'static str, answer: Answer, _look: &Look) -> Vec<Cmd> {
        if let Answer::Suppliers(suppliers::Answer::Standings(standings)) = answer {
            self.standings = standings;
        }
        Vec::new()
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if matches!(field, MINIMUM | BUDGET) {
            let keep = self.wants(BUDGET);
            self.take_back();
            self.arrange();
            if keep {
                self.keep_within();
            }
        } else {
            // Ticked again by hand: the person decides, and what that is over is said.
            let ticked = self.form.field(LINES).map(Field::ticked).unwrap_or_default();
            self.left_out.retain(|at| !ticked.contains(at));
        }
        self.arrange();
        if self.left_out.is_empty()
            && let Some(field) = self.form.field_mut(BUDGET)
        {
            field.choose(0);
        }
        Vec::new()
    }
    fn above(&self, width: usize, look: &Look) -> Vec<Line> {
        let ordered = self.ordered();
        let mut parts = self.parts(&ordered);
        // What lacks something is never among those that are not named.
        parts.sort_by_key(|p| self.missing(p).is_none());
        let total: Money = parts.iter().map(|p| p.total).sum();
        let what = format!("{} in all: {}", text::plural(ordered.len(), "line"), text::money(total));
        let mut out: Vec<Line> = vec![vec![Cell::with(what, Role::Title)]];
        let most = if is_low(look) { LOW_PARTS } else { PARTS.max(usize::from(look.height) / 3) };
        for part in parts.iter().take(most) {
            let seller = self.shown.sellers.get(&part.supplier);
            let head = match self.shown.draft_of(part.supplier) {
                Some(draft) => format!("added to {} ({})", draft.code, text::money(draft.value)),
                None => "new PO".into(),
            };
            let name = text::fit(seller.map_or("", |s| s.name.as_str()), (width / 3).max(12));
            let words = format!("{name}: {head}, {}, ", text::plural(part.lines, "line"));
            let role = if self.missing(part).is_some() { Role::Soon } else { Role::Normal };
            let against = against_minimum(self.with_draft(part), seller.and_then(|s| s.min_order_value));
            out.push(vec![Cell::with(words, Role::Title), Cell::with(against, role)]);
            let standing = self.standings.iter().find(|(id, _)| *id == part.supplier).map(|(_, judged)| judged);
            out.extend(standing.and_then(standing_words).into_iter().flat_map(|words| wrapped(&words, width)));
        }
        if parts.len() > most {
            let short = parts.iter().skip(most).filter(|p| self.missing(p).is_some()).count();
            let short =
                if short > 0 { format!(", {short} short of their minimum, named below") } else { String::new() };
            out.push(vec![Cell::plain(format!("and {} more{short}", text::plural(parts.len() - most, "PO")))]);
        }
        if !is_low(look) {
            out.extend(self.advice().into_iter().flat_map(|words| wrapped(&words, width)));
        }
        out
    }
    fn below(&self, width: usize, look: &Look) -> Vec<Line> {
        let lines = self.ordered();
        let total: Money = lines.iter().filter_map(|l| Some(l.cost?.times(l.quantity))).sum();
        let words = format!(
            "Makes {}, {}, on drafts: nothing is sent. They stand below the list, to be sent from there. Can be undone.",
            text::plural(lines.len(), "line"),
            text::money(total)
        );
        // On a low screen what is advised gives way to the figures, and is scrolled to.
        let advice = if is_low(look) { self.advice() } else { Vec::new() };
        advice.iter().chain([&words]).flat_map(|words| wrapped(words, width)).collect()
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let lines = self.ordered();
        if lines.is_empty() {
            return Err(Complaint::at(
                LINES,
                "No line is ticked, or none is left within the budget. Space ticks a line.",
            ));
        }
        let own = |l: &ToOrder| (l.item, self.known(l).and_then(|line| line.changed.as_ref()).map(|c| c.own));
        let seen = lines.iter().map(own).collect();
        Ok(Write::Reorder(reorder::Write::Order(lines, seen)))
    }
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        let write = self.save(look)?;
        if let Some(words) = self.doubts() {
            self.much.ask(if self.over(&self.ticked()).is_some() { BUDGET } else { LINES }, words)?;
        }
        Ok(vec![Cmd::Write(write)])
    }
}
