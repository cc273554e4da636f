"""The built pages of `web/`: the board at `/`, the explorer at `/graphiql`, the operator's page at `/ops`."""

from collections.abc import Mapping
from typing import Any

from appsync_local import StaticPages

from local.page_headers import PageHeaders
from local.settings import CHECKOUT

OUTPUTS = "/amplify_outputs.json"


def web_pages() -> StaticPages:
    """What `make start` built into `web/dist`."""
    return StaticPages(CHECKOUT / "web/dist", PageHeaders.read().of)


def outputs_for_page(outputs: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """Amplify's outputs for a page of this origin, which calls the API and signs in there."""
    return {
        **outputs,
        "data": {**outputs["data"], "url": f"{origin}/graphql"},
        "custom": {"userPoolEndpoint": f"{origin}/cognito-idp"},
    }
