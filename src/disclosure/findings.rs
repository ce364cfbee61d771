//! Everything a report may show, as released values. Made by the pipeline through the gate, read
//! by tables, figures and the report; holds no text but labels from the config and names of areas.

use serde::{Deserialize, Serialize};

use super::{Analyses, BootstrapRow, ContrastRow, FitRow, JointRow, Released};

/// One line of the ledger: responses that leave (or remain) at a stage.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct FlowRow {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Index into the config's waves; none for all waves together.
    pub wave: Option<usize>,
    /// Stage: `received`, `left`, `analysed`.
    pub stage: Stage,
    /// Reason for leaving; empty for `received` and `analysed`.
    pub reason: String,
    /// Responses.
    pub rows: Released<u64>,
    /// Practices among them.
    pub practices: Released<u64>,
}

/// Kind of a ledger line.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Responses on file.
    Received,
    /// Responses that leave, with a reason.
    Left,
    /// Responses analysed.
    Analysed,
}

impl Stage {
    /// The word in `flow.csv`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Left => "left",
            Self::Analysed => "analysed",
        }
    }
}

/// Responses with one level of a covariate in one wave.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct RespondentRow {
    /// Index into the config's covariates.
    pub covariate: usize,
    /// Level label ("Missing" for none).
    pub level: String,
    /// Index into the config's waves; none for all waves.
    pub wave: Option<usize>,
    /// Responses.
    pub n: Released<u64>,
    /// Weighted share of the wave's responses, 0..=1 (unweighted where there are no weights).
    pub share: Released<f64>,
}

/// An outcome's level in a wave, among its base.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct LevelRow {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Index into the config's waves.
    pub wave: usize,
    /// Responses in the base.
    pub n: Released<u64>,
    /// Weighted share with the outcome and its 95% interval, 0..=1.
    pub share: Released<[f64; 3]>,
}

/// Provision at one census.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct ProvisionRow {
    /// Census, "2020-12".
    pub census: String,
    /// Sum of the amount that counts (full-time equivalents).
    pub amount: Released<f64>,
    /// Clusters that sent a return.
    pub reporting: Released<u64>,
    /// Clusters on the practice file used for this census.
    pub known: Released<u64>,
    /// Reporting clusters with any amount.
    pub with_any: Released<u64>,
    /// Reporting clusters that match the practice file (those behind the distribution below).
    pub matched: Released<u64>,
    /// Exposure over matched reporting clusters: mean.
    pub mean: Released<f64>,
    /// Exposure over matched reporting clusters: 10th, 25th, 50th, 75th, 90th percentile.
    pub quantiles: Released<[f64; 5]>,
}

/// Provision in one area at the last census used.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct AreaRow {
    /// Area code.
    pub code: String,
    /// Area name.
    pub name: String,
    /// Matched reporting clusters.
    pub clusters: Released<u64>,
    /// Exposure of the area: total amount per the stated number of patients of reporting clusters.
    pub exposure: Released<f64>,
    /// Quartiles of the exposure over its clusters: 25th, 50th, 75th percentile.
    pub quartiles: Released<[f64; 3]>,
}

/// One estimate: the row of `results.csv`.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Estimate {
    /// Point estimate.
    pub estimate: f64,
    /// Standard error, on the scale of the estimate (odds ratios: on the log scale).
    pub std_error: f64,
    /// 95% interval.
    pub low: f64,
    /// 95% interval.
    pub high: f64,
    /// Test statistic.
    pub statistic: f64,
    /// Two-sided p value.
    pub p: f64,
}

/// A coefficient of a model.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct CoefficientRow {
    /// Term: covariate id, `exposure`, `wave`.
    pub term: String,
    /// Label of the term.
    pub label: String,
    /// Level; empty for numeric terms.
    pub level: String,
    /// Responses with this level; all responses for numeric terms.
    pub n: Released<u64>,
    /// Coefficient (log odds for logit).
    pub coefficient: Released<Estimate>,
}

