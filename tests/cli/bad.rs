//! Each bad input: exit status 2, what, where, hint; nothing filed, earlier versions untouched.

use crate::study::{Study, offprint};
use std::path::Path;

const SURVEY: &str = "survey/gpps_2022.csv";
const PAYMENTS: &str = "payments/payments_21-22.csv";

/// Path of the workforce file of a census.
fn census(study: &Study, census: &str) -> String {
    let (year, month) = census.split_once('-').unwrap();
    let month: u32 = month.parse().unwrap();
    for entry in std::fs::read_dir(study.file("workforce")).unwrap().map(Result::unwrap) {
        let path = format!("workforce/{}", entry.file_name().to_string_lossy());
        if study.text(&path).lines().nth(1).unwrap().contains(&format!("{year},{month},")) {
            return path;
        }
    }
    panic!("no file for census {census}");
}

/// First data row whose amount counts, and its line.
fn counting_row(study: &Study, path: &str) -> (usize, String) {
    let row = study.text(path).lines().position(|line| line.contains("Social Prescribing Link Workers")).unwrap();
    (row, format!("line {}", row + 1))
}

#[test]
fn unknown_config_key() {
    let study = Study::new();
    study.edit("config.yaml", "  per: 50000", "  pro: 50000");
    study.fails_with(&["unknown field `pro`", "config.yaml:", "did you mean `per`?"]);
}

#[test]
fn wrong_type() {
    let study = Study::new();
    study.edit("config.yaml", "  per: 50000", "  per: [1]");
    study.fails_with(&["invalid type", "expected f64", "config.yaml:"]);
}

#[test]
fn code_that_never_occurs() {
    let study = Study::new();
    study.edit("config.yaml", "      Other: [8]", "      Other: [8, 88]");
    study.fails_with(&["88", "Q50", "never occurs", "hint:"]);
}

#[test]
fn missing_file() {
    let study = Study::new();
    std::fs::remove_file(study.file(SURVEY)).unwrap();
    study.fails_with(&[SURVEY, "hint:"]);
}

#[test]
fn glob_that_matches_nothing() {
    let study = Study::new();
    study.edit("config.yaml", "workforce/*.csv", "workforce/*.tsv");
    study.fails_with(&["workforce/*.tsv", "hint:"]);
}

#[test]
fn missing_column_names_the_nearest() {
    let study = Study::new();
    study.edit(SURVEY, "Q94", "Q49");
    study.fails_with(&["Q94", SURVEY, ":1", "present:"]);
    let study = Study::new();
    study.edit(
        "config.yaml",
        "patients: Number of Registered Patients (Last Known Figure)",
        "patients: Number of Registered Pateints (Last Known Figure)",
    );
    study.fails_with(&["Pateints", "did you mean `Number of Registered Patients (Last Known Figure)`?"]);
}

#[test]
fn text_in_a_number_column() {
    let study = Study::new();
    study.set(PAYMENTS, 3, "Number of Registered Patients (Last Known Figure)", "many");
    study.fails_with(&["`many`", PAYMENTS, ":4"]);
    let study = Study::new();
    study.set(SURVEY, 7, "Q28", "x");
    study.fails_with(&["`x`", SURVEY, ":8"]);
}

#[test]
fn negative_and_absurd_amounts() {
    let study = Study::new();
    let path = census(&study, "2021-12");
    let (row, line) = counting_row(&study, &path);
    study.set(&path, row, "FTE", "-0.5");
    study.fails_with(&["FTE", "negative", &line]);
    let study = Study::new();
    study.set(&path, row, "FTE", "37.5");
    study.fails_with(&["FTE", "37.5", &line]);
}

#[test]
fn the_same_census_twice() {
    let study = Study::new();
    let path = census(&study, "2021-12");
    std::fs::copy(study.file(&path), study.file("workforce/zz copy.csv")).unwrap();
    study.fails_with(&["2021-12", "zz copy.csv", &path]);
}

#[test]
fn a_practice_in_two_clusters() {
    let study = Study::new();
    let text = study.text(PAYMENTS);
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|h| h.ends_with(name)).unwrap();
    let row: Vec<&str> = text.lines().nth(1).unwrap().split(',').collect();
    study.set(PAYMENTS, 2, "Practice Code", row[at("Practice Code")]);
    study.fails_with(&[row[at("Practice Code")], PAYMENTS]);
}

#[test]
fn a_wave_without_a_census() {
    let study = Study::new();
    study.edit("config.yaml", ", 2023: 2022-12 }", " }");
    study.fails_with(&["wave 2023 has no census", "config.yaml:"]);
    let study = Study::new();
    study.edit("config.yaml", "2023: 2022-12 }", "2023: 2022-11 }");
    study.fails_with(&["wave 2023 takes census 2022-11", "hint:"]);
}

#[test]
fn less_than_half_linked() {
    let study = Study::new();
    for year in ["19-20", "20-21", "21-22", "22-23"] {
        let path = format!("payments/payments_{year}.csv");
        let text = study.text(&path).replace("A8", "B8");
        std::fs::write(study.file(&path), text.chars().map(|c| c as u8).collect::<Vec<u8>>()).unwrap();
    }
    study.fails_with(&["responses", "practice file", "hint:", "A8", "B8"]);
}

