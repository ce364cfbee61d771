//! The main model from counts by practice beside that from answers of people, and what either can adjust for.
//! Arranges released values; what can be adjusted for comes from the config alone.

use super::super::cells::{self, blank, capital, fixed, head, lower, points, ratio, row, words};
use super::super::notes::{self, Rests, finish};
use super::super::results::estimate;
use super::super::types::{Row, Table};
use super::super::{outcome_id, outcome_label};
use super::timing::{as_ratio, logit};
use super::{Key, alone, line};
use crate::config::{Absorb, Config, CovariateKind, Exhibit, Part, SubgroupBy};
use crate::disclosure::{PublicRouteFound, PublicRouteRow, Released, RouteFound};

/// The ways of an outcome with their key, words, and what the counts are apart from them.
fn routes<'a>(config: &Config, one: &'a PublicRouteRow) -> [(&'static str, String, &'a RouteFound); 3] {
    let [_, people] = &config.terms.response;
    let [practice, _] = &config.terms.practice;
    [
        ("public", format!("Counts by {practice}"), &one.public),
        ("crude", format!("Answers of {people}, same terms"), &one.crude),
        ("full", format!("Answers of {people}, main model"), &one.full),
    ]
}

/// Three rows per outcome.
pub(super) fn public_route(config: &Config, found: &PublicRouteFound, exhibit: &Exhibit) -> Table {
    let mut heads = vec![
        head("Route", &["outcome", "route"], false),
        head(format!("{}, n", capital(&config.terms.response[1])), &["n"], true),
        head("Percentage points (95% CI)", &["effect", "effect_low", "effect_high"], true),
    ];
    heads.extend(
        logit(config).then(|| head("Odds ratio (95% CI)", &["odds_ratio", "odds_ratio_low", "odds_ratio_high"], true)),
    );
    heads.push(head("Counts less this, in its standard errors", &["counts_less_this"], true));
    heads.push(head("Counts used", &["counts"], true));
    heads.push(head("Counts suppressed", &["suppressed"], true));
    let rows: Vec<Row> = found.rows.iter().flat_map(|one| outcome_rows(config, one)).collect();
    let practice = &config.terms.practice;
    let own = vec![
        notes::exposure_unit(config),
        format!(
            "Counts by {}: answers with and without the outcome by {} and wave, as published files hold them; counts \
             with fewer than {} answers are left out as suppressed. Same terms: exposure, waves and whatever is known of a {} \
             as a whole. The two have the same likelihood, so that without suppression they are the same.",
            practice[0], practice[0], found.suppress_below, practice[0]
        ),
    ];
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

fn outcome_rows(config: &Config, one: &PublicRouteRow) -> Vec<Row> {
    let id = outcome_id(config, one.outcome);
    let mut section = outcome_label(config, one.outcome);
    let rows = routes(config, one).into_iter().map(|(key, label, route)| {
        let mut cells =
            vec![words(label, &[&id, key]), cells::count(&route.n), cells::with_interval(&route.effect, points)];
        cells.extend(logit(config).then(|| cells::with_interval(&as_ratio(&route.coefficient), ratio)));
        cells.push(match key {
            "crude" => fixed(&one.from_crude, 2),
            "full" => fixed(&one.from_full, 2),
            _ => blank(1),
        });
        let public = key == "public";
        cells.push(if public { cells::count(&one.counts) } else { blank(1) });
        cells.push(if public { cells::count(&one.suppressed) } else { blank(1) });
        row(std::mem::take(&mut section), cells)
    });
    rows.collect()
}

/// What either route can adjust for or answer, and why.
pub(super) fn adjustable(config: &Config, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("What", &["what"], false),
        head(format!("Answers of {}", config.terms.response[1]), &["people"], false),
        head(format!("Counts by {}", config.terms.practice[0]), &["counts"], false),
        head("Why", &["why"], false),
    ];
    let line = |section: &str, what: String, people: &str, counts: &str, why: &str| {
        let each = |text: &str| words(text, &[text]);
        row(section, vec![each(&capital(&what)), each(people), each(counts), each(why)])
    };
    let single = format!("published by {} only, not by what people answer elsewhere", config.terms.practice[0]);
    let mut rows = Vec::new();
    let mut section = "Terms of a model";
    let whole = format!("known of the {} as a whole", config.terms.practice[0]);
    let mut term = |what: String, people: &str, counts: &str, why: &str| {
        rows.push(line(std::mem::take(&mut section), what, people, counts, why));
    };
    term("exposure".into(), "yes", "yes", &whole);
    term("waves".into(), "yes", "yes", "a file for each wave");
    let absorbed = config.models.first().map_or(Absorb::None, |model| model.absorb);
    if absorbed != Absorb::None {
        let unit = if absorbed == Absorb::Practice { &config.terms.practice[0] } else { &config.terms.cluster[0] };
        term(format!("{unit} effects"), "yes", "yes", &whole);
    }
    for covariate in &config.covariates {
        match covariate.kind {
            CovariateKind::Item { .. } => term(lower(&covariate.label), "yes", "no", &single),
            _ => term(lower(&covariate.label), "yes", "yes", &whole),
        }
    }
    term("survey weights".into(), "yes", "no", "counts of answers are of the unweighted edition");
    let mut section = "Analyses";
    for (what, counts, why) in analyses(config, &single) {
        rows.push(line(std::mem::take(&mut section), what, "yes", counts, &why));
    }
    finish(config, exhibit, Rests::Responses, heads, rows, Vec::new())
}

