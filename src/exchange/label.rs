//! Labels on their way to a printer: ZPL for label printers, a page of HTML for any other. The bars are Code 128, set B
//! (ISO/IEC 15417): every printable ASCII character, which is what our own labels are made of.

use super::paper::western;
use crate::domain::layout::clip;
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};
use std::io::{self, Write};

/// One label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// What the scanner reads.
    pub code: String,
    /// The large line: a bin, an item's name.
    pub title: String,
    /// The small line.
    pub detail: String,
}

/// Widths of bars and gaps, alternating, of the values 0 to 105; then the stop sign.
const PATTERNS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];
const START_B: usize = 104;
const STOP: usize = 106;
/// Blank modules at either side that a scanner needs.
const QUIET: u32 = 10;

/// The values of a code with its start, check and stop; `None` where set B has no sign for a character.
fn values(code: &str) -> Option<Vec<usize>> {
    let data: Option<Vec<usize>> = code.bytes().map(|b| (32..127).contains(&b).then(|| usize::from(b) - 32)).collect();
    let data = data.filter(|d| !d.is_empty())?;
    let sum: usize = data.iter().enumerate().map(|(at, value)| (at + 1) * value).sum();
    let check = (START_B + sum) % 103;
    Some([START_B].into_iter().chain(data).chain([check, STOP]).collect())
}

/// Whether a code can be printed as bars.
pub fn can_print(code: &str) -> bool {
    values(code).is_some()
}

/// The bars: where each begins and how wide it is, in modules, and the width of the whole.
fn bars(code: &str) -> Option<(Vec<(u32, u32)>, u32)> {
    let (mut out, mut x) = (Vec::new(), QUIET);
    for value in values(code)? {
        for (n, width) in PATTERNS.get(value)?.bytes().enumerate() {
            let width = u32::from(width - b'0');
            if n % 2 == 0 {
                out.push((x, width));
            }
            x += width;
        }
    }
    Some((out, x + QUIET))
}

/// Field data of ZPL: what its commands begin with, and its own escape, as hexadecimal (`^FH`).
fn field(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '^' => out.push_str("_5E"),
            '~' => out.push_str("_7E"),
            '_' => out.push_str("_5F"),
            c => out.push(c),
        }
    }
    out
}

/// Labels for a printer that speaks ZPL: 203 dots an inch, 4 by 2 inches or larger.
pub fn zpl(labels: &[Label], out: &mut dyn Write) -> io::Result<()> {
    for label in labels {
        let title: String = label.title.chars().take(34).collect();
        let detail: String = label.detail.chars().take(50).collect();
        // In bar code data of ^BC the sign > begins a command; >0 is the sign itself.
        let code = field(&label.code).replace('>', ">0");
        writeln!(out, "^XA^CI28")?;
        writeln!(out, "^FO30,30^A0N,50,45^FH^FD{}^FS", field(&title))?;
        writeln!(out, "^FO30,90^A0N,30,28^FH^FD{}^FS", field(&detail))?;
        writeln!(out, "^FO30,140^BY2^BCN,140,Y,N,N^FH^FD{code}^FS")?;
        writeln!(out, "^XZ")?;
    }
    Ok(())
}

