//! The logarithm of the gamma function. Knows nothing above itself.

use super::ln;

/// Coefficients of Stirling's series, `B_2n / (2n (2n - 1))` (Abramowitz and Stegun 6.1.41).
const STIRLING: [f64; 8] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1_260.0,
    -1.0 / 1_680.0,
    1.0 / 1_188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3_617.0 / 122_400.0,
];

/// `ln Gamma(x)` for `x > 0`, absolute error below 1e-14 for small `x` and relative 1e-15 for large;
/// not a number otherwise. Whole numbers up to 20 are the logarithm of an exact product.
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    if x <= 20.0 && x.fract() == 0.0 {
        return ln((1..x as u64).product::<u64>() as f64);
    }
    let (mut shifted, mut product) = (x, 1.0);
    while shifted < 12.0 {
        product *= shifted;
        shifted += 1.0;
    }
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    let series = STIRLING.iter().rev().fold(0.0, |sum, c| sum * square + c) * inverse;
    let half_ln_tau = 0.918_938_533_204_672_7;
    (shifted - 0.5) * ln(shifted) - shifted + half_ln_tau + series - ln(product)
}
