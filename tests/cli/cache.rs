//! What is kept from run to run: reused where nothing that it depends on changed, said to be, and never
//! to be told from what is computed anew.

use super::study::{Study, offprint, tree};
use std::path::{Path, PathBuf};

const CONFIG: &str = "config.yaml";

/// Runs a study and gives what was said and the folder filed.
fn explained(study: &Study) -> (String, PathBuf) {
    let ran = study.run(&["run", "--explain"]);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{told}");
    (told, study.path().join(String::from_utf8(ran.stdout).unwrap().trim()))
}

/// The same study with nothing kept: the folder that it files.
fn anew(study: &Study) -> PathBuf {
    std::fs::remove_dir_all(study.file(".offprint")).unwrap();
    explained(study).1
}

/// One outcome's codes: its models are fitted again, the others' fits come from the cache. Its label:
/// nothing is fitted. What is filed is what a run without a cache files.
#[test]
fn an_outcome_that_changes_is_refitted_alone() {
    let study = Study::new();
    let (first, _) = explained(&study);
    assert!(first.contains("findings: computed, as nothing is kept of earlier runs\n"), "{first}");
    assert!(first.contains("fits: 0 reused, "), "{first}");
    // Versions on file are what a new one is compared with: none, so that the same bytes can come again.
    std::fs::remove_dir_all(study.file("output")).unwrap();
    study.edit(
        CONFIG,
        "item: Q28\n    success: [1, 2]\n    failure: [3, 4, 5]",
        "item: Q28\n    success: [1]\n    failure: [2, 3, 4, 5]",
    );
    let (told, folder) = explained(&study);
    assert!(told.contains("findings: computed, as config `outcomes.experience` has changed\n"), "{told}");
    let computed: Vec<&str> = told.lines().filter(|line| line.starts_with("fit of ")).collect();
    assert!(!computed.is_empty() && computed.iter().all(|line| line.contains("outcome `experience`")), "{told}");
    assert!(!told.contains("fits: 0 reused"), "{told}");
    let kept = tree(&folder);

    study.edit(CONFIG, "label: Good overall experience of the practice", "label: Overall experience");
    let (told, labelled) = explained(&study);
    assert!(told.contains("findings: reused"), "{told}");
    assert!(std::fs::read_to_string(labelled.join("report.md")).unwrap().contains("Overall experience"));

    // The same two versions, filed by runs that have nothing to reuse.
    std::fs::remove_dir_all(study.file("output")).unwrap();
    study.edit(CONFIG, "label: Overall experience", "label: Good overall experience of the practice");
    let fresh = anew(&study);
    assert_eq!(folder.file_name(), fresh.file_name());
    assert!(kept == tree(&fresh));
}

/// Whatever a word or a printed number is used for, the report with a cache is the report without one.
#[test]
fn words_and_printed_numbers_that_findings_rest_on_are_noticed() {
    let edits = [
        ("    good: false\n", "    good: true\n"),
        ("    short: Experience\n", "    short: Visits\n"),
        ("    label: Good overall experience of the practice\n", "    label: Overall experience\n"),
        ("    breaks: { 2021: \"questionnaire reworked, pandemic\" }\n", ""),
        ("people: 132000", "people: 133000"),
        ("title: Cost per additional person }", "title: What an additional person costs }"),
    ];
    let study = Study::new();
    explained(&study);
    for (from, to) in edits {
        std::fs::remove_dir_all(study.file("output")).unwrap();
        study.edit(CONFIG, from, to);
        let (told, folder) = explained(&study);
        let with = tree(&folder);
        if [" short:", " label:", " breaks:"].iter().any(|key| from.contains(key)) {
            assert!(told.contains("findings: reused"), "{to}: {told}");
        }
        std::fs::remove_dir_all(study.file("output")).unwrap();
        let fresh = anew(&study);
        assert!(folder.file_name() == fresh.file_name() && with == tree(&fresh), "{to}: {told}");
    }
}

/// One key of one analysis: its fits are computed again, those of models and of all other analyses come
/// from the cache, and the report is that of a run without one.
#[test]
fn an_analysis_that_changes_is_refitted_alone() {
    let study = Study::new();
    let (first, _) = explained(&study);
    std::fs::remove_dir_all(study.file("output")).unwrap();
    study.edit(CONFIG, "    cuts: [1, 2]", "    cuts: [1, 2, 3]");
    let (told, folder) = explained(&study);
    let number = |told: &str, what: &str| -> usize {
        let line = told.lines().find(|line| line.starts_with("fits: ")).unwrap();
        let words: Vec<&str> = line.split([' ', ',']).collect();
        words.iter().position(|word| *word == what).map_or(0, |at| words[at - 1].parse().unwrap())
    };
    let computed: Vec<&str> = told.lines().filter(|line| line.starts_with("fit of ")).collect();
    assert!(computed.len() == 5 && computed.iter().all(|line| line.contains("dose (ranges)")), "{told}");
    assert_eq!(number(&told, "computed"), 5, "{told}");
    let all = number(&first, "computed") + number(&first, "asked");
    assert_eq!(number(&told, "reused"), all - 5, "{first}\n{told}");
    let with = tree(&folder);
    std::fs::remove_dir_all(study.file("output")).unwrap();
    let fresh = anew(&study);
    assert!(folder.file_name() == fresh.file_name() && with == tree(&fresh));
}

