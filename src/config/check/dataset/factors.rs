//! Terms as models write them: `imd`, `imd^2`, `imd:rural`, `age*educ`. Knows no model.

use super::super::Checker;
use crate::config::types::*;

/// Highest power of a variable: beyond it sums lose their digits.
const HIGHEST: u32 = 6;
/// Most variables joined by `*`.
const JOINED: usize = 4;

impl Checker<'_> {
    /// The terms that a text stands for: `a*b` is `a`, `b` and `a:b`. Nothing after a problem.
    pub(super) fn terms_of(&mut self, at: &str, text: &str, variables: &[Variable]) -> Vec<TermSpec> {
        let joined: Vec<&str> = text.split('*').collect();
        if joined.len() > JOINED {
            self.fault(
                at,
                format!("`{text}` joins more than {JOINED} variables"),
                "write out the products that matter",
            );
            return Vec::new();
        }
        let products: Vec<_> = joined.iter().map(|part| self.product(at, text, part, variables)).collect();
        let Some(products): Option<Vec<_>> = products.into_iter().collect() else { return Vec::new() };
        // Subsets by size, then in the order written: main effects come first.
        let mut subsets: Vec<u32> = (1..1 << products.len()).collect();
        subsets.sort_by_key(|subset| (subset.count_ones(), std::cmp::Reverse(subset.reverse_bits())));
        let mut terms = Vec::new();
        for subset in subsets {
            let chosen = (0..products.len()).filter(|at| subset >> at & 1 == 1);
            let factors: Vec<(usize, u32)> = chosen.flat_map(|at| products[at].iter().copied()).collect();
            let Some(term) = self.term_from(at, text, factors, variables) else { return Vec::new() };
            terms.push(term);
        }
        terms
    }

    /// Factors joined by `:`.
    fn product(&mut self, at: &str, text: &str, part: &str, variables: &[Variable]) -> Option<Vec<(usize, u32)>> {
        let factors: Vec<_> = part.split(':').map(|factor| self.factor(at, text, factor.trim(), variables)).collect();
        factors.into_iter().collect()
    }

    fn factor(&mut self, at: &str, text: &str, factor: &str, variables: &[Variable]) -> Option<(usize, u32)> {
        let (id, power) = match factor.split_once('^') {
            None => (factor, 1),
            Some((id, power)) => match power.trim().parse::<u32>() {
                Ok(power) if (1..=HIGHEST).contains(&power) => (id.trim(), power),
                _ => {
                    let what = format!("`{}` in term `{text}` is not a power", power.trim());
                    self.fault(at, what, format!("write a whole number from 2 to {HIGHEST}"));
                    return None;
                }
            },
        };
        if id.is_empty() {
            self.fault(at, format!("term `{text}` lacks a variable"), "write terms like `a`, `a^2`, `a:b`, `a*b`");
            return None;
        }
        let found = self.variable(at, id, variables)?;
        match variables[found].kind {
            VariableKind::Key => {
                let hint = format!("list it under `absorb`, or give variable `{id}` `kind: category`");
                self.fault(at, format!("`{id}` is a key, and a key cannot be a term"), hint);
                None
            }
            VariableKind::Category { .. } if power > 1 => {
                self.fault(at, format!("`{id}` is a category and has no powers"), format!("write `{id}`"));
                None
            }
            _ => Some((found, power)),
        }
    }

    fn term_from(
        &mut self,
        at: &str,
        text: &str,
        mut factors: Vec<(usize, u32)>,
        variables: &[Variable],
    ) -> Option<TermSpec> {
        factors.sort_unstable();
        if let Some(pair) = factors.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let id = &variables[pair[0].0].id;
            self.fault(at, format!("term `{text}` holds `{id}` twice"), format!("write a power: `{id}^2`"));
            return None;
        }
        Some(TermSpec { factors })
    }
}
