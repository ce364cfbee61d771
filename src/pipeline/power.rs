//! Small simulated studies under known odds ratios, each through the same linking, recoding and main model
//! as a run. A study's data and fits follow from its seed alone, which is made from the config's seed, the
//! effect's name and the study's number. Must not touch files or the clock.

use super::{estimate, sample};
use crate::config::{Analyses, Config, Family, Power, PowerEffect, Source, SurveyReader};
use crate::error::{Problem, Problems, Result};
use crate::format::{fixed, plain};
use crate::ingest::{Data, StoredPower, StoredRow};
use crate::{files, model, num, panel, simulate};
use rayon::prelude::*;

/// What stands in place of numbers where a model could not be fitted.
const FAILED: &str = "failed";

/// The studies that a config asks for, by number: all effects of the first replication, then of the next.
pub struct PowerStudies {
    base: Config,
    plan: Power,
}

/// One outcome of one study.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerFit {
    /// Number of the study.
    pub study: u64,
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Coefficient of the exposure, its standard error and p value; none where there is no fit.
    pub numbers: Option<[f64; 3]>,
    /// Whether the 95 % interval holds the truth; none where the model has no odds ratios.
    pub covers: Option<bool>,
}

impl PowerFit {
    /// One line of text, without its end.
    pub fn line(&self) -> String {
        let Self { study, outcome, numbers, covers } = self;
        let covers = covers.map_or("", |covers| if covers { "1" } else { "0" });
        match numbers {
            Some(numbers) => format!("{study},{outcome},{},{covers},.", numbers.map(plain).join(",")),
            None => format!("{study},{outcome},{FAILED},."),
        }
    }

    /// What a line says; none for one that [`PowerFit::line`] does not write. The full stop at the end shows
    /// that nothing is missing.
    pub fn parse(line: &str) -> Option<Self> {
        let cells: Vec<&str> = line.split(',').collect();
        let (study, outcome) = (cells.first()?.parse().ok()?, cells.get(1)?.parse().ok()?);
        match &cells[2..] {
            [failed, "."] if *failed == FAILED => Some(Self { study, outcome, numbers: None, covers: None }),
            [estimate, error, p, covers, "."] => {
                let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite());
                let covers = match *covers {
                    "" => None,
                    "1" => Some(true),
                    "0" => Some(false),
                    _ => return None,
                };
                let numbers = Some([number(estimate)?, number(error)?, number(p)?]);
                Some(Self { study, outcome, numbers, covers })
            }
            _ => None,
        }
    }
}

impl PowerStudies {
    /// The studies of a config.
    ///
    /// # Errors
    /// A config that does not ask for power, or that nothing can be simulated from.
    pub fn new(config: &Config) -> Result<Self> {
        let Some(plan) = config.analyses.power.clone() else {
            let hint = "add `analyses.power` to the config, as in the default one";
            return Err(Problem::new("the config asks for no simulated studies").hint(hint).into());
        };
        let mut base = config.clone();
        let inputs = &mut base.inputs;
        (inputs.survey.source, inputs.survey.reader) = (Source::Simulated, SurveyReader::Person);
        (inputs.workforce.source, inputs.practices.source) = (Source::Simulated, Source::Simulated);
        inputs.deprivation.iter_mut().for_each(|input| input.source = Source::Simulated);
        inputs.list_sizes = None;
        base.analyses = Analyses::default();
        base.models.truncate(1);
        for model in &mut base.models {
            (model.bootstrap, model.contrasts) = (None, Vec::new());
        }
        let Some(mut simulation) = base.simulation.take() else {
            let problem = Problem::new("there is no `simulate` section to simulate studies from");
            return Err(problem.hint("copy the section from the default config").into());
        };
        simulation.full = plan.size.clone();
        // With real data nothing else looks at the truth.
        Problems(simulation.check(&base)).or(())?;
        base.simulation = Some(simulation);
        Ok(Self { base, plan })
    }

    /// The config's plan.
    pub fn plan(&self) -> &Power {
        &self.plan
    }

    /// Number of studies for so many replications.
    pub fn count(&self, replications: u64) -> u64 {
        replications.saturating_mul(self.plan.effects.len() as u64)
    }

    /// Fits per study.
    pub fn outcomes(&self) -> usize {
        self.base.outcomes.len()
    }

    /// Studies by number, in parallel, in order.
    pub fn run(&self, studies: std::ops::Range<u64>) -> Vec<PowerFit> {
        let found: Vec<Vec<PowerFit>> = studies.into_par_iter().map(|study| self.study(study)).collect();
        found.into_iter().flatten().collect()
    }

