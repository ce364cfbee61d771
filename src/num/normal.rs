//! The standard normal distribution: both tails and quantiles. Knows nothing above itself.

use super::{exp, ln, ln_1p};

const CENTRE_UP: [f64; 5] = [
    2.235_252_035_460_684,
    161.028_231_068_555_87,
    1_067.689_485_460_371,
    18_154.981_253_343_56,
    0.065_682_337_918_207_45,
];
const CENTRE_DOWN: [f64; 4] =
    [47.202_581_904_688_245, 976.098_551_737_776_7, 10_260.932_208_618_979, 45_507.789_335_026_73];
const MIDDLE_UP: [f64; 9] = [
    0.398_941_512_088_138_1,
    8.883_149_794_388_377,
    93.506_656_132_177_85,
    597.270_276_394_800_2,
    2_494.537_585_290_372_6,
    6_848.190_450_536_283,
    11_602.651_437_647_35,
    9_842.714_838_383_978,
    1.076_557_677_372_019_2e-8,
];
const MIDDLE_DOWN: [f64; 8] = [
    22.266_688_044_328_117,
    235.387_901_782_625,
    1_519.377_599_407_554_7,
    6_485.558_298_266_761,
    18_615.571_640_885_097,
    34_900.952_721_145_98,
    38_912.003_286_093_27,
    19_685.429_676_859_992,
];
const TAIL_UP: [f64; 6] = [
    0.215_898_534_057_957,
    0.127_401_161_160_247_36,
    0.022_235_277_870_649_807,
    0.001_421_619_193_227_893_4,
    2.911_287_495_116_879_3e-5,
    0.023_073_441_764_940_174,
];
const TAIL_DOWN: [f64; 5] = [
    1.284_260_096_144_911,
    0.468_238_212_480_865_1,
    0.065_988_137_868_928_56,
    0.003_782_396_332_027_582_4,
    7.297_515_550_839_662e-5,
];
const ONE_OVER_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;

/// P(Z <= x). Relative error below about 1e-15 in both tails, to the smallest normal number.
pub fn normal_cdf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.abs() <= 0.67448975 {
        return 0.5 + centre(x);
    }
    if x < 0.0 { tail(-x) } else { 1.0 - tail(x) }
}

/// P(Z > x), accurate far into the upper tail.
pub fn normal_sf(x: f64) -> f64 {
    normal_cdf(-x)
}

/// P(|Z| > |z|).
pub fn normal_two_sided(z: f64) -> f64 {
    (2.0 * normal_cdf(-z.abs())).min(1.0)
}

/// P(0 < Z <= x) near zero: W. J. Cody, Rational Chebyshev approximations for the error function,
/// Math. Comp. 23 (1969), in the form of ANORM (SPECFUN, ACM algorithm 715).
fn centre(x: f64) -> f64 {
    let square = if x.abs() > 1e-16 { x * x } else { 0.0 };
    let (mut up, mut down) = (CENTRE_UP[4] * square, square);
    for at in 0..3 {
        up = (up + CENTRE_UP[at]) * square;
        down = (down + CENTRE_DOWN[at]) * square;
    }
    x * (up + CENTRE_UP[3]) / (down + CENTRE_DOWN[3])
}

/// P(Z > y) for `y > 0.67`, same source.
fn tail(y: f64) -> f64 {
    if y > 38.6 {
        return 0.0;
    }
    square_exponential(y) * mills(y)
}

/// Density at `x`.
pub fn normal_density(x: f64) -> f64 {
    ONE_OVER_SQRT_2_PI * square_exponential(x.abs())
}

/// Density over upper tail, `phi(x) / P(Z > x)`: the reciprocal of Mills' ratio, accurate where both
/// have long underflowed.
pub fn normal_hazard(x: f64) -> f64 {
    if x > 0.67448975 { ONE_OVER_SQRT_2_PI / mills(x) } else { normal_density(x) / normal_sf(x) }
}

/// `ln P(Z <= x)`, finite for any finite `x`.
pub fn ln_normal_cdf(x: f64) -> f64 {
    if x < -5.0 {
        return ln(mills(-x)) - 0.5 * x * x;
    }
    if x > 0.67448975 { ln_1p(-tail(x)) } else { ln(normal_cdf(x)) }
}

/// `exp(-y^2/2)` in two factors: the square of a multiple of 1/16 is exact.
fn square_exponential(y: f64) -> f64 {
    if y > 1e4 {
        return 0.0;
    }
    let coarse = (y * 16.0).floor() / 16.0;
    let fine = (y - coarse) * (y + coarse);
    exp(-coarse * coarse * 0.5) * exp(-fine * 0.5)
}

/// `P(Z > y) exp(y^2/2)` for `y > 0.67`, same source.
fn mills(y: f64) -> f64 {
    if y <= 32.0_f64.sqrt() {
        let (mut up, mut down) = (MIDDLE_UP[8] * y, y);
        for at in 0..7 {
            up = (up + MIDDLE_UP[at]) * y;
            down = (down + MIDDLE_DOWN[at]) * y;
        }
        (up + MIDDLE_UP[7]) / (down + MIDDLE_DOWN[7])
    } else {
        let inverse = 1.0 / (y * y);
        let (mut up, mut down) = (TAIL_UP[5] * inverse, inverse);
        for at in 0..4 {
            up = (up + TAIL_UP[at]) * inverse;
            down = (down + TAIL_DOWN[at]) * inverse;
        }
        let rest = inverse * (up + TAIL_UP[4]) / (down + TAIL_DOWN[4]);
        (ONE_OVER_SQRT_2_PI - rest) / y
    }
}

const NEAR_UP: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const NEAR_DOWN: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const FAR_UP: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    7.745_450_142_783_414e-4,
];
const FAR_DOWN: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const EXTREME_UP: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const EXTREME_DOWN: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];

/// The `z` with P(Z <= z) = `p`: M. J. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37
/// (1988). Infinite at 0 and 1, not a number outside.
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let offset = p - 0.5;
    if offset.abs() <= 0.425 {
        let r = 0.180_625 - offset * offset;
        return offset * polynomial(&NEAR_UP, r) / polynomial(&NEAR_DOWN, r);
    }
    let small = if offset < 0.0 { p } else { 1.0 - p };
    let size = if small == 0.0 {
        f64::INFINITY
    } else {
        let r = (-ln(small)).sqrt();
        if r <= 5.0 {
            polynomial(&FAR_UP, r - 1.6) / polynomial(&FAR_DOWN, r - 1.6)
        } else {
            polynomial(&EXTREME_UP, r - 5.0) / polynomial(&EXTREME_DOWN, r - 5.0)
        }
    };
    if offset < 0.0 { -size } else { size }
}

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |value, c| value * x + c)
}
