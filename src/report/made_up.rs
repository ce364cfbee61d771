//! Made-up findings of the analyses that fit the main model many times over, for checking templates without data. Nothing of them
//! is ever published.

use super::check_analyses::MadeUp;
use crate::config::{Config, Power, PowerEffect};
use crate::disclosure::{
    Analyses, GridFound, GridRow, LeaveOutFound, LeaveOutRow, LeftOut, PowerFound, PowerOutcome, PowerRow,
    PublicRouteFound, PublicRouteRow, RouteFound,
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
    let power = config.analyses.power.as_ref().map(|plan| power(config, made, plan));
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
    Analyses { grid, leave_out, power, public_route, ..Analyses::default() }
}

/// A stored run, or none where the estimate is zero, so that both are tried.
fn power(config: &Config, made: &MadeUp, plan: &Power) -> PowerFound {
    let (gate, n) = (made.gate, made.n);
    let row = |outcome: usize, effect: &PowerEffect| PowerRow {
        effect: effect.name(),
        outcome,
        odds_ratio: 1.05,
        replications: plan.replications,
        fitted: plan.replications - 1,
        power: gate.value(n, [0.5, 0.01, 0.4, 0.6]),
        formula: gate.value(n, 0.5),
        coverage: gate.value(n, [0.9, 0.01, 0.88, 0.92]),
        bias: gate.value(n, [0.01, 0.01]),
        mean_error: gate.value(n, 0.01),
        here: gate.value(n, 0.5),
    };
    let outcome = |outcome: usize| PowerOutcome {
        outcome,
        detectable: gate.value(n, 0.01),
        detectable_ratio: gate.value(n, 1.01),
        coverage: gate.value(n, [0.9, 0.01, 0.88, 0.92]),
    };
    let outcomes = 0..config.outcomes.len();
    let none = made.estimate.estimate == 0.0;
    let rows = outcomes.clone().flat_map(|at| plan.effects.iter().map(move |effect| row(at, effect)));
    PowerFound {
        problem: if none { "made up".into() } else { String::new() },
        rows: if none { Vec::new() } else { rows.collect() },
        outcomes: outcomes.map(outcome).collect(),
    }
}
