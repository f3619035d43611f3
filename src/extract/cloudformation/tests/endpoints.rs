//! Endpoint types and address types.

use super::{Case, endpoint};
use crate::model::IpAddressType;

fn seen(properties: &str) -> (String, IpAddressType) {
    let case = Case::new(&format!(
        "Parameters:\n  Kind: {{Type: String}}\n  Kinds: {{Type: CommaDelimitedList, Default: PRIVATE}}\n\
         Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {{Name: x{properties}}}\n"
    ));
    (endpoint(case.world()), case.world().ip)
}

#[test]
fn types() {
    let ipv4 = IpAddressType::Ipv4;
    assert_eq!(seen(""), ("absent".into(), ipv4));
    assert_eq!(seen(", EndpointConfiguration: {Types: [REGIONAL]}"), ("Regional".into(), ipv4));
    assert_eq!(seen(", EndpointConfiguration: {Types: EDGE}"), ("Edge".into(), ipv4));
    assert_eq!(seen(", EndpointConfiguration: {Types: []}"), ("absent".into(), ipv4));
    assert_eq!(seen(", EndpointConfiguration: {}"), ("absent".into(), ipv4));
    assert_eq!(seen(", EndpointConfiguration: {Types: [!Ref Kind]}"), ("unknown".into(), ipv4));
    assert_eq!(seen(", EndpointConfiguration: {Types: [EDGE, PRIVATE]}"), ("unknown".into(), ipv4));
    assert_eq!(seen(", EndpointConfiguration: {Types: [PUBLIC]}"), ("unknown".into(), ipv4));
    assert_eq!(
        seen(", EndpointConfiguration: {Types: !Ref Kinds}"),
        ("Private".into(), IpAddressType::Dualstack)
    );
    assert_eq!(seen(", EndpointConfiguration: !Ref AWS::NoValue"), ("absent".into(), ipv4));
}

#[test]
fn import_parameters_give_a_type() {
    assert_eq!(seen(", Parameters: {endpointConfigurationTypes: REGIONAL}").0, "Regional");
    assert_eq!(
        seen(", EndpointConfiguration: {Types: [EDGE]}, Parameters: {endpointConfigurationTypes: PRIVATE}").0,
        "Edge"
    );
}

#[test]
fn address_types() {
    let with = |value: &str| {
        seen(&format!(", EndpointConfiguration: {{Types: [REGIONAL], IpAddressType: {value}}}")).1
    };
    assert_eq!(with("dualstack"), IpAddressType::Dualstack);
    assert_eq!(with("ipv4"), IpAddressType::Ipv4);
    assert_eq!(with("!Ref Kind"), IpAddressType::Unknown);
}

#[test]
fn branches_beside_the_type_ask_for_nothing() {
    let case = Case::new(
        "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\nResources:\n  Api:\n    \
         Type: AWS::ApiGateway::RestApi\n    Properties:\n      EndpointConfiguration:\n        Types: [PRIVATE]\n        \
         VpcEndpointIds: !If [C, [a], [b]]\n",
    );
    assert_eq!(endpoint(case.world()), "Private");
}
