//! The association by amount of exposure: categories, bins and a restricted cubic spline, each against none,
//! from fits of the main model with these in the exposure's place.

use super::Study;
use super::shaped::{Fitted, Shaped};
use crate::config::{Dose, Knots, Model};
use crate::disclosure::{DoseBar, DoseFound, DoseOutcome, DosePoint, DoseRange, Released};
use crate::model::restricted_cubic;
use crate::panel::quantile;
use crate::pipeline::sample::{self, Coding};
use std::collections::BTreeSet;

/// Points of the curve besides none.
const POINTS: usize = 24;
/// Bars of the histogram below the curve's end.
const BARS: usize = 20;

/// Everything asked for.
pub(super) fn dose(study: &Study, plan: &Dose) -> DoseFound {
    let model = Model { contrasts: Vec::new(), bootstrap: None, ..study.config.models[0].clone() };
    let coding = sample::coding(study.config, study.panel, &model);
    let exposed = exposed(study);
    let knots = match &plan.knots {
        Knots::At(knots) => knots.clone(),
        Knots::Quantiles(shares) => shares.iter().map(|share| hundredths(quantile(&exposed, *share))).collect(),
    };
    let mut edges: Vec<f64> = (1..plan.bins).map(|at| quantile(&exposed, at as f64 / plan.bins as f64)).collect();
    edges.dedup();
    let end = (quantile(&exposed, 0.99) * 10.0).floor() / 10.0;
    let shape = Shape { study, plan, model: &model, coding: &coding, knots, edges, end };
    let mut outcomes = Vec::new();
    for (at, outcome) in plan.outcomes.iter().enumerate() {
        (study.progress)("dose", at as u64, plan.outcomes.len() as u64);
        outcomes.push(shape.outcome(*outcome));
    }
    (study.progress)("dose", plan.outcomes.len() as u64, plan.outcomes.len() as u64);
    let clusters = study.panel.blocks.iter().filter(|block| block.exposure.is_ok_and(|x| x > 0.0));
    let clusters = clusters.map(|block| block.cluster).collect::<BTreeSet<_>>().len();
    DoseFound { knots: study.gate.value(clusters as u64, shape.knots.clone()), outcomes }
}

/// Exposures above none of practices in waves, ascending.
fn exposed(study: &Study) -> Vec<f64> {
    let mut exposed: Vec<f64> =
        study.panel.blocks.iter().filter_map(|block| block.exposure.ok()).filter(|x| *x > 0.0).collect();
    exposed.sort_by(f64::total_cmp);
    exposed
}

/// To two decimals, so that knots can be written down.
fn hundredths(x: f64) -> f64 {
    (x * 100.0 + 0.5).floor() / 100.0
}

struct Shape<'a> {
    study: &'a Study<'a>,
    plan: &'a Dose,
    model: &'a Model,
    coding: &'a Coding,
    knots: Vec<f64>,
    /// Upper ends of the bins but the last.
    edges: Vec<f64>,
    /// Last exposure of the curve.
    end: f64,
}

/// Range of an exposure: 0 is none, then up to the first cut, and so on.
fn range_of(cuts: &[f64], x: f64) -> usize {
    if x <= 0.0 { 0 } else { 1 + cuts.iter().filter(|cut| x > **cut).count() }
}

