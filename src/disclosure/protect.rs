//! Which counts must be hidden besides the small ones, so that no sum gives one away.
//!
//! Two rules, in turn until both hold. Along each sum, as in Cox (1980): no hidden count, or at least
//! two that hide `threshold` people together. Over all sums at once: every hidden count could as well
//! be another number, for a reader who knows all shown counts, why each other is hidden, and exactly
//! every total that is public ([`super::reader`]). The second is what the first alone misses: two
//! counts of 9 under a threshold of 10 with a total of 18, or a hidden count that is the only link
//! between two groups of hidden counts.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::{Gate, Reason, Released};

/// A sum that a reader can form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// Indices of what is added up.
    pub parts: Vec<usize>,
    /// Index of the total.
    pub total: usize,
}

/// What is known of a cell while the hidden set grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Shown,
    Small,
    Complement,
    Either,
}

/// Tables on the way through the gate.
struct Cells<'a> {
    gate: &'a Gate,
    counts: &'a [u64],
    sums: &'a [Sum],
    /// Cells that are hidden only if nothing else will do.
    last: &'a [bool],
    /// A total that other parts of the report show whatever happens here.
    public: Option<usize>,
    /// Number of the thing that each cell shows: equal for cells that stand for the same.
    thing: Vec<usize>,
    /// Cells by thing.
    cells: Vec<Vec<usize>>,
    fates: Vec<Fate>,
}

impl Gate {
    /// The cells of tables that share cells. `sums` are those that a reader can form. `last` marks cells
    /// that are hidden only if nothing else will do (totals that stand in other tables); a reader is
    /// taken to know these exactly while they are shown, rounded or not. Cells of the same `tie` and
    /// count stand in several tables and are hidden together. The cell at `public` is never hidden.
    pub fn margins(
        &self,
        counts: &[u64],
        sums: &[Sum],
        last: &[bool],
        ties: &[usize],
        public: Option<usize>,
    ) -> Vec<Released<u64>> {
        let mut things: BTreeMap<(usize, u64), usize> = BTreeMap::new();
        let mut thing = Vec::with_capacity(counts.len());
        let mut cells: Vec<Vec<usize>> = Vec::new();
        for (at, (tie, n)) in ties.iter().zip(counts).enumerate() {
            let number = *things.entry((*tie, *n)).or_insert(cells.len());
            if number == cells.len() {
                cells.push(Vec::new());
            }
            cells[number].push(at);
            thing.push(number);
        }
        let fate = |(at, n): (usize, &u64)| match self.small(*n) && Some(at) != public {
            true => Fate::Small,
            false => Fate::Shown,
        };
        let fates = counts.iter().enumerate().map(fate).collect();
        let mut table = Cells { gate: self, counts, sums, last, public, thing, cells, fates };
        table.protect();
        let fates = table.fates;
        fates.into_iter().zip(counts).map(|(fate, n)| self.release(fate, *n)).collect()
    }

    fn release(&self, fate: Fate, n: u64) -> Released<u64> {
        match fate {
            Fate::Shown => Released(Ok(self.rounded(n))),
            Fate::Small => Released(Err(Reason::Small)),
            Fate::Complement => Released(Err(Reason::Complement)),
            Fate::Either => Released(Err(Reason::Either)),
        }
    }
}

