//! Every API and policy that was found, how it was read, and what is not known of it: a table for
//! people, JSON for programs, CSV for spreadsheets.

mod csv;
mod entry;
mod json;
mod table;
mod unknown;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use super::{Options, Run};

/// A format of inventories.
#[derive(Debug, Clone, Copy)]
pub struct InventoryFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes what a run found in it. Errors are those of the writer.
    pub write: fn(&Run, Options, &mut dyn Write) -> io::Result<()>,
}

/// Every format.
pub static INVENTORY_FORMATS: &[InventoryFormat] = &[
    InventoryFormat { name: "table", write: table::write },
    InventoryFormat { name: "json", write: |run, _, out| json::write(run, out) },
    InventoryFormat { name: "csv", write: |run, _, out| csv::write(run, out) },
];
