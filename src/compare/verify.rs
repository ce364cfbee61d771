//! A folder against its manifest, its inputs and a re-run.

use super::causes::{self, Cause, Cue, ProgramChange, program_words};
use super::content::{self, Files, Presence};
use super::estimates::Estimates;
use super::folder::Folder;
use super::hashes::HashCheck;
use super::published::{self, Published};
use super::verdict::{self, Verdict};
use super::{Detail, FileChange};
use crate::error::Problems;
use crate::files;
use crate::ingest::InputRecord;
use crate::lint::Finding;
use crate::store::{InputEntry, ProgramEntry};
use serde::Serialize;

/// A re-run, or why there is none.
#[derive(Debug, Clone)]
pub enum Rerun {
    /// Only hashes were asked for.
    NotAsked,
    /// Inputs are not at hand.
    NoInputs,
    /// It stopped with an error.
    Failed(Problems),
    /// It was made.
    Made(Made),
}

/// What a re-run made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Every file as it would be filed, the manifest among them.
    pub files: Files,
    /// Inputs read.
    pub records: Vec<InputRecord>,
}

/// The re-run compared with the folder.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct RerunReport {
    /// The error it stopped with.
    pub failed: Option<String>,
    /// Files on either side.
    pub files: usize,
    /// Files that differ.
    pub changes: Vec<RerunChange>,
    /// Estimates; none where a `results.csv` cannot be read.
    pub estimates: Option<Estimates>,
    /// Why not.
    pub estimates_problem: Option<String>,
}

/// A file in which folder and re-run differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RerunChange {
    /// The difference; the folder is the first side, the re-run the second.
    #[serde(flatten)]
    pub change: FileChange,
    /// Whether the re-run gives the bytes that were filed.
    pub rerun_gives_filed: bool,
}

/// Everything that `verify` finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verification {
    /// Name of the folder.
    pub folder: String,
    /// Version.
    pub version: String,
    /// Title.
    pub title: String,
    /// `simulated` or `real`.
    pub data: String,
    /// The verdict; none where only hashes were asked for.
    pub verdict: Option<Verdict>,
    /// Why it is not `full`.
    pub causes: Vec<Cause>,
    /// The program that made the folder.
    pub made_by: String,
    /// This program.
    pub checked_by: String,
    /// Hashes.
    pub hashes: HashCheck,
    /// The re-run; none where none was made or tried.
    pub rerun: Option<RerunReport>,
    /// What the linter finds in the folder; empty where only hashes were asked for.
    pub lint: Vec<Finding>,
    /// Published numbers beside the re-run's, or beside the folder's where there is none;
    /// empty where only hashes were asked for.
    pub published: Vec<Published>,
}

impl Verification {
    /// Whether nothing was found that differs. Inputs that are not at hand are no difference where
    /// only hashes were asked for.
    pub fn same(&self) -> bool {
        match self.verdict {
            Some(verdict) => verdict == Verdict::Full,
            None => self.causes.iter().all(|cause| matches!(cause.cue, Cue::InputMissing | Cue::ProgramChanged)),
        }
    }
}

/// Puts together what hashes, linter and re-run say of a folder; `program` is this one.
pub fn verify(
    folder: &Folder,
    hashes: HashCheck,
    lint: Vec<Finding>,
    rerun: Rerun,
    program: &ProgramEntry,
) -> Verification {
    let other_program = causes::program(&folder.manifest.program, program);
    let mut causes = from_hashes(&hashes, other_program);
    causes.extend(from_lint(&lint));
    let published = published_beside(folder, &rerun);
    let report = match &rerun {
        Rerun::NotAsked | Rerun::NoInputs => None,
        Rerun::Failed(problems) => {
            causes.push(Cause { cue: Cue::RerunFailed, about: problems.0.iter().map(|p| p.what.clone()).collect() });
            Some(RerunReport { failed: Some(problems.to_string()), ..RerunReport::default() })
        }
        Rerun::Made(made) => {
            let report = report(folder, made, program);
            causes.extend(from_rerun(folder, made, &report));
            Some(report)
        }
    };
    let verdict = match (&rerun, &report) {
        (Rerun::NotAsked, _) => None,
        (_, Some(report)) => Some(verdict::after_rerun(&hashes, report, &causes)),
        _ => Some(verdict::without_inputs(&hashes)),
    };
    causes.sort_by_key(|cause| cause.cue);
    Verification {
        folder: folder.name.clone(),
        version: folder.manifest.version.clone(),
        title: folder.manifest.title.clone(),
        data: folder.manifest.data.clone(),
        verdict,
        causes,
        made_by: program_words(&folder.manifest.program),
        checked_by: program_words(program),
        hashes,
        rerun: report,
        lint,
        published,
    }
}

