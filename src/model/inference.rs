//! Tests and transformations of finished estimates. Knows nothing of samples.

use super::dense::Cholesky;
use super::failure::FitError;
use super::result::{Fit, Reference, Term};
use crate::num;
use serde::{Deserialize, Serialize};

/// An estimate with its standard error.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Value.
    pub estimate: f64,
    /// Standard error, in the same unit. A mean over the sample takes the sample's covariates as fixed.
    pub std_error: f64,
    /// Of a mean over the sample: the standard error that also counts the sampling of the covariates,
    /// as Stata's `margins, vce(unconditional)`. With HC1, one-way and two-way clusters, whose
    /// sampling it follows; with the others there is none.
    pub sampled: Option<f64>,
}

/// The interval `estimate -+ critical_value x std_error` (see `Fit::critical_value`).
pub fn interval(estimate: f64, std_error: f64, critical_value: f64) -> (f64, f64) {
    (estimate - critical_value * std_error, estimate + critical_value * std_error)
}

/// Two-sided p value of a statistic under its reference distribution.
pub fn p_value(statistic: f64, reference: Reference) -> f64 {
    match reference {
        Reference::Normal => num::normal_two_sided(statistic),
        Reference::StudentT(df) => num::student_two_sided(statistic, df),
    }
}

/// E-value of an odds ratio for a common outcome: how strongly an unmeasured confounder would have
/// to go with both exposure and outcome, as a risk ratio, to explain the estimate away.
/// `RR = sqrt(OR)`, `RR + sqrt(RR (RR - 1))`, protective ratios inverted (VanderWeele and Ding 2017).
pub fn e_value(odds_ratio: f64) -> f64 {
    let ratio = odds_ratio.sqrt();
    let ratio = if ratio < 1.0 { 1.0 / ratio } else { ratio };
    ratio + (ratio * (ratio - 1.0)).sqrt()
}

/// E-value of the interval's limit nearer to 1; 1 when the interval contains 1.
pub fn e_value_of_interval(low: f64, high: f64) -> f64 {
    if low <= 1.0 && high >= 1.0 { 1.0 } else { e_value(if low > 1.0 { low } else { high }) }
}

/// Holm's step-down adjusted p values, in the order given (Holm 1979).
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut out = vec![0.0; p.len()];
    let mut largest = 0.0_f64;
    for (rank, at) in order.iter().enumerate() {
        largest = largest.max(p[*at] * (p.len() - rank) as f64).min(1.0);
        out[*at] = largest;
    }
    out
}

/// Hochberg's step-up adjusted p values (1988), in the order given.
pub fn hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut out = vec![0.0; p.len()];
    let mut smallest = 1.0_f64;
    for (rank, at) in order.iter().enumerate().rev() {
        smallest = smallest.min(p[*at] * (p.len() - rank) as f64);
        out[*at] = smallest;
    }
    out
}

/// A joint test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wald {
    /// `b' V^-1 b`.
    pub statistic: f64,
    /// Number of terms.
    pub df: usize,
    /// P value: chi-square with `df`, or where the fit refers to t(d), F(`df`, d) of `statistic / df`.
    pub p_value: f64,
}

/// Wald test that all coefficients of the terms with these names (every level of a covariate) are zero.
///
/// # Errors
/// [`FitError::NotTestable`] without such terms, or when their covariance is singular.
pub fn wald(fit: &Fit, names: &[&str]) -> Result<Wald, FitError> {
    let named = |term: &Term| names.contains(&term.name.as_str());
    let at: Vec<usize> = (0..fit.terms.len()).filter(|at| named(&fit.terms[*at])).collect();
    wald_at(fit, &at)
}

/// [`wald`] of the terms at these places.
///
/// # Errors
/// As there; a place without a term is an error too.
pub fn wald_at(fit: &Fit, at: &[usize]) -> Result<Wald, FitError> {
    if at.is_empty() || at.iter().any(|at| *at >= fit.terms.len()) {
        return Err(FitError::NotTestable { term: None });
    }
    let k = fit.terms.len();
    let covariance: Vec<f64> = at.iter().flat_map(|a| at.iter().map(move |b| fit.covariance[a * k + b])).collect();
    let beta: Vec<f64> = at.iter().map(|at| fit.coefficient[*at]).collect();
    let factor = Cholesky::new(&covariance, at.len())
        .map_err(|explained| FitError::NotTestable { term: Some(fit.terms[at[explained.column]].clone()) })?;
    let statistic = factor.solve(&beta).iter().zip(&beta).map(|(a, b)| a * b).sum::<f64>();
    let df = at.len() as f64;
    let p_value = match fit.reference {
        Reference::Normal => num::chi_square_sf(statistic, df),
        Reference::StudentT(rest) => num::f_sf(statistic / df, df, rest),
    };
    Ok(Wald { statistic, df: at.len(), p_value })
}

/// Smallest true effect that a two-sided test at level `alpha` finds with probability `power` (above a
/// half): `(q(1 - alpha/2) + q(power)) x std_error`, `q` the reference distribution's quantiles
/// (Bloom 1995). Not a number for impossible levels.
pub fn minimum_detectable_effect(std_error: f64, alpha: f64, power: f64, reference: Reference) -> f64 {
    let sum = match reference {
        Reference::Normal => num::normal_quantile(1.0 - alpha / 2.0) + num::normal_quantile(power),
        Reference::StudentT(df) => num::student_quantile(alpha, df) + num::student_quantile(2.0 * (1.0 - power), df),
    };
    sum * std_error
}

