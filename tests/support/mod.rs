//! What the tests share.

pub mod cli;
pub mod floor;
pub mod peer;
pub mod rig;
pub mod session;
pub mod warehouse;

use std::path::PathBuf;

/// The folder of real sample data beside the checkout, if it is there. A test that needs it and finds none
/// says so and passes: the suite must run from a lone clone.
pub fn shared_data() -> Option<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let given = std::env::var_os("BACKSHELF_SHARED").map(PathBuf::from);
    let found = given
        .into_iter()
        .chain([here.join("../shared"), here.join("../../shared")])
        .map(|p| p.join("data"))
        .find(|p| p.is_dir());
    if found.is_none() {
        eprintln!("skipped: the sample data folder (../shared/data) is not here");
    }
    found
}
