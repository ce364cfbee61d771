//! Tests of the exposure of the main model that rest on one fit: equivalence, detectable effect,
//! bootstrap. Adjustment over outcomes is elsewhere.

use crate::config::{Dataset, DatasetFamily, DatasetModel, EffectScale};
use crate::disclosure::{Gate, TestsRow};
use crate::model::{self, Fit};
use crate::num;

/// The tests of one fit. The exposure's coefficient is the first.
pub(super) fn row(dataset: &Dataset, model: &DatasetModel, fit: &Fit, gate: &Gate) -> TestsRow {
    let n = fit.responses;
    let settings = &dataset.tests;
    let (coefficient, std_error) = (fit.coefficient[0], fit.std_error[0]);
    let equivalence = |estimate, std_error, margin| model::equivalence(estimate, std_error, margin, fit.reference);
    let equivalence = settings.smallest_effect.map(|(smallest, scale)| match scale {
        EffectScale::Coefficient => Some(equivalence(coefficient, std_error, smallest)),
        EffectScale::Ratio => Some(equivalence(coefficient, std_error, num::ln(smallest))),
        EffectScale::Effect => fit.average_marginal_effect.map(|e| equivalence(e.estimate, e.std_error, smallest)),
    });
    let least = model::minimum_detectable_effect(std_error, settings.alpha, settings.power, fit.reference);
    let detectable = if has_ratio(model.family) { num::exp(least) } else { least };
    TestsRow {
        adjusted: gate.missing("not adjusted yet"),
        equivalence: match equivalence {
            Some(Some(p)) => gate.value(n, p),
            Some(None) => gate.missing("no average marginal effect"),
            None => gate.missing("no smallest effect is stated"),
        },
        detectable: gate.value(n, detectable),
    }
}

/// Whether the exponential of a coefficient is a ratio that readers know.
pub(super) fn has_ratio(family: DatasetFamily) -> bool {
    matches!(family, DatasetFamily::Logit | DatasetFamily::Poisson)
}
