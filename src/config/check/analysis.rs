//! Checks of what is analysed: populations, covariates, outcomes.

use super::Checker;
use crate::config::raw::{self, Scalar};
use crate::config::types::*;
use indexmap::IndexMap;

impl Checker<'_> {
    pub(super) fn populations(&mut self, raw: IndexMap<String, raw::RawPopulation>) -> Vec<Population> {
        let mut populations = Vec::new();
        for (id, p) in raw {
            let people = self.range(&format!("population.{id}"), p.people, 1.0, 1e11);
            populations.push(Population { id, label: p.label, people });
        }
        populations
    }

    pub(super) fn covariates(&mut self, raw: IndexMap<String, raw::RawCovariate>) -> Vec<Covariate> {
        let mut covariates = Vec::new();
        for (id, c) in raw {
            let at = format!("covariates.{id}");
            self.own_name(&at, &id, &c);
            let kind = match (&c.item, c.from.as_deref()) {
                (Some(_), None) => self.item_covariate(&at, &c),
                (None, Some("rurality")) => self.rurality_covariate(&at, &c),
                (None, Some("deprivation")) => {
                    Some(CovariateKind::Deprivation { scale: self.range(&at, c.scale, 1e-9, 1e9) })
                }
                (None, Some(other)) => {
                    self.unknown(&at, "source of a covariate", other, &["rurality", "deprivation"]);
                    None
                }
                _ => {
                    self.fault(
                        &at,
                        "a covariate needs either `item` or `from`",
                        "name the survey item, or `from: rurality`",
                    );
                    None
                }
            };
            if let Some(kind) = kind {
                covariates.push(Covariate { id, label: c.label, kind, describe: c.describe });
            }
        }
        covariates
    }

    /// Names that the program gives to terms and levels of its own are taken.
    fn own_name(&mut self, at: &str, id: &str, c: &raw::RawCovariate) {
        if ["exposure", "wave", "other_roles", "baseline_by_wave", "region_by_wave"].contains(&id) {
            self.fault(
                at,
                format!("a covariate cannot be called `{id}`"),
                "models have a term of that name: choose another",
            );
        }
        if c.missing == "level" && c.levels.contains_key("Missing") {
            let what = "level `Missing` is made by `missing: level`";
            self.fault(&format!("{at}.levels"), what, "call it something else, or take it out");
        }
    }

    fn missing_rule(&mut self, at: &str, got: &str) -> MissingRule {
        self.word(&format!("{at}.missing"), got, &[("level", MissingRule::Level), ("drop", MissingRule::Drop)])
    }

    /// Index of the reference level.
    fn reference(&mut self, at: &str, c: &raw::RawCovariate) -> usize {
        let names: Vec<&String> = c.levels.keys().collect();
        if names.len() < 2 || names.len() > 200 {
            self.fault(
                &format!("{at}.levels"),
                format!("{} levels, expected 2 to 200", names.len()),
                "list the levels with their codes",
            );
        }
        let Some(reference) = &c.reference else {
            self.fault(at, "no reference level", "add `reference:` with one of the levels");
            return 0;
        };
        c.levels.get_index_of(reference).unwrap_or_else(|| {
            self.unknown(&format!("{at}.reference"), "level", reference, &names);
            0
        })
    }

    fn item_covariate(&mut self, at: &str, c: &raw::RawCovariate) -> Option<CovariateKind> {
        let reference = self.reference(at, c);
        let missing = self.missing_rule(at, &c.missing);
        let mut levels = Vec::new();
        let mut seen = std::collections::BTreeMap::new();
        for (label, scalars) in &c.levels {
            let mut codes = Vec::new();
            for scalar in scalars {
                match scalar {
                    Scalar::Code(code) if i8::try_from(*code).is_ok_and(|c| c > i8::MIN) => codes.push(*code as i8),
                    Scalar::Code(code) => {
                        self.fault(at, format!("code {code} is outside -127 to 127"), "recode the item")
                    }
                    Scalar::Word(word) => {
                        self.fault(at, format!("`{word}` is not a code"), "codes of survey items are whole numbers")
                    }
                }
            }
            for code in &codes {
                if let Some(other) = seen.insert(*code, label) {
                    self.fault(
                        &format!("{at}.levels"),
                        format!("code {code} is in `{other}` and in `{label}`"),
                        "give each code to one level",
                    );
                }
            }
            levels.push((label.clone(), codes));
        }
        let items = match c.item.as_ref()? {
            raw::PerWave::One(name) => vec![name.clone(); self.waves.len()],
            raw::PerWave::ByWave(map) => {
                let names = self.per_wave(&format!("{at}.item"), raw::PerWave::ByWave(map.clone()));
                if names.iter().any(Option::is_none) {
                    self.fault(
                        &format!("{at}.item"),
                        "a covariate needs an item in every wave",
                        "name the item of each wave",
                    );
                }
                names.into_iter().map(Option::unwrap_or_default).collect()
            }
        };
        Some(CovariateKind::Item { items, levels, reference, missing })
    }

    fn rurality_covariate(&mut self, at: &str, c: &raw::RawCovariate) -> Option<CovariateKind> {
        let reference = self.reference(at, c);
        let missing = self.missing_rule(at, &c.missing);
        let text = |scalar: &Scalar| match scalar {
            Scalar::Code(code) => code.to_string(),
            Scalar::Word(word) => word.clone(),
        };
        let levels = c.levels.iter().map(|(label, s)| (label.clone(), s.iter().map(text).collect())).collect();
        Some(CovariateKind::Rurality { levels, reference, missing })
    }

    pub(super) fn outcomes(
        &mut self,
        raw: IndexMap<String, raw::RawOutcome>,
        populations: &[Population],
    ) -> Vec<Outcome> {
        if raw.is_empty() || raw.len() > 200 {
            self.fault(
                "outcomes",
                format!("{} outcomes, expected 1 to 200", raw.len()),
                "describe at least one outcome",
            );
        }
        let mut outcomes = Vec::new();
        for (id, o) in raw {
            let at = format!("outcomes.{id}");
            self.plain_name(&at, &id);
            self.outcome_codes(&at, &o);
            let items = self.per_wave(&format!("{at}.item"), o.item);
            self.known_waves(&format!("{at}.breaks"), &o.breaks);
            let waves = self.waves.clone();
            let breaks =
                o.breaks.into_iter().filter_map(|(label, text)| Some((waves.iter().position(|w| *w == label)?, text)));
            let ids: Vec<&str> = populations.iter().map(|p| p.id.as_str()).collect();
            let population = o.population.filter(|name| name != "none");
            let found = population.as_ref().and_then(|name| ids.iter().position(|id| id == name));
            if let (Some(name), None) = (&population, found) {
                self.unknown(&format!("{at}.population"), "population", name, &ids);
            }
            outcomes.push(Outcome {
                short: o.short.unwrap_or_else(|| o.label.clone()),
                label: o.label,
                asked: o.asked,
                items,
                success: o.success,
                failure: o.failure,
                left_out: o.left_out.into_iter().collect(),
                base_reason: o.base_reason.unwrap_or_else(|| "not asked the item".into()),
                base: o.base.into_iter().collect(),
                counts: o.counts.map(|c| OutcomeCounts { success: c.success, base: c.base }),
                good: o.good,
                population: found,
                breaks: breaks.collect(),
                id,
            });
        }
        outcomes
    }

    /// Every code belongs to one of success, failure and left out.
    fn outcome_codes(&mut self, at: &str, o: &raw::RawOutcome) {
        if o.success.is_empty() || o.failure.is_empty() {
            self.fault(
                at,
                "an outcome needs codes for success and for failure",
                "list them under `success` and `failure`",
            );
        }
        let mut seen = std::collections::BTreeMap::new();
        let all = [
            ("success", o.success.clone()),
            ("failure", o.failure.clone()),
            ("left_out", o.left_out.keys().copied().collect()),
        ];
        for (name, codes) in all {
            for code in codes {
                if let Some(other) = seen.insert(code, name) {
                    self.fault(
                        at,
                        format!("code {code} is in `{other}` and in `{name}`"),
                        "give each code to one of them",
                    );
                }
            }
        }
    }
}
