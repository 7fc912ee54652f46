//! By what an item is kept: the program's figure, another share of the demand, or a level of one's own.

use super::super::stock_dialogs::Doubt;
use super::dialogs::wrapped;
use crate::domain::purchase::lasts_too_long;
use crate::domain::quantity::Qty;
use crate::tui::form::{Field, Form};
use crate::tui::overlay::{Complaint, Dialog};
use crate::tui::screens::{Cmd, Line};
use crate::tui::table::Look;
use crate::tui::text;
use crate::worker::Write;
use crate::worker::reorder::{self, KeptBy, Reason, Target, percent};

const BY: usize = 0;
const SERVE: usize = 1;
const MIN: usize = 2;
const MAX: usize = 3;
const PROGRAM: i64 = 0;
const PROPOSED: i64 = 1;
const SHARE: i64 = 2;
const OWN: i64 = 3;

/// The dialog.
pub struct Level {
    target: Target,
    much: Doubt,
    form: Form,
}

impl Level {
    pub fn of(target: Target) -> Level {
        let (point, up_to) = (text::quantity(target.point), text::quantity(target.up_to));
        let by_program = match target.sells {
            true => format!("the program: order at or below {point}, up to {up_to}"),
            false => "the program: only for customers who wait, as nobody orders it".into(),
        };
        let mut options = vec![(PROGRAM, by_program)];
        if let Some(other) = target.other {
            let about = text::quantity(other.about);
            options.push((PROPOSED, format!("serve {} in 100: order at or below about {about}", percent(other.share))));
        }
        options.push((SHARE, "serve another share: typed below".into()));
        options.push((OWN, "your own min and max: typed below".into()));
        let proposed = match target.reason {
            Reason::Red | Reason::Blue if target.other.is_some() => PROPOSED,
            Reason::Fine if !target.is_typed() && target.share.is_none() => OWN,
            _ => PROGRAM,
        };
        let mut by = Field::list("Kept by", options.clone());
        by.choose(options.iter().position(|o| o.0 == proposed).unwrap_or(0));
        let proposed_own = |q: Qty| Some(q).filter(|_| target.sells);
        let share = target.share.or(target.other.map(|o| o.share)).map(percent).unwrap_or_else(|| "95".into());
        let fields = vec![
            by,
            Field::text("Serve", &share).noted("of 100 pieces asked for"),
            Field::quantity("Min", target.min.or(proposed_own(target.point))).noted("order at or below this"),
            Field::quantity("Max", target.max.or(proposed_own(target.up_to))).noted("up to this; may be blank"),
        ];
        let mut level = Level { target, much: Doubt::default(), form: Form::new(fields).saving_as("Accept") };
        level.arrange();
        level
    }

    fn by(&self) -> i64 {
        self.form.field(BY).and_then(Field::chosen_id).unwrap_or(PROGRAM)
    }

    fn arrange(&mut self) {
        let by = self.by();
        for (at, shown) in [(SERVE, by == SHARE), (MIN, by == OWN), (MAX, by == OWN)] {
            if let Some(field) = self.form.field_mut(at) {
                field.hidden = !shown;
            }
        }
    }

    fn chosen(&self) -> Result<KeptBy, Complaint> {
        let quantity = |at: usize| self.form.field(at).map_or(Ok(None), Field::qty).map_err(|e| Complaint::at(at, e));
        Ok(match self.by() {
            PROPOSED => self.target.other.map_or(KeptBy::Program, |o| KeptBy::Share(o.share)),
            SHARE => {
                let typed = self.form.field(SERVE).map(|f| f.value().trim().replace(',', ".")).unwrap_or_default();
                let share =
                    typed.trim_end_matches('%').trim().parse::<f64>().ok().filter(|s| (50.0..100.0).contains(s));
                let wrong = || Complaint::at(SERVE, "Type how many of 100 pieces are to be served: 90, 95, 99.5.");
                KeptBy::Share((share.ok_or_else(wrong)? * 10_000.0).round() as i64)
            }
            OWN => {
                let missing = || Complaint::at(MIN, "Type at which stock it is to be ordered; 0 is a level too.");
                KeptBy::Own { min: quantity(MIN)?.ok_or_else(missing)?, max: quantity(MAX)? }
            }
            _ => KeptBy::Program,
        })
    }
}

