"""AppSync's limits, in one place; tests make them small."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the service, where it documents them, and our own beside them.

    Attributes:
        request_seconds: For a query or mutation, its functions included, and for reading a request's body.
        functions_at_once: Invocations that a request has under way; its others wait, so it starves no other request.
        authorizer_seconds: For the function of the AWS_LAMBDA authorization type.
        connection_init_seconds: Until `connection_init` on a graphql-transport-ws connection.
        keep_alive_seconds: Between two `ka` messages.
        connection_timeout_ms: What `connection_ack` tells clients: how long they wait for a `ka`.
        operations_per_connection: Subscriptions, and over graphql-transport-ws running operations too.
        body_bytes: Of a request, and characters of a WebSocket message.
        response_bytes: Of a response.
        push_bytes: Of a payload that subscribers are sent.
        connection_seconds: How long a WebSocket lives.
        max_unread_bytes: How far a subscriber may fall behind before its connection is closed.
    """

    request_seconds: float = 30
    functions_at_once: int = 3
    authorizer_seconds: float = 10
    connection_init_seconds: float = 10
    keep_alive_seconds: float = 60
    connection_timeout_ms: int = 300_000
    operations_per_connection: int = 100
    body_bytes: int = 1_000_000
    response_bytes: int = 5_000_000
    push_bytes: int = 240 * 1024
    connection_seconds: float = 24 * 3600
    max_unread_bytes: int = 4_000_000
