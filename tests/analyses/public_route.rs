//! Counts by practice against answers of people: the same likelihood, so the same numbers where nothing is suppressed.

use super::{QUIET, only, shipped};
use offprint::config::{Config, PublicRoute};
use offprint::disclosure::{Estimate, PublicRouteFound, Released};
use offprint::ingest::Data;
use offprint::simulate::{Size, survey, tables};
use offprint::{panel, pipeline};

fn analysed(change: impl FnOnce(&mut Config), suppress_below: u64) -> PublicRouteFound {
    let mut config = shipped();
    let outcomes = (0..config.outcomes.len()).collect();
    only(&mut config, |asked, _| asked.public_route = Some(PublicRoute { suppress_below, outcomes }));
    let small = &mut config.simulation.as_mut().unwrap().small;
    (small.practices, small.clusters, small.responders) = (200, 60, 30_000);
    change(&mut config);
    let mut data = tables(&config, Size::Small, Data::default()).unwrap();
    data.survey = survey(&config, Size::Small, &data).unwrap();
    let (panel, provision) = panel::build(&config, data).unwrap();
    pipeline::findings(&config, &panel, &provision, QUIET).unwrap().analyses.public_route.unwrap()
}

fn close(a: &Released<Estimate>, b: &Released<Estimate>) {
    let (a, b) = (a.shown().unwrap(), b.shown().unwrap());
    for (a, b) in [(a.estimate, b.estimate), (a.std_error, b.std_error), (a.low, b.low), (a.high, b.high)] {
        assert!((a - b).abs() < 1e-9, "{a} against {b}");
    }
}

#[test]
fn both_routes_agree_where_nothing_is_suppressed() {
    let found = analysed(|_| {}, 0);
    assert_eq!(found.rows.len(), 5);
    for row in &found.rows {
        close(&row.public.coefficient, &row.crude.coefficient);
        close(&row.public.effect, &row.crude.effect);
        assert_eq!(row.public.n, row.crude.n);
        assert_eq!(row.suppressed.shown(), Some(&0));
        assert!(row.from_crude.shown().unwrap().abs() < 1e-6);
        // The main model adjusts for people's answers, counts cannot.
        assert!(row.from_full.shown().unwrap().abs() > 1e-6);
    }
}

#[test]
fn without_covariates_counts_are_the_main_model() {
    let found = analysed(|config| config.models[0].covariates.clear(), 0);
    for row in &found.rows {
        close(&row.public.coefficient, &row.full.coefficient);
        close(&row.public.effect, &row.full.effect);
    }
}

#[test]
fn suppressed_counts_are_counted_and_missed() {
    let (all, some) = (analysed(|_| {}, 0), analysed(|_| {}, 10));
    for (all, some) in all.rows.iter().zip(&some.rows) {
        let suppressed = some.suppressed.shown().unwrap();
        assert_eq!(all.counts.shown().unwrap(), &(some.counts.shown().unwrap() + suppressed));
        if *suppressed > 0 {
            assert!(some.from_crude.shown().unwrap().abs() > 1e-6, "{some:?}");
        }
    }
    assert!(some.rows.iter().any(|row| row.suppressed.shown().unwrap() > &0), "a rule that never bites is no test");
}
