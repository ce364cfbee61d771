//! Facts on what changed since the earlier version on file.

use serde::Serialize;

use super::super::changes::{Changes, EstimateMoved, EstimateSide, OutcomeChanges};
use crate::format;

/// What templates see of it, as `facts.changes`.
#[derive(Debug, Clone, Serialize, Default)]
pub struct ChangeFacts {
    /// True when the report compares itself with an earlier version.
    pub any: bool,
    /// Name of the earlier version's folder; empty for none.
    pub previous: String,
    /// The earlier version.
    pub version: String,
    /// True when no estimate differs.
    pub same: bool,
    /// Why they differ, as clauses.
    pub causes: Vec<String>,
    /// The main analysis's estimates that differ.
    pub rows: Vec<ChangeRowFacts>,
    /// Labels of the main analysis's outcomes of which no row differs, as a phrase; empty for none.
    pub unmoved: String,
    /// Rows of `results.csv` that differ: "12".
    pub differing: String,
    /// Of how many.
    pub of: String,
    /// Largest distance in standard errors: "0.31"; empty where nothing can be compared.
    pub furthest: String,
    /// Tables and figures whose values differ, as a number.
    pub exhibits: String,
}

/// An estimate that differs, as finished strings.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeRowFacts {
    /// Outcome's label.
    pub outcome: String,
    /// Quantity in words.
    pub quantity: String,
    /// Before, with its interval.
    pub before: String,
    /// Now, with its interval.
    pub after: String,
    /// The difference.
    pub difference: String,
    /// The same in standard errors.
    pub errors: String,
    /// Responses: "1,000", or "1,000 then 1,200".
    pub n: String,
}

/// The facts; `labels` are the outcomes' ids and labels.
pub fn change_facts(changes: Option<&Changes>, labels: &[(String, String)]) -> ChangeFacts {
    let Some(changes) = changes else { return ChangeFacts::default() };
    let label = |id: &str| labels.iter().find(|(known, _)| known == id).map_or_else(|| id.into(), |(_, l)| l.clone());
    let main = || changes.outcomes.iter().filter(|outcome| outcome.analysis == "main" && outcome.subgroup.is_empty());
    let row = |outcome: &OutcomeChanges, moved: &EstimateMoved| change_row(&label(&outcome.outcome), moved);
    let unmoved: Vec<String> = main().filter(|o| o.differing == 0).map(|o| label(&o.outcome)).collect();
    let sum = |count: fn(&OutcomeChanges) -> u64| changes.outcomes.iter().map(count).sum::<u64>();
    let furthest = changes
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.furthest)
        .fold(None, |far: Option<f64>, x| Some(far.map_or(x, |far| far.max(x))));
    ChangeFacts {
        any: true,
        previous: changes.previous.clone(),
        version: changes.version.clone(),
        same: sum(|outcome| outcome.differing) == 0,
        causes: changes.causes.clone(),
        rows: main().flat_map(|outcome| outcome.estimates.iter().map(move |moved| row(outcome, moved))).collect(),
        unmoved: unmoved.join("; "),
        differing: format::count(sum(|outcome| outcome.differing)),
        of: format::count(sum(|outcome| outcome.rows)),
        furthest: furthest.map_or_else(String::new, |x| format::fixed(x, 2)),
        exhibits: format::count(changes.exhibits.len() as u64),
    }
}

/// One estimate that differs.
pub(in crate::report) fn change_row(outcome: &str, moved: &EstimateMoved) -> ChangeRowFacts {
    let digits = match moved.quantity.as_str() {
        "people" => 0,
        "odds_ratio" | "rate_ratio" => 3,
        _ => 4,
    };
    let side = |side: &Option<EstimateSide>| match side {
        None => "none".to_string(),
        Some(EstimateSide { estimate: Some(x), interval: Some([low, high]), .. }) => {
            format!("{} ({})", format::fixed(*x, digits), format::interval(*low, *high, digits))
        }
        Some(EstimateSide { estimate: Some(x), .. }) => format::fixed(*x, digits),
        Some(side) => side.status.clone(),
    };
    let n = |side: &Option<EstimateSide>| {
        side.as_ref().and_then(|side| side.n).map_or_else(|| "none".into(), |n| format::fixed(n, 0))
    };
    let (before, after) = (n(&moved.before), n(&moved.after));
    ChangeRowFacts {
        outcome: outcome.into(),
        quantity: moved.quantity.replace('_', " "),
        before: side(&moved.before),
        after: side(&moved.after),
        difference: moved.difference.map_or_else(|| "–".into(), |x| format::fixed(x, digits + usize::from(digits > 0))),
        errors: moved.in_errors.map_or_else(|| "–".into(), |x| format::fixed(x, 2)),
        n: if before == after { before } else { format!("{before} then {after}") },
    }
}
