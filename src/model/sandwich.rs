//! From the maximum to a finished result: small-sample conventions, statistics, warnings. Knows
//! nothing of how the maximum was found.

use super::absorbed;
use super::bootstrap;
use super::cells::Packed;
use super::contrast::contrasts;
use super::covariance::{Spread, Variance};
use super::design::Design;
use super::effects::Level;
use super::failure::FitError;
use super::inference::p_value;
use super::joint::{self, JointTest};
use super::marginal::{self, along_one_column};
use super::newton::Solution;
use super::options::{Covariance, Family, Options, Profile};
use super::pass::add;
use super::predictor::Point;
use super::prune::Pruned;
use super::result::{BootstrapTest, Fit, Reference, SmallSample, Step, Term, Warning, Way};
use super::sample::Sample;
use super::scenario::scenarios;
use super::scores::Scores;
use super::through::Moving;
use crate::num;

/// The maximum, and what was made of it on the way.
pub(crate) struct Maximum<'a> {
    /// Where the likelihood is largest.
    pub(crate) point: &'a Point,
    /// One entry per pass.
    pub(crate) trace: Vec<Step>,
    /// Largest absolute score.
    pub(crate) gradient_norm: f64,
    /// Log likelihood; of the linear family without its squares within cells.
    pub(crate) raw: f64,
    /// Condition number of the information about the coefficients.
    pub(crate) condition: f64,
    /// The average effect over everyone, where the last pass has it.
    pub(crate) average: Option<Level>,
    /// Joint tests.
    pub(crate) joint: Vec<Option<JointTest>>,
    /// Bootstrap test.
    pub(crate) bootstrap: Option<BootstrapTest>,
}

/// Everything after the maximum.
pub(crate) fn finish(
    sample: &Sample,
    options: &Options,
    packed: &Packed,
    design: &Design,
    solution: &Solution,
    pruned: Pruned,
) -> Result<Fit, FitError> {
    let (gradient_norm, raw) = at_maximum(design, &solution.scores);
    let alone = Moving::new(sample, options, design).is_some_and(|moving| moving.alone());
    let maximum = Maximum {
        point: &solution.point,
        trace: solution.trace.clone(),
        gradient_norm,
        raw,
        condition: solution.factor.condition(),
        average: design.exposure.filter(|_| alone).map(|at| along_one_column(at, packed, design, solution)),
        joint: joint::tests(options, packed, design, solution),
        bootstrap: bootstrap::test(sample, options, packed, design)?,
    };
    let spread = |factors| -> Result<Box<dyn Variance + '_>, FitError> {
        Ok(Box::new(Spread::new(options, packed, design, solution, factors)?))
    };
    assemble(sample, options, packed, design, maximum, pruned, spread)
}

