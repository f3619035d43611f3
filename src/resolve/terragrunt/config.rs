//! One configuration: its includes, locals and inputs, with the names of Terragrunt put in place.
//!
//! Terragrunt reads `include` blocks first, then `locals`, then everything else ("Configuration parsing
//! order").

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::names;
use super::{Generated, MAX_DEPTH, Reader};
use crate::source::Span;
use crate::syntax::made::map;
use crate::syntax::{Attribute, Block, Body, Kind, Node};

/// How often locals that read other configurations may wait for each other.
const MAX_ROUNDS: usize = 4;

/// Where a configuration stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The folder of its file.
    pub(super) dir: PathBuf,
    /// The folder that Terragrunt's functions begin at: of an included file, the unit's.
    pub(super) current: PathBuf,
    /// What stands before the names of its locals.
    pub(super) space: Arc<str>,
    /// Whether a unit includes it.
    pub(super) included: bool,
}

/// How what is included is put together with what includes it (`merge_strategy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strategy {
    /// Inputs of the same name replace those of the included file.
    Shallow,
    /// Lists and maps of the same name are put together.
    Deep,
    /// Nothing is taken over.
    None,
}

/// An `include` block.
#[derive(Debug)]
pub(super) struct Include {
    /// Its label; empty where it has none.
    pub(super) label: Arc<str>,
    pub(super) strategy: Strategy,
    /// What it leads to, where that is in the given folders.
    pub(super) config: Option<Config>,
}

/// What a configuration says, names in place.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) place: Place,
    pub(super) includes: Vec<Include>,
    /// Its locals.
    pub(super) locals: Vec<Arc<str>>,
    pub(super) inputs: Option<Attribute>,
    /// Its `terraform` block.
    pub(super) terraform: Option<Block>,
    /// Its `generate` blocks.
    pub(super) generate: Vec<Block>,
}

impl Place {
    pub(super) fn unit(dir: &Path) -> Self {
        let (dir, current) = (dir.to_path_buf(), dir.to_path_buf());
        Self { dir, current, space: "".into(), included: false }
    }
}

