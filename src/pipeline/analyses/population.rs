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

/// Base that the printed odds ratio needs to give the printed people: a small change of the log odds
/// changes the mean probability by their ratio in this run's model.
fn printed(study: &Study, result: &ModelResult) -> Option<PrintedPeople> {
    let gate = study.gate;
    let printed = study.config.published.estimates.iter().find(|p| p.outcome == result.outcome)?;
    let (people, [ratio, ..]) = (printed.people?, printed.odds_ratio?);
    let half = (0..printed.digits).fold(0.5, |half, _| half / 10.0);
    let logit = study.config.models.first().is_some_and(|model| model.family == Family::Logit);
    let implied = match (result.average_marginal_effect.shown(), result.exposure.shown()) {
        _ if !logit => gate.missing("only a logistic model has odds ratios"),
        _ if (ratio - half - 1.0) * (ratio + half - 1.0) <= 0.0 => {
            gate.missing("the odds ratio is printed with too few digits")
        }
        (Some(_), Some(slope)) if slope.estimate != 0.0 => result.average_marginal_effect.map(|effect| {
            let per_log_odds = effect.estimate / slope.estimate;
            let base = |ratio: f64| people / (per_log_odds * num::ln(ratio));
            let (a, b) = (base(ratio - half), base(ratio + half));
            [base(ratio), a.min(b), a.max(b)]
        }),
        _ => gate.missing("no effect to compare with"),
    };
    Some(PrintedPeople { outcome: result.outcome, people, implied })
}
