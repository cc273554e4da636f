"""Transforms the compiled template for the local AWS. All differences are made here:

- `AWS::AppSync::*` is left out, and references to the API and its key become the gateway's values: the gateway
  emulates AppSync.
- `AWS::ApiGatewayV2::*` is left out, with the permission to call a function for it: `http_api/` emulates API Gateway.
- Functions run as `provided.al2023` with a bootstrap, without layers and on any architecture: the bootstrap runs the
  working tree in this checkout's environment. (ministack's own Python runtimes lose an exception's type, besides.)
- `Ref` of a secret becomes its `Id`, its ARN in both; ministack's Ref is the name, for which no policy is written.
- Permission to send, delete or hide a message includes the batch actions: AWS has no such actions, ministack has.
- Permission to read a stream covers every stream: ministack does not check which stream a call reads.
- Policies of queues and of the table that demand TLS are left out: the local AWS speaks plain HTTP on loopback.
- `AWS::WAFv2::*` is left out: the local AWS associates no firewall with an API.
- `AWS::Lambda::Version` is left out: no version is called here.
- The deployment bucket is left out: the bootstrap is in a bucket that exists before the stack.
- Outputs and `DependsOn` that name what was left out, and exports, are left out with it.
"""

import copy
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

Template = dict[str, Any]
Resource = dict[str, Any]

DEPLOYMENT_BUCKET = "ServerlessDeploymentBucket"
_EMULATED_OR_MISSING = ("AWS::AppSync::", "AWS::ApiGatewayV2::", "AWS::WAFv2::")
_BATCHED = {"sqs:SendMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"}
_READS_STREAMS = {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"}
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9.:]+)\}")


class TransformError(Exception):
    """The template refers to an omitted resource for which there is no value."""


@dataclass(frozen=True)
class CodeLocation:
    """The bootstrap's zip in the local S3."""

    bucket: str
    key: str


@dataclass(frozen=True)
class EmulatedApiValues:
    """The values that AppSync and API Gateway would give to the stack (for Ref and GetAtt)."""

    api_id: str
    graphql_url: str
    realtime_url: str
    api_key: str
    region: str
    account: str
    rest_url: str = ""

    @property
    def arn(self) -> str:
        return f"arn:aws:appsync:{self.region}:{self.account}:apis/{self.api_id}"

    def attributes(self, type_: str) -> Mapping[str, str]:
        """The values of Ref (under "Ref") and GetAtt for a resource of this type."""
        if type_ == "AWS::AppSync::GraphQLApi":
            dns = {"GraphQLDns": self.graphql_url.split("/")[2], "RealtimeDns": self.realtime_url.split("/")[2]}
            urls = {"GraphQLUrl": self.graphql_url, "RealtimeUrl": self.realtime_url}
            return {"Ref": self.arn, "Arn": self.arn, "ApiId": self.api_id, **dns, **urls}
        if type_ == "AWS::AppSync::ApiKey":
            arn = f"{self.arn}/apikeys/{self.api_key}"
            return {"Ref": arn, "Arn": arn, "ApiKey": self.api_key, "ApiKeyId": self.api_key}
        return {"ApiEndpoint": self.rest_url} if type_ == "AWS::ApiGatewayV2::Api" else {}


@dataclass(frozen=True)
class OmittedResources:
    """Resources that the local stack does not have, with their substitute attributes."""

    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def value(self, name: str, attribute: str) -> str:
        """The substitute value of a reference; raises TransformError if there is none."""
        if attribute not in self.attributes[name]:
            raise TransformError(f"{name}.{attribute} is not there locally, and something refers to it.")
        return self.attributes[name][attribute]

    def replace(self, node: Any) -> Any:  # noqa: PLR0911 - one line for each form of a reference
        """The node with every Ref, Fn::GetAtt and Fn::Sub placeholder of what was left out replaced by its value."""
        match node:
            case {"Ref": str(name)} if name in self.attributes:
                return self.value(name, "Ref")
            case {"Fn::GetAtt": [str(name), str(attribute)]} if name in self.attributes:
                return self.value(name, attribute)
            case {"Fn::GetAtt": str(path)} if path.partition(".")[0] in self.attributes:
                return self.value(path.partition(".")[0], path.partition(".")[2])
            case {"Fn::Sub": str(text)}:
                return {"Fn::Sub": self._fill(text)}
            case {"Fn::Sub": [str(text), dict(values)]}:
                return {"Fn::Sub": [self._fill(text, values), self.replace(values)]}
            case dict():
                return {key: self.replace(value) for key, value in node.items()}
            case list():
                return [self.replace(item) for item in node]
        return node

    def _fill(self, text: str, local_names: Mapping[str, Any] | None = None) -> str:
        def fill(match: re.Match[str]) -> str:
            name, _, attribute = match[1].partition(".")
            known = name in self.attributes and name not in (local_names or {})
            return self.value(name, attribute or "Ref") if known else match[0]

        return _PLACEHOLDER.sub(fill, text)


