//! Checks of the disclosure regime: names, which keys a regime leaves to the config, ranges.

use super::Checker;
use crate::config::raw::RawDisclosure;
use crate::config::{Disclosure, Previous, UnitKind};

impl Checker<'_> {
    pub(super) fn disclosure(&mut self, raw: RawDisclosure) -> Disclosure {
        let mut rules = match Disclosure::named(&raw.profile) {
            Some(rules) => rules,
            None => {
                self.unknown("disclosure.profile", "profile", &raw.profile, &Disclosure::PROFILES);
                Disclosure::above(&raw.profile, 10)
            }
        };
        if raw.profile == "custom" {
            self.custom(&raw, &mut rules);
        } else if Disclosure::PROFILES.contains(&raw.profile.as_str()) {
            self.fixed(&raw);
        }
        rules.units = self.units(&raw.units);
        if let Some(previous) = &raw.previous {
            let known = [("review", Previous::Review), ("refuse", Previous::Refuse)];
            rules.previous = self.word("disclosure.previous", previous, &known);
        }
        for (output, why) in raw.exceptions {
            if why.trim().is_empty() {
                let hint = "say why it may be released, and who decided";
                self.fault(&format!("disclosure.exceptions.{output}"), "an exception has no reason", hint);
            }
            rules.exceptions.push((output, why));
        }
        rules
    }

    /// A named regime has its numbers.
    fn fixed(&mut self, raw: &RawDisclosure) {
        let given = [
            ("threshold", raw.threshold.is_some()),
            ("rounding", raw.rounding.is_some()),
            ("zeros", raw.zeros.is_some()),
            ("totals", raw.totals.is_some()),
            ("residual_degrees_of_freedom", raw.residual_degrees_of_freedom.is_some()),
            ("largest_two", raw.largest_two.is_some()),
            ("p_percent", raw.p_percent.is_some()),
        ];
        for (key, _) in given.iter().filter(|(_, given)| *given) {
            let what = format!("`{key}` is for profile `custom` only");
            let path = if *key == "threshold" { "disclosure".into() } else { format!("disclosure.{key}") };
            self.fault(&path, what, "set `profile: custom`, or remove it");
        }
    }

    fn custom(&mut self, raw: &RawDisclosure, rules: &mut Disclosure) {
        match raw.threshold {
            Some(threshold) => rules.threshold = threshold,
            None => self.fault("disclosure", "profile `custom` needs a `threshold`", "add `threshold: 10`"),
        }
        if let Some(base) = raw.rounding {
            if base == 0 || base > 1000 {
                self.fault("disclosure.rounding", format!("cannot round to multiples of {base}"), "1 to 1000");
            } else {
                rules.rounding = base;
            }
        }
        if let Some(zeros) = &raw.zeros {
            rules.hide_zeros = self.word("disclosure.zeros", zeros, &[("shown", false), ("hidden", true)]);
        }
        if let Some(totals) = &raw.totals {
            let known = [("before-rounding", false), ("of-rounded-parts", true)];
            rules.totals_of_parts = self.word("disclosure.totals", totals, &known);
        }
        rules.residual_df = raw.residual_degrees_of_freedom.unwrap_or(0);
        rules.largest_two = self.fraction("largest_two", raw.largest_two).unwrap_or(1.0);
        rules.p_percent = self.fraction("p_percent", raw.p_percent).unwrap_or(0.0);
    }

    fn fraction(&mut self, key: &str, given: Option<f64>) -> Option<f64> {
        let given = given?;
        if !(0.0..=1.0).contains(&given) {
            let hint = "write a share, as in 0.9";
            self.fault(&format!("disclosure.{key}"), format!("`{key}` is {given}, not between 0 and 1"), hint);
            return None;
        }
        Some(given)
    }

    fn units(&mut self, asked: &[String]) -> Vec<UnitKind> {
        let known = [("practice", UnitKind::Practice), ("cluster", UnitKind::Cluster)];
        let mut units = Vec::new();
        for (at, name) in asked.iter().enumerate() {
            units.push(self.word(&format!("disclosure.units.#{}", at + 1), name, &known));
        }
        units
    }
}
