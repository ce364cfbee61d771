//! Effects in people under every stated base, and the base that a printed number of people would need.
//! Works on released results only, but for the share of responders that an outcome rests on.

use super::Study;
use crate::config::{Family, People};
use crate::disclosure::{Estimate, ModelResult, PeopleFound, PeopleRow, PrintedPeople, Released};
use crate::num;
use crate::panel::{FAILURE, SUCCESS};
use crate::pipeline::shown;

/// Every outcome in every base.
pub(super) fn people(study: &Study, plan: &People) -> PeopleFound {
    let mut found = PeopleFound { rows: Vec::new(), printed: Vec::new() };
    let main = |outcome: &usize| study.models.iter().find(|m| m.model == 0 && m.outcome == *outcome);
    for (outcome, result) in plan.outcomes.iter().filter_map(|outcome| Some((*outcome, main(outcome)?))) {
        for base in &plan.bases {
            let size = study.config.populations[*base].people;
            let people = result.average_marginal_effect.map(|effect| shown::scaled(effect, size));
            found.rows.push(PeopleRow { outcome, base: Some(*base), size: study.gate.value(0, size), people });
        }
        found.rows.extend(plan.bases.first().map(|base| asked(study, result, *base)));
        found.printed.extend(printed(study, result));
    }
    found
}

/// The share of a population that the outcome rests on: those with an answer that counts, among the
/// responders of the last wave that has any.
fn asked(study: &Study, result: &ModelResult, base: usize) -> PeopleRow {
    let outcome = result.outcome;
    let size = study.config.populations[base].people;
    let share = match study.panel.only {
        Some(_) => study.gate.missing("counts of practices do not say how many were asked"),
        None => share(study, outcome),
    };
    let people = match (share.shown(), result.average_marginal_effect.shown()) {
        (Some(share), Some(_)) => result.average_marginal_effect.map(|effect| shown::scaled(effect, size * share)),
        (None, _) => {
            share.map(|_| Estimate { estimate: 0.0, std_error: 0.0, low: 0.0, high: 0.0, statistic: 0.0, p: 1.0 })
        }
        (_, None) => result.average_marginal_effect.clone(),
    };
    PeopleRow { outcome, base: None, size: share.map(|share| share * size), people }
}

fn share(study: &Study, outcome: usize) -> Released<f64> {
    let panel = study.panel;
    let class = &panel.outcomes[outcome].class;
    let weight = |row: usize| panel.weight.as_ref().map_or(1.0, |w| w[row]);
    for wave in (0..study.config.waves.len()).rev() {
        let (mut n, mut of, mut all) = (0, Vec::new(), Vec::new());
        for block in panel.blocks.iter().filter(|block| usize::from(block.wave) == wave) {
            let (mut block_of, mut block_all) = (0.0, 0.0);
            for row in block.rows.clone() {
                block_all += weight(row);
                if matches!(class[row], FAILURE | SUCCESS) {
                    block_of += weight(row);
                    n += 1;
                }
            }
            of.push(block_of);
            all.push(block_all);
        }
        if n > 0 {
            return study.gate.value(n, num::sum(of) / num::sum(all));
        }
    }
    study.gate.missing("no answers in any wave")
}

/// Base that the printed odds ratio needs to give the printed people. A small change of the log odds
/// moves a mean share `p` by `p (1 - p)` of it, and the mean over responders who differ by somewhat less;
/// the range covers both and the odds ratio's rounding.
fn printed(study: &Study, result: &ModelResult) -> Option<PrintedPeople> {
    let gate = study.gate;
    let printed = study.config.published.estimates.iter().find(|p| p.outcome == result.outcome)?;
    let (people, [ratio, ..]) = (printed.people?, printed.odds_ratio?);
    let half = (0..printed.digits).fold(0.5, |half, _| half / 10.0);
    let logit = study.config.models.first().is_some_and(|model| model.family == Family::Logit);
    let mean = mean_share(study, result.outcome);
    let implied = match (result.average_marginal_effect.shown(), result.exposure.shown(), mean.shown()) {
        _ if !logit => gate.missing("only a logistic model has odds ratios"),
        _ if (ratio - half - 1.0) * (ratio + half - 1.0) <= 0.0 => {
            gate.missing("the odds ratio is printed with too few digits")
        }
        (Some(effect), Some(slope), Some(share)) if slope.estimate != 0.0 => {
            let moved = [share * (1.0 - share), effect.estimate / slope.estimate];
            let base = |moved: f64, ratio: f64| people / (moved * num::ln(ratio));
            let ends = moved.iter().flat_map(|moved| [ratio - half, ratio + half].map(|ratio| base(*moved, ratio)));
            let ends: Vec<f64> = ends.collect();
            let (low, high) = ends.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
            mean.map(|_| [base(moved[0], ratio), low, high])
        }
        _ => gate.missing("no effect to compare with"),
    };
    Some(PrintedPeople { outcome: result.outcome, people, implied })
}

/// Share with the outcome among all answers that count, weighted where there are weights: that of the
/// people whom the responders stand for.
fn mean_share(study: &Study, outcome: usize) -> Released<f64> {
    let panel = study.panel;
    let class = &panel.outcomes[outcome].class;
    let (mut n, mut with, mut all) = (0_u64, Vec::new(), Vec::new());
    for block in &panel.blocks {
        let (mut block_with, mut block_all) = (0.0, 0.0);
        for row in block.rows.clone() {
            if panel.speaks_of(row, outcome) && matches!(class[row], FAILURE | SUCCESS) {
                let mass = panel.responses(row) as f64 * panel.weight.as_ref().map_or(1.0, |weight| weight[row]);
                n += panel.responses(row);
                block_all += mass;
                block_with += if class[row] == SUCCESS { mass } else { 0.0 };
            }
        }
        with.push(block_with);
        all.push(block_all);
    }
    if n == 0 { study.gate.missing("no answers") } else { study.gate.value(n, num::sum(with) / num::sum(all)) }
}
