//! NIST Statistical Reference Datasets, linear least squares: the eleven sets with their certified values,
//! read from NIST's own files (`oracles/nist`, where they come from is told there). Polynomials are given as
//! the raw powers that NIST asks for: that is what makes them hard.

use offprint::model::{Covariance, Family, Fit, FitError, Options, Patterns, Sample, fit};
use offprint::num;

use crate::model_support::{close, columns};

/// A file: certified estimate and standard deviation of each parameter as named (B0 is the intercept),
/// and rows of y, x1, x2...
struct Set {
    certified: Vec<(String, f64, f64)>,
    rows: Vec<Vec<f64>>,
}

fn set(text: &str) -> Set {
    let number = |cell: &str| -> f64 { cell.parse().expect("a number") };
    let parameter = |line: &str| -> Option<(String, f64, f64)> {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let digits = cells.first()?.strip_prefix('B')?;
        (cells.len() == 3 && digits.parse::<u32>().is_ok()).then(|| (digits.into(), number(cells[1]), number(cells[2])))
    };
    // Certified values are in lines 31 to 60, data from line 61: the files' own headers say so.
    let certified = text.lines().skip(30).take(30).filter_map(parameter).collect();
    let row = |line: &str| -> Vec<f64> { line.split_whitespace().map(number).collect() };
    Set { certified, rows: text.lines().skip(60).map(row).filter(|row| !row.is_empty()).collect() }
}

impl Set {
    /// Outcome and regressors, a single x raised to every power the certified parameters have.
    fn table(&self) -> (Vec<f64>, Vec<Vec<f64>>) {
        let y = self.rows.iter().map(|row| row[0]).collect();
        let x = |at: usize| -> Vec<f64> { self.rows.iter().map(|row| row[at]).collect() };
        let highest = self.certified.len() - usize::from(self.certified[0].0 == "0");
        let regressors = if self.rows[0].len() > 2 {
            (1..self.rows[0].len()).map(x).collect()
        } else {
            (1..=highest).map(|power| x(1).iter().map(|x| (0..power).fold(1.0, |all, _| all * x)).collect()).collect()
        };
        (y, regressors)
    }
}

fn least_squares(y: Vec<f64>, regressors: Vec<Vec<f64>>) -> Result<Fit, FitError> {
    let nothing = Patterns::default();
    let names: Vec<String> = (1..=regressors.len()).map(|at| at.to_string()).collect();
    let sample = Sample { outcome: Some(y), ..columns(&names, regressors, &nothing) };
    let options = Options { absorb: false, family: Family::Linear, covariance: Covariance::Iid, ..Options::default() };
    fit(&sample, &options)
}

fn log10(value: f64) -> f64 {
    num::ln(value.max(1e-15)) / std::f64::consts::LN_10
}

/// Digits that agree: minus the decimal logarithm of the relative error, 15 at most.
fn digits(got: f64, want: f64) -> f64 {
    if got == want { 15.0 } else { -log10((got / want - 1.0).abs()) }
}

/// Fewest digits over the parameters: of the estimates, and of the standard deviations.
fn agreement(text: &str) -> (f64, f64) {
    let set = set(text);
    let (y, regressors) = set.table();
    let fit = least_squares(y, regressors).expect("a regression");
    let (mut of_estimates, mut of_errors) = (15.0_f64, 15.0_f64);
    for (name, estimate, deviation) in &set.certified {
        let wanted = if name == "0" { "(intercept)" } else { name };
        let at = fit.terms.iter().position(|term| term.name == wanted).expect("every parameter");
        of_estimates = of_estimates.min(digits(fit.coefficient[at], *estimate));
        of_errors = of_errors.min(if *deviation == 0.0 {
            // An exact polynomial: what is left is rounding, told as digits of the estimate.
            -log10(fit.std_error[at] / estimate)
        } else {
            digits(fit.std_error[at], *deviation)
        });
    }
    (of_estimates, of_errors)
}

