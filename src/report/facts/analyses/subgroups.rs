//! Effects by subgroup in words.

use crate::config::{Config, Subgroups};
use crate::disclosure::{Estimate, SubgroupTest, SubgroupsFound};
use crate::format;
use crate::report::facts::words::{lowered, phrase, signed, spelled};
use serde::Serialize;

/// Effects by subgroup.
#[derive(Debug, Clone, Serialize)]
pub struct SubgroupFacts {
    /// The covariates, as a phrase.
    pub by: String,
    /// Number of tests that were made.
    pub tests: String,
    /// Tests that could not be made.
    pub failed: String,
    /// True when there is one.
    pub any_failed: bool,
    /// Tests with a plain p below the stated level.
    pub nominal: String,
    /// That many tests are expected below the level by chance.
    pub expected: String,
    /// True when a test stays below the level after Holm's adjustment.
    pub any: bool,
    /// Those, each with the smallest and largest effect.
    pub clear: Vec<String>,
    /// The widest range of effects that is shown: "from −0.10 (Female) to +0.30 (Male) …"; empty for none.
    pub widest: String,
    /// Outcome that the figure shows.
    pub figure: String,
}

pub(super) fn facts(config: &Config, plan: &Subgroups, found: &SubgroupsFound) -> SubgroupFacts {
    let alpha = config.tests.alpha;
    let p: Vec<f64> = found.tests.iter().filter_map(|test| test.wald.shown().map(|wald| wald.p)).collect();
    let clear = found.tests.iter().filter(|test| test.holm.shown().is_some_and(|p| *p < alpha));
    let clear: Vec<String> = clear.map(|test| sentence(config, test)).collect();
    let widest = found.tests.iter().filter_map(|test| Some((spread(test)?, test)));
    let widest = widest.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, test)| sentence(config, test));
    let failed = found.tests.len() - p.len();
    SubgroupFacts {
        by: phrase(&(0..plan.by.len()).map(|at| lowered(&config.subgroups_by(at)[1])).collect::<Vec<_>>()),
        tests: format::count(p.len() as u64),
        failed: spelled(failed),
        any_failed: failed > 0,
        nominal: spelled(p.iter().filter(|p| **p < alpha).count()),
        expected: format::fixed(alpha * p.len() as f64, 1),
        any: !clear.is_empty(),
        clear,
        widest: widest.unwrap_or_default(),
        figure: config.outcomes.get(plan.figure).map_or_else(String::new, |outcome| lowered(&outcome.label)),
    }
}

/// Smallest and largest effect over the levels, the missing one aside.
fn ends(test: &SubgroupTest) -> Option<[(&str, &Estimate); 2]> {
    let shown = || {
        let levels = test.levels.iter().filter(|level| !level.missing);
        levels.filter_map(|level| Some((level.level.as_str(), level.effect.shown()?)))
    };
    let low = shown().min_by(|a, b| a.1.estimate.total_cmp(&b.1.estimate))?;
    Some([low, shown().max_by(|a, b| a.1.estimate.total_cmp(&b.1.estimate))?])
}

fn spread(test: &SubgroupTest) -> Option<f64> {
    ends(test).map(|[low, high]| high.1.estimate - low.1.estimate)
}

/// `Experience by age: from +0.10 (95% CI …; 16-24) to +0.40 (95% CI …; 85+), Holm p = 0.010`.
fn sentence(config: &Config, test: &SubgroupTest) -> String {
    let short = config.outcomes.get(test.outcome).map_or_else(String::new, |outcome| outcome.short.clone());
    let by = lowered(&config.subgroups_by(test.by)[1]);
    let one = |(level, e): (&str, &Estimate)| {
        let interval = format::interval(100.0 * e.low, 100.0 * e.high, 2);
        format!("{} ({level}; 95% CI {interval})", signed(100.0 * e.estimate, 2))
    };
    let range = ends(test).map_or_else(String::new, |[low, high]| format!(": from {} to {}", one(low), one(high)));
    let p = test.holm.shown().map_or_else(String::new, |p| match format::p_value(*p) {
        small if small.starts_with('<') => format!(", Holm p {small}"),
        p => format!(", Holm p = {p}"),
    });
    format!("{short} by {by}{range}{p}")
}
