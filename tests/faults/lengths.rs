//! Parquet and SPSS files whose lengths, counts and offsets lie: each place of a small file that could hold one says
//! something else, by hand and not by chance. Refused or read, soon, and within the memory of a small file.

use crate::corpus::{drive, files};
use std::time::{Duration, Instant};

/// What a count of four bytes says instead.
const LIES: [i32; 5] = [i32::MAX, -1, i32::MIN, 0x00ff_ffff, 0];

/// Kibibytes this process has held at most (Linux; elsewhere none).
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

/// The seed with a byte in front that says what kind of file it is.
fn seed(name: &str) -> Vec<u8> {
    let all = files("columnar");
    all.into_iter().find(|(path, _)| path.ends_with(name)).unwrap().1
}

fn put(original: &[u8], at: usize, lie: &[u8]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    bytes[at..at + lie.len()].copy_from_slice(lie);
    bytes
}

/// Reads each and holds it to its time and memory.
fn survived(what: &str, lies: impl Iterator<Item = Vec<u8>>) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let before = peak();
    let mut runs = 0;
    for bytes in lies {
        let started = Instant::now();
        drive::columnar(&bytes, folder.path());
        assert!(started.elapsed() < Duration::from_secs(5), "{what}: run {runs} took {:?}", started.elapsed());
        runs += 1;
    }
    if let (Some(before), Some(after)) = (before, peak()) {
        // Other tests of this process hold some tens of MB meanwhile.
        assert!(after < before + (1 << 18), "{what}: {} MB more", (after - before) >> 10);
    }
    runs
}

#[test]
fn of_parquet() {
    for name in ["survey_groups.parquet", "survey_zstd.parquet"] {
        let file = seed(name);
        let end = file.len();
        assert_eq!(&file[end - 4..], b"PAR1");
        let footer = u32::from_le_bytes(file[end - 8..end - 4].try_into().unwrap()) as usize;
        // The footer's own length: nothing, one off, all of the file, more than the file, negative.
        let lengths = [0, 1, footer - 1, footer + 1, end - 1, end, 1 << 30, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
        let lengths = lengths.map(|length| put(&file, end - 8, &u32::try_from(length).unwrap().to_le_bytes()));
        // Bytes of the footer at their edges: counts and offsets are variable in length there, a high bit makes the
        // next byte part of the number. Also a number of nine bytes. Steps of five meet every kind of field.
        let footer = (end - 8 - footer..end - 16).step_by(5);
        let bytes = footer.clone().flat_map(|at| [0x01, 0x7f, 0xff].map(|b| (at, [b])));
        let long = footer.map(|at| put(&file, at, b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f"));
        let tried = lengths.into_iter().chain(bytes.map(|(at, byte)| put(&file, at, &byte))).chain(long);
        assert!(survived(name, tried) > 800);
    }
}

#[test]
fn of_spss() {
    for name in ["survey.sav", "survey_compressed.sav", "survey.zsav"] {
        let file = seed(name);
        // Rows, case size, widths, label lengths, sizes and counts of extensions, blocks and offsets: numbers of four
        // or eight bytes anywhere in the file (a kind byte stands before its first).
        let four = (1..file.len() - 4).step_by(4).flat_map(|at| LIES.map(|lie| (at, lie)));
        let four = four.map(|(at, lie)| put(&file, at, &lie.to_le_bytes()));
        let eight = (1..file.len() - 8).step_by(4).flat_map(|at| [i64::MAX, 1 << 40].map(|lie| (at, lie)));
        let eight = eight.map(|(at, lie)| put(&file, at, &lie.to_le_bytes()));
        // Cut off within any number.
        let cut = (1..file.len()).step_by(7).map(|at| file[..at].to_vec());
        assert!(survived(name, four.chain(eight).chain(cut)) > 1500);
    }
}
