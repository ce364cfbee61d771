//! What must not change, what must sum to zero, and who must leave and be named.

mod model_support;

use model_support::{Row, Use, patterns, rows, sample};
use offprint::model::{
    Block, Column, Dropped, Factor, Family, Fit, FitError, Options, Patterns, Profile, Reason, Sample, Term, fit,
};
use proptest::prelude::*;

fn options() -> Options {
    Options { effect_of: Some(0), ..Options::default() }
}

/// Reason, responses and groups, after a check that the blocks add up to the responses.
fn told(dropped: &[Dropped]) -> Vec<(Reason, u64, u64)> {
    for one in dropped {
        assert_eq!(one.blocks.iter().map(|(_, n)| n).sum::<u64>(), one.responses, "{one:?}");
    }
    dropped.iter().map(|d| (d.reason.clone(), d.responses, d.groups)).collect()
}

fn main_fit() -> Fit {
    fit(&sample(&rows(), &patterns(), Use::default()), &options()).expect("the stored data fit")
}

/// Splitmix64: a shuffle that any machine repeats.
fn random(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

fn shuffled_within_blocks(rows: &[Row], seed: u64) -> Vec<Row> {
    let mut state = seed;
    let mut keyed: Vec<(u32, u32, u64, Row)> =
        rows.iter().map(|r| (r.practice, r.wave, (random(&mut state) * 1e15) as u64, *r)).collect();
    keyed.sort_by_key(|(p, w, k, _)| (*p, *w, *k));
    keyed.into_iter().map(|(_, _, _, row)| row).collect()
}

/// Many copies of the data, so that there is more than one chunk of work.
fn large(copies: u32, with: Use, patterns: &Patterns) -> Sample<'_> {
    let mut state = 1;
    let many: Vec<Row> = (0..copies)
        .flat_map(|copy| {
            rows().into_iter().map(move |mut row| {
                row.practice += copy * 50;
                row.cluster += copy * 17;
                row
            })
        })
        .map(|mut row| {
            row.y ^= u8::from(random(&mut state) < 0.2);
            row
        })
        .collect();
    sample(&many, patterns, with)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn row_order_within_blocks_changes_no_bit(seed: u64, weight: bool, z: bool) {
        let (rows, patterns) = (rows(), patterns());
        let with = Use { weight, z };
        let straight = fit(&sample(&rows, &patterns, with), &options()).unwrap();
        let shuffled = fit(&sample(&shuffled_within_blocks(&rows, seed), &patterns, with), &options()).unwrap();
        prop_assert_eq!(straight, shuffled);
    }

    #[test]
    fn relabelled_levels_and_clusters_change_names_only(shift in 1_u32..1000) {
        let (rows, patterns) = (rows(), patterns());
        let mut moved = sample(&rows, &patterns, Use::default());
        for block in &mut moved.blocks {
            block.group = block.group * 7 + shift;
            block.cluster += shift;
        }
        prop_assert_eq!(main_fit(), fit(&moved, &options()).unwrap());
    }
}

/// The sample's rows as cells with counts, in the order given by `split`: equal rows of a block may
/// become one cell or two.
fn aggregated<'a>(from: &Sample<'a>, split: bool) -> Sample<'a> {
    let mut out = from.clone();
    (out.pattern, out.success) = (Vec::new(), Vec::new());
    let (mut counts, mut weights, mut start) = (Vec::new(), Vec::new(), 0);
    for block in &mut out.blocks {
        let mut keys: Vec<(u32, u8, u64)> = block
            .rows
            .clone()
            .map(|r| (from.pattern[r], from.success[r], from.weight.as_ref().map_or(0, |w| w[r].to_bits())))
            .collect();
        keys.sort_unstable();
        for same in keys.chunk_by(|a, b| a == b) {
            let parts = if split && same.len() > 2 { vec![1, same.len() - 1] } else { vec![same.len()] };
            for part in parts {
                out.pattern.push(same[0].0);
                out.success.push(same[0].1);
                weights.push(f64::from_bits(same[0].2));
                counts.push(part as u32);
            }
        }
        block.rows = start..out.pattern.len();
        start = out.pattern.len();
    }
    out.count = Some(counts);
    out.weight = from.weight.is_some().then_some(weights);
    out
}

