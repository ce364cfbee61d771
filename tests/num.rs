//! The numerics against values computed in 60 digits (`oracles/make.py`).

use offprint::num;

/// Rows (x, extra, value) of one function.
fn stored(function: &str) -> Vec<(f64, f64, f64)> {
    let text = include_str!("oracles/numbers.csv");
    let rows: Vec<_> = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',');
            if cells.next()? != function {
                return None;
            }
            let mut next = || cells.next()?.parse::<f64>().ok();
            Some((next()?, next()?, next()?))
        })
        .collect();
    assert!(rows.len() >= 4, "no stored values for {function}");
    rows
}

fn ulps(got: f64, want: f64) -> f64 {
    let spacing = (f64::from_bits(want.abs().to_bits() + 1) - want.abs()).max(f64::from_bits(1));
    (got - want).abs() / spacing
}

fn worst(function: &str, f: impl Fn(f64, f64) -> f64, measure: impl Fn(f64, f64) -> f64) -> f64 {
    let mut worst = 0.0;
    for (x, extra, want) in stored(function) {
        let error = measure(f(x, extra), want);
        assert!(!error.is_nan(), "{function}({x}) is {}", f(x, extra));
        worst = f64::max(worst, error);
    }
    worst
}

fn relative(got: f64, want: f64) -> f64 {
    (got - want).abs() / want.abs()
}

#[test]
fn elementary_functions_are_right_to_the_last_place() {
    assert!(worst("exp", |x, _| num::exp(x), ulps) <= 1.0);
    assert!(worst("exp_subnormal", |x, _| num::exp(x), ulps) <= 2.0);
    assert!(worst("ln", |x, _| num::ln(x), ulps) <= 1.0);
    assert!(worst("ln_1p", |x, _| num::ln_1p(x), ulps) <= 3.0);
    // Documented to stop falling at e^-708.
    let floored = |got: f64, want: f64| if want < 1e-307 { 0.0 } else { ulps(got, want) };
    assert!(worst("logistic", |x, _| num::logistic(x), floored) <= 3.0);
    assert!(worst("log1p_exp", |x, _| num::log1p_exp(x), floored) <= 3.0);
}

#[test]
fn both_exponentials_agree_where_they_meet() {
    for step in 0..70_800 {
        let x = f64::from(-step) / 100.0;
        assert_eq!(num::exp(x).to_bits(), num::exp_nonpositive(x).to_bits(), "{x}");
    }
    assert!(num::exp_nonpositive(-1e9) < 1e-300);
    assert!(num::exp_nonpositive(f64::NAN).is_nan() && num::logistic(f64::NAN).is_nan());
    assert_eq!((num::exp(800.0), num::exp(-800.0)), (f64::INFINITY, 0.0));
    assert_eq!((num::exp(f64::INFINITY), num::exp(f64::NEG_INFINITY)), (f64::INFINITY, 0.0));
    assert_eq!((num::ln(0.0), num::ln(f64::INFINITY)), (f64::NEG_INFINITY, f64::INFINITY));
    assert!(num::ln(-1.0).is_nan() && num::exp(f64::NAN).is_nan() && num::ln_1p(-1.5).is_nan());
}

#[test]
fn normal_distribution_holds_in_the_tails() {
    assert!(worst("normal_cdf", |x, _| num::normal_cdf(x), relative) < 2e-15);
    assert!(worst("normal_sf", |x, _| num::normal_sf(x), relative) < 2e-15);
    assert!(worst("normal_quantile", |x, _| num::normal_quantile(x), |a, b| (a - b).abs() / b.abs().max(1.0)) < 1e-15);
    assert_eq!((num::normal_quantile(0.0), num::normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    assert!(num::normal_quantile(1.5).is_nan() && num::normal_cdf(f64::NAN).is_nan());
    assert_eq!((num::normal_cdf(f64::INFINITY), num::normal_sf(f64::INFINITY)), (1.0, 0.0));
}

#[test]
fn student_distribution_and_its_quantile() {
    assert!(worst("student_two_sided", num::student_two_sided, relative) < 5e-12);
    // scipy 1.17: t.ppf(0.975, df)
    for (df, want) in
        [(1.0, 12.706_204_736_174_694), (16.0, 2.119_905_299_221_254_6), (1249.0, 1.961_865_131_598_674_2)]
    {
        assert!((num::student_quantile(0.05, df) - want).abs() < 1e-9, "{df}: {}", num::student_quantile(0.05, df));
    }
}

#[test]
fn compensated_sum_keeps_what_a_plain_sum_loses() {
    assert_eq!(num::sum([1e100, 1.0, -1e100]), 1.0);
    assert_eq!(num::sum([]), 0.0);
}

#[test]
fn special_functions_of_the_families() {
    let mut checked = 0;
    for line in include_str!("oracles/special.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (x, want): (f64, f64) = (cells[1].parse().unwrap(), cells[2].parse().unwrap());
        let (got, tolerance) = match cells[0] {
            "ln_gamma" => (offprint::num::ln_gamma(x), 4e-15),
            "normal_hazard" => (offprint::num::normal_hazard(x), 4e-15),
            "ln_normal_cdf" => (offprint::num::ln_normal_cdf(x), 4e-15),
            tail if tail.starts_with("chi_square_sf_") => {
                (offprint::num::chi_square_sf(x, tail["chi_square_sf_".len()..].parse().unwrap()), 2e-12)
            }
            tail => {
                let df: Vec<f64> = tail["f_sf_".len()..].split('_').map(|d| d.parse().unwrap()).collect();
                (offprint::num::f_sf(x, df[0], df[1]), 2e-12)
            }
        };
        checked += 1;
        assert!(
            (got - want).abs() <= tolerance * want.abs().max(1e-290) + if cells[0] == "ln_gamma" { 3e-14 } else { 0.0 },
            "{line}: {got}"
        );
    }
    assert!(checked > 500, "{checked}");
}
