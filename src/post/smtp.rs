//! One mail to one server: the dialogue command by command, so that it is known how far it came. Commands, logins and
//! answers are lettre's; the connection is [`Wire`].

use super::server::{Encryption, Server};
use super::wire::Wire;
use crate::exchange::mail::one_line;
use crate::ops::outbox::{Phase, Report, Verdict};
use lettre::Address;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::commands::{Auth, Data, Ehlo, Mail, Quit, Rcpt, Starttls};
use lettre::transport::smtp::extension::{ClientId, Extension, ServerInfo};
use lettre::transport::smtp::response::Response;
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// How long a mail may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Until the server asks for the content.
    pub talk: Duration,
    /// From there to its answer: servers that look for spam take their time, and giving up too early leaves a mail of
    /// which nobody knows whether it arrived.
    pub content: Duration,
}

impl Limits {
    pub const USUAL: Limits = Limits { talk: Duration::from_secs(60), content: Duration::from_secs(180) };
}

/// From whom, to whom, and the bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Envelope<'a> {
    pub sender: &'a str,
    pub recipient: &'a str,
    pub content: &'a str,
}

/// Why the dialogue ended before the server took the mail.
enum End {
    /// The server said no: code and words.
    No(u16, String),
    /// The connection failed.
    Lost(io::Error),
    /// We stopped: it is not safe, or not possible, to go on.
    Stop(String),
    /// The mail is no longer ours to send: nothing is to be recorded.
    NotOurs,
}

impl From<io::Error> for End {
    fn from(e: io::Error) -> End {
        End::Lost(e)
    }
}

/// Delivers the mail. `may_start` is asked once the server waits for the content and before its first byte; where it
/// says no, nothing is sent and `None` comes back.
pub fn deliver(
    server: &Server,
    envelope: Envelope,
    limits: Limits,
    may_start: &mut dyn FnMut() -> bool,
) -> Option<Report> {
    let mut phase = Phase::Connect;
    match dialogue(server, envelope, limits, may_start, &mut phase) {
        Ok(said) => Some(Report { phase: Phase::Answer, verdict: Verdict::Sent, said }),
        Err(End::NotOurs) => None,
        Err(end) => Some(report(phase, &end, &server.host)),
    }
}

/// Connects and logs in, and leaves: whether a mail could be sent.
pub fn knock(server: &Server, limits: Limits) -> Report {
    let mut phase = Phase::Connect;
    let mut talk = || {
        let (mut wire, info) = greet(server, Instant::now() + limits.talk, &mut phase)?;
        phase = Phase::Login;
        log_in(&mut wire, server, &info)?;
        let _ = wire.write(Quit.to_string().as_bytes()); // it may have hung up already
        Ok(())
    };
    match talk() {
        Ok(()) => {
            let login = if server.login.is_some() { " and takes the login" } else { "" };
            let said = format!("{} answers on port {}{login}.", server.host, server.port);
            Report { phase: Phase::Login, verdict: Verdict::Sent, said }
        }
        Err(end) => report(phase, &end, &server.host),
    }
}

/// What an end means for the mail, by how far the dialogue came.
fn report(phase: Phase, end: &End, host: &str) -> Report {
    let (verdict, said) = match end {
        End::No(code, words) if (500..600).contains(code) => (Verdict::Failed, words.clone()),
        End::No(_, words) => (Verdict::Retry, words.clone()),
        End::Stop(why) => (Verdict::Failed, why.clone()),
        // The end of the content may have reached the server: whether it took the mail cannot be told.
        End::Lost(e) if phase == Phase::Answer => (Verdict::Unknown, format!("{host} gave no answer: {}", words_of(e))),
        End::Lost(e) => match certificate_fault(e) {
            Some(why) => (Verdict::Failed, format!("{host} is not trusted: {why}")),
            None => (Verdict::Retry, format!("{host}: {}", words_of(e))),
        },
        End::NotOurs => (Verdict::Retry, String::new()),
    };
    Report { phase, verdict, said: one_line(&said) }
}

fn words_of(e: &io::Error) -> String {
    match e.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "it took too long".into(),
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => "the connection was cut".into(),
        ErrorKind::ConnectionRefused => "nobody answers on that port".into(),
        _ => e.to_string(),
    }
}

/// What is wrong with the server's certificate, where that is why the connection failed.
fn certificate_fault(e: &io::Error) -> Option<String> {
    use rustls::CertificateError as Fault;
    let rustls::Error::InvalidCertificate(fault) = e.get_ref()?.downcast_ref::<rustls::Error>()? else { return None };
    Some(match fault {
        Fault::UnknownIssuer | Fault::BadSignature => {
            "its certificate is signed by nobody we know (mail.ca_file names your own authority)".into()
        }
        Fault::NotValidForName | Fault::NotValidForNameContext { .. } => "its certificate is for another name".into(),
        Fault::Expired | Fault::ExpiredContext { .. } => "its certificate has expired".into(),
        other => format!("{other}"),
    })
}

