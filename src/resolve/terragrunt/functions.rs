//! Functions of Terragrunt ("Built-in functions" of its reference), as far as files and folders answer
//! them. What runs a program or asks AWS is left as it stands, and unknown.

use std::path::{Path, PathBuf};

use super::config::Config;
use super::names::reference;
use super::{FILE, Reader};
use crate::source::{Span, git_root, relative, slashed};
use crate::syntax::Node;
use crate::syntax::made::{function, text};

/// How far up folders are searched.
const MAX_FOLDERS: usize = 100;

/// Functions of Terraform that take the path of a file, relative to the configuration it stands in.
const READING: [&str; 8] = [
    "file",
    "fileexists",
    "filebase64",
    "templatefile",
    "fileset",
    "filemd5",
    "filesha256",
    "filebase64sha256",
];

impl Reader<'_> {
    /// What a call comes to; its arguments are in place.
    pub(super) fn call_of(
        &mut self,
        name: &str,
        args: &[Node],
        at: Span,
        config: &Config,
    ) -> Option<Node> {
        let place = &config.place;
        let path = |path: &Path| Some(text(&slashed(path), at));
        match (name, args) {
            ("get_terragrunt_dir", []) => path(&place.current),
            ("get_original_terragrunt_dir" | "get_working_dir", []) => path(&self.unit),
            ("get_parent_terragrunt_dir", [..]) => path(&included(config, self.label(args))?),
            ("path_relative_to_include", [..]) => {
                let from = included(config, self.label(args))?;
                path_or_dot(&relative(&from, &place.current), at)
            }
            ("path_relative_from_include", [..]) => {
                let from = included(config, self.label(args))?;
                path_or_dot(&relative(&place.current, &from), at)
            }
            ("find_in_parent_folders", [..]) => {
                let found = self.above(args.first(), &place.current);
                if found.is_none() && args.len() < 2 {
                    self.missing += 1;
                }
                found.map(|real| text(&slashed(&real), at)).or_else(|| args.get(1).cloned())
            }
            ("get_repo_root", []) => path(&self.repository()?),
            ("get_path_to_repo_root", []) => {
                path_or_dot(&relative(&place.current, &self.repository()?), at)
            }
            ("get_path_from_repo_root", []) => {
                path_or_dot(&relative(&self.repository()?, &place.current), at)
            }
            ("get_env", [variable, rest @ ..]) => {
                let variable = self.text(variable)?;
                Some(self.outside(&format!("env.{variable}"), rest.first().cloned(), at))
            }
            // The account that Terragrunt, and so the AWS provider by default, is authorised in.
            ("get_aws_account_id", [..]) => {
                Some(reference(&["data", "aws_caller_identity", "current", "account_id"], at))
            }
            ("mark_as_read", [path]) => Some(path.clone()),
            ("read_terragrunt_config", [file, rest @ ..]) => {
                let found = self.text(file).and_then(|file| self.find(&place.dir, &file));
                match found.and_then(|real| self.object_of(&real, at)) {
                    Some(made) => Some(made),
                    None => {
                        self.missing += 1;
                        rest.first().cloned()
                    }
                }
            }
            (reading, [file, ..]) if READING.contains(&reading) && place.dir != self.unit => {
                let file = file.scalar().filter(|file| Path::new(&**file).is_relative())?;
                let file = text(&slashed(&place.dir.join(&*file)), at);
                let args = std::iter::once(file).chain(args.iter().skip(1).cloned()).collect();
                Some(function(name, args, at))
            }
            _ => None,
        }
    }

    /// The label of an include that a function names.
    fn label(&self, args: &[Node]) -> Option<String> {
        args.first().and_then(|label| self.text(label))
    }

    /// The nearest file or folder of a name above the folder `from`.
    fn above(&self, name: Option<&Node>, from: &Path) -> Option<PathBuf> {
        let names = match name {
            Some(name) => vec![self.text(name)?],
            None => vec![FILE.to_owned(), format!("{FILE}.json")],
        };
        let mut folders = from.ancestors().skip(1).take(MAX_FOLDERS);
        folders.find_map(|folder| names.iter().find_map(|name| self.find(folder, name)))
    }

    /// The root of the repository, where it is in the given folders.
    fn repository(&self) -> Option<PathBuf> {
        let root = git_root(self.files.fs, &self.unit)?;
        self.files.roots.iter().any(|given| root.starts_with(given)).then_some(root)
    }
}

/// The folder of the file that is included under a label. In an included file, it is that file; where
/// nothing is included, the configuration's own folder.
fn included(config: &Config, label: Option<String>) -> Option<PathBuf> {
    if config.place.included {
        return Some(config.place.dir.clone());
    }
    let mut includes = config.includes.iter();
    let include = match label {
        Some(label) => includes.find(|include| *include.label == *label)?,
        None => match includes.next() {
            Some(include) => include,
            None => return Some(config.place.dir.clone()),
        },
    };
    include.config.as_ref().map(|config| config.place.dir.clone())
}

fn path_or_dot(path: &Path, at: Span) -> Option<Node> {
    let path = slashed(path);
    Some(text(if path.is_empty() { "." } else { &path }, at))
}
