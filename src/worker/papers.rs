//! Paper that is no list on the screen: what there is to print now, and printing it.

use super::office::{free, paper_folder, said, the_printer};
use super::{Desk, Lane};
use crate::ops::papers;
use crate::store::Failure;
use std::path::PathBuf;

pub use crate::ops::papers::Kind;

#[derive(Clone, Debug)]
pub enum Load {
    /// What there is of a kind.
    Choices(Kind),
    /// Prints one of them, or writes it to that file; of labels only those codes, none: all.
    Put { kind: Kind, which: i64, only: Vec<String>, to: Option<PathBuf> },
}

#[derive(Debug)]
pub enum Answer {
    Choices(Kind, Vec<(i64, String)>),
    /// It was printed or written, or why not.
    Done(Result<String, String>),
}

impl Load {
    pub fn lane(&self) -> Lane {
        Lane::Slow
    }
}

pub fn load(desk: &mut Desk, load: Load) -> Result<Answer, Failure> {
    let letters = desk.letters();
    let by = papers::Desk {
        operator: &desk.operator,
        today: desk.today(),
        templates: desk.templates.as_deref(),
        letters: letters.as_deref(),
    };
    let db = desk.store.db();
    Ok(match load {
        Load::Choices(kind) => Answer::Choices(kind, papers::choices(db, kind, by)?),
        Load::Put { kind, which, only, to } => {
            let put = || {
                to.as_deref().map_or(Ok(()), free)?;
                let paper = papers::paper(db, kind, which, &only, by)?;
                papers::put(&paper, &the_printer(desk)?, &paper_folder(desk), to.as_deref())
            };
            Answer::Done(said(put()))
        }
    })
}
