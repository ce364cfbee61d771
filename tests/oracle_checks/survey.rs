//! Weighted models and shares against R's package survey (`oracles/r.R`): clusters drawn with replacement,
//! sampling weights, Taylor linearisation. Its factor is G/(G-1), that of profile `stata`.

use offprint::model::{ClusterTotal, Covariance, Options, Profile, fit, weighted_share};

use super::r::{family, panels, reference, take};
use crate::model_support::{close, name, patterns};

#[test]
fn weighted_models_as_svyglm_has_them() {
    let patterns = patterns();
    for panel in panels() {
        for (stored, model) in [("logit", "logit"), ("poisson", "poisson"), ("linear", "number")] {
            for absorb in [false, true] {
                if absorb && panel.name == "p500" {
                    continue;
                }
                let sample = take(&panel, model, &patterns, true);
                let covariance = Covariance::Cluster;
                let options =
                    Options { absorb, family: family(model), covariance, vcov: Profile::Stata, ..Options::default() };
                let fit = fit(&sample, &options).expect("a fit");
                let stored = format!("survey_{}_{stored}{}", panel.name, if absorb { "_absorbed" } else { "" });
                for at in 0..fit.terms.len() {
                    let (term, what) = (name(&fit, at), format!("{stored} {}", name(&fit, at)));
                    close(fit.coefficient[at], reference(&stored, &term, "coefficient"), 1e-9, &what);
                    // Package survey has no (N-1)/(N-K), which Stata's `regress` has.
                    let g = fit.clusters as f64;
                    let own = f64::sqrt(g / (g - 1.0) / fit.small_sample.factor);
                    close(fit.std_error[at] * own, reference(&stored, &term, "std_error"), 1e-8, &what);
                }
            }
        }
    }
}

#[test]
fn weighted_shares_as_svymean_and_svyciprop_have_them() {
    for panel in panels() {
        for wave in 0..6 {
            let mut totals = vec![ClusterTotal { weight: 0.0, success: 0.0 }; 60];
            for row in panel.rows.iter().filter(|row| row.wave == wave) {
                let total = &mut totals[row.cluster as usize];
                total.weight += row.weight;
                total.success += row.weight * f64::from(row.y);
            }
            let share = weighted_share(totals).expect("responses");
            let stored = format!("share_{}", panel.name);
            let of = |quantity: &str| reference(&stored, &wave.to_string(), quantity);
            for (got, quantity, tolerance) in [
                (share.share, "share", 1e-12),
                (share.std_error, "std_error", 1e-10),
                // R's interval is that of a logit model which converges to 8 digits.
                (share.low, "low", 1e-8),
                (share.high, "high", 1e-8),
            ] {
                close(got, of(quantity), tolerance, &format!("{stored} {wave} {quantity}"));
            }
        }
    }
}
