//! A made-up study for tests: a config, findings, tables and figures, all small.

use offprint::config::*;
use offprint::disclosure::{
    AreaRow, ContrastRow, DroppedRow, Estimate, Findings, FitRow, FlowRow, Gate, JointRow, JointTested, LevelRow,
    Linkage as Links, ModelResult, Prediction, ProvisionRow, Stage,
};
use offprint::figures::Figure;
use offprint::ingest::InputRecord;
use offprint::report::{Bundle, Facts, ReportInput, Templates, facts, render};
use offprint::tables::{Cell, Head, Row, Table, Value};

fn pair(one: &str, many: &str) -> [String; 2] {
    [one.into(), many.into()]
}

fn outcome(id: &str, label: &str, short: &str, asked: &str, good: bool, population: Option<usize>) -> Outcome {
    Outcome {
        id: id.into(),
        label: label.into(),
        short: short.into(),
        asked: asked.into(),
        items: vec![Some("Q1".into()); 6],
        success: vec![1],
        failure: vec![0],
        left_out: vec![],
        base: vec![],
        base_reason: String::new(),
        counts: None,
        good,
        population,
        breaks: if id == "isolation" { vec![(3, "questionnaire reworked, pandemic".into())] } else { vec![] },
    }
}

fn covariate(id: &str, label: &str, levels: &[&str]) -> Covariate {
    let levels = levels.iter().map(|l| (l.to_string(), vec![1])).collect();
    let kind = CovariateKind::Item { items: vec![id.into(); 6], levels, reference: 0, missing: MissingRule::Level };
    Covariate { id: id.into(), label: label.into(), kind, describe: true }
}

fn model(id: &str, label: &str, weighted: bool, covariates: Vec<usize>) -> Model {
    Model {
        id: id.into(),
        label: label.into(),
        family: Family::Logit,
        covariates,
        absorb: Absorb::Practice,
        wave_effects: true,
        weighted,
        vcov: Vcov::Stata,
        errors: Errors::Cluster,
        cluster: ClusterUnit::Cluster,
        cluster_waves: false,
        bootstrap: None,
        contrasts: vec![],
        change: Default::default(),
    }
}

fn none_against_observed() -> ModelContrast {
    ModelContrast {
        id: "no_exposure".into(),
        label: "No workers against observed".into(),
        from: ExposureAt::Value(0.0),
        to: ExposureAt::Observed,
    }
}

fn exhibits(list: &[(&str, &str, &str)]) -> Vec<Exhibit> {
    let one = |(id, number, title): &(&str, &str, &str)| Exhibit {
        id: id.to_string(),
        number: number.to_string(),
        title: title.to_string(),
        note: String::new(),
    };
    list.iter().map(one).collect()
}

