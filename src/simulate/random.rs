//! Streams of random numbers, one per (seed, table, unit): a unit's numbers depend on its own name
//! only, never on how many units or threads there are. Must not know what is drawn.

use crate::num;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random numbers.
pub(super) struct Stream(ChaCha8Rng);

/// A unit's key, from which each of its columns has a stream of its own.
pub(super) struct Key([u8; 32]);

/// The stream of a unit: `table` and `parts` name it.
pub(super) fn stream(seed: u64, table: &str, parts: &[&str]) -> Stream {
    Stream(ChaCha8Rng::from_seed(key(seed, table, parts).0))
}

/// The key of a unit: `table` and `parts` name it.
pub(super) fn key(seed: u64, table: &str, parts: &[&str]) -> Key {
    // Four lanes that start apart and absorb the same words: 256 bits of key.
    let mut lanes = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89_u64];
    absorb(&mut lanes, seed);
    for text in std::iter::once(&table).chain(parts) {
        absorb(&mut lanes, text.len() as u64);
        for chunk in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            absorb(&mut lanes, u64::from_le_bytes(word));
        }
    }
    let mut key = [0; 32];
    for (at, lane) in lanes.iter().enumerate() {
        key[at * 8..at * 8 + 8].copy_from_slice(&finish(*lane).to_le_bytes());
    }
    Key(key)
}

/// The number of a column's stream, from its name.
pub(super) fn column_number(name: &str) -> u64 {
    let mut lanes = [0x4528_21e6_38d0_1377; 4];
    for byte in name.bytes() {
        absorb(&mut lanes, u64::from(byte));
    }
    lanes[0]
}

impl Key {
    /// The first words of a column's stream: the same whatever their number.
    pub(super) fn words(&self, column: u64, out: &mut [u32]) {
        let mut random = ChaCha8Rng::from_seed(self.0);
        random.set_stream(column);
        out.fill_with(|| random.next_u32());
    }
}

fn absorb(lanes: &mut [u64; 4], word: u64) {
    for lane in lanes {
        *lane = finish(*lane ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
fn finish(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Stream {
    /// 32 random bits.
    #[inline]
    pub(super) fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Uniform in 0..1 with 53 bits.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform over `0..n`; 0 when `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        (((self.bits() as u64) * n as u64) >> 32) as usize
    }

    /// Standard normal (Marsaglia's polar method, one of the pair).
    pub(super) fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * num::ln(square) / square).sqrt();
            }
        }
    }

    /// A count with mean `mean` (Poisson, by products of uniforms; meant for small means).
    pub(super) fn count(&mut self, mean: f64) -> usize {
        let floor = num::exp(-mean.clamp(0.0, 500.0));
        let (mut product, mut count) = (self.uniform(), 0);
        while product > floor {
            product *= self.uniform();
            count += 1;
        }
        count
    }
}

/// A text after the pattern of a name: see [`crate::config::Names`].
pub(super) fn name(pattern: &str, number: usize) -> String {
    let mut out: Vec<char> = pattern.chars().collect();
    let (mut digits, mut letters) = (number, number.saturating_sub(1));
    for slot in out.iter_mut().rev() {
        match slot {
            '#' => {
                *slot = char::from(b'0' + (digits % 10) as u8);
                digits /= 10;
            }
            '@' => {
                *slot = char::from(b'A' + (letters % 26) as u8);
                letters /= 26;
            }
            _ => {}
        }
    }
    out.into_iter().collect()
}

/// How many different names a pattern gives.
pub(super) fn names_in(pattern: &str) -> usize {
    let count = |mark: char, base: usize| {
        let runs = pattern.chars().filter(|c| *c == mark).count() as u32;
        if runs == 0 { 1 } else { base.saturating_pow(runs) }
    };
    let (digits, letters) = (count('#', 10), count('@', 26));
    // The number 0 is not used, so that counting starts at 1.
    if pattern.contains('#') { digits - 1 } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_their_pattern() {
        assert_eq!(name("A8####", 12), "A80012");
        assert_eq!(name("Q@@", 1), "QAA");
        assert_eq!(name("Q@@", 28), "QBB");
        assert_eq!(names_in("A8####"), 9999);
        assert_eq!(names_in("Q@@"), 676);
    }

    #[test]
    fn streams_differ_by_every_part_and_repeat() {
        let first = |seed, table: &str, parts: &[&str]| stream(seed, table, parts).bits();
        let base = first(1, "a", &["b", "c"]);
        assert_eq!(base, first(1, "a", &["b", "c"]));
        for other in
            [first(2, "a", &["b", "c"]), first(1, "ab", &["c"]), first(1, "a", &["bc"]), first(1, "a", &["c", "b"])]
        {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn columns_differ_and_do_not_depend_on_length() {
        let key = key(1, "a", &["b"]);
        let words = |column: &str, length: usize| {
            let mut words = vec![0; length];
            key.words(column_number(column), &mut words);
            words
        };
        assert_eq!(words("x", 10), words("x", 1000)[..10]);
        assert_ne!(words("x", 10), words("y", 10));
    }

    #[test]
    fn normals_and_counts_have_their_moments() {
        let mut random = stream(7, "moments", &[]);
        let n = 200_000;
        let (mut sum, mut square, mut counts) = (0.0, 0.0, 0);
        for _ in 0..n {
            let x = random.normal();
            sum += x;
            square += x * x;
            counts += random.count(1.3);
        }
        assert!((sum / f64::from(n)).abs() < 0.01);
        assert!((square / f64::from(n) - 1.0).abs() < 0.015);
        assert!((counts as f64 / f64::from(n) - 1.3).abs() < 0.01);
    }
}