#[test]
fn invalid_bytes_for_the_encoding() {
    let study = Study::new();
    let mut bytes = std::fs::read(study.file(PAYMENTS)).unwrap();
    let at = bytes.windows(9).position(|w| w == b"Simulated").unwrap();
    bytes[at] = 0x96;
    std::fs::write(study.file(PAYMENTS), bytes).unwrap();
    study.fails_with(&[PAYMENTS, "UTF-8", "windows-1252"]);
}

#[test]
fn truncated_parquet_and_empty_files() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = folder.path().join("s");
    let made = offprint(root, &["simulate", target.to_str().unwrap(), "--size", "small", "--form", "parquet"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let path = target.join("survey/gpps_2022.parquet");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let ran = offprint(&target, &["run"]);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2), "{told}");
    assert!(told.contains("gpps_2022.parquet") && told.contains("hint:"), "{told}");
    let filed = std::fs::read_dir(target.join("output")).into_iter().flatten().flatten();
    assert!(filed.filter(|entry| entry.path().is_dir()).count() == 0, "something was filed");

    let study = Study::new();
    std::fs::write(study.file(SURVEY), "").unwrap();
    study.fails_with(&[SURVEY, "empty"]);
}

#[test]
fn an_outcome_with_one_value_only() {
    let study = Study::new();
    study.edit("config.yaml", "    success: [1]\n    failure: [0]", "    success: [1, 0]\n    failure: [7]");
    study.fails_with(&["Q91_3", "7", "never occurs"]);
    let study = Study::new();
    for year in 2018..=2023 {
        let path = format!("survey/gpps_{year}.csv");
        let text = study.text(&path);
        let at = text.lines().next().unwrap().trim_end().split(',').position(|h| h == "Q91_3").unwrap();
        let rows = text.lines().enumerate().map(|(line, row)| {
            let mut fields: Vec<&str> = row.trim_end().split(',').collect();
            if line > 0 && fields[at] == "1" {
                fields[at] = "0";
            }
            fields.join(",")
        });
        std::fs::write(study.file(&path), rows.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    }
    study.edit("config.yaml", "    success: [1]\n    failure: [0]", "    success: [0]\n    failure: [0]");
    study.fails_with(&["isolation", "code 0 is in"]);
}

#[test]
fn a_covariate_that_is_collinear_with_the_absorbed_effect() {
    let study = Study::new();
    study.edit("config.yaml", "covariates: [age, gender, ethnicity, imd, work, carer]", "covariates: [age, rurality]");
    study.fails_with(&["`rurality` is constant within a practice", "config.yaml:", "hint:"]);
    // One year of scores on file: constant within a practice, which only the data can tell.
    let study = Study::new();
    study.edit(
        "config.yaml",
        "covariates: [age, gender, ethnicity, imd, work, carer]",
        "covariates: [age, practice_imd]",
    );
    let path = "deprivation/fingertips_93553_imd_practice.csv";
    let text = study.text(path);
    let kept: Vec<&str> =
        text.lines().enumerate().filter(|(at, row)| *at == 0 || row.contains(",2019,")).map(|(_, row)| row).collect();
    std::fs::write(study.file(path), kept.join("\n").chars().map(|c| c as u32 as u8).collect::<Vec<u8>>()).unwrap();
    study.fails_with(&["practice_imd", "does not vary within", "practice", "hint:"]);
}

#[test]
fn template_syntax_and_names() {
    let study = Study::new();
    let text = std::fs::read_to_string(study.file("templates/report.md.j2")).unwrap();
    std::fs::write(study.file("templates/report.md.j2"), format!("{text}\n{{% if %}}\n")).unwrap();
    study.fails_with(&["templates/report.md.j2", &format!(":{}", text.lines().count() + 2)]);
    let study = Study::new();
    std::fs::write(study.file("templates/report.md.j2"), format!("{text}\n{{{{ facts.responzes }}}}\n")).unwrap();
    study.fails_with(&["templates/report.md.j2", "responzes", "did you mean"]);
}

#[test]
fn an_output_folder_that_cannot_be_written() {
    let study = Study::new();
    std::fs::write(study.file("taken"), "a file").unwrap();
    let ran = study.run(&["run", "--output", "taken"]);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2), "{told}");
    assert!(told.starts_with("error: ") && told.contains("taken"), "{told}");
    assert_eq!(std::fs::read(study.file("taken")).unwrap(), b"a file");
}

#[test]
fn bad_flags() {
    let study = Study::new();
    for args in
        [&["run", "--threads", "0"][..], &["run", "--config", "nowhere.yaml"], &["fly"], &["run", "--data", "nowhere"]]
    {
        let ran = study.run(args);
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.starts_with("error: "), "{told}");
    }
}

#[test]
fn check_lists_everything_at_once() {
    let study = Study::new();
    study.set(PAYMENTS, 3, "Number of Registered Patients (Last Known Figure)", "many");
    std::fs::remove_file(study.file(SURVEY)).unwrap();
    let path = census(&study, "2020-12");
    let (row, _) = counting_row(&study, &path);
    study.set(&path, row, "FTE", "-1");
    let text = std::fs::read_to_string(study.file("templates/report.md.j2")).unwrap();
    std::fs::write(study.file("templates/report.md.j2"), format!("{text}\n{{{{ nonsense }}}}\n")).unwrap();
    let ran = study.run(&["check"]);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2), "{told}");
    for fragment in ["`many`", SURVEY, "negative", "nonsense"] {
        assert!(told.contains(fragment), "`{fragment}` is not in:\n{told}");
    }
    assert!(told.matches("error: ").count() >= 4, "{told}");
}
