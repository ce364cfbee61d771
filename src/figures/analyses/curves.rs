//! Curves over a common axis, told apart by their labels at the right end and their dashes.
//!
//! Knows no study. Entry: [`curves`].

use crate::figures::axis::{Ticks, drawable, y_axis};
use crate::figures::canvas::{Anchor, BODY, Canvas, EDGE, FIRST, GRID, INK, NOTE, Shape, THIRD, WIDTH};
use crate::figures::ink::{Frame, Pen};
use crate::figures::labels::{Wish, spread};
use crate::figures::{Caption, NOT_RELEASED, Picture, Sheet, cell, header};

/// Height of the plot.
const TALL: f64 = 300.0;
/// Side of a square plot.
const SQUARE: f64 = 360.0;
/// Widest a label at the right end may get.
const LABELS: f64 = 120.0;
/// Dash and colour of each curve in turn.
const PENS: [(&str, &str); 6] =
    [(FIRST, ""), (THIRD, "7 4"), (INK, "2 3"), (FIRST, "10 3 2 3"), (THIRD, "1 4"), (INK, "12 5")];

/// Figure input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curves {
    /// Words under the horizontal axis.
    pub x_title: String,
    /// Words over the plot: what the vertical axis measures.
    pub y_title: String,
    /// Least extent of the horizontal axis.
    pub x: (f64, f64),
    /// Least extent of the vertical axis.
    pub y: (f64, f64),
    /// Words at a straight line from corner to corner, if there is to be one.
    pub diagonal: Option<String>,
    /// Whether the plot is as wide as it is tall, for axes of one kind.
    pub square: bool,
    /// The curves.
    pub curves: Vec<Curve>,
}

/// One curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Its label.
    pub name: String,
    /// Points in order of x; none are not released.
    pub points: Vec<(f64, f64)>,
}

impl Curve {
    fn label(&self) -> String {
        if self.points.is_empty() { format!("{}: {NOT_RELEASED}", self.name) } else { self.name.clone() }
    }
}

/// Draws curves over common axes.
pub fn curves(caption: &Caption, input: &Curves) -> Picture {
    draw(caption, input).picture(caption)
}

fn draw(caption: &Caption, input: &Curves) -> Sheet {
    let mut canvas = Canvas::new();
    let last = canvas.open(caption, &input.y_title);
    let points = || input.curves.iter().flat_map(|curve| &curve.points);
    let across = Ticks::over(points().map(|p| p.0).chain([input.x.0, input.x.1]), 5);
    let up = Ticks::over(points().map(|p| p.1).chain([input.y.0, input.y.1]), 5);
    let labels =
        input.curves.iter().map(|curve| NOTE.bold().width(&curve.label())).fold(0.0, f64::max).min(LABELS) + 14.0;
    let left = EDGE + up.width() + 9.0;
    let room = WIDTH - EDGE - labels - left;
    let top = last + 20.0;
    let tall = if input.square { SQUARE.min(room) } else { TALL };
    let left = if input.square { left + (room - tall) / 2.0 } else { left };
    let right = if input.square { left + tall } else { left + room };
    let frame = Frame { left, top, right, bottom: top + tall, x: across.range(), y: up.range() };
    y_axis(&mut canvas, &frame, &up);
    if let Some(words) = &input.diagonal {
        let ends = [(frame.x.start, frame.y.start), (frame.x.end, frame.y.end)];
        frame.line(&mut canvas, &ends, Pen { colour: "#757575", width: 1.2, dash: "4 3" });
        // On the side that the curves leave free.
        let above = points().map(|(x, y)| (x - frame.x.start) / span(&frame.x) - (y - frame.y.start) / span(&frame.y));
        let above = above.sum::<f64>() >= 0.0;
        let (share, anchor) = if above { (0.42, Anchor::End) } else { (0.58, Anchor::Start) };
        let (x, y) = frame.at(frame.x.start + share * span(&frame.x), frame.y.start + share * span(&frame.y));
        let aside = if above { (-10.0, -4.0) } else { (10.0, 4.0 + NOTE.cap()) };
        canvas.text(x + aside.0, y + aside.1, words, NOTE.at(anchor).halo());
    }
    for (at, curve) in input.curves.iter().enumerate() {
        line(&mut canvas, &frame, curve, at);
    }
    ends(&mut canvas, &frame, input, labels - 14.0);
    if points().next().is_none() {
        let centre = ((left + right) / 2.0, top + tall / 2.0);
        canvas.text(centre.0, centre.1, NOT_RELEASED, BODY.at(Anchor::Middle).halo());
    }
    let bottom = feet(&mut canvas, &frame, &across, &input.x_title);
    Sheet { canvas, height: bottom + 10.0, csv: rows(input) }
}

