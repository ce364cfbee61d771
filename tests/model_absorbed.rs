//! Several absorbed effects, against explicit dummies with the whole sandwich and against pyfixest
//! (`oracles/effects.py`): coefficients, errors, counts, departures.

mod model_support;

use model_support::{Row, Use, close, counts, name, rows, sample};
use offprint::model::{
    At, Bootstrap, Column, Covariance, Factor, Family, Fit, FitError, Members, Options, Patterns, Profile, Reason,
    Sample, Subgroup, Term, fit,
};

/// A number of `oracles/effects.csv`.
fn stored(model: &str, term: &str, quantity: &str) -> f64 {
    let wanted = format!("{model},{term},{quantity},");
    let found = include_str!("oracles/effects.csv").lines().find_map(|line| line.strip_prefix(&wanted));
    found.unwrap_or_else(|| panic!("no {wanted}")).parse().expect("a number")
}

/// Region of each row, 0..7: crosses practices, constant within practice and wave.
fn regions() -> Vec<u32> {
    include_str!("oracles/regions.csv").lines().skip(1).map(|line| line.parse().expect("a number")).collect()
}

fn factor(name: &str, levels: usize, reference: usize, absorbed: bool) -> Factor {
    Factor { name: name.into(), levels: (0..levels).map(|l| l.to_string()).collect(), reference, absorbed }
}

/// Region (absorbed or not), age and gender. Region comes first, so that what is absorbed has to be moved.
fn two(absorbed: bool) -> Patterns {
    let levels = (0..7).flat_map(|r| (0..4).flat_map(move |a| (0..3).flat_map(move |g| [r, a, g])));
    // An absorbed covariate's reference is of no account.
    let region = factor("region", 7, if absorbed { 99 } else { 0 }, absorbed);
    Patterns {
        factors: vec![region, factor("age", 4, 1, false), factor("gender", 3, 0, false)],
        levels: levels.collect(),
    }
}

/// Region and age by gender, both absorbed.
fn three() -> Patterns {
    let levels = (0..7).flat_map(|r| (0..12).flat_map(move |k| [r, k])).collect();
    Patterns { factors: vec![factor("region", 7, 0, true), factor("kind", 12, 0, true)], levels }
}

fn crossed<'a>(rows: &[Row], patterns: &'a Patterns, weight: bool, family: Family) -> Sample<'a> {
    let mut out = sample(rows, patterns, Use { weight, z: false });
    for (pattern, region) in out.pattern.iter_mut().zip(regions()) {
        *pattern += 12 * region;
    }
    if family == Family::Poisson {
        out.outcome = Some(counts().iter().map(|[count, _]| *count).collect());
    }
    out
}

fn asked(family: Family, covariance: Covariance, vcov: Profile) -> Options {
    let contrasts = vec![(At::Value(0.0), At::Observed)];
    Options { family, covariance, vcov, effect_of: Some(0), contrasts, ..Options::default() }
}

fn compare(model: &str, family: Family, patterns: &Patterns, weight: bool) {
    let mut sample = crossed(&rows(), patterns, weight, family);
    if family == Family::Poisson {
        sample.offset = Some(counts().iter().map(|[_, offset]| *offset).collect());
    }
    for (kind, covariance) in [("cluster", Covariance::Cluster), ("hc", Covariance::Hc1), ("iid", Covariance::Iid)] {
        if kind == "iid" && family == Family::Linear {
            continue;
        }
        let fit = fit(&sample, &asked(family, covariance, Profile::None)).expect("the stored data fit");
        for at in 0..fit.terms.len() {
            let term = name(&fit, at);
            close(fit.coefficient[at], stored(model, &term, "coefficient"), 1e-9, &term);
            close(fit.std_error[at], stored(model, &term, &format!("se_{kind}")), 1e-8, &format!("{term} {kind}"));
        }
        let effect = fit.average_marginal_effect.expect("an exposure");
        let change = fit.contrasts[0].difference;
        for (name, value, error, sampled) in [
            ("ame", effect.estimate, effect.std_error, effect.sampled),
            ("none_difference", change.estimate, change.std_error, change.sampled),
        ] {
            close(value, stored(model, name, "estimate"), 1e-9, name);
            close(error, stored(model, name, &format!("se_{kind}")), 1e-8, &format!("{name} {kind}"));
            if let Some(sampled) = sampled {
                close(sampled, stored(model, name, &format!("sampled_{kind}")), 1e-8, &format!("{name} sampled"));
            }
        }
        let own: u64 = fit.absorbed.iter().map(|effect| effect.levels - effect.redundant).sum();
        assert_eq!((50 + fit.terms.len() as u64 + own) as f64, stored(model, "", "columns"));
    }
}

