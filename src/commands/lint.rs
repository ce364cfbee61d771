//! `offprint lint`, and the same before a report is filed: contradictions stop it, words are told.

use super::{DIFFERENT, DONE};
use crate::cli::LintArgs;
use crate::compare::Folder;
use crate::config::{self, Form};
use crate::error::{Problem, Problems, Result};
use crate::files;
use crate::lint::{self, Files, Finding, Told};

/// Looks for contradictions in a version's folder.
pub(super) fn lint(args: &LintArgs) -> Result<u8> {
    let folder = Folder::read(&args.dir)?;
    let found = of_folder(&folder)?;
    if args.json {
        let json = serde_json::to_string_pretty(&found);
        super::print(&json.map_err(|error| Problem::new(format!("cannot be written as JSON: {error}")))?)?;
    } else {
        for one in &found {
            let kind = if one.warning { "warning" } else { "error" };
            let path = files::shown(&folder.path.join(&one.file));
            super::print(&format!("{kind}: {}\n  --> {path}:{}\n  hint: {}", one.what, one.line, one.hint))?;
        }
        let errors = found.iter().filter(|one| !one.warning).count();
        let words = found.len() - errors;
        super::print(&format!("{}: contradictions {errors}, matters of wording {words}", folder.name))?;
    }
    Ok(if found.is_empty() { DONE } else { DIFFERENT })
}

/// What a version's folder says against itself, told by its own config.
pub(super) fn of_folder(folder: &Folder) -> Result<Vec<Finding>> {
    let shown = files::shown(&folder.path.join("config.yaml"));
    let text = folder.text("config.yaml");
    let text = text.ok_or_else(|| Problem::new("the folder has no text `config.yaml`").file(&shown))?;
    Ok(lint::check(&folder.files, &told(&config::load(&shown, text)?.form)))
}

/// What a study tells its linter.
fn told(form: &Form) -> Told {
    let lint = &form.study().lint;
    let outcomes = match form {
        Form::Survey(config) => {
            config.outcomes.iter().map(|o| [o.id.clone(), o.label.clone(), o.short.clone()]).collect()
        }
        Form::Dataset(dataset) => {
            dataset.outcomes.iter().map(|o| [o.id.clone(), o.label.clone(), o.short.clone()]).collect()
        }
    };
    // A paper's title is not this report's claim.
    let titles = [&form.study().citation, &form.study().title].into_iter().filter(|title| !title.is_empty());
    Told { causal: lint.causal.clone(), allow: lint.allow.iter().chain(titles).cloned().collect(), outcomes }
}

/// Stops what contradicts itself; nothing is filed then. Wording is told and stops nothing.
///
/// # Errors
/// Every contradiction, with file, line and hint.
pub(super) fn before_filing(form: &Form, bundle: &Files, say: &dyn Fn(&str)) -> Result<()> {
    let mut problems = Problems::default();
    for found in lint::check(bundle, &told(form)) {
        if found.warning {
            say(&format!("warning: {}:{}: {} ({})", found.file, found.line, found.what, found.hint));
            continue;
        }
        let problem = Problem::new(format!("the report contradicts itself: {}", found.what));
        problems.push(problem.file(found.file).line(found.line as u64).hint(found.hint));
    }
    problems.or(())
}
