//! The threads, each with its queue.

use super::mails::{Bell, sender_lane};
use super::{Answer, Desk, Ill, Job, Lane, Load, Person, Progress, Reply, Request, Store, reorder};
use crate::clock::Clock;
use crate::ops::safekeeping::daily;
use crate::ops::settings::Settings;
use crate::store::presence;
use chrono::NaiveDateTime;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often the file is looked at for changes by another program.
const WATCH: Duration = Duration::from_millis(1_000);

/// Planning waits so long after a change, as more changes tend to follow; and this many times as long as it took last,
/// so that in a great warehouse it never keeps the machine busy.
const SETTLE: Duration = Duration::from_secs(2);
const REST: u32 = 4;
/// The day's copy is looked after so long after opening, when the screens have come, and then so often.
const FIRST_COPY: Duration = Duration::from_secs(20);
const NEXT_COPY: Duration = Duration::from_secs(600);
/// How often progress is told.
const TELL: Duration = Duration::from_millis(250);

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Request>,
    closed: bool,
    /// What a thread pauses before is wanted now.
    nudged: bool,
}

impl Queue {
    /// Writes in their order; of loads for one slot the newest, at the place of the oldest.
    fn push(&mut self, request: Request) {
        if let Request::Load { slot, .. } = &request
            && let Some(older) =
                self.waiting.iter_mut().find(|w| matches!(w, Request::Load { slot: s, .. } if s == slot))
        {
            *older = request;
            return;
        }
        self.waiting.push_back(request);
    }

    fn is_asked_for_plans(&self) -> bool {
        self.waiting.iter().any(is_asked_plan)
    }

    fn pop(&mut self) -> Option<Request> {
        match self
            .waiting
            .iter()
            .position(|r| matches!(r, Request::Do { .. } | Request::Record { .. } | Request::Person(_)))
        {
            Some(write) => self.waiting.remove(write),
            None => self.waiting.pop_front(),
        }
    }
}

fn is_asked_plan(request: &Request) -> bool {
    matches!(request, Request::Load { load: Load::Reorder(load), .. } if load.is_asked_plan())
}

#[derive(Default)]
struct Tray {
    queue: Mutex<Queue>,
    bell: Condvar,
}

impl Tray {
    fn put(&self, request: Request) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        self.bell.notify_one();
    }

    fn close(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.bell.notify_one();
    }

    fn nudge(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).nudged = true;
        self.bell.notify_one();
    }

    /// Whether it was nudged since the last asking.
    fn was_nudged(&self) -> bool {
        std::mem::take(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner).nudged)
    }

    /// Plans wait that a person asked for.
    fn is_asked_for_plans(&self) -> bool {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).is_asked_for_plans()
    }

    /// Waits so long, or until a person asks for plans or it is nudged; false when the tray was closed meanwhile.
    fn pause(&self, length: Duration) -> bool {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(queue, length, |q| !(q.closed || q.nudged || q.is_asked_for_plans()));
        !waited.unwrap_or_else(PoisonError::into_inner).0.closed
    }

    /// The next request; `Err(true)` when the tray was closed and is empty, `Err(false)` when `patience` ran out.
    fn take(&self, patience: Option<Duration>) -> Result<Request, bool> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(request) = queue.pop() {
                return Ok(request);
            }
            if queue.closed {
                return Err(true);
            }
            queue = match patience {
                None => self.bell.wait(queue).unwrap_or_else(PoisonError::into_inner),
                Some(patience) => {
                    let (queue, timeout) =
                        self.bell.wait_timeout(queue, patience).unwrap_or_else(PoisonError::into_inner);
                    if timeout.timed_out() && queue.waiting.is_empty() && !queue.closed {
                        return Err(false);
                    }
                    queue
                }
            };
        }
    }
}

/// What a reading thread found to be the matter with the file, for the store's thread to look after.
type Worry = Arc<Mutex<Option<Ill>>>;

/// The moments at which something that was read is to be read again: for which a call is planned, and at which a supplier
/// takes no more of today's orders. Set by the thread that read it; the store's thread tells when one has come.
type Alarm = Arc<Mutex<[Option<NaiveDateTime>; 2]>>;

