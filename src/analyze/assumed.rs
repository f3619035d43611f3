//! What is taken for granted of an API before any policy is read, in words (CONTRACT 4).

use crate::model::{
    Api, ApiKind, Assumption, EndpointTypes, Entry, Leaf, Policy, PolicyState, SymbolClass,
    SymbolRef,
};

/// The assumptions under which `api` is decided whatever its policy says: an endpoint type that is
/// not known, methods that are not all known, a value that fills a field of an ARN, a list of values
/// that may be empty. Those that decide a single exposure stand there. An
/// endpoint type that is not written is EDGE by the platform's default, which is no assumption.
pub fn assumed(api: &Api) -> Vec<Assumption> {
    let worlds = || api.worlds.iter().filter(|world| world.exists);
    let mut out = Vec::new();
    let mut add = |text: &str, pin: Option<String>| {
        if !out.iter().any(|known: &Assumption| known.text == text) {
            out.push(Assumption { text: text.to_owned(), pin, origin: Some(api.origin) });
        }
    };
    // A VPC endpoint has neither an endpoint type nor methods.
    let judged = || worlds().filter(|_| api.kind != ApiKind::VpcEndpoint);
    for world in judged() {
        match &world.endpoint {
            EndpointTypes::Document => add("endpoint type EDGE", None),
            EndpointTypes::Unknown(symbol, _) => {
                let pin = api.symbols.get(*symbol).and_then(|info| info.pin.clone());
                add("the endpoint type is not known: EDGE and PRIVATE are both judged", pin);
            }
            EndpointTypes::Known(..) | EndpointTypes::Absent => {}
        }
    }
    if judged().any(|world| !world.routes.complete) {
        add("methods are not all known: NONE and AWS_IAM are both judged", None);
    }
    let readings = worlds().filter_map(|world| match &world.policy {
        PolicyState::Known(readings) => Some(readings),
        _ => None,
    });
    for statement in readings.flatten().flat_map(Policy::known_statements) {
        let resources = statement.resource.items.iter().filter_map(Entry::one);
        for symbol in resources.flat_map(Leaf::symbols) {
            let field = match symbol.class {
                SymbolClass::Region => "region",
                SymbolClass::OwnerAccount => "account",
                _ => continue,
            };
            // One that somebody gives; `AWS::Region` is the region by its meaning.
            if let Some((label, pin)) = given(api, symbol) {
                add(&format!("{label} is the {field} that the API is deployed in"), Some(pin));
            }
        }
        for condition in statement.known_conditions() {
            let mut stretches = condition.values.iter().map(|entry| match entry {
                Entry::Many(symbol, _) => Some(*symbol),
                Entry::One(_) => None,
            });
            let first = stretches.next().flatten();
            // An empty list of values is refused, or compares with nothing: AWS says both.
            if let Some(symbol) = first.filter(|_| stretches.all(|entry| entry.is_some()))
                && let Some(info) = api.symbols.get(symbol)
            {
                add(&format!("{} holds at least one value", info.label), info.pin.clone());
            }
        }
    }
    out
}

/// The name of a value that somebody gives when deploying, and the flag that gives it here.
fn given(api: &Api, symbol: SymbolRef) -> Option<(String, String)> {
    let info = api.symbols.get(symbol)?;
    Some((info.label.clone(), info.pin.clone()?))
}
