//! Checks of `models`: variants over the main model, families against what outcomes measure, terms
//! that say the same thing twice.

use super::super::Checker;
use super::listed;
use crate::config::raw::{OneOrTwo, RawFit, RawFits};
use crate::config::types::*;

const FAMILIES: [(&str, DatasetFamily); 4] = [
    ("logit", DatasetFamily::Logit),
    ("probit", DatasetFamily::Probit),
    ("linear", DatasetFamily::Linear),
    ("poisson", DatasetFamily::Poisson),
];

impl Checker<'_> {
    pub(super) fn fits(
        &mut self,
        raw: RawFits,
        variables: &[Variable],
        outcomes: &[DatasetOutcome],
    ) -> Vec<DatasetModel> {
        if raw.main.id.is_some() {
            self.fault("models.main.id", "the main model is called `main`", "remove its `id`");
        }
        let mut models: Vec<DatasetModel> = Vec::new();
        models.extend(self.fit("models.main", "main".into(), &raw.main, variables, outcomes));
        let mut ids = vec!["main".to_owned()];
        for (number, variant) in raw.variants.iter().enumerate() {
            let at = format!("models.variants.#{number}");
            let id = variant.id.clone().unwrap_or_default();
            if id.is_empty() {
                self.fault(&at, "a variant has no id", "add `id:`");
            } else if ids.contains(&id) {
                self.fault(&at, format!("two models are called `{id}`"), "give each variant an id of its own");
            } else {
                self.plain_name(&at, &id);
            }
            ids.push(id.clone());
            let merged = merged(&raw.main, variant);
            // What is wrong in the main model would come up in every variant again.
            if !models.is_empty() {
                models.extend(self.fit(&at, id, &merged, variables, outcomes));
            }
        }
        models
    }

    fn fit(
        &mut self,
        at: &str,
        id: String,
        raw: &RawFit,
        variables: &[Variable],
        outcomes: &[DatasetOutcome],
    ) -> Option<DatasetModel> {
        let before = self.problems.0.len();
        let family = self.likelihood(at, raw);
        let exposure = match &raw.exposure {
            Some(name) => self.number_of(&format!("{at}.exposure"), name, variables, "the exposure of a model"),
            None => {
                self.fault(at, "a model has no exposure", "add `exposure:`, the variable that the report is about");
                None
            }
        };
        let known = outcomes;
        let outcomes = self.measured(at, raw, family, outcomes);
        let exposure = exposure.unwrap_or(usize::MAX);
        let absorb = self.absorbed(at, raw, variables);
        let terms = self.model_terms(at, raw, variables, exposure, &absorb);
        let errors = self.errors(at, raw, variables);
        let offset = self.offset(at, raw, variables, family);
        let weights = self.weighted(at, raw, variables);
        let bootstrap = self.draws(at, raw, errors);
        let contrasts = self.moves(at, raw);
        let subgroups = self.subgroups(at, raw, variables);
        let joint = self.together(at, raw, variables, &terms);
        self.not_its_own_term(at, &outcomes, known, exposure, &terms, variables);
        let vcov = [("stata", Vcov::Stata), ("fixest-0.13", Vcov::Fixest), ("none", Vcov::Plain)];
        let vcov = self.word(&format!("{at}.vcov"), raw.vcov.as_deref().unwrap_or("stata"), &vcov);
        let label = raw.label.clone().unwrap_or_else(|| if id == "main" { "Main model".into() } else { id.clone() });
        let fine = self.problems.0.len() == before;
        fine.then_some(DatasetModel {
            id,
            label,
            outcomes,
            family,
            exposure,
            terms,
            absorb,
            errors,
            vcov,
            offset,
            weights,
            bootstrap,
            contrasts,
            subgroups,
            joint,
        })
    }

    /// An outcome is not explained by itself.
    fn not_its_own_term(
        &mut self,
        at: &str,
        outcomes: &[usize],
        known: &[DatasetOutcome],
        exposure: usize,
        terms: &[TermSpec],
        variables: &[Variable],
    ) {
        for outcome in outcomes.iter().filter_map(|at| known.get(*at)) {
            let measured = match outcome.measure {
                Measure::Binary(at) | Measure::Count(at) | Measure::Number(at) => vec![at],
                Measure::Grouped { successes, trials } => vec![successes, trials],
            };
            let used = |at: &usize| *at == exposure || terms.iter().any(|t| t.factors.iter().any(|(v, _)| v == at));
            for variable in measured.iter().filter(|at| used(at)).filter_map(|at| variables.get(*at)) {
                let what = format!("outcome `{}` is measured by `{}`, which is in the model", outcome.id, variable.id);
                let hint = "take the variable out of the model, or give the model other `outcomes: [...]`";
                self.fault(at, what, hint);
            }
        }
    }

    fn likelihood(&mut self, at: &str, raw: &RawFit) -> DatasetFamily {
        match &raw.family {
            Some(word) => self.word(&format!("{at}.family"), word, &FAMILIES),
            None => {
                self.fault(at, "a model has no family", "add `family:` logit, probit, linear or poisson");
                DatasetFamily::Linear
            }
        }
    }

    /// The model's outcomes, each fit for the family.
    fn measured(&mut self, at: &str, raw: &RawFit, family: DatasetFamily, outcomes: &[DatasetOutcome]) -> Vec<usize> {
        let ids: Vec<&str> = outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
        let mut chosen = Vec::new();
        for name in raw.outcomes.iter().flatten() {
            match ids.iter().position(|id| id == name) {
                Some(index) if chosen.contains(&index) => {
                    self.fault(&format!("{at}.outcomes"), format!("outcome `{name}` is listed twice"), "list it once");
                }
                Some(index) => chosen.push(index),
                None if self.left_out.contains(name) => {}
                None => self.unknown(&format!("{at}.outcomes"), "outcome", name, &ids),
            }
        }
        if raw.outcomes.as_ref().is_some_and(Vec::is_empty) {
            self.fault(&format!("{at}.outcomes"), "no outcome is listed", "leave `outcomes` out for all of them");
        }
        if raw.outcomes.is_none() {
            chosen.extend(0..outcomes.len());
        }
        for outcome in chosen.iter().map(|index| &outcomes[*index]) {
            let binary = matches!(outcome.measure, Measure::Binary(_) | Measure::Grouped { .. });
            let (wanted, hint) = match family {
                DatasetFamily::Logit | DatasetFamily::Probit if !binary => {
                    ("binary or grouped", "write `binary: y`, or `successes: y` with `of: n`, or choose another family")
                }
                DatasetFamily::Poisson if binary => {
                    ("counted", "write `count: y` (a variable of 0 and 1 may be counted), or choose another family")
                }
                _ => continue,
            };
            let family = FAMILIES.iter().find(|(_, known)| *known == family).map_or("", |(name, _)| name);
            let what = format!("family `{family}` needs an outcome that is {wanted}, and `{}` is not", outcome.id);
            self.fault(&format!("{at}.family"), what, hint);
        }
        chosen
    }

    fn absorbed(&mut self, at: &str, raw: &RawFit, variables: &[Variable]) -> Vec<usize> {
        let at = format!("{at}.absorb");
        let mut absorb = Vec::new();
        for name in raw.absorb.iter().flatten() {
            match self.named_of(&at, name, variables, "what is absorbed") {
                Some(index) if absorb.contains(&index) => {
                    self.fault(&at, format!("`{name}` is absorbed twice"), "list it once");
                }
                found => absorb.extend(found),
            }
        }
        absorb
    }

    fn model_terms(
        &mut self,
        at: &str,
        raw: &RawFit,
        variables: &[Variable],
        exposure: usize,
        absorb: &[usize],
    ) -> Vec<TermSpec> {
        let at = format!("{at}.terms");
        let mut terms: Vec<TermSpec> = Vec::new();
        let mut written: Vec<TermSpec> = Vec::new();
        for text in raw.terms.iter().flatten() {
            let made = self.terms_of(&at, text, variables);
            // `a*b` beside `a` says no more than it must; the same term written out twice is a slip.
            if let [only] = &made[..] {
                if written.contains(only) {
                    self.fault(&at, format!("term `{text}` is listed twice"), "list it once");
                }
                if only.factors == [(exposure, 1)] {
                    let what = format!("the exposure `{text}` is a term already");
                    self.fault(&at, what, "leave it out of `terms`; its powers and interactions belong there");
                }
                written.push(only.clone());
            }
            for term in made {
                if term.factors != [(exposure, 1)] && !terms.contains(&term) {
                    terms.push(term);
                }
            }
        }
        self.absorbed_terms(&at, variables, &terms, absorb);
        if exposure < variables.len() {
            self.main_effects(&at, variables, &terms, exposure, absorb);
        }
        terms
    }

    /// A variable that is absorbed has no coefficient of its own.
    fn absorbed_terms(&mut self, at: &str, variables: &[Variable], terms: &[TermSpec], absorb: &[usize]) {
        for index in absorb.iter().filter(|index| terms.iter().any(|term| term.factors == [(**index, 1)])) {
            let what = format!("`{}` is absorbed and a term", variables[*index].id);
            self.fault(at, what, "keep it in one of `absorb` and `terms`");
        }
    }

    /// Without the terms that a product is made of, its coefficient means something else.
    fn main_effects(
        &mut self,
        at: &str,
        variables: &[Variable],
        terms: &[TermSpec],
        exposure: usize,
        absorb: &[usize],
    ) {
        let stands = |factors: &[(usize, u32)]| {
            *factors == [(exposure, 1)]
                || matches!(factors, [(index, 1)] if absorb.contains(index))
                || terms.iter().any(|term| term.factors == factors)
        };
        for term in terms {
            let mut lower = Vec::new();
            for (place, (_, power)) in term.factors.iter().enumerate() {
                let mut factors = term.factors.clone();
                if *power > 1 {
                    factors[place].1 -= 1;
                } else {
                    factors.remove(place);
                }
                lower.push(factors);
            }
            let absent: Vec<String> = lower
                .into_iter()
                .filter(|factors| !factors.is_empty() && !stands(factors))
                .map(|factors| TermSpec { factors }.written(variables))
                .collect();
            if !absent.is_empty() {
                let text = term.written(variables);
                let what = format!("term `{text}` stands without {}", listed(&absent));
                self.fault(at, what, "add it; `a*b` stands for `a`, `b` and `a:b`");
            }
        }
    }
}

