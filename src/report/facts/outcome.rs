//! An outcome's finished strings: the main model's estimate, its direction, levels, the paper.

use crate::config::{Config, Outcome};
use crate::disclosure::{Estimate, Findings, ModelResult, Released};
use crate::format;

use super::words::{count, lowered, phrase, shown, signed};
use super::{LevelFacts, OutcomeFacts, PublishedFacts};

/// Which side of no difference an interval lies on.
pub(super) fn direction(exposure: Option<&Estimate>) -> &'static str {
    match exposure {
        None => "not released",
        Some(estimate) if estimate.low > 0.0 => "higher",
        Some(estimate) if estimate.high < 0.0 => "lower",
        Some(_) => "no clear difference",
    }
}

/// Facts on outcome `at`, from the main model's result where there is one.
pub(super) fn outcome(config: &Config, findings: &Findings, at: usize, result: Option<&ModelResult>) -> OutcomeFacts {
    let outcome = &config.outcomes[at];
    let levels = levels(config, findings, at);
    let breaks: Vec<_> = outcome
        .breaks
        .iter()
        .filter_map(|(wave, why)| config.waves.get(*wave).map(|wave| format!("{wave}: {why}")))
        .collect();
    let none = config.waves.iter().zip(&outcome.items).filter(|(_, item)| item.is_none());
    let without: Vec<String> = none.map(|(wave, _)| wave.to_string()).collect();
    let mut facts = OutcomeFacts {
        id: outcome.id.clone(),
        label: outcome.label.clone(),
        phrase: lowered(&outcome.label),
        short: outcome.short.clone(),
        asked: outcome.asked.clone(),
        population: outcome
            .population
            .and_then(|at| config.populations.get(at))
            .map(|p| p.label.clone())
            .unwrap_or_default(),
        more_is_better: outcome.good,
        has_levels: !levels.is_empty(),
        first_level: levels.first().cloned().unwrap_or_default(),
        last_level: levels.last().cloned().unwrap_or_default(),
        levels,
        breaks_text: breaks.join("; "),
        breaks,
        without_text: without.join(", "),
        published: published(config, at, result),
        ..absent()
    };
    if let Some(result) = result {
        fill_estimates(&mut facts, outcome, result);
        fill_tests(&mut facts, result, config.tests.alpha);
    }
    facts
}

/// An outcome before anything is known about its estimate.
fn absent() -> OutcomeFacts {
    let none = || "not estimated".to_string();
    OutcomeFacts {
        id: String::new(),
        label: String::new(),
        phrase: String::new(),
        short: String::new(),
        asked: String::new(),
        estimated: false,
        status: "not estimated".into(),
        odds_ratio: none(),
        ci: none(),
        p: none(),
        p_text: none(),
        points: none(),
        points_ci: none(),
        points_size: none(),
        people_size: none(),
        people: none(),
        people_ci: none(),
        has_people: false,
        population: String::new(),
        n: none(),
        practices: none(),
        clusters: none(),
        practices_dropped: none(),
        direction: "not released".into(),
        significant: false,
        more_is_better: true,
        sense: "neither".into(),
        e_value: none(),
        e_value_limit: none(),
        holm: none(),
        holm_significant: false,
        hochberg: none(),
        benjamini_hochberg: none(),
        discovered: false,
        equivalence: none(),
        equivalent: false,
        minimum_detectable: none(),
        bootstrap: String::new(),
        levels: Vec::new(),
        has_levels: false,
        first_level: LevelFacts::default(),
        last_level: LevelFacts::default(),
        breaks: Vec::new(),
        breaks_text: String::new(),
        without_text: String::new(),
        published: PublishedFacts::default(),
    }
}

