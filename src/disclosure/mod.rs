//! The gate between what was computed and what may be shown.
//!
//! A value leaves the program only as [`Released`], and only this room can make one. It knows
//! counts and thresholds; it knows no file format and no wording of the report. It fails closed:
//! an unknown regime is an error, and a value without a count behind it is not released.

mod analyses;
mod dataset;
mod findings;
mod margins;
mod tested;

pub use analyses::*;
pub use dataset::*;
pub use findings::*;
pub use margins::LedgerLine;
pub use tested::*;

use serde::{Deserialize, Serialize};

/// Why a value is not shown.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Fewer people than the threshold stand behind it.
    Small,
    /// It would let a small count be derived from a total.
    Complement,
    /// There is no estimate; the text says why.
    NotEstimated(String),
}

impl Reason {
    /// The word used in `status` columns.
    pub fn status(&self) -> String {
        match self {
            Self::Small => "suppressed: small count".into(),
            Self::Complement => "suppressed: complements a small count".into(),
            Self::NotEstimated(why) => format!("not estimated: {why}"),
        }
    }
}

/// A value that passed the gate, or the reason it did not. Only this room makes one; the cache of
/// results keeps what was made here.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct Released<T>(Result<T, Reason>);

impl<T> Released<T> {
    /// The value, if it may be shown.
    pub fn shown(&self) -> Option<&T> {
        self.0.as_ref().ok()
    }

    /// The reason it is hidden, if it is.
    pub fn hidden(&self) -> Option<&Reason> {
        self.0.as_ref().err()
    }

    /// `ok` or the reason, for `status` columns.
    pub fn status(&self) -> String {
        self.0.as_ref().err().map_or_else(|| "ok".into(), Reason::status)
    }

    /// The same decision for a value computed from this one.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> Released<U> {
        Released(self.0.as_ref().map(f).map_err(Clone::clone))
    }
}

/// The regime in force.
#[derive(Debug, Clone)]
pub struct Gate {
    threshold: u64,
}

impl Gate {
    /// A gate that hides results on fewer than `threshold` people.
    pub fn new(threshold: u64) -> Self {
        Self { threshold }
    }

    /// Results on fewer people than this are hidden.
    pub fn threshold(&self) -> u64 {
        self.threshold
    }

    /// A count. Zero is shown: nobody is described by it.
    pub fn count(&self, n: u64) -> Released<u64> {
        self.value(n, n)
    }

    /// A value that describes `n` people.
    pub fn value<T>(&self, n: u64, value: T) -> Released<T> {
        if n > 0 && n < self.threshold { Released(Err(Reason::Small)) } else { Released(Ok(value)) }
    }

    /// A value that could not be computed.
    pub fn missing<T>(&self, why: impl Into<String>) -> Released<T> {
        Released(Err(Reason::NotEstimated(why.into())))
    }

    /// Counts that add up to a shown total: where exactly one is small, the smallest other
    /// non-zero part is hidden too, so that the total does not give the small one away.
    pub fn parts(&self, counts: &[u64]) -> Vec<Released<u64>> {
        let mut parts: Vec<_> = counts.iter().map(|n| self.count(*n)).collect();
        let hidden: u64 = parts.iter().zip(counts).filter(|(part, _)| part.shown().is_none()).map(|(_, n)| n).sum();
        let any_hidden = parts.iter().any(|part| part.shown().is_none());
        if any_hidden && (hidden < self.threshold || parts.iter().filter(|p| p.shown().is_none()).count() == 1) {
            let next =
                (0..counts.len()).filter(|&i| counts[i] > 0 && parts[i].shown().is_some()).min_by_key(|&i| counts[i]);
            if let Some(next) = next {
                parts[next] = Released(Err(Reason::Complement));
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_hidden_and_not_derivable_from_the_total() {
        let gate = Gate::new(10);
        assert_eq!(gate.count(0).shown(), Some(&0));
        assert_eq!(gate.count(9).shown(), None);
        assert_eq!(gate.count(10).shown(), Some(&10));
        let parts = gate.parts(&[500, 4, 60, 0]);
        assert_eq!(parts.iter().map(|p| p.shown().copied()).collect::<Vec<_>>(), [Some(500), None, None, Some(0)]);
        let parts = gate.parts(&[500, 60]);
        assert!(parts.iter().all(|p| p.shown().is_some()));
    }
}
