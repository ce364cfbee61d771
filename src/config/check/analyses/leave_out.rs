//! Checks of `analyses.leave_out`.

use super::super::Checker;
use super::Known;
use crate::config::raw::RawLeaveOut;
use crate::config::types::*;

impl Checker<'_> {
    pub(super) fn leave_out(&mut self, raw: RawLeaveOut, known: &Known) -> LeaveOut {
        let at = "analyses.leave_out";
        let kinds = [("wave", Part::Wave), ("region", Part::Region), ("area", Part::Area)];
        let mut by = Vec::new();
        for name in &raw.by {
            let part = self.word(&format!("{at}.by"), name, &kinds);
            if !by.contains(&part) {
                by.push(part);
            }
        }
        if by.is_empty() {
            self.fault(&format!("{at}.by"), "nothing to leave out", "name `wave`, `region`, `area`, or several");
        }
        if by.contains(&Part::Region) && known.workforce.region.is_none() {
            self.fault(&format!("{at}.by"), "the workforce files' regions are not read", NO_REGION);
        }
        LeaveOut { by, outcomes: self.outcomes_named(&format!("{at}.outcomes"), raw.outcomes, known) }
    }
}

/// What to do where regions are asked for and not read.
pub(super) const NO_REGION: &str = "name their columns: `inputs.workforce.columns.region` and `region_name`";
