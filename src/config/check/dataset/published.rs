//! Checks of `published`: estimates printed elsewhere, held against the study's own models.

use super::super::Checker;
use crate::config::raw::{RawPublishedTerm, RawPublishedTerms};
use crate::config::types::*;

impl Checker<'_> {
    pub(super) fn published_terms(
        &mut self,
        raw: Option<RawPublishedTerms>,
        variables: &[Variable],
        outcomes: &[DatasetOutcome],
        models: &[DatasetModel],
    ) -> (String, Vec<PublishedTerm>) {
        let Some(raw) = raw else { return (String::new(), Vec::new()) };
        let mut terms = Vec::new();
        // Without models every term would be unknown.
        for (number, printed) in raw.estimates.iter().enumerate().filter(|_| !models.is_empty()) {
            let at = format!("published.estimates.#{number}");
            terms.extend(self.published_term(&at, printed, variables, outcomes, models));
        }
        (raw.name, terms)
    }

    fn published_term(
        &mut self,
        at: &str,
        raw: &RawPublishedTerm,
        variables: &[Variable],
        outcomes: &[DatasetOutcome],
        models: &[DatasetModel],
    ) -> Option<PublishedTerm> {
        let names: Vec<&str> = models.iter().map(|model| model.id.as_str()).collect();
        let name = raw.model.as_deref().unwrap_or("main");
        let model = names.iter().position(|id| *id == name);
        if model.is_none() {
            self.unknown(at, "model", name, &names);
        }
        let model = model?;
        let ids: Vec<&str> = models[model].outcomes.iter().map(|index| outcomes[*index].id.as_str()).collect();
        let outcome = match (&raw.outcome, &ids[..]) {
            (Some(name), _) => {
                let place = ids.iter().position(|id| id == name);
                if place.is_none() {
                    self.unknown(at, "outcome of the model", name, &ids);
                }
                models[model].outcomes[place?]
            }
            (None, [_]) => models[model].outcomes[0],
            (None, _) => {
                self.fault(at, "the model has several outcomes", "add `outcome:`");
                return None;
            }
        };
        let term = self.printed_term(at, raw, variables, &models[model])?;
        let (scale, estimate) = self.printed_estimate(at, raw, &models[model])?;
        let interval = self.printed_interval(at, raw, estimate);
        let std_error = raw.std_error.map(|error| self.range(at, error, 1e-300, 1e12));
        let digits = raw.digits.unwrap_or(3);
        self.range(at, digits as f64, 0.0, 12.0);
        let level = raw.level.clone();
        Some(PublishedTerm { model, outcome, term, level, scale, estimate, std_error, interval, digits })
    }

    /// The term as the model writes it, when the model has it and the level is one of its levels.
    fn printed_term(
        &mut self,
        at: &str,
        raw: &RawPublishedTerm,
        variables: &[Variable],
        model: &DatasetModel,
    ) -> Option<String> {
        let made = self.terms_of(at, &raw.term, variables);
        let [term] = &made[..] else {
            if !made.is_empty() {
                self.fault(at, format!("`{}` is more than one term", raw.term), "write one estimate for each");
            }
            return None;
        };
        let exposure = TermSpec { factors: vec![(model.exposure, 1)] };
        if *term != exposure && !model.terms.contains(term) {
            let known: Vec<String> =
                std::iter::once(&exposure).chain(&model.terms).map(|term| term.written(variables)).collect();
            self.unknown(at, "term of the model", &term.written(variables), &known);
            return None;
        }
        let categories: Vec<&VariableKind> = term.factors.iter().map(|(index, _)| &variables[*index].kind).collect();
        let categorical = categories.iter().any(|kind| matches!(kind, VariableKind::Category { .. }));
        match &categories[..] {
            [VariableKind::Category { levels, .. }] if !levels.is_empty() => {
                let known: Vec<&str> = levels.iter().map(|(label, _)| label.as_str()).chain(["Missing"]).collect();
                if !known.contains(&raw.level.as_str()) {
                    self.unknown(at, "level", &raw.level, &known);
                }
            }
            _ if categorical && raw.level.is_empty() => {
                self.fault(at, format!("`{}` has a coefficient for each level", raw.term), "add `level:`");
            }
            _ if !categorical && !raw.level.is_empty() => {
                self.fault(at, format!("`{}` is a number and has no levels", raw.term), "remove `level:`");
            }
            _ => {}
        }
        Some(term.written(variables))
    }

    fn printed_estimate(
        &mut self,
        at: &str,
        raw: &RawPublishedTerm,
        model: &DatasetModel,
    ) -> Option<(EffectScale, f64)> {
        let given = [
            (EffectScale::Coefficient, raw.coefficient),
            (EffectScale::Ratio, raw.ratio),
            (EffectScale::Effect, raw.effect),
        ];
        let mut given = given.into_iter().filter_map(|(scale, value)| Some((scale, value?)));
        let (Some((scale, estimate)), None) = (given.next(), given.next()) else {
            let hint = "write one of `coefficient:`, `ratio:`, `effect:`";
            self.fault(at, "an estimate is printed on exactly one scale", hint);
            return None;
        };
        if scale == EffectScale::Ratio && model.family == DatasetFamily::Linear {
            self.fault(at, format!("model `{}` is linear and has no ratio", model.id), "write `coefficient:`");
        }
        let low = if scale == EffectScale::Ratio { 1e-12 } else { -1e12 };
        Some((scale, self.range(at, estimate, low, 1e12)))
    }

    fn printed_interval(&mut self, at: &str, raw: &RawPublishedTerm, estimate: f64) -> Option<[f64; 2]> {
        match (raw.low, raw.high) {
            (None, None) => None,
            (Some(low), Some(high)) => {
                if !(low <= estimate && estimate <= high) {
                    self.fault(at, "the printed estimate is outside its interval", "check for a misprint");
                }
                Some([low, high])
            }
            _ => {
                self.fault(at, "`low` and `high` go together", "give both or none");
                None
            }
        }
    }
}
