//! One simulated study written in both forms, each through `run`: the practice files' model is the public route that
//! the person files foresaw.

use crate::study::{offprint, without_many_fits};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn written(folder: &Path, form: &str) -> (PathBuf, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = folder.join(form);
    let made = offprint(root, &["simulate", target.to_str().unwrap(), "--size", "small", "--form", form]);
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success(), "{told}");
    without_many_fits(&target.join("config.yaml"));
    let ran = offprint(&target, &["run"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mut versions = std::fs::read_dir(target.join("output")).unwrap().map(|entry| entry.unwrap().path());
    let version = versions.find(|path| path.join("results.csv").is_file()).unwrap();
    (version, told)
}

/// Coefficient and error of the exposure by outcome, of an analysis and subgroup.
fn coefficients(version: &Path, analysis: &str, subgroup: &str) -> BTreeMap<String, [f64; 2]> {
    let text = std::fs::read_to_string(version.join("results.csv")).unwrap();
    let head: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |name: &str| head.iter().position(|head| *head == name).unwrap_or_else(|| panic!("{name} in {head:?}"));
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let own = rows.filter(|row| {
        row[at("analysis")] == analysis
            && row[at("subgroup")] == subgroup
            && row[at("term")] == "exposure"
            && row[at("quantity")] == "coefficient"
    });
    own.map(|row| {
        let number = |name: &str| row[at(name)].parse().unwrap();
        (row[at("outcome")].to_string(), [number("estimate"), number("std_error")])
    })
    .collect()
}

#[test]
fn practice_files_give_what_person_files_foresaw() {
    let folder = tempfile::tempdir().unwrap();
    let (person, told) = written(folder.path(), "person");
    assert!(!told.contains("cannot answer"), "{told}");
    let (practice, told) = written(folder.path(), "practice");
    for gone in ["cannot answer", "survey weights", "subgroups by age", "inequality by imd", "adjustment for age"] {
        assert!(told.contains(gone), "{told}");
    }
    let foreseen = coefficients(&person, "public_route", "route=public");
    let found = coefficients(&practice, "main", "");
    assert_eq!(foreseen.len(), 5);
    for (outcome, expected) in &foreseen {
        for (a, b) in expected.iter().zip(&found[outcome]) {
            assert!((a - b).abs() < 1e-9, "{outcome}: {a} against {b}");
        }
    }
    let report = std::fs::read_to_string(practice.join("report.md")).unwrap();
    for words in ["these need answers of single people", "Timing and placebos", "Provision against need", "Costs"] {
        assert!(report.contains(words), "{words}");
    }
    assert!(report.contains("Rurality"), "subgroups that are known of a practice stay");
}

#[test]
fn counts_that_are_not_on_file_are_lines_of_the_flow() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = folder.path().join("practice");
    let made = offprint(root, &["simulate", target.to_str().unwrap(), "--size", "small", "--form", "practice"]);
    assert!(made.status.success());
    without_many_fits(&target.join("config.yaml"));
    let file = target.join("survey/gpps_2022.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    // Every count of the first thirty practices is suppressed, and of the next ten left empty.
    let hide = |(at, line): (usize, &str)| match at {
        1..=30 => blanked(line, "-99"),
        31..=40 => blanked(line, ""),
        _ => line.to_string(),
    };
    let lines: Vec<String> = text.lines().enumerate().map(hide).collect();
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    let ran = offprint(&target, &["run"]);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{told}");
    let version = target.join(String::from_utf8(ran.stdout).unwrap().trim());
    let flow = std::fs::read_to_string(version.join("flow.csv")).unwrap();
    let rows: Vec<Vec<&str>> = flow.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let suppressed: Vec<&Vec<&str>> =
        rows.iter().filter(|row| row[3].contains("suppressed or empty on file")).collect();
    let of = |outcome: &str, wave: &str| {
        let own = suppressed.iter().find(|row| row[0] == outcome && row[1] == wave).unwrap_or_else(|| panic!("{flow}"));
        assert_eq!(own[4], "0", "nobody knows how many answers these are");
        own[5].parse::<usize>().unwrap()
    };
    // Counted here from the files themselves, by the base's column.
    for (outcome, base) in [("experience", "q28base"), ("support", "q32_123base")] {
        let hidden: Vec<BTreeSet<String>> = (2018..=2023).map(|wave| hidden(&target, wave, base)).collect();
        for (wave, practices) in (2018..).zip(&hidden) {
            assert_eq!(of(outcome, &wave.to_string()), practices.len(), "{outcome} {wave}");
        }
        assert!(hidden[4].len() >= 40);
        assert_eq!(of(outcome, "all"), hidden.into_iter().flatten().collect::<BTreeSet<_>>().len());
    }
    // What is received is still what left and what is analysed.
    let linted = offprint(&target, &["lint", version.to_str().unwrap()]);
    let told = String::from_utf8_lossy(&linted.stdout).into_owned();
    assert!(!told.contains("flow.csv"), "{told}");
    let report = std::fs::read_to_string(version.join("report.md")).unwrap();
    assert!(report.contains("suppressed or empty on file"), "the table of the flow has the line");
    // Counts of answers to one outcome are no counts of people: no number stands for all outcomes.
    let of =
        |stage: &str| rows.iter().find(|row| row[0] == "support" && row[1] == "all" && row[2] == stage).unwrap()[4];
    let number = |n: &str| if n.len() > 3 { format!("{},{}", &n[..n.len() - 3], &n[n.len() - 3..]) } else { n.into() };
    let all: u64 = rows
        .iter()
        .filter(|row| row[1] == "all" && row[2] == "received")
        .map(|row| row[4].parse::<u64>().unwrap())
        .sum();
    let all = number(&all.to_string());
    for words in [format!("{all} answers from"), format!("{all} answers received")] {
        assert!(report.contains(&words), "{words}");
    }
    assert!(report.contains("| All answers |") && !report.contains("All responders"));
    let sentence = format!("; Support {} of {} (", number(of("analysed")), number(of("received")));
    assert!(report.contains(&sentence), "{sentence}");
}

/// A line of a practice file with all its counts replaced; the first field is the practice.
fn blanked(line: &str, with: &str) -> String {
    let mut fields = line.split(',');
    let practice = fields.next().unwrap_or_default().to_string();
    fields.fold(practice, |line, _| line + "," + with)
}

/// Practices of a wave's file whose base is suppressed or empty.
fn hidden(study: &Path, wave: i32, base: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(study.join(format!("survey/gpps_{wave}.csv"))).unwrap();
    let at = text.lines().next().unwrap().split(',').position(|name| name == base).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|row| row[at].is_empty() || row[at].starts_with('-')).map(|row| row[0].to_string()).collect()
}
