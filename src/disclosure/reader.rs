//! What a reader can know of counts of which some are hidden: bounds on each, and sums between them.
//! Tells whether a hidden count could as well be another; knows no regime.
//!
//! A count is safe if there is another table of whole numbers within all bounds and sums that differs
//! in it. Such a table is searched for by moving the count by one and mending each sum that this
//! breaks by moving another by one. Whatever is found is a proof; a search that gives up counts as
//! none, so that errors are on the side of hiding.

/// Most steps of one search.
const STEPS: usize = 4_000;

/// A reader's knowledge. Counts are numbered from 0.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    /// The true counts with the bounds that a reader knows.
    pub(super) counts: Vec<(u64, u64, u64)>,
    /// Sums: counts with their signs; the signed sum is zero.
    sums: Vec<Vec<(usize, i64)>>,
    /// The sums that each count stands in, with its sign there.
    stands: Vec<Vec<(usize, i64)>>,
}

impl Reader {
    /// `sums` may name a count twice; signs then add up.
    pub(super) fn new(counts: Vec<(u64, u64, u64)>, sums: Vec<Vec<(usize, i64)>>) -> Self {
        let mut stands = vec![Vec::new(); counts.len()];
        for (at, sum) in sums.iter().enumerate() {
            for (count, sign) in sum {
                stands[*count].push((at, *sign));
            }
        }
        Self { counts, sums, stands }
    }

    /// Whether `count` could as well be another number.
    pub(super) fn unsure(&self, count: usize) -> bool {
        [1, -1].into_iter().any(|by| {
            let mut search = Search {
                reader: self,
                moved: vec![0; self.counts.len()],
                broken: vec![0; self.sums.len()],
                open: Vec::new(),
                steps: STEPS,
            };
            search.step(count, by)
        })
    }

    fn allows(&self, count: usize, by: i64) -> bool {
        let (n, low, high) = self.counts[count];
        if by > 0 { n < high } else { n > low }
    }
}

/// One search: counts moved so far, what each sum is off by.
struct Search<'a> {
    reader: &'a Reader,
    moved: Vec<i64>,
    broken: Vec<i64>,
    /// Sums that were touched, latest last; may name one several times.
    open: Vec<usize>,
    steps: usize,
}

impl Search<'_> {
    /// Moves a count, then mends; undone if it does not lead to a table.
    fn step(&mut self, count: usize, by: i64) -> bool {
        if self.steps == 0 || self.moved[count] != 0 || !self.reader.allows(count, by) {
            return false;
        }
        self.steps -= 1;
        self.shift(count, by);
        let depth = self.open.len();
        let touched = self.reader.stands[count].iter().map(|(sum, _)| *sum);
        self.open.extend(touched);
        if self.mend() {
            return true;
        }
        self.open.truncate(depth);
        self.shift(count, -by);
        false
    }

    fn shift(&mut self, count: usize, by: i64) {
        self.moved[count] += by;
        for (sum, sign) in &self.reader.stands[count] {
            self.broken[*sum] += by * sign;
        }
    }

    /// Mends the broken sum with the fewest ways to do so; true if none is broken.
    fn mend(&mut self) -> bool {
        let broken = self.open.iter().copied().filter(|sum| self.broken[*sum] != 0);
        let Some(sum) = broken.min_by_key(|sum| (self.ways(*sum).count(), *sum)) else { return true };
        let mut ways: Vec<(usize, i64)> = self.ways(sum).collect();
        // Those first that mend the most and break the least.
        ways.sort_by_key(|(count, by)| (self.breaks(*count, *by), *count));
        ways.into_iter().any(|(count, by)| self.step(count, by))
    }

    /// By how much a move leaves more broken than before.
    fn breaks(&self, count: usize, by: i64) -> i64 {
        let stands = self.reader.stands[count].iter();
        stands.map(|(sum, sign)| (self.broken[*sum] + by * sign).abs() - self.broken[*sum].abs()).sum()
    }

    /// Counts of a broken sum that could move towards mending it.
    fn ways(&self, sum: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        let off = self.broken[sum].signum();
        let ways = self.reader.sums[sum].iter().map(move |(count, sign)| (*count, -off * sign.signum()));
        ways.filter(|(count, by)| self.moved[*count] == 0 && self.reader.allows(*count, *by))
    }
}
