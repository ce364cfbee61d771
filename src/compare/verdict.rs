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

#[cfg(test)]
mod tests {
    use super::super::causes::Cue;
    use super::super::content::{Detail, FileChange, Presence};
    use super::super::estimates::{Estimates, OutcomeChange};
    use super::super::verify::RerunChange;
    use super::*;

    fn hashes() -> HashCheck {
        HashCheck {
            files: 1,
            edited: Vec::new(),
            missing: Vec::new(),
            extra: Vec::new(),
            manifest_holds: true,
            inputs: Vec::new(),
        }
    }

    /// A re-run of outcomes of two rows each: how many are exact, and whether they come back.
    fn rerun(outcomes: &[(usize, bool)], changes: &[bool]) -> RerunReport {
        let outcome = |&(exact, comes_back): &(usize, bool)| OutcomeChange {
            analysis: "main".into(),
            outcome: "y".into(),
            subgroup: String::new(),
            rows: 2,
            exact,
            close: 0,
            comes_back,
            max_in_errors: None,
            max_in_digits: None,
        };
        let change = |numbers_differ: &bool| RerunChange {
            change: FileChange {
                path: "a.md".into(),
                presence: Presence::Both,
                detail: Detail::Bytes,
                numbers_differ: *numbers_differ,
            },
            rerun_gives_filed: false,
        };
        let estimates = Estimates {
            exposure: true,
            rows: 2 * outcomes.len(),
            exact: outcomes.iter().map(|outcome| outcome.0).sum(),
            outcomes: outcomes.iter().map(outcome).collect(),
            changes: Vec::new(),
        };
        let changes = changes.iter().map(change).collect();
        RerunReport { changes, estimates: Some(estimates), ..RerunReport::default() }
    }

    #[test]
    fn the_rules_in_their_order() {
        let none: [Cause; 0] = [];
        let cause = [Cause { cue: Cue::BytesDiffer, about: vec!["a.md".into()] }];
        let all = [(2, true), (2, true)];
        assert_eq!(after_rerun(&hashes(), &rerun(&all, &[]), &none), Verdict::Full);
        assert_eq!(after_rerun(&hashes(), &rerun(&all, &[]), &cause), Verdict::FullWithMinorIssues);
        assert_eq!(after_rerun(&hashes(), &rerun(&all, &[false]), &cause), Verdict::FullWithMinorIssues);
        assert_eq!(after_rerun(&hashes(), &rerun(&all, &[true]), &cause), Verdict::Partial);
        assert_eq!(after_rerun(&hashes(), &rerun(&[(1, true), (2, true)], &[]), &cause), Verdict::Partial);
        assert_eq!(after_rerun(&hashes(), &rerun(&[(1, false), (2, true)], &[]), &cause), Verdict::Partial);
        assert_eq!(after_rerun(&hashes(), &rerun(&[(1, false), (0, false)], &[]), &cause), Verdict::Failure);
        let stopped = RerunReport { failed: Some("error".into()), ..rerun(&all, &[]) };
        assert_eq!(after_rerun(&hashes(), &stopped, &cause), Verdict::Failure);
        assert_eq!(without_inputs(&hashes()), Verdict::Partial);
        assert_eq!(without_inputs(&HashCheck { missing: vec!["a".into()], ..hashes() }), Verdict::Failure);
        assert_eq!(without_inputs(&HashCheck { manifest_holds: false, ..hashes() }), Verdict::Failure);
    }
}
