//! Inputs that change while a run is at work.

use crate::study::{Study, tree};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const SURVEY: &str = "survey/gpps_2022.csv";

/// Runs, calls `change` when the models are being fitted, and gives the status and the last words.
fn changed_meanwhile(study: &Study, change: impl Fn(&Study)) -> (Option<i32>, String) {
    let mut started = Command::new(assert_cmd::cargo::cargo_bin!("offprint"));
    started.args(["run", "--explain"]).current_dir(study.path()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut run = started.spawn().unwrap();
    let (mut told, mut done) = (String::new(), false);
    for line in BufReader::new(run.stderr.take().unwrap()).lines().map(Result::unwrap) {
        if line == "stage: fitting" {
            change(study);
            done = true;
        }
        told += &format!("{line}\n");
    }
    assert!(done, "no stage `fitting` in:\n{told}");
    (run.wait().unwrap().code(), told)
}

#[test]
fn a_file_replaced_removed_or_touched_during_the_run() {
    let other = |study: &Study| {
        // Same length, so that only the hash can tell; put in place in one step, as a download would be.
        let text = study.text(SURVEY).replacen(",1,", ",2,", 1);
        assert_eq!(text.len(), study.text(SURVEY).len());
        let bytes = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect::<Vec<_>>();
        std::fs::write(study.file("new"), bytes).unwrap();
        std::fs::rename(study.file("new"), study.file(SURVEY)).unwrap();
    };
    let gone = |study: &Study| std::fs::remove_file(study.file(SURVEY)).unwrap();
    type Change<'a> = (&'a str, &'a dyn Fn(&Study));
    let changes: [Change<'_>; 2] = [("changed while the run was at work", &other), ("no file", &gone)];
    for (told_of, change) in changes {
        let study = Study::new();
        study.edit("config.yaml", "version: \"2023.1\"", "version: \"2023.2\"");
        let before = tree(&study.file("output"));
        let (status, told) = changed_meanwhile(&study, change);
        assert_eq!(status, Some(2), "{told}");
        for fragment in ["error: ", told_of, SURVEY, "hint: "] {
            assert!(told.contains(fragment), "`{fragment}` is not in:\n{told}");
        }
        assert!(before == tree(&study.file("output")), "the output folder changed");
        // Fits may be: they are named by the sample that they are of.
        let findings = |path: &std::path::Path| path.extension().is_some_and(|ending| ending == "findings");
        let kept = tree(&study.file(".offprint")).into_iter().filter(|(path, _)| findings(path)).count();
        assert_eq!(kept, 0, "results of changed inputs were kept");
    }
    // Touched, and written again with the same bytes: nothing has changed.
    let study = Study::new();
    let (status, told) = changed_meanwhile(&study, |study| {
        let bytes = std::fs::read(study.file(SURVEY)).unwrap();
        std::fs::write(study.file("new"), bytes).unwrap();
        std::fs::rename(study.file("new"), study.file(SURVEY)).unwrap();
    });
    assert_eq!(status, Some(0), "{told}");
}
