//! Processes that file at the same time.

use crate::small::{Small, reference};
use std::process::{Child, Command, Stdio};

fn start(small: &Small, args: &[&str]) -> Child {
    let mut program = Command::new(assert_cmd::cargo::cargo_bin!("offprint"));
    let quiet = program.args(args).current_dir(small.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    quiet.spawn().unwrap()
}

fn finish(runs: Vec<Child>) -> Vec<String> {
    let ended = runs.into_iter().map(|run| run.wait_with_output().unwrap());
    let folder = |ran: std::process::Output| {
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap().trim().to_owned()
    };
    ended.map(folder).collect()
}

#[test]
fn the_same_version_filed_by_six_at_once() {
    for round in 0..3 {
        let small = Small::new();
        let folders = finish((0..6).map(|_| start(&small, &["run"])).collect());
        assert!(folders.iter().all(|folder| *folder == folders[0]), "round {round}: {folders:?}");
        assert!(small.filed() == *reference(), "round {round}");
        let kept = std::fs::read_dir(small.file(".offprint")).unwrap().map(|entry| entry.unwrap().file_name());
        let kept: Vec<String> = kept.map(|name| name.to_string_lossy().into_owned()).collect();
        assert!(!kept.iter().any(|name| name.ends_with(".new")), "round {round}: {kept:?}");
    }
}

#[test]
fn different_versions_at_once() {
    let small = Small::new();
    let versions = ["3", "4", "5", "6"];
    for version in versions {
        let text = small.config().replacen("version: \"2\"", &format!("version: \"{version}\""), 1);
        std::fs::write(small.file(&format!("v{version}.yaml")), text).unwrap();
    }
    let configs = versions.map(|version| format!("v{version}.yaml"));
    let folders = finish(configs.iter().map(|config| start(&small, &["run", "--config", config])).collect());
    let listed = String::from_utf8(small.run(&["list"]).stdout).unwrap();
    assert_eq!(listed.lines().count(), 5, "{listed}");
    assert!(!listed.contains("damaged"), "{listed}");
    let (index, order) = (small.file("output/index.json"), small.file("output/.order"));
    for folder in &folders {
        let name = folder.rsplit('/').next().unwrap();
        assert!(listed.contains(name), "{name} is not in:\n{listed}");
        for list in [&index, &order] {
            assert!(std::fs::read_to_string(list).unwrap().contains(name), "{name} is not in {}", list.display());
        }
        assert_eq!(small.run(&["verify", folder]).status.code(), Some(0), "{folder}");
    }
    assert!(!small.filed().keys().any(|path| path.to_string_lossy().contains("staging")));
}