impl Cells<'_> {
    /// Hides until both rules hold. Each round hides at least one more cell or makes one say less of
    /// itself, so there are at most as many rounds as twice the cells.
    fn protect(&mut self) {
        loop {
            while (0..self.sums.len()).any(|sum| self.close(sum)) {}
            if !self.fates.iter().any(|fate| *fate != Fate::Shown) || !self.unsettle() {
                return;
            }
        }
    }

    /// Hides one more cell of a sum if the hidden ones are too few; true if it did.
    fn close(&mut self, sum: usize) -> bool {
        let line = self.line(sum);
        let hidden = line.iter().filter(|at| self.fates[**at] != Fate::Shown);
        let (number, people) = hidden.fold((0, 0), |(k, n), at| (k + 1, n + self.counts[*at]));
        if number == 0 || (number > 1 && people >= self.gate.threshold()) {
            return false;
        }
        self.hide_of(&line)
    }

    fn line(&self, sum: usize) -> Vec<usize> {
        let Sum { parts, total } = &self.sums[sum];
        parts.iter().copied().chain([*total]).collect()
    }

    /// Hides the smallest cell of a line that may be hidden; true if there was one.
    fn hide_of(&mut self, line: &[usize]) -> bool {
        let open = line.iter().copied().filter(|at| self.fates[*at] == Fate::Shown && self.counts[*at] > 0);
        let next = open.filter(|at| Some(*at) != self.public).min_by_key(|at| (self.last[*at], self.counts[*at], *at));
        let Some(next) = next else { return false };
        for at in &self.cells[self.thing[next]] {
            self.fates[*at] = Fate::Complement;
        }
        true
    }

    /// Finds a hidden count that a reader can be sure of, and hides more around it; true if it did.
    fn unsettle(&mut self) -> bool {
        let reader = self.reader();
        let hidden = |thing: &usize| self.fates[self.cells[*thing][0]] != Fate::Shown;
        let sure: Vec<usize> = (0..self.cells.len()).filter(hidden).filter(|thing| !reader.unsure(*thing)).collect();
        sure.into_iter().any(|thing| self.hide_near(thing) || self.say_less(thing))
    }

    /// Hides one more thing: of those that make a reader unsure of this one, the nearest and then the smallest; where no single one does, the first in that order. Totals of
    /// other tables stay while there is anything else.
    fn hide_near(&mut self, thing: usize) -> bool {
        let candidates = self.around(thing);
        let helps = |candidate: &usize| {
            let mut reader = self.reader();
            let n = self.counts[self.cells[*candidate][0]];
            reader.counts[*candidate] = (n, self.gate.threshold().min(n), u64::MAX);
            reader.unsure(thing)
        };
        let spared = |thing: &&usize| self.cells[**thing].iter().any(|at| self.last[*at]);
        let plain: Vec<usize> = candidates.iter().take_while(|thing| !spared(thing)).copied().collect();
        let of = if plain.is_empty() { &candidates } else { &plain };
        let Some(next) = of.iter().copied().find(helps).or(of.first().copied()) else { return false };
        for at in &self.cells[next] {
            self.fates[*at] = Fate::Complement;
        }
        true
    }

    /// Things that may be hidden and are linked with this one by sums and hidden things.
    fn around(&self, thing: usize) -> Vec<usize> {
        let mut found: Vec<(bool, usize, u64, usize)> = Vec::new();
        let mut reached = vec![false; self.sums.len()];
        let mut seen = vec![false; self.cells.len()];
        seen[thing] = true;
        let (mut front, mut distance) = (vec![thing], 0);
        while !front.is_empty() {
            let mut next = Vec::new();
            let near = |sum: &usize| self.line(*sum).iter().any(|at| front.contains(&self.thing[*at]));
            let sums: Vec<usize> = (0..self.sums.len()).filter(|sum| !reached[*sum]).filter(near).collect();
            for sum in sums {
                reached[sum] = true;
                for at in self.line(sum) {
                    let other = self.thing[at];
                    if std::mem::replace(&mut seen[other], true) {
                        continue;
                    }
                    let public = self.public.is_some_and(|public| self.thing[public] == other);
                    match self.fates[at] {
                        Fate::Shown if self.counts[at] > 0 && !public => {
                            let last = self.cells[other].iter().any(|at| self.last[*at]);
                            found.push((last, distance, self.counts[at], other));
                        }
                        Fate::Shown => {}
                        _ => next.push(other),
                    }
                }
            }
            (front, distance) = (next, distance + 1);
        }
        found.sort_unstable();
        found.into_iter().map(|(.., thing)| thing).collect()
    }

    /// Where there is nothing left to hide, all hidden cells of the sums around the thing stop saying
    /// why; true if one did say.
    fn say_less(&mut self, thing: usize) -> bool {
        let mut less = false;
        for sum in 0..self.sums.len() {
            let line = self.line(sum);
            if !line.iter().any(|at| self.thing[*at] == thing) {
                continue;
            }
            for at in line {
                if !matches!(self.fates[at], Fate::Small | Fate::Complement) {
                    continue;
                }
                for same in &self.cells[self.thing[at]] {
                    self.fates[*same] = Fate::Either;
                }
                less = true;
            }
        }
        less
    }

    /// The reader: one count for each thing.
    fn reader(&self) -> Reader {
        let known = |cells: &Vec<usize>| {
            let (n, fate) = (self.counts[cells[0]], self.fates[cells[0]]);
            let exact = cells.iter().any(|at| self.last[*at] || Some(*at) == self.public);
            let (low, high) = match fate {
                Fate::Shown if exact => (n, n),
                Fate::Shown => self.gate.alike(n),
                Fate::Small => (u64::from(!self.gate.rules.hide_zeros), self.gate.threshold().saturating_sub(1)),
                Fate::Complement => (self.gate.threshold().min(n), u64::MAX),
                Fate::Either => (u64::from(!self.gate.rules.hide_zeros).min(n), u64::MAX),
            };
            (n, low, high)
        };
        let signed = |sum: &Sum| {
            let mut signs: BTreeMap<usize, i64> = BTreeMap::new();
            sum.parts.iter().for_each(|at| *signs.entry(self.thing[*at]).or_default() += 1);
            *signs.entry(self.thing[sum.total]).or_default() -= 1;
            signs.into_iter().filter(|(_, sign)| *sign != 0).collect()
        };
        Reader::new(self.cells.iter().map(known).collect(), self.sums.iter().map(signed).collect())
    }
}
