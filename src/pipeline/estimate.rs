//! Fits every model to every outcome and passes what comes back through the gate.

use super::Progress;
use super::gone::Gone;
use super::sample::{self, EXPOSURE, WAVE};
use crate::config::{Absorb, Config, Family, Model};
use crate::disclosure::{CoefficientRow, DroppedRow, Estimate, Gate, ModelResult, Released};
use crate::error::{Problem, Problems, Result};
use crate::model::{self, Fit, FitError, Options, Reason, Sample, Term};
use crate::num;

/// What left within the estimator, by panel block: `(reason, [(block, responses)])`.
pub(super) type DroppedBlocks = Vec<(String, Vec<(usize, u64)>)>;

/// Results of all models.
pub(super) struct Fits {
    /// By model, then outcome.
    pub(super) results: Vec<ModelResult>,
    /// What left within the main model's estimator, by outcome.
    pub(super) main_dropped: Vec<DroppedBlocks>,
    /// Whether a row of the panel is analysed by the main model for some outcome.
    pub(super) analysed: Vec<bool>,
}

/// Fits every model to every outcome.
pub(super) fn fits(config: &Config, panel: &crate::panel::Panel, gate: &Gate, progress: Progress) -> Result<Fits> {
    let mut fits = Fits { results: Vec::new(), main_dropped: Vec::new(), analysed: vec![false; panel.rows] };
    let all = (config.models.len() * config.outcomes.len()) as u64;
    for (at, model) in config.models.iter().enumerate() {
        let coding = sample::coding(config, panel, model);
        let mut results = Vec::new();
        for outcome in 0..config.outcomes.len() {
            progress("fitting", (at * config.outcomes.len() + outcome) as u64, all);
            let (sample, origin) = sample::sample(config, panel, model, &coding, outcome);
            let fit = model::fit(&sample, &options(model)).map_err(|e| failed(config, model, outcome, &e))?;
            let gone = Gone::new(&sample, &fit);
            if at == 0 {
                fits.main_dropped.push(dropped_blocks(config, model, &fit, &origin));
                mark(&sample, &gone, &origin, &mut fits.analysed);
            }
            results.push(Fitted { config, gate, model, sample: &sample, fit: &fit, gone: &gone }.result(at, outcome));
        }
        adjust(&mut results, gate);
        fits.results.extend(results);
    }
    progress("fitting", all, all);
    Ok(fits)
}

/// Takes the first step of every fit: what makes a model impossible shows there, at a small part of
/// the fit's cost.
pub(super) fn estimable(config: &Config, panel: &crate::panel::Panel, progress: Progress) -> Result<()> {
    let mut problems = Problems::default();
    let all = (config.models.len() * config.outcomes.len()) as u64;
    for (at, model) in config.models.iter().enumerate() {
        let coding = sample::coding(config, panel, model);
        for outcome in 0..config.outcomes.len() {
            progress("checking models", (at * config.outcomes.len() + outcome) as u64, all);
            let (sample, _) = sample::sample(config, panel, model, &coding, outcome);
            match model::fit(&sample, &Options { max_iterations: 0, ..options(model) }) {
                Ok(_) | Err(FitError::NotConverged { .. }) => {}
                Err(error) => problems.0.extend(failed(config, model, outcome, &error).0),
            }
        }
    }
    problems.or(())
}

fn options(model: &Model) -> Options {
    Options {
        absorb: model.absorb != Absorb::None,
        family: match model.family {
            Family::Logit => model::Family::Logit,
            Family::Linear => model::Family::Linear,
        },
        vcov: super::profile(model.vcov),
        effect_of: Some(0),
        ..Options::default()
    }
}

