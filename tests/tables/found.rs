//! Made-up findings for the made-up study, behind a gate of 1,000: every number below it is
//! distinctive, so that a search of the outputs would find it.

use offprint::disclosure::*;

/// Numbers (as they would print) that stand behind hidden cells and must appear nowhere.
pub(crate) const SECRETS: [&str; 8] = ["739", "0.31337", "31.3", "861", "0.0424242", "4.242", "0.0861861", "86186"];

fn estimate(estimate: f64, std_error: f64, low: f64, high: f64, p: f64) -> Estimate {
    Estimate { estimate, std_error, low, high, statistic: estimate / std_error, p }
}

fn respondents(gate: &Gate) -> Vec<RespondentRow> {
    let mut rows = Vec::new();
    let mut add = |covariate, level: &str, wave, n: u64, share: f64, released: Released<u64>| {
        let share = if released.shown().is_some() { gate.value(n, share) } else { released.map(|_| 0.0) };
        rows.push(RespondentRow { covariate, level: level.into(), wave, n: released, share });
    };
    let by_wave = [[6000, 8000, 5261, 739], [6400, 8500, 5100, 0], [6500, 8600, 4900, 1000]];
    for (wave, counts) in by_wave.iter().enumerate() {
        let total: u64 = counts.iter().sum();
        for ((level, n), released) in ["16-39", "40-64", "65+", "Missing"].iter().zip(counts).zip(gate.parts(counts)) {
            let share = if *n == 739 { 0.31337 } else { *n as f64 / total as f64 };
            add(0, level, Some(wave), *n, share, released);
        }
    }
    for (level, n) in [("16-39", 18_900), ("40-64", 25_100), ("65+", 15_261), ("Missing", 1739)] {
        add(0, level, None, n, n as f64 / 61_000.0, gate.count(n));
    }
    for (level, n) in [("In work", 40_000), ("Not in work", 21_000)] {
        add(1, level, None, n, n as f64 / 61_000.0, gate.count(n));
    }
    // The two totals of a line with one hidden wave would give that wave away.
    for row in &mut rows {
        if row.wave.is_none() && ["Missing", "65+"].contains(&row.level.as_str()) {
            row.n = gate.value(1, 0);
            row.share = gate.value(1, 0.0);
        }
    }
    rows
}

fn levels(gate: &Gate) -> Vec<LevelRow> {
    let mut rows = Vec::new();
    for (outcome, wave, n, share) in [
        (0, 0, 19_500, 0.838),
        (0, 1, 19_400, 0.724),
        (0, 2, 20_100, 0.713),
        (1, 1, 9400, 0.791),
        (1, 2, 861, 0.0861861),
        (2, 0, 19_000, 0.651),
        (2, 1, 19_100, 0.652),
        (2, 2, 19_200, 0.649),
    ] {
        rows.push(LevelRow {
            outcome,
            wave,
            n: gate.count(n),
            share: gate.value(n, [share, share - 0.006, share + 0.006]),
        });
    }
    rows
}

fn provision(gate: &Gate) -> Vec<ProvisionRow> {
    let open = Gate::new(0);
    let row = |census: &str, amount, counts: [u64; 4], mean, quantiles| ProvisionRow {
        census: census.into(),
        amount: open.value(9999, amount),
        reporting: open.count(counts[0]),
        known: open.count(counts[1]),
        with_any: open.count(counts[2]),
        matched: open.count(counts[3]),
        mean: open.value(9999, mean),
        quantiles: open.value(9999, quantiles),
    };
    let mut rows = vec![
        row("2020-12", 112.34, [188, 0, 106, 187], 0.61, [0.0, 0.0, 0.4, 0.9, 1.6]),
        row("2021-12", 1740.91, [1060, 1251, 835, 1055], 1.52, [0.0, 0.7, 1.2, 2.0, 3.1]),
    ];
    let mut hidden = row("2022-12", 0.0, [1100, 1251, 0, 1090], 0.0, [0.0; 5]);
    hidden.amount = gate.value(861, 4.242);
    hidden.with_any = gate.count(861);
    hidden.mean = gate.value(861, 0.0424242);
    hidden.quantiles = gate.value(861, [0.0424242; 5]);
    rows.push(hidden);
    rows
}

