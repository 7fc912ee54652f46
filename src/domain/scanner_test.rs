//! What a scan looks like as it arrives: how fast, ended by what, begun by what; and whether another keyboard layout or
//! Caps Lock has changed it. Pure: the keys and the gaps between them come from outside.

use super::scan::{Check, check};

/// A code to print as a barcode and scan: each way to get it wrong changes it in its own way.
pub const TEST_CODE: &str = "BKS-YZ.QA:WM/0123456789";

/// A key as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Key {
    Char(char),
    /// A key with a name: `Enter`, `F11`, `Ctrl-5`.
    Named(String),
}

/// One scan: the keys, each with the milliseconds since the one before it.
pub type Sample = Vec<(Key, u64)>;

/// What it shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The characters between what frames them.
    pub code: String,
    /// The code as it was meant, where that is another.
    pub meant: Option<String>,
    /// Sentences: what was seen, then what to set.
    pub lines: Vec<String>,
    /// Nothing has to be set.
    pub fine: bool,
}

/// Between two keys of a scan; slower than this it is taken for typing.
const FAST: u64 = 30;

/// The unshifted digit row of AZERTY, 1 to 9 and 0.
const AZERTY_DIGITS: &str = "&é\"'(-è_çà";

/// What a German keyboard makes of the signs that a US scanner means, and of Y and Z.
const QWERTZ: [(char, char); 16] = [
    ('z', 'y'),
    ('y', 'z'),
    ('Z', 'Y'),
    ('Y', 'Z'),
    ('ß', '-'),
    ('?', '_'),
    ('Ö', ':'),
    ('ö', ';'),
    ('-', '/'),
    ('_', '?'),
    ('Ä', '"'),
    ('ä', '\''),
    ('ü', '['),
    (')', '('),
    ('=', ')'),
    ('`', '+'),
];

/// What a French keyboard makes of letters and signs.
const AZERTY: [(char, char); 14] = [
    ('a', 'q'),
    ('q', 'a'),
    ('z', 'w'),
    ('w', 'z'),
    ('A', 'Q'),
    ('Q', 'A'),
    ('Z', 'W'),
    ('W', 'Z'),
    (',', 'm'),
    ('?', 'M'),
    (':', '.'),
    ('!', '/'),
    (')', '-'),
    ('M', ':'),
];

/// The code as a scanner set to a US keyboard meant it, typed into a German one.
pub fn from_qwertz(code: &str) -> String {
    code.chars().map(|c| QWERTZ.iter().find(|(got, _)| *got == c).map_or(c, |(_, meant)| *meant)).collect()
}

/// The same, typed into a French one. Shifted digits come out as digits and are left so.
pub fn from_azerty(code: &str) -> String {
    let digit = |c: char| AZERTY_DIGITS.chars().position(|d| d == c).map(|n| ((n as u8 + 1) % 10 + b'0') as char);
    code.chars()
        .map(|c| digit(c).or_else(|| AZERTY.iter().find(|(got, _)| *got == c).map(|(_, meant)| *meant)).unwrap_or(c))
        .collect()
}

fn swapped_case(code: &str) -> String {
    let swap = |c: char| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    code.chars().map(swap).collect()
}

