//! Defaults of variables in words, and the words by which a text may matter.

use crate::extract::words::{clip, literal};
use crate::model::Assumption;
use crate::resolve::terraform::Evaluator;
use crate::resolve::{Item, Kind, Literal, Value};

/// The defaults that stand for values of variables.
pub(super) fn of_default(evaluator: &Evaluator<'_>, name: &str) -> Option<Assumption> {
    let id = evaluator.symbols.find(&format!("var.{name}"))?;
    let symbol = evaluator.symbols.get(id);
    let default = symbol.default.as_ref()?;
    Some(Assumption {
        text: format!("var.{name} = {} (default)", value(default)),
        pin: symbol.pin.clone(),
        origin: Some(default.origin),
    })
}

/// Whether a text may say something of an API of API Gateway.
pub(in crate::extract) fn speaks_of_apis(text: &str) -> bool {
    ["api_gateway", "apigateway", "execute-api"].iter().any(|name| text.contains(name))
}

fn value(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".into(),
        Kind::List(items) => {
            let words: Vec<String> = items
                .iter()
                .take(4)
                .map(|item| match item {
                    Item::One(v) => v.known_text().unwrap_or_else(|| "...".into()),
                    Item::Many(..) => "...".into(),
                })
                .collect();
            let more = if items.len() > 4 { ", ..." } else { "" };
            clip(&format!("[{}{more}]", words.join(", ")))
        }
        Kind::Map(map) if map.entries.is_empty() => "{}".into(),
        Kind::Map(_) => "{...}".into(),
        _ => literal(&Literal::Text(value.known_text().unwrap_or_default().into())),
    }
}
