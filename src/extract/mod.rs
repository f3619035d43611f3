//! From syntax and values to the model: one file a format.
//!
//! This room says which resources carry policies and what their properties mean. It must not decide
//! anything about access.

mod alone;
pub mod chalice;
pub mod cloudformation;
pub mod convert;
pub mod document;
pub mod dump;
mod holes;
pub mod openapi;
mod other_apis;
pub mod plan;
pub mod policy;
mod read;
pub mod remarks;
pub mod serverless;
mod tags;
mod templated;
pub mod terraform;
pub mod terragrunt;
#[cfg(test)]
mod testing;
pub mod unread;
mod words;

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::model::Inventory;
use crate::source::{FileId, Fs, Origins, SourceDb, SourceRoot};
use remarks::Remarks;

/// What extraction may use.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The files of the run.
    pub db: &'a SourceDb,
    /// Where to read further files from.
    pub fs: &'a dyn Fs,
    /// The canonical folders that a template may read files from.
    pub roots: &'a [PathBuf],
    /// Values for CloudFormation parameters, by name.
    pub parameters: &'a std::collections::BTreeMap<String, Vec<String>>,
    /// Values for Terraform variables, by name.
    pub variables: &'a std::collections::BTreeMap<String, Vec<String>>,
    /// Further variables files.
    pub var_files: &'a [PathBuf],
    /// The sources that plans were made of.
    pub source: Option<&'a SourceRoot>,
}

/// What extraction found in a unit.
#[derive(Debug, Default)]
pub struct Extraction {
    /// The APIs and problems.
    pub inventory: Inventory,
    /// The arena that their origins belong to.
    pub origins: Origins,
    /// What the authors of the files ask of this program.
    pub remarks: Remarks,
    /// Further files that its expressions read, canonical.
    pub included: BTreeSet<PathBuf>,
    /// The files that OpenAPI documents of its APIs are made of.
    pub documents: BTreeSet<FileId>,
    /// The templates of nested stacks and the folders of called modules that were judged with it,
    /// canonical.
    pub nested: BTreeSet<PathBuf>,
}
