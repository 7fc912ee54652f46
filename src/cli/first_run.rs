//! What the first run wishes, done: the sample made, a file looked at and brought in, the answers kept.

use super::{Context, clean_name, demo, login_name, machine, paths};
use crate::domain::delay::CustomerKind;
use crate::exchange::bring;
use crate::exchange::profile::Profile;
use crate::exchange::read::read;
use crate::exchange::table::Batch;
use crate::ops::beginning::{self, OldOrders};
use crate::ops::importing::{self, Options, Outcome};
use crate::ops::undo;
use crate::store::{Failure, Mode, Result, Store};
use crate::tui::first_run::{Answers, Asked, FirstRun, Looked, Of, Told, Wish};
use crate::tui::run::Screens;
use crate::tui::theme::Theme;
use crate::worker::bringing::{self, expanded};
use std::path::{Path, PathBuf};

/// Problems that the screen names.
const NAMED: usize = 8;

/// What the first run came to.
pub struct Begun {
    /// As the person chose: which file, which name.
    pub context: Context,
    /// The old orders are to be told one by one: the workbench opens there.
    pub one_by_one: bool,
    /// A sheet of the person's own layout: the workbench opens on its columns.
    pub bring: Option<PathBuf>,
}

/// Asks what has to be asked before the workbench opens; none: the person leaves. Nothing is asked where a warehouse is
/// there that was asked, is a sample, or was named with the command.
pub fn run(context: &Context, screens: &mut Screens) -> Result<Option<Begun>> {
    let mut begun = Begun { context: context.clone(), one_by_one: false, bring: None };
    let mut first = if context.db.exists() {
        if context.read_only || !Store::may_write(&context.db) {
            return Ok(Some(begun));
        }
        // Who names a file that others made knows it: a script, a second window, a benchmark. `: begin` has the same
        // questions. Asked first: what the questions are about takes all that waits.
        if context.db_given && !was_left_open(context)? {
            return Ok(Some(begun));
        }
        let (asked, left) = asked(context)?;
        match asked {
            None => return Ok(Some(begun)),
            Some(asked) => FirstRun::asking(&shown(&context.db), asked, left),
        }
    } else {
        FirstRun::new(&shown(&context.db))
    };
    let mut theme = Theme::for_terminal(None, |name| std::env::var(name).ok());
    theme.ascii |= context.ascii;
    let mut work = |wish: Wish, say: &mut dyn FnMut(&str)| {
        fulfil(&mut begun, wish, say).unwrap_or_else(|failure| Told::Sorry(failure.to_string()))
    };
    let ready = screens.first_run(&mut first, &theme, context.today(), &mut work)?;
    Ok(ready.then_some(begun))
}

/// What the questions are about, where this warehouse was never asked them; and what is here, where the first run made it
/// and ended before they were answered.
fn asked(context: &Context) -> Result<(Option<Asked>, Option<String>)> {
    let store = context.open(Mode::ReadOnly)?;
    if beginning::is_begun(store.db())? {
        return Ok((None, None));
    }
    let left = if beginning::was_left_open(store.db())? { Some(what_is_here(&store)?) } else { None };
    let old = beginning::old_orders(store.db(), context.today())?;
    Ok((Some(Asked { old, ..unasked(context) }), left))
}

/// The first run made this file and ended before its questions were answered.
fn was_left_open(context: &Context) -> Result<bool> {
    let store = context.open(Mode::ReadOnly)?;
    Ok(!beginning::is_begun(store.db())? && beginning::was_left_open(store.db())?)
}

fn what_is_here(store: &Store) -> Result<String> {
    let done = undo::list(store.db(), 1)?;
    let last = done.first().map_or("nothing yet".to_string(), |d| format!("the last was {}", d.summary));
    Ok(format!("The program ended before this was answered. All that was saved is here: {last}."))
}

