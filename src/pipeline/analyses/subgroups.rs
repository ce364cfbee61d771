//! The exposure's effect by subgroup: the main model with the exposure interacted with a covariate's
//! levels, a joint test of the interaction, p values adjusted over the declared family. A subgroup that
//! cannot be estimated keeps its row with the reason.

use super::Study;
use super::split::{Split, level_of, names, of_blocks, region_of, regions, split};
use crate::config::{Absorb, CovariateKind, Family, Model, SubgroupBy, SubgroupFamily, Subgroups};
use crate::disclosure::{Estimate, SubgroupLevel, SubgroupTest, SubgroupsFound};
use crate::model::{self, Column, Fit, Members, Options, Place, Subgroup, Through};
use crate::num;
use crate::panel::Levels;
use crate::pipeline::{estimate, sample, shown};

/// Every test asked for.
pub(super) fn subgroups(study: &Study, plan: &Subgroups) -> SubgroupsFound {
    let all = (plan.by.len() * plan.outcomes.len()) as u64;
    let mut tests = Vec::new();
    for (at, by) in plan.by.iter().enumerate() {
        let model = with(study, *by);
        let coding = sample::coding(study.config, study.panel, &model);
        for outcome in &plan.outcomes {
            (study.progress)("subgroups", tests.len() as u64, all);
            tests.push(Division::new((study, &model, &coding), (at, *by), *outcome).test());
        }
    }
    (study.progress)("subgroups", all, all);
    adjust(study, plan, &mut tests);
    SubgroupsFound { tests }
}

/// The main model with the covariate among its own, where it varies within what is absorbed.
fn with(study: &Study, by: SubgroupBy) -> Model {
    let mut model = Model { contrasts: Vec::new(), bootstrap: None, ..study.config.models[0].clone() };
    if let SubgroupBy::Covariate(covariate) = by {
        let of_rows = matches!(study.panel.covariates[covariate], Levels::Rows(_));
        if !model.covariates.contains(&covariate) && (of_rows || model.absorb != Absorb::Practice) {
            model.covariates.push(covariate);
        }
    }
    model
}

/// One division of one outcome's responses.
struct Division<'a> {
    study: &'a Study<'a>,
    model: &'a Model,
    /// Place in the config's list.
    at: usize,
    by: SubgroupBy,
    outcome: usize,
    names: Vec<String>,
    split: Split<'a>,
}

impl<'a> Division<'a> {
    fn new(
        (study, model, coding): (&'a Study<'a>, &'a Model, &'a sample::Coding),
        (at, by): (usize, SubgroupBy),
        outcome: usize,
    ) -> Self {
        let (sample, origin) = sample::sample(study.config, study.panel, model, coding, outcome);
        let (names, split) = match by {
            SubgroupBy::Covariate(covariate) => {
                let by_block = of_blocks(study.panel, covariate);
                let level = |block: usize, row: usize| Some(level_of(study.panel, covariate, &by_block, block, row));
                (names(study.config, covariate), split(sample, &origin, level))
            }
            SubgroupBy::Region => {
                let regions = regions(study.panel);
                let level = |block: usize, _: usize| Some(region_of(study.panel, block));
                (regions, split(sample, &origin, level))
            }
        };
        Self { study, model, at, by, outcome, names, split }
    }

    fn id(&self) -> String {
        let [id, _] = self.study.config.subgroups_by(self.at);
        id
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
        let wanted = match self.by {
            SubgroupBy::Covariate(covariate) => match &self.study.config.covariates[covariate].kind {
                CovariateKind::Item { reference, .. } | CovariateKind::Rurality { reference, .. } => *reference as u32,
                CovariateKind::Deprivation { .. } => 0,
            },
            SubgroupBy::Region => 0,
        };
        let reference = if levels.contains(&wanted) { Some(wanted) } else { levels.first().copied() };
        (levels, reference)
    }

    /// The levels' own effects where no covariate and no absorbed effect holds them.
    fn own_effects(&mut self, reference: Option<u32>) {
        if self.by != SubgroupBy::Region || self.model.absorb != Absorb::None {
            return;
        }
        for level in (0..self.names.len() as u32).filter(|level| Some(*level) != reference) {
            let values: Vec<f64> = self.split.level.iter().map(|l| f64::from(u8::from(*l == level))).collect();
            if values.contains(&1.0) {
                let level = self.names[level as usize].clone();
                self.split.sample.columns.push(Column { name: self.id(), level, values });
            }
        }
    }

    fn test(mut self) -> SubgroupTest {
        let (levels, reference) = self.levels();
        self.own_effects(reference);
        let mut options =
            estimate::options(self.study.config, self.study.panel, self.model, self.outcome, &self.split.origin);
        for level in levels.iter().filter(|level| Some(**level) != reference) {
            self.interact(*level, &mut options);
        }
        options.subgroups = vec![Subgroup { name: self.id(), of: Members::Blocks(self.split.level.clone()) }];
        options.joint = vec![vec![self.term(0)]];
        let what = format!("subgroups by `{}`", self.id());
        match self.study.fit(&what, self.outcome, &self.split.sample, &options) {
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
            wald: shown::joint(gate, fit, Some(0), &[self.term(0)]),
            levels: rows.collect(),
            ..self.failed("")
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
            by: self.at,
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
