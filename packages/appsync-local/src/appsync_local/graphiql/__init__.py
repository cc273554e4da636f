"""The GraphiQL page and the few files that it needs; nothing of it comes from the internet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from appsync_local.graphiql.examples import examples

if TYPE_CHECKING:
    from graphql import GraphQLSchema

_INDEX = Path(__file__).with_name("index.html")
_KINDS = {".js": b"text/javascript; charset=utf-8", ".css": b"text/css; charset=utf-8"}
ASSETS = (
    "graphiql/graphiql.min.js",
    "graphiql/graphiql.min.css",
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "graphql-ws/umd/graphql-ws.min.js",
)


@dataclass(frozen=True, slots=True)
class GraphiqlPage:
    """Settings of the page.

    Attributes:
        assets: The folder with the page's scripts (node_modules).
        callers: The path of an extra route that returns `{apiKey, users: [{name, groups}]}`. Without it whoever opens
            the page types an API key.
        tokens: A path that ends with a slash, of an extra route that returns `{accessToken, expiresIn}` (seconds) below
            it for a user's name.
        sample: The value of each required id or string in the first examples.
    """

    assets: Path
    callers: str | None = None
    tokens: str | None = None
    sample: str = "1"


class GraphiqlFiles:
    """Serves `/` and, by name, the assets."""

    def __init__(self, page: GraphiqlPage) -> None:
        self._page = page
        self._files = {f"/assets/{name}": page.assets / name for name in ASSETS} | {"/": _INDEX}

    def find(self, path: str, schema: GraphQLSchema) -> tuple[bytes, bytes] | None:
        """Return the content of a path and its type; None when the path is not listed, or its file not installed."""
        if path == "/assets/settings.json":
            return self._settings(schema), b"application/json"
        file = self._files.get(path)
        if file is None or not file.is_file():
            return None
        return file.read_bytes(), _KINDS.get(file.suffix, b"text/html; charset=utf-8")

    def _settings(self, schema: GraphQLSchema) -> bytes:
        page = self._page
        return orjson.dumps({"callers": page.callers, "tokens": page.tokens, "tabs": examples(schema, page.sample)})
