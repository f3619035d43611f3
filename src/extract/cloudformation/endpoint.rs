//! Endpoint types (SEMANTICS 3.3).

use super::api::Reader;
use crate::model::{EndpointType, EndpointTypes, IpAddressType};
use crate::resolve::{Item, Kind, NeedSplit, SymbolId, Value, World};
use crate::source::Origin;

/// An endpoint type as a property gives it.
pub(super) enum Given {
    /// Not at all.
    Absent,
    Known(EndpointType, Origin),
    Unknown(SymbolId, Origin),
    /// A text that names no type, or more than one of them.
    Odd(Origin),
}

impl Reader<'_, '_> {
    /// The endpoint type of a REST API in a world: of `EndpointConfiguration`, or of the parameters
    /// of an import.
    pub(super) fn endpoint(
        &mut self,
        world: &World,
    ) -> Result<(EndpointTypes, IpAddressType), NeedSplit> {
        let types = self.property_entry("EndpointConfiguration", &["Types"], world)?;
        let mut given = Given::Absent;
        for value in types {
            given = first(given, read(&value));
        }
        if matches!(given, Given::Absent) {
            let path = ["endpointConfigurationTypes"];
            for value in self.property_entry("Parameters", &path, world)? {
                given = first(given, read(&value));
            }
        }
        let endpoint = self.endpoint_types(given);
        let ip = self.ip(&endpoint, world)?;
        Ok((endpoint, ip))
    }

    /// The value of an entry of a property, once for each time that the property is given.
    pub(super) fn property_entry(
        &mut self,
        property: &str,
        path: &[&str],
        world: &World,
    ) -> Result<Vec<Value>, NeedSplit> {
        let resource = self.resource;
        let nodes: Vec<_> = resource.property_all(property).collect();
        nodes
            .into_iter()
            .map(|node| self.unit.eval_entry(node, path, &resource.scope, world))
            .collect()
    }

    pub(super) fn endpoint_types(&mut self, given: Given) -> EndpointTypes {
        match given {
            Given::Absent => EndpointTypes::Absent,
            Given::Known(kind, origin) => EndpointTypes::Known(kind, Some(origin)),
            Given::Unknown(id, origin) => EndpointTypes::Unknown(self.symbol(id), origin),
            Given::Odd(origin) => {
                let at = self.unit.origins.span(origin);
                let key = format!("endpoint:{}", self.address);
                let id = self.unit.opaque(&key, "the endpoint type", at);
                EndpointTypes::Unknown(self.symbol(id), origin)
            }
        }
    }

    /// The address type: IPv4 unless it is written otherwise, and both for a private API.
    pub(super) fn ip(
        &mut self,
        endpoint: &EndpointTypes,
        world: &World,
    ) -> Result<IpAddressType, NeedSplit> {
        if matches!(endpoint, EndpointTypes::Known(EndpointType::Private, _)) {
            return Ok(IpAddressType::Dualstack);
        }
        let values = self.property_entry("EndpointConfiguration", &["IpAddressType"], world)?;
        let Some(value) = values.last() else { return Ok(IpAddressType::Ipv4) };
        Ok(match (&value.kind, value.known_text().as_deref()) {
            (Kind::Null, _) | (_, Some("ipv4")) => IpAddressType::Ipv4,
            (_, Some("dualstack")) => IpAddressType::Dualstack,
            _ => IpAddressType::Unknown,
        })
    }
}

/// Two readings of a property that stands twice: nobody says which one counts.
pub(super) fn first(one: Given, other: Given) -> Given {
    match (one, other) {
        (Given::Absent, given) | (given, Given::Absent) => given,
        (Given::Known(a, origin), Given::Known(b, _)) if a == b => Given::Known(a, origin),
        (_, Given::Known(_, origin) | Given::Unknown(_, origin) | Given::Odd(origin)) => {
            Given::Odd(origin)
        }
    }
}

/// Reads `Types`: a list of one type, or a type alone.
pub(super) fn read(value: &Value) -> Given {
    match &value.kind {
        Kind::Null => Given::Absent,
        Kind::List(items) => match &**items {
            [] => Given::Absent,
            [Item::One(value)] => read_one(value),
            [Item::Many(id, origin)] => Given::Unknown(*id, *origin),
            // An API has one type; AWS refuses several.
            _ => Given::Odd(value.origin),
        },
        _ => read_one(value),
    }
}

fn read_one(value: &Value) -> Given {
    if let Some(id) = value.hole() {
        return Given::Unknown(id, value.origin);
    }
    let name = value.known_text().map(|text| text.trim().to_ascii_uppercase());
    match name.as_deref().map(|name| (name, EndpointType::parse(name))) {
        Some((_, Some(kind))) => Given::Known(kind, value.origin),
        Some(("", None)) => Given::Absent,
        _ => Given::Odd(value.origin),
    }
}
