//! A distribution over time: median, middle half and middle four fifths as bands, and below it the
//! share of clusters that the distribution is drawn from.
//!
//! Knows no study. Entry: [`spread_over_time`].

use super::axis::{Place, Ticks, drawable, time_range, x_axis, y_axis};
use super::canvas::{Anchor, BODY, Canvas, EDGE, FIRST, Face, HEAD, INK, NOTE, Shape, THIRD, WIDTH};
use super::ink::{Frame, Pen};
use super::labels::{Wish, spread};
use super::markup::blank;
use super::{Caption, NO_DATA, NOT_RELEASED, Picture, Sheet, cell, header};

/// Height of the upper and of the lower plot.
const TALL: f64 = 240.0;
const LOW: f64 = 72.0;
/// Widest a direct label may get before it is broken.
const LABEL_WIDTH: f64 = 150.0;
/// Tints of the first colour on white for the wide and the narrow band.
const WIDE_TINT: &str = "#DCE3EB";
const NARROW_TINT: &str = "#A9BACB";
/// Bars of the lower plot: the palette's grey, lightened to 4.6:1.
const BAR: &str = "#757575";

/// Figure input: one distribution per census.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SpreadOverTime {
    /// Title of the upper plot: what is measured, with its unit.
    pub title: String,
    /// Title of the lower plot; it is left out when no point has a share.
    pub share_title: String,
    /// Words at the right end of each line, values included if wanted.
    pub labels: SpreadLabels,
    /// Censuses in order of time.
    pub points: Vec<SpreadPoint>,
}

/// Direct labels at the right end of the lines. Empty ones are not drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpreadLabels {
    /// 90th percentile.
    pub p90: String,
    /// 75th percentile.
    pub p75: String,
    /// Median.
    pub median: String,
    /// Mean.
    pub mean: String,
    /// 25th percentile.
    pub p25: String,
    /// 10th percentile.
    pub p10: String,
}

/// One census. `None` is not released.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SpreadPoint {
    /// Position in time, in years with fractions.
    pub at: f64,
    /// First line under the axis, such as a month.
    pub label: String,
    /// Second line under the axis, drawn where it changes, such as a year; may be empty.
    pub group: String,
    /// 10th percentile.
    pub p10: Option<f64>,
    /// 25th percentile.
    pub p25: Option<f64>,
    /// Median.
    pub median: Option<f64>,
    /// Mean; leave `None` everywhere to draw none.
    pub mean: Option<f64>,
    /// 75th percentile.
    pub p75: Option<f64>,
    /// 90th percentile.
    pub p90: Option<f64>,
    /// Share of clusters reporting, in percent, 0 to 100.
    pub share: Option<f64>,
    /// Text over the share's bar.
    pub share_text: String,
}

impl SpreadPoint {
    fn values(&self) -> [Option<f64>; 6] {
        [self.p90, self.p75, self.median, self.mean, self.p25, self.p10].map(|v| v.and_then(drawable))
    }
}

/// Draws how a distribution across clusters moved over time.
pub fn spread_over_time(caption: &Caption, input: &SpreadOverTime) -> Picture {
    draw(caption, input).picture(caption)
}

// Line styles in the order of `SpreadPoint::values`: told apart by width and dash before colour.
const PENS: [Pen; 6] = [
    Pen { colour: FIRST, width: 1.0, dash: "2 2" },
    Pen { colour: FIRST, width: 1.0, dash: "" },
    Pen { colour: FIRST, width: 2.5, dash: "" },
    Pen { colour: THIRD, width: 2.0, dash: "7 4" },
    Pen { colour: FIRST, width: 1.0, dash: "" },
    Pen { colour: FIRST, width: 1.0, dash: "2 2" },
];
const MEDIAN: usize = 2;
const MEAN: usize = 3;