/// The result, given how the covariance with certain factors is had.
pub(crate) fn assemble<'a>(
    sample: &Sample,
    options: &Options,
    packed: &Packed,
    design: &Design,
    maximum: Maximum,
    pruned: Pruned,
    spread: impl FnOnce(Vec<f64>) -> Result<Box<dyn Variance + 'a>, FitError>,
) -> Result<Fit, FitError> {
    let Maximum { point, trace, gradient_norm, raw, condition, average, joint, bootstrap } = maximum;
    let responses = packed.chunks.iter().flat_map(|c| &c.runs).map(|run| run.responses).sum::<u64>();
    let mass = packed.chunks.iter().flat_map(|c| &c.runs).map(|run| run.trials).sum::<f64>();
    let nested = absorbed::nested(design, packed);
    let rule = Rule { options, design, nested, responses };
    let mut factors = rule.factors();
    let small_sample = SmallSample { profile: options.vcov, factor: factors[0] };
    if (options.covariance, options.family) == (Covariance::Iid, Family::Linear) {
        factors[0] *= (packed.within() - 2.0 * raw) / responses as f64;
    }
    let reference = rule.reference();
    let spread = spread(factors.clone())?;
    let spread = spread.as_ref();
    // Absorbed covariates hold the intercept.
    let intercept = !options.absorb && design.absorbed.is_empty();
    let covariance = spread.matrix(intercept);
    let moving = Moving::new(sample, options, design);
    let effects = match &moving {
        Some(moving) => marginal::effects(sample, options, packed, design, (point, average), moving, spread)?,
        None => marginal::Effect::default(),
    };
    if effects.average.is_some_and(|effect| effect.std_error.is_nan()) {
        return Err(FitError::NegativeVariance { term: None });
    }
    let contrasts = contrasts(options, packed, design, point, moving.as_ref(), spread)?;
    let scenarios = scenarios(sample, options, packed, design, point, spread)?;
    let mut terms = design.terms[..design.reported].to_vec();
    let mut coefficient: Vec<f64> = point.beta[..design.reported].to_vec();
    coefficient.iter_mut().zip(&design.scale).for_each(|(beta, scale)| *beta /= scale);
    if intercept {
        let shift = coefficient.iter().zip(&design.centre).map(|(b, c)| b * c).sum::<f64>();
        coefficient.push(point.groups[0] - shift);
        terms.push(Term::new("(intercept)", ""));
    }
    let k = terms.len();
    // Nothing but a two-way difference can be negative: an error that is not a number, and no result
    // where it is the exposure's.
    let std_error: Vec<f64> = (0..k).map(|at| covariance[at * k + at].sqrt()).collect();
    if let Some(at) = design.exposure.filter(|at| std_error[*at].is_nan()) {
        return Err(FitError::NegativeVariance { term: Some(terms[at].clone()) });
    }
    let negative = terms.iter().zip(&std_error).filter(|(_, error)| error.is_nan()).map(|(term, _)| term.clone());
    let negative: Vec<Term> = negative.collect();
    let statistic: Vec<f64> = coefficient.iter().zip(&std_error).map(|(b, s)| b / s).collect();
    let p_value = statistic.iter().map(|z| p_value(*z, reference)).collect();
    Ok(Fit {
        terms,
        coefficient,
        covariance,
        std_error,
        statistic,
        p_value,
        reference,
        critical_value: critical_value(reference),
        average_marginal_effect: effects.average,
        subgroup_effects: effects.subgroups,
        absorbed: design.absorbed.clone(),
        contrasts,
        scenarios,
        joint,
        bootstrap,
        family: options.family,
        responses,
        groups: design.sampled_groups as u64,
        clusters: design.ways[0].clusters as u64,
        small_sample,
        errors: options.covariance,
        ways: rule.ways(&factors),
        warnings: warnings(sample, &rule, condition, negative),
        log_likelihood: log_likelihood(options.family, raw, packed, mass),
        trace,
        gradient_norm,
        condition,
        dropped: pruned.dropped,
        unobserved: design.unobserved.clone(),
    })
}

/// The statistic that a 95 % interval reaches to.
pub(crate) fn critical_value(reference: Reference) -> f64 {
    match reference {
        Reference::Normal => num::normal_quantile(0.975),
        Reference::StudentT(df) => num::student_quantile(0.05, df),
    }
}

/// Gaussian at the maximising variance in the linear family, where `raw` lacks the squares within cells.
fn log_likelihood(family: Family, raw: f64, packed: &Packed, mass: f64) -> f64 {
    match family {
        Family::Logit | Family::Probit => raw,
        Family::Poisson => raw - packed.chunks.iter().map(|chunk| chunk.factorials).sum::<f64>(),
        Family::Linear => -0.5 * mass * (num::ln((packed.within() - 2.0 * raw) / mass * std::f64::consts::TAU) + 1.0),
    }
}

/// Fewest clusters that draw no warning.
const ENOUGH: f64 = 42.0;
/// Largest weight, in means, that draws no warning.
const EXTREME: f64 = 20.0;
/// Smallest effective share of the responses that draws no warning.
const EFFECTIVE: f64 = 0.1;
/// Largest condition number that draws no warning.
const NEAR_SINGULAR: f64 = 1e8;

/// Small-sample conventions.
struct Rule<'a> {
    options: &'a Options,
    design: &'a Design,
    /// Which of the absorbed covariates lie in clusters whole.
    nested: Vec<bool>,
    responses: u64,
}