/// Responses that leave within the estimator.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct DroppedRow {
    /// What left: "practices whose answers are all the same", "level `x` of `y`: ...".
    pub what: String,
    /// Practices (or levels) that left.
    pub groups: Released<u64>,
    /// Responses that left.
    pub rows: Released<u64>,
}

/// One model for one outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct ModelResult {
    /// Index into the config's models.
    pub model: usize,
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Responses analysed.
    pub n: Released<u64>,
    /// Practices (absorbed groups) analysed.
    pub groups: Released<u64>,
    /// Clusters analysed.
    pub clusters: Released<u64>,
    /// Groups that left for want of variation.
    pub groups_dropped: Released<u64>,
    /// Every coefficient, exposure first.
    pub coefficients: Vec<CoefficientRow>,
    /// Coefficient of the exposure.
    pub exposure: Released<Estimate>,
    /// Odds ratio of the exposure (`std_error` on the log scale); logit only.
    pub odds_ratio: Released<Estimate>,
    /// Average marginal effect on the probability scale, per unit of the exposure.
    pub average_marginal_effect: Released<Estimate>,
    /// People per year in the outcome's population.
    pub people: Released<Estimate>,
    /// E-value of the odds ratio and of the interval's limit nearest 1.
    pub e_value: Released<[f64; 2]>,
    /// Holm-adjusted p over the declared family of outcomes of the same model.
    pub holm: Released<f64>,
    /// Hochberg-adjusted p over the same family.
    pub hochberg: Released<f64>,
    /// Benjamini-Hochberg-adjusted p over the same family.
    pub benjamini_hochberg: Released<f64>,
    /// P value of two one-sided tests that the average marginal effect is smaller than the smallest
    /// that matters.
    pub equivalence: Released<f64>,
    /// Smallest average marginal effect found with the stated power, as a probability.
    pub minimum_detectable: Released<f64>,
    /// Contrasts of predictions, in the model's order.
    pub contrasts: Vec<ContrastRow>,
    /// Joint tests made in this model, in the config's order.
    pub joint: Vec<JointRow>,
    /// Bootstrap test of the exposure, where one is asked for.
    pub bootstrap: Option<Released<BootstrapRow>>,
    /// What left within the estimator.
    pub dropped: Vec<DroppedRow>,
    /// Small-sample factor (on the covariance's first part, where it has several).
    pub factor: f64,
    /// Name of the covariance profile.
    pub profile: String,
    /// Newton steps taken.
    pub iterations: u64,
    /// Reference distribution, clusters and numerical facts of the fit.
    pub fit: FitRow,
}

/// Links between the sources.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Default)]
pub struct Linkage {
    /// Finished facts: what, how many, of how many.
    pub facts: Vec<(String, u64, u64)>,
}

/// Everything a report may show.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Findings {
    /// The ledger, by outcome and wave and over all waves.
    pub flow: Vec<FlowRow>,
    /// Responses on file.
    pub responses: Released<u64>,
    /// Responses analysed for at least one outcome.
    pub analysed_any: Released<u64>,
    /// Practices with a response.
    pub practices: Released<u64>,
    /// Responses by wave.
    pub responses_by_wave: Vec<Released<u64>>,
    /// Who answered.
    pub respondents: Vec<RespondentRow>,
    /// Outcomes by wave.
    pub levels: Vec<LevelRow>,
    /// Provision by census.
    pub provision: Vec<ProvisionRow>,
    /// Provision by area at the last census used.
    pub areas: Vec<AreaRow>,
    /// Census of `areas`.
    pub areas_census: String,
    /// Models by model, then outcome.
    pub models: Vec<ModelResult>,
    /// What was analysed beside the models.
    #[serde(default, skip_serializing_if = "Analyses::is_empty")]
    pub analyses: Analyses,
    /// How the sources linked.
    pub linkage: Linkage,
    /// Whether shares are weighted.
    pub weighted: bool,
}