impl Shape<'_> {
    fn exposure(&self, block: usize) -> Option<f64> {
        self.study.panel.blocks[block].exposure.ok()
    }

    fn outcome(&self, outcome: usize) -> DoseOutcome {
        let gate = self.study.gate;
        let (categories, categories_test, _) = self.ranges(outcome, &self.plan.cuts);
        let (bins, _, _) = self.ranges(outcome, &self.edges);
        let names: Vec<String> = (0..self.knots.len() - 1).map(|at| format!("spline {at}")).collect();
        let values = |block: usize| Some(restricted_cubic(self.exposure(block)?, &self.knots));
        let shaped = Shaped::new(self.study, (self.model, self.coding, outcome), &names, &values);
        let (unexposed, bars) = self.bars(&shaped);
        let grid: Vec<f64> = (1..=POINTS).map(|at| self.end * at as f64 / POINTS as f64).collect();
        let basis: Vec<Vec<f64>> = grid.iter().map(|x| restricted_cubic(*x, &self.knots)).collect();
        let fitted = shaped.fit("dose (spline)", &basis, vec![names.clone(), names[1..].to_vec()]);
        let point = |(at, x): (usize, &f64)| {
            let (coefficient, effect) = match &fitted {
                Ok(fitted) => {
                    let weights: Vec<(&str, f64)> =
                        names.iter().map(String::as_str).zip(basis[at].iter().copied()).collect();
                    (fitted.combined(&weights), fitted.effect(Some(at)))
                }
                Err(why) => (gate.missing(why.as_str()), gate.missing(why.as_str())),
            };
            DosePoint { at: *x, coefficient, effect }
        };
        let missing = |why: &String| gate.missing(why.as_str());
        let tested = |names: &[String]| match &fitted {
            Ok(fitted) => fitted.wald(names),
            Err(why) => gate.missing(why.as_str()),
        };
        DoseOutcome {
            outcome,
            n: fitted.as_ref().map_or_else(missing, Fitted::n),
            clusters: fitted.as_ref().map_or_else(missing, Fitted::clusters),
            unexposed,
            categories,
            categories_test,
            bins,
            curve: grid.iter().enumerate().map(point).collect(),
            overall: tested(&names),
            bend: tested(&names[1..]),
            bars,
        }
    }

    /// Ranges of the exposure between cuts, each against none, from one fit.
    fn ranges(
        &self,
        outcome: usize,
        cuts: &[f64],
    ) -> (Vec<DoseRange>, Released<crate::disclosure::JointTested>, Released<u64>) {
        let gate = self.study.gate;
        let names: Vec<String> = (0..=cuts.len()).map(|at| format!("range {at}")).collect();
        let values = |block: usize| {
            let own = range_of(cuts, self.exposure(block)?);
            Some((1..=names.len()).map(|at| f64::from(u8::from(at == own))).collect())
        };
        let shaped = Shaped::new(self.study, (self.model, self.coding, outcome), &names, &values);
        let (counts, means) = self.counted(&shaped, cuts);
        let released = gate.parts(&counts);
        let fitted = shaped.fit("dose (ranges)", &shaped.units(), vec![names.clone()]);
        let row = |at: usize| {
            let n = released[at + 1].clone();
            let hide = |found: Released<crate::disclosure::Estimate>| {
                if n.shown().is_some() { found } else { n.map(|_| blank()) }
            };
            let (coefficient, effect) = match &fitted {
                Ok(fitted) => (fitted.coefficient(&names[at]), fitted.effect(shaped.place(&names[at]))),
                Err(why) => (gate.missing(why.as_str()), gate.missing(why.as_str())),
            };
            DoseRange {
                from: if at == 0 { 0.0 } else { cuts[at - 1] },
                to: cuts.get(at).copied(),
                mean: if counts[at + 1] == 0 {
                    gate.missing("no response has any of it")
                } else {
                    n.map(|_| means[at + 1])
                },
                coefficient: hide(coefficient),
                effect: hide(effect),
                n,
            }
        };
        let test = fitted.as_ref().map_or_else(|why| gate.missing(why.as_str()), |fitted| fitted.wald(&names));
        (names.iter().enumerate().map(|(at, _)| row(at)).collect(), test, released[0].clone())
    }

    /// Responses and mean exposure by range, none first.
    fn counted(&self, shaped: &Shaped, cuts: &[f64]) -> (Vec<u64>, Vec<f64>) {
        let (mut counts, mut sums) = (vec![0; cuts.len() + 2], vec![0.0; cuts.len() + 2]);
        for (block, rows) in &shaped.origin {
            let x = self.exposure(*block).unwrap_or(0.0);
            let n: u64 = rows.iter().map(|row| self.study.panel.responses(*row as usize)).sum();
            counts[range_of(cuts, x)] += n;
            sums[range_of(cuts, x)] += n as f64 * x;
        }
        let means = sums.iter().zip(&counts).map(|(sum, n)| sum / (*n).max(1) as f64).collect();
        (counts, means)
    }

    /// Responses without exposure, and by exposure.
    fn bars(&self, shaped: &Shaped) -> (Released<u64>, Vec<DoseBar>) {
        let cuts: Vec<f64> = (1..=BARS).map(|at| self.end * at as f64 / BARS as f64).collect();
        let (counts, _) = self.counted(shaped, &cuts);
        let released = self.study.gate.parts(&counts);
        let bar = |(at, n): (usize, &Released<u64>)| DoseBar {
            from: if at == 0 { 0.0 } else { cuts[at - 1] },
            to: cuts.get(at).copied(),
            n: n.clone(),
        };
        (released[0].clone(), released[1..].iter().enumerate().map(bar).collect())
    }
}

/// Stands where a hidden number's reason is passed on.
fn blank() -> crate::disclosure::Estimate {
    crate::disclosure::Estimate { estimate: 0.0, std_error: 0.0, low: 0.0, high: 0.0, statistic: 0.0, p: 1.0 }
}
