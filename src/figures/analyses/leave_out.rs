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
            part.label.clone(),
        )
    });
    let input = SmallMultiples {
        main_name: "Main model, nothing left out".into(),
        axis_title: format!("Percentage points per {}, 95% confidence interval", config.terms.exposure_unit),
        rows: rows.collect(),
        columns: outcomes.iter().map(column).collect(),
    };
    (small_multiples(caption, &input), Vec::new())
}
