//! Areas sorted by a value: a dot each, its middle half as a bar, the value in a column.
//!
//! Knows no study and no map. Entry: [`sorted_dots`].

use super::axis::{Ticks, drawable};
use super::canvas::{Anchor, BODY, Canvas, EDGE, FIRST, GRID, HEAD, INK, NOTE, Shape, THIRD, WIDTH};
use super::ink::{Frame, Pen};
use super::markup::blank;
use super::{Caption, NO_DATA, NOT_RELEASED, Picture, Sheet, cell, header};

/// Height of a row with one line.
const ROW: f64 = 18.0;
/// Widest the column of names may get.
const NAMES: f64 = 290.0;
/// The first colour lightened to 3.1:1 on white: the bar behind a dot.
const BAR: &str = "#7A93AC";
/// How far the line of the mean rises over the plot, to its words above the tick labels.
const MEAN_RISE: f64 = 22.0;

/// Figure input: areas in any order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SortedDots {
    /// Heading over the names.
    pub row_title: String,
    /// Heading over the column of values.
    pub text_title: String,
    /// Words under the axis: the quantity and its unit.
    pub axis_title: String,
    /// What the bar behind a dot shows, such as "middle half of clusters"; used when a row has one.
    pub range_name: String,
    /// What the dot shows.
    pub dot_name: String,
    /// A value for all areas together, drawn as a vertical line.
    pub mean: Option<f64>,
    /// Words at that line.
    pub mean_text: String,
    /// Rows; drawn from the largest value to the smallest, withheld ones last.
    pub rows: Vec<DotRow>,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DotRow {
    /// Name of the area.
    pub label: String,
    /// The value; `None` is not released.
    pub value: Option<f64>,
    /// Lower and upper quartile, if released.
    pub quartiles: Option<(f64, f64)>,
    /// The value as text.
    pub text: String,
}

/// Draws one dot per area, sorted.
pub fn sorted_dots(caption: &Caption, input: &SortedDots) -> Picture {
    draw(caption, input).picture(caption)
}

struct Columns {
    names: f64,
    plot: (f64, f64),
    text: f64,
}

pub(super) fn draw(caption: &Caption, input: &SortedDots) -> Sheet {
    let mut canvas = Canvas::new();
    let rows = sorted(input);
    let columns = columns(input);
    let mut last = canvas.open(caption, "");
    last = legend(&mut canvas, last, input);
    let ticks = ticks(input);
    let top = heads(&mut canvas, last + 20.0, input, &columns, &ticks);
    let tops = row_tops(&rows, &columns, top + 4.0);
    let bottom = tops.last().copied().unwrap_or(top) + 4.0;
    let (left, right) = columns.plot;
    let frame = Frame { left, right, top, bottom: bottom.max(top + 50.0), x: ticks.range(), y: 0.0..1.0 };
    grid(&mut canvas, &frame, &ticks);
    let placed = || rows.iter().zip(tops.windows(2)).map(|(row, edges)| (*row, (edges[0] + edges[1]) / 2.0));
    placed().for_each(|(row, y)| draw_words(&mut canvas, &frame, &columns, row, y));
    if let Some(mean) = input.mean.and_then(drawable) {
        let x = frame.at(mean, 0.0).0;
        canvas.line((x, top - MEAN_RISE), (x, frame.bottom), THIRD, 1.6, "6 3");
    }
    placed().for_each(|(row, y)| draw_dot(&mut canvas, &frame, row, y));
    if rows.is_empty() {
        canvas.text((left + right) / 2.0, top + 30.0, NO_DATA, BODY.at(Anchor::Middle).halo());
    }
    tick_labels(&mut canvas, &frame, &ticks, frame.bottom + 7.0 + NOTE.cap(), None);
    let mut height = frame.bottom + 7.0 + NOTE.cap();
    if !blank(&input.axis_title) {
        let face = NOTE.at(Anchor::Middle);
        height = canvas.block((left + right) / 2.0, height + 11.0, right - left + 60.0, &input.axis_title, face);
    }
    Sheet { canvas, height: height + 10.0, csv: table(&rows, input) }
}

