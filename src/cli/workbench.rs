//! `backshelf` without a command: the workbench.

use super::first_run::{self, Begun};
use super::{Context, Outcome, interactive};
use crate::domain::dates::DayOrder;
use crate::ops::settings::Settings;
use crate::store::{Failure, Mode, Result, Store};
use crate::tui::app::{Opening, Setting};
use crate::tui::run::{self, Screens};
use crate::tui::theme::Theme;
use crate::worker::Person;

pub fn run(context: &Context) -> Result<Outcome> {
    if !interactive() || std::env::var("TERM").is_ok_and(|term| term == "dumb") {
        return Err(Failure::usage("The workbench needs a terminal. `backshelf --help` lists what works without one."));
    }
    if context.db.exists() {
        drop(context.open(Mode::Existing)?); // what is wrong with the file is said before the screen changes
    }
    let mut screens = Screens::take()?;
    let Some(Begun { context, one_by_one }) = first_run::run(context, &mut screens)? else {
        return Ok(Outcome::Fine);
    };
    open(&context, context.open(Mode::Existing)?, screens, one_by_one)
}

/// Opens the workbench on this warehouse until the person leaves.
fn open(context: &Context, store: Store, screens: Screens, one_by_one: bool) -> Result<Outcome> {
    let settings = Settings::load(store.db())?;
    let mut theme = Theme::for_terminal(settings.text("screen.theme"), |name| std::env::var(name).ok());
    theme.ascii |= context.ascii;
    let setting = Setting {
        today: context.today(),
        as_of: context.clock.as_of().is_some(),
        operator: context.operator.clone(),
        warehouse: settings.text("warehouse.name").unwrap_or_default().to_string(),
        theme,
        mouse: settings.yes("screen.mouse"),
        day_order: if settings.value("locale") == "us" { DayOrder::MonthFirst } else { DayOrder::DayFirst },
        opening: Opening { not_known: one_by_one },
    };
    let person = Person { operator: context.operator.clone(), templates: super::paths::templates().ok() };
    let clock = context.clock;
    screens.workbench(setting, move |to| run::workers(store, clock, person, to))?;
    Ok(Outcome::Fine)
}
