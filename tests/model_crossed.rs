//! Two absorbed effects that cross and have too many levels for a square of them, against explicit dummies in one
//! sparse system (`oracles/crossed.py`): coefficients, errors, marginal effects, contrasts, who leaves.

#[path = "model_support/crossed.rs"]
mod crossed;
mod model_support;

use crossed::{FIRMS, Row, rows, stored};
use model_support::close;
use offprint::model::{
    At, Block, Bootstrap, Column, Covariance, Factor, Family, Fit, FitError, Options, Patterns, Profile, Sample, fit,
};

fn firms() -> Patterns {
    let levels = (0..FIRMS).map(|firm| firm.to_string()).collect();
    let firm = Factor { name: "firm".into(), levels, reference: 0, absorbed: true };
    Patterns { factors: vec![firm], levels: (0..FIRMS as u16).collect() }
}

/// The made data, a block for each row.
fn sample(patterns: &Patterns, family: Family) -> Sample<'_> {
    let rows = rows();
    let column = |name: &str, value: fn(&Row) -> f64| Column {
        name: name.into(),
        level: String::new(),
        values: rows.iter().map(value).collect(),
    };
    let block =
        |(at, row): (usize, &Row)| Block { rows: at..at + 1, group: row.person as u32, cluster: row.cluster as u32 };
    Sample {
        blocks: rows.iter().enumerate().map(block).collect(),
        columns: vec![column("x", |row| row.x)],
        patterns,
        numerics: vec![column("z", |row| row.z)],
        pattern: rows.iter().map(|row| row.firm as u32).collect(),
        success: rows.iter().map(|row| u8::from(row.success)).collect(),
        outcome: match family {
            Family::Poisson => Some(rows.iter().map(|row| row.count).collect()),
            Family::Linear => Some(rows.iter().map(|row| row.number).collect()),
            Family::Logit | Family::Probit => None,
        },
        count: None,
        weight: None,
        offset: None,
        group_name: "person".into(),
    }
}

fn options(family: Family, covariance: Covariance) -> Options {
    let contrasts = vec![(At::Value(0.0), At::Observed)];
    Options { family, covariance, vcov: Profile::None, effect_of: Some(0), contrasts, ..Options::default() }
}

fn fitted(family: Family, covariance: Covariance, threads: usize) -> Fit {
    let patterns = firms();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    pool.install(|| fit(&sample(&patterns, family), &options(family, covariance)).expect("the made data fit"))
}

#[test]
fn as_by_explicit_dummies() {
    for (model, family) in [("linear", Family::Linear), ("logit", Family::Logit), ("poisson", Family::Poisson)] {
        for (kind, covariance) in [("iid", Covariance::Iid), ("hc", Covariance::Hc1), ("cluster", Covariance::Cluster)]
        {
            let fit = fitted(family, covariance, 2);
            assert_eq!(fit.responses as f64, stored(model, "n"), "{model}: who leaves");
            assert_eq!(fit.absorbed[0].redundant as f64, stored(model, "parts"), "{model}");
            for (at, term) in ["x", "z"].into_iter().enumerate() {
                let place = fit.terms.iter().position(|own| own.name == term).expect("a term");
                assert_eq!(place, at);
                close(
                    fit.coefficient[at],
                    stored(model, &format!("{term}_coefficient")),
                    1e-9,
                    &format!("{model} {term}"),
                );
                close(
                    fit.std_error[at],
                    stored(model, &format!("{term}_se_{kind}")),
                    1e-8,
                    &format!("{model} {term} {kind}"),
                );
            }
            let effect = fit.average_marginal_effect.expect("an exposure");
            close(effect.estimate, stored(model, "ame"), 1e-9, &format!("{model} effect"));
            close(effect.std_error, stored(model, &format!("ame_se_{kind}")), 1e-8, &format!("{model} effect {kind}"));
            let change = fit.contrasts[0].difference;
            close(change.estimate, stored(model, "contrast"), 1e-9, &format!("{model} contrast"));
            if kind == "cluster" {
                close(change.std_error, stored(model, "contrast_se_cluster"), 1e-8, &format!("{model} contrast"));
            }
        }
    }
}

#[test]
fn the_same_bits_on_one_thread_and_on_three() {
    assert_eq!(fitted(Family::Logit, Covariance::Cluster, 1), fitted(Family::Logit, Covariance::Cluster, 3));
}

#[test]
fn what_needs_the_whole_square_is_refused() {
    let patterns = firms();
    let sample = sample(&patterns, Family::Linear);
    let jackknife = fit(&sample, &options(Family::Linear, Covariance::Cr3)).unwrap_err();
    assert!(matches!(jackknife, FitError::TooWide { columns: 3_002, most: 500 }), "{jackknife}");
    let bootstrap = Some(Bootstrap { draws: 99, seed: 1 });
    let asked = Options { bootstrap, ..options(Family::Linear, Covariance::Cluster) };
    assert!(matches!(fit(&sample, &asked).unwrap_err(), FitError::TooWide { most: 500, .. }));
}

#[test]
fn more_levels_than_a_pattern_can_name_are_refused() {
    let mut patterns = firms();
    patterns.factors[0].levels = (0..70_000).map(|firm| firm.to_string()).collect();
    let error = fit(&sample(&patterns, Family::Logit), &options(Family::Logit, Covariance::Cluster)).unwrap_err();
    assert!(matches!(error, FitError::TooWide { columns: 70_000, most: 65_536 }), "{error}");
}
