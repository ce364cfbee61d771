//! Mean predictions with some block columns set for everyone: steps and curves of an exposure whose
//! columns are no powers of it. Knows no exposure.

use super::cells::Packed;
use super::contrast::{Predicted, difference};
use super::covariance::Variance;
use super::design::Design;
use super::failure::FitError;
use super::inference::Estimate;
use super::options::Options;
use super::predictor::Point;
use super::sample::Sample;

/// Every scenario's mean less the first one's, over all parameters (delta method).
pub(crate) fn scenarios(
    sample: &Sample,
    options: &Options,
    packed: &Packed,
    design: &Design,
    point: &Point,
    spread: &dyn Variance,
) -> Result<Vec<Option<Estimate>>, FitError> {
    let mean = |scenario: &Vec<(usize, f64)>| {
        let moved = placed(sample, packed, design, scenario)?;
        Some(Predicted::new(moved, packed, options.family, point))
    };
    let Some(first) = options.scenarios.first() else { return Ok(Vec::new()) };
    let Some(base) = mean(first) else { return Ok(vec![None; options.scenarios.len()]) };
    let one = |scenario| mean(scenario).map(|mean| difference(spread, &base, &mean)).transpose();
    options.scenarios.iter().map(one).collect()
}

/// The design with the columns where the scenario has them; none where one of them has left and is not
/// set to zero.
fn placed(sample: &Sample, packed: &Packed, design: &Design, scenario: &[(usize, f64)]) -> Option<Design> {
    let mut moved = design.clone();
    for (column, value) in scenario {
        let Some(at) = design.used.iter().position(|used| used == column) else {
            if *value == 0.0 {
                continue;
            }
            return None;
        };
        let values = &sample.columns[*column].values;
        for (side, chunk) in moved.chunks.iter_mut().zip(&packed.chunks) {
            for (columns, run) in side.columns.chunks_exact_mut(design.blocks).zip(&chunk.runs) {
                columns[at] += (value - values[run.block]) / design.scale[at];
            }
        }
    }
    Some(moved)
}
