//! Ranges and cross references of the simulator's truth. Reports everything at once.

use super::{Draw, OutcomeTruth, Scale, Simulation};
use crate::config::{Config, CovariateKind};
use crate::error::Problem;
use std::collections::BTreeMap;

/// Codes that one item may have, missing ones included.
const MOST_CODES: usize = 16;
/// Items that may be drawn for one responder, outcomes aside.
const MOST_ITEMS: usize = 32;

impl Simulation {
    /// Everything that is wrong with the section, given the rest of the study. Empty when it can be used.
    pub fn check(&self, config: &Config) -> Vec<Problem> {
        let mut check = Check { config, simulation: self, problems: Vec::new() };
        check.scale("full", &self.full);
        check.scale("small", &self.small);
        check.waves("responders_by_wave", self.responders_by_wave.keys());
        check.numbers();
        check.workforce();
        check.draws();
        for (id, truth) in &self.outcomes {
            check.outcome(id, truth);
        }
        check.generated();
        check.problems
    }
}

struct Check<'a> {
    config: &'a Config,
    simulation: &'a Simulation,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn add(&mut self, key: &str, what: String) {
        self.problems.push(Problem::new(format!("`simulate.{key}` {what}")));
    }

    fn unless(&mut self, fine: bool, key: &str, what: impl FnOnce() -> String) {
        if !fine {
            self.add(key, what());
        }
    }

    fn known(&mut self, key: &str, id: &str, known: &[String]) {
        if !known.iter().any(|name| name == id) {
            let what = format!("`simulate.{key}` names `{id}`, which the study does not have");
            self.problems.push(Problem::new(what).nearest(id, known));
        }
    }

    fn scale(&mut self, key: &str, scale: &Scale) {
        let fine = scale.areas >= 1 && scale.clusters >= scale.areas && scale.practices >= scale.clusters;
        self.unless(fine && scale.responders >= 1, key, || {
            "needs at least one area, as many clusters, as many practices and a responder".into()
        });
        let names = &self.simulation.names;
        let not_kept = self.simulation.practices.not_kept.as_ref().map_or(0, |not_kept| not_kept.rows);
        let patterns = [
            ("practice_code", &names.practice_code, scale.practices + not_kept),
            ("cluster_code", &names.cluster_code, scale.clusters),
            ("area_code", &names.area_code, scale.areas),
        ];
        for (name, pattern, needed) in patterns {
            let room = room(pattern);
            self.unless(room >= needed, &format!("names.{name}"), || {
                format!("`{pattern}` gives {room} different codes, but {needed} are needed")
            });
        }
    }

    /// All labels are the study's, and every wave has one.
    fn waves<'k>(&mut self, key: &str, labels: impl Iterator<Item = &'k i32>) {
        let labels: Vec<i32> = labels.copied().collect();
        for label in &labels {
            self.unless(self.config.waves.contains(label), key, || {
                format!("names wave {label}, which the study does not have")
            });
        }
        for wave in &self.config.waves {
            self.unless(labels.contains(wave), key, || format!("has no value for wave {wave}"));
        }
    }

    fn share(&mut self, key: &str, value: f64) {
        self.unless((0.0..=1.0).contains(&value), key, || format!("is {value}, expected a share from 0 to 1"));
    }

    fn at_least_zero(&mut self, key: &str, value: f64) {
        self.unless(value.is_finite() && value >= 0.0, key, || format!("is {value}, expected a number of at least 0"));
    }

    fn above_zero(&mut self, key: &str, value: f64) {
        self.unless(value.is_finite() && value > 0.0, key, || format!("is {value}, expected a number above 0"));
    }

    fn numbers(&mut self) {
        let simulation = self.simulation;
        for (wave, responders) in &simulation.responders_by_wave {
            self.above_zero(&format!("responders_by_wave.{wave}"), *responders);
        }
        let practices = &simulation.practices;
        self.above_zero("practices.list_size", practices.list_size);
        self.at_least_zero("practices.list_size_spread", practices.list_size_spread);
        self.unless(practices.growth.abs() < 1.0, "practices.growth", || "must lie between -1 and 1".into());
        self.share("practices.moving", practices.moving);
        self.share("practices.closing", practices.closing);
        self.share("practices.unassigned", practices.unassigned);
        self.share("practices.rurality", practices.rurality.values().sum());
        let deprivation = &simulation.deprivation;
        self.unless(!deprivation.years.is_empty(), "deprivation.years", || "is empty".into());
        for (year, moments) in &deprivation.years {
            self.above_zero(&format!("deprivation.years.{year}.mean"), moments.mean);
            self.above_zero(&format!("deprivation.years.{year}.sd"), moments.sd);
        }
        self.share("deprivation.area_share + cluster_share", deprivation.area_share + deprivation.cluster_share);
        self.share("deprivation.area_share", deprivation.area_share);
        self.share("deprivation.cluster_share", deprivation.cluster_share);
        self.share("deprivation.change", deprivation.change);
        self.at_least_zero("response.spread", simulation.response.spread);
        self.unless(simulation.response.deprivation.abs() < 10.0, "response.deprivation", || "is out of range".into());
        if let Some(weights) = &simulation.weights {
            self.at_least_zero("weights.spread", weights.spread);
            for (id, factors) in &weights.by {
                self.drawn("weights.by", id);
                for (code, factor) in factors {
                    self.above_zero(&format!("weights.by.{id}.{code}"), *factor);
                }
            }
        }
    }

    fn workforce(&mut self) {
        let truth = &self.simulation.workforce;
        self.at_least_zero("workforce.spread", truth.spread);
        self.share("workforce.persistence", truth.persistence);
        self.unless((0.0..1.0).contains(&truth.lapse), "workforce.lapse", || "must be at least 0 and below 1".into());
        self.above_zero("workforce.hours", truth.hours);
        for (label, census) in &truth.censuses {
            let key = format!("workforce.censuses.{label}");
            self.unless(month(label).is_some(), &key, || "is not a census label such as 2020-12".into());
            self.share(&format!("{key}.returns"), census.returns);
            self.share(&format!("{key}.any"), census.any);
            self.at_least_zero(&format!("{key}.mean"), census.mean);
            self.unless(census.need.abs() < 10.0, &format!("{key}.need"), || "is out of range".into());
        }
        for census in self.config.exposure.census_for_wave.iter().flatten() {
            let label = census.to_string();
            self.unless(truth.censuses.contains_key(&label), "workforce.censuses", || {
                format!("lacks {label}, which the exposure needs")
            });
        }
        let staff: f64 = truth.other_roles.iter().map(|role| role.staff).sum();
        self.unless(staff > 0.0, "workforce.other_roles", || {
            "is empty: a cluster without the exposure could not show that it sent a return".into()
        });
        for role in &truth.other_roles {
            self.at_least_zero("workforce.other_roles.staff", role.staff);
            let counted = self
                .config
                .inputs
                .workforce
                .matching
                .iter()
                .all(|(header, accepted)| role.values.get(header).is_some_and(|value| accepted.contains(value)));
            self.unless(!counted, "workforce.other_roles", || {
                format!("has a role that counts towards the exposure: {:?}", role.values)
            });
        }
    }

    /// `id` is one of the drawn covariates or items.
    fn drawn(&mut self, key: &str, id: &str) {
        let simulation = self.simulation;
        let known: Vec<String> = simulation.covariates.keys().chain(simulation.items.keys()).cloned().collect();
        self.known(key, id, &known);
    }

    fn draws(&mut self) {
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

    fn outcome(&mut self, id: &str, truth: &OutcomeTruth) {
        let known: Vec<String> = self.config.outcomes.iter().map(|outcome| outcome.id.clone()).collect();
        self.known("outcomes", id, &known);
        let Some(outcome) = self.config.outcomes.iter().find(|outcome| outcome.id == id) else { return };
        let key = |name: &str| format!("outcomes.{id}.{name}");
        self.above_zero(&key("odds_ratio"), truth.odds_ratio);
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
    fn generated(&mut self) {
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

/// How many codes a pattern can give.
fn room(pattern: &str) -> usize {
    let base = |c| if c == '#' { 10 } else { 26 };
    pattern
        .chars()
        .filter(|c| matches!(c, '#' | '@'))
        .fold(1_usize, |room, c| room.saturating_mul(base(c)))
        .saturating_sub(1)
}

/// Months since year 0 of a label such as `2020-12`.
fn month(label: &str) -> Option<i32> {
    let (year, month) = label.split_once('-')?;
    let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
    (1..=12).contains(&month).then_some(year * 12 + month - 1)
}