/// Text that HTML takes for text.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Labels as a page to print from any browser: two columns of 90 by 34 mm.
pub fn html(labels: &[Label], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Labels</title>\n<style>\
         body{{margin:8mm;font-family:sans-serif}}\
         .label{{display:inline-block;width:90mm;height:34mm;margin:1mm;padding:2mm;box-sizing:border-box;\
         border:0.2mm solid #999;overflow:hidden;page-break-inside:avoid}}\
         .title{{font-size:5mm;font-weight:bold;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}\
         .detail{{font-size:3mm;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}}\
         svg{{width:84mm;height:14mm;display:block}}\
         .code{{font-size:3mm;font-family:monospace;text-align:center}}</style></head><body>"
    )?;
    for label in labels {
        let Some((bars, width)) = bars(&label.code) else { continue };
        write!(
            out,
            "<div class=\"label\"><div class=\"title\">{}</div><div class=\"detail\">{}</div>\
             <svg viewBox=\"0 0 {width} 20\" preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\">",
            escaped(&label.title),
            escaped(&label.detail)
        )?;
        for (x, w) in bars {
            write!(out, "<rect x=\"{x}\" y=\"0\" width=\"{w}\" height=\"20\"/>")?;
        }
        writeln!(out, "</svg><div class=\"code\">{}</div></div>", escaped(&label.code))?;
    }
    writeln!(out, "</body></html>")
}

/// Labels as a PDF for any printer: two columns of eight on A4, 95 by 34 mm each.
pub fn pdf(labels: &[Label]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let pages: Vec<&[Label]> = labels.chunks(ACROSS * DOWN).collect();
    let id = |n: usize| Ref::new(i32::try_from(n).unwrap_or(i32::MAX));
    let (catalog, tree, font, bold, first) = (id(1), id(2), id(3), id(4), 5);
    pdf.catalog(catalog).pages(tree);
    let kids = (0..pages.len()).map(|n| id(first + 2 * n));
    pdf.pages(tree).kids(kids).count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    pdf.type1_font(font).base_font(Name(b"Courier")).encoding_predefined(Name(b"WinAnsiEncoding"));
    pdf.type1_font(bold).base_font(Name(b"Courier-Bold")).encoding_predefined(Name(b"WinAnsiEncoding"));
    for (n, page) in pages.iter().enumerate() {
        let (page_id, content_id) = (id(first + 2 * n), id(first + 2 * n + 1));
        let mut sheet = pdf.page(page_id);
        sheet.media_box(Rect::new(0.0, 0.0, 595.0, 842.0)).parent(tree).contents(content_id);
        sheet.resources().fonts().pair(Name(b"F"), font).pair(Name(b"B"), bold);
        sheet.finish();
        let mut content = Content::new();
        for (at, label) in page.iter().enumerate() {
            let (column, row) = (at % ACROSS, at / ACROSS);
            draw(&mut content, label, 27.0 + column as f32 * CELL.0, 842.0 - 36.0 - (row + 1) as f32 * CELL.1);
        }
        pdf.stream(content_id, &content.finish());
    }
    pdf.finish()
}

/// Labels across and down a page, and the size of one in points.
const ACROSS: usize = 2;
const DOWN: usize = 8;
const CELL: (f32, f32) = (270.0, 96.0);

/// One label whose lower left corner is there.
fn draw(content: &mut Content, label: &Label, x: f32, y: f32) {
    let mut line = |face: &[u8], size: f32, dy: f32, text: &str, most: usize| {
        content.begin_text().set_font(Name(face), size).next_line(x + 8.0, y + dy);
        content.show(Str(&western(&clip(text, most)))).end_text();
    };
    line(b"B", 13.0, 76.0, &label.title, 32);
    line(b"F", 9.0, 63.0, &label.detail, 46);
    line(b"F", 9.0, 10.0, &label.code, 46);
    let Some((bars, width)) = bars(&label.code) else { return };
    let module = ((CELL.0 - 16.0) / width as f32).min(1.4);
    for (from, wide) in bars {
        content.rect(x + 8.0 + from as f32 * module, y + 22.0, wide as f32 * module, 36.0);
    }
    content.fill_nonzero();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_sign_is_eleven_modules_with_an_even_number_of_black_ones_and_like_no_other() {
        for pattern in PATTERNS.iter().take(STOP) {
            let widths: Vec<u32> = pattern.bytes().map(|b| u32::from(b - b'0')).collect();
            assert_eq!(widths.iter().sum::<u32>(), 11, "{pattern}");
            assert_eq!(widths.iter().step_by(2).sum::<u32>() % 2, 0, "{pattern}");
        }
        assert_eq!(PATTERNS.iter().collect::<BTreeSet<_>>().len(), PATTERNS.len());
    }

    #[test]
    fn the_check_sign_follows_the_standards_rule() {
        // ISO/IEC 15417: the start value and each value times its place, modulo 103.
        let values = values("PJJ123C").unwrap();
        assert_eq!(values[..4], [START_B, 48, 42, 42]);
        assert_eq!(values[values.len() - 2], (104 + 48 + 2 * 42 + 3 * 42 + 4 * 17 + 5 * 18 + 6 * 19 + 7 * 35) % 103);
        assert_eq!((can_print("BINA1-04"), can_print("Bólido"), can_print("")), (true, false, false));
    }

    #[test]
    fn a_pdf_has_a_page_for_every_sixteen() {
        let label = |n: usize| Label { code: format!("BINA{n}"), title: "Bólido (x)".into(), detail: String::new() };
        let bytes = pdf(&(0..17).map(label).collect::<Vec<_>>());
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with("%PDF-") && text.contains("/Count 2"), "{}", &text[..200]);
        assert!(text.contains("(BINA16)"));
    }

    #[test]
    fn what_a_printer_or_a_browser_would_obey_is_text() {
        let label = Label { code: "ITA>B^C_".into(), title: "<b>^XZ~".into(), detail: "a\u{1b}\"&".into() };
        let (mut z, mut h) = (Vec::new(), Vec::new());
        zpl(std::slice::from_ref(&label), &mut z).unwrap();
        html(&[label], &mut h).unwrap();
        let (z, h) = (String::from_utf8(z).unwrap(), String::from_utf8(h).unwrap());
        assert!(z.contains("^FD<b>_5EXZ_7E^FS") && z.contains("^FDITA>0B_5EC_5F^FS"), "{z}");
        assert!(h.contains("&lt;b&gt;^XZ~") && h.contains("a&quot;&amp;") && !h.contains('\u{1b}'), "{h}");
    }
}