/// The config, with the survey real or simulated.
pub(crate) fn config(simulated: bool) -> Config {
    let source = if simulated { Source::Simulated } else { Source::Real };
    let census = |year| Some(Census { year, month: 12 });
    Config {
        study: Study {
            id: "demo".into(),
            version: "2023.1".into(),
            title: "Social prescribing link workers and population outcomes in England, 2018 to 2023".into(),
            authors: vec!["A Author".into(), "B Author".into()],
            date: String::new(),
            doi: "10.3399/BJGP.2024.0542".into(),
            citation: "Wilding A, Sutton M, et al. Impact of the rollout. Br J Gen Pract 2025".into(),
            seed: 1,
            notices: vec!["Contains public sector information licensed under the Open Government Licence v3.0.".into()],
            provenance: Default::default(),
            lint: Default::default(),
        },
        terms: Terms {
            response: pair("responder", "responders"),
            practice: pair("practice", "practices"),
            cluster: pair("PCN", "PCNs"),
            area: pair("ICB", "ICBs"),
            amount: "FTE".into(),
            exposure_unit: "1 FTE link worker per 50,000 registered patients".into(),
        },
        waves: (2018..=2023).collect(),
        inputs: inputs(source),
        exposure: Exposure {
            label: "Link workers per 50,000 patients".into(),
            per: 50000.0,
            census_for_wave: vec![None, None, None, census(2020), census(2021), census(2022)],
            not_reporting: NotReporting::Missing,
            before_start: 0.0,
            cap: None,
        },
        linkage: Linkage { reference_wave: 5, minimum_linked: 0.5 },
        covariates: vec![
            covariate("age", "Age", &["55-64", "16-24", "25-34", "85+"]),
            covariate("gender", "Gender", &["Female", "Male"]),
            covariate("rural", "Rurality", &["Urban", "Rural"]),
        ],
        outcomes: vec![
            outcome(
                "confidence",
                "Confident in managing long-term condition(s)",
                "Confidence",
                "with a long-term condition",
                true,
                Some(1),
            ),
            outcome("isolation", "Felt isolated from others", "Isolation", "all who answered the item", false, Some(0)),
            outcome("experience", "Good overall experience of the practice", "Experience", "all", true, Some(0)),
            outcome(
                "mental_health",
                "Mental health needs recognised or understood",
                "Mental health",
                "with mental health needs",
                true,
                None,
            ),
        ],
        models: vec![
            Model { contrasts: vec![none_against_observed()], ..model("main", "Main model", false, vec![0, 1]) },
            model("weighted", "Survey weights", true, vec![0, 1]),
            Model { family: Family::Linear, ..model("unadjusted", "Practice and wave effects only", false, vec![]) },
        ],
        analyses: Analyses::default(),
        tests: TestPlan {
            adjust: vec![Adjustment::Holm, Adjustment::BenjaminiHochberg],
            smallest_effect: vec![Some(0.001); 4],
            joint: vec![JointTest { label: "All wave effects".into(), terms: vec!["wave".into()], model: 0 }],
            ..TestPlan::plain(4)
        },
        populations: vec![
            Population { id: "adults".into(), label: "registered adults".into(), people: 53e6 },
            Population { id: "condition".into(), label: "adults with a long-term condition".into(), people: 29e6 },
        ],
        published: Published {
            name: "Wilding et al. 2025".into(),
            estimates: vec![
                printed(0, Some([1.006, 1.001, 1.010]), ""),
                printed(1, None, "no evidence of benefit"),
                printed(2, Some([1.015, 1.004, 1.027]), ""),
            ],
            n: Some(4_132_676),
        },
        assumptions: vec![
            assumption(
                "Which effects are absorbed",
                "models.main.absorb",
                "practice",
                "compares each practice with itself over time",
            ),
            assumption("Cluster of the standard errors", "models.main.cluster", "pcn", "workers are employed by PCN"),
            assumption(
                "Census for each wave",
                "exposure.census_for_wave",
                "2018 none, 2021 2020-12",
                "the last December before fieldwork",
            ),
        ],
        disclosure: Disclosure::above("gpps", 10),
        tables: exhibits(&[("main", "4", "Outcomes and link workers"), ("coefficients", "S1", "All coefficients")]),
        figures: exhibits(&[("forest", "3", "Odds ratios beside the printed ones")]),
        report: Report { template: "templates/report.md.j2".into(), page: "templates/page.html.j2".into() },
        simulation: None,
    }
}

fn printed(outcome: usize, odds_ratio: Option<[f64; 3]>, note: &str) -> PublishedEstimate {
    PublishedEstimate { outcome, odds_ratio, digits: 3, people: None, note: note.into() }
}

fn assumption(about: &str, key: &str, choice: &str, because: &str) -> Assumption {
    Assumption { about: about.into(), key: key.into(), choice: choice.into(), because: because.into() }
}

fn inputs(source: Source) -> Inputs {
    Inputs {
        survey: SurveyInput {
            source,
            reader: SurveyReader::Person,
            files: vec![],
            encoding: Encoding::Utf8,
            missing: vec![],
        },
        workforce: WorkforceInput {
            source: Source::Real,
            files: vec![],
            encoding: Encoding::Windows1252,
            year: "Y".into(),
            month: "M".into(),
            pcn: "P".into(),
            pcn_name: "N".into(),
            area: "A".into(),
            area_name: "AN".into(),
            amount: "FTE".into(),
            matching: vec![],
            other: vec![],
            region: None,
            largest: 2.0,
        },
        practices: PracticesInput {
            source: Source::Real,
            files: vec![],
            encoding: Encoding::Utf8,
            no_pcn: vec![],
            missing: vec![],
            closed: Closed::Keep,
        },
        deprivation: None,
        list_sizes: None,
    }
}