def transform(template: Mapping[str, Any], code: CodeLocation, api_values: EmulatedApiValues) -> Template:
    """The template for the local AWS; the given one is not changed."""
    adapted: Template = copy.deepcopy(dict(template))
    resources: dict[str, Resource] = adapted["Resources"]
    omitted = OmittedResources(
        {
            name: api_values.attributes(resource["Type"])
            for name, resource in resources.items()
            if _is_omitted(name, resource)
        }
    )
    kept = {name: resource for name, resource in resources.items() if name not in omitted.attributes}
    adapted["Resources"] = {name: _transform_resource(kept[name], code, omitted) for name in kept}
    adapted["Outputs"] = _keep_possible(omitted.replace, adapted.get("Outputs", {}))
    secrets = {name for name, resource in kept.items() if resource["Type"] == "AWS::SecretsManager::Secret"}
    named: Template = _secrets_by_id(_as_checked(adapted), secrets)
    return named


def _is_omitted(name: str, resource: Resource) -> bool:
    type_: str = resource["Type"]
    deployment = name in {DEPLOYMENT_BUCKET, f"{DEPLOYMENT_BUCKET}Policy"}
    emulated = type_.startswith(_EMULATED_OR_MISSING) or _lets_api_gateway_call(resource)
    return emulated or type_ == "AWS::Lambda::Version" or deployment or _demands_tls(resource)


def _lets_api_gateway_call(resource: Resource) -> bool:
    permission = resource["Type"] == "AWS::Lambda::Permission"
    return permission and bool(resource["Properties"]["Principal"] == "apigateway.amazonaws.com")


def _demands_tls(resource: Resource) -> bool:
    """Whether the resource is a queue policy whose only statements refuse what does not come over TLS."""
    return resource["Type"] == "AWS::SQS::QueuePolicy" and _only_demands_tls(resource["Properties"])


def _only_demands_tls(policy: Mapping[str, Any]) -> bool:
    without_tls = {"Bool": {"aws:SecureTransport": "false"}}
    statements = policy["PolicyDocument"]["Statement"]
    return all(statement["Effect"] == "Deny" and statement.get("Condition") == without_tls for statement in statements)


def _without_tls_policy(properties: dict[str, Any]) -> dict[str, Any]:
    if not _only_demands_tls(properties["ResourcePolicy"]):
        return properties
    return {name: value for name, value in properties.items() if name != "ResourcePolicy"}


def _transform_resource(resource: Resource, code: CodeLocation, omitted: OmittedResources) -> Resource:
    if resource["Type"] == "AWS::Lambda::Function":
        resource = {**resource, "Properties": _run_working_tree(resource["Properties"], code)}
    if "ResourcePolicy" in resource.get("Properties", {}):
        resource = {**resource, "Properties": _without_tls_policy(resource["Properties"])}
    adapted: Resource = omitted.replace(resource)
    needed = adapted.pop("DependsOn", [])
    names = [name for name in ([needed] if isinstance(needed, str) else needed) if name not in omitted.attributes]
    if names:
        adapted["DependsOn"] = names
    return adapted


def _run_working_tree(properties: dict[str, Any], code: CodeLocation) -> dict[str, Any]:
    kept = {name: value for name, value in properties.items() if name not in {"Architectures", "Layers"}}
    return {**kept, "Runtime": "provided.al2023", "Code": {"S3Bucket": code.bucket, "S3Key": code.key}}


def _secrets_by_id(node: Any, secrets: Collection[str]) -> Any:
    match node:
        case {"Ref": str(name)} if name in secrets:
            return {"Fn::GetAtt": [name, "Id"]}
        case {"Fn::Sub": str(text)}:
            return {"Fn::Sub": _PLACEHOLDER.sub(lambda m: f"${{{m[1]}.Id}}" if m[1] in secrets else m[0], text)}
        case dict():
            return {key: _secrets_by_id(value, secrets) for key, value in node.items()}
        case list():
            return [_secrets_by_id(item, secrets) for item in node]
    return node


def _as_checked(node: Any) -> Any:
    """The node with every permission in the form in which ministack checks it."""
    match node:
        case {"Action": actions, "Effect": _}:
            listed = [actions] if isinstance(actions, str) else actions
            if _READS_STREAMS.issuperset(listed):
                return {**node, "Resource": "*"}
            batches = [f"{action}Batch" for action in listed if action in _BATCHED]
            return {**node, "Action": [*listed, *batches]} if batches else node
        case dict():
            return {key: _as_checked(value) for key, value in node.items()}
        case list():
            return [_as_checked(item) for item in node]
    return node


def _keep_possible(replace: Callable[[Any], Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, output in outputs.items():
        try:
            kept[name] = {key: value for key, value in replace(output).items() if key != "Export"}
        except TransformError:
            continue
    return kept
