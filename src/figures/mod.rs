//! Figures: SVG as a string, and the rows of the plotted values beside it, both from released values.
//!
//! Owns layout, colours and drawing. Opens no file and no font, knows no study: every word comes from
//! the caller as a finished string, every number has passed disclosure (`None` where it has not, which
//! leaves a gap and the words "not released"). Same inputs, same bytes. Entries: [`spread_over_time`],
//! [`levels_by_wave`], [`forest`], [`sorted_dots`], [`flow`].
//!
//! Every picture is 680 units wide and scales down with the page; its ids begin with the figure's id.
//! Text uses the first and third colour of the Analysis Function palette and its grey only, and no
//! difference is shown by colour alone.

mod analyses;
mod axis;
mod breaks;
mod build;
mod canvas;
mod dataset;
mod dots;
mod flow;
mod forest;
mod ink;
mod labels;
mod levels;
mod markup;
mod metrics;
mod scale;
mod spread;
#[cfg(test)]
mod tests;
mod types;

pub use analyses::{Axis, Multiple, Point, SmallMultiples, SpecificationCurve, small_multiples, specification_curve};
pub use analyses::{Curve, Curves, Panel, PanelKey, Panels, curves, panels};
pub use build::{IDS, build, ids};
pub use dataset::{IDS as DATASET_IDS, build as build_dataset};
pub use dots::{DotRow, SortedDots, sorted_dots};
pub use flow::{Flow, FlowBox, FlowCount, FlowStep, flow};
pub use forest::{Forest, ForestMark, ForestRow, forest};
pub use levels::{Break, LevelSeries, LevelsByWave, Wave, levels_by_wave};
pub use spread::{SpreadLabels, SpreadOverTime, SpreadPoint, spread_over_time};
pub use types::Figure;

use crate::format::plain;

/// Said wherever a value was withheld by disclosure control.
const NOT_RELEASED: &str = "not released";
/// Said in a frame that has nothing to show.
const NO_DATA: &str = "no data";

/// A finished figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The SVG document, ready to be filed or placed inline in a page.
    pub svg: String,
    /// The plotted values, header first, for the CSV beside the figure. Empty cells were not released.
    pub csv: Vec<Vec<String>>,
}

/// What names and describes a figure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caption {
    /// Prefix of all ids in the SVG; unique within a page. Characters unfit for an id become `-`.
    pub id: String,
    /// Short name, the SVG's `<title>`.
    pub title: String,
    /// Alternative text written from the numbers, the SVG's `<desc>`.
    pub description: String,
    /// Shown as a filled tag at the top right and put before the description, for pictures that must
    /// never be taken for something else ("Simulated data").
    pub stamp: Option<String>,
}

/// An estimate with its interval, in the units of the axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The point estimate.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Estimate {
    // None when any of the three cannot be drawn.
    fn drawable(self) -> Option<Self> {
        let all = [self.value, self.low, self.high].into_iter().all(|x| axis::drawable(x).is_some());
        all.then_some(self)
    }
}

/// A figure before it is closed: tests look at the boxes of its texts.
struct Sheet {
    canvas: canvas::Canvas,
    height: f64,
    csv: Vec<Vec<String>>,
}

impl Sheet {
    fn picture(self, caption: &Caption) -> Picture {
        Picture { svg: self.canvas.finish(caption, self.height), csv: self.csv }
    }
}

/// A CSV cell: full precision, empty when withheld or not a finite number.
fn cell(value: Option<f64>) -> String {
    value.filter(|x| x.is_finite()).map(plain).unwrap_or_default()
}

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
