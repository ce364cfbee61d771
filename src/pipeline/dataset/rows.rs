//! Which rows of the frame a model of an outcome uses, and why the others leave. Owns the checks of
//! outcomes, weights and offsets against what their family can take.

use crate::config::{Dataset, DatasetModel, Measure, Weights};
use crate::error::{Problem, Problems, Result};
use crate::panel::{Frame, NONE, Values};

/// Rows used, and why others leave.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Used {
    /// Rows of the frame, ascending.
    pub(super) rows: Vec<usize>,
    /// Reasons in the order in which they apply, with the number of rows.
    pub(super) left: Vec<(String, u64)>,
}

/// A number variable's values; empty for others, which the config's checks exclude.
pub(super) fn numbers(frame: &Frame, variable: usize) -> &[f64] {
    match frame.values.get(variable) {
        Some(Values::Numbers(values)) => values,
        _ => &[],
    }
}

/// A key's or category's indices; empty for numbers.
pub(super) fn named(frame: &Frame, variable: usize) -> (&[String], &[u32], u32) {
    match frame.values.get(variable) {
        Some(Values::Named { names, of, reference }) => (names, of, *reference),
        _ => (&[], &[], 0),
    }
}

fn is_missing(frame: &Frame, variable: usize, row: usize) -> bool {
    match &frame.values[variable] {
        Values::Numbers(values) => values[row].is_nan(),
        Values::Named { of, .. } => of[row] == NONE,
    }
}

/// Walks the rows once.
///
/// # DatasetErrors
/// Values that the outcome, the weights or the offset cannot take.
pub(super) fn used(dataset: &Dataset, frame: &Frame, model: &DatasetModel, outcome: usize) -> Result<Used> {
    valid(dataset, frame, model, outcome)?;
    let needed = dataset.needed(model, outcome);
    let mut left = vec![0u64; needed.len()];
    let (mut no_trials, mut no_offset, mut no_weight) = (0u64, 0u64, 0u64);
    let weight = model.weights.map(|(Weights::Frequency(at) | Weights::Sampling(at))| numbers(frame, at));
    let trials = match dataset.outcomes[outcome].measure {
        Measure::Grouped { trials, .. } => Some(numbers(frame, trials)),
        _ => None,
    };
    let logged = model.offset.filter(|(_, log)| *log).map(|(at, _)| at);
    let mut used = Used::default();
    for row in 0..frame.rows {
        if let Some(first) = needed.iter().position(|at| is_missing(frame, *at, row)) {
            left[first] += 1;
        } else if trials.is_some_and(|trials| trials[row] == 0.0) {
            no_trials += 1;
        } else if logged.is_some_and(|at| numbers(frame, at)[row] <= 0.0) {
            no_offset += 1;
        } else if weight.is_some_and(|weight| weight[row] == 0.0) {
            no_weight += 1;
        } else {
            used.rows.push(row);
        }
    }
    // Variables with the same reason (a lookup's several columns) make one line.
    let mut add = |reason: String, n: u64| match used.left.iter_mut().find(|(other, _)| *other == reason) {
        Some((_, sum)) => *sum += n,
        None => used.left.push((reason, n)),
    };
    for (at, n) in needed.iter().zip(left) {
        if n > 0 {
            add(dataset.variables[*at].reason.clone(), n);
        }
    }
    if no_trials > 0 {
        add("no trials".into(), no_trials);
    }
    if let Some(at) = logged.filter(|_| no_offset > 0) {
        add(format!("{} not above zero", dataset.variables[at].label), no_offset);
    }
    if no_weight > 0 {
        add("weight of zero".into(), no_weight);
    }
    several_levels(dataset, frame, model, &used.rows)?;
    Ok(used)
}

/// A category or an absorbed variable with one value among the rows used says nothing, and would leave
/// the model without a word.
fn several_levels(dataset: &Dataset, frame: &Frame, model: &DatasetModel, rows: &[usize]) -> Result<()> {
    let mut problems = Problems::default();
    let of_terms = model.terms.iter().flat_map(|term| term.factors.iter().map(|(at, _)| *at));
    let named_ones: std::collections::BTreeSet<usize> = of_terms.chain(model.absorb.iter().copied()).collect();
    for at in named_ones {
        let (names, of, _) = named(frame, at);
        let Some(first) = rows.first().and_then(|row| of.get(*row)) else { continue };
        if rows.iter().all(|row| of[*row] == *first) {
            let (id, only) = (&dataset.variables[at].id, names.get(*first as usize).map_or("", String::as_str));
            let what = format!("variable `{id}` of model `{}` has one value among the rows used: `{only}`", model.id);
            problems.push(Problem::new(what).hint("take it out of the model"));
        }
    }
    problems.or(())
}

/// Checks of values that no family could mend.
fn valid(dataset: &Dataset, frame: &Frame, model: &DatasetModel, outcome: usize) -> Result<()> {
    let mut problems = Problems::default();
    let mut every = |variable: usize, what: &str, hint: &str, fits: &dyn Fn(f64, usize) -> bool| {
        let values = numbers(frame, variable);
        let wrong = |(row, x): &(usize, &f64)| !x.is_nan() && !fits(**x, *row);
        let count = values.iter().enumerate().filter(wrong).count();
        if let Some((_, example)) = values.iter().enumerate().find(wrong) {
            let id = &dataset.variables[variable].id;
            let times = if count == 1 { "once".into() } else { format!("{count} times") };
            let text = format!("variable `{id}` has {example}, expected {what} ({times} in all)");
            problems.push(Problem::new(text).hint(hint));
        }
    };
    let whole = |x: f64| x >= 0.0 && x.fract() == 0.0 && x <= f64::from(u32::MAX);
    match dataset.outcomes[outcome].measure {
        Measure::Binary(at) => {
            let hint = "name what counts under `values`, as `values: { \"yes\": 1, \"no\": 0 }`";
            every(at, "0 or 1", hint, &|x, _| x == 0.0 || x == 1.0);
        }
        Measure::Count(at) => every(at, "a count", "use `number` for outcomes that are no counts", &|x, _| whole(x)),
        Measure::Grouped { successes, trials } => {
            every(trials, "a number of trials", "trials are whole numbers from 0", &|x, _| whole(x));
            let all = numbers(frame, trials);
            let within = |x: f64, row: usize| whole(x) && (all[row].is_nan() || x <= all[row]);
            every(successes, "a whole number up to the trials", "are successes and trials swapped?", &within);
        }
        Measure::Number(at) if model.family == crate::config::DatasetFamily::Poisson => {
            every(at, "zero or more", "the Poisson family has no negative outcomes", &|x, _| x >= 0.0);
        }
        Measure::Number(_) => {}
    }
    match model.weights {
        Some(Weights::Frequency(at)) => {
            let hint = "a frequency weight is how many equal rows a row stands for; use `sampling` for others";
            every(at, "a whole number", hint, &|x, _| whole(x));
        }
        Some(Weights::Sampling(at)) => {
            every(at, "zero or more", "sampling weights are not negative", &|x, _| x >= 0.0);
        }
        None => {}
    }
    problems.or(())
}
