//! The words that people put above columns; they are data, in `assets/headings.toml`.

use super::content::{Content, Means};
use crate::domain::text::fold;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The file of them. That it can be read, and has words for every meaning, is a test's.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    continental: Vec<String>,
    means: BTreeMap<Means, Vec<String>>,
    named: BTreeMap<Content, Vec<String>>,
}

const FILE: &str = include_str!("../../../assets/headings.toml");

static WORDS: LazyLock<Words> = LazyLock::new(|| toml::from_str(FILE).unwrap_or_default());

/// A heading or word as it is compared: folded, letters and digits only.
pub fn folded(heading: &str) -> String {
    fold(heading).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether the headings are in a language whose decimal sign is the comma.
pub fn continental<'a>(headings: impl Iterator<Item = &'a str>) -> bool {
    headings.map(folded).any(|h| WORDS.continental.contains(&h))
}

/// How well a heading says this meaning: 0 not at all, above 100 in so many words.
pub fn fits(heading: &str, means: Means) -> u32 {
    let heading = folded(heading);
    if heading.is_empty() {
        return 0;
    }
    let all = WORDS.means.get(&means).map_or(&[][..], Vec::as_slice);
    if let Some(at) = all.iter().position(|w| *w == heading) {
        return 200 - (at as u32).min(90);
    }
    // A longer heading that begins or ends with a word of it: `Aantal op 1 nov`, `Interne SKU`.
    let part = |w: &&String| match w.len() {
        0..3 => false,
        3 => heading.ends_with(w.as_str()),
        _ => heading.starts_with(w.as_str()) || heading.ends_with(w.as_str()),
    };
    all.iter().filter(part).map(|w| 40 + w.len() as u32).max().unwrap_or(0)
}

/// How much a file's or sheet's name speaks for a content.
pub fn named(name: &str, content: Content) -> u32 {
    let name = folded(name);
    let words = WORDS.named.get(&content).map_or(&[][..], Vec::as_slice);
    if words.iter().any(|w| if w.len() < 3 { name == *w } else { name.contains(w.as_str()) }) { 120 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_folded_words_for_every_meaning_and_content() {
        let words: Words = toml::from_str(FILE).unwrap_or_else(|e| panic!("{e}"));
        for content in Content::ALL {
            assert!(words.named.get(&content).is_some_and(|w| !w.is_empty()), "{content:?}");
            for (means, _) in content.takes() {
                assert!(words.means.get(means).is_some_and(|w| !w.is_empty()), "{means:?}");
            }
        }
        for (means, all) in &words.means {
            for (n, word) in all.iter().enumerate() {
                assert_eq!(*word, folded(word), "{means:?}");
                assert!(!all[..n].contains(word), "{word} is there twice for {means:?}");
            }
        }
    }

    #[test]
    fn headings_of_six_languages_are_understood() {
        for (heading, means) in [
            ("Art.nr.", Means::Sku),
            ("Artikelnummer", Means::Sku),
            ("Code article", Means::Sku),
            ("Código", Means::Sku),
            ("Codice articolo", Means::Sku),
            ("Part Number", Means::Sku),
            ("Omschrijving", Means::Name),
            ("Bezeichnung", Means::Name),
            ("Désignation", Means::Name),
            ("Descripción", Means::Name),
            ("Descrizione", Means::Name),
            ("Locatie", Means::Bin),
            ("Lagerplatz", Means::Bin),
            ("Emplacement", Means::Bin),
            ("Aantal", Means::Quantity),
            ("Bestand", Means::Quantity),
            ("Quantité", Means::Quantity),
            ("Cantidad", Means::Quantity),
            ("Giacenza", Means::Quantity),
            ("Qty on hand", Means::Quantity),
            ("Aantal op 1 nov", Means::Quantity),
            ("Inkoop", Means::Cost),
            ("EK-Preis", Means::Cost),
            ("Prix d'achat", Means::Cost),
            ("Fournisseur", Means::Supplier),
            ("Liefertermin", Means::PromisedOn),
            ("Inkoopnr", Means::Po),
            ("Besteld", Means::Quantity),
        ] {
            assert!(fits(heading, means) > 0, "{heading} is not taken as {means:?}");
        }
        for heading in ["Kleur", "", "Gewicht"] {
            assert!(
                [Means::Sku, Means::Quantity, Means::Bin, Means::Name].iter().all(|m| fits(heading, *m) == 0),
                "{heading}"
            );
        }
    }
}
