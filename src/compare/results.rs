//! `results.csv` as numbers by key. Knows the file's columns and nothing of distances.

use crate::error::{Problem, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// What makes a row one of its own: analysis, outcome, subgroup, term, quantity.
pub(super) type Key = [String; 5];
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

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "analysis,outcome,subgroup,term,quantity,estimate,std_error,conf_low,conf_high,statistic,p_value,n,clusters,groups_dropped,status\n";

    #[test]
    fn foreign_and_broken_tables_are_errors() {
        let rows = |text: &str| crate::compare::cells::rows(text.as_bytes()).unwrap();
        assert!(read(&rows("a,b\n1,2\n"), "x").unwrap_err().to_string().contains("no column `analysis`"));
        let twice = format!("{HEADER}{0}{0}", "main,y,,a,coefficient,0.5,,,,,,,,,ok\n");
        assert!(read(&rows(&twice), "x").unwrap_err().to_string().contains("twice"));
        let word = format!("{HEADER}main,y,,a,coefficient,abc,,,,,,,,,ok\n");
        assert!(read(&rows(&word), "x").unwrap_err().to_string().contains("not a number"));
    }
}
