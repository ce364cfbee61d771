//! The verdict on a folder, by the rules in the room's documentation.

use super::causes::Cause;
use super::hashes::HashCheck;
use super::verify::RerunReport;
use serde::Serialize;

/// How far a report reproduces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything is the same, byte for byte.
    Full,
    /// Every number comes back; words, names or layout differ.
    FullWithMinorIssues,
    /// Part of it comes back, or part of it could be checked.
    Partial,
    /// Nothing comes back, or it could not be run.
    Failure,
}

impl Verdict {
    /// The verdict in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::FullWithMinorIssues => "full with minor issues",
            Self::Partial => "partial",
            Self::Failure => "failure",
        }
    }
}

/// The verdict where a re-run was made or tried.
pub(super) fn after_rerun(hashes: &HashCheck, rerun: &RerunReport, causes: &[Cause]) -> Verdict {
    if causes.is_empty() && hashes.folder_holds() && rerun.changes.is_empty() && rerun.failed.is_none() {
        return Verdict::Full;
    }
    let Some(estimates) = rerun.estimates.as_ref().filter(|_| rerun.failed.is_none()) else {
        return Verdict::Failure;
    };
    if !estimates.outcomes.is_empty() && !estimates.outcomes.iter().any(|outcome| outcome.comes_back) {
        return Verdict::Failure;
    }
    let other_numbers = rerun.changes.iter().any(|change| change.change.numbers_differ);
    if estimates.all_exact() && !other_numbers { Verdict::FullWithMinorIssues } else { Verdict::Partial }
}

/// The verdict where inputs that are not at hand keep a re-run from being made.
pub(super) fn without_inputs(hashes: &HashCheck) -> Verdict {
    let folder = hashes.edited.is_empty() && hashes.missing.is_empty() && hashes.manifest_holds;
    if folder && hashes.changed().is_empty() { Verdict::Partial } else { Verdict::Failure }
}
