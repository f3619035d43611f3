//! An answer for people.

use std::io::{self, Write};

use super::{Answered, who};
use crate::model::{Question, Tri};
use crate::report::{escape, place::Place};

/// Writes the answer, then each case with what decides it and where that stands.
///
/// # Errors
/// Those of `out`.
pub fn write(answered: &Answered, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let Answered { db, origins, api, question, answer } = answered;
    let Question { method, stage, path, .. } = question;
    let paint = |text: &str, access: Tri| match (color, access) {
        (false, _) => text.to_owned(),
        (true, Tri::True) => format!("\u{1b}[1;32m{text}\u{1b}[0m"),
        (true, Tri::False) => format!("\u{1b}[1;31m{text}\u{1b}[0m"),
        (true, Tri::Unknown) => format!("\u{1b}[1;33m{text}\u{1b}[0m"),
    };
    let (word, verb) = match answer.access {
        Tri::True => ("yes", "can"),
        Tri::False => ("no", "cannot"),
        Tri::Unknown => ("it depends", "may be able to"),
    };
    let who = who(&question.who);
    let (who, api) = (escape(&who), escape(api));
    let target = escape(&format!("{method} /{stage}{path}")).into_owned();
    writeln!(out, "{}: {who} {verb} call {target} on {api}", paint(word, answer.access))?;
    for case in &answer.cases {
        let when = match case.when.as_slice() {
            [] => String::new(),
            several => format!(": {}", escape(&several.join(", "))),
        };
        let word = match case.access {
            Tri::True => "yes",
            Tri::False => "no",
            Tri::Unknown => "unknown",
        };
        if answer.cases.len() > 1 || !when.is_empty() {
            writeln!(out, "\n  {}{when}", paint(word, case.access))?;
        }
        writeln!(out, "    {}", escape(&case.reason))?;
        for (origin, what) in &case.places {
            let at = Place::of(origins.span(*origin), db).short();
            writeln!(out, "    {}: {}", escape(&at), escape(what))?;
        }
    }
    if answer.bounded {
        writeln!(out, "\n  not every case was looked at: say more in the question")?;
    }
    Ok(())
}
