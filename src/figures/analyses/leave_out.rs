//! From what was left out in turn to small forests side by side.

use super::small_multiples::{Multiple, SmallMultiples, small_multiples};
use crate::config::Config;
use crate::disclosure::{Estimate as Released, Findings, LeaveOutFound, LeftOut};
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate};
use crate::format::capital;

/// One column per outcome, one row per part left out.
pub(super) fn leave_out(config: &Config, findings: &Findings, found: &LeaveOutFound, caption: &Caption) -> Drawn {
    let points = |e: &Released| Estimate { value: 100.0 * e.estimate, low: 100.0 * e.low, high: 100.0 * e.high };
    let mut outcomes: Vec<usize> = found.rows.iter().map(|row| row.outcome).collect();
    outcomes.dedup();
    let parts: Vec<&LeftOut> =
        outcomes.first().map_or_else(Vec::new, |first| found.of(*first).map(|row| &row.left_out).collect());
    let column = |outcome: &usize| Multiple {
        title: config.outcomes.get(*outcome).map_or_else(String::new, |outcome| outcome.short.clone()),
        main: findings
            .models
            .iter()
            .find(|result| result.model == 0 && result.outcome == *outcome)
            .and_then(|result| result.average_marginal_effect.shown().map(points)),
        rows: found.of(*outcome).map(|row| row.effect.shown().map(points)).collect(),
    };
    let mut last = "";
    let rows = parts.iter().map(|part| {
        let word = match part.kind.as_str() {
            "area" => config.terms.area[0].clone(),
            other => capital(other),
        };
        let opens = last != part.kind;
        last = &part.kind;
        (
            if opens {
                format!("Without {}", if part.kind == "area" { word } else { part.kind.clone() })
            } else {
                String::new()
            },
            format!("{}{}", part.label, if broken(config, &outcomes, part) { "†" } else { "" }),
        )
    });
    let input = SmallMultiples {
        main_name: "Main model, nothing left out".into(),
        axis_title: format!("Percentage points per {}, 95% confidence interval", config.terms.exposure_unit),
        rows: rows.collect(),
        columns: outcomes.iter().map(column).collect(),
    };
    (small_multiples(caption, &input), notes(config, &outcomes, &parts))
}

/// Whether a part is a wave with which the series of one of the outcomes begins anew.
fn broken(config: &Config, outcomes: &[usize], part: &LeftOut) -> bool {
    let opens = |(wave, _): &(usize, String)| config.waves.get(*wave).is_some_and(|w| w.to_string() == part.code);
    part.kind == "wave"
        && outcomes.iter().filter_map(|at| config.outcomes.get(*at)).any(|outcome| outcome.breaks.iter().any(opens))
}

/// What the daggers mean.
fn notes(config: &Config, outcomes: &[usize], parts: &[&LeftOut]) -> Vec<String> {
    if !parts.iter().any(|part| broken(config, outcomes, part)) {
        return Vec::new();
    }
    let each = outcomes.iter().filter_map(|at| config.outcomes.get(*at)).flat_map(|outcome| {
        let name = |(wave, why): &(usize, String)| format!("{} {} ({why})", outcome.short, config.waves[*wave]);
        outcome.breaks.iter().map(name).collect::<Vec<_>>()
    });
    vec![format!("† A break in series before the wave: {}.", each.collect::<Vec<_>>().join("; "))]
}
