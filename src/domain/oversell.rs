//! How many of an item may be sold that are not there: its backorder policy and limit.

use super::quantity::Qty;

/// What may happen when more is ordered than is free. Blank in a file = allow.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Policy {
    /// Customers may wait, up to the limit where there is one.
    #[default]
    Allow,
    /// Nobody may wait: sold out is sold out.
    Deny,
    /// Sold before it is there, up to the limit where there is one.
    Preorder,
}

impl Policy {
    /// In the order of the dialog.
    pub const ALL: [Policy; 3] = [Policy::Allow, Policy::Deny, Policy::Preorder];
    /// The policy of that name; anything else allows.
    pub fn named(name: &str) -> Policy {
        match name {
            "deny" => Policy::Deny,
            "preorder" => Policy::Preorder,
            _ => Policy::Allow,
        }
    }
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Policy::Allow => "allow",
            Policy::Deny => "deny",
            Policy::Preorder => "preorder",
        }
    }
}

/// An item's terms for what is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Oversell {
    pub policy: Policy,
    /// The most that may wait; none: no limit.
    pub limit: Option<Qty>,
}

impl Oversell {
    /// The most that may wait; none: any number.
    pub fn most(self) -> Option<Qty> {
        if self.policy == Policy::Deny { Some(Qty::ZERO) } else { self.limit }
    }
    /// How many wait beyond what may.
    pub fn over(self, wait: Qty) -> Qty {
        self.most().map_or(Qty::ZERO, |most| (wait - most).or_zero())
    }
    /// `12 wait and 10 may`; none: within the limit.
    pub fn words(self, wait: Qty) -> Option<String> {
        self.over(wait).is_positive().then(|| match self.policy {
            Policy::Deny => format!("{wait} wait, and nobody may: sold out is sold out"),
            Policy::Preorder => format!("{wait} are ordered ahead and {} may", self.most().unwrap_or_default()),
            Policy::Allow => format!("{wait} wait and {} may", self.most().unwrap_or_default()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_policy_has_its_limit() {
        let q = Qty::units;
        let of = |policy, limit: Option<i64>| Oversell { policy, limit: limit.map(q) };
        for (terms, wait, over) in [
            (of(Policy::Allow, None), 99, 0),
            (of(Policy::Allow, Some(10)), 10, 0),
            (of(Policy::Allow, Some(10)), 12, 2),
            (of(Policy::Deny, None), 1, 1),
            (of(Policy::Deny, Some(10)), 3, 3),
            (of(Policy::Preorder, None), 50, 0),
            (of(Policy::Preorder, Some(8)), 9, 1),
        ] {
            assert_eq!(terms.over(q(wait)), q(over), "{terms:?}, {wait} wait");
            assert_eq!(terms.words(q(wait)).is_some(), over > 0);
        }
        assert_eq!(of(Policy::Preorder, Some(8)).words(q(9)).unwrap(), "9 are ordered ahead and 8 may");
        for policy in Policy::ALL {
            assert_eq!(Policy::named(policy.name()), policy);
        }
    }
}
