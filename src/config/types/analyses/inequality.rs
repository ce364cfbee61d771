//! Inequality: over which ranked variable, between which ends.

/// What is asked of the inequality of outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Inequality {
    /// The ranked covariate: index into [`super::super::Config::covariates`]. Levels rank in the
    /// config's order; a number ranks from high to low.
    pub by: usize,
    /// Words for the first and the last rank.
    pub ends: [String; 2],
    /// Covariates that the gradient is adjusted for, as indices.
    pub covariates: Vec<usize>,
}
