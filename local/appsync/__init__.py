"""AppSync played on a laptop: any schema and compiled template, served over HTTP and WebSocket.

    api = ApiDefinition.from_template(template, resolve, api_id=..., region=..., account_id=...)
    app = create_app(api, functions={"TasksLambdaFunction": handler})

`README.md` has a whole example. `app` is an ASGI application for any server; `ports` says what it is given besides, for
signatures, tokens and functions that are elsewhere. With `serving.server_options`
uvicorn serves it fastest, `tls.certificate` makes a certificate for clients that insist on TLS,
`keys.KeptKeys` keeps the keys that tokens are signed with, and `discovery.DiscoveredKeys` finds those of OpenID Connect
providers.
"""

from .app import create_app
from .definition import ApiDefinition
from .limits import Limits
from .page import LocalPage
from .settings import UnsupportedSetting

__all__ = ["ApiDefinition", "Limits", "LocalPage", "UnsupportedSetting", "create_app"]
