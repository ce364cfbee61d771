//! The participants' flow: boxes down the left, what was left out on the right, and at the foot one box
//! for each analysis.
//!
//! All words and counts are the caller's; boxes grow with their text, so nothing is cut off. Entry: [`flow`].

use super::canvas::{Anchor, BODY, Canvas, EDGE, FIRST, Face, HEAD, INK, NOTE, WIDTH};
use super::markup::blank;
use super::{Caption, NO_DATA, NOT_RELEASED, Picture, Sheet, header};

/// Inner margin of a box.
const PAD: f64 = 10.0;
/// Width of the main boxes and left edge of the side boxes.
const MAIN: f64 = 270.0;
const SIDE: f64 = EDGE + MAIN + 40.0;
/// Most boxes in one row at the foot.
const ACROSS: usize = 6;
/// Fill of the boxes at the foot.
const TINT: &str = "#EEF2F6";

/// Figure input: steps down to the analyses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    /// Steps, top to bottom.
    pub steps: Vec<FlowStep>,
    /// Boxes at the foot, left to right; more than six go on in further rows.
    pub ends: Vec<FlowBox>,
}

/// One step: who is here, and who leaves before the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowStep {
    /// The step and its count.
    pub here: FlowCount,
    /// Heading of the side box, with the total that leaves.
    pub left_out: Option<FlowCount>,
    /// Reasons in the side box.
    pub reasons: Vec<FlowCount>,
}

/// A label with a count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowCount {
    /// What is counted.
    pub label: String,
    /// The count for the CSV; `None` is not released.
    pub value: Option<u64>,
    /// The count as text, such as `n = 4,132,676`; empty words become "not released" when there is no value.
    pub text: String,
}

/// A box at the foot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FlowBox {
    /// The analysis and its count.
    pub here: FlowCount,
    /// Further lines: who was left out of this analysis, and why.
    pub notes: Vec<FlowCount>,
}

/// Draws the flow of participants.
pub fn flow(caption: &Caption, input: &Flow) -> Picture {
    draw(caption, input).picture(caption)
}

pub(super) fn draw(caption: &Caption, input: &Flow) -> Sheet {
    let mut canvas = Canvas::new();
    let opened = canvas.open(caption, "");
    // A stamp of one line fits beside the first box; side boxes start lower.
    let beside = opened < 40.0 && !input.steps.is_empty();
    let mut y = if opened > 0.0 && !beside { opened + 14.0 } else { 4.0 };
    if input.steps.is_empty() && input.ends.is_empty() {
        canvas.rect(EDGE, y, (MAIN, 50.0), "#FFFFFF", INK);
        canvas.text(EDGE + MAIN / 2.0, y + 30.0, NO_DATA, BODY.at(Anchor::Middle));
        y += 50.0;
    }
    for (at, step) in input.steps.iter().enumerate() {
        let next = match () {
            () if at + 1 < input.steps.len() => Next::Step,
            () if input.ends.is_empty() => Next::Nothing,
            () => Next::Ends,
        };
        y = draw_step(&mut canvas, y, step, next);
    }
    let centre = EDGE + MAIN / 2.0;
    for (at, row) in input.ends.chunks(ACROSS).enumerate() {
        let from = (at == 0 && !input.steps.is_empty()).then_some(centre);
        y = draw_ends(&mut canvas, y, row, from);
        y += if (at + 1) * ACROSS < input.ends.len() { 16.0 } else { 0.0 };
    }
    Sheet { canvas, height: y + 6.0, csv: rows(input) }
}

fn words(count: &FlowCount) -> &str {
    if count.value.is_none() && blank(&count.text) { NOT_RELEASED } else { &count.text }
}

// What follows a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Step,
    Ends,
    Nothing,
}

// A step's box, its side box between this step and the next, and the arrow down; gives the next top.
fn draw_step(canvas: &mut Canvas, top: f64, step: &FlowStep, after: Next) -> f64 {
    let inner = MAIN - 2.0 * PAD;
    let label = BODY.lines(&step.here.label, inner);
    let count = HEAD.fill(FIRST).lines(words(&step.here), inner);
    let height = BODY.height(label.len()) + HEAD.height(count.len()) + 8.0 + 2.0 * PAD;
    canvas.rect(EDGE, top, (MAIN, height), "#FFFFFF", INK);
    let centre = EDGE + MAIN / 2.0;
    let last = canvas.stack(centre, top + PAD, &label, BODY.at(Anchor::Middle));
    canvas.stack(centre, last + 8.0, &count, HEAD.fill(FIRST).at(Anchor::Middle));
    let foot = top + height;
    if after == Next::Nothing && step.left_out.is_none() && step.reasons.is_empty() {
        return foot;
    }
    let mut next = foot + 30.0;
    if step.left_out.is_some() || !step.reasons.is_empty() {
        let side_top = foot + 12.0;
        let side_foot = draw_side(canvas, side_top, step);
        let y = (side_top + side_foot) / 2.0;
        canvas.line((centre, y), (SIDE - 6.0, y), INK, 1.2, "");
        head(canvas, (SIDE, y), (1.0, 0.0));
        if after == Next::Nothing {
            canvas.line((centre, foot), (centre, y), INK, 1.2, "");
            return side_foot;
        }
        next = side_foot + 12.0;
    }
    if after == Next::Ends {
        canvas.line((centre, foot), (centre, next), INK, 1.2, "");
        return next;
    }
    canvas.line((centre, foot), (centre, next - 6.0), INK, 1.2, "");
    head(canvas, (centre, next), (0.0, 1.0));
    next
}

