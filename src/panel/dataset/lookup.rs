//! Which rows of a source belong to which row of the analysis: keys compared as text. Knows no values
//! but to see whether equal keys agree on one.

use super::{Building, NONE, Values};
use crate::config::{Lookup, Variable};
use crate::error::Result;
use crate::format;
use crate::ingest::TableColumn;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// For every row of the analysis a row of a source.
pub(super) enum Rows {
    /// The source is the rows' own: the same row.
    Own(usize),
    /// Index of the row found, or [`NONE`].
    Found(Vec<u32>),
}

impl Rows {
    /// Index of the source's row for each row of the analysis.
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            Self::Own(rows) => Box::new(0..*rows as u32),
            Self::Found(rows) => Box::new(rows.iter().copied()),
        }
    }
}

/// Rows of a source and of the analysis, grouped by equal keys.
pub(super) struct Groups {
    /// Number of groups.
    pub(super) count: usize,
    /// Group of each row of the source; [`NONE`] where a key is missing.
    pub(super) source: Vec<u32>,
    /// Group of each row of the analysis; [`NONE`] where no row of the source has its key.
    pub(super) rows: Vec<u32>,
    /// Whether a row of the analysis has every key.
    pub(super) keyed: Vec<bool>,
}

/// A column's texts, each once, and each row's index into them.
pub(super) fn texts(column: &TableColumn) -> (Cow<'_, [String]>, Cow<'_, [u32]>) {
    match column {
        TableColumn::Texts { texts, of } => (Cow::Borrowed(texts), Cow::Borrowed(of)),
        TableColumn::Numbers(numbers) => {
            let mut known: BTreeMap<u64, u32> = BTreeMap::new();
            let mut texts = Vec::new();
            let mut index = |number: &f64| {
                // Zero has two signs and one text.
                let number = if *number == 0.0 { 0.0 } else { *number };
                *known.entry(number.to_bits()).or_insert_with(|| {
                    texts.push(format::plain(number));
                    texts.len() as u32 - 1
                })
            };
            let of = numbers.iter().map(|number| if number.is_nan() { NONE } else { index(number) }).collect();
            (Cow::Owned(texts), Cow::Owned(of))
        }
    }
}

impl Building<'_> {
    /// The groups of a lookup, with a fact on how many rows were found; none for the rows' own source
    /// without keys.
    pub(super) fn rows_of(&mut self, variable: &Variable, from: &Lookup) -> Result<Option<Groups>> {
        if from.matching.is_empty() {
            return Ok(None);
        }
        let mut groups: Option<Groups> = None;
        for (header, key) in &from.matching {
            let next = self.by_key(variable, from.source, header, *key)?;
            groups = Some(match groups {
                None => next,
                Some(before) => both(&before, &next),
            });
        }
        let Some(groups) = groups else { return Ok(None) };
        let labels: Vec<&str> =
            from.matching.iter().map(|(_, key)| self.dataset.variables[*key].label.as_str()).collect();
        let [row, rows] = &self.dataset.row;
        let keyed = groups.keyed.iter().filter(|keyed| **keyed).count() as u64;
        let found = groups.rows.iter().filter(|group| **group != NONE).count() as u64;
        let unit = if keyed == 1 { row } else { rows };
        let source = &self.dataset.sources[from.source].id;
        let fact = format!("{}: {unit} with {} found in {source}", variable.label, labels.join(" and "));
        self.facts.push((fact, found, keyed));
        Ok(Some(groups))
    }

    fn by_key(&self, variable: &Variable, source: usize, header: &str, key: usize) -> Result<Groups> {
        let (texts, of) = texts(self.column(source, header)?);
        let Some(Some(Values::Named { names, of: rows, .. })) = self.values.get(key) else {
            return Err(super::unready(variable));
        };
        let places: BTreeMap<&str, u32> = texts.iter().zip(0..).map(|(text, at)| (text.as_str(), at)).collect();
        let found: Vec<u32> = names.iter().map(|name| places.get(name.as_str()).copied().unwrap_or(NONE)).collect();
        let group = |row: &u32| found.get(*row as usize).copied().unwrap_or(NONE);
        Ok(Groups {
            count: texts.len(),
            source: of.into_owned(),
            rows: rows.iter().map(group).collect(),
            keyed: rows.iter().map(|row| *row != NONE).collect(),
        })
    }
}

/// Groups of rows that are equal in both.
fn both(one: &Groups, two: &Groups) -> Groups {
    let mut known: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let pairs =
        |one: &[u32], two: &[u32]| -> Vec<(u32, u32)> { one.iter().copied().zip(two.iter().copied()).collect() };
    let mut source = Vec::new();
    for pair in pairs(&one.source, &two.source) {
        let next = known.len() as u32;
        let missing = pair.0 == NONE || pair.1 == NONE;
        source.push(if missing { NONE } else { *known.entry(pair).or_insert(next) });
    }
    let found = |pair: &(u32, u32)| known.get(pair).copied().unwrap_or(NONE);
    let rows = pairs(&one.rows, &two.rows).iter().map(found).collect();
    let keyed = one.keyed.iter().zip(&two.keyed).map(|(one, two)| *one && *two).collect();
    Groups { count: known.len(), source, rows, keyed }
}

impl Groups {
    /// The row of the source that holds each row's value: the first of its group that has one.
    ///
    /// # Errors
    /// When rows of a group that is used hold different values: which one is meant cannot be known.
    pub(super) fn single(
        &self,
        variable: &Variable,
        from: &Lookup,
        header: &str,
        column: &TableColumn,
        building: &Building<'_>,
    ) -> Result<Vec<u32>> {
        let (texts, of) = texts(column);
        let mut used = vec![false; self.count];
        self.rows.iter().filter(|group| **group != NONE).for_each(|group| used[*group as usize] = true);
        let mut first = vec![NONE; self.count];
        let mut clashes: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for (row, group) in self.source.iter().enumerate() {
            if *group == NONE || !used[*group as usize] || of[row] == NONE {
                continue;
            }
            let known = &mut first[*group as usize];
            if *known == NONE {
                *known = row as u32;
            } else if of[*known as usize] != of[row] {
                clashes.entry(*group).or_insert((of[*known as usize], of[row]));
            }
        }
        let Some((group, (one, two))) = clashes.iter().next() else {
            let row = |group: &u32| if *group == NONE { NONE } else { first[*group as usize] };
            return Ok(self.rows.iter().map(row).collect());
        };
        let source = &building.dataset.sources[from.source].id;
        let key = self.key(*group, from, building)?;
        let (one, two) = (&texts[*one as usize], &texts[*two as usize]);
        let many = match clashes.len() {
            1 => String::new(),
            count => format!(" ({} keys are like this)", format::count(count as u64)),
        };
        let what = format!("`{source}` holds two values of `{header}` for {key}: `{one}` and `{two}`{many}");
        let hint =
            format!("choose rows with `where` of source `{source}`, match by more columns, or add up with `sum:`");
        Err(building.problem(variable, from.source, what).hint(hint).into())
    }

    /// A group's key in words.
    fn key(&self, group: u32, from: &Lookup, building: &Building<'_>) -> Result<String> {
        let row = self.source.iter().position(|other| *other == group).unwrap_or(0);
        let mut words = Vec::new();
        for (header, _) in &from.matching {
            let (texts, of) = texts(building.column(from.source, header)?);
            let text = of.get(row).and_then(|at| texts.get(*at as usize)).cloned().unwrap_or_default();
            words.push(format!("`{header}` `{text}`"));
        }
        Ok(words.join(" and "))
    }
}
