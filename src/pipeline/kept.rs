//! Fits of earlier runs: a fit whose sample and options are those of one on file is taken from there.
//! Knows what makes two fits the same, and not where they are kept.

use crate::files;
use crate::model::{self, Fit, FitError, Options, Sample};
use sha2::{Digest, Sha256};

/// Where fits are kept. What they hold may describe few people: it is for private places only.
pub trait Kept: Sync {
    /// The bytes kept under a key, if they are whole.
    fn find(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps bytes under a key.
    fn keep(&self, key: &str, bytes: &[u8]);
    /// Is told of each fit whether it was on file.
    fn tell(&self, fit: &str, reused: bool);
}

/// The fit of a sample, from what is kept or computed and then kept. `name` is for people.
///
/// # Errors
/// As [`model::fit`]; failures are not kept.
pub(super) fn fit(kept: Option<&dyn Kept>, name: &str, sample: &Sample, options: &Options) -> Result<Fit, FitError> {
    let Some(kept) = kept else { return model::fit(sample, options) };
    let mut hash = Sha256::new();
    model::content(sample, options, &mut |bytes| hash.update(bytes));
    let key = files::hex(&hash.finalize());
    if let Some(fit) = kept.find(&key).and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        kept.tell(name, true);
        return Ok(fit);
    }
    kept.tell(name, false);
    let fit = model::fit(sample, options)?;
    // What does not come back as it was (an error that is not a number) is not kept.
    if let Ok(bytes) = serde_json::to_vec(&fit)
        && serde_json::from_slice::<Fit>(&bytes).is_ok_and(|again| again == fit)
    {
        kept.keep(&key, &bytes);
    }
    Ok(fit)
}
