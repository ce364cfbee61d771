//! `offprint verify` and `offprint diff`: what a reviewer asks. Both write nothing.

use super::study::{self, ProgressLine};
use super::{DIFFERENT, DONE, previous};
use crate::cli::{Common, DiffArgs, VerifyArgs};
use crate::compare::{self, Folder, Made, Rerun};
use crate::error::{Problem, Result};
use crate::{pipeline, store};
use serde::Serialize;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Checks a version's folder.
pub(super) fn verify(common: &Common, args: &VerifyArgs) -> Result<u8> {
    let folder = Folder::read(&args.dir)?;
    let root = root(common)?;
    let progress = ProgressLine::new(common.quiet);
    progress.tell("hashing", 0, 0);
    let hashes = compare::check_hashes(&folder, &root)?;
    let rerun = if args.hashes {
        Rerun::NotAsked
    } else if !hashes.absent().is_empty() {
        Rerun::NoInputs
    } else {
        rerun(&folder, &root, &progress).map_or_else(Rerun::Failed, Rerun::Made)
    };
    progress.finish();
    let found = compare::verify(&folder, hashes, rerun, &store::program());
    let status = if found.same() { DONE } else { DIFFERENT };
    print(args.json, &found, || compare::verify_text(&found))?;
    Ok(status)
}

/// Compares two versions' folders.
pub(super) fn diff(args: &DiffArgs) -> Result<u8> {
    let (first, second) = (Folder::read(&args.first)?, Folder::read(&args.second)?);
    let found = compare::diff(&first, &second)?;
    print(args.json, &found, || compare::diff_text(&found))?;
    Ok(if found.same { DONE } else { DIFFERENT })
}

/// The version's files once more, in memory, from the folder's own config and templates.
fn rerun(folder: &Folder, root: &Path, progress: &ProgressLine) -> Result<Made> {
    let study = study::filed(folder, root)?;
    let tell = |stage: &str, done: u64, total: u64| progress.tell(stage, done, total);
    let results = pipeline::results(&study.loaded.form, &study.root, &tell)?;
    progress.tell("comparing", 0, 0);
    let (bundle, identity) = previous::as_filed(folder, &study, &results)?;
    let files = store::whole(&study.loaded.form.study().version, &identity, &bundle)?;
    Ok(Made { files, records: results.records })
}

/// Where inputs start from: `--data`, or the folder of `--config`.
fn root(common: &Common) -> Result<PathBuf> {
    let home = study::home(&common.config);
    let root = common.data.clone().unwrap_or(home);
    if root.is_dir() {
        return Ok(root);
    }
    let what = format!("data folder `{}` is not a folder", root.display());
    Err(Problem::new(what).hint("check `--data`").into())
}

fn print(json: bool, found: &impl Serialize, text: impl Fn() -> String) -> Result<()> {
    let text = if json {
        let json = serde_json::to_string_pretty(found);
        json.map_err(|error| Problem::new(format!("cannot be written as JSON: {error}")))? + "\n"
    } else {
        text()
    };
    // A reader that closes early (`| head`) has what it wanted.
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Problem::new(format!("cannot write to stdout: {error}")).into())
        }
        _ => Ok(()),
    }
}
