//! A model's sample with other columns in the exposure's place, over the blocks that have them, fitted:
//! coefficients and predictions through the gate. Knows no analysis.

use super::Study;
use crate::config::{Absorb, Config, Model};
use crate::disclosure::{Estimate, Gate, JointTested, Released};
use crate::model::{self, Block, Column, Fit, Sample};
use crate::pipeline::sample::{Coding, WAVE};
use crate::pipeline::{estimate, sample, shown, tested};

/// Blocks of the panel with their rows.
type Origin = Vec<(usize, Vec<u32>)>;

/// A sample ready to be fitted.
pub(super) struct Shaped<'a> {
    study: &'a Study<'a>,
    model: &'a Model,
    outcome: usize,
    pub(super) sample: Sample<'a>,
    pub(super) origin: Origin,
    /// Number of columns in the exposure's place.
    width: usize,
}

impl<'a> Shaped<'a> {
    /// The sample of an outcome with columns of these names; `values` gives theirs in a block of the panel, or
    /// none where it leaves. Columns without any value but 0 are left out.
    pub(super) fn new(
        study: &'a Study<'a>,
        (model, coding, outcome): (&'a Model, &'a Coding, usize),
        names: &[String],
        values: &dyn Fn(usize) -> Option<Vec<f64>>,
    ) -> Self {
        let (whole, origin) = sample::sample(study.config, study.panel, model, coding, outcome);
        let found: Vec<Option<Vec<f64>>> = origin.iter().map(|(block, _)| values(*block)).collect();
        let kept: Vec<usize> = (0..origin.len()).filter(|at| found[*at].is_some()).collect();
        let first = kept.iter().map(|at| study.panel.blocks[origin[*at].0].wave).min();
        let (mut sample, origin) = restricted(whole, origin, &kept);
        let first = first.map(|wave| study.config.waves[usize::from(wave)].to_string());
        let mut columns: Vec<Column> = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let values: Vec<f64> = found.iter().flatten().map(|values| values[at]).collect();
            if values.iter().any(|value| *value != 0.0) {
                columns.push(Column { name: name.clone(), level: String::new(), values });
            }
        }
        let width = columns.len();
        let others = std::mem::take(&mut sample.columns).into_iter().skip(1);
        // The first wave left is what the others are compared with.
        columns.extend(others.filter(|column| column.name != WAVE || Some(&column.level) != first.as_ref()));
        sample.columns = columns;
        Self { study, model, outcome, sample, origin, width }
    }

    /// Place of a column.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.sample.columns.iter().take(self.width).position(|column| column.name == name)
    }

    /// Fits, predicting the outcome with the columns in the exposure's place at each of `scenarios`
    /// (values by column, in order) against all of them at 0, and testing each set of columns of `joint` together.
    /// `what` names the fit to people.
    pub(super) fn fit(&self, what: &str, scenarios: &[Vec<f64>], joint: Vec<Vec<String>>) -> Result<Fitted, String> {
        let own = |values: &[f64]| values.iter().copied().enumerate().collect::<Vec<(usize, f64)>>();
        let none = vec![0.0; self.width];
        let study = self.study;
        let options = model::Options {
            effect_of: None,
            contrasts: Vec::new(),
            bootstrap: None,
            joint: joint.clone(),
            scenarios: std::iter::once(&none).chain(scenarios).map(|values| own(values)).collect(),
            ..estimate::options(study.config, study.panel, self.model, self.outcome, &self.origin)
        };
        match study.fit(what, self.outcome, &self.sample, &options) {
            Ok(fit) => {
                let gate = study.gate.for_fit(shown::residual_df(&fit, self.model.absorb != Absorb::None));
                Ok(Fitted { gate, fit, joint })
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// One scenario for each column: that one at 1.
    pub(super) fn units(&self) -> Vec<Vec<f64>> {
        (0..self.width).map(|at| (0..self.width).map(|other| f64::from(u8::from(at == other))).collect()).collect()
    }
}

/// The sample's blocks at these places.
fn restricted<'a>(whole: Sample<'a>, origin: Origin, kept: &[usize]) -> (Sample<'a>, Origin) {
    if kept.len() == origin.len() {
        return (whole, origin);
    }
    let ranges = || kept.iter().map(|at| whole.blocks[*at].rows.clone());
    let mut start = 0;
    let blocks = kept.iter().map(|at| {
        let block = &whole.blocks[*at];
        let rows = start..start + block.rows.len();
        start = rows.end;
        Block { rows, ..block.clone() }
    });
    let column = |c: &Column| Column { values: kept.iter().map(|at| c.values[*at]).collect(), ..c.clone() };
    let mut origin: Vec<Option<(usize, Vec<u32>)>> = origin.into_iter().map(Some).collect();
    let sample = Sample {
        blocks: blocks.collect(),
        columns: whole.columns.iter().map(column).collect(),
        patterns: whole.patterns,
        numerics: Vec::new(),
        pattern: ranges().flat_map(|rows| &whole.pattern[rows]).copied().collect(),
        success: ranges().flat_map(|rows| &whole.success[rows]).copied().collect(),
        outcome: None,
        offset: None,
        count: whole.count.as_ref().map(|count| ranges().flat_map(|rows| &count[rows]).copied().collect()),
        weight: whole.weight.as_ref().map(|weight| ranges().flat_map(|rows| &weight[rows]).copied().collect()),
        group_name: whole.group_name.clone(),
    };
    (sample, kept.iter().filter_map(|at| origin[*at].take()).collect())
}

/// A fit of a shaped sample, and what may be shown of it.
pub(super) struct Fitted {
    gate: Gate,
    pub(super) fit: Fit,
    /// The sets of columns tested together.
    joint: Vec<Vec<String>>,
}

impl Fitted {
    pub(super) fn n(&self) -> Released<u64> {
        self.gate.count(self.fit.responses)
    }

    pub(super) fn clusters(&self) -> Released<u64> {
        self.gate.count(self.fit.clusters)
    }

    /// Coefficient of a column.
    pub(super) fn coefficient(&self, name: &str) -> Released<Estimate> {
        match self.fit.terms.iter().position(|term| term.name == name) {
            Some(at) => shown::released(&self.gate, &self.fit, shown::coefficient(&self.fit, at)),
            None => self.gate.missing("no response has any of it"),
        }
    }

    /// Difference in the mean prediction between a scenario and none.
    pub(super) fn effect(&self, scenario: Option<usize>) -> Released<Estimate> {
        let found = scenario.and_then(|at| self.fit.scenarios.get(at + 1).copied().flatten());
        match found {
            Some(found) => {
                shown::released(&self.gate, &self.fit, shown::delta(&self.fit, found.estimate, found.std_error))
            }
            None => self.gate.missing("no response has any of it"),
        }
    }

    /// Whether the difference of a scenario is shown to be smaller than the smallest that matters for an
    /// outcome.
    pub(super) fn equivalence(
        &self,
        config: &Config,
        outcome: Option<usize>,
        scenario: Option<usize>,
    ) -> Released<f64> {
        let effect = self.effect(scenario);
        let outcome = outcome.unwrap_or(usize::MAX);
        tested::equivalence(config, &self.gate, outcome, &self.fit, effect.shown())
    }

    /// A weighted sum of the coefficients of columns, by name.
    pub(super) fn combined(&self, weights: &[(&str, f64)]) -> Released<Estimate> {
        let place = |name: &str| self.fit.terms.iter().position(|term| term.name == name);
        let found: Option<Vec<(usize, f64)>> =
            weights.iter().map(|(name, weight)| Some((place(name)?, *weight))).collect();
        let Some(found) = found else { return self.gate.missing("no response has any of it") };
        let k = self.fit.terms.len();
        let estimate = found.iter().map(|(at, weight)| weight * self.fit.coefficient[*at]).sum();
        let pairs = found.iter().flat_map(|a| found.iter().map(move |b| (a, b)));
        let variance: f64 = pairs.map(|(a, b)| a.1 * b.1 * self.fit.covariance[a.0 * k + b.0]).sum();
        shown::released(&self.gate, &self.fit, shown::delta(&self.fit, estimate, variance.max(0.0).sqrt()))
    }

    /// Joint test of columns.
    pub(super) fn wald(&self, names: &[String]) -> Released<JointTested> {
        let at = self.joint.iter().position(|set| set == names);
        shown::joint(&self.gate, &self.fit, at, names)
    }
}
