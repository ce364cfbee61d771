//! `offprint run`: the main job.

use super::cache::{self, Cached};
use super::study::{self, ProgressLine, Study};
use super::{DONE, previous};
use crate::cli::Common;
use crate::error::Result;
use crate::{ingest, pipeline, store};
use std::io::Write;

/// Makes the report and files it.
pub(super) fn run(common: &Common) -> Result<u8> {
    let study = study::open(common)?;
    store::check_writable(&common.output)?;
    let progress = ProgressLine::new(common);
    let results = results(common, &study, &progress)?;
    progress.tell("writing", 0, 0);
    let (bundle, identity) = previous::compared(&common.output, &study, &results, &say)?;
    let filed = store::file(&common.output, &study.loaded.form.study().version, &identity, &bundle)?;
    progress.finish();
    if !common.quiet {
        pipeline::warnings(&study.loaded.form, &results).iter().for_each(|text| say(&format!("warning: {text}")));
    }
    if common.explain && filed.already() {
        say("filed: a version with the same bytes is already there");
    }
    super::print(&format!("{}", filed.folder().display()))?;
    Ok(DONE)
}

/// Results from the cache where nothing that they depend on has changed, else computed.
fn results(common: &Common, study: &Study, progress: &ProgressLine) -> Result<pipeline::Results> {
    let tell = |stage: &str, done: u64, total: u64| progress.tell(stage, done, total);
    let found = cache::find(study, &tell)?;
    if common.explain {
        say(&found.reason());
    }
    if let Cached::Hit(results) = found {
        return Ok(*results);
    }
    let results = pipeline::results(&study.loaded.form, &study.root, &tell)?;
    tell("hashing inputs again", 0, 0);
    ingest::unchanged(&study.loaded.form, &study.root, &results.records)?;
    // A cache that cannot be written costs the next run time, and this run nothing.
    if let Err(problems) = cache::keep(study, &results)
        && common.explain
    {
        say(&format!("results not kept for the next run: {problems}"));
    }
    Ok(results)
}

/// Talk goes to stderr; nobody listening is no reason to stop.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
