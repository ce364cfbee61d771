//! Variables by id, of the kind that their place asks for.

use super::super::Checker;
use crate::config::types::*;

impl Checker<'_> {
    /// Index of a variable, whatever it is.
    pub(super) fn variable(&mut self, at: &str, id: &str, variables: &[Variable]) -> Option<usize> {
        let found = variables.iter().position(|variable| variable.id == id);
        if found.is_none() {
            let known: Vec<&str> = variables.iter().map(|variable| variable.id.as_str()).collect();
            self.unknown(at, "variable", id, &known);
        }
        found
    }

    /// Index of a variable that must be a number; `role` says what it is for.
    pub(super) fn number_of(&mut self, at: &str, id: &str, variables: &[Variable], role: &str) -> Option<usize> {
        let found = self.variable(at, id, variables)?;
        if !matches!(variables[found].kind, VariableKind::Number { .. }) {
            let hint = format!("turn texts into numbers: `{id}: {{ values: {{ \"Yes\": 1, \"No\": 0 }} }}`");
            self.fault(at, format!("{role} is a number, and `{id}` is not"), hint);
            return None;
        }
        Some(found)
    }

    /// Index of a variable that must be a key or a category.
    pub(super) fn named_of(&mut self, at: &str, id: &str, variables: &[Variable], role: &str) -> Option<usize> {
        let found = self.variable(at, id, variables)?;
        if matches!(variables[found].kind, VariableKind::Number { .. }) {
            let what = format!("{role} is a key or a category, and `{id}` is a number");
            self.fault(at, what, format!("give variable `{id}` `kind: key`"));
            return None;
        }
        Some(found)
    }
}
