//! Cost of one unit of the exposure everywhere against the additional people that it goes with: per
//! person, one quantity at a time, and by draws of all. Effects come from released results; their draws
//! are normal with the delta-method error, which holds the covariance of every coefficient.

use super::Study;
use super::draws::Draws;
use crate::config::{Costs, Distribution, InPost, Quantity};
use crate::disclosure::{CostOutcome, CostsFound, Estimate, ModelResult, OneWay, Released};
use crate::num;
use crate::pipeline::shown;
use rayon::prelude::*;

/// Quantities that the cost is made of.
struct Money<'a> {
    total: &'a Quantity,
    in_post: Quantity,
    patients: &'a Quantity,
    /// Patients of one unit of the exposure.
    per: f64,
}

impl Money<'_> {
    /// Cost of one unit of the exposure everywhere in a year.
    fn everywhere(&self, total: f64, in_post: f64, patients: f64) -> f64 {
        total / in_post * patients / self.per
    }

    fn base(&self) -> f64 {
        self.everywhere(self.total.value, self.in_post.value, self.patients.value)
    }
}

/// Costs per additional person.
pub(super) fn costs(study: &Study, plan: &Costs) -> CostsFound {
    (study.progress)("costs", 0, 0);
    let in_post = in_post(study, plan);
    let money = in_post.shown().map(|in_post| Money {
        total: &plan.total,
        in_post: in_post.clone(),
        patients: &plan.patients,
        per: study.config.exposure.per,
    });
    let drawn = money.as_ref().map(|money| drawn_costs(study, plan, money)).unwrap_or_default();
    let results = plan.outcomes.iter().filter_map(|outcome| result(study, *outcome));
    let outcomes: Vec<CostOutcome> = results
        .map(|result| outcome(study, plan, result, &in_post.map(|_| money.as_ref().map_or(0.0, Money::base)), &drawn))
        .collect();
    let people = outcomes.iter().find(|found| found.outcome == plan.figure).map(|found| &found.people);
    CostsFound {
        each: in_post.map(|in_post| plan.total.value / in_post.value),
        everywhere: in_post.map(|_| money.as_ref().map_or(0.0, Money::base)),
        one_way: match (&money, people) {
            (Some(money), Some(people)) => one_way(money, people),
            _ => Vec::new(),
        },
        in_post: in_post.map(|in_post| in_post.value),
        outcomes,
    }
}

fn result<'a>(study: &Study<'a>, outcome: usize) -> Option<&'a ModelResult> {
    study.models.iter().find(|result| result.model == 0 && result.outcome == outcome)
}

/// The amount in post: stated, or that of the last census that a wave uses, in the clusters that sent a
/// return and are on the practice file, scaled up to all registered patients.
fn in_post(study: &Study, plan: &Costs) -> Released<Quantity> {
    let gate = study.gate;
    if let InPost::Stated(quantity) = &plan.in_post {
        return gate.value(0, quantity.clone());
    }
    let last = study.provision.censuses.iter().find(|c| Some(c.census) == study.provision.areas_census);
    let Some(census) = last else { return gate.missing("no census is used") };
    let amount = num::sum(census.clusters.iter().map(|cluster| cluster.amount));
    let patients = num::sum(census.clusters.iter().map(|cluster| cluster.patients));
    if amount <= 0.0 || patients <= 0.0 {
        return gate.missing("nothing was in post at the census");
    }
    let value = amount / patients * plan.patients.value;
    let label = format!("{} in post", study.config.terms.amount);
    let staff = census.clusters.iter().map(|cluster| cluster.staff).sum();
    gate.value(staff, Quantity { label, value, low: value, high: value, distribution: Distribution::Fixed })
}

/// Draws of the cost, the same for every outcome.
fn drawn_costs(study: &Study, plan: &Costs, money: &Money) -> Vec<f64> {
    let stream = |name: &str, of: &Quantity| -> Vec<f64> {
        let mut draws = Draws::new(study.config.study.seed, name);
        (0..plan.draws).map(|_| draws.quantity(of)).collect()
    };
    let total = stream("cost", money.total);
    let in_post = stream("in post", &money.in_post);
    let patients = stream("patients", money.patients);
    (0..total.len()).map(|at| money.everywhere(total[at], in_post[at], patients[at])).collect()
}

/// Additional people with the better answer.
fn additional(study: &Study, result: &ModelResult) -> Released<Estimate> {
    let good = study.config.outcomes[result.outcome].good;
    result.people.map(|people| match good {
        true => people.clone(),
        false => Estimate {
            estimate: -people.estimate,
            low: -people.high,
            high: -people.low,
            statistic: -people.statistic,
            ..people.clone()
        },
    })
}

