//! Timing of the association, as released values.

use crate::disclosure::{Estimate, JointTested, Released};
use serde::{Deserialize, Serialize};

/// Which look at the timing.
#[derive(Debug, Serialize, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Later provision of the place, by wave against a reference wave.
    Event,
    /// The exposure of earlier and later years beside that of the year.
    Path,
    /// The exposure moved back into waves before any.
    Shift,
    /// An outcome that the exposure should not change.
    Control,
}

impl Look {
    /// The word in `results.csv`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Event => "event_study",
            Self::Path => "leads_and_lags",
            Self::Shift => "placebo_date",
            Self::Control => "placebo_outcome",
        }
    }
}

/// One coefficient.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct TimedRow {
    /// Which look.
    pub look: Look,
    /// Index into the config's outcomes; of a placebo outcome into its list.
    pub outcome: usize,
    /// Event: index of the wave. Path: years since the exposure, below 0 for leads. Shift: years.
    pub at: i64,
    /// Responses analysed.
    pub n: Released<u64>,
    /// Clusters analysed.
    pub clusters: Released<u64>,
    /// Coefficient per unit.
    pub coefficient: Released<Estimate>,
    /// Difference in the mean predicted probability between one unit and none, everybody else as they were.
    pub effect: Released<Estimate>,
    /// P value of two one-sided tests that the difference is smaller than the smallest that matters.
    pub equivalence: Released<f64>,
}

/// A joint test of some of an outcome's coefficients.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct TimedTest {
    /// Which look.
    pub look: Look,
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// True for what lies before the exposure, false for what lies after.
    pub before: bool,
    /// Responses analysed.
    pub n: Released<u64>,
    /// Clusters analysed.
    pub clusters: Released<u64>,
    /// The test.
    pub wald: Released<JointTested>,
}

/// Everything found on timing, by outcome, then look.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct TimingFound {
    /// Coefficients.
    pub rows: Vec<TimedRow>,
    /// Joint tests.
    pub tests: Vec<TimedTest>,
}
