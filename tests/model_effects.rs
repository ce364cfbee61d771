//! Effects through several columns, within subgroups and with covariates sampled, against explicit
//! algebra over all parameters and marginaleffects (`oracles/effects.py`), and what must hold of any.

mod model_support;

use model_support::{Row, Use, close, counts, patterns, rows, sample};
use offprint::model::{
    At, Column, Covariance, Family, Fit, Members, Options, Place, Profile, Sample, Subgroup, Through, fit,
};

/// A number of `oracles/effects.csv`; none where the script could not give one.
fn stored(model: &str, term: &str, quantity: &str) -> Option<f64> {
    let wanted = format!("{model},{term},{quantity},");
    let found = include_str!("oracles/effects.csv").lines().find_map(|line| line.strip_prefix(&wanted));
    found.unwrap_or_else(|| panic!("no {wanted}")).parse().ok()
}

/// Which columns move with the exposure beside its own.
#[derive(Clone, Copy, PartialEq)]
enum Moving {
    Nothing,
    Blocks,
    Rows,
    Both,
}

/// Per block: what its first row says.
fn by_block(sample: &Sample, rows: &[Row], value: impl Fn(&Row) -> f64) -> Vec<f64> {
    sample.blocks.iter().map(|block| value(&rows[block.rows.start])).collect()
}

/// Its first or second power.
fn power_of(x: f64, power: u32) -> f64 {
    if power == 2 { x * x } else { x }
}

/// Adds square and late (block columns), by_z and by_old (row-level numbers).
fn moving<'a>(mut sample: Sample<'a>, rows: &[Row], which: Moving) -> (Sample<'a>, Vec<Through>) {
    let mut through = Vec::new();
    let exposure = sample.columns[0].values.clone();
    if matches!(which, Moving::Blocks | Moving::Both) {
        let late = by_block(&sample, rows, |row| f64::from(u8::from(row.wave >= 4)));
        for (name, power, other) in [("square", 2, vec![1.0; late.len()]), ("late", 1, late)] {
            let values = exposure.iter().zip(&other).map(|(x, other)| other * power_of(*x, power)).collect();
            through.push(Through { column: Place::Block(sample.columns.len()), power, other });
            sample.columns.push(Column { name: name.into(), level: String::new(), values });
        }
    }
    if matches!(which, Moving::Rows | Moving::Both) {
        let z: Vec<f64> = rows.iter().map(|row| row.z - 55.0).collect();
        let old = rows.iter().map(|row| f64::from(u8::from(row.age >= 2))).collect();
        for (name, power, other) in [("by_z", 1, z), ("by_old", 2, old)] {
            let values =
                rows.iter().zip(&other).map(|(row, other): (&Row, &f64)| other * power_of(row.exposure, power));
            let values = values.collect();
            through.push(Through { column: Place::Row(sample.numerics.len()), power, other });
            sample.numerics.push(Column { name: name.into(), level: String::new(), values });
        }
    }
    (sample, through)
}

const SUBGROUPS: [&str; 3] = ["age", "high", "wave"];

fn subgroups(sample: &Sample, rows: &[Row]) -> Vec<Subgroup> {
    let wave = by_block(sample, rows, |row| f64::from(row.wave)).iter().map(|wave| *wave as u32).collect();
    let high = rows.iter().map(|row| u32::from(row.z > 60.0)).collect();
    let named = |name: &str, of| Subgroup { name: name.into(), of };
    vec![named("age", Members::Factor(0)), named("high", Members::Rows(high)), named("wave", Members::Blocks(wave))]
}

fn options(family: Family, covariance: Covariance, sample: &Sample, rows: &[Row]) -> Options {
    let second = |row: &Row| f64::from(row.wave * 6 + row.practice % 6);
    let second = by_block(sample, rows, second).iter().map(|cluster| *cluster as u32).collect();
    Options {
        family,
        covariance,
        vcov: Profile::None,
        second_cluster: if covariance == Covariance::TwoWay { second } else { Vec::new() },
        effect_of: Some(0),
        subgroups: subgroups(sample, rows),
        contrasts: vec![(At::Value(0.0), At::Observed), (At::Value(1.0), At::Value(2.0))],
        ..Options::default()
    }
}

