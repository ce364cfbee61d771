//! `offprint list`: the versions on file.

use super::DONE;
use crate::cli::Common;
use crate::error::Result;
use crate::store;

/// Prints one line per version.
pub(super) fn list(common: &Common) -> Result<u8> {
    for version in store::list(&common.output)? {
        super::print(&format!("{version}"))?;
    }
    Ok(DONE)
}
