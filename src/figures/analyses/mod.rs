//! Figures of the analyses beside the models: from findings to the inputs of drawings.

mod costs;
mod curves;
mod dose;
mod inequality;
mod panels;
mod provision;
mod subgroups;
mod timing;

pub use curves::{Curve, Curves, curves};
pub use panels::{Key as PanelKey, Panel, Panels, panels};

use super::Caption;
use super::build::Drawn;
use crate::config::Config;
use crate::disclosure::Findings;

/// The ids that [`build`] knows.
pub(super) const IDS: &[&str] =
    &["subgroups", "inequality", "provision_need", "concentration", "tornado", "acceptability", "timing", "dose"];

/// The drawing of an id; none for an id of another kind or an analysis that was not made.
pub(super) fn build(config: &Config, findings: &Findings, caption: &Caption) -> Option<Drawn> {
    let found = &findings.analyses;
    Some(match caption.id.as_str() {
        "subgroups" => subgroups::subgroups(config, found.subgroups.as_ref()?, caption),
        "inequality" => inequality::inequality(config, found.inequality.as_ref()?, caption),
        "provision_need" => provision::provision(config, found.provision.as_ref()?, caption),
        "concentration" => provision::concentration(config, found.provision.as_ref()?, caption),
        "tornado" => costs::tornado(config, found.costs.as_ref()?, caption),
        "acceptability" => costs::acceptability(config, found.costs.as_ref()?, caption),
        "timing" => timing::timing(config, found.timing.as_ref()?, caption),
        "dose" => dose::dose(config, found.dose.as_ref()?, caption),
        _ => return None,
    })
}
