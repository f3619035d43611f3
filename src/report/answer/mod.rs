//! The answer to one question: text for people, JSON for programs.

mod json;
mod text;

use std::io::{self, Write};
use std::sync::Arc;

use crate::model::{Answer, Question, Tri, Who};
use crate::source::{Origins, SourceDb};

pub use json::write as write_json;
pub use text::write as write_text;

/// What was asked of which API, and the answer.
#[derive(Debug)]
pub struct Answered {
    /// The files that places are in.
    pub db: SourceDb,
    /// The arena that their origins belong to.
    pub origins: Arc<Origins>,
    /// The API's address.
    pub api: String,
    /// The question.
    pub question: Question,
    /// The answer.
    pub answer: Answer,
}

/// A format of answers.
#[derive(Debug, Clone, Copy)]
pub struct AnswerFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes an answer in it; the Boolean is whether to write terminal colours. Errors are those of
    /// the writer.
    pub write: fn(&Answered, bool, &mut dyn Write) -> io::Result<()>,
}

/// Every format.
pub static ANSWER_FORMATS: &[AnswerFormat] = &[
    AnswerFormat { name: "pretty", write: write_text },
    AnswerFormat { name: "json", write: |answered, _, out| write_json(answered, out) },
];

/// Who asks, in words.
fn who(who: &Who) -> String {
    match who {
        Who::Anonymous => "anonymous".to_owned(),
        Who::Account(account) => account.to_string(),
        Who::Principal(arn) => arn.to_string(),
    }
}

/// The three answers.
fn name(access: Tri) -> &'static str {
    match access {
        Tri::True => "allowed",
        Tri::False => "denied",
        Tri::Unknown => "depends",
    }
}
