//! Made-up findings of the analyses that fit the main model many times over, for checking templates without data. Nothing of them
//! is ever published.

use super::check_analyses::MadeUp;
use crate::config::Config;
use crate::disclosure::{
    Analyses, GridFound, GridRow, LeaveOutFound, LeaveOutRow, LeftOut, PublicRouteFound, PublicRouteRow, RouteFound,
};

/// A row for each specification and part of what the config asks for.
pub(super) fn analyses(config: &Config, made: &MadeUp) -> Analyses {
    let gate = made.gate;
    let released = || gate.value(made.n, made.estimate.clone());
    let grid = config.analyses.grid.as_ref().map(|plan| {
        let pairs = plan
            .outcomes
            .iter()
            .flat_map(|outcome| (0..plan.specifications.len()).map(move |specification| (*outcome, specification)));
        let row = |(outcome, specification): (usize, usize)| GridRow {
            outcome,
            specification,
            linear: false,
            n: gate.count(1000),
            clusters: gate.count(1000),
            coefficient: released(),
            // One that could not be fitted.
            effect: if specification == 1 { gate.missing("made up") } else { released() },
        };
        GridFound { rows: pairs.map(row).collect() }
    });
    let leave_out = config.analyses.leave_out.as_ref().map(|plan| {
        let part = |label: &str| LeftOut { kind: "wave".into(), code: label.into(), label: label.into() };
        let rows = plan.outcomes.iter().flat_map(|outcome| {
            ["a", "b"].map(|label| LeaveOutRow {
                outcome: *outcome,
                left_out: part(label),
                n: gate.count(1000),
                coefficient: released(),
                effect: released(),
            })
        });
        LeaveOutFound { rows: rows.collect() }
    });
    let route = || RouteFound { n: gate.count(1000), coefficient: released(), effect: released() };
    let public_route = config.analyses.public_route.as_ref().map(|plan| {
        let row = |outcome: &usize| PublicRouteRow {
            outcome: *outcome,
            public: route(),
            crude: route(),
            full: route(),
            from_crude: gate.value(made.n, 0.0),
            from_full: gate.value(made.n, 1.0),
            suppressed: gate.count(1000),
            counts: gate.count(1000),
        };
        PublicRouteFound { suppress_below: plan.suppress_below, rows: plan.outcomes.iter().map(row).collect() }
    });
    Analyses { grid, leave_out, public_route, ..Analyses::default() }
}
