//! What follows from a dataset's types: which variables a model needs, which columns a source must
//! give, how a term is written. Holds no data.

use super::{Dataset, DatasetErrors, DatasetModel, Measure, Origin, TermSpec, Variable, Weights};

impl Dataset {
    /// Whether a variable takes part in a model of an outcome, with everything it is made from:
    /// indices ascending, which is the order in which rows leave.
    pub fn needed(&self, model: &DatasetModel, outcome: usize) -> Vec<usize> {
        let mut needed = std::collections::BTreeSet::new();
        match self.outcomes[outcome].measure {
            Measure::Binary(at) | Measure::Count(at) | Measure::Number(at) => needed.extend([at]),
            Measure::Grouped { successes, trials } => needed.extend([successes, trials]),
        }
        needed.insert(model.exposure);
        needed.extend(model.terms.iter().flat_map(|term| &term.factors).map(|(at, _)| *at));
        needed.extend(model.absorb.iter().chain(&model.subgroups).copied());
        match model.errors {
            DatasetErrors::Iid | DatasetErrors::Hc1 => {}
            DatasetErrors::Cluster(at) | DatasetErrors::Cr3(at) => needed.extend([at]),
            DatasetErrors::TwoWay(first, second) => needed.extend([first, second]),
        }
        needed.extend(model.offset.map(|(at, _)| at));
        needed.extend(model.weights.map(|(Weights::Frequency(at) | Weights::Sampling(at))| at));
        // A variable is made of earlier ones: one walk from the last to the first finds them all.
        for at in (0..self.variables.len()).rev() {
            if needed.contains(&at) {
                needed.extend(self.variables[at].origin.made_of());
            }
        }
        needed.into_iter().collect()
    }
}

impl Dataset {
    /// The columns of a source that variables are made from, each once, in the order of the variables.
    pub fn headers(&self, source: usize) -> Vec<&str> {
        let mut headers: Vec<&str> = Vec::new();
        for variable in &self.variables {
            let (from, own): (_, Vec<&String>) = match &variable.origin {
                Origin::Column { from, column, .. } => (from, vec![column]),
                Origin::Sum { from, column, matching, .. } => {
                    (from, column.iter().chain(matching.iter().map(|(header, _)| header)).collect())
                }
                Origin::Ratio { .. } | Origin::Log(_) => continue,
            };
            let used = from.matching.iter().map(|(header, _)| header).chain(own);
            for header in used.filter(|_| from.source == source) {
                if !headers.contains(&header.as_str()) {
                    headers.push(header);
                }
            }
        }
        headers
    }

    /// A term as models write it.
    pub fn term(&self, term: &TermSpec) -> String {
        term.written(&self.variables)
    }
}

impl TermSpec {
    /// The term as models write it: `imd^2`, `imd:rural`; factors in the order of the variables.
    pub fn written(&self, variables: &[Variable]) -> String {
        let factor = |(at, power): &(usize, u32)| match power {
            1 => variables[*at].id.clone(),
            _ => format!("{}^{power}", variables[*at].id),
        };
        self.factors.iter().map(factor).collect::<Vec<_>>().join(":")
    }
}

impl Dataset {
    /// A term in words, from its variables' labels.
    pub fn term_label(&self, term: &TermSpec) -> String {
        let one = |(at, power): &(usize, u32)| {
            let label = &self.variables[*at].label;
            match power {
                1 => label.clone(),
                2 => format!("{label} squared"),
                3 => format!("{label} cubed"),
                power => format!("{label} to the power of {power}"),
            }
        };
        term.factors.iter().map(one).collect::<Vec<_>>().join(" × ")
    }
}

impl Origin {
    /// The earlier variables that values rest on.
    pub fn made_of(&self) -> Vec<usize> {
        match self {
            Self::Column { from, .. } | Self::Sum { from, .. } => from.matching.iter().map(|(_, at)| *at).collect(),
            Self::Ratio { numerator, denominator, .. } => vec![*numerator, *denominator],
            Self::Log(of) => vec![*of],
        }
    }
}
