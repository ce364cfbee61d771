//! A tiny study whose files a test can break one at a time.

use std::path::{Path, PathBuf};

use offprint::config::{
    Closed, Config, Covariate, CovariateKind, DeprivationInput, DeprivationRule, Disclosure, Encoding, Exposure,
    Inputs, Linkage, ListSizeInput, MissingRule, NotReporting, Outcome, PracticesFile, PracticesInput, Published,
    Report, Source, SurveyFile, SurveyInput, SurveyReader, Terms, WorkforceInput,
};
use offprint::error::{Problems, Result};
use offprint::ingest::{self, Data, InputRecord, Survey};

/// A folder of input files and the config that reads them.
pub(crate) struct Study {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) config: Config,
}

pub(crate) const SURVEY_20: &str = "practice_code,Q28,Q94,LTC,Q112\nB1,1,1,1,1\nA1,3,3,1,2\nA1,-3,5,1,1\nA1,2,-5,2,2\n";
pub(crate) const SURVEY_21: &str = "Practice_Code,q28,Q94,LTC,Q112\nA1,4,2,1,-3\nC1,5,4,1,2\n";
pub(crate) const STAFF_20: &str = "YEAR,MONTH,PCN,PCN_NAME,ICB,ICB_NAME,ROLE,FTE\n\
    2020,12,U1,One,Q1,North,Navigator,0.5\n2020,12,U1,One,Q1,North,Clerk,1\n2020,12,U2,Two,Q1,North,Clerk,2\n";
pub(crate) const STAFF_21: &str =
    "YEAR,MONTH,PCN,PCN_NAME,ICB,ICB_NAME,ROLE,FTE\n2021,3,U1,One,Q1,North,Navigator,1.5\n";
pub(crate) const PRACTICES_20: &str = "Code,Name,PCN,Patients,Rurality,Closed,Type\n\
    A1,Alpha,U1,5000.5,Urban,,GP\nB1,Beta,NONE,MISSING,Missing,01/01/2020,GP\nX1,Walk,U1,1,Urban,,Walk-in\n";
pub(crate) const PRACTICES_21: &str = "code,NAME,PCN,Patients,Rurality,Closed,Type\nA1,Alpha,U2,5100,Rural,,GP\n";
pub(crate) const SCORES: &str = "Year,Area,Score\n2015,A1,10.5\n2019,A1,12\n2019,E92000001,21\n";
pub(crate) const SIZES: &str = "CODE,SEX,PATIENTS\nA1,ALL,5005\nA1,MALE,2500\n";

impl Study {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let study = Self { folder, config: config() };
        for (path, text) in [
            ("s20.csv", SURVEY_20),
            ("s21.csv", SURVEY_21),
            ("work/2020.csv", STAFF_20),
            ("work/2021.csv", STAFF_21),
            ("p20.csv", PRACTICES_20),
            ("p21.csv", PRACTICES_21),
            ("imd.csv", SCORES),
            ("sizes.csv", SIZES),
        ] {
            study.write(path, text);
        }
        study
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// The study with one file replaced.
    pub(crate) fn with(path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let study = Self::new();
        study.write(path, bytes);
        study
    }

    pub(crate) fn read(&self) -> Result<Data> {
        ingest::read(&self.config, self.root(), &quiet)
    }

    pub(crate) fn survey(&self) -> Result<(Survey, Vec<InputRecord>)> {
        ingest::read_survey(&self.config, self.root(), &quiet)
    }

    /// Everything that reading complains about.
    pub(crate) fn complaint(&self) -> String {
        problems(self.read()).to_string()
    }
}

pub(crate) fn quiet(_: &str, _: u64, _: u64) {}

pub(crate) fn problems<T>(result: Result<T>) -> Problems {
    match result {
        Ok(_) => panic!("read without complaint"),
        Err(problems) => problems,
    }
}

/// Asserts that `message` holds each of `parts`.
#[track_caller]
pub(crate) fn says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "missing: {part}\nin: {message}");
    }
}

fn strings<const N: usize>(values: [&str; N]) -> Vec<String> {
    values.map(str::to_owned).to_vec()
}

pub(crate) fn outcome(id: &str, item: &str, success: &[i8], failure: &[i8]) -> Outcome {
    Outcome {
        id: id.into(),
        label: id.into(),
        short: id.into(),
        asked: String::new(),
        items: vec![Some(item.into()), Some(item.into())],
        success: success.to_vec(),
        failure: failure.to_vec(),
        left_out: Vec::new(),
        base: Vec::new(),
        base_reason: String::new(),
        counts: None,
        good: true,
        population: None,
        breaks: Vec::new(),
    }
}

