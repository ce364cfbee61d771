//! What no predictor sees of absorbed effects: raising the groups of a connected part and lowering its levels as much
//! moves none. Knows no weights.

use super::super::dense::product;

/// The part of a place without an edge.
pub(super) const ALONE: u32 = u32::MAX;
/// Most directions of one covariate that are taken out one by one.
const MOST: usize = 64;
/// A direction of which so little is left beside the others, relatively, is one of theirs.
const OWN: f64 = 1e-9;

/// Directions along which no predictor moves.
#[derive(Default)]
pub(super) struct Unseen {
    /// Groups come first among the effects.
    groups: usize,
    /// For the first covariate: the connected part of each group and of each of its levels.
    parts: Vec<u32>,
    /// Effects in each part.
    sizes: Vec<f64>,
    /// What the further covariates add: orthogonal directions of unit length.
    others: Vec<Vec<f64>>,
}

impl Unseen {
    /// From the parts that the groups make with each covariate's levels, and their number.
    pub(super) fn new(groups: usize, covariates: Vec<(Vec<u32>, usize)>) -> Self {
        let mut covariates = covariates.into_iter();
        let Some((parts, count)) = covariates.next() else { return Self::default() };
        let mut sizes = vec![0.0; count];
        parts.iter().filter(|part| **part != ALONE).for_each(|part| sizes[*part as usize] += 1.0);
        let mut unseen = Self { groups, parts, sizes, others: Vec::new() };
        for (parts, count) in covariates {
            (0..count.min(MOST) as u32).for_each(|part| unseen.add(&parts, part));
        }
        unseen
    }

    /// Adds what a part of a further covariate has of its own.
    fn add(&mut self, parts: &[u32], part: u32) {
        let sign = |(at, own): (usize, &u32)| if *own == part { self.sign(at) } else { 0.0 };
        let mut vector: Vec<f64> = parts.iter().enumerate().map(sign).collect();
        let before = product(&vector, &vector);
        // Twice is enough (Kahan, in Parlett 1980, The symmetric eigenvalue problem, 6.9).
        (0..2).for_each(|_| self.take_out_of(&mut vector));
        let length = product(&vector, &vector);
        if length > OWN * before {
            vector.iter_mut().for_each(|value| *value /= length.sqrt());
            self.others.push(vector);
        }
    }

    fn sign(&self, effect: usize) -> f64 {
        if effect < self.groups { 1.0 } else { -1.0 }
    }

    /// Takes out of a vector what no predictor sees of it.
    pub(super) fn take_out_of(&self, x: &mut [f64]) {
        let mut sums = vec![0.0; self.sizes.len()];
        let places = || self.parts.iter().enumerate().filter(|(_, part)| **part != ALONE);
        places().for_each(|(at, part)| sums[*part as usize] += self.sign(at) * x[at]);
        places().for_each(|(at, part)| x[at] -= self.sign(at) * sums[*part as usize] / self.sizes[*part as usize]);
        for vector in &self.others {
            let along = product(vector, x);
            x.iter_mut().zip(vector).for_each(|(value, unit)| *value -= along * unit);
        }
    }
}

/// The connected part of each place of a graph that has an edge, numbered in order of place, and their number.
pub(super) fn connected(places: usize, edges: impl Iterator<Item = (u32, u32)>) -> (Vec<u32>, usize) {
    let mut up: Vec<u32> = vec![ALONE; places];
    let root = |up: &mut Vec<u32>, mut at: u32| {
        if up[at as usize] == ALONE {
            up[at as usize] = at;
        }
        while up[at as usize] != at {
            // Each place on the way is hung one higher.
            up[at as usize] = up[up[at as usize] as usize];
            at = up[at as usize];
        }
        at
    };
    for edge in edges {
        let (a, b) = (root(&mut up, edge.0), root(&mut up, edge.1));
        up[a.max(b) as usize] = a.min(b);
    }
    // The smallest place of a part is its root, and comes first.
    let (mut parts, mut count) = (vec![ALONE; places], 0);
    for place in 0..places {
        match up[place] {
            ALONE => {}
            own if own as usize == place => {
                parts[place] = count;
                count += 1;
            }
            _ => parts[place] = parts[root(&mut up, place as u32) as usize],
        }
    }
    (parts, count as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connected_parts() {
        let a = ALONE;
        assert_eq!(connected(9, [(0, 5), (1, 5), (2, 6), (3, 7)].into_iter()), (vec![0, 0, 1, 2, a, 0, 1, 2, a], 3));
        assert_eq!(connected(7, [(0, 5), (1, 6), (0, 6), (1, 5)].into_iter()), (vec![0, 0, a, a, a, 0, 0], 1));
        assert_eq!(connected(2, std::iter::empty()), (vec![a, a], 0));
    }

    #[test]
    fn what_is_unseen_is_taken_out() {
        // Groups 0 and 1 share level 2, and meet levels 3 and 4 of a second covariate.
        let first = connected(5, [(0, 2), (1, 2)].into_iter());
        let second = connected(5, [(0, 3), (1, 4)].into_iter());
        let unseen = Unseen::new(2, vec![first, second]);
        for mut nothing in [[1.0, 1.0, -1.0, 0.0, 0.0], [2.0, 0.0, 0.0, -2.0, 0.0], [0.0, 3.0, 0.0, 0.0, -3.0]] {
            unseen.take_out_of(&mut nothing);
            assert!(nothing.iter().all(|value| value.abs() < 1e-15), "{nothing:?}");
        }
        let mut seen = [1.0, 2.0, 3.0, 1.0, 2.0];
        let before = seen;
        unseen.take_out_of(&mut seen);
        seen.iter().zip(before).for_each(|(a, b)| assert!((a - b).abs() < 1e-15, "{seen:?}"));
    }
}
