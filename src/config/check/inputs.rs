//! Checks of `inputs` and `exposure`.

use super::Checker;
use crate::config::raw;
use crate::config::types::*;

const SOURCES: [(&str, Source); 3] =
    [("real", Source::Real), ("simulated", Source::Simulated), ("simulated_files", Source::SimulatedFiles)];
pub(super) const ENCODINGS: [(&str, Encoding); 2] =
    [("utf-8", Encoding::Utf8), ("windows-1252", Encoding::Windows1252)];
/// Smallest number taken where zero makes no sense: below it arithmetic would lose the exposure.
const SMALLEST: f64 = 1e-6;

impl Checker<'_> {
    pub(super) fn inputs(&mut self, raw: raw::RawInputs) -> Inputs {
        Inputs {
            survey: self.survey(raw.survey),
            workforce: self.workforce(raw.workforce),
            practices: self.practices(raw.practices),
            deprivation: raw.deprivation.map(|d| self.deprivation(d)),
            list_sizes: raw.list_sizes.map(|l| self.list_sizes(l)),
        }
    }

    fn source(&mut self, input: &str, got: &str) -> Source {
        self.word(&format!("inputs.{input}.source"), got, &SOURCES)
    }

    fn encoding(&mut self, input: &str, got: &str) -> Encoding {
        self.word(&format!("inputs.{input}.encoding"), got, &ENCODINGS)
    }

    fn survey(&mut self, raw: raw::RawSurvey) -> SurveyInput {
        let source = self.source("survey", &raw.source);
        let encoding = self.encoding("survey", &raw.encoding);
        let readers =
            [("person", SurveyReader::Person), ("practice", SurveyReader::Practice), ("cells", SurveyReader::Cells)];
        let reader = self.word("inputs.survey.reader", &raw.reader, &readers);
        self.known_waves("inputs.survey.columns_by_wave", &raw.columns_by_wave);
        let one_file = matches!(raw.files, raw::PerWave::One(_));
        let paths = self.per_wave("inputs.survey.files", raw.files);
        let mut files = Vec::new();
        for (wave, path) in paths.into_iter().enumerate().take(if one_file { 1 } else { usize::MAX }) {
            let Some(path) = path else { continue };
            let own = raw.columns_by_wave.get(&self.waves[wave]).filter(|_| !one_file);
            let pick = |get: fn(&raw::RawSurveyColumns) -> &Option<String>| {
                own.and_then(|o| get(o).clone()).or_else(|| get(&raw.columns).clone())
            };
            files.push(SurveyFile {
                wave: (!one_file).then_some(wave),
                path,
                practice: pick(|c| &c.practice).unwrap_or_default(),
                wave_column: pick(|c| &c.wave),
                weight: pick(|c| &c.weight),
                count: pick(|c| &c.count),
                items: own.unwrap_or(&raw.columns).items.clone().into_iter().collect(),
            });
        }
        self.survey_columns(&files, one_file, reader);
        self.survey_once(&files);
        SurveyInput { source, reader, files, encoding, missing: raw.missing.into_iter().collect() }
    }

    /// The same file for two waves would count its responses twice.
    fn survey_once(&mut self, files: &[SurveyFile]) {
        let waves = self.waves.clone();
        let label = |file: &SurveyFile| file.wave.map_or_else(String::new, |wave| waves[wave].to_string());
        for (at, file) in files.iter().enumerate() {
            if let Some(first) = files[..at].iter().find(|other| other.path == file.path) {
                let what = format!("`{}` is listed for wave {} and for wave {}", file.path, label(first), label(file));
                self.fault(
                    "inputs.survey.files",
                    what,
                    "give each wave a file of its own, or all one file with a `wave` column",
                );
            }
        }
    }

    fn survey_columns(&mut self, files: &[SurveyFile], one_file: bool, reader: SurveyReader) {
        let at = "inputs.survey.columns";
        if files.iter().any(|f| f.practice.is_empty()) {
            self.fault(at, "no `practice` column named", "add `practice:` with the header of the practice code");
        }
        if one_file && files.iter().any(|f| f.wave_column.is_none()) && self.waves.len() > 1 {
            self.fault(
                at,
                "one file for several waves, and no `wave` column named",
                "add `wave:`, or list `files` by wave",
            );
        }
        if reader == SurveyReader::Cells && files.iter().any(|f| f.count.is_none()) {
            self.fault(at, "reader `cells` needs a `count` column", "add `count:` with its header");
        }
        if reader != SurveyReader::Cells && files.iter().any(|f| f.count.is_some()) {
            self.fault(at, "a `count` column is for reader `cells` only", "set `reader: cells`, or remove `count:`");
        }
    }

    pub(super) fn matching(&mut self, path: &str, raw: raw::Where) -> Vec<(String, Vec<String>)> {
        for (header, values) in &raw {
            if values.is_empty() {
                self.fault(path, format!("no value listed for `{header}`"), "list the values that count");
            }
        }
        raw.into_iter().collect()
    }

    fn workforce(&mut self, raw: raw::RawWorkforce) -> WorkforceInput {
        if raw.files.is_empty() {
            self.fault(
                "inputs.workforce.files",
                "no file listed",
                "name the files, or a pattern like `workforce/*.csv`",
            );
        }
        let c = raw.columns;
        let region = match (c.region, c.region_name) {
            (Some(code), Some(name)) => Some([code, name]),
            (None, None) => None,
            _ => {
                let at = "inputs.workforce.columns";
                self.fault(at, "regions need `region` and `region_name`", "name both headers, or neither");
                None
            }
        };
        WorkforceInput {
            source: self.source("workforce", &raw.source),
            files: raw.files,
            encoding: self.encoding("workforce", &raw.encoding),
            year: c.year,
            month: c.month,
            pcn: c.pcn,
            pcn_name: c.pcn_name,
            area: c.area,
            area_name: c.area_name,
            amount: c.amount,
            matching: self.matching("inputs.workforce.where", raw.matching),
            other: self.matching("inputs.workforce.other", raw.other),
            region,
            largest: self.range("inputs.workforce.largest", raw.largest, SMALLEST, 1e9),
        }
    }

    fn practices(&mut self, raw: raw::RawPractices) -> PracticesInput {
        let at = "inputs.practices.files";
        if raw.files.is_empty() {
            self.fault(at, "no practice file listed", "name at least one wave's file");
        }
        self.known_waves("inputs.practices.columns_by_wave", &raw.columns_by_wave);
        let keep = self.matching("inputs.practices.keep", raw.keep);
        let mut files = Vec::new();
        for (label, path) in &raw.files {
            let Some(wave) = self.wave(at, *label) else { continue };
            let own = raw.columns_by_wave.get(label);
            let pick = |get: fn(&raw::RawPracticeColumns) -> &Option<String>| {
                own.and_then(|o| get(o).clone()).or_else(|| get(&raw.columns).clone())
            };
            let needed = [pick(|c| &c.practice), pick(|c| &c.name), pick(|c| &c.pcn), pick(|c| &c.patients)];
            if needed.iter().any(Option::is_none) {
                let what = "columns need `practice`, `name`, `pcn` and `patients`";
                self.fault("inputs.practices.columns", what, "add the missing headers");
            }
            let [practice, name, pcn, patients] = needed.map(Option::unwrap_or_default);
            files.push(PracticesFile {
                wave,
                path: path.clone(),
                practice,
                name,
                pcn,
                patients,
                rurality: pick(|c| &c.rurality),
                closed: pick(|c| &c.closed),
                keep: keep.clone(),
            });
        }
        let closed = [("keep", Closed::Keep), ("no_patients", Closed::NoPatients), ("drop", Closed::Drop)];
        PracticesInput {
            source: self.source("practices", &raw.source),
            files,
            encoding: self.encoding("practices", &raw.encoding),
            no_pcn: raw.no_pcn,
            missing: raw.missing,
            closed: self.word("inputs.practices.closed", &raw.closed, &closed),
        }
    }

    fn deprivation(&mut self, raw: raw::RawDeprivation) -> DeprivationInput {
        let rules = [("nearest", DeprivationRule::Nearest), ("interpolate", DeprivationRule::Interpolate)];
        DeprivationInput {
            source: self.source("deprivation", &raw.source),
            path: raw.file,
            encoding: self.encoding("deprivation", &raw.encoding),
            practice: raw.columns.practice,
            year: raw.columns.year,
            score: raw.columns.score,
            rule: self.word("inputs.deprivation.rule", &raw.rule, &rules),
        }
    }

    fn list_sizes(&mut self, raw: raw::RawListSizes) -> ListSizeInput {
        let mut files = Vec::new();
        for (label, path) in raw.files {
            if let Some(wave) = self.wave("inputs.list_sizes.files", label) {
                files.push((wave, path));
            }
        }
        ListSizeInput {
            files,
            encoding: self.encoding("list_sizes", &raw.encoding),
            practice: raw.columns.practice,
            patients: raw.columns.patients,
            matching: self.matching("inputs.list_sizes.where", raw.matching),
        }
    }

    pub(super) fn exposure(&mut self, raw: raw::RawExposure) -> Exposure {
        let at = "exposure.census_for_wave";
        self.known_waves(at, &raw.census_for_wave);
        let mut census_for_wave = Vec::new();
        for label in self.waves.clone() {
            let census = match raw.census_for_wave.get(&label).map(String::as_str) {
                None => {
                    let hint =
                        "add the wave with a census like 2020-12, or `none` where the exposure is zero by definition";
                    self.fault(at, format!("wave {label} has no census"), hint);
                    None
                }
                Some("none") => None,
                Some(text) => {
                    let census = parse_census(text);
                    if census.is_none() {
                        self.fault(at, format!("`{text}` is not a census"), "write year and month, like 2020-12");
                    }
                    census
                }
            };
            census_for_wave.push(census);
        }
        Exposure {
            label: raw.label,
            per: self.range("exposure.per", raw.per, SMALLEST, 1e12),
            census_for_wave,
            not_reporting: self.word("exposure.not_reporting", &raw.not_reporting, &NOT_REPORTING),
            before_start: self.range("exposure.before_start", raw.before_start, 0.0, 1e9),
            cap: self.cap(raw.cap),
        }
    }

    fn cap(&mut self, raw: raw::RawCap) -> Option<(f64, CapAction)> {
        match raw {
            raw::RawCap::Word(word) if word == "none" => None,
            raw::RawCap::Word(word) => {
                self.unknown("exposure.cap", "choice", &word, &["none", "{ at: 10, action: limit }"]);
                None
            }
            raw::RawCap::Cap(cap) => {
                let actions = [("limit", CapAction::Limit), ("drop", CapAction::Drop)];
                let at = self.range("exposure.cap", cap.at, SMALLEST, 1e9);
                Some((at, self.word("exposure.cap", &cap.action, &actions)))
            }
        }
    }
}

/// What the rules for clusters without a return are called.
pub(super) const NOT_REPORTING: [(&str, NotReporting); 5] = [
    ("missing", NotReporting::Missing),
    ("zero", NotReporting::Zero),
    ("carry_forward", NotReporting::CarryForward),
    ("carry_back", NotReporting::CarryBack),
    ("interpolate", NotReporting::Interpolate),
];

fn parse_census(text: &str) -> Option<Census> {
    let (year, month) = text.split_once('-')?;
    let census = Census { year: year.parse().ok()?, month: month.parse().ok()? };
    (month.len() == 2 && (1..=12).contains(&census.month) && (1900..=9999).contains(&census.year)).then_some(census)
}
