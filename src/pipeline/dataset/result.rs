//! One fit as released values, and the rows that left within it.

use super::estimate;
use super::rows::named;
use super::sample::Coded;
use super::tests::has_ratio;
use crate::config::{Dataset, DatasetErrors, DatasetFamily, DatasetModel};
use crate::disclosure::{
    BootstrapRow, CoefficientRow, ContrastRow, DatasetResult, DroppedRow, Estimate, Gate, HowFitted, JointRow,
    JointTested, Released, SubgroupRow,
};
use crate::model::{self, Dropped, Fit, Reason, Sample, Term};
use crate::num;
use crate::panel::Frame;
use crate::pipeline::gone::Gone;
use crate::pipeline::shown;

/// A fit with what it was made from.
pub(super) struct Fitted<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) frame: &'a Frame,
    pub(super) gate: &'a Gate,
    /// Model and outcome.
    pub(super) place: (usize, usize),
    pub(super) coded: &'a Coded,
    pub(super) sample: &'a Sample<'a>,
    pub(super) fit: &'a Fit,
}

impl Fitted<'_> {
    fn model(&self) -> &DatasetModel {
        &self.dataset.models[self.place.0]
    }

    /// The released result.
    pub(super) fn result(&self) -> DatasetResult {
        let (fit, gate, n) = (self.fit, self.gate, self.fit.responses);
        let model = self.model();
        let exposure = shown::coefficient(fit, 0);
        let ratio = has_ratio(model.family).then(|| Estimate {
            estimate: num::exp(exposure.estimate),
            low: num::exp(exposure.low),
            high: num::exp(exposure.high),
            ..exposure.clone()
        });
        let effect = fit.average_marginal_effect.map(|e| shown::delta(fit, e.estimate, e.std_error));
        let sampled = fit
            .average_marginal_effect
            .and_then(|e| e.sampled.map(|std_error| shown::delta(fit, e.estimate, std_error)));
        let or_missing = |value: Option<Estimate>, why: &str| match value {
            Some(value) => gate.value(n, value),
            None => gate.missing(why),
        };
        DatasetResult {
            model: self.place.0,
            outcome: self.place.1,
            n: gate.count(n),
            groups: if self.coded.group.is_some() { gate.count(fit.groups) } else { gate.none() },
            clusters: if clustered(model) { gate.count(fit.clusters) } else { gate.none() },
            groups_dropped: gate.count(groups_dropped(fit)),
            mean: self.mean(),
            coefficients: self.coefficients(),
            e_value: match &ratio {
                Some(ratio) => gate.value(n, e_values(model.family, ratio)),
                None => gate.missing("the family has no ratio"),
            },
            ratio: or_missing(ratio, "the family has no ratio"),
            people: self.people(effect.as_ref()),
            effect: or_missing(effect, "no average marginal effect"),
            effect_sampled: or_missing(sampled, "not defined for these errors"),
            exposure: gate.value(n, exposure),
            contrasts: self.contrasts(),
            subgroups: self.subgroups(),
            joint: self.joint(),
            bootstrap: fit.bootstrap.map(|test| {
                gate.value(n, BootstrapRow { statistic: test.statistic, p: test.p_value, draws: test.draws })
            }),
            tests: (self.place.0 == 0).then(|| estimate::tests(self.dataset, model, fit, gate)),
            dropped: fit.dropped.iter().map(|d| self.dropped(d)).collect(),
            how: self.how(),
        }
    }

    /// Weighted mean of the outcome over the responses analysed; of an outcome that is 0 or 1, of
    /// rounded numbers where the regime rounds.
    fn mean(&self) -> Released<f64> {
        let (mut sum, mut mass) = (0.0, 0.0);
        let (mut with, mut binary) = (0, true);
        let gone = Gone::new(self.sample, self.fit);
        for (at, block) in self.sample.blocks.iter().enumerate() {
            for row in block.rows.clone().filter(|row| !gone.has(self.sample, at, *row)) {
                let line = &self.coded.lines[row];
                let weight = line.weight * f64::from(line.count);
                sum += weight * line.outcome;
                mass += weight;
                binary &= line.outcome == 0.0 || line.outcome == 1.0;
                with += if line.outcome == 1.0 { u64::from(line.count) } else { 0 };
            }
        }
        match binary && self.gate.rounds() {
            true => self.gate.split(with, self.fit.responses, self.gate.share(sum, mass)),
            false => self.gate.value(self.fit.responses, sum / mass),
        }
    }

    fn coefficients(&self) -> Vec<CoefficientRow> {
        let counts: Vec<u64> = self.fit.terms.iter().map(|term| self.level_count(term)).collect();
        let released = shown::level_counts(self.gate, self.fit, &counts);
        let row = |((at, term), n): ((usize, &Term), Released<u64>)| CoefficientRow {
            term: term.name.clone(),
            label: estimate::term_label(self.dataset, self.model(), &term.name),
            level: term.level.clone(),
            coefficient: shown::of_level(self.gate, self.fit, at, counts[at]),
            n,
        };
        self.fit.terms.iter().enumerate().zip(released).map(row).collect()
    }

    /// Responses with a term's level; all of them for numbers.
    fn level_count(&self, term: &Term) -> u64 {
        let variable = self.dataset.variables.iter().position(|v| v.id == term.name);
        let extra = self.coded.extras.iter().find(|e| e.name == term.name && e.level == term.level);
        let has: Box<dyn Fn(usize) -> bool> = match (variable, extra) {
            (Some(variable), None) if !term.level.is_empty() => {
                let (names, of, _) = named(self.frame, variable);
                let level = names.iter().position(|name| *name == term.level);
                Box::new(move |row| level == Some(of[row] as usize))
            }
            (_, Some(extra)) if !term.level.is_empty() => Box::new(move |row| extra.other[row] != 0.0),
            _ => return self.fit.responses,
        };
        let gone = Gone::new(self.sample, self.fit);
        let rows =
            self.sample.blocks.iter().enumerate().flat_map(|(at, block)| block.rows.clone().map(move |r| (at, r)));
        let counted = rows.filter(|(at, row)| !gone.has(self.sample, *at, *row));
        counted.map(|(_, row)| &self.coded.lines[row]).filter(|l| has(l.row)).map(|l| u64::from(l.count)).sum()
    }

    fn contrasts(&self) -> Vec<ContrastRow> {
        let (fit, gate) = (self.fit, self.gate);
        let row = |(contrast, found): (usize, &model::Contrast)| {
            let difference = shown::delta(fit, found.difference.estimate, found.difference.std_error);
            ContrastRow {
                contrast,
                from: shown::prediction(gate, fit, found.at_from),
                to: shown::prediction(gate, fit, found.at_to),
                people: self.people(Some(&difference)),
                difference: shown::released(gate, fit, difference),
            }
        };
        fit.contrasts.iter().enumerate().map(row).collect()
    }

    /// A change of probability in people of the outcome's population.
    fn people(&self, effect: Option<&Estimate>) -> Released<Estimate> {
        let population = self.dataset.outcomes[self.place.1].population;
        match (effect, population) {
            (Some(effect), Some(at)) => {
                let people = self.dataset.populations[at].people;
                shown::released(self.gate, self.fit, shown::scaled(effect, people))
            }
            (None, _) => self.gate.missing("no average marginal effect"),
            (_, None) => self.gate.missing("no population is given"),
        }
    }

    fn subgroups(&self) -> Vec<SubgroupRow> {
        let row = |(found, n): (&model::SubgroupEffect, Released<u64>)| {
            let variable = *self.model().subgroups.get(found.subgroup)?;
            let (names, _, _) = named(self.frame, variable);
            let effect = shown::delta(self.fit, found.effect.estimate, found.effect.std_error);
            Some(SubgroupRow {
                variable,
                level: names.get(found.level as usize)?.clone(),
                n,
                effect: match self.gate.count(found.responses).hidden() {
                    None => shown::released(self.gate, self.fit, effect),
                    Some(_) => self.gate.value(found.responses, effect),
                },
            })
        };
        self.fit.subgroup_effects.iter().zip(self.subgroup_counts()).filter_map(row).collect()
    }

    /// Responses of each subgroup: those of one variable and the ones without a level of it, which are not
    /// printed, make up all responses.
    fn subgroup_counts(&self) -> Vec<Released<u64>> {
        let mut released = Vec::new();
        let effects = &self.fit.subgroup_effects;
        for of in effects.chunk_by(|a, b| a.subgroup == b.subgroup) {
            let mut counts: Vec<u64> = of.iter().map(|found| found.responses).collect();
            counts.push(self.fit.responses.saturating_sub(counts.iter().sum()));
            let silent = counts.len() - 1;
            released.extend(self.gate.levels(&counts, silent).into_iter().take(silent));
        }
        released
    }

    fn joint(&self) -> Vec<JointRow> {
        let model = self.model();
        let row = |(test, joint): (usize, &crate::config::DatasetJoint)| {
            let names: Vec<String> = joint.terms.iter().map(|at| self.dataset.term(&model.terms[*at])).collect();
            let wald = match model::wald(self.fit, &names.iter().map(String::as_str).collect::<Vec<_>>()) {
                Ok(wald) => {
                    let tested =
                        JointTested { statistic: wald.statistic, terms: wald.df as u64, df: None, p: wald.p_value };
                    self.gate.value(self.fit.responses, tested)
                }
                Err(error) => self.gate.missing(error.to_string()),
            };
            JointRow { test, wald }
        };
        model.joint.iter().enumerate().map(row).collect()
    }

    fn how(&self) -> HowFitted {
        let fit = self.fit;
        let eliminated =
            self.coded.group.map(|at| (self.dataset.variables[at].label.clone(), self.gate.rounded(fit.groups)));
        let label = |id: &String| {
            let variable = self.dataset.variables.iter().find(|variable| variable.id == *id);
            variable.map_or_else(|| id.clone(), |variable| variable.label.clone())
        };
        let dense = fit.absorbed.iter().map(|absorbed| (label(&absorbed.name), self.gate.rounded(absorbed.levels)));
        HowFitted {
            errors: match self.model().errors {
                DatasetErrors::Iid => "iid",
                DatasetErrors::Hc1 => "hc1",
                DatasetErrors::Cluster(_) => "cluster",
                DatasetErrors::TwoWay(..) => "two-way",
                DatasetErrors::Cr3(_) => "cr3",
            }
            .into(),
            profile: fit.small_sample.profile.name().into(),
            factor: self.gate.coarse(fit.small_sample.factor),
            iterations: fit.trace.len() as u64,
            absorbed: eliminated.into_iter().chain(dense).collect(),
            fit: shown::facts(self.gate, fit, self.coded.group.is_some()),
        }
    }

    fn dropped(&self, dropped: &Dropped) -> DroppedRow {
        DroppedRow {
            what: self.reason(&dropped.reason),
            groups: self.gate.count(dropped.groups),
            rows: self.gate.count(dropped.responses),
        }
    }

    /// Words for why rows left within the estimator.
    fn reason(&self, why: &Reason) -> String {
        let group = self.coded.group.map_or("row", |at| &self.dataset.variables[at].label);
        let every = |outcome: bool| if outcome { "every row has the outcome" } else { "no row has the outcome" };
        match why {
            Reason::ZeroWeight => "weight of zero".into(),
            Reason::GroupAllFailures => format!("value of “{group}” in which the outcome is always 0"),
            Reason::GroupAllSuccesses => format!("value of “{group}” in which the outcome is always 1"),
            Reason::AbsorbedLevels { name, outcome, .. } => {
                let label = estimate::term_label(self.dataset, self.model(), name);
                format!("value of “{label}” in which {}", every(*outcome))
            }
            Reason::Separated { term, outcome } => {
                let label = estimate::term_label(self.dataset, self.model(), &term.name);
                format!("level “{}” of {label}, in which {}", term.level, every(*outcome))
            }
        }
    }

    /// Rows of the frame that left within the estimator by reason, and those analysed.
    pub(super) fn left(&self) -> (Vec<(String, u64)>, Vec<usize>) {
        let mut why: Vec<Option<usize>> = vec![None; self.coded.lines.len()];
        for (at, dropped) in self.fit.dropped.iter().enumerate() {
            let gone = Gone::of(self.sample, dropped);
            for (block, rows) in self.sample.blocks.iter().enumerate() {
                for row in rows.rows.clone().filter(|row| gone.has(self.sample, block, *row)) {
                    why[row].get_or_insert(at);
                }
            }
        }
        // A row stands for successes and failures: it is analysed if either is.
        let mut of_row = std::collections::BTreeMap::new();
        for (line, why) in self.coded.lines.iter().zip(why) {
            let kept = of_row.entry(line.row).or_insert(why);
            *kept = kept.and(why);
        }
        let mut left: Vec<(String, u64)> = self.fit.dropped.iter().map(|d| (self.reason(&d.reason), 0)).collect();
        of_row.values().flatten().for_each(|at| left[*at].1 += 1);
        let analysed = of_row.iter().filter(|(_, why)| why.is_none()).map(|(row, _)| *row).collect();
        (left.into_iter().filter(|(_, n)| *n > 0).collect(), analysed)
    }
}

/// Whether the errors are clustered.
fn clustered(model: &DatasetModel) -> bool {
    !matches!(model.errors, DatasetErrors::Iid | DatasetErrors::Hc1)
}

fn groups_dropped(fit: &Fit) -> u64 {
    let varies = |d: &&Dropped| matches!(d.reason, Reason::GroupAllFailures | Reason::GroupAllSuccesses);
    fit.dropped.iter().filter(varies).map(|d| d.groups).sum()
}

/// E-values of a ratio and of its limit nearest 1. An odds ratio of a common outcome is taken as the
/// square of a risk ratio, so a rate ratio goes in squared.
fn e_values(family: DatasetFamily, ratio: &Estimate) -> [f64; 2] {
    let power = |x: f64| if family == DatasetFamily::Poisson { x * x } else { x };
    [model::e_value(power(ratio.estimate)), model::e_value_of_interval(power(ratio.low), power(ratio.high))]
}
