//! Small symmetric systems: Cholesky with a relative pivot test, so that collinear columns are found
//! on purpose and by name. Knows nothing of models. Matrices are row-major.

/// A pivot this small relative to a unit diagonal means a column is explained by those before it.
const PIVOT: f64 = 1e-9;

/// Longer products are summed in lanes, which the processor adds side by side.
const LONG: usize = 128;

/// Scalar product of two vectors of one length.
pub(crate) fn product(a: &[f64], b: &[f64]) -> f64 {
    if a.len() <= LONG {
        return a.iter().zip(b).map(|(a, b)| a * b).sum();
    }
    let ((eights, rest), (others, more)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut lanes = [0.0; 8];
    for (eight, other) in eights.iter().zip(others) {
        for (lane, (a, b)) in lanes.iter_mut().zip(eight.iter().zip(other)) {
            *lane += a * b;
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().zip(more).map(|(a, b)| a * b).sum::<f64>()
}

/// Factor of a symmetric positive definite matrix, scaled to unit diagonal first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cholesky {
    size: usize,
    /// Lower triangle of the scaled matrix's factor.
    lower: Vec<f64>,
    /// What each row and column was multiplied by.
    scale: Vec<f64>,
    /// 1-norm of the scaled matrix.
    norm: f64,
}

/// A column that the earlier ones explain.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Explained {
    /// The column.
    pub(crate) column: usize,
    /// The earlier columns with a part in it.
    pub(crate) by: Vec<usize>,
}

impl Cholesky {
    /// Factors `matrix`; the error names the first column whose pivot vanishes.
    pub(crate) fn new(matrix: &[f64], size: usize) -> Result<Self, Explained> {
        let scale: Vec<f64> = (0..size).map(|at| 1.0 / matrix[at * size + at].sqrt()).collect();
        if let Some(column) = scale.iter().position(|s| !s.is_finite()) {
            return Err(Explained { column, by: Vec::new() });
        }
        let mut factor = Self { size, lower: vec![0.0; size * size], scale, norm: 0.0 };
        for row in 0..size {
            for column in 0..=row {
                let scaled = matrix[row * size + column] * factor.scale[row] * factor.scale[column];
                let (above, below) = (&factor.lower[row * size..], &factor.lower[column * size..]);
                let rest = scaled - product(&above[..column], &below[..column]);
                if column < row {
                    factor.lower[row * size + column] = rest / factor.lower[column * size + column];
                } else if rest > PIVOT {
                    factor.lower[row * size + row] = rest.sqrt();
                } else {
                    return Err(Explained { column: row, by: factor.explained_by(row) });
                }
            }
        }
        let norm = |column: usize| -> f64 {
            let scale = &factor.scale;
            (0..size).map(|row| (matrix[row * size + column] * scale[row] * scale[column]).abs()).sum()
        };
        factor.norm = (0..size).map(norm).fold(0.0_f64, f64::max);
        Ok(factor)
    }

    /// Columns with a coefficient worth the name in the regression of `row` on those before it.
    fn explained_by(&self, row: usize) -> Vec<usize> {
        let mut solution = self.lower[row * self.size..row * self.size + row].to_vec();
        self.back(&mut solution);
        (0..row).filter(|at| solution[*at].abs() > 1e-4).collect()
    }

    /// Solves the transposed triangle for a vector over the first columns.
    fn back(&self, vector: &mut [f64]) {
        for row in (0..vector.len()).rev() {
            let below = (row + 1..vector.len()).map(|at| self.lower[at * self.size + row] * vector[at]).sum::<f64>();
            vector[row] = (vector[row] - below) / self.lower[row * self.size + row];
        }
    }

    /// Solution of `R x = vector` in place, where `matrix = R R'`.
    pub(crate) fn halfway(&self, vector: &mut [f64]) {
        for row in 0..self.size {
            let line = &self.lower[row * self.size..row * self.size + row];
            let known = product(line, &vector[..row]);
            vector[row] = (vector[row] * self.scale[row] - known) / self.lower[row * self.size + row];
        }
    }

    /// Solution of `matrix x = vector`.
    pub(crate) fn solve(&self, vector: &[f64]) -> Vec<f64> {
        let mut out: Vec<f64> = vector.iter().zip(&self.scale).map(|(v, s)| v * s).collect();
        for row in 0..self.size {
            let line = &self.lower[row * self.size..row * self.size + row];
            let known = product(line, &out[..row]);
            out[row] = (out[row] - known) / self.lower[row * self.size + row];
        }
        self.back(&mut out);
        out.iter_mut().zip(&self.scale).for_each(|(v, s)| *v *= s);
        out
    }

    /// Condition number of the scaled matrix in the 1-norm; as much work as the factor and more.
    pub(crate) fn condition(&self) -> f64 {
        let size = self.size;
        let mut inverse_norm = 0.0_f64;
        for column in 0..size {
            let mut unit = vec![0.0; size];
            unit[column] = 1.0 / self.scale[column];
            let solved = self.solve(&unit);
            inverse_norm = inverse_norm.max(solved.iter().zip(&self.scale).map(|(v, s)| (v / s).abs()).sum());
        }
        if size == 0 { 1.0 } else { self.norm * inverse_norm }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_conditions_a_small_system() {
        let matrix = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let factor = Cholesky::new(&matrix, 3).unwrap();
        let x = factor.solve(&[1.0, 2.0, 3.0]);
        for row in 0..3 {
            let back: f64 = (0..3).map(|c| matrix[row * 3 + c] * x[c]).sum();
            assert!((back - (row as f64 + 1.0)).abs() < 1e-14);
        }
        // numpy 2.4: linalg.cond(matrix scaled to unit diagonal, 1)
        assert!((factor.condition() - 3.563_543_034_443_983).abs() < 1e-12, "{}", factor.condition());
    }

    #[test]
    fn names_the_explained_column_and_what_explains_it() {
        // columns a, b, c, d with d = a - 2 c, as a Gram matrix of (1,0,0), (0,1,0), (0,0,1)
        let rows = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, -2.0]];
        let gram: Vec<f64> =
            rows.iter().flat_map(|a| rows.iter().map(move |b| a.iter().zip(b).map(|(x, y)| x * y).sum())).collect();
        let explained = Cholesky::new(&gram, 4).unwrap_err();
        assert_eq!(explained, Explained { column: 3, by: vec![0, 2] });
    }
}