#[test]
fn damaged_fits_are_computed_again() {
    let study = Study::new();
    let (_, folder) = explained(&study);
    let kept = tree(&folder);
    let fits = || std::fs::read_dir(study.file(".offprint")).unwrap().flatten().map(|entry| entry.path());
    let fits = || fits().filter(|path| path.extension().is_some_and(|ending| ending == "fit"));
    let all = fits().count();
    assert!(all > 0);
    for (at, path) in fits().enumerate() {
        let bytes = std::fs::read(&path).unwrap();
        match at % 3 {
            // One digit is another, the end is missing, somebody else's file.
            0 => std::fs::write(&path, String::from_utf8(bytes).unwrap().replacen("0.", "1.", 1)).unwrap(),
            1 => std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap(),
            _ => std::fs::write(&path, "not ours").unwrap(),
        }
    }
    for entry in std::fs::read_dir(study.file(".offprint")).unwrap().flatten().map(|entry| entry.path()) {
        if entry.extension().is_some_and(|ending| ending == "findings") {
            std::fs::remove_file(entry).unwrap();
        }
    }
    std::fs::remove_dir_all(study.file("output")).unwrap();
    let (told, again) = explained(&study);
    assert!(told.contains(&format!("fits: 0 reused, {all} computed")), "{told}");
    let damaged = told.lines().filter(|line| line.ends_with("computed, as the fit on file is damaged"));
    assert_eq!(damaged.count(), all, "{told}");
    assert!(kept == tree(&again));
}

/// A table study, small enough to be run often.
const TABLE: &str = r#"offprint: 1
study: { id: t, version: "1", title: Title, authors: [A. Author], seed: 1 }
row: [row, rows]
sources: { table: { file: table.csv } }
rows: table
variables:
  y: { label: Outcome }
  z: { label: Second outcome }
  x: { label: Exposure, unit: 1 }
  w: { label: Covariate }
outcomes:
  first: { label: First, number: y }
  second: { label: Second, number: z }
models:
  main: { family: linear, exposure: x, terms: [w], errors: hc1 }
  variants:
    - { id: alone, label: Alone, terms: [] }
limits: ["None."]
"#;

/// Edits that can be made and unmade in any order.
const EDITS: [[&str; 2]; 9] = [
    ["title: Title", "title: Another"],
    ["label: First", "label: Primary"],
    ["terms: [w]", "terms: []"],
    ["label: Exposure", "label: Dose"],
    ["errors: hc1", "errors: iid"],
    ["label: Covariate", "label: Control"],
    ["id: alone, label: Alone", "id: alone, label: By itself"],
    ["seed: 1", "seed: 2"],
    ["limits: [\"None.\"]", "limits: [\"Some.\"]"],
];

#[test]
fn whatever_is_edited_the_cache_cannot_be_told() {
    let (kept, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut state = 7_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut table = String::from("y,z,x,w\n");
    for _ in 0..80 {
        let mut number = || random() % 1_000;
        table += &format!("{},{},{},{}\n", number(), number(), number(), number());
    }
    let (mut config, mut reused) = (TABLE.to_owned(), 0);
    for round in 0..24 {
        let [from, to] = EDITS[random() % EDITS.len()];
        config = if config.contains(to) && !to.ends_with("[]") || !config.contains(from) {
            config.replacen(to, from, 1)
        } else {
            config.replacen(from, to, 1)
        };
        if round % 8 == 7 {
            table += &format!("{},1,2,3\n", random() % 1_000);
        }
        let run = |folder: &Path| {
            std::fs::write(folder.join("config.yaml"), &config).unwrap();
            std::fs::write(folder.join("table.csv"), &table).unwrap();
            let _ = std::fs::remove_dir_all(folder.join("output"));
            let ran = offprint(folder, &["run", "--explain"]);
            let told = String::from_utf8_lossy(&ran.stderr).into_owned();
            assert!(ran.status.success(), "{told}\n{config}");
            (told, tree(&folder.join(String::from_utf8(ran.stdout).unwrap().trim())))
        };
        let _ = std::fs::remove_dir_all(fresh.path().join(".offprint"));
        let ((told, with), (_, without)) = (run(kept.path()), run(fresh.path()));
        reused += usize::from(!told.contains("fits: 0 reused"));
        assert!(with == without, "{told}\n{config}");
    }
    assert!(reused > 12, "{reused}");
}
