//! Checks of `provenance`: sources and statements that exist, licences that can be written down.

use super::Checker;
use crate::config::raw::RawProvenance;
use crate::config::types::{Access, Availability, LICENCES, Provenance, STATEMENTS};

impl Checker<'_> {
    /// The section, for a study with these sources.
    pub(super) fn provenance<S: AsRef<str>>(&mut self, raw: RawProvenance, sources: &[S]) -> Provenance {
        let known: Vec<&str> = LICENCES.iter().map(|(id, _)| *id).collect();
        let licence = raw.licence.trim();
        if !licence.is_empty() && !known.contains(&licence) && !is_address(licence) {
            let hint = format!("use one of {}, or the address of the licence", known.join(", "));
            self.fault("provenance.licence", format!("`{licence}` is no licence that can be named to machines"), hint);
        }
        for name in raw.statements.keys().filter(|name| !STATEMENTS.contains(&name.as_str())) {
            self.unknown("provenance.statements", "statement", name, &STATEMENTS);
        }
        let mut stated = Vec::new();
        for (source, given) in raw.sources {
            let at = format!("provenance.sources.{source}");
            if !sources.iter().any(|known| known.as_ref() == source) {
                self.unknown("provenance.sources", "source", &source, sources);
            }
            if !given.url.is_empty() && !is_address(&given.url) {
                let what = format!("`{}` is no address", given.url);
                self.fault(&format!("{at}.url"), what, "begin it with https://");
            }
            let words = [("public", Access::Public), ("restricted", Access::Restricted)];
            stated.push(Availability {
                access: self.word(&format!("{at}.access"), &given.access, &words),
                source,
                how: given.how,
                licence: given.licence,
                url: given.url,
                citation: given.citation,
            });
        }
        Provenance {
            licence: licence.into(),
            contact: raw.contact,
            keywords: raw.keywords,
            requirements: raw.requirements,
            sources: stated,
            statements: raw.statements.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect(),
        }
    }
}

/// Whether a text is an address without anything that would need escaping.
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || "-._~/?#=&%:+,@".contains(c))
    })
}
