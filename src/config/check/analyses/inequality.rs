//! Checks of `analyses.inequality`.

use super::super::Checker;
use super::Known;
use crate::config::raw::RawInequality;
use crate::config::types::*;

impl Checker<'_> {
    pub(super) fn inequality(&mut self, raw: RawInequality, known: &Known) -> Inequality {
        let at = "analyses.inequality";
        let by = self.covariate_named(&format!("{at}.by"), &raw.by, known).unwrap_or(0);
        let path = format!("{at}.covariates");
        let mut covariates = Vec::new();
        for name in &raw.covariates {
            let Some(found) = self.covariate_named(&path, name, known) else { continue };
            if found == by {
                let what = format!("the gradient over `{name}` cannot be adjusted for `{name}`");
                self.fault(&path, what, "take it out of `covariates`");
            } else if covariates.contains(&found) {
                self.fault(&path, format!("covariate `{name}` is named twice"), "name it once");
            } else {
                covariates.push(found);
            }
        }
        Inequality { by, ends: raw.ends, covariates }
    }
}
