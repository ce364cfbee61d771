//! The timing of the association: later provision by wave (event study), the exposure of other years beside
//! that of the year, the exposure moved into waves before any, outcomes that it should not change. What cannot
//! be estimated keeps its row with the reason.

use super::Study;
use super::shaped::{Fitted, Shaped};
use crate::config::{Absorb, Model, Timing};
use crate::disclosure::{Look, TimedRow, TimedTest, TimingFound};
use crate::pipeline::sample;

/// Everything asked for.
pub(super) fn timing(study: &Study, plan: &Timing) -> TimingFound {
    let model = Model { contrasts: Vec::new(), bootstrap: None, wave_effects: true, ..study.config.models[0].clone() };
    let coding = sample::coding(study.config, study.panel, &model);
    let mut looks = Looks {
        study,
        plan,
        model: &model,
        coding: &coding,
        found: TimingFound { rows: Vec::new(), tests: Vec::new() },
    };
    let each = 2 + plan.shifts.len();
    let all = (each * plan.outcomes.len() + plan.controls.len()) as u64;
    for (at, outcome) in plan.outcomes.iter().enumerate() {
        (study.progress)("timing", (at * each) as u64, all);
        looks.event(*outcome);
        looks.path(*outcome);
        for shift in &plan.shifts {
            looks.shift(*outcome, *shift);
        }
    }
    for control in 0..plan.controls.len() {
        looks.control(control);
    }
    (study.progress)("timing", all, all);
    looks.found
}

/// A column with its place in time.
struct Step {
    at: i64,
    name: String,
}

/// Values of every step's column in a block of the panel; none where the block leaves.
type Values<'v> = &'v dyn Fn(usize) -> Option<Vec<f64>>;

struct Looks<'a> {
    study: &'a Study<'a>,
    plan: &'a Timing,
    model: &'a Model,
    coding: &'a sample::Coding,
    found: TimingFound,
}