#[test]
fn rows_and_cells_give_the_same_bits() {
    let patterns = patterns();
    for weight in [false, true] {
        let large = large(20, Use { weight, z: false }, &patterns);
        assert!(large.pattern.len() > 100_000);
        let from_rows = fit(&large, &options()).unwrap();
        for split in [false, true] {
            let cells = aggregated(&large, split);
            assert!(cells.pattern.len() < large.pattern.len() || weight);
            assert_eq!(from_rows, fit(&cells, &options()).unwrap(), "weight {weight} split {split}");
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let patterns = patterns();
    let large = large(30, Use { weight: true, z: true }, &patterns);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(&large, &options()).unwrap())
    };
    let one = on(1);
    for threads in [2, 7, 16] {
        assert_eq!(one, on(threads), "{threads} threads");
    }
}

#[test]
fn absorbed_effects_equal_explicit_dummies() {
    let (rows, patterns) = (rows(), patterns());
    let absorbed = main_fit();
    let mut explicit = sample(&rows, &patterns, Use::default());
    for practice in 1..50 {
        let values = explicit.blocks.iter().map(|b| f64::from(u8::from(b.group == practice * 3))).collect();
        explicit.columns.push(Column { name: "practice".into(), level: practice.to_string(), values });
    }
    let dummies = fit(&explicit, &Options { absorb: false, ..options() }).unwrap();
    let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    let mut found = 0;
    for (at, term) in absorbed.terms.iter().enumerate() {
        let other = dummies.terms.iter().position(|t| t == term).unwrap();
        close(absorbed.coefficient[at], dummies.coefficient[other]);
        close(absorbed.std_error[at], dummies.std_error[other]);
        found += 1;
    }
    assert_eq!(found, 11);
    let (a, b) = (absorbed.average_marginal_effect.unwrap(), dummies.average_marginal_effect.unwrap());
    close(a.estimate, b.estimate);
    close(a.std_error, b.std_error);
    close(absorbed.log_likelihood, dummies.log_likelihood);
}

#[test]
fn rescaling_and_shifting_a_column_does_what_algebra_says() {
    let (rows, patterns) = (rows(), patterns());
    let (plain, mut moved) = (main_fit(), sample(&rows, &patterns, Use::default()));
    moved.columns[0].values.iter_mut().for_each(|x| *x = 1e6 + *x * 1000.0);
    for absorb in [true, false] {
        let options = Options { absorb, ..options() };
        let plain =
            if absorb { plain.clone() } else { fit(&sample(&rows, &patterns, Use::default()), &options).unwrap() };
        let fit = fit(&moved, &options).unwrap();
        assert!((fit.coefficient[0] * 1000.0 / plain.coefficient[0] - 1.0).abs() < 1e-7);
        assert!((fit.std_error[0] * 1000.0 / plain.std_error[0] - 1.0).abs() < 1e-7);
        assert!((fit.statistic[1] / plain.statistic[1] - 1.0).abs() < 1e-7);
    }
}

/// 40 groups in 10 clusters, 2 blocks of 6 rows each; covariate `kind` a, b, c.
fn small(outcome: impl Fn(u32, u32, u32) -> u8) -> (Patterns, Vec<Block>, Vec<u32>, Vec<u8>) {
    let levels = ["a", "b", "c", "never"].map(String::from).to_vec();
    let patterns = Patterns {
        factors: vec![Factor { name: "kind".into(), levels, reference: 0, absorbed: false }],
        levels: vec![0, 1, 2],
    };
    let (mut blocks, mut pattern, mut success) = (Vec::new(), Vec::new(), Vec::new());
    for group in 0..40 {
        for half in 0..2 {
            let start = pattern.len();
            for row in 0..6 {
                pattern.push(row % 3);
                success.push(outcome(group, half, row));
            }
            blocks.push(Block { rows: start..start + 6, group, cluster: group % 10 });
        }
    }
    (patterns, blocks, pattern, success)
}

