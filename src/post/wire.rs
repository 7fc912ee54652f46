//! The connection to a mail server, in clear or over TLS, that never outlives its deadline: lettre's own limits each
//! read, so a server that drips a byte now and then would hold it for ever, and reads a line without end.

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longer than any line, and any answer, of a server that means well.
const LONGEST_LINE: usize = 4 * 1024;
const LONGEST_ANSWER: usize = 64 * 1024;

/// A socket whose reads and writes all end at one moment.
#[derive(Debug)]
struct Timed {
    socket: TcpStream,
    until: Instant,
}

impl Timed {
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left < Duration::from_millis(1) { Err(ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

impl Read for Timed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(self.left()?)?;
        self.socket.read(into)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(self.left()?)?;
        self.socket.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

#[derive(Debug)]
enum Line {
    Clear(Timed),
    Tls(Box<StreamOwned<ClientConnection, Timed>>),
}

/// An open connection.
#[derive(Debug)]
pub struct Wire {
    line: Line,
    /// Read and not yet asked for.
    read: Vec<u8>,
}

impl Wire {
    /// Connects to the first address that answers; `only_here` leaves out every address but this machine's own.
    pub fn connect(host: &str, port: u16, only_here: bool, until: Instant) -> io::Result<Wire> {
        let mut last = io::Error::new(ErrorKind::NotFound, format!("{host} has no address"));
        let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
        for address in addresses.iter().filter(|a| !only_here || a.ip().is_loopback()) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            match TcpStream::connect_timeout(address, left) {
                Ok(socket) => {
                    socket.set_nodelay(true)?; // each command waits for its answer
                    return Ok(Wire { line: Line::Clear(Timed { socket, until }), read: Vec::new() });
                }
                Err(e) => last = e,
            }
        }
        Err(last)
    }

    /// From here on everything ends at this moment.
    pub fn set_until(&mut self, until: Instant) {
        match &mut self.line {
            Line::Clear(timed) => timed.until = until,
            Line::Tls(stream) => stream.sock.until = until,
        }
    }

    /// Our own address on this connection.
    pub fn local_ip(&self) -> Option<IpAddr> {
        self.socket().local_addr().ok().map(|a| a.ip())
    }

    fn socket(&self) -> &TcpStream {
        match &self.line {
            Line::Clear(timed) => &timed.socket,
            Line::Tls(stream) => &stream.sock.socket,
        }
    }

    /// Encrypts the connection; the certificate must be for this name. What was said in clear before counts no more.
    pub fn encrypt(self, config: Arc<ClientConfig>, name: ServerName<'static>) -> io::Result<Wire> {
        let Line::Clear(mut timed) = self.line else { return Ok(self) };
        let mut tls = ClientConnection::new(config, name).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut timed)?;
        }
        Ok(Wire { line: Line::Tls(Box::new(StreamOwned::new(tls, timed))), read: Vec::new() })
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.line {
            Line::Clear(timed) => timed.write_all(bytes).and_then(|()| timed.flush()),
            Line::Tls(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        }
    }

    /// One answer of the server: lines up to the one without a dash after its code.
    pub fn answer(&mut self) -> io::Result<String> {
        let mut answer = String::new();
        loop {
            let line = self.read_line()?;
            answer.push_str(&String::from_utf8_lossy(&line));
            if answer.len() > LONGEST_ANSWER {
                return Err(io::Error::new(ErrorKind::InvalidData, "the server's answer has no end"));
            }
            if line.get(3) != Some(&b'-') {
                return Ok(answer);
            }
        }
    }

    fn read_line(&mut self) -> io::Result<Vec<u8>> {
        loop {
            if let Some(end) = self.read.iter().position(|b| *b == b'\n') {
                return Ok(self.read.drain(..=end).collect());
            }
            if self.read.len() > LONGEST_LINE {
                return Err(io::Error::new(ErrorKind::InvalidData, "a line of the server has no end"));
            }
            let mut some = [0; 2048];
            let n = match &mut self.line {
                Line::Clear(timed) => timed.read(&mut some),
                Line::Tls(stream) => stream.read(&mut some),
            };
            match n {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(n) => self.read.extend_from_slice(some.get(..n).unwrap_or_default()),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }

    /// Whether the server has hung up, as far as it can be seen without waiting.
    pub fn is_closed(&self) -> bool {
        let socket = self.socket();
        if socket.set_nonblocking(true).is_err() {
            return true;
        }
        let seen = socket.peek(&mut [0]);
        let back = socket.set_nonblocking(false);
        let closed = match seen {
            Ok(n) => n == 0,
            Err(e) => !matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
        };
        closed || back.is_err()
    }
}
