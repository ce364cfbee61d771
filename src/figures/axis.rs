//! Axes: round tick values and the lines and words around a plot.
//!
//! Knows ranges and frames, no figure. Entries: [`Ticks::over`], [`y_axis`], [`x_axis`].

use super::canvas::{Anchor, Canvas, EDGE, GRID, INK, NOTE, WIDTH};
use super::ink::Frame;
use crate::format::fixed;

/// Values larger than this are treated as not drawable: their tick labels would not fit a page.
pub(super) const LARGEST: f64 = 1e12;

/// A number that can be drawn.
pub(super) fn drawable(x: f64) -> Option<f64> {
    (x.is_finite() && x.abs() <= LARGEST).then_some(x)
}

/// Evenly spaced round values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ticks {
    /// Distance between ticks: 1, 2 or 5 times a power of ten.
    pub(super) step: f64,
    /// First tick in steps from zero; ticks are whole multiples of the step, free of running sums.
    pub(super) first: i64,
    /// Last tick in steps from zero.
    pub(super) last: i64,
    /// Decimals that tell neighbouring ticks apart.
    pub(super) digits: usize,
}

impl Ticks {
    /// About `wanted` ticks that enclose all drawable `values`; 0 to 1 when there are none.
    pub(super) fn over(values: impl IntoIterator<Item = f64>, wanted: usize) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter_map(drawable) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let size = low.abs().max(high.abs());
        if high - low < (size * 1e-6).max(1e-6) {
            let pad = if size < 1e-5 { 0.5 } else { size * 0.05 };
            (low, high) = (low - pad, high + pad);
        }
        let (step, digits) = round_step((high - low) / wanted.max(1) as f64);
        Self { step, first: (low / step).floor() as i64, last: (high / step).ceil() as i64, digits }
    }

    /// The tick values, ascending.
    pub(super) fn values(&self) -> Vec<f64> {
        (self.first..=self.last).map(|k| self.value(k)).collect()
    }

    fn value(&self, k: i64) -> f64 {
        k as f64 * self.step
    }

    /// First to last tick.
    pub(super) fn range(&self) -> std::ops::Range<f64> {
        self.value(self.first)..self.value(self.last.max(self.first + 1))
    }

    /// Text of a tick.
    pub(super) fn label(&self, value: f64) -> String {
        fixed(value, self.digits)
    }

    /// Width of the widest tick label.
    pub(super) fn width(&self) -> f64 {
        self.values().iter().map(|&v| NOTE.width(&self.label(v))).fold(0.0, f64::max)
    }
}

// The smallest of 1, 2, 5 times a power of ten that is not below `raw`, and the decimals it needs.
// The exponent is read from the decimal text: no logarithm, the same on every machine.
fn round_step(raw: f64) -> (f64, usize) {
    let text = format!("{raw:e}");
    let exponent: i32 = text.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    for (mantissa, exponent) in [(1, exponent), (2, exponent), (5, exponent), (1, exponent + 1)] {
        let step: f64 = format!("{mantissa}e{exponent}").parse().unwrap_or(1.0);
        // A hair of tolerance keeps 0.30000000000000004 from jumping to the next step.
        if step * (1.0 + 1e-9) >= raw {
            return (step, usize::try_from(-exponent).unwrap_or(0));
        }
    }
    (1.0, 0)
}

/// The span of the drawable positions in `at`, with `air` average steps of free space at both ends.
pub(super) fn time_range(at: impl IntoIterator<Item = f64>, air: f64) -> std::ops::Range<f64> {
    let (mut low, mut high, mut count) = (f64::INFINITY, f64::NEG_INFINITY, 0);
    for value in at.into_iter().filter_map(drawable) {
        (low, high, count) = (low.min(value), high.max(value), count + 1);
    }
    if count == 0 {
        return 0.0..1.0;
    }
    let step = (high - low) / f64::from((count - 1).max(1));
    let size = low.abs().max(high.abs());
    let air = if step > size * 1e-9 { step * air } else { 0.5 + size * 1e-6 };
    low - air..high + air
}

/// Horizontal grid lines with their values at the left of `frame`.
pub(super) fn y_axis(canvas: &mut Canvas, frame: &Frame, ticks: &Ticks) {
    for value in ticks.values() {
        let y = frame.at(frame.x.start, value).1;
        canvas.line((frame.left, y), (frame.right, y), GRID, 1.0, "");
        canvas.text(frame.left - 7.0, y + NOTE.cap() / 2.0, &ticks.label(value), NOTE.at(Anchor::End));
    }
}

/// A place on a category-like axis: position, label and an optional second line that is drawn where
/// it differs from the one before (a year under months).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) at: f64,
    pub(super) label: String,
    pub(super) group: String,
}

/// Base line, small ticks and labels under `frame`; labels that would touch are left out. Gives the
/// last baseline.
pub(super) fn x_axis(canvas: &mut Canvas, frame: &Frame, places: &[Place]) -> f64 {
    canvas.line((frame.left, frame.bottom), (frame.right, frame.bottom), INK, 1.0, "");
    let face = NOTE.at(Anchor::Middle);
    let base = frame.bottom + 8.0 + face.cap();
    let mut last = base;
    let (mut free, mut free_below) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    let mut group = String::new();
    for place in places {
        let x = frame.at(place.at, frame.y.start).0;
        canvas.line((x, frame.bottom), (x, frame.bottom + 4.0), INK, 1.0, "");
        let half = face.width(&place.label) / 2.0;
        let centre = inside(x, half);
        if centre - half > free {
            canvas.text(centre, base, &place.label, face);
            free = centre + half + 5.0;
        }
        if place.group != group && !place.group.is_empty() {
            let half = face.width(&place.group) / 2.0;
            let centre = inside(x, half);
            if centre - half > free_below {
                last = base + face.leading();
                canvas.text(centre, last, &place.group, face.bold());
                free_below = centre + half + 5.0;
                group.clone_from(&place.group);
            }
        }
    }
    last
}

// The centre nearest to `x` for which a text of half width `half` stays on the sheet.
fn inside(x: f64, half: f64) -> f64 {
    x.min(WIDTH - EDGE - half).max(EDGE + half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_enclose() {
        let ticks = Ticks::over([0.0, 2.37], 5);
        assert_eq!((ticks.step, ticks.digits), (0.5, 1));
        assert_eq!(ticks.values(), [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]);
        let ticks = Ticks::over([0.996, 1.027], 5);
        assert_eq!(ticks.step, 0.01);
        assert_eq!(ticks.label(ticks.values()[1]), "1.00");
        assert_eq!(Ticks::over([0.0, 0.3], 3).step, 0.1);
        assert_eq!(Ticks::over([-120.0, 470.0], 4).values(), [-200.0, 0.0, 200.0, 400.0, 600.0]);
    }

    #[test]
    fn odd_values_still_give_a_short_axis() {
        for values in [vec![], vec![5.0], vec![5.0; 3], vec![f64::NAN, f64::INFINITY], vec![1e-300], vec![1e12, -1e12]]
        {
            let ticks = Ticks::over(values.clone(), 5);
            assert!((2..=8).contains(&ticks.values().len()), "{values:?} {ticks:?}");
            assert!(ticks.range().start < ticks.range().end);
        }
    }
}