// An arrow's head with its tip at `tip`, pointing along `way`.
fn head(canvas: &mut Canvas, tip: (f64, f64), way: (f64, f64)) {
    let back = (tip.0 - way.0 * 7.0, tip.1 - way.1 * 7.0);
    let wide = (way.1 * 3.5, way.0 * 3.5);
    let points =
        [(tip.0 - way.0, tip.1 - way.1), (back.0 + wide.0, back.1 + wide.1), (back.0 - wide.0, back.1 - wide.1)];
    canvas.polygon(&points, INK, "none");
}

// The side box: heading, then reasons with their counts at the right. Gives its foot.
fn draw_side(canvas: &mut Canvas, top: f64, step: &FlowStep) -> f64 {
    let width = WIDTH - EDGE - SIDE;
    let entries: Vec<(&FlowCount, Face)> =
        step.left_out.iter().map(|c| (c, NOTE.bold())).chain(step.reasons.iter().map(|c| (c, NOTE))).collect();
    let inner = width - 2.0 * PAD;
    let mut planned = Vec::new();
    let mut y = top + PAD;
    for (count, face) in entries {
        let number = face.lines(words(count), inner * 0.45);
        let number_width = number.iter().map(|line| face.width(line)).fold(0.0, f64::max);
        let label = face.lines(&count.label, inner - number_width - 14.0);
        let start = y;
        y += face.height(label.len().max(number.len())) + 9.0;
        planned.push((start, label, number, face));
    }
    let foot = y - 9.0 + PAD;
    canvas.rect(SIDE, top, (width, foot - top), "#FFFFFF", "#757575");
    for (start, label, number, face) in planned {
        canvas.stack(SIDE + PAD, start, &label, face);
        canvas.stack(SIDE + width - PAD, start, &number, face.at(Anchor::End));
    }
    foot
}

// The boxes at the foot in one row of equal height, tied to the trunk at `from`. Gives their foot.
fn draw_ends(canvas: &mut Canvas, top: f64, ends: &[FlowBox], from: Option<f64>) -> f64 {
    let gap = 10.0;
    let full = WIDTH - 2.0 * EDGE;
    let width = ((full - gap * (ends.len().max(1) - 1) as f64) / ends.len().max(1) as f64).min(MAIN);
    let left = |at: usize| EDGE + at as f64 * (width + gap);
    let mut top = top;
    if let Some(trunk) = from {
        let bus = top;
        let centres: Vec<f64> = (0..ends.len()).map(|at| left(at) + width / 2.0).collect();
        let (low, high) = centres.iter().fold((trunk, trunk), |(low, high), &x| (low.min(x), high.max(x)));
        top += 22.0;
        canvas.line((low, bus), (high, bus), INK, 1.2, "");
        for x in centres {
            canvas.line((x, bus), (x, top - 6.0), INK, 1.2, "");
            head(canvas, (x, top), (0.0, 1.0));
        }
    }
    let plans: Vec<EndPlan> = ends.iter().map(|end| plan(end, width - 2.0 * (PAD - 2.0))).collect();
    let names = plans.iter().map(|p| p.name.len()).max().unwrap_or(1);
    let counts = plans.iter().map(|p| p.count.len()).max().unwrap_or(1);
    let head_height = HEAD.height(names) + 8.0 + HEAD.height(counts);
    let notes = plans.iter().map(|p| p.notes_height).fold(0.0, f64::max);
    let height = head_height + notes + 2.0 * PAD;
    for (at, plan) in plans.iter().enumerate() {
        canvas.rect(left(at), top, (width, height), TINT, INK);
        let x = left(at) + PAD - 2.0;
        canvas.stack(x, top + PAD, &plan.name, HEAD);
        let mut last = top + PAD + HEAD.height(names);
        canvas.stack(x, last + 8.0, &plan.count, HEAD.fill(FIRST));
        last += 8.0 + HEAD.height(counts);
        for (label, number) in &plan.notes {
            last = canvas.stack(x, last + 13.0, label, NOTE);
            last = canvas.stack(x, last + 6.0, number, NOTE);
        }
    }
    top + height
}

struct EndPlan {
    name: Vec<String>,
    count: Vec<String>,
    notes: Vec<(Vec<String>, Vec<String>)>,
    notes_height: f64,
}

fn plan(end: &FlowBox, width: f64) -> EndPlan {
    let notes: Vec<_> = end.notes.iter().map(|n| (NOTE.lines(&n.label, width), NOTE.lines(words(n), width))).collect();
    let notes_height =
        notes.iter().map(|(label, number)| 19.0 + NOTE.height(label.len()) + NOTE.height(number.len())).sum();
    EndPlan {
        name: HEAD.lines(&end.here.label, width),
        count: HEAD.lines(words(&end.here), width),
        notes,
        notes_height,
    }
}

fn rows(input: &Flow) -> Vec<Vec<String>> {
    let mut rows = vec![header(&["step", "kind", "label", "count", "text"])];
    let mut add = |step: usize, kind: &str, count: &FlowCount| {
        let value = count.value.map(|n| n.to_string()).unwrap_or_default();
        rows.push(vec![step.to_string(), kind.into(), count.label.clone(), value, words(count).to_owned()]);
    };
    for (at, step) in input.steps.iter().enumerate() {
        add(at + 1, "here", &step.here);
        step.left_out.iter().for_each(|count| add(at + 1, "left_out", count));
        step.reasons.iter().for_each(|count| add(at + 1, "reason", count));
    }
    for (at, end) in input.ends.iter().enumerate() {
        add(input.steps.len() + at + 1, "analysis", &end.here);
        end.notes.iter().for_each(|count| add(input.steps.len() + at + 1, "note", count));
    }
    rows
}
