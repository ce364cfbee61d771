//! Practice to cluster to exposure.

use crate::support::{OnFile, Study, cluster, exposure, exposures, on_file};
use offprint::config::{CapAction, Census, Closed, NotReporting};
use offprint::panel::Unexposed::{AboveCap, NoCluster, NoPatients, NoPractice, NoReturn};
use polars::prelude::{Column, NamedFrom, Series};

const DECEMBER: [Option<Census>; 6] = [Some(Census { year: 2020, month: 12 }); 6];

#[test]
fn a_wave_without_a_file_takes_the_nearest_and_the_earlier_on_a_tie() {
    let mut study = Study::new().answers(&["P"]);
    study.practices = vec![on_file(2, "P", "X", 50_000.0), on_file(4, "P", "Y", 50_000.0)];
    study.config.exposure.census_for_wave = DECEMBER.to_vec();
    study.workforce = vec![("2020-12", "X".into(), 1.0, true), ("2020-12", "Y".into(), 2.0, true)];
    // 2018 and 2019 come before any file; 2021 is as near to 2020 as to 2022.
    let expected = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0].map(Ok);
    assert_eq!(exposures(&study.panel(), "P"), expected);
}

#[test]
fn outside_every_cluster_responses_stay_where_the_exposure_is_zero_by_definition() {
    let mut study = Study::new().elsewhere().answers(&["P", "ALONE", "GHOST"]);
    for wave in 2..6 {
        study.practices.extend([on_file(wave, "P", "X", 25_000.0), on_file(wave, "ALONE", "", 25_000.0)]);
    }
    for census in ["2020-12", "2021-12", "2022-12"] {
        study.workforce.push((census, "X".into(), 1.5, true));
    }
    study.config.exposure.before_start = 0.25;
    let panel = study.panel();
    assert_eq!(exposures(&panel, "P"), [Ok(0.25), Ok(0.25), Ok(0.25), Ok(3.0), Ok(3.0), Ok(3.0)]);
    let zero = [Ok(0.25); 3];
    assert_eq!(exposures(&panel, "ALONE"), [zero, [Err(NoCluster); 3]].concat());
    assert_eq!(exposures(&panel, "GHOST"), [zero, [Err(NoPractice); 3]].concat());
    assert_eq!(["P", "ALONE", "GHOST"].map(|code| cluster(&panel, code)), ["X", "practice ALONE", "practice GHOST"]);
    let ledger = panel.ledger(&study.config, &study.config.models[0], 1);
    let left: Vec<_> = ledger.left.iter().map(|line| (line.reason.as_str(), line.rows.clone())).collect();
    let later = vec![0, 0, 0, 2, 2, 2];
    assert_eq!(
        left,
        [("practice on no practice file of the wave", later.clone()), ("practice in no cluster", later.clone())]
    );
    assert_eq!(ledger.kept.rows, [6, 6, 6, 2, 2, 2]);
    assert_eq!((ledger.kept.practices, ledger.kept.practices_any), (vec![3, 3, 3, 1, 1, 1], 3));
}

/// A and B, which is closed, in X, with 1.5 at the census of 2021.
fn denominators() -> Study {
    let mut study = Study::new().elsewhere().answers(&["A", "B"]);
    study.practices = vec![
        on_file(3, "A", "X", 10_000.0),
        OnFile { closed: true, ..on_file(3, "B", "X", 5_000.0) },
        on_file(3, "C", "", 99_000.0),
    ];
    study.workforce.extend([("2020-12", "X".into(), 1.0, true), ("2020-12", "X".into(), 0.5, true)]);
    study
}

#[test]
fn closed_practices_count_by_the_rule() {
    let mut study = denominators();
    let mut under = |rule| {
        study.config.inputs.practices.closed = rule;
        let panel = study.panel();
        [exposure(&panel, "A", 3), exposure(&panel, "B", 3)]
    };
    // 50,000 x 1.5 / 15,000, and / 10,000 without B's patients.
    assert_eq!(under(Closed::Keep), [Ok(5.0), Ok(5.0)]);
    assert_eq!(under(Closed::NoPatients), [Ok(7.5), Ok(7.5)]);
    assert_eq!(under(Closed::Drop), [Ok(7.5), Err(NoPractice)]);
}