// Largest first; equal values by name, so that the order of the input never shows.
fn sorted(input: &SortedDots) -> Vec<&DotRow> {
    let mut rows: Vec<&DotRow> = input.rows.iter().collect();
    let key = |row: &DotRow| row.value.and_then(drawable).unwrap_or(f64::NEG_INFINITY);
    rows.sort_by(|a, b| key(b).total_cmp(&key(a)).then_with(|| a.label.cmp(&b.label)));
    rows
}

fn words(row: &DotRow) -> &str {
    if row.value.is_none() || blank(&row.text) { NOT_RELEASED } else { &row.text }
}

fn quartiles(row: &DotRow) -> Option<(f64, f64)> {
    // Fails closed: quartiles of a withheld value are withheld with it.
    let (low, high) = row.value.and(row.quartiles)?;
    Some((drawable(low)?, drawable(high)?))
}

fn columns(input: &SortedDots) -> Columns {
    let names = input.rows.iter().map(|r| NOTE.width(&r.label)).fold(HEAD.width(&input.row_title), f64::max);
    let names = names.clamp(60.0, NAMES) + 1.0;
    let text = input.rows.iter().map(|r| NOTE.width(words(r))).fold(HEAD.width(&input.text_title), f64::max);
    let text = text.clamp(30.0, 120.0) + 1.0;
    Columns { names, plot: (EDGE + names + 18.0, WIDTH - EDGE - text - 24.0), text }
}

fn ticks(input: &SortedDots) -> Ticks {
    let dots = input.rows.iter().filter_map(|r| r.value);
    let ends = input.rows.iter().filter_map(quartiles).flat_map(|(low, high)| [low, high]);
    Ticks::over(dots.chain(ends).chain(input.mean).chain([0.0]), 4)
}

fn legend(canvas: &mut Canvas, last: f64, input: &SortedDots) -> f64 {
    let mut x = EDGE;
    let mut bottom = last;
    let y = 11.0;
    let has_range = input.rows.iter().any(|r| quartiles(r).is_some());
    for (name, range) in [(&input.dot_name, false), (&input.range_name, true)] {
        if blank(name) || (range && !has_range) {
            continue;
        }
        if range {
            canvas.line((x, y), (x + 24.0, y), BAR, 6.0, "");
        } else {
            canvas.marker((x + 6.0, y), 4.0, Shape::Circle, FIRST, false);
        }
        let indent = if range { 32.0 } else { 18.0 };
        let lines = NOTE.lines(name, 180.0);
        bottom = bottom.max(canvas.stack(x + indent, y - NOTE.cap() / 2.0, &lines, NOTE));
        x += indent + lines.iter().map(|line| NOTE.width(line)).fold(0.0, f64::max) + 26.0;
    }
    bottom
}

// Column headings, the words of the mean line and the upper tick labels; gives the plot's top.
fn heads(canvas: &mut Canvas, top: f64, input: &SortedDots, columns: &Columns, ticks: &Ticks) -> f64 {
    let names = HEAD.lines(&input.row_title, columns.names);
    let values = HEAD.lines(&input.text_title, columns.text);
    let (left, right) = columns.plot;
    let frame = Frame { left, right, top: 0.0, bottom: 1.0, x: ticks.range(), y: 0.0..1.0 };
    let mean_face = NOTE.bold().fill(THIRD).at(Anchor::Middle);
    let mean =
        input.mean.and_then(drawable).map(|at| (frame.at(at, 0.0).0, mean_face.lines(&input.mean_text, right - left)));
    let mean_height = mean.as_ref().map_or(0.0, |(_, lines)| mean_face.height(lines.len()) + 9.0);
    let base = top + (mean_height + NOTE.cap()).max(HEAD.height(names.len().max(values.len())));
    canvas.stack(EDGE, base - HEAD.height(names.len()), &names, HEAD);
    canvas.stack(WIDTH - EDGE, base - HEAD.height(values.len()), &values, HEAD.at(Anchor::End));
    tick_labels(canvas, &frame, ticks, base, mean.as_ref().map(|(x, _)| *x));
    if let Some((x, lines)) = mean {
        let half = lines.iter().map(|line| mean_face.width(line)).fold(0.0, f64::max) / 2.0;
        let x = x.min(right - half).max(left + half);
        canvas.stack(x, base - NOTE.cap() - mean_height, &lines, mean_face);
    }
    base + 8.0
}

