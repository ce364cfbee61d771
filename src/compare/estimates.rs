//! `results.csv` against another: every estimate by its key, with distances in standard errors and
//! in units of the last printed digit. The rules are in the room's documentation.

use super::cells::same;
use crate::error::{Problem, Result};
use crate::num;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Distance in standard errors within which an estimate comes back.
const CLOSE_ERRORS: f64 = 0.1;
/// Part of its size within which a number without a standard error comes back.
const CLOSE_PART: f64 = 0.05;
/// Part of its size within which a count comes back.
const CLOSE_COUNT: f64 = 0.001;

/// What makes a row one of its own: analysis, outcome, subgroup, term, quantity.
type Key = [String; 5];
const KEY: [&str; 5] = ["analysis", "outcome", "subgroup", "term", "quantity"];
const NUMBERS: [&str; 6] = ["estimate", "std_error", "conf_low", "conf_high", "statistic", "p_value"];
const COUNTS: [&str; 3] = ["n", "clusters", "groups_dropped"];

/// Numbers of one row; `None` where the file has none (hidden, or not estimated).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Numbers {
    /// Estimate.
    pub estimate: Option<f64>,
    /// Standard error (of an odds ratio: of its logarithm).
    pub std_error: Option<f64>,
    /// Lower limit.
    pub conf_low: Option<f64>,
    /// Upper limit.
    pub conf_high: Option<f64>,
    /// Statistic.
    pub statistic: Option<f64>,
    /// p value.
    pub p_value: Option<f64>,
    /// Rows analysed.
    pub n: Option<f64>,
    /// Clusters.
    pub clusters: Option<f64>,
    /// Absorbed groups dropped.
    pub groups_dropped: Option<f64>,
    /// `ok`, or why there is no number.
    pub status: String,
}

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
}

impl Estimates {
    /// Whether every row is equal to within 1e-9.
    pub fn all_exact(&self) -> bool {
        self.exact == self.rows
    }
}

/// The estimates of a `results.csv`, header first.
///
/// # Errors
/// Columns missing, a number that is none, a row that is there twice.
pub(super) fn read(rows: &[Vec<String>], shown: &str) -> Result<BTreeMap<Key, Numbers>> {
    let header = rows.first().map(Vec::as_slice).unwrap_or_default();
    let at = |name: &str| -> Result<usize> {
        header.iter().position(|head| head == name).ok_or_else(|| {
            let problem = Problem::new(format!("no column `{name}`")).file(shown).line(1);
            problem.hint("this is no `results.csv` of this program").into()
        })
    };
    let mut found = BTreeMap::new();
    let (keys, numbers, counts) = (each(&KEY, at)?, each(&NUMBERS, at)?, each(&COUNTS, at)?);
    let status = at("status")?;
    for (line, row) in rows.iter().enumerate().skip(1) {
        let problem = |what: String| Problem::new(what).file(shown).line(line as u64 + 1);
        let number = |column: usize| -> Result<Option<f64>> {
            match row[column].as_str() {
                "" => Ok(None),
                text => Ok(Some(text.parse::<f64>().map_err(|_| problem(format!("`{text}` is not a number")))?)),
            }
        };
        let parsed = Numbers {
            estimate: number(numbers[0])?,
            std_error: number(numbers[1])?,
            conf_low: number(numbers[2])?,
            conf_high: number(numbers[3])?,
            statistic: number(numbers[4])?,
            p_value: number(numbers[5])?,
            n: number(counts[0])?,
            clusters: number(counts[1])?,
            groups_dropped: number(counts[2])?,
            status: row[status].clone(),
        };
        let key: Key = std::array::from_fn(|part| row[keys[part]].clone());
        if found.insert(key.clone(), parsed).is_some() {
            return Err(problem(format!("`{}` is there twice", key.join(","))).into());
        }
    }
    Ok(found)
}

fn each<const N: usize>(names: &[&str; N], at: impl Fn(&str) -> Result<usize>) -> Result<[usize; N]> {
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        *place = at(name)?;
    }
    Ok(places)
}

