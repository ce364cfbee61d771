//! Perfect prediction by combinations, in the coefficients and among absorbed effects, found and
//! named; warnings that a finished fit carries.

use offprint::model::{
    Block, Column, Factor, Family, FitError, Options, Patterns, Sample, Separation, Term, Warning, fit,
};

/// Splitmix64.
fn random(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Two factors that do not add up: `age` young, middle, old and `region` north, south.
fn patterns() -> Patterns {
    let factor = |name: &str, levels: &[&str]| Factor {
        name: name.into(),
        levels: levels.iter().map(ToString::to_string).collect(),
        reference: 0,
        absorbed: false,
    };
    Patterns {
        factors: vec![factor("age", &["young", "middle", "old"]), factor("region", &["north", "south"])],
        levels: (0..3).flat_map(|a| (0..2).flat_map(move |r| [a, r])).collect(),
    }
}

/// 60 groups of 30 in three waves, outcome by pattern and wave.
fn sample<'a>(patterns: &'a Patterns, outcome: impl Fn(usize, usize, &mut u64) -> u8) -> Sample<'a> {
    let mut state = 5;
    let mut out = Sample {
        blocks: Vec::new(),
        columns: vec![
            Column { name: "exposure".into(), ..Column::default() },
            Column { name: "wave".into(), level: "2".into(), values: Vec::new() },
        ],
        patterns,
        numerics: Vec::new(),
        pattern: Vec::new(),
        success: Vec::new(),
        outcome: None,
        count: None,
        weight: None,
        offset: None,
        group_name: "practice".into(),
    };
    for group in 0..60 {
        for wave in 0..3 {
            let start = out.pattern.len();
            for _ in 0..30 {
                let pattern = (random(&mut state) * patterns.len() as f64) as usize;
                out.success.push(outcome(pattern, wave, &mut state));
                out.pattern.push(pattern as u32);
            }
            out.blocks.push(Block { rows: start..out.pattern.len(), group, cluster: group });
            out.columns[0].values.push(random(&mut state));
            out.columns[1].values.push(f64::from(u8::from(wave == 2)));
        }
    }
    out
}

/// Old in the north never have the outcome, young in the south always: each level has both outcomes,
/// and yet `old` minus `south` runs off.
fn crossed(pattern: usize, _: usize, state: &mut u64) -> u8 {
    match pattern {
        4 => 0,
        1 => 1,
        _ => u8::from(random(state) < 0.5),
    }
}

#[test]
fn mixed_cells_on_both_sides_are_not_separation() {
    let patterns = patterns();
    assert!(fit(&sample(&patterns, crossed), &Options::default()).is_ok());
}

/// Only the middle ages in the north are mixed: the rest is split by age and region together.
fn staircase(pattern: usize, _: usize, state: &mut u64) -> u8 {
    match pattern {
        0 => 0,                             // young, north
        1 => u8::from(random(state) < 0.5), // young, south
        2 => u8::from(random(state) < 0.5), // middle, north
        3 | 5 => 1,                         // middle or old, south
        _ => u8::from(random(state) < 0.5), // old, north
    }
}

#[test]
fn a_combination_of_levels_is_found_and_named() {
    let patterns = patterns();
    for (absorb, family) in [(true, Family::Logit), (false, Family::Logit), (true, Family::Probit)] {
        let sample = sample(&patterns, staircase);
        let responses = sample.pattern.iter().filter(|p| [0, 3, 5].contains(*p)).count() as u64;
        match fit(&sample, &Options { absorb, family, ..Options::default() }) {
            Err(FitError::Separated { separation, trace }) => {
                let direction = vec![Term::new("age", "middle"), Term::new("age", "old"), Term::new("region", "south")];
                let wanted = Separation { direction, shared: vec![], responses, groups: 60, outcome: None };
                assert_eq!(separation, wanted, "{absorb} {family:?}");
                assert!(trace.len() > 3);
            }
            other => panic!("{absorb} {family:?}: {other:?}"),
        }
    }
}

