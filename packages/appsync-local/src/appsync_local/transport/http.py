"""GraphQL over HTTP, with AppSync's status codes, bodies and headers."""

from __future__ import annotations

import codecs
import logging
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
from graphql import OperationType

from appsync_local._json import to_json
from appsync_local.auth.authentication import Authenticator, UnauthorizedError
from appsync_local.auth.credentials import RequestCredentials
from appsync_local.errors import RequestError
from appsync_local.execution.documents import is_subscription
from appsync_local.execution.engine import Engine, GraphqlRequest
from appsync_local.transport.asgi import BodyTooLargeError, DisconnectedError, read_body, respond, source_ip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appsync_local.limits import Limits
    from appsync_local.transport.asgi import Receive, Scope, Send

_log = logging.getLogger(__name__)
_UNREADABLE = "Unable to parse GraphQL query."
_NOT_UTF_8 = "Request body is not JSON in UTF-8 without a byte order mark."
_CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"x-amzn-RequestId,x-amzn-ErrorType,x-amz-user-agent,x-amzn-ErrorMessage,Date"),
]
_PREFLIGHT = [
    *_CORS,
    (b"access-control-allow-methods", b"GET,POST,OPTIONS"),
    (b"access-control-max-age", b"172800"),
]


class GraphqlHttpHandler:
    """Serves requests to /graphql."""

    def __init__(self, engine: Engine, authenticator: Authenticator, limits: Limits) -> None:
        self._engine = engine
        self._authenticator = authenticator
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["method"] == "OPTIONS":
            requested = [value for name, value in scope["headers"] if name == b"access-control-request-headers"]
            await respond(
                send, 200, b"", [*_PREFLIGHT, (b"access-control-allow-headers", requested[0] if requested else b"*")]
            )
            return
        status, body, error_type = await self._respond(scope, receive)
        headers = [*_CORS, (b"content-type", b"application/json;charset=UTF-8")]
        headers.append((b"x-amzn-requestid", str(uuid.uuid4()).encode()))
        headers.append((b"x-amzn-appsync-tokensconsumed", b"1"))
        if status == 408:
            headers.append((b"connection", b"close"))
        if error_type:
            headers.append((b"x-amzn-errortype", error_type.encode()))
        await respond(send, status, body, headers)

    async def _respond(self, scope: Scope, receive: Receive) -> tuple[int, bytes, str | None]:
        error: RequestError | UnauthorizedError
        try:
            return 200, self._engine.encode(await self._execute(scope, receive)), None
        except (RequestError, UnauthorizedError) as known:
            error = known
        except Exception:
            _log.exception("Answering a request failed")
            error = RequestError(500, "InternalFailureException", "An internal error occurred.")
        return error.status, to_json({"errors": [error.entry()]}), error.error_type

    async def _execute(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        if scope["method"] not in {"GET", "POST"}:
            raise RequestError(405, "MethodNotAllowedException", f"{scope['method']} is not supported.")
        body = await self._body(receive)
        credentials = _credentials(scope, body)
        _reject_encoded(credentials.headers_by_name)
        caller = await self._authenticator.authenticate(credentials)
        request = parse_operation(_from_query(scope) if scope["method"] == "GET" else _from_body(body))
        prepared = await self._engine.prepare(request)
        operation = prepared.operation
        if operation and is_subscription(operation):
            raise RequestError(400, "BadRequestException", "Subscriptions are served over WebSocket.")
        if operation and scope["method"] == "GET" and operation.operation is not OperationType.QUERY:
            raise RequestError(405, "MethodNotAllowedException", "GET is for queries only.")
        return await self._engine.execute(prepared, caller, credentials.headers_by_name)

    async def _body(self, receive: Receive) -> bytes:
        limit = self._limits.body_bytes
        try:
            return await read_body(receive, limit, self._limits.request_seconds)
        except TimeoutError as error:
            raise RequestError(408, "RequestTimeoutException", "The request body is not complete.") from error
        except DisconnectedError as error:
            raise RequestError(400, "MalformedHttpRequestException", "The request broke off.") from error
        except BodyTooLargeError as error:
            message = f"Request body exceeds {limit} bytes."
            raise RequestError(413, "RequestEntityTooLargeException", message) from error


def parse_operation(fields: object) -> GraphqlRequest:
    """Return the request that `{query, operationName, variables}` is.

    Raises:
        RequestError: It is anything else.
    """
    if not isinstance(fields, dict) or not isinstance(fields.get("query"), str) or not fields["query"].strip():
        raise RequestError(400, "MalformedHttpRequestException", _UNREADABLE)
    name, variables = fields.get("operationName"), fields.get("variables")
    if not isinstance(name, str | None) or not isinstance(variables, dict | None):
        raise RequestError(400, "MalformedHttpRequestException", _UNREADABLE)
    return GraphqlRequest(fields["query"], name or None, variables or {})


def _credentials(scope: Scope, body: bytes) -> RequestCredentials:
    fields = orjson.dumps(_query_fields(scope)) if scope["method"] == "GET" else None
    query = scope["query_string"].decode("latin-1")
    path = f"{scope['path']}?{query}" if query else scope["path"]
    return RequestCredentials(scope["method"], path, scope["headers"], body, source_ip(scope), fields)


def _reject_encoded(headers: Mapping[str, str]) -> None:
    encoding = headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise RequestError(415, "UnsupportedMediaTypeException", f"Content-Encoding {encoding} is not supported.")


def _from_body(body: bytes) -> object:
    if not body.strip():
        raise RequestError(400, "MalformedHttpRequestException", "Request body is empty.")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        reason = _NOT_UTF_8 if _is_in_another_encoding(body) else _UNREADABLE
        raise RequestError(400, "MalformedHttpRequestException", reason) from error


def _is_in_another_encoding(body: bytes) -> bool:
    try:
        return "\0" in body.decode() or body.startswith(codecs.BOM_UTF8)
    except UnicodeDecodeError:
        return True


def _query_fields(scope: Scope) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}


def _from_query(scope: Scope) -> object:
    fields = _query_fields(scope)
    variables = fields.get("variables")
    return {**fields, "variables": _from_body(variables.encode()) if variables else None}
