//! Small forests side by side: the same rows in every column, each column with its own axis and the
//! estimate that the rows are held against as a band. Knows no study. Entry: [`small_multiples`].

use crate::figures::axis::Ticks;
use crate::figures::canvas::{Anchor, BODY, Canvas, EDGE, FIRST, GRID, HEAD, INK, NOTE, Shape, THIRD, WIDTH};
use crate::figures::ink::{Frame, Pen};
use crate::figures::{Caption, Estimate, NO_DATA, NOT_RELEASED, Picture, Sheet, cell};

/// Most columns beside one another; more go below.
const ACROSS: usize = 5;
/// Distance of rows.
const ROW: f64 = 18.0;
/// Space between columns.
const GAP: f64 = 24.0;
/// Behind the rows: the interval of the estimate that they are held against.
const BAND: &str = "#F1E6EC";

/// Figure input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SmallMultiples {
    /// Name of the estimate that rows are held against.
    pub main_name: String,
    /// Words under the axes.
    pub axis_title: String,
    /// Heading that opens a group of rows (or none), and the row's name.
    pub rows: Vec<(String, String)>,
    /// Columns.
    pub columns: Vec<Multiple>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Multiple {
    /// Heading.
    pub title: String,
    /// What the rows are held against.
    pub main: Option<Estimate>,
    /// An estimate for each row, if there is one.
    pub rows: Vec<Option<Estimate>>,
}

/// Draws the columns.
pub fn small_multiples(caption: &Caption, input: &SmallMultiples) -> Picture {
    draw(caption, input).picture(caption)
}

pub(in crate::figures) fn draw(caption: &Caption, input: &SmallMultiples) -> Sheet {
    let mut canvas = Canvas::new();
    let mut last = canvas.open(caption, "");
    last = legend(&mut canvas, last, input);
    for columns in input.columns.chunks(ACROSS) {
        last = bank(&mut canvas, last + 20.0, columns, input);
    }
    if input.columns.is_empty() {
        last += 40.0;
        canvas.text(WIDTH / 2.0, last, NO_DATA, BODY.at(Anchor::Middle));
    }
    last = canvas.block(EDGE, last + 12.0, WIDTH - 2.0 * EDGE, &input.axis_title, NOTE);
    Sheet { canvas, height: last + 10.0, csv: table(input) }
}

fn legend(canvas: &mut Canvas, last: f64, input: &SmallMultiples) -> f64 {
    canvas.rect(EDGE, 5.0, (26.0, 12.0), BAND, "");
    canvas.line((EDGE + 13.0, 5.0), (EDGE + 13.0, 17.0), THIRD, 1.6, "4 2.5");
    let face = NOTE.fill(THIRD);
    last.max(canvas.block(EDGE + 34.0, 11.0 - face.cap() / 2.0, 360.0, &input.main_name, face))
}

/// The rows' places: top of the block and the middle of each row.
fn places(input: &SmallMultiples, names: f64, top: f64) -> (Vec<f64>, f64) {
    let mut y = top + 4.0;
    let mut middles = Vec::with_capacity(input.rows.len());
    for (heading, name) in &input.rows {
        if !heading.is_empty() {
            y += heads(heading, names).len() as f64 * ROW + 2.0;
        }
        let more = NOTE.lines(name, names - 10.0).len().saturating_sub(1) as f64;
        let height = ROW + more * NOTE.leading();
        middles.push(y + height / 2.0);
        y += height;
    }
    (middles, y.max(top + 40.0) + 4.0)
}

/// A heading's lines.
fn heads(heading: &str, names: f64) -> Vec<String> {
    NOTE.bold().lines(heading, names)
}

