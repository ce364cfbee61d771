//! The gate between what was computed and what may be shown.
//!
//! A value leaves the program only as [`Released`], and only this room can make one. It knows
//! counts and thresholds; it knows no file format and no wording of the report. It fails closed:
//! an unknown regime is an error, and a value without a count behind it is not released.

mod analyses;
mod dataset;
mod findings;
mod gate;
mod margins;
mod protect;
mod reader;
mod tested;

pub use analyses::*;
pub use dataset::*;
pub use findings::*;
pub use gate::{Gate, Rules};
pub use margins::{Described, LedgerLine};
pub use protect::Sum;
pub use tested::*;

use serde::{Deserialize, Serialize};

/// Why a value is not shown.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Fewer people than the threshold stand behind it.
    Small,
    /// It would let a small count be derived from a total.
    Complement,
    /// It is a small count or its complement, and which of them would tell too much.
    Either,
    /// The model has too few residual degrees of freedom.
    Freedom,
    /// Too few units make up too much of the amount.
    Dominated,
    /// It describes a single unit of a kind that the config does not ask for.
    Unit,
    /// There is no estimate; the text says why.
    NotEstimated(String),
}

impl Reason {
    /// The word used in `status` columns.
    pub fn status(&self) -> String {
        match self {
            Self::Small => "suppressed: small count".into(),
            Self::Complement => "suppressed: complements a small count".into(),
            Self::Either => "suppressed: small count or its complement".into(),
            Self::Freedom => "suppressed: too few residual degrees of freedom".into(),
            Self::Dominated => "suppressed: one or two units dominate".into(),
            Self::Unit => "suppressed: describes a single unit".into(),
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
