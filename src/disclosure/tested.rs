//! What is known of a fit beside its estimates, as released values: tests, contrasts, numerical
//! facts. Holds no wording but the model room's own warnings.

use serde::{Deserialize, Serialize};

use super::{Estimate, Gate, ModelResult, Released};

/// A mean prediction.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Prediction {
    /// Mean probability, 0..=1.
    pub mean: f64,
    /// Standard error and 95% interval; none where absorbed effects make the mean prediction the
    /// observed share whatever the coefficients.
    pub error: Option<[f64; 3]>,
}

/// Two predictions and their difference.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct ContrastRow {
    /// Index into the model's contrasts.
    pub contrast: usize,
    /// Mean prediction with the exposure in the first place.
    pub from: Released<Prediction>,
    /// Mean prediction with the exposure in the second place.
    pub to: Released<Prediction>,
    /// The second less the first.
    pub difference: Released<Estimate>,
    /// The difference in people per year of the outcome's population.
    pub people: Released<Estimate>,
}

/// A joint test.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct JointRow {
    /// Index into the config's joint tests.
    pub test: usize,
    /// Its result.
    pub wald: Released<JointTested>,
}

/// Result of a joint test.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct JointTested {
    /// Wald statistic.
    pub statistic: f64,
    /// Coefficients tested.
    pub terms: u64,
    /// Degrees of freedom of the denominator, where the covariance has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df: Option<f64>,
    /// P value: chi-square, or F where there are such degrees of freedom or the fit refers to Student's t.
    pub p: f64,
}

/// Result of a bootstrap test that the exposure has no coefficient.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct BootstrapRow {
    /// The sample's own statistic.
    pub statistic: f64,
    /// P value.
    pub p: f64,
    /// Draws used.
    pub draws: u64,
}

/// How a model was fitted.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct FitRow {
    /// Degrees of freedom of Student's t that statistics refer to; none for the normal.
    pub df: Option<f64>,
    /// Clusters of each kind in the covariance, with the factor on that part of it. For errors
    /// without clusters none.
    pub ways: Released<Vec<(u64, f64)>>,
    /// Responses less coefficients and absorbed effects.
    pub residual_df: Released<u64>,
    /// Largest absolute score at the estimate.
    pub gradient_norm: f64,
    /// Condition number of the information.
    pub condition: f64,
    /// At the estimate.
    pub log_likelihood: Released<f64>,
    /// What the reader should know, in words.
    pub warnings: Released<Vec<String>>,
}

impl ModelResult {
    /// A result of which nothing is known yet: every value is missing, numbers that cannot be
    /// are 0 (not-a-number would not survive the cache).
    pub fn empty(gate: &Gate, model: usize, outcome: usize) -> Self {
        Self {
            model,
            outcome,
            n: gate.missing(NOT_YET),
            groups: gate.missing(NOT_YET),
            clusters: gate.missing(NOT_YET),
            groups_dropped: gate.missing(NOT_YET),
            coefficients: Vec::new(),
            exposure: gate.missing(NOT_YET),
            odds_ratio: gate.missing(NOT_YET),
            average_marginal_effect: gate.missing(NOT_YET),
            people: gate.missing(NOT_YET),
            e_value: gate.missing(NOT_YET),
            holm: gate.missing(NOT_YET),
            hochberg: gate.missing(NOT_YET),
            benjamini_hochberg: gate.missing(NOT_YET),
            equivalence: gate.missing(NOT_YET),
            minimum_detectable: gate.missing(NOT_YET),
            contrasts: Vec::new(),
            joint: Vec::new(),
            bootstrap: None,
            dropped: Vec::new(),
            factor: 0.0,
            profile: String::new(),
            iterations: 0,
            fit: FitRow {
                df: None,
                residual_df: gate.missing(NOT_YET),
                ways: gate.missing(NOT_YET),
                gradient_norm: 0.0,
                condition: 0.0,
                log_likelihood: gate.missing(NOT_YET),
                warnings: gate.missing(NOT_YET),
            },
        }
    }
}

const NOT_YET: &str = "nothing is fitted";
