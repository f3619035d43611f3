//! What the ids of `SourceVpc...` lists are ids of: AWS SAM tells it by how they begin, and drops what
//! begins otherwise. Of an id that nobody gave, each of these is a world of its own; that of a VPC is
//! the default.

use super::plan::Place;
use super::statements::{Maker, is_parameter};
use crate::resolve::cloudformation::form::Form;
use crate::resolve::{Class, Kind, Literal, NeedSplit, Piece, Symbol, SymbolId, Value};
use crate::source::Span;
use crate::syntax::Node;

/// How the id of a VPC begins.
const VPC: &str = "vpc-";
/// How the id of a VPC endpoint begins.
const ENDPOINT: &str = "vpce-";

/// What an id is the id of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begins {
    /// A VPC endpoint.
    Endpoint,
    /// A VPC.
    Vpc,
    /// Neither: it is dropped.
    Otherwise,
}

impl Begins {
    /// What an unknown id may be the id of. A private API that is left without a policy lets nobody in:
    /// there it does not matter that an id may be dropped.
    fn possible(private: bool) -> &'static [Self] {
        match private {
            true => &[Self::Vpc, Self::Endpoint],
            false => &[Self::Vpc, Self::Endpoint, Self::Otherwise],
        }
    }

    /// What the id `text` is the id of.
    pub(super) fn of(text: &str) -> Self {
        match text {
            _ if text.starts_with(ENDPOINT) => Self::Endpoint,
            _ if text.starts_with(VPC) => Self::Vpc,
            _ => Self::Otherwise,
        }
    }

    /// The same of every id that begins with `start`, where all are alike.
    fn of_start(start: &str) -> Option<Self> {
        let more = |whole: &str| whole.len() > start.len() && whole.starts_with(start);
        (!more(VPC) && !more(ENDPOINT)).then(|| Self::of(start))
    }

    fn literal(self) -> Literal {
        let text = match self {
            Self::Vpc => VPC,
            Self::Endpoint => ENDPOINT,
            Self::Otherwise => "something else",
        };
        Literal::Text(text.into())
    }
}

impl Maker<'_, '_, '_> {
    /// What the id `value`, which is not known, is the id of in this world. All such ids of the list
    /// at `list` are alike: a mixture lets nobody in that one of these does not. `None`: the world does
    /// not say.
    pub(super) fn begins(
        &mut self,
        node: Option<&Node>,
        value: &Value,
        place: &Place,
        list: Span,
    ) -> Result<Option<Begins>, NeedSplit> {
        if let Some(kind) = node.filter(|_| place.resolved).and_then(|node| self.declared(node)) {
            return Ok(Some(kind));
        }
        if let Kind::Text(text) = &value.kind
            && let Some(Piece::Lit { text, .. }) = text.0.first()
            && let Some(kind) = Begins::of_start(text)
        {
            return Ok(Some(kind));
        }
        let Some(hole) = value.hole() else { return Ok(None) };
        let symbol = self.symbol_of(hole, place, list);
        let symbols = &self.reader.unit.symbols;
        for kind in Begins::possible(self.private) {
            match self.world.equals(symbols, symbol, &kind.literal())? {
                Some(true) => return Ok(Some(*kind)),
                Some(false) => {}
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The same by the type of the parameter that `node` names: AWS CloudFormation takes no other value.
    fn declared(&self, node: &Node) -> Option<Begins> {
        let Form::Call(_, name) = Form::of(node) else { return None };
        let template = self.reader.unit.template();
        let kind = template.parameter_type(&name.scalar().filter(|_| is_parameter(node))?)?;
        (kind == "AWS::EC2::VPC::Id").then_some(Begins::Vpc)
    }

    /// What stands for how the unknown ids of a list begin, `hole` being the first of them.
    fn symbol_of(&mut self, hole: SymbolId, place: &Place, list: Span) -> SymbolId {
        let kinds = Begins::possible(self.private);
        let default = self.text(VPC, list, place, "AWS SAM looks at how it begins");
        let first = self.reader.unit.symbols.get(hole);
        let symbol = Symbol {
            label: format!("the start of {}", first.label),
            origin: first.origin,
            class: Class::Opaque,
            default: Some(default),
            allowed: Some(kinds.iter().map(|kind| kind.literal()).collect()),
            pin: first.pin.clone(),
        };
        let address = &self.reader.address;
        let key = format!("begins:{address}:{}:{}:{}", list.file.0, list.start, kinds.len());
        self.reader.unit.symbols.intern(&key, || symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::Begins;

    #[test]
    fn the_start_of_an_id_tells_what_it_is_the_id_of() {
        for (start, kind) in [
            ("vpc-0123", Some(Begins::Vpc)),
            ("vpc-", Some(Begins::Vpc)),
            ("vpce-", Some(Begins::Endpoint)),
            ("subnet-", Some(Begins::Otherwise)),
            ("vpc", None),
            ("vpce", None),
            ("", None),
        ] {
            assert_eq!(Begins::of_start(start), kind, "{start}");
        }
    }
}
