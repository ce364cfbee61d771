//! Codes to classes and levels, deprivation and rurality to values.

use crate::support::{OnFile, Row, Study, model, on_file, row};
use offprint::config::{Covariate, CovariateKind, DeprivationRule, MissingRule};
use offprint::ingest::ABSENT;
use offprint::panel::{FAILURE, FIRST_REASON, Levels, Panel, SUCCESS};

/// The rows of `wave` of the only practice, in the order in which they were given.
fn of_wave<T: Copy>(panel: &Panel, wave: usize, values: &[T]) -> Vec<T> {
    let block = panel.blocks.iter().find(|block| usize::from(block.wave) == wave).unwrap();
    values[block.rows.clone()].to_vec()
}

fn study(rows: Vec<Row>) -> Study {
    let mut study = Study::new().elsewhere();
    study.practices = vec![on_file(2, "P", "X", 50_000.0)];
    study.rows = rows;
    study
}

#[test]
fn codes_become_classes_and_reasons() {
    let asked = |base, code| row("P", 0, &[("Q30_recoded", base), ("Q94", code), ("Q91_3", 0)]);
    let answers = [1, 2, 3, 4, 5, -3, -1, ABSENT].map(|code| asked(1, code));
    // Base not met: answered no, not answered, not in the file. Whatever the item says.
    let unasked = [2, -3, ABSENT].map(|base| asked(base, 1));
    let mut study = study(answers.into_iter().chain(unasked).collect());
    study.rows.push(row("P", 1, &[("Q30_recoded", 1), ("Q94", 1), ("Q91_3", 1)]));
    study.config.inputs.survey.missing[2].1 = "not answered".into();
    study.config.outcomes[0].items[1] = None;
    let panel = study.panel();
    let classes = &panel.outcomes[0];
    let reasons = ["no comparable item in the wave", "not asked", "left out", "missing", "not answered"];
    assert_eq!(classes.reasons, reasons);
    let [comparable, base, left_out, missing, unanswered] = [0, 1, 2, 3, 4].map(|at| FIRST_REASON + at);
    let expected = [SUCCESS, SUCCESS, FAILURE, FAILURE, left_out, unanswered, missing, comparable, base, base, base];
    assert_eq!(of_wave(&panel, 0, &classes.class), expected);
    // No comparable item in the wave: nobody's answer counts, asked or not.
    assert_eq!(of_wave(&panel, 1, &classes.class), [comparable]);
    assert_eq!(of_wave(&panel, 1, &panel.outcomes[1].class), [SUCCESS]);
    let ledger = panel.ledger(&study.config, &study.config.models[0], 0);
    let left: Vec<_> = ledger.left.iter().map(|line| (line.reason.as_str(), line.rows[0], line.rows[1])).collect();
    assert_eq!(
        left,
        [(reasons[0], 1, 1), (reasons[1], 3, 0), (reasons[2], 1, 0), (reasons[3], 1, 0), (reasons[4], 1, 0)]
    );
    assert_eq!((ledger.received.rows[0], ledger.kept.rows[0]), (11, 4));
}

#[test]
fn an_item_under_another_name_by_wave_is_read_there() {
    let mut study = study(vec![
        row("P", 0, &[("OLD", 1), ("Q91_3", 0)]),
        row("P", 0, &[("OLD", 0), ("Q91_3", 1)]),
        row("P", 1, &[("OLD", 0), ("Q91_3", 1)]),
    ]);
    study.config.outcomes.remove(0);
    study.config.outcomes[0].items[0] = Some("OLD".into());
    let panel = study.panel();
    let class = &panel.outcomes[0].class;
    assert_eq!((of_wave(&panel, 0, class), of_wave(&panel, 1, class)), (vec![SUCCESS, FAILURE], vec![SUCCESS]));
}

/// Gender with three levels: female, male, other (3 to 5).
fn gender(study: &mut Study, missing: MissingRule) {
    let levels = [("female", vec![1]), ("male", vec![2]), ("other", vec![3, 4, 5])];
    study.config.covariates[1].kind = CovariateKind::Item {
        items: vec!["Q112".into(); 6],
        levels: levels.map(|(name, codes)| (name.to_string(), codes)).to_vec(),
        reference: 0,
        missing,
    };
    study.config.models = vec![model(&[1])];
}