// Tick values with their baseline at `base`; one that `line` would cross is left out.
fn tick_labels(canvas: &mut Canvas, frame: &Frame, ticks: &Ticks, base: f64, line: Option<f64>) {
    let face = NOTE.at(Anchor::Middle);
    let mut free = frame.left - 17.0;
    for value in ticks.values() {
        let label = ticks.label(value);
        let (x, half) = (frame.at(value, 0.0).0, face.width(&label) / 2.0);
        let crossed = line.is_some_and(|at| (at - x).abs() < half + 4.0);
        if !crossed && x - half > free && x + half < frame.right + 15.0 {
            canvas.text(x, base, &label, face);
            free = x + half + 6.0;
        }
    }
}

fn row_tops(rows: &[&DotRow], columns: &Columns, start: f64) -> Vec<f64> {
    let mut tops = vec![start];
    let mut y = start;
    for row in rows {
        let lines = NOTE.lines(&row.label, columns.names).len().max(NOTE.lines(words(row), columns.text).len());
        y += ROW + 15.0 * lines.saturating_sub(1) as f64;
        tops.push(y);
    }
    tops
}

fn grid(canvas: &mut Canvas, frame: &Frame, ticks: &Ticks) {
    for value in ticks.values() {
        let x = frame.at(value, 0.0).0;
        canvas.line((x, frame.top), (x, frame.bottom), GRID, 1.0, "");
    }
    canvas.line((EDGE, frame.top), (WIDTH - EDGE, frame.top), INK, 1.0, "");
    canvas.line((EDGE, frame.bottom), (WIDTH - EDGE, frame.bottom), INK, 1.0, "");
}

// Name, value, the leader that keeps the eye in the row, and the bar.
fn draw_words(canvas: &mut Canvas, frame: &Frame, columns: &Columns, row: &DotRow, y: f64) {
    let stack = |canvas: &mut Canvas, x: f64, width: f64, text: &str, face: super::canvas::Face| {
        let lines = face.lines(text, width);
        let tight = 15.0 * lines.len().saturating_sub(1) as f64 + face.cap();
        for (k, line) in lines.iter().enumerate() {
            canvas.text(x, y - tight / 2.0 + face.cap() + 15.0 * k as f64, line, face);
        }
    };
    stack(canvas, EDGE, columns.names, &row.label, NOTE);
    stack(canvas, WIDTH - EDGE, columns.text, words(row), NOTE.at(Anchor::End));
    let name_end = NOTE.lines(&row.label, columns.names).last().map_or(0.0, |line| NOTE.width(line));
    let level = (frame.bottom - y) / (frame.bottom - frame.top);
    let Some(value) = row.value.and_then(drawable) else { return };
    let dot = frame.at(value, level);
    canvas.line((EDGE + name_end + 5.0, y), (frame.left, y), GRID, 1.0, "1 3");
    canvas.line((frame.left, y), (dot.0, y), GRID, 1.0, "1 3");
    if let Some((low, high)) = quartiles(row) {
        frame.line(canvas, &[(low, level), (high, level)], Pen { colour: BAR, width: 6.0, dash: "" });
    }
}

fn draw_dot(canvas: &mut Canvas, frame: &Frame, row: &DotRow, y: f64) {
    let Some(value) = row.value.and_then(drawable) else { return };
    canvas.marker((frame.at(value, 0.0).0, y), 4.0, Shape::Circle, FIRST, false);
}

fn table(rows: &[&DotRow], input: &SortedDots) -> Vec<Vec<String>> {
    let mut table = vec![header(&["label", "value", "quartile_low", "quartile_high", "text"])];
    for row in rows {
        let ends = quartiles(row);
        table.push(vec![
            row.label.clone(),
            cell(row.value),
            cell(ends.map(|e| e.0)),
            cell(ends.map(|e| e.1)),
            words(row).to_owned(),
        ]);
    }
    if let Some(mean) = input.mean {
        table.push(vec![
            input.mean_text.clone(),
            cell(Some(mean)),
            String::new(),
            String::new(),
            input.mean_text.clone(),
        ]);
    }
    table
}
