//! The output folder: published once, whole or not at all, never overwritten.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use offprint::files::sha256_hex;
use offprint::ingest::InputRecord;
use offprint::report::Bundle;
use offprint::store::{Filed, Identity, Manifest, file, folder_name, list};

fn identity(config: &str) -> Identity {
    let record = InputRecord {
        source: "survey".into(),
        path: "a.csv".into(),
        bytes: 3,
        sha256: sha256_hex(b"abc"),
        rows: 1,
        notes: vec![],
    };
    Identity {
        title: "A <study>".into(),
        simulated: vec!["survey".into()],
        config: config.into(),
        templates: vec![("report".into(), "# T".into()), ("page".into(), "<p>".into())],
        inputs: vec![record],
        program: "0.1.0".into(),
        commit: String::new(),
        previous: None,
    }
}

fn bundle(text: &str) -> Bundle {
    Bundle(BTreeMap::from([
        ("report.md".to_string(), text.as_bytes().to_vec()),
        ("tables/main.csv".to_string(), b"a\n1\n".to_vec()),
    ]))
}

fn names(output: &Path) -> Vec<String> {
    let entries = fs::read_dir(output).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_version_is_filed_with_a_manifest_that_holds() {
    let room = tempfile::tempdir().unwrap();
    let output = room.path().join("deep/output");
    let filed = file(&output, "2023.1", &identity("a: 1"), &bundle("x")).unwrap();
    assert_eq!(filed, Filed::New(output.join(folder_name("2023.1", &identity("a: 1")).unwrap())));
    let manifest = Manifest::read(filed.folder()).unwrap();
    let paths: Vec<_> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["report.md", "tables/main.csv"]);
    for entry in &manifest.files {
        let bytes = fs::read(filed.folder().join(&entry.path)).unwrap();
        assert_eq!((entry.bytes, &entry.sha256), (bytes.len() as u64, &sha256_hex(&bytes)));
    }
    assert_eq!((manifest.data.as_str(), manifest.target.as_str(), manifest.inputs[0].rows), ("simulated", "any", 1));
    assert!(filed.folder().to_string_lossy().ends_with(&manifest.identity_sha256[..8]));
    let index = fs::read_to_string(output.join("index.html")).unwrap();
    assert!(index.contains("A &lt;study&gt;") && index.contains("Simulated data."), "{index}");
    assert_eq!(names(&output).iter().filter(|name| name.starts_with(".staging")).count(), 0);
}

#[test]
fn equal_bytes_are_already_published_and_others_an_error_that_names_files() {
    let room = tempfile::tempdir().unwrap();
    let first = file(room.path(), "1", &identity("c"), &bundle("x")).unwrap();
    assert_eq!(file(room.path(), "1", &identity("c"), &bundle("x")).unwrap(), Filed::Already(first.folder().into()));
    fs::write(first.folder().join("notes.txt"), "mine").unwrap();
    let problems = file(room.path(), "1", &identity("c"), &bundle("y")).unwrap_err().to_string();
    for part in [
        "already published with other bytes",
        "`report.md` differs",
        "`manifest.json` differs",
        "`notes.txt` is in the published version only",
        "never overwritten",
    ] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
    assert_eq!(fs::read(first.folder().join("report.md")).unwrap(), b"x");
}

#[test]
fn every_part_of_the_identity_changes_the_name_and_nothing_else_does() {
    let base = identity("c");
    let mut all = vec![base.clone(); 8];
    all[0].config.push(' ');
    all[1].templates[0].1.push(' ');
    all[2].inputs[0].sha256 = sha256_hex(b"abd");
    all[3].program = "0.1.1".into();
    all[4].commit = "1".into();
    all[5].inputs.clear();
    all[6].simulated.clear();
    all[7].inputs[0].notes.push("noticed".into());
    let name = |identity: &Identity| folder_name("1", identity).unwrap();
    let changed: Vec<bool> = all.iter().map(|other| name(other) != name(&base)).collect();
    assert_eq!(changed, [true, true, true, true, true, true, true, false]);
}

