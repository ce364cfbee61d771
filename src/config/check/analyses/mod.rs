//! Checks of the sections under `analyses`.

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

use super::Checker;
use crate::config::Simulation;
use crate::config::raw::RawAnalyses;
use crate::config::types::*;

/// What the sections may name.
pub(super) struct Known<'a> {
    pub(super) covariates: &'a [Covariate],
    pub(super) outcomes: &'a [Outcome],
    pub(super) populations: &'a [Population],
    /// The main model first.
    pub(super) models: &'a [Model],
    pub(super) exposure: &'a Exposure,
    pub(super) workforce: &'a WorkforceInput,
    pub(super) simulation: Option<&'a Simulation>,
    /// The config as written.
    pub(super) tree: &'a serde_yaml::Value,
    pub(super) survey: &'a SurveyInput,
}

impl Checker<'_> {
    pub(super) fn analyses(&mut self, raw: RawAnalyses, known: &Known) -> Analyses {
        Analyses {
            subgroups: raw.subgroups.map(|raw| self.subgroup_plan(raw, known)),
            inequality: raw.inequality.map(|raw| self.inequality(raw, known)),
            provision: raw.provision.map(|raw| self.provision_need(raw, known)),
            population: raw.population.map(|raw| self.people(raw, known)),
            costs: raw.costs.map(|raw| self.costs(raw, known)),
            timing: raw.timing.map(|raw| self.timing(raw, known)),
            dose: raw.dose.map(|raw| self.dose(raw, known)),
            grid: raw.grid.map(|raw| self.grid(raw, known)),
            leave_out: raw.leave_out.map(|raw| self.leave_out(raw, known)),
            power: raw.power.map(|raw| self.power(raw, known)),
            public_route: raw.public_route.map(|raw| self.public_route(raw, known)),
        }
    }

    /// Outcomes by id, as indices; all of them where none is named.
    fn outcomes_named(&mut self, path: &str, names: Option<Vec<String>>, known: &Known) -> Vec<usize> {
        let Some(names) = names else { return (0..known.outcomes.len()).collect() };
        names.iter().filter_map(|name| self.outcome_named(path, name, known)).collect()
    }

    fn outcome_named(&mut self, path: &str, name: &str, known: &Known) -> Option<usize> {
        let ids: Vec<&str> = known.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
        let found = ids.iter().position(|id| *id == name);
        if found.is_none() && !self.left_out.iter().any(|left| left == name) {
            self.unknown(path, "outcome", name, &ids);
        }
        found
    }

    fn covariate_named(&mut self, path: &str, name: &str, known: &Known) -> Option<usize> {
        let ids: Vec<&str> = known.covariates.iter().map(|covariate| covariate.id.as_str()).collect();
        let found = ids.iter().position(|id| *id == name);
        if found.is_none() {
            self.unknown(path, "covariate", name, &ids);
        }
        found
    }

    /// The outcome that a figure shows: the one named, else the first of those analysed.
    fn figure_of(&mut self, path: &str, name: Option<&str>, analysed: &[usize], known: &Known) -> usize {
        let first = analysed.first().copied().unwrap_or(0);
        let Some(name) = name else { return first };
        let found = self.outcome_named(path, name, known).unwrap_or(first);
        if !analysed.contains(&found) {
            self.fault(path, format!("outcome `{name}` is not analysed here"), "name one of `outcomes`");
        }
        found
    }
}
