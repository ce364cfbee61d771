//! The regime in force, applied to one value at a time. Tables whose cells add up are
//! [`super::protect`]'s.

use super::protect::Sum;
use super::{Reason, Released};

/// Numbers of a regime.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Results on fewer people than this are hidden.
    pub threshold: u64,
    /// Counts are shown as multiples of this; 1 shows them as they are.
    pub rounding: u64,
    /// Whether zero is hidden like a small count.
    pub hide_zeros: bool,
    /// Whether totals over waves are sums of rounded parts.
    pub totals_of_parts: bool,
    /// Fewest residual degrees of freedom of a model that is shown.
    pub residual_df: u64,
    /// Largest share of a total of amounts that its two largest contributors may have; 1: any.
    pub largest_two: f64,
    /// Smallest remainder of a total without its two largest contributors, as a share of the largest.
    pub p_percent: f64,
    /// Whether single clusters may be described.
    pub clusters: bool,
    /// Whether numbers of practices are shown as they are whatever happens to those of people.
    pub practices: bool,
}

impl Rules {
    /// A threshold and nothing else.
    pub fn above(threshold: u64) -> Self {
        Self {
            threshold,
            rounding: 1,
            hide_zeros: false,
            totals_of_parts: false,
            residual_df: 0,
            largest_two: 1.0,
            p_percent: 0.0,
            clusters: threshold == 0,
            practices: false,
        }
    }
}

/// The regime in force.
#[derive(Debug, Clone)]
pub struct Gate {
    pub(super) rules: Rules,
    /// Why nothing passes, where nothing does.
    shut: Option<Reason>,
}

impl Gate {
    /// A gate that hides results on fewer than `threshold` people.
    pub fn new(threshold: u64) -> Self {
        Self::under(Rules::above(threshold))
    }

    /// A gate under the rules of a regime.
    pub fn under(rules: Rules) -> Self {
        Self { rules, shut: None }
    }

    /// Results on fewer people than this are hidden.
    pub fn threshold(&self) -> u64 {
        self.rules.threshold
    }

    /// Whether a count is hidden for its own size.
    pub(super) fn small(&self, n: u64) -> bool {
        n < self.rules.threshold && (n > 0 || self.rules.hide_zeros)
    }

    /// A count as it is shown: the nearest multiple of the regime's base, halves up.
    pub fn rounded(&self, n: u64) -> u64 {
        let base = self.rules.rounding.max(1);
        n.saturating_add(base / 2) / base * base
    }

    /// The run of counts around `n` that are shown as it is.
    pub(super) fn alike(&self, n: u64) -> (u64, u64) {
        let (base, shown) = (self.rules.rounding.max(1), self.rounded(n));
        let (low, high) = (shown.saturating_sub(base / 2), shown.saturating_add(base - 1 - base / 2));
        match (n, self.rules.threshold <= 1 && !self.rules.hide_zeros) {
            (_, true) => (low, high),
            (0, false) => (0, 0),
            (_, false) => (low.max(self.rules.threshold.max(1)).min(n), high),
        }
    }

    /// A count. Zero is shown, as nobody is described by it, unless the regime hides it.
    pub fn count(&self, n: u64) -> Released<u64> {
        if self.small(n) { Released(Err(Reason::Small)) } else { Released(Ok(self.rounded(n))) }
    }

    /// The zero of something that cannot occur: clusters where none are used.
    pub fn none(&self) -> Released<u64> {
        Released(Ok(0))
    }

    /// A count of units that are no people and whose number is public, as it is unless the regime rounds
    /// counts or hides zeros and the config does not ask for these units.
    pub fn units(&self, n: u64) -> Released<u64> {
        let strict = (self.rules.rounding > 1 || self.rules.hide_zeros) && !self.rules.practices;
        if strict { self.count(n) } else { Released(Ok(n)) }
    }

    /// A value that describes `n` people.
    pub fn value<T>(&self, n: u64, value: T) -> Released<T> {
        match &self.shut {
            Some(reason) => Released(Err(reason.clone())),
            None if self.small(n) => Released(Err(Reason::Small)),
            None => Released(Ok(value)),
        }
    }

    /// A value that could not be computed.
    pub fn missing<T>(&self, why: impl Into<String>) -> Released<T> {
        Released(Err(Reason::NotEstimated(why.into())))
    }

    /// The gate for a fit with so many residual degrees of freedom: shut to its values where these are
    /// too few.
    pub fn for_fit(&self, residual_df: u64) -> Self {
        let shut = (residual_df < self.rules.residual_df).then_some(Reason::Freedom);
        Self { rules: self.rules.clone(), shut }
    }

    /// A value that rests on the amounts of single clusters, ascending or not, none negative: hidden if
    /// there is only one, or if the regime has rules on dominance and they fail.
    pub fn magnitude<T>(&self, n: u64, amounts: &[f64], value: T) -> Released<T> {
        if self.rules.clusters {
            return self.value(n, value);
        }
        if amounts.len() == 1 {
            return Released(Err(Reason::Unit));
        }
        let mut sorted = amounts.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let total: f64 = sorted.iter().sum();
        let two: f64 = sorted.iter().take(2).sum();
        let largest = sorted.first().copied().unwrap_or(0.0);
        let rest = total - two;
        if total > 0.0 && (two > self.rules.largest_two * total || rest < self.rules.p_percent * largest) {
            return Released(Err(Reason::Dominated));
        }
        self.value(n, value)
    }

