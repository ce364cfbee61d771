//! What every figure must keep, whatever it is given: valid XML, unique ids, escaped text, every text
//! on the sheet and none over another, the same bytes each time, and no panic.

use std::collections::BTreeSet;

use proptest::prelude::*;

use self::inputs::{curve_input, dots_input, flow_input, forest_input, levels_input, multiples_input, spread_input};
use super::*;

mod inputs;

type Draw<'a> = Box<dyn Fn() -> Sheet + 'a>;

/// Checks a figure and gives its SVG.
fn check(name: &str, caption: &Caption, draw: &Draw) -> String {
    let sheet = draw();
    let height = sheet.height.ceil();
    texts_apart(name, &sheet.canvas.boxes, height);
    let texts: Vec<String> = sheet.canvas.boxes.iter().map(|b| b.text.clone()).collect();
    let columns = sheet.csv[0].len();
    assert!(sheet.csv.iter().all(|row| row.len() == columns), "{name}: ragged csv");
    for head in &sheet.csv[0] {
        assert!(head.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{name}: {head}");
    }
    let svg = sheet.picture(caption).svg;
    assert_eq!(svg, draw().picture(caption).svg, "{name}: not the same bytes twice");
    valid(name, caption, &svg, &texts);
    svg
}

fn texts_apart(name: &str, boxes: &[canvas::TextBox], height: f64) {
    for (at, a) in boxes.iter().enumerate() {
        let on_sheet = a.left >= 0.0 && a.top >= 0.0 && a.right <= canvas::WIDTH && a.bottom <= height;
        assert!(on_sheet, "{name}: off the sheet (height {height}): {a:?}");
        for b in &boxes[at + 1..] {
            let slack = 0.01;
            let apart = a.right <= b.left + slack
                || b.right <= a.left + slack
                || a.bottom <= b.top + slack
                || b.bottom <= a.top + slack;
            assert!(apart, "{name}: texts overlap:\n{a:?}\n{b:?}");
        }
    }
}

fn valid(name: &str, caption: &Caption, svg: &str, texts: &[String]) {
    let document = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{name}: {error}\n{svg}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let ids: Vec<&str> = document.descendants().filter_map(|n| n.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: {ids:?}");
    let prefix = markup::identifier(&caption.id);
    assert!(ids.iter().all(|id| id.starts_with(&prefix)));
    let named: Vec<&str> = root.attribute("aria-labelledby").unwrap().split(' ').collect();
    assert!(named.iter().all(|id| ids.contains(id)), "{name}: {named:?} not among {ids:?}");
    let known = ["svg", "title", "desc", "rect", "line", "polyline", "polygon", "circle", "text"];
    let mut written = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let tag = node.tag_name().name();
        assert!(known.contains(&tag), "{name}: element {tag}");
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on") && attribute.name() != "href", "{name}: {attribute:?}");
            coordinates(name, attribute.name(), attribute.value());
        }
        if tag == "text" {
            let colour = node.attribute("fill").unwrap();
            assert!(
                [canvas::INK, canvas::FIRST, canvas::THIRD, "#FFFFFF"].contains(&colour),
                "{name}: text in {colour}"
            );
            written.push(node.text().unwrap_or_default().to_owned());
        }
    }
    assert_eq!(written, texts, "{name}: the recorded texts are not those in the file");
}

// Coordinates are finite, near the sheet, and have two decimals at most.
fn coordinates(name: &str, attribute: &str, value: &str) {
    let numeric = ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "points", "stroke-width", "height"];
    if !numeric.contains(&attribute) {
        return;
    }
    for part in value.split([' ', ',']) {
        let number: f64 = part.parse().unwrap_or_else(|_| panic!("{name}: {attribute}={value}"));
        assert!(number.is_finite() && (-20.0..1e7).contains(&number), "{name}: {attribute}={value}");
        if attribute.starts_with('x') || attribute == "cx" {
            assert!(number <= canvas::WIDTH + 1.0, "{name}: {attribute}={value}");
        }
        assert!(part.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 2), "{name}: {attribute}={value}");
    }
}

fn caption(words: &str) -> Caption {
    Caption { id: "fig-1".into(), title: words.into(), description: words.into(), stamp: Some("Simulated data".into()) }
}

/// All five figures from the same words and numbers, `number(k)` giving the k-th.
fn all(caption: &Caption, words: &str, size: usize, number: &dyn Fn(usize) -> Option<f64>, visit: &dyn Fn(&str, Draw)) {
    let spread = spread_input(words, size, number);
    let levels = levels_input(words, size, number);
    let forest = forest_input(words, size, number);
    let dots = dots_input(words, size, number);
    let flow = flow_input(words, size, number);
    visit("spread", Box::new(|| spread::draw(caption, &spread)));
    visit("levels", Box::new(|| levels::draw(caption, &levels)));
    visit("forest", Box::new(|| forest::draw(caption, &forest)));
    visit("dots", Box::new(|| dots::draw(caption, &dots)));
    visit("flow", Box::new(|| flow::draw(caption, &flow)));
    let (curve, multiples) = (curve_input(words, size, number), multiples_input(words, size, number));
    visit("curve", Box::new(|| analyses::specification_curve::draw(caption, &curve)));
    visit("multiples", Box::new(|| analyses::small_multiples::draw(caption, &multiples)));
}

const HOSTILE: &str = "<script>alert('1')</script> ]]> & \"quoted\" \u{0}\u{1b}[31m \u{202e}turned\u{202c} \u{ffff}";

