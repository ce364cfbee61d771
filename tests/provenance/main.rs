//! Where a version comes from, told by its own files: links that resolve, hashes that hold, codes that
//! are all there, a log that discloses nothing, and what changed since the version before.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod changes;
mod citation;
mod crate_file;
mod dependencies;
mod dictionary;
mod links;
mod log;
mod settings;
mod support;
