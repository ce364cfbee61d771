//! People under stated population bases, as released values.

use crate::disclosure::{Estimate, Released};
use serde::{Deserialize, Serialize};

/// People by outcome and base.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct PeopleFound {
    /// By outcome, then base.
    pub rows: Vec<PeopleRow>,
    /// Printed numbers of people held against the bases, by outcome.
    pub printed: Vec<PrintedPeople>,
}

/// One outcome's effect in people of one base.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct PeopleRow {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Index into the config's populations; none for the share of the first base that was asked.
    pub base: Option<usize>,
    /// People in the base.
    pub size: Released<f64>,
    /// People per year and unit of the exposure.
    pub people: Released<Estimate>,
}

/// A printed number of people and the base that would give it.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct PrintedPeople {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// People as printed.
    pub people: f64,
    /// Base that the printed odds ratio needs to give them, with its range over the ratio's rounding.
    pub implied: Released<[f64; 3]>,
}
