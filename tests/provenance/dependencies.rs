//! The list of dependencies is that of `Cargo.lock`.

use crate::support::{rows, survey, text};
use std::collections::BTreeSet;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_list_has_the_crates_of_the_lock_file_each_with_a_licence() {
    let lock = text(format!("{ROOT}/Cargo.lock"));
    let field = |block: &str, key: &str| {
        let line = block.lines().find(|line| line.starts_with(&format!("{key} = ")))?;
        Some(line.split('"').nth(1)?.to_string())
    };
    let locked: BTreeSet<(String, String)> = lock
        .split("[[package]]")
        .skip(1)
        .map(|block| (field(block, "name").unwrap(), field(block, "version").unwrap()))
        .filter(|(name, _)| name != env!("CARGO_PKG_NAME"))
        .collect();
    let list = rows(format!("{ROOT}/docs/dependencies.csv"));
    assert_eq!(list[0], ["crate", "version", "licence", "used_by", "source"]);
    let listed: BTreeSet<(String, String)> = list.iter().skip(1).map(|row| (row[0].clone(), row[1].clone())).collect();
    assert_eq!(listed.len(), list.len() - 1, "a crate stands twice");
    assert_eq!(listed, locked, "run `python3 docs/dependencies.py`");
    assert!(list.iter().all(|row| !row[2].is_empty()));
}

#[test]
fn a_version_holds_the_list_of_its_program() {
    let filed = rows(survey().1.join("dependencies.csv"));
    let own = rows(format!("{ROOT}/docs/dependencies.csv"));
    let cut: Vec<Vec<String>> = filed.iter().map(|row| row[..5].to_vec()).collect();
    assert_eq!(cut, own);
}