impl Dialog for Level {
    fn title(&self) -> String {
        format!("How much to keep  {}  {}", self.target.sku, self.target.name)
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn changed(&mut self, field: usize, _look: &Look) -> Vec<Cmd> {
        if field == BY {
            self.arrange();
        }
        Vec::new()
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped(&self.target.words(), width)
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let one = |q: Option<Qty>| q.map_or("a batch more".to_string(), text::quantity);
        let words = match self.chosen() {
            Ok(KeptBy::Program) => {
                "The program's figure is in force from now on, and follows what sells; a min and max of yours go."
                    .into()
            }
            Ok(KeptBy::Share(share)) => format!(
                "The program keeps what serves {} of 100 pieces at once; a min and max of yours go.",
                percent(share)
            ),
            Ok(KeptBy::Own { min, max }) => format!(
                "Ordered at or below {}, up to {}, until you change it: it does not follow what sells.",
                text::quantity(min),
                one(max)
            ),
            Err(complaint) => return wrapped(&complaint.sentence, width),
        };
        wrapped(&format!("{words} Can be undone."), width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        Ok(Write::Reorder(reorder::Write::Level { item: self.target.item, by: self.chosen()? }))
    }
    /// Every order goes up to a maximum: one far beyond what sells is asked about once.
    fn done(&mut self, look: &Look) -> Result<Vec<Cmd>, Complaint> {
        if let KeptBy::Own { min, max } = self.chosen()?
            && let most = max.unwrap_or(min)
            && most > self.target.up_to
            && let Some(words) = lasts_too_long(most, self.target.daily, self.target.cover_days)
        {
            let at = if max.is_some() { MAX } else { MIN };
            self.much.ask(at, format!("{words}: F8 again keeps so many."))?;
        }
        self.save(look).map(|write| vec![Cmd::Write(write)])
    }
}

/// The program's levels for several items at once, in place of typed ones: each stands beside what is kept now.
pub struct ProgramsLevels {
    targets: Vec<Target>,
    form: Form,
}

impl ProgramsLevels {
    pub fn of(targets: Vec<Target>) -> ProgramsLevels {
        let one = |q: Option<Qty>| q.map_or("-".to_string(), text::quantity);
        let words = |t: &Target| {
            let (point, up_to) = (text::quantity(t.point), text::quantity(t.up_to));
            let now = format!("{}/{}", one(t.min), one(t.max));
            let name = text::left(&text::fit(&t.name, 26), 26);
            format!("{} becomes {}  {name}", text::right(&now, 11), text::left(&format!("{point}/{up_to}"), 13))
        };
        let boxes = (0..).zip(&targets).map(|(n, t)| (n, words(t), true)).collect();
        let form = Form::new(vec![Field::boxes("Items", boxes).tall(12)]).saving_as("Accept");
        ProgramsLevels { targets, form }
    }

    fn ticked(&self) -> Vec<&Target> {
        let ticked = self.form.field(0).map(Field::ticked).unwrap_or_default();
        ticked.iter().filter_map(|at| self.targets.get(usize::try_from(*at).ok()?)).collect()
    }
}

impl Dialog for ProgramsLevels {
    fn title(&self) -> String {
        format!("By the program's levels  {}", text::plural(self.targets.len(), "item"))
    }
    fn form(&self) -> &Form {
        &self.form
    }
    fn form_mut(&mut self) -> &mut Form {
        &mut self.form
    }
    fn above(&self, width: usize, _look: &Look) -> Vec<Line> {
        wrapped(
            "Order at / up to, now and by the program. What is ticked goes by the program; Space takes a tick away.",
            width,
        )
    }
    fn below(&self, width: usize, _look: &Look) -> Vec<Line> {
        let count = text::plural(self.ticked().len(), "item");
        let words = "The program's figures follow what sells; a min and max of yours, and a share of its own, go. Can be undone.";
        wrapped(&format!("{count}. {words}"), width)
    }
    fn save(&self, _look: &Look) -> Result<Write, Complaint> {
        let items: Vec<_> = self.ticked().iter().map(|t| t.item).collect();
        if items.is_empty() {
            return Err(Complaint::at(0, "No item is ticked. Space ticks one."));
        }
        Ok(Write::Reorder(reorder::Write::Levels(items)))
    }
}
