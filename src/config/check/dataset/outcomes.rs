//! Checks of `outcomes`: what is measured, and in which variable.

use super::super::Checker;
use crate::config::raw;
use crate::config::types::*;
use indexmap::IndexMap;

impl Checker<'_> {
    pub(super) fn measures(
        &mut self,
        raw: IndexMap<String, raw::RawMeasure>,
        variables: &[Variable],
        populations: &[Population],
    ) -> Vec<DatasetOutcome> {
        if raw.is_empty() || raw.len() > 200 {
            let what = format!("{} outcomes, expected 1 to 200", raw.len());
            self.fault("outcomes", what, "describe at least one: `outcomes: { visits: { count: visits } }`");
        }
        let ids: Vec<&str> = populations.iter().map(|p| p.id.as_str()).collect();
        let mut outcomes = Vec::new();
        for (id, o) in raw {
            let at = format!("outcomes.{id}");
            self.plain_name(&at, &id);
            let named = o.population.as_deref().filter(|name| *name != "none");
            let population = named.and_then(|name| ids.iter().position(|id| *id == name));
            if let (Some(name), None) = (named, population) {
                self.unknown(&format!("{at}.population"), "population", name, &ids);
            }
            let Some(measure) = self.measure(&at, &o, variables) else { continue };
            let main = match measure {
                Measure::Binary(at) | Measure::Count(at) | Measure::Number(at) => at,
                Measure::Grouped { successes, .. } => successes,
            };
            let label = o.label.unwrap_or_else(|| variables[main].label.clone());
            outcomes.push(DatasetOutcome {
                short: o.short.unwrap_or_else(|| label.clone()),
                label,
                id,
                measure,
                population,
            });
        }
        outcomes
    }

    fn measure(&mut self, at: &str, o: &raw::RawMeasure, variables: &[Variable]) -> Option<Measure> {
        let hint = "write one of `binary: y`, `successes: y` with `of: n`, `count: y`, `number: y`";
        let kinds = [&o.binary, &o.successes, &o.count, &o.number];
        if kinds.iter().filter(|kind| kind.is_some()).count() != 1 {
            self.fault(at, "an outcome is measured in exactly one way", hint);
            return None;
        }
        if o.successes.is_some() != o.of.is_some() {
            self.fault(at, "`successes` and `of` (the number of trials) go together", hint);
            return None;
        }
        let mut find = |name: &str, key: &str| {
            self.number_of(&format!("{at}.{key}"), name, variables, &format!("`{key}` of an outcome"))
        };
        if let (Some(successes), Some(trials)) = (&o.successes, &o.of) {
            let (successes, trials) = (find(successes, "successes"), find(trials, "of"));
            return Some(Measure::Grouped { successes: successes?, trials: trials? });
        }
        match (&o.binary, &o.count, &o.number) {
            (Some(name), ..) => find(name, "binary").map(Measure::Binary),
            (_, Some(name), _) => find(name, "count").map(Measure::Count),
            (.., Some(name)) => find(name, "number").map(Measure::Number),
            _ => None,
        }
    }
}
