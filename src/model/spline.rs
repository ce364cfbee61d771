//! The basis of restricted cubic splines: cubic between knots, straight beyond the outer ones. Pure.

/// Harrell's basis at `x`: `x` itself, then one term for each knot but the last two,
///
/// `[(x - t_j)+^3 - (x - t_(k-1))+^3 (t_k - t_j) / (t_k - t_(k-1)) + (x - t_k)+^3 (t_(k-1) - t_j) / (t_k - t_(k-1))]
/// / (t_k - t_1)^2`
///
/// (Regression Modeling Strategies, 2nd edition 2015, eq. 2.25 and 2.26, with its norming). `knots` ascend and are at
/// least three; fewer give the straight line alone.
pub fn restricted_cubic(x: f64, knots: &[f64]) -> Vec<f64> {
    let mut basis = vec![x];
    let [first, .., before, last] = knots else { return basis };
    let cube = |knot: f64| {
        let above = (x - knot).max(0.0);
        above * above * above
    };
    let (apart, norm) = (last - before, (last - first) * (last - first));
    for knot in &knots[..knots.len() - 2] {
        let term = cube(*knot) - cube(*before) * (last - knot) / apart + cube(*last) * (before - knot) / apart;
        basis.push(term / norm);
    }
    basis
}