/// Every average of a fit under the script's name: value, error, error with covariates sampled.
fn averages(fit: &Fit) -> Vec<(String, f64, f64, Option<f64>)> {
    let effect = fit.average_marginal_effect.expect("an exposure");
    let mut out = vec![("ame".to_string(), effect.estimate, effect.std_error, effect.sampled)];
    for one in &fit.subgroup_effects {
        let name = format!("ame_{}{}", SUBGROUPS[one.subgroup], one.level);
        out.push((name, one.effect.estimate, one.effect.std_error, one.effect.sampled));
    }
    for contrast in &fit.contrasts {
        let name = if contrast.from == At::Value(0.0) { "none" } else { "one_two" };
        for (e, tag) in [(contrast.at_from, "from"), (contrast.at_to, "to"), (contrast.difference, "difference")] {
            out.push((format!("{name}_{tag}"), e.estimate, e.std_error, e.sampled));
        }
    }
    out
}

fn compare(model: &str, family: Family, absorb: bool, weight: bool, which: Moving) {
    let (rows, patterns) = (rows(), patterns());
    let (mut sample, through) = moving(sample(&rows, &patterns, Use { weight, z: true }), &rows, which);
    if family == Family::Poisson {
        sample.outcome = Some(counts().iter().map(|[count, _]| *count).collect());
        sample.offset = Some(counts().iter().map(|[_, offset]| *offset).collect());
    }
    let kinds = [
        ("cluster", Covariance::Cluster),
        ("hc", Covariance::Hc1),
        ("twoway", Covariance::TwoWay),
        ("iid", Covariance::Iid),
    ];
    for (kind, covariance) in kinds.into_iter().filter(|(kind, _)| !(*kind == "iid" && family == Family::Linear)) {
        let asked = options(family, covariance, &sample, &rows);
        let asked = Options { absorb, through: through.clone(), ..asked };
        let fit = fit(&sample, &asked).expect("the stored data fit");
        let averages = averages(&fit);
        assert_eq!(averages.len(), 1 + 12 + 3 * 2);
        for (name, value, error, sampled) in averages {
            let what = format!("{model} {name} {kind}");
            close(value, stored(model, &name, "estimate").expect("a number"), 1e-9, &what);
            let Some(wanted) = stored(model, &name, &format!("se_{kind}")) else {
                // The script's algebra gives a negative variance, too.
                assert!(kind == "twoway" && error.is_nan(), "{what}: {error}");
                continue;
            };
            close(error, wanted, 1e-8, &what);
            match sampled {
                Some(error) => {
                    let wanted = stored(model, &name, &format!("sampled_{kind}")).expect("a number");
                    close(error, wanted, 1e-8, &format!("{what} sampled"));
                }
                None if kind == "twoway" => assert_eq!(stored(model, &name, "sampled_twoway"), None),
                None => assert_eq!(kind, "iid"),
            }
        }
    }
}

#[test]
fn logit_through_block_columns() {
    compare("logit_plain", Family::Logit, true, false, Moving::Nothing);
    compare("logit_block", Family::Logit, true, false, Moving::Blocks);
}

#[test]
fn logit_through_rows_and_with_weights() {
    compare("logit_rows", Family::Logit, true, false, Moving::Rows);
    compare("logit_weighted", Family::Logit, true, true, Moving::Both);
}

#[test]
fn probit_and_poisson_through_both() {
    compare("probit_both", Family::Probit, true, false, Moving::Both);
    compare("probit_weighted", Family::Probit, true, true, Moving::Rows);
    compare("poisson_both", Family::Poisson, true, false, Moving::Both);
    compare("poisson_weighted", Family::Poisson, false, true, Moving::Both);
}

#[test]
fn linear_through_both() {
    compare("linear_both", Family::Linear, true, false, Moving::Both);
}

/// These three, marginaleffects has seen too.
#[test]
fn without_absorbed_effects() {
    compare("logit_intercept", Family::Logit, false, false, Moving::Both);
    compare("probit_intercept", Family::Probit, false, false, Moving::Both);
    compare("linear_intercept", Family::Linear, false, false, Moving::Both);
}

/// Each block again with the exposure at `value`, its rows weighing next to nothing.
fn shadowed(rows: &[Row], value: f64) -> Vec<Row> {
    let blocks = rows.chunk_by(|a, b| (a.practice, a.wave) == (b.practice, b.wave));
    let shadow = |row: &Row| Row { exposure: value, weight: row.weight * 1e-9, ..*row };
    blocks.flat_map(|block| block.iter().copied().chain(block.iter().map(shadow)).collect::<Vec<_>>()).collect()
}

