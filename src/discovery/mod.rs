//! Finding what to analyse: the walk, the content filter, the sniffing, the units.
//!
//! This room must not parse more than it needs to tell what a file is, and never looks outside the
//! given roots.

use std::path::PathBuf;

use crate::source::FileId;

/// What is analysed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// The canonical folders that templates may read files from.
    pub roots: Vec<PathBuf>,
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
        /// Its auto-loaded variables files: `terraform.tfvars` first, then `*.auto.tfvars`, in the
        /// order in which Terraform loads them.
        tfvars: Vec<FileId>,
    },
    /// A policy document alone.
    Document(FileId),
    /// A recognised form that is not read yet, with its name.
    NotReadYet(FileId, &'static str),
    /// A file that mentions an API Gateway policy and cannot be read as any format, with the reason.
    Unreadable(FileId, String),
}