/// The analyses that the config asks for, whether counts by practice can answer them, and why.
fn analyses(config: &Config, single: &str) -> Vec<(String, &'static str, String)> {
    let asked = &config.analyses;
    let mut found: Vec<(String, &str, String)> = Vec::new();
    let item = |at: &usize| matches!(config.covariates[*at].kind, CovariateKind::Item { .. });
    let whole = format!("known of the {} as a whole", config.terms.practice[0]);
    let answered = |what: String, by_single: bool| {
        if by_single { (what, "no", single.to_string()) } else { (what, "yes", whole.clone()) }
    };
    for (at, by) in asked.subgroups.iter().flat_map(|plan| plan.by.iter().enumerate()) {
        let [_, label] = config.subgroups_by(at);
        let what = format!("subgroups by {}", lower(&label));
        found.push(answered(what, matches!(by, SubgroupBy::Covariate(at) if item(at))));
    }
    if let Some(plan) = &asked.inequality {
        found.push(answered("inequality".into(), item(&plan.by)));
    }
    let unadjusted = || "without the covariates of single people".to_string();
    let mut yes = |asked: bool, what: &str, why: String| {
        found.extend(asked.then(|| (what.to_string(), "yes", why)));
    };
    yes(asked.provision.is_some(), "provision against need", "need is a share of counts".into());
    yes(asked.population.is_some(), "people under stated populations", unadjusted());
    yes(asked.costs.is_some(), "costs", unadjusted());
    yes(asked.timing.is_some(), "timing", unadjusted());
    yes(asked.dose.is_some(), "amount of exposure", unadjusted());
    yes(asked.grid.is_some(), "specifications", "those without covariates of single people or weights".into());
    let parts = asked.leave_out.as_ref().map_or(&[][..], |plan| &plan.by);
    let area = parts.contains(&Part::Area);
    yes(!parts.is_empty(), if area { "leaving out waves and places" } else { "leaving out" }, unadjusted());
    if asked.power.is_some() {
        found.push(("power in simulated studies".into(), "no", "simulated answers are those of single people".into()));
    }
    if asked.timing.as_ref().is_some_and(|plan| !plan.controls.is_empty()) {
        let why = "no count of that item is named".to_string();
        found.push(("outcomes that the exposure should not change".into(), "no", why));
    }
    found
}

/// The figure in words.
pub(super) fn alt(config: &Config, found: &PublicRouteFound) -> Vec<String> {
    let mut text = vec![format!(
        "Percentage points per {} with 95% confidence intervals, one row per outcome: from counts by {} and, beside it, \
         from the main model of answers of {}.",
        config.terms.exposure_unit, config.terms.practice[0], config.terms.response[1]
    )];
    for one in &found.rows {
        let shown = |route: &RouteFound| {
            route
                .effect
                .shown()
                .map_or_else(|| cells::NOT_RELEASED.to_string(), |effect| cells::interval_text(effect, points))
        };
        let short = config.outcomes.get(one.outcome).map_or("", |outcome| outcome.short.as_str());
        text.push(format!("{short}: counts {}; main model {}.", shown(&one.public), shown(&one.full)));
    }
    text
}

/// Rows of `results.csv`: `route=public`, `route=crude`; the main model has rows of its own.
pub(super) fn results_rows(config: &Config, found: &PublicRouteFound) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for one in &found.rows {
        let outcome = outcome_id(config, one.outcome);
        for (key, _, route) in routes(config, one).into_iter().take(2) {
            let subgroup = format!("route={key}");
            for (quantity, value) in [("coefficient", &route.coefficient), ("average_marginal_effect", &route.effect)] {
                let key = Key {
                    analysis: "public_route",
                    outcome: &outcome,
                    subgroup: &subgroup,
                    term: "exposure",
                    quantity,
                };
                rows.push(line(key, &estimate(value), Some(&route.n), None));
            }
        }
        let number = |x: &Released<u64>| x.map(|n| *n as f64);
        for (subgroup, quantity, value) in [
            ("route=crude", "difference_in_errors", one.from_crude.clone()),
            ("route=full", "difference_in_errors", one.from_full.clone()),
            ("route=public", "counts", number(&one.counts)),
            ("route=public", "counts_suppressed", number(&one.suppressed)),
        ] {
            let term = if quantity == "difference_in_errors" { "exposure" } else { "" };
            let key = Key { analysis: "public_route", outcome: &outcome, subgroup, term, quantity };
            rows.push(line(key, &value.map(|x| alone(*x)), None, None));
        }
    }
    rows
}
