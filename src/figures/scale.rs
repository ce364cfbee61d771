//! Scales for panels side by side: the same number of units on each, wherever its series lies.
//!
//! Pure arithmetic on ranges. Entry: [`equal_spans`].

use super::axis::{LARGEST, Ticks, drawable};

/// Ticks for panels whose series extend over `extents` (`None`: nothing to show): one step and one number
/// of steps for all, each starting where its series lies and inside `limits` where the series is.
pub(super) fn equal_spans(extents: &[Option<(f64, f64)>], limits: Option<(f64, f64)>) -> Vec<Ticks> {
    let widest = extents.iter().flatten().map(|(low, high)| high - low).fold(0.0, f64::max);
    let like = Ticks::over([0.0, widest.min(LARGEST)], 4);
    let mut all: Vec<Ticks> = extents.iter().map(|extent| with_step(*extent, &like)).collect();
    let steps = all.iter().map(|t| t.last - t.first).max().unwrap_or(1);
    let bound = |limit: Option<f64>, or: i64| limit.and_then(drawable).map_or(or, |x| (x / like.step).round() as i64);
    let floor = bound(limits.map(|l| l.0), i64::MIN / 4);
    let ceiling = bound(limits.map(|l| l.1), i64::MAX / 4);
    for ticks in &mut all {
        let spare = steps - (ticks.last - ticks.first);
        // Zero is worth showing where the spare steps reach it.
        let down = if (1..=spare).contains(&ticks.first) { ticks.first } else { spare / 2 };
        let wish = ticks.first - down;
        let within = ticks.first >= floor && ticks.last <= ceiling;
        ticks.first = if within { wish.min(ceiling - steps).max(floor).min(ticks.first) } else { wish };
        ticks.last = ticks.last.max(ticks.first + steps);
    }
    all
}

fn with_step(extent: Option<(f64, f64)>, like: &Ticks) -> Ticks {
    let (low, high) = extent.unwrap_or((0.0, like.step));
    let first = (low / like.step).floor() as i64;
    let last = ((high / like.step).ceil() as i64).max(first + 1);
    Ticks { first, last, ..like.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(extents: &[Option<(f64, f64)>], limits: Option<(f64, f64)>) -> Vec<(f64, f64)> {
        equal_spans(extents, limits).iter().map(|t| (t.range().start, t.range().end)).collect()
    }

    #[test]
    fn every_panel_spans_the_same_and_holds_its_series() {
        let extents = [Some((79.2, 84.0)), Some((64.0, 79.6)), Some((6.9, 15.1)), Some((97.0, 99.5)), None];
        let got = ends(&extents, Some((0.0, 100.0)));
        assert_eq!(got[1..4], [(60.0, 80.0), (0.0, 20.0), (80.0, 100.0)]);
        for ((low, high), extent) in got.iter().zip(extents) {
            assert_eq!(high - low, 20.0);
            assert!(extent.is_none_or(|(a, b)| *low <= a && b <= *high));
        }
    }

    #[test]
    fn far_ends_and_broken_limits_stay_short() {
        for limits in [None, Some((0.0, 100.0)), Some((5.0, 5.0)), Some((f64::NAN, 1e300))] {
            for ticks in equal_spans(&[Some((-1e12, 1e12)), Some((1e12, 1e12)), Some((0.0, 0.0))], limits) {
                assert!(ticks.last - ticks.first <= 8, "{ticks:?}");
            }
        }
    }
}
