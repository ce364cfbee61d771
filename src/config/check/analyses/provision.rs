//! Checks of `analyses.provision`.

use super::super::Checker;
use super::Known;
use crate::config::raw::RawProvisionNeed;
use crate::config::types::*;

impl Checker<'_> {
    pub(super) fn provision_need(&mut self, raw: RawProvisionNeed, known: &Known) -> ProvisionNeed {
        let at = "analyses.provision";
        let words = [
            ("deprivation", ProvisionAdjust::Deprivation),
            ("patients", ProvisionAdjust::Patients),
            ("area", ProvisionAdjust::Area),
        ];
        let adjust = raw.adjust.iter().map(|word| self.word(&format!("{at}.adjust"), word, &words)).collect();
        let outcome = self.outcome_named(&format!("{at}.need.outcome"), &raw.need.outcome, known).unwrap_or(0);
        let wave = self.wave(&format!("{at}.need.wave"), raw.need.wave).unwrap_or(0);
        if known.outcomes.get(outcome).is_some_and(|o| o.items.get(wave).is_some_and(Option::is_none)) {
            let what = format!("outcome `{}` has no item in wave {}", raw.need.outcome, raw.need.wave);
            self.fault(&format!("{at}.need.wave"), what, "name a wave in which it was asked");
        }
        ProvisionNeed {
            label: raw.need.label,
            outcome,
            wave,
            success: self.word(
                &format!("{at}.need.answer"),
                &raw.need.answer,
                &[("failure", false), ("success", true)],
            ),
            per: self.range(&format!("{at}.per"), raw.per, 1.0, 1e9),
            adjust,
        }
    }
}