#[test]
fn two_effects_in_every_family_equal_explicit_dummies() {
    compare("two_logit", Family::Logit, &two(true), false);
    compare("two_logit_weighted", Family::Logit, &two(true), true);
    compare("two_poisson", Family::Poisson, &two(true), false);
    compare("two_linear", Family::Linear, &two(true), false);
}

#[test]
fn three_effects_equal_explicit_dummies() {
    compare("three_logit", Family::Logit, &three(), false);
    compare("three_probit", Family::Probit, &three(), false);
}

#[test]
fn fixest_profile_counts_as_pyfixest_does() {
    let (rows, two, three) = (rows(), two(true), three());
    let cases = [
        ("feols", Family::Linear, &two),
        ("feols3", Family::Linear, &three),
        ("fepois", Family::Poisson, &two),
        ("feglm", Family::Logit, &two),
    ];
    for (model, family, patterns) in cases {
        for kind in ["cluster", "practice", "iid", "hetero"] {
            let mut sample = crossed(&rows, patterns, false, family);
            if kind == "practice" {
                sample.blocks.iter_mut().for_each(|block| block.cluster = block.group);
            }
            let covariance = match kind {
                "iid" => Covariance::Iid,
                "hetero" => Covariance::Hc1,
                _ => Covariance::Cluster,
            };
            let fit = fit(&sample, &asked(family, covariance, Profile::Fixest013)).unwrap();
            let key = format!("{model}_{kind}");
            if !include_str!("oracles/effects.csv").contains(&format!("\n{key},")) {
                assert_eq!(key, "feglm_hetero");
                continue;
            }
            // Outside least squares pyfixest stops where its deviance does, short of the maximum.
            let tolerance = if family == Family::Linear { 1e-8 } else { 1e-6 };
            close(fit.coefficient[0], stored(&key, "exposure", "coefficient"), tolerance, &key);
            close(fit.std_error[0], stored(&key, "exposure", "std_error"), tolerance, &key);
        }
    }
}

/// What a caller reads of a fit, absorbed or explicit.
fn numbers(fit: &Fit, terms: &[Term]) -> Vec<f64> {
    let at = |term: &Term| fit.terms.iter().position(|own| own == term).expect("a term");
    let mut out: Vec<f64> = terms.iter().flat_map(|t| [fit.coefficient[at(t)], fit.std_error[at(t)]]).collect();
    let effect = fit.average_marginal_effect.expect("an exposure");
    out.extend([effect.estimate, effect.std_error]);
    out.extend(fit.subgroup_effects.iter().flat_map(|one| [one.effect.estimate, one.effect.std_error]));
    out.extend(fit.contrasts.iter().flat_map(|one| [one.difference.estimate, one.difference.std_error]));
    out
}

#[test]
fn an_absorbed_covariate_is_a_reported_one_that_is_not_shown() {
    let (rows, hidden, shown) = (rows(), two(true), two(false));
    for family in [Family::Logit, Family::Linear] {
        for covariance in [Covariance::Cluster, Covariance::Cr3, Covariance::Iid] {
            for absorb in [true, false] {
                let subgroups = vec![Subgroup { name: "region".into(), of: Members::Factor(0) }];
                let bootstrap = (covariance == Covariance::Cluster).then_some(Bootstrap { draws: 99, seed: 3 });
                let options = Options { absorb, subgroups, bootstrap, ..asked(family, covariance, Profile::Stata) };
                let a = fit(&crossed(&rows, &hidden, false, family), &options).unwrap();
                let b = fit(&crossed(&rows, &shown, false, family), &options).unwrap();
                assert_eq!(b.terms.len(), a.terms.len() + 6 + usize::from(!absorb));
                assert!(a.terms.iter().all(|term| term.name != "region" && term.name != "(intercept)"));
                for (x, y) in numbers(&a, &a.terms).iter().zip(numbers(&b, &a.terms)) {
                    close(*x, y, 1e-8, &format!("{family:?} {covariance:?} {absorb}"));
                }
                assert_eq!(a.bootstrap.map(|test| test.p_value), b.bootstrap.map(|test| test.p_value));
                assert_eq!((a.absorbed[0].levels, a.absorbed[0].redundant), (7, 1));
                assert_eq!((a.critical_value, a.small_sample), (b.critical_value, b.small_sample));
            }
        }
    }
}