fn mixed(group: u32, half: u32, row: u32) -> u8 {
    let mut state = u64::from(group * 100 + half * 10 + row) + 3;
    u8::from(random(&mut state) < 0.5)
}

fn assembled(parts: &(Patterns, Vec<Block>, Vec<u32>, Vec<u8>), column: impl Fn(usize, &Block) -> f64) -> Sample<'_> {
    let values = parts.1.iter().enumerate().map(|(at, block)| column(at, block)).collect();
    Sample {
        blocks: parts.1.clone(),
        columns: vec![Column { name: "exposure".into(), level: String::new(), values }],
        patterns: &parts.0,
        numerics: Vec::new(),
        pattern: parts.2.clone(),
        success: parts.3.clone(),
        outcome: None,
        count: None,
        weight: None,
        offset: None,
        group_name: "practice".into(),
    }
}

fn varying(at: usize, _: &Block) -> f64 {
    let mut state = at as u64;
    random(&mut state)
}

#[test]
fn groups_with_one_outcome_leave_and_are_counted() {
    let parts = small(|group, half, row| match group {
        0..3 => 0,
        3..5 => 1,
        _ => mixed(group, half, row),
    });
    let fitted = fit(&assembled(&parts, varying), &options()).unwrap();
    let expected = [(Reason::GroupAllFailures, 36, 3), (Reason::GroupAllSuccesses, 24, 2)];
    assert_eq!(told(&fitted.dropped), expected);
    assert_eq!((fitted.responses, fitted.groups), (35 * 12, 35));
    assert_eq!(fitted.unobserved, [Term::new("kind", "never")]);
    // The same as if they had never been there.
    let mut without = assembled(&parts, varying);
    without.blocks.drain(..10);
    without.columns[0].values.drain(..10);
    without.blocks.iter_mut().for_each(|b| b.rows = b.rows.start - 60..b.rows.end - 60);
    without.pattern.drain(..60);
    without.success.drain(..60);
    let clean = fit(&without, &options()).unwrap();
    assert_eq!((clean.coefficient, clean.covariance), (fitted.coefficient, fitted.covariance));
    // Least squares learns from constant groups: nobody leaves.
    let linear = fit(&assembled(&parts, varying), &Options { family: Family::Linear, ..options() }).unwrap();
    assert!(linear.dropped.is_empty() && linear.responses == 480);
}

#[test]
fn separated_levels_leave_are_named_and_set_off_others() {
    // Everyone of kind c has outcome 1; group 7 varies only through its kind c.
    let parts = small(|group, half, row| match (group, row % 3) {
        (_, 2) => 1,
        (7, _) => 0,
        _ => mixed(group, half, row),
    });
    let fitted = fit(&assembled(&parts, varying), &options()).unwrap();
    let separated = Reason::Separated { term: Term::new("kind", "c"), outcome: true };
    assert_eq!(told(&fitted.dropped)[0], (separated, 160, 40));
    let later = fitted.dropped.iter().find(|d| d.reason == Reason::GroupAllFailures).unwrap();
    assert!(later.groups >= 1 && later.responses >= 8);
    assert_eq!(fitted.terms, [Term::new("exposure", ""), Term::new("kind", "b")]);
    assert_eq!(fitted.responses + fitted.dropped.iter().map(|d| d.responses).sum::<u64>(), 480);
}

