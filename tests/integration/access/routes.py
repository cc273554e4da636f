"""Requests to the routes of the HTTP API, from its OpenAPI document and the arguments that the page names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from taskbell.rest.openapi import openapi_document
from tests.integration.access.apis import Answer, Apis
from tests.integration.access.callers import Headers
from tests.integration.access.operations import Path_
from tests.integration.access.policy import ARGUMENTS

_CHANGES: Mapping[str, object] = {"title": "Changed", "status": "Completed"}


@cache
def document() -> Mapping[str, Any]:
    """The OpenAPI document."""
    return openapi_document(guests=True)


def documented() -> list[str]:
    """The routes of the document, as `METHOD /path`."""
    return [f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods]


def _name(value: object) -> object:
    """What this API calls what an id of the GraphQL API names."""
    return value.rpartition(":")[2] if isinstance(value, str) and value.startswith("Task:") else value


@dataclass(frozen=True)
class Route:
    """A route, as `METHOD /path`."""

    key: str
    cloud: bool = False

    def __str__(self) -> str:
        return self.key

    @property
    def places(self) -> Mapping[str, str]:
        """Where each parameter stands: path, query or body."""
        method, _, path = self.key.partition(" ")
        described = document()["paths"][path][method.lower()]
        found = {each["name"]: each["in"] for each in described.get("parameters", ())}
        if body := described.get("requestBody"):
            name = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            found |= dict.fromkeys(document()["components"]["schemas"][name]["properties"], "body")
        return found

    @property
    def naming(self) -> Mapping[Path_, str]:
        """The parameters that name something, and what they name."""
        found = {name: ARGUMENTS.get((self.key, name)) for name in self.places}
        return {(name,): names for name, names in found.items() if names}

    async def ask(self, apis: Apis, headers: Headers, values: Mapping[Path_, object]) -> Answer:
        """Send a request."""
        given = {path[0]: _name(value) for path, value in values.items()}
        parts = {
            place: {name: given[name] for name in self.places if self.places[name] == place and name in given}
            for place in ("path", "query", "body")
        }
        fields = {name: value for name, value in _CHANGES.items() if self.places.get(name) == "body"}
        body = fields | parts["body"] if "body" in self.places.values() else None
        return await apis.rest(self.key, headers, path=parts["path"], query=parts["query"], body=body, cloud=self.cloud)
