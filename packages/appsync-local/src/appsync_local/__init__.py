"""AppSync played on a laptop: any schema and compiled template, served over HTTP and WebSocket.

    api = ApiDefinition.from_template(template, resolve, api_id=..., region=..., account_id=...)
    app = create_app(api, functions={"TasksLambdaFunction": handler})

`README.md` has a whole example. `app` is an ASGI application for any server; `protocols` says what it is given
besides, for signatures, tokens and functions that are elsewhere. With `transport.uvicorn.server_options` uvicorn serves
it fastest, `transport.tls.certificate` makes a certificate for clients that insist on TLS, `auth.jwks.JwksCache` keeps
the keys that tokens are signed with, and `auth.oidc_discovery.OidcJwksCache` finds those of OpenID Connect providers.
"""

from appsync_local.app import create_app
from appsync_local.errors import UnsupportedFeatureError
from appsync_local.graphiql import GraphiqlPage
from appsync_local.limits import Limits
from appsync_local.template.definition import ApiDefinition

__all__ = ["ApiDefinition", "GraphiqlPage", "Limits", "UnsupportedFeatureError", "create_app"]