#[test]
fn separated_indicator_columns_leave_and_an_exposure_is_an_error() {
    let parts = small(|group, half, row| if group >= 30 && half == 1 { 1 } else { mixed(group, half, row) });
    let late = |at: usize, block: &Block| f64::from(u8::from(block.group >= 30 && at % 2 == 1));
    let mut sample = assembled(&parts, varying);
    let values = parts.1.iter().enumerate().map(|(at, block)| late(at, block)).collect();
    sample.columns.push(Column { name: "wave".into(), level: "late".into(), values });
    let fitted = fit(&sample, &options()).unwrap();
    let reason = Reason::Separated { term: Term::new("wave", "late"), outcome: true };
    assert!(told(&fitted.dropped).contains(&(reason, 60, 10)), "{:?}", fitted.dropped);
    assert!(fitted.terms.iter().all(|term| term.name != "wave"));
    let error = fit(&sample, &Options { effect_of: Some(1), ..options() }).unwrap_err();
    assert!(matches!(error, FitError::ExposureSeparated { .. }), "{error}");
}

#[test]
fn collinear_columns_are_named_with_what_explains_them() {
    let parts = small(mixed);
    let error = fit(&assembled(&parts, |_, block| f64::from(block.group)), &options()).unwrap_err();
    assert_eq!(error.to_string(), "column `exposure` does not vary within `practice`");
    let mut sample = assembled(&parts, varying);
    let copy = sample.columns[0].values.iter().zip(&sample.blocks).map(|(x, b)| 3.0 * x + f64::from(b.group)).collect();
    sample.columns.push(Column { name: "copy".into(), level: String::new(), values: copy });
    let error = fit(&sample, &options()).unwrap_err();
    assert_eq!(error.to_string(), "column `copy` is collinear with `exposure`");
    // A covariate that follows the group.
    let mut follows = small(mixed);
    for block in &follows.1 {
        follows.2[block.rows.clone()].fill(u32::from(block.group % 3 == 0));
    }
    let error = fit(&assembled(&follows, varying), &options()).unwrap_err();
    assert_eq!(error.to_string(), "column `kind: b` does not vary within `practice`");
}

#[test]
fn exposure_linear_in_waves_is_found() {
    let (rows, patterns) = (rows(), patterns());
    let mut sample = sample(&rows, &patterns, Use::default());
    let waves: Vec<f64> = (0..sample.blocks.len())
        .map(|b| (1..6).map(|w| w as f64 * sample.columns[w].values[b]).sum::<f64>() / 3.0)
        .collect();
    sample.columns[0].values = waves;
    let error = fit(&sample, &options()).unwrap_err();
    let FitError::Collinear { term, with, within: None } = &error else { panic!("{error}") };
    assert_eq!((term, with.len(), &with[0]), (&Term::new("wave", "5"), 5, &Term::new("exposure", "")));
}

#[test]
fn impossible_samples_say_why() {
    let text = |sample: &Sample, options: &Options| fit(sample, options).unwrap_err().to_string();
    let constant = small(|_, _, _| 1);
    let all_one = "outcome has one value only: every response is 1";
    assert_eq!(text(&assembled(&constant, varying), &options()), all_one);
    let by_group = small(|group, _, _| u8::from(group % 2 == 0));
    assert!(text(&assembled(&by_group, varying), &options()).starts_with("no responses left: all 480"));
    let parts = small(mixed);
    let mut empty = assembled(&parts, varying);
    (empty.blocks, empty.pattern, empty.success) = (Vec::new(), Vec::new(), Vec::new());
    empty.columns[0].values.clear();
    assert_eq!(text(&empty, &options()), "no responses to analyse");
    let mut one_cluster = assembled(&parts, varying);
    one_cluster.blocks.iter_mut().for_each(|block| block.cluster = 4);
    assert_eq!(text(&one_cluster, &options()), "clustered errors need at least 2 clusters, got 1");
    let mut without_reference = small(mixed);
    without_reference.0.factors[0].reference = 3;
    assert_eq!(
        text(&assembled(&without_reference, varying), &options()),
        "reference level `kind: never` does not occur"
    );
    let slow = Options { max_iterations: 1, ..options() };
    assert!(text(&assembled(&parts, varying), &slow).starts_with("not converged after 2 passes"));
    let mut malformed = assembled(&parts, varying);
    malformed.pattern[0] = 99;
    assert_eq!(text(&malformed, &options()), "malformed sample: pattern of row 0 is out of range");
    let mut weighted = assembled(&parts, varying);
    weighted.weight = Some(vec![-1.0; 480]);
    assert_eq!(text(&weighted, &options()), "malformed sample: weight of row 0 is negative or not a number");
}

