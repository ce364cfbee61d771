//! The linter over finished reports: silent on what this program made, loud on what was changed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use offprint::lint::check;
use std::collections::BTreeMap;
use std::path::Path;

type Files = BTreeMap<String, Vec<u8>>;

fn walk(root: &Path, folder: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_string();
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

fn report() -> Files {
    let (folder, root) = (tempfile::tempdir().unwrap(), Path::new(env!("CARGO_MANIFEST_DIR")));
    std::fs::copy(root.join("tests/fixtures/caschool.csv"), folder.path().join("caschool.csv")).unwrap();
    std::fs::copy(root.join("studies/class-size.yaml"), folder.path().join("config.yaml")).unwrap();
    let program = env!("CARGO_BIN_EXE_offprint");
    let done = std::process::Command::new(program).arg("run").current_dir(folder.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut files = Files::new();
    let filed = String::from_utf8(done.stdout).unwrap();
    let filed = folder.path().join(filed.trim());
    walk(&filed, &filed, &mut files);
    files
}

fn text(body: &str) -> Files {
    [("report.md".to_string(), body.as_bytes().to_vec())].into()
}

#[test]
fn the_misprint_of_the_sister_paper_is_caught() {
    let found = check(&text("The effect was 0.035 (95% CI -0.634 to -0.066).\n"), &[]);
    assert!(found.iter().any(|one| one.what.contains("the estimate lies outside") && !one.warning), "{found:?}");
    let csv = "outcome,effect,effect_low,effect_high\ny,0.035,-0.634,-0.066\n";
    let found = check(&[("tables/main.csv".to_string(), csv.as_bytes().to_vec())].into(), &[]);
    assert!(found.iter().any(|one| one.line == 2 && one.what.contains("outside its interval")), "{found:?}");
    let printed = "outcome,effect,effect_low,effect_high\ny,-0.35,-0.634,-0.066\n";
    let right = check(&[("tables/main.csv".to_string(), printed.as_bytes().to_vec())].into(), &[]);
    assert!(right.is_empty(), "{right:?}");
}

#[test]
fn words_of_cause_are_warned_of() {
    let found = check(&text("Smaller classes improved scores.\n"), &["improved".into()]);
    assert!(found.len() == 1 && found[0].warning && found[0].line == 1);
}

/// One digit of every number of the files named, in turn: how many changes, how many were caught.
fn caught(files: &Files, wanted: &dyn Fn(&str) -> bool, lines: &dyn Fn(&str) -> bool) -> (usize, usize) {
    let (mut made, mut seen) = (0, 0);
    for (path, bytes) in files.iter().filter(|(path, _)| wanted(path)) {
        let body = String::from_utf8(bytes.clone()).unwrap();
        let mut start = 0;
        for line in body.split_inclusive('\n') {
            let places =
                line.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at + start).collect::<Vec<_>>();
            start += line.len();
            if !lines(line) {
                continue;
            }
            for at in places.into_iter().step_by(7) {
                let mut changed = bytes.clone();
                changed[at] = b'0' + (changed[at] - b'0' + 4) % 10;
                let mut other = files.clone();
                other.insert(path.clone(), changed);
                made += 1;
                seen += usize::from(!check(&other, &[]).is_empty());
            }
        }
    }
    (made, seen)
}

#[test]
fn changed_digits_are_caught_and_nothing_else_is_found() {
    let files = report();
    assert_eq!(check(&files, &[]), []);
    let printed = |line: &str| line.starts_with('|') && line.contains(" to ") || line.contains("95% CI ");
    let (made, seen) = caught(&files, &|path| path == "report.md", &printed);
    let (in_results, seen_in_results) = caught(&files, &|path| path == "results.csv", &|line| line.contains(",ok"));
    eprintln!("report.md {seen} of {made}; results.csv {seen_in_results} of {in_results}");
    assert!(made > 20 && seen * 100 >= made * 70, "report.md: {seen} of {made}");
    assert!(
        in_results > 20 && seen_in_results * 100 >= in_results * 40,
        "results.csv: {seen_in_results} of {in_results}"
    );
}

#[test]
fn references_and_links_must_lead_somewhere() {
    let files = report();
    let body = String::from_utf8(files["report.md"].clone()).unwrap();
    for (from, to) in [
        ("**Table 2.**", "**Table 3.**"),
        ("tables/main.csv", "tables/mian.csv"),
        ("[Values of Figure 1]", "[Values of Figure 9]"),
    ] {
        let mut other = files.clone();
        assert!(body.contains(from), "{from}");
        other.insert("report.md".into(), body.replacen(from, to, 1).into_bytes());
        assert!(!check(&other, &[]).is_empty(), "{from}");
    }
}
