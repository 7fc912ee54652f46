//! All that is printed and is no list on the screen, in one place: which papers there are now, and what stands on each.
//!
//! - `calls`   the call list, as text and as a form with boxes to tick
//! - `labels`  labels with their bars

pub mod calls;
pub mod labels;

use super::counting::sheet as count_sheet;
use super::deliveries::{self, paper as put_aside};
use super::settings::Settings;
use super::views::{backorders, calls as calling, po, refunds};
use super::{picking, printing};
use crate::domain::ids::{DeliveryId, PickId, PoId, SessionId};
use crate::exchange::label::Label;
use crate::messages::supplier::Letter;
use crate::store::{Db, Failure, Result, counting, deliveries as arriving, po as orders};
use chrono::NaiveDate;
use std::path::{Path, PathBuf};

/// A kind of paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    #[default]
    CallList,
    PickList,
    PutAside,
    CountSheet,
    Order,
    Letters,
    BinLabels,
    ItemLabels,
    PoLabels,
    Commands,
}

impl Kind {
    /// In the order in which they are offered.
    pub const ALL: [Kind; 10] = [
        Kind::CallList,
        Kind::PickList,
        Kind::PutAside,
        Kind::CountSheet,
        Kind::Order,
        Kind::Letters,
        Kind::BinLabels,
        Kind::ItemLabels,
        Kind::PoLabels,
        Kind::Commands,
    ];

    /// Its words.
    pub fn name(self) -> &'static str {
        match self {
            Kind::CallList => "call list",
            Kind::PickList => "pick list",
            Kind::PutAside => "put-aside list",
            Kind::CountSheet => "count sheet",
            Kind::Order => "purchase order",
            Kind::Letters => "letters",
            Kind::BinLabels => "labels of bins",
            Kind::ItemLabels => "labels of items",
            Kind::PoLabels => "labels of expected POs",
            Kind::Commands => "sheet of commands",
        }
    }

    /// It has bars, which plain text has not.
    pub fn is_drawn(self) -> bool {
        matches!(self, Kind::BinLabels | Kind::ItemLabels | Kind::PoLabels | Kind::Commands)
    }
}

/// What is printed.
#[derive(Clone, PartialEq, Debug)]
pub enum Body {
    /// Lines; a form feed begins a page.
    Lines(Vec<String>),
    Labels(Vec<Label>),
}

/// A paper: what stands on top, and the rest.
#[derive(Clone, PartialEq, Debug)]
pub struct Paper {
    pub title: String,
    pub body: Body,
}

/// For whom and where it is made.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    pub operator: &'a str,
    pub today: NaiveDate,
    /// The folder of the person's own message templates.
    pub templates: Option<&'a Path>,
    /// The folder into which letters are written.
    pub letters: Option<&'a Path>,
}

/// The most that are offered of one kind.
const OFFERED: i64 = 500;
/// Lines of a page of the call list.
const PAGE: usize = 66;

/// The badge of a person, to cut out.
pub fn badge(name: &str, code: &str) -> Result<Paper> {
    let (title, detail) = (name.trim().to_string(), "badge".to_string());
    let (labels, _) = labels::printable(vec![Label { code: code.trim().to_string(), title, detail }])?;
    Ok(Paper { title: format!("Badge of {}", name.trim()), body: Body::Labels(labels) })
}

/// What there is of that kind now: a number for [`paper`], and its words. A kind of which there is one only has one row.
pub fn choices(db: &Db, kind: Kind, desk: Desk) -> Result<Vec<(i64, String)>> {
    let one = |words: &str| Ok(vec![(0, words.to_string())]);
    match kind {
        Kind::CallList => Ok(vec![(0, "who must hear from us today".into()), (1, "and who on a later day".into())]),
        Kind::PickList => {
            let row = |round: picking::Listed| {
                let began = round.head.started_at.format("%H:%M");
                (round.head.id.0, format!("{}, begun {began}, {} places", round.head.operator, round.places))
            };
            Ok(picking::open(db)?.into_iter().map(row).collect())
        }
        Kind::PutAside => {
            let row = |d: deliveries::Listed| (d.head.id.0, format!("{}, {} items", d.name, d.items));
            Ok(deliveries::to_finish(db)?.into_iter().map(row).collect())
        }
        Kind::CountSheet => {
            let row = |s: counting::Session| (s.id.0, format!("{}, {}", s.name, s.operator));
            Ok(counting::open_sessions(db)?.into_iter().map(row).collect())
        }
        Kind::Order => {
            let row = |po: orders::PoSummary| (po.po.0, format!("{}, {}", po.code, po.supplier_name));
            Ok(orders::list(db, None, true, OFFERED)?.into_iter().map(row).collect())
        }
        Kind::Letters => {
            let files = letters_of(desk.letters, desk.today)?;
            if files.is_empty() { Ok(Vec::new()) } else { Ok(vec![(0, format!("{} of today", files.len()))]) }
        }
        Kind::BinLabels => one("all bins"),
        Kind::ItemLabels => one("all items that are sold"),
        Kind::PoLabels if arriving::expected(db)?.is_empty() => Ok(Vec::new()),
        Kind::PoLabels => one("all that are expected"),
        Kind::Commands => one("take back, none here, bin done, the next scan counts 6, 12, 24"),
    }
}

