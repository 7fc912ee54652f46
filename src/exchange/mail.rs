//! The bytes of one mail: an RFC 5322 message in ASCII, its body quoted-printable. Everything that comes from data is
//! cleaned first: lettre panics at a line break in a display name and sends an ESC in a subject as it is.

use crate::domain::text::is_unsafe;
use chrono::{DateTime, FixedOffset};
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Mailbox, Message};
use lettre::{Address, message::header};
use std::time::SystemTime;

/// More of a subject or a name than this is cut: no reader shows it, and some servers refuse long headers.
const LONGEST_HEADER: usize = 200;
/// RFC 5321: the longest path, and the longest part before the @.
const LONGEST_ADDRESS: usize = 254;
const LONGEST_LOCAL: usize = 64;

/// A mail address with the name beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Party {
    pub name: Option<String>,
    /// As [`address`] gives it.
    pub address: String,
}

impl Party {
    /// `orders@example.com` or `Backshelf Orders <orders@example.com>`; `None` where it is neither.
    pub fn parse(text: &str) -> Option<Party> {
        let text = text.trim();
        match text.strip_suffix('>').and_then(|t| t.rsplit_once('<')) {
            Some((name, inside)) => {
                let name = one_line(name.trim().trim_matches('"'));
                Some(Party { name: Some(name).filter(|n| !n.is_empty()), address: address(inside)? })
            }
            None => Some(Party { name: None, address: address(text)? }),
        }
    }

    fn mailbox(&self) -> Option<Mailbox> {
        let name = self.name.as_deref().map(one_line).filter(|n| !n.is_empty());
        Some(Mailbox::new(name, address(&self.address)?.parse().ok()?))
    }
}

/// One mail before it is bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    pub from: Party,
    pub reply_to: Option<Party>,
    pub to: Party,
    pub subject: String,
    /// Lines end in LF; what a reader would obey rather than show is left out.
    pub body: String,
    /// With the angle brackets.
    pub message_id: String,
    pub written_at: DateTime<FixedOffset>,
}

/// A plain address in its one form: ASCII, one `@`, nothing that could end a command or begin another recipient;
/// `None` for everything else. Quoted local parts are legal and refused: nobody has one, and attacks do.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, host) = text.rsplit_once('@')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let fits = local.len() <= LONGEST_LOCAL && text.len() <= LONGEST_ADDRESS;
    let dotted = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    let named = host.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    if !(fits && dotted && named && !local.is_empty() && local.chars().all(plain)) {
        return None;
    }
    text.parse::<Address>().ok().map(|a| a.to_string())
}

/// Text for one header: no control, bidi or invisible character, white space as single spaces, not too long.
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let shown: String = spaced.chars().filter(|c| !is_unsafe(*c)).collect();
    let words: Vec<&str> = shown.split(' ').filter(|w| !w.is_empty()).collect();
    let line = words.join(" ");
    if line.chars().count() <= LONGEST_HEADER {
        return line;
    }
    let mut cut: String = line.chars().take(LONGEST_HEADER - 1).collect();
    cut.push('…');
    cut
}

/// Text for a body: line breaks and tabs stay, other controls and what turns a line round go.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_unsafe(*c)).collect();
    let mut lines = kept.trim_end().replace('\n', "\r\n");
    lines.push_str("\r\n");
    lines
}

