//! Checks of what a variant or an alternative of the grid changes beside a model's own keys.

use super::Checker;
use super::analyses::Known;
use crate::config::raw::{RawChange, RawLevel, RawRule};
use crate::config::types::*;

/// Longest reach of an exposure's census, in months.
const REACH: i32 = 600;

impl RawLevel {
    /// Whether it is a label only.
    pub(super) fn is_plain(&self) -> bool {
        let keys = [&self.family, &self.absorb, &self.weights, &self.vcov, &self.errors];
        let lists = self.covariates.is_some() || self.effects.is_some() || self.cluster.is_some();
        !lists && keys.iter().all(|key| key.is_none()) && self.change().is_plain()
    }

    /// What it changes beside the model's own keys.
    pub(super) fn change(&self) -> RawChange {
        RawChange {
            exposure: self.exposure.clone(),
            without: self.without.clone(),
            without_areas: self.without_areas.clone(),
            without_regions: self.without_regions.clone(),
            balanced: self.balanced,
            largest_cluster: self.largest_cluster,
            controls: self.controls.clone(),
        }
    }
}

impl RawChange {
    fn is_plain(&self) -> bool {
        let lists = [&self.without_areas, &self.without_regions, &self.controls];
        let none = self.exposure.is_none() && self.largest_cluster.is_none() && !self.balanced;
        none && self.without.is_empty() && lists.iter().all(|list| list.is_empty())
    }
}

impl Checker<'_> {
    /// Adds what is changed to what a model changes already.
    pub(super) fn change(&mut self, at: &str, change: &mut Change, raw: &RawChange, known: &Known) {
        if let Some(rule) = &raw.exposure {
            change.exposure = Some(self.rule(&format!("{at}.exposure"), change.exposure.as_ref(), rule, known));
        }
        for label in &raw.without {
            let wave = self.wave(&format!("{at}.without"), *label);
            change.without.extend(wave.filter(|wave| !change.without.contains(wave)));
        }
        if change.without.len() >= self.waves.len() {
            self.fault(&format!("{at}.without"), "no wave is left", "leave out fewer waves");
        }
        if !raw.without_regions.is_empty() && known.workforce.region.is_none() {
            let what = "the workforce files' regions are not read";
            self.fault(&format!("{at}.without_regions"), what, NO_REGION);
        }
        change.without_areas.extend(raw.without_areas.iter().cloned());
        change.without_regions.extend(raw.without_regions.iter().cloned());
        change.balanced |= raw.balanced;
        if let Some(patients) = raw.largest_cluster {
            change.largest_cluster = Some(self.range(&format!("{at}.largest_cluster"), patients, 1.0, 1e9));
        }
        for name in &raw.controls {
            let control = self.control(&format!("{at}.controls"), name, known);
            if !change.controls.contains(&control) {
                change.controls.push(control);
            }
        }
    }

    fn control(&mut self, at: &str, name: &str, known: &Known) -> Control {
        let names = [
            ("other_roles", Control::OtherRoles),
            ("baseline_by_wave", Control::BaselineByWave),
            ("region_by_wave", Control::RegionByWave),
        ];
        let control = self.word(at, name, &names);
        match control {
            Control::OtherRoles if known.workforce.other.is_empty() => {
                let hint = "name their rows under `inputs.workforce.other`, as `where` names the exposure's";
                self.fault(at, "no other roles are read", hint);
            }
            Control::RegionByWave if known.workforce.region.is_none() => {
                self.fault(at, "the workforce files' regions are not read", NO_REGION);
            }
            Control::BaselineByWave if known.exposure.census_for_wave.iter().all(Option::is_some) => {
                self.fault(at, "no wave is a baseline: all have a census", "take `baseline_by_wave` out");
            }
            _ => {}
        }
        control
    }

    fn rule(&mut self, at: &str, base: Option<&ExposureRule>, raw: &RawRule, known: &Known) -> ExposureRule {
        let months = raw.months.clone().or_else(|| base.map(|base| base.months.clone())).unwrap_or_else(|| vec![0]);
        if months.is_empty() || months.iter().any(|month| month.abs() > REACH) {
            self.fault(&format!("{at}.months"), "no census to take", "write months from the wave's own census: [-12]");
        }
        let kept = base.map_or(known.exposure.not_reporting, |base| base.not_reporting);
        let not_reporting = match &raw.not_reporting {
            Some(word) => self.word(&format!("{at}.not_reporting"), word, &super::inputs::NOT_REPORTING),
            None => kept,
        };
        ExposureRule { months, not_reporting }
    }
}

/// What to do where regions are asked for and not read.
const NO_REGION: &str = "name their columns: `inputs.workforce.columns.region` and `region_name`";
