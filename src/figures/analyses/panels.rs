//! Small panels of effects against none: points with intervals, a curve with its band, bars of how many stand
//! behind it. One vertical scale for all panels of a figure with the same unit.
//!
//! Knows no study. Entry: [`panels`].

use crate::figures::axis::{Place, Ticks, drawable, x_axis, y_axis};
use crate::figures::breaks::{letter, wide};
use crate::figures::canvas::{Anchor, BODY, Canvas, EDGE, FIRST, HEAD, INK, NOTE, Shape, THIRD, WIDTH};
use crate::figures::ink::{Frame, Pen};
use crate::figures::labels::{Wish, spread};
use crate::figures::{Break, Caption, Estimate, NO_DATA, NOT_RELEASED, Picture, Sheet, cell, header};

/// Height of a panel's plot.
const TALL: f64 = 150.0;
/// Height of the strip of bars under a panel.
const STRIP: f64 = 26.0;
/// Space between panels, side by side.
const GUTTER: f64 = 22.0;
/// Radius of a marker.
const RADIUS: f64 = 3.0;
/// The band of an interval.
const BAND: &str = "#C8D4E0";
/// Bars: quiet.
const BARS: &str = "#9FB2C5";

/// Figure input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panels {
    /// Title over all panels: what the vertical axes measure.
    pub title: String,
    /// Words under the panels: what the horizontal axes measure.
    pub across: String,
    /// Places on the horizontal axis with their labels.
    pub places: Vec<(f64, String)>,
    /// Extent of the horizontal axis.
    pub x: (f64, f64),
    /// Place from which on there is something to see, as a dashed line.
    pub onset: Option<f64>,
    /// Places where one wave is not comparable with the next; series are panels.
    pub breaks: Vec<Break>,
    /// One panel each.
    pub panels: Vec<Panel>,
    /// Words of the key, each with what it stands for.
    pub keys: Vec<(Key, String)>,
}

/// What a key explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A point with its interval.
    Point,
    /// The hollow point that the others are compared with.
    Reference,
    /// The curve with its band.
    Curve,
    /// The bars.
    Bars,
    /// The dashed line.
    Onset,
}

/// One panel. Values that are not released are none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// Its title.
    pub name: String,
    /// Points: where, estimate, whether it is what the others are compared with.
    pub points: Vec<(f64, Option<Estimate>, bool)>,
    /// A curve in order of x.
    pub curve: Vec<(f64, Option<Estimate>)>,
    /// Bars: from, to, how many.
    pub bars: Vec<(f64, f64, Option<f64>)>,
}

/// Draws the panels.
pub fn panels(caption: &Caption, input: &Panels) -> Picture {
    draw(caption, input).picture(caption)
}

pub(in crate::figures) fn draw(caption: &Caption, input: &Panels) -> Sheet {
    let mut canvas = Canvas::new();
    let last = canvas.open(caption, &input.title);
    let ticks = scale(input);
    let columns = if input.panels.len() == 1 { 1 } else { 2 };
    let width = (WIDTH - 2.0 * EDGE - GUTTER * (columns - 1) as f64) / columns as f64;
    let strip = if input.panels.iter().any(|panel| !panel.bars.is_empty()) { STRIP + 6.0 } else { 0.0 };
    let mut top = last + if last > 0.0 { 22.0 } else { 8.0 };
    let mut bottom = top;
    for (at, panel) in input.panels.iter().enumerate() {
        if at > 0 && at % columns == 0 {
            top = bottom + 24.0;
        }
        let left = EDGE + (at % columns) as f64 * (width + GUTTER);
        let title = HEAD.lines(&panel.name, width);
        let plot = canvas.stack(left, top, &title, HEAD) + if input.breaks.is_empty() { 14.0 } else { 28.0 };
        let (x, y) = (input.x.0..input.x.1, ticks.range());
        let frame =
            Frame { left: left + ticks.width() + 9.0, top: plot, right: left + width, bottom: plot + TALL, x, y };
        one(&mut canvas, &frame, (input, at), panel, &ticks);
        let foot = Frame { bottom: frame.bottom + strip, ..frame };
        bars(&mut canvas, &foot, panel);
        let places: Vec<Place> = input
            .places
            .iter()
            .map(|(at, label)| Place { at: *at, label: label.clone(), group: String::new() })
            .collect();
        bottom = x_axis(&mut canvas, &foot, &places).max(bottom);
    }
    if input.panels.is_empty() {
        canvas.text(EDGE, top + BODY.cap(), NO_DATA, BODY);
        bottom = top + BODY.cap();
    }
    let free = !input.panels.len().is_multiple_of(columns);
    let (left, start) = if free { (EDGE + width + GUTTER, top) } else { (EDGE, bottom + 18.0) };
    let bottom = keys(&mut canvas, (left, start), if free { width } else { WIDTH - 2.0 * EDGE }, input).max(bottom);
    Sheet { canvas, height: bottom + 12.0, csv: rows(input) }
}

