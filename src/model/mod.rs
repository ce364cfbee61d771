//! Estimation on plain columns: design, likelihoods, absorbed effects, covariances, marginal
//! effects, tests. Small named results. Knows nothing of polars, files, clocks or report text.
//! Entry: [`fit`].

mod cells;
mod dense;
mod descriptive;
mod design;
mod failure;
mod inference;
mod kernel;
mod margin;
mod newton;
mod pass;
mod predictor;
mod prune;
mod result;
mod sample;
mod sandwich;
mod scores;

pub use descriptive::{ClusterTotal, Share, weighted_share};
pub use failure::FitError;
pub use inference::{
    Estimate, benjamini_hochberg, e_value, e_value_of_interval, equivalence, holm, interval, p_value, people,
};
pub use result::{Dropped, Fit, MarginalEffect, Reason, Reference, SmallSample, Step, Term};
pub use sample::{Block, Column, Factor, Family, Options, Patterns, Profile, Sample};

/// Fits one binary outcome and gives coefficients, clustered covariance and the average marginal
/// effect of the exposure.
///
/// The same sample gives the same bits for any thread count, any order of the rows inside a block
/// and any aggregation of equal rows into counts.
///
/// # Errors
/// [`FitError`] says what about the sample makes the model impossible, with the names involved.
pub fn fit(sample: &Sample, options: &Options) -> Result<Fit, FitError> {
    sample.check(options)?;
    let mut packed = cells::pack(sample);
    let pruned = prune::prune(sample, options, &mut packed)?;
    let design = design::Design::new(sample, options, &packed, &pruned)?;
    let solution = newton::solve(&packed, &design, options)?;
    Ok(sandwich::finish(options, &packed, &design, solution, pruned))
}
