//! Sending against a mail server on loopback that misbehaves in every way: each end has its stated outcome, none loses
//! or doubles a mail, none lasts longer than its limit.

use crate::outbox::{letter, tell, with_server};
use crate::support::peer::{At, Does, Peer, certificate};
use crate::support::warehouse::Warehouse;
use backshelf::clock::Clock;
use backshelf::domain::ids::{LineId, MailId};
use backshelf::ops::outbox::deciding::{Step, step};
use backshelf::ops::outbox::{self, State, carrying};
use backshelf::ops::settings;
use backshelf::post::smtp::Limits;
use backshelf::post::{self, Round};
use backshelf::store::{Mode, Store};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Short: the peer that never answers is waited for.
const SHORT: Limits = Limits { talk: Duration::from_millis(1_500), content: Duration::from_millis(1_500) };

struct Scene {
    w: Warehouse,
    line: LineId,
    peer: Peer,
    folder: TempDir,
}

impl Scene {
    fn new() -> Scene {
        Scene::with(None)
    }
    /// `secure`: the name on the certificate, and whether TLS begins at once.
    fn with(secure: Option<(&str, bool)>) -> Scene {
        let folder = TempDir::new().unwrap();
        let certificate = secure.map(|(name, at_once)| certificate(folder.path(), name, at_once));
        let peer = Peer::start(certificate.as_ref().map(|(_, tls)| tls.clone()));
        let store = Store::open(&folder.path().join("warehouse.db"), Mode::Create).unwrap();
        let (w, line) = with_server(Warehouse::of(store));
        let mut scene = Scene { w, line, peer, folder };
        scene.set("mail.port", &scene.peer.port.to_string());
        if let (Some((file, _)), Some((_, at_once))) = (certificate, secure) {
            scene.set("mail.tls", if at_once { "tls" } else { "starttls" });
            scene.set("mail.ca_file", file.to_str().unwrap());
        }
        scene
    }
    fn set(&mut self, key: &str, value: &str) {
        let act = self.w.act("set");
        settings::set(&mut self.w.store, act, key, value).unwrap();
    }
    fn mail(&mut self) -> MailId {
        tell(&mut self.w, self.line, &letter()).unwrap().value
    }
    /// The two minutes, or whatever a mail waits for, have passed.
    fn later(&self) {
        let sql = "UPDATE mail SET due_at = '2000-01-01T00:00:00' WHERE state IN ('waiting', 'retry')";
        self.w.store.db().execute(sql, []).unwrap();
    }
    /// A sender that died is taken for dead.
    fn long_after(&self) {
        let sql = "UPDATE mail SET claimed_until = '2000-01-01T00:00:00' WHERE state IN ('claimed', 'started')";
        self.w.store.db().execute(sql, []).unwrap();
    }
    fn round(&mut self) -> Round {
        self.later();
        post::round(&mut self.w.store, Clock::default(), SHORT, &|| false).unwrap()
    }
    fn state(&self, mail: MailId) -> State {
        outbox::list(self.w.store.db(), 100).unwrap().iter().find(|row| row.id == mail).unwrap().state
    }
    fn said(&self) -> String {
        self.w.text("SELECT group_concat(phase || ' ' || result || ': ' || said, '; ') FROM mail_attempt")
    }
}

