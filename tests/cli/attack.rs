//! What a hostile or clumsy user found: bad input that once passed, panicked or hung.

use crate::study::{Study, offprint, tree};

const SURVEY: &str = "survey/gpps_2022.csv";

/// What `check` says of a study that `run` refuses; both must.
fn refused_by_both(study: &Study, fragments: &[&str]) {
    study.fails_with(fragments);
    let checked = study.run(&["check"]);
    let told = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert_eq!(checked.status.code(), Some(2), "check passes what run refuses: {told}");
    for fragment in fragments {
        assert!(told.contains(fragment), "check does not say `{fragment}`:\n{told}");
    }
}

/// Rewrites every data row of a simple CSV.
fn each_row(study: &Study, path: &str, change: impl Fn(&str) -> String) {
    let text = study.text(path);
    let rows = text.lines().enumerate().map(|(at, row)| if at == 0 { row.to_string() } else { change(row) });
    let bytes = (rows.collect::<Vec<_>>().join("\n") + "\n").chars().map(|c| c as u32 as u8).collect::<Vec<u8>>();
    std::fs::write(study.file(path), bytes).unwrap();
}

#[test]
fn printed_numbers_beyond_belief() {
    for (from, to, told) in [
        ("odds_ratio: 1.006,", "digits: 100000000, odds_ratio: 1.006,", "100000000 is outside 0 to 12"),
        ("high: 1.010, people: 47000", "high: .inf, people: 47000", "inf is outside"),
        ("people: 47000", "people: .nan", "NaN is outside"),
        ("  per: 50000", "  per: 0", "0 is outside 0.000001 to"),
        ("  per: 50000", "  per: 1e-300", "1e-300 is outside"),
    ] {
        let study = Study::new();
        study.edit("config.yaml", from, to);
        refused_by_both(&study, &[told, "config.yaml:", "hint:"]);
    }
}

#[test]
fn slips_in_the_config_that_only_filing_or_the_data_would_show() {
    for (from, to, told) in [
        ("version: \"2023.1\"", "version: \"2023.\"", "`2023.` cannot be part of a file name"),
        ("success: [1]\n", "success: [1, -3]\n", "code -3 of outcome `isolation` is in `inputs.survey.missing` too"),
        ("2018: survey/gpps_2018.csv", "2018: survey/gpps_2019.csv", "is listed for wave 2018 and for wave 2019"),
        ("tables:\n", "tables:\n  nonsense: { number: \"9\", title: X }\n", "no table `nonsense`"),
        ("figures:  ", "figures:\n  nonsense: { number: \"9\", title: X }\n  # ", "no figure `nonsense`"),
        ("files: [\"workforce/*.csv\"]", "files: []", "no file listed"),
        ("no_pcn: [\"Unknown or no PCN\"]", "no_pcn: [\"Unknown\"]", "`Unknown or no PCN`"),
        ("Rural: [Rural]", "Rural: [Rurl]", "did you mean `Rural`?"),
        ("Female: [1], Male: [2]", "Missing: [1], Male: [2]", "level `Missing` is made by"),
        ("  rurality:\n    label", "  wave:\n    label", "a covariate cannot be called `wave`"),
        ("item: Q94", "item: [Q94]", "expected one text, or a text for each wave"),
        ("cap: none ", "cap: { at: 1 } ", "expected `none`, or `{ at: NUMBER"),
    ] {
        let study = Study::new();
        study.edit("config.yaml", from, to);
        refused_by_both(&study, &[told, "hint:"]);
    }
}

#[test]
fn what_no_model_can_estimate_is_found_by_check() {
    let study = Study::new();
    let waves = "{ 2018: none, 2019: none, 2020: none, 2021: none, 2022: none, 2023: Q94 }";
    study.edit("config.yaml", "item: Q94", &format!("item: {waves}"));
    refused_by_both(&study, &["model `main` of outcome `confidence` cannot be fitted", "hint:"]);
}

#[test]
fn one_wave_whose_codes_are_written_differently() {
    let study = Study::new();
    each_row(&study, SURVEY, str::to_lowercase);
    refused_by_both(&study, &["responses of wave 2022 (0.0 %)", "`a8", "`A8"]);
}

#[test]
fn one_census_whose_codes_are_written_differently() {
    let study = Study::new();
    each_row(&study, "workforce/2021-12.csv", |row| row.replacen(",U", ",X", 1));
    refused_by_both(&study, &["only 0 of", "census 2021-12", "`X", "`U"]);
}

#[test]
fn a_survey_file_copied_over_another() {
    let study = Study::new();
    std::fs::copy(study.file("survey/gpps_2021.csv"), study.file(SURVEY)).unwrap();
    // The names of columns differ between years: the copy is told by its bytes.
    study.edit("config.yaml", "2021: { practice: Practice_Code }", "{ practice: Practice_Code }");
    let text = std::fs::read_to_string(study.file("config.yaml")).unwrap();
    let line = "{ practice: Practice_Code }";
    let both = "2021: { practice: Practice_Code }\n      2022: { practice: Practice_Code }";
    std::fs::write(study.file("config.yaml"), text.replacen(line, both, 1)).unwrap();
    refused_by_both(&study, &["hold the same bytes", SURVEY]);
}

