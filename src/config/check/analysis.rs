//! Checks of what is analysed and shown: covariates, outcomes, models, populations, printed
//! numbers, assumptions, disclosure.

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
        if ["exposure", "wave"].contains(&id) {
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

    pub(super) fn models(&mut self, raw: raw::RawModels, covariates: &[Covariate]) -> Vec<Model> {
        let main = raw.main;
        let mut models = vec![self.model("models.main", "main".into(), &main, covariates)];
        for v in raw.variants {
            let at = "models.variants";
            self.plain_name(at, &v.id);
            if models.iter().any(|m| m.id == v.id) {
                self.fault(at, format!("two models are called `{}`", v.id), "give each variant an id of its own");
            }
            let merged = raw::RawModel {
                label: Some(v.label),
                family: v.family.unwrap_or_else(|| main.family.clone()),
                covariates: v.covariates.unwrap_or_else(|| main.covariates.clone()),
                absorb: v.absorb.unwrap_or_else(|| main.absorb.clone()),
                effects: v.effects.unwrap_or_else(|| main.effects.clone()),
                cluster: v.cluster.unwrap_or_else(|| main.cluster.clone()),
                weights: v.weights.unwrap_or_else(|| main.weights.clone()),
                vcov: v.vcov.unwrap_or_else(|| main.vcov.clone()),
            };
            models.push(self.model(at, v.id, &merged, covariates));
        }
        models
    }

    fn model(&mut self, at: &str, id: String, raw: &raw::RawModel, known: &[Covariate]) -> Model {
        let ids: Vec<&str> = known.iter().map(|c| c.id.as_str()).collect();
        let mut covariates = Vec::new();
        for name in &raw.covariates {
            match ids.iter().position(|id| id == name) {
                Some(index) if covariates.contains(&index) => {
                    self.fault(
                        &format!("{at}.covariates"),
                        format!("covariate `{name}` is listed twice"),
                        "list it once",
                    );
                }
                Some(index) => covariates.push(index),
                None => self.unknown(&format!("{at}.covariates"), "covariate", name, &ids),
            }
        }
        for effect in raw.effects.iter().filter(|e| *e != "wave") {
            self.unknown(&format!("{at}.effects"), "effect", effect, &["wave"]);
        }
        self.word(&format!("{at}.cluster"), &raw.cluster, &[("pcn", ())]);
        let absorb = [("practice", Absorb::Practice), ("cluster", Absorb::Cluster), ("none", Absorb::None)];
        let vcov = [("stata", Vcov::Stata), ("fixest-0.13", Vcov::Fixest), ("none", Vcov::Plain)];
        Model {
            label: raw.label.clone().unwrap_or_else(|| "Main model".into()),
            id,
            family: self.word(&format!("{at}.family"), &raw.family, &[("logit", Family::Logit)]),
            covariates,
            absorb: self.word(&format!("{at}.absorb"), &raw.absorb, &absorb),
            wave_effects: raw.effects.iter().any(|e| e == "wave"),
            weighted: self.word(&format!("{at}.weights"), &raw.weights, &[("none", false), ("survey", true)]),
            vcov: self.word(&format!("{at}.vcov"), &raw.vcov, &vcov),
        }
    }

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
        for a in raw {
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
                    self.fault("assumptions", what, "name the key that holds the choice, as a dotted path");
                }
            }
        }
        assumptions
    }

    pub(super) fn disclosure(&mut self, raw: raw::RawDisclosure) -> Disclosure {
        let threshold = match (raw.profile.as_str(), raw.threshold) {
            ("gpps", None) => 10,
            ("custom", Some(n)) => n,
            ("none", None) => 0,
            ("custom", None) => {
                self.fault("disclosure", "profile `custom` needs a `threshold`", "add `threshold: 10`");
                10
            }
            ("gpps" | "none", Some(_)) => {
                self.fault(
                    "disclosure",
                    "`threshold` is for profile `custom` only",
                    "set `profile: custom`, or remove it",
                );
                10
            }
            (other, _) => {
                self.unknown("disclosure.profile", "profile", other, &["gpps", "custom", "none"]);
                10
            }
        };
        Disclosure { profile: raw.profile, threshold }
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
        for outcome in &config.outcomes {
            let used = outcome.success.iter().chain(&outcome.failure);
            for code in used.filter(|code| inputs.survey.missing.iter().any(|(missing, _)| missing == *code)) {
                let what = format!("code {code} of outcome `{}` is in `inputs.survey.missing` too", outcome.id);
                self.fault(&format!("outcomes.{}", outcome.id), what, "a code is an answer, or it is missing");
            }
        }
        let weights =
            inputs.survey.source == Source::Simulated || inputs.survey.files.iter().all(|f| f.weight.is_some());
        if config.models.iter().any(|m| m.weighted) && !weights {
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