#[test]
fn every_end_has_its_outcome_and_no_mail_is_lost_or_doubled() {
    let cases = [
        (At::Greeting, Does::Say("554 go away"), State::Failed),
        (At::Greeting, Does::Say("421 not now"), State::Retry),
        (At::Greeting, Does::Silent, State::Retry),
        (At::Greeting, Does::Drip, State::Retry),
        (At::Greeting, Does::HangUp, State::Retry),
        (At::Greeting, Does::Say("Welcome to the machine"), State::Retry),
        (At::Ehlo, Does::HangUp, State::Retry),
        (At::Mail, Does::Say("451 try later"), State::Retry),
        (At::Mail, Does::Say("550 you may not send"), State::Failed),
        (At::Rcpt, Does::Say("450 greylisted"), State::Retry),
        (At::Rcpt, Does::Say("550 no such user"), State::Failed),
        (At::Rcpt, Does::Silent, State::Retry),
        (At::Rcpt, Does::Drip, State::Retry),
        (At::Data, Does::Say("452 full"), State::Retry),
        (At::Data, Does::Say("554 no"), State::Failed),
        (At::Data, Does::HangUp, State::Retry),
        (At::Dot, Does::Say("450 later"), State::Retry),
        (At::Dot, Does::Say("550 spam"), State::Failed),
        (At::Dot, Does::Silent, State::Unknown),
        (At::Dot, Does::Drip, State::Unknown),
        (At::Dot, Does::HangUp, State::Unknown),
        (At::Dot, Does::Say("nonsense"), State::Unknown),
        (At::Dot, Does::Say("354 more?"), State::Unknown),
    ];
    for (at, does, expected) in cases {
        let mut scene = Scene::new();
        let mail = scene.mail();
        scene.peer.will(at, does);
        scene.round();
        let name = format!("{at:?} {does:?}: {}", scene.said());
        assert_eq!(scene.state(mail), expected, "{name}");
        assert_eq!(scene.w.number("SELECT count(*) FROM mail_attempt"), 1, "{name}");
        // The server is well again. What is worth another attempt leaves by itself, once; the rest waits for a person.
        let before = scene.peer.taken().len();
        scene.peer.behaves();
        scene.round();
        scene.round();
        let came = scene.peer.taken().len() - before;
        assert_eq!(came, usize::from(expected == State::Retry), "{name}");
        assert!(scene.peer.taken().len() <= 1, "{name}: doubled");
        let after = if expected == State::Retry { State::Sent } else { expected };
        assert_eq!(scene.state(mail), after, "{name}");
        assert_eq!(outbox::unsent(scene.w.store.db()).unwrap().needs_you, i64::from(after != State::Sent), "{name}");
    }
}

#[test]
fn what_arrives_is_what_was_queued() {
    let mut scene = Scene::new();
    let body = "Dear M. Haynes,\n.\n..two dots\nRotterdam, é\n";
    let letter = outbox::Letter { body: body.into(), ..letter() };
    tell(&mut scene.w, scene.line, &letter).unwrap();
    let round = scene.round();
    assert_eq!(round.tried.len(), 1);
    assert_eq!((round.tried[0].state, round.tried[0].said.as_str()), (State::Sent, "250 taken"));
    assert_eq!(scene.peer.taken(), [scene.w.text("SELECT content FROM mail")]);
}

#[test]
fn a_connection_cut_in_the_midst_of_the_content_is_tried_again() {
    let mut scene = Scene::new();
    // More than sockets hold, so that the cut is seen before the end has left.
    let long = outbox::Letter { body: "Chang 24 x 12 oz, again and again.\n".repeat(300_000), ..letter() };
    let mail = tell(&mut scene.w, scene.line, &long).unwrap().value;
    scene.peer.will(At::Content, Does::HangUp);
    scene.round();
    assert_eq!(scene.state(mail), State::Retry, "{}", scene.said());
    assert!(scene.said().starts_with("content retry"), "{}", scene.said());
}

#[test]
fn a_mail_that_is_never_taken_is_given_to_a_person() {
    let mut scene = Scene::new();
    let mail = scene.mail();
    scene.peer.will(At::Rcpt, Does::Say("450 greylisted"));
    let mut due = String::new();
    for attempt in 1..=5 {
        scene.round();
        assert_eq!(scene.state(mail), State::Retry, "attempt {attempt}");
        let next = scene.w.text("SELECT due_at FROM mail");
        assert!(next > due, "the waits grow");
        due = next;
    }
    scene.round();
    assert_eq!(scene.state(mail), State::Failed);
    assert_eq!(scene.w.number("SELECT count(*) FROM mail_attempt"), 6);
}

#[test]
fn letters_and_passwords_never_leave_in_clear() {
    // No STARTTLS.
    let mut scene = Scene::new();
    let mail = scene.mail();
    scene.set("mail.tls", "starttls");
    scene.round();
    assert_eq!(scene.state(mail), State::Failed);
    assert!(scene.said().contains("offers no encryption"), "{}", scene.said());
    assert!(scene.peer.taken().is_empty());
    // none is for this machine only: nothing is even tried.
    scene.set("mail.host", "mail.example.com");
    scene.set("mail.tls", "none");
    let why = post::ready(&scene.w.store).unwrap().unwrap_err();
    assert!(why.contains("not this machine"), "{why}");
}