#[test]
fn what_the_groups_determine_is_dropped_and_counted() {
    // A covariate that is the practice, by another number, and one that is half of the practices.
    let (rows, plain) = (rows(), two(true));
    let without =
        fit(&crossed(&rows, &plain, false, Family::Logit), &asked(Family::Logit, Covariance::Cluster, Profile::Stata));
    let without = without.unwrap();
    let copies = (0..50).flat_map(|p| (0..84).flat_map(move |old| [p, old]));
    let mut patterns = Patterns { factors: vec![factor("same", 50, 0, true)], levels: Vec::new() };
    patterns.factors.extend(plain.factors.clone());
    patterns.factors.push(factor("half", 2, 0, true));
    for pair in copies.collect::<Vec<u16>>().chunks(2) {
        patterns.levels.push(pair[0]);
        patterns.levels.extend(&plain.levels[usize::from(pair[1]) * 3..usize::from(pair[1]) * 3 + 3]);
        patterns.levels.push(pair[0] % 2);
    }
    let mut sample = crossed(&rows, &plain, false, Family::Logit);
    for (pattern, row) in sample.pattern.iter_mut().zip(&rows) {
        *pattern += 84 * row.practice;
    }
    sample.patterns = &patterns;
    let with = fit(&sample, &asked(Family::Logit, Covariance::Cluster, Profile::Stata)).unwrap();
    let told: Vec<_> = with.absorbed.iter().map(|e| (e.name.as_str(), e.levels, e.redundant)).collect();
    assert_eq!(told, [("same", 50, 50), ("region", 7, 1), ("half", 2, 2)]);
    assert_eq!(with.terms, without.terms);
    for (a, b) in numbers(&with, &with.terms).iter().zip(numbers(&without, &with.terms)) {
        close(*a, b, 1e-9, "with copies of the groups");
    }
}

#[test]
fn a_regressor_within_absorbed_effects_is_named() {
    let rows = rows();
    let patterns = Patterns { factors: vec![factor("period", 6, 0, true)], levels: (0..6).collect() };
    let mut sample = sample(&rows, &patterns, Use::default());
    sample.pattern = rows.iter().map(|row| row.wave).collect();
    let error = fit(&sample, &asked(Family::Logit, Covariance::Cluster, Profile::Stata)).unwrap_err();
    assert_eq!(error.to_string(), "column `wave: 1` does not vary within `practice` and `period`");
    // Without the indicators the same model stands.
    sample.columns.truncate(1);
    assert!(fit(&sample, &asked(Family::Logit, Covariance::Cluster, Profile::Stata)).is_ok());
}

#[test]
fn levels_with_one_outcome_leave_together_and_are_counted() {
    let (mut rows, patterns) = (rows(), two(true));
    // Nobody in regions 2 and 5 has the outcome, everybody in region 3.
    for (row, region) in rows.iter_mut().zip(regions()) {
        row.y = match region {
            2 | 5 => 0,
            3 => 1,
            _ => row.y,
        };
    }
    let sample = crossed(&rows, &patterns, false, Family::Logit);
    let fitted = fit(&sample, &asked(Family::Logit, Covariance::Cluster, Profile::Stata)).unwrap();
    let of = |wanted: &[u32]| regions().iter().filter(|region| wanted.contains(region)).count() as u64;
    let reason = |levels: &[&str], outcome| Reason::AbsorbedLevels {
        name: "region".into(),
        levels: levels.iter().map(ToString::to_string).collect(),
        outcome,
    };
    let lost = |reason: &Reason| fitted.dropped.iter().find(|d| d.reason == *reason).map(|d| (d.groups, d.responses));
    assert!(fitted.dropped.iter().map(|d| d.responses).sum::<u64>() >= of(&[2, 3, 5]));
    let (groups, responses) = lost(&reason(&["2", "5"], false)).unwrap();
    assert!(groups == 2 && responses <= of(&[2, 5]) && responses > 0);
    let (groups, responses) = lost(&reason(&["3"], true)).unwrap();
    assert!(groups == 1 && responses <= of(&[3]) && responses > 0);
    assert_eq!(fitted.absorbed[0].levels, 4);
    assert_eq!(fitted.responses + fitted.dropped.iter().map(|d| d.responses).sum::<u64>(), rows.len() as u64);
    // Least squares learns from them.
    let linear = fit(&sample, &asked(Family::Linear, Covariance::Cluster, Profile::Stata)).unwrap();
    assert!(linear.dropped.is_empty() && linear.absorbed[0].levels == 7);
}

