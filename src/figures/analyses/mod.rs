//! Figures of the analyses beside the models: from findings to the inputs of drawings.

mod grid;
mod leave_out;
pub(super) mod small_multiples;
pub(super) mod specification_curve;

pub use small_multiples::{Multiple, SmallMultiples, small_multiples};
pub use specification_curve::{Axis, Point, SpecificationCurve, specification_curve};

use super::Caption;
use super::build::Drawn;
use crate::config::Config;
use crate::disclosure::Findings;

/// The ids that [`build`] knows for a config: the grid has one for each of its outcomes.
pub(super) fn ids(config: &Config) -> Vec<String> {
    let grid = config.analyses.grid.iter().flat_map(|grid| &grid.outcomes);
    let mut ids: Vec<String> = grid.map(|outcome| format!("grid_{}", config.outcomes[*outcome].id)).collect();
    ids.push("leave_out".into());
    ids
}

/// The drawing of an id; none for an id of another kind or an analysis that was not made.
pub(super) fn build(config: &Config, findings: &Findings, caption: &Caption) -> Option<Drawn> {
    let (asked, found) = (&config.analyses, &findings.analyses);
    Some(match caption.id.as_str() {
        "leave_out" => leave_out::leave_out(config, findings, found.leave_out.as_ref()?, caption),
        id => grid::curve(config, asked.grid.as_ref()?, found.grid.as_ref()?, id.strip_prefix("grid_")?, caption)?,
    })
}