#[test]
fn a_server_that_cannot_prove_its_name_gets_nothing() {
    for at_once in [true, false] {
        let mut good = Scene::with(Some(("localhost", at_once)));
        let mail = good.mail();
        good.round();
        assert_eq!(good.state(mail), State::Sent, "{}", good.said());

        let mut unknown = Scene::with(Some(("localhost", at_once)));
        let (other, _) = certificate(unknown.folder.path(), "other.example", at_once);
        unknown.set("mail.ca_file", other.to_str().unwrap());
        let mut wrong_name = Scene::with(Some(("mail.example.com", at_once)));
        for (scene, why) in [(&mut unknown, "signed by nobody we know"), (&mut wrong_name, "for another name")] {
            let mail = scene.mail();
            scene.round();
            assert_eq!(scene.state(mail), State::Failed, "{}", scene.said());
            assert!(scene.said().contains(why), "{}", scene.said());
            assert!(scene.peer.taken().is_empty());
        }
    }
}

#[test]
fn a_server_that_cannot_be_used_does_not_fail_every_mail_at_once() {
    let mut scene = Scene::new();
    for _ in 0..3 {
        scene.mail();
    }
    scene.peer.will(At::Greeting, Does::Say("554 go away"));
    scene.round();
    let count = |state: &str| scene.w.number(&format!("SELECT count(*) FROM mail WHERE state = '{state}'"));
    assert_eq!((count("failed"), count("waiting")), (1, 2), "the others wait for a person to set it right");
}

#[test]
fn without_a_password_the_mails_are_left_alone_and_given_to_a_person_when_long_overdue() {
    let mut scene = Scene::new();
    let mail = scene.mail();
    let file = scene.folder.path().join("password");
    std::fs::write(&file, "secret\n").unwrap();
    scene.set("mail.user", "orders");
    scene.set("mail.password_file", file.to_str().unwrap());
    let mode = |mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(0o644);
    let a_moment_ago = (Clock::default().now() - chrono::TimeDelta::minutes(1)).format("%Y-%m-%dT%H:%M:%S").to_string();
    scene.w.store.db().execute("UPDATE mail SET due_at = ?1", [a_moment_ago]).unwrap();
    let round = post::round(&mut scene.w.store, Clock::default(), SHORT, &|| false).unwrap();
    assert!(round.trouble.unwrap().contains("Others can read the password file"));
    assert_eq!(scene.state(mail), State::Waiting, "another program may have the password");
    scene.round();
    assert_eq!(scene.state(mail), State::Failed, "long overdue");
    mode(0o600);
    let act = scene.w.act("again");
    step(&mut scene.w.store, act, mail, Step::Again).unwrap();
    scene.round();
    assert_eq!(scene.state(mail), State::Sent, "{}", scene.said());
    let everything = scene.w.everything();
    assert!(!everything.contains("secret"), "the password is in the file");
}

#[test]
fn two_senders_at_once_send_each_mail_once() {
    let mut scene = Scene::new();
    let mails: Vec<MailId> = (0..12).map(|_| scene.mail()).collect();
    scene.later();
    let path = scene.folder.path().join("warehouse.db");
    let senders: Vec<_> = (0..3)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || {
                let mut store = Store::open(&path, Mode::Existing).unwrap();
                post::round(&mut store, Clock::default(), Limits::USUAL, &|| false).unwrap().tried.len()
            })
        })
        .collect();
    let tried: usize = senders.into_iter().map(|s| s.join().unwrap()).sum();
    assert_eq!(tried, mails.len());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for mail in scene.peer.taken() {
        *seen.entry(mail).or_default() += 1;
    }
    assert_eq!(seen.len(), mails.len());
    assert!(seen.values().all(|n| *n == 1));
    assert_eq!(scene.w.number("SELECT count(*) FROM mail WHERE state = 'sent'"), mails.len() as i64);
}

