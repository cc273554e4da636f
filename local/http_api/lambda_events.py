"""Converts requests to events of payload version 2.0, and what a function returns to a response.

Source: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs".
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from local.http_api.definition import HttpApi, Route

Event = dict[str, Any]
_TEXT = re.compile(r"(text/.*|application/(.*\+)?(json|xml)|application/javascript)\s*(;.*)?", re.IGNORECASE)


class InvalidLambdaResponseError(Exception):
    """What the function returned is not a valid HTTP response."""


@dataclass(frozen=True)
class Request:
    """A request; `path` is not decoded, header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    source_ip: str

    @property
    def header_size(self) -> int:
        """Bytes of the request line and of the headers' values."""
        line = f"{self.method} {self.path}?{self.query} HTTP/1.1"
        return len(line) + sum(len(value) for _, value in self.headers)

    def header(self, name: str) -> str | None:
        """A header's value."""
        return next((value for other, value in self.headers if other == name), None)


@dataclass(frozen=True)
class Response:
    """An HTTP response."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""

    @classmethod
    def message(cls, status: int, text: str, headers: Mapping[str, str] | None = None) -> "Response":
        """One of API Gateway's own responses."""
        own = {"content-type": "application/json", **(headers or {})}
        return cls(status, tuple(own.items()), json.dumps({"message": text}).encode())


@dataclass(frozen=True)
class RoutedRequest:
    """An authorized request with its route: `claims` is None on a route without an authorizer."""

    request: Request
    route: Route
    parameters: Mapping[str, str]
    claims: Mapping[str, str] | None
    id: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def to_lambda_event(routed_request: RoutedRequest, api: HttpApi) -> Event:
    """The event for the function."""
    request = routed_request.request
    cookies = [cookie for name, value in request.headers if name == "cookie" for cookie in value.split("; ")]
    query = parse_qsl(request.query, keep_blank_values=True)
    event: Event = {
        "version": "2.0",
        "routeKey": routed_request.route.key,
        "rawPath": unquote(request.path),
        "rawQueryString": request.query,
        "headers": _joined([(name, value) for name, value in request.headers if name != "cookie"]),
        "requestContext": _context(routed_request, api),
        "isBase64Encoded": False,
    }
    event |= {"cookies": cookies} if cookies else {}
    event |= {"queryStringParameters": _joined(query)} if query else {}
    event |= {"pathParameters": dict(routed_request.parameters)} if routed_request.parameters else {}
    return event | _body(request)


def from_lambda_response(returned: object) -> Response:
    """What a function returned, as a response. Raises InvalidLambdaResponseError."""
    if not isinstance(returned, dict) or "statusCode" not in returned:
        return Response(200, (("content-type", "application/json"),), json.dumps(returned).encode())
    status, body, headers = returned["statusCode"], returned.get("body") or "", returned.get("headers") or {}
    if not isinstance(status, int) or not 100 <= status <= 599 or not isinstance(body, str):
        raise InvalidLambdaResponseError
    kept = [(name.lower(), str(value)) for name, value in headers.items() if name.lower() != "content-length"]
    kept += [("set-cookie", cookie) for cookie in returned.get("cookies") or ()]
    try:
        encoded = returned.get("isBase64Encoded")
        return Response(status, kept, base64.b64decode(body, validate=True) if encoded else body.encode())
    except (binascii.Error, ValueError):
        raise InvalidLambdaResponseError from None


def _context(routed_request: RoutedRequest, api: HttpApi) -> Event:
    request, at = routed_request.request, routed_request.at
    domain = request.header("host") or ""
    context: Event = {
        "accountId": api.account,
        "apiId": api.id,
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "http": {
            "method": request.method,
            "path": unquote(request.path),
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent") or "",
        },
        "requestId": routed_request.id,
        "routeKey": routed_request.route.key,
        "stage": "$default",
        "time": at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(at.timestamp() * 1000),
    }
    if routed_request.claims is not None:
        context["authorizer"] = {"jwt": {"claims": dict(routed_request.claims), "scopes": None}}
    return context


def _body(request: Request) -> Event:
    """Bodies that are not of a text type are Base64-encoded, HTML forms included."""
    if not request.body:
        return {}
    if _TEXT.fullmatch(request.header("content-type") or "application/json"):
        try:
            return {"body": request.body.decode()}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def _joined(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """One string for each name, several values joined by commas."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined
