//! A model's terms as columns: categories alone are factors, everything else is a number per row.
//! Interactions of categories become indicator products of their levels, the reference left out.
//! Knows no estimator beyond the shape of its columns.

use super::rows::{named, numbers};
use crate::config::{Dataset, DatasetModel, TermSpec, VariableKind};
use crate::panel::{Frame, NONE};

/// A numeric regressor besides the exposure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Extra {
    /// The term as the config writes it.
    pub(super) name: String,
    /// Levels of its categories, joined; empty without one.
    pub(super) level: String,
    /// Value by row of the frame (0 in rows that are not used).
    pub(super) values: Vec<f64>,
    /// Power of the exposure in it; 0 where it has none.
    pub(super) power: u32,
    /// Value without the exposure's power, by row of the frame.
    pub(super) other: Vec<f64>,
}

/// A term as the config writes it: `imd^2`, `imd:rural`.
pub(super) fn name(dataset: &Dataset, term: &TermSpec) -> String {
    let one = |(at, power): &(usize, u32)| match power {
        1 => dataset.variables[*at].id.clone(),
        power => format!("{}^{power}", dataset.variables[*at].id),
    };
    term.factors.iter().map(one).collect::<Vec<_>>().join(":")
}

/// A term in words, from its variables' labels.
pub(super) fn label(dataset: &Dataset, term: &TermSpec) -> String {
    let one = |(at, power): &(usize, u32)| {
        let label = &dataset.variables[*at].label;
        match power {
            1 => label.clone(),
            2 => format!("{label}, squared"),
            3 => format!("{label}, cubed"),
            power => format!("{label}, to the power of {power}"),
        }
    };
    term.factors.iter().map(one).collect::<Vec<_>>().join(" × ")
}

/// Whether a variable has levels.
pub(super) fn is_category(dataset: &Dataset, variable: usize) -> bool {
    !matches!(dataset.variables[variable].kind, VariableKind::Number { .. })
}

/// The category that a term is, if it is nothing else.
pub(super) fn factor(dataset: &Dataset, term: &TermSpec) -> Option<usize> {
    match term.factors[..] {
        [(at, 1)] if is_category(dataset, at) => Some(at),
        _ => None,
    }
}

/// The numeric regressors of a model, in the order of its terms.
pub(super) fn extras(dataset: &Dataset, frame: &Frame, model: &DatasetModel, rows: &[usize]) -> Vec<Extra> {
    let terms = model.terms.iter().filter(|term| factor(dataset, term).is_none());
    terms.flat_map(|term| of_term(dataset, frame, model, rows, term)).collect()
}

fn of_term(dataset: &Dataset, frame: &Frame, model: &DatasetModel, rows: &[usize], term: &TermSpec) -> Vec<Extra> {
    let power = term.factors.iter().find(|(at, _)| *at == model.exposure).map_or(0, |(_, power)| *power);
    let mut other = vec![0.0; frame.rows];
    for row in rows {
        other[*row] = 1.0;
    }
    for (at, power) in term.factors.iter().filter(|(at, _)| *at != model.exposure && !is_category(dataset, *at)) {
        let values = numbers(frame, *at);
        rows.iter().for_each(|row| other[*row] *= raised(values[*row], *power));
    }
    // One column for each combination of the categories' levels that are no references.
    let mut columns = vec![(String::new(), other)];
    for (at, _) in term.factors.iter().filter(|(at, _)| is_category(dataset, *at)) {
        let (names, of, reference) = named(frame, *at);
        let levels = (0..names.len() as u32).filter(|level| *level != reference && *level != NONE);
        let split = |(text, values): (String, Vec<f64>)| {
            levels.clone().map(move |level| {
                let mut values = values.clone();
                rows.iter().filter(|row| of[**row] != level).for_each(|row| values[*row] = 0.0);
                let name = &names[level as usize];
                (if text.is_empty() { name.clone() } else { format!("{text} × {name}") }, values)
            })
        };
        columns = columns.into_iter().flat_map(split).collect();
    }
    // A combination that no row has would be a column of zeros.
    let occurs = |(_, other): &(String, Vec<f64>)| rows.iter().any(|row| other[*row] != 0.0);
    let exposure = numbers(frame, model.exposure);
    let finish = |(level, other): (String, Vec<f64>)| {
        let mut values = other.clone();
        if power > 0 {
            rows.iter().for_each(|row| values[*row] *= raised(exposure[*row], power));
        }
        Extra { name: name(dataset, term), level, values, power, other }
    };
    columns.into_iter().filter(occurs).map(finish).collect()
}

/// A whole power by repeated multiplication: the same bits everywhere.
fn raised(x: f64, power: u32) -> f64 {
    (0..power).fold(1.0, |product, _| product * x)
}
