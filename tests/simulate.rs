//! The simulated study against its own truth.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{WAVES, config};
use offprint::config::{Config, CovariateKind, Scale, Simulation};
use offprint::ingest::{Data, Survey};
use offprint::num;
use offprint::simulate::{Size, World, survey, survey_of, tables, truth};
use std::collections::{BTreeMap, BTreeSet};

fn study(config: &Config, size: Size) -> (Data, Survey) {
    let data = tables(config, size, Data::default()).unwrap();
    let survey = survey(config, size, &data).unwrap();
    (data, survey)
}

fn codes<'a>(survey: &'a Survey, item: &str) -> &'a [i8] {
    &survey.items.iter().find(|of| of.name == item).unwrap().codes
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn the_shipped_section_is_fine_and_slips_are_named() {
    let mut config = config();
    let simulation = config.simulation.clone().unwrap();
    assert_eq!(simulation.check(&config), []);
    let edit = |change: &dyn Fn(&mut Simulation), expected: &str| {
        let mut broken = simulation.clone();
        change(&mut broken);
        let problems = broken.check(&config);
        assert!(problems.iter().any(|problem| problem.what.contains(expected)), "{expected}: {problems:?}");
    };
    edit(
        &|of| {
            of.responders_by_wave.remove(&2020);
        },
        "has no value for wave 2020",
    );
    edit(
        &|of| {
            of.covariates.remove("age");
        },
        "says nothing of item `Q48_Merged`",
    );
    edit(
        &|of| {
            of.items.clear();
        },
        "lacks `Q30_recoded`",
    );
    edit(
        &|of| {
            of.workforce.censuses.remove("2021-12");
        },
        "lacks 2021-12",
    );
    edit(
        &|of| {
            of.outcomes.get_mut("support").unwrap().success.remove(&2);
        },
        "simulate.outcomes.support.success",
    );
    edit(
        &|of| {
            of.outcomes.get_mut("support").unwrap().odds_ratio = 0.0;
        },
        "expected a number above 0",
    );
    edit(
        &|of| {
            of.full.practices = 20_000;
        },
        "gives 9999 different codes",
    );
    edit(
        &|of| {
            of.workforce.other_roles[0].values.insert("STAFF_ROLE".into(), "Social Prescribing Link Workers".into());
        },
        "counts towards the exposure",
    );
    edit(
        &|of| {
            let age = of.covariates.remove("age").unwrap();
            of.covariates.insert("agee".into(), age);
        },
        "names `agee`",
    );
    let mut circle = simulation.clone();
    circle.covariates.get_mut("age").unwrap().by = BTreeMap::from([("work".to_string(), BTreeMap::new())]);
    config.simulation = Some(circle);
    let data = tables(&config, Size::Small, Data::default()).unwrap();
    assert!(survey(&config, Size::Small, &data).unwrap_err().to_string().contains("circle"));
    config.simulation.as_mut().unwrap().full.clusters = 0;
    assert!(tables(&config, Size::Full, Data::default()).unwrap_err().to_string().contains("`simulate.full`"));
    let text = "{ responders: 1, practices: 1, clusters: 1, areas: 1, regions: 1 }";
    assert!(serde_yaml::from_str::<Scale>(text).unwrap_err().to_string().contains("unknown field `regions`"));
}

#[test]
fn threads_do_not_matter() {
    let config = config();
    let (data, one) = on_threads(1, || study(&config, Size::Small));
    for threads in [2, 5] {
        let (again, other) = on_threads(threads, || study(&config, Size::Small));
        assert!(one == other);
        assert!(again.workforce.equals_missing(&data.workforce));
        assert!(again.practices.equals_missing(&data.practices));
        assert!(again.deprivation.equals_missing(&data.deprivation));
    }
    let mut reseeded = config.clone();
    reseeded.study.seed += 1;
    assert!(study(&reseeded, Size::Small).1 != one);
}

