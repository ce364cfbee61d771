//! Disclosure control through the program: bad values, regimes in every file, papers, versions beside
//! each other.

use crate::study::Study;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const PROFILE: &str = "  profile: gpps\n";

#[test]
fn bad_values_are_named_with_their_line() {
    let bad = [
        ("  profile: opensafly\n", vec!["unknown profile `opensafly`", "did you mean `opensafely`?"]),
        ("  profile: acro\n  threshold: 5\n", vec!["`threshold` is for profile `custom` only", "hint:"]),
        ("  profile: acro\n  rounding: 5\n", vec!["`rounding` is for profile `custom` only", "hint:"]),
        ("  profile: custom\n", vec!["profile `custom` needs a `threshold`", "hint:"]),
        ("  profile: custom\n  threshold: 5\n  rounding: 0\n", vec!["cannot round to multiples of 0"]),
        ("  profile: custom\n  threshold: 5\n  zeros: gone\n", vec!["unknown choice `gone`"]),
        ("  profile: custom\n  threshold: 5\n  largest_two: 90\n", vec!["`largest_two` is 90, not between 0 and 1"]),
        ("  profile: gpps\n  units: [hospital]\n", vec!["unknown choice `hospital`"]),
        ("  profile: gpps\n  previous: maybe\n", vec!["unknown choice `maybe`"]),
        ("  profile: gpps\n  exceptions: { table.main: \" \" }\n", vec!["an exception has no reason", "hint:"]),
        ("  profile: gpps\n  exemptions: {}\n", vec!["unknown field `exemptions`", "did you mean `exceptions`?"]),
    ];
    for (text, mut words) in bad {
        let study = Study::new();
        study.edit("config.yaml", PROFILE, text);
        words.push("config.yaml:");
        study.fails_with(&words);
    }
}

#[test]
fn an_exception_for_no_output_is_refused_and_one_for_an_output_is_kept() {
    let study = Study::new();
    study.edit("config.yaml", PROFILE, "  profile: gpps\n  exceptions: { table.mian: checked }\n");
    study.fails_with(&["`table.mian`, which is no output", "did you mean `table.main`?"]);
    study.edit("config.yaml", "table.mian: checked", "table.main: checked by the output checker");
    let folder = run(&study);
    let json = json(&folder.join("disclosure.json"));
    let outputs = json["outputs"].as_array().unwrap();
    let main = outputs.iter().find(|output| output["output"] == "table.main").unwrap();
    assert_eq!(main["exception"], "checked by the output checker");
}

/// Runs the study; the new version's folder.
fn run(study: &Study) -> PathBuf {
    let ran = crate::study::offprint(study.path(), &["run", "--quiet"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    study.path().join(String::from_utf8(ran.stdout).unwrap().trim())
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The counts of people in a folder's CSV files that are large enough to be told from other numbers.
fn counts(folder: &Path) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    for (path, bytes) in crate::study::tree(folder) {
        if path.extension().is_none_or(|e| e != "csv") || path.ends_with("disclosure.csv") {
            continue;
        }
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().unwrap().clone();
        for row in reader.records().map(Result::unwrap) {
            for (name, cell) in header.iter().zip(&row) {
                if offprint::report::is_count(name) {
                    found.extend(cell.parse::<u64>().ok().filter(|n| *n >= 1000));
                }
            }
        }
    }
    found
}

/// Whole numbers of four digits and more in a text, with commas or without; decimals and hashes are none.
fn whole_numbers(text: &str) -> BTreeSet<u64> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, ',' | '.' | '#' | '_');
    let words = text.split(|c: char| !inside(c)).map(|word| word.trim_end_matches(['.', ',']));
    words.filter_map(|word| word.split(',').collect::<String>().parse().ok()).filter(|n| *n >= 1000).collect()
}

/// No route leads around the gate: what counts there are without a regime are printed nowhere, in no file
/// and no form, by a regime that rounds.
#[test]
fn an_exact_count_is_in_no_file_of_a_rounded_report() {
    let study = Study::new();
    study.edit("config.yaml", PROFILE, "  profile: none\n");
    let exact: BTreeSet<u64> = counts(&run(&study)).into_iter().filter(|n| n % 5 != 0).collect();
    assert!(exact.len() > 200, "{} exact counts", exact.len());
    for profile in ["nhs-digital", "opensafely"] {
        let from = if profile == "nhs-digital" { "none" } else { "nhs-digital" };
        study.edit("config.yaml", &format!("  profile: {from}\n"), &format!("  profile: {profile}\n"));
        let folder = run(&study);
        assert!(counts(&folder).iter().all(|n| n % 5 == 0), "{profile}");
        for (path, bytes) in crate::study::tree(&folder) {
            // Manifest and crate have numbers of bytes; the workbook is packed, and made from the tables' cells.
            if ["manifest.json", "ro-crate-metadata.json", "tables.xlsx"].iter().any(|name| path.ends_with(name)) {
                continue;
            }
            // Rows of input files that hold no people are not rounded away by chance: bytes are no counts.
            let text = String::from_utf8(bytes).unwrap();
            // Amounts of posts count nobody, and may be as large as a count by chance.
            let amount = |c: char| c.is_ascii_digit() || c == ',';
            let text: String = text.split(" FTE").map(|part| part.trim_end_matches(amount)).collect();
            let text: String = text.split(" in post ").map(|part| part.trim_start_matches(amount)).collect();
            let told: Vec<u64> = whole_numbers(&text).intersection(&exact).copied().collect();
            assert!(told.is_empty(), "{profile}: {} tells {told:?}", path.display());
        }
        let status = json(&folder.join("disclosure.json"));
        assert_ne!(status["status"], "fail", "{profile}");
        assert_eq!(status["profile"], profile);
    }
}

/// Every regime's report reproduces, its papers among the files.
#[test]
fn a_report_under_each_regime_verifies() {
    let study = Study::new();
    let mut from = "gpps".to_string();
    for profile in ["opensafely", "acro"] {
        study.edit("config.yaml", &format!("  profile: {from}\n"), &format!("  profile: {profile}\n"));
        from = profile.to_string();
        let folder = run(&study);
        let verified = crate::study::offprint(study.path(), &["verify", folder.to_str().unwrap(), "--quiet"]);
        assert!(verified.status.success(), "{profile}: {}", String::from_utf8_lossy(&verified.stdout));
    }
}

#[test]
fn a_second_version_is_looked_at_beside_the_first() {
    let study = Study::new();
    // Four responses fewer in one wave.
    let path = "survey/gpps_2022.csv";
    let text = study.text(path);
    let kept: Vec<&str> = text.lines().collect();
    std::fs::write(study.file(path), kept[..kept.len() - 4].join("\n") + "\n").unwrap();
    let folder = run(&study);
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let beside = json(&folder.with_file_name(format!("{name}.previous.json")));
    assert_eq!(beside["status"], "review");
    let flags = beside["flags"].as_array().unwrap();
    let received = flags.iter().any(|flag| {
        flag["file"] == "flow.csv"
            && flag["row"] == "confidence / 2022 / received / "
            && flag["why"] == "small_difference"
    });
    assert!(received, "{flags:?}");
    // What is beside it is no part of the version: it verifies, and a second run changes nothing.
    let before = crate::study::tree(&folder);
    assert_eq!(run(&study), folder);
    assert_eq!(crate::study::tree(&folder), before);
    std::fs::write(study.file(path), kept[..kept.len() - 8].join("\n") + "\n").unwrap();
    study.edit("config.yaml", PROFILE, "  profile: gpps\n  previous: refuse\n");
    study.fails_with(&["together tell a small number of people", "hint:"]);
}
