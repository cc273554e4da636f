"""An API to test with, in this process and without sockets; the pytest fixture `appsync_api` makes one.

Callers of every kind are real to the API: a token is signed with a key that the API verifies, a request of an IAM role
passes the port that checks signatures. Pushes have arrived when the mutation that caused them has returned.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import rsa

from appsync_local.app import create_app
from appsync_local.protocols import IamCaller, SignatureError
from appsync_local.template.definition import ApiDefinition
from appsync_local.template.references import LocalReferences
from appsync_local.transport.asgi import WRITE_NOW

if TYPE_CHECKING:
    import re
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence

    from appsync_local.execution.in_process import Handler
    from appsync_local.limits import Limits
    from appsync_local.protocols import Functions
    from appsync_local.template.auth_providers import OidcProvider, UserPool

    Headers = Mapping[str, str]
    Body = dict[str, Any]

API_KEY = "da2-testing"
_HOST = (b"host", b"127.0.0.1")
_KEY_ID = "testing"
_TOKEN_SECONDS = 3_600


class SubscriptionRejectedError(Exception):
    """The API rejected a subscription; `errors` is what it sent."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


class LocalApi:
    """One API with its client.

    A caller is the headers that it sends: `api_key()`, `user()`, `oidc_user()`, `iam_role()` and `bearer()` make them.
    Where none is given it is the API key.
    """

    def __init__(
        self,
        template: Mapping[str, Any],
        functions: Functions | Mapping[str, Handler],
        *,
        schema: str | None = None,
        values: Mapping[str, str] | None = None,
        region: str = "us-east-1",
        account_id: str = "000000000000",
        limits: Limits | None = None,
    ) -> None:
        """Start the API.

        Args:
            template: A compiled CloudFormation template with one AppSync API.
            functions: Handlers by the logical ids of their functions, or a `Functions`.
            schema: SDL, when the template does not hold it.
            values: Deployed values of references (`LocalReferences`); what is missing stands for itself.
            region: For ARNs and user pools.
            account_id: For ARNs.
            limits: Other limits than the service's.

        Raises:
            UnsupportedFeatureError: The template or the schema asks for what is not emulated.
        """
        references = LocalReferences(API_KEY, values)
        self.definition = ApiDefinition.from_template(
            template, references, api_id="testing", region=region, account_id=account_id
        )
        self._iam = _Iam(account_id)
        self.app = create_app(
            self.definition,
            schema=schema,
            functions=functions,
            iam=self._iam,
            signing_keys=_SigningKeys(),
            limits=limits,
        )

    @staticmethod
    def api_key() -> Headers:
        """Return the caller that has the API key."""
        return {"x-api-key": API_KEY}

    def user(self, name: str = "user", *, groups: Collection[str] = (), **claims: Any) -> Headers:
        """Return a user of the API's first user pool.

        Args:
            name: The user's name and `sub`.
            groups: The user's groups.
            **claims: Further claims of the access token, or other values of those that it has.
        """
        pool = self.definition.providers.user_pools[0]
        own: dict[str, Any] = {"token_use": "access", "username": name, "client_id": _client(pool)}
        if groups:
            own["cognito:groups"] = list(groups)
        return self.bearer(_token(pool.issuer, name, own | claims))

    def oidc_user(self, sub: str = "user", **claims: Any) -> Headers:
        """Return a user of the API's first OpenID Connect provider, with these claims in the token."""
        provider = self.definition.providers.oidc[0]
        return self.bearer(_token(provider.issuer, sub, {"aud": _client(provider), "auth_time": time.time()} | claims))

    def iam_role(self, name: str = "role", *, allowed_fields: Collection[str] | None = None) -> Headers:
        """Return an IAM role whose policy allows these fields (`Mutation.publish`); every field without them."""
        return self._iam.signed_by(name, allowed_fields)

    @staticmethod
    def bearer(token: str) -> Headers:
        """Return the caller with this token, such as one for a Lambda authorizer."""
        return {"authorization": token}

    async def query(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        caller: Headers | None = None,
        operation_name: str | None = None,
    ) -> Body:
        """Send a query or a mutation over HTTP.

        Args:
            document: GraphQL.
            variables: Plain JSON values.
            caller: The headers of the caller.
            operation_name: Needed when the document has several operations.

        Returns:
            The response body: `data`, and `errors` if there are any.
        """
        fields = {"query": document, "variables": variables, "operationName": operation_name}
        body = json.dumps({name: value for name, value in fields.items() if value is not None}).encode()
        scope = {"type": "http", "method": "POST", "scheme": "http", "path": "/graphql", "query_string": b""}
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [_HOST, *((name.encode(), value.encode()) for name, value in (caller or self.api_key()).items())]
        await self.app(scope | {"headers": headers}, receive, send)
        response: Body = orjson.loads(sent[-1]["body"])
        return response

    @contextlib.asynccontextmanager
    async def subscribe(
        self, document: str, variables: Mapping[str, Any] | None = None, *, caller: Headers | None = None
    ) -> AsyncIterator[Subscription]:
        """Subscribe over a WebSocket of its own, until the end of the block.

        Raises:
            SubscriptionRejectedError: The API rejected the caller or the subscription.
        """
        subscription = Subscription()
        headers = dict(caller or self.api_key())
        connection = asyncio.create_task(self.app(subscription.scope(headers), subscription.receive, subscription.send))
        try:
            await subscription.start(document, variables, headers)
            yield subscription
        finally:
            subscription.leave()
            await connection