/// Probability that a two-sided test at level `alpha` finds a true effect, both sides counted, where the
/// estimate is normal about it with `std_error`. Not a number for impossible levels.
pub fn power_of_effect(effect: f64, std_error: f64, alpha: f64) -> f64 {
    let (beyond, shift) = (num::normal_quantile(1.0 - alpha / 2.0), (effect / std_error).abs());
    num::normal_sf(beyond - shift) + num::normal_sf(beyond + shift)
}

/// Benjamini and Hochberg's adjusted p values (1995), in the order given.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut out = vec![0.0; p.len()];
    let mut smallest = 1.0_f64;
    for (rank, at) in order.iter().enumerate().rev() {
        smallest = smallest.min(p[*at] * p.len() as f64 / (rank + 1) as f64);
        out[*at] = smallest;
    }
    out
}

fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}

/// Two one-sided tests: p value for the claim that the estimate lies within `-+ margin` of zero
/// (Schuirmann 1987).
pub fn equivalence(estimate: f64, std_error: f64, margin: f64, reference: Reference) -> f64 {
    let upper = |statistic: f64| match reference {
        Reference::Normal => num::normal_sf(statistic),
        Reference::StudentT(df) => {
            let half = num::student_two_sided(statistic, df) / 2.0;
            if statistic > 0.0 { half } else { 1.0 - half }
        }
    };
    upper((estimate + margin) / std_error).max(upper((margin - estimate) / std_error))
}

/// People per year: an average marginal effect (a probability) times a population, both numbers
/// scaled alike. The population is taken as known.
pub fn people(effect: Estimate, population: f64) -> Estimate {
    let scaled = |error: f64| error * population;
    Estimate {
        estimate: scaled(effect.estimate),
        std_error: scaled(effect.std_error),
        sampled: effect.sampled.map(scaled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_values_of_the_published_odds_ratios() {
        // DOMAIN: E-values of 1.005 to 1.015 lie between 1.05 and 1.09.
        assert!((e_value(1.005) - 1.052_6).abs() < 5e-4);
        assert!((e_value(1.015) - 1.094_3).abs() < 5e-4);
        assert!((e_value(1.0 / 1.015) - e_value(1.015)).abs() < 1e-12);
        assert_eq!(e_value_of_interval(0.99, 1.01), 1.0);
        assert_eq!(e_value_of_interval(1.004, 1.027), e_value(1.004));
        assert_eq!(e_value_of_interval(0.9, 0.95), e_value(0.95));
    }

    #[test]
    fn adjustments_match_statsmodels() {
        // statsmodels 0.15: multipletests(p, method="holm") and "fdr_bh"
        let p = [0.01, 0.04, 0.03, 0.005, 0.5];
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-15);
        assert!(close(&holm(&p), &[0.04, 0.09, 0.09, 0.025, 0.5]), "{:?}", holm(&p));
        assert!(close(&benjamini_hochberg(&p), &[0.025, 0.05, 0.05, 0.025, 0.5]), "{:?}", benjamini_hochberg(&p));
    }

    #[test]
    fn hochberg_matches_statsmodels() {
        // statsmodels 0.15: multipletests(p, method="simes-hochberg")
        let p = [0.01, 0.04, 0.03, 0.005, 0.5];
        let want = [0.04, 0.08, 0.08, 0.025, 0.5];
        assert!(hochberg(&p).iter().zip(want).all(|(x, y)| (x - y).abs() < 1e-15), "{:?}", hochberg(&p));
    }

    #[test]
    fn power_is_the_level_without_an_effect_and_as_stated_at_the_detectable_one() {
        assert!((power_of_effect(0.0, 2.0, 0.05) - 0.05).abs() < 1e-12);
        for (power, alpha) in [(0.8, 0.05), (0.9, 0.01)] {
            let effect = minimum_detectable_effect(0.3, alpha, power, Reference::Normal);
            // The other side adds less than a millionth.
            assert!((power_of_effect(-effect, 0.3, alpha) - power).abs() < 1e-5);
        }
    }

    #[test]
    fn minimum_detectable_effects_by_the_book() {
        // Bloom (1995): 2.80 standard errors for 80 % power at 5 %; scipy 1.17: t.ppf(.975, 16) + t.ppf(.8, 16)
        assert!((minimum_detectable_effect(1.0, 0.05, 0.8, Reference::Normal) - 2.801_585_218_112_968_3).abs() < 1e-12);
        let few = minimum_detectable_effect(2.0, 0.05, 0.8, Reference::StudentT(16.0));
        assert!((few / 2.0 - 2.984572301019546).abs() < 1e-9, "{few}");
    }

    #[test]
    fn equivalence_is_the_worse_of_two_tails() {
        assert!((equivalence(0.0, 1.0, 1.644_853_626_951_472_7, Reference::Normal) - 0.05).abs() < 1e-12);
        assert!(equivalence(2.0, 1.0, 1.0, Reference::Normal) > 0.5);
        // scipy 1.17: stats.t.ppf(0.95, 10) = 1.8124611228107335
        let few = Reference::StudentT(10.0);
        assert!((equivalence(0.0, 1.0, 1.812_461_122_810_733_5, few) - 0.05).abs() < 1e-12);
        assert!((equivalence(1.5, 1.0, 1.0, few) + equivalence(0.5, 1.0, 1.0, few) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn people_scale_with_the_population() {
        let people = people(Estimate { estimate: 0.0025, std_error: 0.001, sampled: None }, 53e6);
        assert!((people.estimate - 132_500.0).abs() < 1e-6 && (people.std_error - 53_000.0).abs() < 1e-6);
    }
}
