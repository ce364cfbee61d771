//! Checks of the sections under `analyses`.

mod grid;
mod leave_out;

use super::Checker;
use crate::config::raw::RawAnalyses;
use crate::config::types::*;

/// What the sections may name.
pub(super) struct Known<'a> {
    pub(super) covariates: &'a [Covariate],
    pub(super) outcomes: &'a [Outcome],
    /// The main model first.
    pub(super) models: &'a [Model],
    pub(super) exposure: &'a Exposure,
    pub(super) workforce: &'a WorkforceInput,
}

impl Checker<'_> {
    pub(super) fn analyses(&mut self, raw: RawAnalyses, known: &Known) -> Analyses {
        Analyses {
            grid: raw.grid.map(|raw| self.grid(raw, known)),
            leave_out: raw.leave_out.map(|raw| self.leave_out(raw, known)),
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
}
