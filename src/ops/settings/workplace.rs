//! Mail, paper, scanners, the screen, and the people before it.

use super::values::Takes;
use super::{Setting, setting};

pub(super) const MAIL: &[Setting] = &[
    setting(
        "mail.host",
        "Server",
        "",
        Takes::Text,
        "The mail server that takes our mails; without it nothing is mailed.",
    ),
    setting(
        "mail.port",
        "Port",
        "",
        Takes::Count(1, 65_535),
        "Its port; without one 587 for starttls, 465 for tls, 25 for none.",
    ),
    setting(
        "mail.tls",
        "Security",
        "starttls",
        Takes::Choice(&["starttls", "tls", "none"]),
        "How the connection is encrypted; none only where the server is this machine.",
    ),
    setting("mail.user", "User", "", Takes::Text, "The name to log in with; without one there is no login."),
    setting(
        "mail.password_file",
        "Password file",
        "",
        Takes::File,
        "A file of mode 0600 with the password; BACKSHELF_MAIL_PASSWORD goes before it.",
    ),
    setting(
        "mail.ca_file",
        "Own authority",
        "",
        Takes::File,
        "A PEM file with your own authority, where the server's certificate is signed by it.",
    ),
    setting("mail.from", "From", "", Takes::Mailbox, "Who the mails come from; a bounce comes back there."),
    setting("mail.reply_to", "Answers go to", "", Takes::Mailbox, "Where answers go, if not to mail.from."),
    setting(
        "mail.phone",
        "Free number in messages",
        "",
        Takes::Text,
        "The number that customers call free of charge, for messages.",
    ),
];

pub(super) const SCANNER: &[Setting] = &[setting(
    "scanner.prefix",
    "Key that comes before a scan",
    "",
    Takes::ScannerKey,
    "The key that the scanner sends before each code: then scans are exact at any speed. Blank: told by their speed; off: not told.",
)];

pub(super) const PRINTING: &[Setting] = &[
    setting(
        "day_end.folder",
        "Folder of the day's exports",
        "",
        Takes::File,
        "Where the exports of the day go: by the command end of day here, or by `backshelf end-of-day` at night; blank: none.",
    ),
    setting(
        "day_end.views",
        "Lists that are exported",
        "stock backorders",
        Takes::Text,
        "Which views that are, as `backshelf export` calls them, blanks between.",
    ),
    setting(
        "day_end.shop",
        "Shop that is told the stock",
        "none",
        Takes::Choice(&["none", "woocommerce", "amazon"]),
        "For which shop the free stock goes with them, in its own layout.",
    ),
];

pub(super) const LOOKS: &[Setting] = &[
    setting(
        "locale",
        "Numbers and dates",
        "iso",
        Takes::Choice(&["iso", "us", "gb", "de", "fr", "nl"]),
        "How figures look, and how figures and days that you type are read. Days are said with their month's name everywhere, never 8/12; files stay ISO.",
    ),
    setting(
        "screen.theme",
        "Colours",
        "auto",
        Takes::Choice(&["auto", "dark", "light", "high-contrast", "plain"]),
        "Colours of the workbench; auto follows the terminal, and NO_COLOR goes before it.",
    ),
    setting("screen.mouse", "Mouse", "yes", Takes::YesNo, "The workbench listens to the mouse."),
];

pub(super) const PEOPLE: &[Setting] = &[setting(
    "people.lock_minutes",
    "Minutes until the screen locks",
    "0",
    Takes::Count(0, 480),
    "Minutes without a key after which the workbench locks itself; 0: never.",
)];
