"""Events of the HTTP API's function, and its responses."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from taskbell.rest.app import handler

ADA = {"sub": "ada", "cognito:username": "ada", "cognito:groups": "[students]"}
GRACE = {"sub": "grace", "username": "grace", "cognito:groups": "[students staff]"}


@dataclass(frozen=True)
class Context:
    """Lambda's context object."""

    function_name: str = "serveRest"
    memory_limit_in_mb: int = 128
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:serveRest"
    aws_request_id: str = "the-request"


@dataclass(frozen=True)
class Told:
    """An answer; `body` is parsed, None where there is none."""

    status: int
    headers: Mapping[str, str]
    body: Any


def request(
    method: str,
    path: str,
    body: Any = None,
    claims: Mapping[str, str] | None = ADA,
    **query: str | list[str],
) -> dict[str, Any]:
    """An event of payload version 2.0; a text as body is sent as it is, and a list in the query one by one.

    `claims` are those that API Gateway has verified, in the token that it passes on.
    """
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "tests"}
    context: dict[str, Any] = {"http": http, "stage": "$default", "requestId": "1"}
    if claims is not None:
        context["authorizer"] = {"jwt": {"claims": dict(claims), "scopes": None}}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": urlencode(query, doseq=True, errors="replace"),
        "headers": {"content-type": "application/json"} | ({"authorization": bearer(claims)} if claims else {}),
        "requestContext": context,
        "isBase64Encoded": False,
    }
    return event | ({} if body is None else {"body": body if isinstance(body, str) else json.dumps(body)})


def bearer(claims: Mapping[str, str]) -> str:
    """The header with the token that verified claims are of; groups are named without spaces."""
    return bearer_of({**claims, "cognito:groups": claims.get("cognito:groups", "[]").strip("[]").split()})


def bearer_of(claims: Mapping[str, Any]) -> str:
    """The header with a token of these claims, which nobody has signed."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"Bearer e30.{payload}.e30"


def answered(event: dict[str, Any]) -> Told:
    """What the function says to an event."""
    answer = handler(event, Context())  # type: ignore[arg-type]
    body = answer.get("body")
    return Told(answer["statusCode"], answer["headers"], json.loads(body) if body else None)


Ask = Callable[..., Told]
