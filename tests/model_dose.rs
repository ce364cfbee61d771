//! Splines, categories and predictions at set columns against R (`oracles/dose.R`), whose spline basis is another;
//! and what must hold of any basis.

mod model_support;

use model_support::{Use, close, patterns, rows, sample};
use offprint::model::{Column, Fit, FitError, Options, Profile, Sample, fit, restricted_cubic, wald, wald_at};

const KNOTS: [f64; 4] = [0.4, 0.9, 1.5, 2.4];

/// A number of `oracles/dose.csv`.
fn stored(term: &str, quantity: &str) -> f64 {
    let wanted = format!("{term},{quantity},");
    let found = include_str!("oracles/dose.csv").lines().find_map(|line| line.strip_prefix(&wanted));
    found.unwrap_or_else(|| panic!("no {wanted}")).parse().expect("a number")
}

/// The sample with these columns in the exposure's place.
fn shaped<'a>(mut sample: Sample<'a>, columns: &[(&str, &dyn Fn(f64) -> f64)]) -> Sample<'a> {
    let exposure = sample.columns.remove(0).values;
    for (name, value) in columns.iter().rev() {
        let values = exposure.iter().map(|x| value(*x)).collect();
        sample.columns.insert(0, Column { name: (*name).into(), level: String::new(), values });
    }
    sample
}

fn options(scenarios: Vec<Vec<(usize, f64)>>) -> Options {
    Options { vcov: Profile::None, scenarios, ..Options::default() }
}

fn at(x: f64) -> Vec<(usize, f64)> {
    restricted_cubic(x, &KNOTS).into_iter().enumerate().collect()
}

fn spline(scenarios: &[f64]) -> Fit {
    let (rows, patterns) = (rows(), patterns());
    let columns: [(&str, &dyn Fn(f64) -> f64); 3] = [
        ("spline", &|x| restricted_cubic(x, &KNOTS)[0]),
        ("bend", &|x| restricted_cubic(x, &KNOTS)[1]),
        ("bend", &|x| restricted_cubic(x, &KNOTS)[2]),
    ];
    let sample = shaped(sample(&rows, &patterns, Use::default()), &columns);
    fit(&sample, &options(scenarios.iter().map(|x| at(*x)).collect())).expect("the stored data fit")
}

#[test]
fn the_basis_is_cubic_inside_and_straight_outside() {
    assert_eq!(restricted_cubic(0.0, &KNOTS), [0.0, 0.0, 0.0]);
    // By hand at 1.0: ((0.6)^3 - 0) / 4 and ((0.1)^3 - 0) / 4.
    let by_hand = [1.0, 0.216 / 4.0, 0.001 / 4.0];
    restricted_cubic(1.0, &KNOTS).iter().zip(by_hand).for_each(|(a, b)| close(*a, b, 1e-14, "by hand"));
    // Second differences vanish beyond the last knot, and the curve is smooth at each.
    let second = |x: f64, step: f64, term: usize| {
        let value = |x: f64| restricted_cubic(x, &KNOTS)[term];
        (value(x + step) - 2.0 * value(x) + value(x - step)) / (step * step)
    };
    for term in 1..3 {
        assert!(second(5.0, 0.5, term).abs() < 1e-10 && second(0.2, 0.1, term).abs() < 1e-12);
        for knot in KNOTS {
            assert!((second(knot + 1e-3, 1e-4, term) - second(knot - 1e-3, 1e-4, term)).abs() < 2e-2);
        }
    }
    assert_eq!(restricted_cubic(2.0, &[1.0]), [2.0]);
}

