"""The OpenAPI document agrees with the API."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from taskbell.api.unicode_text import ONE_LINE
from taskbell.rest.app import METHODS, app
from taskbell.rest.openapi import openapi_document

DOCUMENT = openapi_document(guests=False)
UNDESCRIBED = {("GET", "/openapi.json"), ("GET", "/docs"), ("GET", "/docs/<name>")}


def test_every_route_is_described_and_every_described_one_is_there() -> None:
    there = {(route.method, route.path) for route in app._static_routes + app._dynamic_routes} - UNDESCRIBED
    described = {
        (method.upper(), re.sub(r"\{(\w+)\}", r"<\1>", path))
        for path, operations in DOCUMENT["paths"].items()
        for method in operations
    }
    assert described == there


def test_a_405_lists_the_existing_methods() -> None:
    described = {path: ", ".join(sorted(methods)).upper() for path, methods in DOCUMENT["paths"].items()}
    assert described == {path.replace("<", "{").replace(">", "}"): methods for path, methods in METHODS.items()}


def test_every_reference_leads_somewhere_and_every_schema_is_referred_to() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert {reference.rpartition("/")[2] for reference in _references(DOCUMENT)} == set(schemas)


def test_parameters_are_described_with_their_limits() -> None:
    parameters = {each["name"]: each["schema"] for each in DOCUMENT["paths"]["/tasks"]["get"]["parameters"]}
    assert parameters == {
        "owner_id": {"type": "string", "minLength": 1, "maxLength": 128},
        "status": {"type": "string", "enum": ["Pending", "In Progress", "Completed"]},
        "search": {"type": "string", "maxLength": 200},
        "label": {"type": "string", "minLength": 1, "maxLength": 50, "pattern": ONE_LINE},
        "due": {"type": "string", "enum": ["OVERDUE", "TODAY", "UPCOMING"]},
        "days": {"type": "integer", "minimum": 1, "maximum": 366},
        "has_due_date": {"type": "boolean"},
        "order_by": {"type": "string", "enum": ["CREATED_AT", "DUE_AT", "UPDATED_AT", "PRIORITY", "TITLE", "RANK"]},
        "direction": {"type": "string", "enum": ["ASC", "DESC"]},
        "first": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
        "after": {"type": "string", "maxLength": 2000},
        "since": {"type": "string", "maxLength": 2000},
    }
    assert [each["in"] for each in DOCUMENT["paths"]["/task/{task_id}"]["delete"]["parameters"]] == ["path", "query"]


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/task", "post", "201 400 401 408 409 413 422 429 431 500 503"),
        ("/tasks", "get", "200 401 408 413 422 429 431 500 503"),
        ("/tasks", "post", "202 400 401 408 409 413 422 429 431 500 503"),
        ("/task/{task_id}", "get", "200 401 404 408 413 422 429 431 500 503"),
        ("/task/{task_id}", "put", "200 400 401 404 408 409 413 422 429 431 500 503"),
        ("/task/{task_id}", "delete", "204 401 404 408 409 413 422 429 431 500 503"),
    ],
)
def test_an_operation_lists_its_statuses(path: str, method: str, statuses: str) -> None:
    assert " ".join(DOCUMENT["paths"][path][method]["responses"]) == statuses


def test_signing_in_is_optional_only_where_there_are_guests() -> None:
    assert DOCUMENT["security"] == [{"cognito": []}]
    assert openapi_document(guests=True)["security"] == [{"cognito": []}, {}]
    assert DOCUMENT["components"]["securitySchemes"]["cognito"]["scheme"] == "bearer"


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        node = list(node.values())
    for item in node if isinstance(node, list) else ():
        yield from _references(item)
