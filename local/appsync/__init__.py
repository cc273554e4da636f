"""AppSync played on a laptop: any schema and compiled template, served over HTTP and WebSocket.

    api = ApiDefinition.from_template(template, resolve, api_id=..., region=..., account_id=...)
    app = create_app(api, functions={"TasksLambdaFunction": handler})

`README.md` has a whole example. `app` is an ASGI application for any server; `ports` says what it is given besides, for
signatures, tokens and functions that are elsewhere. With `serving.server_options`
uvicorn serves it fastest, `tls.certificate` makes a certificate for clients that insist on TLS,
`keys.KeptKeys` keeps the keys that tokens are signed with, and `discovery.DiscoveredKeys` finds those of OpenID Connect
providers.
"""

from local.appsync.app import create_app
from local.appsync.definition import ApiDefinition
from local.appsync.limits import Limits
from local.appsync.page import LocalPage
from local.appsync.settings import UnsupportedSetting

__all__ = ["ApiDefinition", "Limits", "LocalPage", "UnsupportedSetting", "create_app"]
