//! What is taken for granted of an API before any policy is read, in words (CONTRACT 4).

use crate::model::{Api, Assumption, EndpointTypes};

/// The assumptions under which `api` is decided whatever its policy says: an endpoint type that is
/// not known, methods that are not all known. Those that decide a single exposure stand there. An
/// endpoint type that is not written is EDGE by the platform's default, which is no assumption.
pub fn assumed(api: &Api) -> Vec<Assumption> {
    let worlds = || api.worlds.iter().filter(|world| world.exists);
    let mut out = Vec::new();
    let mut add = |text: &str, pin: Option<String>| {
        if !out.iter().any(|known: &Assumption| known.text == text) {
            out.push(Assumption { text: text.to_owned(), pin, origin: Some(api.origin) });
        }
    };
    for world in worlds() {
        match &world.endpoint {
            EndpointTypes::Document => add("endpoint type EDGE", None),
            EndpointTypes::Unknown(symbol, _) => {
                let pin = api.symbols.get(*symbol).and_then(|info| info.pin.clone());
                add("the endpoint type is not known: EDGE and PRIVATE are both judged", pin);
            }
            EndpointTypes::Known(..) | EndpointTypes::Absent => {}
        }
    }
    if worlds().any(|world| !world.routes.complete) {
        add("methods are not all known: NONE and AWS_IAM are both judged", None);
    }
    out
}
