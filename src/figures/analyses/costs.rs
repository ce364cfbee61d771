//! Cost per additional person: one quantity at a time, and acceptability by worth.

use super::{Curve, Curves, curves};
use crate::config::Config;
use crate::disclosure::{CostsFound, OneWay};
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate, Forest, ForestMark, ForestRow, forest};
use crate::format;

pub(super) fn tornado(config: &Config, found: &CostsFound, caption: &Caption) -> Drawn {
    let plan = config.analyses.costs.as_ref();
    let currency = plan.map_or("", |plan| plan.currency.as_str());
    let money = |x: Option<f64>| x.map_or_else(|| "no limit".into(), |x| format!("{currency}{}", format::fixed(x, 0)));
    let base = found.one_way.first().and_then(|row| row.cost.shown()).and_then(|cost| cost[0]);
    let row = |row: &OneWay| {
        let cost = row.cost.shown();
        let estimate = cost.and_then(|[base, low, high]| {
            let (low, high) = ((*low)?, (*high)?);
            Some(Estimate { value: (*base)?, low: low.min(high), high: low.max(high) })
        });
        ForestRow {
            label: row.label.clone(),
            note: format!("{} to {}", format::fixed(row.range[0], 0), format::fixed(row.range[1], 0)),
            first: ForestMark {
                estimate,
                text: cost.map_or_else(String::new, |[_, low, high]| format!("{} and {}", money(*low), money(*high))),
            },
            second: None,
        }
    };
    let outcome = plan.and_then(|plan| config.outcomes.get(plan.figure));
    let input = Forest {
        row_title: "Quantity and its limits".into(),
        text_title: "Cost at lower and upper limit".into(),
        axis_title: format!("Cost per additional person, {currency}"),
        reference: base,
        directions: (String::new(), String::new()),
        first_name: outcome.map_or_else(String::new, |outcome| outcome.label.clone()),
        second_name: String::new(),
        rows: found.one_way.iter().map(row).collect(),
    };
    let note = format!(
        "Outcome: {}. No limit: at that value there are no additional people. The vertical line is the cost with every \
         quantity at its best value.",
        outcome.map_or("", |outcome| outcome.label.as_str())
    );
    (forest(caption, &input), vec![note])
}

pub(super) fn acceptability(config: &Config, found: &CostsFound, caption: &Caption) -> Drawn {
    let plan = config.analyses.costs.as_ref();
    let (currency, worth) = plan.map_or(("", &[][..]), |plan| (plan.currency.as_str(), &plan.worth[..]));
    let curve = |outcome: &crate::disclosure::CostOutcome| Curve {
        name: config.outcomes.get(outcome.outcome).map_or_else(String::new, |outcome| outcome.short.clone()),
        points: outcome
            .acceptable
            .shown()
            .map(|shares| worth.iter().zip(shares).map(|(worth, share)| (*worth, 100.0 * share)).collect())
            .unwrap_or_default(),
    };
    let input = Curves {
        x_title: format!("Worth of one additional person with the better answer for a year ({currency})"),
        y_title: "Draws in which the people are worth the cost (%)".into(),
        x: (0.0, worth.last().copied().unwrap_or(1.0)),
        y: (0.0, 100.0),
        diagonal: None,
        square: false,
        curves: found.outcomes.iter().map(curve).collect(),
    };
    (curves(caption, &input), Vec::new())
}
