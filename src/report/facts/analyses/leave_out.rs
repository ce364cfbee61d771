//! Parts left out in turn, in finished strings.

use serde::Serialize;

use super::super::outcome::direction;
use super::super::words::{phrase, signed, spelled};
use crate::config::{Config, LeaveOut, Part};
use crate::disclosure::{Estimate, Findings, LeaveOutFound, LeaveOutRow, LeftOut};

/// Parts left out in turn.
#[derive(Debug, Clone, Serialize)]
pub struct LeaveOutFacts {
    /// "wave and region".
    pub parts: String,
    /// By outcome.
    pub outcomes: Vec<LeaveOutOutcomeFacts>,
}

/// One outcome.
#[derive(Debug, Clone, Serialize)]
pub struct LeaveOutOutcomeFacts {
    /// Outcome's short label.
    pub short: String,
    /// True when an estimate is released.
    pub estimated: bool,
    /// Least effect in percentage points with its sign.
    pub least: String,
    /// What was left out then: "wave 2021".
    pub least_without: String,
    /// Greatest effect.
    pub greatest: String,
    /// What was left out then.
    pub greatest_without: String,
    /// Fits, in words or digits.
    pub count: String,
    /// Of these, those whose reading (higher, lower, no clear difference) is not the main model's.
    pub other: String,
    /// True when there are any of those.
    pub any_other: bool,
    /// What was left out in them, as a phrase.
    pub other_without: String,
    /// What could not be fitted without which part, as a phrase; empty for none.
    pub not_fitted: String,
}

/// The facts of leaving out.
pub(super) fn leave_out(config: &Config, findings: &Findings, plan: &LeaveOut, found: &LeaveOutFound) -> LeaveOutFacts {
    let word = |part: &Part| match part {
        Part::Wave => "wave".to_string(),
        Part::Region => "region".into(),
        Part::Area => config.terms.area[0].clone(),
    };
    LeaveOutFacts {
        parts: phrase(&plan.by.iter().map(word).collect::<Vec<_>>()),
        outcomes: plan.outcomes.iter().map(|outcome| of_outcome(config, findings, found, *outcome)).collect(),
    }
}

fn named(config: &Config, part: &LeftOut) -> String {
    let kind = if part.kind == "area" { &config.terms.area[0] } else { &part.kind };
    format!("{kind} {}", part.label)
}

fn of_outcome(config: &Config, findings: &Findings, found: &LeaveOutFound, at: usize) -> LeaveOutOutcomeFacts {
    let main = findings.models.iter().find(|result| result.model == 0 && result.outcome == at);
    let reading = direction(main.and_then(|main| main.average_marginal_effect.shown()));
    let rows: Vec<(&LeaveOutRow, &Estimate)> =
        found.of(at).filter_map(|row| Some((row, row.effect.shown()?))).collect();
    let by = |a: &&(&LeaveOutRow, &Estimate), b: &&(&LeaveOutRow, &Estimate)| a.1.estimate.total_cmp(&b.1.estimate);
    let text = |found: Option<&(&LeaveOutRow, &Estimate)>| {
        found.map_or_else(Default::default, |(row, e)| (signed(100.0 * e.estimate, 2), named(config, &row.left_out)))
    };
    let ((least, least_without), (greatest, greatest_without)) =
        (text(rows.iter().min_by(by)), text(rows.iter().max_by(by)));
    let others = rows.iter().filter(|(_, e)| direction(Some(*e)) != reading);
    let others: Vec<String> = others.map(|(row, _)| named(config, &row.left_out)).collect();
    let missing = found.of(at).filter(|row| row.effect.shown().is_none());
    let missing: Vec<String> =
        missing.map(|row| format!("{} ({})", named(config, &row.left_out), row.effect.status())).collect();
    LeaveOutOutcomeFacts {
        short: config.outcomes[at].short.clone(),
        estimated: !rows.is_empty(),
        least,
        least_without,
        greatest,
        greatest_without,
        count: spelled(rows.len()),
        other: spelled(others.len()),
        any_other: !others.is_empty(),
        other_without: phrase(&others),
        not_fitted: phrase(&missing),
    }
}