fn scale(input: &Panels) -> Ticks {
    let of = |panel: &Panel| {
        let points = panel.points.iter().filter_map(|(_, estimate, _)| *estimate);
        let curve = panel.curve.iter().filter_map(|(_, estimate)| *estimate);
        points.chain(curve).flat_map(|e| [e.value, e.low, e.high]).collect::<Vec<f64>>()
    };
    Ticks::over(input.panels.iter().flat_map(of).chain([0.0]), 5)
}

fn one(canvas: &mut Canvas, frame: &Frame, (input, number): (&Panels, usize), panel: &Panel, ticks: &Ticks) {
    y_axis(canvas, frame, ticks);
    let curve: Vec<(f64, Estimate)> =
        panel.curve.iter().filter_map(|(x, e)| Some((drawable(*x)?, (*e)?.drawable()?))).collect();
    let side = |of: fn(&Estimate) -> f64| curve.iter().map(|(x, e)| (*x, of(e))).collect::<Vec<_>>();
    frame.band(canvas, &side(|e| e.low), &side(|e| e.high), BAND);
    let none = frame.at(frame.x.start, 0.0).1;
    canvas.line((frame.left, none), (frame.right, none), INK, 1.2, "");
    if let Some(onset) = input.onset {
        let x = frame.at(onset, 0.0).0;
        canvas.line((x, frame.top), (x, frame.bottom), "#757575", 1.0, "3 3");
    }
    break_lines(canvas, frame, input, number);
    frame.line(canvas, &side(|e| e.value), Pen { colour: FIRST, width: 2.2, dash: "" });
    let colour = if panel.curve.is_empty() { FIRST } else { THIRD };
    let mut any = !curve.is_empty();
    for (x, estimate, reference) in &panel.points {
        let Some((x, e)) = drawable(*x).zip(estimate.and_then(Estimate::drawable)) else { continue };
        any = true;
        whisker(canvas, frame.at(x, e.value), [frame.at(x, e.low).1, frame.at(x, e.high).1], colour, *reference);
    }
    if !any {
        let centre = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
        canvas.text(centre.0, centre.1 - 6.0, NOT_RELEASED, BODY.at(Anchor::Middle).halo());
    }
}

// A dotted line at every break of the panel with its letter on top; letters of close breaks are moved apart.
fn break_lines(canvas: &mut Canvas, frame: &Frame, input: &Panels, panel: usize) {
    let own = input.breaks.iter().enumerate().filter(|(_, b)| b.series.is_empty() || b.series.contains(&panel));
    let lines: Vec<(usize, f64)> =
        own.filter_map(|(number, b)| Some((number, frame.at(drawable(b.at)?, frame.y.start).0))).collect();
    let wishes: Vec<Wish> = lines.iter().map(|(number, x)| Wish { at: *x, height: wide(*number) }).collect();
    for ((number, x), centre) in lines.iter().zip(spread(&wishes, frame.left, frame.right)) {
        canvas.line((*x, frame.top - 6.0), (*x, frame.bottom), "#757575", 1.3, "1.5 3");
        canvas.text(centre, frame.top - 11.0, &letter(*number), NOTE.at(Anchor::Middle));
    }
}

