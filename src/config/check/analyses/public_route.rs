//! Checks of `analyses.public_route`.

use super::super::Checker;
use super::Known;
use crate::config::raw::RawPublicRoute;
use crate::config::types::*;

/// The rule of the survey's own practice files.
const USUAL: u64 = 10;
/// Larger bases are never suppressed.
const LARGEST: u64 = 1000;

impl Checker<'_> {
    pub(super) fn public_route(&mut self, raw: RawPublicRoute, known: &Known) -> PublicRoute {
        let at = "analyses.public_route";
        if known.survey.reader == SurveyReader::Practice {
            self.fault(
                at,
                "the survey is read as counts by practice, so there are no answers of people to set beside them",
                "leave the section out, or read person files",
            );
        }
        let suppress_below = raw.suppress_below.unwrap_or(USUAL);
        if suppress_below > LARGEST {
            self.fault(
                &format!("{at}.suppress_below"),
                format!("{suppress_below} is above {LARGEST}"),
                "say below how many answers the published files hide a count; 0 for never",
            );
        }
        PublicRoute { suppress_below, outcomes: self.outcomes_named(&format!("{at}.outcomes"), raw.outcomes, known) }
    }
}
