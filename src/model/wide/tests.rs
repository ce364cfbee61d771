//! What is solved for against what is factored: the same model by both ways, everything that a fit says.

use super::super::{
    At, Block, Column, Covariance, Factor, Family, Fit, FitError, Members, Options, Patterns, Place, Profile, Sample,
    Subgroup, Through, fit, fit_below,
};

use crate::num;

const GROUPS: usize = 60;
const WAVES: usize = 5;
const ROWS: usize = 24;
const SITES: usize = 40;
const KINDS: usize = 9;

/// A plain generator of numbers between 0 and 1.
fn random(mut state: u64) -> impl FnMut() -> f64 {
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn factor(name: &str, levels: usize, absorbed: bool) -> Factor {
    Factor { name: name.into(), levels: (0..levels).map(|l| l.to_string()).collect(), reference: 0, absorbed }
}

/// Sites and kinds (absorbed) that cross the groups, an age that is reported.
fn patterns() -> Patterns {
    let each = (0..SITES).flat_map(|s| (0..3).flat_map(move |a| (0..KINDS).flat_map(move |k| [s, a, k])));
    Patterns {
        factors: vec![factor("site", SITES, true), factor("age", 3, false), factor("kind", KINDS, true)],
        levels: each.map(|level| level as u16).collect(),
    }
}

fn sample(patterns: &Patterns, family: Family, weighted: bool) -> Sample<'_> {
    let mut random = random(7);
    let mut out = Sample {
        blocks: Vec::new(),
        columns: vec![Column::default(), Column::default()],
        patterns,
        numerics: vec![Column { name: "z".into(), ..Column::default() }],
        pattern: Vec::new(),
        success: Vec::new(),
        outcome: (!family.binary()).then(Vec::new),
        count: None,
        weight: weighted.then(Vec::new),
        offset: (family == Family::Poisson).then(Vec::new),
        group_name: "practice".into(),
    };
    for group in 0..GROUPS {
        for wave in 0..WAVES {
            let exposure = if wave > 1 { 2.0 * random() } else { 0.0 };
            let start = out.pattern.len();
            for _ in 0..ROWS {
                // Groups have their own sites mostly, so that both say much of the same.
                let site = (group + (6.0 * random()) as usize) % SITES;
                let (age, kind) = ((3.0 * random()) as usize, (KINDS as f64 * random()) as usize);
                let z = random() - 0.5;
                let eta = 0.3 * exposure - 0.4 * z + 0.2 * age as f64 + (site % 5) as f64 * 0.3 - 1.0;
                out.pattern.push(((site * 3 + age) * KINDS + kind) as u32);
                out.numerics[0].values.push(z);
                out.success.push(u8::from(random() < 1.0 / (1.0 + num::exp_clamped(-eta))));
                let offset = random();
                out.offset.iter_mut().for_each(|values| values.push(offset));
                let count = (2.0 * random() * num::exp_clamped(eta + offset)).round();
                let value = if family == Family::Poisson { count } else { eta + random() };
                out.outcome.iter_mut().for_each(|values| values.push(value));
                let weight = 0.5 + random();
                out.weight.iter_mut().for_each(|values| values.push(weight));
            }
            let rows = start..out.pattern.len();
            out.blocks.push(Block { rows, group: group as u32, cluster: (group / 2) as u32 });
            out.columns[0].values.push(exposure);
            out.columns[1].values.push(exposure * exposure);
        }
    }
    (out.columns[0].name, out.columns[1].name) = ("exposure".into(), "exposure^2".into());
    out
}

fn options(sample: &Sample, family: Family, covariance: Covariance, vcov: Profile) -> Options {
    let blocks = sample.blocks.len();
    let second = (0..blocks as u32).map(|at| at % WAVES as u32);
    let through = Through { column: Place::Block(1), power: 2, other: vec![1.0; blocks] };
    Options {
        family,
        covariance,
        vcov,
        second_cluster: if covariance == Covariance::TwoWay { second.collect() } else { Vec::new() },
        effect_of: Some(0),
        through: vec![through],
        subgroups: vec![Subgroup { name: "age".into(), of: Members::Factor(1) }],
        contrasts: vec![(At::Value(0.0), At::Observed)],
        scenarios: vec![vec![(0, 0.0), (1, 0.0)], vec![(0, 1.0), (1, 1.0)]],
        ..Options::default()
    }
}

/// Everything that a fit says in numbers.
fn numbers(fit: &Fit) -> Vec<f64> {
    let mut out = [&fit.coefficient[..], &fit.covariance, &fit.std_error].concat();
    let effects = fit.average_marginal_effect.iter().chain(fit.subgroup_effects.iter().map(|level| &level.effect));
    out.extend(effects.flat_map(|effect| [effect.estimate, effect.std_error, effect.sampled.unwrap_or(0.0)]));
    let means = fit.contrasts.iter().flat_map(|contrast| [&contrast.at_from, &contrast.at_to, &contrast.difference]);
    let means = means.chain(fit.scenarios.iter().flatten());
    out.extend(means.flat_map(|mean| [mean.estimate, mean.std_error, mean.sampled.unwrap_or(0.0)]));
    // Not the condition: what is factored holds the absorbed levels, what is solved for the reported columns.
    out.extend([fit.log_likelihood, fit.small_sample.factor, fit.critical_value]);
    out
}

