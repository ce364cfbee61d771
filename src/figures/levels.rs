//! Levels by wave: one small panel per series, all with the same number of units per centimetre, so
//! that slopes compare across panels although the levels lie far apart.
//!
//! Knows no study. Entry: [`levels_by_wave`].

use super::axis::{Place, Ticks, drawable, time_range, x_axis, y_axis};
use super::breaks::{letter, wide};
use super::canvas::{Anchor, BODY, Canvas, EDGE, FIRST, HEAD, INK, NOTE, Shape, WIDTH};
use super::ink::{Frame, Pen};
use super::labels::{Wish, spread};
use super::markup::blank;
use super::scale::equal_spans;
use super::{Caption, Estimate, NO_DATA, NOT_RELEASED, Picture, Sheet, cell, header};

/// Height of a panel's plot.
const TALL: f64 = 150.0;
/// Space between panels, side by side.
const GUTTER: f64 = 20.0;
/// Radius of a marker.
const RADIUS: f64 = 3.2;

/// Figure input: series over the same waves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LevelsByWave {
    /// Title over all panels: what is measured, with its unit.
    pub title: String,
    /// Waves in order of time.
    pub waves: Vec<Wave>,
    /// One panel each.
    pub series: Vec<LevelSeries>,
    /// Places where one wave is not comparable with the next, in every panel.
    pub breaks: Vec<Break>,
    /// Series and wave, as indices, that have no value to withhold: what is measured was not asked there.
    pub absent: Vec<(usize, usize)>,
    /// Words of the key for a point and its interval.
    pub key: String,
    /// A remark under the key, such as the scale that all panels share; may be empty.
    pub remark: String,
    /// Decimals of the values written beside the first and last point.
    pub digits: usize,
    /// Smallest and largest value there can be, such as 0 and 100.
    pub limits: Option<(f64, f64)>,
}

/// A wave: its position in years and its label.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wave {
    /// Position in time, in years.
    pub at: f64,
    /// Words under the axis.
    pub label: String,
}

/// One series: a value per wave, in the order of the waves; `None` is not released.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LevelSeries {
    /// Title of the panel.
    pub name: String,
    /// Value and interval per wave.
    pub levels: Vec<Option<Estimate>>,
}

/// A break in the series, between two waves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Break {
    /// Position in time, in years.
    pub at: f64,
    /// What changed, said once in the key.
    pub label: String,
    /// Series that it breaks, as indices; empty for all.
    pub series: Vec<usize>,
}

/// Draws each series in its own panel.
pub fn levels_by_wave(caption: &Caption, input: &LevelsByWave) -> Picture {
    draw(caption, input).picture(caption)
}

struct Grid {
    columns: usize,
    width: f64,
    title_lines: usize,
}

pub(super) fn draw(caption: &Caption, input: &LevelsByWave) -> Sheet {
    let mut canvas = Canvas::new();
    let last = canvas.open(caption, &input.title);
    let scales = scales(input);
    let grid = grid(input);
    let margin = scales.iter().map(Ticks::width).fold(0.0, f64::max).max(14.0) + 8.0;
    let mut row_top = last + if last > 0.0 { 22.0 } else { 8.0 };
    let mut bottom = row_top;
    for (at, (series, ticks)) in input.series.iter().zip(&scales).enumerate() {
        if at > 0 && at % grid.columns == 0 {
            row_top = bottom + 26.0;
        }
        let left = EDGE + (at % grid.columns) as f64 * (grid.width + GUTTER);
        let title = HEAD.lines(&series.name, grid.width);
        canvas.stack(left, row_top, &title, HEAD);
        let top = row_top + HEAD.height(grid.title_lines) + if input.breaks.is_empty() { 18.0 } else { 32.0 };
        let frame = Frame {
            left: left + margin,
            top,
            right: left + grid.width,
            bottom: top + TALL,
            x: years(input),
            y: ticks.range(),
        };
        bottom = panel(&mut canvas, &frame, input, at, ticks);
    }
    if input.series.is_empty() {
        canvas.text(EDGE, row_top + BODY.cap(), NO_DATA, BODY);
        bottom = row_top + BODY.cap();
    }
    let free = input.series.len() % grid.columns;
    let (left, top, width) = if free == 0 {
        (EDGE, bottom + 24.0, WIDTH - 2.0 * EDGE)
    } else {
        let left = EDGE + free as f64 * (grid.width + GUTTER);
        (left + 10.0, row_top, WIDTH - EDGE - left - 10.0)
    };
    let bottom = key(&mut canvas, (left, top), width, input).max(bottom);
    Sheet { canvas, height: bottom + 10.0, csv: rows(input) }
}

