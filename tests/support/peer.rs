//! A mail server on loopback that does as it is told: says no, stays silent, drips, hangs up, at any step.

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Where in the dialogue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    Greeting,
    Ehlo,
    Login,
    Mail,
    Rcpt,
    Data,
    /// After some of the content, before its end.
    Content,
    /// After the dot; the mail is taken all the same.
    Dot,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Does {
    Say(&'static str),
    /// Nothing, until the other side goes away.
    Silent,
    /// A byte now and then, without end.
    Drip,
    HangUp,
}

/// The server's certificate and how it is used.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    /// From the first byte, else after STARTTLS.
    at_once: bool,
}

/// An authority of our own, and a certificate that it signed for this name. Answers the authority's PEM file.
pub fn certificate(folder: &Path, name: &str, at_once: bool) -> (PathBuf, Tls) {
    let ca_key = rcgen::KeyPair::generate().unwrap();
    let mut ca = rcgen::CertificateParams::new(Vec::new()).unwrap();
    ca.distinguished_name.push(rcgen::DnType::CommonName, format!("Authority of {name}"));
    ca.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let ca_certificate = ca.self_signed(&ca_key).unwrap();
    let issuer = rcgen::Issuer::new(ca, ca_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let signed = rcgen::CertificateParams::new(vec![name.to_string()]).unwrap().signed_by(&key, &issuer).unwrap();
    let file = folder.join(format!("authority-of-{name}.pem"));
    std::fs::write(&file, ca_certificate.pem()).unwrap();
    let chain: Vec<CertificateDer<'static>> = vec![signed.der().clone()];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    (file, Tls { config: Arc::new(config), at_once })
}

/// The running server; its thread ends with the test's process.
pub struct Peer {
    pub port: u16,
    script: Arc<Mutex<Option<(At, Does)>>>,
    taken: Arc<Mutex<Vec<String>>>,
    reached: Mutex<Receiver<At>>,
}

impl Peer {
    pub fn start(tls: Option<Tls>) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (script, taken) = (Arc::new(Mutex::new(None)), Arc::new(Mutex::new(Vec::new())));
        let (tell, reached) = channel();
        {
            let (script, taken) = (script.clone(), taken.clone());
            std::thread::spawn(move || {
                for socket in listener.incoming() {
                    let Ok(socket) = socket else { return };
                    let talk = Talk {
                        script: *script.lock().unwrap(),
                        taken: taken.clone(),
                        tell: tell.clone(),
                        tls: tls.clone(),
                    };
                    std::thread::spawn(move || talk.begin(socket));
                }
            });
        }
        Peer { port, script, taken, reached: Mutex::new(reached) }
    }
    /// From the next connection on.
    pub fn will(&self, at: At, does: Does) {
        *self.script.lock().unwrap() = Some((at, does));
    }
    pub fn behaves(&self) {
        *self.script.lock().unwrap() = None;
    }
    /// The mails that it took, whole, dots undone.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
    /// Waits until a dialogue came to where the script acts.
    pub fn wait(&self) {
        self.reached.lock().unwrap().recv_timeout(Duration::from_secs(60)).expect("the dialogue never came that far");
    }
}

struct Talk {
    script: Option<(At, Does)>,
    taken: Arc<Mutex<Vec<String>>>,
    tell: Sender<At>,
    tls: Option<Tls>,
}

trait Both: Read + Write + Send {}
impl<T: Read + Write + Send> Both for T {}
type Stream = BufReader<Box<dyn Both>>;

/// The dialogue is over.
struct Over;

impl Talk {
    fn begin(self, socket: TcpStream) {
        let secure = |socket: TcpStream, tls: &Tls| {
            Box::new(StreamOwned::new(ServerConnection::new(tls.config.clone()).unwrap(), socket)) as Box<dyn Both>
        };
        let at_once = self.tls.as_ref().filter(|tls| tls.at_once);
        let clone = socket.try_clone().unwrap();
        let mut stream: Stream = BufReader::new(match at_once {
            Some(tls) => secure(socket, tls),
            None => Box::new(socket),
        });
        let _ = self.step(&mut stream, At::Greeting, "220 peer ready").and_then(|()| {
            loop {
                let line = line(&mut stream)?;
                let verb = line.split([' ', ':', '\r']).next().unwrap_or("").to_ascii_uppercase();
                match verb.as_str() {
                    "EHLO" => {
                        let offers = self.tls.as_ref().is_some_and(|tls| !tls.at_once);
                        let words = if offers {
                            "250-peer\r\n250-starttls\r\n250 AUTH PLAIN"
                        } else {
                            "250-peer\r\n250 AUTH PLAIN"
                        };
                        self.step(&mut stream, At::Ehlo, words)?;
                    }
                    "STARTTLS" => {
                        say(&mut stream, "220 go")?;
                        stream = BufReader::new(secure(clone.try_clone().unwrap(), self.tls.as_ref().unwrap()));
                    }
                    "AUTH" => self.step(&mut stream, At::Login, "235 welcome")?,
                    "MAIL" => self.step(&mut stream, At::Mail, "250 ok")?,
                    "RCPT" => self.step(&mut stream, At::Rcpt, "250 ok")?,
                    "DATA" => {
                        self.step(&mut stream, At::Data, "354 go on")?;
                        self.content(&mut stream)?;
                    }
                    _ => {
                        let _ = say(&mut stream, "221 bye");
                        return Err::<(), Over>(Over);
                    }
                }
            }
        });
    }

    fn content(&self, stream: &mut Stream) -> Result<(), Over> {
        let mut content = String::new();
        loop {
            if matches!(self.script, Some((At::Content, _))) && !content.is_empty() {
                self.step(stream, At::Content, "")?;
            }
            let line = line(stream)?;
            if line == ".\r\n" {
                break;
            }
            content.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        let refused = matches!(self.script, Some((At::Dot, Does::Say(words))) if !words.starts_with('2'));
        if !refused {
            self.taken.lock().unwrap().push(content);
        }
        self.step(stream, At::Dot, "250 taken")
    }

    /// Says what it usually says here, or does as the script has it.
    fn step(&self, stream: &mut Stream, at: At, usual: &str) -> Result<(), Over> {
        let Some((_, does)) = self.script.filter(|(where_, _)| *where_ == at) else { return say(stream, usual) };
        let _ = self.tell.send(at);
        match does {
            Does::Say(words) => say(stream, words),
            Does::HangUp => Err(Over),
            Does::Silent => {
                while line(stream).is_ok() {}
                Err(Over)
            }
            Does::Drip => loop {
                stream.get_mut().write_all(b"2").map_err(|_| Over)?;
                stream.get_mut().flush().map_err(|_| Over)?;
                std::thread::sleep(Duration::from_millis(20));
            },
        }
    }
}

fn say(stream: &mut Stream, words: &str) -> Result<(), Over> {
    let out = stream.get_mut();
    out.write_all(format!("{words}\r\n").as_bytes()).and_then(|()| out.flush()).map_err(|_| Over)
}

fn line(stream: &mut Stream) -> Result<String, Over> {
    let mut line = String::new();
    match stream.read_line(&mut line) {
        Ok(n) if n > 0 => Ok(line),
        _ => Err(Over),
    }
}
