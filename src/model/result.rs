//! What a fit gives back. Plain data; knows no text beyond names.

use serde::{Deserialize, Serialize};

use super::inference::Estimate;
use super::joint::JointTest;
use super::options::{At, Covariance, Family, Profile};

/// A coefficient's name.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Weight or count of zero.
    ZeroWeight,
    /// The group's outcome is always 0.
    GroupAllFailures,
    /// The group's outcome is always 1.
    GroupAllSuccesses,
    /// All responses with any of these levels of an absorbed covariate have the same outcome.
    AbsorbedLevels {
        /// The covariate.
        name: String,
        /// The levels, as they were found.
        levels: Vec<String>,
        /// The outcome they all have.
        outcome: bool,
    },
    /// All responses with this level have the same outcome.
    Separated {
        /// The level; for an indicator column the level `not <level>` means its zeros.
        term: Term,
        /// The outcome they all have.
        outcome: bool,
    },
}

/// Responses that left before fitting.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Why.
    pub reason: Reason,
    /// How many responses (counts included, weights not).
    pub responses: u64,
    /// How many groups lost responses for this reason; for [`Reason::AbsorbedLevels`] how many levels
    /// left.
    pub groups: u64,
    /// Which blocks of the sample lost how many responses, in order.
    pub blocks: Vec<(usize, u64)>,
}

/// One Newton pass.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub struct Step {
    /// Newton decrement at the point: the gradient in standard errors (scaled as in
    /// `Options::tolerance`).
    pub gradient: f64,
    /// How often the step that led here was halved.
    pub halvings: u32,
}

/// Distribution the statistics refer to.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub enum Reference {
    /// Standard normal.
    Normal,
    /// Student's t with these degrees of freedom.
    StudentT(f64),
}

/// Responses whose outcome a combination of regressors predicts perfectly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separation {
    /// The regressors whose coefficients run off together (against the reference levels and, with
    /// absorbed effects, within groups).
    pub direction: Vec<Term>,
    /// Those of their levels that all these responses share, reference levels included; empty
    /// when a numeric combination separates.
    pub shared: Vec<Term>,
    /// How many responses.
    pub responses: u64,
    /// In how many groups.
    pub groups: u64,
    /// Their outcome, if it is one: false for 0, true for 1. Both kinds are predicted where none.
    pub outcome: Option<bool>,
}

/// Mean outcome over the estimation sample (weights and counts) with the exposure in one place and
/// in another; covariates as they were. Delta-method errors over all parameters.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// From here.
    pub from: At,
    /// To here.
    pub to: At,
    /// Mean prediction at `from`: a probability, or the outcome's mean.
    pub at_from: Estimate,
    /// Mean prediction at `to`.
    pub at_to: Estimate,
    /// `at_to - at_from`.
    pub difference: Estimate,
}

/// Result of a wild cluster bootstrap test that the exposure's coefficient is zero.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub struct BootstrapTest {
    /// The sample's own statistic: coefficient over clustered error without factor in the linear family,
    /// its linearisation at the restricted estimate in the others.
    pub statistic: f64,
    /// Share of draws whose statistic is at least as far from zero, ties included.
    pub p_value: f64,
    /// Draws used.
    pub draws: u64,
    /// Whether these were all the sign combinations there are.
    pub enumerated: bool,
    /// Seed of the streams.
    pub seed: u64,
}

