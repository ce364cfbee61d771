//! Checks of `analyses.timing`.

use super::super::Checker;
use super::Known;
use crate::config::raw::{RawControl, RawTiming};
use crate::config::types::*;
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn timing(&mut self, raw: RawTiming, known: &Known) -> Timing {
        let at = "analyses.timing";
        let census = &known.exposure.census_for_wave;
        let before = census.iter().take_while(|census| census.is_none()).count();
        if before < 2 || before == census.len() {
            let what = format!("{before} of the waves without a census stand before the first with one");
            self.fault(at, what, "a look at earlier waves needs two of them, and one with a census after them");
        }
        let reference = raw.reference.and_then(|label| self.wave(&format!("{at}.reference"), label));
        if let Some(wave) = reference.filter(|wave| *wave >= before) {
            let what = format!("reference wave {} has a census", self.waves[wave]);
            self.fault(&format!("{at}.reference"), what, "name a wave without one");
        }
        for (name, years) in [("leads", raw.leads), ("lags", raw.lags)] {
            if years > 5 {
                self.fault(&format!("{at}.{name}"), format!("{years} years, expected at most 5"), "look less far");
            }
        }
        self.shifts(&format!("{at}.shifts"), &raw.shifts, before, known);
        let controls: Vec<Outcome> =
            raw.controls.into_iter().filter_map(|(id, control)| self.control_outcome(id, control, known)).collect();
        Timing {
            outcomes: self.outcomes_named(&format!("{at}.outcomes"), raw.outcomes, known),
            reference: reference.unwrap_or(before.saturating_sub(1)),
            leads: raw.leads,
            lags: raw.lags,
            shifts: raw.shifts,
            controls,
        }
    }

    /// A shift moves some wave with a census onto one without, and leaves one without exposure.
    fn shifts(&mut self, at: &str, shifts: &[u32], before: usize, known: &Known) {
        let census = &known.exposure.census_for_wave;
        let moved = |wave: &i32, shift: u32| {
            let from = self.waves.iter().position(|label| i64::from(*label) == i64::from(*wave) + i64::from(shift));
            from.is_some_and(|from| census.get(from).is_some_and(Option::is_some))
        };
        let mut wrong = Vec::new();
        for shift in shifts {
            let hit = self.waves.iter().take(before).filter(|wave| moved(wave, *shift)).count();
            if hit == 0 || hit == before {
                wrong.push(*shift);
            }
        }
        if shifts.iter().collect::<BTreeSet<_>>().len() < shifts.len() {
            self.fault(at, "a shift is listed twice", "list it once");
        }
        for shift in wrong {
            let what =
                format!("moved back by {shift} years, the exposure lies in none or all of the waves without a census");
            self.fault(at, what, "choose shifts that leave one of them without exposure");
        }
    }

    fn control_outcome(&mut self, id: String, raw: RawControl, known: &Known) -> Option<Outcome> {
        let at = format!("analyses.timing.controls.{id}");
        self.plain_name(&at, &id);
        if known.outcomes.iter().any(|outcome| outcome.id == id) {
            self.fault(&at, format!("`{id}` is an outcome"), "call it something else");
            return None;
        }
        let codes: Vec<i8> = raw.success.iter().chain(&raw.failure).chain(raw.left_out.keys()).copied().collect();
        if raw.success.is_empty() || raw.failure.is_empty() {
            self.fault(&at, "an outcome needs codes for success and for failure", "list them");
        }
        if codes.iter().collect::<BTreeSet<_>>().len() < codes.len() {
            self.fault(&at, "a code is named twice", "give each code to one of success, failure and left_out");
        }
        let items = self.per_wave(&format!("{at}.item"), raw.item);
        Some(Outcome {
            id,
            short: raw.label.clone(),
            label: raw.label,
            asked: String::new(),
            items,
            success: raw.success,
            failure: raw.failure,
            left_out: raw.left_out.into_iter().collect(),
            base: Vec::new(),
            base_reason: String::new(),
            counts: None,
            good: true,
            population: None,
            breaks: Vec::new(),
        })
    }
}
