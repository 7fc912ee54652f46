//! The words that a customer or a supplier is sent or told: made from decisions, put into templates.
//!
//! - [`facts`]: what a message is about, and which sentences of legal effect it must carry.
//! - [`sentences`]: the sentences of one language, made by the program from the facts.
//! - [`template`]: one file of a person's words round them; checked before it is kept and again when it is used.
//! - [`shelf`]: which languages and templates there are: shipped ones and the person's own.
//! - [`supplier`]: orders and questions to suppliers, with templates of their own; no law speaks in them.
//! - [`written`]: a message as it goes out. A person may change it; the sentences of legal effect are put back.
//!
//! What is guaranteed of a notice under the `us` rule, and how: the program adds no offer ([`crate::domain::offer`]
//! answers none, and what a template calls `offer` is empty); a template for it that advertises is refused when it is
//! kept and not used if it was changed by hand ([`template::Template::check`]); and a text that a person changed is
//! refused before it is recorded or sent if its own lines hold one of the language's (and the English) advertising
//! words ([`written::Written::advertising`]). Words that no list names are the person's own responsibility.

pub mod facts;
pub mod sentences;
pub mod shelf;
pub mod supplier;
pub mod template;
pub mod written;

pub use facts::{Facts, Form, Group, Law};
pub use shelf::Shelf;
pub use written::{Row, Written};