#[test]
fn splines_match_r() {
    let places = [0.25, 0.75, 1.2, 2.0, 3.5];
    let all: Vec<f64> = std::iter::once(0.0).chain(places).collect();
    let fit = spline(&all);
    close(wald(&fit, &["spline", "bend"]).expect("testable").statistic, stored("spline", "wald"), 1e-7, "spline");
    let bend = wald(&fit, &["bend"]).expect("testable");
    close(bend.statistic, stored("bend", "wald"), 1e-7, "bend");
    assert_eq!((bend.df, wald_at(&fit, &[1, 2]).expect("testable")), (2, bend));
    let k = fit.terms.len();
    for (scenario, x) in places.iter().enumerate() {
        let (name, basis) = (format!("at {x}"), restricted_cubic(*x, &KNOTS));
        let value: f64 = basis.iter().zip(&fit.coefficient).map(|(b, beta)| b * beta).sum();
        let pairs = (0..3).flat_map(|a| (0..3).map(move |b| (a, b)));
        let variance: f64 = pairs.map(|(a, b)| basis[a] * basis[b] * fit.covariance[a * k + b]).sum();
        close(value, stored(&name, "coefficient"), 1e-7, &name);
        close(variance.sqrt(), stored(&name, "coefficient_error"), 1e-7, &name);
        let found = fit.scenarios[scenario + 1].expect("no column has left");
        close(found.estimate, stored(&name, "difference"), 1e-7, &format!("{name}, difference"));
        close(found.std_error, stored(&name, "difference_error"), 1e-7, &format!("{name}, its error"));
    }
    let first = fit.scenarios[0].expect("no column has left");
    assert!(first.estimate == 0.0 && first.std_error < 1e-15);
}

#[test]
fn categories_match_r() {
    let (rows, patterns) = (rows(), patterns());
    let is = |yes: bool| f64::from(u8::from(yes));
    let middle = |x: f64| is(x > 1.0 && x <= 2.0);
    let columns: [(&str, &dyn Fn(f64) -> f64); 2] = [("middle", &middle), ("high", &|x| is(x > 2.0))];
    let sample = shaped(sample(&rows, &patterns, Use::default()), &columns);
    let scenarios = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]].map(|v| vec![(0, v[0]), (1, v[1])]);
    let fit = fit(&sample, &options(scenarios.to_vec())).expect("the stored data fit");
    close(wald_at(&fit, &[0, 1]).expect("testable").statistic, stored("categories", "wald"), 1e-7, "categories");
    for level in 0..2 {
        let name = format!("category {}", level + 1);
        close(fit.coefficient[level], stored(&name, "coefficient"), 1e-7, &name);
        close(fit.std_error[level], stored(&name, "coefficient_error"), 1e-7, &name);
        let found = fit.scenarios[level + 1].expect("no column has left");
        close(found.estimate, stored(&name, "difference"), 1e-7, &name);
        close(found.std_error, stored(&name, "difference_error"), 1e-7, &name);
    }
}

#[test]
fn what_cannot_be_predicted_is_said() {
    let (rows, patterns) = (rows(), patterns());
    let mut sample = sample(&rows, &patterns, Use::default());
    let wrong = fit(&sample, &options(vec![vec![(99, 1.0)]]));
    assert!(matches!(wrong, Err(FitError::Malformed(_))));
    let wrong = fit(&sample, &options(vec![vec![(0, f64::NAN)]]));
    assert!(matches!(wrong, Err(FitError::Malformed(_))));
    // A level that nobody has leaves: at 0 it does not matter, at 1 nothing can be said.
    let none = vec![0.0; sample.blocks.len()];
    sample.columns.push(Column { name: "nobody".into(), level: "here".into(), values: none });
    let last = sample.columns.len() - 1;
    let scenarios = vec![vec![(0, 0.0), (last, 0.0)], vec![(0, 1.0), (last, 0.0)], vec![(0, 1.0), (last, 1.0)]];
    let fit = fit(&sample, &options(scenarios)).expect("the stored data fit");
    assert!(fit.scenarios[1].is_some() && fit.scenarios[2].is_none());
    assert!(wald_at(&fit, &[]).is_err() && wald_at(&fit, &[999]).is_err());
}
