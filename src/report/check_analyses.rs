//! Made-up findings of the analyses beside the models, so that their sections of a template are checked
//! without data. Nothing of them is ever published.

use crate::config::{Config, Dose, Timing};
use crate::disclosure::{
    Analyses, CostOutcome, CostsFound, DoseBar, DoseFound, DoseOutcome, DosePoint, DoseRange, Estimate, Gate,
    InequalityFound, InequalityOutcome, InequalityWave, JointTested, Look, OneWay, PeopleFound, PeopleRow,
    PrintedPeople, ProvisionCensus, ProvisionFound, Released, SubgroupLevel, SubgroupTest, SubgroupsFound, TimedRow,
    TimedTest, TimingFound,
};

/// What is made up: an estimate on so many people.
pub(super) struct MadeUp<'a> {
    pub(super) gate: &'a Gate,
    pub(super) n: u64,
    pub(super) estimate: Estimate,
}

/// One of each kind, of the analyses that the config asks for.
pub(super) fn analyses(config: &Config, made: &MadeUp) -> Analyses {
    let asked = &config.analyses;
    let repeated = super::made_up::analyses(config, made);
    let outcomes = || 0..config.outcomes.len();
    Analyses {
        subgroups: asked.subgroups.as_ref().map(|plan| SubgroupsFound {
            tests: (0..plan.by.len()).flat_map(|by| outcomes().map(move |outcome| made.test(by, outcome))).collect(),
        }),
        inequality: asked
            .inequality
            .as_ref()
            .map(|_| InequalityFound { outcomes: outcomes().map(|outcome| made.inequality(outcome)).collect() }),
        provision: asked.provision.as_ref().map(|_| made.provision()),
        population: asked.population.as_ref().map(|plan| PeopleFound {
            rows: plan.outcomes.iter().map(|outcome| made.people(*outcome)).collect(),
            printed: plan.outcomes.iter().map(|outcome| made.printed(*outcome)).collect(),
        }),
        costs: asked.costs.as_ref().map(|plan| CostsFound {
            in_post: made.gate.value(made.n, 1000.0),
            each: made.gate.value(made.n, 1000.0),
            everywhere: made.gate.value(made.n, 1e6),
            outcomes: plan.outcomes.iter().map(|outcome| made.cost(*outcome)).collect(),
            one_way: vec![OneWay {
                label: "made up".into(),
                range: [1.0, 2.0],
                cost: made.gate.value(made.n, [Some(1.0), Some(2.0), None]),
            }],
        }),
        timing: asked.timing.as_ref().map(|plan| made.timing(plan)),
        dose: asked.dose.as_ref().map(|plan| made.dose(plan)),
        ..repeated
    }
}

