//! Why a model cannot be fitted, with enough to say it. Knows no report text.

use std::fmt;

use super::result::{Dropped, Separation, Step, Term};

/// What stopped a fit.
#[derive(Debug, Clone, PartialEq)]
pub enum FitError {
    /// The caller handed over columns that do not fit together.
    Malformed(String),
    /// No responses.
    Empty,
    /// Every response has the same outcome.
    OutcomeConstant {
        /// That outcome.
        value: f64,
    },
    /// Nothing is left after groups without variation and separated levels have gone.
    NothingLeft {
        /// What went.
        dropped: Vec<Dropped>,
    },
    /// The level the others are compared with does not occur.
    ReferenceUnobserved {
        /// The level.
        term: Term,
        /// It occurred, but all its responses had left before fitting.
        dropped: bool,
    },
    /// A regressor is a combination of others.
    Collinear {
        /// The regressor.
        term: Term,
        /// What it is a combination of; empty when `within` says it all.
        with: Vec<Term>,
        /// What it does not vary within: the absorbed groups' name, or `the sample`.
        within: Option<String>,
    },
    /// More coefficients, absorbed effects beside the groups' included, than can be estimated together.
    TooWide {
        /// Coefficients.
        columns: u64,
        /// Most that are possible with what was asked for.
        most: u64,
    },
    /// The equations of absorbed effects that cross could not be solved.
    Unsolved {
        /// Why.
        why: String,
    },
    /// The exposure's column left as separated, so there is no effect to report.
    ExposureSeparated {
        /// The exposure.
        term: Term,
    },
    /// A combination of regressors predicts some responses perfectly: no finite maximum.
    Separated {
        /// Which, and whose outcome.
        separation: Separation,
        /// Passes so far.
        trace: Vec<Step>,
    },
    /// A coefficient ran off: the outcome is predicted perfectly by some combination of regressors.
    Diverged {
        /// The coefficient, or none when it is an absorbed effect.
        term: Option<Term>,
        /// Passes so far.
        trace: Vec<Step>,
    },
    /// The tolerance was not reached.
    NotConverged {
        /// Passes so far.
        trace: Vec<Step>,
    },
    /// The difference that makes two-way errors gave a variance that is not positive.
    NegativeVariance {
        /// Whose; none for the marginal effect.
        term: Option<Term>,
    },
    /// A coefficient is not estimable without one of the clusters, so there is no jackknife.
    LeaveOneOut {
        /// The coefficient.
        term: Term,
    },
    /// The named terms cannot be tested together: there are too few clusters for so many, or none of
    /// the names is a term.
    NotTestable {
        /// The first term whose variance the others exhaust; none without terms.
        term: Option<Term>,
    },
    /// Clustered errors need at least two clusters.
    FewClusters {
        /// Clusters in the estimation sample.
        clusters: u64,
    },
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(f, "malformed sample: {what}"),
            Self::Empty => write!(f, "no responses to analyse"),
            Self::OutcomeConstant { value } => {
                write!(f, "outcome has one value only: every response is {value}")
            }
            Self::NothingLeft { dropped } => {
                let responses = dropped.iter().map(|d| d.responses).sum::<u64>();
                write!(f, "no responses left: all {responses} are in groups without variation or separated levels")
            }
            Self::ReferenceUnobserved { term, dropped: false } => write!(f, "reference level {term} does not occur"),
            Self::ReferenceUnobserved { term, dropped: true } => {
                write!(f, "reference level {term} has no responses left: its groups or levels had one outcome only")
            }
            Self::Collinear { term, within: Some(within), .. } => {
                write!(f, "column {term} does not vary within {within}")
            }
            Self::Collinear { term, with, .. } => write!(f, "column {term} is collinear with {}", list(with)),
            Self::TooWide { columns, most } => write!(
                f,
                "{columns} coefficients, levels of absorbed covariates included, are more than the {most} that can be estimated together: absorb the covariate with the most levels as the groups"
            ),
            Self::Unsolved { why } => write!(f, "absorbed effects: {why}"),
            Self::ExposureSeparated { term } => {
                write!(f, "exposure {term} separates the outcome: one of its values has one outcome only")
            }
            Self::Separated { separation, .. } => separated(separation, f),
            Self::Diverged { term: Some(term), trace } => {
                write!(f, "coefficient of {term} runs off to infinity after {} passes: quasi-separation", trace.len())
            }
            Self::Diverged { term: None, trace } => {
                write!(f, "the likelihood has no maximum: stopped after {} passes", trace.len())
            }
            Self::NotConverged { trace } => {
                let last = trace.last().map_or(f64::NAN, |step| step.gradient);
                write!(f, "not converged after {} passes: gradient {last:e} standard errors", trace.len())
            }
            Self::NegativeVariance { term } => {
                let what = term.as_ref().map_or("the marginal effect".to_string(), ToString::to_string);
                write!(f, "two-way errors: the variance of {what} is not positive; cluster one way")
            }
            Self::LeaveOneOut { term } => {
                write!(f, "leave-one-out errors: {term} is not estimable without one of the clusters")
            }
            Self::NotTestable { term: None } => write!(f, "joint test of no term"),
            Self::NotTestable { term: Some(term) } => {
                write!(f, "joint test: the covariance is singular at {term} (too few clusters for so many terms)")
            }
            Self::FewClusters { clusters } => {
                write!(f, "clustered errors need at least 2 clusters, got {clusters}")
            }
        }
    }
}

impl std::error::Error for FitError {}

fn separated(separation: &Separation, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Separation { direction, shared, responses, groups, outcome } = separation;
    let outcome = match outcome {
        Some(true) => "outcome 1",
        Some(false) => "outcome 0",
        None => "one outcome each",
    };
    let all: Vec<String> = shared.iter().map(ToString::to_string).collect();
    let all = if all.is_empty() { String::new() } else { format!(" (all with {})", all.join(" and ")) };
    write!(f, "perfect prediction by a combination of {}: ", list(direction))?;
    write!(f, "{responses} responses{all} in {groups} groups have {outcome}")
}

fn list(terms: &[Term]) -> String {
    if terms.is_empty() {
        return "other columns".into();
    }
    let named: Vec<String> = terms.iter().take(NAMED).map(ToString::to_string).collect();
    match terms.len().checked_sub(NAMED + 1) {
        Some(rest) => format!("{} and {} others", named.join(", "), rest + 1),
        None => named.join(", "),
    }
}

/// Most terms that a message lists.
const NAMED: usize = 8;
