//! Delay rules: who must be told what, by when, and what silence means.