#[test]
fn threads_change_no_bit_and_many_patterns_no_number() {
    let (rows, patterns) = (rows(), two(true));
    let many: Vec<Row> = (0..26)
        .flat_map(|copy| rows.iter().map(move |row| Row { practice: row.practice + 50 * copy, ..*row }))
        .collect();
    let mut few = sample(&many, &patterns, Use { weight: true, z: false });
    for (pattern, region) in few.pattern.iter_mut().zip(regions().iter().cycle()) {
        *pattern += 12 * region;
    }
    let options = asked(Family::Logit, Covariance::Cluster, Profile::Stata);
    let on = |sample: &Sample, threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(sample, &options).unwrap())
    };
    let plain = on(&few, 1);
    // Every row has a pattern of its own: 145,080, which say no more than the 84.
    let mut table = Patterns { factors: patterns.factors.clone(), levels: Vec::new() };
    for pattern in &few.pattern {
        table.levels.extend(&patterns.levels[*pattern as usize * 3..*pattern as usize * 3 + 3]);
    }
    let mut wide = few.clone();
    (wide.patterns, wide.pattern) = (&table, (0..few.pattern.len() as u32).collect());
    let (one, three) = (on(&wide, 1), on(&wide, 3));
    assert_eq!(one, three);
    assert_eq!(plain, on(&few, 3));
    for (a, b) in numbers(&one, &one.terms).iter().zip(numbers(&plain, &one.terms)) {
        close(*a, b, 1e-10, "as many patterns as rows");
    }
}

#[test]
fn too_many_levels_are_refused() {
    let rows = rows();
    // A level for each row leaves nothing for the columns: by solving as by factoring.
    let patterns = Patterns { factors: vec![factor("each", 5_580, 0, true)], levels: (0..5_580).collect() };
    let mut sample = sample(&rows, &patterns, Use::default());
    sample.pattern = (0..5_580).collect();
    let error = fit(&sample, &asked(Family::Linear, Covariance::Cluster, Profile::Stata)).unwrap_err();
    assert!(matches!(error, FitError::Collinear { .. }), "{error}");
    assert!(error.to_string().contains("does not vary within `practice` and `each`"), "{error}");
    // Levels that are reported need the square.
    let patterns = Patterns { factors: vec![factor("each", 5_580, 0, false)], levels: (0..5_580).collect() };
    sample.patterns = &patterns;
    let error = fit(&sample, &asked(Family::Linear, Covariance::Cluster, Profile::Stata)).unwrap_err();
    assert!(matches!(error, FitError::TooWide { columns: 5_585, most: 2_500 }), "{error}");
    // The stored data's columns are six; a wide but possible model is below.
    let patterns = Patterns { factors: vec![factor("some", 600, 0, true)], levels: (0..600).collect() };
    sample.patterns = &patterns;
    sample.pattern.iter_mut().for_each(|pattern| *pattern %= 600);
    let wide = fit(&sample, &asked(Family::Linear, Covariance::Cluster, Profile::Stata)).unwrap();
    assert_eq!((wide.absorbed[0].levels, wide.absorbed[0].redundant, wide.terms.len()), (600, 1, 6));
    let again = fit(&sample, &asked(Family::Linear, Covariance::Cr3, Profile::Stata)).unwrap_err();
    assert!(matches!(again, FitError::TooWide { most: 500, .. }), "{again}");
    assert!(sample.columns.iter().all(|column: &Column| !column.values.is_empty()));
}
