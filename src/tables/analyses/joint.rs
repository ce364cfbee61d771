//! Joint tests as cells, rows and words: the same for every analysis. Arranges released values.

use super::super::cells::{self, head, numbers};
use super::super::results::NONE;
use super::super::types::{Cell, Head};
use super::alone;
use crate::config::{Absorb, ClusterUnit, Config, Errors};
use crate::disclosure::{JointTested, Released};
use crate::format;

/// Head of a column of joint tests: statistic, terms, degrees of freedom.
pub(super) fn wald_head(label: &str, keys: [&str; 3]) -> Head {
    head(format!("{label} (terms; df)"), &keys, true)
}

/// `χ² (terms; df)`.
pub(super) fn wald(test: &Released<JointTested>) -> Cell {
    cells::released(test, 3, |wald| {
        let statistic = format::fixed(wald.statistic, 2);
        let text = match wald.df {
            Some(df) => format!("{statistic} ({}; {})", wald.terms, format::fixed(df, 0)),
            None => format!("{statistic} ({})", wald.terms),
        };
        numbers(text, &[wald.statistic, wald.terms as f64, wald.df.unwrap_or(NONE)])
    })
}

/// Rows of `results.csv`.
pub(super) fn wald_rows(test: &Released<JointTested>) -> Vec<(&'static str, Released<[f64; 6]>)> {
    let tested = test.map(|w| [w.statistic, NONE, NONE, NONE, w.statistic, w.p]);
    let terms = test.map(|w| alone(w.terms as f64));
    let df = test.shown().is_some_and(|w| w.df.is_some()).then(|| test.map(|w| alone(w.df.unwrap_or(NONE))));
    [("wald", tested), ("wald_terms", terms)].into_iter().chain(df.map(|df| ("wald_df", df))).collect()
}

/// What joint tests of the analyses rest on.
pub(super) fn joint_words(config: &Config) -> String {
    let Some(main) = config.models.first() else { return String::new() };
    let held = main.absorb != Absorb::Cluster || main.cluster != ClusterUnit::Practice;
    let clustered = matches!(main.errors, Errors::Cluster | Errors::Cr3) && !main.cluster_waves;
    match (clustered, held) {
        (true, true) => "Joint tests rest on bias-corrected clustered errors (CR2) and Hotelling’s T² with the degrees of \
                         freedom of Pustejovsky and Tipton (2018), as plain χ² rejects too often where clusters are few or \
                         the exposure is uneven."
            .into(),
        (true, false) => "The p value of joint tests is that of Hotelling’s T² with one degree of freedom less than clusters."
            .into(),
        _ => "Joint tests refer to χ².".into(),
    }
}
