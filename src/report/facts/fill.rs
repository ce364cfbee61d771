//! Gathers the facts of a whole report. See [`facts()`].

use crate::config::{Config, Disclosure, Study, UnitKind};
use crate::disclosure::{Findings, ModelResult, ProvisionRow};
use crate::format;
use crate::ingest::InputRecord;

use super::words::{count, phrase, share, shown, spelled};
use super::{
    CensusFacts, ChangeFacts, DisclosureFacts, Facts, Group, OutcomeFacts, PaperFacts, PopulationFacts, ProgramFacts,
    StudyFacts, TermFacts, WaveFacts, model, origins, outcome, tested, words,
};

/// Everything the report's template may say, from released findings only.
///
/// `records` are the files that were read, in config order; they are listed as given.
pub fn facts(config: &Config, findings: &Findings, records: &[InputRecord]) -> Facts {
    let main: Vec<&ModelResult> = findings.models.iter().filter(|result| result.model == 0).collect();
    let outcomes: Vec<_> = (0..config.outcomes.len())
        .map(|at| outcome::outcome(config, findings, at, main.iter().copied().find(|result| result.outcome == at)))
        .collect();
    let censuses: Vec<_> = findings.provision.iter().map(census).collect();
    let simulated: Vec<_> = config.simulated_sources().into_iter().map(source_name).collect();
    let group = |wanted: &str| group(&outcomes, |o| o.direction == wanted);
    Facts {
        study: study(&config.study),
        program: program(),
        terms: terms(config),
        simulated: config.simulated(),
        mark: match (simulated.is_empty(), real_sources(config).is_empty()) {
            (true, _) => String::new(),
            (false, true) => "Simulated data.".into(),
            (false, false) => format!("Simulated in this report: {}.", phrase(&simulated)),
        },
        simulated_sources_text: phrase(&simulated),
        real_sources_text: phrase(&real_sources(config)),
        simulated_sources: simulated,
        responses: count(&findings.responses),
        analysed_any: count(&findings.analysed_any),
        analysed_percent: share(&findings.analysed_any, &findings.responses),
        practices: count(&findings.practices),
        waves: waves(config, findings),
        wave_count: spelled(config.waves.len()),
        first_wave: config.waves.first().map(i32::to_string).unwrap_or_default(),
        last_wave: config.waves.last().map(i32::to_string).unwrap_or_default(),
        has_censuses: !censuses.is_empty(),
        first_census: censuses.first().cloned().unwrap_or_default(),
        last_census: censuses.last().cloned().unwrap_or_default(),
        censuses,
        exposure: model::exposure(config),
        outcome_count: spelled(outcomes.len()),
        higher: group("higher"),
        lower: group("lower"),
        unclear: group("no clear difference"),
        hidden: group("not released"),
        holm: self::group(&outcomes, |o| o.holm_significant),
        discovered: self::group(&outcomes, |o| o.discovered),
        equivalent: self::group(&outcomes, |o| o.equivalent),
        tests: tested::tests(config, &outcomes),
        contrasts: tested::contrasts(config, &main),
        joint: tested::joint(config, findings),
        warnings: tested::warnings(config, findings),
        analyses: super::analyses::analyses(config, findings),
        model: config.models.first().map_or_else(model_absent, |first| model::main_model(config, first, &main)),
        variants: (1..config.models.len()).map(|at| model::variant(config, findings, at, &main)).collect(),
        covariates: (0..config.covariates.len()).map(|at| model::covariate(config, at)).collect(),
        populations: populations(config),
        paper: paper(config, &outcomes),
        flow: origins::flow(config, findings),
        dropped: origins::dropped(config, &main),
        linkage: origins::linkage(findings),
        assumptions: origins::assumptions(&config.assumptions),
        inputs: records.iter().map(origins::input).collect(),
        changes: ChangeFacts::default(),
        areas: origins::areas(findings),
        disclosure: disclosure(&config.disclosure),
        weighted: findings.weighted,
        outcomes,
    }
}

/// This program.
pub(super) fn program() -> ProgramFacts {
    ProgramFacts { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() }
}

pub(super) fn disclosure(disclosure: &Disclosure) -> DisclosureFacts {
    DisclosureFacts {
        profile: disclosure.profile.clone(),
        threshold: format::count(disclosure.threshold),
        practices: disclosure.shows(UnitKind::Practice),
        clusters: disclosure.shows(UnitKind::Cluster),
    }
}

pub(super) fn study(study: &Study) -> StudyFacts {
    StudyFacts {
        id: study.id.clone(),
        version: study.version.clone(),
        title: study.title.clone(),
        authors: study.authors.clone(),
        authors_text: phrase(&study.authors),
        date: study.date.clone(),
        doi: study.doi.clone(),
        doi_url: doi_url(&study.doi),
        citation: study.citation.clone(),
        seed: study.seed.to_string(),
        notices: study.notices.clone(),
    }
}

