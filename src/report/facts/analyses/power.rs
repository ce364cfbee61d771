//! Power in small simulated studies, in finished strings.

use crate::config::{Config, Power};
use crate::disclosure::{PowerFound, PowerOutcome, PowerRow, Share};
use crate::format;
use crate::report::facts::words::{lowered, phrase, shown};
use serde::Serialize;

/// Power in small simulated studies.
#[derive(Debug, Clone, Serialize)]
pub struct PowerFacts {
    /// True when there is a stored run of this config.
    pub usable: bool,
    /// Why there is none.
    pub problem: String,
    /// Studies for each odds ratio.
    pub replications: String,
    /// Responders of each study.
    pub responders: String,
    /// Practices of each.
    pub practices: String,
    /// Clusters of each.
    pub clusters: String,
    /// Level of the tests: "5%".
    pub alpha: String,
    /// Power of the detectable effect: "80%".
    pub stated: String,
    /// By outcome.
    pub outcomes: Vec<PowerOutcomeFacts>,
    /// True when intervals hold the truth clearly too seldom for an outcome.
    pub any_low: bool,
    /// Those outcomes, as a phrase.
    pub low: String,
    /// True when a model could not be fitted in some study.
    pub any_failed: bool,
}

/// One outcome.
#[derive(Debug, Clone, Serialize)]
pub struct PowerOutcomeFacts {
    /// Outcome's short label.
    pub short: String,
    /// Effect that this study finds with the stated power, in percentage points.
    pub detectable: String,
    /// The same as an odds ratio.
    pub detectable_ratio: String,
    /// Power by odds ratio, a phrase: "4.5% (1) and 60.0% (1.06)".
    pub powers: String,
    /// Share of intervals that hold the truth, over all odds ratios, with its Monte Carlo error.
    pub coverage: String,
    /// Odds ratio that the config takes as true; empty where no studies were made with it, or where it is 1.
    pub truth: String,
    /// Power of this study there, by formula.
    pub here: String,
}

fn percent(x: f64) -> String {
    format!("{}%", format::percent(x, 1))
}

/// Whether a share is below 95 % by more than two of its errors.
fn low(share: &Share) -> bool {
    share[0] + 2.0 * share[1] < 0.95
}

pub(super) fn facts(config: &Config, plan: &Power, found: &PowerFound) -> PowerFacts {
    let short = |at: usize| config.outcomes.get(at).map_or_else(String::new, |outcome| outcome.short.clone());
    let seldom: Vec<String> = found
        .outcomes
        .iter()
        .filter(|outcome| outcome.coverage.shown().is_some_and(low))
        .map(|outcome| lowered(&short(outcome.outcome)))
        .collect();
    let made = found.rows.first().map_or(plan.replications, |row| row.replications);
    let one = |outcome: &PowerOutcome| {
        let mine = || found.of(outcome.outcome);
        let power =
            |row: &PowerRow| Some(format!("{} ({})", percent(row.power.shown()?[0]), format::plain(row.odds_ratio)));
        let truth = mine().find(|row| row.effect == "truth" && row.odds_ratio != 1.0);
        PowerOutcomeFacts {
            short: short(outcome.outcome),
            detectable: shown(&outcome.detectable, |x| format::percent(*x, 2)),
            detectable_ratio: shown(&outcome.detectable_ratio, |x| format::fixed(*x, 3)),
            powers: phrase(&mine().filter_map(power).collect::<Vec<_>>()),
            coverage: shown(&outcome.coverage, |x| {
                format!("{} (Monte Carlo error {})", percent(x[0]), format::percent(x[1], 1))
            }),
            truth: truth.map_or_else(String::new, |row| format::plain(row.odds_ratio)),
            here: truth.map_or_else(String::new, |row| shown(&row.here, |x| percent(*x))),
        }
    };
    PowerFacts {
        usable: found.problem.is_empty(),
        problem: found.problem.clone(),
        replications: format::count(made),
        responders: format::count(plan.size.responders),
        practices: format::count(plan.size.practices as u64),
        clusters: format::count(plan.size.clusters as u64),
        alpha: format!("{}%", format::plain((config.tests.alpha * 1e6).round() / 1e4)),
        stated: format!("{}%", format::plain((config.tests.power * 1e6).round() / 1e4)),
        outcomes: found.outcomes.iter().map(one).collect(),
        any_low: !seldom.is_empty(),
        low: phrase(&seldom),
        any_failed: found.rows.iter().any(|row| row.fitted < row.replications),
    }
}