pub(super) fn draw(caption: &Caption, input: &SpreadOverTime) -> Sheet {
    let mut canvas = Canvas::new();
    let points: Vec<&SpreadPoint> = input.points.iter().filter(|p| drawable(p.at).is_some()).collect();
    let ticks = Ticks::over(points.iter().flat_map(|p| p.values()).flatten().chain([0.0]), 5);
    let (label_room, label_height) = label_size(input);
    let bottom = canvas.open(caption, &input.title);
    let mut frame = Frame {
        left: EDGE + ticks.width().max(22.0) + 8.0,
        top: bottom + 18.0,
        right: WIDTH - EDGE - label_room - if label_room > 0.0 { 16.0 } else { 0.0 },
        bottom: bottom + 18.0 + TALL.max(label_height),
        x: time_range(points.iter().map(|p| p.at), 0.5), // bars need half a step at the ends
        y: ticks.range(),
    };
    y_axis(&mut canvas, &frame, &ticks);
    if points.iter().all(|p| p.values().iter().all(Option::is_none)) {
        nothing(&mut canvas, &frame);
    }
    bands(&mut canvas, &frame, &points);
    lines(&mut canvas, &frame, &points);
    let grown = end_labels(&mut canvas, &frame, &points, input);
    let places: Vec<Place> = points.iter().map(|p| place(p)).collect();
    let shares = points.iter().any(|p| p.share.is_some() || !p.share_text.is_empty());
    let mut last = x_axis(&mut canvas, &frame, &places).max(grown);
    if shares {
        last = canvas.block(EDGE, last + 24.0, WIDTH - 2.0 * EDGE, &input.share_title, HEAD);
        (frame.top, frame.bottom, frame.y) = (last + 28.0, last + 28.0 + LOW, 0.0..100.0);
        bars(&mut canvas, &frame, &points);
        last = x_axis(&mut canvas, &frame, &places);
    }
    last = withheld(&mut canvas, last, &points, input);
    Sheet { canvas, height: last + 10.0, csv: rows(input) }
}

fn place(point: &SpreadPoint) -> Place {
    Place { at: point.at, label: point.label.clone(), group: point.group.clone() }
}

fn nothing(canvas: &mut Canvas, frame: &Frame) {
    let centre = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0 - 14.0);
    canvas.text(centre.0, centre.1, NO_DATA, BODY.at(Anchor::Middle).halo());
}

// Neighbouring points for which `pick` gives a value; a withheld value ends the run.
fn runs<T>(points: &[&SpreadPoint], pick: impl Fn(&SpreadPoint) -> Option<T>) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    for point in points {
        match pick(point) {
            Some(value) => {
                if let Some(run) = all.last_mut() {
                    run.push(value);
                }
            }
            None => all.push(Vec::new()),
        }
    }
    all.retain(|run| !run.is_empty());
    all
}

fn bands(canvas: &mut Canvas, frame: &Frame, points: &[&SpreadPoint]) {
    for (low, high, tint) in [(5, 0, WIDE_TINT), (4, 1, NARROW_TINT)] {
        for run in runs(points, |p| Some((p.at, p.values()[low]?, p.values()[high]?))) {
            let lower: Vec<_> = run.iter().map(|&(x, y, _)| (x, y)).collect();
            let upper: Vec<_> = run.iter().map(|&(x, _, y)| (x, y)).collect();
            frame.band(canvas, &lower, &upper, tint);
        }
    }
}

fn lines(canvas: &mut Canvas, frame: &Frame, points: &[&SpreadPoint]) {
    for which in [0, 1, 4, 5, MEAN, MEDIAN] {
        for run in runs(points, |p| Some((p.at, p.values()[which]?))) {
            frame.line(canvas, &run, PENS[which]);
            let shape = if which == MEAN { Shape::Diamond } else { Shape::Circle };
            for &(x, y) in &run {
                if which == MEAN || which == MEDIAN {
                    canvas.marker(frame.at(x, y), 3.2, shape, PENS[which].colour, which == MEAN);
                } else if run.len() == 1 {
                    canvas.marker(frame.at(x, y), 1.5, shape, PENS[which].colour, false);
                }
            }
        }
    }
}

fn labels(input: &SpreadOverTime) -> [(usize, &str); 6] {
    let l = &input.labels;
    [(0, &*l.p90), (1, &*l.p75), (MEDIAN, &*l.median), (MEAN, &*l.mean), (4, &*l.p25), (5, &*l.p10)]
}

fn label_face(which: usize) -> Face {
    match which {
        MEDIAN => NOTE.bold().fill(FIRST),
        MEAN => NOTE.bold().fill(THIRD),
        _ => NOTE.fill(FIRST),
    }
}

// Width of the widest label and height of all of them stacked.
fn label_size(input: &SpreadOverTime) -> (f64, f64) {
    let (mut widest, mut height) = (0.0_f64, 0.0);
    for (which, text) in labels(input) {
        if !blank(text) {
            let face = label_face(which);
            let lines = face.lines(text, LABEL_WIDTH);
            widest = lines.iter().map(|line| face.width(line)).fold(widest, f64::max);
            height += label_height(face, &lines);
        }
    }
    (widest, height)
}

