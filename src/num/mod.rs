//! Numerics that give the same bits on every machine.
//!
//! A leaf: it uses no room. The system's `exp` and `ln` differ between library versions and
//! processors, so the few functions the estimates need are written out here in plain IEEE
//! arithmetic (add, multiply, divide, square root: all exactly specified). Must not know models.

mod elementary;
mod gamma;
mod normal;
mod student;
mod tails;

pub use elementary::{exp, exp_clamped, exp_nonpositive, ln, ln_1p, log1p_exp, logistic};
pub use gamma::ln_gamma;
pub use normal::{
    ln_normal_cdf, normal_cdf, normal_density, normal_hazard, normal_quantile, normal_sf, normal_two_sided,
};
pub use student::{student_quantile, student_two_sided};
pub use tails::{chi_square_sf, f_sf};

pub(crate) use elementary::ln_1p_unit;

/// Sum with a running compensation (Neumaier 1974): error of about one unit in the last place of
/// the largest partial sum, whatever the length.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    if lost.is_finite() { total + lost } else { total }
}
