//! A specification curve: estimates sorted, each with its interval, over a matrix of the choices that each
//! one makes. Knows no study. Entry: [`specification_curve`].

use crate::figures::axis::{Ticks, drawable, y_axis};
use crate::figures::canvas::{BODY, Canvas, EDGE, FIRST, GRID, HEAD, INK, NOTE, Shape, THIRD, WIDTH};
use crate::figures::ink::{Frame, Pen};
use crate::figures::{Caption, Estimate, NO_DATA, NOT_RELEASED, Picture, Sheet, cell};

/// Height of the curve.
const CURVE: f64 = 190.0;
/// Distance of the matrix's rows.
const ROW: f64 = 15.5;
/// Width that the legend may take: the stamp stands right of it.
const ROOM: f64 = 430.0;
/// The first colour lightened to 3.1:1 on white: intervals behind the dots.
const INTERVAL: &str = "#7A93AC";

/// Figure input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SpecificationCurve {
    /// Words over the curve: the quantity and its unit.
    pub axis_title: String,
    /// Name of the first specification.
    pub main_name: String,
    /// Name of all others.
    pub other_name: String,
    /// Specifications, the main one first.
    pub points: Vec<Point>,
    /// Choices.
    pub axes: Vec<Axis>,
}

/// A specification.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Point {
    /// Name for the CSV.
    pub name: String,
    /// Its estimate, if there is one.
    pub estimate: Option<Estimate>,
    /// `ok`, or why there is none.
    pub status: String,
    /// Alternative taken of each axis.
    pub choices: Vec<usize>,
}

/// A choice and its alternatives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// Column of the CSV.
    pub id: String,
    /// Heading.
    pub label: String,
    /// Labels of the alternatives.
    pub levels: Vec<String>,
    /// Their names for the CSV.
    pub names: Vec<String>,
}

/// Draws the curve over the matrix.
pub fn specification_curve(caption: &Caption, input: &SpecificationCurve) -> Picture {
    draw(caption, input).picture(caption)
}

/// A specification with what is drawn of it, and whether it is the main one.
type Placed<'a> = (&'a Point, Estimate, bool);

pub(in crate::figures) fn draw(caption: &Caption, input: &SpecificationCurve) -> Sheet {
    let mut canvas = Canvas::new();
    let last = canvas.open(caption, "");
    let last = legend(&mut canvas, last, input);
    let names = label_width(input);
    let top = canvas.block(EDGE, last + 18.0, WIDTH - 2.0 * EDGE, &input.axis_title, HEAD) + 14.0;
    let sorted = sorted(input);
    let values = sorted.iter().flat_map(|(_, e, _)| [e.value, e.low, e.high]).chain([0.0]);
    let ticks = Ticks::over(values, 5);
    let frame = Frame {
        left: EDGE + names.max(ticks.width()) + 12.0,
        right: WIDTH - EDGE - 4.0,
        top,
        bottom: top + CURVE,
        x: -0.5..sorted.len().max(1) as f64 - 0.5,
        y: ticks.range(),
    };
    y_axis(&mut canvas, &frame, &ticks);
    let zero = frame.at(0.0, 0.0).1;
    canvas.line((frame.left, zero), (frame.right, zero), INK, 1.2, "");
    let withheld = input.points.len() - sorted.len();
    if input.points.is_empty() {
        canvas.text(frame.left + 20.0, top + CURVE / 2.0, NO_DATA, BODY.halo());
    } else if withheld > 0 {
        let status = input.points.iter().filter(|point| point.estimate.is_none());
        let fitted = status.clone().all(|point| !point.status.starts_with("not estimated"));
        let why = if fitted { NOT_RELEASED } else { "without an estimate" };
        canvas.text(frame.left + 20.0, top + CURVE - 8.0, &format!("{withheld} {why}"), NOTE.halo());
    }
    curve(&mut canvas, &frame, &sorted);
    let height = matrix(&mut canvas, &frame, &sorted, input);
    Sheet { canvas, height: height + 8.0, csv: table(input) }
}

/// By estimate; equal ones by name, so that the order of the input never shows.
fn sorted(input: &SpecificationCurve) -> Vec<Placed<'_>> {
    let place = |(at, point): (usize, &'_ Point)| -> Option<(usize, Estimate)> {
        let e = point.estimate?;
        [e.value, e.low, e.high].into_iter().all(|x| drawable(x).is_some()).then_some((at, e))
    };
    let mut placed: Vec<Placed> = input
        .points
        .iter()
        .enumerate()
        .filter_map(|(at, point)| place((at, point)).map(|(at, e)| (point, e, at == 0)))
        .collect();
    placed.sort_by(|a, b| a.1.value.total_cmp(&b.1.value).then_with(|| a.0.name.cmp(&b.0.name)));
    placed
}

fn label_width(input: &SpecificationCurve) -> f64 {
    let labels = input.axes.iter().flat_map(|axis| axis.levels.iter().map(|level| NOTE.width(level) + 12.0));
    let heads = input.axes.iter().map(|axis| NOTE.bold().width(&axis.label));
    labels.chain(heads).fold(60.0, f64::max).min(260.0)
}

