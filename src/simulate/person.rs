//! Responders of one practice in one wave: items by their tables, then outcomes by their logit, column
//! by column. Each column has its own random words, so that a responder depends neither on how many
//! others there are nor on which other columns are drawn.

use super::draw::{USABLE, WIDTH, bin, pick};
use super::plan::Plan;
use super::random::Key;
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
    /// True exposure.
    pub(super) exposure: f64,
    /// Number of responders.
    pub(super) responders: u32,
    /// Log odds by outcome of the plan, without the wave's term.
    pub(super) terms: Vec<f64>,
}

/// The responders being made, column by column.
#[derive(Default)]
pub(super) struct Batch {
    /// Places of the codes, by step of the plan.
    pub(super) places: Vec<Vec<u8>>,
    /// Log odds, by outcome of the plan.
    pub(super) scores: Vec<Vec<f64>>,
    /// Product of the weight's factors.
    pub(super) factors: Vec<f64>,
    bits: Vec<u32>,
    rows: Vec<u32>,
    answers: Vec<u8>,
    chances: Vec<f64>,
}

impl Batch {
    /// Draws the items of `people` responders and adds up their effects on top of `terms`.
    pub(super) fn items(&mut self, plan: &Plan, job: &Job<'_>, terms: &[f64], key: &Key, people: usize) {
        self.places.resize(plan.steps.len(), Vec::new());
        self.scores.resize(plan.outcomes.len(), Vec::new());
        for (scores, term) in self.scores.iter_mut().zip(terms) {
            scores.clear();
            scores.resize(people, *term);
        }
        self.factors.clear();
        self.factors.resize(people, 1.0);
        self.bits.resize(people, 0);
        self.rows.resize(people, 0);
        let bin = bin(job.deprivation);
        for (at, step) in plan.steps.iter().enumerate() {
            key.words(step.random, &mut self.bits);
            let (before, after) = self.places.split_at_mut(at);
            after[0].resize(people, 0);
            step.table.draw(bin, before, &self.bits, &mut self.rows, &mut after[0]);
            for (scores, effects) in self.scores.iter_mut().zip(&step.effects) {
                add(scores, effects.as_ref(), &after[0]);
            }
            for (scores, slopes) in self.scores.iter_mut().zip(&step.slopes) {
                let effects = slopes.map(|slopes| slopes.map(|slope| slope * job.exposure));
                add(scores, effects.as_ref(), &after[0]);
            }
            if let Some(weight) = &step.weight {
                for (factor, place) in self.factors.iter_mut().zip(&after[0]) {
                    *factor *= weight[usize::from(*place) % WIDTH];
                }
            }
        }
    }

    /// Places of the answers to outcome `at` and whether they are usable, for those asked and not.
    fn answer(&mut self, plan: &Plan, job: &Job<'_>, at: usize, bits: &[u32]) {
        let outcome = &plan.outcomes[at];
        self.answers.resize(bits.len(), 0);
        outcome.answers.draw(bin(job.deprivation), &self.places, bits, &mut self.rows, &mut self.answers);
    }

    /// Calls `take` with weight factor and log odds of everybody who gives a usable answer to outcome `at`.
    pub(super) fn usable(&mut self, plan: &Plan, job: &Job<'_>, at: usize, key: &Key, mut take: impl FnMut(f64, f64)) {
        let outcome = &plan.outcomes[at];
        let mut bits = std::mem::take(&mut self.bits);
        key.words(outcome.random[0], &mut bits);
        self.answer(plan, job, at, &bits);
        for (row, answer) in self.answers.iter().enumerate() {
            if outcome.answers.codes[usize::from(*answer)] == USABLE && outcome.asked(&self.places, row) {
                take(self.factors.get(row).copied().unwrap_or(1.0), self.scores[at][row]);
            }
        }
        self.bits = bits;
    }

    /// Draws the codes of outcome `at`.
    pub(super) fn outcome(&mut self, plan: &Plan, job: &Job<'_>, at: usize, key: &Key, not_asked: i8, out: &mut [i8]) {
        let outcome = &plan.outcomes[at];
        let mut bits = std::mem::take(&mut self.bits);
        key.words(outcome.random[0], &mut bits);
        self.answer(plan, job, at, &bits);
        self.chances.clear();
        self.chances.extend(self.scores[at].iter().map(|score| num::logistic(*score) * 4_294_967_296.0));
        key.words(outcome.random[1], &mut bits);
        for (chance, bits) in self.chances.iter_mut().zip(&bits) {
            *chance = f64::from(u8::from(f64::from(*bits) < *chance));
        }
        key.words(outcome.random[2], &mut bits);
        // Everything is computed and then selected: branches on random bits would be guessed wrong.
        for (row, out) in out.iter_mut().enumerate() {
            let codes = &outcome.codes[usize::from(self.chances[row] > 0.0)];
            let usable = codes.codes[pick(&codes.row, bits[row])];
            let answer = outcome.answers.codes[usize::from(self.answers[row])];
            let given = if answer == USABLE { usable } else { answer };
            *out = if outcome.asked(&self.places, row) { given } else { not_asked };
        }
        self.bits = bits;
    }
}

/// Adds each place's effect to the scores; nothing where the item has no effect.
fn add(scores: &mut [f64], effects: Option<&[f64; WIDTH]>, places: &[u8]) {
    let Some(effects) = effects else { return };
    for (score, place) in scores.iter_mut().zip(places) {
        *score += effects[usize::from(*place) % WIDTH];
    }
}
