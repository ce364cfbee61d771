//! Checks of `analyses.population`.

use super::super::Checker;
use super::Known;
use crate::config::raw::RawPeople;
use crate::config::types::*;

impl Checker<'_> {
    pub(super) fn people(&mut self, raw: RawPeople, known: &Known) -> People {
        let at = "analyses.population";
        let ids: Vec<&str> = known.populations.iter().map(|population| population.id.as_str()).collect();
        let mut bases = Vec::new();
        for name in &raw.bases {
            match ids.iter().position(|id| id == name) {
                Some(found) => bases.push(found),
                None => self.unknown(&format!("{at}.bases"), "population", name, &ids),
            }
        }
        if raw.bases.is_empty() {
            self.fault(at, "no population to scale to", "name populations under `bases`");
        }
        People { bases, outcomes: self.outcomes_named(&format!("{at}.outcomes"), raw.outcomes, known) }
    }
}
