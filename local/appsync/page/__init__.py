"""The GraphiQL page and the few files that it needs; nothing of it comes from the internet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from local.appsync.page.examples import examples

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


class Page:
    """Serves `/` and, by name, the assets out of a folder (node_modules)."""

    def __init__(self, folder: Path, schema: GraphQLSchema) -> None:
        self._examples = orjson.dumps(examples(schema))
        self._files = {f"/assets/{name}": folder / name for name in ASSETS} | {"/": _INDEX}

    def find(self, path: str) -> tuple[bytes, bytes] | None:
        """Answer the content and its type; None for every path that is not on the list or not installed."""
        if path == "/assets/examples.json":
            return self._examples, b"application/json"
        file = self._files.get(path)
        if file is None or not file.is_file():
            return None
        return file.read_bytes(), _KINDS.get(file.suffix, b"text/html; charset=utf-8")