/// The questions where no order is there yet.
fn unasked(context: &Context) -> Asked {
    Asked { country: country_of_language(), name: context.operator.clone(), ..Asked::default() }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn fulfil(begun: &mut Begun, wish: Wish, say: &mut dyn FnMut(&str)) -> Result<Told> {
    let context = begun.context.clone();
    Ok(match wish {
        Wish::Leave => Told::Sorry(String::new()),
        Wish::Sample => {
            let db = demo::usual(&context, &mut |done, all| {
                say(&format!("Making the sample: {done} of about {all} rows ..."));
            })?;
            begun.context.db = db;
            Told::Ready
        }
        Wish::Folder(folder, of) => Told::Folder(Box::new(bringing::before(folder, of == Of::Warehouses))),
        Wish::Look(path) => {
            let path = expanded(&path);
            if path.is_dir() {
                Told::Looked(look(&context, &path, say)?)
            } else {
                // A sheet is looked at in the workbench, column by column where nothing knows it; what cannot be read is
                // said here.
                say("Looking at it ...");
                let own = paths::profiles().ok();
                bring::look(&path, None, own.as_deref()).map_err(|e| Failure::usage(e.sentence()))?;
                let next = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                begun.bring = Some(path);
                match ask(&context)? {
                    Told::Ask(asked) => Told::Ask(Asked { next, ..asked }),
                    told => told,
                }
            }
        }
        Wish::BringIn(path) => {
            let (_, batch) = read_any(Path::new(&path), say)?;
            say("Bringing it in ...");
            let is_new = !context.db.exists();
            let mut store = context.open(Mode::Create)?;
            if is_new {
                beginning::made(&mut store, context.act("begin"))?;
            }
            let options = Options { skip_bad: true, dry_run: false };
            importing::import(&mut store, context.act("import"), batch, options, &mut |p| {
                if p.done % 4096 == 0 || p.done == p.total {
                    say(&format!("Bringing in {}: {} of {} ...", p.table.name().replace('_', " "), p.done, p.total));
                }
            })?;
            drop(store);
            ask(&context)?
        }
        Wish::Empty => ask(&context)?,
        Wish::Open(path) => {
            let path = std::path::absolute(expanded(&path)).map_err(|e| Failure::usage(e.to_string()))?;
            drop(Store::open(&path, Mode::ReadOnly)?);
            machine::change(|m| m.warehouse = Some(path.clone()))?;
            begun.context.db = path;
            ask(&begun.context)?
        }
        Wish::Answer(answers) => {
            begun.one_by_one = answers.old == Some(2);
            begun.context.operator = keep(&context, &answers)?;
            Told::Ready
        }
    })
}

fn ask(context: &Context) -> Result<Told> {
    if !context.db.exists() {
        return Ok(Told::Ask(unasked(context)));
    }
    Ok(asked(context)?.0.map_or(Told::Ready, Told::Ask))
}

/// Keeps the answers in the warehouse, made where it is missing; the name with the machine. Answers the name.
fn keep(context: &Context, answers: &Answers) -> Result<String> {
    let name = clean_name(&answers.name).unwrap_or_else(|| context.operator.clone());
    let second = answers.second_place.trim();
    let second = if second.is_empty() { String::new() } else { shown(&expanded(Path::new(second))) };
    if !second.is_empty() && !Path::new(&second).is_dir() {
        return Err(Failure::usage(format!(
            "There is no folder {second} now. Put the stick in or mount the folder, or leave it blank and say it later (: settings)."
        )));
    }
    let kept = beginning::Answers {
        mostly: if answers.customers == 0 { CustomerKind::Business } else { CustomerKind::Consumer },
        country: answers.country.clone(),
        old: answers.old.map(|old| if old == 1 { OldOrders::NotTold } else { OldOrders::Unknown }),
        second_place: second,
    };
    let mut store = context.open(Mode::Create)?;
    // What was set by command before is not taken away by a question that was left blank.
    let kept = kept.or_as_set(store.db())?;
    let act = crate::store::Act { operator: name.clone(), ..context.act("begin") };
    beginning::answer(&mut store, act, &kept)?;
    if name != login_name() {
        machine::change(|m| m.operator = Some(name.clone()))?;
    }
    Ok(name)
}

fn look(context: &Context, path: &Path, say: &mut dyn FnMut(&str)) -> Result<Looked> {
    let (recognised, batch) = read_any(path, say)?;
    say("Looking at it ...");
    // Against the warehouse that is there, else against an empty one.
    let mut store = if context.db.exists() { context.open(Mode::Existing)? } else { Store::in_memory()? };
    let options = Options { skip_bad: true, dry_run: true };
    let outcome = importing::import(&mut store, context.act("import"), batch, options, &mut |_| {})?;
    Ok(looked(&shown(path), recognised, &outcome))
}

fn looked(path: &str, recognised: String, outcome: &Outcome) -> Looked {
    let problems = &outcome.problems;
    let one_line = |p: &importing::Found| super::visible(&p.to_string().replace(['\n', '\r'], " "));
    let mut named: Vec<String> = problems.iter().take(NAMED).map(one_line).collect();
    if problems.len() > NAMED {
        named.push(format!("and {} more", problems.len() - NAMED));
    }
    Looked {
        path: path.to_string(),
        recognised,
        lines: outcome.lines(),
        rows: outcome.tables.values().map(|c| c.new + c.changed).sum(),
        bad: outcome.rows_with_problems(),
        problems: named,
    }
}

/// The rows of a folder: as plain tables, else by the first profile, the person's own before those that come
/// with the program, that finds something in it.
fn read_any(path: &Path, say: &mut dyn FnMut(&str)) -> Result<(String, Batch)> {
    let paths = [path.to_path_buf()];
    say("Reading ...");
    let plain = match read(&paths, None, &mut |_, _| {}) {
        Ok(batch) => return Ok((String::new(), batch)),
        Err(e) => e,
    };
    let own = paths::profiles().ok();
    let mut names: Vec<String> = own_profiles(own.as_deref());
    names.extend(Profile::shipped().into_iter().map(String::from));
    for name in names {
        let Ok(profile) = Profile::load(&name, own.as_deref()) else { continue };
        if let Ok(batch) = read(&paths, Some(&profile), &mut |_, _| {})
            && batch.tables.values().any(|rows| !rows.is_empty())
        {
            return Ok((name, batch));
        }
    }
    Err(Failure::usage(plain.sentence()))
}

fn own_profiles(folder: Option<&Path>) -> Vec<String> {
    let entries = folder.and_then(|f| std::fs::read_dir(f).ok()).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter_map(|e| e.file_name().to_str()?.strip_suffix(".toml").map(String::from)).collect();
    names.sort();
    names
}

/// The country in the machine's language (`nl_NL.UTF-8`), two letters; blank where it tells none.
fn country_of_language() -> String {
    let language =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
    country_in(&language.unwrap_or_default())
}

fn country_in(language: &str) -> String {
    let rest = language.split_once('_').map_or("", |(_, rest)| rest);
    let country: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    if country.len() == 2 { country.to_uppercase() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_country_is_read_from_the_language() {
        assert_eq!(country_in("nl_NL.UTF-8"), "NL");
        assert_eq!(country_in("C.UTF-8"), "");
        assert_eq!(country_in("en_GB"), "GB");
    }
}