#[test]
fn a_small_step_of_everyone_is_the_average_effect() {
    // A shadow of everyone stands at 1 as a subgroup of its own: its average effect is the slope there
    // of the mean predictions, which the contrasts of nearby values give.
    let (step, patterns) = (1e-4, patterns());
    let rows = shadowed(&rows(), 1.0);
    let shadow: Vec<u32> = rows.iter().map(|row| u32::from(row.weight < 1e-6)).collect();
    // The rows of a block come in halves: blocks of their own, for the exposure is theirs.
    let mut built = sample(&rows, &patterns, Use { weight: true, z: true });
    let blocks = std::mem::take(&mut built.blocks);
    let (columns, mut halves) = (std::mem::take(&mut built.columns), Vec::new());
    for block in &blocks {
        let middle = (block.rows.start + block.rows.end) / 2;
        halves.push(offprint::model::Block { rows: block.rows.start..middle, ..block.clone() });
        halves.push(offprint::model::Block { rows: middle..block.rows.end, ..block.clone() });
    }
    built.blocks = halves;
    built.columns = columns
        .into_iter()
        .map(|column| Column { values: column.values.iter().flat_map(|v| [*v, *v]).collect(), ..column })
        .collect();
    built.columns[0].values = by_block(&built, &rows, |row| row.exposure);
    let (built, through) = moving(built, &rows, Moving::Both);
    for family in [Family::Logit, Family::Probit, Family::Poisson, Family::Linear] {
        let asked = Options {
            family,
            through: through.clone(),
            effect_of: Some(0),
            contrasts: vec![(At::Value(1.0 - step), At::Value(1.0 + step))],
            subgroups: vec![Subgroup { name: "shadow".into(), of: Members::Rows(shadow.clone()) }],
            ..Options::default()
        };
        let fitted = fit(&built, &asked).unwrap();
        let (difference, effect) = (fitted.contrasts[0].difference, fitted.subgroup_effects[1].effect);
        close(difference.estimate / (2.0 * step), effect.estimate, 1e-6, "slope of the means");
        close(difference.std_error / (2.0 * step), effect.std_error, 1e-6, "its error");
    }
}

#[test]
fn early_or_late_may_be_the_one_that_differs() {
    let (rows, patterns) = (rows(), patterns());
    let (plain, _) = moving(sample(&rows, &patterns, Use::default()), &rows, Moving::Nothing);
    let mut moved = plain.clone();
    let late = by_block(&plain, &rows, |row| f64::from(u8::from(row.wave >= 4)));
    let values = plain.columns[0].values.iter().zip(&late).map(|(x, late)| x * (1.0 - late)).collect();
    // Early and late slopes, once as exposure and difference, once as two columns that share nothing.
    moved.columns.push(Column { name: "early".into(), level: String::new(), values });
    let other: Vec<f64> = late.iter().map(|late| 1.0 - late).collect();
    let early = vec![Through { column: Place::Block(6), power: 1, other }];
    let mut turned = plain.clone();
    let values = plain.columns[0].values.iter().zip(&late).map(|(x, late)| x * late).collect();
    turned.columns.push(Column { name: "late".into(), level: String::new(), values });
    let late = vec![Through { column: Place::Block(6), power: 1, other: late }];
    let with =
        |through| Options { effect_of: Some(0), through, ..options(Family::Logit, Covariance::Cluster, &plain, &rows) };
    let (a, b) = (fit(&moved, &with(early)).unwrap(), fit(&turned, &with(late)).unwrap());
    for (a, b) in averages(&a).iter().zip(averages(&b)) {
        close(a.1, b.1, 1e-8, &a.0);
        close(a.2, b.2, 1e-8, &a.0);
        close(a.3.unwrap(), b.3.unwrap(), 1e-8, &a.0);
    }
}

