//! Fits every model to its outcomes, and passes what comes back through the gate. Computes nothing
//! that the model room can.

use super::super::kept::{self, Kept};
use super::super::{Progress, shown};
use super::result::Fitted;
use super::rows::{self, Used};
use super::sample::{self, Coded};
use crate::config::{Dataset, DatasetErrors, DatasetFamily, DatasetModel, ExposureAt, Vcov};
use crate::disclosure::{DatasetResult, Gate, TestsRow};
use crate::error::{Problem, Problems, Result};
use crate::model::{self, At, Bootstrap, Covariance, Family, Fit, FitError, Members, Options, Subgroup};
use crate::num;
use crate::panel::Frame;

/// What a fit of the main model leaves for the ledger.
pub(super) struct MainFit {
    /// Outcome.
    pub(super) outcome: usize,
    /// Rows used, and why others left before.
    pub(super) used: Used,
    /// Rows that left within the estimator, by reason.
    pub(super) dropped: Vec<(String, u64)>,
    /// Rows analysed.
    pub(super) analysed: Vec<usize>,
}

/// Results of all models.
pub(super) struct Fits {
    /// By model, then outcome.
    pub(super) results: Vec<DatasetResult>,
    /// The main model's, by outcome.
    pub(super) main: Vec<MainFit>,
}

/// Fits everything; with `dry`, takes the first step only and gives no results.
///
/// # DatasetErrors
/// Every model of every outcome that cannot be fitted, with the reason and a hint.
pub(super) fn fits(
    dataset: &Dataset,
    frame: &Frame,
    gate: &Gate,
    kept: Option<&dyn Kept>,
    dry: bool,
    progress: Progress,
) -> Result<Fits> {
    let mut problems = Problems::default();
    let mut fits = Fits { results: Vec::new(), main: Vec::new() };
    let all: u64 = dataset.models.iter().map(|model| model.outcomes.len() as u64).sum();
    let mut done = 0;
    for (at, model) in dataset.models.iter().enumerate() {
        let mut results = Vec::new();
        for outcome in &model.outcomes {
            progress(if dry { "checking models" } else { "fitting" }, done, all);
            done += 1;
            let work = Work { dataset, frame, gate, model: at, outcome: *outcome, kept, dry };
            let Some((result, main)) = problems.keep(work.fit()).flatten() else { continue };
            results.push(result);
            if at == 0 {
                fits.main.push(main);
            }
        }
        if at == 0 {
            adjust(&mut results, gate);
        }
        fits.results.extend(results);
    }
    problems.or(fits)
}

/// One fit to make.
struct Work<'a> {
    dataset: &'a Dataset,
    frame: &'a Frame,
    gate: &'a Gate,
    model: usize,
    outcome: usize,
    kept: Option<&'a dyn Kept>,
    dry: bool,
}

impl Work<'_> {
    fn fit(&self) -> Result<Option<(DatasetResult, MainFit)>> {
        let (dataset, frame) = (self.dataset, self.frame);
        let model = &dataset.models[self.model];
        let used = rows::used(dataset, frame, model, self.outcome)?;
        let coded = sample::code(dataset, frame, model, self.outcome, &used);
        let (sample, through, second_cluster) = sample::sample(dataset, model, self.outcome, &coded);
        let mut options = options(model, &coded);
        if model.errors == DatasetErrors::Hc1 && coded.grouped {
            options.covariance = Covariance::Cluster;
        }
        options.subgroups = model.subgroups.iter().map(|at| subgroup(dataset, frame, *at, &coded)).collect();
        (options.through, options.second_cluster) = (through, second_cluster);
        if let Some(bootstrap) = &mut options.bootstrap {
            bootstrap.seed = seed(dataset.study.seed, &model.id, &dataset.outcomes[self.outcome].id);
        }
        if self.dry {
            let dry = Options { max_iterations: 0, bootstrap: None, ..options };
            return match model::fit(&sample, &dry) {
                Ok(_) | Err(FitError::NotConverged { .. }) => Ok(None),
                Err(error) => Err(self.failed(&error, &used)),
            };
        }
        let name = format!("model `{}` of outcome `{}`", model.id, dataset.outcomes[self.outcome].id);
        let fit = kept::fit(self.kept, &name, &sample, &options).map_err(|error| self.failed(&error, &used))?;
        self.not_exact(&fit, &coded)?;
        let place = (self.model, self.outcome);
        let gate = &self.gate.for_fit(shown::residual_df(&fit, coded.group.is_some()));
        let fitted = Fitted { dataset, frame, gate, place, coded: &coded, sample: &sample, fit: &fit };
        let result = fitted.result();
        let (dropped, analysed) = fitted.left();
        Ok(Some((result, MainFit { outcome: self.outcome, used, dropped, analysed })))
    }

    /// An outcome that the terms give exactly has no error, and what is left is rounding.
    fn not_exact(&self, fit: &Fit, coded: &Coded) -> Result<()> {
        let model = &self.dataset.models[self.model];
        let n = fit.responses as f64;
        let mass: f64 = coded.lines.iter().map(|line| f64::from(line.count)).sum();
        if model.family != DatasetFamily::Linear || model.weights.is_some() || mass != n {
            return Ok(());
        }
        let mean = coded.lines.iter().map(|line| f64::from(line.count) * line.outcome).sum::<f64>() / n;
        let off = |line: &super::lines::Line| f64::from(line.count) * (line.outcome - mean) * (line.outcome - mean);
        let all = coded.lines.iter().map(off).sum::<f64>() / n;
        // The Gaussian likelihood at its maximum is -n/2 (ln(2 pi s^2) + 1), s^2 the mean squared residual.
        let left = num::exp(-2.0 * fit.log_likelihood / n - 1.0) / std::f64::consts::TAU;
        if left > 1e-18 * all {
            return Ok(());
        }
        let outcome = &self.dataset.outcomes[self.outcome].id;
        let what = format!("model `{}` of outcome `{outcome}` fits exactly: its terms give the outcome", model.id);
        Err(Problem::new(what).hint("is the outcome, or what it was made from, among the terms?").into())
    }

    /// A fit that failed, with what to do about it.
    fn failed(&self, error: &FitError, used: &Used) -> Problems {
        let (model, outcome) = (&self.dataset.models[self.model], &self.dataset.outcomes[self.outcome]);
        let most = used.left.iter().max_by_key(|(_, n)| *n);
        let hint = match error {
            FitError::Collinear { within: Some(_), .. } => {
                "take the term out, or absorb nothing that it is constant within".into()
            }
            FitError::Collinear { .. } => "take one of the terms out".into(),
            FitError::Empty | FitError::OutcomeConstant { .. } | FitError::NothingLeft { .. } => match most {
                Some((reason, n)) => format!("{} rows are left; most went for: {reason} ({n})", used.rows.len()),
                None => "look at the outcome's values".into(),
            },
            FitError::ReferenceUnobserved { .. } => "choose a reference level that occurs among the rows used".into(),
            FitError::FewClusters { .. } => "take another cluster, or `errors: hc1`".into(),
            FitError::NegativeVariance { .. } => "cluster one way".into(),
            FitError::NotConverged { .. } | FitError::Diverged { .. } | FitError::Separated { .. } => {
                "look at small levels of categories, and at numbers of very different size".into()
            }
            _ => "look at the outcome and the terms among the rows used".to_string(),
        };
        let mut what = format!("model `{}` of outcome `{}` cannot be fitted: {error}", model.id, outcome.id);
        if let FitError::NotConverged { trace } | FitError::Diverged { trace, .. } = error {
            let steps: Vec<String> = trace.iter().map(|step| format!("{:.1e}", step.gradient)).collect();
            what += &format!(" (gradient by pass: {})", steps.join(", "));
        }
        Problem::new(what).hint(hint).into()
    }
}