fn grid(input: &LevelsByWave) -> Grid {
    let columns = match input.series.len() {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    };
    let width = (WIDTH - 2.0 * EDGE - GUTTER * (columns - 1) as f64) / columns as f64;
    let title_lines = input.series.iter().map(|s| HEAD.lines(&s.name, width).len()).max().unwrap_or(1);
    Grid { columns, width, title_lines }
}

fn years(input: &LevelsByWave) -> std::ops::Range<f64> {
    time_range(input.waves.iter().map(|w| w.at), 0.45)
}

// Points that can be drawn, with their place in time and in the list of waves.
fn shown(input: &LevelsByWave, series: &LevelSeries) -> Vec<(usize, f64, Estimate)> {
    let levels = series.levels.iter().zip(&input.waves).enumerate();
    levels.filter_map(|(k, (level, wave))| Some((k, drawable(wave.at)?, (*level)?.drawable()?))).collect()
}

// Ticks of every panel, from the extent of its series.
fn scales(input: &LevelsByWave) -> Vec<Ticks> {
    let extent = |series: &LevelSeries| {
        shown(input, series)
            .iter()
            .flat_map(|(_, _, e)| [e.value, e.low, e.high])
            .fold(None, |range: Option<(f64, f64)>, x| {
                Some(range.map_or((x, x), |(low, high)| (low.min(x), high.max(x))))
            })
    };
    equal_spans(&input.series.iter().map(extent).collect::<Vec<_>>(), input.limits)
}

fn panel(canvas: &mut Canvas, frame: &Frame, input: &LevelsByWave, at: usize, ticks: &Ticks) -> f64 {
    let series = &input.series[at];
    y_axis(canvas, frame, ticks);
    break_lines(canvas, frame, input, at);
    let points = shown(input, series);
    if points.is_empty() {
        let words = if series.levels.is_empty() { NO_DATA } else { NOT_RELEASED };
        let (x, y) = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
        canvas.text(x, y - 6.0, words, BODY.at(Anchor::Middle).halo());
    }
    segments(canvas, frame, (input, at), &points);
    for (_, at, e) in &points {
        whisker(canvas, frame.at(*at, e.value), frame.at(*at, e.low).1, frame.at(*at, e.high).1);
    }
    values(canvas, frame, input, &points);
    let places: Vec<Place> = input
        .waves
        .iter()
        .filter(|w| drawable(w.at).is_some())
        .map(|w| Place { at: w.at, label: w.label.clone(), group: String::new() })
        .collect();
    x_axis(canvas, frame, &places)
}

// A point with its interval; caps only where they stand clear of the marker.
fn whisker(canvas: &mut Canvas, at: (f64, f64), low: f64, high: f64) {
    canvas.line((at.0, low), (at.0, high), FIRST, 1.6, "");
    for end in [low, high] {
        if (end - at.1).abs() > RADIUS + 2.0 {
            canvas.line((at.0 - 3.5, end), (at.0 + 3.5, end), FIRST, 1.6, "");
        }
    }
    canvas.marker(at, RADIUS, Shape::Circle, FIRST, false);
}

fn breaks(input: &LevelsByWave) -> impl Iterator<Item = (usize, f64)> {
    let range = years(input);
    input.breaks.iter().enumerate().filter_map(move |(k, b)| Some((k, drawable(b.at).filter(|at| range.contains(at))?)))
}

// The breaks of one series.
fn breaks_of(input: &LevelsByWave, series: usize) -> impl Iterator<Item = (usize, f64)> {
    breaks(input).filter(move |(number, _)| {
        let of = &input.breaks[*number].series;
        of.is_empty() || of.contains(&series)
    })
}

// A dashed line at every break with its letter on top; letters of close breaks are moved apart.
fn break_lines(canvas: &mut Canvas, frame: &Frame, input: &LevelsByWave, series: usize) {
    let lines: Vec<(usize, f64)> =
        breaks_of(input, series).map(|(number, at)| (number, frame.at(at, frame.y.start).0)).collect();
    let wishes: Vec<Wish> = lines.iter().map(|(n, x)| Wish { at: *x, height: wide(*n) }).collect();
    for ((number, x), centre) in lines.iter().zip(spread(&wishes, frame.left, frame.right)) {
        canvas.line((*x, frame.top - 6.0), (*x, frame.bottom), "#757575", 1.0, "3 3");
        canvas.text(centre, frame.top - 11.0, &letter(*number), NOTE.at(Anchor::Middle));
    }
}

