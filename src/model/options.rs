//! What is asked of a fit: family, covariance, conventions, contrasts. Knows no data.

use serde::{Deserialize, Serialize};

/// Likelihood.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// Logistic regression by maximum likelihood.
    #[default]
    Logit,
    /// Least squares: the linear probability model, or a numeric outcome.
    Linear,
    /// Probit by maximum likelihood. Covariances use the observed information, as Stata's `probit`
    /// and statsmodels' `Probit` do (R's `glm` uses the expected one).
    Probit,
    /// Poisson with the log link; the outcome need not be whole.
    Poisson,
}

/// Small-sample convention of the clustered covariance, named after the software it follows.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// G/(G-1) and the normal distribution, as Stata's `logit, vce(cluster)`; in the linear family
    /// G/(G-1) x (N-1)/(N-K) and t(G-1) as `regress`, absorbed effects counted in K as for
    /// [`Profile::Fixest013`] (and as `reghdfe`). Two-way: each part with its own G. Iid and HC1 in the
    /// linear family: N/(N-K) and t(N-K) as `regress`, in the others 1 and N/(N-1) as `logit`. CR3: (G-1)/G
    /// and t(G-1) as `vce(jackknife, mse)`.
    #[default]
    Stata,
    /// G/(G-1) x (N-1)/(N-K), and t(G-1) in the linear family, normal in the others, as fixest 0.13 with
    /// its default `ssc()`: absorbed effects count in K unless they are nested in the clusters. Two-way:
    /// the smaller G for all parts.
    /// Iid and HC1: N/(N-K), t(N-K) in the linear family and normal in the others, where iid has
    /// (N-1)/(N-K). CR3: (G-1)/G and t(G-1).
    Fixest013,
    /// No factor (CR3: its own (G-1)/G; iid: the linear family's residual variance over N), normal
    /// distribution.
    None,
}

impl Profile {
    /// The profile's name as configuration and reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stata => "stata",
            Self::Fixest013 => "fixest-0.13",
            Self::None => "none",
        }
    }
}

/// Which correlations of errors the covariance allows for.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Default)]
pub enum Covariance {
    /// None: the inverse information (times the residual variance in the linear family).
    Iid,
    /// None, but any variance: White's, each response its own cluster.
    Hc1,
    /// Within clusters.
    #[default]
    Cluster,
    /// Within clusters of either of two kinds, `Block::cluster` and `Options::second_cluster`: the
    /// sum of both minus that of their intersections (Cameron, Gelbach and Miller 2011). A negative
    /// variance, which that difference can give, is not mended: an error for the exposure, no standard
    /// error for anything else.
    TwoWay,
    /// Within clusters, by leaving out one at a time, centred at the estimate: exact for the linear
    /// family; otherwise one Newton step from the estimate (CV3L of MacKinnon, Nielsen and Webb
    /// 2023), whose error is of a smaller order than the jackknife's own and which costs one pass
    /// instead of one fit per cluster. Cell-wise, absorbed effects included exactly.
    Cr3,
}

impl Covariance {
    /// Whether it speaks of clusters.
    pub fn clustered(self) -> bool {
        matches!(self, Self::Cluster | Self::TwoWay | Self::Cr3)
    }
}

/// Where the exposure is when means are predicted.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub enum At {
    /// Where it was.
    Observed,
    /// At this value for everyone.
    Value(f64),
}

/// A wild cluster bootstrap of the test that the exposure's coefficient is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    /// Draws of signs. Where there are no more than so many in all (2 to the number of clusters), each
    /// is taken once instead.
    pub draws: u64,
    /// Seed of the ChaCha8 streams, one per draw.
    pub seed: u64,
}

/// Where a numeric regressor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Index in `Sample::columns`.
    Block(usize),
    /// Index in `Sample::numerics`.
    Row(usize),
}

/// A regressor that moves with the exposure: `other x exposure^power`, a square or an interaction, say.
/// The derivative of the linear predictor in the exposure `x` is then the exposure's coefficient plus,
/// for each of these with coefficient `b`, `b x power x other x^(power - 1)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Through {
    /// Which regressor.
    pub column: Place,
    /// Power of the exposure in it, at least 1.
    pub power: u32,
    /// What the power is multiplied by: one value per block for a block column, per row for a row-level one.
    pub other: Vec<f64>,
}

/// Who belongs to which level of a subgroup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Members {
    /// The levels of this covariate (index in `Patterns::factors`).
    Factor(usize),
    /// Level of each block.
    Blocks(Vec<u32>),
    /// Level of each row.
    Rows(Vec<u32>),
}

/// A division of the responses within whose levels the average marginal effect is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subgroup {
    /// Its name.
    pub name: String,
    /// Who is where.
    pub of: Members,
}

/// How to fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Whether every group has its own effect; if not, one intercept is estimated and reported last.
    pub absorb: bool,
    /// Likelihood.
    pub family: Family,
    /// Small-sample convention.
    pub vcov: Profile,
    /// Which correlations the errors allow for.
    pub covariance: Covariance,
    /// The second kind of cluster of each block; two-way covariance only, empty otherwise.
    pub second_cluster: Vec<u32>,
    /// Index in `Sample::columns` of the exposure whose average marginal effect is wanted.
    pub effect_of: Option<usize>,
    /// Further regressors that move with the exposure; empty when it has one column.
    pub through: Vec<Through>,
    /// Divisions within whose levels its average marginal effect is wanted too.
    pub subgroups: Vec<Subgroup>,
    /// Mean predictions of that exposure to contrast: from one place to another.
    pub contrasts: Vec<(At, At)>,
    /// Block columns with the value that everyone is given, by scenario: mean predictions, each less the
    /// first scenario's. Needs no exposure.
    pub scenarios: Vec<Vec<(usize, f64)>>,
    /// Joint tests that all coefficients of terms with any of these names are zero, for few and uneven clusters.
    pub joint: Vec<Vec<String>>,
    /// Bootstrap test of that exposure, null imposed; one-way clusters only.
    pub bootstrap: Option<Bootstrap>,
    /// Converged when the Newton decrement `sqrt(g' H^-1 g)`, the gradient over all parameters
    /// measured in standard errors (weights scaled to mean 1, a numeric outcome to unit root
    /// mean square), is at most this; from 200,000 responses on, at most ten times this. One more
    /// step is taken after the test.
    pub tolerance: f64,
    /// Most Newton steps.
    pub max_iterations: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            absorb: true,
            family: Family::Logit,
            vcov: Profile::Stata,
            covariance: Covariance::Cluster,
            second_cluster: Vec::new(),
            effect_of: None,
            through: Vec::new(),
            subgroups: Vec::new(),
            contrasts: Vec::new(),
            scenarios: Vec::new(),
            joint: Vec::new(),
            bootstrap: None,
            // Newton's error is squared at each step and one more step is taken after the test.
            tolerance: 1e-7,
            max_iterations: 30,
        }
    }
}

impl Family {
    /// Whether the outcome is 0 or 1 by nature.
    pub(crate) fn binary(self) -> bool {
        matches!(self, Self::Logit | Self::Probit)
    }
}
