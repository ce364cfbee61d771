//! What a good study gives: a whole report, the same bytes from other threads, forms and places.

use crate::study::{Study, copy, offprint, tree, without_many_fits};
use std::path::{Path, PathBuf};

/// The folder that `run` printed.
fn filed(study: &Path, args: &[&str]) -> PathBuf {
    let ran = offprint(study, args);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    // What two versions tell together is said even so.
    let told = String::from_utf8_lossy(&ran.stderr);
    let more: Vec<&str> = told.lines().filter(|line| !line.starts_with("review: ")).collect();
    assert!(more.is_empty(), "quiet when stderr is no terminal: {told}");
    study.join(String::from_utf8(ran.stdout).unwrap().trim())
}

/// The rows of a results file without the input's mark, by key.
fn results(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("results.csv")).unwrap()
}

#[test]
fn a_report_has_every_part_and_the_simulated_mark() {
    let study = Study::new();
    let folder = filed(study.path(), &["run"]);
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with("2023.1-") && name.len() == "2023.1-".len() + 8, "{name}");
    for part in [
        "report.html",
        "report.md",
        "results.csv",
        "models.csv",
        "flow.csv",
        "tables.xlsx",
        "config.yaml",
        "manifest.json",
        "REPRODUCE.md",
        "templates/report.md.j2",
        "templates/page.html.j2",
    ] {
        assert!(folder.join(part).is_file(), "no {part}");
    }
    for id in [
        "respondents",
        "outcomes",
        "provision",
        "main",
        "tests",
        "contrasts",
        "published",
        "variants",
        "joint",
        "coefficients",
        "flow",
    ] {
        assert!(folder.join(format!("tables/{id}.csv")).is_file(), "no table {id}");
    }
    for id in ["rollout", "outcomes", "forest", "areas", "flow"] {
        assert!(
            folder.join(format!("figures/{id}.svg")).is_file() && folder.join(format!("figures/{id}.csv")).is_file(),
            "no figure {id}"
        );
    }
    for (path, bytes) in tree(&folder) {
        if path.extension().is_some_and(|e| e == "xlsx") {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap().to_lowercase();
        assert!(text.contains("simulated"), "{} does not say that its data are simulated", path.display());
    }
    assert!(study.file("output/index.html").is_file());
    let listed = study.run(&["list"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains(&name));
}

#[test]
fn results_have_the_contract_columns_and_every_main_estimate() {
    let study = Study::new();
    let folder = filed(study.path(), &["run"]);
    let text = results(&folder);
    let header = text.lines().next().unwrap();
    assert!(header.starts_with("analysis,outcome,subgroup,term,quantity,estimate,std_error,conf_low,conf_high,statistic,p_value,n,clusters,groups_dropped,status"), "{header}");
    for outcome in ["confidence", "support", "isolation", "experience", "mental_health"] {
        for quantity in ["coefficient", "odds_ratio", "average_marginal_effect"] {
            let found = text.lines().any(|l| {
                l.starts_with(&format!("main,{outcome},")) && l.contains(&format!(",{quantity},")) && l.contains(",ok")
            });
            assert!(found, "no {quantity} for {outcome}");
        }
    }
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let keys: Vec<Vec<String>> =
        rows.records().map(|row| row.unwrap().iter().take(5).map(str::to_string).collect()).collect();
    assert!(keys.len() > 100, "{}", keys.len());
    assert!(keys.is_sorted_by(|a, b| a < b), "not sorted, or a key twice");
}

#[test]
fn the_flow_adds_up_exactly() {
    let study = Study::new();
    let folder = filed(study.path(), &["run"]);
    let text = std::fs::read_to_string(folder.join("flow.csv")).unwrap();
    let mut sums = std::collections::BTreeMap::new();
    for row in text.lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let key = (fields[0].to_string(), fields[1].to_string());
        // The reason may hold commas, so rows are counted from the end: rows, practices, data.
        let Ok(n) = fields[fields.len() - 3].parse::<i64>() else {
            sums.entry(key).or_insert((0, true)).1 = true;
            continue;
        };
        let entry = sums.entry(key).or_insert((0, false));
        entry.0 += if fields[2] == "received" { n } else { -n };
    }
    assert!(sums.len() >= 5 * 7, "{}", sums.len());
    let whole = sums.values().filter(|(_, hidden)| !hidden).count();
    assert!(whole > 5, "{whole}");
    for (key, (left, hidden)) in sums {
        assert!(hidden || left == 0, "{key:?} does not add up: {left}");
    }
}

#[test]
fn same_bytes_for_threads_places_locales_and_zones() {
    let study = Study::new();
    let one = filed(study.path(), &["run", "--threads", "1"]);
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("an other \u{e9} 'place'");
    copy(study.path(), &elsewhere);
    std::fs::remove_dir_all(elsewhere.join("output")).unwrap();
    let ran = std::process::Command::new(assert_cmd::cargo::cargo_bin!("offprint"))
        .args(["run", "--threads", "3"])
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("TZ", "Asia/Kolkata")
        .current_dir(&elsewhere)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let two = elsewhere.join(String::from_utf8(ran.stdout).unwrap().trim());
    assert_eq!(one.file_name(), two.file_name());
    assert!(tree(&one) == tree(&two), "bytes differ");
}

