//! Finished strings on the analyses beside the models: one optional part each, absent where the study
//! does not ask for it.

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

pub use costs::{CostFacts, CostOutcomeFacts};
pub use dose::{DoseFacts, DoseOutcomeFacts};
pub use grid::{GridFacts, GridOutcomeFacts};
pub use inequality::{InequalityFacts, InequalityOutcomeFacts};
pub use leave_out::{LeaveOutFacts, LeaveOutOutcomeFacts};
pub use population::{PeopleBaseFacts, PeopleFacts, PeopleOutcomeFacts};
pub use power::{PowerFacts, PowerOutcomeFacts};
pub use provision::{ProvisionCensusFacts, ProvisionNeedFacts};
pub use public_route::{PublicRouteFacts, PublicRouteOutcomeFacts};
pub use subgroups::SubgroupFacts;
pub use timing::{ControlFacts, ShiftFacts, TimingFacts, TimingOutcomeFacts};

use crate::config::Config;
use crate::disclosure::Findings;
use serde::Serialize;

/// One optional part per analysis.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AnalysisFacts {
    /// Effects by subgroup.
    pub subgroups: Option<SubgroupFacts>,
    /// Inequality of outcomes.
    pub inequality: Option<InequalityFacts>,
    /// Provision against need.
    pub provision: Option<ProvisionNeedFacts>,
    /// People under stated bases.
    pub population: Option<PeopleFacts>,
    /// Cost per additional person.
    pub costs: Option<CostFacts>,
    /// Leads, lags and placebos.
    pub timing: Option<TimingFacts>,
    /// The association by amount of exposure.
    pub dose: Option<DoseFacts>,
    /// Grid of specifications.
    pub grid: Option<GridFacts>,
    /// Parts left out in turn.
    pub leave_out: Option<LeaveOutFacts>,
    /// Power in small simulated studies.
    pub power: Option<PowerFacts>,
    /// The main model from counts by practice.
    pub public_route: Option<PublicRouteFacts>,
}

pub(super) fn analyses(config: &Config, findings: &Findings) -> AnalysisFacts {
    let (asked, found) = (&config.analyses, &findings.analyses);
    AnalysisFacts {
        subgroups: asked.subgroups.as_ref().zip(found.subgroups.as_ref()).map(|(p, f)| subgroups::facts(config, p, f)),
        inequality: asked
            .inequality
            .as_ref()
            .zip(found.inequality.as_ref())
            .map(|(p, f)| inequality::facts(config, p, f)),
        provision: asked.provision.as_ref().zip(found.provision.as_ref()).map(|(p, f)| provision::facts(config, p, f)),
        population: found.population.as_ref().map(|found| population::facts(config, found)),
        costs: asked.costs.as_ref().zip(found.costs.as_ref()).map(|(p, f)| costs::facts(config, p, f)),
        timing: asked.timing.as_ref().zip(found.timing.as_ref()).map(|(p, f)| timing::facts(config, p, f)),
        dose: asked.dose.as_ref().zip(found.dose.as_ref()).map(|(p, f)| dose::facts(config, p, f)),
        grid: asked.grid.as_ref().zip(found.grid.as_ref()).map(|(plan, found)| grid::grid(config, plan, found)),
        leave_out: asked
            .leave_out
            .as_ref()
            .zip(found.leave_out.as_ref())
            .map(|(plan, found)| leave_out::leave_out(config, findings, plan, found)),
        power: asked.power.as_ref().zip(found.power.as_ref()).map(|(p, f)| power::facts(config, p, f)),
        public_route: found.public_route.as_ref().map(|found| public_route::facts(config, found)),
    }
}