impl MadeUp<'_> {
    fn tested(&self) -> Released<JointTested> {
        let p = if self.estimate.estimate == 0.0 { 0.5 } else { 0.01 };
        self.gate.value(self.n, JointTested { statistic: 9.0, terms: 2, df: Some(90.0), p })
    }

    fn timing(&self, plan: &Timing) -> TimingFound {
        let row = |look: Look, outcome: usize, at: i64| TimedRow {
            look,
            outcome,
            at,
            n: self.gate.count(self.n),
            clusters: self.gate.count(1000),
            coefficient: self.found(),
            effect: self.found(),
            equivalence: self.gate.value(self.n, if self.estimate.estimate == 0.0 { 0.01 } else { 0.5 }),
        };
        let test = |look: Look, outcome: usize, before: bool| TimedTest {
            look,
            outcome,
            before,
            n: self.gate.count(self.n),
            clusters: self.gate.count(1000),
            wald: self.tested(),
        };
        let looks = |outcome: &usize| {
            let shifts = plan.shifts.iter().map(|shift| (Look::Shift, i64::from(*shift)));
            let others = [(Look::Event, 0), (Look::Path, -1), (Look::Path, 0)];
            others.into_iter().chain(shifts).map(|(look, at)| row(look, *outcome, at)).collect::<Vec<_>>()
        };
        let tests = |outcome: &usize| {
            [(Look::Event, true), (Look::Event, false), (Look::Path, true)].map(|(look, b)| test(look, *outcome, b))
        };
        let controls = (0..plan.controls.len()).map(|control| row(Look::Control, control, 0));
        TimingFound {
            rows: plan.outcomes.iter().flat_map(looks).chain(controls).collect(),
            tests: plan.outcomes.iter().flat_map(tests).collect(),
        }
    }

    fn dose(&self, plan: &Dose) -> DoseFound {
        let range = |from: f64, to: Option<f64>| DoseRange {
            from,
            to,
            mean: self.gate.value(self.n, from + 0.5),
            n: self.gate.count(self.n),
            coefficient: self.found(),
            effect: self.found(),
        };
        let outcome = |outcome: &usize| DoseOutcome {
            outcome: *outcome,
            n: self.gate.count(self.n),
            unexposed: self.gate.count(self.n),
            clusters: self.gate.count(1000),
            categories: vec![range(0.0, Some(1.0)), range(1.0, None)],
            categories_test: self.tested(),
            bins: vec![range(0.0, Some(1.0)), range(1.0, None)],
            curve: vec![DosePoint { at: 1.0, coefficient: self.found(), effect: self.found() }],
            overall: self.tested(),
            bend: self.tested(),
            bars: vec![DoseBar { from: 0.0, to: None, n: self.gate.count(self.n) }],
        };
        DoseFound {
            knots: self.gate.value(1000, vec![0.5, 1.0, 2.0]),
            outcomes: plan.outcomes.iter().map(outcome).collect(),
        }
    }

    fn found(&self) -> crate::disclosure::Released<Estimate> {
        self.gate.value(self.n, self.estimate.clone())
    }

    fn test(&self, by: usize, outcome: usize) -> SubgroupTest {
        let p = if self.estimate.estimate == 0.0 { 0.5 } else { 0.01 };
        let level = |level: &str| SubgroupLevel {
            level: level.into(),
            missing: false,
            n: self.gate.count(self.n),
            effect: self.found(),
            odds_ratio: self.found(),
        };
        SubgroupTest {
            by,
            outcome,
            n: self.gate.count(self.n),
            clusters: self.gate.count(1000),
            wald: self.gate.value(self.n, JointTested { statistic: 9.0, terms: 3, df: Some(90.0), p }),
            holm: self.gate.value(self.n, p),
            benjamini_hochberg: self.gate.value(self.n, p),
            levels: vec![level("made up"), level("another")],
        }
    }

    fn inequality(&self, outcome: usize) -> InequalityOutcome {
        let n = || self.gate.count(self.n);
        InequalityOutcome {
            outcome,
            n: n(),
            waves: vec![InequalityWave { wave: 0, n: n(), slope: self.found(), relative: self.found() }],
            change: self.found(),
            provision: self.found(),
            equivalence: self.gate.value(self.n, if self.estimate.estimate == 0.0 { 0.01 } else { 0.5 }),
        }
    }

    fn provision(&self) -> ProvisionFound {
        let census = ProvisionCensus {
            census: "2000-01".into(),
            clusters: self.gate.count(1000),
            mean: self.gate.value(self.n, 1.0),
            raw: self.found(),
            adjusted: self.found(),
            ranked: self.gate.count(1000),
            concentration: self.found(),
        };
        ProvisionFound {
            censuses: vec![census],
            curve: self.gate.value(self.n, vec![[0.0, 0.0], [1.0, 1.0]]),
            curve_census: "2000-01".into(),
        }
    }

    fn people(&self, outcome: usize) -> PeopleRow {
        PeopleRow { outcome, base: None, size: self.gate.value(self.n, 1e6), people: self.found() }
    }

    fn printed(&self, outcome: usize) -> PrintedPeople {
        PrintedPeople { outcome, people: 1000.0, implied: self.gate.value(self.n, [1e6, 9e5, 1.1e6]) }
    }

    fn cost(&self, outcome: usize) -> CostOutcome {
        let some = self.estimate.estimate > 0.0;
        CostOutcome {
            outcome,
            people: self.found(),
            cost: self.gate.value(self.n, [some.then_some(10.0), some.then_some(5.0), None]),
            better: self.gate.value(self.n, 0.5),
            acceptable: self.gate.value(self.n, vec![0.0, 0.5]),
            referred: self.found(),
        }
    }
}