/// Compares two files' estimates.
pub(super) fn compare(before: &BTreeMap<Key, Numbers>, after: &BTreeMap<Key, Numbers>) -> Estimates {
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    let mut found = Estimates { rows: keys.len(), ..Estimates::default() };
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

fn agreement(quantity: &str, a: &Numbers, b: &Numbers) -> Agreement {
    if a.status != b.status {
        return Agreement::Moved;
    }
    let scale = a.std_error.unwrap_or(0.0);
    let numbers = |x: &Numbers| [x.estimate, x.std_error, x.conf_low, x.conf_high, x.statistic, x.p_value];
    let counts = |x: &Numbers| [x.n, x.clusters, x.groups_dropped];
    let pairs = |a: &[Option<f64>], b: &[Option<f64>], test: &dyn Fn(f64, f64) -> bool| {
        a.iter().zip(b).all(|pair| match pair {
            (Some(a), Some(b)) => test(*a, *b),
            (a, b) => a.is_none() && b.is_none(),
        })
    };
    if pairs(&numbers(a), &numbers(b), &|a, b| same(a, b, scale)) && pairs(&counts(a), &counts(b), &|a, b| a == b) {
        return Agreement::Exact;
    }
    let near = |x: f64, y: f64| {
        let errors = distance(quantity, x, y, scale);
        errors.is_some_and(|errors| errors.abs() <= CLOSE_ERRORS)
            || digits(quantity, x, y) == Some(0)
            || (a.std_error.is_none() && (x - y).abs() <= CLOSE_PART * x.abs())
    };
    let placed = |x: &Numbers| [x.estimate, x.conf_low, x.conf_high];
    let errors = |x: f64, y: f64| (x - y).abs() <= CLOSE_ERRORS * x.abs();
    let close = pairs(&placed(a), &placed(b), &near)
        && pairs(&[a.std_error], &[b.std_error], &errors)
        && pairs(&counts(a), &counts(b), &|a, b| (a - b).abs() <= CLOSE_COUNT * a.abs());
    if close { Agreement::Close } else { Agreement::Moved }
}

/// `after` less `before` in standard errors; odds ratios on the log scale.
fn distance(quantity: &str, before: f64, after: f64, error: f64) -> Option<f64> {
    if error.is_nan() || error <= 0.0 {
        return None;
    }
    if quantity != "odds_ratio" {
        return Some((after - before) / error);
    }
    (before > 0.0 && after > 0.0).then(|| (num::ln(after) - num::ln(before)) / error)
}

/// `after` less `before` in units of the last digit that reports print of this quantity.
fn digits(quantity: &str, before: f64, after: f64) -> Option<i64> {
    let printed = |x: f64| -> Option<i64> {
        let (x, decimals) = match quantity {
            "odds_ratio" | "holm_p" => (x, 3),
            "coefficient" | "average_marginal_effect" => (x, 4),
            "e_value" => (x, 2),
            "people" => (x / 1000.0, 0),
            _ => return None,
        };
        // Through the text, so that it rounds as the tables do.
        x.is_finite().then(|| format!("{x:.decimals$}").replace('.', "").parse().ok())?
    };
    printed(after)?.checked_sub(printed(before)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "analysis,outcome,subgroup,term,quantity,estimate,std_error,conf_low,conf_high,statistic,p_value,n,clusters,groups_dropped,status\n";

    fn table(lines: &str) -> BTreeMap<Key, Numbers> {
        let rows = super::super::cells::rows(format!("{HEADER}{lines}").as_bytes()).unwrap();
        read(&rows, "results.csv").unwrap()
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

    #[test]
    fn foreign_and_broken_tables_are_errors() {
        let rows = |text: &str| super::super::cells::rows(text.as_bytes()).unwrap();
        assert!(read(&rows("a,b\n1,2\n"), "x").unwrap_err().to_string().contains("no column `analysis`"));
        let twice = format!("{HEADER}{0}{0}", "main,y,,a,coefficient,0.5,,,,,,,,,ok\n");
        assert!(read(&rows(&twice), "x").unwrap_err().to_string().contains("twice"));
        let word = format!("{HEADER}main,y,,a,coefficient,abc,,,,,,,,,ok\n");
        assert!(read(&rows(&word), "x").unwrap_err().to_string().contains("not a number"));
    }
}
