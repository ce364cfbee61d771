//! A made-up study: three outcomes, three waves, words that no real study uses.

use offprint::config::*;

fn pair(one: &str, many: &str) -> [String; 2] {
    [one.into(), many.into()]
}

fn exhibit(id: &str, number: &str, title: &str, note: &str) -> Exhibit {
    Exhibit { id: id.into(), number: number.into(), title: title.into(), note: note.into() }
}

fn inputs() -> Inputs {
    let survey = SurveyInput {
        source: Source::Simulated,
        reader: SurveyReader::Person,
        files: vec![],
        encoding: Encoding::Utf8,
        missing: vec![],
    };
    let workforce = WorkforceInput {
        source: Source::Real,
        files: vec![],
        encoding: Encoding::Utf8,
        year: String::new(),
        month: String::new(),
        pcn: String::new(),
        pcn_name: String::new(),
        area: String::new(),
        area_name: String::new(),
        amount: String::new(),
        matching: vec![],
        other: vec![],
        region: None,
        largest: 2.0,
    };
    let practices = PracticesInput {
        source: Source::Real,
        files: vec![],
        encoding: Encoding::Utf8,
        no_pcn: vec![],
        missing: vec![],
        closed: Closed::Keep,
    };
    Inputs { survey, workforce, practices, deprivation: None, list_sizes: None }
}

fn covariates() -> Vec<Covariate> {
    let level = |name: &str, code| (name.to_owned(), vec![code]);
    let item =
        |levels, reference| CovariateKind::Item { items: vec![], levels, reference, missing: MissingRule::Level };
    vec![
        Covariate {
            id: "age".into(),
            label: "Age".into(),
            kind: item(vec![level("16-39", 1), level("40-64", 2), level("65+", 3)], 1),
            describe: true,
        },
        Covariate {
            id: "work".into(),
            label: "Work status".into(),
            kind: item(vec![level("In work", 1), level("Not in work", 2)], 0),
            describe: true,
        },
        Covariate {
            id: "need".into(),
            label: "IMD score".into(),
            kind: CovariateKind::Deprivation { scale: 10.0 },
            describe: false,
        },
    ]
}

fn outcome(id: &str, label: &str, short: &str, asked: &str, population: usize) -> Outcome {
    Outcome {
        id: id.into(),
        label: label.into(),
        short: short.into(),
        asked: asked.into(),
        items: vec![Some("a".into()); 3],
        success: vec![1],
        failure: vec![2],
        left_out: vec![],
        base: vec![],
        base_reason: String::new(),
        counts: None,
        good: true,
        population: Some(population),
        breaks: vec![],
    }
}

fn outcomes() -> Vec<Outcome> {
    let mut trust = outcome("trust", "Trusts the clinic", "Trust", "all", 0);
    trust.breaks = vec![(2, "new wording".into())];
    let mut help = outcome("help", "Enough help with a lasting illness", "Help", "with a lasting illness", 1);
    help.items[0] = None;
    help.breaks = vec![(2, "new wording".into())];
    let quiet = outcome("quiet", "Sleeps well", "Sleep", "all", 0);
    vec![trust, help, quiet]
}

fn models() -> Vec<Model> {
    let main = Model {
        id: "main".into(),
        label: "Main model".into(),
        family: Family::Logit,
        covariates: vec![0, 1, 2],
        absorb: Absorb::Practice,
        wave_effects: true,
        weighted: false,
        vcov: Vcov::Stata,
        errors: Errors::Cluster,
        cluster: ClusterUnit::Cluster,
        cluster_waves: false,
        bootstrap: Some(999),
        contrasts: vec![
            contrast("none", "Nobody against observed", ExposureAt::Value(0.0), ExposureAt::Observed),
            contrast("double", "One against two", ExposureAt::Value(1.0), ExposureAt::Value(2.0)),
        ],
        change: Default::default(),
    };
    let weighted = Model {
        id: "weighted".into(),
        label: "Survey weights".into(),
        weighted: true,
        bootstrap: None,
        contrasts: vec![],
        ..main.clone()
    };
    let linear = Model {
        id: "linear".into(),
        label: "Linear probability".into(),
        family: Family::Linear,
        errors: Errors::Cr3,
        vcov: Vcov::Fixest,
        contrasts: vec![],
        ..main.clone()
    };
    vec![main, weighted, linear]
}

