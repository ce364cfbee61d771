//! Whatever the bytes, reading ends in a value or an error.

use std::path::PathBuf;

use offprint::config::{OutcomeCounts, SurveyReader};
use proptest::prelude::{ProptestConfig, any, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};

use super::support::Study;

/// `OFFPRINT_FUZZ` sets the number of cases, for a longer hunt.
fn cases(cases: u32) -> ProptestConfig {
    let cases = std::env::var("OFFPRINT_FUZZ").ok().and_then(|text| text.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Bytes that look like a table more often than chance has it.
fn csv_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"practice_code,Q28,Q94,LTC,Q112\n".to_vec()),
        Just(b"YEAR,MONTH,PCN,PCN_NAME,ICB,ICB_NAME,ROLE,FTE\r\n".to_vec()),
        Just(b"A1,1,2,1,1\n".to_vec()),
        Just(b"2020,12,U1,a,b,c,Navigator,1e9\n".to_vec()),
        Just(b"\"".to_vec()),
        Just(b",".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"-".to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    proptest::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// Reads the bytes as every kind of text file; the results do not matter.
fn read_as_everything(bytes: &[u8]) {
    let mut study = Study::new();
    for path in ["s20.csv", "work/2020.csv", "p20.csv", "imd.csv", "sizes.csv"] {
        study.write(path, bytes);
    }
    drop(study.read());
    study.config.inputs.survey.reader = SurveyReader::Practice;
    let counts = OutcomeCounts { success: vec!["Q94".into()], base: "Q28".into() };
    study.config.outcomes.iter_mut().for_each(|outcome| outcome.counts = Some(counts.clone()));
    drop(study.survey());
}

/// A good file with some bytes changed, and cut.
fn damaged(name: &str, changes: &[(usize, u8)], keep: usize) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let mut bytes = std::fs::read(path).unwrap();
    let length = bytes.len();
    for (at, value) in changes {
        bytes[at % length] = *value;
    }
    bytes.truncate(length - keep % 8);
    let mut study = Study::with(name, &bytes);
    study.config.inputs.survey.files[0].path = name.to_owned();
    drop(study.survey());
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn text(bytes in csv_like()) {
        read_as_everything(&bytes);
    }

    #[test]
    fn noise(bytes in proptest::collection::vec(any::<u8>(), 0..400), ending in "(csv|parquet|sav|zsav)") {
        let name = format!("noise.{ending}");
        let mut study = Study::with(&name, &bytes);
        study.config.inputs.survey.files[0].path = name;
        assert!(study.survey().is_err(), "four columns do not come out of noise");
    }

    #[test]
    fn damaged_parquet(changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..4), keep in any::<usize>()) {
        damaged("survey_zstd.parquet", &changes, keep);
        damaged("survey_groups.parquet", &changes, 0);
    }

    #[test]
    fn damaged_sav(changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..4), keep in any::<usize>()) {
        damaged("survey.sav", &changes, keep);
        damaged("survey_compressed.sav", &changes, keep);
        damaged("survey.zsav", &changes, 0);
    }
}
