//! Weighted shares with errors linearised over clusters. Knows no regression.

use crate::num;

/// Sums over the responses of one cluster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterTotal {
    /// Sum of weights.
    pub weight: f64,
    /// Sum of weights of the responses that count as a success.
    pub success: f64,
}

/// A weighted share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Weighted proportion, 0..=1.
    pub share: f64,
    /// Standard error: Taylor linearisation of the ratio over clusters with the factor G/(G-1)
    /// (Woodruff 1971); not a number with fewer than two clusters.
    pub std_error: f64,
    /// Lower end of the 95 % interval: symmetric on the logit scale, normal quantile, delta-method
    /// error; the share itself where it is 0 or 1.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Clusters with a positive weight.
    pub clusters: u64,
}

/// Share of success over clusters; `None` when the weights sum to zero.
pub fn weighted_share(totals: impl IntoIterator<Item = ClusterTotal>) -> Option<Share> {
    let totals: Vec<ClusterTotal> = totals.into_iter().filter(|total| total.weight > 0.0).collect();
    let weight = num::sum(totals.iter().map(|total| total.weight));
    let success = num::sum(totals.iter().map(|total| total.success));
    if weight.is_nan() || weight <= 0.0 {
        return None;
    }
    let share = success / weight;
    let clusters = totals.len() as f64;
    let squares = num::sum(totals.iter().map(|total| {
        let score = (total.success - share * total.weight) / weight;
        score * score
    }));
    let std_error = if clusters > 1.0 { (clusters / (clusters - 1.0) * squares).sqrt() } else { f64::NAN };
    let (low, high) = logit_interval(share, std_error);
    Some(Share { share, std_error, low, high, clusters: totals.len() as u64 })
}

fn logit_interval(share: f64, std_error: f64) -> (f64, f64) {
    if share <= 0.0 || share >= 1.0 {
        return (share, share);
    }
    let centre = num::ln(share / (1.0 - share));
    let reach = num::normal_quantile(0.975) * std_error / (share * (1.0 - share));
    (num::logistic(centre - reach), num::logistic(centre + reach))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_of_three_clusters_by_hand() {
        let total = |weight, success| ClusterTotal { weight, success };
        let share = weighted_share([total(10.0, 4.0), total(20.0, 10.0), total(0.0, 0.0), total(10.0, 6.0)]).unwrap();
        // scores -1/40, 0, 1/40; variance 3/2 x 2/1600
        assert_eq!(share.share, 0.5);
        assert!((share.std_error - (1.5_f64 * 2.0 / 1600.0).sqrt()).abs() < 1e-15);
        assert!((share.low + share.high - 1.0).abs() < 1e-15 && share.low < 0.5 && share.low > 0.4);
        assert_eq!(share.clusters, 3);
        assert!(weighted_share([]).is_none());
    }
}
