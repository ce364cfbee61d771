//! What a fit gives back. Plain data; knows no text beyond names.

use super::sample::{Family, Profile};

/// A coefficient's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Column or covariate.
    pub name: String,
    /// Level of a categorical covariate or indicator, empty for numbers.
    pub level: String,
}

impl Term {
    /// A term from its two parts.
    pub fn new(name: impl Into<String>, level: impl Into<String>) -> Self {
        Self { name: name.into(), level: level.into() }
    }
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.level.is_empty() { write!(f, "`{}`", self.name) } else { write!(f, "`{}: {}`", self.name, self.level) }
    }
}

/// Why responses left before fitting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Weight or count of zero.
    ZeroWeight,
    /// The group's outcome is always 0.
    GroupAllFailures,
    /// The group's outcome is always 1.
    GroupAllSuccesses,
    /// All responses with this level have the same outcome.
    Separated {
        /// The level; for an indicator column the level `not <level>` means its zeros.
        term: Term,
        /// The outcome they all have.
        outcome: bool,
    },
}

/// Responses that left before fitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Why.
    pub reason: Reason,
    /// How many responses (counts included, weights not).
    pub responses: u64,
    /// How many groups lost responses for this reason.
    pub groups: u64,
    /// Which blocks of the sample lost how many responses, in order.
    pub blocks: Vec<(usize, u64)>,
}

/// One Newton pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Newton decrement at the point: the gradient in standard errors (scaled as in
    /// `Options::tolerance`).
    pub gradient: f64,
    /// How often the step that led here was halved.
    pub halvings: u32,
}

/// Distribution the statistics refer to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reference {
    /// Standard normal.
    Normal,
    /// Student's t with these degrees of freedom.
    StudentT(f64),
}

/// The factor the covariance was multiplied by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmallSample {
    /// Convention.
    pub profile: Profile,
    /// Factor on the covariance.
    pub factor: f64,
}

/// Average change in the probability of the outcome per unit of the exposure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarginalEffect {
    /// On the probability scale, averaged over the estimation sample (weights and counts).
    pub estimate: f64,
    /// Delta-method standard error, uncertainty of the absorbed effects included.
    pub std_error: f64,
}

/// A fitted model. Vectors have one entry per term unless said otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Block columns, row-level numbers, levels by factor; the intercept last when nothing is absorbed.
    pub terms: Vec<Term>,
    /// Coefficients (log odds ratios, or probabilities in the linear family).
    pub coefficient: Vec<f64>,
    /// Clustered covariance, terms x terms, row-major.
    pub covariance: Vec<f64>,
    /// Square roots of its diagonal.
    pub std_error: Vec<f64>,
    /// Coefficient over standard error.
    pub statistic: Vec<f64>,
    /// Two-sided p value against `reference`.
    pub p_value: Vec<f64>,
    /// What statistics and intervals refer to.
    pub reference: Reference,
    /// Factor that makes a 95 % interval: 1.96 or its t equivalent.
    pub critical_value: f64,
    /// Average marginal effect of the exposure, when one was named.
    pub average_marginal_effect: Option<MarginalEffect>,
    /// Likelihood that was maximised.
    pub family: Family,
    /// Responses in the estimation sample.
    pub responses: u64,
    /// Groups in it.
    pub groups: u64,
    /// Clusters in it.
    pub clusters: u64,
    /// Factor of the covariance.
    pub small_sample: SmallSample,
    /// At the estimate. Linear family: Gaussian with the variance at its maximum.
    pub log_likelihood: f64,
    /// One entry per pass.
    pub trace: Vec<Step>,
    /// Largest absolute score over absorbed effects and coefficients at the estimate, columns in
    /// units of their within-group spread.
    pub gradient_norm: f64,
    /// Condition number (1-norm) of the information about the coefficients, scaled to unit diagonal.
    pub condition: f64,
    /// Responses that left before fitting.
    pub dropped: Vec<Dropped>,
    /// Levels that no response of the estimation sample has: no coefficient.
    pub unobserved: Vec<Term>,
}
