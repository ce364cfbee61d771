//! `offprint lint`, and the same before a report is filed, where findings are told and stop nothing.

use super::{DIFFERENT, DONE};
use crate::cli::LintArgs;
use crate::compare::Folder;
use crate::config::{self, Form};
use crate::error::{Problem, Result};
use crate::files;
use crate::lint::{self, Files, Finding, Told};

/// Looks for contradictions in a version's folder.
pub(super) fn lint(args: &LintArgs) -> Result<u8> {
    let folder = Folder::read(&args.dir)?;
    // A linter that does not know its words would be silent on them.
    let shown = files::shown(&folder.path.join("config.yaml"));
    let text = folder.text("config.yaml");
    let text = text.ok_or_else(|| Problem::new("the folder has no text `config.yaml`").file(&shown))?;
    let found = lint::check(&folder.files, &Told::of(&config::load(&shown, text)?.form));
    if args.json {
        let json = serde_json::to_string_pretty(&found);
        super::print(&json.map_err(|error| Problem::new(format!("cannot be written as JSON: {error}")))?)?;
    } else {
        for one in &found {
            let kind = if one.warning { "warning" } else { "error" };
            let path = files::shown(&folder.path.join(&one.file));
            super::print(&format!("{kind}: {}\n  --> {path}:{}\n  hint: {}", one.what, one.place(), one.hint))?;
        }
        let errors = found.iter().filter(|one| !one.warning).count();
        let words = found.len() - errors;
        super::print(&format!("{}: contradictions {errors}, matters of wording {words}", folder.name))?;
    }
    Ok(if found.is_empty() { DONE } else { DIFFERENT })
}

/// What a version's folder says against itself, told by its own config. Without one that can be read (which
/// `verify` says elsewhere) no wording is looked for, and no number by outcome.
pub(super) fn of_folder(folder: &Folder) -> Vec<Finding> {
    let told = folder.text("config.yaml").and_then(|text| config::load("config.yaml", text).ok());
    lint::check(&folder.files, &told.map(|loaded| Told::of(&loaded.form)).unwrap_or_default())
}

/// What a report that is about to be filed says against itself. It is filed all the same: the numbers are
/// the run's, and the reader is told.
pub(super) fn bundle(form: &Form, bundle: &Files) -> Vec<Finding> {
    lint::check(bundle, &Told::of(form))
}

/// A finding in one line.
pub(super) fn line(one: &Finding) -> String {
    format!("{}:{}: {} ({})", one.file, one.place(), one.what, one.hint)
}