fn label_height(face: Face, lines: &[String]) -> f64 {
    face.leading() * lines.len() as f64 + 1.0
}

// Labels beside the last released value of each line, moved apart, tied to the line's end where they
// had to move. Gives the lowest baseline.
fn end_labels(canvas: &mut Canvas, frame: &Frame, points: &[&SpreadPoint], input: &SpreadOverTime) -> f64 {
    let mut shown = Vec::new();
    for (which, text) in labels(input) {
        let end = points.iter().rev().find_map(|p| Some((p.at, p.values()[which]?)));
        if let (Some((x, y)), false) = (end, blank(text)) {
            shown.push((which, label_face(which).lines(text, LABEL_WIDTH), frame.at(x, y)));
        }
    }
    let tall = |which: usize, lines: &[String]| label_height(label_face(which), lines);
    let wishes: Vec<_> =
        shown.iter().map(|(which, lines, end)| Wish { at: end.1, height: tall(*which, lines) }).collect();
    let mut lowest = frame.bottom;
    for ((which, lines, end), centre) in shown.iter().zip(spread(&wishes, frame.top - 8.0, frame.bottom)) {
        let face = label_face(*which);
        let left = frame.right + 10.0;
        let from = (end.0 + 6.0, end.1);
        if from.0 < left - 4.0 {
            let knee = (frame.right - 4.0).max(from.0);
            canvas.line(from, (knee, end.1), "#8A8A8A", 0.75, "");
            canvas.line((knee, end.1), (left - 3.0, centre), "#8A8A8A", 0.75, "");
        }
        lowest = lowest.max(canvas.stack(left, centre - face.height(lines.len()) / 2.0, lines, face));
    }
    lowest
}

fn bars(canvas: &mut Canvas, frame: &Frame, points: &[&SpreadPoint]) {
    let gap = points.windows(2).map(|w| (w[1].at - w[0].at).abs()).filter(|g| *g > 0.0).fold(f64::INFINITY, f64::min);
    let span = frame.x.end - frame.x.start;
    let half = (if gap.is_finite() { gap } else { span } * 0.29).min(span * 0.05);
    let mut free = f64::NEG_INFINITY;
    for point in points {
        let share = point.share.and_then(drawable).map(|s| s.clamp(0.0, 100.0));
        if let Some(share) = share {
            frame.block(canvas, (point.at - half, 0.0), (point.at + half, share), BAR);
        }
        let face = NOTE.at(Anchor::Middle).fill(INK);
        let (x, y) = frame.at(point.at, share.unwrap_or(0.0));
        let wide = face.width(&point.share_text) / 2.0;
        let inside = x - wide > EDGE && x + wide < WIDTH - EDGE;
        if share.is_some() && inside && x - wide > free {
            canvas.text(x, y - 5.0, &point.share_text, face);
            free = x + wide + 4.0;
        }
    }
}

// A note that names the censuses whose values were withheld.
fn withheld(canvas: &mut Canvas, last: f64, points: &[&SpreadPoint], input: &SpreadOverTime) -> f64 {
    let has_mean = input.points.iter().any(|p| p.mean.is_some());
    let hidden = |p: &&&SpreadPoint| {
        let lacks = [p.p10, p.p25, p.median, p.p75, p.p90].iter().any(Option::is_none);
        lacks || (has_mean && p.mean.is_none())
    };
    let names: Vec<String> =
        points.iter().filter(hidden).map(|p| format!("{} {}", p.label, p.group).trim().to_owned()).collect();
    if names.is_empty() {
        return last;
    }
    let note = format!("In part or wholly {NOT_RELEASED}: {}", names.join(", "));
    canvas.block(EDGE, last + 16.0, WIDTH - 2.0 * EDGE, &note, NOTE)
}

fn rows(input: &SpreadOverTime) -> Vec<Vec<String>> {
    let names = ["label", "group", "at", "p10", "p25", "median", "mean", "p75", "p90", "share_percent"];
    let mut rows = vec![header(&names)];
    for p in &input.points {
        let mut row = vec![p.label.clone(), p.group.clone(), cell(Some(p.at))];
        row.extend([p.p10, p.p25, p.median, p.mean, p.p75, p.p90, p.share].map(cell));
        rows.push(row);
    }
    rows
}
