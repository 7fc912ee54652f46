//! A refusal: the rules say no. One plain sentence for the person at the shelf, with what to do next.

use std::fmt;

/// Why the rules say no, in words for the person who asked, and what to do next. Not an error: nothing broke.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal(String);

impl Refusal {
    /// `sentence` says what is wrong and what to do, in the words of the screens.
    pub fn new(sentence: impl Into<String>) -> Refusal {
        Refusal(sentence.into())
    }
    pub fn sentence(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}