/// A paper of that kind. `which` is a number of [`choices`]; `only` are the labels that are wanted by their codes, none:
/// all.
pub fn paper(db: &Db, kind: Kind, which: i64, only: &[String], desk: Desk) -> Result<Paper> {
    let lines = |title: String, text: String| {
        let lines = text.lines().map(String::from).collect();
        Ok(Paper { title, body: Body::Lines(lines) })
    };
    let labels = |found: Vec<Label>| {
        let (found, _) = labels::printable(found)?;
        Ok(Paper { title: kind.name().to_string(), body: Body::Labels(found) })
    };
    match kind {
        Kind::CallList => lines(format!("Call list {}", desk.today), call_list(db, which == 0, desk.today)?),
        Kind::PickList => {
            let spots = picking::spots(db, PickId(which))?;
            Ok(Paper { title: format!("Pick list {which}"), body: Body::Lines(picking::page(&spots)) })
        }
        Kind::PutAside => {
            let list = put_aside::of_delivery(db, DeliveryId(which))?;
            let title = format!("Put-aside list {which}");
            Ok(Paper { body: Body::Lines(put_aside::page(&list, &title)), title })
        }
        Kind::CountSheet => {
            let sheet = count_sheet::blind(db, SessionId(which))?;
            let named = counting::open_sessions(db)?.into_iter().find(|s| s.id.0 == which);
            let name = named.map_or(which.to_string(), |s| s.name);
            lines(format!("Count sheet {which}"), count_sheet::page(&name, &sheet))
        }
        Kind::Order => {
            let by = (desk.operator, desk.templates);
            let ready = po::letter(db, Letter::Order, &[PoId(which)], &po::About::default(), by, desk.today)?;
            Ok(Paper { title: ready.words.subject.clone(), body: Body::Lines(po::paper(&ready.words)) })
        }
        Kind::Letters => {
            let mut all = Vec::new();
            for path in letters_of(desk.letters, desk.today)? {
                let cannot = |e| Failure::refused(format!("{} cannot be read ({e}).", path.display()));
                let text = std::fs::read_to_string(&path).map_err(cannot)?;
                if !all.is_empty() {
                    all.push("\u{c}".to_string());
                }
                all.extend(text.lines().map(String::from));
            }
            if all.is_empty() {
                return Err(Failure::refused("There is no letter of today: write one with c on Backorders."));
            }
            Ok(Paper { title: format!("Letters {}", desk.today), body: Body::Lines(all) })
        }
        Kind::BinLabels => labels(labels::bins(db, only)?),
        Kind::ItemLabels => labels(labels::items(db, only)?),
        Kind::PoLabels => labels(labels::pos(db, only)?),
        Kind::Commands => labels(labels::commands()),
    }
}

/// Prints it, or writes it to a file that is not there yet; answers what became of it.
pub fn put(paper: &Paper, printer: &printing::Printer, folder: &Path, file: Option<&Path>) -> Result<String> {
    match (&paper.body, file) {
        (Body::Lines(lines), None) => printing::print(printer, &paper.title, lines, folder),
        (Body::Labels(labels), None) => printing::print_labels(printer, &paper.title, labels, folder),
        (Body::Lines(_), Some(path)) if !printing::is_paper(path) => {
            Err(Failure::usage("Let the name end in .pdf or .txt."))
        }
        (Body::Lines(lines), Some(path)) => {
            printing::to_file(path, &paper.title, lines).map(|()| format!("It is in {}", printing::place(path)))
        }
        (Body::Labels(labels), Some(path)) => printing::labels_to_file(path, labels)
            .map(|()| format!("{} labels in {}", labels.len(), printing::place(path))),
    }
}

/// The call list as a form to tick.
fn call_list(db: &Db, due: bool, today: NaiveDate) -> Result<String> {
    let settings = Settings::load(db)?;
    let terms = backorders::Terms::of(&settings);
    let list = calling::list(&backorders::load(db, &terms, today)?, &refunds::owed(db, &terms)?, due);
    let mut out = Vec::new();
    calls::form(&mut out, &list, settings.text("warehouse.name").unwrap_or("backshelf"), PAGE)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// The letters of that day, oldest first.
fn letters_of(folder: Option<&Path>, day: NaiveDate) -> Result<Vec<PathBuf>> {
    let Some(files) = folder.and_then(|folder| std::fs::read_dir(folder).ok()) else { return Ok(Vec::new()) };
    let day = day.to_string();
    let is_letter = |path: &PathBuf| {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(&day) && name.ends_with(".txt")
    };
    let mut found: Vec<PathBuf> = files.flatten().map(|f| f.path()).filter(is_letter).collect();
    found.sort();
    Ok(found)
}
