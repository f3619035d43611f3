//! Finding what to analyse: the walk, the content filter, the sniffing, the units.
//!
//! This room must not parse more than it needs to tell what a file is, and never looks outside the
//! given roots.

mod assemble;
mod callers;
mod calls;
mod collect;
mod content;
mod exclude;
mod fate;
mod given;
mod keys;
mod linked;
mod name;
mod prefilter;
mod sniff;
mod terragrunt;
mod walk;

pub use collect::discover;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::source::{FileId, Fs};

/// What is analysed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// The canonical folders that templates may read files from.
    pub roots: Vec<PathBuf>,
    /// The unit counts only when it reads one of these files (canonical): they were named, and it was
    /// not. Empty: it counts.
    pub only_with: BTreeSet<PathBuf>,
    /// The unit counts only when it holds an API, or a stack that cannot be read: it is a template that
    /// mentions no API, and creates stacks which may hold one.
    pub only_outer: bool,
    /// For a Terraform module: the files of the modules of the run that call it.
    pub callers: Vec<FileId>,
}

/// The kinds of units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitKind {
    /// A CloudFormation (or SAM) template.
    CloudFormation(FileId),
    /// A Terraform module directory.
    Terraform {
        /// The directory.
        dir: PathBuf,
        /// Its `.tf` and `.tf.json` files (`.tofu` too), sorted by name.
        files: Vec<FileId>,
        /// Its auto-loaded variables files, JSON included: `terraform.tfvars` first, then
        /// `*.auto.tfvars`, in the order in which Terraform loads them.
        tfvars: Vec<FileId>,
    },
    /// A unit of Terragrunt.
    Terragrunt(FileId),
    /// A policy document alone.
    Document(FileId),
    /// An OpenAPI document alone.
    OpenApi(FileId),
    /// What the AWS CLI prints of REST APIs.
    Dump(FileId),
    /// What `terraform show -json` prints of a plan or a state.
    Plan(FileId),
    /// A service of the Serverless Framework.
    Serverless(FileId),
    /// The configuration of an application of AWS Chalice.
    Chalice(FileId),
    /// A recognised form that is not read yet, with its name.
    NotReadYet(FileId, &'static str),
    /// A file that mentions an API Gateway policy and cannot be read as any format, with the reason.
    Unreadable(FileId, String),
}

impl UnitKind {
    /// The files of the unit.
    pub fn files(&self) -> Vec<FileId> {
        match self {
            Self::CloudFormation(file)
            | Self::Terragrunt(file)
            | Self::Document(file)
            | Self::OpenApi(file)
            | Self::Dump(file)
            | Self::Plan(file)
            | Self::Serverless(file)
            | Self::Chalice(file)
            | Self::NotReadYet(file, _)
            | Self::Unreadable(file, _) => vec![*file],
            Self::Terraform { files, tfvars, .. } => files.iter().chain(tfvars).copied().collect(),
        }
    }
}

/// What to look for, and where.
pub struct Request<'a> {
    /// Where single files are read from. Folders are always walked on the disk.
    pub fs: &'a dyn Fs,
    /// The working directory, canonical.
    pub cwd: &'a Path,
    /// The files and folders that were given.
    pub paths: &'a [PathBuf],
    /// Standard input, when it was given.
    pub stdin: Option<Stdin>,
    /// Globs of what to leave out, with the canonical folders that they are relative to.
    pub exclude: &'a [(PathBuf, String)],
    /// Whether naming a file says that it is a template or a policy of an API. If not, it is looked
    /// at like a file that was found.
    pub promised: bool,
    /// Whether `exclude` also counts for files that are named.
    pub force_exclude: bool,
    /// Whether `.gitignore` files count.
    pub gitignore: bool,
    /// Whether to find out what becomes of every file, and how many `.gitignore` files hide.
    pub explain: bool,
}

/// Standard input.
#[derive(Debug, Clone)]
pub struct Stdin {
    /// The file that it stands for.
    pub name: Option<PathBuf>,
    /// What was read.
    pub bytes: Vec<u8>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The units, sorted by path.
    pub units: Vec<Unit>,
    /// How many candidate files there were.
    pub files_discovered: usize,
    /// Whether one of them is infrastructure code, with or without an API.
    pub iac: bool,
    /// How many files and folders `exclude` left out (a folder counts once).
    pub excluded: usize,
    /// How many candidate files `.gitignore` files hide, when that was asked.
    pub ignored: Option<usize>,
    /// Files that mention API Gateway and hold nothing to analyse, with the reason. By path.
    pub skipped: Vec<(String, &'static str)>,
    /// What became of every file that could have been a template or a part of a module, and of folders
    /// that were left out, when that was asked. By path.
    pub fates: Vec<(String, String)>,
    /// What was met on the way and could not be followed.
    pub warnings: BTreeSet<String>,
}

/// Why nothing could be looked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path that was given does not exist or cannot be read.
    #[error("`{path}` cannot be read: {source}")]
    Path {
        /// The path as given.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A glob is none.
    #[error("not a glob: {0}")]
    Glob(String),
}

#[cfg(test)]
mod tests;