macro_rules! nist {
    ($name:literal) => {
        include_str!(concat!("../oracles/nist/", $name, ".dat"))
    };
}

/// Name, file, and the digits asked of estimates and of standard deviations: what is reached, rounded down.
/// The estimates of Wampler 4 and 5 are 1 with deviations of up to 2e7, so that few digits are left for them.
const SETS: [(&str, &str, f64, f64); 8] = [
    ("Norris", nist!("Norris"), 13.0, 13.0),
    ("Pontius", nist!("Pontius"), 12.0, 13.0),
    ("Longley", nist!("Longley"), 12.0, 12.0),
    ("Wampler1", nist!("Wampler1"), 9.0, 9.0),
    ("Wampler2", nist!("Wampler2"), 13.0, 12.0),
    ("Wampler3", nist!("Wampler3"), 9.0, 9.0),
    ("Wampler4", nist!("Wampler4"), 7.5, 9.0),
    ("Wampler5", nist!("Wampler5"), 6.0, 9.0),
];

#[test]
fn certified_values_to_as_many_digits_as_their_condition_leaves() {
    for (name, text, estimates, errors) in SETS {
        let got = agreement(text);
        assert!(got.0 >= estimates && got.1 >= errors, "{name}: {got:?} digits of estimates and deviations");
    }
}

/// NoInt1 and NoInt2 have no intercept, and a model here always has one or absorbed effects. With each row
/// mirrored through the origin the intercept is 0 and the slope that of the line through the origin; the
/// variance has 2n - 2 degrees of freedom over twice the squares, so the deviation is the certified one
/// times sqrt(1/2).
#[test]
fn lines_through_the_origin_by_mirrored_rows() {
    for text in [nist!("NoInt1"), nist!("NoInt2")] {
        let set = set(text);
        let (y, x) = set.table();
        let both = |values: &[f64]| -> Vec<f64> { values.iter().flat_map(|v| [*v, -v]).collect() };
        let fit = least_squares(both(&y), vec![both(&x[0])]).expect("a regression");
        let (_, slope, deviation) = &set.certified[0];
        close(fit.coefficient[0], *slope, 1e-14, "slope");
        close(fit.std_error[0], deviation * 0.5_f64.sqrt(), 1e-13, "its deviation");
        assert!(fit.coefficient[1].abs() < 1e-13, "{}", fit.coefficient[1]);
    }
}

/// Filip, a polynomial of degree 10 in raw powers, is beyond normal equations in double precision. It is
/// refused, with the powers named, and not answered wrongly. In Chebyshev polynomials of x on its own range
/// the same regression has the certified residual deviation.
#[test]
fn filip_is_refused_in_raw_powers_and_right_in_a_better_basis() {
    let set = set(nist!("Filip"));
    let (y, powers) = set.table();
    match least_squares(y.clone(), powers.clone()) {
        Err(FitError::Collinear { term, with, .. }) => {
            assert_eq!((term.name.as_str(), with.len()), ("7", 6));
        }
        other => panic!("{other:?}"),
    }
    let x = &powers[0];
    let (low, high) = x.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
    let unit: Vec<f64> = x.iter().map(|x| (2.0 * x - low - high) / (high - low)).collect();
    let mut basis = vec![vec![1.0; x.len()], unit.clone()];
    for at in 2..=10 {
        let next = unit.iter().zip(&basis[at - 1]).zip(&basis[at - 2]).map(|((u, a), b)| 2.0 * u * a - b).collect();
        basis.push(next);
    }
    let n = y.len() as f64;
    let fit = least_squares(y, basis.split_off(1)).expect("a regression");
    let squares = n / std::f64::consts::TAU * num::exp(-2.0 * fit.log_likelihood / n - 1.0);
    close((squares / (n - 11.0)).sqrt(), residual_deviation(nist!("Filip")), 1e-9, "residual deviation");
}

/// The certified residual standard deviation, on the line after the word.
fn residual_deviation(text: &str) -> f64 {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("Standard Deviation   ")).expect("a line");
    line.trim().parse().expect("a number")
}
