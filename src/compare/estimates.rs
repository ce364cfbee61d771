//! `results.csv` against another: every estimate by its key, with distances in standard errors and
//! in units of the last printed digit.

use super::distance::{agreement, digits, distance};
use super::results::{Key, Numbers};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a survey study calls its exposure's term.
pub(super) const EXPOSURE: &str = "exposure";

/// How far two rows agree; see the room's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Equal to within 1e-9.
    Exact,
    /// Within 0.1 standard errors, or equal as printed.
    Close,
    /// Further away, or shown on one side only.
    Moved,
    /// In the second file only.
    Added,
    /// In the first file only.
    Removed,
}

/// A row that is not the same text on both sides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EstimateChange {
    /// Analysis.
    pub analysis: String,
    /// Outcome.
    pub outcome: String,
    /// Subgroup; empty for everybody.
    pub subgroup: String,
    /// Term of the model.
    pub term: String,
    /// Quantity.
    pub quantity: String,
    /// How far both agree.
    pub agreement: Agreement,
    /// First file's numbers.
    pub before: Option<Numbers>,
    /// Second file's numbers.
    pub after: Option<Numbers>,
    /// Second estimate less the first.
    pub difference: Option<f64>,
    /// The same in standard errors of the first (odds ratios: on the log scale).
    pub in_errors: Option<f64>,
    /// The same, both rounded as printed, in units of the last printed digit.
    pub in_digits: Option<i64>,
}

/// All rows of one analysis, outcome and subgroup.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutcomeChange {
    /// Analysis.
    pub analysis: String,
    /// Outcome.
    pub outcome: String,
    /// Subgroup; empty for everybody.
    pub subgroup: String,
    /// Rows on either side.
    pub rows: usize,
    /// Rows that are exact.
    pub exact: usize,
    /// Rows that are close.
    pub close: usize,
    /// Whether every row is exact or close.
    pub comes_back: bool,
    /// Largest distance in standard errors.
    pub max_in_errors: Option<f64>,
    /// Largest distance in printed digits.
    pub max_in_digits: Option<i64>,
}

/// Two result files compared.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Estimates {
    /// Rows on either side.
    pub rows: usize,
    /// Rows that are exact.
    pub exact: usize,
    /// By analysis, outcome and subgroup, in order.
    pub outcomes: Vec<OutcomeChange>,
    /// Rows that are not the same text, in order.
    pub changes: Vec<EstimateChange>,
    /// Whether one term is called the exposure; a study of a table has its own names.
    #[serde(skip)]
    pub(super) exposure: bool,
}

impl Estimates {
    /// Whether every row is equal to within 1e-9.
    pub fn all_exact(&self) -> bool {
        self.exact == self.rows
    }
}

/// Compares two files' estimates.
pub(super) fn compare(before: &BTreeMap<Key, Numbers>, after: &BTreeMap<Key, Numbers>) -> Estimates {
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    let exposure = keys.iter().any(|[.., term, _]| term == EXPOSURE);
    let mut found = Estimates { rows: keys.len(), exposure, ..Estimates::default() };
    let mut outcomes: BTreeMap<[&str; 3], OutcomeChange> = BTreeMap::new();
    for key in keys {
        let change = change(key, before.get(key), after.get(key));
        let [analysis, outcome, subgroup, ..] = key;
        let sum = outcomes.entry([analysis, outcome, subgroup]).or_insert_with(|| OutcomeChange {
            analysis: analysis.clone(),
            outcome: outcome.clone(),
            subgroup: subgroup.clone(),
            rows: 0,
            exact: 0,
            close: 0,
            comes_back: true,
            max_in_errors: None,
            max_in_digits: None,
        });
        sum.rows += 1;
        found.exact += usize::from(change.agreement == Agreement::Exact);
        sum.exact += usize::from(change.agreement == Agreement::Exact);
        sum.close += usize::from(change.agreement == Agreement::Close);
        sum.comes_back &= change.agreement <= Agreement::Close;
        let errors = change.in_errors.map(f64::abs);
        sum.max_in_errors = errors.map_or(sum.max_in_errors, |x| Some(sum.max_in_errors.map_or(x, |y| y.max(x))));
        sum.max_in_digits = sum.max_in_digits.max(change.in_digits.map(i64::saturating_abs));
        if change.before != change.after {
            found.changes.push(change);
        }
    }
    found.outcomes = outcomes.into_values().collect();
    found
}

