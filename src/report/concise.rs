//! One line a finding: `path:line:col: severity[rule] title`.

use std::io::{self, Write};

use super::{Run, escape};

/// Writes the findings of `run`.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    for finding in run.active() {
        let span = finding.primary().span;
        let file = run.db.file(span.file);
        let at = file.line_col(span.start);
        writeln!(
            out,
            "{}:{}:{}: {}[{}] {}",
            escape(&file.display),
            at.line,
            at.column,
            finding.severity.name(),
            finding.rule,
            escape(&finding.title),
        )?;
    }
    Ok(())
}
