//! Fits kept from run to run, one file each, named by the SHA-256 of program, sample and options. They
//! describe few people where few left within the estimator, so the folder is its owner's alone.

use crate::files;
use crate::pipeline::{Became, Kept, OnFile};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Most fits kept per study: a few runs of a study with some hundred models.
const KEPT: usize = 4_000;
/// Most bytes that they may take. A fit of 45 coefficients is 50 to 100 kB.
const BYTES: u64 = 256 << 20;

/// The fits of one study.
pub(in crate::commands) struct Fits {
    folder: PathBuf,
    program: String,
    /// What became of each fit, in order of asking.
    told: Mutex<Vec<(String, Became)>>,
    /// Keys kept by this run: what is found under them is no earlier run's.
    fresh: Mutex<BTreeSet<String>>,
}

impl Fits {
    /// Fits in `folder`, made by the program with this hash.
    pub(super) fn new(folder: &Path, program: &str) -> Self {
        Self { folder: folder.to_path_buf(), program: program.into(), told: Mutex::default(), fresh: Mutex::default() }
    }

    fn path(&self, key: &str) -> PathBuf {
        let name = files::sha256_hex(format!("{}\n{}\n{key}", super::FORM, self.program).as_bytes());
        self.folder.join(format!("{}.fit", &name[..48]))
    }

    /// Lines for `--explain`.
    pub(in crate::commands) fn explained(&self) -> Vec<String> {
        let told = self.told.lock().map(|told| told.clone()).unwrap_or_default();
        let number = |wanted: &[Became]| told.iter().filter(|(_, became)| wanted.contains(became)).count();
        let reused = number(&[Became::Reused]);
        let mut summary = format!("fits: {reused} reused, {} computed", number(&[Became::Computed, Became::Mended]));
        for (became, words) in [(Became::Shared, "asked for twice"), (Became::Failed, "that cannot be made")] {
            if number(&[became]) > 0 {
                summary += &format!(", {} {words}", number(&[became]));
            }
        }
        let line = |(name, became): &(String, Became)| match became {
            Became::Computed if reused > 0 => {
                Some(format!("fit of {name}: computed, as its sample or options are new"))
            }
            Became::Mended => Some(format!("fit of {name}: computed, as the fit on file is damaged")),
            _ => None,
        };
        std::iter::once(summary).chain(told.iter().filter_map(line)).collect()
    }

    /// Forgets the fits that were written first, beyond the number and size kept.
    pub(super) fn sweep(&self) {
        let mut bytes = 0;
        for (at, (_, path)) in super::dated(&self.folder, "", ".fit").into_iter().rev().enumerate() {
            bytes += path.metadata().map_or(0, |found| found.len());
            if at >= KEPT || bytes > BYTES {
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

impl Kept for Fits {
    fn find(&self, key: &str) -> OnFile {
        let path = self.path(key);
        let Ok(bytes) = std::fs::read(&path) else { return OnFile::Nothing };
        match super::checked(&bytes) {
            Some(whole) => OnFile::Whole {
                bytes: whole.to_vec(),
                earlier: self.fresh.lock().is_ok_and(|fresh| !fresh.contains(key)),
            },
            None => {
                let _ = std::fs::remove_file(path);
                OnFile::Damaged
            }
        }
    }

    fn keep(&self, key: &str, bytes: &[u8]) {
        if let Ok(mut fresh) = self.fresh.lock() {
            fresh.insert(key.into());
        }
        // A fit that cannot be kept costs the next run time, and this run nothing.
        let _ = files::create_private_dir(&self.folder)
            .and_then(|()| files::replace(&self.path(key), &super::sealed(bytes)));
    }

    fn tell(&self, fit: &str, became: Became) {
        if let Ok(mut told) = self.told.lock() {
            told.push((fit.into(), became));
        }
    }
}