    /// Every outcome of one study. What cannot be fitted is a result too.
    fn study(&self, study: u64) -> Vec<PowerFit> {
        let config = self.config_of(study);
        let none = |outcome: usize| PowerFit { study, outcome, numbers: None, covers: None };
        fits(&config, study).unwrap_or_else(|_| (0..config.outcomes.len()).map(none).collect())
    }

    fn effect(&self, study: u64) -> PowerEffect {
        let effects = &self.plan.effects;
        effects[(study % effects.len() as u64) as usize]
    }

    /// The config of one study: its seed, its odds ratios, and nothing else that moves with the exposure.
    fn config_of(&self, study: u64) -> Config {
        let (effect, replication) = (self.effect(study), study / self.plan.effects.len() as u64);
        let mut config = self.base.clone();
        config.study.seed = seed(self.plan.seed, effect, replication);
        for truth in config.simulation.iter_mut().flat_map(|simulation| simulation.outcomes.values_mut()) {
            if let PowerEffect::Ratio(ratio) = effect {
                truth.odds_ratio = ratio;
            }
            (truth.kink, truth.trend) = (None, 0.0);
            truth.exposure_by.clear();
            truth.exposure_by_region.clear();
        }
        config
    }

    /// What the first `replications` of each effect come to. `fits` are those of [`PowerStudies::run`].
    pub fn summary(&self, replications: u64, fits: &[PowerFit]) -> StoredPower {
        let logit = self.base.models.first().is_some_and(|model| model.family == Family::Logit);
        let mut rows = Vec::new();
        for effect in &self.plan.effects {
            for (at, outcome) in self.base.outcomes.iter().enumerate() {
                let mine = |fit: &&PowerFit| {
                    fit.outcome == at && fit.study < self.count(replications) && self.effect(fit.study) == *effect
                };
                let fitted: Vec<&PowerFit> = fits.iter().filter(mine).filter(|fit| fit.numbers.is_some()).collect();
                let numbers: Vec<[f64; 3]> = fitted.iter().filter_map(|fit| fit.numbers).collect();
                let n = numbers.len() as f64;
                let mean = num::sum(numbers.iter().map(|[estimate, ..]| *estimate)) / n;
                let squares = num::sum(numbers.iter().map(|[estimate, ..]| (estimate - mean) * (estimate - mean)));
                let errors = num::sum(numbers.iter().map(|[_, error, _]| error * error));
                rows.push(StoredRow {
                    effect: effect.name(),
                    outcome: outcome.id.clone(),
                    odds_ratio: self.ratio(*effect, &outcome.id),
                    replications,
                    fitted: numbers.len() as u64,
                    detected: numbers.iter().filter(|[_, _, p]| *p < self.base.tests.alpha).count() as u64,
                    covered: logit.then(|| fitted.iter().filter(|fit| fit.covers == Some(true)).count() as u64),
                    mean_estimate: (n > 0.0).then_some(mean),
                    sd_estimate: (n > 1.0).then(|| (squares / (n - 1.0)).sqrt()),
                    mean_std_error: (n > 0.0).then(|| (errors / n).sqrt()),
                });
            }
        }
        StoredPower { key: self.plan.key.clone(), rows }
    }

    fn ratio(&self, effect: PowerEffect, outcome: &str) -> f64 {
        let simulation = self.base.simulation.as_ref();
        match effect {
            PowerEffect::Ratio(ratio) => ratio,
            PowerEffect::Truth => {
                simulation.and_then(|simulation| simulation.outcomes.get(outcome)).map_or(1.0, |truth| truth.odds_ratio)
            }
        }
    }
}

/// The seed of a study: from the seed of all, the effect and its number, and so neither from threads nor from
/// what other effects are asked for.
fn seed(all: u64, effect: PowerEffect, replication: u64) -> u64 {
    let hash = files::sha256_hex(format!("power\n{all}\n{}\n{replication}", effect.name()).as_bytes());
    hash.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(all)
}