fn legend(canvas: &mut Canvas, last: f64, input: &SpecificationCurve) -> f64 {
    // Beside one another where they fit left of the stamp, else one below the other.
    let items = [(&input.main_name, NOTE.bold()), (&input.other_name, NOTE)];
    let beside = items.iter().map(|(name, face)| 42.0 + face.width(name)).sum::<f64>() < ROOM;
    let (mut x, mut y) = (EDGE, 11.0);
    let mut bottom = last;
    for (name, main) in [(&input.main_name, true), (&input.other_name, false)] {
        let face = if main { NOTE.bold().fill(THIRD) } else { NOTE.fill(FIRST) };
        let (colour, shape) = if main { (THIRD, Shape::Diamond) } else { (FIRST, Shape::Circle) };
        canvas.marker((x + 6.0, y), if main { 4.6 } else { 2.6 }, shape, colour, false);
        let lines = face.lines(name, ROOM - 18.0);
        let below = canvas.stack(x + 18.0, y - face.cap() / 2.0, &lines, face);
        bottom = bottom.max(below);
        if !beside {
            y = below + 16.0;
            continue;
        }
        x += 18.0 + lines.iter().map(|line| face.width(line)).fold(0.0, f64::max) + 24.0;
    }
    bottom
}

fn curve(canvas: &mut Canvas, frame: &Frame, sorted: &[Placed]) {
    let step = (frame.right - frame.left) / sorted.len().max(1) as f64;
    let radius = (step * 0.32).clamp(1.0, 3.0);
    for (main_turn, at, e, main) in [false, true]
        .into_iter()
        .flat_map(|turn| sorted.iter().enumerate().map(move |(at, one)| (turn, at, one.1, one.2)))
    {
        // The main one last, on top.
        if main != main_turn {
            continue;
        }
        let colour = if main { THIRD } else { INTERVAL };
        let pen = Pen { colour, width: (step * 0.3).clamp(0.6, 2.0), dash: "" };
        frame.line(canvas, &[(at as f64, e.low), (at as f64, e.high)], pen);
        let centre = frame.at(at as f64, e.value);
        if main {
            canvas.marker(centre, 4.6, Shape::Diamond, THIRD, false);
        } else {
            canvas.marker(centre, radius, Shape::Circle, FIRST, false);
        }
    }
}

/// One row per alternative, a mark where a specification makes that choice; gives the lower edge.
fn matrix(canvas: &mut Canvas, frame: &Frame, sorted: &[Placed], input: &SpecificationCurve) -> f64 {
    let step = (frame.right - frame.left) / sorted.len().max(1) as f64;
    let size = (step * 0.72).clamp(1.2, 7.0);
    let room = frame.left - EDGE - 24.0;
    let mut y = frame.bottom + 16.0;
    for (at, axis) in input.axes.iter().enumerate() {
        y = canvas.block(EDGE, y, frame.left - EDGE - 12.0, &axis.label, NOTE.bold()) + 5.0;
        for (level, label) in axis.levels.iter().enumerate() {
            let lines = NOTE.lines(label, room);
            let height = (NOTE.leading() * (lines.len() - 1) as f64 + ROW).max(ROW);
            let middle = y + height / 2.0;
            canvas.stack(EDGE + 12.0, middle - NOTE.height(lines.len()) / 2.0, &lines, NOTE);
            canvas.line((frame.left, middle), (frame.right, middle), GRID, 0.6, "");
            for (place, (_, _, main)) in
                sorted.iter().enumerate().filter(|(_, (point, ..))| point.choices.get(at) == Some(&level))
            {
                let x = frame.at(place as f64, frame.y.start).0;
                let colour = if *main { THIRD } else { FIRST };
                canvas.rect(x - size / 2.0, middle - 4.5, (size, 9.0), colour, "");
            }
            y += height;
        }
        y += 7.0;
    }
    y
}

fn table(input: &SpecificationCurve) -> Vec<Vec<String>> {
    let mut head = vec!["specification".to_string()];
    head.extend(
        input.axes.iter().map(|axis| axis.id.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_")),
    );
    head.extend(["estimate", "low", "high", "status"].map(str::to_owned));
    let mut rows = vec![head];
    let sorted = sorted(input);
    let drawn = sorted.iter().map(|(point, ..)| *point);
    let others = input.points.iter().filter(|point| !sorted.iter().any(|(drawn, ..)| std::ptr::eq(*drawn, *point)));
    for point in drawn.chain(others) {
        let mut row = vec![point.name.clone()];
        let name = |(axis, level): (&Axis, &usize)| axis.names.get(*level).cloned().unwrap_or_default();
        row.extend(input.axes.iter().zip(&point.choices).map(name));
        row.resize(input.axes.len() + 1, String::new());
        row.extend(
            [point.estimate.map(|e| e.value), point.estimate.map(|e| e.low), point.estimate.map(|e| e.high)].map(cell),
        );
        row.push(point.status.clone());
        rows.push(row);
    }
    rows
}
