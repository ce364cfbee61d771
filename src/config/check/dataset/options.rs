//! Checks of how a model is fitted and what is asked of it: errors, offsets, weights, contrasts,
//! subgroups, joint tests, and the tests over outcomes.

use super::super::Checker;
use crate::config::raw::{OneOrTwo, RawFit, RawOffset, RawPlace, RawPlainTests, RawWeights};
use crate::config::types::*;

impl Checker<'_> {
    pub(super) fn errors(&mut self, at: &str, raw: &RawFit, variables: &[Variable]) -> DatasetErrors {
        let word = raw.errors.as_deref().unwrap_or(if raw.cluster.is_some() { "cluster" } else { "hc1" });
        let kinds = [("cluster", 'c'), ("iid", 'i'), ("hc1", 'h'), ("cr3", '3')];
        let kind = self.word(&format!("{at}.errors"), word, &kinds);
        let at_cluster = format!("{at}.cluster");
        let names: Vec<&String> = match &raw.cluster {
            None => Vec::new(),
            Some(OneOrTwo::One(name)) => vec![name],
            Some(OneOrTwo::Two(names)) => names.iter().collect(),
        };
        let mut clusters = Vec::new();
        for name in &names {
            clusters.extend(self.named_of(&at_cluster, name, variables, "a cluster"));
        }
        if clusters.len() < names.len() {
            return DatasetErrors::Hc1;
        }
        match (kind, &clusters[..]) {
            ('i', []) => DatasetErrors::Iid,
            ('h', []) => DatasetErrors::Hc1,
            ('c', [one]) => DatasetErrors::Cluster(*one),
            ('3', [one]) => DatasetErrors::Cr3(*one),
            ('c', [one, two]) if one != two => DatasetErrors::TwoWay(*one, *two),
            _ => {
                let (what, hint) = match (kind, clusters.len()) {
                    ('i' | 'h', _) => {
                        (format!("errors `{word}` know no clusters, and `cluster` is given"), "remove one of the two")
                    }
                    (_, 0) => (format!("errors `{word}` need clusters"), "add `cluster:` with a key"),
                    ('3', _) => (
                        "errors `cr3` leave out clusters of one kind".to_owned(),
                        "name one cluster, or set `errors: cluster`",
                    ),
                    _ => ("the two clusters are the same".to_owned(), "name one, or two different ones"),
                };
                self.fault(&at_cluster, what, hint);
                DatasetErrors::Hc1
            }
        }
    }

    pub(super) fn offset(
        &mut self,
        at: &str,
        raw: &RawFit,
        variables: &[Variable],
        family: DatasetFamily,
    ) -> Option<(usize, bool)> {
        let at = format!("{at}.offset");
        let (name, log) = match raw.offset.as_ref()? {
            RawOffset::Word(word) if word == "none" => return None,
            RawOffset::Word(name) => (name, false),
            RawOffset::Log(of) => (&of.log, true),
        };
        let found = self.number_of(&at, name, variables, "an offset")?;
        if log && family == DatasetFamily::Linear {
            let what =
                format!("a linear model adds its offset to the outcome itself, and this is the logarithm of `{name}`");
            self.fault(&at, what, "set `offset: none`, or choose family poisson");
        }
        Some((found, log))
    }

    pub(super) fn weighted(&mut self, at: &str, raw: &RawFit, variables: &[Variable]) -> Option<Weights> {
        let at = format!("{at}.weights");
        let forms = ["none", "{ frequency: VARIABLE }", "{ sampling: VARIABLE }"];
        let by = match raw.weights.as_ref()? {
            RawWeights::Word(word) if word == "none" => return None,
            RawWeights::Word(word) => {
                self.unknown(&at, "choice", word, &forms);
                return None;
            }
            RawWeights::By(by) => by,
        };
        match (&by.frequency, &by.sampling) {
            (Some(name), None) => self.number_of(&at, name, variables, "a weight").map(Weights::Frequency),
            (None, Some(name)) => self.number_of(&at, name, variables, "a weight").map(Weights::Sampling),
            _ => {
                let hint = "`frequency`: the row stands for so many equal ones; `sampling`: it was drawn with 1 over this chance";
                self.fault(&at, "weights are of exactly one kind", hint);
                None
            }
        }
    }

    pub(super) fn draws(&mut self, at: &str, raw: &RawFit, errors: DatasetErrors) -> Option<u64> {
        let draws = raw.bootstrap.as_ref()?.draws;
        let at = format!("{at}.bootstrap");
        if !matches!(errors, DatasetErrors::Cluster(_)) {
            let hint = "set `errors: cluster` with one `cluster`, or remove `bootstrap`";
            self.fault(&at, "the bootstrap draws signs by cluster, and errors are not clustered one way", hint);
        }
        self.range(&at, draws as f64, 9.0, 1e6);
        Some(draws)
    }

    pub(super) fn moves(&mut self, at: &str, raw: &RawFit) -> Vec<ModelContrast> {
        let mut contrasts = Vec::new();
        for (id, contrast) in raw.contrasts.iter().flatten() {
            let at = format!("{at}.contrasts.{id}");
            self.plain_name(&at, id);
            let mut place = |raw: &RawPlace| match raw {
                RawPlace::Word(word) => self.word(&at, word, &[("observed", ExposureAt::Observed)]),
                RawPlace::Value(value) => ExposureAt::Value(self.range(&at, *value, -1e12, 1e12)),
            };
            let (from, to) = (place(&contrast.from), place(&contrast.to));
            if from == to {
                self.fault(&at, "a contrast goes from a place to the same place", "let `from` and `to` differ");
            }
            let label = contrast.label.clone().unwrap_or_else(|| id.clone());
            contrasts.push(ModelContrast { id: id.clone(), label, from, to });
        }
        contrasts
    }

    pub(super) fn subgroups(&mut self, at: &str, raw: &RawFit, variables: &[Variable]) -> Vec<usize> {
        let at = format!("{at}.subgroups");
        let mut subgroups = Vec::new();
        for name in raw.subgroups.iter().flatten() {
            let Some(found) = self.variable(&at, name, variables) else { continue };
            if !matches!(variables[found].kind, VariableKind::Category { .. }) {
                let hint = "name a variable with `levels`, or of `kind: category`";
                self.fault(&at, format!("subgroups are levels of a category, and `{name}` is none"), hint);
            } else if subgroups.contains(&found) {
                self.fault(&at, format!("subgroups by `{name}` are listed twice"), "list them once");
            } else {
                subgroups.push(found);
            }
        }
        subgroups
    }

    pub(super) fn together(
        &mut self,
        at: &str,
        raw: &RawFit,
        variables: &[Variable],
        terms: &[TermSpec],
    ) -> Vec<DatasetJoint> {
        let at = format!("{at}.joint");
        let written: Vec<String> = terms.iter().map(|term| term.written(variables)).collect();
        let mut tests = Vec::new();
        for test in raw.joint.iter().flatten() {
            let mut chosen = Vec::new();
            for text in &test.terms {
                let made = self.terms_of(&at, text, variables);
                for term in &made {
                    match terms.iter().position(|known| known == term) {
                        Some(index) if !chosen.contains(&index) => chosen.push(index),
                        Some(_) => {}
                        None => self.unknown(&at, "term of the model", &term.written(variables), &written),
                    }
                }
            }
            if test.terms.is_empty() {
                self.fault(&at, "a joint test has no terms", "list those whose coefficients are tested together");
            }
            let label = test.label.clone().unwrap_or_else(|| test.terms.join(", "));
            tests.push(DatasetJoint { label, terms: chosen });
        }
        tests
    }

    pub(super) fn plain_tests(&mut self, raw: RawPlainTests, models: &[DatasetModel]) -> DatasetTests {
        let alpha = self.range("tests.alpha", raw.alpha.unwrap_or(0.05), 1e-6, 0.5);
        let power = self.range("tests.power", raw.power.unwrap_or(0.8), 0.05, 0.999);
        let at = "tests.smallest_effect";
        let smallest_effect = raw.smallest_effect.map(|smallest| {
            let scale = self.word(at, &smallest.scale, &SCALES);
            let low = if scale == EffectScale::Ratio { 1.0 } else { 0.0 };
            if smallest.value <= low || !smallest.value.is_finite() {
                let what = format!("the smallest effect that matters is above {low}, got {}", smallest.value);
                self.fault(at, what, "write it as a harm or a gain of that size; the test looks both ways");
            }
            let linear = models.first().is_some_and(|model| model.family == DatasetFamily::Linear);
            if scale == EffectScale::Ratio && linear {
                self.fault(at, "the main model is linear and has no ratio", "write `scale: coefficient`");
            }
            (smallest.value, scale)
        });
        DatasetTests { alpha, power, smallest_effect }
    }
}

/// Scales of effects.
const SCALES: [(&str, EffectScale); 3] =
    [("ratio", EffectScale::Ratio), ("coefficient", EffectScale::Coefficient), ("effect", EffectScale::Effect)];
