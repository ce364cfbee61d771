//! Runs the analyses that the config asks for beside the models, in order. Each is in its own file; this
//! one must not compute.

mod grid;
mod leave_out;
mod refit;

use super::Progress;
use crate::config::Config;
use crate::disclosure::{Analyses, Gate, ModelResult};
use crate::panel::Panel;

/// What the analyses start from.
pub(super) struct Study<'a> {
    pub(super) config: &'a Config,
    pub(super) panel: &'a Panel,
    /// Results of the models.
    pub(super) models: &'a [ModelResult],
    pub(super) gate: &'a Gate,
    pub(super) progress: Progress<'a>,
}

/// Every analysis asked for.
pub(super) fn analyses(study: &Study) -> Analyses {
    let asked = &study.config.analyses;
    Analyses {
        grid: asked.grid.as_ref().map(|plan| grid::grid(study, plan)),
        leave_out: asked.leave_out.as_ref().map(|plan| leave_out::leave_out(study, plan)),
    }
}

/// Tables and figures with the analysis that they show.
pub(super) fn analysis_of(kind: &str, id: &str) -> Option<&'static str> {
    Some(match (kind, id) {
        ("table", "grid" | "grid_specifications") => "grid",
        ("figure", id) if id.starts_with("grid_") => "grid",
        (_, "leave_out") => "leave_out",
        _ => return None,
    })
}

/// Whether the config asks for an analysis.
pub(super) fn asked(config: &Config, analysis: &str) -> bool {
    let asked = &config.analyses;
    match analysis {
        "grid" => asked.grid.is_some(),
        "leave_out" => asked.leave_out.is_some(),
        _ => true,
    }
}
