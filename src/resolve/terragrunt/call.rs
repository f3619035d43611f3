//! The module call that a unit is.

use std::path::Path;

use super::Reader;
use super::config::Config;
use super::names::unknown;
use super::values::Inputs;
use crate::resolve::terraform::UNIT;
use crate::source::{FileId, Span, relative, slashed};
use crate::syntax::made::text;
use crate::syntax::{Attribute, Block, Body, Expr, Kind, Label, Node};

impl Reader<'_> {
    /// The call; `None` where the unit has no module: it is there to be included.
    pub(super) fn call(&mut self, config: &Config, file: FileId) -> Option<Block> {
        let at = config.terraform.as_ref().map(|block| block.header);
        let at = at.or(config.inputs.as_ref().map(|inputs| inputs.name_span));
        let at = at.unwrap_or(Span::new(file, 0, 0));
        // The JSON syntax is not read: the unit calls something with inputs that nobody knows.
        if self.is_json(file) {
            let attribute = |name: &str| {
                let value = unknown(name, at);
                Attribute { name: name.into(), name_span: at, span: at, value }
            };
            return Some(self.block(vec![attribute("source"), attribute("inputs")], at));
        }
        let source = source_of(config);
        let folder = match &source {
            Some(source) => {
                let text = self.text(&source.value).or_else(|| self.only_choice(&source.value));
                text.and_then(|text| self.folder(&text))
            }
            None => Some(self.unit.clone()).filter(|unit| self.has_module(unit)),
        };
        // Of a source that is not followed, what is written is said.
        let source = match (&folder, source) {
            (Some(folder), source) => {
                let way = slashed(&relative(&self.unit, folder));
                let way = if way.starts_with("..") { way } else { format!("./{way}") };
                let span = source.as_ref().map_or(at, |source| source.value.span);
                let value = text(&way, span);
                let name_span = source.as_ref().map_or(at, |source| source.name_span);
                Attribute { name: "source".into(), name_span, span, value }
            }
            (None, Some(source)) => source,
            (None, None) => return None,
        };
        let inputs = self.inputs(config).unwrap_or_default();
        let inputs = self.with_values(inputs, config, folder.as_deref());
        let mut attributes = vec![source];
        match inputs {
            Inputs::Plain(given) => attributes.extend(given),
            Inputs::Object(value) => {
                let name_span = config.inputs.as_ref().map_or(at, |inputs| inputs.name_span);
                let (name, span) = ("inputs".into(), name_span.to(value.span));
                attributes.push(Attribute { name, name_span, span, value });
            }
        }
        Some(self.block(attributes, at))
    }

    fn block(&self, attributes: Vec<Attribute>, at: Span) -> Block {
        let name = match self.display.as_str() {
            "" => "unit".to_owned(),
            folder => folder.replace('.', "_"),
        };
        Block {
            kind: UNIT.into(),
            labels: vec![Label { text: name.into(), span: at }],
            body: Body { attributes, ..Body::default() },
            header: at,
            span: at,
        }
    }

    fn is_json(&self, file: FileId) -> bool {
        self.files.db.file(file).path.extension().is_some_and(|end| end == "json")
    }

    /// The source of a unit that has one in one case only: in the other, `null`, it is not run.
    fn only_choice(&self, source: &Node) -> Option<String> {
        let Kind::Expr(expr) = &source.kind else { return None };
        let Expr::Conditional(_, yes, no) = &**expr else { return None };
        match (&yes.kind, &no.kind) {
            (Kind::Null, _) => self.text(no),
            (_, Kind::Null) => self.text(yes),
            _ => None,
        }
    }

    /// The folder of a local source: what stands behind `//` is a folder below the one before it.
    fn folder(&self, source: &str) -> Option<std::path::PathBuf> {
        let path = source.strip_prefix("file://").unwrap_or(source).replace("//", "/");
        let found = self.find(&self.unit, path.split('?').next().unwrap_or_default())?;
        self.files.fs.is_dir(&found).then_some(found)
    }

    fn has_module(&self, dir: &Path) -> bool {
        let entries = self.files.fs.list(dir).unwrap_or_default();
        let is_code = |path: &std::path::PathBuf| {
            path.extension().is_some_and(|end| end == "tf" || end == "tofu")
        };
        entries.iter().any(is_code)
    }
}

/// The `source` of a unit, or of the last file that it includes which has one.
fn source_of(config: &Config) -> Option<Attribute> {
    let own = config.terraform.as_ref().and_then(|block| block.body.attribute("source")).cloned();
    let included = || {
        let includes = config.includes.iter().rev().filter(|include| include.is_merged());
        includes.filter_map(|include| source_of(include.config.as_ref()?)).next()
    };
    own.or_else(included)
}
