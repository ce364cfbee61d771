//! `offprint run`: the main job.

use super::cache::{self, Cached};
use super::history;
use super::study::{self, ProgressLine, Study};
use super::{DONE, journal, lint, previous};
use crate::cli::Common;
use crate::error::Result;
use crate::{ingest, pipeline, store};
use std::io::Write;

/// Makes the report and files it.
pub(super) fn run(common: &Common) -> Result<u8> {
    let (study, program) = rayon::join(|| study::open(common), cache::program);
    let study = study?;
    store::check_writable(&common.output)?;
    let progress = ProgressLine::new(common);
    let results = results(common, &study, program, &progress)?;
    progress.tell("writing", 0, 0);
    let (bundle, identity) = previous::compared(&common.output, &study, &results, &say)?;
    progress.tell("linting", 0, 0);
    let form = &study.loaded.form;
    let filing = || -> Result<_> {
        let version = &form.study().version;
        let before = history::previous(common, form, &store::folder_name(version, &identity)?, &bundle)?;
        Ok((before, store::file(&common.output, version, &identity, &bundle)?))
    };
    // What the linter finds is told and stops nothing.
    let (contradictions, filed) = rayon::join(|| lint::bundle(form, &bundle.0), filing);
    let (before, filed) = filed?;
    progress.finish();
    if let Some(before) = before {
        history::note(common, &before)?;
    }
    // The version is filed: a log that cannot be written is said, and changes nothing.
    if let Err(problems) = journal::keep(&common.output, &study, &results, &contradictions, &filed, &progress) {
        say(&format!("warning: {problems}"));
    }
    if !common.quiet {
        pipeline::warnings(&study.loaded.form, &results).iter().for_each(|text| say(&format!("warning: {text}")));
        contradictions.iter().for_each(|one| say(&format!("warning: {}", lint::line(one))));
    }
    if common.explain && filed.already() {
        say("filed: a version with the same bytes is already there");
    }
    super::print(&format!("{}", filed.folder().display()))?;
    Ok(DONE)
}

/// Findings from the cache where nothing that they depend on has changed, else computed with the fits
/// that are there.
fn results(
    common: &Common,
    study: &Study,
    program: cache::Program,
    progress: &ProgressLine,
) -> Result<pipeline::Results> {
    let tell = |stage: &str, done: u64, total: u64| progress.tell(stage, done, total);
    let explain = |text: &str| {
        if common.explain {
            say(text);
        }
    };
    let form = &study.loaded.form;
    let cache = match cache::open(study, program) {
        Ok(cache) => cache,
        Err(why) => {
            explain(&Cached::Miss(why).reason());
            let results = pipeline::results(form, &study.root, &tell)?;
            ingest::unchanged(form, &study.root, &results.records)?;
            return Ok(results);
        }
    };
    let found = cache.find(&tell)?;
    explain(&found.reason());
    if let Cached::Hit(results) = found {
        return Ok(*results);
    }
    let fits = cache.fits();
    let results = pipeline::results_with(form, &study.root, Some(&fits), &tell)?;
    fits.explained().iter().for_each(|line| explain(line));
    tell("hashing inputs again", 0, 0);
    ingest::unchanged(form, &study.root, &results.records)?;
    // A cache that cannot be written costs the next run time, and this run nothing.
    if let Err(problems) = cache.keep(&results, &fits) {
        explain(&format!("findings not kept for the next run: {problems}"));
    }
    Ok(results)
}

/// Talk goes to stderr; nobody listening is no reason to stop.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
