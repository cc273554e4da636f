"""The forms of requests that the local AWS serves: JSON, Query and REST, each for the services that the stack uses.

ministack takes the action that it authorises from other parts of a request than the action that it executes. So only
requests in the exact form of one protocol pass, for the service that they are signed for.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote

from local.ministack_patches.signed_request import AccessError, Request

JSON_TARGETS: Mapping[str, tuple[str, str]] = {  # the signed scope and ministack's service of each target's prefix
    "AWSCognitoIdentityProviderService": ("cognito-idp", "cognito-idp"),
    "AWSStepFunctions": ("states", "states"),
    "AmazonSQS": ("sqs", "sqs"),
    "AmazonSSM": ("ssm", "ssm"),
    "DynamoDBStreams_20120810": ("dynamodb", "dynamodbstreams"),
    "DynamoDB_20120810": ("dynamodb", "dynamodb"),
    "GraniteServiceVersion20100801": ("monitoring", "monitoring"),
    "Logs_20140328": ("logs", "logs"),
    "secretsmanager": ("secretsmanager", "secretsmanager"),
}
QUERY_SERVICES = frozenset({"cloudformation", "iam", "monitoring", "sns", "sts"})
REST_SERVICES = frozenset({"lambda", "s3"})
SERVICES = frozenset({service for _, service in JSON_TARGETS.values()} | QUERY_SERVICES | REST_SERVICES)
_CBOR = re.compile(r"/service/GraniteServiceVersion20100801/operation/[A-Za-z]+")
# What ministack takes for another service's before it looks at the signed scope.
_NOT_S3 = frozenset(
    {
        "BatchExecute",
        "BeginTransaction",
        "CommitTransaction",
        "Execute",
        "RollbackTransaction",
        "WriteGetObjectResponse",
        "iceberg",
        "login",
        "logout",
        "oauth2",
        "v2",
        "v20180820",
    }
)
_CHUNKED = ("content-encoding", "x-amz-decoded-content-length", "x-amz-trailer")
JSON_TYPES = ("application/x-amz-json-1.0", "application/x-amz-json-1.1")
_FORM_TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-8",
    "application/x-www-form-urlencoded;charset=utf-8",
)


def service_by_protocol(request: Request, scope: str, *, is_root: bool) -> str:
    """Return the service that a request is for, by its protocol; raises AccessError.

    The rules are stricter than AWS's, because ministack reads the action from places where AWS does not.
    """
    content_type = request.headers.get("content-type", "")
    streamed = request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-")
    if scope != "s3" and (streamed or any(name in request.headers for name in _CHUNKED)):
        raise not_served("an encoded body")
    if "x-amz-target" in request.headers:
        return _json_service(request, scope, content_type)
    if content_type.lower() in _FORM_TYPES:
        return _query_service(request, scope)
    if "form-urlencoded" in content_type.lower():
        raise not_served("a form of another type")
    if _CBOR.fullmatch(request.path) and scope == "monitoring" and is_root and not request.query:
        return scope
    return _rest_service(request, scope)


def _json_service(request: Request, scope: str, content_type: str) -> str:
    prefix = request.headers["x-amz-target"].partition(".")[0]
    signed_for, service = JSON_TARGETS.get(prefix, ("", ""))
    to_root = (request.method, request.path) == ("POST", "/") and not request.query
    if not to_root or content_type not in JSON_TYPES or scope != signed_for:
        raise not_served("a target without the form of a JSON protocol")
    return service


def _query_service(request: Request, scope: str) -> str:
    fields = parse_qs(request.body.decode("latin-1"), keep_blank_values=True)
    once = all(len(values) == 1 for values in fields.values()) and fields.get("Action", [""])[0].isalnum()
    to_root = (request.method, request.path) == ("POST", "/") and not request.query
    if not to_root or not once or request.body.lstrip()[:1] in {b"{", b"["} or scope not in QUERY_SERVICES:
        raise not_served("a form that is not of the Query protocol")
    return scope


def _rest_service(request: Request, scope: str) -> str:
    path = unquote(request.path)
    segments = path.split("/")[1:]
    good = scope in REST_SERVICES and "action" not in {name.lower() for name in request.query}
    if scope == "lambda":
        inner = segments[:-1] if segments[-1:] == [""] else segments
        good = good and "%" not in path and not {"", ".", ".."} & set(inner) and _is_function_path(request, inner)
    if not good or segments[0] in _NOT_S3:
        raise not_served("a path that belongs to no service here")
    return scope


def _is_function_path(request: Request, segments: list[str]) -> bool:
    """Return whether a path of Lambda names at most one function, and invokes only by POST to its `invocations`."""
    invokes = "invocations" in segments
    at = [index for index, segment in enumerate(segments) if segment == "functions"]
    return at in ([], [1]) and (not invokes or (request.method == "POST" and segments[3:] == ["invocations"]))


def not_served(what: str) -> AccessError:
    """Return the error for a request that is in no form served here."""
    return AccessError("AccessDeniedException", f"The local AWS does not serve {what}.")
