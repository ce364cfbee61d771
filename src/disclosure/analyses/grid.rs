//! Released findings of the grid of specifications, and what they add up to.

use super::super::{Estimate, Released};
use serde::{Deserialize, Serialize};

/// One specification of one outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct GridRow {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Index into the grid's specifications.
    pub specification: usize,
    /// Whether the model is linear: its coefficient is the effect.
    pub linear: bool,
    /// Responses analysed.
    pub n: Released<u64>,
    /// Clusters of the errors.
    pub clusters: Released<u64>,
    /// Coefficient of the exposure, or why there is none.
    pub coefficient: Released<Estimate>,
    /// Average marginal effect on the probability scale.
    pub effect: Released<Estimate>,
}

/// The grid.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct GridFound {
    /// Rows in the order of outcomes, then of specifications.
    pub rows: Vec<GridRow>,
}

/// What an outcome's specifications add up to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GridSummary {
    /// Specifications.
    pub specifications: usize,
    /// Those with a released effect.
    pub estimated: usize,
    /// Whether the main one's effect is above zero; none without one.
    pub main_above: Option<bool>,
    /// Those with an effect on the main one's side of zero.
    pub same_sign: usize,
    /// Those whose interval excludes zero on that side.
    pub beyond: usize,
    /// Those whose interval excludes zero on the other side.
    pub against: usize,
    /// Least, median and greatest effect, as probabilities.
    pub range: Option<[f64; 3]>,
}

impl GridFound {
    /// The rows of an outcome, the main specification first.
    pub fn of(&self, outcome: usize) -> impl Iterator<Item = &GridRow> {
        self.rows.iter().filter(move |row| row.outcome == outcome)
    }

    /// What an outcome's specifications add up to, from released effects only.
    pub fn summary(&self, outcome: usize) -> GridSummary {
        let effects: Vec<&Estimate> = self.of(outcome).filter_map(|row| row.effect.shown()).collect();
        let main = self.of(outcome).next().and_then(|row| row.effect.shown());
        let above = main.map(|main| main.estimate > 0.0);
        let beyond = |above: bool, e: &Estimate| if above { e.low > 0.0 } else { e.high < 0.0 };
        let count = |holds: &dyn Fn(bool, &Estimate) -> bool| {
            above.map_or(0, |above| effects.iter().filter(|effect| holds(above, effect)).count())
        };
        let mut sorted: Vec<f64> = effects.iter().map(|effect| effect.estimate).collect();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted.get(middle).copied()
        } else {
            middle.checked_sub(1).map(|below| (sorted[below] + sorted[middle]) / 2.0)
        };
        GridSummary {
            specifications: self.of(outcome).count(),
            estimated: effects.len(),
            main_above: above,
            same_sign: count(&|above, e| (e.estimate > 0.0) == above),
            beyond: count(&beyond),
            against: count(&|above, e| beyond(!above, e)),
            range: median.map(|median| [sorted[0], median, sorted[sorted.len() - 1]]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Gate;
    use super::*;

    fn row(specification: usize, released: Released<Estimate>) -> GridRow {
        let gate = Gate::new(10);
        let n = gate.count(100);
        let clusters = gate.count(50);
        GridRow {
            outcome: 0,
            specification,
            linear: false,
            n,
            clusters,
            coefficient: released.clone(),
            effect: released,
        }
    }

    #[test]
    fn summaries_count_released_effects_only() {
        let gate = Gate::new(10);
        let estimate = |estimate: f64, half: f64| Estimate {
            estimate,
            std_error: half / 2.0,
            low: estimate - half,
            high: estimate + half,
            statistic: 0.0,
            p: 0.5,
        };
        let of = |x: f64, half: f64| gate.value(100, estimate(x, half));
        let effects = [of(0.2, 0.1), of(0.4, 0.5), of(-0.3, 0.1), of(0.1, 0.05), gate.missing("collinear")];
        let rows = effects.into_iter().enumerate().map(|(at, effect)| row(at, effect)).collect();
        let summary = GridFound { rows }.summary(0);
        assert_eq!((summary.specifications, summary.estimated, summary.main_above), (5, 4, Some(true)));
        assert_eq!((summary.same_sign, summary.beyond, summary.against), (3, 2, 1));
        let [low, median, high] = summary.range.unwrap();
        assert_eq!((low, high), (-0.3, 0.4));
        assert!((median - 0.15).abs() < 1e-12);
        assert_eq!(GridFound { rows: vec![] }.summary(0), GridSummary::default());
    }
}