fn outcome(study: &Study, plan: &Costs, result: &ModelResult, cost: &Released<f64>, drawn: &[f64]) -> CostOutcome {
    let gate = study.gate;
    let people = additional(study, result);
    let all = match (cost.shown(), people.shown()) {
        (Some(cost), Some(_)) => {
            people.map(|people| [people.estimate, people.high, people.low].map(|people| per_person(*cost, people)))
        }
        (None, _) => cost.map(|_| [None; 3]),
        (_, None) => people.map(|_| [None; 3]),
    };
    let simulated = match (cost.shown(), people.shown()) {
        (Some(_), Some(found)) => people.map(|_| simulate(study, plan, result, found, drawn)),
        (None, _) => cost.map(|_| (0.0, Vec::new())),
        (_, None) => people.map(|_| (0.0, Vec::new())),
    };
    CostOutcome {
        outcome: result.outcome,
        cost: all,
        better: simulated.map(|(better, _)| *better),
        acceptable: simulated.map(|(_, acceptable)| acceptable.clone()),
        referred: match &plan.referred {
            None => gate.missing("no share of referred people is stated"),
            Some(referred) => per_referred(study, result, referred.share),
        },
        people,
    }
}

/// Cost of an additional person; none where there is no additional person.
fn per_person(cost: f64, people: f64) -> Option<f64> {
    Some(cost / people).filter(|each| people > 0.0 && each.is_finite())
}

/// Share of draws with additional people, and with people worth their cost.
fn simulate(study: &Study, plan: &Costs, result: &ModelResult, people: &Estimate, drawn: &[f64]) -> (f64, Vec<f64>) {
    let name = format!("effect\n{}", study.config.outcomes[result.outcome].id);
    let mut draws = Draws::new(study.config.study.seed, &name);
    let people: Vec<f64> = drawn.iter().map(|_| people.estimate + people.std_error * draws.normal()).collect();
    let share = |count: usize| count as f64 / drawn.len().max(1) as f64;
    let better = share(people.iter().filter(|people| **people > 0.0).count());
    let worth =
        |worth: &f64| share(people.iter().zip(drawn).filter(|(people, cost)| worth * **people > **cost).count());
    (better, plan.worth.par_iter().map(worth).collect())
}

/// The effect per person referred that makes the average effect, when it works through referrals alone
/// and these go up in step with the amount in post.
fn per_referred(study: &Study, result: &ModelResult, share: f64) -> Released<Estimate> {
    let gate = study.gate;
    let census = study.provision.areas_census.map(|census| census.to_string());
    let row = study.shown.iter().find(|row| Some(&row.census) == census.as_ref());
    match row.map(|row| &row.mean) {
        None => gate.missing("no census is used"),
        Some(mean) => match mean.shown() {
            Some(exposure) => result.average_marginal_effect.map(|effect| shown::scaled(effect, exposure / share)),
            None => {
                mean.map(|_| Estimate { estimate: 0.0, std_error: 0.0, low: 0.0, high: 0.0, statistic: 0.0, p: 1.0 })
            }
        },
    }
}

/// One quantity at a time at its limits, the widest first.
fn one_way(money: &Money, people: &Released<Estimate>) -> Vec<OneWay> {
    let Some(found) = people.shown() else { return Vec::new() };
    let base = money.base();
    let (total, posts, patients) = (money.total, &money.in_post, money.patients);
    let mut rows: Vec<(String, [f64; 2], [Option<f64>; 3])> = Vec::new();
    let cost = |cost: f64| per_person(cost, found.estimate);
    let mut add = |label: &str, range: [f64; 2], [low, high]: [Option<f64>; 2]| {
        if range[0] < range[1] {
            rows.push((label.into(), range, [cost(base), low, high]));
        }
    };
    add("Additional people", [found.low, found.high], [per_person(base, found.low), per_person(base, found.high)]);
    let at =
        |quantity: &Quantity, cost_of: &dyn Fn(f64) -> f64| [cost(cost_of(quantity.low)), cost(cost_of(quantity.high))];
    let of_total = |x: f64| money.everywhere(x, posts.value, patients.value);
    let of_posts = |x: f64| money.everywhere(total.value, x, patients.value);
    let of_patients = |x: f64| money.everywhere(total.value, posts.value, x);
    add(&total.label, [total.low, total.high], at(total, &of_total));
    add(&posts.label, [posts.low, posts.high], at(posts, &of_posts));
    add(&patients.label, [patients.low, patients.high], at(patients, &of_patients));
    let width = |row: &(String, [f64; 2], [Option<f64>; 3])| match row.2 {
        [_, Some(low), Some(high)] => (high - low).abs(),
        _ => f64::INFINITY,
    };
    rows.sort_by(|a, b| width(b).total_cmp(&width(a)));
    rows.into_iter().map(|(label, range, cost)| OneWay { label, range, cost: people.map(|_| cost) }).collect()
}
