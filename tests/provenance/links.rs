//! Every link of every page of a version leads to a file of the folder, and to a place that is there.

use crate::support::{class_size, edit, run, survey, text};
use std::path::Path;

/// Targets of links in Markdown and HTML that are not addresses of the web.
fn targets(text: &str) -> Vec<String> {
    let cut = |opening: &str, closing: char| -> Vec<String> {
        text.split(opening).skip(1).filter_map(|rest| rest.split(closing).next()).map(str::to_string).collect()
    };
    let all = [cut("](", ')'), cut(" href=\"", '"'), cut(" src=\"", '"')].concat();
    all.into_iter().filter(|target| !target.starts_with("http") && !target.starts_with("data:")).collect()
}

fn check(folder: &Path) -> usize {
    let mut seen = 0;
    for page in ["report.md", "report.html", "REPRODUCE.md", "checklists.md", "changes.md"] {
        if !folder.join(page).is_file() {
            assert_eq!(page, "changes.md", "{page} is missing");
            continue;
        }
        for target in targets(&text(folder.join(page))) {
            seen += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = if file.is_empty() { page } else { file };
            assert!(folder.join(file).is_file(), "{page} links to {target}, and there is no {file}");
            if !anchor.is_empty() {
                let there = text(folder.join(file)).contains(&format!(" id=\"{anchor}\""));
                assert!(there, "{page} links to {target}, and {file} has no such place");
            }
        }
    }
    seen
}

#[test]
fn every_link_of_a_survey_leads_somewhere() {
    assert!(check(&survey().1) > 90);
}

#[test]
fn every_link_of_a_dataset_leads_somewhere_also_after_a_change() {
    let study = class_size();
    assert!(check(&run(study.path(), &[])) > 30);
    edit(&study.path().join("config.yaml"), "terms: [elpct]", "terms: [mealpct]");
    edit(
        &study.path().join("config.yaml"),
        "    - { model: main, outcome: score, term: elpct, coefficient: -0.650, std_error: 0.031, digits: 3 }\n",
        "",
    );
    let second = run(study.path(), &[]);
    assert!(second.join("changes.md").is_file());
    check(&second);
}

#[test]
fn a_link_that_leads_nowhere_would_be_found() {
    let folder = tempfile::tempdir().unwrap();
    for page in ["report.md", "report.html", "REPRODUCE.md", "checklists.md"] {
        std::fs::write(folder.path().join(page), "[x](report.html#nowhere)").unwrap();
    }
    assert!(std::panic::catch_unwind(|| check(folder.path())).is_err());
}

#[test]
fn the_checklists_have_every_item_and_say_what_is_missing() {
    let rows = crate::support::rows(survey().1.join("checklists.csv"));
    let numbers =
        |list: &str| -> Vec<String> { rows.iter().filter(|row| row[0] == list).map(|row| row[1].clone()).collect() };
    let strobe = numbers("STROBE");
    let mut tops: Vec<u32> = strobe.iter().map(|n| n.trim_end_matches(char::is_alphabetic).parse().unwrap()).collect();
    tops.dedup();
    assert_eq!(tops, (1..=22).collect::<Vec<_>>(), "STROBE has 22 items");
    let record = ["1.1", "1.2", "1.3", "6.1", "6.2", "6.3", "7.1", "12.1", "12.2", "12.3", "13.1", "19.1", "22.1"];
    assert_eq!(numbers("RECORD"), record);
    for row in rows.iter().skip(1) {
        let (status, place, stated) = (&row[4], &row[5], &row[6]);
        assert_eq!(status == "author to supply", place.is_empty() && stated.is_empty(), "{row:?}");
    }
    let funding = rows.iter().find(|row| row[0] == "STROBE" && row[1] == "22").unwrap();
    assert_eq!(funding[4], "author to supply");
}
