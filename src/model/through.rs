//! How the exposure enters the predictor: by its own column, and by others that are a power of it times
//! something else. Knows no likelihood.

use super::cells::{Chunk, Packed};
use super::design::Design;
use super::options::{Options, Place, Through};
use super::predictor::Point;
use super::sample::Sample;

/// The dense regressors that move with the exposure.
pub(crate) struct Moving<'a> {
    /// Place of the exposure's own column among the dense regressors.
    exposure: usize,
    /// The exposure of each block.
    values: &'a [f64],
    paths: Vec<Path<'a>>,
}

/// `other x exposure^power`.
struct Path<'a> {
    /// Place among the dense regressors.
    at: usize,
    power: u32,
    other: Other<'a>,
}

/// What the power is multiplied by.
enum Other<'a> {
    Blocks(&'a [f64]),
    /// Place among the cells' extras.
    Cells(usize),
}

/// The derivative of the predictor in the exposure, for the cells of one run.
#[derive(Default)]
pub(crate) struct Slope {
    /// What all cells share.
    base: f64,
    /// Derivative of `base` in each coefficient it has.
    pub(crate) shared: Vec<(usize, f64)>,
    /// Of the row-level columns: place, place among the extras, derivative of the coefficient's part per
    /// unit of the extra, and the coefficient.
    pub(crate) own: Vec<(usize, usize, f64, f64)>,
}

impl Slope {
    /// The derivative in a cell with these extras.
    pub(crate) fn of(&self, extras: &[f64]) -> f64 {
        self.base + self.own.iter().map(|(_, extra, factor, beta)| beta * factor * extras[*extra]).sum::<f64>()
    }
}

impl<'a> Moving<'a> {
    /// The columns that move, when there is an exposure.
    pub(crate) fn new(sample: &'a Sample, options: &'a Options, design: &Design) -> Option<Self> {
        let (Some(column), Some(exposure)) = (options.effect_of, design.exposure) else { return None };
        let mut cells = 0..;
        let path = |(through, at): (&'a Through, &usize)| {
            let other = match through.column {
                Place::Block(_) => Other::Blocks(&through.other),
                Place::Row(_) => Other::Cells(cells.next().unwrap_or_default()),
            };
            Path { at: *at, power: through.power, other }
        };
        let paths = options.through.iter().zip(&design.through).map(path).collect();
        Some(Self { exposure, values: &sample.columns[column].values, paths })
    }

    /// Whether the exposure has no column but its own.
    pub(crate) fn alone(&self) -> bool {
        self.paths.is_empty()
    }

    /// The derivative in the cells of a run of `block`.
    pub(crate) fn slope(&self, design: &Design, point: &Point, block: usize, out: &mut Slope) {
        out.shared.clear();
        out.own.clear();
        out.shared.push((self.exposure, 1.0 / design.scale[self.exposure]));
        for path in &self.paths {
            let factor = f64::from(path.power) * raised(self.values[block], path.power - 1) / design.scale[path.at];
            match path.other {
                Other::Blocks(other) => out.shared.push((path.at, factor * other[block])),
                Other::Cells(extra) => out.own.push((path.at, extra, factor, point.beta[path.at])),
            }
        }
        out.base = out.shared.iter().map(|(at, factor)| point.beta[*at] * factor).sum();
    }

    /// The design with the exposure at `value` for everyone.
    pub(crate) fn at(&self, packed: &Packed, design: &Design, value: f64) -> Design {
        let mut moved = design.clone();
        for (side, chunk) in moved.chunks.iter_mut().zip(&packed.chunks) {
            for (columns, run) in side.columns.chunks_exact_mut(design.blocks).zip(&chunk.runs) {
                let from = self.values[run.block];
                columns[self.exposure] += (value - from) / design.scale[self.exposure];
                for path in &self.paths {
                    if let Other::Blocks(other) = path.other {
                        let change = other[run.block] * (raised(value, path.power) - raised(from, path.power));
                        columns[path.at] += change / design.scale[path.at];
                    }
                }
            }
            for path in &self.paths {
                if let Other::Cells(extra) = path.other {
                    self.move_cells(chunk, design, path, (extra, packed.extras), value, &mut side.numerics);
                }
            }
        }
        moved
    }

    fn move_cells(
        &self,
        chunk: &Chunk,
        design: &Design,
        path: &Path,
        (extra, extras): (usize, usize),
        value: f64,
        numerics: &mut [f64],
    ) {
        let column = path.at - design.blocks;
        for run in &chunk.runs {
            let change = raised(value, path.power) - raised(self.values[run.block], path.power);
            for cell in run.cells.clone() {
                let other = chunk.extras[cell * extras + extra];
                numerics[cell * design.numerics + column] += other * change / design.scale[path.at];
            }
        }
    }
}

/// `x^power`, by the same multiplications on any machine.
pub(crate) fn raised(x: f64, mut power: u32) -> f64 {
    let (mut out, mut square) = (1.0, x);
    while power > 0 {
        if power & 1 == 1 {
            out *= square;
        }
        square *= square;
        power >>= 1;
    }
    out
}
