//! What a config may cost to read: refuses text that a YAML reader would take hours or gigabytes
//! over, before anything is kept of it. Knows nothing of keys.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_yaml::Value;

/// Largest config, in bytes.
const LARGEST: usize = 4 << 20;
/// Deepest brackets: the reader's time grows with the square of the depth, and it refuses a depth of
/// 128 only afterwards.
const DEEPEST: usize = 500;
/// Most directives (lines that start with `%`): their time grows with the square too.
const DIRECTIVES: usize = 100;
/// Most text after aliases are written out, in bytes.
const WRITTEN_OUT: u64 = 4 * LARGEST as u64;
/// Most values and keys after aliases are written out.
const NODES: u64 = 1_000_000;

/// Why a config is too much to read; nothing when it is not.
///
/// Text that is no YAML is for the reader to refuse, with its place.
pub(super) fn too_much(text: &str) -> Option<String> {
    if text.len() > LARGEST {
        return Some(format!("config is larger than {} MiB", LARGEST >> 20));
    }
    if text.lines().filter(|line| line.starts_with('%')).count() > DIRECTIVES {
        return Some(format!("config has more than {DIRECTIVES} YAML directives (lines that start with `%`)"));
    }
    if brackets(text) > DEEPEST {
        return Some(format!("config opens more than {DEEPEST} brackets within each other"));
    }
    let weight = Weight { text: Cell::new(0), nodes: Cell::new(0) };
    let _ = Weigh(&weight).deserialize(serde_yaml::Deserializer::from_str(text));
    let beyond = weight.text.get() > WRITTEN_OUT || weight.nodes.get() > NODES;
    beyond.then(|| "config is too large once its aliases (`*name`) are written out".to_owned())
}

/// Dotted paths of all keys and items without a value, as `Source::at` takes them.
///
/// The YAML library reads nothing as an empty text here and as an empty list there, and as neither once
/// it is written back as `null`: the filed config would mean something else.
pub(super) fn empty(tree: &Value) -> Vec<String> {
    fn walk(value: &Value, path: &str, found: &mut Vec<String>) {
        let below = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
        match value {
            Value::Null => found.push(path.to_owned()),
            Value::Sequence(items) => {
                for (at, item) in items.iter().enumerate() {
                    walk(item, &below(&format!("#{at}")), found);
                }
            }
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    let key = match key {
                        Value::String(text) => text.clone(),
                        Value::Number(number) => number.to_string(),
                        _ => "?".to_owned(),
                    };
                    walk(value, &below(&key), found);
                }
            }
            Value::Tagged(tagged) => walk(&tagged.value, path, found),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    walk(tree, "", &mut found);
    found
}

/// How deep brackets stand within each other, brackets in texts and comments counted too.
fn brackets(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What was met so far.
struct Weight {
    text: Cell<u64>,
    nodes: Cell<u64>,
}

/// Walks the document, keeps nothing, and stops when the weight is beyond belief.
#[derive(Clone, Copy)]
struct Weigh<'a>(&'a Weight);

impl Weigh<'_> {
    fn add<E: Error>(self, bytes: usize) -> Result<(), E> {
        let (text, nodes) = (self.0.text.get() + bytes as u64, self.0.nodes.get() + 1);
        self.0.text.set(text);
        self.0.nodes.set(nodes);
        if text > WRITTEN_OUT || nodes > NODES { Err(E::custom("too much")) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for Weigh<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Weigh<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.add(0)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.add(0)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.add(0)
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<(), E> {
        self.add(0)
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<(), E> {
        self.add(0)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.add(0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.add(text.len())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.add(0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.add(0)?;
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.add(0)?;
        while entries.next_key_seed(self)?.is_some() {
            entries.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, tagged: A) -> Result<(), A::Error> {
        use serde::de::VariantAccess;
        let ((), content) = tagged.variant_seed(self)?;
        content.newtype_variant_seed(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_without_a_value_are_found() {
        let tree = serde_yaml::from_str("a:\nb: { 2018: ~, c: [1, null] }\nd: ''\n").unwrap();
        assert_eq!(empty(&tree), ["a", "b.2018", "b.c.#1"]);
    }

    #[test]
    fn ordinary_configs_pass_and_bombs_do_not() {
        let shipped = include_str!("../../config.yaml");
        assert_eq!(too_much(shipped), None);
        assert_eq!(too_much("a: &a [x, y]\nb: *a\n"), None);
        let long = format!("t: &t {}\nall: [{}]\n", "x".repeat(1 << 20), "*t, ".repeat(2000));
        assert!(too_much(&long).unwrap().contains("aliases"));
        let deep = format!("z: {}", "[".repeat(100_000));
        assert!(too_much(&deep).unwrap().contains("brackets"));
        assert!(too_much(&"%TAG !a! b:\n".repeat(101)).unwrap().contains("directives"));
        assert!(too_much(&" ".repeat(LARGEST + 1)).unwrap().contains("4 MiB"));
    }
}
