//! Effects by subgroup: by what, of which outcomes, over which family of tests.

/// The tests that p values are adjusted over together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubgroupFamily {
    /// Every test of every outcome.
    All,
    /// The tests of one outcome.
    Outcome,
}

/// What is asked of the subgroups.
#[derive(Debug, Clone, PartialEq)]
pub struct Subgroups {
    /// Covariates with levels: indices into [`super::super::Config::covariates`].
    pub by: Vec<usize>,
    /// Outcomes, as indices.
    pub outcomes: Vec<usize>,
    /// Family of the interaction tests.
    pub family: SubgroupFamily,
    /// Outcome that the figure shows.
    pub figure: usize,
}