fn options(model: &DatasetModel, coded: &Coded) -> Options {
    let at = |place: &ExposureAt| match place {
        ExposureAt::Observed => At::Observed,
        ExposureAt::Value(value) => At::Value(*value),
    };
    Options {
        absorb: coded.group.is_some(),
        family: match model.family {
            DatasetFamily::Logit => Family::Logit,
            DatasetFamily::Probit => Family::Probit,
            DatasetFamily::Linear => Family::Linear,
            DatasetFamily::Poisson => Family::Poisson,
        },
        vcov: match model.vcov {
            Vcov::Stata => model::Profile::Stata,
            Vcov::Fixest => model::Profile::Fixest013,
            Vcov::Plain => model::Profile::None,
        },
        covariance: match model.errors {
            DatasetErrors::Iid => Covariance::Iid,
            DatasetErrors::Hc1 => Covariance::Hc1,
            DatasetErrors::Cluster(_) => Covariance::Cluster,
            DatasetErrors::TwoWay(..) => Covariance::TwoWay,
            DatasetErrors::Cr3(_) => Covariance::Cr3,
        },
        effect_of: Some(0),
        contrasts: model.contrasts.iter().map(|contrast| (at(&contrast.from), at(&contrast.to))).collect(),
        bootstrap: model.bootstrap.map(|draws| Bootstrap { draws, seed: 0 }),
        ..Options::default()
    }
}

/// The rows of a category's levels.
fn subgroup(dataset: &Dataset, frame: &Frame, variable: usize, coded: &Coded) -> Subgroup {
    let (_, of, _) = rows::named(frame, variable);
    let members = coded.lines.iter().map(|line| of[line.row]).collect();
    Subgroup { name: dataset.variables[variable].id.clone(), of: Members::Rows(members) }
}

/// A stream of its own for each model and outcome.
fn seed(study: u64, model: &str, outcome: &str) -> u64 {
    // FNV-1a over the names: any good mixing will do, since the stream itself is ChaCha.
    let bytes = model.bytes().chain([0]).chain(outcome.bytes());
    bytes.fold(study ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Adjusts the main model's p values over its outcomes.
fn adjust(results: &mut [DatasetResult], gate: &Gate) {
    let shown: Vec<Option<f64>> = results.iter().map(|r| r.exposure.shown().map(|e| e.p)).collect();
    let p: Vec<f64> = shown.iter().flatten().copied().collect();
    let (holm, hochberg, fdr) = (model::holm(&p), model::hochberg(&p), model::benjamini_hochberg(&p));
    let mut next = 0;
    for (result, shown) in results.iter_mut().zip(shown) {
        let Some(tests) = &mut result.tests else { continue };
        tests.adjusted = match shown {
            None => gate.missing("the estimate is not released"),
            Some(_) => {
                next += 1;
                result.exposure.map(|_| [holm[next - 1], hochberg[next - 1], fdr[next - 1]])
            }
        };
    }
}

/// Tests before they are adjusted.
pub(super) fn tests(dataset: &Dataset, model: &DatasetModel, fit: &Fit, gate: &Gate) -> TestsRow {
    super::tests::row(dataset, model, fit, gate)
}

/// The words of a term, by the name that the estimator has for it.
pub(super) fn term_label(dataset: &Dataset, model: &DatasetModel, name: &str) -> String {
    let exposure = &dataset.variables[model.exposure];
    if name == exposure.id {
        return exposure.label.clone();
    }
    let term = model.terms.iter().find(|term| dataset.term(term) == name);
    term.map_or_else(
        || dataset.variables.iter().find(|v| v.id == name).map_or_else(|| name.into(), |v| v.label.clone()),
        |term| dataset.term_label(term),
    )
}
