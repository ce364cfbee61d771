//! Tables and figures of a dataset study: those that the config lists, or all that it has numbers for.

use super::super::{Checker, exhibits};
use crate::config::raw::RawExhibit;
use crate::config::types::*;
use indexmap::IndexMap;

/// What a kind of table or figure needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    Contrasts,
    Subgroups,
    Variants,
    Published,
}

/// Tables by id, with their titles, in the order of the report.
pub(super) const TABLES: &[(&str, &str, Needs)] = &[
    ("sample", "The sample", Needs::Nothing),
    ("main", "Estimates of the main model", Needs::Nothing),
    ("contrasts", "Mean predictions compared", Needs::Contrasts),
    ("subgroups", "Effects within subgroups", Needs::Subgroups),
    ("tests", "Tests", Needs::Nothing),
    ("variants", "Other specifications", Needs::Variants),
    ("published", "This run beside", Needs::Published),
    ("coefficients", "All coefficients of the main model", Needs::Nothing),
    ("flow", "From file to model", Needs::Nothing),
    ("dropped", "What left within the estimator", Needs::Nothing),
];

/// Figures by id.
pub(super) const FIGURES: &[(&str, &str, Needs)] =
    &[("flow", "From file to model", Needs::Nothing), ("forest", "Estimates and their intervals", Needs::Nothing)];

/// What a study has numbers for.
pub(super) struct Given(Vec<Needs>);

impl Given {
    pub(super) fn new(models: &[DatasetModel], published: &[PublishedTerm]) -> Self {
        let main = models.first();
        let all = [
            (Needs::Nothing, true),
            (Needs::Contrasts, main.is_some_and(|model| !model.contrasts.is_empty())),
            (Needs::Subgroups, main.is_some_and(|model| !model.subgroups.is_empty())),
            (Needs::Variants, models.len() > 1),
            (Needs::Published, !published.is_empty()),
        ];
        Self(all.into_iter().filter(|(_, given)| *given).map(|(needs, _)| needs).collect())
    }
}

impl Checker<'_> {
    pub(super) fn exhibits_or_all(
        &mut self,
        section: &str,
        raw: Option<IndexMap<String, RawExhibit>>,
        known: &[(&str, &str, Needs)],
        given: &Given,
        published: &str,
    ) -> Vec<Exhibit> {
        let Some(raw) = raw else { return all(known, given, published) };
        let ids: Vec<&str> = known.iter().map(|(id, ..)| *id).collect();
        for id in raw.keys() {
            let at = format!("{section}.{id}");
            match known.iter().find(|(known, ..)| known == id) {
                None => self.unknown(&at, section.trim_end_matches('s'), id, &ids),
                // With a problem in the models there are none, which says nothing about their numbers.
                Some((.., needs)) if !given.0.contains(needs) && self.problems.is_empty() => {
                    let key = match needs {
                        Needs::Contrasts => "models.main.contrasts",
                        Needs::Subgroups => "models.main.subgroups",
                        Needs::Variants => "models.variants",
                        _ => "published",
                    };
                    self.fault(
                        &at,
                        format!("there is nothing to show in `{id}`"),
                        format!("add `{key}`, or remove it"),
                    );
                }
                Some(_) => {}
            }
        }
        exhibits(raw)
    }
}

/// All that the study has numbers for, numbered in order.
fn all(known: &[(&str, &str, Needs)], given: &Given, published: &str) -> Vec<Exhibit> {
    let wanted = known.iter().filter(|(.., needs)| given.0.contains(needs)).enumerate();
    let exhibit = |(at, (id, title, _)): (usize, &(&str, &str, Needs))| Exhibit {
        id: (*id).to_owned(),
        number: (at + 1).to_string(),
        title: if *id == "published" { format!("{title} {published}") } else { (*title).to_owned() },
        note: String::new(),
    };
    wanted.map(exhibit).collect()
}
