//! Released findings of the main model from counts by practice beside that from answers of people.

use super::super::{Estimate, Released};
use serde::{Deserialize, Serialize};

/// One way to the estimate.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct RouteFound {
    /// Responses analysed.
    pub n: Released<u64>,
    /// Coefficient of the exposure, or why there is none.
    pub coefficient: Released<Estimate>,
    /// Average marginal effect on the probability scale.
    pub effect: Released<Estimate>,
}

/// One outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct PublicRouteRow {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Counts by practice and wave, small ones suppressed.
    pub public: RouteFound,
    /// Answers of people with the same terms as the counts can have.
    pub crude: RouteFound,
    /// Answers of people with all covariates: the main model.
    pub full: RouteFound,
    /// Coefficient of the counts less that of `crude`, in standard errors of the latter.
    pub from_crude: Released<f64>,
    /// Coefficient of the counts less that of `full`, in standard errors of the latter.
    pub from_full: Released<f64>,
    /// Counts (one practice in one wave) that are suppressed.
    pub suppressed: Released<u64>,
    /// Counts that are left.
    pub counts: Released<u64>,
}

/// All of them, in the order of outcomes.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct PublicRouteFound {
    /// Bases below this are suppressed.
    pub suppress_below: u64,
    /// By outcome.
    pub rows: Vec<PublicRouteRow>,
}
