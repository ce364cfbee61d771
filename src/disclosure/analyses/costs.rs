//! Costs per additional person, as released values.

use crate::disclosure::{Estimate, Released};
use serde::{Deserialize, Serialize};

/// Costs of one unit of the exposure everywhere, and what it goes with.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct CostsFound {
    /// Amount in post that the total paid for.
    pub in_post: Released<f64>,
    /// Cost of one unit of the amount in a year.
    pub each: Released<f64>,
    /// Cost of one unit of the exposure everywhere in a year.
    pub everywhere: Released<f64>,
    /// By outcome.
    pub outcomes: Vec<CostOutcome>,
    /// One-way analysis of the figure's outcome, widest first.
    pub one_way: Vec<OneWay>,
}

/// Costs and one outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct CostOutcome {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Additional people with the better answer per unit of the exposure everywhere and year.
    pub people: Released<Estimate>,
    /// Cost per additional person, with the cost at the limits of the people; a limit is none where
    /// people do not lie above zero there.
    pub cost: Released<[Option<f64>; 3]>,
    /// Share of the draws with additional people at all.
    pub better: Released<f64>,
    /// Share of the draws in which the additional people are worth the cost, by the config's worths.
    pub acceptable: Released<Vec<f64>>,
    /// Effect per person referred that would make the average, as a probability, with its interval.
    pub referred: Released<Estimate>,
}

/// The cost per additional person with one quantity at its limits.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct OneWay {
    /// What is moved.
    pub label: String,
    /// From and to, as the report prints them.
    pub range: [f64; 2],
    /// Cost per additional person at the base, the lower and the upper limit; none where people do not
    /// lie above zero.
    pub cost: Released<[Option<f64>; 3]>,
}