#[test]
fn a_number_that_separates_the_outcome_is_not_estimated() {
    // The outcome is 1 exactly where the row's number is above a half.
    let parts = small(mixed);
    let mut sample = assembled(&parts, varying);
    let mut state = 9;
    let values: Vec<f64> = (0..480).map(|_| random(&mut state)).collect();
    sample.success = values.iter().map(|x| u8::from(*x > 0.5)).collect();
    sample.numerics = vec![Column { name: "score".into(), level: String::new(), values }];
    let error = fit(&sample, &options()).unwrap_err();
    assert!(matches!(error, FitError::Diverged { .. } | FitError::NotConverged { .. }), "{error}");
}

#[test]
fn zero_weights_leave_and_are_counted() {
    let (mut rows, patterns) = (rows(), patterns());
    rows.iter_mut().step_by(10).for_each(|row| row.weight = 0.0);
    let zeros = rows.iter().filter(|row| row.weight == 0.0).count() as u64;
    let with = Use { weight: true, z: false };
    let all = fit(&sample(&rows, &patterns, with), &options()).unwrap();
    assert_eq!(told(&all.dropped), [(Reason::ZeroWeight, zeros, 0)]);
    let kept: Vec<Row> = rows.iter().copied().filter(|row| row.weight > 0.0).collect();
    let clean = fit(&sample(&kept, &patterns, with), &options()).unwrap();
    assert_eq!((all.coefficient, all.covariance), (clean.coefficient, clean.covariance));
}

#[test]
fn scores_vanish_at_the_estimate_and_profiles_only_scale() {
    let fitted = main_fit();
    assert!(fitted.gradient_norm < 1e-8 && fitted.trace.len() < 8, "{:?}", fitted.trace);
    assert!(fitted.condition > 1.0 && fitted.condition < 1e4);
    let (rows, patterns) = (rows(), patterns());
    let none = fit(&sample(&rows, &patterns, Use::default()), &Options { vcov: Profile::None, ..options() }).unwrap();
    for (a, b) in fitted.covariance.iter().zip(&none.covariance) {
        assert!((a - b * fitted.small_sample.factor).abs() <= 1e-15 * a.abs().max(1e-3));
    }
}

#[test]
fn no_factors_is_the_same_as_a_factor_with_one_level() {
    let parts = small(mixed);
    let mut one_level = assembled(&parts, varying);
    one_level.pattern.fill(0);
    let none = Patterns::default();
    let mut without = one_level.clone();
    without.patterns = &none;
    let (a, b) = (fit(&one_level, &options()).unwrap(), fit(&without, &options()).unwrap());
    assert_eq!((a.coefficient, a.covariance, a.terms), (b.coefficient, b.covariance, b.terms));
    assert_eq!((a.unobserved.len(), b.unobserved.len()), (3, 0));
}

#[test]
fn the_scale_of_weights_does_not_matter() {
    let (rows, patterns) = (rows(), patterns());
    let with = Use { weight: true, z: false };
    let plain = fit(&sample(&rows, &patterns, with), &options()).unwrap();
    let mut scaled = sample(&rows, &patterns, with);
    scaled.weight.iter_mut().flatten().for_each(|w| *w *= 1e9);
    let scaled = fit(&scaled, &options()).unwrap();
    for at in 0..plain.terms.len() {
        assert!((scaled.coefficient[at] / plain.coefficient[at] - 1.0).abs() < 1e-9);
        assert!((scaled.std_error[at] / plain.std_error[at] - 1.0).abs() < 1e-9);
    }
    assert_eq!(scaled.trace.len(), plain.trace.len());
}

