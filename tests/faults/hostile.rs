//! Configs, tables and templates made to hang the program, fill the memory or break the reader.

use crate::small::Small;
use std::time::{Duration, Instant};

/// Refused, and soon: none of these may take the time that it asks for.
fn refused_soon(small: &Small, fragments: &[&str]) {
    let started = Instant::now();
    small.refuses(&["check"], fragments);
    let took = started.elapsed();
    assert!(took < Duration::from_secs(10), "{fragments:?} took {took:?}");
}

/// Nine aliases to the level below, `levels` times over.
fn bomb(levels: usize) -> String {
    let line = |level: usize| format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(","));
    format!("a0: &a0 [x, x]\n{}", (1..levels).map(line).collect::<String>())
}

#[test]
fn yaml() {
    let small = Small::new();
    let good = small.config();
    let long = "x".repeat(1_000_000);
    let title = |text: String| good.replacen("title: Class size and test scores in California", &text, 1);
    let aliases = ["*t"].repeat(2000).join(", ");
    let nested: String = (0..1500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    for (config, told) in [
        (format!("{good}{}", bomb(12)), "repetition limit"),
        (title(format!("title: &t {long}")).replacen("[The offprint authors]", &format!("[{aliases}]"), 1), "aliases"),
        (format!("{good}z: &z [*z]\n"), "recursion limit"),
        (format!("{good}{}: 1\n", "k".repeat(10_000_000)), "larger than 4 MiB"),
        (format!("{good}{}: 1\n", "k".repeat(3_900_000)), "error: "),
        (format!("{good}z: {}\n", "[".repeat(100_000)), "brackets"),
        (format!("{good}z: {}\n", "{a: ".repeat(100_000)), "brackets"),
        (format!("{good}z:\n  {}x\n", "- ".repeat(100_000)), "recursion limit"),
        (format!("{good}{nested}"), "recursion limit"),
        (format!("{}---\n{good}", "%TAG !a! tag:x:\n".repeat(50_000)), "directives"),
        (good.replacen("[elpct]", &format!("[{}elpct]", "elpct, ".repeat(20_000)), 1), "more problems"),
        (good.replacen("Class size", "Class\0size", 1), "control characters"),
        (format!("{good}<<: *nope\n"), "unknown anchor"),
        (title("title: \"a\u{feff}\", x: !!python/object:os.system [id]".into()), "error: "),
        (String::new(), "error: "),
        ("\u{feff}".into(), "error: "),
        ("- 1\n- 2\n".into(), "error: "),
    ] {
        small.put(&config);
        refused_soon(&small, &[told, "config.yaml"]);
    }
}

#[test]
fn text_that_would_steer_the_terminal() {
    let small = Small::new();
    small.put(&small.config().replacen("elpct: {", "\"\\e[2J\\e]0;owned\\a\": { colour: 1 }\n  elpct: {", 1));
    let ran = small.run(&["check"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(!ran.stderr.contains(&0x1b) && !ran.stderr.contains(&7), "{}", String::from_utf8_lossy(&ran.stderr));
    let small = Small::new();
    let table = std::fs::read_to_string(small.file("caschool.csv")).unwrap();
    let end = table.find('\n').unwrap() + 1;
    let bad = format!("{}\u{1b}[31mred,1,1,1\n{}", &table[..end], &table[end..]);
    std::fs::write(small.file("caschool.csv"), bad).unwrap();
    let ran = small.run(&["check"]);
    assert!(!ran.stderr.contains(&0x1b), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn tables() {
    let small = Small::new();
    let table = std::fs::read(small.file("caschool.csv")).unwrap();
    let with = |bytes: &[u8], told: &[&str]| {
        std::fs::write(small.file("caschool.csv"), bytes).unwrap();
        refused_soon(&small, told);
    };
    // Lines of 64 MB: at the end, within quotes, as the header, and one of commas alone.
    let mut long = table.clone();
    long.resize(64 << 20, b'x');
    with(&long, &["longer than 1 MB", "caschool.csv:422"]);
    long[table.len()] = b'"';
    with(&long, &["longer than 1 MB", "quote"]);
    with(&vec![b'y'; 64 << 20], &["longer than 1 MB", "caschool.csv:1"]);
    with(&vec![b','; 64 << 20], &["longer than 1 MB"]);
    let nul = [&table[..3000], b"\0\0", &table[3000..]].concat();
    with(&nul, &["NUL bytes", "caschool.csv:"]);
    with(&vec![0; 1 << 20], &["caschool.csv"]);
    let wide: Vec<u8> = table.iter().flat_map(|byte| [*byte, 0]).collect();
    with(&[&[0xff, 0xfe][..], &wide].concat(), &["caschool.csv"]);
}

#[test]
fn templates_without_end() {
    let small = Small::new();
    let shipped = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/dataset.md.j2")).unwrap();
    small.put(&format!("{}report: {{ template: t.j2, page: templates/page.html.j2 }}\n", small.config()));
    let doubled =
        "{% set ns = namespace(x=\"xxxxxxxx\") %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}";
    for (added, told) in [
        ("{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}", "steps"),
        (doubled, "steps"),
        ("{{ \"x\" * 3000000000 }}", "steps"),
        ("{{ [1, 2] * 3000000000 }}", "too large"),
        ("{{ \"x\\ny\"|indent(3000000000) }}", "steps"),
        ("{{ \"%999999999d\"|format(1) }}", "steps"),
        ("{{ 2**9999999 }}", "unable to calculate"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion limit"),
        ("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", "recursion limit"),
        ("{{ 1 // 0 }}", "unable to calculate"),
    ] {
        std::fs::write(small.file("t.j2"), format!("{shipped}\n{added}\n")).unwrap();
        refused_soon(&small, &[told, "t.j2:"]);
    }
}
