//! Amounts of many rows of a source added up for a row of the analysis, in the order of the file.

use super::lookup::{Groups, texts};
use super::recode::{Reading, number_column};
use super::{Building, NONE};
use crate::config::Variable;
use crate::error::{Problem, Problems, Result};
use crate::num;

/// The sum for each row: zero where the key is on file and no row counts, `absent` (or missing) where
/// the key is on no row, missing where the row has no key or a row that counts has no amount.
pub(super) fn sums(
    building: &Building<'_>,
    variable: &Variable,
    source: usize,
    groups: &Groups,
    column: Option<&str>,
    matching: &[(String, Vec<String>)],
    absent: Option<f64>,
) -> Result<Vec<f64>> {
    let counts = counting(building, variable, source, matching)?;
    let mut amounts: Vec<Vec<f64>> = vec![Vec::new(); groups.count];
    let chosen: Vec<u32> = (0..)
        .zip(&groups.source)
        .filter(|(row, group)| **group != NONE && counts[*row as usize])
        .map(|(row, _)| row)
        .collect();
    let values = match column {
        None => vec![1.0; chosen.len()],
        Some(header) => {
            let read = Reading { building, variable, source, header };
            number_column(&read, building.column(source, header)?, &chosen, &[], &[])?
        }
    };
    for (row, value) in chosen.iter().zip(values) {
        amounts[groups.source[*row as usize] as usize].push(value);
    }
    let sums: Vec<f64> = amounts.into_iter().map(num::sum).collect();
    let absent = absent.unwrap_or(f64::NAN);
    let of_row = |(group, keyed): (&u32, &bool)| match (keyed, *group) {
        (false, _) => f64::NAN,
        (true, NONE) => absent,
        (true, group) => sums[group as usize],
    };
    Ok(groups.rows.iter().zip(&groups.keyed).map(of_row).collect())
}

/// Whether each row of the source counts. An accepted text of "" stands for a missing value.
fn counting(
    building: &Building<'_>,
    variable: &Variable,
    source: usize,
    matching: &[(String, Vec<String>)],
) -> Result<Vec<bool>> {
    let mut counts = vec![true; building.tables[source].rows];
    let mut problems = Problems::default();
    for (header, accepted) in matching {
        let (texts, of) = texts(building.column(source, header)?);
        let accepted: Vec<&str> = accepted.iter().map(|text| text.trim()).collect();
        let empty = accepted.contains(&"");
        let fits: Vec<bool> = texts.iter().map(|text| accepted.contains(&text.as_str())).collect();
        for (counts, at) in counts.iter_mut().zip(of.iter()) {
            *counts &= fits.get(*at as usize).copied().unwrap_or(empty);
        }
        for never in accepted.iter().filter(|text| !text.is_empty() && !texts.iter().any(|other| other == *text)) {
            let what = format!("value `{never}` never occurs in column `{header}`");
            let problem: Problem = building.problem(variable, source, what);
            problems.push(problem.nearest(never, &texts));
        }
    }
    problems.or(counts)
}