fn from_hashes(hashes: &HashCheck, program: Option<ProgramChange>) -> Vec<Cause> {
    let is_config = |path: &String| path == "config.yaml";
    let is_template = |path: &String| path.starts_with("templates/");
    let edited = |wanted: &dyn Fn(&String) -> bool| hashes.edited.iter().filter(|path| wanted(path)).cloned().collect();
    let sealed = if hashes.manifest_holds { Vec::new() } else { vec!["manifest.json".to_string()] };
    let program =
        program.map(|change| format!("{}, then {}", program_words(&change.before), program_words(&change.after)));
    let all: [(Cue, Vec<String>); 9] = [
        (Cue::InputChanged, hashes.changed()),
        (Cue::InputMissing, hashes.absent()),
        (Cue::ConfigChanged, edited(&is_config)),
        (Cue::TemplatesChanged, edited(&is_template)),
        (Cue::ProgramChanged, program.into_iter().collect()),
        (Cue::FileEdited, edited(&|path| !is_config(path) && !is_template(path))),
        (Cue::FileMissing, hashes.missing.clone()),
        (Cue::FileExtra, hashes.extra.clone()),
        (Cue::ManifestEdited, sealed),
    ];
    all.into_iter().filter(|(_, about)| !about.is_empty()).map(|(cue, about)| Cause { cue, about }).collect()
}

/// The published numbers beside those of the re-run, or of the folder where there is none.
fn published_beside(folder: &Folder, rerun: &Rerun) -> Vec<Published> {
    match rerun {
        Rerun::NotAsked => Vec::new(),
        Rerun::Made(made) => published::read(&made.files),
        _ => published::read(&folder.files),
    }
}

/// Contradictions are a cause; wording is the authors' own.
fn from_lint(lint: &[Finding]) -> Option<Cause> {
    let errors = lint.iter().filter(|one| !one.warning);
    let about: Vec<String> = errors.map(|one| format!("{}:{}: {}", one.file, one.place(), one.what)).collect();
    (!about.is_empty()).then_some(Cause { cue: Cue::Contradiction, about })
}

fn from_rerun(folder: &Folder, made: &Made, report: &RerunReport) -> Vec<Cause> {
    let entry = |record: &InputRecord| InputEntry {
        source: record.source.clone(),
        path: record.path.clone(),
        bytes: record.bytes,
        sha256: record.sha256.clone(),
        rows: record.rows,
    };
    let read: Vec<InputEntry> = made.records.iter().map(entry).collect();
    let added = causes::inputs(&folder.manifest.inputs, &read);
    let added: Vec<String> = added.into_iter().filter(|change| change.before.is_none()).map(|c| c.path).collect();
    let differ: Vec<String> = report.changes.iter().map(|change| change.change.path.clone()).collect();
    let all = [(Cue::InputAdded, added), (Cue::BytesDiffer, differ)];
    all.into_iter().filter(|(_, about)| !about.is_empty()).map(|(cue, about)| Cause { cue, about }).collect()
}

fn report(folder: &Folder, made: &Made, program: &ProgramEntry) -> RerunReport {
    let versions = [folder.manifest.program.version.as_str(), program.version.as_str()];
    let changes = content::changes(&folder.files, &made.files, versions);
    let (estimates, problem) = match content::estimates(&folder.files, &made.files, [&folder.name, "re-run"]) {
        Ok(estimates) => (Some(estimates), None),
        Err(problems) => (None, Some(problems.to_string())),
    };
    let file = |mut change: FileChange| {
        let rerun = made.files.get(&change.path).map(|bytes| files::sha256_hex(bytes));
        let filed = folder.filed_hash(&change.path);
        // What cannot be looked into and was edited after filing may hold other numbers.
        let held = folder.files.get(&change.path).map(|bytes| files::sha256_hex(bytes));
        let opaque = matches!(change.detail, Detail::Bytes) && change.presence == Presence::Both;
        change.numbers_differ |= opaque && held.as_deref() != filed;
        RerunChange { rerun_gives_filed: rerun.is_some() && rerun.as_deref() == filed, change }
    };
    let names: std::collections::BTreeSet<&String> = folder.files.keys().chain(made.files.keys()).collect();
    let files = names.len();
    let changes: Vec<RerunChange> = changes.into_iter().map(file).collect();
    RerunReport { failed: None, files, changes, estimates, estimates_problem: problem }
}
