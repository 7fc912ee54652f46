//! What goes on in the background for the tab: planning, and the replay of the last year, which a person may stop.

use crate::tui::text;
use crate::worker::Progress;
use crate::worker::reorder::{Load, Replayed};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How far planning is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Planning {
    /// Nothing was asked since the program started, or the day went on.
    #[default]
    Before,
    /// Asked; `again`: facts changed since, or (true) a person wants them of this window's day.
    Under {
        again: Option<bool>,
        progress: Option<Progress>,
    },
    Done,
}

impl Planning {
    /// What to ask for new plans with; none: that is under way.
    pub(super) fn begin(&mut self) -> Option<Load> {
        self.asked(false)
    }
    /// The same where a person asks, `anew` for plans of this window's day, whatever others go by: what waits for more
    /// changes waits no longer.
    pub(super) fn begin_at_once(&mut self, anew: bool) -> Option<Load> {
        if self.words().is_some() {
            return self.asked(anew);
        }
        let before = matches!(self, Planning::Under { again: Some(true), .. });
        *self = Planning::Under { again: None, progress: None };
        Some(Load::Plan { anew: anew || before, asked: true })
    }
    fn asked(&mut self, anew: bool) -> Option<Load> {
        if let Planning::Under { again, .. } = self {
            *again = Some(anew || *again == Some(true));
            return None;
        }
        *self = Planning::Under { again: None, progress: None };
        Some(Load::Plan { anew, asked: anew })
    }
    /// The plans are as they should be, or were kept; unless facts changed meanwhile.
    pub(super) fn done(&mut self) -> Option<Load> {
        let again = if let Planning::Under { again, .. } = self { *again } else { None };
        *self = Planning::Done;
        again.and_then(|anew| self.asked(anew))
    }
    /// Plans were asked for and are not kept yet.
    pub(super) fn is_under_way(&self) -> bool {
        *self != Planning::Done
    }
    pub(super) fn progressed(&mut self, so_far: Progress) {
        if let Planning::Under { progress, .. } = self {
            *progress = Some(so_far);
        }
    }
    /// How far it is, once that is known.
    pub(super) fn words(&self) -> Option<String> {
        let Planning::Under { progress: Some(Progress { done, all, .. }), .. } = self else { return None };
        let percent = (done * 100).checked_div(*all).unwrap_or(0);
        Some(format!("Working out what to order: {percent} % of {}.", text::plural(*all, "item")))
    }
}

/// How far the replay of the last year is.
#[derive(Debug, Default)]
pub(super) enum Replay {
    #[default]
    Before,
    Under {
        stop: Arc<AtomicBool>,
        progress: Option<Progress>,
    },
    Done(Arc<Replayed>),
    /// There is nothing to replay: why.
    Not(String),
}

impl Replay {
    /// What to ask for it with; none: it is there, or under way.
    pub(super) fn begin(&mut self) -> Option<Load> {
        if matches!(self, Replay::Under { .. } | Replay::Done(_)) {
            return None;
        }
        let stop = Arc::new(AtomicBool::new(false));
        *self = Replay::Under { stop: stop.clone(), progress: None };
        Some(Load::Replay { stop })
    }
    /// Ends it; whether it was under way.
    pub(super) fn stop(&mut self) -> bool {
        let Replay::Under { stop, .. } = self else { return false };
        stop.store(true, Ordering::Relaxed);
        *self = Replay::Before;
        true
    }
    pub(super) fn progressed(&mut self, so_far: Progress) {
        if let Replay::Under { progress, .. } = self {
            *progress = Some(so_far);
        }
    }
    /// It could not be done; whether anybody waits for it still.
    pub(super) fn refused(&mut self, why: &str) -> bool {
        let waits = matches!(self, Replay::Under { .. });
        if waits {
            *self = Replay::Not(why.to_string());
        }
        waits
    }
    pub(super) fn done(&self) -> Option<&Replayed> {
        match self {
            Replay::Done(replayed) => Some(replayed),
            _ => None,
        }
    }
    /// What stands in place of the verdict until it is there.
    pub(super) fn words(&self) -> String {
        match self {
            Replay::Under { progress: Some(Progress { done, all, seconds_left, .. }), .. } => {
                let share = (done * 20).checked_div(*all).unwrap_or(0).min(20);
                let bar = format!("[{}{}]", "=".repeat(share), ".".repeat(20 - share));
                let long = |s: u64| if s < 120 { format!("{s} s") } else { format!("{} min", s.div_ceil(60)) };
                let left = seconds_left.map_or(String::new(), |s| format!(", about {} left", long(s)));
                let percent = (done * 100).checked_div(*all).unwrap_or(0);
                format!("{bar} {percent} %{left}. Esc stops it.")
            }
            Replay::Not(why) => why.clone(),
            _ => "Living the last year again ... Esc stops it.".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::Job;

    #[test]
    fn a_person_who_asks_for_plans_does_not_wait_for_the_pause() {
        let mut planning = Planning::default();
        assert!(matches!(planning.begin(), Some(Load::Plan { anew: false, asked: false })));
        assert!(planning.begin().is_none(), "it is under way");
        assert!(matches!(planning.begin_at_once(false), Some(Load::Plan { anew: false, asked: true })));
        planning.progressed(Progress { job: Job::Planning, done: 1, all: 4, seconds_left: None });
        assert!(planning.begin_at_once(true).is_none(), "it is being worked out");
        assert!(matches!(planning.done(), Some(Load::Plan { anew: true, asked: true })));
    }
}
