//! Released findings of the analyses beside the models: one optional part each, so that findings of
//! studies without them stay as they are.

mod costs;
mod dose;
mod inequality;
mod population;
mod provision;
mod public_route;
mod subgroups;
mod timing;

pub use costs::*;
pub use dose::*;
pub use inequality::*;
pub use population::*;
pub use provision::*;
pub use public_route::*;
pub use subgroups::*;
pub use timing::*;
mod grid;
mod leave_out;
mod power;

pub use grid::*;
pub use leave_out::*;
pub use power::*;

use serde::{Deserialize, Serialize};

/// One optional part per analysis.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Default)]
pub struct Analyses {
    /// Effects by subgroup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subgroups: Option<SubgroupsFound>,
    /// Inequality of outcomes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inequality: Option<InequalityFound>,
    /// Provision against need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provision: Option<ProvisionFound>,
    /// People under stated population bases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<PeopleFound>,
    /// Cost per additional person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub costs: Option<CostsFound>,
    /// Leads, lags and placebos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<TimingFound>,
    /// The association by amount of exposure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<DoseFound>,
    /// Grid of specifications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<GridFound>,
    /// Parts left out in turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave_out: Option<LeaveOutFound>,
    /// Power in small simulated studies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<PowerFound>,
    /// The main model from counts by practice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_route: Option<PublicRouteFound>,
}

impl Analyses {
    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