#[test]
fn levels_take_two_way_codes_and_missing_ones() {
    let codes = [1, 2, 5, -3, ABSENT];
    let mut rows: Vec<Row> = codes.map(|code| row("P", 2, &[("Q112", code), ("Q91_3", 1)])).to_vec();
    // A two-way item until then.
    rows.extend([1, 2, -1].map(|code| row("P", 0, &[("Q112", code), ("Q91_3", 0)])));
    let mut study = study(rows);
    study.config.outcomes.remove(0);
    gender(&mut study, MissingRule::Level);
    let panel = study.panel();
    let Levels::Rows(levels) = &panel.covariates[1] else { panic!("not by row") };
    assert_eq!((of_wave(&panel, 2, levels), of_wave(&panel, 0, levels)), (vec![0, 1, 2, 3, 3], vec![0, 1, 3]));
    let kept = |study: &Study| {
        let panel = study.panel();
        let ledger = panel.ledger(&study.config, &study.config.models[0], 0);
        let left = ledger.left.iter().map(|line| (line.reason.clone(), line.rows[0], line.rows[2])).collect();
        (ledger.kept.rows[0], ledger.kept.rows[2], left)
    };
    assert_eq!(kept(&study), (3, 5, Vec::<(String, u64, u64)>::new()));
    gender(&mut study, MissingRule::Drop);
    assert_eq!(kept(&study), (2, 3, vec![("no value for gender".to_string(), 1, 2)]));
    // A model without the covariate keeps them.
    study.config.models = vec![model(&[])];
    assert_eq!(kept(&study), (3, 5, Vec::new()));
}

fn numbers(panel: &Panel) -> Vec<f64> {
    let Levels::Numbers(values) = &panel.covariates[0] else { panic!("no numbers") };
    values.clone()
}

#[test]
fn deprivation_is_the_nearest_or_between() {
    let mut study = study(Vec::new()).answers(&["P", "UNKNOWN"]);
    let kind = CovariateKind::Deprivation { scale: 10.0 };
    study.config.covariates = vec![Covariate { id: "d".into(), label: "score".into(), kind, describe: true }];
    study.config.models = vec![model(&[0])];
    study.deprivation = vec![("P", 2022, 40.0), ("P", 2019, 10.0)];
    let nearest = study.panel();
    // 2018 to 2023; 2020 is nearer to 2019, 2021 to 2022.
    assert_eq!(numbers(&nearest)[..6], [1.0, 1.0, 1.0, 4.0, 4.0, 4.0]);
    assert!(numbers(&nearest)[6..].iter().all(|value| value.is_nan()));
    let ledger = nearest.ledger(&study.config, &study.config.models[0], 1);
    let line = ledger.left.iter().find(|line| line.reason == "no value for score").unwrap();
    assert_eq!((line.rows.clone(), line.practices_any), (vec![2, 2, 2, 0, 0, 0], 1));
    study.config.inputs.deprivation.as_mut().unwrap().rule = DeprivationRule::Interpolate;
    assert_eq!(numbers(&study.panel())[..6], [1.0, 1.0, 2.0, 3.0, 4.0, 4.0]);
    // Half way: the earlier year.
    study.deprivation[0].1 = 2021;
    study.config.inputs.deprivation.as_mut().unwrap().rule = DeprivationRule::Nearest;
    assert_eq!(numbers(&study.panel())[..6], [1.0, 1.0, 1.0, 4.0, 4.0, 4.0]);
}

#[test]
fn rurality_comes_from_the_waves_file_or_where_the_practice_stood_before() {
    let mut study = study(Vec::new()).answers(&["P", "GONE", "BLANK", "GHOST"]);
    let rural = |wave, practice| OnFile { rurality: "Rural", ..on_file(wave, practice, "X", 1.0) };
    study.practices = vec![
        on_file(2, "P", "X", 1.0),
        rural(4, "P"),
        rural(2, "GONE"),
        OnFile { rurality: "", ..on_file(2, "BLANK", "X", 1.0) },
        rural(4, "BLANK"),
    ];
    let levels = ["Urban", "Rural"].map(|text| (text.to_string(), vec![text.to_string()])).to_vec();
    let kind = CovariateKind::Rurality { levels, reference: 0, missing: MissingRule::Drop };
    study.config.covariates = vec![Covariate { id: "r".into(), label: "rurality".into(), kind, describe: true }];
    study.config.models = vec![model(&[0])];
    let panel = study.panel();
    let Levels::Blocks(levels) = &panel.covariates[0] else { panic!("not by block") };
    let of = |code: &str| {
        let at = panel.practices.iter().position(|practice| practice == code).unwrap();
        let levels = panel.blocks.iter().zip(levels).filter(|(block, _)| block.practice as usize == at);
        levels.map(|(_, level)| *level).collect::<Vec<_>>()
    };
    assert_eq!(of("P"), [0, 0, 0, 0, 1, 1]);
    assert_eq!(of("GONE"), [1; 6]);
    assert_eq!(of("BLANK"), [2, 2, 2, 2, 1, 1]);
    assert_eq!(of("GHOST"), [2; 6]);
}
