//! Timing of the association in words.

use crate::config::{Config, Timing};
use crate::disclosure::{Estimate, Look, Released, TimedRow, TimedTest, TimingFound};
use crate::format;
use crate::report::facts::outcome::p_text;
use crate::report::facts::words::{lowered, phrase, shown, signed};
use serde::Serialize;

/// Timing of the association.
#[derive(Debug, Clone, Serialize)]
pub struct TimingFacts {
    /// Wave that the others are compared with.
    pub reference: String,
    /// Waves before it that are tested: "2018 and 2019".
    pub before: String,
    /// Waves from which provision is known: "2021, 2022 and 2023".
    pub after: String,
    /// True when the exposure of later years is looked at.
    pub has_leads: bool,
    /// By how many years exposures were moved back, a phrase; empty for none.
    pub shifts: String,
    /// By outcome.
    pub outcomes: Vec<TimingOutcomeFacts>,
    /// True when outcomes moved ahead of provision, by the joint test.
    pub any_ahead: bool,
    /// Those, as a phrase.
    pub ahead: String,
    /// True when there are placebo outcomes.
    pub has_controls: bool,
    /// Placebo outcomes.
    pub controls: Vec<ControlFacts>,
}

/// Timing of one outcome.
#[derive(Debug, Clone, Serialize)]
pub struct TimingOutcomeFacts {
    /// Outcome's short label.
    pub short: String,
    /// Estimates before the reference, a phrase: "+0.10 (95% CI …) in 2018 and …".
    pub before: String,
    /// Estimates from provision on, a phrase.
    pub after: String,
    /// Joint test of those before: "p = 0.30".
    pub before_p: String,
    /// True when that p is below the stated level.
    pub ahead: bool,
    /// Estimate of the next year's exposure beside the year's own.
    pub lead: String,
    /// Joint test of later years' exposure.
    pub lead_p: String,
    /// Exposures moved back.
    pub shifts: Vec<ShiftFacts>,
}

/// One exposure moved back.
#[derive(Debug, Clone, Serialize)]
pub struct ShiftFacts {
    /// "1 year", "2 years".
    pub years: String,
    /// Percentage points with their interval.
    pub points: String,
    /// True when the interval lies on one side of zero.
    pub clear: bool,
    /// True when the difference is shown to be smaller than the smallest that matters.
    pub equivalent: bool,
}

/// One placebo outcome.
#[derive(Debug, Clone, Serialize)]
pub struct ControlFacts {
    /// Label within a sentence.
    pub label: String,
    /// Percentage points with their interval.
    pub points: String,
    /// True when the interval lies on one side of zero.
    pub clear: bool,
    /// True when the difference is shown to be smaller than the smallest that matters.
    pub equivalent: bool,
}

/// `+0.10 (95% CI −0.05 to 0.25)`.
pub(super) fn points(found: &Released<Estimate>) -> String {
    shown(found, |e| {
        let interval = format::interval(100.0 * e.low, 100.0 * e.high, 2);
        format!("{} (95% CI {interval})", signed(100.0 * e.estimate, 2))
    })
}

fn clear(found: &Released<Estimate>) -> bool {
    found.shown().is_some_and(|e| e.low > 0.0 || e.high < 0.0)
}

pub(super) fn facts(config: &Config, plan: &Timing, found: &TimingFound) -> TimingFacts {
    let first = config.exposure.census_for_wave.iter().take_while(|census| census.is_none()).count();
    let years = |waves: &mut dyn Iterator<Item = usize>| {
        let labels: Vec<String> = waves.filter_map(|wave| config.waves.get(wave)).map(ToString::to_string).collect();
        phrase(&labels)
    };
    let outcomes: Vec<TimingOutcomeFacts> =
        plan.outcomes.iter().map(|outcome| of_outcome(config, found, *outcome, first)).collect();
    let ahead: Vec<String> = outcomes.iter().filter(|o| o.ahead).map(|o| lowered(&o.short)).collect();
    let control = |row: &TimedRow| {
        let label = plan.controls.get(row.outcome).map_or_else(String::new, |control| lowered(&control.label));
        let equivalent = row.equivalence.shown().is_some_and(|p| *p < config.tests.alpha);
        ControlFacts { label, points: points(&row.effect), clear: clear(&row.effect), equivalent }
    };
    let shifts: Vec<String> = plan.shifts.iter().map(|shift| said(i64::from(*shift))).collect();
    TimingFacts {
        reference: config.waves.get(plan.reference).map(ToString::to_string).unwrap_or_default(),
        before: years(&mut (0..first).filter(|wave| *wave != plan.reference)),
        after: years(&mut (first..config.waves.len())),
        has_leads: plan.leads > 0,
        shifts: phrase(&shifts),
        any_ahead: !ahead.is_empty(),
        ahead: phrase(&ahead),
        outcomes,
        has_controls: !plan.controls.is_empty(),
        controls: found.rows.iter().filter(|row| row.look == Look::Control).map(control).collect(),
    }
}

fn said(years: i64) -> String {
    if years == 1 { "1 year".into() } else { format!("{years} years") }
}

fn of_outcome(config: &Config, found: &TimingFound, outcome: usize, first: usize) -> TimingOutcomeFacts {
    let rows = |look: Look| found.rows.iter().filter(move |row| row.look == look && row.outcome == outcome);
    let wave = |row: &TimedRow| usize::try_from(row.at).unwrap_or_default();
    let said_at = |row: &TimedRow| {
        let label = config.waves.get(wave(row)).map(ToString::to_string).unwrap_or_default();
        format!("{} in {label}", points(&row.effect))
    };
    let (before, after): (Vec<&TimedRow>, Vec<&TimedRow>) = rows(Look::Event).partition(|row| wave(row) < first);
    let each = |rows: &[&TimedRow]| phrase(&rows.iter().map(|row| said_at(row)).collect::<Vec<_>>());
    let test = |look: Look| found.tests.iter().find(|t| t.look == look && t.outcome == outcome && t.before);
    let p = |test: Option<&TimedTest>| test.map_or_else(String::new, |test| shown(&test.wald, |wald| p_text(wald.p)));
    let pre = test(Look::Event);
    let shift = |row: &TimedRow| ShiftFacts {
        years: said(row.at),
        points: points(&row.effect),
        clear: clear(&row.effect),
        equivalent: row.equivalence.shown().is_some_and(|p| *p < config.tests.alpha),
    };
    TimingOutcomeFacts {
        short: config.outcomes.get(outcome).map_or_else(String::new, |outcome| outcome.short.clone()),
        before: each(&before),
        after: each(&after),
        before_p: p(pre),
        ahead: pre.and_then(|test| test.wald.shown()).is_some_and(|wald| wald.p < config.tests.alpha),
        lead: rows(Look::Path).find(|row| row.at == -1).map_or_else(String::new, |row| points(&row.effect)),
        lead_p: p(test(Look::Path)),
        shifts: rows(Look::Shift).map(shift).collect(),
    }
}
