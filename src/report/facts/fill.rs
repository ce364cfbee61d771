//! Gathers the facts of a whole report. See [`facts`].

use crate::config::Config;
use crate::disclosure::{Findings, ModelResult, ProvisionRow, Stage};
use crate::format;
use crate::ingest::InputRecord;

use super::words::{count, phrase, share, share_of, shown, spelled};
use super::{
    AreaFacts, AssumptionFacts, CensusFacts, DisclosureFacts, DroppedFacts, Facts, FlowFacts, Group, InputFacts,
    LinkageFacts, OutcomeFacts, PaperFacts, PopulationFacts, ProgramFacts, ReasonFacts, StudyFacts, TermFacts,
    WaveFacts, model, outcome, words,
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
        study: study(config),
        program: ProgramFacts { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() },
        terms: terms(config),
        simulated: config.simulated(),
        mark: match (simulated.is_empty(), real_sources(config).is_empty()) {
            (true, _) => String::new(),
            (false, true) => "Simulated data.".into(),
            (false, false) => format!("Simulated data ({}).", phrase(&simulated)),
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
        model: config.models.first().map_or_else(model_absent, |first| model::main_model(config, first, &main)),
        variants: (1..config.models.len()).map(|at| model::variant(config, findings, at, &main)).collect(),
        covariates: (0..config.covariates.len()).map(|at| model::covariate(config, at)).collect(),
        populations: populations(config),
        paper: paper(config, &outcomes),
        flow: flow(config, findings),
        dropped: dropped(config, &main),
        linkage: linkage(findings),
        assumptions: assumptions(config),
        inputs: records.iter().map(input).collect(),
        areas: areas(findings),
        disclosure: DisclosureFacts {
            profile: config.disclosure.profile.clone(),
            threshold: format::count(config.disclosure.threshold),
        },
        weighted: findings.weighted,
        outcomes,
    }
}

fn study(config: &Config) -> StudyFacts {
    let study = &config.study;
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
    TermFacts { response, responses, practice, practices, cluster, clusters, area, areas, amount, exposure_unit }
}

/// A source's name in a sentence.
fn source_name(source: &str) -> String {
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

fn flow(config: &Config, findings: &Findings) -> Vec<FlowFacts> {
    let one = |(at, outcome): (usize, &crate::config::Outcome)| {
        let rows: Vec<_> = findings.flow.iter().filter(|row| row.outcome == at && row.wave.is_none()).collect();
        let received = rows.iter().find(|row| row.stage == Stage::Received)?;
        let analysed = rows.iter().find(|row| row.stage == Stage::Analysed)?;
        let left = rows.iter().filter(|row| row.stage == Stage::Left);
        Some(FlowFacts {
            id: outcome.id.clone(),
            label: outcome.label.clone(),
            short: outcome.short.clone(),
            received: count(&received.rows),
            analysed: count(&analysed.rows),
            percent: share(&analysed.rows, &received.rows),
            reasons: left.map(|row| ReasonFacts { reason: row.reason.clone(), rows: count(&row.rows) }).collect(),
        })
    };
    config.outcomes.iter().enumerate().filter_map(one).collect()
}

fn dropped(config: &Config, main: &[&ModelResult]) -> Vec<DroppedFacts> {
    let label = |at: usize| config.outcomes.get(at).map(|o| o.label.clone()).unwrap_or_default();
    let rows = main.iter().flat_map(|result| result.dropped.iter().map(|row| (label(result.outcome), row)));
    rows.map(|(outcome, row)| DroppedFacts {
        outcome,
        what: row.what.clone(),
        groups: count(&row.groups),
        rows: count(&row.rows),
    })
    .collect()
}

fn linkage(findings: &Findings) -> Vec<LinkageFacts> {
    let one = |(what, part, of): &(String, u64, u64)| LinkageFacts {
        what: what.clone(),
        count: format::count(*part),
        of: format::count(*of),
        percent: share_of(*part, *of),
    };
    findings.linkage.facts.iter().map(one).collect()
}

fn assumptions(config: &Config) -> Vec<AssumptionFacts> {
    let one = |a: &crate::config::Assumption| AssumptionFacts {
        about: a.about.clone(),
        key: a.key.clone(),
        choice: a.choice.clone(),
        because: a.because.clone(),
    };
    config.assumptions.iter().map(one).collect()
}

fn input(record: &InputRecord) -> InputFacts {
    InputFacts {
        source: source_name(&record.source),
        path: record.path.clone(),
        rows: format::count(record.rows),
        bytes: format::count(record.bytes),
        sha256: record.sha256.clone(),
        sha256_short: record.sha256.chars().take(12).collect(),
        notes: record.notes.join("; "),
    }
}

fn areas(findings: &Findings) -> AreaFacts {
    let mut rows: Vec<_> = findings.areas.iter().filter_map(|a| a.exposure.shown().map(|x| (*x, a))).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.code.cmp(&b.1.code)));
    match rows.as_slice() {
        [most, .., least] => AreaFacts {
            any: true,
            census: findings.areas_census.clone(),
            month: words::month(&findings.areas_census),
            count: format::count(rows.len() as u64),
            most: most.1.name.clone(),
            most_exposure: format::fixed(most.0, 1),
            least: least.1.name.clone(),
            least_exposure: format::fixed(least.0, 1),
        },
        _ => AreaFacts::default(),
    }
}