#[test]
fn versions_and_paths_that_leave_the_folder_are_refused() {
    let room = tempfile::tempdir().unwrap();
    for version in ["", "../x", "a/b", ".hidden", "-x", "a b", "x\u{0}", "2023.", &"9".repeat(65)] {
        let problems = file(room.path(), version, &identity("c"), &bundle("x")).unwrap_err().to_string();
        assert!(problems.contains("cannot be part of a folder's name"), "{version}");
    }
    for path in ["../x", "/x", "a//b", "a/./b", "a\\b", "", "manifest.json"] {
        let bad = Bundle(BTreeMap::from([(path.to_string(), vec![1])]));
        assert!(file(room.path(), "1", &identity("c"), &bad).is_err(), "{path}");
    }
    assert!(names(room.path()).is_empty());
}

#[test]
fn a_file_in_place_of_the_output_folder_is_an_error_with_a_hint() {
    let room = tempfile::tempdir().unwrap();
    let output = room.path().join("output");
    fs::write(&output, "a file").unwrap();
    for target in [output.clone(), output.join("inside")] {
        let problems = file(&target, "1", &identity("c"), &bundle("x")).unwrap_err().to_string();
        assert!(problems.contains("cannot make the output folder") && problems.contains("hint: "), "{problems}");
    }
    assert_eq!(fs::read_to_string(&output).unwrap(), "a file");
    assert!(list(&output).is_err());
    assert!(list(&room.path().join("none")).unwrap().is_empty());
}

#[test]
fn threads_that_file_at_once_all_end_up_listed() {
    let room = tempfile::tempdir().unwrap();
    let output = room.path();
    let filed: Vec<Filed> = std::thread::scope(|scope| {
        let one =
            |n: usize| scope.spawn(move || file(output, "1", &identity(&(n % 5).to_string()), &bundle("x")).unwrap());
        let running: Vec<_> = (0..10).map(one).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(filed.iter().filter(|f| matches!(f, Filed::New(_))).count(), 5);
    let listed = list(output).unwrap();
    assert_eq!(listed.len(), 5);
    assert!(listed.iter().all(|version| version.problem.is_empty() && version.files == 3));
    let json = fs::read_to_string(output.join("index.json")).unwrap();
    assert!(listed.iter().all(|version| json.contains(&version.name)));
}

#[test]
fn what_a_dead_process_left_behind_is_swept_and_never_listed() {
    let room = tempfile::tempdir().unwrap();
    let stale = room.path().join(".staging-1-00000000-99999");
    fs::create_dir_all(stale.join("tables")).unwrap();
    fs::write(room.path().join(".staging-list-99999-index.html"), "half").unwrap();
    assert!(list(room.path()).unwrap().is_empty());
    file(room.path(), "1", &identity("c"), &bundle("x")).unwrap();
    assert!(names(room.path()).iter().all(|name| !name.starts_with(".staging")), "{:?}", names(room.path()));
}

#[test]
fn newest_first_without_a_clock_and_damage_is_told() {
    let room = tempfile::tempdir().unwrap();
    for (version, config) in [("2023.9", "z"), ("2023.10", "a"), ("2023.10", "b"), ("2023.2", "c")] {
        file(room.path(), version, &identity(config), &bundle(config)).unwrap();
    }
    let expected: Vec<_> = [("2023.10", "b"), ("2023.10", "a"), ("2023.9", "z"), ("2023.2", "c")]
        .map(|(version, config)| folder_name(version, &identity(config)).unwrap())
        .to_vec();
    let listed = |path: &Path| list(path).unwrap().into_iter().map(|v| v.name).collect::<Vec<_>>();
    assert_eq!(listed(room.path()), expected);
    let before = fs::read(room.path().join("index.html")).unwrap();
    file(room.path(), "2023.9", &identity("z"), &bundle("z")).unwrap();
    assert_eq!(fs::read(room.path().join("index.html")).unwrap(), before, "filing again changes no order");
    fs::create_dir(room.path().join("2024-deadbeef")).unwrap();
    fs::write(room.path().join("2024-deadbeef/manifest.json"), "{").unwrap();
    let all = list(room.path()).unwrap();
    assert_eq!((all[0].name.as_str(), all.len()), ("2024-deadbeef", 5));
    assert!(all[0].problem.contains("not a manifest"));
}
