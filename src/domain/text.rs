//! Text from outside made visible-safe: nothing in a name can move the cursor, turn the line round or hide itself.

use std::borrow::Cow;

/// What stands where something was that must not reach a screen.
pub const MARK: char = '\u{fffd}';

/// The text with every control, bidi, zero-width and otherwise invisible character replaced by [`MARK`]; tabs and
/// line breaks become a visible sign too, so that one value stays on one line. Pictures that terminals give different
/// widths are shown in their plainest form: a flag as its two letters, a family as its members, a heart without the
/// sign that colours it; else what stands to their right is drawn a column off. Borrowed where nothing had to change.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) || !text.chars().any(|c| is_unsafe(c) || is_uncertain(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut last = ' ';
    for c in text.chars() {
        match c {
            '\u{200d}' if is_picture(last) => {} // joins two pictures; elsewhere it hides
            '\u{1f1e6}'..='\u{1f1ff}' => out.extend(char::from_u32(c as u32 - 0x1f1e6 + 'A' as u32)),
            c if is_uncertain(c) => {}
            c if is_unsafe(c) => out.push(stand_in(c)),
            c => out.push(c),
        }
        last = c;
    }
    Cow::Owned(out)
}

/// Signs that change how a picture before them looks, and letters of flags: no two terminals agree on their width.
fn is_uncertain(c: char) -> bool {
    matches!(c, '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}')
}

/// Whether `c` could be read by a terminal as a command or would not be seen where it stands.
pub fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\u{00}'..='\u{1f}' | '\u{7f}'..='\u{9f}'                      // C0, DEL, C1
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'    // soft hyphen, joiner, Arabic mark, Hangul fillers
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'             // Mongolian selectors, zero-width and direction marks
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'             // separators, embeddings, overrides, isolates
        | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}' // filler, selectors, byte order mark
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'           // interlinear marks, tags
        | '\u{e000}'..='\u{f8ff}') // private use: no font shows it
}

fn stand_in(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => '·',
        _ => MARK,
    }
}

/// The text in lower case without the accents of Latin letters, for searching: `Bólido` is found by `bolido`.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Whether two texts differ in nothing but case, accents and spaces.
pub fn same_words(a: &str, b: &str) -> bool {
    let words = |text: &str| fold(text).split_whitespace().collect::<Vec<_>>().join(" ");
    a == b || words(a) == words(b)
}

/// Whether two texts name one thing: case, accents, spaces and punctuation make no difference, but a sign between two
/// digits does, for M8 x 1.25 is not M8 x 12.5.
pub fn same_name(a: &str, b: &str) -> bool {
    a == b || bare(a) == bare(b)
}

/// Letters and digits, folded; between two digits that stood apart one blank.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut apart = false;
    for c in fold(text).chars() {
        if !c.is_alphanumeric() {
            apart = true;
            continue;
        }
        if apart && c.is_numeric() && out.ends_with(char::is_numeric) {
            out.push(' ');
        }
        out.push(c);
        apart = false;
    }
    out
}

/// Appends the folded text to `out`; see [`fold`].
pub fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.extend(text.chars().map(|c| c.to_ascii_lowercase()));
        return;
    }
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'æ' => out.push_str("ae"),
            'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => out.push('c'),
            'ď' | 'đ' | 'ð' => out.push('d'),
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => out.push('e'),
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => out.push('g'),
            'ì'..='ï' | 'ī' | 'ĭ' | 'į' | 'ı' => out.push('i'),
            'ł' | 'ľ' | 'ĺ' | 'ļ' => out.push('l'),
            'ñ' | 'ń' | 'ň' | 'ņ' => out.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => out.push('o'),
            'œ' => out.push_str("oe"),
            'ŕ' | 'ř' | 'ŗ' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ť' | 'ţ' | 'ț' => out.push('t'),
            'ù'..='ü' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            '\u{300}'..='\u{36f}' => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_spelled_in_several_ways() {
        for (a, b, same) in [
            ("V-riem Corsa 1993", "v.riem  corsa (1993)", true),
            ("Wäscheklammer", "WASCHEKLAMMER", true),
            ("Bout M8 x 1.25", "Bout M8 x 12.5", false),
            ("Bout M8 x 1.25", "bout M8x1,25", true),
            ("Accu Corolla 2000", "Bougie 208 2000", false),
        ] {
            assert_eq!(same_name(a, b), same, "{a} and {b}");
        }
    }

    #[test]
    fn nothing_that_commands_a_terminal_passes() {
        for (raw, shown) in [
            ("Chang 24 x 12 oz", "Chang 24 x 12 oz"),
            ("a\u{1b}[31mred", "a\u{fffd}[31mred"),
            ("two\nlines\tand", "two·lines·and"),
            ("gro\u{202e}fdp.exe", "gro\u{fffd}fdp.exe"),
            ("zero\u{200b}width", "zero\u{fffd}width"),
            ("Königlich Essen", "Königlich Essen"),
            ("c1\u{9b}2J", "c1\u{fffd}2J"),
            ("محل", "محل"),
            ("flag \u{1f1f3}\u{1f1f1}", "flag NL"),
            ("tea \u{2615}\u{fe0f} 3\u{fe0f}\u{20e3}", "tea \u{2615} 3"),
            ("\u{1f469}\u{200d}\u{1f467}\u{1f3fd}", "\u{1f469}\u{1f467}"),
            ("a\u{200d}b", "a\u{fffd}b"),
        ] {
            assert_eq!(visible(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn folding_finds_names_without_their_accents() {
        for (raw, folded) in
            [("Bólido", "bolido"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("Łódź", "lodz"), ("e\u{301}", "e")]
        {
            assert_eq!(fold(raw), folded);
        }
    }
}