fn estimate(x: f64, se: f64, scale: f64) -> Estimate {
    let (low, high) = ((x - 1.96 * se) * scale, (x + 1.96 * se) * scale);
    Estimate {
        estimate: x * scale,
        std_error: se * scale,
        low,
        high,
        statistic: x / se,
        p: if (x / se).abs() > 2.0 { 0.0094 } else { 0.41 },
    }
}

fn result(model: usize, outcome: usize, beta: f64, se: f64, people: Option<f64>) -> ModelResult {
    let gate = Gate::new(10);
    let exposure = estimate(beta, se, 1.0);
    let ratio = |x: f64| 1.0 + x + x * x / 2.0;
    let odds = Estimate {
        estimate: ratio(exposure.estimate),
        low: ratio(exposure.low),
        high: ratio(exposure.high),
        ..exposure.clone()
    };
    let n = if outcome == 3 { 6 } else { 4000 };
    let main = model == 0;
    let contrast = ContrastRow {
        contrast: 0,
        from: gate.value(n, Prediction { mean: 0.82, error: Some([0.0002, 0.8196, 0.8204]) }),
        to: gate.value(n, Prediction { mean: 0.82 + beta / 10.0, error: None }),
        difference: gate.value(n, estimate(beta, se, 0.1)),
        people: match people {
            Some(people) => gate.value(n, estimate(beta, se, 0.1 * people)),
            None => gate.missing("no population is stated"),
        },
    };
    let wald = gate.value(n, JointTested { statistic: 1234.5, terms: 5, df: None, p: 0.0 });
    ModelResult {
        n: gate.count(1_987_654),
        groups: gate.count(6512),
        clusters: gate.count(1249),
        groups_dropped: gate.count(17),
        coefficients: vec![],
        exposure: gate.value(n, exposure),
        odds_ratio: gate.value(n, odds),
        average_marginal_effect: gate.value(n, estimate(beta, se, 0.19)),
        people: match people {
            Some(people) => gate.value(n, estimate(beta, se, 0.19 * people)),
            None => gate.missing("no population is stated"),
        },
        e_value: gate.value(n, [1.07, 1.04]),
        holm: gate.value(n, if beta.abs() > 2.0 * se { 0.028 } else { 0.41 }),
        hochberg: gate.value(n, if beta.abs() > 2.0 * se { 0.027 } else { 0.41 }),
        benjamini_hochberg: gate.value(n, if beta.abs() > 2.0 * se { 0.019 } else { 0.41 }),
        equivalence: gate.value(n, if beta.abs() < se { 0.004 } else { 0.61 }),
        minimum_detectable: gate.value(n, 0.19 * 2.8 * se),
        contrasts: if main { vec![contrast] } else { vec![] },
        joint: if main { vec![JointRow { test: 0, wald }] } else { vec![] },
        dropped: vec![DroppedRow {
            what: "practices whose answers are all the same".into(),
            groups: gate.count(17),
            rows: gate.count(240),
        }],
        factor: 1.000_801,
        profile: "stata".into(),
        iterations: 5,
        fit: FitRow {
            residual_df: gate.count(1000),
            df: None,
            ways: gate.value(n, vec![(1249, 1.000_801)]),
            gradient_norm: 2.5e-11,
            condition: 321.0,
            log_likelihood: gate.value(n, -812_345.6),
            warnings: gate.value(n, if model == 1 { vec!["extreme weights: made up".into()] } else { vec![] }),
        },
        ..ModelResult::empty(&gate, model, outcome)
    }
}

