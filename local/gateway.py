"""The gateway in this process: AppSync emulated from the deployed template, the user pool's endpoint, the pages."""

from collections.abc import Awaitable, Callable, Mapping

import aiohttp
import orjson
from appsync_local import ApiDefinition, SchemaFile, create_app
from appsync_local.headers import named_headers
from appsync_local.transport.asgi import Receive, Scope, Send, respond
from appsync_local.transport.origin import CROSS_ORIGIN, OriginGuard, is_same_origin

from local.appsync_metrics import AppSyncMetrics
from local.connection import Connection
from local.deployment import Deployment
from local.iam import LocalIam
from local.lambda_functions import LambdaFunctions
from local.loopback import is_same_user
from local.settings import CHECKOUT, Settings
from local.user_pool import PATH, UserPoolEndpoint
from local.users import PoolKeys, Users
from local.web_pages import OUTPUTS, outputs_for_page, web_pages

_FOR_OUR_USER = "/local/"
_JSON = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
_CALLERS, _TOKENS = f"{_FOR_OUR_USER}connection", f"{_FOR_OUR_USER}token/"
Route = Callable[[str], Awaitable[tuple[int, dict[str, object]]]]


def make_gateway(
    settings: Settings,
    http: aiohttp.ClientSession,
    deployment: Deployment,
    users: Users,
    connection: Connection,
    *,
    metrics: AppSyncMetrics,
    report: Callable[[str], None],
) -> "GatewayApp":
    """The ASGI application; `report` gets what becomes of changes of schema.graphql while it is served."""
    api_values = deployment.api_values
    api = ApiDefinition.from_template(
        deployment.template,
        deployment.references.resolve,
        api_id=api_values.api_id,
        region=api_values.region,
        account_id=api_values.account,
    )
    appsync = create_app(
        api,
        schema_file=SchemaFile(CHECKOUT / "schema.graphql", report),
        functions=LambdaFunctions(settings, http, deployment.physical),
        iam=LocalIam(settings, http),
        signing_keys=PoolKeys(settings, http, users.pool),
        pages=web_pages(),
        extra_routes=_routes(users, connection),
        allowed_origins=settings.allowed_origins,
        meter=metrics,
    )
    outputs = OriginGuard(OutputsEndpoint(connection))
    return GatewayApp(appsync, OriginGuard(UserPoolEndpoint(settings, http), settings.allowed_origins), outputs)


class GatewayApp:
    """The ASGI application of the gateway's ports: AppSync, the user pool's endpoint, and private paths."""

    def __init__(self, appsync: OriginGuard, user_pool: OriginGuard, outputs: OriginGuard) -> None:
        self._appsync = appsync
        self._user_pool = user_pool
        self._outputs = outputs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, one WebSocket, or the lifespan events."""
        path = scope.get("path", "")
        if path == PATH:
            await self._user_pool(scope, receive, send)
        elif (path == OUTPUTS or path.startswith(_FOR_OUR_USER)) and not is_same_user(scope["client"], scope["server"]):
            await respond(send, 403, b'{"message":"Only for the user who runs this system."}', [])
        elif path == OUTPUTS and scope["type"] == "http":
            await self._outputs(scope, receive, send)
        else:
            await self._appsync(scope, receive, send)


class OutputsEndpoint:
    """`GET /amplify_outputs.json`, which configures the pages: for pages of this gateway and for programs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers, scheme = named_headers(scope["headers"]), scope.get("scheme", "http")
        if scope.get(CROSS_ORIGIN) or not is_same_origin(headers, scheme):
            await respond(send, 403, b'{"message":"Only for pages of this gateway."}', _JSON)
        elif scope["method"] != "GET":
            await respond(send, 405, b'{"message":"Only GET is served here."}', _JSON)
        else:
            outputs = outputs_for_page(self._connection.amplify_outputs, f"{scheme}://{headers['host']}")
            await respond(send, 200, orjson.dumps(outputs), _JSON)


def _routes(users: Users, connection: Connection) -> Mapping[str, Route]:
    async def get_connection(_path: str) -> tuple[int, dict[str, object]]:
        return 200, connection.public

    async def get_tokens(path: str) -> tuple[int, dict[str, object]]:
        name = path.rpartition("/")[2]
        tokens = await users.tokens(name)
        known = ", ".join(user.name for user in users.all)
        return (200, tokens) if tokens else (404, {"message": f"No user is called {name!r}; there are {known}."})

    return {_CALLERS: get_connection, _TOKENS: get_tokens}
