//! Checks of `analyses.dose`.

use super::super::Checker;
use super::Known;
use crate::config::raw::RawDose;
use crate::config::types::*;

/// Harrell's choice of quantiles for four knots (Regression Modeling Strategies, 2015, table 2.3).
const QUANTILES: [f64; 4] = [0.05, 0.35, 0.65, 0.95];

impl Checker<'_> {
    pub(super) fn dose(&mut self, raw: RawDose, known: &Known) -> Dose {
        let at = "analyses.dose";
        self.ascending(&format!("{at}.cuts"), &raw.cuts, 1..=20, f64::INFINITY);
        let knots = match (raw.knots, raw.quantiles) {
            (Some(knots), None) => {
                self.ascending(&format!("{at}.knots"), &knots, 3..=7, f64::INFINITY);
                Knots::At(knots)
            }
            (None, quantiles) => {
                let quantiles = quantiles.unwrap_or_else(|| QUANTILES.to_vec());
                self.ascending(&format!("{at}.quantiles"), &quantiles, 3..=7, 1.0);
                Knots::Quantiles(quantiles)
            }
            (Some(knots), Some(_)) => {
                self.fault(at, "both `knots` and `quantiles` say where the knots are", "keep one of them");
                Knots::At(knots)
            }
        };
        if !(2..=50).contains(&raw.bins) {
            self.fault(&format!("{at}.bins"), format!("{} bins, expected 2 to 50", raw.bins), "about eight serve");
        }
        Dose {
            outcomes: self.outcomes_named(&format!("{at}.outcomes"), raw.outcomes, known),
            cuts: raw.cuts,
            knots,
            bins: raw.bins,
        }
    }

    /// Numbers above 0 and below `top`, each above the one before.
    fn ascending(&mut self, at: &str, values: &[f64], many: std::ops::RangeInclusive<usize>, top: f64) {
        let rising = values.windows(2).all(|pair| pair[0] < pair[1]);
        let inside = values.iter().all(|x| *x > 0.0 && *x < top && *x < 1e6);
        if !many.contains(&values.len()) || !rising || !inside {
            let what = format!("{values:?} are not {} to {} rising numbers above 0", many.start(), many.end());
            self.fault(at, what, "list them from the smallest to the largest");
        }
    }
}