#[test]
fn every_code_that_the_config_names_occurs_in_the_small_study() {
    let config = config();
    let (_, survey) = study(&config, Size::Small);
    assert_eq!(survey.practice.len(), 60_000);
    let seen: BTreeMap<&str, BTreeSet<i8>> =
        survey.items.iter().map(|item| (item.name.as_str(), item.codes.iter().copied().collect())).collect();
    for outcome in &config.outcomes {
        let left_out = outcome.left_out.iter().map(|(code, _)| code);
        for code in outcome.success.iter().chain(&outcome.failure).chain(left_out) {
            assert!(seen[outcome.items[0].as_deref().unwrap()].contains(code), "{} {code}", outcome.id);
        }
        for (item, codes) in &outcome.base {
            assert!(codes.iter().all(|code| seen[item.as_str()].contains(code)));
        }
    }
    for covariate in &config.covariates {
        let CovariateKind::Item { items, levels, .. } = &covariate.kind else { continue };
        for code in levels.iter().flat_map(|(_, codes)| codes) {
            assert!(seen[items[0].as_str()].contains(code), "{} {code}", covariate.id);
        }
    }
    for (code, _) in &config.inputs.survey.missing {
        assert!(seen.values().any(|codes| codes.contains(code)), "missing code {code}");
    }
    // Two-way until 2020.
    let gender = codes(&survey, "Q112");
    assert!(gender.iter().zip(&survey.wave).all(|(code, wave)| *code < 3 || *wave >= 3));
}

/// Weighted share of successes among usable answers.
fn level(config: &Config, survey: &Survey, outcome: usize, rows: impl Iterator<Item = usize>) -> f64 {
    let outcome = &config.outcomes[outcome];
    let codes = codes(survey, outcome.items[0].as_deref().unwrap());
    let weight = |row: usize| survey.weight.as_ref().map_or(1.0, |weight| weight[row]);
    let (mut yes, mut all) = (0.0, 0.0);
    for row in rows {
        if outcome.success.contains(&codes[row]) {
            yes += weight(row);
            all += weight(row);
        } else if outcome.failure.contains(&codes[row]) {
            all += weight(row);
        }
    }
    yes / all
}

#[test]
fn the_full_study_has_its_sizes_and_levels() {
    let config = config();
    let (data, survey) = study(&config, Size::Full);
    let truth = config.simulation.as_ref().unwrap();
    assert_eq!(survey.practice.len(), 4_132_676);
    let mut rows = vec![Vec::new(); WAVES.len()];
    for (row, wave) in survey.wave.iter().enumerate() {
        rows[usize::from(*wave)].push(row);
    }
    let published: f64 = truth.responders_by_wave.values().sum();
    for (wave, year) in WAVES.iter().enumerate() {
        let expected = truth.responders_by_wave[year] / published * 4_132_676.0;
        assert!((rows[wave].len() as f64 - expected).abs() < 1.0);
        for (at, outcome) in config.outcomes.iter().enumerate() {
            let got = level(&config, &survey, at, rows[wave].iter().copied());
            let expected = truth.outcomes[&outcome.id].levels[year];
            assert!((got - expected).abs() < 0.007, "{} {year}: {got} for {expected}", outcome.id);
        }
    }
    let weight = survey.weight.as_ref().unwrap();
    let mean = weight.iter().sum::<f64>() / weight.len() as f64;
    assert!((mean - 1.0).abs() < 0.01, "{mean}");
    let base = codes(&survey, "Q30_recoded");
    let count = |code| base.iter().filter(|of| **of == code).count() as f64;
    let share = count(1) / (count(1) + count(2));
    assert!((share - 0.55).abs() < 0.02, "{share}");
    assert_eq!(survey.practices.len(), 6700);
    deprivation_means(&config, &data, &survey, &rows[0]);
}

/// Practice means of `experience` by quarter of deprivation: .898 .884 .851 .822 in 2018, roughly.
fn deprivation_means(config: &Config, data: &Data, survey: &Survey, rows: &[usize]) {
    let world = World::from_tables(config, config.simulation.as_ref().unwrap(), data).unwrap();
    let mut order: Vec<usize> = (0..world.practices.len()).collect();
    order.sort_by(|a, b| world.practices[*a].deprivation.total_cmp(&world.practices[*b].deprivation));
    let mut quarter = vec![0; order.len()];
    for (at, practice) in order.iter().enumerate() {
        quarter[*practice] = at * 4 / order.len();
    }
    let of: BTreeMap<&str, usize> =
        world.practices.iter().zip(quarter).map(|(practice, quarter)| (practice.code.as_str(), quarter)).collect();
    let mut means = Vec::new();
    for wanted in 0..4 {
        let inside =
            rows.iter().copied().filter(|row| of[survey.practices[survey.practice[*row] as usize].as_str()] == wanted);
        means.push(level(config, survey, 3, inside));
    }
    assert!(means.windows(2).all(|pair| pair[0] > pair[1]), "{means:?}");
    let gap = means[0] - means[3];
    assert!((0.05..0.11).contains(&gap), "{means:?}");
}