fn whisker(canvas: &mut Canvas, at: (f64, f64), ends: [f64; 2], colour: &'static str, hollow: bool) {
    canvas.line((at.0, ends[0]), (at.0, ends[1]), colour, 1.5, "");
    for end in ends {
        if (end - at.1).abs() > RADIUS + 2.0 {
            canvas.line((at.0 - 3.0, end), (at.0 + 3.0, end), colour, 1.5, "");
        }
    }
    canvas.marker(at, RADIUS, Shape::Circle, colour, hollow);
}

// How many stand behind the curve, in a strip under it; the tallest bar fills the strip.
fn bars(canvas: &mut Canvas, frame: &Frame, panel: &Panel) {
    let most = panel.bars.iter().filter_map(|bar| bar.2).fold(0.0, f64::max);
    for (from, to, many) in panel.bars.iter().filter(|_| most > 0.0) {
        let Some(many) = many.and_then(drawable).filter(|many| *many > 0.0) else { continue };
        let (left, right) = (frame.at(*from, frame.y.start).0, frame.at(*to, frame.y.start).0);
        let height = STRIP * many / most;
        canvas.rect(left + 0.5, frame.bottom - height, (right - left - 1.0, height), BARS, "");
    }
}

fn keys(canvas: &mut Canvas, (left, mut top): (f64, f64), width: f64, input: &Panels) -> f64 {
    let mut last = top;
    if !input.across.is_empty() {
        last = canvas.block(left, top, width, &format!("Across: {}", input.across), NOTE);
        top = last + 12.0;
    }
    let curve = input.panels.iter().any(|panel| !panel.curve.is_empty());
    for (key, words) in &input.keys {
        let (middle, y) = (left + 9.0, top + NOTE.cap() / 2.0);
        let colour = if curve { THIRD } else { FIRST };
        match key {
            Key::Point => whisker(canvas, (middle, y), [y + 8.0, y - 8.0], colour, false),
            Key::Reference => canvas.marker((middle, y), RADIUS, Shape::Circle, colour, true),
            Key::Curve => {
                canvas.rect(left, y - 7.0, (18.0, 14.0), BAND, "");
                canvas.line((left, y), (left + 18.0, y), FIRST, 2.2, "");
            }
            Key::Bars => canvas.rect(left + 3.0, y - 7.0, (12.0, 14.0), BARS, ""),
            Key::Onset => canvas.line((middle, y - 9.0), (middle, y + 9.0), "#757575", 1.0, "3 3"),
        }
        last = canvas.block(left + 26.0, top, width - 26.0, words, NOTE);
        top = last + 14.0;
    }
    for (number, b) in input.breaks.iter().enumerate() {
        canvas.text(left + 9.0, top + NOTE.cap(), &letter(number), NOTE.bold().at(Anchor::Middle));
        last = canvas.block(left + 26.0, top, width - 26.0, &format!("Break in series: {}", b.label), NOTE);
        top = last + 14.0;
    }
    last
}

fn rows(input: &Panels) -> Vec<Vec<String>> {
    let mut rows = vec![header(&["panel", "kind", "at", "to", "value", "conf_low", "conf_high"])];
    let line = |panel: &Panel, kind: &str, at: f64, to: Option<f64>, e: Option<Estimate>| {
        let mut row = vec![panel.name.clone(), kind.into(), cell(Some(at)), cell(to)];
        row.extend([e.map(|e| e.value), e.map(|e| e.low), e.map(|e| e.high)].map(cell));
        row
    };
    for panel in &input.panels {
        rows.extend(
            panel
                .points
                .iter()
                .map(|(at, e, reference)| line(panel, if *reference { "reference" } else { "point" }, *at, None, *e)),
        );
        rows.extend(panel.curve.iter().map(|(at, e)| line(panel, "curve", *at, None, *e)));
        rows.extend(panel.bars.iter().map(|(from, to, many)| {
            let mut row = line(panel, "bar", *from, Some(*to), None);
            row[4] = cell(*many);
            row
        }));
    }
    rows
}
