//! Absorbed effects beside the groups': which of their levels have an effect of their own, and what else
//! they leave nothing of. Knows no likelihood: with any positive weights the answer is the same.

use super::cells::Packed;
use super::dense::product;
use super::design::Design;
use super::failure::FitError;
use super::options::Family;
use super::pass::Passes;
use super::predictor::Point;
use super::result::AbsorbedEffect;
use super::sample::Sample;
use super::step::eliminated;
use super::work::Extent;

/// Share of a level's information that must be left beside the groups and the levels before it. Larger
/// than what the fit asks for, so that a level that passes here passes there.
const OWN: f64 = 1e-8;
/// The same for a regressor, which is an error.
const WITHIN: f64 = 1e-10;

/// A lower triangle that grows by the columns that have something of their own.
struct Triangle {
    rows: Vec<Vec<f64>>,
    columns: Vec<usize>,
}

impl Triangle {
    /// The part of `column` that the columns so far explain, as coordinates along them.
    fn along(&self, matrix: &[f64], size: usize, column: usize) -> Vec<f64> {
        let mut out: Vec<f64> = Vec::with_capacity(self.rows.len() + 1);
        for (row, other) in self.rows.iter().zip(&self.columns) {
            let known = product(&row[..out.len()], &out);
            out.push((matrix[column * size + other] - known) / row[out.len()]);
        }
        out
    }
}

/// Drops the absorbed levels that the groups and earlier levels determine, and counts them.
///
/// # Errors
/// A regressor that does not vary within the absorbed effects together.
pub(crate) fn thin(design: &mut Design, sample: &Sample, packed: &Packed) -> Result<(), FitError> {
    let (k, first) = (design.width(), design.reported);
    let zero = Point { groups: vec![0.0; design.groups], beta: vec![0.0; k] };
    let moments = Passes::new(packed, design, Family::Linear).at(&zero, Extent::Information);
    let (schur, _) = eliminated(&moments, k);
    let mut triangle = Triangle { rows: Vec::new(), columns: Vec::new() };
    let mut kept = vec![true; k];
    for column in first..k {
        let mut along = triangle.along(&schur, k, column);
        let rest = schur[column * k + column] - along.iter().map(|part| part * part).sum::<f64>();
        if rest <= OWN * moments.hessian[column * k + column] {
            kept[column] = false;
        } else {
            along.push(rest.sqrt());
            triangle.rows.push(along);
            triangle.columns.push(column);
        }
    }
    for column in 0..first {
        let own = schur[column * k + column];
        let rest = own - triangle.along(&schur, k, column).iter().map(|part| part * part).sum::<f64>();
        let least = WITHIN * moments.hessian[column * k + column];
        // What does not vary within the groups alone is told when the fit begins.
        if own > least && rest <= least {
            let names = sample.patterns.factors.iter().filter(|factor| factor.absorbed);
            let names = names.map(|factor| format!(" and `{}`", factor.name)).collect::<String>();
            let within = Some(format!("{}{names}", design.within));
            return Err(FitError::Collinear { term: design.terms[column].clone(), with: Vec::new(), within });
        }
    }
    count(&mut design.absorbed, first, &kept);
    design.keep(&kept);
    Ok(())
}

/// Counts the redundant levels of each covariate; their columns follow one another from `first` on.
fn count(absorbed: &mut [AbsorbedEffect], first: usize, kept: &[bool]) {
    let mut start = first;
    for effect in absorbed {
        let end = start + effect.levels as usize;
        effect.redundant = kept[start..end].iter().filter(|kept| !**kept).count() as u64;
        start = end;
    }
}

/// For each absorbed covariate: whether each of its levels lies in one cluster, for some kind of clusters.
pub(crate) fn nested(design: &Design, packed: &Packed) -> Vec<bool> {
    let width = design.factors;
    let plain = width - design.absorbed.len();
    let one = |factor: usize| {
        design.ways.iter().filter(|way| way.sign > 0.0).any(|way| {
            let mut of: Vec<Option<u32>> = vec![None; design.places() + 1];
            packed.chunks.iter().zip(&design.chunks).all(|(chunk, side)| {
                chunk.runs.iter().zip(&side.unit).all(|(run, unit)| {
                    let cluster = way.of[*unit as usize];
                    chunk.pattern[run.cells.clone()].iter().all(|pattern| {
                        let slot = design.slots[*pattern as usize * width + plain + factor];
                        *of[usize::from(slot)].get_or_insert(cluster) == cluster
                    })
                })
            })
        })
    };
    (0..design.absorbed.len()).map(one).collect()
}