fn change(key: &Key, before: Option<&Numbers>, after: Option<&Numbers>) -> EstimateChange {
    let [analysis, outcome, subgroup, term, quantity] = key.clone();
    let both = before.zip(after);
    let estimates = both.and_then(|(a, b)| a.estimate.zip(b.estimate));
    let agreement = match (before, after) {
        (Some(a), Some(b)) => agreement(&quantity, a, b),
        (Some(_), None) => Agreement::Removed,
        _ => Agreement::Added,
    };
    EstimateChange {
        agreement,
        difference: estimates.map(|(a, b)| b - a),
        in_errors: both.and_then(|(a, b)| distance(&quantity, a.estimate?, b.estimate?, a.std_error?)),
        in_digits: estimates.and_then(|(a, b)| digits(&quantity, a, b)),
        before: before.cloned(),
        after: after.cloned(),
        analysis,
        outcome,
        subgroup,
        term,
        quantity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "analysis,outcome,subgroup,term,quantity,estimate,std_error,conf_low,conf_high,statistic,p_value,n,clusters,groups_dropped,status\n";

    fn table(lines: &str) -> BTreeMap<Key, Numbers> {
        let rows = crate::compare::cells::rows(format!("{HEADER}{lines}").as_bytes()).unwrap();
        crate::compare::results::read(&rows, "results.csv").unwrap()
    }

    fn one(before: &str, after: &str) -> EstimateChange {
        let found = compare(&table(before), &table(after));
        assert_eq!((found.rows, found.changes.len()), (1, 1));
        found.changes[0].clone()
    }

    /// Expected: (ln 1.010 - ln 1.006) / 0.002 = 1.98413... (ln 1.010 = 0.00995033085,
    /// ln 1.006 = 0.00598207168, by table).
    #[test]
    fn an_odds_ratio_moves_in_errors_of_its_logarithm() {
        let found = one(
            "main,y,,exposure,odds_ratio,1.006,0.002,1.002,1.010,3,0.01,100,10,0,ok\n",
            "main,y,,exposure,odds_ratio,1.010,0.002,1.006,1.014,5,0.001,100,10,0,ok\n",
        );
        assert!((found.in_errors.unwrap() - 1.984_129_585).abs() < 1e-6, "{:?}", found.in_errors);
        assert_eq!((found.in_digits, found.agreement), (Some(4), Agreement::Moved));
    }

    #[test]
    fn equal_close_and_moved() {
        let row = "main,y,,exposure,coefficient,0.5,0.1,0.3,0.7,5,0.001,1000,10,0,ok\n";
        let with = |from: &str, to: &str| one(row, &row.replace(from, to)).agreement;
        assert_eq!(with(",0.5,", ",0.50000000001,"), Agreement::Exact);
        assert_eq!(with(",0.5,", ",0.509,"), Agreement::Close);
        assert_eq!(with(",0.5,", ",0.52,"), Agreement::Moved);
        assert_eq!(with(",0.3,", ",0.2,"), Agreement::Moved, "a limit counts as well");
        assert_eq!(with(",0.1,", ",0.2,"), Agreement::Moved, "the error counts as well");
        assert_eq!(with(",1000,", ",1001,"), Agreement::Close);
        assert_eq!(with(",1000,", ",900,"), Agreement::Moved, "so do counts");
        assert_eq!(with(",5,", ",6,"), Agreement::Close, "the statistic is never exact by accident");
        assert_eq!(with(",ok", ",hidden"), Agreement::Moved);
        assert_eq!(with(",0.5,", ",,"), Agreement::Moved);
    }

    #[test]
    fn an_outcome_comes_back_when_each_row_does() {
        let before = "main,y,,a,coefficient,0.5,0.1,0.3,0.7,5,0.001,1000,10,0,ok\nmain,y,,b,coefficient,0.5,0.1,0.3,0.7,5,0.001,1000,10,0,ok\nmain,z,,a,coefficient,0.5,0.1,0.3,0.7,5,0.001,1000,10,0,ok\n";
        let found = compare(&table(before), &table(&before.replacen(",0.5,", ",0.6,", 1)));
        let backs: Vec<bool> = found.outcomes.iter().map(|outcome| outcome.comes_back).collect();
        assert_eq!(backs, [false, true]);
        assert!((found.outcomes[0].max_in_errors.unwrap() - 1.0).abs() < 1e-9);
        assert!(!found.all_exact() && compare(&table(before), &table(before)).all_exact());
        let found = compare(&table(before), &table(""));
        assert!(found.changes.iter().all(|change| change.agreement == Agreement::Removed));
    }
}
