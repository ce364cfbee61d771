//! Checks of `lint`: wordings that can be found at all.

use super::Checker;
use crate::config::raw::RawLint;
use crate::config::types::Lint;

impl Checker<'_> {
    /// Words to look for and passages to leave alone.
    pub(super) fn lint(&mut self, raw: RawLint) -> Lint {
        for (key, words) in [("lint.causal", &raw.causal), ("lint.allow", &raw.allow)] {
            for word in words.iter().filter(|word| word.trim().chars().count() < 2) {
                self.fault(key, format!("`{word}` is too short to look for"), "write whole words");
            }
        }
        Lint { causal: raw.causal, allow: raw.allow }
    }
}
