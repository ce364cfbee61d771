//! `data_dictionary.csv` of a survey study: for every outcome, covariate, exposure, weight and link, which
//! variable of which source in which waves, and what becomes of each code. From the config alone.

use crate::config::{Closed, Config, Covariate, CovariateKind, DeprivationRule, MissingRule, NotReporting, Outcome};
use crate::format;

/// Columns of the dictionary, for studies of either form.
pub(super) const HEAD: [&str; 9] = ["role", "id", "label", "source", "waves", "variable", "code", "becomes", "goes_to"];

/// The dictionary being written.
pub(super) struct Dictionary {
    rows: Vec<Vec<String>>,
    /// Role, id and label of what is being described.
    about: [String; 3],
}

impl Dictionary {
    pub(super) fn new() -> Self {
        Self { rows: vec![HEAD.map(str::to_string).to_vec()], about: Default::default() }
    }

    pub(super) fn about(&mut self, role: &str, id: &str, label: &str) {
        self.about = [role, id, label].map(str::to_string);
    }

    /// One line: source, waves, variable, code, what it becomes, where it goes.
    pub(super) fn line(&mut self, cells: [&str; 6]) {
        self.rows.push(self.about.iter().cloned().chain(cells.map(str::to_string)).collect());
    }

    pub(super) fn finish(self) -> Vec<Vec<String>> {
        self.rows
    }
}

/// The dictionary's rows, header first.
pub(super) fn rows(config: &Config) -> Vec<Vec<String>> {
    let mut out = Dictionary::new();
    config.outcomes.iter().for_each(|outcome| push_outcome(&mut out, config, outcome));
    config.covariates.iter().for_each(|covariate| push_covariate(&mut out, config, covariate));
    push_exposure(&mut out, config);
    push_files(&mut out, config);
    out.finish()
}

/// Waves that share a name, in the order in which the names come first.
fn by_name<'a>(config: &Config, names: impl Iterator<Item = Option<&'a str>>) -> Vec<(Option<&'a str>, String)> {
    let mut found: Vec<(Option<&str>, Vec<String>)> = Vec::new();
    for (name, wave) in names.zip(&config.waves) {
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, waves)) => waves.push(wave.to_string()),
            None => found.push((name, vec![wave.to_string()])),
        }
    }
    found.into_iter().map(|(name, waves)| (name, waves.join(" "))).collect()
}

fn all_waves(config: &Config) -> String {
    config.waves.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn joined<T: ToString>(codes: &[T]) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn push_outcome(out: &mut Dictionary, config: &Config, outcome: &Outcome) {
    out.about("outcome", &outcome.id, &outcome.label);
    let all = all_waves(config);
    for (item, codes) in &outcome.base {
        out.line(["survey", &all, item, &joined(codes), "asked", "base of the outcome"]);
        let reason = format!("leaves: {}", outcome.base_reason);
        out.line(["survey", &all, item, "any other", "not asked", &reason]);
    }
    for (item, waves) in by_name(config, outcome.items.iter().map(Option::as_deref)) {
        let Some(item) = item else {
            out.line(["survey", &waves, "none", "", "", "leaves: no comparable item in the wave"]);
            continue;
        };
        let mut line =
            |code: String, becomes: &str, goes: &str| out.line(["survey", &waves, item, &code, becomes, goes]);
        outcome.success.iter().for_each(|code| line(code.to_string(), "1", "with the outcome"));
        outcome.failure.iter().for_each(|code| line(code.to_string(), "0", "without the outcome"));
        for (code, reason) in outcome.left_out.iter().chain(&config.inputs.survey.missing) {
            line(code.to_string(), "missing", &format!("leaves: {reason}"));
        }
    }
    if let Some(counts) = &outcome.counts {
        let success = counts.success.join(" + ");
        out.line(["survey (files of counts)", &all, &success, "number", "count with the outcome", "1"]);
        out.line([
            "survey (files of counts)",
            &all,
            &counts.base,
            "number",
            "count in the base",
            "base of the outcome",
        ]);
    }
}

fn missing_words(rule: MissingRule) -> [&'static str; 2] {
    match rule {
        MissingRule::Level => ["Missing", "a level of its own"],
        MissingRule::Drop => ["missing", "leaves: no usable answer"],
    }
}

fn level_words(at: usize, reference: usize) -> &'static str {
    if at == reference { "reference level" } else { "level" }
}

