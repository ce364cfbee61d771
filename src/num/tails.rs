//! Upper tails of the chi-square and F distributions, for joint tests. Knows nothing above itself.

use super::student::continued_fraction;
use super::{exp, ln, ln_gamma, normal_two_sided};

/// P(X > x) for a chi-square variable with `df > 0` degrees of freedom: the regularised upper
/// incomplete gamma function by series or continued fraction (Abramowitz and Stegun 6.5.29, 6.5.31).
pub fn chi_square_sf(x: f64, df: f64) -> f64 {
    if x.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 1.0;
    }
    if df == 1.0 {
        return normal_two_sided(x.sqrt());
    }
    let (a, x) = (df / 2.0, x / 2.0);
    let front = exp(a * ln(x) - x - ln_gamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > sum * 1e-17 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return 1.0 - front * sum;
    }
    // Modified Lentz.
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let mut value = d;
    for step in 1..10_000 {
        let n = f64::from(step);
        let an = -n * (n - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * value
}

/// P(F > x) with `df1` and `df2` degrees of freedom (Abramowitz and Stegun 26.6.2).
pub fn f_sf(x: f64, df1: f64, df2: f64) -> f64 {
    if x.is_nan() || df1.is_nan() || df2.is_nan() || df1 <= 0.0 || df2 <= 0.0 {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 1.0;
    }
    let (a, b) = (df2 / 2.0, df1 / 2.0);
    let whole = df2 + df1 * x;
    let (t, other) = (df2 / whole, df1 * x / whole);
    let front = exp(ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * ln(t) + b * ln(other));
    if t < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(t, a, b) / a
    } else {
        1.0 - front * continued_fraction(other, b, a) / b
    }
}