fn assert_near(solved: &Fit, factored: &Fit, when: &str) {
    let (solved_numbers, factored_numbers) = (numbers(solved), numbers(factored));
    assert_eq!(solved_numbers.len(), factored_numbers.len(), "{when}");
    for (at, (a, b)) in solved_numbers.iter().zip(&factored_numbers).enumerate() {
        // A covariance may be small beside the errors that it is made of.
        // A two-way difference may be of no error in both.
        assert!(
            a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-8 * b.abs().max(1e-3),
            "{when}: number {at} is {a}, not {b}"
        );
    }
    assert_eq!(
        (&solved.terms, &solved.absorbed, &solved.dropped),
        (&factored.terms, &factored.absorbed, &factored.dropped)
    );
    assert!(solved.gradient_norm < 1e-6, "{when}: {}", solved.gradient_norm);
}

#[test]
fn solved_as_factored() {
    let patterns = patterns();
    for family in [Family::Logit, Family::Probit, Family::Linear, Family::Poisson] {
        for weighted in [false, true] {
            let sample = sample(&patterns, family, weighted);
            for covariance in [Covariance::Cluster, Covariance::TwoWay, Covariance::Hc1, Covariance::Iid] {
                for profile in [Profile::Stata, Profile::Fixest013] {
                    let options = options(&sample, family, covariance, profile);
                    let solved = fit_below(&sample, &options, 10).expect("solved");
                    let when = format!("{family:?} {covariance:?} {profile:?} weighted {weighted}");
                    assert_near(&solved, &fit(&sample, &options).expect("factored"), &when);
                }
            }
        }
    }
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let patterns = patterns();
    let sample = sample(&patterns, Family::Logit, true);
    let options = options(&sample, Family::Logit, Covariance::Cluster, Profile::Stata);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit_below(&sample, &options, 10).unwrap())
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(5));
}

#[test]
fn what_the_absorbed_effects_hold_is_named() {
    let patterns = patterns();
    let mut sample = sample(&patterns, Family::Linear, false);
    // A number that is the site's own.
    let site = |pattern: &u32| f64::from((pattern / (3 * KINDS as u32)) % 7);
    sample.numerics[0].values = sample.pattern.iter().map(site).collect();
    let options = options(&sample, Family::Linear, Covariance::Cluster, Profile::Stata);
    let error = fit_below(&sample, &options, 10).unwrap_err();
    assert_eq!(error.to_string(), "column `z` does not vary within `practice` and `site` and `kind`");
    assert_eq!(error, fit(&sample, &options).unwrap_err());
}

#[test]
fn perfect_prediction_is_found() {
    let patterns = patterns();
    let mut sample = sample(&patterns, Family::Logit, false);
    let z = &sample.numerics[0].values;
    for (at, success) in sample.success.iter_mut().enumerate() {
        // With z beyond a quarter the outcome is always 1, with z below minus a quarter always 0.
        *success = if z[at] > 0.25 { 1 } else { u8::from(z[at] >= -0.25) * *success };
    }
    let indicator = |z: &f64| f64::from(i8::from(*z > 0.25) - i8::from(*z < -0.25));
    sample.numerics[0].values = z.iter().map(indicator).collect();
    let options = options(&sample, Family::Logit, Covariance::Cluster, Profile::Stata);
    let (solved, factored) = (fit_below(&sample, &options, 10).unwrap_err(), fit(&sample, &options).unwrap_err());
    let FitError::Separated { separation, .. } = solved else { panic!("{solved}") };
    let FitError::Separated { separation: known, .. } = factored else { panic!("{factored}") };
    assert_eq!((separation.responses, separation.outcome), (known.responses, known.outcome));
}

/// Perfect prediction by absorbed effects together, none of which predicts anything alone (the problem of
/// fixest's issue 529): site 38 has ones in group 57 and zeros in 58, whose other rows are the zeros and ones of
/// site 39, which has nothing but ones in group 59.
#[test]
fn perfect_prediction_by_absorbed_effects_together_is_found() {
    let patterns = patterns();
    let mut sample = sample(&patterns, Family::Logit, false);
    let each = 3 * KINDS as u32;
    for block in sample.blocks.clone() {
        for row in block.rows.clone() {
            let (site, rest) = (sample.pattern[row] / each, sample.pattern[row] % each);
            let (site, success) = match (block.group, row % 2) {
                (57, 0) => (38, 1),
                (58, 0) => (38, 0),
                (58, _) => (39, sample.success[row]),
                (59, 0) => (39, 1),
                _ => (if site > 37 { site - 2 } else { site }, sample.success[row]),
            };
            (sample.pattern[row], sample.success[row]) = (site * each + rest, success);
        }
    }
    let options = options(&sample, Family::Logit, Covariance::Cluster, Profile::Stata);
    let (solved, factored) = (fit_below(&sample, &options, 10).unwrap_err(), fit(&sample, &options).unwrap_err());
    for error in [solved, factored] {
        let FitError::Separated { separation, .. } = &error else { panic!("{error}") };
        assert_eq!((separation.responses, separation.groups, separation.outcome), (180, 3, None), "{error}");
    }
}

#[test]
fn parts_that_never_meet_are_counted() {
    // Two halves of groups with sites of their own: one redundant site in each.
    let patterns = patterns();
    let mut sample = sample(&patterns, Family::Linear, false);
    let blocks = sample.blocks.clone();
    for block in &blocks {
        for row in block.rows.clone() {
            let (site, rest) = (sample.pattern[row] as usize / (3 * KINDS), sample.pattern[row] as usize % (3 * KINDS));
            let half = block.group as usize % 2;
            sample.pattern[row] = ((site / 2 * 2 + half) * 3 * KINDS + rest) as u32;
        }
    }
    let options = options(&sample, Family::Linear, Covariance::Iid, Profile::Stata);
    let (solved, factored) = (fit_below(&sample, &options, 10).unwrap(), fit(&sample, &options).unwrap());
    assert_eq!(solved.absorbed[0].redundant, 2);
    assert_near(&solved, &factored, "two parts");
}