class Subscription:
    """A client's end of one subscription; `payloads` are the pushes so far, each with `data` and perhaps `errors`."""

    def __init__(self) -> None:
        self.payloads: list[Body] = []
        self._next = 0
        self._to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._replies: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._pushed = asyncio.Event()
        self._to_app.put_nowait({"type": "websocket.connect"})

    async def next(self, *, within: float = 5) -> Body:
        """Return the next push that was not returned yet.

        Args:
            within: Seconds to wait for it.

        Raises:
            TimeoutError: There was none in time.
        """
        async with asyncio.timeout(within):
            while self._next == len(self.payloads):
                self._pushed.clear()
                await self._pushed.wait()
        self._next += 1
        return self.payloads[self._next - 1]

    def scope(self, headers: Headers) -> dict[str, Any]:
        """Return the ASGI scope of the connection."""
        return {
            "type": "websocket",
            "scheme": "ws",
            "path": "/graphql",
            "query_string": b"",
            "headers": [_HOST, *((name.encode(), value.encode()) for name, value in headers.items())],
            "subprotocols": ["graphql-ws"],
            "extensions": {WRITE_NOW: self._take},
        }

    async def start(self, document: str, variables: Mapping[str, Any] | None, headers: Headers) -> None:
        """Open the connection and start the subscription."""
        self._put({"type": "connection_init"})
        await self._reply("connection_ack")
        data = json.dumps({"query": document, "variables": dict(variables or {})})
        payload = {"data": data, "extensions": {"authorization": {"host": "127.0.0.1", **headers}}}
        self._put({"type": "start", "id": "1", "payload": payload})
        await self._reply("start_ack")

    def leave(self) -> None:
        """Disconnect."""
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": 1000})

    async def receive(self) -> dict[str, Any]:
        """ASGI's receive."""
        return await self._to_app.get()

    async def send(self, message: Any) -> None:
        """ASGI's send."""
        if message["type"] == "websocket.send":
            self._take(message["text"].encode())

    def _put(self, message: object) -> None:
        self._to_app.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    async def _reply(self, expected: str) -> None:
        reply = await asyncio.wait_for(self._replies.get(), 5)
        if reply["type"] != expected:
            raise SubscriptionRejectedError(reply["payload"]["errors"])

    def _take(self, text: bytes) -> bool:
        message = orjson.loads(text)
        if message["type"] == "data":
            self.payloads.append(message["payload"])
            self._pushed.set()
        elif message["type"] != "ka":
            self._replies.put_nowait(message)
        return True


class _SigningKeys:
    async def key(self, issuer: str, key_id: str) -> Mapping[str, object] | None:  # noqa: ARG002
        return jwt.algorithms.RSAAlgorithm.to_jwk(_private_key().public_key(), as_dict=True)


class _Iam:
    """Takes the signers that it made up for authentic."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id
        self._signers: dict[str, tuple[IamCaller, Collection[str] | None]] = {}

    def signed_by(self, name: str, allowed_fields: Collection[str] | None) -> Headers:
        authorization = f"AWS4-HMAC-SHA256 Credential={uuid4().hex}"
        arn = f"arn:aws:sts::{self._account_id}:assumed-role/{name}/testing"
        signer = IamCaller(arn, self._account_id, f"AROA{name}:testing", authorization)
        self._signers[authorization] = (signer, allowed_fields)
        return {"authorization": authorization}

    async def authenticate(
        self, _method: str, _path: str, headers: Sequence[tuple[bytes, bytes]], _body: bytes
    ) -> IamCaller:
        found = self._signers.get(dict(headers)[b"authorization"].decode())
        if found is None:
            raise SignatureError("The security token included in the request is invalid.")
        return found[0]

    async def allows(self, caller: IamCaller, _action: str, resource: str) -> bool:
        _, allowed_fields = self._signers[caller.access_key_id]
        field = resource.partition("/types/")[2].replace("/fields/", ".")
        return allowed_fields is None or field in allowed_fields


@cache
def _private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _token(issuer: str, sub: str, claims: Mapping[str, Any]) -> str:
    now = int(time.time())
    standard = {"iss": issuer, "sub": sub, "iat": now, "exp": now + _TOKEN_SECONDS}
    return jwt.encode(standard | dict(claims), _private_key(), algorithm="RS256", headers={"kid": _KEY_ID})


def _client(issuer: UserPool | OidcProvider) -> str:
    """Return a client id that the issuer's pattern accepts, when the pattern is a plain id."""
    pattern: re.Pattern[str] | None = issuer.client_pattern
    return pattern.pattern if pattern else "testing"
