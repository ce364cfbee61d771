//! Ranges and cross references of the simulator's truth. Reports everything at once.

mod items;

use super::{Scale, Simulation};
use crate::config::{Config, Source};
use crate::error::Problem;

impl Simulation {
    /// Everything that is wrong with the section, given the rest of the study. Empty when it can be used.
    pub fn check(&self, config: &Config) -> Vec<Problem> {
        let mut check = Check { config, simulation: self, problems: Vec::new() };
        check.scale("full", &self.full);
        check.scale("small", &self.small);
        check.waves("responders_by_wave", self.responders_by_wave.keys());
        check.numbers();
        check.sizes();
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
        let problem = Problem::new(format!("`simulate.{key}` {what}"));
        self.problems.push(problem.hint("the shipped config has a working `simulate` section"));
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

    /// What is drawn from these numbers must fit in memory.
    fn at_most(&mut self, key: &str, value: f64, most: f64) {
        self.unless(value <= most, key, || format!("is {value:e}, expected at most {most}"));
    }

    /// Upper ends of the numbers that sizes of files are drawn from.
    fn sizes(&mut self) {
        let simulation = self.simulation;
        for (key, scale) in [("full", &simulation.full), ("small", &simulation.small)] {
            self.at_most(&format!("{key}.responders"), scale.responders as f64, 200e6);
            self.at_most(&format!("{key}.practices"), scale.practices as f64, 1e6);
        }
        self.at_most("practices.list_size", simulation.practices.list_size, 1e6);
        self.at_most("practices.list_size_spread", simulation.practices.list_size_spread, 3.0);
        self.at_most("response.spread", simulation.response.spread, 3.0);
        let workforce = &simulation.workforce;
        self.at_most("workforce.spread", workforce.spread, 3.0);
        for (label, census) in &workforce.censuses {
            self.at_most(&format!("workforce.censuses.{label}.mean"), census.mean, 1e3);
        }
        for role in &workforce.other_roles {
            self.at_most("workforce.other_roles.staff", role.staff, 1e3);
        }
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
        // Real censuses are not asked of the simulator.
        let needed = self.config.inputs.workforce.source != Source::Real;
        for census in self.config.exposure.census_for_wave.iter().flatten().filter(|_| needed) {
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
