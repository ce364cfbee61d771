//! Models chosen by config: what the report calls them, and what the terminal hears of them.

use crate::study::Study;
use std::path::PathBuf;

fn filed(study: &Study, args: &[&str]) -> (PathBuf, String) {
    let ran = study.run(args);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{told}");
    (study.file(String::from_utf8(ran.stdout).unwrap().trim()), told)
}

#[test]
fn a_linear_study_speaks_of_percentage_points_only() {
    let study = Study::new();
    study
        .edit("config.yaml", "    family: logit  ", "    family: linear ")
        .edit("config.yaml", "  published: { number: \"7\", title: This run beside the printed paper }\n", "")
        .edit("config.yaml", "title: Odds ratios beside the printed ones", "title: Effects")
        .edit("config.yaml", "  power: { number: S8, title: Power and coverage in small simulated studies }\n", "");
    let (folder, _) = filed(&study, &["run"]);
    let text = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let whole = text("report.md");
    // The version before spoke of odds ratios, and the comparison with it must.
    let (before, after) = whole.split_once("### What changed since the previous version").unwrap();
    let report = [before, after.split_once("\n## ").unwrap().1].concat();
    // That there is no odds ratio may be said.
    let said = |line: &str| line.contains("printed odds") || line.contains("there is no odds ratio");
    let wrong = report.lines().filter(|line| line.to_lowercase().contains("odds") && !said(line));
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(report.contains("linear probability model"));
    for path in ["results.csv", "tables/main.csv", "tables/variants.csv", "tables/tests.csv", "figures/forest.svg"] {
        // That there is no odds ratio may be said.
        let whole = text(path).to_lowercase();
        let lines = whole.lines().filter(|line| !line.contains("only a logistic model has odds ratios") && !said(line));
        assert_eq!(lines.filter(|line| line.contains("odds")).collect::<Vec<_>>(), Vec::<&str>::new(), "{path}");
    }
    assert!(text("figures/forest.svg").contains("Percentage points per 1 FTE"));
    assert!(text("models.csv").lines().skip(1).all(|row| row.split(',').nth(2) == Some("linear")));
}

#[test]
fn what_a_fit_warns_of_is_heard_in_the_terminal_and_read_in_the_report() {
    let study = Study::new();
    // Responses of many practices, so that some of them are analysed.
    let text = study.text("survey/gpps_2022.csv");
    let heavy = |(at, line): (usize, &str)| {
        let fields: Vec<&str> = line.split(',').collect();
        if at > 0 && at.is_multiple_of(200) {
            [&[fields[0], "900"], &fields[2..]].concat().join(",")
        } else {
            line.to_string()
        }
    };
    let lines: Vec<String> = text.lines().enumerate().map(heavy).collect();
    std::fs::write(study.file("survey/gpps_2022.csv"), lines.join("\n") + "\n").unwrap();
    let (folder, told) = filed(&study, &["run"]);
    assert!(told.contains("warning: model `weighted` of outcome `"), "{told}");
    assert!(told.contains("extreme weights: the largest is"), "{told}");
    assert!(told.lines().all(|line| line.starts_with("warning: ")), "{told}");
    let report = std::fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(report.contains("**What the fits warn of.** Survey weights, "), "no warning among the limits");
    assert!(report.contains("Warning: extreme weights: the largest is"), "no warning under the table");
    let models = std::fs::read_to_string(folder.join("models.csv")).unwrap();
    assert!(models.contains("extreme weights: the largest is"));
    let (_, quiet) = filed(&study, &["run", "--quiet"]);
    assert!(quiet.is_empty(), "{quiet}");
}

#[test]
fn a_table_without_anything_to_show_is_named() {
    let study = Study::new();
    study
        .edit("config.yaml", "    contrasts:  ", "    # contrasts:  ")
        .edit("config.yaml", "      no_exposure: {", "      # no_exposure: {")
        .edit("config.yaml", "models.main.contrasts.no_exposure", "models.main.errors");
    study.fails_with(&["table `contrasts` has no contrast to show", "models.main.contrasts"]);
}
