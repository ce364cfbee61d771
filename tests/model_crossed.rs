//! Two absorbed effects that cross and have too many levels for a square of them, against explicit dummies in one
//! sparse system (`oracles/crossed.py`): coefficients, errors, marginal effects, contrasts, who leaves.

mod model_support;

use model_support::close;
use offprint::model::{
    At, Block, Bootstrap, Column, Covariance, Factor, Family, Fit, FitError, Options, Patterns, Profile, Sample, fit,
};

const PEOPLE: u64 = 4_000;
const FIRMS: u64 = 3_000;
const EACH: usize = 12;

/// A number of `oracles/crossed.csv`.
fn stored(model: &str, quantity: &str) -> f64 {
    let wanted = format!("{model},{quantity},");
    let found = include_str!("oracles/crossed.csv").lines().find_map(|line| line.strip_prefix(&wanted));
    found.unwrap_or_else(|| panic!("no {wanted}")).parse().expect("a number")
}

fn firms() -> Patterns {
    let levels = (0..FIRMS).map(|firm| firm.to_string()).collect();
    let firm = Factor { name: "firm".into(), levels, reference: 0, absorbed: true };
    Patterns { factors: vec![firm], levels: (0..FIRMS as u16).collect() }
}

/// The data of `oracles/crossed.py`, by the same generator.
fn sample(patterns: &Patterns, family: Family) -> Sample<'_> {
    let mut state = 11_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let column = |name: &str| Column { name: name.into(), ..Column::default() };
    let mut out = Sample {
        blocks: Vec::new(),
        columns: vec![column("x")],
        patterns,
        numerics: vec![column("z")],
        pattern: Vec::new(),
        success: Vec::new(),
        outcome: (family != Family::Logit).then(Vec::new),
        count: None,
        weight: None,
        offset: None,
        group_name: "person".into(),
    };
    for person in 0..PEOPLE {
        for _ in 0..EACH {
            let firm = (3 * person + (random() * 60.0) as u64) % FIRMS;
            let (x, z) = (random(), random());
            let eta = 0.5 * x - 0.7 * z + (person * 37 % 101) as f64 / 101.0 + (firm * 53 % 97) as f64 / 97.0 - 1.0;
            let p = (0.5 + 0.15 * eta).clamp(0.05, 0.95);
            let at = out.pattern.len();
            out.blocks.push(Block { rows: at..at + 1, group: person as u32, cluster: (person % 200) as u32 });
            out.columns[0].values.push(x);
            out.numerics[0].values.push(z);
            out.pattern.push(firm as u32);
            out.success.push(u8::from(random() < p));
            let count = (6.0 * p * random()).trunc();
            let number = eta + random();
            let value = if family == Family::Poisson { count } else { number };
            out.outcome.iter_mut().for_each(|values| values.push(value));
        }
    }
    out
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
