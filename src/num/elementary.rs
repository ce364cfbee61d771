//! Exponential, logarithms and the logistic function. Knows nothing above itself.
//!
//! Everything on the estimator's inner loop is free of branches and of 64-bit integer shifts
//! right, so that the compiler turns it into vector code on the plainest x86-64 and on ARM.

/// 1.5 x 2^52: adding it rounds a small number to an integer that sits in the low mantissa bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// ln 2 in two parts, the first with 33 trailing zero bits so that `n * LN2_HIGH` is exact (fdlibm).
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Minimax coefficients of `(exp(r) - 1 - r) / r^2` on `|r| <= ln(2)/2`, relative error of the
/// exponential 3.6e-18 (Remez exchange in 50 digits; `tests/oracles/minimax.py`).
const EXP: [f64; 10] = [
    0.500_000_000_000_001_1,
    0.166_666_666_666_664_13,
    0.041_666_666_666_530_16,
    0.008_333_333_333_494_462,
    0.001_388_888_894_363_013_4,
    0.000_198_412_695_065_787_24,
    2.480_149_309_888_739e-5,
    2.755_758_637_378_518e-6,
    2.763_024_838_532_302e-7,
    2.500_006_162_553_128e-8,
];

/// Minimax coefficients of `(atanh(t)/t - 1) / t^2` in `u = t^2` on `[0, 1/9]`, relative error 5e-17.
const ATANH: [f64; 9] = [
    0.333_333_333_333_389_4,
    0.199_999_999_979_986_77,
    0.142_857_145_316_070_5,
    0.111_110_963_265_949_95,
    0.090_914_103_894_298_28,
    0.076_820_956_473_982_08,
    0.067_936_269_806_715_53,
    0.049_491_329_435_626_92,
    0.088_744_701_531_365_61,
];

/// Polynomial by Horner's rule, constant term first.
#[inline(always)]
fn horner<const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    let mut value = coefficients[N - 1];
    for at in (0..N - 1).rev() {
        value = value * x + coefficients[at];
    }
    value
}

/// The polynomial of [`EXP`] by Estrin's scheme: a shorter chain of dependent operations.
#[inline(always)]
fn exp_tail(r: f64) -> f64 {
    let (r2, c) = (r * r, &EXP);
    let r4 = r2 * r2;
    let low = (c[0] + c[1] * r) + r2 * (c[2] + c[3] * r);
    let high = (c[4] + c[5] * r) + r2 * (c[6] + c[7] * r);
    low + r4 * (high + r4 * (c[8] + c[9] * r))
}

/// `(exp(r), bits)` with `x = n ln 2 + r` and `n` in the low bits.
#[inline(always)]
fn reduce(x: f64) -> (f64, u64) {
    let shifted = x * LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    (1.0 + (r + r * r * exp_tail(r)), shifted.to_bits())
}

/// 2^n for `n` in the low bits of `bits`, `-1022 <= n <= 1023`.
#[inline(always)]
fn power_of_two(bits: u64) -> f64 {
    f64::from_bits((bits << 52).wrapping_add(1023 << 52))
}

/// e^x, within one unit in the last place where the result is normal; 0 and infinity beyond.
pub fn exp(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x > 709.79 {
        return f64::INFINITY;
    }
    if x < -745.2 {
        return 0.0;
    }
    let (mantissa, bits) = reduce(x);
    // Two factors, so that the ends of the range (2^1024, subnormal results) need no special case.
    let n = (bits & 0xfff) as i64;
    let n = if n >= 0x800 { n - 0x1000 } else { n };
    let half = n / 2;
    mantissa * power_of_two(half as u64) * power_of_two((n - half) as u64)
}

/// e^x for `x <= 0`, clamped at e^-708 (about 3e-308): branch-free, for inner loops.
#[inline(always)]
pub fn exp_nonpositive(x: f64) -> f64 {
    let x = if x < -708.0 { -708.0 } else { x };
    let (mantissa, bits) = reduce(x);
    mantissa * power_of_two(bits)
}

/// e^x, clamped to e^-708..=e^708: branch-free, for inner loops.
#[inline(always)]
pub fn exp_clamped(x: f64) -> f64 {
    let x = if x < -708.0 { -708.0 } else { x };
    let x = if x > 708.0 { 708.0 } else { x };
    let (mantissa, bits) = reduce(x);
    mantissa * power_of_two(bits)
}

/// `ln(1 + e)` for `0 <= e <= 1`, branch-free: `2 atanh(e / (2 + e))`.
#[inline(always)]
pub(crate) fn ln_1p_unit(e: f64) -> f64 {
    let t = e / (2.0 + e);
    let u = t * t;
    2.0 * (t + t * u * horner(&ATANH, u))
}

/// Natural logarithm: reduction to `[sqrt(1/2), sqrt(2)]` and `ln m = 2 atanh((m-1)/(m+1))` with
/// the corrections of fdlibm's `e_log.c` (Sun Microsystems 1993). Not a number below zero.
pub fn ln(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x == f64::INFINITY {
        return x;
    }
    let (x, lift) = if x < f64::MIN_POSITIVE { (x * 18_014_398_509_481_984.0, -54.0) } else { (x, 0.0) };
    let bits = x.to_bits();
    let (m, k) = {
        let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | (1023 << 52));
        let k = ((bits >> 52) as i32 - 1023) as f64 + lift;
        if m > std::f64::consts::SQRT_2 { (m * 0.5, k + 1.0) } else { (m, k) }
    };
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let u = s * s;
    let half_square = 0.5 * f * f;
    let rest = 2.0 * u * horner(&ATANH, u);
    k * LN2_HIGH - ((half_square - (s * (half_square + rest) + k * LN2_LOW)) - f)
}

/// `ln(1 + x)`: the logarithm of the rounded sum, corrected for what the rounding lost.
pub fn ln_1p(x: f64) -> f64 {
    let sum = 1.0 + x;
    if sum <= 0.0 || !sum.is_finite() {
        return ln(sum);
    }
    if x.abs() < 0.4 {
        // Within the reach of the series: no cancellation at all.
        let t = x / (2.0 + x);
        let u = t * t;
        return 2.0 * (t + t * u * horner(&ATANH, u));
    }
    ln(sum) + (x - (sum - 1.0)) / sum
}

/// 1 / (1 + e^-x), computed from the tail that does not overflow.
#[inline(always)]
pub fn logistic(x: f64) -> f64 {
    let e = exp_nonpositive(-x.abs());
    let numerator = if x >= 0.0 { 1.0 } else { e };
    numerator / (1.0 + e)
}

/// `ln(1 + e^x)` without overflow.
#[inline(always)]
pub fn log1p_exp(x: f64) -> f64 {
    let positive = if x > 0.0 { x } else { 0.0 };
    positive + ln_1p_unit(exp_nonpositive(-x.abs()))
}