/// A fit that failed, with what to do about it.
fn failed(config: &Config, model: &Model, outcome: usize, error: &FitError) -> Problems {
    let outcome = &config.outcomes[outcome];
    let hint = match error {
        FitError::Collinear { term, .. } if term.name == EXPOSURE => {
            "look at the linkage facts: do the clusters of the practice files and of the censuses go by the same codes, and is the outcome asked in waves with and without exposure?"
        }
        FitError::Collinear { within: Some(_), .. } => {
            "remove the covariate from this model, or absorb nothing (`absorb: none`) in a variant that has it"
        }
        FitError::Collinear { .. } => "remove one of the covariates from this model",
        FitError::OutcomeConstant { .. } | FitError::Empty | FitError::NothingLeft { .. } => {
            "check the outcome's codes and base, and the participants' flow"
        }
        FitError::ReferenceUnobserved { .. } => "choose a reference level that occurs in the sample",
        _ => "look at the outcome by wave and at small levels of the covariates",
    };
    let what = format!("model `{}` of outcome `{}` cannot be fitted: {error}", model.id, outcome.id);
    Problem::new(what).hint(hint).into()
}

/// Words for why responses left within the estimator.
fn reason(config: &Config, why: &Reason, groups: &str) -> String {
    match why {
        Reason::ZeroWeight => "weight of zero".into(),
        Reason::GroupAllFailures => format!("{groups} in which nobody has the outcome"),
        Reason::GroupAllSuccesses => format!("{groups} in which everybody has the outcome"),
        Reason::Separated { term, outcome } => {
            let label = term_label(config, &term.name);
            let who = if *outcome { "everybody" } else { "nobody" };
            format!("level “{}” of {label}, in which {who} has the outcome", term.level)
        }
        Reason::AbsorbedLevels { name, outcome, .. } => {
            let who = if *outcome { "everybody" } else { "nobody" };
            format!("absorbed levels of {}, in which {who} has the outcome", term_label(config, name))
        }
    }
}

/// The absorbed groups' words.
fn group_words<'a>(config: &'a Config, model: &Model) -> &'a [String; 2] {
    if model.absorb == Absorb::Cluster { &config.terms.cluster } else { &config.terms.practice }
}

fn dropped_blocks(config: &Config, model: &Model, fit: &Fit, origin: &[(usize, Vec<u32>)]) -> DroppedBlocks {
    let groups = &group_words(config, model)[1];
    let one = |d: &model::Dropped| {
        let blocks = d.blocks.iter().map(|(block, n)| (origin[*block].0, *n)).collect();
        (reason(config, &d.reason, groups), blocks)
    };
    fit.dropped.iter().map(one).collect()
}

/// Marks the panel's rows that are analysed.
fn mark(sample: &Sample, gone: &Gone, origin: &[(usize, Vec<u32>)], analysed: &mut [bool]) {
    for (at, (block, (_, rows))) in sample.blocks.iter().zip(origin).enumerate() {
        for (row, of) in block.rows.clone().zip(rows) {
            analysed[*of as usize] |= !gone.has(sample, at, row);
        }
    }
}

/// Label of a term.
fn term_label(config: &Config, name: &str) -> String {
    match name {
        EXPOSURE => config.exposure.label.clone(),
        WAVE => "Wave".into(),
        other => config.covariates.iter().find(|c| c.id == other).map_or_else(|| other.into(), |c| c.label.clone()),
    }
}

/// One fit on its way through the gate.
struct Fitted<'a> {
    config: &'a Config,
    gate: &'a Gate,
    model: &'a Model,
    sample: &'a Sample<'a>,
    fit: &'a Fit,
    gone: &'a Gone,
}

