//! The grid of specifications in finished strings.

use serde::Serialize;

use super::super::outcome::{PEOPLE_STEP, interval};
use super::super::words::{lowered, phrase, shown, signed};
use crate::config::{Config, Grid};
use crate::disclosure::GridFound;
use crate::format;

/// The grid.
#[derive(Debug, Clone, Serialize)]
pub struct GridFacts {
    /// Specifications of each outcome: "66".
    pub specifications: String,
    /// Axes that are fully crossed, as a phrase; empty for none.
    pub crossed: String,
    /// Axes that depart one at a time, as a phrase; empty for none.
    pub alone: String,
    /// Axes crossed with everything, as a phrase; empty for none.
    pub with_all: String,
    /// Specifications that could not be fitted, over all outcomes: "3".
    pub not_fitted: String,
    /// True when there are any of those.
    pub any_not_fitted: bool,
    /// By outcome.
    pub outcomes: Vec<GridOutcomeFacts>,
}

/// The grid of one outcome.
#[derive(Debug, Clone, Serialize)]
pub struct GridOutcomeFacts {
    /// Outcome's id; the figure is `grid_` and the id.
    pub id: String,
    /// Outcome's short label.
    pub short: String,
    /// True when the main specification and a range are released.
    pub estimated: bool,
    /// The main model in percentage points with its sign.
    pub main: String,
    /// Its 95% interval.
    pub main_ci: String,
    /// Least effect.
    pub least: String,
    /// Median effect.
    pub median: String,
    /// Greatest effect.
    pub greatest: String,
    /// True when effects are scaled to people.
    pub has_people: bool,
    /// Least to greatest in people per year: "−1,000 to 30,000".
    pub people: String,
    /// The people's population.
    pub population: String,
    /// `above` or `below` zero: the main model's side.
    pub side: String,
    /// The other one.
    pub other_side: String,
    /// Specifications fitted.
    pub fitted: String,
    /// Those on the main model's side of zero.
    pub same_sign: String,
    /// Those with an interval beyond zero on that side.
    pub beyond: String,
    /// Those with an interval beyond zero on the other side.
    pub against: String,
}

/// The facts of a grid.
pub(super) fn grid(config: &Config, plan: &Grid, found: &GridFound) -> GridFacts {
    let names = |axes: &[usize]| phrase(&axes.iter().map(|at| lowered(&plan.axes[*at].label)).collect::<Vec<_>>());
    let alone: Vec<usize> =
        (0..plan.axes.len()).filter(|at| !plan.cross.contains(at) && !plan.with_all.contains(at)).collect();
    let failed = |outcome: &usize| {
        let summary = found.summary(*outcome);
        summary.specifications - summary.estimated
    };
    let not_fitted: usize = plan.outcomes.iter().map(failed).sum();
    GridFacts {
        specifications: format::count(plan.specifications.len() as u64),
        crossed: names(&plan.cross),
        alone: names(&alone),
        with_all: names(&plan.with_all),
        not_fitted: format::count(not_fitted as u64),
        any_not_fitted: not_fitted > 0,
        outcomes: plan.outcomes.iter().map(|outcome| of_outcome(config, found, *outcome)).collect(),
    }
}

fn of_outcome(config: &Config, found: &GridFound, at: usize) -> GridOutcomeFacts {
    let outcome = &config.outcomes[at];
    let summary = found.summary(at);
    let main = found.of(at).next().map(|main| &main.effect);
    let range = summary.range.unwrap_or([f64::NAN; 3]);
    let [least, median, greatest] = range.map(|x| signed(100.0 * x, 2));
    let count = |n: usize| format::count(n as u64);
    let population = outcome.population.and_then(|at| config.populations.get(at));
    let estimated = summary.main_above.is_some() && summary.range.is_some();
    let (side, other_side) = if summary.main_above == Some(true) { ("above", "below") } else { ("below", "above") };
    GridOutcomeFacts {
        id: outcome.id.clone(),
        short: outcome.short.clone(),
        estimated,
        main: main.map_or_else(String::new, |main| shown(main, |e| signed(100.0 * e.estimate, 2))),
        main_ci: main.map_or_else(String::new, |main| interval(main, 100.0, 2)),
        least,
        median,
        greatest,
        has_people: estimated && population.is_some(),
        people: population.map_or_else(String::new, |population| {
            let people = |x: f64| format::rounded(x * population.people, PEOPLE_STEP);
            format!("{} to {}", people(range[0]), people(range[2]))
        }),
        population: population.map(|population| population.label.clone()).unwrap_or_default(),
        side: side.into(),
        other_side: other_side.into(),
        fitted: count(summary.estimated),
        same_sign: count(summary.same_sign),
        beyond: count(summary.beyond),
        against: count(summary.against),
    }
}
