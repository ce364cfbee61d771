//! All that a fit depends on, as bytes: equal samples and options give equal bytes, others do not. For
//! whoever keeps fits. Knows no hash.

use super::options::{Members, Options, Subgroup};
use super::sample::{Block, Column, Factor, Patterns, Sample};

/// Numbers written at a time.
const PIECE: usize = 4_096;

/// Hands everything that [`super::fit`] can see of a sample to `write`, piece by piece.
pub fn content_of_sample(sample: &Sample, write: &mut dyn FnMut(&[u8])) {
    let mut out = Out(write);
    // Named one by one, so that a new field cannot be forgotten.
    let Sample { blocks, columns, patterns, numerics, pattern, success, outcome, count, weight, offset, group_name } =
        sample;
    out.size(blocks.len());
    for Block { rows, group, cluster } in blocks {
        out.numbers(&[rows.start as u64, rows.end as u64, u64::from(*group), u64::from(*cluster)], |n| n.to_le_bytes());
    }
    let Patterns { factors, levels } = *patterns;
    out.size(factors.len());
    for Factor { name, levels, reference, absorbed } in factors {
        out.text(name);
        out.size(levels.len());
        levels.iter().for_each(|level| out.text(level));
        out.size(*reference);
        out.size(usize::from(*absorbed));
    }
    out.numbers(levels, |n| n.to_le_bytes());
    for columns in [columns, numerics] {
        out.size(columns.len());
        for Column { name, level, values } in columns {
            out.text(name);
            out.text(level);
            out.numbers(values, |x| x.to_le_bytes());
        }
    }
    out.numbers(pattern, |n| n.to_le_bytes());
    out.bytes(success);
    for values in [outcome, weight, offset] {
        out.size(usize::from(values.is_some()));
        out.numbers(values.as_deref().unwrap_or_default(), |x| x.to_le_bytes());
    }
    out.size(usize::from(count.is_some()));
    out.numbers(count.as_deref().unwrap_or_default(), |n| n.to_le_bytes());
    out.text(group_name);
}

/// The same of the options.
pub fn content_of_options(options: &Options, write: &mut dyn FnMut(&[u8])) {
    Out(write).options(options);
}

/// Every piece with its length before it.
struct Out<'a>(&'a mut dyn FnMut(&[u8]));

impl Out<'_> {
    fn options(&mut self, options: &Options) {
        let Options { second_cluster, through, subgroups, .. } = options;
        self.numbers(second_cluster, |n| n.to_le_bytes());
        self.size(through.len());
        for through in through {
            self.text(&format!("{:?} {}", through.column, through.power));
            self.numbers(&through.other, |x| x.to_le_bytes());
        }
        self.size(subgroups.len());
        for Subgroup { name, of } in subgroups {
            self.text(name);
            match of {
                Members::Factor(at) => self.text(&format!("factor {at}")),
                Members::Blocks(levels) | Members::Rows(levels) => {
                    self.text(if matches!(of, Members::Rows(_)) { "rows" } else { "blocks" });
                    self.numbers(levels, |n| n.to_le_bytes());
                }
            }
        }
        // The rest is short, and whatever is added to it is in its debug form.
        let rest = Options {
            absorb: options.absorb,
            family: options.family,
            vcov: options.vcov,
            covariance: options.covariance,
            second_cluster: Vec::new(),
            effect_of: options.effect_of,
            through: Vec::new(),
            subgroups: Vec::new(),
            contrasts: options.contrasts.clone(),
            scenarios: options.scenarios.clone(),
            joint: options.joint.clone(),
            bootstrap: options.bootstrap,
            tolerance: options.tolerance,
            max_iterations: options.max_iterations,
        };
        self.text(&format!("{rest:?}"));
    }

    fn size(&mut self, size: usize) {
        (self.0)(&(size as u64).to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        (self.0)(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn numbers<T: Copy, const N: usize>(&mut self, values: &[T], bytes: impl Fn(T) -> [u8; N]) {
        self.size(values.len());
        let mut piece = Vec::with_capacity(PIECE * N);
        for values in values.chunks(PIECE) {
            piece.clear();
            values.iter().for_each(|value| piece.extend_from_slice(&bytes(*value)));
            (self.0)(&piece);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(change: impl Fn(&mut Sample, &mut Options)) -> Vec<u8> {
        let patterns = Patterns::default();
        let mut sample = Sample {
            blocks: vec![Block { rows: 0..2, group: 1, cluster: 1 }],
            columns: vec![Column { name: "x".into(), level: String::new(), values: vec![1.0] }],
            patterns: &patterns,
            numerics: Vec::new(),
            pattern: vec![0, 0],
            success: vec![0, 1],
            outcome: None,
            count: None,
            weight: None,
            offset: None,
            group_name: "g".into(),
        };
        let mut options = Options::default();
        change(&mut sample, &mut options);
        let mut all = Vec::new();
        content_of_sample(&sample, &mut |bytes| all.extend_from_slice(bytes));
        content_of_options(&options, &mut |bytes| all.extend_from_slice(bytes));
        all
    }

    #[test]
    fn every_change_tells() {
        let plain = told(|_, _| {});
        assert_eq!(plain, told(|_, _| {}));
        let changes: [fn(&mut Sample, &mut Options); 11] = [
            |sample, _| sample.blocks[0].cluster = 2,
            |sample, _| sample.columns[0].values[0] = -1.0,
            |sample, _| sample.columns[0].name = "y".into(),
            |sample, _| sample.success[0] = 1,
            |sample, _| sample.count = Some(vec![1, 1]),
            |sample, _| sample.weight = Some(vec![1.0, 1.0]),
            |sample, _| sample.offset = Some(vec![1.0, 1.0]),
            |_, options| options.tolerance = 1e-8,
            |_, options| options.joint = vec![vec!["x".into()]],
            |_, options| options.second_cluster = vec![1],
            |_, options| options.bootstrap = Some(super::super::Bootstrap { draws: 9, seed: 1 }),
        ];
        let mut all: Vec<Vec<u8>> = changes.iter().map(|change| told(change)).collect();
        all.push(plain);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), changes.len() + 1);
    }
}
