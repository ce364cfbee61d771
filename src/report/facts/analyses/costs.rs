//! Cost per additional person in words.

use crate::config::{Config, Costs};
use crate::disclosure::{CostOutcome, CostsFound};
use crate::format;
use crate::report::facts::words::{lowered, shown, signed};
use serde::Serialize;

/// Cost per additional person.
#[derive(Debug, Clone, Serialize)]
pub struct CostFacts {
    /// Sign or code of the money.
    pub currency: String,
    /// Cost of one unit of the exposure everywhere in a year, in millions with the sign.
    pub everywhere: String,
    /// Cost of one unit of the amount in a year.
    pub each: String,
    /// Amount in post.
    pub in_post: String,
    /// Total cost of a year, in millions with the sign.
    pub total: String,
    /// Label of the total within a sentence.
    pub total_label: String,
    /// Draws.
    pub draws: String,
    /// Largest worth of an additional person that is looked at.
    pub worth: String,
    /// Outcome of the one-way figure within a sentence.
    pub figure: String,
    /// The quantity that moves that cost most; empty without one.
    pub widest: String,
    /// True when a share of referred people is stated.
    pub referred: bool,
    /// That share.
    pub referred_share: String,
    /// Its label within a sentence.
    pub referred_label: String,
    /// By outcome.
    pub outcomes: Vec<CostOutcomeFacts>,
}

/// Costs and one outcome.
#[derive(Debug, Clone, Serialize)]
pub struct CostOutcomeFacts {
    /// Outcome's short label.
    pub short: String,
    /// Additional people with their interval.
    pub people: String,
    /// Cost of each, with the sign; empty where there are no additional people.
    pub cost: String,
    /// Cost at the interval's upper limit of people; empty where there are none.
    pub least: String,
    /// Cost at the lower limit; empty where there are none there.
    pub most: String,
    /// Share of draws with additional people.
    pub better: String,
    /// Share of draws in which they are worth the cost, at the largest worth.
    pub acceptable: String,
    /// Implied effect per person referred, in percentage points with its interval.
    pub referred: String,
}

fn money(currency: &str, x: f64) -> String {
    format!("{currency}{}", format::fixed(x, 0))
}

fn millions(currency: &str, x: f64) -> String {
    format!("{currency}{} million", format::fixed(x / 1e6, 1))
}

pub(super) fn facts(config: &Config, plan: &Costs, found: &CostsFound) -> CostFacts {
    let currency = &plan.currency;
    let referred = plan.referred.as_ref();
    CostFacts {
        currency: currency.clone(),
        everywhere: shown(&found.everywhere, |x| millions(currency, *x)),
        each: shown(&found.each, |x| money(currency, *x)),
        in_post: shown(&found.in_post, |x| format::fixed(*x, 0)),
        total: millions(currency, plan.total.value),
        total_label: lowered(&plan.total.label),
        draws: format::count(plan.draws),
        worth: money(currency, plan.worth.last().copied().unwrap_or(0.0)),
        figure: config.outcomes.get(plan.figure).map_or_else(String::new, |outcome| lowered(&outcome.label)),
        widest: found.one_way.first().map_or_else(String::new, |row| lowered(&row.label)),
        referred: referred.is_some(),
        referred_share: referred.map_or_else(String::new, |r| format!("{}%", format::percent(r.share, 1))),
        referred_label: referred.map_or_else(String::new, |r| lowered(&r.label)),
        outcomes: found.outcomes.iter().map(|outcome| of_outcome(config, currency, outcome)).collect(),
    }
}

fn of_outcome(config: &Config, currency: &str, outcome: &CostOutcome) -> CostOutcomeFacts {
    let percent = |x: f64| format!("{}%", format::percent(x, 0));
    let people = |x: f64| format::rounded(x, 1000.0);
    let cost = outcome.cost.shown().copied().unwrap_or([None; 3]);
    let [base, least, most] = cost.map(|cost| cost.map_or_else(String::new, |cost| money(currency, cost)));
    CostOutcomeFacts {
        short: config.outcomes.get(outcome.outcome).map_or_else(String::new, |o| o.short.clone()),
        people: shown(&outcome.people, |e| {
            let rounded = signed((e.estimate / 1000.0).round() * 1000.0, 0);
            format!("{rounded} (95% CI {} to {})", people(e.low), people(e.high))
        }),
        cost: base,
        least,
        most,
        better: shown(&outcome.better, |x| percent(*x)),
        acceptable: shown(&outcome.acceptable, |shares| shares.last().map_or_else(String::new, |x| percent(*x))),
        referred: super::inequality::points(&outcome.referred),
    }
}
