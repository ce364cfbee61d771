//! The main model without one wave, region or area at a time.

use super::Study;
use super::refit::{refits, spaced_counts};
use crate::config::{LeaveOut, Model, Part};
use crate::disclosure::{LeaveOutFound, LeaveOutRow, LeftOut};

/// Every part left out in turn, for every outcome.
pub(super) fn leave_out(study: &Study, plan: &LeaveOut) -> LeaveOutFound {
    let Some(main) = study.config.models.first() else { return LeaveOutFound { rows: Vec::new() } };
    let main = Model { bootstrap: None, contrasts: Vec::new(), ..main.clone() };
    let parts: Vec<LeftOut> = plan.by.iter().flat_map(|part| parts(study, *part)).collect();
    let models: Vec<Model> = parts.iter().map(|part| without(study, &main, part)).collect();
    let models: Vec<&Model> = models.iter().collect();
    let fits = refits(study, &models, &plan.outcomes, ("leaving out", "main model"));
    let mut rows = Vec::with_capacity(fits.len());
    for outcome in &plan.outcomes {
        let of_outcome: Vec<_> = fits.iter().filter(|fit| fit.outcome == *outcome).collect();
        let main = study.models.iter().find(|result| result.model == 0 && result.outcome == *outcome);
        let known: Vec<u64> = main.iter().filter_map(|result| result.n.shown().copied()).collect();
        let counts: Vec<Option<u64>> = of_outcome.iter().map(|fit| fit.counts.map(|(n, _)| n)).collect();
        let counts = spaced_counts(study, &counts, &known);
        rows.extend(of_outcome.into_iter().zip(counts).map(|(fit, n)| LeaveOutRow {
            outcome: *outcome,
            left_out: parts[fit.model].clone(),
            n,
            coefficient: fit.coefficient.clone(),
            effect: fit.effect.clone(),
        }));
    }
    LeaveOutFound { rows }
}

/// The parts of one kind.
fn parts(study: &Study, part: Part) -> Vec<LeftOut> {
    let places = &study.panel.places;
    let named = |kind: &str, names: &[[String; 2]]| -> Vec<LeftOut> {
        names
            .iter()
            .map(|[code, name]| LeftOut { kind: kind.into(), code: code.clone(), label: name.clone() })
            .collect()
    };
    match part {
        Part::Wave => {
            let one = |wave: &i32| LeftOut { kind: "wave".into(), code: wave.to_string(), label: wave.to_string() };
            study.config.waves.iter().map(one).collect()
        }
        Part::Region => named("region", &places.regions),
        Part::Area => named("area", &places.areas),
    }
}

/// The main model without a part.
fn without(study: &Study, main: &Model, part: &LeftOut) -> Model {
    let mut model = Model { id: format!("without {} {}", part.kind, part.code), ..main.clone() };
    match part.kind.as_str() {
        "region" => model.change.without_regions.push(part.code.clone()),
        "area" => model.change.without_areas.push(part.code.clone()),
        _ => {
            let waves = study.config.waves.iter().map(ToString::to_string);
            model.change.without.extend(waves.enumerate().filter(|(_, wave)| *wave == part.code).map(|(at, _)| at));
        }
    }
    model
}
