//! `backshelf` without a command: the workbench.

use super::first_run::{self, Begun};
use super::{Context, Outcome, interactive, machine};
use crate::demo;
use crate::domain::locale::{self, Locale};
use crate::ops::morning::{self, Greeting, Window};
use crate::ops::people;
use crate::ops::printing::Kept;
use crate::ops::settings::Settings;
use crate::store::{Failure, Mode, Result, Store};
use crate::tui::app::{Opening, Setting};
use crate::tui::run::{self, Screens};
use crate::tui::scan;
use crate::tui::theme::Theme;
use crate::worker::{Person, presence};
use std::path::Path;
use std::path::PathBuf;

pub fn run(context: &Context) -> Result<Outcome> {
    if !interactive() || std::env::var("TERM").is_ok_and(|term| term == "dumb") {
        return Err(Failure::usage("The workbench needs a terminal. `backshelf --help` lists what works without one."));
    }
    let mode = |db: &Path| if context.read_only || !Store::may_write(db) { Mode::ReadOnly } else { Mode::Existing };
    if context.db.exists() {
        drop(Store::open(&context.db, mode(&context.db))?); // what is wrong with the file is said before the screen changes
    } else if context.read_only {
        return Err(Failure::usage(format!("There is no warehouse file at {} to read.", context.db.display())));
    }
    let keys = machine::use_keys()?;
    let mut screens = Screens::take()?;
    let Some(Begun { context, one_by_one, bring }) = first_run::run(context, &mut screens)? else {
        return Ok(Outcome::Fine);
    };
    let store = Store::open(&context.db, mode(&context.db))?; // a PIN is asked on the screen
    open(&context, store, screens, one_by_one, bring, keys)
}

/// Opens the workbench on this warehouse until the person leaves.
fn open(
    context: &Context,
    mut store: Store,
    screens: Screens,
    one_by_one: bool,
    bring: Option<PathBuf>,
    keys: Option<String>,
) -> Result<Outcome> {
    let settings = Settings::load(store.db())?;
    let mut theme = Theme::for_terminal(settings.text("screen.theme"), |name| std::env::var(name).ok());
    theme.ascii |= context.ascii;
    locale::set(Locale::named(settings.value("locale")));
    let everybody = people::list(store.db())?;
    let listed = everybody.iter().find(|p| p.name.eq_ignore_ascii_case(&context.operator));
    let operator = listed.map_or_else(|| context.operator.clone(), |p| p.name.clone());
    let mark = match store.is_read_only() {
        true => Some(crate::tui::app::READ_ONLY),
        false => settings.is_given(demo::TRAINING).then_some("TRAINING"),
    };
    let greeting = if store.is_read_only() {
        Greeting::default()
    } else {
        let (station, opened_at) = (presence::station(), context.clock.now());
        let window = Window { station, operator: operator.clone(), opened_at };
        morning::open(&mut store, &window, presence::has_ended)?
    };
    let setting = Setting {
        // Whose name has a PIN says it first; among people who are listed, a stranger says who he is.
        locked: listed.map_or(!everybody.is_empty(), |p| p.has_pin),
        lock_after: settings.lock_after(),
        scanner: scan::Mode::of_setting(settings.value("scanner.prefix")),
        today: context.today(),
        as_of: context.clock.as_of().is_some(),
        operator: operator.clone(),
        warehouse: settings.text("warehouse.name").unwrap_or_default().to_string(),
        theme,
        mouse: settings.yes("screen.mouse"),
        opening: Opening {
            not_known: one_by_one,
            bring,
            today_card: greeting.first_today,
            survived: greeting.survived.into_iter().chain(keys).reduce(|all, next| format!("{all} {next}")),
            mark,
            keep_key: Some(machine::keep_key),
        },
    };
    let person = Person {
        operator,
        templates: super::paths::templates().ok(),
        profiles: super::paths::profiles().ok(),
        printer: Some(Kept { read: super::print::printer, keep: super::print::keep }),
    };
    let clock = context.clock;
    screens.workbench(setting, move |to| run::workers(store, clock, person, to))?;
    Ok(Outcome::Fine)
}
