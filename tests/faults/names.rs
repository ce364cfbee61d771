//! Names and labels from data and config that are markup, formulas or templates elsewhere.

#[test]
fn placeholder() {}
