//! A forest: estimates with intervals against a reference line, each beside what it is compared with,
//! and the numbers in a column.
//!
//! The axis is linear; a caller who wants another scale passes transformed values. Entry: [`forest`].

use super::axis::{Ticks, drawable};
use super::canvas::{Anchor, BODY, Canvas, EDGE, FIRST, Face, GRID, HEAD, INK, NOTE, Shape, THIRD, WIDTH};
use super::ink::{Frame, Pen};
use super::markup::blank;
use super::{Caption, Estimate, NO_DATA, NOT_RELEASED, Picture, Sheet, cell, header};

/// Figure input: rows of estimates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forest {
    /// Heading over the row labels.
    pub row_title: String,
    /// Heading over the column of numbers.
    pub text_title: String,
    /// Words under the axis: the quantity and its unit.
    pub axis_title: String,
    /// Where "no difference" lies, drawn as a vertical line.
    pub reference: Option<f64>,
    /// Words at the left and right end under the axis, such as "lower" and "higher"; may be empty.
    pub directions: (String, String),
    /// Name of the first estimate in every row.
    pub first_name: String,
    /// Name of the second estimate in every row; empty when there is none.
    pub second_name: String,
    /// Rows, top to bottom.
    pub rows: Vec<ForestRow>,
}

/// One row: a label and one or two estimates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ForestRow {
    /// Name of the row.
    pub label: String,
    /// Smaller words under the name, such as the number analysed; may be empty.
    pub note: String,
    /// The first estimate.
    pub first: ForestMark,
    /// What it is held against.
    pub second: Option<ForestMark>,
}

/// An estimate and its words. No estimate draws no marker; then empty words become "not released".
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ForestMark {
    /// Estimate and interval, if there is one to draw.
    pub estimate: Option<Estimate>,
    /// Words in the column of numbers, such as `1.006 (1.001 to 1.010)`.
    pub text: String,
}

/// Draws estimates with their intervals, beside others if given.
pub fn forest(caption: &Caption, input: &Forest) -> Picture {
    draw(caption, input).picture(caption)
}

struct Columns {
    label: f64,
    plot: (f64, f64),
    text: (f64, f64),
}

pub(super) fn draw(caption: &Caption, input: &Forest) -> Sheet {
    let mut canvas = Canvas::new();
    let columns = columns(input);
    let mut last = canvas.open(caption, "");
    last = legend(&mut canvas, last, input);
    let head = canvas.block(EDGE, last + 22.0, columns.label, &input.row_title, HEAD);
    let room = columns.text.1 - columns.text.0;
    let head = head.max(canvas.block(columns.text.0, last + 22.0, room, &input.text_title, HEAD));
    canvas.line((EDGE, head + 9.0), (WIDTH - EDGE, head + 9.0), INK, 1.0, "");
    let ends = input.rows.iter().flat_map(marks).filter_map(|(mark, _)| mark.estimate?.drawable());
    let values = ends.flat_map(|e| [e.value, e.low, e.high]).chain(input.reference);
    let ticks = Ticks::over(values, 5);
    let tops = row_tops(input, &columns, head + 9.0);
    let bottom = tops.last().copied().unwrap_or(head + 9.0).max(head + 60.0);
    let (left, right) = columns.plot;
    let frame = Frame { left, right, top: head + 9.0, bottom, x: ticks.range(), y: 0.0..1.0 };
    grid(&mut canvas, &frame, &ticks, input.reference);
    for (row, edges) in input.rows.iter().zip(tops.windows(2)) {
        draw_row(&mut canvas, &frame, &columns, row, (edges[0], edges[1]));
    }
    if input.rows.is_empty() {
        let centre = ((left + right) / 2.0, (frame.top + bottom) / 2.0 + 5.0);
        canvas.text(centre.0, centre.1, NO_DATA, BODY.at(Anchor::Middle).halo());
    }
    let last = feet(&mut canvas, &frame, &ticks, input);
    Sheet { canvas, height: last + 10.0, csv: rows(input) }
}

fn marks(row: &ForestRow) -> impl Iterator<Item = (&ForestMark, bool)> {
    std::iter::once((&row.first, false)).chain(row.second.as_ref().map(|mark| (mark, true)))
}

