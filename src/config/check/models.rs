//! Checks of the models: families, covariates, absorbed effects, errors, contrasts.

use super::Checker;
use super::analyses::Known;
use crate::config::raw::{self, RawBootstrap, RawCluster, RawLevel, RawPlace};
use crate::config::types::*;
use indexmap::IndexMap;

const FAMILY: [(&str, Family); 3] = [("logit", Family::Logit), ("probit", Family::Probit), ("linear", Family::Linear)];
const ABSORB: [(&str, Absorb); 3] =
    [("practice", Absorb::Practice), ("cluster", Absorb::Cluster), ("none", Absorb::None)];
const VCOV: [(&str, Vcov); 3] = [("stata", Vcov::Stata), ("fixest-0.13", Vcov::Fixest), ("none", Vcov::Plain)];
const ERRORS: [(&str, Errors); 4] =
    [("cluster", Errors::Cluster), ("cr3", Errors::Cr3), ("hc1", Errors::Hc1), ("iid", Errors::Iid)];
const WEIGHTS: [(&str, bool); 2] = [("none", false), ("survey", true)];

impl Checker<'_> {
    pub(super) fn models(&mut self, raw: raw::RawModels, known: &Known) -> Vec<Model> {
        let covariates = known.covariates;
        let main = raw.main;
        let mut models = vec![self.model("models.main", "main".into(), &main, covariates)];
        for v in raw.variants {
            let at = "models.variants";
            self.plain_name(at, &v.id);
            if models.iter().any(|m| m.id == v.id) {
                self.fault(at, format!("two models are called `{}`", v.id), "give each variant an id of its own");
            }
            let change = v.change();
            let merged = raw::RawModel {
                label: Some(v.label),
                family: v.family.unwrap_or_else(|| main.family.clone()),
                covariates: v.covariates.unwrap_or_else(|| main.covariates.clone()),
                absorb: v.absorb.unwrap_or_else(|| main.absorb.clone()),
                effects: v.effects.unwrap_or_else(|| main.effects.clone()),
                cluster: v.cluster.unwrap_or_else(|| main.cluster.clone()),
                weights: v.weights.unwrap_or_else(|| main.weights.clone()),
                vcov: v.vcov.unwrap_or_else(|| main.vcov.clone()),
                errors: v.errors.unwrap_or_else(|| main.errors.clone()),
                // Questions asked of one model are not part of its specification.
                bootstrap: v.bootstrap,
                contrasts: v.contrasts,
            };
            let mut model = self.model(at, v.id, &merged, covariates);
            self.change(at, &mut model.change, &change, known);
            models.push(model);
        }
        models
    }

    fn model(&mut self, at: &str, id: String, raw: &raw::RawModel, known: &[Covariate]) -> Model {
        let covariates = self.model_covariates(&format!("{at}.covariates"), &raw.covariates, known);
        let (cluster, cluster_waves) = self.clusters(&format!("{at}.cluster"), &raw.cluster);
        let model = Model {
            label: raw.label.clone().unwrap_or_else(|| "Main model".into()),
            id,
            family: self.word(&format!("{at}.family"), &raw.family, &FAMILY),
            covariates,
            absorb: self.word(&format!("{at}.absorb"), &raw.absorb, &ABSORB),
            wave_effects: self.wave_effects(at, &raw.effects),
            weighted: self.word(&format!("{at}.weights"), &raw.weights, &WEIGHTS),
            vcov: self.word(&format!("{at}.vcov"), &raw.vcov, &VCOV),
            errors: self.word(&format!("{at}.errors"), &raw.errors, &ERRORS),
            cluster,
            cluster_waves,
            bootstrap: self.bootstrap(&format!("{at}.bootstrap"), raw.bootstrap.as_ref()),
            contrasts: self.contrasts(&format!("{at}.contrasts"), &raw.contrasts),
            change: Change::default(),
        };
        self.agreement(at, &model);
        model
    }

    /// The keys of a model that an alternative of the grid names.
    pub(super) fn override_keys(&mut self, at: &str, model: &mut Model, raw: &RawLevel, known: &[Covariate]) {
        if let Some(names) = &raw.covariates {
            model.covariates = self.model_covariates(&format!("{at}.covariates"), names, known);
        }
        if let Some(effects) = &raw.effects {
            model.wave_effects = self.wave_effects(at, effects);
        }
        if let Some(cluster) = &raw.cluster {
            (model.cluster, model.cluster_waves) = self.clusters(&format!("{at}.cluster"), cluster);
        }
        if let Some(word) = &raw.family {
            model.family = self.word(&format!("{at}.family"), word, &FAMILY);
        }
        if let Some(word) = &raw.absorb {
            model.absorb = self.word(&format!("{at}.absorb"), word, &ABSORB);
        }
        if let Some(word) = &raw.weights {
            model.weighted = self.word(&format!("{at}.weights"), word, &WEIGHTS);
        }
        if let Some(word) = &raw.vcov {
            model.vcov = self.word(&format!("{at}.vcov"), word, &VCOV);
        }
        if let Some(word) = &raw.errors {
            model.errors = self.word(&format!("{at}.errors"), word, &ERRORS);
        }
    }

    fn wave_effects(&mut self, at: &str, effects: &[String]) -> bool {
        for effect in effects.iter().filter(|e| *e != "wave") {
            self.unknown(&format!("{at}.effects"), "effect", effect, &["wave"]);
        }
        effects.iter().any(|e| e == "wave")
    }

    fn model_covariates(&mut self, at: &str, names: &[String], known: &[Covariate]) -> Vec<usize> {
        let ids: Vec<&str> = known.iter().map(|c| c.id.as_str()).collect();
        let mut covariates = Vec::new();
        for name in names {
            match ids.iter().position(|id| id == name) {
                Some(index) if covariates.contains(&index) => {
                    self.fault(at, format!("covariate `{name}` is listed twice"), "list it once");
                }
                Some(index) => covariates.push(index),
                None => self.unknown(at, "covariate", name, &ids),
            }
        }
        covariates
    }

    /// The unit, and whether waves are a second kind of cluster.
    fn clusters(&mut self, at: &str, raw: &RawCluster) -> (ClusterUnit, bool) {
        let units = [
            ("pcn", ClusterUnit::Cluster),
            ("practice", ClusterUnit::Practice),
            ("area", ClusterUnit::Area),
            ("icb", ClusterUnit::Area),
        ];
        match raw {
            RawCluster::One(name) => (self.word(at, name, &units), false),
            RawCluster::Several(names) => match names.as_slice() {
                [first, second] => (self.word(at, first, &units), self.word(at, second, &[("wave", true)])),
                _ => {
                    let what = format!("{} kinds of clusters, expected 1 or 2", names.len());
                    self.fault(at, what, "write `pcn`, `practice`, `area`, or `[pcn, wave]`");
                    (ClusterUnit::Cluster, false)
                }
            },
        }
    }

    fn bootstrap(&mut self, at: &str, raw: Option<&RawBootstrap>) -> Option<u64> {
        match raw? {
            RawBootstrap::Word(word) => self.word(at, word, &[("none", None)]),
            RawBootstrap::Draws(raw::RawDraws { draws }) => {
                if !(99..=1_000_000).contains(draws) {
                    let what = format!("{draws} draws of the bootstrap, expected 99 to 1,000,000");
                    self.fault(at, what, "999 draws give p values in steps of 0.001");
                }
                Some(*draws)
            }
        }
    }

    fn contrasts(&mut self, at: &str, raw: &IndexMap<String, raw::RawContrast>) -> Vec<ModelContrast> {
        let mut contrasts = Vec::new();
        for (id, contrast) in raw {
            let at = format!("{at}.{id}");
            self.plain_name(&at, id);
            let from = self.place(&format!("{at}.from"), &contrast.from);
            let to = self.place(&format!("{at}.to"), &contrast.to);
            let (Some(from), Some(to)) = (from, to) else { continue };
            if from == to {
                let what = format!("contrast `{id}` has the exposure in the same place twice");
                self.fault(&at, what, "write a value of the exposure in `from` or in `to`: `from: 0, to: observed`");
            }
            contrasts.push(ModelContrast { id: id.clone(), label: contrast.label.clone(), from, to });
        }
        contrasts
    }

    fn place(&mut self, at: &str, raw: &RawPlace) -> Option<ExposureAt> {
        match raw {
            RawPlace::Value(value) => Some(ExposureAt::Value(self.range(at, *value, -1e9, 1e9))),
            RawPlace::Word(word) if word == "observed" => Some(ExposureAt::Observed),
            RawPlace::Word(word) => {
                self.fault(at, format!("`{word}` is not a place of the exposure"), "write a number, or `observed`");
                None
            }
        }
    }

    /// Choices that contradict each other.
    pub(super) fn agreement(&mut self, at: &str, model: &Model) {
        if model.cluster_waves && model.errors == Errors::Cr3 {
            let what = format!("model `{}`: leave-one-out errors know one kind of cluster", model.id);
            self.fault(&format!("{at}.errors"), what, "name one in `cluster`, or set `errors: cluster`");
        }
        if model.bootstrap.is_some() && (model.errors != Errors::Cluster || model.cluster_waves) {
            let what = format!("model `{}`: the bootstrap goes with errors clustered one way", model.id);
            self.fault(
                &format!("{at}.bootstrap"),
                what,
                "set `errors: cluster` and one `cluster`, or `bootstrap: none`",
            );
        }
    }
}
