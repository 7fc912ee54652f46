//! `backshelf` without a command: the workbench.

use super::{Context, Outcome, interactive};
use crate::domain::dates::DayOrder;
use crate::ops::settings::Settings;
use crate::store::{Failure, Mode, Result, Store};
use crate::tui::app::Setting;
use crate::tui::run;
use crate::tui::theme::Theme;
use crate::worker::Person;

pub fn run(context: &Context) -> Result<Outcome> {
    if !interactive() {
        return Err(Failure::usage("The workbench needs a terminal. `backshelf --help` lists what works without one."));
    }
    open(context, context.open(Mode::Create)?)
}

/// Opens the workbench on this warehouse until the person leaves.
pub fn open(context: &Context, store: Store) -> Result<Outcome> {
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
    };
    let person = Person { operator: context.operator.clone(), templates: super::paths::templates().ok() };
    let clock = context.clock;
    run::run(setting, move |to| run::workers(store, clock, person, to))?;
    Ok(Outcome::Fine)
}