#[test]
fn the_workforce_has_the_real_totals() {
    let config = config();
    let data = tables(&config, Size::Full, Data::default()).unwrap();
    let frame = &data.workforce;
    let column = |name: &str| frame.column(name).unwrap().clone();
    let (census, pcn) = (column("census"), column("pcn"));
    let (amount, counts) = (column("amount"), column("counts"));
    let mut totals: BTreeMap<&str, (f64, BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for row in 0..frame.height() {
        let of = totals.entry(census.str().unwrap().get(row).unwrap()).or_default();
        let cluster = pcn.str().unwrap().get(row).unwrap();
        of.1.insert(cluster);
        if counts.bool().unwrap().get(row).unwrap() {
            of.0 += amount.f64().unwrap().get(row).unwrap();
            of.2.insert(cluster);
        }
    }
    // DOMAIN facts: total, clusters in the file, clusters with any.
    let real = [
        ("2020-03", 112.3, 188, 106),
        ("2020-06", 431.3, 497, 322),
        ("2020-12", 852.5, 758, 545),
        ("2021-03", 1093.3, 855, 631),
        ("2021-12", 1612.0, 1029, 802),
        ("2022-03", 1740.9, 1060, 835),
    ];
    assert_eq!(totals.len(), 12);
    for (census, total, clusters, any) in real {
        let (got, in_file, with_any) = &totals[census];
        assert!((got / total - 1.0).abs() < 0.1, "{census}: {got} for {total}");
        let near = |got: usize, real: usize| (got as f64 - real as f64).abs() < 40.0 + 0.03 * real as f64;
        assert!(near(in_file.len(), clusters), "{census}: {} clusters for {clusters}", in_file.len());
        assert!(near(with_any.len(), any), "{census}: {} with any for {any}", with_any.len());
    }
}

#[test]
fn the_exposure_is_amount_per_patient_of_the_wave() {
    let config = config();
    let data = tables(&config, Size::Small, Data::default()).unwrap();
    let world = World::from_tables(&config, config.simulation.as_ref().unwrap(), &data).unwrap();
    // By hand for one cluster and the wave 2022: file index 4, census 2021-12.
    let wave = 4;
    let returned: BTreeMap<String, f64> = {
        let frame = &data.workforce;
        let mut sums = BTreeMap::new();
        for row in 0..frame.height() {
            let text = |name: &str| frame.column(name).unwrap().str().unwrap().get(row).unwrap().to_string();
            if text("census") == "2021-12" {
                let counts = frame.column("counts").unwrap().bool().unwrap().get(row).unwrap();
                let amount = frame.column("amount").unwrap().f64().unwrap().get(row).unwrap();
                *sums.entry(text("pcn")).or_insert(0.0) += if counts { amount } else { 0.0 };
            }
        }
        sums
    };
    let mut patients: BTreeMap<String, f64> = BTreeMap::new();
    let frame = &data.practices;
    for row in 0..frame.height() {
        let file = frame.column("wave").unwrap().i32().unwrap().get(row).unwrap();
        let closed = frame.column("closed").unwrap().bool().unwrap().get(row).unwrap();
        if let (4, false, Some(pcn)) = (file, closed, frame.column("pcn").unwrap().str().unwrap().get(row)) {
            *patients.entry(pcn.to_string()).or_default() +=
                frame.column("patients").unwrap().f64().unwrap().get(row).unwrap();
        }
    }
    let mut checked = 0;
    for practice in &world.practices {
        assert!(practice.waves[0].is_none_or(|place| place.exposure == 0.0));
        let Some(place) = practice.waves[wave] else { continue };
        let Some(cluster) = place.cluster else { continue };
        let code = &world.clusters[cluster];
        if let (Some(amount), Some(patients)) = (returned.get(code), patients.get(code)) {
            assert!((place.exposure - 50_000.0 * amount / patients).abs() < 1e-12);
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn a_large_effect_is_found_again() {
    let mut config = config();
    let simulation = config.simulation.as_mut().unwrap();
    let outcome = simulation.outcomes.get_mut("experience").unwrap();
    outcome.odds_ratio = 2.0;
    outcome.practice_sd = 0.0;
    outcome.deprivation = 0.0;
    outcome.effects.clear();
    let simulation = simulation.clone();
    let data = tables(&config, Size::Small, Data::default()).unwrap();
    let world = World::from_tables(&config, &simulation, &data).unwrap();
    // Two groups by practice, one with exposure 1, one with 0, in every wave.
    let exposure = |practice: usize, wave: usize| world.practices[practice].waves[wave].map(|_| (practice % 2) as f64);
    let survey = survey_of(&config, &simulation, &simulation.small, &world, &exposure, &|_, _| {}).unwrap();
    let group: Vec<usize> = survey
        .practices
        .iter()
        .map(|code| world.practices.iter().position(|of| of.code == *code).unwrap() % 2)
        .collect();
    for wave in 0..WAVES.len() {
        let share = |wanted: usize| {
            let rows = (0..survey.wave.len()).filter(|row| usize::from(survey.wave[*row]) == wave);
            level(&config, &survey, 3, rows.filter(|row| group[survey.practice[*row] as usize] == wanted))
        };
        let logit = |p: f64| num::ln(p / (1.0 - p));
        let found = logit(share(1)) - logit(share(0));
        assert!((found - num::ln(2.0)).abs() < 0.17, "{found}");
    }
    assert!((truth(&config).unwrap().log_odds_ratio("experience").unwrap() - num::ln(2.0)).abs() < 1e-15);
}

#[test]
fn one_practice_does_not_change_another() {
    let config = config();
    let simulation = config.simulation.clone().unwrap();
    let data = tables(&config, Size::Small, Data::default()).unwrap();
    let world = World::from_tables(&config, &simulation, &data).unwrap();
    let mut changed = world.clone();
    changed.practices[7].deprivation += 1.5;
    changed.practices[8].waves.fill(None);
    let make = |world: &World| {
        let exposure = |practice: usize, wave: usize| world.practices[practice].waves[wave].map(|place| place.exposure);
        survey_of(&config, &simulation, &simulation.small, world, &exposure, &|_, _| {}).unwrap()
    };
    let (before, after) = (make(&world), make(&changed));
    let rows = |survey: &Survey| {
        let mut rows: BTreeMap<(String, u8), Vec<Vec<i8>>> = BTreeMap::new();
        let drawn: Vec<&[i8]> =
            ["Q48_Merged", "Q112", "Q49band", "Q50", "Q56"].iter().map(|item| codes(survey, item)).collect();
        for row in 0..survey.wave.len() {
            let key = (survey.practices[survey.practice[row] as usize].clone(), survey.wave[row]);
            rows.entry(key).or_default().push(drawn.iter().map(|codes| codes[row]).collect());
        }
        rows
    };
    let (before, after) = (rows(&before), rows(&after));
    let (mut same, mut different) = (0, 0);
    for (key, old) in &before {
        let Some(new) = after.get(key) else { continue };
        let shared = old.len().min(new.len());
        if key.0 == world.practices[7].code {
            different += usize::from(old[..shared] != new[..shared]);
        } else {
            assert_eq!(old[..shared], new[..shared], "{key:?}");
            same += shared;
        }
    }
    assert!(same > 50_000 && different > 0, "{same} {different}");
}

#[test]
fn one_outcome_does_not_change_another() {
    let config = config();
    let (_, all) = study(&config, Size::Small);
    let mut fewer = config.clone();
    fewer.outcomes.remove(1);
    fewer.simulation.as_mut().unwrap().outcomes.remove("support");
    let (_, some) = study(&fewer, Size::Small);
    assert_eq!(some.items.len() + 1, all.items.len());
    assert!(some.items.iter().all(|item| codes(&all, &item.name) == item.codes));
    assert!(some.weight == all.weight);
}
