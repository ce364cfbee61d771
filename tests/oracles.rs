//! Estimates against numbers nobody here made: R and its packages (`oracles/r.R`), NIST's certified values
//! (`oracles/nist`), and published tables. One program, so that it links once.

mod model_support;
mod oracle_checks;
