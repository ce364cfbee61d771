//! The optional sections under `analyses`: one file each. Knows YAML shapes only.

mod costs;
mod dose;
mod inequality;
mod population;
mod provision;
mod public_route;
mod subgroups;
mod timing;

pub(in crate::config) use costs::*;
pub(in crate::config) use dose::*;
pub(in crate::config) use inequality::*;
pub(in crate::config) use population::*;
pub(in crate::config) use provision::*;
pub(in crate::config) use public_route::*;
pub(in crate::config) use subgroups::*;
pub(in crate::config) use timing::*;
mod grid;
mod leave_out;
mod power;

pub(in crate::config) use grid::*;
pub(in crate::config) use leave_out::*;
pub(in crate::config) use power::*;

use serde::Deserialize;

/// One optional section per analysis.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawAnalyses {
    pub subgroups: Option<RawSubgroups>,
    pub inequality: Option<RawInequality>,
    pub provision: Option<RawProvisionNeed>,
    pub population: Option<RawPeople>,
    pub costs: Option<RawCosts>,
    pub timing: Option<RawTiming>,
    pub dose: Option<RawDose>,
    pub grid: Option<RawGrid>,
    pub leave_out: Option<RawLeaveOut>,
    pub power: Option<RawPower>,
    pub public_route: Option<RawPublicRoute>,
}
