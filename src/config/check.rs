//! From raw keys to the checked [`Config`]: ranges, names that must refer to something, one value
//! for every wave. Collects every problem.

use super::locate::Source as Text;
use super::raw::{self, PerWave, RawConfig};
use super::types::*;
use crate::error::{Problem, Problems, Result};
use std::collections::BTreeMap;

mod analyses;
mod analysis;
mod change;
pub(super) mod dataset;
mod disclosure;
mod inference;
mod inputs;
mod lint;
mod models;
mod provenance;
mod shown;

/// What every check needs: the waves, the text for places, and the problems so far.
pub(super) struct Checker<'a> {
    waves: Vec<i32>,
    text: &'a Text<'a>,
    problems: Problems,
    /// Outcomes left out for a problem of their own: naming them is no further one.
    left_out: Vec<String>,
}

/// Checks a raw config against itself.
pub(super) fn check(raw: RawConfig, tree: &serde_yaml::Value, text: &Text) -> Result<Config> {
    let mut checker = Checker::new(raw.waves.clone(), text);
    checker.format(raw.offprint);
    checker.waves_in_order();
    checker.plain_name("study.id", &raw.study.id);
    checker.plain_name("study.version", &raw.study.version);
    let inputs = checker.inputs(raw.inputs);
    let exposure = checker.exposure(raw.exposure);
    let linkage = Linkage {
        reference_wave: checker.wave("linkage.reference_wave", raw.linkage.reference_wave).unwrap_or(0),
        minimum_linked: checker.range("linkage.minimum_linked", raw.linkage.minimum_linked, 0.0, 1.0),
    };
    let populations = checker.populations(raw.population);
    let covariates = checker.covariates(raw.covariates);
    let outcomes = checker.outcomes(raw.outcomes, &populations);
    let mut known = analyses::Known {
        covariates: &covariates,
        outcomes: &outcomes,
        populations: &populations,
        models: &[],
        exposure: &exposure,
        workforce: &inputs.workforce,
        simulation: raw.simulate.as_ref(),
        tree,
        survey: &inputs.survey,
    };
    let models = checker.models(raw.models, &known);
    known.models = &models;
    let analyses = checker.analyses(raw.analyses, &known);
    let tests = checker.tests(raw.tests, &outcomes, &covariates, &models);
    let published = checker.published(raw.published, &outcomes);
    let assumptions = checker.assumptions(raw.assumptions, tree);
    let disclosure = checker.disclosure(raw.disclosure);
    let said = (checker.provenance(raw.provenance, &SOURCES), checker.lint(raw.lint));
    let config = Config {
        study: study(raw.study, said),
        terms: terms(raw.terms),
        waves: raw.waves,
        inputs,
        exposure,
        linkage,
        covariates,
        outcomes,
        models,
        tests,
        analyses,
        populations,
        published,
        assumptions,
        disclosure,
        tables: exhibits(raw.tables),
        figures: exhibits(raw.figures),
        report: Report { template: raw.report.template, page: raw.report.page },
        simulation: raw.simulate,
    };
    checker.whole(&config);
    checker.problems.or(config)
}

/// The sources of a survey study, as the config names them.
const SOURCES: [&str; 5] = ["survey", "workforce", "practices", "deprivation", "list_sizes"];

fn study(raw: raw::RawStudy, (provenance, lint): (Provenance, Lint)) -> Study {
    Study {
        id: raw.id,
        version: raw.version,
        title: raw.title,
        authors: raw.authors,
        date: raw.date,
        doi: raw.mirrors.doi,
        citation: raw.mirrors.citation,
        seed: raw.seed,
        notices: raw.notices,
        provenance,
        lint,
    }
}

fn terms(raw: raw::RawTerms) -> Terms {
    Terms {
        response: raw.response,
        practice: raw.practice,
        cluster: raw.cluster,
        area: raw.area,
        amount: raw.amount,
        exposure_unit: raw.exposure_unit,
    }
}

fn exhibits(raw: indexmap::IndexMap<String, raw::RawExhibit>) -> Vec<Exhibit> {
    raw.into_iter().map(|(id, e)| Exhibit { id, number: e.number, title: e.title, note: e.note }).collect()
}