/// Something about a finished fit that its reader should know.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub enum Warning {
    /// Fewer clusters than the 42 below which clustered errors are known to be too small (Angrist and
    /// Pischke 2009).
    FewClusters {
        /// The smallest number of clusters of any kind.
        clusters: u64,
    },
    /// A few responses carry most of the weight: the largest weight is above 20 times the mean, or
    /// the effective number of responses (Kish, `(sum w)^2 / sum w^2`) below a tenth of the actual one.
    ExtremeWeights {
        /// Largest weight over the mean weight.
        largest: f64,
        /// Effective number of responses.
        effective: f64,
    },
    /// The difference that makes two-way errors gave variances that are not positive: these terms have
    /// no error.
    NegativeVariance {
        /// Which.
        terms: Vec<Term>,
    },
    /// The information is so near to singular that the last digits of the estimates are lost.
    IllConditioned {
        /// `Fit::condition`, above 1e8.
        condition: f64,
    },
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::FewClusters { clusters } => {
                write!(f, "{clusters} clusters only: clustered errors are too small below about 42")
            }
            Self::ExtremeWeights { largest, effective } => {
                write!(
                    f,
                    "extreme weights: the largest is {largest:.1} times the mean, effective responses {effective:.0}"
                )
            }
            Self::NegativeVariance { terms } => {
                let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
                write!(f, "no two-way error for {}: the variance is not positive", terms.join(", "))
            }
            Self::IllConditioned { condition } => {
                write!(f, "nearly collinear columns: condition number {condition:.1e}")
            }
        }
    }
}

/// One kind of clusters in the covariance.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub struct Way {
    /// Clusters in the estimation sample.
    pub clusters: u64,
    /// Factor on this part of the covariance; negative for the intersections of a two-way covariance.
    pub factor: f64,
}

/// The factor the covariance was multiplied by.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub struct SmallSample {
    /// Convention.
    pub profile: Profile,
    /// Factor on the covariance (on its first part, if two-way).
    pub factor: f64,
}

/// Average change in the probability of the outcome per unit of the exposure.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub struct MarginalEffect {
    /// On the probability scale, averaged over the estimation sample (weights and counts).
    pub estimate: f64,
    /// Delta-method standard error, uncertainty of the absorbed effects included; the covariates of the
    /// sample are taken as fixed.
    pub std_error: f64,
    /// The standard error that also counts the sampling of the covariates: see [`Estimate::sampled`].
    pub sampled: Option<f64>,
}

/// The average marginal effect within one level of a subgroup.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub struct SubgroupEffect {
    /// Index in `Options::subgroups`.
    pub subgroup: usize,
    /// The level, as an index into the covariate's levels or as the caller numbered it.
    pub level: u32,
    /// Responses of the estimation sample in it.
    pub responses: u64,
    /// Clusters that have any of them.
    pub clusters: u64,
    /// Averaged over these responses; errors over all clusters.
    pub effect: MarginalEffect,
}

/// An absorbed covariate beside the groups.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Eq)]
pub struct AbsorbedEffect {
    /// Name of the covariate.
    pub name: String,
    /// Levels in the estimation sample.
    pub levels: u64,
    /// How many of them have no effect of their own, as the groups and the other levels determine it;
    /// at least one.
    pub redundant: u64,
}

/// A fitted model. Vectors have one entry per term unless said otherwise.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Fit {
    /// Block columns, row-level numbers, levels by factor (not of absorbed ones); the intercept last
    /// when nothing is absorbed.
    pub terms: Vec<Term>,
    /// Coefficients (log odds ratios, or probabilities in the linear family).
    pub coefficient: Vec<f64>,
    /// Covariance, terms x terms, row-major.
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
    /// The same within the levels of the subgroups asked for, by subgroup and level; levels without a
    /// response are left out.
    pub subgroup_effects: Vec<SubgroupEffect>,
    /// Absorbed covariates beside the groups; no coefficient of theirs is reported.
    pub absorbed: Vec<AbsorbedEffect>,
    /// Contrasts of mean predictions, as asked for.
    pub contrasts: Vec<Contrast>,
    /// Mean predictions of `Options::scenarios`, each less the first; none where a column that is moved has
    /// left the model.
    pub scenarios: Vec<Option<Estimate>>,
    /// Joint tests of `Options::joint`, in order; none where clusters are too few for one. Empty where errors are not
    /// clustered in one way that holds the absorbed effects whole.
    pub joint: Vec<Option<JointTest>>,
    /// Bootstrap test of the exposure, if asked for.
    pub bootstrap: Option<BootstrapTest>,
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
    /// Which correlations the errors allow for.
    pub errors: Covariance,
    /// Each kind of clusters in `covariance`: none, one, or first, second and intersections.
    pub ways: Vec<Way>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
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
