"""The HTTP API of the running system: its socket, and the application from the deployed template."""

import socket

import aiohttp
from appsync_local.transport.origin import OriginGuard

from local.deployment import Deployment
from local.exclusive import AlreadyTaken
from local.lambda_functions import LambdaFunctions
from local.rest.app import RestApp
from local.rest.definition import HttpApi
from local.settings import CHECKOUT, LOOPBACK, Settings
from local.users import PoolKeys, Users

API_ID = "taskbellrest"


def listen(settings: Settings) -> socket.socket:
    """The API's socket, listening. Raises AlreadyTaken."""
    try:
        listening = socket.create_server((LOOPBACK, settings.rest_port), backlog=2048)
    except OSError as error:
        reason = f"Port {settings.rest_port} is not free ({error.strerror})."
        raise AlreadyTaken(f"{reason} Choose another one with REST_PORT.") from error
    listening.setblocking(False)
    return listening


def make_rest_app(settings: Settings, http: aiohttp.ClientSession, deployment: Deployment, users: Users) -> OriginGuard:
    """The ASGI application. Raises CannotPlay."""
    api = HttpApi.from_template(
        deployment.template, deployment.references.resolve, api_id=API_ID, account=settings.account
    )
    app = RestApp(
        api,
        functions=LambdaFunctions(settings, http, deployment.physical),
        keys=PoolKeys(settings, http, users.pool),
        page=CHECKOUT / "node_modules/swagger-ui-dist",
        api_key=deployment.gateway.api_key,
    )
    return OriginGuard(app, settings.allowed_origins)