fn words(mark: &ForestMark) -> &str {
    if blank(&mark.text) { NOT_RELEASED } else { &mark.text }
}

fn face(second: bool) -> Face {
    if second { NOTE.fill(THIRD) } else { NOTE.bold().fill(FIRST) }
}

// Labels and numbers take what they need up to a limit; the plot gets the rest.
fn columns(input: &Forest) -> Columns {
    let widest = |widths: &mut dyn Iterator<Item = f64>| widths.fold(0.0, f64::max);
    let label = widest(&mut input.rows.iter().flat_map(|r| [BODY.bold().width(&r.label), NOTE.width(&r.note)]));
    let label = label.max(HEAD.width(&input.row_title)).clamp(60.0, 190.0) + 1.0;
    let text = widest(&mut input.rows.iter().flat_map(marks).map(|(mark, second)| face(second).width(words(mark))));
    let text = text.max(HEAD.width(&input.text_title)).clamp(60.0, 190.0) + 1.0;
    let end = WIDTH - EDGE;
    Columns { label, plot: (EDGE + label + 22.0, end - text - 22.0), text: (end - text, end) }
}

fn legend(canvas: &mut Canvas, last: f64, input: &Forest) -> f64 {
    let has_second = input.rows.iter().any(|row| row.second.is_some());
    let names = [(&input.first_name, false), (&input.second_name, true)];
    let mut x = EDGE;
    let mut bottom = last;
    for (name, second) in names {
        if blank(name) || (second && !has_second) {
            continue;
        }
        let face = face(second);
        canvas.line((x, 11.0), (x + 26.0, 11.0), face.fill, 1.8, dash(second));
        mark(canvas, (x + 13.0, 11.0), second);
        let lines = face.lines(name, 170.0);
        let width = lines.iter().map(|line| face.width(line)).fold(0.0, f64::max);
        bottom = bottom.max(canvas.stack(x + 34.0, 11.0 - face.cap() / 2.0, &lines, face));
        x += 34.0 + width + 28.0;
    }
    bottom
}

fn mark(canvas: &mut Canvas, at: (f64, f64), second: bool) {
    let (shape, colour) = if second { (Shape::Diamond, THIRD) } else { (Shape::Square, FIRST) };
    canvas.marker(at, 4.6, shape, colour, second);
}

fn dash(second: bool) -> &'static str {
    if second { "4 2.5" } else { "" }
}

// Top edge of every row and the bottom edge of the last.
fn row_tops(input: &Forest, columns: &Columns, start: f64) -> Vec<f64> {
    let mut tops = vec![start];
    let mut y = start;
    for row in &input.rows {
        let numbers: f64 = marks(row).map(|(mark, second)| mark_height(mark, second, columns)).sum();
        y += (name_height(row, columns) + 4.0).max(numbers) + 20.0;
        tops.push(y);
    }
    tops
}

fn name_height(row: &ForestRow, columns: &Columns) -> f64 {
    let name = BODY.leading() * BODY.lines(&row.label, columns.label).len() as f64;
    let note = if blank(&row.note) { 0.0 } else { NOTE.leading() * NOTE.lines(&row.note, columns.label).len() as f64 };
    name + note
}

fn mark_height(mark: &ForestMark, second: bool, columns: &Columns) -> f64 {
    let lines = face(second).lines(words(mark), columns.text.1 - columns.text.0);
    NOTE.leading() * lines.len() as f64 + 5.0
}

fn grid(canvas: &mut Canvas, frame: &Frame, ticks: &Ticks, reference: Option<f64>) {
    for value in ticks.values() {
        let x = frame.at(value, 0.0).0;
        canvas.line((x, frame.top), (x, frame.bottom), GRID, 1.0, "");
    }
    if let Some(value) = reference.and_then(drawable) {
        let x = frame.at(value, 0.0).0;
        canvas.line((x, frame.top), (x, frame.bottom), INK, 1.2, "");
    }
}