fn span(range: &std::ops::Range<f64>) -> f64 {
    range.end - range.start
}

fn line(canvas: &mut Canvas, frame: &Frame, curve: &Curve, at: usize) {
    let (colour, dash) = PENS[at % PENS.len()];
    let points: Vec<(f64, f64)> =
        curve.points.iter().filter_map(|(x, y)| Some((drawable(*x)?, drawable(*y)?))).collect();
    frame.line(canvas, &points, Pen { colour, width: 2.0, dash });
    if points.len() <= 12 {
        for (x, y) in points {
            canvas.marker(frame.at(x, y), 3.0, Shape::Circle, colour, false);
        }
    }
}

// Labels at the right, each near the end of its curve, moved apart where they would touch.
fn ends(canvas: &mut Canvas, frame: &Frame, input: &Curves, width: f64) {
    let mut order: Vec<(usize, f64, Vec<String>)> = Vec::new();
    for (at, curve) in input.curves.iter().enumerate() {
        let end = curve.points.last().map_or(frame.y.start, |point| point.1);
        order.push((at, frame.at(frame.x.end, end).1, NOTE.bold().lines(&curve.label(), width)));
    }
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let wishes: Vec<Wish> =
        order.iter().map(|(_, y, lines)| Wish { at: *y, height: NOTE.height(lines.len()) + 9.0 }).collect();
    for ((at, y, lines), centre) in order.iter().zip(spread(&wishes, frame.top, frame.bottom)) {
        let face = NOTE.bold().fill(PENS[at % PENS.len()].0);
        if (centre - y).abs() > 4.0 {
            canvas.line((frame.right + 2.0, *y), (frame.right + 10.0, centre), GRID, 1.0, "");
        }
        canvas.stack(frame.right + 12.0, centre - NOTE.height(lines.len()) / 2.0, lines, face);
    }
}

fn feet(canvas: &mut Canvas, frame: &Frame, ticks: &Ticks, title: &str) -> f64 {
    canvas.line((frame.left, frame.bottom), (frame.right, frame.bottom), INK, 1.0, "");
    let face = NOTE.at(Anchor::Middle);
    let base = frame.bottom + 8.0 + face.cap();
    let mut free = f64::NEG_INFINITY;
    for value in ticks.values() {
        let x = frame.at(value, 0.0).0;
        let label = ticks.label(value);
        let half = face.width(&label) / 2.0;
        canvas.line((x, frame.bottom), (x, frame.bottom + 4.0), INK, 1.0, "");
        if x - half > free && x + half < WIDTH - EDGE {
            canvas.text(x, base, &label, face);
            free = x + half + 6.0;
        }
    }
    canvas.block((frame.left + frame.right) / 2.0, base + 12.0, frame.right - frame.left, title, face)
}

fn rows(input: &Curves) -> Vec<Vec<String>> {
    let mut rows = vec![header(&["curve", "x", "y"])];
    for curve in &input.curves {
        if curve.points.is_empty() {
            rows.push(vec![curve.name.clone(), String::new(), String::new()]);
        }
        rows.extend(curve.points.iter().map(|(x, y)| vec![curve.name.clone(), cell(Some(*x)), cell(Some(*y))]));
    }
    rows
}
