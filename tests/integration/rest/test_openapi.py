"""The OpenAPI document is served, and responses match it."""

import json
import re
from typing import Any

import pytest

from local.settings import CHECKOUT
from taskbell.rest import swagger_ui
from taskbell.rest.app import handler
from taskbell.rest.openapi import openapi_document
from tests.support.aws import Aws
from tests.support.http_api import Ask, Context, request

DOCUMENT = openapi_document(guests=False)


def test_a_task_is_answered_as_described(ask: Ask) -> None:
    made = ask("POST", "/task", {"title": "x"}).body
    described = DOCUMENT["components"]["schemas"]["Task"]
    assert set(made) == set(described["properties"]) == set(described["required"])


def test_the_document_is_served_where_the_stage_shows_it(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_PAGE", "shown")
    response = ask("GET", "/openapi.json", None, None)
    assert (response.status, response.body) == (200, json.loads(json.dumps(DOCUMENT)))


def test_the_page_and_all_that_it_loads_are_served_and_nothing_from_elsewhere(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_PAGE", "shown")
    monkeypatch.setattr(swagger_ui, "FOLDER", CHECKOUT / "node_modules/swagger-ui-dist")

    def get(path: str) -> dict[str, Any]:
        return handler(request("GET", path, claims=None), Context())  # type: ignore[arg-type]

    page = get("/docs")
    loaded = re.findall(r'(?:src|href)="(/[^"]+)"', page["body"])
    assert sorted(loaded) == ["/docs/start.js", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"]
    assert [get(path)["statusCode"] for path in loaded] == [200, 200, 200]
    assert get("/docs/other.js")["statusCode"] == 404
    assert swagger_ui.swagger_ui_file("../answers.py") is None
    assert "http" not in page["headers"]["Content-Security-Policy"]
