//! Checks of what is tested: adjustments and their family, levels, smallest effects, joint tests.

use super::Checker;
use crate::config::raw;
use crate::config::types::*;
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn tests(
        &mut self,
        raw: raw::RawTests,
        outcomes: &[Outcome],
        covariates: &[Covariate],
        models: &[Model],
    ) -> TestPlan {
        TestPlan {
            adjust: self.adjustments(&raw.adjust),
            family: self.family(raw.outcomes, outcomes),
            alpha: self.range("tests.alpha", raw.alpha, 1e-6, 0.5),
            // The formula behind the minimum detectable effect holds above one half.
            power: self.range("tests.power", raw.power, 0.5, 0.9999),
            smallest_effect: self.smallest_effects(raw.smallest_effect, outcomes),
            joint: self.joint_tests(raw.joint, covariates, models),
        }
    }

    fn joint_tests(&mut self, raw: Vec<raw::RawJoint>, covariates: &[Covariate], models: &[Model]) -> Vec<JointTest> {
        let mut tests: Vec<JointTest> = Vec::new();
        for joint in raw {
            let Some(test) = self.joint(joint, covariates, models) else { continue };
            let set = |test: &JointTest| test.terms.iter().cloned().collect::<BTreeSet<_>>();
            if tests.iter().any(|other| set(other) == set(&test)) {
                let what = format!("joint test “{}” is of the same terms as another", test.label);
                self.fault("tests.joint", what, "keep one of them");
            }
            tests.push(test);
        }
        tests
    }

    fn adjustments(&mut self, names: &[String]) -> Vec<Adjustment> {
        let known = [
            ("holm", Adjustment::Holm),
            ("hochberg", Adjustment::Hochberg),
            ("benjamini_hochberg", Adjustment::BenjaminiHochberg),
        ];
        let mut adjust = Vec::new();
        for name in names {
            let one = self.word("tests.adjust", name, &known);
            if adjust.contains(&one) && known.iter().any(|(known, _)| known == name) {
                self.fault("tests.adjust", format!("adjustment `{name}` is listed twice"), "list it once");
            } else {
                adjust.push(one);
            }
        }
        adjust
    }

    /// Indices of the outcomes that p values are adjusted over; all of them where none is named.
    fn family(&mut self, names: Option<Vec<String>>, outcomes: &[Outcome]) -> Vec<usize> {
        let Some(names) = names else { return (0..outcomes.len()).collect() };
        let ids: Vec<&str> = outcomes.iter().map(|o| o.id.as_str()).collect();
        let mut family = Vec::new();
        for name in &names {
            match ids.iter().position(|id| id == name) {
                Some(at) if family.contains(&at) => {
                    self.fault("tests.outcomes", format!("outcome `{name}` is listed twice"), "list it once");
                }
                Some(at) => family.push(at),
                None => self.unknown("tests.outcomes", "outcome", name, &ids),
            }
        }
        if names.is_empty() {
            self.fault("tests.outcomes", "a family of no outcomes", "name them, or leave `outcomes` out for all");
        }
        family
    }

    fn smallest_effects(&mut self, raw: Option<raw::RawSmallest>, outcomes: &[Outcome]) -> Vec<Option<f64>> {
        let at = "tests.smallest_effect";
        let mut effects = vec![None; outcomes.len()];
        match raw {
            None => {}
            Some(raw::RawSmallest::All(effect)) => {
                effects = vec![self.smallest(at, &effect); outcomes.len()];
            }
            Some(raw::RawSmallest::ByOutcome(map)) => {
                let ids: Vec<&str> = outcomes.iter().map(|o| o.id.as_str()).collect();
                for (id, effect) in map {
                    let at = format!("{at}.{id}");
                    match ids.iter().position(|known| *known == id) {
                        Some(outcome) => effects[outcome] = self.smallest(&at, &effect),
                        None => self.unknown(&at, "outcome", &id, &ids),
                    }
                }
            }
        }
        effects
    }

    /// A smallest effect as a probability.
    fn smallest(&mut self, at: &str, raw: &raw::RawEffect) -> Option<f64> {
        let hint = "write `{ value: 0.1, scale: percentage_points }`";
        let (Some(value), Some(scale)) = (raw.value, raw.scale.as_ref()) else {
            let missing = if raw.value.is_none() { "value" } else { "scale" };
            self.fault(at, format!("a smallest effect needs a `{missing}`"), hint);
            return None;
        };
        let unit = self.word(&format!("{at}.scale"), scale, &[("percentage_points", 0.01)]);
        if !(value > 0.0 && value <= 100.0) {
            self.fault(at, format!("a smallest effect of {value} percentage points, expected more than 0"), hint);
        }
        Some(value * unit)
    }

    fn joint(&mut self, raw: raw::RawJoint, covariates: &[Covariate], models: &[Model]) -> Option<JointTest> {
        let at = "tests.joint";
        let distinct: BTreeSet<&String> = raw.terms.iter().collect();
        if raw.terms.is_empty() || distinct.len() < raw.terms.len() {
            let what = format!("joint test “{}” names no term, or one twice", raw.label);
            self.fault(at, what, "list its terms: ids of covariates, `wave`, `exposure`");
            return None;
        }
        let has = |model: &Model, term: &str| match term {
            "exposure" => true,
            "wave" => model.wave_effects,
            id => model.covariates.iter().any(|at| covariates.get(*at).is_some_and(|c| c.id == id)),
        };
        let every = |term: &str| models.iter().any(|model| has(model, term));
        let ids = covariates.iter().map(|c| c.id.as_str()).chain(["wave", "exposure"]);
        let known: Vec<&str> = ids.filter(|id| every(id)).collect();
        let unknown: Vec<&String> = raw.terms.iter().filter(|term| !known.contains(&term.as_str())).collect();
        for term in &unknown {
            self.unknown(at, "term of any model", term, &known);
        }
        let model = models.iter().position(|model| raw.terms.iter().all(|term| has(model, term)));
        if model.is_none() && unknown.is_empty() {
            let what = format!("no model has all terms of the joint test “{}”", raw.label);
            self.fault(at, what, "test fewer terms, or add a variant that has them all");
        }
        model.map(|model| JointTest { label: raw.label, terms: raw.terms, model })
    }
}
