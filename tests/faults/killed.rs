//! `kill -9` at every stage, told by the lines of `--explain`. That filing survives it at every single
//! step is tested beside the code that files (`src/store/killed.rs`).

use crate::small::{Small, assert_recovers, assert_whole, filed};
use crate::study::{Study, tree};
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Starts a run, kills it when the line of `stage` is read, and gives the stage in which it died;
/// none when it came to its end before the signal.
fn kill_at(folder: &Path, stage: &str) -> Option<String> {
    let mut started = Command::new(assert_cmd::cargo::cargo_bin!("offprint"));
    started.args(["run", "--explain"]).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut run = started.spawn().unwrap();
    let mut last = None;
    for line in BufReader::new(run.stderr.take().unwrap()).lines() {
        if let Some(named) = line.unwrap().strip_prefix("stage: ") {
            last = Some(named.to_owned());
            if named == stage {
                let _ = run.kill();
            }
        }
    }
    (run.wait().unwrap().signal() == Some(9)).then_some(last).flatten()
}

fn stages(folder: &Path) -> Vec<String> {
    let ran = crate::study::offprint(folder, &["run", "--explain"]);
    let told = String::from_utf8(ran.stderr).unwrap();
    told.lines().filter_map(|line| line.strip_prefix("stage: ").map(str::to_owned)).collect()
}

#[test]
fn killed_in_every_stage_and_run_again() {
    let stages = stages(Small::new().path());
    assert!(stages.len() >= 6 && stages.ends_with(&["writing".into(), "linting".into()]), "{stages:?}");
    for stage in &stages {
        // The shortest stages may be over before the signal arrives: tried until it dies in the stage.
        let hit = (0..60).any(|_| {
            let small = Small::new();
            let died = kill_at(small.path(), stage);
            assert_whole(&small.filed(), stage);
            let hit = died.as_ref() == Some(stage);
            if hit {
                assert_recovers(&small, stage);
            }
            hit
        });
        assert!(hit, "no run died in `{stage}`");
    }
}

#[test]
fn killed_in_every_stage_of_a_survey_one_after_the_other() {
    let counted = Study::new();
    counted.edit("config.yaml", "version: \"2023.1\"", "version: \"2023.2\"");
    let stages = stages(counted.path());
    assert!(stages.len() >= 10, "{stages:?}");
    let study = Study::new();
    study.edit("config.yaml", "version: \"2023.1\"", "version: \"2023.2\"");
    let before = tree(&study.file("output"));
    let mut died = Vec::new();
    for stage in stages.iter().filter(|stage| *stage != "writing") {
        died.extend(kill_at(study.path(), stage));
        let now = tree(&study.file("output"));
        let known = |(path, _): &&(std::path::PathBuf, Vec<u8>)| !path.starts_with("2023.2");
        assert!(before.iter().all(|file| now.contains(file)), "{stage}: a published file was touched");
        assert!(now.iter().filter(known).count() == before.len(), "{stage}: files beside the versions");
    }
    // Here one try each: neighbours in time may stand in for each other.
    died.dedup();
    assert!(died.len() >= stages.len() / 2, "died in {died:?} only, of {stages:?}");
    let ran = study.run(&["run"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let same = filed(&study.file("output")) == filed(&counted.file("output"));
    assert!(same, "not the folder of a run that nobody killed");
}

/// A run that was killed between writing the last file of its cache and putting it in place.
#[test]
fn half_a_file_of_the_cache_goes_even_where_nothing_is_written() {
    let small = Small::new();
    assert!(small.run(&["run"]).status.success());
    std::fs::write(small.file(".offprint").join("last.parts.1.new"), "half").unwrap();
    let again = small.run(&["run", "--explain"]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("findings: reused"));
    assert_recovers(&small, "before the last file is in place");
}