#[test]
fn list_sizes_stand_before_the_practice_files() {
    let mut study = denominators();
    study.list_sizes = vec![(3, "A", 20_000.0), (3, "B", 5_000.0), (3, "ON NO PRACTICE FILE", 1_000_000.0)];
    let at = |study: &Study, wave| exposure(&study.panel(), "A", wave);
    // B is closed: its patients have left, whichever file counts them.
    assert_eq!(at(&study, 3), Ok(3.75));
    study.config.inputs.practices.closed = Closed::Keep;
    assert_eq!(at(&study, 3), Ok(3.0));
    // The practice file may not know the number at all.
    study.practices[0].patients = -1.0;
    assert_eq!(at(&study, 3), Ok(3.0));
    // A practice that the list sizes lack keeps the practice file's figure.
    study.list_sizes.remove(1);
    study.practices[1].patients = 10_000.0;
    assert_eq!(at(&study, 3), Ok(2.5));
    // 2022 has no practice file, takes that of 2021 with its list sizes, or its own where there are any.
    study.workforce.push(("2021-12", "X".into(), 3.0, true));
    assert_eq!(at(&study, 4), Ok(5.0));
    study.list_sizes.extend([(4, "A", 40_000.0), (4, "B", 10_000.0)]);
    assert_eq!((at(&study, 3), at(&study, 4)), (Ok(2.5), Ok(3.0)));
}

/// Clusters with returns on both sides of 2020-12, only before, only after, never, and at it.
fn returns() -> Study {
    let codes = ["BOTH", "BEFORE", "AFTER", "NEVER", "AT", "ZERO"];
    let mut study = Study::new().elsewhere().answers(&codes);
    study.practices = codes.iter().map(|code| on_file(3, code, &format!("in {code}"), 50_000.0)).collect();
    let mut returns = |census, of: &str, amount| study.workforce.push((census, format!("in {of}"), amount, true));
    returns("2020-03", "BOTH", 1.0);
    returns("2021-06", "BOTH", 4.0);
    returns("2022-03", "BOTH", 90.0);
    returns("2020-03", "BEFORE", 7.0);
    returns("2020-06", "BEFORE", 2.0);
    returns("2021-03", "AFTER", 3.0);
    returns("2021-06", "AFTER", 8.0);
    returns("2020-09", "AT", 70.0);
    returns("2020-12", "AT", 5.0);
    returns("2021-03", "AT", 80.0);
    // Present without a row that counts: zero, whatever stands in the rows that do not.
    study.workforce.push(("2020-12", "in ZERO".into(), 6.0, false));
    study.workforce.push(("2020-09", "in ZERO".into(), 9.0, true));
    study
}

#[test]
fn the_five_rules_for_clusters_that_sent_no_return() {
    let mut study = returns();
    let mut under = |rule| {
        study.config.exposure.not_reporting = rule;
        let panel = study.panel();
        ["BOTH", "BEFORE", "AFTER", "NEVER", "AT", "ZERO"].map(|code| exposure(&panel, code, 3))
    };
    let none = Err(NoReturn);
    assert_eq!(under(NotReporting::Missing), [none, none, none, none, Ok(5.0), Ok(0.0)]);
    assert_eq!(under(NotReporting::Zero), [Ok(0.0), Ok(0.0), Ok(0.0), Ok(0.0), Ok(5.0), Ok(0.0)]);
    assert_eq!(under(NotReporting::CarryForward), [Ok(1.0), Ok(2.0), none, none, Ok(5.0), Ok(0.0)]);
    assert_eq!(under(NotReporting::CarryBack), [Ok(4.0), none, Ok(3.0), none, Ok(5.0), Ok(0.0)]);
    // March 2020 to December is 9 of the 15 months to June 2021: 1 + 3 x 0.6.
    let [both, rest @ ..] = under(NotReporting::Interpolate);
    assert!((both.unwrap() - 2.8).abs() < 1e-12);
    assert_eq!(rest, [none, none, none, Ok(5.0), Ok(0.0)]);
}

#[test]
fn a_carried_amount_is_divided_by_the_patients_of_its_own_wave() {
    let mut study = Study::new().elsewhere().answers(&["P"]);
    study.practices = vec![on_file(3, "P", "X", 50_000.0), on_file(4, "P", "X", 25_000.0)];
    study.workforce.push(("2020-12", "X".into(), 1.0, true));
    study.config.exposure.not_reporting = NotReporting::CarryForward;
    assert_eq!(exposures(&study.panel(), "P")[3..], [Ok(1.0), Ok(2.0), Ok(2.0)]);
}

