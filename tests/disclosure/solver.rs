//! A reader who tries every table: exact search over whole numbers. Shares no code and no method with
//! the program: numbers are tried one after the other, sums checked by what is still possible.

use offprint::disclosure::{Reason, Released};

/// Numbers that a count may be, and sums that must hold: `(parts, total)`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Puzzle {
    pub(crate) domains: Vec<Vec<u64>>,
    pub(crate) sums: Vec<(Vec<usize>, usize)>,
}

/// What a reader knows of how a regime shows counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shows {
    pub(crate) threshold: u64,
    pub(crate) rounding: u64,
    pub(crate) hide_zeros: bool,
}

impl Shows {
    fn small(self, n: u64) -> bool {
        n < self.threshold && (n > 0 || self.hide_zeros)
    }

    fn round(self, n: u64) -> u64 {
        // Nearest multiple, halves up: written out, not taken from the program.
        let over = n % self.rounding;
        if 2 * over >= self.rounding { n - over + self.rounding } else { n - over }
    }

    /// Numbers up to `most` that would be shown, or hidden for the reason given, as this one is.
    pub(crate) fn domain(self, released: &Released<u64>, most: u64) -> Vec<u64> {
        let fits = |n: &u64| match (released.shown(), released.hidden()) {
            (Some(shown), _) => !self.small(*n) && self.round(*n) == *shown,
            (_, Some(Reason::Small)) => self.small(*n),
            (_, Some(Reason::Complement)) => *n >= self.threshold,
            (_, Some(Reason::Either)) => *n > 0 || self.hide_zeros,
            (_, Some(_)) => true,
            (None, None) => false,
        };
        (0..=most).filter(fits).collect()
    }
}

impl Puzzle {
    pub(crate) fn count(&mut self, domain: Vec<u64>) -> usize {
        self.domains.push(domain);
        self.domains.len() - 1
    }

    pub(crate) fn sum(&mut self, parts: Vec<usize>, total: usize) {
        self.sums.push((parts, total));
    }

    /// Whether the count can be something else than `truth`; `None` where the search is given up.
    pub(crate) fn open(&self, count: usize, truth: u64) -> Option<bool> {
        let mut steps = 200_000;
        let mut near: Vec<u64> = self.domains[count].iter().copied().filter(|n| *n != truth).collect();
        near.sort_by_key(|n| n.abs_diff(truth));
        for value in near {
            let mut puzzle = self.clone();
            puzzle.domains[count] = vec![value];
            if puzzle.solvable(&mut steps)? {
                return Some(true);
            }
        }
        Some(false)
    }

    fn solvable(&self, steps: &mut usize) -> Option<bool> {
        *steps = steps.checked_sub(1)?;
        let mut puzzle = self.clone();
        if !puzzle.narrow() {
            return Some(false);
        }
        let open = (0..puzzle.domains.len()).filter(|at| puzzle.domains[*at].len() > 1);
        let Some(next) = open.min_by_key(|at| puzzle.domains[*at].len()) else { return Some(true) };
        for value in puzzle.domains[next].clone() {
            let mut tried = puzzle.clone();
            tried.domains[next] = vec![value];
            if tried.solvable(steps)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Takes out numbers that no table within the ranges of the others has; false if none is left.
    fn narrow(&mut self) -> bool {
        let range = |domain: &[u64]| Some((*domain.first()? as i64, *domain.last()? as i64));
        loop {
            let mut changed = false;
            for (parts, total) in &self.sums {
                let signed: Vec<(usize, i64)> = parts.iter().map(|at| (*at, 1)).chain([(*total, -1)]).collect();
                let (mut low, mut high) = (0, 0);
                for (at, sign) in &signed {
                    let Some((a, b)) = range(&self.domains[*at]) else { return false };
                    low += if *sign > 0 { a } else { -b };
                    high += if *sign > 0 { b } else { -a };
                }
                for (at, sign) in &signed {
                    let Some((a, b)) = range(&self.domains[*at]) else { return false };
                    let (a, b) = if *sign > 0 { (a, b) } else { (-b, -a) };
                    // What the others leave for this one: -(high - b) ..= -(low - a).
                    let keep = |n: &u64| (b - high..=a - low).contains(&(*n as i64 * sign));
                    let before = self.domains[*at].len();
                    self.domains[*at].retain(keep);
                    changed |= self.domains[*at].len() != before;
                    if self.domains[*at].is_empty() {
                        return false;
                    }
                    if changed {
                        break;
                    }
                }
                if changed {
                    break;
                }
            }
            if !changed {
                return true;
            }
        }
    }
}

#[test]
fn the_reader_solves_what_can_be_solved() {
    let mut puzzle = Puzzle::default();
    let parts = vec![puzzle.count((1..10).collect()), puzzle.count((1..10).collect())];
    let total = puzzle.count(vec![18]);
    puzzle.sum(parts.clone(), total);
    assert_eq!(puzzle.open(parts[0], 9), Some(false));
    puzzle.domains[total] = vec![17];
    assert_eq!(puzzle.open(parts[0], 9), Some(true));
}

/// A hidden count that is the only link between two groups of hidden ones: no line has fewer than two
/// hidden counts, and it is solved for all the same.
#[test]
fn the_reader_sees_through_a_bridge() {
    let mut puzzle = Puzzle::default();
    let hidden = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 2), (2, 3), (3, 2), (3, 3)];
    let cells: Vec<usize> = hidden.iter().map(|_| puzzle.count((0..=9).collect())).collect();
    for line in 0..4 {
        let row: Vec<usize> = (0..9).filter(|at| hidden[*at].0 == line).map(|at| cells[at]).collect();
        let down: Vec<usize> = (0..9).filter(|at| hidden[*at].1 == line).map(|at| cells[at]).collect();
        for parts in [row, down] {
            let total = puzzle.count(vec![4 * parts.len() as u64]);
            puzzle.sum(parts, total);
        }
    }
    assert_eq!(puzzle.open(cells[4], 4), Some(false));
    assert_eq!(puzzle.open(cells[0], 4), Some(true));
}