fn fill_estimates(facts: &mut OutcomeFacts, outcome: &Outcome, result: &ModelResult) {
    let exposure = result.exposure.shown();
    let side = direction(exposure);
    facts.estimated = exposure.is_some();
    facts.status = result.exposure.status();
    facts.direction = side.into();
    facts.significant = matches!(side, "higher" | "lower");
    facts.sense = match side {
        "higher" | "lower" if (side == "higher") == outcome.good => "favourable",
        "higher" | "lower" => "unfavourable",
        _ => "neither",
    }
    .into();
    facts.odds_ratio = shown(&result.odds_ratio, |e| format::fixed(e.estimate, 3));
    facts.ci = interval(&result.odds_ratio, 1.0, 3);
    facts.p = shown(&result.exposure, |e| format::p_value(e.p));
    facts.p_text = shown(&result.exposure, |e| p_text(e.p));
    let effect = &result.average_marginal_effect;
    facts.points = shown(effect, |e| signed(e.estimate * 100.0, 2));
    facts.points_size = shown(effect, |e| format::fixed(e.estimate.abs() * 100.0, 2));
    facts.points_ci = interval(effect, 100.0, 2);
    let step = PEOPLE_STEP;
    facts.people = shown(&result.people, |e| signed((e.estimate / step).round() * step, 0));
    facts.has_people = result.people.shown().is_some();
    facts.people_size = shown(&result.people, |e| format::rounded(e.estimate.abs(), step));
    facts.people_ci =
        shown(&result.people, |e| format!("{} to {}", format::rounded(e.low, step), format::rounded(e.high, step)));
    facts.n = count(&result.n);
    facts.practices = count(&result.groups);
    facts.clusters = count(&result.clusters);
    facts.practices_dropped = count(&result.groups_dropped);
    facts.e_value = shown(&result.e_value, |e| format::fixed(e[0], 2));
    facts.e_value_limit = shown(&result.e_value, |e| format::fixed(e[1], 2));
    facts.holm = shown(&result.holm, |p| format::p_value(*p));
    facts.holm_significant = result.holm.shown().is_some_and(|p| *p < 0.05);
}

/// What was tested beside the estimate.
fn fill_tests(facts: &mut OutcomeFacts, result: &ModelResult, alpha: f64) {
    facts.hochberg = shown(&result.hochberg, |p| format::p_value(*p));
    facts.benjamini_hochberg = shown(&result.benjamini_hochberg, |p| format::p_value(*p));
    facts.discovered = result.benjamini_hochberg.shown().is_some_and(|p| *p < 0.05);
    facts.equivalence = shown(&result.equivalence, |p| format::p_value(*p));
    facts.equivalent = result.equivalence.shown().is_some_and(|p| *p < alpha);
    facts.minimum_detectable = shown(&result.minimum_detectable, |x| format::percent(*x, 2));
    facts.bootstrap = result.bootstrap.as_ref().map_or_else(String::new, |b| shown(b, |b| format::p_value(b.p)));
}

/// People are printed to the nearest 1,000, as in the tables.
pub(super) const PEOPLE_STEP: f64 = 1000.0;

/// `low to high`, both times `scale`.
pub(super) fn interval(value: &Released<Estimate>, scale: f64, digits: usize) -> String {
    shown(value, |e| format::interval(e.low * scale, e.high * scale, digits))
}

pub(super) fn p_text(p: f64) -> String {
    let text = format::p_value(p);
    match text.strip_prefix('<') {
        Some(limit) => format!("p\u{A0}<\u{A0}{limit}"),
        None => format!("p\u{A0}=\u{A0}{text}"),
    }
}

fn levels(config: &Config, findings: &Findings, at: usize) -> Vec<LevelFacts> {
    let mut rows: Vec<_> =
        findings.levels.iter().filter(|row| row.outcome == at && row.share.shown().is_some()).collect();
    rows.sort_by_key(|row| row.wave);
    rows.iter()
        .map(|row| LevelFacts {
            wave: config.waves.get(row.wave).map(i32::to_string).unwrap_or_default(),
            share: shown(&row.share, |s| format!("{}%", format::percent(s[0], 1))),
            ci: shown(&row.share, |s| format!("{}% to {}%", format::percent(s[1], 1), format::percent(s[2], 1))),
            n: count(&row.n),
        })
        .collect()
}

fn published(config: &Config, at: usize, result: Option<&ModelResult>) -> PublishedFacts {
    let Some(printed) = config.published.estimates.iter().find(|e| e.outcome == at) else {
        return PublishedFacts::default();
    };
    let mut facts = PublishedFacts {
        reported: true,
        has_number: printed.odds_ratio.is_some(),
        text: printed.note.clone(),
        people: printed.people.map(|n| format::fixed(n, 0)).unwrap_or_default(),
        note: printed.note.clone(),
        ..PublishedFacts::default()
    };
    if let Some([ratio, low, high]) = printed.odds_ratio {
        let digits = printed.digits;
        facts.text = format!("{} ({})", format::fixed(ratio, digits), format::interval(low, high, digits));
        if let Some(run) = result.and_then(|r| r.odds_ratio.shown()) {
            facts.comparable = true;
            facts.difference = signed(run.estimate - ratio, digits);
            facts.same_digits = format::fixed(run.estimate, digits) == format::fixed(ratio, digits);
            facts.within = (low..=high).contains(&run.estimate);
        }
    }
    facts
}

/// A list of labels as a phrase for sentences.
pub(super) fn labels(outcomes: &[&OutcomeFacts]) -> String {
    phrase(&outcomes.iter().map(|o| o.phrase.as_str()).collect::<Vec<_>>())
}