// Lines between neighbouring waves: dotted across a break, none across a withheld value.
fn segments(
    canvas: &mut Canvas,
    frame: &Frame,
    (input, series): (&LevelsByWave, usize),
    points: &[(usize, f64, Estimate)],
) {
    for pair in points.windows(2) {
        let [(k, x0, from), (next, x1, to)] = pair else { continue };
        if *next != k + 1 {
            continue;
        }
        let broken = breaks_of(input, series).any(|(_, at)| at > x0.min(*x1) && at < x0.max(*x1));
        let pen = if broken {
            Pen { colour: FIRST, width: 1.5, dash: "1.5 3" }
        } else {
            Pen { colour: FIRST, width: 2.0, dash: "" }
        };
        frame.line(canvas, &[(*x0, from.value), (*x1, to.value)], pen);
    }
}

// The values of the first and last point, on the side of the interval that the line leaves free.
fn values(canvas: &mut Canvas, frame: &Frame, input: &LevelsByWave, points: &[(usize, f64, Estimate)]) {
    let face = NOTE.bold().fill(FIRST).at(Anchor::Middle).halo();
    let Some(first) = points.first() else { return };
    let mut ends = vec![(first, points.get(1))];
    if points.len() > 1 {
        ends.push((&points[points.len() - 1], points.get(points.len() - 2)));
    }
    for ((_, at, e), neighbour) in ends {
        let prefer_below = neighbour.is_some_and(|(_, _, other)| other.value > e.value);
        let (x, low) = frame.at(*at, e.low.min(e.value));
        let (above, below) = (frame.at(*at, e.high.max(e.value)).1 - 8.0, low + 8.0 + face.cap());
        let text = crate::format::fixed(e.value, input.digits.min(6));
        let half = face.width(&text) / 2.0;
        let x = x.min(frame.right.min(WIDTH - EDGE) - half).max(frame.left + 2.0 + half);
        let room_below = below < frame.bottom - 2.0;
        let order = if prefer_below { [below, above] } else { [above, below] };
        for y in order {
            if (y != below || room_below) && canvas.text_if_free(x, y, &text, face) {
                break;
            }
        }
    }
}

fn key(canvas: &mut Canvas, at: (f64, f64), width: f64, input: &LevelsByWave) -> f64 {
    let (left, mut last) = at;
    let indent = left + 26.0;
    let room = width - 26.0;
    let gap = 11.0;
    let mut top = last;
    if !blank(&input.key) {
        let y = top + NOTE.cap() / 2.0;
        whisker(canvas, (left + 8.0, y), y + 9.0, y - 9.0);
        last = canvas.block(indent, top, room, &input.key, NOTE);
        top = last + gap + 4.0;
    }
    for (number, _) in breaks(input) {
        canvas.text(left + 8.0, top + NOTE.cap(), &letter(number), NOTE.bold().at(Anchor::Middle));
        last = canvas.block(indent, top, room, &input.breaks[number].label, NOTE);
        top = last + gap;
    }
    for remark in [input.remark.clone(), gaps(input), nothing(input)] {
        if !blank(&remark) {
            last = canvas.block(left, top + 3.0, width, &remark, NOTE.fill(INK));
            top = last + gap;
        }
    }
    last
}

// What a gap in a line means, where there is one.
fn gaps(input: &LevelsByWave) -> String {
    let withheld = |(at, series): (usize, &LevelSeries)| {
        let none = series.levels.iter().take(input.waves.len()).enumerate().filter(|(_, level)| level.is_none());
        none.map(|(wave, _)| (at, wave)).any(|place| !input.absent.contains(&place))
    };
    if input.series.iter().enumerate().any(withheld) {
        format!("Gap in a line: {NOT_RELEASED}.")
    } else {
        String::new()
    }
}

// Which waves have nothing to compare, by series.
fn nothing(input: &LevelsByWave) -> String {
    let each = input.series.iter().enumerate().filter_map(|(at, series)| {
        let waves = input.absent.iter().filter(|(of, _)| *of == at).filter_map(|(_, wave)| input.waves.get(*wave));
        let waves: Vec<&str> = waves.map(|wave| wave.label.as_str()).collect();
        (!waves.is_empty()).then(|| format!("{} {}", series.name, waves.join(", ")))
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() { String::new() } else { format!("No comparable item: {}.", each.join("; ")) }
}

fn rows(input: &LevelsByWave) -> Vec<Vec<String>> {
    let mut rows = vec![header(&["series", "wave", "at", "value", "conf_low", "conf_high"])];
    for series in &input.series {
        for (k, wave) in input.waves.iter().enumerate() {
            let level = series.levels.get(k).copied().flatten();
            rows.push(vec![
                series.name.clone(),
                wave.label.clone(),
                cell(Some(wave.at)),
                cell(level.map(|e| e.value)),
                cell(level.map(|e| e.low)),
                cell(level.map(|e| e.high)),
            ]);
        }
    }
    rows
}
