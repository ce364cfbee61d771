//! `offprint init`: a new study.

use super::DONE;
use crate::error::{Problem, Result};
use crate::files;
use std::path::Path;

/// The shipped templates.
pub(super) const TEMPLATES: [(&str, &str); 3] = [
    ("templates/report.md.j2", include_str!("../../templates/report.md.j2")),
    ("templates/page.html.j2", include_str!("../../templates/page.html.j2")),
    ("templates/dataset.md.j2", include_str!("../../templates/dataset.md.j2")),
];

/// The other files of a new study.
const FILES: [(&str, &str); 3] = [
    ("config.yaml", include_str!("../../config.yaml")),
    ("power.csv", include_str!("../../power.csv")),
    (".gitignore", "/output\n/.offprint\n"),
];

/// Writes them into a new or empty folder.
pub(super) fn init(dir: &Path) -> Result<u8> {
    empty(dir)?;
    for (path, text) in FILES.into_iter().chain(TEMPLATES) {
        let target = dir.join(path);
        if let Some(parent) = target.parent() {
            files::create_dir(parent)?;
        }
        files::write_new(&target, text.as_bytes())?;
        super::print(&format!("{}", target.display()))?;
    }
    Ok(DONE)
}

/// Refuses a folder that holds anything.
pub(super) fn empty(dir: &Path) -> Result<()> {
    let occupied = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    };
    if occupied {
        let problem = Problem::new(format!("`{}` is not an empty or new folder", dir.display()));
        return Err(problem.hint("name a folder that does not exist yet").into());
    }
    Ok(())
}
