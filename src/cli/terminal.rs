//! Writing: the report to standard output or a file, everything else to standard error.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::Path;

use super::args::Color;

/// Whether colours are written to standard output (or to a file). `auto` follows `NO_COLOR`,
/// `CLICOLOR_FORCE`, `TERM` and whether it is a terminal.
pub(super) fn colors(choice: Color, to_file: bool) -> bool {
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if to_file => false,
        Color::Auto => {
            let stdout = io::stdout();
            match anstream::AutoStream::choice(&stdout) {
                anstream::ColorChoice::Always | anstream::ColorChoice::AlwaysAnsi => true,
                anstream::ColorChoice::Auto => stdout.is_terminal(),
                anstream::ColorChoice::Never => false,
            }
        }
    }
}

/// The columns of the screen: as `COLUMNS` gives them, else as the terminal says that standard output
/// is; 0 where it is none.
pub(super) fn columns() -> usize {
    let given = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok());
    let asked = || terminal_size::terminal_size_of(io::stdout());
    given.or_else(|| asked().map(|(width, _)| usize::from(width.0))).unwrap_or(0)
}

/// Hands `write` standard output, or the file `output`. A reader that went away is no error: it has
/// seen what it wanted.
///
/// # Errors
/// Those of the platform, with the file they are about.
pub(super) fn report(
    output: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), String> {
    let done = match output {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            write(&mut out).and_then(|()| out.flush())
        }
        Some(path) => File::create(path).and_then(|file| {
            let mut out = BufWriter::new(file);
            write(&mut out).and_then(|()| out.flush())
        }),
    };
    match done {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let name = output.map_or("standard output".into(), |path| path.display().to_string());
            Err(format!("`{name}` cannot be written: {error}"))
        }
        Ok(()) => Ok(()),
    }
}

/// Adds what `write` writes to the end of the file at `path`, which is made when it does not exist.
///
/// # Errors
/// Those of the platform.
pub(super) fn append(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(File::options().append(true).create(true).open(path)?);
    write(&mut out).and_then(|()| out.flush())
}

/// Writes lines to standard error. Nobody is left to tell when that fails.
pub(super) fn say(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.write_all(b"\n"));
}