#[test]
fn subgroups_add_up_and_count_everyone() {
    let (rows, patterns) = (rows(), patterns());
    let (sample, through) = moving(sample(&rows, &patterns, Use::default()), &rows, Moving::Both);
    let asked = options(Family::Logit, Covariance::Cluster, &sample, &rows);
    let fit = fit(&sample, &Options { through, ..asked }).unwrap();
    let all = fit.average_marginal_effect.expect("an exposure").estimate;
    for subgroup in 0..3 {
        let levels = || fit.subgroup_effects.iter().filter(|one| one.subgroup == subgroup);
        assert_eq!(levels().map(|one| one.responses).sum::<u64>(), fit.responses);
        let sum: f64 = levels().map(|one| one.responses as f64 * one.effect.estimate).sum();
        close(sum / fit.responses as f64, all, 1e-10, "average of averages");
        assert!(levels().all(|one| one.clusters > 1 && one.clusters <= fit.clusters));
    }
    let in_wave = |wave: u32| rows.iter().filter(move |row| row.wave == wave);
    let third = fit.subgroup_effects.iter().find(|one| one.subgroup == 2 && one.level == 3).unwrap();
    assert_eq!(third.responses, in_wave(3).count() as u64);
    let clusters: std::collections::BTreeSet<u32> = in_wave(3).map(|row| row.cluster).collect();
    assert_eq!(third.clusters, clusters.len() as u64);
}

#[test]
fn a_straight_line_has_the_same_effect_for_everyone() {
    // No curvature and one column: nothing varies with the covariates, so their sampling adds nothing.
    let (rows, patterns) = (rows(), patterns());
    let sample = sample(&rows, &patterns, Use { weight: true, z: true });
    for covariance in [Covariance::Cluster, Covariance::Hc1, Covariance::TwoWay] {
        // (Mean predictions do vary.)
        let asked = Options { contrasts: Vec::new(), ..options(Family::Linear, covariance, &sample, &rows) };
        let fit = fit(&sample, &asked).unwrap();
        for (name, value, error, sampled) in &averages(&fit) {
            close(*value, fit.coefficient[0], 1e-10, name);
            close(*error, fit.std_error[0], 1e-9, name);
            close(sampled.unwrap(), fit.std_error[0], 1e-9, name);
        }
    }
}

#[test]
fn threads_rows_and_subgroups_leave_no_trace() {
    let (rows, patterns) = (rows(), patterns());
    let (sample, through) = moving(sample(&rows, &patterns, Use { weight: true, z: true }), &rows, Moving::Both);
    let asked = Options { through, ..options(Family::Logit, Covariance::Hc1, &sample, &rows) };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit(&sample, &asked).unwrap())
    };
    assert_eq!(on(1), on(3));
    // Each row twice, or counted twice.
    let twice = Sample { count: Some(vec![2; rows.len()]), ..sample.clone() };
    let (one, two) = (on(1), fit(&twice, &asked).unwrap());
    for (a, b) in averages(&one).iter().zip(averages(&two)) {
        close(a.1, b.1, 1e-9, &a.0);
        close(a.2 / 2.0_f64.sqrt(), b.2, 1e-9, &a.0);
        close(a.3.unwrap() / 2.0_f64.sqrt(), b.3.unwrap(), 1e-9, &a.0);
    }
}

#[test]
fn columns_that_are_not_what_they_are_said_to_be_are_refused() {
    let (rows, patterns) = (rows(), patterns());
    let (sample, through) = moving(sample(&rows, &patterns, Use { weight: false, z: true }), &rows, Moving::Both);
    let refused = |sample: &Sample, change: &dyn Fn(&mut Options)| {
        let mut asked = Options { through: through.clone(), effect_of: Some(0), ..Options::default() };
        change(&mut asked);
        fit(sample, &asked).unwrap_err().to_string()
    };
    let mut wrong = sample.clone();
    let at = wrong.columns[7].values.iter().position(|v| *v != 0.0).unwrap();
    wrong.columns[7].values[at] += 1e-3;
    let what = format!("malformed sample: column `late` is not its other factor times the exposure's power at {at}");
    assert_eq!(refused(&wrong, &|_| ()), what);
    assert!(refused(&sample, &|o| o.through[2].power = 2).contains("`by_z`"));
    assert!(refused(&sample, &|o| o.through[2].other.truncate(5)).contains("`by_z`"));
    assert!(refused(&sample, &|o| o.through[0].column = Place::Block(0)).contains("named twice"));
    assert!(refused(&sample, &|o| o.through[0].power = 0).contains("power 0"));
    assert!(refused(&sample, &|o| o.through[1].column = o.through[0].column).contains("named twice"));
    assert!(refused(&sample, &|o| o.effect_of = None).contains("need an exposure"));
    let blocks = |of| vec![Subgroup { name: "half".into(), of }];
    assert!(refused(&sample, &|o| o.subgroups = blocks(Members::Blocks(vec![0]))).contains("`half`"));
    assert!(refused(&sample, &|o| o.subgroups = blocks(Members::Factor(2))).contains("`half`"));
}
