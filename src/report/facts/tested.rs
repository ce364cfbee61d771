//! What was tested, contrasted and warned of, in finished strings.

use serde::Serialize;

use crate::config::{Adjustment, Config, ExposureAt};
use crate::disclosure::{Findings, ModelResult};
use crate::format;

use super::OutcomeFacts;
use super::outcome::{PEOPLE_STEP, interval, p_text};
use super::words::{lowered, phrase, shown, signed, spelled};

/// What is tested over the outcomes.
#[derive(Debug, Clone, Serialize)]
pub struct TestFacts {
    /// The adjustments in the report, as a phrase: "Holm and Hochberg".
    pub adjustments: String,
    /// True when Hochberg's is among them.
    pub hochberg: bool,
    /// True when Benjamini and Hochberg's is among them.
    pub benjamini_hochberg: bool,
    /// Number of outcomes in the declared family, in words or digits.
    pub family_count: String,
    /// True when all outcomes are in it.
    pub family_all: bool,
    /// The family as a phrase.
    pub family: String,
    /// Level of the tests: "5%".
    pub alpha: String,
    /// Power that the minimum detectable effect is for: "80%".
    pub power: String,
    /// True when a smallest effect that matters is stated.
    pub has_smallest: bool,
    /// Smallest effects in percentage points: "0.1", or "0.1 to 0.5" where outcomes differ.
    pub smallest: String,
    /// Minimum detectable effects over the outcomes in percentage points: "0.10 to 0.25"; empty when
    /// none is released.
    pub detectable: String,
    /// True when the main model has a bootstrap test.
    pub bootstrap: bool,
}

/// A contrast of the main model's predictions.
#[derive(Debug, Clone, Serialize)]
pub struct ContrastFacts {
    /// Id.
    pub id: String,
    /// Label.
    pub label: String,
    /// First place of the exposure: "at 0" or "as observed".
    pub from: String,
    /// Second place of the exposure.
    pub to: String,
    /// By outcome.
    pub outcomes: Vec<ContrastOutcomeFacts>,
}

/// A contrast for one outcome.
#[derive(Debug, Clone, Serialize)]
pub struct ContrastOutcomeFacts {
    /// Outcome's id.
    pub id: String,
    /// Outcome's short label.
    pub short: String,
    /// Outcome's label within a sentence.
    pub phrase: String,
    /// True when there is a released difference.
    pub estimated: bool,
    /// First prediction: "82.10%".
    pub from: String,
    /// Second prediction.
    pub to: String,
    /// Difference in percentage points with its sign: "+0.12".
    pub difference: String,
    /// 95% interval.
    pub difference_ci: String,
    /// True when the difference is scaled to people.
    pub has_people: bool,
    /// People per year with a sign.
    pub people: String,
    /// 95% interval.
    pub people_ci: String,
}

/// A joint test.
#[derive(Debug, Clone, Serialize)]
pub struct JointFacts {
    /// Label.
    pub label: String,
    /// Label of the model it is made in.
    pub model: String,
    /// True when every outcome's p is below the stated level.
    pub all_clear: bool,
    /// Outcomes whose p is below the stated level, as a phrase; empty for none.
    pub clear: String,
    /// By outcome.
    pub outcomes: Vec<JointOutcomeFacts>,
}

/// A joint test for one outcome.
#[derive(Debug, Clone, Serialize)]
pub struct JointOutcomeFacts {
    /// Outcome's short label.
    pub short: String,
    /// Wald statistic.
    pub statistic: String,
    /// Coefficients tested.
    pub terms: String,
    /// p value with its sign: "p = 0.010".
    pub p_text: String,
}

pub(super) fn tests(config: &Config, outcomes: &[OutcomeFacts]) -> TestFacts {
    let plan = &config.tests;
    let name = |adjustment: &Adjustment| match adjustment {
        Adjustment::Holm => "Holm",
        Adjustment::Hochberg => "Hochberg",
        Adjustment::BenjaminiHochberg => "Benjamini–Hochberg",
    };
    let members = plan.family.iter().filter_map(|at| config.outcomes.get(*at)).map(|o| lowered(&o.short));
    let mut smallest: Vec<f64> = plan.smallest_effect.iter().flatten().copied().collect();
    smallest.sort_by(f64::total_cmp);
    let points: Vec<&str> = outcomes.iter().filter(|o| o.estimated).map(|o| o.minimum_detectable.as_str()).collect();
    TestFacts {
        adjustments: phrase(&plan.adjust.iter().map(name).collect::<Vec<_>>()),
        hochberg: plan.adjust.contains(&Adjustment::Hochberg),
        benjamini_hochberg: plan.adjust.contains(&Adjustment::BenjaminiHochberg),
        family_count: spelled(plan.family.len()),
        family_all: plan.family.len() == config.outcomes.len(),
        family: phrase(&members.collect::<Vec<_>>()),
        alpha: percent(plan.alpha),
        power: percent(plan.power),
        has_smallest: !smallest.is_empty(),
        smallest: range(&smallest.iter().map(|x| format::plain((x * 1e6).round() / 1e4)).collect::<Vec<_>>()),
        detectable: range(&sorted(&points)),
        bootstrap: config.models.first().is_some_and(|main| main.bootstrap.is_some()),
    }
}

