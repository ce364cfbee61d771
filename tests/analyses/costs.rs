//! Costs by formulas that need no draws, and people by arithmetic.

use super::{QUIET, only, shipped};
use offprint::config::{Distribution, InPost, Quantity};
use offprint::ingest::Data;
use offprint::num::normal_cdf;
use offprint::simulate::{Size, survey, tables};
use offprint::{panel, pipeline};

#[test]
fn acceptability_is_the_normal_tail_where_only_the_effect_is_uncertain() {
    let mut config = shipped();
    let fixed =
        |value: f64| Quantity { label: "q".into(), value, low: value, high: value, distribution: Distribution::Fixed };
    only(&mut config, |asked, all| (asked.costs, asked.population) = (all.costs, all.population));
    let plan = config.analyses.costs.as_mut().unwrap();
    plan.total = fixed(130e6);
    plan.in_post = InPost::Stated(fixed(2_600.0));
    plan.patients = fixed(61_600_000.0);
    plan.draws = 40_000;
    plan.worth = (0..=20).map(|k| f64::from(k) * 2_500.0).collect();
    let plan = plan.clone();
    let mut data = tables(&config, Size::Small, Data::default()).unwrap();
    data.survey = survey(&config, Size::Small, &data).unwrap();
    let (panel, provision) = panel::build(&config, data).unwrap();
    let found = pipeline::findings(&config, &panel, &provision, QUIET).unwrap();
    let costs = found.analyses.costs.as_ref().unwrap();
    let everywhere = *costs.everywhere.shown().unwrap();
    assert!((everywhere - 130e6 / 2_600.0 * 61_600_000.0 / 50_000.0).abs() < 1e-3);
    assert!((costs.each.shown().unwrap() - 50_000.0).abs() < 1e-6);
    for outcome in &costs.outcomes {
        let people = outcome.people.shown().unwrap();
        let spec = &config.outcomes[outcome.outcome];
        let own = found.models[outcome.outcome].people.shown().unwrap().estimate;
        assert_eq!(people.estimate, if spec.good { own } else { -own });
        assert!(people.low < people.estimate && people.estimate < people.high);
        let tail = |least: f64| normal_cdf((people.estimate - least) / people.std_error);
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 0.01, "{found} against {expected}");
        close(*outcome.better.shown().unwrap(), tail(0.0));
        let acceptable = outcome.acceptable.shown().unwrap();
        assert_eq!(acceptable[0], 0.0);
        for (worth, share) in plan.worth.iter().zip(acceptable).skip(1) {
            close(*share, tail(everywhere / worth));
        }
        let [base, least, most] = *outcome.cost.shown().unwrap();
        assert_eq!(base.is_some(), people.estimate > 0.0);
        assert_eq!(least.is_some(), people.high > 0.0);
        assert_eq!(most.is_some(), people.low > 0.0);
        if let Some(base) = base {
            assert!((base * people.estimate / everywhere - 1.0).abs() < 1e-12);
        }
    }
    // People scale with the base, and the outcome's own base gives the model's people.
    for row in &found.analyses.population.as_ref().unwrap().rows {
        let (people, size) = (row.people.shown().unwrap(), *row.size.shown().unwrap());
        let effect = found.models[row.outcome].average_marginal_effect.shown().unwrap();
        assert!((people.estimate - effect.estimate * size).abs() < 1e-6);
        if row.base.is_some() && row.base == config.outcomes[row.outcome].population {
            assert_eq!(people, found.models[row.outcome].people.shown().unwrap());
        }
    }
}
