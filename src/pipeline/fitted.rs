//! One fit on its way through the gate: estimates, counts and facts as released values.

use super::estimate::{group_words, reason, term_label};
use super::gone::Gone;
use super::{shown, tested};
use crate::config::{Absorb, Config, Family, Model};
use crate::disclosure::{BootstrapRow, CoefficientRow, ContrastRow, DroppedRow, Estimate, Gate, ModelResult, Released};
use crate::model::{self, Fit, Reason, Sample, Term};
use crate::num;

/// Why there is no average marginal effect.
const NO_EFFECT: &str = "no average marginal effect";

/// One fit on its way through the gate.
pub(super) struct Fitted<'a> {
    pub(super) config: &'a Config,
    pub(super) gate: &'a Gate,
    pub(super) model: &'a Model,
    pub(super) sample: &'a Sample<'a>,
    pub(super) fit: &'a Fit,
    pub(super) gone: &'a Gone,
}

impl Fitted<'_> {
    /// Everything that may be shown of the fit; adjusted p values need the other outcomes' and come
    /// later.
    pub(super) fn result(&self, model: usize, outcome: usize) -> ModelResult {
        let (gate, fit) = (self.gate, self.fit);
        let n = fit.responses;
        let exposure = shown::coefficient(self.fit, 0);
        let effect = fit.average_marginal_effect.map(|a| shown::delta(self.fit, a.estimate, a.std_error));
        let dropped = |d: &model::Dropped| DroppedRow {
            what: reason(self.config, &d.reason, &group_words(self.config, self.model)[1]),
            groups: gate.count(d.groups),
            rows: gate.count(d.responses),
        };
        let without = [Reason::GroupAllFailures, Reason::GroupAllSuccesses];
        let groups_dropped = fit.dropped.iter().filter(|d| without.contains(&d.reason)).map(|d| d.groups).sum();
        let (odds_ratio, e_value) = self.ratio(&exposure);
        ModelResult {
            n: gate.count(n),
            groups: gate.count(fit.groups),
            clusters: gate.count(fit.clusters),
            groups_dropped: gate.count(groups_dropped),
            coefficients: self.coefficients(),
            exposure: gate.value(n, exposure),
            odds_ratio,
            e_value,
            people: self.people(outcome, effect.as_ref()),
            equivalence: tested::equivalence(self.config, gate, outcome, fit, effect.as_ref()),
            minimum_detectable: tested::minimum_detectable(self.config, gate, fit, effect.as_ref()),
            average_marginal_effect: effect.map_or_else(|| gate.missing(NO_EFFECT), |e| gate.value(n, e)),
            contrasts: self.contrasts(outcome),
            joint: tested::joint(self.config, gate, fit, model),
            bootstrap: fit
                .bootstrap
                .map(|b| gate.value(n, BootstrapRow { statistic: b.statistic, p: b.p_value, draws: b.draws })),
            dropped: fit.dropped.iter().map(dropped).collect(),
            factor: gate.coarse(fit.small_sample.factor),
            profile: fit.small_sample.profile.name().into(),
            iterations: fit.trace.len() as u64,
            fit: shown::facts(self.gate, self.fit, self.model.absorb != Absorb::None),
            ..ModelResult::empty(gate, model, outcome)
        }
    }

    /// Odds ratio and E-values, where coefficients are log odds.
    fn ratio(&self, exposure: &Estimate) -> (Released<Estimate>, Released<[f64; 2]>) {
        let (gate, n) = (self.gate, self.fit.responses);
        if self.model.family != Family::Logit {
            let why = "only a logistic model has odds ratios";
            return (gate.missing(why), gate.missing(why));
        }
        let ratio = Estimate {
            estimate: num::exp(exposure.estimate),
            low: num::exp(exposure.low),
            high: num::exp(exposure.high),
            ..exposure.clone()
        };
        let e_value = [model::e_value(ratio.estimate), model::e_value_of_interval(ratio.low, ratio.high)];
        (gate.value(n, ratio), gate.value(n, e_value))
    }

    /// A change of probability in people of the outcome's population.
    fn people(&self, outcome: usize, effect: Option<&Estimate>) -> Released<Estimate> {
        let population = self.config.outcomes[outcome].population.map(|p| self.config.populations[p].people);
        match (effect, population) {
            (Some(effect), Some(people)) => shown::released(self.gate, self.fit, shown::scaled(effect, people)),
            (None, _) => self.gate.missing(NO_EFFECT),
            (_, None) => self.gate.missing("no population stated"),
        }
    }

    fn contrasts(&self, outcome: usize) -> Vec<ContrastRow> {
        let gate = self.gate;
        let row = |(contrast, found): (usize, &model::Contrast)| {
            let difference = shown::delta(self.fit, found.difference.estimate, found.difference.std_error);
            ContrastRow {
                contrast,
                from: shown::prediction(gate, self.fit, found.at_from),
                to: shown::prediction(gate, self.fit, found.at_to),
                people: self.people(outcome, Some(&difference)),
                difference: shown::released(gate, self.fit, difference),
            }
        };
        self.fit.contrasts.iter().enumerate().map(row).collect()
    }

    fn coefficients(&self) -> Vec<CoefficientRow> {
        let counts = self.level_counts();
        let counts: Vec<u64> = self.fit.terms.iter().map(counts).collect();
        let released = shown::level_counts(self.gate, self.fit, &counts);
        let row = |((at, term), n): ((usize, &Term), Released<u64>)| CoefficientRow {
            term: term.name.clone(),
            label: term_label(self.config, &term.name),
            level: term.level.clone(),
            coefficient: shown::of_level(self.gate, self.fit, at, counts[at]),
            n,
        };
        self.fit.terms.iter().enumerate().zip(released).map(row).collect()
    }

    /// Number of analysed responses with a term's level; all of them for numbers.
    fn level_counts(&self) -> impl Fn(&Term) -> u64 {
        let sample = self.sample;
        let (mut by_pattern, mut by_block) = (vec![0u64; sample.patterns.len()], vec![0u64; sample.blocks.len()]);
        for (at, block) in sample.blocks.iter().enumerate() {
            for row in block.rows.clone().filter(|row| !self.gone.has(sample, at, *row)) {
                let n = sample.count.as_ref().map_or(1, |count| u64::from(count[row]));
                by_pattern[sample.pattern[row] as usize] += n;
                by_block[at] += n;
            }
        }
        let all: u64 = self.fit.responses;
        move |term: &Term| {
            let factors = &sample.patterns.factors;
            if let Some(at) = factors.iter().position(|f| f.name == term.name) {
                let level = factors[at].levels.iter().position(|l| *l == term.level);
                let levels = sample.patterns.levels.iter().skip(at).step_by(factors.len());
                return levels.zip(&by_pattern).filter(|(l, _)| Some(usize::from(**l)) == level).map(|(_, n)| n).sum();
            }
            let column = sample.columns.iter().find(|c| c.name == term.name && c.level == term.level);
            match column.filter(|c| !c.level.is_empty()) {
                None => all,
                Some(column) => by_block.iter().zip(&column.values).filter(|(_, v)| **v != 0.0).map(|(n, _)| n).sum(),
            }
        }
    }
}