impl Fitted<'_> {
    fn result(&self, model: usize, outcome: usize) -> ModelResult {
        let (gate, fit) = (self.gate, self.fit);
        let n = fit.responses;
        let exposure = self.coefficient(0);
        let ratio = Estimate {
            estimate: num::exp(exposure.estimate),
            low: num::exp(exposure.low),
            high: num::exp(exposure.high),
            ..exposure.clone()
        };
        let effect = fit.average_marginal_effect.map(|a| self.normal(a.estimate, a.std_error));
        let population = self.config.outcomes[outcome].population.map(|p| self.config.populations[p].people);
        let people = match (&effect, population) {
            (Some(effect), Some(people)) => gate.value(n, scaled(effect, people)),
            (None, _) => gate.missing("no average marginal effect"),
            (_, None) => gate.missing("no population stated"),
        };
        let e_value = [model::e_value(ratio.estimate), model::e_value_of_interval(ratio.low, ratio.high)];
        let dropped = |d: &model::Dropped| DroppedRow {
            what: reason(self.config, &d.reason, &group_words(self.config, self.model)[1]),
            groups: gate.count(d.groups),
            rows: gate.count(d.responses),
        };
        let without = [Reason::GroupAllFailures, Reason::GroupAllSuccesses];
        let groups_dropped = fit.dropped.iter().filter(|d| without.contains(&d.reason)).map(|d| d.groups).sum();
        ModelResult {
            model,
            outcome,
            n: gate.count(n),
            groups: gate.count(fit.groups),
            clusters: gate.count(fit.clusters),
            groups_dropped: gate.count(groups_dropped),
            coefficients: self.coefficients(),
            exposure: gate.value(n, exposure),
            odds_ratio: gate.value(n, ratio),
            average_marginal_effect: effect
                .map_or_else(|| gate.missing("no average marginal effect"), |e| gate.value(n, e)),
            people,
            e_value: gate.value(n, e_value),
            holm: gate.missing("not adjusted yet"),
            dropped: fit.dropped.iter().map(dropped).collect(),
            factor: fit.small_sample.factor,
            profile: fit.small_sample.profile.name().into(),
            iterations: fit.trace.len() as u64,
        }
    }

    /// Coefficient `at` with its interval under the model's reference distribution.
    fn coefficient(&self, at: usize) -> Estimate {
        let fit = self.fit;
        let (estimate, std_error) = (fit.coefficient[at], fit.std_error[at]);
        let (low, high) = model::interval(estimate, std_error, fit.critical_value);
        Estimate { estimate, std_error, low, high, statistic: fit.statistic[at], p: fit.p_value[at] }
    }

    /// An estimate with its delta-method error: the same reference distribution as the coefficients.
    fn normal(&self, estimate: f64, std_error: f64) -> Estimate {
        let (low, high) = model::interval(estimate, std_error, self.fit.critical_value);
        let statistic = estimate / std_error;
        Estimate { estimate, std_error, low, high, statistic, p: model::p_value(statistic, self.fit.reference) }
    }

    fn coefficients(&self) -> Vec<CoefficientRow> {
        let counts = self.level_counts();
        let row = |(at, term): (usize, &Term)| {
            let n = counts(term);
            CoefficientRow {
                term: term.name.clone(),
                label: term_label(self.config, &term.name),
                level: term.level.clone(),
                n: self.gate.count(n),
                coefficient: self.gate.value(n, self.coefficient(at)),
            }
        };
        self.fit.terms.iter().enumerate().map(row).collect()
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

/// An average marginal effect scaled to a population taken as known.
fn scaled(effect: &Estimate, people: f64) -> Estimate {
    let scaled = model::Estimate { estimate: effect.estimate, std_error: effect.std_error, sampled: None };
    let scaled = model::people(scaled, people);
    Estimate {
        estimate: scaled.estimate,
        std_error: scaled.std_error,
        low: effect.low * people,
        high: effect.high * people,
        ..effect.clone()
    }
}

/// Holm's adjustment over the outcomes of one model.
fn adjust(results: &mut [ModelResult], gate: &Gate) {
    let shown: Vec<Option<f64>> = results.iter().map(|r| r.exposure.shown().map(|e| e.p)).collect();
    let adjusted = model::holm(&shown.iter().flatten().copied().collect::<Vec<_>>());
    let mut next = adjusted.into_iter();
    for (result, shown) in results.iter_mut().zip(shown) {
        let released: Released<f64> = match shown.and_then(|_| next.next()) {
            Some(p) => gate.value(0, p),
            None => gate.missing("the estimate is not released"),
        };
        result.holm = released;
    }
}
