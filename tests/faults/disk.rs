//! Disks that fill up, files that may not grow, folders that may not be written.

use crate::small::{Small, assert_recovers, assert_whole, filed, reference};
use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};

/// A shell line with the program's path as `$0`.
fn shell(folder: &Path, line: &str) -> Output {
    let program = assert_cmd::cargo::cargo_bin!("offprint");
    Command::new("bash").args(["-c", line]).arg(program).current_dir(folder).output().unwrap()
}

/// Limits on the size of files, each just below the size of a file that is larger than all that are
/// written before it: the write of that one fails. (Every single write fails once in the tests beside
/// the code that files.)
fn limits() -> Vec<usize> {
    let (mut largest, mut limits) = (0, Vec::new());
    for (_, bytes) in reference().iter().filter(|(path, _)| path.to_string_lossy().starts_with("2-")) {
        if bytes.len() > largest {
            largest = bytes.len();
            limits.push(largest - 1);
        }
    }
    limits
}

/// Runs with a limit on the size of files, with or without the signal that comes with it.
fn limited(small: &Small, limit: usize, before: &str) -> Output {
    let first = small.run(&["run", "--output", "elsewhere"]);
    assert!(first.status.success(), "results for the cache");
    shell(small.path(), &format!("{before} exec prlimit --fsize={limit} -- \"$0\" run"))
}

#[test]
fn writes_that_fail() {
    let mut failed = BTreeSet::new();
    for limit in limits() {
        let small = Small::new();
        let ran = limited(&small, limit, "trap '' XFSZ;");
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2), "{limit} bytes: {told}");
        assert!(told.starts_with("error: cannot ") && told.contains("make room"), "{told}");
        failed.insert(told.lines().next().unwrap().to_owned());
        assert_whole(&small.filed(), &told);
        let names = small.filed().into_keys().map(|path| path.to_string_lossy().into_owned()).collect::<Vec<_>>();
        assert!(!names.iter().any(|name| name.contains("staging")), "{limit} bytes: {names:?}");
        assert_recovers(&small, &format!("{limit} bytes"));
    }
    assert!(failed.len() == limits().len() && failed.len() >= 3, "only these writes failed: {failed:#?}");
}

#[test]
fn killed_in_the_middle_of_a_write() {
    // SIGXFSZ, not ignored, ends the process inside the write that goes over the limit.
    for limit in limits() {
        let small = Small::new();
        let ran = limited(&small, limit, "");
        assert_eq!(ran.status.signal(), Some(25), "{limit} bytes: {:?}", ran.status);
        let now = small.filed().into_iter().filter(|(path, _)| !path.to_string_lossy().starts_with(".staging"));
        assert_whole(&now.collect(), &format!("{limit} bytes"));
        assert_recovers(&small, &format!("{limit} bytes"));
    }
}

/// Whether a mount of one's own is possible; says so when it is not.
fn can_mount() -> bool {
    let can = shell(Path::new("/"), "unshare -rm mount -t tmpfs tmpfs /mnt").status.success();
    if !can {
        let _ = writeln!(std::io::stderr(), "skipped: this machine allows no mount of one's own (`unshare -rm`)");
    }
    can
}

#[test]
fn a_file_system_that_fills_up() {
    if !can_mount() {
        return;
    }
    let pages = |length: usize| length.div_ceil(4096) * 4;
    let needed: usize = reference().values().map(|bytes| pages(bytes.len())).sum();
    let held: usize = filed(&Small::new().file("output")).values().map(|bytes| pages(bytes.len())).sum();
    let (mut full, mut done) = (0, 0);
    for size in (held + 4..needed + 60).step_by(20) {
        let small = Small::new();
        let line = format!(
            "exec unshare -rm bash -c 'cp -a output before && mount -t tmpfs -o size={size}k tmpfs output && \
             cp -a before/. output && \"$0\" run; status=$?; cp -a output after; exit $status' \"$0\""
        );
        let ran = shell(small.path(), &line);
        let told = String::from_utf8_lossy(&ran.stderr).into_owned();
        let after = filed(&small.file("after"));
        assert_whole(&after, &told);
        if ran.status.success() {
            done += 1;
            assert!(after == *reference(), "{size} KiB");
        } else {
            full += 1;
            assert_eq!(ran.status.code(), Some(2), "{told}");
            assert!(told.contains("the disk is full: make room"), "{size} KiB: {told}");
            assert!(after == small.filed(), "{size} KiB: something was left behind");
        }
    }
    assert!(full >= 5 && done >= 1, "{full} full, {done} done");
}

#[test]
fn an_output_folder_that_may_only_be_read() {
    if !can_mount() {
        return;
    }
    let small = Small::new();
    let before = small.filed();
    let line = "exec unshare -rm bash -c 'mount --bind output output && mount -o remount,ro,bind output && \
                exec \"$0\" run' \"$0\"";
    let ran = shell(small.path(), line);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2), "{told}");
    assert!(told.contains("output") && told.contains("--output"), "{told}");
    assert!(before == small.filed());
    // A cache that cannot be written costs nothing but the next run's time.
    let line = "mkdir .offprint; exec unshare -rm bash -c 'mount -t tmpfs -o ro tmpfs .offprint && \
                exec \"$0\" run --explain' \"$0\"";
    let ran = shell(small.path(), line);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success() && told.contains("findings not kept"), "{told}");
    assert!(small.filed() == *reference());
}
