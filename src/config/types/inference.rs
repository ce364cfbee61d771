//! What is asked of the fitted models: errors, contrasts of predictions, tests.

/// Which correlations of errors a covariance allows for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errors {
    /// Within clusters.
    Cluster,
    /// Within clusters, by leaving out one at a time.
    Cr3,
    /// None, but any variance.
    Hc1,
    /// None.
    Iid,
}

impl Errors {
    /// Whether it speaks of clusters.
    pub fn clustered(self) -> bool {
        matches!(self, Self::Cluster | Self::Cr3)
    }
}

/// The units within which errors are correlated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterUnit {
    /// The study's clusters.
    Cluster,
    /// The surveyed units.
    Practice,
    /// The larger areas; a cluster in none is its own.
    Area,
}

/// Where the exposure is when outcomes are predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ExposureAt {
    /// Where it was.
    Observed,
    /// At this value for everyone.
    Value(f64),
}

/// Two predictions and their difference.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelContrast {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// From here.
    pub from: ExposureAt,
    /// To here.
    pub to: ExposureAt,
}

/// An adjustment of p values for the number of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// Holm's, for the chance of any false claim.
    Holm,
    /// Hochberg's, for the same where tests are not negatively related.
    Hochberg,
    /// Benjamini and Hochberg's, for the share of false claims among all.
    BenjaminiHochberg,
}

/// A joint test of terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointTest {
    /// Label.
    pub label: String,
    /// Names of terms: covariates' ids, `wave`, `exposure`.
    pub terms: Vec<String>,
    /// Index of the model it is made in: the first that has all of them.
    pub model: usize,
}

/// What is tested over the outcomes of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct TestPlan {
    /// Adjustments to show beside Holm's, which every report has, in order.
    pub adjust: Vec<Adjustment>,
    /// The family that p values are adjusted over: indices into [`super::Config::outcomes`].
    pub family: Vec<usize>,
    /// Level of the tests, 0..1.
    pub alpha: f64,
    /// Power that the minimum detectable effect is stated for, 0..1.
    pub power: f64,
    /// The smallest effect that would matter, by outcome, as a probability; none where none is stated.
    pub smallest_effect: Vec<Option<f64>>,
    /// Joint tests, in order.
    pub joint: Vec<JointTest>,
}

impl TestPlan {
    /// What is tested when nothing else is asked for: Holm's adjustment over all `outcomes`, 5 % and
    /// 80 %.
    pub fn plain(outcomes: usize) -> Self {
        Self {
            adjust: vec![Adjustment::Holm],
            family: (0..outcomes).collect(),
            alpha: 0.05,
            power: 0.8,
            smallest_effect: vec![None; outcomes],
            joint: Vec::new(),
        }
    }
}
