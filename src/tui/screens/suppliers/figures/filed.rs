//! The figures of a supplier, or the cases behind one, as a list for a file or for paper.

use super::{FiguresPage, Told, effect, of, score};
use crate::domain::locale::{self, Locale};
use crate::tui::listed::Listed;
use crate::worker::office::Shown;
use crate::worker::suppliers::Case;

/// What is shown, as a file; nothing while it is being read.
pub(super) fn listed(page: &FiguresPage) -> Option<Listed> {
    let figures = page.figures.as_ref()?;
    let shown = locale::within(Locale::File, || match page.open {
        None => {
            let row = |told: Told| match told {
                Told::Score => vec!["score".into(), score(&figures.card), String::new()],
                Told::Of(figure) => {
                    let value = figure.value(&figures.card).unwrap_or_else(|| "no data".into());
                    vec![figure.words().into(), value, of(figure, figures)]
                }
            };
            Shown::of(vec!["figure", "value", "of"], page.told().into_iter().map(row).collect(), &[])
        }
        Some(Told::Score) => {
            let rows = figures.moved.iter().map(|m| {
                let mut row = case(&m.case);
                row.push(effect(m.points));
                row
            });
            let columns = COLUMNS.into_iter().chain(["points"]).collect();
            Shown::of(columns, rows.collect(), &["points"])
        }
        Some(Told::Of(_)) => Shown::of(COLUMNS.to_vec(), page.cases.iter().flatten().map(case).collect(), &[]),
    });
    Some(Listed::new(format!("figures of {}", page.name), shown))
}

const COLUMNS: [&str; 6] = ["on", "po", "line", "item", "good", "what"];

fn case(case: &Case) -> Vec<String> {
    let b = &case.behind;
    let good = match b.good {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    let name = case.item_name.clone();
    vec![b.on.to_string(), b.po_code.clone(), b.line_code.clone(), name, good.into(), b.says.clone()]
}