fn dialogue(
    server: &Server,
    envelope: Envelope,
    limits: Limits,
    may_start: &mut dyn FnMut() -> bool,
    phase: &mut Phase,
) -> Result<String, End> {
    let address =
        |text: &str| text.parse::<Address>().map_err(|_| End::Stop(format!("{:?} is no address", one_line(text))));
    let (sender, recipient) = (address(envelope.sender)?, address(envelope.recipient)?);
    let (mut wire, info) = greet(server, Instant::now() + limits.talk, phase)?;
    *phase = Phase::Login;
    log_in(&mut wire, server, &info)?;
    *phase = Phase::Sender;
    ask(&mut wire, Mail::new(Some(sender), Vec::new()))?;
    *phase = Phase::Recipient;
    ask(&mut wire, Rcpt::new(recipient, Vec::new()))?;
    *phase = Phase::Data;
    let answer = ask(&mut wire, Data)?;
    if !answer.has_code(354) {
        return Err(End::Stop(format!("{} did not ask for the content: {}", server.host, words(&answer))));
    }
    if wire.is_closed() {
        return Err(End::Lost(ErrorKind::UnexpectedEof.into()));
    }
    if !may_start() {
        return Err(End::NotOurs);
    }
    *phase = Phase::Content;
    wire.set_until(Instant::now() + limits.content);
    wire.write(stuffed(envelope.content).as_bytes())?;
    // Without the dot that ends it no server takes a mail: one that has hung up by now did not get it.
    if wire.is_closed() {
        return Err(End::Lost(ErrorKind::UnexpectedEof.into()));
    }
    *phase = Phase::Answer;
    let answer = ask(&mut wire, ".\r\n")?;
    if !(200..300).contains(&u16::from(answer.code())) {
        return Err(odd(&words(&answer)));
    }
    let _ = wire.write(Quit.to_string().as_bytes()); // the mail is taken; whether the farewell arrives is all the same
    Ok(words(&answer))
}

/// Connects, encrypts as the settings say, and says hello.
fn greet(server: &Server, until: Instant, phase: &mut Phase) -> Result<(Wire, ServerInfo), End> {
    let mut wire = Wire::connect(&server.host, server.port, server.encryption == Encryption::None, until)?;
    if let (Encryption::Tls, Some((config, name))) = (server.encryption, &server.tls) {
        *phase = Phase::Tls;
        wire = wire.encrypt(config.clone(), name.clone())?;
    }
    read(&mut wire)?;
    let me = match wire.local_ip() {
        Some(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
        Some(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
        None => ClientId::default(),
    };
    let mut info = hello(&mut wire, &me)?;
    if let (Encryption::StartTls, Some((config, name))) = (server.encryption, &server.tls) {
        *phase = Phase::Tls;
        if !info.supports_feature(Extension::StartTls) {
            return Err(End::Stop(format!("{} offers no encryption (STARTTLS), so nothing was sent", server.host)));
        }
        ask(&mut wire, Starttls)?;
        wire = wire.encrypt(config.clone(), name.clone())?;
        info = hello(&mut wire, &me)?;
    }
    Ok((wire, info))
}

/// Keywords are the same in any case; lettre knows them in capitals.
fn hello(wire: &mut Wire, me: &ClientId) -> Result<ServerInfo, End> {
    wire.write(Ehlo::new(me.clone()).to_string().as_bytes())?;
    let answer = judged(&wire.answer()?.to_ascii_uppercase())?;
    ServerInfo::from_response(&answer).map_err(|e| End::Stop(e.to_string()))
}

fn log_in(wire: &mut Wire, server: &Server, info: &ServerInfo) -> Result<(), End> {
    let Some(login) = &server.login else { return Ok(()) };
    let Some(mechanism) = info.get_auth_mechanism(&[Mechanism::Plain, Mechanism::Login]) else {
        return Err(End::Stop(format!("{} offers no login that we know, and mail.user asks for one", server.host)));
    };
    let wrong = |e: lettre::transport::smtp::Error| End::Stop(e.to_string());
    let mut answer = ask(wire, Auth::new(mechanism, login.clone(), None).map_err(wrong)?)?;
    for _ in 0..4 {
        if !answer.has_code(334) {
            return Ok(());
        }
        answer = ask(wire, Auth::new_from_response(mechanism, login.clone(), &answer).map_err(wrong)?)?;
    }
    Err(End::Stop(format!("{} asks for the password again and again", server.host)))
}

fn ask(wire: &mut Wire, command: impl Display) -> Result<Response, End> {
    wire.write(command.to_string().as_bytes())?;
    read(wire)
}

fn read(wire: &mut Wire) -> Result<Response, End> {
    judged(&wire.answer()?)
}

/// A yes of the server, else the end.
fn judged(answer: &str) -> Result<Response, End> {
    let response: Response = answer.parse().map_err(|_| odd(answer))?;
    match u16::from(response.code()) {
        200..400 => Ok(response),
        code => Err(End::No(code, words(&response))),
    }
}

fn odd(answer: &str) -> End {
    End::Lost(io::Error::new(ErrorKind::InvalidData, format!("it answers {:?}", one_line(answer))))
}

fn words(response: &Response) -> String {
    let text: Vec<&str> = response.message().collect();
    one_line(&format!("{} {}", response.code(), text.join(" ")))
}

/// The content with every dot at the beginning of a line doubled (RFC 5321, 4.5.2); it ends with a line's end.
fn stuffed(content: &str) -> String {
    let mut out = String::with_capacity(content.len() + 64);
    for line in content.split_inclusive("\r\n") {
        if line.starts_with('.') {
            out.push('.');
        }
        out.push_str(line);
    }
    if !out.ends_with("\r\n") {
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::stuffed;

    #[test]
    fn a_dot_at_the_beginning_of_a_line_never_ends_the_mail() {
        assert_eq!(stuffed("a\r\n.\r\n..b\r\n"), "a\r\n..\r\n...b\r\n");
        assert_eq!(stuffed("."), "..\r\n");
    }
}
