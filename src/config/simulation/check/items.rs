//! Items and outcomes of the simulator's truth: codes, shares, effects, and whether every item that
//! the study reads is drawn.

use super::Check;
use crate::config::{CovariateKind, Draw, OutcomeTruth};
use std::collections::BTreeMap;

/// Codes that one item may have, missing ones and the usable answer included.
const MOST_CODES: usize = 16;
/// Items that may be drawn for one responder, outcomes aside.
const MOST_ITEMS: usize = 32;

impl Check<'_> {
    /// `id` is one of the drawn covariates or items.
    pub(super) fn drawn(&mut self, key: &str, id: &str) {
        let simulation = self.simulation;
        let known: Vec<String> = simulation.covariates.keys().chain(simulation.items.keys()).cloned().collect();
        self.known(key, id, &known);
    }

    pub(super) fn draws(&mut self) {
        let simulation = self.simulation;
        let covariates: Vec<String> = self.config.covariates.iter().map(|covariate| covariate.id.clone()).collect();
        let items = self.config.items();
        for id in simulation.covariates.keys() {
            self.known("covariates", id, &covariates);
        }
        for item in simulation.items.keys() {
            self.known("items", item, &items);
        }
        for (id, draw) in simulation.covariates.iter().chain(&simulation.items) {
            self.unless(draw.shares.values().sum::<f64>() > 0.0, &format!("{id}.shares"), || "is empty".into());
            self.draw(id, draw, false);
        }
        let drawn = simulation.covariates.len() + simulation.items.len();
        self.unless(drawn <= MOST_ITEMS, "covariates", || {
            format!("and items are {drawn}, at most {MOST_ITEMS} are allowed")
        });
    }

    fn draw(&mut self, id: &str, draw: &Draw, open: bool) {
        let all = draw.from.values().chain([&draw.shares, &draw.missing]);
        let mut codes: Vec<i8> = all.clone().flat_map(|shares| shares.keys().copied()).collect();
        for share in all.flat_map(BTreeMap::values) {
            self.at_least_zero(&format!("{id} share"), *share);
        }
        codes.sort_unstable();
        codes.dedup();
        self.unless(codes.len() < MOST_CODES, id, || {
            format!("has {} codes, at most {} are allowed", codes.len(), MOST_CODES - 1)
        });
        self.unless(!codes.contains(&i8::MIN) && !codes.contains(&i8::MAX), id, || {
            "uses a reserved code (-128, 127)".into()
        });
        self.unless(draw.missing.values().sum::<f64>() < 1.0, &format!("{id}.missing"), || "leaves no answers".into());
        for shares in draw.from.values().chain([&draw.shares]) {
            let sum: f64 = shares.values().sum();
            self.unless(!open || sum < 1.0, &format!("{id}.shares"), || {
                format!("sum to {sum}: no usable answers are left")
            });
        }
        let shifted = draw.by.values().flat_map(BTreeMap::values).chain([&draw.deprivation]);
        for (code, shift) in shifted.flatten() {
            self.unless(codes.contains(code), id, || format!("shifts code {code}, which has no share"));
            self.unless(shift.abs() < 50.0, id, || format!("has a shift of {shift} for code {code}"));
        }
        for parent in draw.by.keys() {
            self.drawn(&format!("{id}.by"), parent);
        }
    }

    pub(super) fn outcome(&mut self, id: &str, truth: &OutcomeTruth) {
        let known: Vec<String> = self.config.outcomes.iter().map(|outcome| outcome.id.clone()).collect();
        self.known("outcomes", id, &known);
        let Some(outcome) = self.config.outcomes.iter().find(|outcome| outcome.id == id) else { return };
        let key = |name: &str| format!("outcomes.{id}.{name}");
        self.above_zero(&key("odds_ratio"), truth.odds_ratio);
        if let Some(kink) = truth.kink {
            self.above_zero(&key("kink.at"), kink.at);
            self.above_zero(&key("kink.odds_ratio"), kink.odds_ratio);
        }
        self.unless(truth.trend.abs() < 10.0, &key("trend"), || "is out of range".into());
        self.at_least_zero(&key("practice_sd"), truth.practice_sd);
        self.at_least_zero(&key("cluster_wave_sd"), truth.cluster_wave_sd);
        for (wave, item) in self.config.waves.iter().zip(&outcome.items) {
            let level = truth.levels.get(wave).copied();
            let fine = item.is_none() || level.is_some_and(|level| level > 0.0 && level < 1.0);
            self.unless(fine, &key("levels"), || format!("needs a share between 0 and 1 for wave {wave}"));
        }
        for (name, shares, accepted) in
            [("success", &truth.success, &outcome.success), ("failure", &truth.failure, &outcome.failure)]
        {
            let fine = shares.values().all(|share| *share >= 0.0) && shares.values().sum::<f64>() > 0.0;
            self.unless(fine, &key(name), || "needs shares that are not negative, nor all zero".into());
            self.unless(shares.keys().eq(sorted(accepted).iter()), &key(name), || {
                format!("has codes {:?}, the outcome has {:?}", shares.keys(), sorted(accepted))
            });
        }
        let left_out: Vec<i8> = outcome.left_out.iter().map(|(code, _)| *code).collect();
        self.unless(truth.left_out.shares.keys().eq(sorted(&left_out).iter()), &key("left_out.shares"), || {
            format!("has codes {:?}, the outcome has {:?}", truth.left_out.shares.keys(), sorted(&left_out))
        });
        self.draw(&key("left_out"), &truth.left_out, true);
        for (name, effects) in &truth.exposure_by {
            self.drawn(&key("exposure_by"), name);
            self.unless(effects.values().all(|effect| effect.abs() < 50.0), &key("exposure_by"), || {
                "has an effect that is not a number of moderate size".into()
            });
        }
        let moderate = truth.exposure_by_region.values().all(|effect| effect.abs() < 50.0);
        self.unless(moderate, &key("exposure_by_region"), || {
            "has an effect that is not a number of moderate size".into()
        });
        for (name, effects) in &truth.effects {
            self.drawn(&key("effects"), name);
            self.unless(effects.values().all(|effect| effect.abs() < 50.0), &key("effects"), || {
                "is out of range".into()
            });
        }
        for (item, _) in &outcome.base {
            self.base(id, item);
        }
    }

    fn base(&mut self, id: &str, item: &str) {
        let covariate = self.config.covariates.iter().any(|covariate| {
            matches!(&covariate.kind, CovariateKind::Item { items, .. } if items.iter().any(|name| name == item))
        });
        self.unless(covariate || self.simulation.items.contains_key(item), "items", || {
            format!("lacks `{item}`, which decides who is asked for `{id}`")
        });
    }

    /// Every item that the study reads comes from somewhere.
    pub(super) fn generated(&mut self) {
        let simulation = self.simulation;
        let mut made: Vec<&String> = simulation.items.keys().collect();
        for covariate in &self.config.covariates {
            if let (true, CovariateKind::Item { items, .. }) =
                (simulation.covariates.contains_key(&covariate.id), &covariate.kind)
            {
                made.extend(items);
            }
        }
        for outcome in &self.config.outcomes {
            if simulation.outcomes.contains_key(&outcome.id) {
                made.extend(outcome.items.iter().flatten());
            }
        }
        for item in self.config.items() {
            let fine = made.contains(&&item);
            self.unless(fine, "covariates", || format!("says nothing of item `{item}`, which the study reads"));
        }
    }
}

fn sorted(codes: &[i8]) -> Vec<i8> {
    let mut codes = codes.to_vec();
    codes.sort_unstable();
    codes
}
