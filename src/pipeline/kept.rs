//! Fits of earlier runs: a fit whose sample and options are those of one on file is taken from there.
//! Knows what makes two fits the same, and not where they are kept.

use crate::files;
use crate::model::{self, Fit, FitError, Options, Sample};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What is on file under a key.
#[derive(Debug)]
pub enum OnFile {
    /// A fit, whole.
    Whole {
        /// What was kept.
        bytes: Vec<u8>,
        /// Whether by an earlier run, not by this one.
        earlier: bool,
    },
    /// Nothing.
    Nothing,
    /// Something that is not what was kept.
    Damaged,
}

/// What became of a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It was taken from an earlier run.
    Reused,
    /// It was computed a moment ago for another analysis.
    Shared,
    /// Nothing was on file: it was computed.
    Computed,
    /// What was on file was damaged: it was computed again.
    Mended,
    /// It cannot be made, which is found anew each time.
    Failed,
}

/// Where fits are kept. What they hold may describe few people: it is for private places only.
pub trait Kept: Sync {
    /// What is kept under a key.
    fn find(&self, key: &str) -> OnFile;
    /// Keeps bytes under a key.
    fn keep(&self, key: &str, bytes: &[u8]);
    /// Is told of each fit what became of it.
    fn tell(&self, fit: &str, became: Became);
}

/// Bytes of a sample that are hashed together.
const PIECE: usize = 1 << 20;

/// The hash of the hashes of a sample's pieces, which are made side by side.
fn hashed(sample: &Sample) -> Sha256 {
    let digests: Mutex<BTreeMap<usize, Vec<u8>>> = Mutex::default();
    let put = &|at: usize, bytes: &[u8]| {
        let digest = Sha256::digest(bytes).to_vec();
        digests.lock().unwrap_or_else(PoisonError::into_inner).insert(at, digest);
    };
    rayon::in_place_scope(|scope| {
        let (mut piece, mut next) = (Vec::with_capacity(PIECE), 0);
        model::content_of_sample(sample, &mut |bytes| {
            piece.extend_from_slice(bytes);
            if piece.len() >= PIECE {
                let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
                let at = next;
                next += 1;
                scope.spawn(move |_| put(at, &full));
            }
        });
        put(next, &piece);
    });
    let mut hash = Sha256::new();
    digests.into_inner().unwrap_or_else(PoisonError::into_inner).values().for_each(|digest| hash.update(digest));
    hash
}

/// A sample whose fits are looked for among those of earlier runs.
pub(super) struct Sampled<'a> {
    kept: Option<(&'a dyn Kept, Sha256)>,
    sample: &'a Sample<'a>,
}

impl<'a> Sampled<'a> {
    /// Reads the sample once, however often it is fitted.
    pub(super) fn new(kept: Option<&'a dyn Kept>, sample: &'a Sample<'a>) -> Self {
        Self { kept: kept.map(|kept| (kept, hashed(sample))), sample }
    }

    /// The fit, from what is kept or computed and then kept. `name` is for people.
    ///
    /// # Errors
    /// As [`model::fit`]; failures are not kept.
    pub(super) fn fit(&self, name: &str, options: &Options) -> Result<Fit, FitError> {
        let Some((kept, hash)) = &self.kept else { return model::fit(self.sample, options) };
        let mut hash = hash.clone();
        model::content_of_options(options, &mut |bytes| hash.update(bytes));
        let key = files::hex(&hash.finalize());
        let became = match kept.find(&key) {
            OnFile::Nothing => Became::Computed,
            OnFile::Damaged => Became::Mended,
            OnFile::Whole { bytes, earlier } => match serde_json::from_slice(&bytes) {
                Ok(fit) => {
                    kept.tell(name, if earlier { Became::Reused } else { Became::Shared });
                    return Ok(fit);
                }
                Err(_) => Became::Mended,
            },
        };
        let fit = model::fit(self.sample, options);
        kept.tell(name, if fit.is_ok() { became } else { Became::Failed });
        let fit = fit?;
        // What does not come back as it was (an error that is not a number) is not kept.
        if let Ok(bytes) = serde_json::to_vec(&fit)
            && serde_json::from_slice::<Fit>(&bytes).is_ok_and(|again| again == fit)
        {
            kept.keep(&key, &bytes);
        }
        Ok(fit)
    }
}

/// The one fit of a sample: [`Sampled::fit`].
///
/// # Errors
/// As there.
pub(super) fn fit(kept: Option<&dyn Kept>, name: &str, sample: &Sample, options: &Options) -> Result<Fit, FitError> {
    Sampled::new(kept, sample).fit(name, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Block, Patterns};

    /// Large enough for several pieces.
    fn key(change: impl Fn(&mut Sample), threads: usize) -> Option<String> {
        const ROWS: usize = 900_000;
        let patterns = Patterns::default();
        let mut sample = Sample {
            blocks: vec![Block { rows: 0..ROWS, group: 1, cluster: 1 }],
            columns: Vec::new(),
            patterns: &patterns,
            numerics: Vec::new(),
            pattern: vec![0; ROWS],
            success: vec![0; ROWS],
            outcome: None,
            count: None,
            weight: None,
            offset: None,
            group_name: "g".into(),
        };
        change(&mut sample);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok()?;
        Some(pool.install(|| files::hex(&hashed(&sample).finalize())))
    }

    #[test]
    fn a_sample_has_one_hash_on_any_number_of_threads_and_every_piece_counts() {
        let plain = key(|_| {}, 1);
        assert!(plain.is_some() && plain == key(|_| {}, 2) && plain == key(|_| {}, 16));
        for at in [0, 300_000, 899_999] {
            assert_ne!(plain, key(|sample| sample.pattern[at] = 1, 2));
            assert_ne!(plain, key(|sample| sample.success[at] = 1, 2));
        }
        assert_ne!(plain, key(|sample| sample.group_name = "h".into(), 2));
    }
}
