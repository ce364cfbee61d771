//! The exposure's effect by subgroup: the main model with the exposure interacted with a covariate's
//! levels, a joint test of the interaction, p values adjusted over the declared family. A subgroup that
//! cannot be estimated keeps its row with the reason.

use super::Study;
use super::split::{Split, level_of, names, of_blocks, split};
use crate::config::{Absorb, CovariateKind, Family, Model, SubgroupFamily, Subgroups};
use crate::disclosure::{Estimate, JointTested, Released, SubgroupLevel, SubgroupTest, SubgroupsFound};
use crate::model::{self, Column, Fit, Members, Options, Place, Subgroup, Through};
use crate::num;
use crate::panel::Levels;
use crate::pipeline::{estimate, sample, shown};

/// Every test asked for.
pub(super) fn subgroups(study: &Study, plan: &Subgroups) -> SubgroupsFound {
    let all = (plan.by.len() * plan.outcomes.len()) as u64;
    let mut tests = Vec::new();
    for covariate in &plan.by {
        let model = with(study, *covariate);
        let coding = sample::coding(study.config, study.panel, &model);
        for outcome in &plan.outcomes {
            (study.progress)("subgroups", tests.len() as u64, all);
            tests.push(Division::new(study, &model, &coding, *covariate, *outcome).test());
        }
    }
    (study.progress)("subgroups", all, all);
    adjust(study, plan, &mut tests);
    SubgroupsFound { tests }
}

/// The main model with the covariate among its own, where it varies within what is absorbed.
fn with(study: &Study, covariate: usize) -> Model {
    let mut model = Model { contrasts: Vec::new(), bootstrap: None, ..study.config.models[0].clone() };
    let of_rows = matches!(study.panel.covariates[covariate], Levels::Rows(_));
    if !model.covariates.contains(&covariate) && (of_rows || model.absorb != Absorb::Practice) {
        model.covariates.push(covariate);
    }
    model
}

/// One covariate's division of one outcome's responses.
struct Division<'a> {
    study: &'a Study<'a>,
    model: &'a Model,
    covariate: usize,
    outcome: usize,
    names: Vec<String>,
    split: Split<'a>,
}

impl<'a> Division<'a> {
    fn new(
        study: &'a Study<'a>,
        model: &'a Model,
        coding: &'a sample::Coding,
        covariate: usize,
        outcome: usize,
    ) -> Self {
        let (sample, origin) = sample::sample(study.config, study.panel, model, coding, outcome);
        let by_block = of_blocks(study.panel, covariate);
        let level = |block: usize, row: usize| Some(level_of(study.panel, covariate, &by_block, block, row));
        let split = split(sample, &origin, level);
        Self { study, model, covariate, outcome, names: names(study.config, covariate), split }
    }

    fn id(&self) -> &str {
        &self.study.config.covariates[self.covariate].id
    }

    /// Name of the interaction's terms; responses without an answer have one of their own, which is not
    /// tested.
    fn term(&self, level: u32) -> String {
        let missing = level as usize + 1 == self.names.len();
        format!("{}:{}{}", sample::EXPOSURE, self.id(), if missing { ":missing" } else { "" })
    }

    /// Levels that anybody with an exposure above its least value has, and the one compared with.
    fn levels(&self) -> (Vec<u32>, Option<u32>) {
        let exposure = &self.split.sample.columns[0].values;
        let exposed = |level: u32| self.split.level.iter().zip(exposure).any(|(l, x)| *l == level && *x != 0.0);
        let levels: Vec<u32> = (0..self.names.len() as u32).filter(|level| exposed(*level)).collect();
        let wanted = match &self.study.config.covariates[self.covariate].kind {
            CovariateKind::Item { reference, .. } | CovariateKind::Rurality { reference, .. } => *reference as u32,
            CovariateKind::Deprivation { .. } => 0,
        };
        let reference = if levels.contains(&wanted) { Some(wanted) } else { levels.first().copied() };
        (levels, reference)
    }

    fn test(mut self) -> SubgroupTest {
        let (levels, reference) = self.levels();
        let mut options =
            estimate::options(self.study.config, self.study.panel, self.model, self.outcome, &self.split.origin);
        for level in levels.iter().filter(|level| Some(**level) != reference) {
            self.interact(*level, &mut options);
        }
        options.subgroups = vec![Subgroup { name: self.id().into(), of: Members::Blocks(self.split.level.clone()) }];
        match model::fit(&self.split.sample, &options) {
            Ok(fit) => self.found(&fit, &levels, reference),
            Err(error) => self.failed(&error.to_string()),
        }
    }

    /// Adds the exposure's interaction with a level.
    fn interact(&mut self, level: u32, options: &mut Options) {
        let is: Vec<f64> = self.split.level.iter().map(|l| f64::from(u8::from(*l == level))).collect();
        let exposure = &self.split.sample.columns[0].values;
        let values = exposure.iter().zip(&is).map(|(x, is)| x * is).collect();
        let column = Column { name: self.term(level), level: self.names[level as usize].clone(), values };
        options.through.push(Through { column: Place::Block(self.split.sample.columns.len()), power: 1, other: is });
        self.split.sample.columns.push(column);
    }

