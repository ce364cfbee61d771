//! The run log: what the pipeline tells of its rows, with the time that each stage took, and what the
//! linter found.
//! Nothing of it enters a version.

use super::study::{ProgressLine, Study};
use crate::error::Result;
use crate::lint::Finding;
use crate::pipeline::{self, Results};
use crate::store::{self, Filed};
use serde_json::{Value, json};
use std::path::Path;

/// Adds a run to the log of the version that it made.
///
/// # Errors
/// A log that cannot be written.
pub(super) fn keep(
    output: &Path,
    study: &Study,
    results: &Results,
    found: &[Finding],
    filed: &Filed,
    progress: &ProgressLine,
) -> Result<()> {
    let name = filed.folder().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let program = store::program();
    let (stages, total) = progress.stages();
    let mut lines = vec![json!({
        "event": "run", "version": name, "program": program.version, "commit": program.commit,
        "threads": rayon::current_num_threads(), "ended": store::now(), "seconds": seconds(total.as_secs_f64()),
    })];
    lines.extend(
        stages
            .iter()
            .map(|(stage, took)| json!({ "event": "stage", "stage": stage, "seconds": seconds(took.as_secs_f64()) })),
    );
    lines.extend(pipeline::journal(&study.loaded.form, results));
    lines.extend(found.iter().map(|one| json!({ "event": "lint", "finding": one })));
    lines.push(json!({ "event": "filed", "version": name, "already": filed.already() }));
    let text: String = lines.iter().map(|line: &Value| format!("{line}\n")).collect();
    store::log(output, &name, &text)
}

/// To the millisecond.
fn seconds(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}
