//! The association by amount of exposure, as released values.

use crate::disclosure::{Estimate, JointTested, Released};
use serde::{Deserialize, Serialize};

/// Exposures in a range, compared with none.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct DoseRange {
    /// Above this.
    pub from: f64,
    /// Up to this; none where the range is open.
    pub to: Option<f64>,
    /// Mean exposure of the responses in it.
    pub mean: Released<f64>,
    /// Responses in it.
    pub n: Released<u64>,
    /// Coefficient.
    pub coefficient: Released<Estimate>,
    /// Difference in the mean predicted probability from none.
    pub effect: Released<Estimate>,
}

/// The spline at one exposure, compared with none.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct DosePoint {
    /// Exposure.
    pub at: f64,
    /// Value of the spline: on the scale of the coefficients.
    pub coefficient: Released<Estimate>,
    /// Difference in the mean predicted probability from none.
    pub effect: Released<Estimate>,
}

/// Responses by exposure.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct DoseBar {
    /// Above this.
    pub from: f64,
    /// Up to this; none for all above.
    pub to: Option<f64>,
    /// Responses.
    pub n: Released<u64>,
}

/// One outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct DoseOutcome {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Responses analysed.
    pub n: Released<u64>,
    /// Responses without exposure.
    pub unexposed: Released<u64>,
    /// Clusters analysed.
    pub clusters: Released<u64>,
    /// The config's categories.
    pub categories: Vec<DoseRange>,
    /// Joint test that all categories are as none.
    pub categories_test: Released<JointTested>,
    /// Bins of about equal size.
    pub bins: Vec<DoseRange>,
    /// The spline.
    pub curve: Vec<DosePoint>,
    /// Joint test of all its terms.
    pub overall: Released<JointTested>,
    /// Joint test of those that bend it.
    pub bend: Released<JointTested>,
    /// Responses by exposure, none left out.
    pub bars: Vec<DoseBar>,
}

/// Everything found on the dose.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct DoseFound {
    /// Knots of the spline.
    pub knots: Released<Vec<f64>>,
    /// By outcome.
    pub outcomes: Vec<DoseOutcome>,
}
