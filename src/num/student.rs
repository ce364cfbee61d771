//! Student's t distribution, for profiles that refer to it. Knows nothing above itself.

use super::{exp, ln_1p, normal_quantile};

/// P(|T| > |t|) with `df > 0` degrees of freedom: the regularised incomplete beta function
/// I_x(df/2, 1/2) at x = df / (df + t^2) (Abramowitz and Stegun 26.5.27).
pub fn student_two_sided(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    let square = t * t;
    if square == f64::INFINITY {
        return 0.0;
    }
    let (a, b) = (df / 2.0, 0.5);
    let x = df / (df + square);
    let other = square / (df + square);
    // x^a (1-x)^b / B(a, b)
    let front = exp(-a * ln_1p(square / df)) * other.sqrt() * gamma_ratio(a) / std::f64::consts::PI.sqrt();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(x, a, b) / a
    } else {
        1.0 - front * continued_fraction(other, b, a) / b
    }
}

/// The `t >= 0` with P(|T| > t) = `p`, by bisection on [`student_two_sided`].
pub fn student_quantile(p: f64, df: f64) -> f64 {
    if p.is_nan() || p <= 0.0 || p > 1.0 || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    let (mut low, mut high) = (0.0, normal_quantile(1.0 - p / 2.0).max(1.0));
    while student_two_sided(high, df) > p && high < 1e150 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if student_two_sided(middle, df) > p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Gamma(a + 1/2) / Gamma(a): the asymptotic series (Tricomi and Erdelyi 1951) above 60, brought
/// there by the recurrence of the gamma function.
fn gamma_ratio(a: f64) -> f64 {
    let (mut a, mut factor) = (a, 1.0);
    while a < 60.0 {
        factor *= a / (a + 0.5);
        a += 1.0;
    }
    let v = 1.0 / a;
    let series = 1.0
        + v * (-1.0 / 8.0
            + v * (1.0 / 128.0
                + v * (5.0 / 1024.0 + v * (-21.0 / 32768.0 + v * (-399.0 / 262_144.0 + v * (869.0 / 4_194_304.0))))));
    factor * a.sqrt() * series
}

/// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), evaluated
/// by the modified Lentz method.
pub(super) fn continued_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..=20_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}
