//! Eigenvalues and vectors of small symmetric matrices, and what functions of such a matrix make of a
//! vector. Knows nothing of models. Matrices are row-major.

/// Most sweeps; convergence is quadratic, so about eight are taken.
const SWEEPS: usize = 60;

/// A symmetric matrix by its eigenvalues and vectors.
pub(crate) struct Eigen {
    values: Vec<f64>,
    /// One vector per row.
    vectors: Vec<f64>,
}

impl Eigen {
    /// Cyclic Jacobi rotations (Golub and Van Loan 2013, section 8.5).
    pub(crate) fn new(matrix: &[f64], size: usize) -> Self {
        let mut a = matrix.to_vec();
        let mut vectors = vec![0.0; size * size];
        (0..size).for_each(|at| vectors[at * size + at] = 1.0);
        let whole: f64 = a.iter().map(|x| x * x).sum();
        for _ in 0..SWEEPS {
            let off: f64 = (0..size)
                .flat_map(|p| (0..p).map(move |q| (p, q)))
                .map(|(p, q)| a[p * size + q] * a[p * size + q])
                .sum();
            if off <= 1e-30 * whole {
                break;
            }
            for p in 0..size {
                for q in p + 1..size {
                    rotate(&mut a, &mut vectors, size, p, q);
                }
            }
        }
        Self { values: (0..size).map(|at| a[at * size + at]).collect(), vectors }
    }

    /// `f(matrix) vector`.
    pub(crate) fn apply(&self, f: impl Fn(f64) -> f64, vector: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; vector.len()];
        for (value, own) in self.values.iter().zip(self.vectors.chunks_exact(vector.len().max(1))) {
            let part = f(*value) * own.iter().zip(vector).map(|(u, x)| u * x).sum::<f64>();
            out.iter_mut().zip(own).for_each(|(sum, u)| *sum += part * u);
        }
        out
    }
}

/// Makes the entry at (p, q) zero.
fn rotate(a: &mut [f64], vectors: &mut [f64], size: usize, p: usize, q: usize) {
    let entry = a[p * size + q];
    if entry == 0.0 {
        return;
    }
    let turn = (a[q * size + q] - a[p * size + p]) / (2.0 * entry);
    let t = 1.0_f64.copysign(turn) / (turn.abs() + (1.0 + turn * turn).sqrt());
    let c = 1.0 / (1.0 + t * t).sqrt();
    let s = t * c;
    for at in 0..size {
        let (x, y) = (a[at * size + p], a[at * size + q]);
        (a[at * size + p], a[at * size + q]) = (c * x - s * y, s * x + c * y);
    }
    for values in [a, vectors] {
        for at in 0..size {
            let (x, y) = (values[p * size + at], values[q * size + at]);
            (values[p * size + at], values[q * size + at]) = (c * x - s * y, s * x + c * y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_a_small_matrix() {
        let matrix = [4.0, 1.0, 0.5, 1.0, 3.0, 0.2, 0.5, 0.2, 2.0];
        let eigen = Eigen::new(&matrix, 3);
        let vector = [1.0, -2.0, 0.5];
        let root = |x: &[f64]| eigen.apply(f64::sqrt, x);
        let twice = root(&root(&vector));
        for row in 0..3 {
            let product: f64 = (0..3).map(|at| matrix[row * 3 + at] * vector[at]).sum();
            assert!((twice[row] - product).abs() < 1e-13, "{twice:?}");
        }
        let mut values = eigen.values.clone();
        values.sort_by(f64::total_cmp);
        // numpy 2.4: linalg.eigvalsh
        assert!((values.iter().sum::<f64>() - 9.0).abs() < 1e-13);
        let determinant = 4.0 * (3.0 * 2.0 - 0.04) - (2.0 - 0.1) + 0.5 * (0.2 - 1.5);
        assert!((values.iter().product::<f64>() - determinant).abs() < 1e-12);
    }
}
