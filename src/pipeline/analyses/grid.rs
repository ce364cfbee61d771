//! The grid of specifications: every one fitted to every outcome, or listed with why not.

use super::Study;
use super::refit::{refits, spaced_counts};
use crate::config::{Grid, Model};
use crate::disclosure::{GridFound, GridRow};

/// Every specification of every outcome.
pub(super) fn grid(study: &Study, plan: &Grid) -> GridFound {
    let models: Vec<&Model> = plan.specifications.iter().map(|one| &one.model).collect();
    let fits = refits(study, &models, &plan.outcomes, ("fitting the grid", "specification"));
    let mut rows = Vec::with_capacity(fits.len());
    for outcome in &plan.outcomes {
        let of_outcome: Vec<_> = fits.iter().filter(|fit| fit.outcome == *outcome).collect();
        let known: Vec<u64> = study
            .models
            .iter()
            .filter(|result| result.outcome == *outcome)
            .filter_map(|result| result.n.shown().copied())
            .collect();
        let counts: Vec<Option<u64>> = of_outcome.iter().map(|fit| fit.counts.map(|(n, _)| n)).collect();
        let counts = spaced_counts(study, &counts, &known);
        rows.extend(of_outcome.into_iter().zip(counts).map(|(fit, n)| GridRow {
            outcome: *outcome,
            specification: fit.model,
            linear: fit.linear(&models),
            n,
            clusters: fit.counts.map_or_else(|| study.gate.missing("not fitted"), |(_, c)| study.gate.count(c)),
            coefficient: fit.coefficient.clone(),
            effect: fit.effect.clone(),
        }));
    }
    GridFound { rows }
}