#[test]
fn the_cap_limits_or_drops_and_the_first_reason_counts() {
    let mut study = Study::new().elsewhere().answers(&["TINY", "FINE", "EMPTY"]);
    study.practices =
        vec![on_file(3, "TINY", "T", 1_000.0), on_file(3, "FINE", "F", 50_000.0), on_file(3, "EMPTY", "E", 0.0)];
    study.workforce.extend([("2020-12", "T".into(), 1.0, true), ("2020-12", "F".into(), 10.0, true)]);
    let mut under = |cap| {
        study.config.exposure.cap = cap;
        let panel = study.panel();
        ["TINY", "FINE", "EMPTY"].map(|code| exposure(&panel, code, 3))
    };
    // EMPTY sent no return either: the ledger lists the want of patients first.
    assert_eq!(under(None), [Ok(50.0), Ok(10.0), Err(NoPatients)]);
    assert_eq!(under(Some((10.0, CapAction::Limit))), [Ok(10.0), Ok(10.0), Err(NoPatients)]);
    assert_eq!(under(Some((10.0, CapAction::Drop))), [Err(AboveCap), Ok(10.0), Err(NoPatients)]);
    let panel = study.panel();
    let ledger = panel.ledger(&study.config, &study.config.models[0], 1);
    let reasons: Vec<_> = ledger.left.iter().map(|line| (line.reason.as_str(), line.rows[3])).collect();
    assert_eq!(
        reasons,
        [
            ("cluster without registered patients on file", 2),
            ("cluster sent no return at the census", 0),
            ("cluster above the cap on the exposure", 2)
        ]
    );
}

#[test]
fn errors_are_clustered_by_one_mapping() {
    let mut study = Study::new().elsewhere().answers(&["MOVES", "GAP", "LATE", "NEVER"]);
    study.config.linkage.reference_wave = 3;
    let mut file = |wave, practice, cluster| study.practices.push(on_file(wave, practice, cluster, 1.0));
    file(2, "MOVES", "X");
    file(3, "MOVES", "Y");
    file(4, "MOVES", "Z");
    // Not on the reference wave's file: the nearest, the earlier on a tie.
    file(2, "GAP", "X");
    file(4, "GAP", "Z");
    // In no cluster in the reference wave.
    file(2, "LATE", "");
    file(3, "LATE", "");
    file(5, "LATE", "Z");
    file(3, "NEVER", "");
    let panel = study.panel();
    let of = ["MOVES", "GAP", "LATE", "NEVER"].map(|code| cluster(&panel, code));
    assert_eq!(of, ["Y", "X", "Z", "practice NEVER"]);
    assert!(panel.clusters.is_sorted());
    study.config.linkage.reference_wave = 5;
    // 2023 has a file, but only LATE is on it.
    assert_eq!(["MOVES", "GAP", "LATE"].map(|code| cluster(&study.panel(), code).to_string()), ["Z", "Z", "Z"]);
}

#[test]
fn provision_is_described_from_the_returns() {
    let mut study = returns();
    study.workforce.push(("2020-12", "in BOTH".into(), 0.5, true));
    study.workforce.push(("2020-12", "in BOTH".into(), 0.25, true));
    let (_, provision) = study.build().unwrap();
    let december = provision.censuses.iter().find(|c| c.census.to_string() == "2020-12").unwrap();
    // ELSEWHERE, BOTH, AT and ZERO sent a return; ELSEWHERE is on no practice file.
    assert_eq!((december.reporting, december.with_any, december.known, december.staff), (4, 3, 6, 4));
    assert_eq!((december.amount, december.exposures.clone()), (6.75, vec![0.0, 0.75, 5.0]));
    let order: Vec<_> = provision.censuses.iter().map(|c| c.census.to_string()).collect();
    let months = ["2020-03", "2020-06", "2020-09", "2020-12", "2021-03", "2021-06", "2021-12", "2022-03", "2022-12"];
    assert_eq!(order, months);
    assert_eq!(provision.areas_census.unwrap().to_string(), "2022-12");
    assert_eq!(offprint::panel::quantile(&[1.0, 2.0, 4.0], 0.25), 1.5);
}

#[test]
fn an_area_with_two_names_gets_the_same_one_in_any_order() {
    let mut study = Study::new().elsewhere().answers(&["P"]);
    study.practices = vec![on_file(3, "P", "X", 50_000.0)];
    study.workforce.extend([("2022-12", "X".into(), 1.0, true), ("2022-12", "X".into(), 1.0, true)]);
    for names in [["e", "e", "e", "First", "Second"], ["e", "e", "e", "Second", "First"]] {
        let mut data = study.data();
        data.workforce.with_column(Column::from(Series::new("area_name".into(), names.to_vec()))).unwrap();
        let (_, provision) = offprint::panel::build(&study.config, data).unwrap();
        let areas: Vec<_> = provision.areas.iter().map(|area| (area.name.as_str(), area.amount, area.staff)).collect();
        assert_eq!(areas, [("First", 2.0, 2)]);
    }
}
