//! Every response is kept or left for one reason, in any small study.

use crate::support::{Row, Study, model, on_file, row};
use offprint::config::{CapAction, CovariateKind, MissingRule, NotReporting};
use offprint::panel::{Ledger, Panel};
use proptest::prelude::*;
use std::collections::BTreeSet;

const CLUSTERS: [&str; 4] = ["", "X", "Y", "Z"];

/// A study of six practices and up to sixty rows from random choices.
#[derive(Debug, Clone)]
struct Choices {
    /// Cluster by file and practice (5: not on file).
    clusters: Vec<usize>,
    /// Census and cluster of each return, and its amount.
    returns: Vec<(usize, usize, u32)>,
    /// Practice, wave, base, codes of both outcomes, gender, count.
    rows: Vec<(usize, usize, usize, usize, usize, usize, u32)>,
    rule: usize,
    cap: usize,
    drop: bool,
    counted: bool,
}

fn choices() -> impl Strategy<Value = Choices> {
    (
        prop::collection::vec(0_usize..6, 18),
        prop::collection::vec((0_usize..3, 1_usize..4, 0_u32..5), 0..8),
        prop::collection::vec(
            (0_usize..6, 0_usize..6, 0_usize..4, 0_usize..7, 0_usize..3, 0_usize..4, 0_u32..4),
            0..60,
        ),
        0_usize..5,
        0_usize..3,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(clusters, returns, rows, rule, cap, drop, counted)| Choices {
            clusters,
            returns,
            rows,
            rule,
            cap,
            drop,
            counted,
        })
}

fn study(choices: &Choices) -> Study {
    let mut study = Study::new().elsewhere().answers(&["P0"]);
    for (at, cluster) in choices.clusters.iter().enumerate().filter(|(_, cluster)| **cluster < 5) {
        // Cluster 4 has no patients.
        let (name, patients) = if *cluster == 4 { ("EMPTY", 0.0) } else { (CLUSTERS[*cluster], 10_000.0) };
        study.practices.push(on_file([2, 3, 5][at / 6], &format!("P{}", at % 6), name, patients));
    }
    for (census, cluster, amount) in &choices.returns {
        let census = ["2020-12", "2021-12", "2022-12"][*census];
        study.workforce.push((census, CLUSTERS[*cluster].into(), f64::from(*amount), true));
    }
    let rows = choices.rows.iter().map(|(practice, wave, base, confident, isolated, gender, count)| Row {
        count: *count,
        ..row(
            &format!("P{practice}"),
            *wave,
            &[
                ("Q30_recoded", [1, 1, 2, -3][*base]),
                ("Q94", [1, 2, 3, 4, 5, -3, -1][*confident]),
                ("Q91_3", [0, 1, -3][*isolated]),
                ("Q112", [1, 2, 5, -3][*gender]),
            ],
        )
    });
    study.rows.extend(rows);
    study.counted = choices.counted;
    let rules = [NotReporting::Missing, NotReporting::Zero, NotReporting::CarryForward, NotReporting::CarryBack];
    study.config.exposure.not_reporting = rules.get(choices.rule).copied().unwrap_or(NotReporting::Interpolate);
    study.config.exposure.cap = [None, Some((5.0, CapAction::Limit)), Some((5.0, CapAction::Drop))][choices.cap];
    if let CovariateKind::Item { missing, .. } = &mut study.config.covariates[1].kind {
        *missing = if choices.drop { MissingRule::Drop } else { MissingRule::Level };
    }
    study.config.models = vec![model(&[1])];
    study
}

fn adds_up(ledger: &Ledger) {
    for wave in 0..6 {
        let left: u64 = ledger.left.iter().map(|line| line.rows[wave]).sum();
        assert_eq!(ledger.received.rows[wave], left + ledger.kept.rows[wave], "{ledger:?}");
        assert!(ledger.kept.practices[wave] <= ledger.received.practices[wave]);
    }
    for line in ledger.left.iter().chain([&ledger.kept, &ledger.received]) {
        let most = line.practices.iter().max().unwrap();
        assert!(line.practices_any >= *most && line.practices_any <= line.practices.iter().sum(), "{line:?}");
        assert!(line.rows.iter().zip(&line.practices).all(|(rows, practices)| rows >= practices));
    }
    assert!(ledger.left.iter().all(|line| !line.reason.is_empty() && line.rows.iter().any(|n| *n > 0)));
    let reasons: BTreeSet<&str> = ledger.left.iter().map(|line| line.reason.as_str()).collect();
    assert_eq!(reasons.len(), ledger.left.len(), "a reason twice: {ledger:?}");
}

/// What the ledger should keep, from the rows as they were written down.
fn expected(study: &Study, panel: &Panel, outcome: usize, drop: bool) -> Vec<u64> {
    let mut kept = vec![0; 6];
    for row in &study.rows {
        let code = |item: &str| row.codes.iter().find(|(name, _)| *name == item).map(|(_, code)| *code);
        let answered = if outcome == 0 {
            code("Q30_recoded") == Some(1) && code("Q94").is_some_and(|code| (1..=4).contains(&code))
        } else {
            code("Q91_3").is_some_and(|code| code >= 0)
        };
        let known = !drop || code("Q112").is_some_and(|code| code > 0);
        if answered && known && crate::support::exposure(panel, &row.practice, row.wave).is_ok() {
            kept[row.wave] += if study.counted { u64::from(row.count) } else { 1 };
        }
    }
    kept
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_adds_up(choices in choices()) {
        let study = study(&choices);
        let panel = study.panel();
        for outcome in 0..2 {
            let ledger = panel.ledger(&study.config, &study.config.models[0], outcome);
            adds_up(&ledger);
            let kept = panel.kept(&study.config, &study.config.models[0], outcome);
            let mut by_wave = vec![0; 6];
            for (block, rows) in &kept {
                prop_assert!(!rows.is_empty() && panel.blocks[*block].exposure.is_ok());
                let n: u64 = rows.iter().map(|row| panel.responses(*row as usize)).sum();
                by_wave[usize::from(panel.blocks[*block].wave)] += n;
            }
            prop_assert_eq!(&by_wave, &ledger.kept.rows);
            prop_assert_eq!(by_wave, expected(&study, &panel, outcome, choices.drop));
            let all: u64 = study.rows.iter().map(|row| if study.counted { u64::from(row.count) } else { 1 }).sum();
            prop_assert_eq!(ledger.received.rows.iter().sum::<u64>(), all);
        }
        // Exposures are finite, not negative, and none exceeds a cap.
        let cap = study.config.exposure.cap.map_or(f64::INFINITY, |(cap, _)| cap);
        prop_assert!(panel.blocks.iter().filter_map(|b| b.exposure.ok()).all(|e| e >= 0.0 && e <= cap && e.is_finite()));
    }

    #[test]
    fn cells_have_the_same_ledger(choices in choices()) {
        let mut rows = study(&choices);
        let mut cells = rows.clone();
        cells.counted = true;
        if rows.counted {
            // The rows that the counts stand for.
            rows.rows = rows.rows.iter().flat_map(|row| vec![row.clone(); row.count as usize]).collect();
            rows.counted = false;
        } else {
            cells.rows.iter_mut().for_each(|row| row.count = 1);
        }
        let (a, b) = (rows.panel(), cells.panel());
        for outcome in 0..2 {
            let ledger = |study: &Study, panel: &Panel| panel.ledger(&study.config, &study.config.models[0], outcome);
            prop_assert_eq!(ledger(&rows, &a), ledger(&cells, &b));
        }
    }
}
