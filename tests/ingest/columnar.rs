//! SPSS and Parquet files, written by ReadStat and Arrow (tests/fixtures/make_sav.py).

use std::path::PathBuf;

use offprint::ingest::Survey;

use super::support::{Study, problems, says};

/// The fixtures' rows; the empty answer is system-missing or null in them.
const SURVEY: &str =
    "practice_code,Q28,Q94,LTC,Q112,wt_new\nB1,1,1,1,1,0.5\nA1,3,3,1,2,1.25\nA1,,5,1,1,2\nA1,2,-5,2,2,1\n";

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// A study of one wave read from one file.
fn study(name: &str, bytes: &[u8]) -> Study {
    let mut study = Study::with(name, bytes);
    let files = &mut study.config.inputs.survey.files;
    files.truncate(1);
    files[0].path = name.to_owned();
    files[0].weight = Some("wt_new".to_owned());
    study
}

fn read(name: &str) -> (Survey, Vec<String>) {
    let bytes = if name.ends_with("csv") { SURVEY.as_bytes().to_vec() } else { fixture(name) };
    let (survey, records) = study(name, &bytes).survey().unwrap();
    assert_eq!(records[0].sha256, offprint::files::sha256_hex(&bytes));
    assert_eq!((records[0].bytes, records[0].rows), (bytes.len() as u64, 4));
    (survey, records[0].notes.clone())
}

const FIXTURES: [&str; 5] =
    ["survey.sav", "survey_compressed.sav", "survey.zsav", "survey_zstd.parquet", "survey_groups.parquet"];

#[test]
fn every_format_gives_what_the_text_gives() {
    let (text, notes) = read("same.csv");
    assert_eq!(text.weight.as_deref(), Some(&[0.5, 1.25, 2.0, 1.0][..]));
    assert_eq!(notes, ["1 empty answer taken as code -3"]);
    for name in FIXTURES {
        let (survey, notes) = read(name);
        assert_eq!(survey, text, "{name}");
        says(&notes.join("; "), &["1 empty answer taken as code -3"]);
        assert_eq!(notes.join("; ").contains("system-missing"), name.ends_with("sav"), "{name}");
    }
}

#[test]
fn cut_files_are_refused() {
    for name in FIXTURES {
        let bytes = fixture(name);
        for keep in [bytes.len() - 1, bytes.len() - 9, bytes.len() * 2 / 3, bytes.len() / 2, 100, 4, 1] {
            let study = study(name, &bytes[..keep]);
            let message = problems(study.survey()).to_string();
            says(&message, &[&format!("`{name}` is damaged or not what its ending says"), "copy the file again"]);
        }
    }
}

#[test]
fn a_header_that_lies_about_its_rows_is_refused() {
    let mut bytes = fixture("survey.sav");
    // Number of cases: bytes 80 to 83 of the header.
    assert_eq!(bytes[80..84], 4_i32.to_le_bytes());
    bytes[80..84].copy_from_slice(&5_i32.to_le_bytes());
    let message = problems(study("survey.sav", &bytes).survey()).to_string();
    says(&message, &["it says it has 5 rows and holds 4"]);
}

#[test]
fn columns_that_cannot_be_codes() {
    let bytes = fixture("survey.sav");
    let mut study_ = study("survey.sav", &bytes);
    study_.config.outcomes[0].items[0] = Some("wt_new".into());
    says(
        &problems(study_.survey()).to_string(),
        &["column `wt_new` in `survey.sav` has 2 values that are not whole numbers (first at row 1: `0.5`)"],
    );
    study_.config.outcomes[0].items[0] = Some("comment".into());
    says(
        &problems(study_.survey()).to_string(),
        &["column `comment` in `survey.sav` has 4 values that are not whole numbers"],
    );
    study_.config.outcomes[0].items[0] = Some("Q29".into());
    says(&problems(study_.survey()).to_string(), &["no column `Q29` in `survey.sav`", "did you mean `Q28`?"]);
    let mut study = study("lists.parquet", &fixture("lists.parquet"));
    study.config.outcomes.truncate(1);
    study.config.covariates.clear();
    study.config.inputs.survey.files[0].weight = None;
    study.config.outcomes[0].items[0] = Some("Q28.list.element".into());
    says(&problems(study.survey()).to_string(), &["column `Q28.list.element` holds lists"]);
}

#[test]
fn text_under_the_name_of_another_format() {
    for name in ["a.parquet", "a.sav"] {
        says(
            &problems(study(name, SURVEY.as_bytes()).survey()).to_string(),
            &["is damaged or not what its ending says"],
        );
    }
}