impl Reader<'_> {
    /// Reads a configuration.
    pub(super) fn config(&mut self, body: &Body, place: &Place) -> Config {
        let mut config = Config {
            place: place.clone(),
            includes: Vec::new(),
            locals: Vec::new(),
            inputs: None,
            terraform: None,
            generate: Vec::new(),
        };
        for block in body.blocks("include") {
            let include = self.include(block, &config);
            config.includes.push(include);
        }
        names::features(self, body, &config);
        self.locals(body, &mut config);
        config.inputs = body.attribute("inputs").map(|inputs| self.put_in(inputs, &config).0);
        let mut put = |block: &Block| {
            let body = block.body.rewritten(&mut |node| self.put(node, &config));
            Block { body, ..block.clone() }
        };
        let terraform = body.blocks("terraform").next().map(&mut put);
        let generate: Vec<Block> = body.blocks("generate").map(put).collect();
        (config.terraform, config.generate) = (terraform, generate);
        config
    }

    fn locals(&mut self, body: &Body, config: &mut Config) {
        let locals = || body.blocks("locals").flat_map(|block| &block.body.attributes);
        config.locals = locals().map(|local| Arc::clone(&local.name)).collect();
        let mut waiting: Vec<&Attribute> = locals().collect();
        // What a local reads may hang on another one.
        for _ in 0..MAX_ROUNDS {
            let before = waiting.len();
            waiting.retain(|local| {
                let (put, whole) = self.put_in(local, config);
                let name = format!("{}{}", config.place.space, local.name);
                Arc::make_mut(&mut self.module).locals.insert(name.into(), put);
                !whole
            });
            if waiting.is_empty() || waiting.len() == before {
                break;
            }
        }
    }

    /// An attribute with all names put in place, and whether all files that it reads were found.
    fn put_in(&mut self, attribute: &Attribute, config: &Config) -> (Attribute, bool) {
        let before = self.missing;
        let put = attribute.rewritten(&mut |node| self.put(node, config));
        (put, self.missing == before)
    }

    fn include(&mut self, block: &Block, config: &Config) -> Include {
        let label = block.labels.first().map_or_else(|| "".into(), |label| Arc::clone(&label.text));
        let strategy = block.body.attribute("merge_strategy").and_then(|a| a.value.scalar());
        let strategy = match strategy.as_deref() {
            Some("no_merge") => Strategy::None,
            Some("deep" | "deep_map_only") => Strategy::Deep,
            _ => Strategy::Shallow,
        };
        let path = block.body.attribute("path").map(|path| self.put_in(path, config).0.value);
        let real = path.and_then(|path| self.text(&path));
        let real = real.and_then(|path| self.find(&config.place.dir, &path));
        let included = real.and_then(|real| {
            let space = format!("{}include.{label}.", config.place.space);
            let current = config.place.current.clone();
            self.read_in(&real, |dir| Place { dir, current, space: space.into(), included: true })
        });
        Include { label, strategy, config: included }
    }

    /// Reads another file, which stands where `place` says of its folder.
    pub(super) fn read_in(
        &mut self,
        real: &Path,
        place: impl FnOnce(PathBuf) -> Place,
    ) -> Option<Config> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let body = self.parse(real)?;
        self.depth += 1;
        let config = self.config(&body, &place(real.parent().unwrap_or(real).to_path_buf()));
        self.depth -= 1;
        Some(config)
    }

    /// What `read_terragrunt_config` makes of a file: its attributes and blocks as an object.
    pub(super) fn object_of(&mut self, real: &Path, at: Span) -> Option<Node> {
        if let Some(known) = self.read.get(real) {
            return known.clone();
        }
        // A file that reads itself is an error.
        self.read.insert(real.to_path_buf(), None);
        let space = format!("read.{}.", self.read.len());
        let config = self.read_in(real, |dir| {
            let current = dir.clone();
            Place { dir, current, space: space.into(), included: false }
        });
        let made = config.map(|config| {
            let locals = config.locals.iter().map(|name| {
                let full = format!("{}{name}", config.place.space);
                (&**name, names::reference(&["local", &full], at))
            });
            let locals = map(locals, at);
            let inputs = self.inputs(&config).map_or_else(|| map([], at), |i| i.node(at));
            let file = real.file_name().map(|name| name.to_string_lossy().into_owned());
            let file = file.unwrap_or_default();
            let other = |key: &'static str| (key, names::unknown(&format!("{file}.{key}"), at));
            let others = ["dependency", "terraform", "remote_state", "generate", "feature"];
            let known = [("locals", locals), ("inputs", inputs)];
            map(known.into_iter().chain(others.map(other)), at)
        });
        self.read.insert(real.to_path_buf(), made.clone());
        made
    }

    /// What the `generate` blocks of a unit write, those of what it includes too.
    pub(super) fn generated(&self, config: &Config) -> Vec<Generated> {
        let included = config.includes.iter().filter_map(|include| include.config.as_ref());
        let mut out: Vec<_> = included.flat_map(|config| self.generated(config)).collect();
        for block in &config.generate {
            let value = |name: &str| {
                block.body.attribute(name).and_then(|attribute| self.text(&attribute.value))
            };
            let (name, text) = (value("path"), value("contents"));
            out.push(Generated { at: block.header, span: block.span, name, text });
        }
        out
    }
}

/// Whether a node is an object of which all keys are known.
pub(super) fn is_plain(node: &Node) -> bool {
    matches!(&node.kind, Kind::Map(pairs) if pairs.iter().all(|pair| pair.key.scalar().is_some()))
}

/// The blocks of a unit's `terraform` blocks of one type, those of what it includes first.
pub(super) fn blocks_of(config: &Config, kind: &str) -> Vec<Arc<Block>> {
    let includes = config.includes.iter().filter(|include| include.is_merged());
    let configs = includes.filter_map(|include| include.config.as_ref());
    let mut out: Vec<Arc<Block>> = configs.flat_map(|config| blocks_of(config, kind)).collect();
    let own = config.terraform.iter().flat_map(|block| block.body.blocks(kind));
    out.extend(own.cloned().map(Arc::new));
    out
}
