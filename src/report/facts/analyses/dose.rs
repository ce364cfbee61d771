//! The association by amount of exposure in words.

use super::timing::points;
use crate::config::{Config, Dose};
use crate::disclosure::{DoseFound, DoseOutcome, DoseRange};
use crate::format;
use crate::report::facts::outcome::p_text;
use crate::report::facts::words::{lowered, phrase, shown};
use serde::Serialize;

/// The association by amount of exposure.
#[derive(Debug, Clone, Serialize)]
pub struct DoseFacts {
    /// Categories besides none, a phrase: "up to 1, above 1 to 2 and above 2".
    pub categories: String,
    /// Knots of the spline, a phrase.
    pub knots: String,
    /// Last exposure of the curves.
    pub end: String,
    /// By outcome.
    pub outcomes: Vec<DoseOutcomeFacts>,
    /// True when the joint test of non-linearity is below the stated level for an outcome.
    pub any_bent: bool,
    /// Those, as a phrase.
    pub bent: String,
}

/// One outcome.
#[derive(Debug, Clone, Serialize)]
pub struct DoseOutcomeFacts {
    /// Outcome's short label.
    pub short: String,
    /// Categories with their differences from none, a phrase.
    pub categories: String,
    /// Joint test of the whole spline: "p = 0.010".
    pub overall_p: String,
    /// Joint test of non-linearity.
    pub bend_p: String,
    /// True when that p is below the stated level.
    pub bent: bool,
}

fn range(range: &DoseRange) -> String {
    match range.to {
        Some(to) if range.from == 0.0 => format!("up to {}", format::plain(to)),
        Some(to) => format!("above {} to {}", format::plain(range.from), format::plain(to)),
        None => format!("above {}", format::plain(range.from)),
    }
}

pub(super) fn facts(config: &Config, plan: &Dose, found: &DoseFound) -> DoseFacts {
    let one = |outcome: &DoseOutcome| DoseOutcomeFacts {
        short: config.outcomes.get(outcome.outcome).map_or_else(String::new, |outcome| outcome.short.clone()),
        categories: phrase(
            &outcome
                .categories
                .iter()
                .map(|category| format!("{} {}", points(&category.effect), range(category)))
                .collect::<Vec<_>>(),
        ),
        overall_p: shown(&outcome.overall, |wald| p_text(wald.p)),
        bend_p: shown(&outcome.bend, |wald| p_text(wald.p)),
        bent: outcome.bend.shown().is_some_and(|wald| wald.p < config.tests.alpha),
    };
    let outcomes: Vec<DoseOutcomeFacts> = found.outcomes.iter().map(one).collect();
    let bent: Vec<String> = outcomes.iter().filter(|o| o.bent).map(|o| lowered(&o.short)).collect();
    let mut categories = Vec::new();
    let mut from = 0.0;
    for to in plan.cuts.iter().map(|cut| Some(*cut)).chain([None]) {
        categories.push(match to {
            Some(to) if from == 0.0 => format!("up to {}", format::plain(to)),
            Some(to) => format!("above {} to {}", format::plain(from), format::plain(to)),
            None => format!("above {}", format::plain(from)),
        });
        from = to.unwrap_or(from);
    }
    let end = found.outcomes.iter().filter_map(|outcome| outcome.curve.last()).map(|point| point.at).next();
    DoseFacts {
        categories: phrase(&categories),
        knots: shown(&found.knots, |knots| phrase(&knots.iter().map(|x| format::plain(*x)).collect::<Vec<_>>())),
        end: end.map_or_else(String::new, |end| format::fixed(end, 1)),
        outcomes,
        any_bent: !bent.is_empty(),
        bent: phrase(&bent),
    }
}