/// Findings: one outcome higher, one unclear, one higher, one not released.
pub(crate) fn findings() -> Findings {
    let gate = Gate::new(10);
    let effects =
        [(0.006, 0.0022, Some(29e6)), (0.0008, 0.003, Some(53e6)), (0.0149, 0.0057, Some(53e6)), (0.012, 0.005, None)];
    let mut flow = Vec::new();
    for outcome in 0..4 {
        let rows = [
            (Stage::Received, "", 4_596_802),
            (Stage::Left, "did not answer", 464_126),
            (Stage::Analysed, "", 4_132_676),
        ];
        flow.extend(rows.map(|(stage, reason, n)| FlowRow {
            outcome,
            wave: None,
            stage,
            reason: reason.into(),
            rows: gate.count(n),
            practices: gate.count(6512),
        }));
    }
    let share = [0.838, 0.829, 0.818, 0.83, 0.724, 0.713];
    let levels = (0..3).flat_map(|outcome| (0..6).map(move |wave| (outcome, wave)));
    Findings {
        analyses: Default::default(),
        flow,
        responses: gate.count(4_596_802),
        analysed_any: gate.count(4_132_676),
        practices: gate.count(6512),
        responses_by_wave: [758_165, 770_512, 739_637, 850_206, 719_137, 759_145].map(|n| gate.count(n)).to_vec(),
        respondents: vec![],
        levels: levels
            .map(|(outcome, wave)| {
                let s: f64 = share[wave];
                LevelRow {
                    outcome,
                    wave,
                    n: gate.count(700_000),
                    share: gate.value(700_000, [s, s - 0.001, s + 0.001]),
                }
            })
            .collect(),
        provision: [("2020-12", 852.5, 758, 545, 0.71), ("2022-03", 1740.9, 1060, 835, 1.17)]
            .map(|(census, amount, reporting, any, median)| ProvisionRow {
                census: census.into(),
                amount: gate.value(1000, amount),
                reporting: gate.count(reporting),
                known: gate.count(1251),
                with_any: gate.count(any),
                matched: gate.count(reporting - 3),
                mean: gate.value(1000, median * 1.2),
                quantiles: gate.value(1000, [0.0, median * 0.5, median, median * 1.6, median * 2.2]),
            })
            .to_vec(),
        areas: [("QOX", "Bath and North East Somerset, Swindon and Wiltshire", 2.31), ("QWO", "West Yorkshire", 0.72)]
            .map(|(code, name, x)| AreaRow {
                code: code.into(),
                name: name.into(),
                clusters: gate.count(40),
                exposure: gate.value(40, x),
                quartiles: gate.value(40, [x * 0.6, x, x * 1.5]),
            })
            .to_vec(),
        areas_census: "2022-03".into(),
        models: (0..3)
            .flat_map(|model| (0..4).map(move |outcome| (model, outcome)))
            .map(|(m, o)| result(m, o, effects[o].0 * (1.0 + m as f64 / 10.0), effects[o].1, effects[o].2))
            .collect(),
        linkage: Links {
            facts: vec![(
                "responses whose practice is on a practice file".into(),
                gate.count(4_590_000),
                gate.count(4_596_802),
            )],
        },
        weighted: true,
    }
}

fn cell(text: &str, values: Vec<Value>) -> Cell {
    Cell { text: text.into(), values }
}

fn head(text: &str, names: &[&str], numeric: bool) -> Head {
    Head { text: text.into(), names: names.iter().map(ToString::to_string).collect(), numeric }
}