/// A variant: what it says, and the main model's for the rest. The questions that are put to the main
/// model (bootstrap, contrasts, subgroups, joint tests) are put to a variant only where it says so.
fn merged(main: &RawFit, variant: &RawFit) -> RawFit {
    let clustered = |errors: &Option<String>| !matches!(errors.as_deref(), Some("iid" | "hc1"));
    let own = variant.clone();
    let (errors, cluster): (Option<String>, Option<OneOrTwo>) = match (own.errors, own.cluster) {
        (Some(errors), None) if !clustered(&Some(errors.clone())) => (Some(errors), None),
        (None, Some(cluster)) if !clustered(&main.errors) => (None, Some(cluster)),
        (errors, cluster) => (errors.or_else(|| main.errors.clone()), cluster.or_else(|| main.cluster.clone())),
    };
    RawFit {
        id: own.id,
        label: own.label,
        outcomes: own.outcomes.or_else(|| main.outcomes.clone()),
        family: own.family.or_else(|| main.family.clone()),
        exposure: own.exposure.or_else(|| main.exposure.clone()),
        terms: own.terms.or_else(|| main.terms.clone()),
        absorb: own.absorb.or_else(|| main.absorb.clone()),
        errors,
        cluster,
        vcov: own.vcov.or_else(|| main.vcov.clone()),
        offset: own.offset.or_else(|| main.offset.clone()),
        weights: own.weights.or_else(|| main.weights.clone()),
        bootstrap: own.bootstrap,
        contrasts: own.contrasts,
        subgroups: own.subgroups,
        joint: own.joint,
    }
}
