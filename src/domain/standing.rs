//! Whether one should still order from a supplier: ok, warn, block. By the person's own word for this supplier, else by
//! his grade and the house's settings; a supplier with too few orders to judge is never warned of by his grade.

use super::scorecard::Grade;

/// How a supplier stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Standing {
    #[default]
    Ok,
    /// A new PO is made, and the warning stands beside it.
    Warn,
    /// No new PO is made or sent.
    Block,
}

impl Standing {
    pub const ALL: [Standing; 3] = [Standing::Ok, Standing::Warn, Standing::Block];
    pub fn name(self) -> &'static str {
        match self {
            Standing::Ok => "ok",
            Standing::Warn => "warn",
            Standing::Block => "block",
        }
    }
    pub fn named(name: &str) -> Option<Standing> {
        Standing::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// From which grade down the house warns and blocks; none: never.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    pub warn: Option<Grade>,
    pub block: Option<Grade>,
}

/// A standing with its reason in words; empty where it is ok without anybody having said so.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judged {
    pub standing: Standing,
    pub why: String,
}

/// How a supplier stands. `own` is what a person said of this one, with the reason; `grade` is none where there are
/// too few orders to judge.
pub fn judge(own: Option<(Standing, Option<&str>)>, grade: Option<Grade>, limits: Limits) -> Judged {
    if let Some((standing, reason)) = own {
        let reason = reason.map(str::trim).filter(|r| !r.is_empty());
        let why = reason.map_or_else(|| format!("set to {} by hand", standing.name()), String::from);
        return Judged { standing, why };
    }
    let Some(grade) = grade else { return Judged::default() };
    let at_or_below = |limit: Option<Grade>| limit.is_some_and(|limit| grade >= limit);
    let standing = if at_or_below(limits.block) {
        Standing::Block
    } else if at_or_below(limits.warn) {
        Standing::Warn
    } else {
        return Judged::default();
    };
    Judged { standing, why: format!("grade {}", grade.letter()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_word_goes_before_the_grade() {
        let limits = Limits { warn: Some(Grade::C), block: Some(Grade::D) };
        let of = |own, grade| judge(own, grade, limits).standing;
        assert_eq!(of(None, Some(Grade::B)), Standing::Ok);
        assert_eq!(of(None, Some(Grade::C)), Standing::Warn);
        assert_eq!(of(None, Some(Grade::D)), Standing::Block);
        assert_eq!(of(None, None), Standing::Ok, "too few to judge");
        assert_eq!(of(Some((Standing::Ok, None)), Some(Grade::D)), Standing::Ok);
        assert_eq!(of(Some((Standing::Block, Some("no credit"))), Some(Grade::A)), Standing::Block);
        assert_eq!(judge(Some((Standing::Block, Some(" no credit "))), None, limits).why, "no credit");
        assert_eq!(judge(None, Some(Grade::D), Limits::default()), Judged::default());
    }
}
