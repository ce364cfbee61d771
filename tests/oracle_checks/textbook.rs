//! Published tables: Petersen's panel, labour-force participation, extramarital affairs. To the digits that
//! are printed, and to R's (`oracles/r.R`) beyond them.

use offprint::model::{Block, Covariance, Family, Fit, Options, Patterns, Profile, Sample, fit};

use super::r::reference;
use crate::model_support::{close, columns, name, textbook};

/// y on x in sandwich::PetersenCL, 500 firms in 10 years, with the firm or the year as cluster.
fn petersen(cluster: usize, options: &Options) -> Fit {
    let text = include_str!("../oracles/petersen.csv");
    let cells = |line: &str| -> Vec<f64> { line.split(',').map(|cell| cell.parse().expect("a number")).collect() };
    let rows: Vec<Vec<f64>> = text.lines().skip(1).map(cells).collect();
    assert_eq!(rows.len(), 5000);
    let nothing = Patterns::default();
    let column = |at: usize| -> Vec<f64> { rows.iter().map(|row| row[at]).collect() };
    let plain = columns(&["x".to_string()], vec![column(1)], &nothing);
    let block = |(at, row): (usize, &Vec<f64>)| Block { rows: at..at + 1, group: 0, cluster: row[cluster] as u32 };
    let sample = Sample { blocks: rows.iter().enumerate().map(block).collect(), outcome: Some(column(0)), ..plain };
    let mut options = Options { absorb: false, family: Family::Linear, ..options.clone() };
    if options.covariance == Covariance::TwoWay {
        options.second_cluster = rows.iter().map(|row| row[3] as u32).collect();
    }
    fit(&sample, &options).expect("a regression")
}

const FIRM: usize = 2;
const YEAR: usize = 3;

/// Petersen (2009), the page of his test data set: coefficients 0.0297 and 1.0348, and standard errors as
/// statsmodels 0.15 (`stats/tests/test_sandwich.py`) quotes them from that page; White's there are without
/// the factor N/(N-K).
#[test]
fn petersens_standard_errors_as_he_prints_them() {
    let options = |covariance, vcov| Options { covariance, vcov, ..Options::default() };
    let cases = [
        ("White", FIRM, options(Covariance::Hc1, Profile::None), [0.0284, 0.0284]),
        ("firm", FIRM, options(Covariance::Cluster, Profile::Stata), [0.0670, 0.0506]),
        ("year", YEAR, options(Covariance::Cluster, Profile::Stata), [0.0234, 0.0334]),
        ("both", FIRM, options(Covariance::TwoWay, Profile::Stata), [0.0651, 0.0536]),
    ];
    for (what, cluster, options, printed) in cases {
        let fit = petersen(cluster, &options);
        for (at, printed) in [1, 0].into_iter().zip(printed) {
            assert!((fit.std_error[at] - printed).abs() <= 0.00005, "{what}: {} for {printed}", fit.std_error[at]);
        }
    }
    let fit = petersen(FIRM, &Options::default());
    assert!((fit.coefficient[0] - 1.0348).abs() < 0.00005 && (fit.coefficient[1] - 0.0297).abs() < 0.00005);
}

/// The same regressions against R's package sandwich, to its last digits.
#[test]
fn petersens_standard_errors_as_package_sandwich_has_them() {
    // Names with 0 are without (N-1)/(N-K).
    let few = f64::sqrt(4999.0 / 4998.0);
    for (kind, cluster, covariance, vcov, factor) in [
        ("iid", FIRM, Covariance::Iid, Profile::Stata, 1.0),
        ("white", FIRM, Covariance::Hc1, Profile::None, 1.0),
        ("hc1", FIRM, Covariance::Hc1, Profile::Stata, 1.0),
        ("firm", FIRM, Covariance::Cluster, Profile::Fixest013, 1.0),
        ("year", YEAR, Covariance::Cluster, Profile::Fixest013, 1.0),
        ("firm", FIRM, Covariance::Cluster, Profile::Stata, 1.0),
        ("year", YEAR, Covariance::Cluster, Profile::Stata, 1.0),
        ("both", FIRM, Covariance::TwoWay, Profile::Stata, 1.0),
        ("firm0", FIRM, Covariance::Cluster, Profile::Stata, 1.0 / few),
        ("year0", YEAR, Covariance::Cluster, Profile::Stata, 1.0 / few),
        ("both0", FIRM, Covariance::TwoWay, Profile::Stata, 1.0 / few),
    ] {
        let fit = petersen(cluster, &Options { covariance, vcov, ..Options::default() });
        for at in 0..2 {
            let term = name(&fit, at);
            close(fit.coefficient[at], reference("petersen", &term, "coefficient"), 1e-9, &term);
            let error = reference("petersen", &term, &format!("se_{kind}"));
            close(fit.std_error[at] * factor, error, 1e-8, &format!("{kind} {term}"));
        }
    }
}