fn draw_row(canvas: &mut Canvas, frame: &Frame, columns: &Columns, row: &ForestRow, edges: (f64, f64)) {
    let middle = (edges.0 + edges.1) / 2.0;
    let top = middle - name_height(row, columns) / 2.0 + 3.0;
    let last = canvas.block(EDGE, top, columns.label, &row.label, BODY);
    if !blank(&row.note) {
        canvas.block(EDGE, last + BODY.leading() - NOTE.cap(), columns.label, &row.note, NOTE);
    }
    let total: f64 = marks(row).map(|(mark, second)| mark_height(mark, second, columns)).sum();
    let mut y = middle - total / 2.0;
    for (shown, second) in marks(row) {
        let height = mark_height(shown, second, columns);
        let centre = y + height / 2.0;
        y += height;
        let face = face(second);
        let room = columns.text.1 - columns.text.0;
        let lines = face.lines(words(shown), room);
        canvas.stack(columns.text.0, centre - face.height(lines.len()) / 2.0, &lines, face);
        if let Some(estimate) = shown.estimate.and_then(Estimate::drawable) {
            whisker(canvas, frame, estimate, centre, second);
        }
    }
    canvas.line((EDGE, edges.1), (WIDTH - EDGE, edges.1), GRID, 1.0, "");
}

fn whisker(canvas: &mut Canvas, frame: &Frame, estimate: Estimate, y: f64, second: bool) {
    let level = (frame.bottom - y) / (frame.bottom - frame.top);
    let colour = if second { THIRD } else { FIRST };
    let pen = Pen { colour, width: 1.8, dash: dash(second) };
    frame.line(canvas, &[(estimate.low, level), (estimate.high, level)], pen);
    for end in [estimate.low, estimate.high] {
        let (x, y) = frame.at(end, level);
        canvas.line((x, y - 3.5), (x, y + 3.5), colour, 1.8, "");
    }
    mark(canvas, frame.at(estimate.value, level), second);
}

// Axis line, tick values, directions and title under the plot; gives the last baseline.
fn feet(canvas: &mut Canvas, frame: &Frame, ticks: &Ticks, input: &Forest) -> f64 {
    canvas.line((frame.left, frame.bottom), (frame.right, frame.bottom), INK, 1.0, "");
    let face = NOTE.at(Anchor::Middle);
    let base = frame.bottom + 8.0 + face.cap();
    let mut free = f64::NEG_INFINITY;
    for value in ticks.values() {
        let x = frame.at(value, 0.0).0;
        let label = ticks.label(value);
        let half = face.width(&label) / 2.0;
        canvas.line((x, frame.bottom), (x, frame.bottom + 4.0), INK, 1.0, "");
        if x - half > free && x + half < WIDTH - EDGE && x - half > EDGE {
            canvas.text(x, base, &label, face);
            free = x + half + 6.0;
        }
    }
    let width = frame.right - frame.left;
    let mut last = base;
    let half = width / 2.0 - 8.0;
    for (words, anchor, x) in [
        (arrow("\u{2190} ", &input.directions.0, ""), Anchor::Start, frame.left),
        (arrow("", &input.directions.1, " \u{2192}"), Anchor::End, frame.right),
    ] {
        if !words.is_empty() {
            last = last.max(canvas.block(x, base + 12.0, half, &words, NOTE.at(anchor)));
        }
    }
    let title = &input.axis_title;
    if blank(title) { last } else { canvas.block(frame.left + width / 2.0, last + 12.0, width, title, face) }
}

fn arrow(before: &str, words: &str, after: &str) -> String {
    if blank(words) { String::new() } else { format!("{before}{words}{after}") }
}

fn rows(input: &Forest) -> Vec<Vec<String>> {
    let mut rows = vec![header(&["row", "source", "estimate", "conf_low", "conf_high", "text"])];
    for row in &input.rows {
        for (mark, second) in marks(row) {
            let source = if second { &input.second_name } else { &input.first_name };
            let pick = |f: fn(Estimate) -> f64| cell(mark.estimate.map(f));
            rows.push(vec![
                row.label.clone(),
                source.clone(),
                pick(|e| e.value),
                pick(|e| e.low),
                pick(|e| e.high),
                words(mark).to_owned(),
            ]);
        }
    }
    rows
}
