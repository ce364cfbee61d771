//! Effects by subgroup: by what, of which outcomes, over which family of tests.

use super::super::Config;

/// The tests that p values are adjusted over together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubgroupFamily {
    /// Every test of every outcome.
    All,
    /// The tests of one outcome.
    Outcome,
}

/// What responses are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubgroupBy {
    /// A covariate with levels: index into [`Config::covariates`].
    Covariate(usize),
    /// The region of their cluster, as the workforce files have it.
    Region,
}

/// What is asked of the subgroups.
#[derive(Debug, Clone, PartialEq)]
pub struct Subgroups {
    /// What to divide by, one at a time.
    pub by: Vec<SubgroupBy>,
    /// Outcomes, as indices.
    pub outcomes: Vec<usize>,
    /// Family of the interaction tests.
    pub family: SubgroupFamily,
    /// Outcome that the figure shows.
    pub figure: usize,
}

impl Config {
    /// Id and label of a division of `analyses.subgroups`, by its place among them.
    pub fn subgroups_by(&self, at: usize) -> [String; 2] {
        let by = self.analyses.subgroups.as_ref().and_then(|plan| plan.by.get(at));
        let covariate = |at: usize| self.covariates.get(at).map(|found| [found.id.clone(), found.label.clone()]);
        match by {
            Some(SubgroupBy::Covariate(at)) => covariate(*at).unwrap_or_default(),
            Some(SubgroupBy::Region) => ["region".into(), "Region".into()],
            None => Default::default(),
        }
    }
}
