//! One responder: items by their tables, then outcomes by their logit. A fixed number of random
//! words per responder, so that a responder never depends on another's answers.

use super::draw::{bin, pick};
use super::plan::Plan;
use super::random::Stream;
use crate::num;

/// Responders of one practice in one wave.
pub(super) struct Job<'a> {
    /// Practice code.
    pub(super) code: &'a str,
    /// Index into the survey's practices.
    pub(super) practice: u32,
    /// Wave label as text.
    pub(super) wave_label: &'a str,
    /// Index into the config's waves.
    pub(super) wave: usize,
    /// Standardised deprivation.
    pub(super) deprivation: f64,
    /// Number of responders.
    pub(super) responders: u32,
    /// Log odds by outcome of the plan, without the wave's term.
    pub(super) terms: Vec<f64>,
}

/// First rows of a practice in the tables of a plan.
pub(super) struct Offsets {
    pub(super) steps: Vec<usize>,
    pub(super) answers: Vec<usize>,
}

impl Job<'_> {
    /// Where the practice's rows start in each table.
    pub(super) fn offsets(&self, plan: &Plan) -> Offsets {
        let bin = bin(self.deprivation);
        Offsets {
            steps: plan.steps.iter().map(|step| step.table.offset(bin)).collect(),
            answers: plan.outcomes.iter().map(|outcome| outcome.answers.offset(bin)).collect(),
        }
    }
}

/// The responder being made.
pub(super) struct Person {
    /// Place of each step's code.
    pub(super) places: Vec<u8>,
    /// Log odds by outcome.
    pub(super) scores: Vec<f64>,
    /// Product of the weight's factors.
    pub(super) factor: f64,
}

impl Person {
    /// Room for one responder of `plan`.
    pub(super) fn new(plan: &Plan) -> Self {
        Self { places: vec![0; plan.steps.len()], scores: vec![0.0; plan.outcomes.len()], factor: 1.0 }
    }
}

/// Draws the items and adds up their effects on top of `terms`.
#[inline]
pub(super) fn draw_items(plan: &Plan, offsets: &Offsets, terms: &[f64], random: &mut Stream, person: &mut Person) {
    person.scores.copy_from_slice(terms);
    person.factor = 1.0;
    for (at, (step, offset)) in plan.steps.iter().zip(&offsets.steps).enumerate() {
        let place = step.table.draw(*offset, &person.places, random.bits());
        person.places[at] = place as u8;
        person.factor *= step.weight[place];
        let width = person.scores.len();
        for (score, effect) in person.scores.iter_mut().zip(&step.effects[place * width..]) {
            *score += effect;
        }
    }
}

/// Draws the code of outcome `at`.
#[inline]
pub(super) fn draw_outcome(
    plan: &Plan,
    offsets: &Offsets,
    at: usize,
    not_asked: i8,
    random: &mut Stream,
    person: &Person,
) -> i8 {
    let outcome = &plan.outcomes[at];
    let (answer, success, code) = (random.bits(), random.bits(), random.bits());
    if !outcome.asked(&person.places) {
        return not_asked;
    }
    if let Some(left_out) = outcome.left_out(offsets.answers[at], &person.places, answer) {
        return left_out;
    }
    let yes = f64::from(success) < num::logistic(person.scores[at]) * 4_294_967_296.0;
    let codes = if yes { &outcome.success } else { &outcome.failure };
    codes.codes[pick(&codes.row, code).min(codes.codes.len() - 1)]
}