/// The message; `None` where an address in it is none.
pub fn bytes(draft: &Draft) -> Option<String> {
    let mut message = Message::builder()
        .from(draft.from.mailbox()?)
        .to(draft.to.mailbox()?)
        .subject(one_line(&draft.subject))
        .message_id(Some(draft.message_id.clone()))
        .date(SystemTime::from(draft.written_at))
        .header(header::MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .header(ContentTransferEncoding::QuotedPrintable);
    if let Some(reply_to) = &draft.reply_to {
        message = message.reply_to(reply_to.mailbox()?);
    }
    let formatted = message.body(lines(&draft.body)).ok()?.formatted();
    String::from_utf8(formatted).ok().filter(|text| text.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn draft(name: &str, subject: &str, body: &str) -> Draft {
        Draft {
            from: Party::parse("Backshelf Demo <orders@example.com>").unwrap(),
            reply_to: None,
            to: Party { name: Some(name.into()), address: "m.haynes@example.com".into() },
            subject: subject.into(),
            body: body.into(),
            message_id: "<0123@example.com>".into(),
            written_at: FixedOffset::east_opt(3600).unwrap().with_ymd_and_hms(2026, 11, 23, 9, 12, 0).unwrap(),
        }
    }

    #[test]
    fn a_mail_reads_as_it_was_written() {
        let bytes = bytes(&draft("M. Haynes", "Your order SO-1038", "Dear M. Haynes,\n\nso long.\n.\nRotterdam é\n"));
        let expected = "From: \"Backshelf Demo\" <orders@example.com>\r\nTo: \"M. Haynes\" <m.haynes@example.com>\r\n\
            Subject: Your order SO-1038\r\nMessage-ID: <0123@example.com>\r\nDate: Mon, 23 Nov 2026 08:12:00 +0000\r\n\
            MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\r\nDear M. Haynes,\r\n\r\nso long.\r\n.\r\nRotterdam =C3=A9\r\n";
        assert_eq!(bytes.as_deref(), Some(expected));
    }

    #[test]
    fn only_a_plain_address_is_one() {
        for good in ["a@example.com", "first.last+tag@sub.example.co.uk", " o'neill@example.ie "] {
            assert_eq!(address(good).as_deref(), Some(good.trim()), "{good:?}");
        }
        for bad in [
            "",
            "a",
            "@example.com",
            "a@",
            "a b@example.com",
            "a@exa mple.com",
            "\"Evil\" <x@y>, z@w",
            "a@example.com\r\nBcc: z@w.example",
            "a@example.com>\r\nRCPT TO:<z@w.example",
            "\"a b\"@example.com",
            "<a@example.com>",
            "a@b@example.com",
            "a\u{1b}@example.com",
            "é@example.com",
            "a@exämple.com",
            "a@[127.0.0.1]",
            ".a@example.com",
            "a..b@example.com",
            "a,b@example.com",
            "a@example.com,b@example.com",
        ] {
            assert_eq!(address(bad), None, "{bad:?}");
        }
        assert_eq!(address(&format!("{}@example.com", "a".repeat(65))), None);
    }

    #[test]
    fn a_party_is_an_address_with_or_without_a_name() {
        let party = Party::parse("\"Demo, Ltd\" <orders@example.com>").unwrap();
        assert_eq!((party.name.as_deref(), party.address.as_str()), (Some("Demo, Ltd"), "orders@example.com"));
        assert_eq!(Party::parse("orders@example.com").unwrap().name, None);
        assert_eq!(Party::parse("Demo <orders>"), None);
    }

    /// Names and subjects as attackers (and bad exports) write them.
    fn hostile() -> impl Strategy<Value = String> {
        let nasty = prop::sample::select(vec![
            "\r\nBcc: z@w.example\r\n",
            "\r\n\r\nbody",
            "\u{1b}[2J",
            "\u{202e}",
            "\u{200b}",
            "\"Evil\" <x@y.example>, z@w",
            "=?utf-8?q?=0D=0ABcc:_z?=",
            "\\\"",
            "<>",
            ",",
            "\n.\r\n",
            "é",
            "漢字",
            "\0",
            "\u{7f}",
            "a",
        ]);
        prop_oneof![
            prop::collection::vec(nasty, 0..40).prop_map(|parts| parts.concat()),
            any::<String>(),
            "[a-zé ]{9990,10000}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn hostile_text_breaks_no_header(name in hostile(), subject in hostile(), body in hostile()) {
            let bytes = bytes(&draft(&name, &subject, &body)).expect("hostile text is cleaned, not refused");
            prop_assert!(bytes.bytes().all(|b| (0x20..0x7f).contains(&b) || matches!(b, b'\r' | b'\n' | b'\t')));
            prop_assert!(!bytes.replace("\r\n", "").contains(['\r', '\n']), "a lone CR or LF");
            prop_assert!(bytes.split("\r\n").all(|line| line.len() <= 998));
            let (head, _) = bytes.split_once("\r\n\r\n").unwrap();
            let names: Vec<&str> = head
                .split("\r\n")
                .filter(|line| !line.starts_with([' ', '\t']))
                .map(|line| line.split(':').next().unwrap())
                .collect();
            prop_assert_eq!(names, ["From", "To", "Subject", "Message-ID", "Date", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding"]);
        }
    }
}