/// Wooldridge, Introductory Econometrics, table 17.1 (labour-force participation of married women, Mroz
/// 1987): coefficient and standard error as printed, here as a collection of exercises on the web reprints
/// the table (numerade.com, "We estimated the labor force participation of married women in Mroz data
/// set"). The linear model's errors are White's with N/(N-K).
const TABLE: [(&str, [(&str, &str); 3]); 8] = [
    ("nwifeinc", [("-.0034", ".0015"), ("-.021", ".008"), ("-.012", ".005")]),
    ("educ", [(".038", ".007"), (".221", ".043"), (".131", ".025")]),
    ("exper", [(".039", ".006"), (".206", ".032"), (".123", ".019")]),
    ("expersq", [("-.00060", ".00019"), ("-.0032", ".0010"), ("-.0019", ".0006")]),
    ("age", [("-.016", ".002"), ("-.088", ".015"), ("-.053", ".008")]),
    ("kidslt6", [("-.262", ".032"), ("-1.443", ".204"), ("-.868", ".119")]),
    ("kidsge6", [(".013", ".014"), (".060", ".075"), (".036", ".043")]),
    ("(intercept)", [(".586", ".152"), (".425", ".860"), (".270", ".509")]),
];

const KINDS: [(Family, &str); 3] = [(Family::Linear, "linear"), (Family::Logit, "logit"), (Family::Probit, "probit")];

/// Fails unless `got` rounds to the printed text.
fn printed(got: f64, text: &str, what: &str) {
    let decimals = text.split('.').nth(1).map_or(0, str::len);
    let unit = (0..decimals).fold(1.0, |unit, _| unit / 10.0);
    let want: f64 = text.parse().expect("a number");
    assert!((got - want).abs() <= 0.5 * unit * (1.0 + 1e-9), "{what}: {got} for the printed {text}");
}

#[test]
fn labour_force_participation_as_printed() {
    let nothing = Patterns::default();
    let sample = textbook(include_str!("../oracles/mroz.csv"), &nothing, false);
    for (at, (family, kind)) in KINDS.into_iter().enumerate() {
        let covariance = if family == Family::Linear { Covariance::Hc1 } else { Covariance::Iid };
        let fit = fit(&sample, &Options { absorb: false, family, covariance, ..Options::default() }).expect("a fit");
        for (term, columns) in TABLE {
            let place = (0..fit.terms.len()).find(|place| name(&fit, *place) == term).expect("every term");
            let (coefficient, error) = columns[at];
            printed(fit.coefficient[place], coefficient, &format!("{kind} {term}"));
            printed(fit.std_error[place], error, &format!("{kind} error of {term}"));
        }
        match kind {
            "logit" => printed(fit.log_likelihood, "-401.77", kind),
            "probit" => printed(fit.log_likelihood, "-401.30", kind),
            _ => {}
        }
    }
}

/// Mroz's labour-force data and the 601 readers of Fair (1978) as package AER ships them, against R.
#[test]
fn textbook_models_as_r_has_them() {
    let nothing = Patterns::default();
    for (data, text) in
        [("mroz", include_str!("../oracles/mroz.csv")), ("affairs", include_str!("../oracles/affairs.csv"))]
    {
        let sample = textbook(text, &nothing, false);
        for (family, kind) in KINDS {
            let model = format!("{data}_{kind}");
            for (covariance, errors) in [(Covariance::Iid, "se_stata_iid"), (Covariance::Hc1, "se_stata_hc")] {
                let fit = fit(&sample, &Options { absorb: false, family, covariance, ..Options::default() });
                let fit = fit.expect("a fit");
                for at in 0..fit.terms.len() {
                    let term = name(&fit, at);
                    close(
                        fit.coefficient[at],
                        reference(&model, &term, "coefficient"),
                        1e-9,
                        &format!("{model} {term}"),
                    );
                    close(
                        fit.std_error[at],
                        reference(&model, &term, errors),
                        1e-8,
                        &format!("{model} {errors} {term}"),
                    );
                }
                close(fit.log_likelihood, reference(&model, "", "log_likelihood"), 1e-12, &model);
            }
        }
    }
}