fn coefficients(gate: &Gate, n: u64) -> Vec<CoefficientRow> {
    let row = |term: &str, label: &str, level: &str, k, e: Estimate| CoefficientRow {
        term: term.into(),
        label: label.into(),
        level: level.into(),
        n: gate.count(k),
        coefficient: gate.value(k, e),
    };
    vec![
        row("exposure", "Helpers", "", n, estimate(0.008, 0.002, 0.004, 0.012, 0.0001)),
        row("age", "Age", "16-39", 18_000, estimate(-0.25, 0.02, -0.29, -0.21, 0.0)),
        row("age", "Age", "65+", 15_000, estimate(0.5, 0.02, 0.46, 0.54, 0.0)),
        row("age", "Age", "Missing", 739, estimate(0.0424242, 0.3, -0.5, 0.6, 0.9)),
        row("work", "Work status", "Not in work", 20_000, estimate(-0.1, 0.05, -0.2, 0.0, 0.046)),
        row("need", "IMD score", "", n, estimate(-0.01, 0.01, -0.03, 0.01, 0.317)),
        row("wave", "Wave", "2022", 19_000, estimate(-0.7, 0.03, -0.76, -0.64, 0.0)),
        row("wave", "Wave", "2023", 20_000, estimate(-0.75, 0.03, -0.81, -0.69, 0.0)),
    ]
}

fn result(gate: &Gate, model: usize, outcome: usize, n: u64, odds_ratio: [f64; 4]) -> ModelResult {
    let [ratio, std_error, low, high] = odds_ratio;
    let main = model == 0;
    let contrast = |contrast| ContrastRow {
        contrast,
        from: gate.value(n, Prediction { mean: 0.8125, error: Some([0.001, 0.8105, 0.8145]) }),
        to: gate.value(n, Prediction { mean: 0.814, error: (contrast == 1).then_some([0.001, 0.812, 0.816]) }),
        difference: gate.value(n, estimate(0.0015, 0.0004, 0.0007, 0.0023, 0.0002)),
        people: gate.value(n, estimate(79_500.0, 21_000.0, 38_000.0, 121_000.0, 0.0002)),
    };
    let joint =
        |test| JointRow { test, wald: gate.value(n, JointTested { statistic: 12.345, terms: 2, df: None, p: 0.0021 }) };
    let df = if model == 2 { Some(119.0) } else { None };
    let logit = model < 2;
    ModelResult {
        n: gate.count(n),
        groups: gate.value(n, 640),
        clusters: gate.value(n, 120),
        groups_dropped: gate.value(n, 3),
        coefficients: coefficients(gate, n),
        exposure: gate.value(n, estimate(0.008, std_error, 0.004, 0.012, 0.0051)),
        odds_ratio: if logit {
            gate.value(n, estimate(ratio, std_error, low, high, 0.0051))
        } else {
            gate.missing("only a logistic model has odds ratios")
        },
        average_marginal_effect: gate.value(n, estimate(0.001_234_5, 0.0004, 0.0004, 0.002, 0.0051)),
        people: gate.value(n, estimate(65_432.1, 20_000.0, 26_000.0, 104_900.0, 0.0051)),
        e_value: gate.value(n, [1.0675, 1.0468]),
        holm: gate.value(n, 0.0153),
        hochberg: gate.value(n, 0.0102),
        benjamini_hochberg: gate.value(n, 0.0081),
        equivalence: gate.value(n, 0.7219),
        minimum_detectable: gate.value(n, 0.001_121),
        contrasts: if main { vec![contrast(0), contrast(1)] } else { vec![] },
        joint: if model < 2 { vec![joint(model)] } else { vec![] },
        bootstrap: main.then(|| gate.value(n, BootstrapRow { statistic: 2.81, p: 0.0061, draws: 999 })),
        dropped: vec![],
        factor: 120.0 / 119.0,
        profile: if df.is_some() { "fixest-0.13".into() } else { "stata".into() },
        iterations: 5,
        fit: FitRow {
            residual_df: gate.count(1000),
            df,
            ways: gate.value(n, vec![(120, 120.0 / 119.0)]),
            gradient_norm: 3.25e-12,
            condition: 43.21,
            log_likelihood: gate.value(n, -30_123.25),
            warnings: gate.value(
                n,
                if model == 1 { vec!["extreme weights: the largest is 23.4 times the mean".into()] } else { vec![] },
            ),
        },
        ..ModelResult::empty(gate, model, outcome)
    }
}

