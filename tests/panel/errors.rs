//! What stops the panel, in words.

use crate::support::{Study, on_file, row};
use offprint::config::Census;

fn refused(study: &Study) -> String {
    study.build().unwrap_err().to_string()
}

#[test]
fn too_few_linked() {
    let mut study = Study::new().elsewhere().answers(&["P-1", "P-2", "A1"]);
    study.practices = vec![on_file(2, "A1", "X", 1.0), on_file(2, "P1", "X", 1.0), on_file(2, "P2", "X", 1.0)];
    study.config.linkage.minimum_linked = 0.5;
    let text = refused(&study);
    for part in [
        "only 2 of 6 responses of wave 2018 (33.3 %) have a practice that is on a practice file, expected at least 50 %",
        "practice codes look like `P-1` in the survey and `A1` in the practice files",
        "check the column maps, or lower `linkage.minimum_linked`",
    ] {
        assert!(text.contains(part), "{text}");
    }
    study.config.linkage.minimum_linked = 1.0 / 3.0;
    // Now only the returns, which are of another cluster, are refused.
    let text = refused(&study);
    assert!(!text.contains("have a practice") && text.contains("codes look like `ELSEWHERE` in the returns"), "{text}");
    // Counted by responses, not by rows.
    study.counted = true;
    study.rows.iter_mut().filter(|row| row.practice == "P-1").for_each(|row| row.count = 3);
    assert!(refused(&study).contains("only 2 of 10 responses of wave 2018 (20.0 %)"));
    study.rows.clear();
    assert!(refused(&study).contains("the survey files hold no responses"));
}

#[test]
fn a_census_that_no_file_has() {
    let mut study = Study::new().elsewhere().answers(&["P"]);
    study.practices = vec![on_file(2, "P", "X", 1.0)];
    study.config.exposure.census_for_wave[3] = Some(Census { year: 2020, month: 11 });
    study.config.exposure.census_for_wave[4] = Some(Census { year: 2031, month: 12 });
    let text = refused(&study);
    assert!(text.contains("wave 2021 takes census 2020-11, which is in no workforce file"), "{text}");
    assert!(text.contains("did you mean `2020-12`? present: `2020-12`, `2021-12`, `2022-12`"), "{text}");
    assert!(text.contains("wave 2022 takes census 2031-12"), "all at once: {text}");
}

#[test]
fn an_outcome_with_one_value() {
    let mut study = Study::new().elsewhere();
    study.practices = vec![on_file(2, "P", "X", 1.0)];
    let both = |confident, isolated| row("P", 0, &[("Q30_recoded", 1), ("Q94", confident), ("Q91_3", isolated)]);
    study.rows = vec![both(1, 0), both(2, 0), both(1, 0), row("P", 0, &[("Q30_recoded", 2), ("Q94", 4), ("Q91_3", 0)])];
    let text = refused(&study);
    assert!(text.contains("outcome `confidence` has one value only: 3 successes, 0 failures"), "{text}");
    assert!(text.contains("outcome `isolation` has one value only: 0 successes, 4 failures"), "{text}");
    study.rows.push(both(3, 1));
    assert!(study.build().is_ok());
}

#[test]
fn a_code_without_a_meaning_even_on_a_row_of_nobody() {
    let mut study = Study::new().elsewhere().answers(&["P"]);
    study.practices = vec![on_file(2, "P", "X", 1.0)];
    study.rows.push(row("P", 0, &[("Q91_3", 77)]));
    assert!(
        refused(&study).contains("1 responses of outcome `isolation` have a code that the config does not mention")
    );
    study.counted = true;
    study.rows.last_mut().unwrap().count = 0;
    assert!(refused(&study).contains("does not mention"));
}
