//! Everything a report of a dataset study may show, as released values. Made by the pipeline through
//! the gate; holds no text but labels from the config, names of levels and words of the estimator.

use serde::{Deserialize, Serialize};

use super::{BootstrapRow, CoefficientRow, ContrastRow, DroppedRow, Estimate, FitRow, FlowRow, JointRow, Released};

/// A variable, or a level of one, over the rows that the main model analyses.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct DescribedRow {
    /// Index into the config's variables.
    pub variable: usize,
    /// Level label; empty for numbers and keys.
    pub level: String,
    /// Rows with a value (with this level).
    pub n: Released<u64>,
    /// What is said of it.
    pub summary: Summary,
}

/// How a variable is summed up.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub enum Summary {
    /// Mean, standard deviation, 25th, 50th and 75th percentile (unweighted).
    Number(Released<[f64; 5]>),
    /// Share of the rows, 0..=1.
    Share(Released<f64>),
    /// Distinct values.
    Distinct(Released<u64>),
}

/// The exposure's average marginal effect among rows with one level of a category.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct SubgroupRow {
    /// Index into the config's variables.
    pub variable: usize,
    /// Level.
    pub level: String,
    /// Responses.
    pub n: Released<u64>,
    /// Average marginal effect.
    pub effect: Released<Estimate>,
}

/// Tests of one outcome of the main model.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct TestsRow {
    /// P values adjusted over the main model's outcomes: Holm, Hochberg, Benjamini and Hochberg.
    pub adjusted: Released<[f64; 3]>,
    /// P value of two one-sided tests against the smallest effect that matters; not estimated where
    /// the config states none.
    pub equivalence: Released<f64>,
    /// Smallest effect that the study would have found, on the scale of the main estimate (a ratio
    /// where there is one, else a coefficient).
    pub detectable: Released<f64>,
}

/// How a model was fitted, for notes and for `models.csv`.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct HowFitted {
    /// Kind of errors: `iid`, `hc1`, `cluster`, `two-way`, `cr3`.
    pub errors: String,
    /// Small-sample profile.
    pub profile: String,
    /// Factor on the covariance (on its first part, if two-way).
    pub factor: f64,
    /// Newton passes.
    pub iterations: u64,
    /// Values of each absorbed variable that have an effect: variable's label, values.
    pub absorbed: Vec<(String, u64)>,
    /// Reference distribution, clusters and numerical facts.
    pub fit: FitRow,
}

/// One model for one outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct DatasetResult {
    /// Index into the config's models.
    pub model: usize,
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Responses analysed: rows, or the trials or equal rows that they stand for.
    pub n: Released<u64>,
    /// Absorbed groups analysed.
    pub groups: Released<u64>,
    /// Clusters analysed (the first kind).
    pub clusters: Released<u64>,
    /// Groups that left for want of variation.
    pub groups_dropped: Released<u64>,
    /// Mean of the outcome.
    pub mean: Released<f64>,
    /// Every coefficient that is reported, exposure first.
    pub coefficients: Vec<CoefficientRow>,
    /// Coefficient of the exposure.
    pub exposure: Released<Estimate>,
    /// Its exponential (`std_error` on the log scale): odds ratio or rate ratio. Not estimated where
    /// the family has none.
    pub ratio: Released<Estimate>,
    /// Average marginal effect, in the outcome's units (a probability for binary outcomes).
    pub effect: Released<Estimate>,
    /// The same with the error that also counts the sampling of covariates.
    pub effect_sampled: Released<Estimate>,
    /// People in the outcome's population.
    pub people: Released<Estimate>,
    /// E-value of the ratio and of the interval's limit nearest 1.
    pub e_value: Released<[f64; 2]>,
    /// Contrasts.
    pub contrasts: Vec<ContrastRow>,
    /// Subgroups.
    pub subgroups: Vec<SubgroupRow>,
    /// Joint tests.
    pub joint: Vec<JointRow>,
    /// Bootstrap test of the exposure, where one is asked for.
    pub bootstrap: Option<Released<BootstrapRow>>,
    /// Tests, for the main model.
    pub tests: Option<TestsRow>,
    /// What left within the estimator.
    pub dropped: Vec<DroppedRow>,
    /// How it was fitted.
    pub how: HowFitted,
}

/// Findings of a dataset study.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct DatasetFindings {
    /// Rows of the rows' source.
    pub received: Released<u64>,
    /// Rows analysed by the main model for at least one outcome.
    pub analysed_any: Released<u64>,
    /// The ledger of the main model by outcome; waves are none, practices are rows.
    pub flow: Vec<FlowRow>,
    /// The rows that the main model analyses for at least one outcome.
    pub described: Vec<DescribedRow>,
    /// Models by model, then outcome.
    pub models: Vec<DatasetResult>,
    /// How the sources linked: what, how many, of how many.
    pub facts: Vec<(String, Released<u64>, Released<u64>)>,
}