/// Two tables: one with intervals and a hidden row, one with sections.
pub(crate) fn tables() -> Vec<Table> {
    let row = |section: &str, label: &str, text: &str, values: [f64; 3], p: &str, n: &str| Row {
        section: section.into(),
        cells: vec![
            cell(label, vec![Value::Text(label.into())]),
            cell(text, values.map(Value::Number).to_vec()),
            cell(p, vec![Value::Number(p.parse().unwrap_or(0.0004))]),
            cell(n, vec![Value::Number(n.replace(',', "").parse().unwrap_or(0.0))]),
        ],
    };
    let heads = vec![
        head("Outcome", &["outcome"], false),
        head("Odds ratio (95% CI)", &["odds_ratio", "odds_ratio_low", "odds_ratio_high"], true),
        head("p", &["p_value"], true),
        head("Responders, n", &["n"], true),
    ];
    let hidden = Value::Hidden("suppressed: small count".into());
    let mut rows = vec![
        row(
            "",
            "Confident in managing long-term condition(s)",
            "1.006 (1.001 to 1.010)",
            [1.00612, 1.0013, 1.01041],
            "0.009",
            "1,987,654",
        ),
        row(
            "",
            "Good overall experience of the practice",
            "1.015 (1.004 to 1.027)",
            [1.01512, 1.0041, 1.0268],
            "<0.001",
            "3,987,654",
        ),
    ];
    rows.push(Row {
        section: String::new(),
        cells: vec![
            cell("Mental health needs recognised", vec![Value::Text("Mental health needs recognised".into())]),
            cell("not released", vec![hidden.clone(), hidden.clone(), hidden.clone()]),
            cell("not released", vec![hidden.clone()]),
            cell("not released", vec![hidden]),
        ],
    });
    let sections = vec![
        row("Confidence", "Age: 16-24", "0.812 (0.790 to 0.835)", [0.812, 0.79, 0.835], "0.009", "12,345"),
        row("", "Age: 25-34", "0.912 (0.890 to 0.935)", [0.912, 0.89, 0.935], "0.009", "12,346"),
        row("Experience", "Age: 16-24", "0.612 (0.590 to 0.635)", [0.612, 0.59, 0.635], "0.009", "12,347"),
    ];
    let table = |id: &str, number: &str, title: &str, rows| Table {
        id: id.into(),
        number: number.into(),
        title: title.into(),
        notes: vec!["Exposure: 1 FTE per 50,000 patients.".into(), "Odds ratios adjusted for age and gender.".into()],
        heads: heads.clone(),
        rows,
    };
    vec![
        table("main", "4", "Outcomes and link workers", rows),
        table("coefficients", "S1", "All coefficients", sections),
    ]
}

/// One figure.
pub(crate) fn figures() -> Vec<Figure> {
    let line = |cells: [&str; 3]| cells.map(String::from).to_vec();
    let svg = "<svg viewBox=\"0 0 680 120\" role=\"img\" aria-labelledby=\"forest-title forest-desc\"><title id=\"forest-title\">Odds \
               ratios</title><desc id=\"forest-desc\">Two odds ratios.</desc><path d=\"M10 60H670\" stroke=\"#12436D\"/></svg>";
    vec![Figure {
        id: "forest".into(),
        number: "3".into(),
        title: "Odds ratios beside the printed ones".into(),
        alt: "Two odds ratios: confidence 1.006, experience 1.015.".into(),
        notes: vec!["Lines are 95% intervals.".into()],
        svg: svg.into(),
        csv: vec![
            line(["outcome", "odds_ratio", "low"]),
            line(["confidence", "1.006", "1.001"]),
            line(["experience", "1.015", "1.004"]),
        ],
    }]
}

/// Input records.
pub(crate) fn records() -> Vec<InputRecord> {
    vec![InputRecord {
        source: "workforce".into(),
        path: "workforce/2022-03.csv".into(),
        bytes: 12_345_678,
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into(),
        rows: 90_123,
        notes: vec!["3 values in Windows-1252".into()],
    }]
}

/// The shipped templates.
pub(crate) fn templates() -> Templates {
    Templates {
        report: ("templates/report.md.j2".into(), include_str!("../../templates/report.md.j2").into()),
        page: ("templates/page.html.j2".into(), include_str!("../../templates/page.html.j2").into()),
    }
}

/// Facts of the made-up study.
pub(crate) fn some_facts(simulated: bool) -> Facts {
    facts(&config(simulated), &findings(), &records())
}

/// The whole bundle with the given templates.
pub(crate) fn bundle(simulated: bool, templates: &Templates) -> offprint::error::Result<Bundle> {
    let (config, tables, figures) = (config(simulated), tables(), figures());
    let facts = some_facts(simulated);
    render(&ReportInput { config: &config, facts: &facts, tables: &tables, figures: &figures, drawn: None }, templates)
}

/// A file of a bundle as text.
pub(crate) fn text(bundle: &Bundle, path: &str) -> String {
    String::from_utf8_lossy(&bundle.0[path]).into_owned()
}