/// Columns beside one another; gives the last baseline.
fn bank(canvas: &mut Canvas, top: f64, columns: &[Multiple], input: &SmallMultiples) -> f64 {
    let widest = input.rows.iter().map(|(heading, name)| (NOTE.width(name) + 10.0).max(NOTE.bold().width(heading)));
    let names = widest.fold(60.0, f64::max).min(200.0);
    let left = EDGE + names + 10.0;
    let width = (WIDTH - EDGE - left - GAP * columns.len() as f64) / columns.len().max(1) as f64;
    let edges: Vec<f64> = (0..columns.len()).map(|at| left + GAP / 2.0 + at as f64 * (width + GAP)).collect();
    let titles = columns.iter().zip(&edges);
    let head = titles.map(|(column, x)| canvas.block(*x, top, width, &column.title, HEAD)).fold(top, f64::max);
    let (middles, bottom) = places(input, names, head + 6.0);
    for ((heading, name), middle) in input.rows.iter().zip(&middles) {
        let lines = NOTE.lines(name, names - 10.0);
        let top = middle - NOTE.height(lines.len()) / 2.0;
        canvas.stack(EDGE + 10.0, top, &lines, NOTE);
        for (at, line) in heads(heading, names).iter().rev().enumerate().filter(|_| !heading.is_empty()) {
            canvas.text(EDGE, top + NOTE.cap() - ROW * (at + 1) as f64, line, NOTE.bold());
        }
    }
    for (column, x) in columns.iter().zip(&edges) {
        panel(canvas, (*x, width), (head + 6.0, bottom), column, &middles);
    }
    bottom + 8.0 + NOTE.cap()
}

fn panel(
    canvas: &mut Canvas,
    (left, width): (f64, f64),
    (top, bottom): (f64, f64),
    column: &Multiple,
    middles: &[f64],
) {
    let all = column.rows.iter().copied().chain([column.main]).flatten().filter_map(Estimate::drawable);
    let values: Vec<f64> = all.flat_map(|e| [e.value, e.low, e.high]).chain([0.0]).collect();
    let ticks = Ticks::over(values, 2);
    let frame = Frame { left, right: left + width, top, bottom, x: ticks.range(), y: 0.0..1.0 };
    if let Some(main) = column.main.and_then(Estimate::drawable) {
        frame.block(canvas, (main.low, 0.0), (main.high, 1.0), BAND);
    }
    for value in ticks.values() {
        let x = frame.at(value, 0.0).0;
        let (colour, wide) = if value == 0.0 { (INK, 1.2) } else { (GRID, 1.0) };
        canvas.line((x, top), (x, bottom), colour, wide, "");
    }
    if let Some(main) = column.main.and_then(Estimate::drawable) {
        let x = frame.at(main.value, 0.0).0;
        canvas.line((x, top), (x, bottom), THIRD, 1.4, "4 2.5");
    }
    for (estimate, middle) in column.rows.iter().zip(middles) {
        match estimate.and_then(Estimate::drawable) {
            Some(e) => {
                let level = (bottom - middle) / (bottom - top);
                let pen = Pen { colour: FIRST, width: 1.5, dash: "" };
                frame.line(canvas, &[(e.low, level), (e.high, level)], pen);
                canvas.marker(frame.at(e.value, level), 3.2, Shape::Square, FIRST, false);
            }
            None => {
                canvas.text_if_free(
                    left + width / 2.0,
                    middle + NOTE.cap() / 2.0,
                    NOT_RELEASED,
                    NOTE.at(Anchor::Middle),
                );
            }
        }
    }
    let face = NOTE.at(Anchor::Middle);
    // Zero first, then the ends: where there is no room for all, these say most.
    let ends = ticks.values();
    let order = [Some(&0.0), ends.last(), ends.first()].into_iter().flatten().chain(&ends);
    for value in order.filter(|value| ends.contains(value)) {
        let half = face.width(&ticks.label(*value)) / 2.0;
        // Inside the column's own half of the gaps, so that neighbours' labels stay apart.
        let air = GAP / 2.0 - 3.0;
        let x = frame.at(*value, 0.0).0.max(left - air + half).min((left + width + air).min(WIDTH - EDGE) - half);
        canvas.text_if_free(x, bottom + 8.0 + face.cap(), &ticks.label(*value), face);
    }
}

fn table(input: &SmallMultiples) -> Vec<Vec<String>> {
    let mut rows = vec![["column", "group", "row", "estimate", "low", "high"].map(str::to_owned).to_vec()];
    for column in &input.columns {
        let line = |group: &str, name: &str, e: Option<Estimate>| {
            let mut row = vec![column.title.clone(), group.to_owned(), name.to_owned()];
            row.extend([e.map(|e| e.value), e.map(|e| e.low), e.map(|e| e.high)].map(cell));
            row
        };
        rows.push(line("", &input.main_name, column.main));
        let mut group = "";
        for ((heading, name), e) in input.rows.iter().zip(&column.rows) {
            if !heading.is_empty() {
                group = heading;
            }
            rows.push(line(group, name, *e));
        }
    }
    rows
}
