//! From values to leaves of the model, and from symbols to their references.

use crate::model::{Entry, Leaf, Part, SymbolClass, SymbolInfo, SymbolRef, SymbolTable};
use crate::resolve::{Class, IdKind, Item, Kind, Piece, SymbolId, Symbols, Value};
use crate::source::Origin;

/// What stands for a value that no symbol was made for.
pub const OPAQUE: SymbolRef = SymbolRef::UNREADABLE;

/// The reference to a symbol, as the policy of the API at address `this_api` sees it: an execution
/// ARN or id is this API's or another's. The label of such a symbol is the API's address, with
/// `.execution_arn` or `.id` behind it in Terraform.
pub fn symbol_ref(symbols: &Symbols, id: SymbolId, this_api: Option<&str>) -> SymbolRef {
    let symbol = symbols.get(id);
    let is_this = || {
        let label = symbol.label.as_str();
        let address = label.strip_suffix(".execution_arn").or_else(|| label.strip_suffix(".id"));
        this_api == Some(address.unwrap_or(label))
    };
    let class = match symbol.class {
        Class::Input => SymbolClass::Input,
        Class::OwnId(IdKind::VpcEndpoint) => SymbolClass::OwnVpcEndpoint,
        Class::OwnId(IdKind::Vpc) => SymbolClass::OwnVpc,
        Class::OwnId(IdKind::Other) => SymbolClass::OwnOther,
        Class::OwnerAccount => SymbolClass::OwnerAccount,
        Class::Region => SymbolClass::Region,
        Class::Partition => SymbolClass::Partition,
        Class::ExecutionArn if is_this() => SymbolClass::ThisApiArn,
        Class::ApiId if is_this() => SymbolClass::ThisApiId,
        Class::ExecutionArn | Class::ApiId => SymbolClass::OtherApi,
        Class::External => SymbolClass::External,
        Class::Opaque => SymbolClass::Opaque,
    };
    SymbolRef { id: id.0, class }
}

/// The table that references point into.
pub fn symbol_table(symbols: &Symbols) -> SymbolTable {
    SymbolTable(
        symbols
            .iter()
            .map(|(_, symbol)| SymbolInfo {
                label: symbol.label.clone(),
                origin: symbol.origin,
                pin: symbol.pin.clone(),
            })
            .collect(),
    )
}

/// A scalar as a leaf; `None` for null, lists and maps.
pub fn leaf(value: &Value, symbols: &Symbols, this_api: Option<&str>) -> Option<Leaf> {
    let parts = match &value.kind {
        Kind::Bool(b) => vec![Part::Lit(b.to_string().into())],
        Kind::Number(n) => vec![Part::Lit(n.clone())],
        Kind::Symbol(id) => vec![Part::Sym(symbol_ref(symbols, *id, this_api))],
        Kind::Text(text) => text
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Lit { text, .. } => Part::Lit(text.clone()),
                Piece::Hole(id, _) => Part::Sym(symbol_ref(symbols, *id, this_api)),
            })
            .collect(),
        Kind::Null | Kind::List(_) | Kind::Map(_) => return None,
    };
    Some(Leaf::new(parts, value.origin))
}

/// A scalar or a list of scalars as entries. A symbol alone may be a scalar or a whole list. What is
/// neither (a map, a nested list) is an opaque stretch: it must not vanish.
pub fn leaves(value: &Value, symbols: &Symbols, this_api: Option<&str>) -> Vec<Entry<Leaf>> {
    match &value.kind {
        Kind::Null => Vec::new(),
        Kind::List(items) => items
            .iter()
            .filter_map(|item| match item {
                Item::One(v) if matches!(v.kind, Kind::Null) => None,
                Item::One(v) => Some(match leaf(v, symbols, this_api) {
                    Some(leaf) => Entry::One(leaf),
                    None => Entry::Many(OPAQUE, v.origin),
                }),
                Item::Many(id, origin) => Some(stretch(*id, *origin, symbols, this_api)),
            })
            .collect(),
        Kind::Symbol(id) if symbols.element(*id).is_some() => {
            vec![stretch(*id, value.origin, symbols, this_api)]
        }
        Kind::Map(_) => vec![Entry::Many(OPAQUE, value.origin)],
        _ => leaf(value, symbols, this_api).map(Entry::One).into_iter().collect(),
    }
}

/// An unknown stretch. Where its elements are alike, one of them stands for all: what is not known of
/// it is not known of any, and that there may be none changes nothing that is certain of it.
pub fn stretch(
    id: SymbolId,
    origin: Origin,
    symbols: &Symbols,
    this_api: Option<&str>,
) -> Entry<Leaf> {
    match symbols.element(id).and_then(|element| leaf(element, symbols, this_api)) {
        Some(element) => Entry::One(Leaf { origin, ..element }),
        None => Entry::Many(symbol_ref(symbols, id, this_api), origin),
    }
}