/// What a sample shows. `known` says whether something here has that code; `prefix` is the key that the setting names.
pub fn examine(sample: &Sample, prefix: Option<&str>, mut known: impl FnMut(&str) -> bool) -> Found {
    let mut keys: Vec<&Key> = sample.iter().map(|(k, _)| k).collect();
    let mut lines = Vec::new();
    let mut todo = Vec::new();
    let end = match keys.last() {
        Some(Key::Named(name)) if name == "Enter" || name == "Tab" => {
            keys.pop();
            Some(name.clone())
        }
        _ => None,
    };
    let first = match (keys.first(), prefix) {
        (Some(Key::Named(name)), _) => Some(name.clone()),
        (Some(Key::Char(c)), Some(sign)) if sign == c.to_string() => Some(sign.to_string()),
        _ => None,
    };
    if first.is_some() {
        keys.remove(0);
    }
    let gs = |name: &str| matches!(name, "Ctrl-5" | "Ctrl-]");
    let code: String = keys
        .iter()
        .filter_map(|k| match k {
            Key::Char(c) => Some(*c),
            Key::Named(name) => gs(name).then_some('\u{1d}'),
        })
        .collect();
    let others: Vec<&str> = keys
        .iter()
        .filter_map(|k| match k {
            Key::Named(name) if !gs(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let shown = code.replace('\u{1d}', "<GS>");
    lines.push(format!("It sent {} characters: {shown}", code.chars().count()));
    let mut gaps: Vec<u64> = sample.iter().skip(1).map(|(_, gap)| *gap).collect();
    gaps.sort_unstable();
    let (usual, most) = (gaps.get(gaps.len() / 2).copied().unwrap_or(0), gaps.last().copied().unwrap_or(0));
    lines.push(format!("Between two keys {usual} ms, at most {most} ms."));
    match &end {
        Some(name) => lines.push(format!("{name} ends it.")),
        None => todo.push(
            "Nothing ends it: set the scanner to send Enter (CR) after each code, else it is never taken.".to_string(),
        ),
    }
    match (&first, prefix) {
        (Some(name), Some(set)) if name == set => lines.push(format!("{name} begins it, as the setting says.")),
        (Some(name), _) => {
            lines.push(format!("{name} begins it."));
            todo.push(format!("backshelf set scanner.prefix {name}   makes scans exact at any speed."));
        }
        (None, Some(set)) => todo.push(format!(
            "The setting expects {set} first and it did not come: set the scanner to send it, or backshelf set scanner.prefix \"\"."
        )),
        (None, None) if most > FAST => todo.push(
            "That is slower than a scan is told by: set the scanner to no delay between characters, or let it send a key \
             first (F11, ~) and name it: backshelf set scanner.prefix F11."
                .to_string(),
        ),
        (None, None) => {}
    }
    if !others.is_empty() {
        lines.push(format!("Other keys in it: {}. They are passed over.", others.join(", ")));
    }
    let meant = meant(&code, &mut known);
    if let Some((meant, why)) = &meant {
        lines.push(format!("It was meant to be {meant}."));
        todo.push((*why).to_string());
    } else if known(&code) {
        lines.push("Something here has that code.".into());
    } else if let Check::Wrong(digit) = check(&code) {
        lines.push(format!("Its last digit would have to be {digit}: misread, or no retail number."));
    }
    let fine = todo.is_empty();
    if fine {
        lines.push("All is well: nothing has to be set.".into());
    }
    lines.extend(todo);
    Found { code, meant: meant.map(|m| m.0), lines, fine }
}

/// What the code was meant to be, where a layout or Caps Lock changed it, and the sentence what to set.
fn meant(code: &str, known: &mut impl FnMut(&str) -> bool) -> Option<(String, &'static str)> {
    const LAYOUT_DE: &str = "The keyboard is German (QWERTZ) and the scanner types as a US one: set the scanner's keyboard to German, \
                             or this computer's to US.";
    const LAYOUT_FR: &str = "The keyboard is French (AZERTY) and the scanner types as a US one: set the scanner's keyboard to French, \
                             or this computer's to US.";
    const CAPS: &str = "Caps Lock is on, or the scanner turns capitals round: switch that off.";
    if code == TEST_CODE || known(code) {
        return None;
    }
    let azerty = from_azerty(code);
    let retail = |c: &str| matches!(c.len(), 8 | 12 | 13 | 14) && check(c) == Check::Fits;
    let tries = [(azerty.clone(), LAYOUT_FR), (from_qwertz(code), LAYOUT_DE), (swapped_case(code), CAPS)];
    let certain = tries.iter().find(|(c, _)| c != code && (c == TEST_CODE || known(c)));
    if let Some((meant, why)) = certain {
        return Some((meant.clone(), why));
    }
    if azerty != code && retail(&azerty) {
        return Some((azerty, LAYOUT_FR));
    }
    let label = ["bin", "it", "po", "us"].iter().any(|p| code.starts_with(p)) && code.len() > 3;
    let upper = swapped_case(code);
    (label && !code.contains(|c: char| c.is_uppercase())).then_some((upper, CAPS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(text: &str, gap: u64, end: &str) -> Sample {
        let mut keys: Sample = text.chars().map(|c| (Key::Char(c), gap)).collect();
        if !end.is_empty() {
            keys.push((Key::Named(end.into()), gap));
        }
        keys
    }
    fn said(found: &Found) -> String {
        found.lines.join(" ")
    }

    #[test]
    fn a_good_scanner_is_told_so() {
        let found = examine(&sample("4006381333931", 2, "Enter"), None, |_| false);
        assert!(found.fine, "{found:?}");
        assert!(said(&found).contains("13 characters: 4006381333931") && said(&found).contains("Enter ends it"));
    }

    #[test]
    fn what_is_missing_is_said_with_what_to_set() {
        for (sample, prefix, words) in [
            (sample("4006381333931", 2, ""), None, "Nothing ends it"),
            (sample("4006381333931", 60, "Enter"), None, "slower than a scan"),
            (sample("4006381333931", 2, "Tab"), Some("F11"), "expects F11 first"),
        ] {
            let found = examine(&sample, prefix, |_| false);
            assert!(!found.fine && said(&found).contains(words), "{found:?}");
        }
        let mut with_key = sample("4006381333931", 2, "Enter");
        with_key.insert(0, (Key::Named("F11".into()), 0));
        let found = examine(&with_key, None, |_| false);
        assert!(said(&found).contains("set scanner.prefix F11"), "{found:?}");
        assert!(examine(&with_key, Some("F11"), |_| false).fine);
    }

    #[test]
    fn another_keyboard_and_caps_lock_are_recognised() {
        for (typed, words) in [
            ("BKSßZY.QAÖWM-0123456789", "German"),
            ("BKS)YW:AQMZ?!à&é\"'(-è_ç", "French"),
            ("bks-yz.qa:wm/0123456789", "Caps Lock"),
            ("'àà-\"_&\"\"\"ç\"&", "French"),
            ("bina1-04", "Caps Lock"),
        ] {
            let found = examine(&sample(typed, 2, "Enter"), None, |_| false);
            assert!(said(&found).contains(words), "{typed}: {found:?}");
        }
        assert_eq!(from_azerty("'àà-\"_&\"\"\"ç\"&"), "4006381333931");
        // A code of the warehouse tells it too.
        let found = examine(&sample("AßYZ", 2, "Enter"), None, |c| c == "A-ZY");
        assert_eq!(found.meant.as_deref(), Some("A-ZY"));
        assert!(examine(&sample(TEST_CODE, 2, "Enter"), None, |_| false).fine);
    }

    #[test]
    fn separators_of_gs1_are_shown() {
        let mut keys = sample("]C110L42", 2, "");
        keys.push((Key::Named("Ctrl-5".into()), 2));
        keys.extend(sample("3724", 2, "Enter"));
        let found = examine(&keys, None, |_| false);
        assert!(said(&found).contains("]C110L42<GS>3724") && found.fine, "{found:?}");
    }
}
