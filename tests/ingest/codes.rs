//! Codes named in the config against codes in the data.

use offprint::config::CovariateKind;
use offprint::ingest::check_codes;

use super::support::{Study, problems, says};

fn checked(study: &Study) -> String {
    let (survey, _) = study.survey().unwrap();
    problems(check_codes(&study.config, &survey)).to_string()
}

#[test]
fn codes_that_never_occur() {
    let mut study = Study::new();
    study.config.outcomes[0].failure.push(7);
    says(
        &checked(&study),
        &[
            "code 7 of item `Q28` never occurs in the data; codes present: -3, 1, 2, 3, 4, 5",
            "outcome `experience` names it",
        ],
    );
    let mut study = Study::new();
    let CovariateKind::Item { levels, .. } = &mut study.config.covariates[0].kind else { panic!() };
    levels[1].1.push(4);
    says(
        &checked(&study),
        &["code 4 of item `Q112` never occurs in the data; codes present: -3, 1, 2", "covariate `sex` names it"],
    );
    let mut study = Study::new();
    study.config.outcomes[1].base[0].1 = vec![9];
    says(&checked(&study), &["code 9 of item `LTC` never occurs", "the base of outcome `managing`"]);
}

#[test]
fn codes_that_nobody_names() {
    let mut study = Study::new();
    study.config.outcomes[1].left_out.clear();
    says(&checked(&study), &["code 5 of item `Q94` occurs 1 time, but outcome `managing` does not say what it means"]);
    let mut study = Study::new();
    study.config.inputs.survey.missing.clear();
    let message = checked(&study);
    says(
        &message,
        &[
            "code -3 of item `Q28` occurs 1 time",
            "code -5 of item `Q94`",
            "code -3 of item `Q112`",
            "`missing` of the survey",
        ],
    );
    let study = Study::with("s21.csv", "practice_code,Q28,Q94,LTC,Q112\nA1,4,2,1,5\nC1,5,4,1,5\n");
    says(&checked(&study), &["code 5 of item `Q112` occurs 2 times, but covariate `sex` does not say what it means"]);
}

#[test]
fn only_waves_that_use_an_item_are_looked_at() {
    // Another wave may use the same name for another question.
    let mut study = Study::with("s21.csv", "practice_code,Q28,Q94,LTC,Q112\nA1,77,2,1,1\nC1,78,4,1,2\n");
    let message = checked(&study);
    says(&message, &["code 77 of item `Q28` occurs 1 time"]);
    study.config.outcomes[0].items[1] = None;
    study.config.outcomes[0].failure = vec![3];
    let (survey, _) = study.survey().unwrap();
    check_codes(&study.config, &survey).unwrap();
}

#[test]
fn outcomes_with_one_value() {
    let study = Study::with("s20.csv", "practice_code,Q28,Q94,LTC,Q112\nA1,1,1,1,1\nA1,2,3,2,2\nA1,3,5,2,1\n");
    study.write("s21.csv", "practice_code,Q28,Q94,LTC,Q112\nA1,4,2,1,1\nA1,5,4,2,1\n");
    // The failures of `managing` stand outside its base.
    says(&checked(&study), &["outcome `managing` has one value only: all 2 usable answers are successes", "code book"]);
    let mut study = study;
    study.config.outcomes[1].base[0].1 = vec![2];
    says(&checked(&study), &["outcome `managing` has one value only: all 2 usable answers are failures"]);
}

#[test]
fn counts_weigh_and_absent_items_are_named() {
    let mut study = Study::new();
    let (mut survey, _) = study.survey().unwrap();
    survey.count = Some(vec![10; 6]);
    study.config.outcomes[1].left_out.clear();
    says(&problems(check_codes(&study.config, &survey)).to_string(), &["code 5 of item `Q94` occurs 10 times"]);
    survey.items.retain(|item| item.name != "Q112");
    says(
        &problems(check_codes(&study.config, &survey)).to_string(),
        &["covariate `sex` has no data: item `Q112` is empty"],
    );
}
