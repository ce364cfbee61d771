//! The responses of one file, and several files put together. Knows no format.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::types::{ABSENT, InputRecord, Item, Survey, Withheld};

/// Practice codes met so far, numbered in order of appearance.
#[derive(Debug, Default)]
pub(super) struct Practices {
    names: Vec<String>,
    numbers: BTreeMap<Vec<u8>, u32>,
    last: Option<(Vec<u8>, u32)>,
}

impl Practices {
    /// The number of the practice written as `bytes`, if it was met.
    pub(super) fn get(&mut self, bytes: &[u8]) -> Option<u32> {
        // Files are mostly sorted by practice.
        if let Some((last, number)) = &self.last
            && last == bytes
        {
            return Some(*number);
        }
        let number = *self.numbers.get(bytes)?;
        self.last = Some((bytes.to_vec(), number));
        Some(number)
    }

    /// Numbers a new practice: `name` is the text of `bytes`.
    pub(super) fn add(&mut self, bytes: &[u8], name: String) -> u32 {
        let number = self.names.len() as u32;
        self.names.push(name);
        self.numbers.insert(bytes.to_vec(), number);
        number
    }
}

/// The responses of one file.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) practices: Practices,
    /// Number of the practice, one per row.
    pub(super) practice: Vec<u32>,
    /// Wave index, one per row.
    pub(super) wave: Vec<u8>,
    /// By item of the plan: one code per row, or nothing when the file does not have it.
    pub(super) items: Vec<Vec<i8>>,
    pub(super) weight: Option<Vec<f64>>,
    pub(super) count: Option<Vec<u32>>,
    pub(super) outcome: Option<Vec<u8>>,
    pub(super) withheld: Vec<Withheld>,
}

impl Part {
    /// An empty part for `items` items.
    pub(super) fn new(items: usize) -> Self {
        Self {
            practices: Practices::default(),
            practice: Vec::new(),
            wave: Vec::new(),
            items: vec![Vec::new(); items],
            weight: None,
            count: None,
            outcome: None,
            withheld: Vec::new(),
        }
    }

    /// Makes room for `rows` rows in all of the columns that are in use.
    pub(super) fn expect(&mut self, rows: usize) {
        let more = rows.saturating_sub(self.practice.len());
        self.practice.reserve(more);
        self.wave.reserve(more);
        self.items.iter_mut().filter(|codes| !codes.is_empty()).for_each(|codes| codes.reserve(more));
        self.weight.iter_mut().for_each(|weight| weight.reserve(more));
        self.count.iter_mut().for_each(|count| count.reserve(more));
    }
}

/// Puts the parts of several files together, in order; `items` are the plan's names.
pub(super) fn merge(mut parts: Vec<Part>, items: &[String]) -> Survey {
    let names: BTreeSet<String> = parts.iter_mut().flat_map(|part| part.practices.names.iter().cloned()).collect();
    let practices: Vec<String> = names.into_iter().collect();
    let rows = parts.iter().map(|part| part.practice.len()).sum();
    let (mut practice, mut withheld) = (Vec::with_capacity(rows), Vec::new());
    for part in &mut parts {
        let place = |name: &String| practices.binary_search(name).unwrap_or_default() as u32;
        let numbers: Vec<u32> = part.practices.names.iter().map(place).collect();
        practice.extend(std::mem::take(&mut part.practice).into_iter().map(|number| numbers[number as usize]));
        let renumbered = |one: Withheld| Withheld { practice: numbers[one.practice as usize], ..one };
        withheld.extend(std::mem::take(&mut part.withheld).into_iter().map(renumbered));
    }
    let named = items.iter().enumerate();
    let items = named.map(|(at, name)| Item { name: name.clone(), codes: codes(&mut parts, at, rows) }).collect();
    let wave = joined(&mut parts, rows, |part| Some(std::mem::take(&mut part.wave))).unwrap_or_default();
    let weight = joined(&mut parts, rows, |part| part.weight.take());
    let count = joined(&mut parts, rows, |part| part.count.take());
    let outcome = joined(&mut parts, rows, |part| part.outcome.take());
    Survey { practices, practice, wave, items, weight, count, outcome, withheld }
}

/// Codes of one item over all parts. Each part's own are freed at once, so that no more than one
/// item is ever held twice.
fn codes(parts: &mut [Part], item: usize, rows: usize) -> Vec<i8> {
    let mut all = Vec::with_capacity(rows);
    for part in parts {
        let codes = std::mem::take(&mut part.items[item]);
        if codes.is_empty() {
            all.resize(all.len() + part.wave.len(), ABSENT);
        } else {
            all.extend_from_slice(&codes);
        }
    }
    all
}

/// A column over all parts, when every part has it.
fn joined<T>(parts: &mut [Part], rows: usize, mut take: impl FnMut(&mut Part) -> Option<Vec<T>>) -> Option<Vec<T>> {
    let mut all = Vec::with_capacity(rows);
    for part in parts {
        all.append(&mut take(part)?);
    }
    Some(all)
}

/// A part and the record of its file.
pub(super) type Read = (Part, InputRecord);
