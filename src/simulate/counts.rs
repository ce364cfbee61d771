//! A study's config turned to practice files, which hold counts of answers: what needs answers of single people
//! leaves, by name. Knows YAML only; the reader's config check has the last word.

use serde_yaml::{Mapping, Value};

/// What an analysis' tables and figures begin with.
const EXHIBITS: [(&str, &[&str]); 4] = [
    ("subgroups", &["subgroup"]),
    ("inequality", &["inequality"]),
    ("power", &["power"]),
    ("public_route", &["public_route", "adjustable"]),
];

/// Takes out what counts cannot answer; gives its names. None where the config is not as expected.
pub(super) fn practice(tree: &mut Value) -> Option<Vec<String>> {
    let single = single(tree)?;
    let mut gone = Vec::new();
    let main = tree.get_mut("models")?.get_mut("main")?.as_mapping_mut()?;
    if let Some(covariates) = main.get_mut("covariates").and_then(Value::as_sequence_mut) {
        covariates.retain(|name| keeps(name, &single, &mut gone, "adjustment for"));
    }
    gone.push("what people answer about themselves".into());
    tree.get_mut("covariates")?.as_mapping_mut()?.retain(|_, covariate| covariate.get("from").is_some());
    only_own_terms(tree, &single);
    if let Some(analyses) = tree.get_mut("analyses").and_then(Value::as_mapping_mut) {
        let left = analyses_of_counts(analyses, &single, &mut gone);
        for exhibits in ["tables", "figures"] {
            tree.get_mut(exhibits)?.as_mapping_mut()?.retain(|id, _| {
                let of = |prefix: &&str| id.as_str().is_some_and(|id| id.starts_with(prefix));
                !left.iter().any(|prefixes| prefixes.iter().any(&of))
            });
        }
    }
    tree.as_mapping_mut()?.remove("simulate");
    assumptions(tree, &gone);
    Some(gone)
}

/// Ids of covariates that single people answer.
fn single(tree: &Value) -> Option<Vec<String>> {
    let covariates = tree.get("covariates")?.as_mapping()?.iter();
    Some(covariates.filter(|(_, c)| c.get("from").is_none()).filter_map(|(id, _)| Some(id.as_str()?.into())).collect())
}

fn keeps(name: &Value, single: &[String], gone: &mut Vec<String>, what: &str) -> bool {
    let leaves = name.as_str().filter(|name| single.iter().any(|known| known == name));
    gone.extend(leaves.map(|name| format!("{what} {name}")));
    leaves.is_none()
}

/// Joint tests of terms that are left; their table goes when none is.
fn only_own_terms(tree: &mut Value, single: &[String]) -> Option<()> {
    let joint = tree.get_mut("tests")?.get_mut("joint")?.as_sequence_mut()?;
    let own = |term: &Value| term.as_str().is_some_and(|term| single.iter().all(|known| known != term));
    joint.retain(|test| test.get("terms").and_then(Value::as_sequence).is_some_and(|terms| terms.iter().all(own)));
    if joint.is_empty() {
        tree.get_mut("tables")?.as_mapping_mut()?.remove("joint");
    }
    Some(())
}

/// Takes out the analyses that counts cannot answer, as a whole or in part; gives what their exhibits begin with.
fn analyses_of_counts(
    analyses: &mut Mapping,
    single: &[String],
    gone: &mut Vec<String>,
) -> Vec<&'static [&'static str]> {
    let mut none = Vec::new();
    if let Some(by) = analyses.get_mut("subgroups").and_then(|plan| plan.get_mut("by")?.as_sequence_mut()) {
        by.retain(|name| keeps(name, single, gone, "subgroups by"));
        none.extend(by.is_empty().then_some("subgroups"));
    }
    if let Some(plan) = analyses.get("inequality") {
        let people = plan.get("by").is_some_and(|by| !keeps(by, single, gone, "inequality by"));
        none.extend(people.then_some("inequality"));
    }
    if analyses.contains_key("power") {
        // The stored run is of single people's answers, and its truth leaves the config.
        none.push("power");
        gone.push("power in simulated studies".into());
    }
    if analyses.contains_key("public_route") {
        none.push("public_route");
        gone.push("counts beside answers of people".into());
    }
    if let Some(timing) = analyses.get_mut("timing").and_then(Value::as_mapping_mut)
        && timing.remove("controls").is_some()
    {
        gone.push("outcomes that the exposure should not change".into());
    }
    if let Some(grid) = analyses.get_mut("grid").and_then(Value::as_mapping_mut) {
        axes(grid, single, gone);
    }
    for name in &none {
        analyses.remove(*name);
    }
    EXHIBITS.iter().filter(|(name, _)| none.contains(name)).map(|(_, prefixes)| *prefixes).collect()
}

/// Takes out the grid's axes with a level that needs weights or answers of single people.
fn axes(grid: &mut Mapping, single: &[String], gone: &mut Vec<String>) {
    let needs = |level: &Value| {
        let named = level.get("covariates").and_then(Value::as_sequence);
        let people = named.is_some_and(|all| {
            all.is_empty() || all.iter().any(|one| one.as_str().is_some_and(|one| single.iter().any(|s| s == one)))
        });
        people || level.get("weights").is_some()
    };
    let mut left = Vec::new();
    if let Some(axes) = grid.get_mut("axes").and_then(Value::as_mapping_mut) {
        axes.retain(|id, axis| {
            let levels = axis.get("levels").and_then(Value::as_mapping);
            let leaves = levels.is_some_and(|levels| levels.iter().any(|(_, level)| needs(level)));
            left.extend(id.as_str().filter(|_| leaves).map(str::to_string));
            !leaves
        });
    }
    for list in ["cross", "with_all"] {
        if let Some(list) = grid.get_mut(list).and_then(Value::as_sequence_mut) {
            list.retain(|id| id.as_str().is_none_or(|id| left.iter().all(|gone| gone != id)));
        }
    }
    gone.extend(left.into_iter().map(|axis| format!("specifications by {axis}")));
}

/// Assumptions about keys that are left, and one that names what is not.
fn assumptions(tree: &mut Value, gone: &[String]) -> Option<()> {
    let whole = tree.clone();
    let there = |key: &str| key.split('.').try_fold(&whole, |at, step| at.get(step)).is_some();
    let all = tree.get_mut("assumptions")?.as_sequence_mut()?;
    all.retain(|one| one.get("key").and_then(Value::as_str).is_some_and(there));
    let mut note = Mapping::new();
    note.insert("about".into(), "What counts by practice cannot answer, and is left out".into());
    note.insert("key".into(), "inputs.survey.reader".into());
    note.insert("because".into(), format!("these need answers of single people: {}", gone.join(", ")).into());
    all.push(Value::Mapping(note));
    Some(())
}
