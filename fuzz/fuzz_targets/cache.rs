//! See `cache` in ../drive.rs.
#![no_main]

#[allow(dead_code, reason = "each target uses one function")]
#[path = "../drive.rs"]
mod drive;
#[path = "../room.rs"]
mod room;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drive::cache(bytes, room::folder()));