/// Printed numbers in the order of their values.
fn sorted(texts: &[&str]) -> Vec<String> {
    let mut found: Vec<(f64, String)> =
        texts.iter().filter_map(|text| Some((text.parse().ok()?, (*text).to_string()))).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, text)| text).collect()
}

/// `a`, or `a to b` of sorted texts.
fn range(sorted: &[String]) -> String {
    match (sorted.first(), sorted.last()) {
        (Some(low), Some(high)) if low == high => low.clone(),
        (Some(low), Some(high)) => format!("{low} to {high}"),
        _ => String::new(),
    }
}

/// A level as a percentage without needless digits.
fn percent(share: f64) -> String {
    format!("{}%", format::plain((share * 1e6).round() / 1e4))
}

pub(super) fn contrasts(config: &Config, main: &[&ModelResult]) -> Vec<ContrastFacts> {
    let known = config.models.first().map_or(&[][..], |model| &model.contrasts);
    let facts = |(at, contrast): (usize, &crate::config::ModelContrast)| ContrastFacts {
        id: contrast.id.clone(),
        label: contrast.label.clone(),
        from: place(contrast.from),
        to: place(contrast.to),
        outcomes: main.iter().filter_map(|result| contrast_outcome(config, result, at)).collect(),
    };
    known.iter().enumerate().map(facts).collect()
}

fn place(at: ExposureAt) -> String {
    match at {
        ExposureAt::Observed => "as observed".into(),
        ExposureAt::Value(value) => format!("at {}", format::plain(value)),
    }
}

fn contrast_outcome(config: &Config, result: &ModelResult, contrast: usize) -> Option<ContrastOutcomeFacts> {
    let outcome = config.outcomes.get(result.outcome)?;
    let found = result.contrasts.iter().find(|row| row.contrast == contrast)?;
    let step = PEOPLE_STEP;
    Some(ContrastOutcomeFacts {
        id: outcome.id.clone(),
        short: outcome.short.clone(),
        phrase: lowered(&outcome.label),
        estimated: found.difference.shown().is_some(),
        from: shown(&found.from, |p| format!("{}%", format::percent(p.mean, 2))),
        to: shown(&found.to, |p| format!("{}%", format::percent(p.mean, 2))),
        difference: shown(&found.difference, |e| signed(e.estimate * 100.0, 2)),
        difference_ci: interval(&found.difference, 100.0, 2),
        has_people: found.people.shown().is_some(),
        people: shown(&found.people, |e| signed((e.estimate / step).round() * step, 0)),
        people_ci: shown(&found.people, |e| {
            format!("{} to {}", format::rounded(e.low, step), format::rounded(e.high, step))
        }),
    })
}

pub(super) fn joint(config: &Config, findings: &Findings) -> Vec<JointFacts> {
    let facts = |(at, test): (usize, &crate::config::JointTest)| {
        let made = findings.models.iter().filter(|result| result.model == test.model);
        let rows: Vec<_> = made
            .filter_map(|result| {
                let outcome = config.outcomes.get(result.outcome)?;
                Some((outcome, result.joint.iter().find(|row| row.test == at)?))
            })
            .collect();
        let clear: Vec<String> = rows
            .iter()
            .filter(|(_, row)| row.wald.shown().is_some_and(|w| w.p < config.tests.alpha))
            .map(|(outcome, _)| lowered(&outcome.short))
            .collect();
        JointFacts {
            label: test.label.clone(),
            model: config.models.get(test.model).map(|model| lowered(&model.label)).unwrap_or_default(),
            all_clear: clear.len() == rows.len(),
            clear: phrase(&clear),
            outcomes: rows
                .iter()
                .map(|(outcome, row)| JointOutcomeFacts {
                    short: outcome.short.clone(),
                    statistic: shown(&row.wald, |w| format::fixed(w.statistic, 1)),
                    terms: shown(&row.wald, |w| format::count(w.terms)),
                    p_text: shown(&row.wald, |w| p_text(w.p)),
                })
                .collect(),
        }
    };
    config.tests.joint.iter().enumerate().map(facts).collect()
}

/// One sentence for each warning of each fit.
pub(super) fn warnings(config: &Config, findings: &Findings) -> Vec<String> {
    let one = |result: &ModelResult| -> Vec<String> {
        let (Some(model), Some(outcome)) = (config.models.get(result.model), config.outcomes.get(result.outcome))
        else {
            return Vec::new();
        };
        let texts = result.fit.warnings.shown().into_iter().flatten();
        texts.map(|text| format!("{}, {}: {text}", model.label, lowered(&outcome.short))).collect()
    };
    findings.models.iter().flat_map(one).collect()
}
