//! Checks of `analyses.costs`.

use super::super::Checker;
use super::Known;
use crate::config::raw::{RawCosts, RawInPost, RawQuantity};
use crate::config::types::*;

impl Checker<'_> {
    pub(super) fn costs(&mut self, raw: RawCosts, known: &Known) -> Costs {
        let at = "analyses.costs";
        let named = raw.outcomes.is_some();
        let mut outcomes = self.outcomes_named(&format!("{at}.outcomes"), raw.outcomes, known);
        for outcome in outcomes.iter().filter(|at| named && known.outcomes[**at].population.is_none()) {
            let what = format!("outcome `{}` has no population", known.outcomes[*outcome].id);
            self.fault(&format!("{at}.outcomes"), what, "give the outcome one, or take it out");
        }
        outcomes.retain(|outcome| known.outcomes[*outcome].population.is_some());
        if outcomes.is_empty() {
            self.fault(at, "no outcome has a population to count people in", "give an outcome a `population`");
        }
        let in_post = match raw.in_post {
            RawInPost::Quantity(raw) => InPost::Stated(self.quantity(&format!("{at}.in_post"), raw)),
            RawInPost::Word(word) => {
                self.word(&format!("{at}.in_post"), &word, &[("census", ())]);
                InPost::Census
            }
        };
        let steps = raw.worth.steps.clamp(1, 1_000);
        if steps != raw.worth.steps {
            let what = format!("{} steps, expected 1 to 1000", raw.worth.steps);
            self.fault(&format!("{at}.worth.steps"), what, "choose a number between");
        }
        let most = self.range(&format!("{at}.worth.to"), raw.worth.to, 1e-3, 1e9);
        self.range(&format!("{at}.draws"), raw.draws as f64, 100.0, 1e6);
        Costs {
            currency: raw.currency,
            total: self.quantity(&format!("{at}.total"), raw.total),
            in_post,
            patients: self.quantity(&format!("{at}.patients"), raw.patients),
            draws: raw.draws.clamp(100, 1_000_000),
            worth: (0..=steps).map(|step| most * step as f64 / steps as f64).collect(),
            figure: self.figure_of(&format!("{at}.figure"), raw.figure.as_deref(), &outcomes, known),
            outcomes,
            referred: raw.referred.map(|raw| Referred {
                share: self.range(&format!("{at}.referred.share"), raw.share, 1e-6, 1.0),
                label: raw.label,
            }),
        }
    }

    fn quantity(&mut self, at: &str, raw: RawQuantity) -> Quantity {
        let words = [Distribution::Fixed, Distribution::Normal, Distribution::Gamma, Distribution::Uniform];
        let words = words.map(|distribution| (distribution.word(), distribution));
        let distribution = self.word(&format!("{at}.distribution"), &raw.distribution, &words);
        let value = self.range(at, raw.value, 1e-6, 1e12);
        let (low, high) = (raw.low.unwrap_or(value), raw.high.unwrap_or(value));
        if !(low > 0.0 && low <= value && value <= high && high <= 1e13) {
            self.fault(at, "the value is not between `low` and `high`, both above 0", "check the limits");
        }
        if distribution != Distribution::Fixed && low >= high {
            self.fault(at, "a distribution needs `low` and `high`", "state both limits, or `distribution: fixed`");
        }
        Quantity { label: raw.label, value, low, high, distribution }
    }
}