impl Rule<'_> {
    /// N and K, absorbed effects counted: as many as have a value of their own, or as fixest counts them
    /// (all levels but one of each covariate after the first).
    fn sizes(&self) -> (f64, f64) {
        let effects = match self.options.vcov {
            Profile::Fixest013 => self.design.reported + self.design.groups + self.levels(|_| true),
            Profile::Stata | Profile::None => self.design.width() - self.design.redundant + self.design.groups,
        };
        (self.responses as f64, effects as f64)
    }

    /// Levels but one of the absorbed covariates that are wanted.
    fn levels(&self, wanted: impl Fn(bool) -> bool) -> usize {
        let each = self.design.absorbed.iter().zip(&self.nested);
        each.filter(|(_, nested)| wanted(**nested)).map(|(effect, _)| (effect.levels as usize).saturating_sub(1)).sum()
    }

    fn fewest(&self) -> f64 {
        self.design.ways.iter().map(|way| way.clusters).min().unwrap_or(0) as f64
    }

    /// Factor of each way, or of the whole.
    fn factors(&self) -> Vec<f64> {
        let (n, k) = self.sizes();
        let (profile, linear) = (self.options.vcov, self.options.family == Family::Linear);
        match self.options.covariance {
            Covariance::Iid => vec![match profile {
                Profile::Stata | Profile::Fixest013 if linear => n / (n - k),
                Profile::Fixest013 => (n - 1.0) / (n - k),
                Profile::Stata | Profile::None => 1.0,
            }],
            Covariance::Hc1 => vec![match profile {
                Profile::None => 1.0,
                Profile::Stata if !linear => n / (n - 1.0),
                Profile::Stata | Profile::Fixest013 => n / (n - k),
            }],
            Covariance::Cr3 => vec![(self.fewest() - 1.0) / self.fewest()],
            Covariance::Cluster | Covariance::TwoWay => {
                self.design.ways.iter().map(|way| self.cluster_factor(way.clusters as f64)).collect()
            }
        }
    }

    fn cluster_factor(&self, clusters: f64) -> f64 {
        let linear = self.options.family == Family::Linear;
        match self.options.vcov {
            Profile::None => 1.0,
            Profile::Stata if !linear => clusters / (clusters - 1.0),
            Profile::Stata => clusters / (clusters - 1.0) * self.freedom(),
            Profile::Fixest013 => self.fewest() / (self.fewest() - 1.0) * self.freedom(),
        }
    }

    /// (N-1)/(N-K), K being coefficients, and the absorbed effects only if no kind of clusters holds
    /// them whole (nested ones do not count, but the intercept they contain does).
    fn freedom(&self) -> f64 {
        let nested = self.design.ways.iter().any(|way| way.nested && way.sign > 0.0);
        let effects = if nested { 1 } else { self.design.groups };
        let n = self.responses as f64;
        (n - 1.0) / (n - (self.design.reported + effects + self.levels(|nested| !nested)) as f64)
    }

    fn reference(&self) -> Reference {
        let (n, k) = self.sizes();
        let linear = self.options.family == Family::Linear;
        match (self.options.covariance, self.options.vcov) {
            (_, Profile::None) => Reference::Normal,
            (Covariance::Iid | Covariance::Hc1, _) if linear => Reference::StudentT(n - k),
            (Covariance::Iid | Covariance::Hc1, _) => Reference::Normal,
            (Covariance::Cr3, _) => Reference::StudentT(self.fewest() - 1.0),
            (Covariance::Cluster | Covariance::TwoWay, _) if linear => Reference::StudentT(self.fewest() - 1.0),
            (Covariance::Cluster | Covariance::TwoWay, _) => Reference::Normal,
        }
    }

    fn ways(&self, factors: &[f64]) -> Vec<Way> {
        let ways = self.design.ways.iter().zip(factors).filter(|_| self.options.covariance.clustered());
        ways.map(|(way, factor)| Way { clusters: way.clusters as u64, factor: way.sign * factor }).collect()
    }
}

/// What the reader should know.
fn warnings(sample: &Sample, rule: &Rule, condition: f64, negative: Vec<Term>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if rule.options.covariance.clustered() && rule.fewest() < ENOUGH {
        warnings.push(Warning::FewClusters { clusters: rule.fewest() as u64 });
    }
    if let Some(weight) = &sample.weight {
        let count = |row: usize| sample.count.as_ref().map_or(1.0, |count| f64::from(count[row]));
        let used = || weight.iter().enumerate().filter(|(_, w)| **w > 0.0).map(|(row, w)| (count(row), *w));
        let n = num::sum(used().map(|(n, _)| n));
        let total = num::sum(used().map(|(n, w)| n * w));
        let largest = used().filter(|(n, _)| *n > 0.0).map(|(_, w)| w).fold(0.0, f64::max) * n / total;
        let effective = total * total / num::sum(used().map(|(n, w)| n * w * w));
        if largest > EXTREME || effective < EFFECTIVE * n {
            warnings.push(Warning::ExtremeWeights { largest, effective });
        }
    }
    if !negative.is_empty() {
        warnings.push(Warning::NegativeVariance { terms: negative });
    }
    if condition > NEAR_SINGULAR {
        warnings.push(Warning::IllConditioned { condition });
    }
    warnings
}

/// Largest absolute score and the log likelihood at the final point.
fn at_maximum(design: &Design, scores: &[Scores]) -> (f64, f64) {
    let k = design.width();
    let (mut groups, mut total) = (vec![0.0; design.groups], vec![0.0; k]);
    for part in scores {
        for ((_, group), record) in part.keys.iter().zip(part.records.chunks_exact(k + 1)) {
            groups[*group as usize] += record[0];
            add(&mut total, &record[1..]);
        }
    }
    let norm = groups.iter().chain(&total).fold(0.0_f64, |max, score| max.max(score.abs()));
    (norm, scores.iter().map(|part| part.log_likelihood).sum())
}
