//! Figures of the analyses beside the models: from findings to the inputs of drawings.

mod costs;
mod curves;
mod dose;
mod inequality;
mod panels;
mod provision;
mod public_route;
mod subgroups;
mod timing;

pub use curves::{Curve, Curves, curves};
pub use panels::{Key as PanelKey, Panel, Panels, panels};
mod grid;
mod leave_out;
mod power;
pub(super) mod small_multiples;
pub(super) mod specification_curve;

pub use small_multiples::{Multiple, SmallMultiples, small_multiples};
pub use specification_curve::{Axis, Point, SpecificationCurve, specification_curve};

use super::Caption;
use super::build::Drawn;
use crate::config::Config;
use crate::disclosure::Findings;

/// The ids that are the same for every config.
const IDS: &[&str] =
    &["subgroups", "inequality", "provision_need", "concentration", "tornado", "acceptability", "timing", "dose"];

/// The ids that [`build`] knows for a config: the grid has one for each of its outcomes.
pub(super) fn ids(config: &Config) -> Vec<String> {
    let grid = config.analyses.grid.iter().flat_map(|grid| &grid.outcomes);
    let mut ids: Vec<String> = grid.map(|outcome| format!("grid_{}", config.outcomes[*outcome].id)).collect();
    ids.extend(["leave_out", "power", "public_route"].map(str::to_owned));
    ids.extend(IDS.iter().map(ToString::to_string));
    ids
}

/// The drawing of an id; none for an id of another kind or an analysis that was not made.
pub(super) fn build(config: &Config, findings: &Findings, caption: &Caption) -> Option<Drawn> {
    let (asked, found) = (&config.analyses, &findings.analyses);
    Some(match caption.id.as_str() {
        "subgroups" => subgroups::subgroups(config, found.subgroups.as_ref()?, caption),
        "inequality" => inequality::inequality(config, found.inequality.as_ref()?, caption),
        "provision_need" => provision::provision(config, found.provision.as_ref()?, caption),
        "concentration" => provision::concentration(config, found.provision.as_ref()?, caption),
        "tornado" => costs::tornado(config, found.costs.as_ref()?, caption),
        "acceptability" => costs::acceptability(config, found.costs.as_ref()?, caption),
        "timing" => timing::timing(config, found.timing.as_ref()?, caption),
        "dose" => dose::dose(config, found.dose.as_ref()?, caption),
        "leave_out" => leave_out::leave_out(config, findings, found.leave_out.as_ref()?, caption),
        "power" => power::power(config, found.power.as_ref()?, caption),
        "public_route" => public_route::public_route(config, found.public_route.as_ref()?, caption),
        id => grid::curve(config, asked.grid.as_ref()?, found.grid.as_ref()?, id.strip_prefix("grid_")?, caption)?,
    })
}
