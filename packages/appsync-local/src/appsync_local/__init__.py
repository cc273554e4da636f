"""AWS AppSync emulated on this machine: any schema and compiled template, served over HTTP and WebSocket.

    definition = ApiDefinition.from_template(template, resolve, api_id=..., region=..., account_id=...)
    app = create_app(definition, functions={"TasksLambdaFunction": handler})

`app` is an ASGI application. `Functions`, `Iam` and `SigningKeys` are the ports for functions that run elsewhere, for
signatures and for tokens. `appsync_local.testing` and the fixture `appsync_api` start an API without sockets; the
command `appsync-local serve` serves one.
"""

from appsync_local.app import create_app
from appsync_local.errors import UnsupportedFeatureError
from appsync_local.limits import Limits
from appsync_local.protocols import FunctionError, Functions, Iam, IamCaller, SignatureError, SigningKeys
from appsync_local.schema.schema_file import SchemaFile
from appsync_local.template.definition import ApiDefinition
from appsync_local.transport.static_pages import StaticPages

__all__ = [
    "ApiDefinition",
    "FunctionError",
    "Functions",
    "Iam",
    "IamCaller",
    "Limits",
    "SchemaFile",
    "SignatureError",
    "SigningKeys",
    "StaticPages",
    "UnsupportedFeatureError",
    "create_app",
]
