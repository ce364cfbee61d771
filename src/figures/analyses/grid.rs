//! From the grid's findings to the curve of one outcome.

use super::specification_curve::{Axis, Point, SpecificationCurve, specification_curve};
use crate::config::{Config, Grid};
use crate::disclosure::GridFound;
use crate::figures::build::Drawn;
use crate::figures::{Caption, Estimate};

/// The curve of an outcome by id; none for an outcome that is not in the grid.
pub(super) fn curve(config: &Config, plan: &Grid, found: &GridFound, id: &str, caption: &Caption) -> Option<Drawn> {
    let outcome = config.outcomes.iter().position(|outcome| outcome.id == id)?;
    plan.outcomes.contains(&outcome).then_some(())?;
    let points = found.of(outcome).map(|row| {
        let specification = &plan.specifications[row.specification];
        let share = row.effect.shown();
        Point {
            name: specification.id.clone(),
            estimate: share.map(|e| Estimate { value: 100.0 * e.estimate, low: 100.0 * e.low, high: 100.0 * e.high }),
            status: row.effect.status(),
            choices: specification.levels.clone(),
        }
    });
    let axis = |axis: &crate::config::GridAxis| Axis {
        id: axis.id.clone(),
        label: axis.label.clone(),
        levels: axis.levels.iter().map(|[_, label]| label.clone()).collect(),
        names: axis.levels.iter().map(|[id, _]| id.clone()).collect(),
    };
    let input = SpecificationCurve {
        axis_title: format!("Percentage points per {}", config.terms.exposure_unit),
        main_name: "Main model".into(),
        other_name: "Other specifications, with 95% confidence interval".into(),
        points: points.collect(),
        axes: plan.axes.iter().map(axis).collect(),
    };
    let failed = input.points.iter().filter(|point| point.estimate.is_none()).count();
    let note = (failed > 0).then(|| format!("{failed} without an estimate are listed in the CSV, with the reason."));
    Some((specification_curve(caption, &input), note.into_iter().collect()))
}
