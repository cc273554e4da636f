"""The HTTP API of the running system, from the deployed template."""

import aiohttp
from appsync_local.transport.origin import OriginGuard

from local.deployment import Deployment
from local.http_api.app import HttpApiApp
from local.http_api.definition import HttpApi
from local.lambda_functions import LambdaFunctions
from local.settings import CHECKOUT, Settings
from local.users import PoolKeys, Users

API_ID = "taskbellrest"


def make_rest_app(settings: Settings, http: aiohttp.ClientSession, deployment: Deployment, users: Users) -> OriginGuard:
    """The ASGI application. Raises UnsupportedFeatureError."""
    api = HttpApi.from_template(
        deployment.template, deployment.references.resolve, api_id=API_ID, account=settings.account
    )
    app = HttpApiApp(
        api,
        functions=LambdaFunctions(settings, http, deployment.physical),
        keys=PoolKeys(settings, http, users.pool),
        page=CHECKOUT / "node_modules/swagger-ui-dist",
        api_key=deployment.api_values.api_key,
    )
    return OriginGuard(app, settings.allowed_origins)