fn models(gate: &Gate) -> Vec<ModelResult> {
    let mut rows = Vec::new();
    for model in 0..3 {
        rows.push(result(gate, model, 0, 58_000, [1.008, 0.002, 1.004, 1.012]));
        rows.push(result(gate, model, 1, 861, [0.861_861, 0.0424242, 0.8, 0.9]));
        let mut quiet = result(gate, model, 2, 57_000, [1.000_4, 0.003, 0.995, 1.006]);
        quiet.clusters = gate.value(57_000, 118);
        quiet.people = gate.missing("no population is stated");
        rows.push(quiet);
    }
    rows[0].dropped = vec![
        DroppedRow {
            what: "clinics whose answers are all the same".into(),
            groups: gate.value(5000, 3),
            rows: gate.count(5000),
        },
        DroppedRow { what: "level `Other` of `work`".into(), groups: gate.value(739, 1), rows: gate.count(739) },
    ];
    rows
}

fn flow(gate: &Gate) -> Vec<FlowRow> {
    let mut rows = Vec::new();
    for outcome in 0..3 {
        let received = [20_000, 20_000, 21_000];
        // Hidden cells stand in pairs along both directions, so that no sum gives one away.
        let left = [[739, 861, 0], [5000, 4000, 3000], [1200, 861, 739]];
        let mut whole = [0; 4];
        let mut total = 0;
        let mut by_wave = Vec::new();
        for wave in 0..3 {
            let parts: Vec<u64> = left.iter().map(|reason| reason[wave]).collect();
            let analysed = received[wave] - parts.iter().sum::<u64>();
            let counts: Vec<u64> = parts.into_iter().chain([analysed]).collect();
            for (sum, n) in whole.iter_mut().zip(&counts) {
                *sum += n;
            }
            total += received[wave];
            by_wave.push((Some(wave), received[wave], counts));
        }
        by_wave.push((None, total, whole.to_vec()));
        for (wave, received, counts) in by_wave {
            let line = |stage, reason: &str, rows: Released<u64>| FlowRow {
                outcome,
                wave,
                stage,
                reason: reason.into(),
                practices: rows.map(|n| n / 50),
                rows,
            };
            rows.push(line(Stage::Received, "", gate.count(received)));
            let hide = |at: usize, n: u64| match (at, wave) {
                (0 | 2, Some(0)) | (0 | 2, Some(1)) | (1 | 2, Some(2)) | (1, None) | (2, None) => gate.value(1, n),
                _ => gate.count(n),
            };
            for (at, reason) in ["not linked", "no usable answer", "no exposure"].iter().enumerate() {
                rows.push(line(Stage::Left, reason, hide(at, counts[at])));
            }
            rows.push(line(Stage::Analysed, "", gate.count(counts[3])));
        }
    }
    rows
}

/// Findings that every table can be made from, with hidden cells in each.
pub(crate) fn findings() -> Findings {
    let gate = Gate::new(1000);
    Findings {
        analyses: Default::default(),
        flow: flow(&gate),
        responses: gate.count(61_000),
        analysed_any: gate.count(58_500),
        practices: gate.value(61_000, 650),
        responses_by_wave: [20_000, 20_000, 21_000].map(|n| gate.count(n)).to_vec(),
        respondents: respondents(&gate),
        levels: levels(&gate),
        provision: provision(&gate),
        areas: vec![
            area("Q1", "North", gate.value(5000, 1.25)),
            area("Q2", "South", gate.value(5000, 0.75)),
            area("Q3", "East", gate.value(861, 0.0424242)),
        ],
        areas_census: "2022-12".into(),
        models: models(&gate),
        linkage: Linkage::default(),
        weighted: true,
    }
}

fn area(code: &str, name: &str, exposure: Released<f64>) -> AreaRow {
    let open = Gate::new(0);
    AreaRow {
        code: code.into(),
        name: name.into(),
        clusters: open.count(40),
        quartiles: exposure.map(|x| [x - 0.2, *x, x + 0.2]),
        exposure,
    }
}
