//! Runs the analyses that the config asks for beside the models, in order. Each is in its own file; this
//! one must not compute.

mod costs;
mod dose;
mod draws;
mod grid;
mod inequality;
mod leave_out;
mod population;
mod power;
mod provision;
mod public_route;
mod refit;
mod shaped;
mod split;
mod subgroups;
mod timing;

pub(super) use power::power;

use super::Progress;
use super::kept::{self, Kept};
use crate::config::Config;
use crate::disclosure::{Analyses, Gate, ModelResult, ProvisionRow};
use crate::model::{Fit, FitError, Options, Sample};
use crate::panel::{Panel, Provision};

/// What the analyses start from.
pub(super) struct Study<'a> {
    pub(super) config: &'a Config,
    pub(super) panel: &'a Panel,
    pub(super) provision: &'a Provision,
    /// Provision by census as released.
    pub(super) shown: &'a [ProvisionRow],
    /// Results of the models.
    pub(super) models: &'a [ModelResult],
    pub(super) gate: &'a Gate,
    /// Fits of earlier runs.
    pub(super) kept: Option<&'a dyn Kept>,
    pub(super) progress: Progress<'a>,
}

impl Study<'_> {
    /// Fits a sample of an outcome or takes the fit from an earlier run; `what` names it to people.
    fn fit(&self, what: &str, outcome: usize, sample: &Sample, options: &Options) -> Result<Fit, FitError> {
        kept::fit(self.kept, &self.named(what, outcome), sample, options)
    }

    /// A fit of an outcome by name.
    fn named(&self, what: &str, outcome: usize) -> String {
        let outcomes = self.config.outcomes.iter().chain(self.config.controls());
        let id = outcomes.map(|outcome| outcome.id.as_str()).nth(outcome).unwrap_or_default();
        format!("{what} of outcome `{id}`")
    }
}

/// Every analysis asked for.
pub(super) fn analyses(study: &Study) -> Analyses {
    let asked = &study.config.analyses;
    Analyses {
        subgroups: asked.subgroups.as_ref().map(|plan| subgroups::subgroups(study, plan)),
        inequality: asked.inequality.as_ref().map(|plan| inequality::inequality(study, plan)),
        provision: asked.provision.as_ref().map(|plan| provision::provision(study, plan)),
        population: asked.population.as_ref().map(|plan| population::people(study, plan)),
        costs: asked.costs.as_ref().map(|plan| costs::costs(study, plan)),
        timing: asked.timing.as_ref().map(|plan| timing::timing(study, plan)),
        dose: asked.dose.as_ref().map(|plan| dose::dose(study, plan)),
        grid: asked.grid.as_ref().map(|plan| grid::grid(study, plan)),
        leave_out: asked.leave_out.as_ref().map(|plan| leave_out::leave_out(study, plan)),
        // From a stored run, which is no part of the panel.
        power: None,
        public_route: asked.public_route.as_ref().map(|plan| public_route::public_route(study, plan)),
    }
}

/// Tables and figures with the analysis that they show.
pub(super) fn analysis_of(kind: &str, id: &str) -> Option<&'static str> {
    Some(match (kind, id) {
        (_, "subgroups") | ("table", "subgroup_tests") => "subgroups",
        (_, "inequality") => "inequality",
        (_, "provision_need") | ("figure", "concentration") => "provision",
        ("table", "population") => "population",
        (_, "timing") | ("table", "placebos") => "timing",
        (_, "dose") | ("table", "dose_tests") => "dose",
        ("table", "costs") | ("figure", "tornado" | "acceptability") => "costs",
        ("table", "grid" | "grid_specifications") => "grid",
        ("figure", id) if id.starts_with("grid_") => "grid",
        (_, "leave_out") => "leave_out",
        (_, "power") => "power",
        (_, "public_route") | ("table", "adjustable") => "public_route",
        _ => return None,
    })
}

/// Whether the config asks for an analysis.
pub(super) fn asked(config: &Config, analysis: &str) -> bool {
    let asked = &config.analyses;
    match analysis {
        "subgroups" => asked.subgroups.is_some(),
        "inequality" => asked.inequality.is_some(),
        "provision" => asked.provision.is_some(),
        "population" => asked.population.is_some(),
        "costs" => asked.costs.is_some(),
        "timing" => asked.timing.is_some(),
        "dose" => asked.dose.is_some(),
        "grid" => asked.grid.is_some(),
        "leave_out" => asked.leave_out.is_some(),
        "power" => asked.power.is_some(),
        "public_route" => asked.public_route.is_some(),
        _ => true,
    }
}
