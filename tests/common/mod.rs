//! A config for tests: the default study in miniature, with the truth of the shipped file.

use offprint::config::*;

pub(crate) const WAVES: [i32; 6] = [2018, 2019, 2020, 2021, 2022, 2023];

fn text(value: &str) -> String {
    value.into()
}

pub(crate) fn simulation() -> Simulation {
    let whole = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let text = &whole[whole.find("\nsimulate:").unwrap()..];
    #[derive(serde::Deserialize)]
    struct Section {
        simulate: Simulation,
    }
    serde_yaml::from_str::<Section>(text).unwrap().simulate
}

fn item(id: &str, name: &str, codes: std::ops::RangeInclusive<i8>) -> Covariate {
    Covariate {
        id: text(id),
        label: text(id),
        kind: CovariateKind::Item {
            items: vec![text(name); WAVES.len()],
            levels: codes.map(|code| (code.to_string(), vec![code])).collect(),
            reference: 0,
            missing: MissingRule::Drop,
        },
        describe: true,
    }
}

fn outcome(id: &str, name: &str, success: &[i8], failure: &[i8], left_out: &[i8], conditioned: bool) -> Outcome {
    let lower = name.to_lowercase();
    Outcome {
        id: text(id),
        label: text(id),
        short: text(id),
        asked: String::new(),
        items: vec![Some(text(name)); WAVES.len()],
        success: success.to_vec(),
        failure: failure.to_vec(),
        left_out: left_out.iter().map(|code| (*code, text("left out"))).collect(),
        base: if conditioned { vec![(text("Q30_recoded"), vec![1])] } else { Vec::new() },
        base_reason: String::new(),
        counts: Some(OutcomeCounts {
            success: success.iter().map(|code| format!("{lower}_{code}")).collect(),
            base: format!("{lower}base"),
        }),
        good: id != "isolation",
        population: Some(0),
        breaks: Vec::new(),
    }
}

fn survey() -> SurveyInput {
    SurveyInput {
        source: Source::Simulated,
        reader: SurveyReader::Person,
        files: WAVES
            .iter()
            .enumerate()
            .map(|(wave, year)| SurveyFile {
                wave: Some(wave),
                path: format!("survey/person_{year}.csv"),
                practice: text("practice_code"),
                wave_column: None,
                weight: Some(text("wt_new")),
                count: None,
                items: vec![],
            })
            .collect(),
        encoding: Encoding::Utf8,
        missing: [-5, -4, -3, -2, -1].iter().map(|code| (*code, text("missing"))).collect(),
    }
}

fn workforce() -> WorkforceInput {
    WorkforceInput {
        source: Source::Simulated,
        files: vec![text("workforce/*.csv")],
        encoding: Encoding::Windows1252,
        year: text("CENSUS_YEAR"),
        month: text("CENSUS_MONTH"),
        pcn: text("PCN_CODE"),
        pcn_name: text("PCN_NAME"),
        area: text("ICB_CODE"),
        area_name: text("ICB_NAME"),
        amount: text("FTE"),
        matching: vec![(text("STAFF_ROLE"), vec![text("Social Prescribing Link Workers")])],
        other: vec![],
        region: None,
        largest: 2.0,
    }
}

fn practices() -> PracticesInput {
    let files = [(2, "19-20"), (3, "20-21"), (4, "21-22"), (5, "22-23")];
    PracticesInput {
        source: Source::Simulated,
        files: files
            .iter()
            .map(|(wave, year)| PracticesFile {
                wave: *wave,
                path: format!("payments/payments_{year}.csv"),
                practice: text("Practice Code"),
                name: text("Practice Name"),
                pcn: text("PCN Code"),
                patients: text("Number of Registered Patients (Last Known Figure)"),
                rurality: Some(text("Practice Rurality")),
                closed: Some(text("Practice Close Date")),
                keep: vec![(
                    text(if *wave == 2 { "Practice Type" } else { "Practice type" }),
                    vec![text("GP practice")],
                )],
            })
            .collect(),
        encoding: Encoding::Utf8,
        no_pcn: vec![text("Unknown or no PCN")],
        missing: vec![text("MISSING"), text("Missing")],
        closed: Closed::NoPatients,
    }
}

pub(crate) fn config() -> Config {
    let census = |year| Some(Census { year, month: 12 });
    Config {
        study: Study {
            id: text("test"),
            version: text("1"),
            title: String::new(),
            authors: Vec::new(),
            date: String::new(),
            doi: String::new(),
            citation: String::new(),
            seed: 20_190_701,
            notices: Vec::new(),
            provenance: Default::default(),
            lint: Default::default(),
        },
        terms: Terms {
            response: [text("response"), text("responses")],
            practice: [text("practice"), text("practices")],
            cluster: [text("cluster"), text("clusters")],
            area: [text("area"), text("areas")],
            amount: text("FTE"),
            exposure_unit: text("1 FTE per 50,000"),
        },
        waves: WAVES.to_vec(),
        inputs: Inputs {
            survey: survey(),
            workforce: workforce(),
            practices: practices(),
            deprivation: Some(DeprivationInput {
                source: Source::Simulated,
                path: text("deprivation/imd.csv"),
                encoding: Encoding::Utf8,
                practice: text("AreaCode"),
                year: text("Year"),
                score: text("Value"),
                rule: DeprivationRule::Nearest,
            }),
            list_sizes: None,
        },
        exposure: Exposure {
            label: text("exposure"),
            per: 50_000.0,
            census_for_wave: vec![None, None, None, census(2020), census(2021), census(2022)],
            not_reporting: NotReporting::Missing,
            before_start: 0.0,
            cap: None,
        },
        linkage: Linkage { reference_wave: 3, minimum_linked: 0.5 },
        covariates: vec![
            item("age", "Q48_Merged", 2..=9),
            item("gender", "Q112", 1..=5),
            item("ethnicity", "Q49band", 1..=5),
            item("imd", "patient_imd_quintile", 1..=5),
            item("work", "Q50", 1..=8),
            item("carer", "Q56", 1..=6),
            item("conditions", "Q31count", 0..=6),
        ],
        outcomes: vec![
            outcome("confidence", "Q94", &[1, 2], &[3, 4], &[5], true),
            outcome("support", "Q32", &[1, 2], &[3], &[4, 5], true),
            outcome("isolation", "Q91_3", &[1], &[0], &[], false),
            outcome("experience", "Q28", &[1, 2], &[3, 4, 5], &[], false),
            outcome("mental_health", "Q87", &[1, 2], &[3], &[4, 5], false),
        ],
        models: Vec::new(),
        tests: TestPlan::plain(5),
        analyses: Analyses::default(),
        populations: Vec::new(),
        published: Published::default(),
        assumptions: Vec::new(),
        disclosure: Disclosure::above("gpps", 10),
        tables: Vec::new(),
        figures: Vec::new(),
        report: Report { template: String::new(), page: String::new() },
        simulation: Some(simulation()),
    }
}
