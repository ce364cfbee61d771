//! The stages of a dataset study, from its config to its results. Must not touch the output folder.

use super::{Progress, Results};
use crate::config::Dataset;
use crate::disclosure::DatasetFindings;
use crate::error::{Problem, Result};
use crate::report::{Bundle, Templates};
use std::path::Path;

pub(super) fn results(dataset: &Dataset, root: &Path, progress: Progress) -> Result<Results> {
    let _ = (dataset, root, progress);
    Err(Problem::new("not yet").into())
}

pub(super) fn bundle(
    dataset: &Dataset,
    found: &DatasetFindings,
    results: &Results,
    templates: &Templates,
) -> Result<Bundle> {
    let _ = (dataset, found, results, templates);
    Err(Problem::new("not yet").into())
}
