//! Panels of 50 and 500 practices against R (`oracles/r.R`, versions in `oracles/versions_r.txt`): `glm` with
//! one dummy per practice, package sandwich's clustered covariances, and sandwiches over all parameters.

use offprint::model::{At, Covariance, Family, Fit, Options, Patterns, Profile, Sample, fit};

use crate::model_support::{Row, Use, close, counts, name, panel, patterns, rows, sample};

/// A number of `oracles/r.csv`.
pub(super) fn reference(model: &str, term: &str, quantity: &str) -> f64 {
    let wanted = format!("{model},{term},{quantity},");
    let line = include_str!("../oracles/r.csv").lines().find(|line| line.starts_with(&wanted));
    let value = &line.unwrap_or_else(|| panic!("no stored {wanted}"))[wanted.len()..];
    value.parse().expect("a number")
}

/// A panel with the counts and offsets of its rows.
pub(super) struct Panel {
    pub(super) name: &'static str,
    pub(super) rows: Vec<Row>,
    pub(super) counts: Vec<[f64; 2]>,
}

pub(super) fn panels() -> [Panel; 2] {
    let text = include_str!("../oracles/panel500.csv");
    let count = |line: &str| -> [f64; 2] {
        let cells: Vec<f64> = line.split(',').skip(9).map(|cell| cell.parse().expect("a number")).collect();
        [cells[0], cells[1]]
    };
    let many = Panel { name: "p500", rows: panel(text), counts: text.lines().skip(1).map(count).collect() };
    [Panel { name: "p50", rows: rows(), counts: counts() }, many]
}

/// The sample of one of R's models on a panel.
pub(super) fn take<'a>(panel: &Panel, model: &str, patterns: &'a Patterns, weight: bool) -> Sample<'a> {
    let mut sample = sample(&panel.rows, patterns, Use { weight, z: false });
    match model {
        "poisson" => {
            sample.outcome = Some(panel.counts.iter().map(|c| c[0]).collect());
            sample.offset = Some(panel.counts.iter().map(|c| c[1]).collect());
        }
        "number" => sample.outcome = Some(panel.rows.iter().map(|row| row.z).collect()),
        _ => {}
    }
    sample
}

pub(super) fn family(model: &str) -> Family {
    match model {
        "poisson" => Family::Poisson,
        "probit" => Family::Probit,
        "linear" | "number" => Family::Linear,
        _ => Family::Logit,
    }
}

const KINDS: [(Covariance, &str); 5] = [
    (Covariance::Iid, "iid"),
    (Covariance::Hc1, "hc"),
    (Covariance::Cluster, "cluster"),
    (Covariance::TwoWay, "twoway"),
    (Covariance::Cr3, "cr3"),
];

/// A second kind of cluster, across the first.
pub(super) fn place(row: &Row) -> u32 {
    (row.practice * 7 + row.wave * 3) % 29
}

fn options(panel: &Panel, model: &str, sample: &Sample, covariance: Covariance) -> Options {
    let places = sample.blocks.iter().map(|block| place(&panel.rows[block.rows.start]));
    Options {
        absorb: model != "pooled",
        family: family(model),
        vcov: Profile::None,
        covariance,
        second_cluster: if covariance == Covariance::TwoWay { places.collect() } else { Vec::new() },
        effect_of: Some(0),
        // Of a difference of covariances not every function has a positive variance.
        contrasts: if covariance == Covariance::TwoWay { vec![] } else { vec![(At::Value(0.0), At::Observed)] },
        ..Options::default()
    }
}

fn check_fit(fit: &Fit, model: &str, kind: &str) {
    for at in 0..fit.terms.len() {
        let term = name(fit, at);
        let what = format!("{model} {kind} {term}");
        close(fit.coefficient[at], reference(model, &term, "coefficient"), 1e-9, &what);
        close(fit.std_error[at], reference(model, &term, &format!("se_{kind}")), 1e-8, &what);
    }
}

fn check_effects(fit: &Fit, model: &str, kind: &str) {
    let effect = fit.average_marginal_effect.expect("an exposure was named");
    let what = format!("{model} {kind} effect");
    close(effect.estimate, reference(model, "exposure", "ame"), 1e-9, &what);
    close(effect.std_error, reference(model, "exposure", &format!("ame_se_{kind}")), 1e-8, &what);
    if matches!(kind, "cluster" | "hc" | "iid") {
        let contrast = &fit.contrasts[0];
        for (got, tag) in [(contrast.at_from, "from"), (contrast.at_to, "to"), (contrast.difference, "difference")] {
            let what = format!("{model} {kind} {tag}");
            close(got.estimate, reference(model, "none", tag), 1e-9, &what);
            close(got.std_error, reference(model, "none", &format!("{tag}_se_{kind}")), 1e-8, &what);
        }
    }
}

/// Coefficients, every covariance under every profile, marginal effect and contrast of one model on both panels.
fn compare(model: &str) {
    let patterns = patterns();
    for panel in panels() {
        let stored = format!("{}_{model}", panel.name);
        let sample = take(&panel, model, &patterns, false);
        for (covariance, kind) in KINDS {
            let options = options(&panel, model, &sample, covariance);
            for (vcov, prefix) in [(Profile::None, ""), (Profile::Stata, "stata_"), (Profile::Fixest013, "fixest_")] {
                let quantity = format!("{prefix}{kind}");
                let fit = fit(&sample, &Options { vcov, ..options.clone() });
                let fit = fit.unwrap_or_else(|error| panic!("{stored} {quantity}: {error}"));
                check_fit(&fit, &stored, &quantity);
                if prefix.is_empty() {
                    check_effects(&fit, &stored, kind);
                } else {
                    let p = reference(&stored, "exposure", &format!("p_{quantity}"));
                    close(fit.p_value[0], p, 1e-6, &format!("{stored} {quantity} p value"));
                }
                check_sample(&fit, &panel, &stored, matches!(model, "logit" | "probit"));
            }
        }
    }
}

