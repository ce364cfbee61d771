//! `offprint check`: everything that can be wrong, without fitting.

use super::DONE;
use super::study::{self, ProgressLine};
use crate::cli::Common;
use crate::error::{Problems, Result};
use crate::{pipeline, store};

/// Checks config, inputs, links and templates; every problem at once.
pub(super) fn check(common: &Common) -> Result<u8> {
    let study = study::open(common)?;
    let progress = ProgressLine::new(common);
    let tell = |stage: &str, done: u64, total: u64| progress.tell(stage, done, total);
    let mut problems = Problems::default();
    problems.keep(store::check_writable(&common.output));
    let checked = problems.keep(pipeline::check(&study.loaded.form, &study.root, &study.templates, &tell));
    progress.finish();
    let Some(checked) = checked.filter(|_| problems.is_empty()) else { return Err(problems) };
    super::print(&format!("config: {}", common.config.display()))?;
    for record in &checked.records {
        super::print(&format!("{}: {} ({} rows)", record.source, record.path, record.rows))?;
    }
    super::print(&format!("rows to analyse: {}", checked.rows))?;
    for note in &checked.notes {
        super::print(&format!("note: {note}"))?;
    }
    super::print("no problems found")?;
    Ok(DONE)
}
