//! The finished report against itself before it is filed: contradictions stop it, words are told.

use crate::error::{Problem, Problems, Result};
use crate::lint;
use std::collections::BTreeMap;

/// Stops what contradicts itself; nothing is filed then.
pub(super) fn before_filing(files: &BTreeMap<String, Vec<u8>>, say: &dyn Fn(&str)) -> Result<()> {
    let mut problems = Problems::default();
    for found in lint::check(files, &[]) {
        if found.warning {
            say(&format!("warning: {}:{}: {}", found.file, found.line, found.what));
            continue;
        }
        let problem = Problem::new(format!("the report contradicts itself: {}", found.what));
        problems.push(problem.file(found.file).line(found.line as u64).hint(found.hint));
    }
    problems.or(())
}