/// Address of a DOI, with everything that an address or Markdown could misread percent-encoded.
fn doi_url(doi: &str) -> String {
    if doi.is_empty() {
        return String::new();
    }
    let mut url = String::from("https://doi.org/");
    for byte in doi.bytes() {
        if byte.is_ascii_alphanumeric() || b"./-_~:;".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

fn terms(config: &Config) -> TermFacts {
    let terms = &config.terms;
    let [response, responses] = terms.response.clone();
    let [practice, practices] = terms.practice.clone();
    let [cluster, clusters] = terms.cluster.clone();
    let [area, areas] = terms.area.clone();
    let (amount, exposure_unit) = (terms.amount.clone(), terms.exposure_unit.clone());
    let [_, counted] = config.counted();
    TermFacts {
        response,
        responses,
        counted,
        practice,
        practices,
        cluster,
        clusters,
        area,
        areas,
        amount,
        exposure_unit,
    }
}

/// A source's name in a sentence.
pub(super) fn source_name(source: &str) -> String {
    source.replace('_', " ")
}

fn real_sources(config: &Config) -> Vec<String> {
    let simulated = config.simulated_sources();
    let all = ["survey", "workforce", "practices", "deprivation"];
    all.into_iter()
        .filter(|name| !simulated.contains(name))
        .filter(|name| *name != "deprivation" || config.inputs.deprivation.is_some())
        .map(source_name)
        .collect()
}

fn waves(config: &Config, findings: &Findings) -> Vec<WaveFacts> {
    config
        .waves
        .iter()
        .enumerate()
        .map(|(at, wave)| WaveFacts {
            wave: wave.to_string(),
            responses: findings.responses_by_wave.get(at).map_or_else(|| "–".into(), count),
            census: match config.exposure.census_for_wave.get(at) {
                Some(Some(census)) => census.to_string(),
                _ => "none".into(),
            },
        })
        .collect()
}

fn census(row: &ProvisionRow) -> CensusFacts {
    let between = |low: usize, high: usize| shown(&row.quantiles, |q| format::interval(q[low], q[high], 1));
    CensusFacts {
        census: row.census.clone(),
        month: words::month(&row.census),
        amount: shown(&row.amount, |x| format::fixed(*x, 1)),
        reporting: count(&row.reporting),
        known: count(&row.known),
        reporting_percent: share(&row.reporting, &row.known),
        with_any: count(&row.with_any),
        mean: shown(&row.mean, |x| format::fixed(*x, 2)),
        median: shown(&row.quantiles, |q| format::fixed(q[2], 2)),
        quartiles: between(1, 3),
        tenths: between(0, 4),
    }
}

fn group(outcomes: &[OutcomeFacts], belongs: impl Fn(&OutcomeFacts) -> bool) -> Group {
    let members: Vec<_> = outcomes.iter().filter(|o| belongs(o)).collect();
    Group {
        any: !members.is_empty(),
        all: !members.is_empty() && members.len() == outcomes.len(),
        count: spelled(members.len()),
        one: members.len() == 1,
        text: outcome::labels(&members),
        ids: members.iter().map(|o| o.id.clone()).collect(),
    }
}

/// A config without a model cannot be checked; the words stay empty rather than wrong.
fn model_absent() -> super::ModelFacts {
    super::ModelFacts {
        label: String::new(),
        odds_ratios: false,
        family: String::new(),
        has_absorbed: false,
        absorbed: String::new(),
        absorbed_one: String::new(),
        wave_effects: false,
        clusters: String::new(),
        errors: String::new(),
        by_cluster: false,
        reference: String::new(),
        reference_wave: String::new(),
        covariates: String::new(),
        weights: String::new(),
        profile: String::new(),
        factor: String::new(),
    }
}

fn populations(config: &Config) -> Vec<PopulationFacts> {
    let one = |p: &crate::config::Population| PopulationFacts {
        id: p.id.clone(),
        label: p.label.clone(),
        people: format::fixed(p.people, 0),
    };
    config.populations.iter().map(one).collect()
}

fn paper(config: &Config, outcomes: &[OutcomeFacts]) -> PaperFacts {
    let beside: Vec<_> = outcomes.iter().filter(|o| o.published.comparable).collect();
    let outside: Vec<_> = beside.iter().filter(|o| !o.published.within).copied().collect();
    PaperFacts {
        any: !config.published.estimates.is_empty(),
        name: config.published.name.clone(),
        n: config.published.n.map(format::count).unwrap_or_default(),
        comparable: spelled(beside.len()),
        within: spelled(beside.len() - outside.len()),
        all_within: !beside.is_empty() && outside.is_empty(),
        outside: outcome::labels(&outside),
    }
}
