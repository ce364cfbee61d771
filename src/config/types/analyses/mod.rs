//! What is analysed beside the models: one optional part per analysis.

mod costs;
mod dose;
mod grid;
mod inequality;
mod leave_out;
mod population;
mod power;
mod provision;
mod public_route;
mod subgroups;
mod timing;

pub use costs::*;
pub use dose::*;
pub use grid::*;
pub use inequality::*;
pub use leave_out::*;
pub use population::*;
pub use power::*;
pub use provision::*;
pub use public_route::*;
pub use subgroups::*;
pub use timing::*;

/// One optional part per analysis; none is asked for by default.
#[derive(Debug, Clone, Default)]
pub struct Analyses {
    /// Effects by subgroup.
    pub subgroups: Option<Subgroups>,
    /// Inequality of outcomes.
    pub inequality: Option<Inequality>,
    /// Provision against need.
    pub provision: Option<ProvisionNeed>,
    /// People under stated population bases.
    pub population: Option<People>,
    /// Cost per additional person.
    pub costs: Option<Costs>,
    /// Leads, lags and placebos.
    pub timing: Option<Timing>,
    /// The association by amount of exposure.
    pub dose: Option<Dose>,
    /// Grid of specifications.
    pub grid: Option<Grid>,
    /// Parts of the sample left out in turn.
    pub leave_out: Option<LeaveOut>,
    /// Power in small simulated studies.
    pub power: Option<Power>,
    /// The main model from published counts.
    pub public_route: Option<PublicRoute>,
}
