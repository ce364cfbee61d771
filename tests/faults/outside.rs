//! Paths that lead out of the folder that they start from.

use crate::small::Small;
use std::os::unix::fs::symlink;
use std::path::Path;

/// A folder beside the study with a copy of its table and of a template.
fn beside(small: &Small) -> tempfile::TempDir {
    let folder = tempfile::tempdir_in(small.path().parent().unwrap()).unwrap();
    std::fs::copy(small.file("caschool.csv"), folder.path().join("caschool.csv")).unwrap();
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/dataset.md.j2");
    std::fs::copy(template, folder.path().join("t.j2")).unwrap();
    folder
}

#[test]
fn inputs() {
    let small = Small::new();
    let other = beside(&small);
    let name = other.path().file_name().unwrap().to_string_lossy().into_owned();
    let whole = other.path().join("caschool.csv").display().to_string();
    symlink(&whole, small.file("link.csv")).unwrap();
    symlink(other.path(), small.file("linked")).unwrap();
    let config = small.config();
    for path in [&whole, &format!("../{name}/caschool.csv"), "link.csv", "linked/caschool.csv"] {
        small.put(&config.replacen("caschool.csv", path, 1));
        for command in ["check", "run"] {
            small.refuses(&[command], &[path, "leads out of the data folder", "--allow-outside", "--data"]);
        }
        assert!(small.run(&["check", "--allow-outside"]).status.success(), "{path} with the flag");
    }
    for pattern in [format!("../{name}/*.csv"), "linked/*.csv".into(), "link*.csv".into(), "/etc/pass*".into()] {
        small.put(&config.replacen("file: caschool.csv", &format!("files: [\"{pattern}\"]"), 1));
        small.refuses(&["run"], &["leads out of the data folder"]);
    }
    for path in ["/dev/zero", "/etc/passwd", "../nowhere.csv", "a/../../nowhere.csv"] {
        small.put(&config.replacen("caschool.csv", path, 1));
        small.refuses(&["run"], &[path, "leads out of the data folder"]);
    }
    // A link that stays inside, and `..` that comes back, are no way out; `--data` moves the root.
    symlink("caschool.csv", small.file("inner.csv")).unwrap();
    std::fs::create_dir(small.file("sub")).unwrap();
    for path in ["inner.csv", "sub/../caschool.csv", "./caschool.csv"] {
        small.put(&config.replacen("caschool.csv", path, 1));
        assert!(small.run(&["check"]).status.success(), "{path}");
    }
    small.put(&config);
    assert!(small.run(&["check", "--data", other.path().to_str().unwrap()]).status.success());
}

#[test]
fn templates() {
    let small = Small::new();
    let other = beside(&small);
    let name = other.path().file_name().unwrap().to_string_lossy().into_owned();
    symlink(other.path().join("t.j2"), small.file("link.j2")).unwrap();
    let config = small.config();
    let report = |path: &str| format!("{config}report: {{ template: {path}, page: templates/page.html.j2 }}\n");
    for path in [format!("../{name}/t.j2"), other.path().join("t.j2").display().to_string(), "link.j2".into()] {
        small.put(&report(&path));
        small.refuses(&["run"], &[&path, "leads out of the config's folder", "--allow-outside"]);
        let ran = small.run(&["run", "--allow-outside", "--output", "elsewhere"]);
        assert!(ran.status.success(), "{path}: {}", String::from_utf8_lossy(&ran.stderr));
    }
    small.put(&report("/etc/passwd"));
    small.refuses(&["check"], &["leads out of the config's folder"]);
    // From within a template nothing can be read either.
    let shipped = std::fs::read_to_string(other.path().join("t.j2")).unwrap();
    small.put(&report("own.j2"));
    for tag in ["include \"/etc/passwd\"", "import \"own.j2\" as x", "extends \"../t.j2\"", "include \"own.j2\""] {
        std::fs::write(small.file("own.j2"), format!("{shipped}\n{{% {tag} %}}\n")).unwrap();
        small.refuses(&["run"], &["template not found", "cannot take other files in"]);
    }
}

#[test]
fn what_is_no_file() {
    let small = Small::new();
    let made = std::process::Command::new("mkfifo").arg(small.file("pipe.csv")).status().unwrap();
    assert!(made.success());
    small.put(&small.config().replacen("caschool.csv", "pipe.csv", 1));
    for command in ["check", "run"] {
        small.refuses(&[command], &["pipe.csv", "a device or a pipe"]);
    }
}

#[test]
fn verify_of_a_folder_that_points_elsewhere() {
    let small = Small::new();
    let other = beside(&small);
    let whole = other.path().join("caschool.csv").display().to_string();
    small.put(&small.config().replacen("caschool.csv", &whole, 1));
    let ran = small.run(&["run", "--allow-outside"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let folder = String::from_utf8(ran.stdout).unwrap().trim().to_owned();
    small.refuses(&["verify", &folder], &[&whole, "leads out of the data folder", "--allow-outside"]);
    small.refuses(&["verify", "--hashes", &folder], &["leads out of the data folder"]);
    assert_eq!(small.run(&["verify", "--allow-outside", &folder]).status.code(), Some(0));
}

#[test]
fn simulated_files_stay_in_their_folder() {
    let shipped = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.yaml")).unwrap();
    let room = tempfile::tempdir().unwrap();
    for (from, to) in [
        ("survey/gpps_2018.csv", "../escaped.csv"),
        ("\"workforce/*.csv\"", "\"../../escaped/*.csv\""),
        ("payments/payments_19-20.csv", "/tmp/escaped-offprint.csv"),
    ] {
        let config = room.path().join("config.yaml");
        assert!(shipped.contains(from), "{from}");
        std::fs::write(&config, shipped.replacen(from, to, 1)).unwrap();
        let args = ["simulate", "made", "--size", "small", "--allow-outside"];
        let ran = crate::study::offprint(room.path(), &args);
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{told}");
        assert!(told.contains("outside the study's folder"), "{told}");
        assert!(!room.path().join("escaped.csv").exists() && !Path::new("/tmp/escaped-offprint.csv").exists());
    }
}
