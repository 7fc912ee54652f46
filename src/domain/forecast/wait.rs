//! How long the stock must last.

/// How long the stock must last: probabilities of whole buckets, until the goods arrive, and until the next order after
/// that one could arrive.
#[derive(Clone, PartialEq, Debug)]
pub struct Wait {
    /// `lead[l]`: probability that the lead time is `l` buckets.
    pub(super) lead: Vec<f64>,
    /// `cover[h]`: probability that lead time and review together are `h` buckets.
    pub(super) cover: Vec<f64>,
}

impl Wait {
    /// A fixed lead time and review, in buckets.
    pub fn fixed(lead: f64, review: f64) -> Wait {
        Wait::random(&[(lead, 1.0)], review)
    }

    /// Lead times with weights, in buckets (need not be whole: such a time is split between its neighbours so that the
    /// mean is kept). Nonsense counts as no wait; weights are scaled to 1.
    pub fn random(leads: &[(f64, f64)], review: f64) -> Wait {
        let total: f64 = leads.iter().map(|l| l.1.max(0.0)).sum();
        let mut wait = Wait { lead: Vec::new(), cover: Vec::new() };
        let review = if review.is_finite() { review.clamp(0.0, 500.0) } else { 0.0 };
        if total > 0.0 {
            for &(lead, weight) in leads {
                let lead = if lead.is_finite() { lead.clamp(0.0, 500.0) } else { 0.0 };
                spread(&mut wait.lead, lead, weight.max(0.0) / total);
                spread(&mut wait.cover, lead + review, weight.max(0.0) / total);
            }
        } else {
            spread(&mut wait.lead, 0.0, 1.0);
            spread(&mut wait.cover, review, 1.0);
        }
        wait
    }

    /// The same where more or less sells meanwhile than usual: time that counts `lead` and `cover` times.
    pub fn stretched(&self, lead: f64, cover: f64) -> Wait {
        let stretch = |cells: &[f64], factor: f64| {
            let mut out = Vec::new();
            for (at, weight) in cells.iter().enumerate().filter(|c| *c.1 > 0.0) {
                spread(&mut out, (at as f64 * factor.clamp(0.05, 20.0)).min(1000.0), *weight);
            }
            out
        };
        Wait { lead: stretch(&self.lead, lead), cover: stretch(&self.cover, cover) }
    }

    /// Mean of lead time and review together, in buckets.
    pub fn mean_cover(&self) -> f64 {
        mean_of(&self.cover)
    }
}

fn spread(cells: &mut Vec<f64>, at: f64, weight: f64) {
    let low = at.floor();
    let part = at - low;
    let low = low as usize;
    if cells.len() < low + 2 {
        cells.resize(low + 2, 0.0);
    }
    for (cell, share) in [(low, 1.0 - part), (low + 1, part)] {
        if let Some(c) = cells.get_mut(cell) {
            *c += weight * share;
        }
    }
    while cells.len() > 1 && cells.last() == Some(&0.0) {
        cells.pop();
    }
}

fn mean_of(pmf: &[f64]) -> f64 {
    pmf.iter().enumerate().map(|(i, p)| i as f64 * p).sum()
}
