//! Survey rows collapsed over equal practice, wave and codes, with a count. Weights do not survive.

use super::person::write_rows;
use crate::config::Config;
use crate::error::Result;
use crate::ingest::{Item, Survey};
use rayon::prelude::*;
use std::path::Path;

/// Rows that agree in everything but the weight become one row with a count; sorted by wave,
/// practice and codes.
pub fn cells(survey: &Survey) -> Survey {
    let mut order: Vec<u32> = (0..survey.practice.len() as u32).collect();
    let unit = |row: &u32| (survey.wave[*row as usize], survey.practice[*row as usize]);
    if !order.is_sorted_by_key(unit) {
        order.sort_by_key(unit);
    }
    let groups: Vec<&[u32]> = order.chunk_by(|a, b| unit(a) == unit(b)).collect();
    let collapsed: Vec<Vec<(u32, u32)>> = groups.into_par_iter().map(|rows| collapse(survey, rows)).collect();
    let cells: Vec<(u32, u32)> = collapsed.into_iter().flatten().collect();
    let row = |cell: &(u32, u32)| cell.0 as usize;
    Survey {
        practices: survey.practices.clone(),
        practice: cells.iter().map(|cell| survey.practice[row(cell)]).collect(),
        wave: cells.iter().map(|cell| survey.wave[row(cell)]).collect(),
        items: survey
            .items
            .par_iter()
            .map(|item| Item {
                name: item.name.clone(),
                codes: cells.iter().map(|cell| item.codes[row(cell)]).collect(),
            })
            .collect(),
        weight: None,
        count: Some(cells.iter().map(|cell| cell.1).collect()),
        outcome: survey.outcome.as_ref().map(|outcome| cells.iter().map(|cell| outcome[row(cell)]).collect()),
        withheld: survey.withheld.clone(),
    }
}

/// One row of each kind among `rows`, with how many it stands for.
fn collapse(survey: &Survey, rows: &[u32]) -> Vec<(u32, u32)> {
    let width = survey.items.len();
    let mut codes = Vec::with_capacity(rows.len() * width);
    for row in rows {
        codes.extend(survey.items.iter().map(|item| item.codes[*row as usize]));
    }
    let key = |at: usize| &codes[at * width..(at + 1) * width];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| key(*a).cmp(key(*b)));
    let count = |at: usize| survey.count.as_ref().map_or(1, |count| count[rows[at] as usize]);
    order
        .chunk_by(|a, b| key(*a) == key(*b))
        .map(|same| (rows[same[0]], same.iter().map(|at| count(*at)).sum()))
        .collect()
}

/// Writes cells to the survey's files under `root`, with a count column.
///
/// # Errors
/// When a file cannot be written or its ending is neither `.csv` nor `.parquet`.
pub fn write_cells(config: &Config, cells: &Survey, root: &Path) -> Result<()> {
    write_rows(config, cells, root, true)
}