/// Whether an hour has come; then it rings no more.
fn rings(alarm: &Alarm, now: NaiveDateTime) -> bool {
    let mut moments = alarm.lock().unwrap_or_else(PoisonError::into_inner);
    moments.iter_mut().filter_map(|moment| moment.take_if(|at| *at <= now)).count() > 0
}

/// The running threads. Dropping it finishes the writes that wait and ends them.
pub struct Workers {
    quick: Arc<Tray>,
    slow: Arc<Tray>,
    search: Arc<Tray>,
    planning: Arc<Tray>,
    bringing: Arc<Tray>,
    copies: Arc<Tray>,
    sender: Arc<Bell>,
    writer: Option<JoinHandle<()>>,
}

impl Workers {
    /// Hands a request in; never waits.
    pub fn ask(&self, request: Request) {
        let lane = match &request {
            Request::Do { .. } | Request::Record { .. } => Lane::Quick,
            Request::Person(_) => {
                for tray in [&self.slow, &self.search, &self.bringing] {
                    tray.put(request.clone());
                }
                Lane::Quick
            }
            Request::Load { load, .. } => load.lane(),
        };
        match lane {
            Lane::Quick => self.quick.put(request),
            Lane::Slow => self.slow.put(request),
            Lane::Search => self.search.put(request),
            Lane::Planning => self.planning.put(request),
            Lane::Bringing => self.bringing.put(request),
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for tray in [&self.quick, &self.slow, &self.search, &self.planning, &self.bringing, &self.copies] {
            tray.close();
        }
        if let Some(writer) = self.writer.take() {
            let _ = writer.join(); // a panic there has been shown by the panic hook already
        }
        self.sender.close();
    }
}

/// Starts the threads on an open store; replies go to `sink` from any of them.
pub fn start(
    store: Store,
    clock: Clock,
    person: Person,
    sink: impl Fn(Reply) + Clone + Send + 'static,
) -> std::io::Result<Workers> {
    let (quick, slow, search) = (Arc::new(Tray::default()), Arc::new(Tray::default()), Arc::new(Tray::default()));
    let (worry, alarm) = (Worry::default(), Alarm::default());
    let planning = Arc::new(Tray::default());
    {
        let (tray, sink, operator) = (planning.clone(), sink.clone(), person.operator.clone());
        let path = store.path().to_path_buf();
        std::thread::Builder::new()
            .name("planning".into())
            .spawn(move || planning_lane(&tray, &path, clock, &operator, &sink))?;
    }
    let bringing = Arc::new(Tray::default());
    {
        let (tray, sink, person, path) = (bringing.clone(), sink.clone(), person.clone(), store.path().to_path_buf());
        std::thread::Builder::new()
            .name("bringing".into())
            .spawn(move || bringing_lane(&tray, &path, clock, person, &sink))?;
    }
    let sender = Arc::new(Bell::default());
    let copies = Arc::new(Tray::default());
    if !store.is_read_only() {
        let (tray, path) = (copies.clone(), store.path().to_path_buf());
        std::thread::Builder::new().name("copies".into()).spawn(move || copies_lane(&tray, &path, clock))?;
        let (bell, path) = (sender.clone(), store.path().to_path_buf());
        std::thread::Builder::new().name("sender".into()).spawn(move || sender_lane(&bell, &path, clock))?;
    }
    for (name, tray) in [("slow", &slow), ("search", &search)] {
        let (tray, sink, person, path) = (tray.clone(), sink.clone(), person.clone(), store.path().to_path_buf());
        let (worry, alarm) = (worry.clone(), alarm.clone());
        std::thread::Builder::new()
            .name(name.into())
            .spawn(move || read_lane(&tray, &path, clock, &person, (&worry, &alarm), &sink))?;
    }
    let (tray, bell, copier) = (quick.clone(), sender.clone(), copies.clone());
    let desk = Desk::new(store, clock, person.operator).with_templates(person.templates).with_profiles(person.profiles);
    // Read before the lane runs: what is saved from now on is a change, which the screen is told.
    let version = crate::store::browse::data_version(desk.store.db()).unwrap_or(0);
    let seen = (version, lock_of(&desk.store, None));
    let writer = std::thread::Builder::new()
        .name("store".into())
        .spawn(move || store_lane(&tray, desk, seen, (&worry, &alarm, &bell, &copier), &sink))?;
    Ok(Workers { quick, slow, search, planning, bringing, copies, sender, writer: Some(writer) })
}

/// Provokes a break, to test that the terminal is given back: only in programs built for that.
pub fn break_here(_name: &str) {
    #[cfg(debug_assertions)]
    if std::env::var("BACKSHELF_BREAK").is_ok_and(|name| name == _name) {
        panic!("broken on purpose in {_name}");
    }
}

fn store_lane(
    tray: &Tray,
    mut desk: Desk,
    (mut version, mut locks_after): (i64, Option<Duration>),
    (worry, alarm, sender, copies): (&Worry, &Alarm, &Bell, &Tray),
    sink: &impl Fn(Reply),
) {
    let mut mark = presence::mark(desk.store.db()).unwrap_or_default();
    let mut watched = Instant::now();
    let mut ill: Option<Ill> = None;
    let mut day = desk.today();
    let mut inbox = super::bringing::folder_mark(&desk);
    let mut open = windows(&desk);
    let mut wrote = false;
    loop {
        match tray.take(Some(WATCH)) {
            Ok(request) => {
                break_here("store");
                let sets_place = matches!(&request, Request::Do { write, .. } if write.sets_second_place());
                let reply = desk.handle(request);
                if reply.ill().is_some() {
                    ill = reply.ill();
                    sink(Reply::Health(ill));
                }
                if matches!(reply, Reply::Done { result: Ok(_), .. }) {
                    wrote = true;
                    sender.ring();
                    if sets_place {
                        copies.nudge();
                    }
                }
                // Else another window that plans back to what was before would seem to have changed nothing.
                if keeps_plans(&reply) {
                    mark.0 = presence::mark(desk.store.db()).unwrap_or_default().0;
                }
                sink(reply);
            }
            Err(true) => {
                super::presence::open(&mut desk, None);
                // Not forgotten (the disk is full, say): then the next one is told that we ended without leaving.
                let _ = crate::store::morning::close_window(&mut desk.store, &desk.station);
                return;
            }
            Err(false) => {}
        }
        if watched.elapsed() < WATCH {
            continue;
        }
        watched = Instant::now();
        let known = ill.or_else(|| worry.lock().unwrap_or_else(PoisonError::into_inner).take());
        let changed_to = crate::store::browse::data_version(desk.store.db()).unwrap_or(version);
        let now = match known {
            Some(Ill::Corrupt) if changed_to != version => None, // perhaps restored: the next reading tells
            known => examine(&desk.store, known),
        };
        if now != known || known != ill {
            ill = now;
            sink(Reply::Health(ill));
        }
        if desk.today() != day {
            day = desk.today();
            sink(Reply::Day(day));
        }
        let mut changed = rings(alarm, desk.clock.moment());
        if changed_to != version || std::mem::take(&mut wrote) {
            let now = lock_of(&desk.store, locks_after);
            if now != locks_after {
                locks_after = now;
                sink(Reply::LocksAfter(now));
            }
        }
        if changed_to != version {
            version = changed_to;
            sender.ring();
            let before = std::mem::replace(&mut mark, presence::mark(desk.store.db()).unwrap_or_default());
            // A colleague who opens a customer changes nothing that is shown here.
            changed |= mark.0 != before.0 || mark.1 == before.1;
            if mark.1 != before.1 {
                sink(Reply::Others);
            }
            // Another window was left: what it decided for all (the day of the plans) is this one's to decide again.
            let now = windows(&desk);
            changed |= now < open;
            open = now;
        }
        // A file was put into the inbox, or taken out of it.
        let lies = super::bringing::folder_mark(&desk);
        changed |= lies != inbox;
        inbox = lies;
        if changed {
            sink(Reply::Changed);
        }
    }
}

/// All plans that were made are kept now.
fn keeps_plans(reply: &Reply) -> bool {
    let Reply::Loaded { result: Ok(Answer::Reorder(answer)), .. } = reply else { return false };
    matches!(answer, reorder::Answer::Kept { plans, next: None } if plans.is_last())
}

/// Windows that have the file open, or had when their program broke off.
fn windows(desk: &Desk) -> usize {
    crate::store::morning::windows(desk.store.db()).map_or(0, |windows| windows.len())
}

/// After how long windows lock themselves; as it was where the settings cannot be read just now.
fn lock_of(store: &Store, before: Option<Duration>) -> Option<Duration> {
    Settings::load(store.db()).map_or(before, |settings| settings.lock_after())
}

/// What is the matter with the file now. A file that was well is only looked for; one that was ill is tried.
fn examine(store: &Store, before: Option<Ill>) -> Option<Ill> {
    match before {
        None | Some(Ill::Gone) => (!store.still_there()).then_some(Ill::Gone),
        Some(Ill::Corrupt) => before, // only another file cures that
        Some(_) => match store.try_writing() {
            Ok(()) => None,
            Err(crate::store::Failure::File(ill, _)) => Some(ill),
            Err(_) => before,
        },
    }
}

/// Lets keys and their pages have the processor first while this thread has long work. Only where niceness is a
/// thread's own; refused, the thread is no nicer than the rest.
fn give_way(_by: i32) {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(_by);
}

/// Opens its connection with the first request, so that an idle lane costs nothing.
fn read_lane(
    tray: &Tray,
    path: &std::path::Path,
    clock: Clock,
    person: &Person,
    (worry, alarm): (&Worry, &Alarm),
    sink: &impl Fn(Reply),
) {
    let name = std::thread::current().name().unwrap_or("").to_string();
    give_way(5);
    let mut desk: Option<Desk> = None;
    let mut operator = person.operator.clone();
    while let Ok(request) = tray.take(None) {
        break_here(&name);
        if let Request::Person(name) = request {
            if let Some(desk) = desk.as_mut() {
                desk.operator.clone_from(&name);
            }
            operator = name; // the quick lane says that all is to be read again
            continue;
        }
        if desk.is_none() {
            match Store::open(path, crate::store::Mode::ReadOnly) {
                Ok(store) => {
                    let templates = person.templates.clone();
                    let mut new = Desk::new(store, clock, operator.clone()).with_templates(templates);
                    new.printer = person.printer;
                    desk = Some(new);
                }
                Err(failure) => {
                    if let Request::Load { slot, generation, .. } = request {
                        sink(Reply::Loaded { slot, generation, result: Err(failure.into()) });
                    }
                    continue;
                }
            }
        }
        if let Some(desk) = desk.as_mut() {
            let reply = desk.handle(request);
            if reply.ill().is_some() {
                *worry.lock().unwrap_or_else(PoisonError::into_inner) = reply.ill();
            }
            if let Some((of, at)) = reply.read_again_at() {
                alarm.lock().unwrap_or_else(PoisonError::into_inner)[of as usize] = at; // a place for each
            }
            sink(reply);
        }
    }
}

/// The copy that is made by itself, looked after now and then; on a connection of its own, so that nothing waits for it.
fn copies_lane(tray: &Tray, path: &std::path::Path, clock: Clock) {
    give_way(10);
    let mut pause = FIRST_COPY;
    while tray.pause(pause) {
        break_here("copies");
        if let Ok(mut store) = Store::open(path, crate::store::Mode::Existing) {
            // What went wrong is kept for the Today card; a file that is ill is the store lane's to tell.
            let _ = match tray.was_nudged() {
                true => daily::keep_at_once(&mut store, clock.now()),
                false => daily::keep(&mut store, clock.now()),
            };
        }
        pause = NEXT_COPY;
    }
}

/// The first planning at once, later ones when changes have settled. The connection lasts no longer than the work.
fn planning_lane(
    tray: &Tray,
    path: &std::path::Path,
    clock: Clock,
    operator: &str,
    sink: &(impl Fn(Reply) + Clone + Send + 'static),
) {
    give_way(10);
    let (mut rest, mut took) = (Duration::ZERO, Duration::ZERO);
    while let Ok(request) = tray.take(None) {
        // A replay was asked for by a key: somebody looks at it.
        let asked = matches!(&request, Request::Load { load: Load::Reorder(reorder::Load::Replay { .. }), .. });
        // The rest of what was begun: a great catalogue is planned and kept part by part.
        let keeps = matches!(&request, Request::Load { load: Load::Reorder(reorder::Load::Keep { .. }), .. });
        let goes_on =
            keeps || matches!(&request, Request::Load { load: Load::Reorder(reorder::Load::GoOn { .. }), .. });
        if !goes_on && !asked {
            took = Duration::ZERO;
        }
        let at_once = asked || goes_on || is_asked_plan(&request);
        if !at_once && !tray.pause(rest) {
            return;
        }
        if !at_once && tray.is_asked_for_plans() {
            continue; // a person asked for the same meanwhile: that is made, and answered
        }
        let job = if asked { Job::Replay } else { Job::Planning };
        let began = Instant::now();
        let mode = if keeps { crate::store::Mode::Existing } else { crate::store::Mode::ReadOnly };
        match Store::open(path, mode) {
            Ok(store) => {
                let told = Mutex::new((began, sink.clone()));
                let mut desk = Desk::new(store, clock, operator.to_string()).with_meter(move |done, all| {
                    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                    if told.0.elapsed() >= TELL {
                        told.0 = Instant::now();
                        let left =
                            (began.elapsed().as_secs() * all.saturating_sub(done) as u64).checked_div(done as u64);
                        (told.1)(Reply::Progress(Progress { job, done, all, seconds_left: left }));
                    }
                });
                sink(desk.handle(request));
            }
            Err(failure) => {
                if let Request::Load { slot, generation, .. } = request {
                    sink(Reply::Loaded { slot, generation, result: Err(failure.into()) });
                }
            }
        }
        if !asked {
            took += began.elapsed();
            rest = SETTLE.max(took * REST);
        }
    }
}

/// Files are looked at and brought in beside the work of the day: a connection of its own for as long as each takes.
fn bringing_lane(
    tray: &Tray,
    path: &std::path::Path,
    clock: Clock,
    mut person: Person,
    sink: &(impl Fn(Reply) + Clone + Send + 'static),
) {
    give_way(5);
    while let Ok(request) = tray.take(None) {
        let (slot, generation) = match &request {
            Request::Load { slot, generation, .. } => (*slot, *generation),
            Request::Person(name) => {
                person.operator = name.clone();
                continue;
            }
            _ => continue,
        };
        match Store::open(path, crate::store::Mode::Existing) {
            Ok(store) => {
                let began = Instant::now();
                let told = Mutex::new((began, sink.clone()));
                let mut desk = Desk::new(store, clock, person.operator.clone())
                    .with_profiles(person.profiles.clone())
                    .with_meter(move |done, all| {
                        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                        if told.0.elapsed() >= TELL {
                            told.0 = Instant::now();
                            let rest = all.saturating_sub(done) as u64;
                            let left = (began.elapsed().as_secs() * rest).checked_div(done as u64);
                            (told.1)(Reply::Brought { done, all, seconds_left: left });
                        }
                    });
                sink(desk.handle(request));
            }
            Err(failure) => sink(Reply::Loaded { slot, generation, result: Err(failure.into()) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_rings_once_when_its_hour_has_come() {
        let at = |minute| chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(14, minute, 0).unwrap();
        let alarm: Alarm = Arc::new(Mutex::new([Some(at(30)), Some(at(40))]));
        assert!(!rings(&alarm, at(29)));
        assert!(rings(&alarm, at(30)) && !rings(&alarm, at(31)));
        assert!(rings(&alarm, at(41)) && !rings(&alarm, at(42)));
    }
}

#[cfg(test)]
mod pausing {
    use super::*;
    use crate::worker::Slot;

    #[test]
    fn plans_that_a_person_waits_for_end_the_planning_threads_pause() {
        let plan = |asked| Request::Load {
            slot: Slot { owner: super::super::Owner::Tab(3), part: "plan" },
            generation: 1,
            load: Load::Reorder(reorder::Load::Plan { anew: false, asked }),
        };
        let tray = Tray::default();
        tray.put(plan(false));
        assert!(!tray.is_asked_for_plans() && tray.pause(Duration::from_millis(1)));
        tray.put(plan(true));
        assert!(tray.is_asked_for_plans());
        // It would be waited for till the end of the test run otherwise.
        assert!(tray.pause(Duration::from_secs(3_600)));
    }
}