#[test]
fn a_sender_killed_at_any_step_loses_and_doubles_nothing() {
    let cases = [
        (At::Greeting, State::Sent),
        (At::Rcpt, State::Sent),
        (At::Data, State::Sent),
        (At::Content, State::Unknown),
        (At::Dot, State::Unknown),
    ];
    for (at, expected) in cases {
        let mut scene = Scene::new();
        let mail = scene.mail();
        scene.later();
        scene.peer.will(at, Does::Silent);
        let mut child = Command::new(env!("CARGO_BIN_EXE_backshelf"))
            .arg("send")
            .env("BACKSHELF_DB", scene.folder.path().join("warehouse.db"))
            .env("XDG_DATA_HOME", scene.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        scene.peer.wait();
        child.kill().unwrap();
        child.wait().unwrap();
        scene.peer.behaves();
        scene.round();
        let held = scene.state(mail);
        assert!(matches!(held, State::Claimed | State::Started), "{at:?}: its time is not up, nobody else takes it");
        scene.long_after();
        scene.round();
        scene.round();
        assert_eq!(scene.state(mail), expected, "{at:?}: {}", scene.said());
        let taken = usize::from(expected == State::Sent || at == At::Dot);
        assert_eq!(scene.peer.taken().len(), taken, "{at:?}");
    }
}

#[test]
fn a_mail_taken_back_while_the_server_is_greeted_does_not_leave() {
    let mut scene = Scene::new();
    let mail = scene.mail();
    scene.later();
    let now = Clock::default().now();
    let parcel = carrying::claim(&mut scene.w.store, now).unwrap().unwrap();
    let act = scene.w.act("take back");
    step(&mut scene.w.store, act, mail, Step::TakeBack).unwrap();
    assert!(!carrying::start(&mut scene.w.store, &parcel, now.date()).unwrap());
    carrying::release(&mut scene.w.store, &parcel).unwrap();
    assert!(scene.round().tried.is_empty());
    assert!(scene.peer.taken().is_empty());
}

#[test]
fn a_sender_taken_for_dead_neither_sends_nor_overrules_and_may_still_know_better() {
    let mut scene = Scene::new();
    let mail = scene.mail();
    scene.later();
    let now = Clock::default().now();
    let slept = carrying::claim(&mut scene.w.store, now).unwrap().unwrap();
    scene.long_after();
    let second = carrying::claim(&mut scene.w.store, now).unwrap().unwrap();
    assert_eq!(second.id, mail);
    assert!(!carrying::start(&mut scene.w.store, &slept, now.date()).unwrap(), "it is the other's now");
    assert!(carrying::start(&mut scene.w.store, &second, now.date()).unwrap());
    // The second falls asleep with content on its way; when it wakes it knows what nobody else can.
    scene.long_after();
    scene.round();
    assert_eq!(scene.state(mail), State::Unknown);
    let sent = outbox::Report { phase: outbox::Phase::Answer, verdict: outbox::Verdict::Sent, said: "250 ok".into() };
    carrying::finish(&mut scene.w.store, &slept, now, now, &sent).unwrap();
    assert_eq!(scene.state(mail), State::Unknown, "not the first's to say");
    carrying::finish(&mut scene.w.store, &second, now, now, &sent).unwrap();
    assert_eq!(scene.state(mail), State::Sent);
}

#[test]
fn the_workbench_sends_by_itself_what_is_due_and_what_is_saved_later() {
    let mut scene = Scene::new();
    scene.mail();
    scene.later();
    let path = scene.folder.path().join("warehouse.db");
    let store = Store::open(&path, Mode::Existing).unwrap();
    let (told, hears) = std::sync::mpsc::channel();
    let workers = backshelf::worker::start(store, Clock::default(), "M.Baker".into(), move |reply| {
        let _ = told.send(reply);
    })
    .unwrap();
    let arrived = |scene: &Scene, count: usize| {
        let limit = std::time::Instant::now() + Duration::from_secs(60);
        while scene.w.number("SELECT count(*) FROM mail WHERE state = 'sent'") < count as i64 {
            assert!(
                std::time::Instant::now() < limit,
                "never sent: {}",
                scene.w.text("SELECT group_concat(state) FROM mail")
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(scene.peer.taken().len(), count);
    };
    arrived(&scene, 1);
    assert!(hears.iter().any(|reply| matches!(reply, backshelf::worker::Reply::Changed)), "the screen reads again");
    // Asleep, nothing waiting: another program's save wakes it.
    scene.mail();
    scene.later();
    arrived(&scene, 2);
    drop(workers);
}

#[test]
fn send_says_one_line_a_mail_and_whether_a_person_must_act() {
    let mut scene = Scene::new();
    let run = |scene: &Scene, args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_backshelf"))
            .arg("send")
            .args(args)
            .env("BACKSHELF_DB", scene.folder.path().join("warehouse.db"))
            .env("XDG_DATA_HOME", scene.folder.path())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code().unwrap(), text(&done.stdout), text(&done.stderr))
    };
    assert_eq!(run(&scene, &[]), (0, String::new(), String::new()), "nothing is due");
    scene.mail();
    let (code, out, _) = run(&scene, &["--dry-run"]);
    assert_eq!((code, out.lines().count()), (0, 1), "{out}");
    assert!(out.starts_with("waiting  m.haynes@example.com"), "{out}");
    scene.later();
    let (code, out, _) = run(&scene, &[]);
    assert_eq!((code, out.lines().count()), (0, 1), "{out}");
    assert!(out.starts_with("sent     m.haynes@example.com") && out.ends_with("(250 taken)\n"), "{out}");
    scene.mail();
    scene.later();
    scene.peer.will(At::Rcpt, Does::Say("550 no \u{1b}[31msuch user"));
    let (code, out, err) = run(&scene, &[]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.starts_with("failed   m.haynes@example.com") && !out.contains('\u{1b}'), "{out}");
    assert!(err.contains("1 mail needs you"), "{err}");
    scene.peer.behaves();
    let (code, out, _) = run(&scene, &["--test", "me@example.com"]);
    assert_eq!((code, out.as_str()), (0, "sent: 250 taken\n"));
    assert_eq!(scene.peer.taken().len(), 2);
    let (code, _, err) = run(&scene, &["--test", "nobody"]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn a_silent_server_blocks_no_key() {
    use backshelf::worker::{Load, Owner, Reply, Request, Slot, journal};
    let mut scene = Scene::new();
    scene.mail();
    scene.later();
    scene.peer.will(At::Greeting, Does::Silent);
    let store = Store::open(&scene.folder.path().join("warehouse.db"), Mode::Existing).unwrap();
    let (told, hears) = std::sync::mpsc::channel();
    let workers = backshelf::worker::start(store, Clock::default(), "M.Baker".into(), move |reply| {
        let _ = told.send(reply);
    })
    .unwrap();
    scene.peer.wait();
    let slot = Slot { owner: Owner::Frame, part: "past" };
    workers.ask(Request::Load { slot, generation: 1, load: Load::Journal(journal::Load::Recent) });
    let limit = Duration::from_secs(30); // the server is silent for a minute
    while !matches!(hears.recv_timeout(limit).expect("no answer while the server is silent"), Reply::Loaded { .. }) {}
    drop(workers);
}

#[test]
fn a_wrong_password_is_a_persons_to_set_right() {
    let mut scene = Scene::with(Some(("localhost", false)));
    let file = scene.folder.path().join("password");
    std::fs::write(&file, "wrong\n").unwrap();
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    scene.set("mail.user", "orders");
    scene.set("mail.password_file", file.to_str().unwrap());
    let mail = scene.mail();
    scene.peer.will(At::Login, Does::Say("535 5.7.8 authentication failed"));
    scene.round();
    assert_eq!(scene.state(mail), State::Failed);
    assert_eq!(scene.said(), "login failed: 535 5.7.8 authentication failed");
    scene.peer.behaves();
    let act = scene.w.act("again");
    step(&mut scene.w.store, act, mail, Step::Again).unwrap();
    scene.round();
    assert_eq!(scene.state(mail), State::Sent, "{}", scene.said());
}
