"""Writes the files of expected/: what aws-sam-translator makes of the templates beside this script.

    python3 -m venv venv && venv/bin/pip install aws-sam-translator==1.115.0 pyyaml
    venv/bin/python translate.py

Nothing is called over the network. The translator looks at the region only: one of each partition is
taken. Of every REST API and private domain of a translation there is one block of lines: the endpoint
type, the policy with one line a statement, and the methods with their authorisation. Parameters have
their defaults; where the template has a condition there is a block for each side of it. A reference to
a resource is written as in `Fn::Sub`. Statements and methods are sorted: their order means nothing, and
that of the translator is the order of a hash table.

What a method's authorisation is follows from the body as Amazon API Gateway reads it: `security` of the
operation in the schemes of the document's version, then `x-amazon-apigateway-auth`; a key authorises
nobody; `?` where a name is defined nowhere, or two kinds stand beside each other. `NONE` and
`api_key_false` are left over from an event that asks for nothing: no scheme has their name.
"""

import json
import logging
import pathlib
import re
import sys

import boto3
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
VERBS = ["get", "put", "post", "delete", "options", "head", "patch"]
ANY = ["x-amazon-apigateway-any-method", "any"]
NO_SCHEME = {"NONE", "api_key_false"}
ABSENT = object()


class Template:
    """A translation with one choice for its conditions."""

    def __init__(self, template, holds):
        self.parameters = {
            name: parameter["Default"]
            for name, parameter in template.get("Parameters", {}).items()
            if "Default" in parameter
        }
        self.holds = holds
        self.asked = False

    def value(self, node):
        """The node with its functions evaluated."""
        if isinstance(node, list):
            items = [self.value(item) for item in node]
            return [item for item in items if item is not ABSENT]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(key, argument)] = node.items()
            if key == "Ref":
                if argument == "AWS::NoValue":
                    return ABSENT
                return self.parameters.get(argument, "${%s}" % argument)
            if key == "Fn::Sub":
                text, names = argument if isinstance(argument, list) else (argument, {})
                names = {**self.parameters, **{name: self.value(v) for name, v in names.items()}}
                return re.sub(r"\$\{(\w+)\}", lambda m: str(names.get(m[1], m[0])), text)
            if key == "Fn::If":
                self.asked = True
                return self.value(argument[1] if self.holds else argument[2])
        items = {str(key): self.value(item) for key, item in node.items()}
        return {key: item for key, item in items.items() if item is not ABSENT}


def listed(node):
    return node if isinstance(node, list) else [node]


def joined(node):
    return ", ".join(sorted(map(str, listed(node))))


def statement(node):
    principal = node.get("Principal", "nobody")
    if isinstance(principal, dict):
        principal = "; ".join(f"{kind} {joined(ids)}" for kind, ids in sorted(principal.items()))
    line = f"{node['Effect']} {principal} {joined(node['Action'])} on {joined(node['Resource'])}"
    conditions = [
        f"{operator} {key} {joined(values)}"
        for operator, keys in node.get("Condition", {}).items()
        for key, values in keys.items()
    ]
    return line + (" if " + " and ".join(sorted(conditions)) if conditions else "")


def policies(*nodes):
    lines = []
    for node in filter(None, nodes):
        statements = [statement(s) for s in listed(node.get("Statement", []))]
        lines += [f"policy {node.get('Version', 'without a version')}", *sorted(statements)]
    return lines or ["no policy"]


def scheme(node):
    authtype = node.get("x-amazon-apigateway-authtype", "")
    if authtype.lower() == "awssigv4":
        return "AWS_IAM"
    kind = node.get("x-amazon-apigateway-authorizer", {}).get("type")
    if kind:
        return "COGNITO_USER_POOLS" if kind == "cognito_user_pools" else "CUSTOM"
    return "NONE" if node.get("type") == "apiKey" and not authtype else "?"


def authorisation(operation, schemes):
    names = {name for requirement in operation.get("security", []) for name in requirement}
    names -= NO_SCHEME - schemes.keys()
    kinds = {scheme(schemes[name]) if name in schemes else "?" for name in names} - {"NONE"}
    extension = operation.get("x-amazon-apigateway-auth", {}).get("type")
    if extension and (extension != "NONE" or kinds):
        kinds.add(extension)
    return kinds.pop() if len(kinds) == 1 else "?" if kinds else "NONE"


def methods(body):
    if "swagger" in body:
        schemes = body.get("securityDefinitions", {})
    else:
        schemes = body.get("components", {}).get("securitySchemes", {})
    for path, item in body.get("paths", {}).items():
        for key, operation in item.items():
            verb = "ANY" if key.lower() in ANY else key.upper()
            if verb == "ANY" or key.lower() in VERBS:
                where = path if path == "/" else path.rstrip("/")
                yield f"{verb} {where} {authorisation(operation, schemes)}"


def endpoint(properties):
    given = properties.get("EndpointConfiguration", {})
    return listed(given.get("Types", given.get("Type", "-")))[0]


def block(resource, template):
    """The lines of a resource, and its endpoint type; nothing for other kinds of resources."""
    properties = template.value(resource.get("Properties", {}))
    if resource["Type"] == "AWS::ApiGateway::DomainNameV2":
        return policies(properties.get("Policy")), "PRIVATE"
    if resource["Type"] != "AWS::ApiGateway::RestApi":
        return None, None
    body = properties.get("Body", {})
    lines = policies(properties.get("Policy"), body.get("x-amazon-apigateway-policy"))
    return lines + sorted(methods(body)), endpoint(properties)


def blocks(path, region):
    """What there is of a template in a region: lines and endpoint type by id and side."""
    boto3.setup_default_session(region_name=region)
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region))
    try:
        # As CloudFormation hands it on: nothing is shared by aliases.
        template = json.loads(json.dumps(yaml_parse(path.read_text()), default=str))
        translated = translator.translate(template, {})
    except InvalidDocumentException as error:
        raise SystemExit(f"{path}: {[cause.message for cause in error.causes]}")
    out = {}
    for name, resource in translated["Resources"].items():
        for holds in [True, False]:
            template = Template(translated, holds)
            lines, kind = block(resource, template)
            if lines is not None:
                side = ("" if holds else " otherwise") if template.asked else ""
                if resource["Type"] == "AWS::ApiGateway::DomainNameV2":
                    name = "domain " + resource["Properties"]["DomainName"]
                out[name + side] = lines, kind
    return out


def text(path):
    sides = {name: blocks(path, region) for name, region in REGIONS.items()}
    out = []
    for name, (lines, kind) in sorted(sides["aws"].items()):
        for partition, others in sides.items():
            if others[name][0] != lines:
                raise SystemExit(f"{path}: {name} is another one in {partition}")
        kinds = {partition: others[name][1] for partition, others in sides.items()}
        where = [f"{other} in {p}" for p, other in kinds.items() if other != kind]
        out += [name, "  endpoint " + ", ".join([kind, *where])]
        out += ["  " + line for line in lines]
    return "\n".join(out) + "\n"


def main():
    logging.disable(logging.CRITICAL)
    here = pathlib.Path(__file__).parent
    paths = [pathlib.Path(name) for name in sys.argv[1:]]
    for path in paths or sorted(here.glob("*.yaml")):
        target = here / "expected" / f"{path.stem}.txt"
        target.parent.mkdir(exist_ok=True)
        target.write_text(text(path))


if __name__ == "__main__":
    main()
