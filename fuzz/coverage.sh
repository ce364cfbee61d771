#!/bin/sh
# A rustc for cargo (RUSTC_WRAPPER): counts coverage for libFuzzer in offprint and the fuzz targets, and nothing else, so
# that all other crates are those that the program's own build has compiled.
rustc=$1
shift
before=
for argument in "$@"; do
    case "$before $argument" in
    "--crate-name offprint" | "--crate-name config" | "--crate-name csv" | "--crate-name columnar" | \
        "--crate-name manifest" | "--crate-name cache" | "--crate-name model")
        exec "$rustc" "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
            -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
            -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions=on
        ;;
    esac
    before=$argument
done
exec "$rustc" "$@"
