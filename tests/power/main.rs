//! Power in small simulated studies: against the textbook's formula, whatever the threads, after being
//! stopped, and with stored runs that do not fit.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic, and what is measured is worth seeing")]

mod config;
mod resumed;
mod theory;

use serde_yaml::{Mapping, Value};
use std::path::Path;
use std::process::{Command, Output};

/// The shipped config with one analysis, few exhibits and studies of a size that costs little.
pub(crate) fn light() -> String {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let mut tree: Value = serde_yaml::from_str(&text).unwrap();
    let keep = |section: &mut Value, ids: &[&str]| {
        section.as_mapping_mut().unwrap().retain(|id, _| ids.contains(&id.as_str().unwrap()));
    };
    keep(&mut tree["analyses"], &["power"]);
    keep(&mut tree["tables"], &["main", "power"]);
    keep(&mut tree["figures"], &["power"]);
    tree["models"]["variants"] = Value::Sequence(Vec::new());
    let elsewhere = |about: &Value| !about["key"].as_str().unwrap().starts_with("analyses.");
    tree["assumptions"].as_sequence_mut().unwrap().retain(elsewhere);
    let size = |responders: u64, practices: u64, clusters: u64| {
        let parts = [("responders", responders), ("practices", practices), ("clusters", clusters), ("areas", 3)];
        Value::Mapping(parts.into_iter().map(|(name, n)| (name.into(), n.into())).collect::<Mapping>())
    };
    tree["simulate"]["full"] = size(12_000, 90, 40);
    let power = &mut tree["analyses"]["power"];
    power["size"] = size(2_000, 24, 12);
    power["replications"] = 10.into();
    power["effects"] = Value::Sequence(vec![1.0.into(), "truth".into()]);
    serde_yaml::to_string(&tree).unwrap()
}

pub(crate) fn offprint(folder: &Path, args: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("offprint")).args(args).current_dir(folder).output().unwrap()
}

/// What a command prints; it must succeed.
pub(crate) fn prints(folder: &Path, args: &[&str]) -> String {
    let ran = offprint(folder, args);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}
