"""The built pages of `web/`: the board at `/`, the explorer at `/graphiql`, the operator's page at `/ops`."""

from collections.abc import Mapping
from typing import Any, Final

from appsync_local import StaticPages

from local.settings import CHECKOUT

OUTPUTS = "/amplify_outputs.json"
# GraphiQL's editor makes style elements; scripts come from files alone. 'self' is the WebSocket's origin, too.
CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


def web_pages() -> StaticPages:
    """What `make start` built into `web/dist`."""
    return StaticPages(CHECKOUT / "web/dist", CONTENT_SECURITY_POLICY)


def outputs_for_page(outputs: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """Amplify's outputs for a page of this origin, which calls the API and signs in there."""
    return {
        **outputs,
        "data": {**outputs["data"], "url": f"{origin}/graphql"},
        "custom": {"userPoolEndpoint": f"{origin}/cognito-idp"},
    }
