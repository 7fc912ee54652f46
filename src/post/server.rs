//! Which server takes the mails, from the settings and the environment; what is missing is said in a sentence.

use crate::ops::outbox;
use crate::ops::settings::Settings;
use lettre::transport::smtp::authentication::Credentials;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

/// Where the password may stand instead of in a file.
pub const PASSWORD: &str = "BACKSHELF_MAIL_PASSWORD";

/// How the connection is encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encryption {
    StartTls,
    Tls,
    /// Only to this machine.
    None,
}

/// A server and how to speak with it.
#[derive(Clone, Debug)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub login: Option<Credentials>,
    pub(super) tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
}

impl Server {
    /// The server that the settings name; `env` reads the environment. What is missing or unsafe is a sentence.
    pub fn of(settings: &Settings, env: impl Fn(&str) -> Option<String>) -> Result<Server, String> {
        if let Some(why) = outbox::not_ready(settings) {
            return Err(why);
        }
        let host = settings.value("mail.host").to_string();
        let encryption = match settings.value("mail.tls") {
            "tls" => Encryption::Tls,
            "none" => Encryption::None,
            _ => Encryption::StartTls,
        };
        if encryption == Encryption::None && !is_loopback(&host) {
            return Err(format!(
                "mail.tls is none and {host} is not this machine: passwords and letters would go in clear. Set mail.tls to starttls or tls."
            ));
        }
        let port = u16::try_from(settings.count("mail.port")).ok().filter(|p| *p > 0).unwrap_or(match encryption {
            Encryption::StartTls => 587,
            Encryption::Tls => 465,
            Encryption::None => 25,
        });
        let login = match settings.text("mail.user") {
            Some(user) => Some(Credentials::new(user.to_string(), password(settings, env)?)),
            None => None,
        };
        let tls = match encryption {
            Encryption::None => None,
            _ => Some(tls(&host, settings.text("mail.ca_file"))?),
        };
        Ok(Server { host, port, encryption, login, tls })
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn password(settings: &Settings, env: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    if let Some(password) = env(PASSWORD).filter(|p| !p.is_empty()) {
        return Ok(password);
    }
    let Some(file) = settings.text("mail.password_file") else {
        return Err(format!(
            "mail.user needs a password: put it into the environment ({PASSWORD}) or into a file of mode 0600 and set mail.password_file."
        ));
    };
    let cannot =
        |e: std::io::Error| format!("The password file {file} cannot be read: {e}. Correct mail.password_file.");
    let path = Path::new(file);
    let about = std::fs::metadata(path).map_err(cannot)?;
    if !only_mine(&about) {
        return Err(format!("Others can read the password file {file}, so it is not used: chmod 600 {file}"));
    }
    let text = std::fs::read_to_string(path).map_err(cannot)?;
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(line.to_string()),
        None => Err(format!("The password file {file} is empty: its first line is the password.")),
    }
}

#[cfg(unix)]
fn only_mine(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    about.is_file() && about.mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn only_mine(about: &std::fs::Metadata) -> bool {
    about.is_file()
}

/// The system's authorities, and the file's where one is named.
fn tls(host: &str, ca_file: Option<&str>) -> Result<(Arc<ClientConfig>, ServerName<'static>), String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = ca_file {
        let wrong = |e: &dyn std::fmt::Display| format!("mail.ca_file {file} cannot be used: {e}. Give a PEM file.");
        let certificates = CertificateDer::pem_file_iter(file).map_err(|e| wrong(&e))?;
        for certificate in certificates {
            roots.add(certificate.map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?;
        }
    }
    if roots.is_empty() {
        return Err(
            "This machine knows no authorities for certificates: install ca-certificates, or set mail.ca_file.".into(),
        );
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| format!("TLS cannot be used: {e}."))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_string())
        .map_err(|_| format!("mail.host {host:?} is no name of a server: correct it (: settings)."))?;
    Ok((Arc::new(config), name))
}
