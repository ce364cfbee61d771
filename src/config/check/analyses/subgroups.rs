//! Checks of `analyses.subgroups`.

use super::super::Checker;
use super::Known;
use super::leave_out::NO_REGION;
use crate::config::raw::RawSubgroups;
use crate::config::types::*;

impl Checker<'_> {
    pub(super) fn subgroup_plan(&mut self, raw: RawSubgroups, known: &Known) -> Subgroups {
        let at = "analyses.subgroups";
        let mut by = Vec::new();
        for name in &raw.by {
            let path = format!("{at}.by");
            let Some(found) = self.divided_by(&path, name, known) else { continue };
            if by.contains(&found) {
                self.fault(&path, format!("`{name}` is named twice"), "name it once");
            } else {
                by.push(found);
            }
        }
        if raw.by.is_empty() {
            self.fault(at, "nothing to divide by", "name covariates with levels under `by`, or `region`");
        }
        let outcomes = self.outcomes_named(&format!("{at}.outcomes"), raw.outcomes, known);
        let families = [("all", SubgroupFamily::All), ("outcome", SubgroupFamily::Outcome)];
        Subgroups {
            by,
            family: self.word(&format!("{at}.family"), &raw.family, &families),
            figure: self.figure_of(&format!("{at}.figure"), raw.figure.as_deref(), &outcomes, known),
            outcomes,
        }
    }

    /// A covariate with levels, or the region where no covariate has that name.
    fn divided_by(&mut self, path: &str, name: &str, known: &Known) -> Option<SubgroupBy> {
        if name == "region" && !known.covariates.iter().any(|covariate| covariate.id == name) {
            if known.workforce.region.is_none() {
                self.fault(path, "the workforce files' regions are not read", NO_REGION);
            }
            return Some(SubgroupBy::Region);
        }
        let found = self.covariate_named(path, name, known)?;
        if matches!(known.covariates[found].kind, CovariateKind::Deprivation { .. }) {
            let what = format!("covariate `{name}` is a number and has no levels");
            self.fault(path, what, "name a covariate with levels");
            return None;
        }
        Some(SubgroupBy::Covariate(found))
    }
}
