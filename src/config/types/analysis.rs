//! What is analysed: covariates, outcomes, models.

use super::change::Change;
use super::inference::{ClusterUnit, Errors, ModelContrast};

/// What happens to a response without a usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingRule {
    /// A level of its own.
    Level,
    /// It leaves, in the ledger.
    Drop,
}

/// Where a covariate's value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum CovariateKind {
    /// A survey item, one name per wave (in the order of [`super::Config::waves`]).
    Item {
        /// Item name per wave.
        items: Vec<String>,
        /// Level labels with their codes.
        levels: Vec<(String, Vec<i8>)>,
        /// Index of the reference level.
        reference: usize,
        /// Responses without a usable answer.
        missing: MissingRule,
    },
    /// The practice file's urban/rural field.
    Rurality {
        /// Level labels with the texts of the file.
        levels: Vec<(String, Vec<String>)>,
        /// Index of the reference level.
        reference: usize,
        /// Practices without a value.
        missing: MissingRule,
    },
    /// The practice's deprivation score, numeric, divided by `scale`.
    Deprivation {
        /// Units of the score that one unit of the covariate stands for.
        scale: f64,
    },
}

/// A covariate.
#[derive(Debug, Clone)]
pub struct Covariate {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Where it comes from.
    pub kind: CovariateKind,
    /// Whether Table 1 describes it.
    pub describe: bool,
}

/// An outcome.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Label for figures.
    pub short: String,
    /// Who is asked, for tables: "has a long-term condition".
    pub asked: String,
    /// Item name per wave; none where the wave has no comparable item.
    pub items: Vec<Option<String>>,
    /// Codes that count as success.
    pub success: Vec<i8>,
    /// Codes that count as failure.
    pub failure: Vec<i8>,
    /// Codes left out of the base, each with its reason for the ledger.
    pub left_out: Vec<(i8, String)>,
    /// Conditions for being asked: item and accepted codes, with the reason for the ledger.
    pub base: Vec<(String, Vec<i8>)>,
    /// Text for the ledger when the base is not met.
    pub base_reason: String,
    /// Columns of practice files: those that add up to the successes, and the base.
    pub counts: Option<OutcomeCounts>,
    /// Whether more is better (for the words of the report).
    pub good: bool,
    /// Index into [`super::Config::populations`]; none where effects are not scaled to people.
    pub population: Option<usize>,
    /// Break in series before a wave, with a short reason: `(wave index, text)`.
    pub breaks: Vec<(usize, String)>,
}

/// An outcome's columns in a practice file.
#[derive(Debug, Clone)]
pub struct OutcomeCounts {
    /// Columns that add up to the successes.
    pub success: Vec<String>,
    /// Column with the number of answers in the base.
    pub base: String,
}

/// Likelihood of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Logistic regression.
    Logit,
    /// Probit regression.
    Probit,
    /// Linear probability model.
    Linear,
}

/// The units whose effects are absorbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absorb {
    /// Practice effects.
    Practice,
    /// Cluster effects.
    Cluster,
    /// An intercept only.
    None,
}

/// Small-sample profile of the covariance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vcov {
    /// G/(G-1), normal quantiles; in linear models the factor and t quantiles of `regress`.
    Stata,
    /// G/(G-1) (N-1)/(N-K), normal quantiles; in linear models t with G-1 degrees of freedom.
    Fixest,
    /// No factor, normal quantiles.
    Plain,
}

/// A model: applied to every outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// `main` or the variant's id.
    pub id: String,
    /// Label.
    pub label: String,
    /// Likelihood.
    pub family: Family,
    /// Indices into [`super::Config::covariates`].
    pub covariates: Vec<usize>,
    /// Absorbed effects.
    pub absorb: Absorb,
    /// Wave dummies.
    pub wave_effects: bool,
    /// Whether survey weights are used.
    pub weighted: bool,
    /// Covariance profile.
    pub vcov: Vcov,
    /// Which correlations the errors allow for.
    pub errors: Errors,
    /// The units within which errors are correlated.
    pub cluster: ClusterUnit,
    /// Whether the waves are a second kind of cluster.
    pub cluster_waves: bool,
    /// Draws of a bootstrap test of the exposure; none without one. Not inherited by variants.
    pub bootstrap: Option<u64>,
    /// Predictions to contrast; not inherited by variants.
    pub contrasts: Vec<ModelContrast>,
    /// What it changes about exposure, sample and controls; nothing in the main model.
    pub change: Change,
}
