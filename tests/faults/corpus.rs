//! The fuzz targets without a fuzzer: the stored corpus, and a number of seeded changes to each of its
//! files. `OFFPRINT_FUZZ=N` makes N changes to each, for a longer hunt; `OFFPRINT_FUZZ_TARGET=NAME`
//! keeps to one target. `fuzz/README.md` tells how to run the real fuzzer on them.

#[path = "../../fuzz/drive.rs"]
pub(crate) mod drive;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Marsaglia's xorshift64: the same changes on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap()
    }
}

/// Values at which lengths and counts break.
const EDGES: [&[u8]; 14] = [
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x80",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff\xff\xff\xff\x7f",
    b"-1",
    b"1e308",
    b"NaN",
    b"18446744073709551616",
    b"\"",
    b"\n",
    b"[[[[{{{{",
    b"null",
    b"\xef\xbb\xbf",
];

/// One to four changes: bytes, edges, pieces moved or left out, the end cut off.
fn changed(original: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=random.below(4) {
        let (at, length) = (random.below(bytes.len()), 1 + random.below(40));
        let end = (at + length).min(bytes.len());
        match random.below(7) {
            0 | 1 if !bytes.is_empty() => bytes[at] = random.next().to_le_bytes()[0],
            2 => drop(bytes.splice(at..at, EDGES[random.below(EDGES.len())].iter().copied())),
            3 => {
                let edge = EDGES[random.below(EDGES.len())];
                let end = (at + edge.len()).min(bytes.len());
                drop(bytes.splice(at..end, edge.iter().copied()));
            }
            4 => drop(bytes.drain(at..end)),
            5 => {
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                drop(bytes.splice(to..to, piece));
            }
            6 => bytes.truncate(at.max(1)),
            _ => {}
        }
    }
    bytes
}

pub(crate) fn files(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn the_corpus_and_changes_to_it() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let (changes, only) = (number("OFFPRINT_FUZZ"), std::env::var("OFFPRINT_FUZZ_TARGET").ok());
    for (target, run) in drive::TARGETS.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)) {
        let (files, folder) = (files(target), tempfile::tempdir().unwrap());
        assert!(!files.is_empty(), "no corpus for {target}");
        let each = changes.unwrap_or(240 / files.len());
        let (mut random, mut slowest, mut runs) = (Random(0x9e37_79b9_7f4a_7c15), Duration::ZERO, 0_u64);
        for (path, original) in &files {
            for at in 0..=each {
                let bytes = if at == 0 { original.clone() } else { changed(original, &mut random) };
                // What a panic or a hang was about: kept where it can be found.
                let last = std::env::temp_dir().join(format!("offprint-fuzz-{target}-last"));
                if changes.is_some() {
                    std::fs::write(&last, &bytes).unwrap();
                }
                let started = Instant::now();
                let ended = std::panic::catch_unwind(|| run(&bytes, folder.path()));
                let took = started.elapsed();
                if ended.is_err() || took > Duration::from_secs(20) {
                    std::fs::write(&last, &bytes).unwrap();
                    panic!("{target}: {} changed {at} times, {took:?}: {}", path.display(), last.display());
                }
                (slowest, runs) = (slowest.max(took), runs + 1);
            }
        }
        // Straight to stderr, past the test's own capture: a long hunt should show what it did.
        if changes.is_some() {
            let _ = writeln!(std::io::stderr(), "{target}: {runs} executions, the slowest {slowest:?}");
        }
    }
}