#[test]
fn plausible_figures_are_clean() {
    let numbers = |k: usize| Some([61.2, 64.0, 70.9, 71.3, 77.0, 78.5, 60.0, 83.1][k % 8]);
    let caption = caption("Share who said yes");
    for size in [1, 2, 3, 5, 6, 9, 42] {
        all(&caption, "Good experience", size, &numbers, &|name, draw| {
            check(name, &caption, &draw);
        });
    }
}

#[test]
fn hostile_text_is_text() {
    let caption = Caption { id: "1\"><x".into(), stamp: Some(HOSTILE.into()), ..caption(HOSTILE) };
    all(&caption, HOSTILE, 3, &|k| Some(k as f64), &|name, draw| {
        let svg = check(name, &caption, &draw);
        assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;"), "{name}");
        assert!(!svg.contains(['\u{0}', '\u{1b}', '\u{202e}', '\u{ffff}']), "{name}");
    });
}

#[test]
fn nothing_to_show_is_said() {
    let caption = caption("Empty");
    all(&caption, "", 0, &|_| None, &|name, draw| {
        assert!(check(name, &caption, &draw).contains(NO_DATA), "{name}");
    });
    all(&caption, "", 4, &|_| None, &|name, draw| {
        assert!(check(name, &caption, &draw).contains(NOT_RELEASED), "{name}");
    });
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        all(&caption, "Word", 4, &|_| Some(odd), &|name, draw| {
            let svg = check(name, &caption, &draw);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
        });
    }
}

#[test]
fn withheld_values_leave_gaps_and_say_so() {
    let caption = caption("Gaps");
    let number = |k: usize| (!k.is_multiple_of(3)).then_some(50.0 + k as f64);
    all(&caption, "Word", 6, &number, &|name, draw| {
        let svg = check(name, &caption, &draw);
        assert!(svg.contains(NOT_RELEASED) || name == "forest", "{name}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    });
}

#[test]
fn long_words_wrap_and_are_not_cut() {
    let caption = caption("Long");
    let word = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch-and-its-surroundings".repeat(3);
    let words = format!("{word} and a rather long name of an area, its neighbours and the sea");
    all(&caption, &words, 5, &|k| Some(k as f64), &|name, draw| {
        let sheet = draw();
        let written: String = sheet.canvas.boxes.iter().map(|b| b.text.replace(' ', "")).collect();
        assert!(written.contains(&words.replace(' ', "")), "{name}: letters lost");
        check(name, &caption, &draw);
    });
}

#[test]
fn the_stamp_is_seen_and_heard() {
    let caption = caption("Levels");
    all(&caption, "Word", 3, &|k| Some(k as f64), &|name, draw| {
        let svg = check(name, &caption, &draw);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let desc = document.descendants().find(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "desc"))).unwrap();
        assert_eq!(desc.text(), Some("Simulated data. Levels"), "{name}");
        let drawn = document.descendants().any(|n| n.is_text() && n.text() == Some("Simulated data"));
        assert!(drawn, "{name}");
    });
}

#[test]
fn marks_stand_where_the_axis_says() {
    // Two dots at tick values lie on the grid lines of those values.
    let row =
        |label: &str, value| DotRow { label: label.into(), value: Some(value), text: "x".into(), quartiles: None };
    let input = SortedDots { rows: vec![row("a", 1.0), row("b", 4.0)], ..SortedDots::default() };
    let svg = sorted_dots(&Caption::default(), &input).svg;
    let document = roxmltree::Document::parse(&svg).unwrap();
    let number = |n: roxmltree::Node, name: &str| n.attribute(name).unwrap().parse::<f64>().unwrap();
    let labelled = |text: &str| {
        let node = document.descendants().find(|n| n.tag_name().name() == "text" && n.text() == Some(text)).unwrap();
        number(node, "x")
    };
    let circles: Vec<f64> =
        document.descendants().filter(|n| n.tag_name().name() == "circle").map(|n| number(n, "cx")).collect();
    assert_eq!(circles, [labelled("4"), labelled("1")], "largest first");
    let per_unit = (labelled("4") - labelled("0")) / 4.0;
    assert!((labelled("0") + per_unit - circles[1]).abs() <= 0.1);
}

#[test]
fn csv_is_full_precision_and_in_drawing_order() {
    let row =
        |label: &str, value| DotRow { label: label.into(), value, text: "t".into(), quartiles: Some((0.1 + 0.2, 1.0)) };
    let input = SortedDots {
        rows: vec![row("low", Some(1.0 / 3.0)), row("none", None), row("top", Some(2.5))],
        ..SortedDots::default()
    };
    let csv = sorted_dots(&Caption::default(), &input).csv;
    assert_eq!(csv[0], ["label", "value", "quartile_low", "quartile_high", "text"]);
    assert_eq!(csv[1][..2], ["top", "2.5"]);
    assert_eq!(csv[2], ["low", "0.3333333333333333", "0.30000000000000004", "1", "t"]);
    assert_eq!(csv[3], ["none", "", "", "", NOT_RELEASED], "quartiles of a withheld value are withheld too");
}

fn any_number() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        4 => (-50.0..150.0).prop_map(Some),
        1 => Just(None),
        1 => any::<f64>().prop_map(Some),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, 0.0, -0.0, 1e300, 1e-300, 1e12, 7.0]).prop_map(Some),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_input_gives_a_clean_figure(
        words in prop_oneof![".{0,60}", "[a-z ]{0,400}", "[A-Za-z0-9%(),. ]{0,40}"],
        stamp in proptest::option::of(".{0,80}"),
        size in 0_usize..14,
        numbers in prop::collection::vec(any_number(), 1..30),
    ) {
        let caption = Caption { stamp, ..caption(&words) };
        let number = |k: usize| numbers[k % numbers.len()];
        all(&caption, &words, size, &number, &|name, draw| { check(name, &caption, &draw); });
    }
}
