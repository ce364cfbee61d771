//! Estimation on plain columns: design, likelihoods, absorbed effects, covariances, marginal
//! effects, tests. Small named results. Knows nothing of polars, files, clocks or report text.
//! Entry: [`fit`].

mod absorbed;
mod amounts;
mod bootstrap;
mod cells;
mod content;
mod contrast;
mod covariance;
mod crossed;
mod dense;
mod descriptive;
mod design;
mod effects;
mod eigen;
mod failure;
mod inference;
mod jackknife;
mod joint;
mod kernel;
mod levels;
mod margin;
mod marginal;
mod means;
mod newton;
mod options;
mod pack;
mod pass;
mod predictor;
mod prune;
mod result;
mod sample;
mod sampling;
mod sandwich;
mod scaling;
mod scenario;
mod scores;
mod separation;
mod spline;
mod step;
mod through;
mod wide;
mod work;

pub use content::{content_of_options, content_of_sample};
pub use descriptive::{ClusterTotal, Share, weighted_share};
pub use failure::FitError;
pub use inference::{
    Estimate, Wald, benjamini_hochberg, e_value, e_value_of_interval, equivalence, hochberg, holm, interval,
    minimum_detectable_effect, p_value, people, power_of_effect, wald, wald_at,
};
pub use joint::JointTest;
pub use options::{At, Bootstrap, Covariance, Family, Members, Options, Place, Profile, Subgroup, Through};
pub use result::{
    AbsorbedEffect, BootstrapTest, Contrast, Dropped, Fit, MarginalEffect, Reason, Reference, Separation, SmallSample,
    Step, SubgroupEffect, Term, Warning, Way,
};
pub use sample::{Block, Column, Factor, Patterns, Sample};
pub use spline::restricted_cubic;

/// Fits one outcome and gives coefficients with the covariance asked for, the average marginal effect
/// of the exposure and, on demand, contrasts and a bootstrap test.
///
/// The same sample gives the same bits for any thread count, any order of the rows inside a block
/// and any aggregation of equal rows into counts.
///
/// # Errors
/// [`FitError`] says what about the sample makes the model impossible, with the names involved.
pub fn fit(sample: &Sample, options: &Options) -> Result<Fit, FitError> {
    fit_below(sample, options, levels::WIDEST)
}

/// [`fit`], with the absorbed effects beside the groups solved for where there are more than `widest` coefficients.
fn fit_below(sample: &Sample, options: &Options, widest: usize) -> Result<Fit, FitError> {
    sample.check(options)?;
    let mut packed = pack::pack(sample, options);
    let pruned = prune::prune(sample, options, &mut packed)?;
    let mut design = design::Design::new(sample, options, &packed, &pruned, widest)?;
    if design.wide {
        return wide::fit(sample, options, &packed, &mut design, pruned);
    }
    let solution = newton::solve(sample, &packed, &design, options, None)?;
    sandwich::finish(sample, options, &packed, &design, &solution, pruned)
}