impl<'a> Checker<'a> {
    fn new(waves: Vec<i32>, text: &'a Text<'a>) -> Self {
        Self { waves, text, problems: Problems::default(), left_out: Vec::new() }
    }
}

impl Checker<'_> {
    /// Records a problem at a key.
    fn fault(&mut self, path: &str, what: impl Into<String>, hint: impl Into<String>) {
        let problem = self.text.at(path, Problem::new(what).hint(hint));
        self.problems.push(problem);
    }

    fn format(&mut self, got: u32) {
        if got != 1 {
            let what = format!("config format is {got}, this program reads 1");
            self.fault("offprint", what, "write `offprint: 1`");
        }
    }

    /// Records a name that is not among the known ones.
    fn unknown<S: AsRef<str>>(&mut self, path: &str, what: &str, got: &str, known: &[S]) {
        let problem = self.text.at(path, Problem::new(format!("unknown {what} `{got}`")).nearest(got, known));
        self.problems.push(problem);
    }

    /// One of a fixed set of words.
    fn word<T: Copy>(&mut self, path: &str, got: &str, known: &[(&str, T)]) -> T {
        if let Some((_, value)) = known.iter().find(|(name, _)| *name == got) {
            return *value;
        }
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        self.unknown(path, "choice", got, &names);
        known[0].1
    }

    /// A finite number in a closed range.
    fn range(&mut self, path: &str, got: f64, low: f64, high: f64) -> f64 {
        if !(low..=high).contains(&got) {
            let what = format!("{} is outside {} to {}", short(got), short(low), short(high));
            self.fault(path, what, "check the unit");
        }
        got
    }

    /// A name that is safe in file names.
    fn plain_name(&mut self, path: &str, got: &str) {
        let fine = got.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        let begins = got.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !begins || !fine || got.ends_with('.') || got.len() > 60 {
            self.fault(
                path,
                format!("`{got}` cannot be part of a file name"),
                "use letters and digits, with `.`, `_`, `-` inside",
            );
        }
    }

    fn waves_in_order(&mut self) {
        if self.waves.is_empty() || self.waves.len() > 100 {
            self.fault("waves", format!("{} waves, expected 1 to 100", self.waves.len()), "list the survey's waves");
        }
        if let Some(pair) = self.waves.windows(2).find(|pair| pair[0] >= pair[1]) {
            let what = format!("wave {} stands before {}", pair[0], pair[1]);
            self.fault("waves", what, "list each wave once, in order");
        }
    }

    /// Index of a wave.
    fn wave(&mut self, path: &str, label: i32) -> Option<usize> {
        let at = self.waves.iter().position(|wave| *wave == label);
        if at.is_none() {
            let known: Vec<String> = self.waves.iter().map(ToString::to_string).collect();
            self.unknown(path, "wave", &label.to_string(), &known);
        }
        at
    }

    /// A text for each wave, `none` where the config says so; a wave without one is a problem.
    fn per_wave(&mut self, path: &str, raw: PerWave) -> Vec<Option<String>> {
        match raw {
            PerWave::One(text) => vec![Some(text); self.waves.len()],
            PerWave::ByWave(map) => {
                self.known_waves(path, &map);
                let missing: Vec<i32> = self.waves.iter().copied().filter(|w| !map.contains_key(w)).collect();
                if !missing.is_empty() {
                    self.fault(
                        path,
                        format!("no entry for wave {missing:?}"),
                        "add the wave, or `none` where it has no such item",
                    );
                }
                self.waves.iter().map(|w| map.get(w).filter(|text| *text != "none").cloned()).collect()
            }
        }
    }

    /// Every key of a by-wave map is a wave.
    fn known_waves<T>(&mut self, path: &str, map: &BTreeMap<i32, T>) {
        for label in map.keys() {
            self.wave(path, *label);
        }
    }
}

/// A number in few characters, however large or small.
fn short(x: f64) -> String {
    let plain = x.to_string();
    if plain.len() <= 16 { plain } else { format!("{x:e}") }
}