/// The same likelihood, and the same practices left out for want of variation.
fn check_sample(fit: &Fit, panel: &Panel, stored: &str, may_drop: bool) {
    close(fit.log_likelihood, reference(stored, "", "log_likelihood"), 1e-12, stored);
    let dropped = if may_drop { reference(stored, "", "dropped") as u64 } else { 0 };
    assert_eq!(fit.dropped.iter().map(|dropped| dropped.responses).sum::<u64>(), dropped, "{stored}");
    assert_eq!(fit.responses + dropped, panel.rows.len() as u64, "{stored}");
}

#[test]
fn logit_with_a_dummy_per_practice() {
    compare("logit");
}

#[test]
fn logit_with_an_intercept() {
    compare("pooled");
}

#[test]
fn poisson_with_an_offset() {
    compare("poisson");
}

#[test]
fn linear_probability_and_a_number() {
    compare("linear");
    compare("number");
}

/// Coefficients are R's; errors use the observed information, R's the expected one. Both are in the
/// stored numbers, and they differ: a profile that took one for the other would be seen.
#[test]
fn probit_with_the_observed_information() {
    compare("probit");
    for panel in ["p50", "p500"] {
        let of = |quantity| reference(&format!("{panel}_probit"), "exposure", quantity);
        let ratio = of("se_cluster_expected") / of("se_cluster") - 1.0;
        assert!(ratio.abs() > 1e-5 && ratio.abs() < 0.02, "{panel}: {ratio:e}");
    }
}

/// The one-step jackknife against refits without each of 17 clusters: the same in the linear family, and
/// within half a percent of the error in the others.
#[test]
fn one_step_without_a_cluster_is_near_a_refit() {
    for model in ["logit", "probit", "linear", "pooled"] {
        let stored = format!("p50_{model}");
        for term in ["exposure", "wave1", "wave3", "wave5", "age0", "age3", "gender1", "gender2"] {
            let (step, refit) = (reference(&stored, term, "se_cr3"), reference(&stored, term, "se_jackknife"));
            let allowed = if model == "linear" { 1e-9 } else { 0.005 };
            close(step, refit, allowed, &format!("{stored} {term}"));
        }
    }
}

#[test]
fn clusters_that_hold_the_practices_whole() {
    let (patterns, [_, mut panel]) = (patterns(), panels());
    panel.rows.iter_mut().for_each(|row| row.cluster = row.practice);
    for model in ["logit", "linear"] {
        let sample = take(&panel, model, &patterns, false);
        for (vcov, kind) in [(Profile::Stata, "se_stata_cluster"), (Profile::Fixest013, "se_fixest_cluster")] {
            let fit = fit(&sample, &Options { vcov, ..options(&panel, model, &sample, Covariance::Cluster) });
            let fit = fit.expect("a fit");
            for at in 0..fit.terms.len() {
                let error = reference(&format!("nested_{model}"), &name(&fit, at), kind);
                close(fit.std_error[at], error, 1e-8, &format!("{model} {kind} {}", name(&fit, at)));
            }
        }
    }
}

/// Rows and counts of equal rows give R's numbers for cells of successes and failures.
#[test]
fn counts_of_equal_rows() {
    let (patterns, [mut panel, _]) = (patterns(), panels());
    let key = |row: &Row| (row.practice, row.wave, row.age, row.gender, row.y);
    panel.rows.sort_by_key(key);
    let cells: Vec<(Row, u32)> =
        panel.rows.chunk_by(|a, b| key(a) == key(b)).map(|same| (same[0], same.len() as u32)).collect();
    assert!(cells.len() < panel.rows.len() * 3 / 4, "{} cells", cells.len());
    let counted = Panel { rows: cells.iter().map(|(row, _)| *row).collect(), ..panel };
    let mut sample = take(&counted, "logit", &patterns, false);
    sample.count = Some(cells.iter().map(|(_, n)| *n).collect());
    for (covariance, kind) in [(Covariance::Cluster, "cluster"), (Covariance::Iid, "iid")] {
        let fit = fit(&sample, &options(&counted, "logit", &sample, covariance)).expect("a fit");
        check_fit(&fit, "grouped", kind);
    }
}

/// Package clubSandwich's CR3 has no factor (G-1)/G.
#[test]
fn leave_one_out_as_club_sandwich_has_it() {
    let (patterns, [panel, _]) = (patterns(), panels());
    let sample = take(&panel, "pooled", &patterns, false);
    let options = Options { family: Family::Linear, ..options(&panel, "pooled", &sample, Covariance::Cr3) };
    let fit = fit(&sample, &options).expect("a fit");
    for at in 0..fit.terms.len() {
        let theirs = reference("club", &name(&fit, at), "se_cr3") * f64::sqrt(16.0 / 17.0);
        close(fit.std_error[at], theirs, 1e-8, &name(&fit, at));
    }
}