    fn found(&self, fit: &Fit, levels: &[u32], reference: Option<u32>) -> SubgroupTest {
        let gate = self.study.gate;
        // Every level in the sample takes part in the secondary suppression, with or without an effect.
        let counts: Vec<u64> = fit.subgroup_effects.iter().map(|effect| effect.responses).collect();
        let rows = fit.subgroup_effects.iter().zip(gate.parts(&counts)).map(|(effect, n)| {
            let at = effect.level;
            let estimated = levels.contains(&at);
            let value = |found: Option<Estimate>| match (found, n.shown()) {
                (_, None) => n.map(|_| shown::delta(fit, 0.0, 1.0)),
                (Some(found), _) if estimated => shown::released(gate, fit, found),
                _ => gate.missing("nobody in the level had any exposure, or there is no odds ratio"),
            };
            let margin = shown::delta(fit, effect.effect.estimate, effect.effect.std_error);
            let ratio = (self.model.family == Family::Logit).then(|| self.ratio(fit, at, reference)).flatten();
            SubgroupLevel {
                level: self.names[at as usize].clone(),
                missing: at as usize + 1 == self.names.len(),
                effect: value(Some(margin)),
                odds_ratio: value(ratio),
                n,
            }
        });
        SubgroupTest {
            n: gate.count(fit.responses),
            clusters: gate.count(fit.clusters),
            wald: self.wald(fit),
            levels: rows.collect(),
            ..self.failed("")
        }
    }

    fn wald(&self, fit: &Fit) -> Released<JointTested> {
        let gate = self.study.gate;
        match model::wald(fit, &[&self.term(0)]) {
            Ok(wald) => {
                let p = match fit.ways.as_slice() {
                    [one] => hotelling(wald.statistic, wald.df, one.clusters),
                    _ => Some(wald.p_value),
                };
                let tested = |p| JointTested { statistic: wald.statistic, terms: wald.df as u64, p };
                p.map_or_else(
                    || gate.missing("there are no more clusters than terms"),
                    |p| gate.value(fit.responses, tested(p)),
                )
            }
            Err(error) => gate.missing(error.to_string()),
        }
    }

    /// The odds ratio in a level: the exposure's coefficient plus the level's.
    fn ratio(&self, fit: &Fit, level: u32, reference: Option<u32>) -> Option<Estimate> {
        let k = fit.terms.len();
        let mut at = vec![0];
        if Some(level) != reference {
            let (name, label) = (self.term(level), &self.names[level as usize]);
            at.push(fit.terms.iter().position(|term| term.name == name && term.level == *label)?);
        }
        let estimate: f64 = at.iter().map(|at| fit.coefficient[*at]).sum();
        let pairs = at.iter().flat_map(|a| at.iter().map(move |b| (*a, *b)));
        let variance: f64 = pairs.map(|(a, b)| fit.covariance[a * k + b]).sum();
        let found = shown::delta(fit, estimate, variance.sqrt());
        Some(Estimate {
            estimate: num::exp(found.estimate),
            low: num::exp(found.low),
            high: num::exp(found.high),
            ..found
        })
    }

    fn failed(&self, why: &str) -> SubgroupTest {
        let gate = self.study.gate;
        SubgroupTest {
            covariate: self.covariate,
            outcome: self.outcome,
            n: gate.missing(why),
            clusters: gate.missing(why),
            wald: gate.missing(why),
            holm: gate.missing(why),
            benjamini_hochberg: gate.missing(why),
            levels: Vec::new(),
        }
    }
}

/// P value of a Wald statistic of `terms` coefficients whose covariance rests on `clusters` sums: that of
/// Hotelling's T squared, `F(terms, clusters - terms)`. Plain chi-square rejects far too often when
/// terms are many and clusters few (Pustejovsky and Tipton 2018). None with too few clusters.
fn hotelling(statistic: f64, terms: usize, clusters: u64) -> Option<f64> {
    let (q, g) = (terms as f64, clusters as f64);
    (g > q).then(|| num::f_sf(statistic * (g - q) / ((g - 1.0) * q), q, g - q))
}

/// Adjusts the joint tests' p values over their family.
fn adjust(study: &Study, plan: &Subgroups, tests: &mut [SubgroupTest]) {
    let families: Vec<Option<usize>> = match plan.family {
        SubgroupFamily::All => vec![None],
        SubgroupFamily::Outcome => plan.outcomes.iter().map(|outcome| Some(*outcome)).collect(),
    };
    for family in families {
        let mut members: Vec<&mut SubgroupTest> =
            tests.iter_mut().filter(|test| family.is_none_or(|outcome| test.outcome == outcome)).collect();
        members.retain(|test| test.wald.shown().is_some());
        let p: Vec<f64> = members.iter().filter_map(|test| test.wald.shown().map(|wald| wald.p)).collect();
        let adjusted = model::holm(&p).into_iter().zip(model::benjamini_hochberg(&p));
        for (test, (holm, benjamini_hochberg)) in members.into_iter().zip(adjusted) {
            test.holm = study.gate.value(0, holm);
            test.benjamini_hochberg = study.gate.value(0, benjamini_hochberg);
        }
    }
}