fn survey_file(wave: usize, path: &str) -> SurveyFile {
    let practice = "practice_code".into();
    SurveyFile {
        wave: Some(wave),
        path: path.into(),
        practice,
        wave_column: None,
        weight: None,
        count: None,
        items: vec![],
    }
}

fn practices_file(wave: usize, path: &str) -> PracticesFile {
    PracticesFile {
        wave,
        path: path.into(),
        practice: "Code".into(),
        name: "Name".into(),
        pcn: "PCN".into(),
        patients: "Patients".into(),
        rurality: Some("Rurality".into()),
        closed: Some("Closed".into()),
        keep: vec![("Type".into(), strings(["GP"]))],
    }
}

pub(crate) fn workforce() -> WorkforceInput {
    WorkforceInput {
        source: Source::Real,
        files: strings(["work/*.csv"]),
        encoding: Encoding::Windows1252,
        year: "YEAR".into(),
        month: "MONTH".into(),
        pcn: "PCN".into(),
        pcn_name: "PCN_NAME".into(),
        area: "ICB".into(),
        area_name: "ICB_NAME".into(),
        amount: "FTE".into(),
        matching: vec![("ROLE".into(), strings(["Navigator"]))],
        other: vec![],
        region: None,
        largest: 20.0,
    }
}

fn inputs() -> Inputs {
    Inputs {
        survey: SurveyInput {
            source: Source::Real,
            reader: SurveyReader::Person,
            files: vec![survey_file(0, "s20.csv"), survey_file(1, "s21.csv")],
            encoding: Encoding::Utf8,
            missing: vec![(-5, "not asked".into()), (-3, "not answered".into())],
        },
        workforce: workforce(),
        practices: PracticesInput {
            source: Source::Real,
            files: vec![practices_file(0, "p20.csv"), practices_file(1, "p21.csv")],
            encoding: Encoding::Utf8,
            no_pcn: strings(["NONE"]),
            missing: strings(["MISSING", "Missing"]),
            closed: Closed::Keep,
        },
        deprivation: Some(DeprivationInput {
            source: Source::Real,
            path: "imd.csv".into(),
            encoding: Encoding::Utf8,
            practice: "Area".into(),
            year: "Year".into(),
            score: "Score".into(),
            rule: DeprivationRule::Nearest,
        }),
        list_sizes: Some(ListSizeInput {
            files: vec![(1, "sizes.csv".into())],
            encoding: Encoding::Utf8,
            practice: "CODE".into(),
            patients: "PATIENTS".into(),
            matching: vec![("SEX".into(), strings(["ALL"]))],
        }),
    }
}

fn exposure() -> Exposure {
    Exposure {
        label: String::new(),
        per: 50_000.0,
        census_for_wave: vec![None, None],
        not_reporting: NotReporting::Missing,
        before_start: 0.0,
        cap: None,
    }
}

pub(crate) fn config() -> Config {
    let mut managing = outcome("managing", "Q94", &[1, 2], &[3, 4]);
    managing.left_out = vec![(5, "does not know".into())];
    managing.base = vec![("LTC".into(), vec![1])];
    let pair = || strings(["", ""]).try_into().unwrap();
    Config {
        study: identity(),
        terms: Terms {
            response: pair(),
            practice: pair(),
            cluster: pair(),
            area: pair(),
            amount: String::new(),
            exposure_unit: String::new(),
        },
        waves: vec![2020, 2021],
        inputs: inputs(),
        exposure: exposure(),
        linkage: Linkage { reference_wave: 0, minimum_linked: 0.5 },
        covariates: vec![Covariate {
            id: "sex".into(),
            label: "Sex".into(),
            kind: CovariateKind::Item {
                items: strings(["Q112", "Q112"]),
                levels: vec![("female".into(), vec![1]), ("male".into(), vec![2])],
                reference: 0,
                missing: MissingRule::Drop,
            },
            describe: true,
        }],
        outcomes: vec![outcome("experience", "Q28", &[1, 2], &[3, 4, 5]), managing],
        models: Vec::new(),
        analyses: offprint::config::Analyses::default(),
        tests: offprint::config::TestPlan::plain(1),
        populations: Vec::new(),
        published: Published::default(),
        assumptions: Vec::new(),
        disclosure: Disclosure::above("", 10),
        tables: Vec::new(),
        figures: Vec::new(),
        report: Report { template: String::new(), page: String::new() },
        simulation: None,
    }
}

fn identity() -> offprint::config::Study {
    offprint::config::Study {
        id: "t".into(),
        version: "1".into(),
        title: String::new(),
        authors: Vec::new(),
        date: String::new(),
        doi: String::new(),
        citation: String::new(),
        seed: 1,
        notices: Vec::new(),
        provenance: Default::default(),
        lint: Default::default(),
    }
}