#[test]
fn numbers_of_unbelievable_size() {
    let study = Study::new();
    study.set(SURVEY, 3, "wt_new", "1e308");
    refused_by_both(&study, &["unbelievable size", "`1e308`", ":4"]);
    let study = Study::new();
    study.set("payments/payments_21-22.csv", 3, "Number of Registered Patients (Last Known Figure)", "1e300");
    refused_by_both(&study, &["unbelievable size", "`1e300`", ":4"]);
}

#[test]
fn a_template_that_would_loop_for_hours_or_fills_the_screen() {
    let loops = "{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}";
    let deep = "{% if true %}".repeat(20_000);
    for (added, told) in [(loops, "more than 2000000 steps"), (deep.as_str(), "recursion limits")] {
        let study = Study::new();
        let path = study.file("templates/report.md.j2");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}\n{added}\n")).unwrap();
        refused_by_both(&study, &[told, "templates/report.md.j2:", "hint:"]);
        let ran = study.run(&["run"]);
        assert!(ran.stderr.len() < 4000, "{} bytes of message", ran.stderr.len());
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_panic() {
    let study = Study::new();
    let program = assert_cmd::cargo::cargo_bin!("offprint");
    for command in ["run", "check", "list"] {
        let line = format!("(sleep 0.2; exec '{}' {command}) | head -c 0; exit ${{PIPESTATUS[0]}}", program.display());
        let ran = std::process::Command::new("bash").args(["-c", &line]).current_dir(study.path()).output().unwrap();
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(0), "{command}: {told}");
        assert!(told.is_empty(), "{command}: {told}");
    }
}

#[test]
fn hostile_names_come_out_as_text() {
    let study = Study::new();
    let hostile =
        ["<script>alert(1)</script>", "{{ 7*7 }}", "=HYPERLINK(1)", "**bold** [l](http://e.example)", "a]]>&b"];
    for entry in std::fs::read_dir(study.file("workforce")).unwrap().map(Result::unwrap) {
        let path = format!("workforce/{}", entry.file_name().to_string_lossy());
        each_row(&study, &path, |row| {
            let fields = row.split(',').map(|field| match field.strip_prefix("Simulated ICB ") {
                Some(number) => hostile[number.parse::<usize>().unwrap() % hostile.len()].to_string(),
                None => field.to_string(),
            });
            fields.collect::<Vec<_>>().join(",")
        });
    }
    let ran = offprint(study.path(), &["run"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let folder = study.file(String::from_utf8(ran.stdout).unwrap().trim());
    let page = std::fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;alert(1)"), "markup in the page");
    assert!(!page.contains("<strong>bold</strong>") && !page.contains("http://e.example\""), "Markdown in the page");
    assert!(page.contains("{{ 7*7 }}"), "a name was taken for a template");
    let drawn = std::fs::read_to_string(folder.join("figures/areas.svg")).unwrap();
    assert!(!drawn.contains("<script") && drawn.contains("&lt;script&gt;"), "markup in the figure");
    let rows = std::fs::read_to_string(folder.join("figures/areas.csv")).unwrap();
    assert!(rows.contains("'=HYPERLINK(1)"), "a formula in a CSV:\n{rows}");
    let texts = tree(&folder).into_iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "csv"));
    for (path, bytes) in texts {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(",=") && !text.contains("\n="), "a formula in {}", path.display());
    }
}

#[test]
fn a_wave_without_responses_in_a_file_of_all_waves() {
    let study = Study::new();
    let mut rows = Vec::new();
    for wave in [2018, 2019, 2021, 2022, 2023] {
        let text = study.text(&format!("survey/gpps_{wave}.csv"));
        let header = format!("wave,{}", text.lines().next().unwrap()).replace("Practice_Code", "practice_code");
        if rows.is_empty() {
            rows.push(header.clone());
        }
        assert_eq!(rows[0], header, "columns of wave {wave}");
        rows.extend(text.lines().skip(1).map(|row| format!("{wave},{row}")));
    }
    std::fs::write(study.file("survey/all.csv"), rows.join("\n") + "\n").unwrap();
    let config = std::fs::read_to_string(study.file("config.yaml")).unwrap();
    let from = config.find("    files:                       #").unwrap();
    let to = config.find("    missing:  ").unwrap();
    let files = "    files: survey/all.csv\n    columns: { practice: practice_code, weight: wt_new, wave: wave }\n";
    std::fs::write(study.file("config.yaml"), format!("{}{files}{}", &config[..from], &config[to..])).unwrap();
    refused_by_both(&study, &["no responses of wave 2020", "hint:"]);
}

#[test]
fn a_truth_too_large_to_simulate() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("study");
    let made = offprint(folder.path(), &["init", target.to_str().unwrap()]);
    assert!(made.status.success());
    let path = target.join("config.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    for (from, to) in [
        ("list_size: 9200 ", "list_size: 1e300 "),
        ("responders: 4132676,", "responders: 4132676000000,"),
        ("mean: 2.100,", "mean: 1e9,"),
    ] {
        assert!(text.contains(from), "{from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        for args in [&["check"][..], &["run"], &["simulate", "made", "--size", "small"]] {
            let ran = offprint(&target, args);
            let told = String::from_utf8_lossy(&ran.stderr).into_owned();
            assert_eq!(ran.status.code(), Some(2), "{args:?}: {told}");
            assert!(told.starts_with("error: `simulate.") && told.contains("expected at most"), "{told}");
        }
    }
}
