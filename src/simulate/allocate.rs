//! Whole numbers in proportion to weights, with an exact total.

/// Shares `total` out in proportion to `weights` by largest remainder (the earlier one on a tie).
/// Weights that are not positive get nothing; all zero when none is positive.
pub(super) fn largest_remainder(total: u64, weights: &[f64]) -> Vec<u64> {
    let positive = |weight: f64| if weight.is_finite() && weight > 0.0 { weight } else { 0.0 };
    let sum: f64 = weights.iter().map(|weight| positive(*weight)).sum();
    if sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| positive(*weight) / sum * total as f64).collect();
    let mut shares: Vec<u64> = exact.iter().map(|share| share.floor() as u64).collect();
    let mut order: Vec<usize> = (0..weights.len()).filter(|at| exact[*at] > 0.0).collect();
    order.sort_by(|a, b| (exact[*b] - exact[*b].floor()).total_cmp(&(exact[*a] - exact[*a].floor())).then(a.cmp(b)));
    let given: u64 = shares.iter().sum();
    // Rounding of the quotients can put the floors a few above the total as well as below.
    for at in order.iter().cycle().take(total.saturating_sub(given) as usize) {
        shares[*at] += 1;
    }
    let mut over = given.saturating_sub(total);
    for at in order.iter().rev() {
        if over > 0 && shares[*at] > 0 {
            shares[*at] -= 1;
            over -= 1;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_exact_and_shares_proportional() {
        assert_eq!(largest_remainder(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(largest_remainder(7, &[0.0, 2.0, f64::NAN, 5.0]), [0, 2, 0, 5]);
        assert_eq!(largest_remainder(7, &[0.0, -1.0]), [0, 0]);
        let weights: Vec<f64> = (1..4000).map(|at| 1.0 / f64::from(at)).collect();
        assert_eq!(largest_remainder(4_132_676, &weights).iter().sum::<u64>(), 4_132_676);
    }
}
