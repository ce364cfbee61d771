//! A new version beside the one on file before it: what both together tell. Refuses to file where the
//! config says so.

use crate::cli::Common;
use crate::compare::{Folder, History};
use crate::config::{Disclosure, Form, Previous};
use crate::error::{Problem, Result};
use crate::report::Bundle;
use crate::store;
use std::io::{IsTerminal, Write};

/// Looks at the newest whole version on file other than `name`; none where there is no other.
///
/// # Errors
/// The config refuses what two versions together tell.
pub(super) fn previous(common: &Common, form: &Form, name: &str, bundle: &Bundle) -> Result<Option<History>> {
    let rules = disclosure(form);
    let listed = store::list(&common.output)?;
    let title = &form.study().title;
    let other = listed.iter().find(|other| other.name != name && other.problem.is_empty() && other.title == *title);
    let Some(folder) = other.and_then(|other| Folder::read(&common.output.join(&other.name)).ok()) else {
        return Ok(None);
    };
    let history = History::new(name, &bundle.0, &folder, rules.threshold, rules.rounding);
    if rules.previous == Previous::Refuse && !history.flags.is_empty() {
        return Err(refused(&history).into());
    }
    Ok(Some(history))
}

fn refused(history: &History) -> Problem {
    let places = history.flags.len();
    let first = history.flags.first().map(|flag| format!("{} of {} in {}", flag.column, flag.row, flag.file));
    Problem::new(format!(
        "the numbers of this version and of {} together tell a small number of people in {places} places (first: {})",
        history.previous,
        first.unwrap_or_default()
    ))
    .hint("take the table out, use a regime that rounds, or set `disclosure.previous: review` and have a person look")
}

/// Files what was found, and says that a person should look.
///
/// # Errors
/// A file that cannot be written.
pub(super) fn note(common: &Common, history: &History) -> Result<()> {
    let mut text = serde_json::to_string_pretty(history)
        .map_err(|error| Problem::new(format!("cannot write what the previous version tells: {error}")))?;
    text.push('\n');
    store::note_previous(&common.output, &history.version, &text)?;
    let places = history.flags.len();
    // Logs stay empty unless asked to explain; the file says it in any case.
    let heard = common.explain || (std::io::stderr().is_terminal() && !common.quiet);
    if places > 0 && heard {
        let (name, previous) = (&history.version, &history.previous);
        let _ = writeln!(
            std::io::stderr(),
            "review: together with {previous}, {places} counts tell a small number of people: {name}.previous.json"
        );
    }
    Ok(())
}

fn disclosure(form: &Form) -> &Disclosure {
    match form {
        Form::Survey(config) => &config.disclosure,
        Form::Dataset(dataset) => &dataset.disclosure,
    }
}
