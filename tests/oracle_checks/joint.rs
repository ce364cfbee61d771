//! Joint tests against R's clubSandwich (`oracles/joint.R`, versions in `oracles/joint_versions.txt`): CR2
//! covariance and Hotelling's T squared with the degrees of freedom of Pustejovsky and Tipton, on `glm` with a
//! dummy per practice and with an intercept.

use offprint::model::{Covariance, Family, Options, fit};

use super::r::panels;
use crate::model_support::{Row, Use, close, patterns, sample};

/// Statistic, terms, degrees of freedom and p of a line of `oracles/joint.csv`.
fn stored(model: &str, set: &str) -> [f64; 4] {
    let wanted = format!("{model},{set},");
    let line = include_str!("../oracles/joint.csv").lines().find_map(|line| line.strip_prefix(&wanted));
    let values: Vec<f64> =
        line.unwrap_or_else(|| panic!("no {wanted}")).split(',').map(|cell| cell.parse().expect("a number")).collect();
    [values[1], values[2], values[3], values[4]]
}

/// Rows of practices in one cluster, of the panel of 500 the first 250: what R was given.
fn used(name: &str, rows: &[Row]) -> Vec<bool> {
    let moves = |practice: u32| {
        let mut own = rows.iter().filter(|row| row.practice == practice).map(|row| row.cluster);
        let first = own.next();
        own.any(|cluster| Some(cluster) != first)
    };
    let all: Vec<bool> = (0..=rows.iter().map(|row| row.practice).max().unwrap_or(0)).map(moves).collect();
    rows.iter().map(|row| !all[row.practice as usize] && (name == "p50" || row.practice < 250)).collect()
}

#[test]
fn joint_tests_are_those_of_club_sandwich() {
    let patterns = patterns();
    let sets: [(&str, &[&str]); 4] = [
        ("exposure", &["exposure"]),
        ("age", &["age"]),
        ("wave", &["wave"]),
        ("gender_exposure", &["exposure", "gender"]),
    ];
    for panel in panels() {
        let keep = used(panel.name, &panel.rows);
        let rows: Vec<Row> = panel.rows.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(row, _)| *row).collect();
        let counts: Vec<[f64; 2]> =
            panel.counts.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(c, _)| *c).collect();
        for model in ["logit", "linear", "pooled", "poisson"] {
            let mut sample = sample(&rows, &patterns, Use::default());
            let family = match model {
                "poisson" => {
                    sample.outcome = Some(counts.iter().map(|c| c[0]).collect());
                    sample.offset = Some(counts.iter().map(|c| c[1]).collect());
                    Family::Poisson
                }
                "linear" => {
                    sample.outcome = Some(rows.iter().map(|row| row.z).collect());
                    Family::Linear
                }
                _ => Family::Logit,
            };
            let joint = sets.iter().map(|(_, names)| names.iter().map(|name| (*name).to_string()).collect());
            let options = Options { absorb: model != "pooled", family, joint: joint.collect(), ..Options::default() };
            let fitted = fit(&sample, &options).expect("the stored data fit");
            for ((set, _), test) in sets.iter().zip(&fitted.joint) {
                let (what, test) = (format!("{} {model} {set}", panel.name), test.expect("clusters are enough"));
                let [f, terms, df, p] = stored(&format!("{}_{model}", panel.name), set);
                assert_eq!(test.terms as f64, terms, "{what}");
                close(test.df, df, 1e-6, &format!("{what} df"));
                let freedom = test.df + terms - 1.0;
                close(test.statistic * test.df / (freedom * terms), f, 1e-6, &format!("{what} F"));
                close(test.p_value, p, 1e-5, &format!("{what} p"));
            }
            let other = Options { covariance: Covariance::Hc1, ..options };
            assert!(fit(&sample, &other).expect("it fits").joint.is_empty(), "no clusters, no test that rests on them");
        }
    }
}
