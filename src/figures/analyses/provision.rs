//! Provision against need over censuses, and its concentration curve.

use super::{Curve, Curves, curves};
use crate::config::Config;
use crate::disclosure::{Estimate as Found, ProvisionFound, Released};
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate, Forest, ForestMark, ForestRow, forest};
use crate::format;

fn mark(found: &Released<Found>) -> ForestMark {
    ForestMark {
        estimate: found.shown().map(|e| Estimate { value: e.estimate, low: e.low, high: e.high }),
        text: found.shown().map_or_else(String::new, |e| {
            format!("{} ({})", format::fixed(e.estimate, 3), format::interval(e.low, e.high, 3))
        }),
    }
}

pub(super) fn provision(config: &Config, found: &ProvisionFound, caption: &Caption) -> Drawn {
    let plan = config.analyses.provision.as_ref();
    let per = plan.map_or(1.0, |plan| plan.per);
    let adjusts = plan.is_some_and(|plan| !plan.adjust.is_empty());
    let input = Forest {
        row_title: "Census".into(),
        text_title: "Change (95% CI)".into(),
        axis_title: format!(
            "Change in {} per {} patients for 10 percentage points more need",
            config.terms.amount,
            format::fixed(per, 0)
        ),
        reference: Some(0.0),
        directions: ("less where need is greater".into(), "more where need is greater".into()),
        first_name: "Raw".into(),
        second_name: "Adjusted".into(),
        rows: found
            .censuses
            .iter()
            .map(|census| ForestRow {
                label: census.census.clone(),
                note: census.clusters.shown().map_or_else(String::new, |n| format!("n = {}", format::count(*n))),
                first: mark(&census.raw),
                second: adjusts.then(|| mark(&census.adjusted)),
            })
            .collect(),
    };
    let note = plan.map(|plan| {
        let wave = config.waves.get(plan.wave).map(ToString::to_string).unwrap_or_default();
        format!("Need: {}, {wave}.", plan.label)
    });
    (forest(caption, &input), note.into_iter().collect())
}

pub(super) fn concentration(config: &Config, found: &ProvisionFound, caption: &Caption) -> Drawn {
    let points = found.curve.shown().map(|curve| curve.iter().map(|[x, y]| (100.0 * x, 100.0 * y)).collect());
    let input = Curves {
        x_title: "Patients, from most to least deprived (cumulative %)".into(),
        y_title: format!("{} (cumulative %)", config.terms.amount),
        x: (0.0, 100.0),
        y: (0.0, 100.0),
        diagonal: Some("equal provision".into()),
        square: true,
        curves: vec![Curve { name: format!("census {}", found.curve_census), points: points.unwrap_or_default() }],
    };
    let note = format!("Each point is a group of {}.", config.terms.cluster[1]);
    (curves(caption, &input), vec![note])
}
