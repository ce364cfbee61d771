//! `offprint verify` and `offprint diff`: what a reviewer asks. Both write nothing.

use super::study::{self, ProgressLine};
use super::{DIFFERENT, DONE, lint, previous};
use crate::cli::{Common, DiffArgs, VerifyArgs};
use crate::compare::{self, Folder, Made, Rerun};
use crate::error::{Problem, Problems, Result};
use crate::{files, pipeline, store};
use serde::Serialize;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Checks a version's folder.
pub(super) fn verify(common: &Common, args: &VerifyArgs) -> Result<u8> {
    let folder = Folder::read(&args.dir)?;
    let root = root(common)?;
    if !common.allow_outside {
        inside(&folder, &root)?;
    }
    let progress = ProgressLine::new(common);
    progress.tell("hashing", 0, 0);
    let hashes = compare::check_hashes(&folder, &root)?;
    let rerun = if args.hashes {
        Rerun::NotAsked
    } else if !hashes.absent().is_empty() {
        Rerun::NoInputs
    } else {
        rerun(&folder, &root, common, &progress).map_or_else(Rerun::Failed, Rerun::Made)
    };
    progress.finish();
    let lint = if args.hashes { Vec::new() } else { lint::of_folder(&folder) };
    let found = compare::verify(&folder, hashes, lint, rerun, &store::program());
    let status = if found.same() { DONE } else { DIFFERENT };
    print(args.json, &found, || compare::verify_text(&found))?;
    Ok(status)
}

/// A folder from elsewhere names inputs in its manifest: none may have files outside the root read.
fn inside(folder: &Folder, root: &Path) -> Result<()> {
    let mut problems = Problems::default();
    for input in folder.manifest.inputs.iter().filter(|input| files::leads_out(root, &input.path)) {
        let what = format!("input `{}` leads out of the data folder `{}`", input.path, files::shown(root));
        let hint = "trust the folder's paths with `--allow-outside`, or name another folder with `--data`";
        problems.push(Problem::new(what).file(&input.path).hint(hint));
    }
    problems.or(())
}

/// Compares two versions' folders.
pub(super) fn diff(args: &DiffArgs) -> Result<u8> {
    let (first, second) = (Folder::read(&args.first)?, Folder::read(&args.second)?);
    let found = compare::diff(&first, &second)?;
    print(args.json, &found, || compare::diff_text(&found))?;
    Ok(if found.same { DONE } else { DIFFERENT })
}

/// The version's files once more, in memory, from the folder's own config and templates.
fn rerun(folder: &Folder, root: &Path, common: &Common, progress: &ProgressLine) -> Result<Made> {
    let study = study::filed(folder, root, common)?;
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