fn contrast(id: &str, label: &str, from: ExposureAt, to: ExposureAt) -> ModelContrast {
    ModelContrast { id: id.into(), label: label.into(), from, to }
}

fn published() -> Published {
    let estimate = |outcome, odds_ratio, people, note: &str| PublishedEstimate {
        outcome,
        odds_ratio,
        digits: 3,
        people,
        note: note.into(),
    };
    Published {
        name: "Author et al. 2025".into(),
        estimates: vec![
            estimate(0, Some([1.006, 1.001, 1.010]), Some(47_000.0), ""),
            estimate(1, Some([1.012, 1.003, 1.021]), None, "abstract only"),
            estimate(2, None, None, "no evidence of benefit"),
        ],
        n: Some(61_000),
    }
}

/// The study, with every table in the order of the report.
pub(crate) fn config() -> Config {
    Config {
        study: Study {
            id: "made-up".into(),
            version: "1".into(),
            title: "A made-up study".into(),
            authors: vec![],
            date: String::new(),
            doi: String::new(),
            citation: String::new(),
            seed: 1,
            notices: vec![],
            provenance: Default::default(),
            lint: Default::default(),
        },
        terms: Terms {
            response: pair("answer", "answers"),
            practice: pair("clinic", "clinics"),
            cluster: pair("network", "networks"),
            area: pair("region", "regions"),
            amount: "FTE".into(),
            exposure_unit: "1 FTE helper per 10,000 people".into(),
        },
        waves: vec![2021, 2022, 2023],
        inputs: inputs(),
        exposure: Exposure {
            label: "Helpers (FTE per 10,000 people)".into(),
            per: 10_000.0,
            census_for_wave: vec![None; 3],
            not_reporting: NotReporting::Missing,
            before_start: 0.0,
            cap: None,
        },
        linkage: Linkage { reference_wave: 2, minimum_linked: 0.5 },
        covariates: covariates(),
        outcomes: outcomes(),
        models: models(),
        analyses: Analyses::default(),
        tests: TestPlan {
            adjust: vec![Adjustment::Holm, Adjustment::Hochberg, Adjustment::BenjaminiHochberg],
            family: vec![0, 2],
            smallest_effect: vec![Some(0.001), Some(0.001), Some(0.0025)],
            joint: vec![
                JointTest { label: "All wave effects".into(), terms: vec!["wave".into()], model: 0 },
                JointTest { label: "Age and need".into(), terms: vec!["age".into(), "need".into()], model: 1 },
            ],
            ..TestPlan::plain(3)
        },
        populations: vec![
            Population { id: "adults".into(), label: "registered adults".into(), people: 53_000_000.0 },
            Population { id: "ill".into(), label: "adults with a lasting illness".into(), people: 29_000_000.0 },
        ],
        published: published(),
        assumptions: vec![],
        disclosure: Disclosure::above("made-up", 1000),
        tables: vec![
            exhibit("respondents", "1", "Who answered", ""),
            exhibit("outcomes", "2", "Outcomes by wave", "Intervals allow for clinics."),
            exhibit("provision", "3", "Provision", ""),
            exhibit("main", "4", "Main results", ""),
            exhibit("tests", "5", "Tests", ""),
            exhibit("contrasts", "6", "Contrasts", ""),
            exhibit("published", "7", "Beside the paper", ""),
            exhibit("variants", "8", "Variants", ""),
            exhibit("joint", "9", "Joint tests", ""),
            exhibit("coefficients", "S1", "All coefficients", ""),
            exhibit("flow", "S2", "Flow", ""),
            exhibit("dropped", "S3", "What left", ""),
        ],
        figures: vec![],
        report: Report { template: String::new(), page: String::new() },
        simulation: None,
    }
}
