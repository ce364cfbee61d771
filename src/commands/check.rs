//! `offprint check`: everything that can be wrong, without fitting.

use super::DONE;
use super::study::{self, ProgressLine};
use crate::cli::Common;
use crate::error::{Problems, Result};
use crate::{pipeline, report, store};

/// Checks config, inputs, links and templates; every problem at once.
pub(super) fn check(common: &Common) -> Result<u8> {
    let study = study::open(common)?;
    let config = study.loaded.form.survey()?;
    let progress = ProgressLine::new(common.quiet);
    let tell = |stage: &str, done: u64, total: u64| progress.tell(stage, done, total);
    let mut problems = Problems::default();
    problems.keep(pipeline::exhibits(config));
    problems.keep(report::check_templates(config, &study.templates));
    problems.keep(store::check_writable(&common.output));
    if let Some(mut data) = problems.keep(pipeline::data(config, &study.root, &tell)) {
        let records = std::mem::take(&mut data.records);
        let rows = data.survey.practice.len();
        if let Some((panel, _)) = problems.keep(pipeline::panel(config, data, &tell))
            && problems.keep(pipeline::identified(config, &panel)).is_some()
        {
            problems.keep(pipeline::estimable(config, &panel, &tell));
        }
        if problems.is_empty() {
            progress.finish();
            super::print(&format!("config: {}", common.config.display()))?;
            for record in &records {
                super::print(&format!("{}: {} ({} rows)", record.source, record.path, record.rows))?;
            }
            super::print(&format!("survey rows: {rows}"))?;
            super::print("no problems found")?;
        }
    }
    progress.finish();
    problems.or(DONE)
}
