//! Checks of `analyses.grid`, and the combinations that its axes make.

use super::super::Checker;
use super::Known;
use crate::config::raw::{RawAxis, RawGrid, RawLevel};
use crate::config::types::*;

/// More specifications than this are a slip, not a question.
const MOST: usize = 5_000;

impl Checker<'_> {
    pub(super) fn grid(&mut self, raw: RawGrid, known: &Known) -> Grid {
        let at = "analyses.grid";
        let axes: Vec<GridAxis> = raw.axes.iter().map(|(id, axis)| self.axis(id, axis)).collect();
        let cross = self.axes_named(&format!("{at}.cross"), &raw.cross, &axes);
        let with_all = self.axes_named(&format!("{at}.with_all"), &raw.with_all, &axes);
        if let Some(both) = with_all.iter().find(|axis| cross.contains(axis)) {
            let what = format!("axis `{}` stands in `cross` and in `with_all`", axes[*both].id);
            self.fault(at, what, "keep it in one of them");
        }
        let sizes: Vec<usize> = axes.iter().map(|axis| axis.levels.len()).collect();
        let combined = combinations(&sizes, &cross, &with_all);
        let mut specifications = Vec::new();
        if combined.len() > MOST {
            let what = format!("{} specifications, expected at most {MOST}", combined.len());
            self.fault(at, what, "take an axis out of `cross` or `with_all`");
        } else if let Some(main) = known.models.first() {
            specifications = self.specifications(&raw, &axes, combined, main, known);
        }
        Grid {
            axes,
            cross,
            with_all,
            specifications,
            outcomes: self.outcomes_named(&format!("{at}.outcomes"), raw.outcomes, known),
        }
    }

    fn axis(&mut self, id: &str, raw: &RawAxis) -> GridAxis {
        let at = format!("analyses.grid.axes.{id}");
        self.plain_name(&at, id);
        if raw.levels.len() < 2 {
            self.fault(&at, format!("axis `{id}` has no alternative"), "list the main model's choice and one more");
        }
        if raw.levels.first().is_some_and(|(_, level)| !level.is_plain()) {
            let what = format!("the first alternative of axis `{id}` changes the main model");
            self.fault(&at, what, "the first one is the main model's own choice: give it a label only");
        }
        raw.levels.keys().for_each(|level| self.plain_name(&format!("{at}.levels"), level));
        let levels = raw.levels.iter().map(|(id, level)| [id.clone(), level.label.clone()]).collect();
        GridAxis { id: id.into(), label: raw.label.clone(), levels }
    }

    fn axes_named(&mut self, path: &str, names: &[String], axes: &[GridAxis]) -> Vec<usize> {
        let ids: Vec<&str> = axes.iter().map(|axis| axis.id.as_str()).collect();
        let mut found = Vec::new();
        for name in names {
            match ids.iter().position(|id| id == name) {
                Some(at) if !found.contains(&at) => found.push(at),
                Some(_) => {}
                None => self.unknown(path, "axis", name, &ids),
            }
        }
        found
    }

    /// The models of the combinations. Problems of an alternative are found where it stands alone.
    fn specifications(
        &mut self,
        raw: &RawGrid,
        axes: &[GridAxis],
        combined: Vec<Vec<usize>>,
        main: &Model,
        known: &Known,
    ) -> Vec<Specification> {
        for (id, axis) in &raw.axes {
            for (name, level) in &axis.levels {
                self.overridden(&format!("analyses.grid.axes.{id}.levels.{name}"), main, level, known);
            }
        }
        let found = self.problems.0.len();
        let mut all = Vec::new();
        for levels in combined {
            let mut model = Model { bootstrap: None, contrasts: Vec::new(), ..main.clone() };
            let mut names = Vec::new();
            for ((axis, (_, raw)), level) in axes.iter().zip(&raw.axes).zip(&levels) {
                if let Some((_, raw)) = raw.levels.get_index(*level).filter(|_| *level > 0) {
                    model = self.overridden("analyses.grid", &model, raw, known);
                    names.push(axis.levels[*level][0].clone());
                }
            }
            let id = if names.is_empty() { "main".into() } else { names.join("+") };
            (model.id, model.label) = (format!("grid {id}"), id.clone());
            all.push(Specification { id, levels, model });
        }
        self.problems.0.truncate(found);
        all
    }

    /// A model with what an alternative overrides.
    fn overridden(&mut self, at: &str, base: &Model, raw: &RawLevel, known: &Known) -> Model {
        let mut model = base.clone();
        self.override_keys(at, &mut model, raw, known.covariates);
        self.change(at, &mut model.change, &raw.change(), known);
        self.agreement(at, &model);
        model
    }
}

/// Choices by axis: the full cross of some axes, one departure at a time of the others, all of it with
/// each alternative of the axes in `with_all`; the main model's choices first, without repeats.
fn combinations(sizes: &[usize], cross: &[usize], with_all: &[usize]) -> Vec<Vec<usize>> {
    let mut base = vec![vec![0; sizes.len()]];
    base = crossed(base, sizes, cross);
    for axis in (0..sizes.len()).filter(|axis| !cross.contains(axis) && !with_all.contains(axis)) {
        for level in 1..sizes[axis] {
            let mut one = vec![0; sizes.len()];
            one[axis] = level;
            base.push(one);
        }
    }
    crossed(base, sizes, with_all)
}

fn crossed(mut base: Vec<Vec<usize>>, sizes: &[usize], axes: &[usize]) -> Vec<Vec<usize>> {
    for axis in axes {
        let each = |one: &Vec<usize>| {
            (0..sizes[*axis])
                .map(|level| {
                    let mut one = one.clone();
                    one[*axis] = level;
                    one
                })
                .collect::<Vec<_>>()
        };
        // Far above what is allowed there is nothing to list.
        if base.len() * sizes[*axis] > 10 * MOST {
            return vec![Vec::new(); MOST + 1];
        }
        base = base.iter().flat_map(each).collect();
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_are_a_cross_and_single_departures() {
        let all = combinations(&[2, 3, 2], &[0], &[2]);
        // (2 of the cross + 2 departures) x 2.
        assert_eq!(all.len(), 8);
        assert_eq!(all[0], [0, 0, 0]);
        assert!(all.contains(&vec![1, 0, 1]) && all.contains(&vec![0, 2, 1]) && !all.contains(&vec![1, 2, 0]));
    }
}