#[test]
fn a_report_folder_runs_again_by_itself() {
    let study = Study::new();
    let first = filed(study.path(), &["run"]);
    let copied = tempfile::tempdir().unwrap();
    copy(&first, copied.path());
    let data = study.path().to_str().unwrap();
    let again = filed(copied.path(), &["run", "--data", data, "--output", "again"]);
    assert_eq!(first.file_name(), again.file_name());
    assert!(tree(&first) == tree(&again), "bytes differ");
    // Nothing is added to a published folder.
    let ran = offprint(study.path(), &["run", "--config", first.join("config.yaml").to_str().unwrap(), "--data", "."]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(tree(&first) == tree(&again), "the published folder changed");
}

#[test]
fn csv_parquet_and_cells_give_the_same_estimates() {
    let rows = results(&filed(Study::new().path(), &["run"]));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for form in ["parquet", "cells"] {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("study");
        let made = offprint(root, &["simulate", target.to_str().unwrap(), "--size", "small", "--form", form]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        without_many_fits(&target.join("config.yaml"));
        let other = results(&filed(&target, &["run"]));
        let main = |text: &str| text.lines().filter(|l| l.starts_with("main,")).map(str::to_string).collect::<Vec<_>>();
        assert!(main(&rows).len() > 50);
        assert_eq!(main(&rows), main(&other), "{form}");
        if form == "parquet" {
            assert_eq!(rows, other);
        }
    }
}

#[test]
fn practice_files_run_without_person_covariates() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("study");
    let made = offprint(root, &["simulate", target.to_str().unwrap(), "--size", "small", "--form", "practice"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let text = results(&filed(&target, &["run"]));
    assert!(
        text.lines().any(|l| l.starts_with("main,experience,") && l.contains(",odds_ratio,") && l.contains(",ok")),
        "{text}"
    );
}

#[test]
fn a_template_edit_reuses_results_and_files_a_new_version() {
    let study = Study::new();
    let first = filed(study.path(), &["run"]);
    let again = study.run(&["run", "--explain"]);
    assert!(
        String::from_utf8_lossy(&again.stderr).contains("findings: reused"),
        "{}",
        String::from_utf8_lossy(&again.stderr)
    );
    study.edit("templates/report.md.j2", "## ", "## Edited: ");
    let edited = study.run(&["run", "--explain"]);
    assert!(String::from_utf8_lossy(&edited.stderr).contains("findings: reused"));
    let second = study.path().join(String::from_utf8(edited.stdout).unwrap().trim());
    assert_ne!(first, second);
    assert!(first.is_dir() && std::fs::read_to_string(second.join("report.md")).unwrap().contains("Edited: "));
    // An input that changes is noticed, and a damaged entry too.
    study.edit("survey/gpps_2022.csv", ",1,", ",2,");
    let changed = study.run(&["run", "--explain"]);
    assert!(
        String::from_utf8_lossy(&changed.stderr).contains("input `survey/gpps_2022.csv` has changed"),
        "{}",
        String::from_utf8_lossy(&changed.stderr)
    );
    for entry in std::fs::read_dir(study.file(".offprint")).unwrap().map(Result::unwrap) {
        std::fs::write(entry.path(), "x".repeat(200)).unwrap();
    }
    let damaged = study.run(&["run", "--explain"]);
    assert!(damaged.status.success());
    assert!(
        String::from_utf8_lossy(&damaged.stderr).contains("damaged"),
        "{}",
        String::from_utf8_lossy(&damaged.stderr)
    );
}

#[test]
fn next_years_wave_is_config_alone() {
    // The last wave is taken away and then added again, as next year's team would add it.
    let study = Study::new();
    let whole = std::fs::read_to_string(study.file("config.yaml")).unwrap();
    study
        .edit("config.yaml", "waves: [2018, 2019, 2020, 2021, 2022, 2023]", "waves: [2018, 2019, 2020, 2021, 2022]")
        .edit("config.yaml", "      2023: survey/gpps_2023.csv\n", "")
        .edit("config.yaml", "      2023: payments/payments_22-23.csv\n", "")
        .edit("config.yaml", ", 2023: 2022-12 }", " }");
    let cut = std::fs::read_to_string(study.file("config.yaml")).unwrap();
    let at = cut.find("\nsimulate:").unwrap();
    std::fs::write(study.file("config.yaml"), &cut[..at]).unwrap();
    let five = filed(study.path(), &["run"]);
    std::fs::write(study.file("config.yaml"), whole).unwrap();
    let six = filed(study.path(), &["run"]);
    assert_ne!(five, six);
    let waves = |folder: &Path| std::fs::read_to_string(folder.join("flow.csv")).unwrap().contains(",2023,");
    assert!(!waves(&five) && waves(&six));
}

#[test]
fn check_says_what_it_read() {
    let study = Study::new();
    let ran = study.run(&["check"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(text.contains("no problems found") && text.contains("survey/gpps_2018.csv"), "{text}");
}

#[test]
fn init_starts_a_study_that_checks() {
    let folder = tempfile::tempdir().unwrap();
    let started = offprint(folder.path(), &["init", "mine"]);
    assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    assert!(
        folder.path().join("mine/config.yaml").is_file() && folder.path().join("mine/templates/page.html.j2").is_file()
    );
    let again = offprint(folder.path(), &["init", "mine"]);
    assert_eq!(again.status.code(), Some(2));
}
