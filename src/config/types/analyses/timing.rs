//! Timing: leads and lags of the exposure, placebo dates, outcomes that it cannot change.

use crate::config::types::Outcome;

/// What is asked of the timing.
#[derive(Debug, Clone, Default)]
pub struct Timing {
    /// Outcomes, as indices.
    pub outcomes: Vec<usize>,
    /// Wave that the others are compared with: an index among those without a census.
    pub reference: usize,
    /// Years by which the exposure is looked at before it is there.
    pub leads: u32,
    /// Years by which it is looked at afterwards.
    pub lags: u32,
    /// Years by which the exposure is moved back into waves before any.
    pub shifts: Vec<u32>,
    /// Outcomes that the exposure should not change.
    pub controls: Vec<Outcome>,
}
