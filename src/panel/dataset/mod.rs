//! The rows of a dataset study as plain columns, one per variable: looked up, added up, recoded.
//! Every row that is not there is counted. Fits nothing.

mod lookup;
mod recode;
mod sums;

use crate::config::{Dataset, Origin, Variable, VariableKind};
use crate::error::{Problem, Problems, Result};
use crate::ingest::{TableColumn, Tables};
use crate::num;
use lookup::Rows;

/// Index of a level or key that is missing.
pub const NONE: u32 = u32::MAX;

/// A variable's values, one per row.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; missing ones are not numbers (NaN).
    Numbers(Vec<f64>),
    /// Levels of a category, or keys: names, and each row's index into them ([`NONE`]: missing).
    /// Levels of a category are in the config's order (with `Missing` last where rows without a value
    /// have a level of their own), keys in order of their text.
    Named {
        /// Names; only those that occur, for keys and for levels taken as found.
        names: Vec<String>,
        /// Index of each row.
        of: Vec<u32>,
        /// Index of the level that others are compared with (0 for keys).
        reference: u32,
    },
}

/// The rows of the analysis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    /// Number of rows.
    pub rows: usize,
    /// By variable, in the config's order.
    pub values: Vec<Values>,
    /// How the sources linked: what, how many, of how many.
    pub facts: Vec<(String, u64, u64)>,
}

/// Looks up, adds up and recodes every variable.
///
/// # DatasetErrors
/// Every problem of every variable: texts that are no numbers, levels that match nothing, keys that a
/// lookup finds twice with different values. A variable that is made from one with a problem is left out.
pub fn frame(dataset: &Dataset, tables: &Tables) -> Result<Frame> {
    let rows = tables.get(dataset.rows).map_or(0, |table| table.rows);
    let mut building = Building { dataset, tables, rows, values: Vec::new(), facts: Vec::new() };
    let mut problems = Problems::default();
    for variable in &dataset.variables {
        let ready = variable.origin.made_of().iter().all(|at| building.values[*at].is_some());
        let made = if ready { problems.keep(building.variable(variable)) } else { None };
        building.values.push(made);
    }
    let values = building.values.into_iter().flatten().collect();
    problems.or(Frame { rows, values, facts: building.facts })
}

/// Variables made so far; none where a variable had a problem.
struct Building<'a> {
    dataset: &'a Dataset,
    tables: &'a Tables,
    rows: usize,
    values: Vec<Option<Values>>,
    facts: Vec<(String, u64, u64)>,
}

impl Building<'_> {
    fn variable(&mut self, variable: &Variable) -> Result<Values> {
        let numbers = match &variable.origin {
            Origin::Column { from, column, missing } => {
                let matched = self.rows_of(variable, from)?;
                let values = self.column(from.source, column)?;
                let rows = match matched {
                    None => Rows::Own(self.rows),
                    Some(found) => Rows::Found(found.single(variable, from, column, values, self)?),
                };
                return recode::recode(self, variable, from.source, column, values, &rows, missing);
            }
            Origin::Sum { from, column, matching, absent } => {
                let Some(found) = self.rows_of(variable, from)? else {
                    return Err(unready(variable));
                };
                sums::sums(self, variable, from.source, &found, column.as_deref(), matching, *absent)?
            }
            Origin::Ratio { numerator, denominator, times } => {
                let (above, below) = (self.numbers(variable, *numerator)?, self.numbers(variable, *denominator)?);
                let ratio = |(above, below): (&f64, &f64)| if *below > 0.0 { above / below * times } else { f64::NAN };
                above.iter().zip(below).map(ratio).collect()
            }
            Origin::Log(of) => {
                let ln = |x: &f64| if *x > 0.0 { num::ln(*x) } else { f64::NAN };
                self.numbers(variable, *of)?.iter().map(ln).collect()
            }
        };
        let scale = match &variable.kind {
            VariableKind::Number { scale, .. } => *scale,
            _ => return Err(unready(variable)),
        };
        Ok(Values::Numbers(numbers.into_iter().map(|x: f64| x / scale).collect()))
    }

    /// An earlier variable's numbers.
    fn numbers(&self, variable: &Variable, at: usize) -> Result<&[f64]> {
        match self.values.get(at) {
            Some(Some(Values::Numbers(numbers))) => Ok(numbers),
            _ => Err(unready(variable)),
        }
    }

    /// A column of a source.
    fn column(&self, source: usize, header: &str) -> Result<&TableColumn> {
        let table = self.tables.get(source);
        let found = table.and_then(|table| table.columns.iter().find(|(name, _)| name == header));
        found.map(|(_, column)| column).ok_or_else(|| Problem::new(format!("column `{header}` was not read")).into())
    }

    /// A problem of a column of a source, at the variable's name.
    fn problem(&self, variable: &Variable, source: usize, what: String) -> Problem {
        let source = &self.dataset.sources[source];
        let file = source.files.first().map(String::as_str).unwrap_or_default();
        Problem::new(format!("variable `{}`: {what}", variable.id)).file(file)
    }
}

/// What the config's checks rule out.
fn unready(variable: &Variable) -> Problems {
    Problem::new(format!("variable `{}` cannot be made from what it names", variable.id)).into()
}