fn push_covariate(out: &mut Dictionary, config: &Config, covariate: &Covariate) {
    out.about("covariate", &covariate.id, &covariate.label);
    let all = all_waves(config);
    match &covariate.kind {
        CovariateKind::Item { items, levels, reference, missing } => {
            for (item, waves) in by_name(config, items.iter().map(|item| Some(item.as_str()))) {
                let item = item.unwrap_or_default();
                for (at, (level, codes)) in levels.iter().enumerate() {
                    let goes = level_words(at, *reference);
                    codes.iter().for_each(|code| out.line(["survey", &waves, item, &code.to_string(), level, goes]));
                }
                let [becomes, goes] = missing_words(*missing);
                for (code, reason) in &config.inputs.survey.missing {
                    out.line(["survey", &waves, item, &code.to_string(), becomes, &format!("{goes} ({reason})")]);
                }
            }
        }
        CovariateKind::Rurality { levels, reference, missing } => {
            let columns = config.inputs.practices.files.iter().filter_map(|file| file.rurality.as_deref());
            let columns: std::collections::BTreeSet<&str> = columns.collect();
            let column = columns.into_iter().collect::<Vec<_>>().join(" or ");
            for (at, (level, texts)) in levels.iter().enumerate() {
                let goes = level_words(at, *reference);
                texts.iter().for_each(|text| out.line(["practices", &all, &column, text, level, goes]));
            }
            let [becomes, goes] = missing_words(*missing);
            out.line(["practices", &all, &column, "any other or none", becomes, goes]);
        }
        CovariateKind::Deprivation { scale } => {
            let column = config.inputs.deprivation.as_ref().map_or("", |input| input.score.as_str());
            let rule = config.inputs.deprivation.as_ref().map_or(DeprivationRule::Nearest, |input| input.rule);
            let rule = match rule {
                DeprivationRule::Nearest => "year on file nearest to the wave",
                DeprivationRule::Interpolate => "linear between years on file",
            };
            let becomes = format!("number divided by {}", format::plain(*scale));
            out.line(["deprivation", &all, column, "number", &becomes, rule]);
            out.line(["deprivation", &all, column, "none", "missing", "leaves: no score"]);
        }
    }
}

fn push_exposure(out: &mut Dictionary, config: &Config) {
    let (exposure, input) = (&config.exposure, &config.inputs.workforce);
    out.about("exposure", "exposure", &exposure.label);
    let patients = format!("sum by cluster, per {} patients", format::count(exposure.per as u64));
    let kept: Vec<String> =
        input.matching.iter().map(|(head, values)| format!("{head} = {}", values.join(" or "))).collect();
    let kept = if kept.is_empty() { "every row".to_string() } else { kept.join(" and ") };
    for (wave, census) in config.waves.iter().zip(&exposure.census_for_wave) {
        let wave = wave.to_string();
        match census {
            Some(census) => {
                let goes = format!("exposure at the census {census}");
                out.line(["workforce", &wave, &input.amount, &format!("rows with {kept}"), &patients, &goes]);
            }
            None => {
                let value = format::plain(exposure.before_start);
                out.line(["none", &wave, "none", "", &value, "by definition, before any census"]);
            }
        }
    }
    let absent = match exposure.not_reporting {
        NotReporting::Missing => ["missing", "leaves: the cluster sent no return"],
        NotReporting::Zero => ["0", "taken as none"],
        NotReporting::CarryForward => ["last return before", "carried forward"],
        NotReporting::CarryBack => ["first return after", "carried back"],
        NotReporting::Interpolate => ["between returns on both sides", "linear in time"],
    };
    out.line(["workforce", &all_waves(config), &input.pcn, "cluster not on file", absent[0], absent[1]]);
}

fn push_files(out: &mut Dictionary, config: &Config) {
    let survey = &config.inputs.survey;
    out.about("weight", "weight", "Survey weight");
    let used = if config.models.iter().any(|model| model.weighted) {
        "descriptions and weighted models"
    } else {
        "descriptions"
    };
    let waves = |wave: Option<usize>| {
        wave.and_then(|at| config.waves.get(at)).map_or_else(|| all_waves(config), ToString::to_string)
    };
    for file in &survey.files {
        for (name, header) in &file.items {
            out.line(["survey", &waves(file.wave), header, "any", name, "read under the name that the config uses"]);
        }
        if let Some(weight) = &file.weight {
            out.line(["survey", &waves(file.wave), weight, "number", "weight", used]);
        }
    }
    out.about("link", "practice", "Surveyed unit");
    for file in &survey.files {
        out.line(["survey", &waves(file.wave), &file.practice, "code", "key", "joins survey and practices"]);
    }
    out.about("link", "cluster", "Cluster");
    let practices = &config.inputs.practices;
    let closed = match practices.closed {
        Closed::Keep => "kept",
        Closed::NoPatients => "keeps its cluster, its patients do not count",
        Closed::Drop => "leaves",
    };
    for file in &practices.files {
        let wave = waves(Some(file.wave));
        out.line(["practices", &wave, &file.pcn, "code", "key", "joins practices and workforce"]);
        for none in &practices.no_pcn {
            out.line(["practices", &wave, &file.pcn, none, "none", "in no cluster"]);
        }
        out.line(["practices", &wave, &file.patients, "number", "patients", "denominator of the exposure"]);
        if let Some(column) = &file.closed {
            out.line(["practices", &wave, column, "any date", "closed", closed]);
        }
    }
    if let Some(sizes) = &config.inputs.list_sizes {
        for (wave, _) in &sizes.files {
            let cells = ["list_sizes", &waves(Some(*wave)), &sizes.patients, "number", "patients"];
            out.line([
                cells[0],
                cells[1],
                cells[2],
                cells[3],
                cells[4],
                "denominator of the exposure, in place of the practice file's",
            ]);
        }
    }
}
