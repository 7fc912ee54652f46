//! What a person decides about a mail: each an operation that can be taken back.

use super::{MailRow, State, WAIT};
use crate::domain::dates;
use crate::domain::ids::{MailId, OperationId};
use crate::ops::{perform, undo};
use crate::store::outbox::{self as store, Change};
use crate::store::{Act, Db, Done, Failure, Result, Store, Tx};

/// What may be done about a mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// It leaves at once instead of waiting.
    Now,
    /// It is sent again, the same bytes with the same Message-ID: a reader that got it shows it once.
    Again,
    /// A person knows that it arrived.
    Confirm,
    /// A person saw it come back: the customer counts as not told.
    Bounced,
    /// The operation that sends it is taken back, the talk with it.
    TakeBack,
}

/// Whether the step makes sense for a mail in this state; else the sentence why not.
pub fn may(mail: &MailRow, step: Step) -> std::result::Result<(), String> {
    if mail.taken_back {
        return Err("This mail was taken back: it never leaves.".into());
    }
    let here = matches!(mail.state, State::Waiting | State::Retry);
    let (fits, why) = match step {
        Step::Now => (here, "Only a mail that waits can be sent now."),
        Step::TakeBack => (here || mail.state == State::Claimed, "This mail has left: it cannot be taken back."),
        Step::Again => (
            matches!(mail.state, State::Failed | State::Unknown),
            "Only a mail that failed, or of which nobody knows whether it arrived, is sent again.",
        ),
        Step::Confirm => (mail.state == State::Unknown, "Whether this mail arrived is no question."),
        Step::Bounced => (
            matches!(mail.state, State::Sent | State::Confirmed | State::Unknown),
            "Only a mail that has left can have come back.",
        ),
    };
    if fits { Ok(()) } else { Err(why.into()) }
}

/// Does the step with the mail as it stands now.
pub fn step(store: &mut Store, act: Act, mail: MailId, step: Step) -> Result<Done<()>> {
    if step == Step::TakeBack {
        let row = find(store.db(), mail)?;
        may(&row, step).map_err(Failure::refused)?;
        let operation = sent_by(store.db(), &row)?;
        return undo::undo(store, act, operation);
    }
    perform(store, act, |tx| {
        let row = find(tx, mail)?;
        may(&row, step).map_err(Failure::refused)?;
        change(tx, &row, step)
    })
}

fn change(tx: &mut Tx, row: &MailRow, step: Step) -> Result<()> {
    let (now, today) = (tx.act().now, tx.act().today);
    let whom = row.to_name.clone().unwrap_or_else(|| row.recipient.clone());
    let (change, sentence) = match step {
        Step::Now | Step::TakeBack => (Change::due(now), format!("the mail to {whom} leaves now")),
        Step::Again => {
            if let Some(quoted) = store::quoted_for(tx, row.id)?.filter(|quoted| *quoted < today) {
                return Err(Failure::refused(format!(
                    "This mail names {}, which has passed. Write a new one, or call (c).",
                    dates::short(quoted, today)
                )));
            }
            (Change::again(now + WAIT, today), format!("the mail to {whom} is sent again"))
        }
        Step::Confirm => (Change::to(State::Confirmed), format!("the mail to {whom} arrived")),
        Step::Bounced => {
            (Change::to(State::Bounced), format!("the mail to {whom} came back; tell the customer otherwise"))
        }
    };
    store::change(tx, row.id, &change)?;
    tx.summarise(sentence);
    Ok(())
}

fn find(db: &Db, mail: MailId) -> Result<MailRow> {
    store::find(db, mail)?.ok_or_else(|| Failure::refused("This mail is no longer in the file. Read again (F5)."))
}

/// The operation that sends it: the last that had it sent again and stands, else the one that queued it.
fn sent_by(db: &Db, mail: &MailRow) -> Result<OperationId> {
    Ok(store::sent_again_by(db, mail.id)?.unwrap_or(mail.operation))
}
