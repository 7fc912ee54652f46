//! What belongs to the machine and its user, not to the warehouse: `config.toml` in the platform's config folder.

use super::paths;
use crate::store::{Failure, Result};
use crate::tui::keymap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The file's content. What is missing has its default; what nobody knows is refused with its name.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Machine {
    /// The warehouse file to open where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<PathBuf>,
    /// The name that stands in the record, in place of the login name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The command that prints what it is given, such as `lp` or `lp -d dock`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print: Option<String>,
    /// What that command is given: `pdf` (else) or `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print_as: Option<String>,
    /// Other keys than the program came with, by command: `"backorders.contact" = "F7"`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, String>,
}

/// Reads it; none there is the same as an empty one.
pub fn load() -> Result<Machine> {
    let path = paths::config()?;
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text)
            .map_err(|e| Failure::usage(format!("{} cannot be used: {}", path.display(), e.to_string().trim()))),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Machine::default()),
        Err(e) => Err(Failure::usage(format!("{} cannot be read: {e}.", path.display()))),
    }
}

/// Changes it: written beside its place, then put there.
pub fn change(change: impl FnOnce(&mut Machine)) -> Result<()> {
    let path = paths::config()?;
    let mut machine = load()?;
    change(&mut machine);
    let text = toml::to_string(&machine).map_err(|e| Failure::Broken(e.into()))?;
    let folder = path.parent().map(std::path::Path::to_path_buf).unwrap_or_default();
    let failed = |e: std::io::Error| Failure::usage(format!("{} cannot be written: {e}.", path.display()));
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&path).map_err(|e| failed(e.error))?;
    Ok(())
}

/// Puts another key in force and keeps it; a blank one brings back what the program came with. Answers what is so now.
pub fn keep_key(name: &str, key: &str) -> std::result::Result<String, String> {
    let said = |failure: Failure| failure.to_string();
    let mut keys = load().map_err(said)?.keys;
    if key.is_empty() || keymap::usual_key(name) == Some(key) {
        keys.remove(name);
    } else {
        keys.insert(name.to_string(), key.to_string());
    }
    keymap::install(&keys)?;
    change(|machine| machine.keys = keys).map_err(said)?;
    let now = if key.is_empty() { keymap::usual_key(name).unwrap_or("") } else { key };
    Ok(format!("The key for {} is {now} now.", keymap::label_of(name)))
}

/// Puts the kept keys in force. Those that cannot be are left as they usually are, and said: a key that a newer version
/// needs itself never keeps anybody from working.
pub fn use_keys() -> Result<Option<String>> {
    let (mut fits, mut left) = (BTreeMap::new(), Vec::new());
    for (name, key) in load()?.keys {
        fits.insert(name.clone(), key);
        if let Err(why) = keymap::install(&fits) {
            fits.remove(&name);
            left.push(why);
        }
    }
    if left.is_empty() {
        return Ok(None);
    }
    keymap::install(&fits).map_err(Failure::usage)?;
    Ok(Some(format!(
        "Some keys of your own are not in force ({}, [keys]): {}",
        paths::config()?.display(),
        left.join(" ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_an_unknown_line_is_refused() {
        let keys = BTreeMap::from([("backorders.contact".to_string(), "F7".to_string())]);
        let machine = Machine {
            warehouse: Some("/srv/w.db".into()),
            operator: Some("K. Brandt".into()),
            print: Some("lp".into()),
            keys,
            ..Machine::default()
        };
        let text = toml::to_string(&machine).unwrap();
        assert_eq!(toml::from_str::<Machine>(&text).unwrap(), machine);
        assert!(toml::from_str::<Machine>("wharehouse = \"x\"").is_err());
        assert_eq!(toml::from_str::<Machine>("").unwrap(), Machine::default());
    }
}
