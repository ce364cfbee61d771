//! The same bytes whatever the locale, time zone, clock and path.

use crate::small::{Small, reference};
use crate::study::copy;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, SystemTime};

#[test]
fn locale_time_zone_and_environment() {
    for vars in [
        &[("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Pacific/Kiritimati")][..],
        &[("LC_ALL", "de_DE.UTF-8"), ("LANG", "de_DE.UTF-8"), ("TZ", "America/St_Johns")],
        &[("LC_ALL", "C"), ("TZ", ":nonsense"), ("COLUMNS", "1"), ("TERM", "dumb"), ("NO_COLOR", "1")],
    ] {
        let small = Small::new();
        let mut program = Command::new(assert_cmd::cargo::cargo_bin!("offprint"));
        let ran = program.arg("run").current_dir(small.path()).env_clear().envs(vars.iter().copied()).output().unwrap();
        assert!(ran.status.success(), "{vars:?}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(small.filed() == *reference(), "{vars:?}");
    }
}

#[test]
fn paths_with_blanks_quotes_and_letters_of_any_kind() {
    let small = Small::new();
    for name in ["a b", "it's \"quoted\"", "Ünïcødé 研究 🙂", "[x]*?", "-dash", "$(id)`id`;&|", "new\nline"] {
        let folder = small.file(name);
        copy(&small.file("output"), &folder.join("output"));
        for file in ["config.yaml", "caschool.csv"] {
            std::fs::copy(small.file(file), folder.join(file)).unwrap();
        }
        let config = folder.join("config.yaml");
        let flags = ["run", "--config", config.to_str().unwrap(), "--output"];
        let output = folder.join("output");
        let ran = small.run(&[&flags[..], &[output.to_str().unwrap()]].concat());
        assert!(ran.status.success(), "{name}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(crate::small::filed(&output) == *reference(), "{name}");
    }
}

#[test]
fn files_dated_1970_and_2100() {
    let century = Duration::from_secs(130 * 31_556_952);
    for (name, time) in [("1970", SystemTime::UNIX_EPOCH), ("2100", SystemTime::UNIX_EPOCH + century)] {
        let small = Small::new();
        assert!(small.run(&["run", "--output", "elsewhere"]).status.success());
        let kept = std::fs::read_dir(small.file(".offprint")).unwrap().map(|entry| entry.unwrap().path());
        for path in kept.chain(["config.yaml", "caschool.csv", "output/index.html"].map(|file| small.file(file))) {
            std::fs::File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
        }
        let ran = small.run(&["run", "--explain"]);
        assert!(ran.status.success() && String::from_utf8_lossy(&ran.stderr).contains("findings: reused"), "{name}");
        assert!(small.filed() == *reference(), "{name}");
    }
}

#[test]
fn clock_at_1970_and_at_2100() {
    if Command::new("faketime").arg("--version").output().is_err() {
        let _ = writeln!(std::io::stderr(), "skipped: `faketime` is not installed (Debian: faketime)");
        return;
    }
    for date in ["1970-01-02 00:00:00", "2100-12-31 23:59:59"] {
        let small = Small::new();
        let mut faked = Command::new("faketime");
        faked.args(["-f", date]).arg(assert_cmd::cargo::cargo_bin!("offprint")).arg("run");
        let ran = faked.current_dir(small.path()).output().unwrap();
        assert!(ran.status.success(), "{date}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(small.filed() == *reference(), "{date}");
    }
}
