"""AppSync played on a laptop: any schema and compiled template, served over HTTP and WebSocket.

    api = ApiDefinition.from_template(template, resolve, api_id=..., region=..., account_id=...)
    app = create_app(api, schema=sdl, functions=..., iam=..., signing_keys=..., page=node_modules)

`app` is an ASGI application for any server; `local.appsync.ports` says what it is given. With `serving.server_options`
uvicorn serves it fastest, `tls.certificate` makes a certificate for clients that insist on TLS,
`keys.KeptKeys` keeps the keys that tokens are signed with, and `discovery.DiscoveredKeys` finds those of OpenID Connect
providers.
"""

from local.appsync.app import create_app
from local.appsync.definition import ApiDefinition
from local.appsync.limits import Limits
from local.appsync.settings import UnsupportedSetting

__all__ = ["ApiDefinition", "Limits", "UnsupportedSetting", "create_app"]
