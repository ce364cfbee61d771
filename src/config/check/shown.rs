//! Checks of what is shown (printed numbers, assumptions, disclosure) and of conditions that span
//! sections.

use super::Checker;
use crate::config::raw;
use crate::config::types::*;

impl Checker<'_> {
    pub(super) fn published(&mut self, raw: raw::RawPublished, outcomes: &[Outcome]) -> Published {
        let ids: Vec<&str> = outcomes.iter().map(|o| o.id.as_str()).collect();
        let mut estimates = Vec::new();
        for (id, p) in raw.estimates {
            let at = format!("published.estimates.{id}");
            let Some(outcome) = ids.iter().position(|o| *o == id) else {
                self.unknown(&at, "outcome", &id, &ids);
                continue;
            };
            let odds_ratio = match (p.odds_ratio, p.low, p.high) {
                (Some(or), Some(low), Some(high)) => Some([or, low, high]),
                (None, None, None) => None,
                _ => {
                    self.fault(
                        &at,
                        "`odds_ratio`, `low` and `high` go together",
                        "give all three, or none and a `note`",
                    );
                    None
                }
            };
            if odds_ratio.is_some_and(|[or, low, high]| !(0.0 < low && low <= or && or <= high)) {
                self.fault(&at, "the printed estimate is outside its interval", "check for a misprint");
            }
            let digits = p.digits.unwrap_or(3);
            self.range(&at, digits as f64, 0.0, 12.0);
            for number in odds_ratio.iter().flatten() {
                self.range(&at, *number, 0.0, 1e9);
            }
            estimates.push(PublishedEstimate {
                outcome,
                odds_ratio,
                digits,
                people: p.people.map(|people| self.range(&at, people, -1e11, 1e11)),
                note: p.note,
            });
        }
        Published { name: raw.name, estimates, n: raw.n }
    }

    /// Each assumption's choice is read from the key it names, so the two cannot drift apart.
    pub(super) fn assumptions(&mut self, raw: Vec<raw::RawAssumption>, tree: &serde_yaml::Value) -> Vec<Assumption> {
        let mut assumptions = Vec::new();
        for (number, a) in raw.into_iter().enumerate() {
            let value = a.key.split('.').try_fold(tree, |at, key| {
                at.get(key).or_else(|| at.get(serde_yaml::Value::from(key.parse::<i64>().ok()?)))
            });
            match value {
                Some(value) => {
                    assumptions.push(Assumption {
                        about: a.about,
                        key: a.key,
                        choice: words(value),
                        because: a.because,
                    });
                }
                None => {
                    let what = format!("assumption names the key `{}`, which the config does not have", a.key);
                    self.fault(
                        &format!("assumptions.#{number}"),
                        what,
                        "name the key that holds the choice, as a dotted path",
                    );
                }
            }
        }
        assumptions
    }

    /// A file's own names stand for items or count columns that the study reads.
    fn renamed(&mut self, config: &Config) {
        let mut known = config.items();
        for counts in config.outcomes.iter().filter_map(|outcome| outcome.counts.as_ref()) {
            known.extend(counts.success.iter().chain([&counts.base]).cloned());
        }
        for file in &config.inputs.survey.files {
            let at = match file.wave {
                Some(wave) => format!("inputs.survey.columns_by_wave.{}.items", config.waves[wave]),
                None => "inputs.survey.columns.items".into(),
            };
            for (name, _) in file.items.iter().filter(|(name, _)| !known.contains(name)) {
                self.unknown(&at, "item", name, &known);
            }
        }
    }

    /// Conditions that span sections.
    pub(super) fn whole(&mut self, config: &Config) {
        let inputs = &config.inputs;
        let simulated = [inputs.survey.source, inputs.workforce.source, inputs.practices.source]
            .contains(&Source::Simulated)
            || inputs.deprivation.as_ref().is_some_and(|d| d.source == Source::Simulated);
        if simulated && config.simulation.is_none() {
            self.fault(
                "inputs",
                "a source is simulated, and there is no `simulate` section",
                "add the truth to simulate from, or set `source: real`",
            );
        }
        if let Some(simulation) = config.simulation.as_ref().filter(|_| simulated) {
            let found = simulation.check(config);
            self.problems.0.extend(found.into_iter().map(|problem| self.text.at("simulate", problem)));
        }
        self.renamed(config);
        for outcome in &config.outcomes {
            let used = outcome.success.iter().chain(&outcome.failure);
            for code in used.filter(|code| inputs.survey.missing.iter().any(|(missing, _)| missing == *code)) {
                let what = format!("code {code} of outcome `{}` is in `inputs.survey.missing` too", outcome.id);
                self.fault(&format!("outcomes.{}", outcome.id), what, "a code is an answer, or it is missing");
            }
        }
        let weights =
            inputs.survey.source == Source::Simulated || inputs.survey.files.iter().all(|f| f.weight.is_some());
        let grid = config.analyses.grid.iter().flat_map(|grid| grid.specifications.iter().map(|one| &one.model));
        if config.models.iter().chain(grid).any(|m| m.weighted) && !weights {
            self.fault(
                "inputs.survey.columns",
                "a model uses survey weights, and no `weight` column is named",
                "name it, or remove the model",
            );
        }
        let uses_scores = |c: &Covariate| matches!(c.kind, CovariateKind::Deprivation { .. });
        if config.covariates.iter().any(uses_scores) && inputs.deprivation.is_none() {
            self.fault(
                "covariates",
                "a covariate is made from deprivation, and no deprivation file is named",
                "add `inputs.deprivation`",
            );
        }
        for model in config.models.iter().filter(|m| m.absorb == Absorb::Practice) {
            for index in &model.covariates {
                let covariate = &config.covariates[*index];
                if matches!(covariate.kind, CovariateKind::Rurality { .. }) {
                    let what = format!(
                        "`{}` is constant within a practice, so model `{}` cannot tell it from practice effects",
                        covariate.id, model.id
                    );
                    self.fault("models", what, "remove the covariate, or set `absorb: none`");
                }
            }
        }
    }
}

/// A YAML value in words for the assumptions table.
fn words(value: &serde_yaml::Value) -> String {
    use serde_yaml::Value;
    match value {
        Value::Null => "none".into(),
        Value::Bool(b) => b.to_string(),
        // Years stay as they are; larger numbers are counts.
        Value::Number(n) => n.as_u64().filter(|n| *n > 9_999).map_or_else(|| n.to_string(), crate::format::count),
        Value::String(s) => s.clone(),
        Value::Sequence(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Mapping(map) => {
            map.iter().map(|(k, v)| format!("{}: {}", plain(k), words(v))).collect::<Vec<_>>().join(", ")
        }
        Value::Tagged(tagged) => words(&tagged.value),
    }
}

/// A mapping's key as written.
fn plain(value: &serde_yaml::Value) -> String {
    match value {
        serde_yaml::Value::Number(n) => n.to_string(),
        other => words(other),
    }
}