/// Four factors take the unrolled inner loop; the stored data, with two, take the other.
#[test]
fn four_factors_agree_with_indicator_columns() {
    let (blocks_of, groups) = (6_u32, 60_u32);
    let mut state = 5;
    let factor = |name: &str, n: usize| Factor {
        name: name.into(),
        levels: (0..n).map(|level| level.to_string()).collect(),
        reference: 0,
        absorbed: false,
    };
    // `c` never leaves its reference level and most levels of `b` are unobserved.
    let patterns = Patterns {
        factors: vec![factor("a", 2), factor("b", 250), factor("c", 250), factor("d", 2)],
        levels: (0..8_u16).flat_map(|p| [p & 1, 100 * (p >> 1 & 1), 0, p >> 2]).collect(),
    };
    let (mut blocks, mut pattern, mut success) = (Vec::new(), Vec::new(), Vec::new());
    for block in 0..groups * blocks_of {
        let start = pattern.len();
        // A block has one pattern, so that the same model can be written with block columns.
        let own = (random(&mut state) * 8.0) as u32;
        for _ in 0..10 {
            pattern.push(own);
            success.push(u8::from(random(&mut state) < 0.4 + 0.05 * f64::from(own & 1)));
        }
        blocks.push(Block { rows: start..start + 10, group: block / blocks_of, cluster: block % 20 });
    }
    let exposure: Vec<f64> = blocks.iter().map(|_| random(&mut state)).collect();
    let exposure = Column { name: "exposure".into(), level: String::new(), values: exposure };
    let by_factor = Sample {
        columns: vec![exposure],
        patterns: &patterns,
        numerics: Vec::new(),
        outcome: None,
        count: None,
        weight: None,
        offset: None,
        group_name: "practice".into(),
        blocks,
        pattern,
        success,
    };
    let none = Patterns::default();
    let mut by_column = by_factor.clone();
    by_column.patterns = &none;
    by_column.pattern.fill(0);
    for bit in 0..3 {
        let own = |block: &Block| f64::from(by_factor.pattern[block.rows.start] >> bit & 1);
        let values = by_factor.blocks.iter().map(own).collect();
        by_column.columns.push(Column { name: format!("bit {bit}"), level: String::new(), values });
    }
    let (a, b) = (fit(&by_factor, &options()).unwrap(), fit(&by_column, &options()).unwrap());
    assert_eq!(a.terms.len(), 4);
    for at in 0..4 {
        assert!((a.coefficient[at] / b.coefficient[at] - 1.0).abs() < 1e-9, "{}", a.terms[at]);
        assert!((a.std_error[at] / b.std_error[at] - 1.0).abs() < 1e-9, "{}", a.terms[at]);
    }
    let (a, b) = (a.average_marginal_effect.unwrap(), b.average_marginal_effect.unwrap());
    assert!((a.std_error / b.std_error - 1.0).abs() < 1e-9);
}

#[test]
fn a_thousand_copies_of_everyone_give_the_same_estimates_and_clustered_errors() {
    // So many responses that the steps near the maximum are taken with an earlier step's information.
    let (rows, patterns) = (rows(), patterns());
    let few = sample(&rows, &patterns, Use::default());
    let many = Sample { count: Some(vec![1_000; few.pattern.len()]), ..few.clone() };
    let options = Options { vcov: Profile::None, ..options() };
    let (few, many) = (fit(&few, &options).unwrap(), fit(&many, &options).unwrap());
    assert_eq!(many.responses, 1_000 * few.responses);
    // The step after the test brings the coefficients there; errors are those one short step before.
    let close = |a: f64, b: f64, far: f64| assert!((a - b).abs() <= far * a.abs(), "{a} {b} {:?}", many.trace);
    let same = |a: f64, b: f64| close(a, b, 1e-12);
    let near = |a: f64, b: f64| close(a, b, 1e-9);
    few.coefficient.iter().zip(&many.coefficient).for_each(|(a, b)| same(*a, *b));
    few.std_error.iter().zip(&many.std_error).for_each(|(a, b)| near(*a, *b));
    let effect = |fit: &Fit| fit.average_marginal_effect.unwrap();
    near(effect(&few).estimate, effect(&many).estimate);
    near(effect(&few).std_error, effect(&many).std_error);
}
