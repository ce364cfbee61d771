//! People under stated bases in words.

use crate::config::Config;
use crate::disclosure::{PeopleFound, PeopleRow, PrintedPeople};
use crate::format;
use crate::report::facts::words::{shown, signed};
use serde::Serialize;

/// People under stated bases.
#[derive(Debug, Clone, Serialize)]
pub struct PeopleFacts {
    /// By outcome.
    pub outcomes: Vec<PeopleOutcomeFacts>,
}

/// People with one outcome.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PeopleOutcomeFacts {
    /// Outcome's short label.
    pub short: String,
    /// By base.
    pub bases: Vec<PeopleBaseFacts>,
    /// True when the paper printed people and an odds ratio.
    pub printed: bool,
    /// People as printed.
    pub printed_people: String,
    /// Base that the printed odds ratio needs for them, in millions, with its range.
    pub implied: String,
    /// True when the outcome's own population lies in that range.
    pub attributable: bool,
    /// The outcome's own population, with its label; empty without one.
    pub own: String,
}

/// People of one base.
#[derive(Debug, Clone, Serialize)]
pub struct PeopleBaseFacts {
    /// What the base is.
    pub label: String,
    /// People in it, in millions.
    pub size: String,
    /// People with their interval.
    pub people: String,
}

fn millions(x: f64) -> String {
    format!("{} million", format::fixed(x / 1e6, 1))
}

fn people(x: f64) -> String {
    format::rounded(x, 1000.0)
}

pub(super) fn facts(config: &Config, found: &PeopleFound) -> PeopleFacts {
    let mut outcomes: Vec<usize> = found.rows.iter().map(|row| row.outcome).collect();
    outcomes.dedup();
    PeopleFacts { outcomes: outcomes.into_iter().map(|outcome| of_outcome(config, found, outcome)).collect() }
}

fn base(config: &Config, row: &PeopleRow) -> PeopleBaseFacts {
    let first = config.analyses.population.as_ref().and_then(|plan| plan.bases.first());
    let label = |at: usize| config.populations.get(at).map_or_else(String::new, |p| p.label.clone());
    PeopleBaseFacts {
        label: match row.base {
            Some(at) => label(at),
            None => format!("those of {} with an answer that counts", label(first.copied().unwrap_or(0))),
        },
        size: shown(&row.size, |x| millions(*x)),
        people: shown(&row.people, |e| {
            let interval = format!("{} to {}", people(e.low), people(e.high));
            format!("{} (95% CI {interval})", signed((e.estimate / 1000.0).round() * 1000.0, 0))
        }),
    }
}

fn of_outcome(config: &Config, found: &PeopleFound, outcome: usize) -> PeopleOutcomeFacts {
    let spec = config.outcomes.get(outcome);
    let rows = found.rows.iter().filter(|row| row.outcome == outcome);
    let mut facts = PeopleOutcomeFacts {
        short: spec.map_or_else(String::new, |outcome| outcome.short.clone()),
        bases: rows.map(|row| base(config, row)).collect(),
        ..PeopleOutcomeFacts::default()
    };
    let own = spec.and_then(|outcome| outcome.population).and_then(|at| config.populations.get(at));
    facts.own = own.map_or_else(String::new, |own| format!("{}, {}", own.label, millions(own.people)));
    if let Some(printed) = found.printed.iter().find(|printed| printed.outcome == outcome) {
        fill_printed(&mut facts, printed, own.map(|own| own.people));
    }
    facts
}

fn fill_printed(facts: &mut PeopleOutcomeFacts, printed: &PrintedPeople, own: Option<f64>) {
    facts.printed = true;
    facts.printed_people = people(printed.people);
    facts.implied = shown(&printed.implied, |[base, low, high]| {
        format!("{} ({} to {})", millions(*base), millions(*low), millions(*high))
    });
    facts.attributable = match (printed.implied.shown(), own) {
        (Some([_, low, high]), Some(own)) => (*low..=*high).contains(&own),
        _ => false,
    };
}
