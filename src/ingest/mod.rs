//! stub
mod types;
pub use types::*;