impl Looks<'_> {
    /// Exposure of a practice in a year: known in the panel's waves, and before them where the first has no
    /// census.
    fn exposure(&self, practice: u32, year: i64) -> Option<f64> {
        let (waves, rule) = (&self.study.config.waves, &self.study.config.exposure);
        match waves.iter().position(|label| i64::from(*label) == year) {
            Some(wave) => self.study.panel.exposures.get(practice as usize * waves.len() + wave)?.ok(),
            None if year < i64::from(*waves.first()?) && rule.census_for_wave[0].is_none() => Some(rule.before_start),
            None => None,
        }
    }

    /// The outcome whose smallest difference is meant: any, where all have the same.
    fn like(&self, look: Look, outcome: usize) -> Option<usize> {
        let smallest = &self.study.config.tests.smallest_effect;
        let same = smallest.windows(2).all(|pair| pair[0] == pair[1]);
        if look == Look::Control { same.then_some(0) } else { Some(outcome) }
    }

    fn year(&self, wave: usize) -> i64 {
        self.study.config.waves.get(wave).copied().map_or(0, i64::from)
    }

    /// Mean exposure over the waves with a census.
    fn later(&self, practice: u32) -> Option<f64> {
        let census = self.study.config.exposure.census_for_wave.iter().enumerate();
        let known: Vec<f64> = census
            .filter(|(_, census)| census.is_some())
            .filter_map(|(wave, _)| self.exposure(practice, self.year(wave)))
            .collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }

    /// Waves before the first with a census.
    fn before(&self) -> usize {
        self.study.config.exposure.census_for_wave.iter().take_while(|census| census.is_none()).count()
    }

    fn event(&mut self, outcome: usize) {
        let waves = (0..self.study.config.waves.len()).filter(|wave| *wave != self.plan.reference);
        let steps: Vec<Step> = waves
            .map(|wave| Step { at: wave as i64, name: format!("later provision in {}", self.year(wave)) })
            .collect();
        let values = |block: usize| {
            let block = &self.study.panel.blocks[block];
            let later = self.later(block.practice)?;
            let own = |step: &Step| if step.at == i64::from(block.wave) { later } else { 0.0 };
            let mut values: Vec<f64> = steps.iter().map(own).collect();
            // What lasts is absorbed with the practices, or else has a column of its own.
            values.extend((self.model.absorb != Absorb::Practice).then_some(later));
            Some(values)
        };
        let more = if self.model.absorb == Absorb::Practice { None } else { Some("later provision".to_string()) };
        let before = self.before() as i64;
        let joint = vec![names(steps.iter().filter(|s| s.at < before)), names(steps.iter().filter(|s| s.at >= before))];
        let fitted = self.fitted(("later provision by wave", outcome), (&steps, more), joint, &values);
        self.keep((Look::Event, outcome), &steps, &fitted);
        self.test((Look::Event, outcome, true), &fitted, steps.iter().filter(|step| step.at < before));
        self.test((Look::Event, outcome, false), &fitted, steps.iter().filter(|step| step.at >= before));
    }

    fn path(&mut self, outcome: usize) {
        let years = -i64::from(self.plan.leads)..=i64::from(self.plan.lags);
        let steps: Vec<Step> = years.map(|at| Step { at, name: format!("exposure {at} years ago") }).collect();
        let values = |block: usize| {
            let block = &self.study.panel.blocks[block];
            let year = self.year(usize::from(block.wave));
            steps.iter().map(|step| self.exposure(block.practice, year - step.at)).collect()
        };
        let joint = vec![names(steps.iter().filter(|step| step.at < 0))];
        let fitted = self.fitted(("exposure of other years", outcome), (&steps, None), joint, &values);
        self.keep((Look::Path, outcome), &steps, &fitted);
        self.test((Look::Path, outcome, true), &fitted, steps.iter().filter(|step| step.at < 0));
    }

    fn shift(&mut self, outcome: usize, shift: u32) {
        let steps = [Step { at: i64::from(shift), name: "exposure moved back".into() }];
        let before = self.before();
        let rule = &self.study.config.exposure;
        let values = |block: usize| {
            let block = &self.study.panel.blocks[block];
            let wave = usize::from(block.wave);
            if wave >= before {
                return None;
            }
            let year = self.year(wave) + i64::from(shift);
            let from = self.study.config.waves.iter().position(|label| i64::from(*label) == year);
            match from.filter(|from| rule.census_for_wave[*from].is_some()) {
                Some(_) => Some(vec![self.exposure(block.practice, year)?]),
                None => Some(vec![rule.before_start]),
            }
        };
        let what = format!("exposure moved back by {shift}");
        let fitted = self.fitted((&what, outcome), (&steps, None), Vec::new(), &values);
        self.keep((Look::Shift, outcome), &steps, &fitted);
    }

    fn control(&mut self, control: usize) {
        let steps = [Step { at: 0, name: sample::EXPOSURE.into() }];
        let values = |block: usize| Some(vec![self.study.panel.blocks[block].exposure.ok()?]);
        let outcome = self.study.config.outcomes.len() + control;
        let fitted = self.fitted(("placebo", outcome), (&steps, None), Vec::new(), &values);
        self.keep((Look::Control, control), &steps, &fitted);
    }

    /// Fits the steps' columns, and `more` beside them, and tests the sets of `joint`.
    fn fitted(
        &self,
        (what, outcome): (&str, usize),
        (steps, more): (&[Step], Option<String>),
        joint: Vec<Vec<String>>,
        values: Values,
    ) -> Result<Found, String> {
        let names: Vec<String> = steps.iter().map(|step| step.name.clone()).chain(more).collect();
        let shaped = Shaped::new(self.study, (self.model, self.coding, outcome), &names, values);
        let fitted = shaped.fit(what, &shaped.units(), joint)?;
        Ok(Found { places: steps.iter().map(|step| shaped.place(&step.name)).collect(), fitted })
    }

    fn keep(&mut self, (look, outcome): (Look, usize), steps: &[Step], found: &Result<Found, String>) {
        let gate = self.study.gate;
        for (at, step) in steps.iter().enumerate() {
            let row = match found {
                Ok(Found { fitted, places }) => TimedRow {
                    look,
                    outcome,
                    at: step.at,
                    n: fitted.n(),
                    clusters: fitted.clusters(),
                    coefficient: fitted.coefficient(&step.name),
                    effect: fitted.effect(places[at]),
                    equivalence: fitted.equivalence(self.study.config, self.like(look, outcome), places[at]),
                },
                Err(why) => TimedRow {
                    look,
                    outcome,
                    at: step.at,
                    n: gate.missing(why.as_str()),
                    clusters: gate.missing(why.as_str()),
                    coefficient: gate.missing(why.as_str()),
                    effect: gate.missing(why.as_str()),
                    equivalence: gate.missing(why.as_str()),
                },
            };
            self.found.rows.push(row);
        }
    }

    fn test<'s>(
        &mut self,
        (look, outcome, before): (Look, usize, bool),
        found: &Result<Found, String>,
        steps: impl Iterator<Item = &'s Step>,
    ) {
        let names = names(steps);
        let gate = self.study.gate;
        if names.is_empty() {
            return;
        }
        let (n, clusters, wald) = match found {
            Ok(Found { fitted, .. }) => (fitted.n(), fitted.clusters(), fitted.wald(&names)),
            Err(why) => (gate.missing(why.as_str()), gate.missing(why.as_str()), gate.missing(why.as_str())),
        };
        self.found.tests.push(TimedTest { look, outcome, before, n, clusters, wald });
    }
}

fn names<'s>(steps: impl Iterator<Item = &'s Step>) -> Vec<String> {
    steps.map(|step| step.name.clone()).collect()
}

/// A fit with the place of each step's column.
struct Found {
    fitted: Fitted,
    places: Vec<Option<usize>>,
}
