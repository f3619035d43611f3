//! `endpoint_configuration` (SEMANTICS 3.3).

use std::sync::Arc;

use super::api::Judge;
use crate::model::{EndpointType, EndpointTypes, IpAddressType};
use crate::resolve::terraform::{Env, Resource};
use crate::resolve::{Item, Kind, NeedSplit, Value};

impl Judge<'_, '_> {
    /// The endpoint type and the addresses that can reach it.
    pub(super) fn endpoint(
        &mut self,
        resource: &Arc<Resource>,
        env: Env<'_>,
    ) -> Result<(EndpointTypes, IpAddressType), NeedSplit> {
        let body = &resource.block.body;
        let blocks = self.unit.evaluator.blocks(body, "endpoint_configuration", env)?;
        let mut endpoint = EndpointTypes::Absent;
        let mut ip = IpAddressType::Ipv4;
        for block in &blocks {
            let scope = block.scope(env.scope);
            let env = env.scope(&scope);
            if let Some(types) = block.body.attribute("types") {
                let value = self.unit.evaluator.eval(&types.value, env)?;
                endpoint = self.endpoint_type(&value, env)?;
            }
            if let Some(kind) = block.body.attribute("ip_address_type") {
                let value = self.unit.evaluator.eval(&kind.value, env)?;
                ip = match (&value.kind, value.known_text().as_deref()) {
                    (Kind::Null, _) | (_, Some("ipv4")) => IpAddressType::Ipv4,
                    (_, Some("dualstack")) => IpAddressType::Dualstack,
                    _ => IpAddressType::Unknown,
                };
            }
        }
        if matches!(endpoint, EndpointTypes::Known(EndpointType::Private, _)) {
            ip = IpAddressType::Dualstack;
        }
        Ok((endpoint, ip))
    }

    fn endpoint_type(&mut self, value: &Value, env: Env<'_>) -> Result<EndpointTypes, NeedSplit> {
        Ok(match &value.kind {
            Kind::Null => EndpointTypes::Absent,
            Kind::List(items) => match items.first() {
                None => EndpointTypes::Absent,
                Some(Item::One(v)) if !matches!(v.kind, Kind::List(_)) => {
                    self.endpoint_type(v, env)?
                }
                Some(Item::One(_)) => self.endpoint_unknown(value),
                Some(Item::Many(id, origin)) => EndpointTypes::Unknown(self.symbol(*id), *origin),
            },
            // Of the types that a variable may be, each is a case of its own.
            Kind::Symbol(id) => match self.unit.evaluator.choose(*id, value.origin, env)? {
                Some(chosen) => self.endpoint_type(&chosen, env)?,
                None => EndpointTypes::Unknown(self.symbol(*id), value.origin),
            },
            _ => {
                let name = value.known_text().map(|text| text.to_ascii_uppercase());
                match name.as_deref().and_then(EndpointType::parse) {
                    Some(known) => EndpointTypes::Known(known, Some(value.origin)),
                    None => self.endpoint_unknown(value),
                }
            }
        })
    }

    fn endpoint_unknown(&mut self, value: &Value) -> EndpointTypes {
        let symbol = value.hole().map_or(crate::extract::convert::OPAQUE, |id| self.symbol(id));
        EndpointTypes::Unknown(symbol, value.origin)
    }
}
