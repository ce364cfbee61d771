//! The run log: beside the versions, of every stage, and of nothing that the gate holds back.

use crate::support::{class_size, edit, run, survey, text, verify};
use serde_json::Value;
use std::path::Path;

fn lines(version: &Path) -> Vec<Value> {
    let name = version.file_name().unwrap().to_string_lossy();
    let log = version.parent().unwrap().join(format!("logs/{name}.jsonl"));
    text(log).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn rows_in_and_out_of_every_stage_add_up() {
    let (_, folder) = survey();
    let lines = lines(&folder);
    let of = |event: &str| lines.iter().filter(|line| line["event"] == event).collect::<Vec<_>>();
    let stages: Vec<&str> = of("stage").iter().map(|line| line["stage"].as_str().unwrap()).collect();
    for stage in ["survey", "linking and recoding", "describing", "fitting", "drawing", "writing"] {
        assert!(stages.contains(&stage), "{stages:?}");
    }
    assert!(of("stage").iter().all(|line| line["seconds"].as_f64().unwrap() >= 0.0));
    let left: Vec<_> = of("rows").into_iter().filter(|line| line["stage"] == "left").collect();
    let known: Vec<_> = left.iter().filter(|line| line["rows_out"].is_u64()).collect();
    assert!(known.len() > 10);
    for line in known {
        let n = |key: &str| line[key].as_u64().unwrap();
        assert_eq!(n("rows_in") - n("rows"), n("rows_out"), "{line}");
    }
    assert_eq!(of("fit").len(), 6 * 5, "six models of five outcomes");
    assert_eq!((of("run").len(), of("filed").len()), (1, 1));
}

/// Every count of rows is 0, at least the threshold, or withheld with its reason.
#[test]
fn no_small_count_is_in_a_log() {
    let study = class_size();
    let config = study.path().join("config.yaml");
    // Three districts have no value of a variable: a count that may not be shown.
    let file = study.path().join("caschool.csv");
    let mut all: Vec<String> = text(&file).lines().map(str::to_string).collect();
    let column = all[0].split(',').position(|head| head.trim_matches('"') == "elpct").unwrap();
    for line in &mut all[1..4] {
        let mut cells: Vec<&str> = line.split(',').collect();
        cells[column] = "";
        *line = cells.join(",");
    }
    std::fs::write(&file, all.join("\n") + "\n").unwrap();
    edit(&config, "{ label: English learners (%) }", "{ label: English learners (%), reason: not recorded }");
    let folder = run(study.path(), &[]);
    let lines = lines(&folder);
    let mut hidden = 0;
    for line in &lines {
        for key in ["rows", "rows_in", "rows_out", "groups_dropped"] {
            match &line[key] {
                Value::Number(n) => assert!(n.as_u64() == Some(0) || n.as_u64() >= Some(10), "{line}"),
                Value::String(_) => hidden += 1,
                _ => {}
            }
        }
    }
    assert!(hidden > 0, "nothing was hidden, so nothing was tested");
}

#[test]
fn a_log_is_no_part_of_a_version_and_grows_with_each_run() {
    let study = class_size();
    let folder = run(study.path(), &[]);
    assert_eq!(run(study.path(), &[]), folder);
    let runs: Vec<Value> = lines(&folder).into_iter().filter(|line| line["event"] == "filed").collect();
    assert_eq!(runs.iter().map(|line| line["already"] == true).collect::<Vec<_>>(), [false, true]);
    let (status, said) = verify(study.path(), &folder);
    assert_eq!((status, said["verdict"].as_str()), (Some(0), Some("full")));
    let listed = crate::support::offprint(study.path(), &["list"]);
    assert_eq!(String::from_utf8_lossy(&listed.stdout).lines().count(), 1, "logs are no version");
}