#[test]
fn the_levels_that_the_perfectly_predicted_share_are_told() {
    // Young in the north never; young in the south and the others in the north mixed; nobody else.
    let patterns = patterns();
    let of = |pattern: usize, _: usize, state: &mut u64| if pattern == 0 { 0 } else { u8::from(random(state) < 0.5) };
    let mut sample = sample(&patterns, of);
    let mut state = 8;
    for (pattern, success) in sample.pattern.iter_mut().zip(&mut sample.success) {
        if [3, 5].contains(pattern) {
            (*pattern, *success) = (1, u8::from(random(&mut state) < 0.5));
        }
    }
    let error = fit(&sample, &Options::default()).unwrap_err();
    let n = sample.pattern.iter().filter(|p| **p == 0).count();
    let told = "perfect prediction by a combination of `age: middle`, `age: old`, `region: south`: ";
    let who = format!("{n} responses (all with `age: young` and `region: north`) in 60 groups have outcome 0");
    assert_eq!(error.to_string(), format!("{told}{who}"));
}

#[test]
fn poisson_too() {
    let patterns = patterns();
    let of = |pattern: usize, _: usize, state: &mut u64| u8::from(!matches!(pattern, 0 | 3 | 5) && random(state) < 0.7);
    let mut sample = sample(&patterns, of);
    sample.pattern.iter_mut().filter(|p| [3, 5].contains(*p)).for_each(|p| *p = 0);
    let options = Options { family: Family::Poisson, ..Options::default() };
    match fit(&sample, &options) {
        Err(FitError::Separated { separation, .. }) => {
            assert_eq!(separation.outcome, Some(false));
            assert_eq!(separation.shared, [Term::new("age", "young"), Term::new("region", "north")]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_number_that_separates_is_named() {
    let patterns = patterns();
    let mut sample = sample(&patterns, |_, _, state| u8::from(random(state) < 0.5));
    let mut state = 3;
    let score = |y: &u8| if *y == 1 { 1.0 + random(&mut state) } else { random(&mut state) };
    let values = sample.success.iter().map(score).collect();
    sample.numerics = vec![Column { name: "score".into(), level: String::new(), values }];
    let error = fit(&sample, &Options::default()).unwrap_err();
    assert!(matches!(error, FitError::Separated { .. } | FitError::Diverged { .. }), "{error}");
    assert!(error.to_string().contains("`score`"), "{error}");
}

#[test]
fn unfinished_is_not_separated() {
    let patterns = patterns();
    let sample = sample(&patterns, crossed);
    let options = Options { max_iterations: 1, ..Options::default() };
    match fit(&sample, &options) {
        Err(FitError::NotConverged { trace }) => assert!(trace.len() == 2 && trace[1].gradient > 1e-7, "{trace:?}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn extreme_weights_draw_a_warning() {
    let patterns = patterns();
    let mut sample = sample(&patterns, crossed);
    let mut weight = vec![1.0; sample.pattern.len()];
    sample.weight = Some(weight.clone());
    assert_eq!(fit(&sample, &Options::default()).unwrap().warnings, []);
    weight[7] = 540.0;
    sample.weight = Some(weight);
    let n = sample.pattern.len() as f64;
    match fit(&sample, &Options::default()).unwrap().warnings.as_slice() {
        [Warning::ExtremeWeights { largest, effective }] => {
            assert!((largest - 540.0 * n / (n + 539.0)).abs() < 1e-9);
            assert!((effective - (n + 539.0) * (n + 539.0) / (n - 1.0 + 540.0 * 540.0)).abs() < 1e-6);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn nearly_collinear_columns_draw_a_warning() {
    let patterns = patterns();
    let mut sample = sample(&patterns, crossed);
    let mut state = 77;
    let values = sample.columns[0].values.iter().map(|x| x + 1e-4 * random(&mut state)).collect();
    sample.columns.push(Column { name: "twin".into(), level: String::new(), values });
    let fit = fit(&sample, &Options::default()).unwrap();
    assert!(matches!(fit.warnings[..], [Warning::IllConditioned { .. }]), "{:?} {}", fit.warnings, fit.condition);
}