    /// Whether shares rest on rounded counts.
    pub fn rounds(&self) -> bool {
        self.rules.rounding > 1
    }

    /// A number that follows from exact counts (a small-sample factor), in hundredths where counts are
    /// rounded.
    pub fn coarse(&self, x: f64) -> f64 {
        if self.rounds() { (x * 100.0).round() / 100.0 } else { x }
    }

    /// A statistic of exact values, to four significant digits where counts are rounded: more would give
    /// its exact number of people away.
    pub fn statistic(&self, x: f64) -> f64 {
        if self.rounds() { format!("{x:.3e}").parse().unwrap_or(x) } else { x }
    }

    /// A sum as a share is taken of it: rounded where counts are.
    pub fn base(&self, sum: f64) -> f64 {
        if !self.rounds() {
            return sum;
        }
        let base = self.rules.rounding as f64;
        (sum / base + 0.5).floor() * base
    }

    /// A part of a whole, of rounded numbers where counts are.
    pub fn share(&self, part: f64, whole: f64) -> f64 {
        let (part, whole) = (self.base(part), self.base(whole));
        if whole > 0.0 { part / whole } else { 0.0 }
    }

    /// A share of `n` people of whom `part` have what it is about. Hidden if either group is small,
    /// under a regime that looks at what percentages are made of.
    pub fn split<T>(&self, part: u64, n: u64, value: T) -> Released<T> {
        let small = |n: u64| n > 0 && self.small(n);
        if self.rules.rounding > 1 && (small(part) || small(n.saturating_sub(part))) {
            return Released(Err(Reason::Small));
        }
        self.value(n, value)
    }

    /// Counts that add up to a shown total: where the total would give a small one away, other non-zero
    /// parts are hidden too.
    pub fn parts(&self, counts: &[u64]) -> Vec<Released<u64>> {
        let mut cells = counts.to_vec();
        cells.push(counts.iter().sum());
        let total = counts.len();
        let sum = Sum { parts: (0..total).collect(), total };
        let own: Vec<usize> = (0..=total).collect();
        let mut last = vec![false; total + 1];
        last[total] = true;
        let mut released = self.margins(&cells, &[sum], &last, &own, Some(total));
        released.truncate(total);
        released
    }

    /// Counts of levels of which the one at `silent` is not printed: it hides the first small one among
    /// the others, and where it is small itself another is hidden for it. One that nobody has hides
    /// nothing.
    pub fn levels(&self, counts: &[u64], silent: usize) -> Vec<Released<u64>> {
        let small = |at: usize| self.small(counts[at]) && counts[at] > 0;
        let silent_small = silent < counts.len() && small(silent);
        let others = (0..counts.len()).any(|at| at != silent && small(at));
        if (silent_small && !others) || counts.get(silent) == Some(&0) {
            return self.parts(counts);
        }
        counts.iter().map(|n| self.count(*n)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_hidden_and_not_derivable_from_the_total() {
        let gate = Gate::new(10);
        assert_eq!(gate.count(0).shown(), Some(&0));
        assert_eq!(gate.count(9).shown(), None);
        assert_eq!(gate.count(10).shown(), Some(&10));
        let parts = gate.parts(&[500, 4, 60, 0]);
        assert_eq!(parts.iter().map(|p| p.shown().copied()).collect::<Vec<_>>(), [Some(500), None, None, Some(0)]);
        let parts = gate.parts(&[500, 60]);
        assert!(parts.iter().all(|p| p.shown().is_some()));
    }

    #[test]
    fn counts_that_look_alike_are_those_that_round_alike() {
        for (threshold, rounding) in [(8, 5), (10, 1), (10, 10), (0, 3), (6, 4)] {
            let gate = Gate::under(Rules { rounding, ..Rules::above(threshold) });
            for n in threshold..60 {
                let (low, high) = gate.alike(n);
                let same = |m: &u64| !gate.small(*m) && gate.rounded(*m) == gate.rounded(n);
                let found: Vec<u64> = (0..100).filter(same).collect();
                assert_eq!(
                    (found.first(), found.last()),
                    (Some(&low), Some(&high)),
                    "{n} by {rounding} over {threshold}"
                );
            }
        }
    }

    #[test]
    fn two_that_dominate_a_total_and_single_clusters_are_hidden() {
        let gate = Gate::under(Rules { largest_two: 0.9, p_percent: 0.1, ..Rules::above(10) });
        assert_eq!(gate.magnitude(50, &[5.0, 4.0, 1.0, 1.0], 1).hidden(), None);
        assert_eq!(gate.magnitude(50, &[50.0, 4.0, 1.0, 1.0], 1).hidden(), Some(&Reason::Dominated));
        assert_eq!(gate.magnitude(50, &[5.0], 1).hidden(), Some(&Reason::Unit));
        assert_eq!(gate.magnitude(5, &[5.0, 4.0, 1.0, 1.0], 1).hidden(), Some(&Reason::Small));
        assert_eq!(Gate::new(10).magnitude(50, &[5.0, 4.0], 1).hidden(), None);
    }
}