/// The main model of every outcome of a simulated study.
fn fits(config: &Config, study: u64) -> Result<Vec<PowerFit>> {
    let mut data = Data::default();
    simulate::complete(config, &mut data, &|_, _, _| {})?;
    let (panel, _) = panel::build(config, data)?;
    let Some(main) = config.models.first() else { return Ok(Vec::new()) };
    let coding = sample::coding(config, &panel, main);
    let one = |(outcome, of): (usize, &crate::config::Outcome)| {
        let (sample, origin) = sample::sample(config, &panel, main, &coding, outcome);
        let options = estimate::options(config, &panel, main, outcome, &origin);
        let none = PowerFit { study, outcome, numbers: None, covers: None };
        let Ok(fit) = model::fit(&sample, &model::Options { effect_of: None, ..options }) else { return none };
        let (Some(estimate), Some(error), Some(p)) =
            (fit.coefficient.first(), fit.std_error.first(), fit.p_value.first())
        else {
            return none;
        };
        let numbers = Some([*estimate, *error, *p]).filter(|numbers| numbers.iter().all(|x| x.is_finite()));
        let (low, high) = model::interval(*estimate, *error, fit.critical_value);
        let truth = config.simulation.as_ref().and_then(|simulation| simulation.outcomes.get(&of.id));
        let truth = truth.filter(|_| main.family == Family::Logit).map(|truth| num::ln(truth.odds_ratio));
        let covers = truth.filter(|_| numbers.is_some()).map(|truth| low <= truth && truth <= high);
        PowerFit { numbers, covers, ..none }
    };
    Ok(config.outcomes.iter().enumerate().map(one).collect())
}

/// A stored run as lines for a terminal.
pub fn power_table(stored: &StoredPower) -> Vec<String> {
    let share = |n: Option<u64>, of: u64| match n {
        Some(n) if of > 0 => {
            let p = n as f64 / of as f64;
            format!("{:>5} ({})", fixed(100.0 * p, 1), fixed(100.0 * (p * (1.0 - p) / of as f64).sqrt(), 1))
        }
        _ => "-".into(),
    };
    let head =
        ["outcome", "odds ratio", "studies", "power, % (error)", "coverage, % (error)", "bias, log odds (error)"];
    let line = |cells: [String; 6]| {
        let [outcome, ratio, studies, power, coverage, bias] = cells;
        format!("{outcome:<16} {ratio:>10} {studies:>9} {power:>17} {coverage:>20} {bias:>24}").trim_end().to_string()
    };
    let row = |row: &StoredRow| {
        let error = row.sd_estimate.map(|sd| sd / (row.fitted as f64).sqrt());
        let bias = row.mean_estimate.filter(|_| row.covered.is_some()).map(|mean| mean - num::ln(row.odds_ratio));
        line([
            row.outcome.clone(),
            if row.effect == "truth" { format!("{} truth", plain(row.odds_ratio)) } else { plain(row.odds_ratio) },
            format!("{}/{}", row.fitted, row.replications),
            share(Some(row.detected), row.fitted),
            share(row.covered, row.fitted),
            bias.map_or("-".into(), |b| format!("{} ({})", fixed(b, 4), fixed(error.unwrap_or(f64::NAN), 4))),
        ])
    };
    std::iter::once(line(head.map(str::to_owned))).chain(stored.rows.iter().map(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_back_and_cut_ones_do_not() {
        let some = PowerFit { study: 12, outcome: 3, numbers: Some([0.1, -2.5e-7, 1e-300]), covers: Some(false) };
        let none = PowerFit { study: 0, outcome: 0, numbers: None, covers: None };
        for fit in [some.clone(), PowerFit { covers: None, ..some }, none] {
            let line = fit.line();
            assert_eq!(PowerFit::parse(&line), Some(fit));
            assert!((0..line.len()).all(|end| PowerFit::parse(&line[..end]).is_none()), "{line}");
        }
    }

    #[test]
    fn nothing_but_the_odds_ratio_moves_with_the_exposure() {
        let loaded = crate::config::load("config.yaml", include_str!("../../config.yaml"));
        let Ok(crate::config::Form::Survey(mut config)) = loaded.map(|loaded| loaded.form) else {
            panic!("the shipped config")
        };
        for truth in config.simulation.iter_mut().flat_map(|simulation| simulation.outcomes.values_mut()) {
            truth.trend = 0.1;
            truth.exposure_by_region.insert("Y56".into(), 0.1);
        }
        let Ok(studies) = PowerStudies::new(&config) else { panic!("the shipped config") };
        let study = studies.config_of(0).simulation.map(|simulation| simulation.outcomes);
        let outcomes = study.unwrap_or_default();
        assert_eq!(outcomes.len(), 5);
        for truth in outcomes.values() {
            assert_eq!((truth.odds_ratio, truth.kink.is_some(), truth.trend), (1.0, false, 0.0));
            assert!(truth.exposure_by.is_empty() && truth.exposure_by_region.is_empty());
        }
    }

    #[test]
    fn every_study_has_its_own_seed() {
        let effects = [PowerEffect::Truth, PowerEffect::Ratio(1.0), PowerEffect::Ratio(1.1)];
        let all = (0..50).flat_map(|n| effects.map(|effect| seed(1, effect, n)));
        let seeds: std::collections::BTreeSet<u64> = all.collect();
        assert_eq!(seeds.len(), 150);
        assert_ne!(seed(1, effects[0], 0), seed(2, effects[0], 0));
    }
}
