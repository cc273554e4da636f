"""What the OpenAPI document describes is accepted, what it does not is refused, and every response is described.

schemathesis makes the requests, always the same ones; they pass the emulated HTTP API and reach the function.
"""

from pathlib import Path
from typing import Any

import schemathesis
from appsync_local.execution.in_process import InProcessFunctions
from appsync_local.protocols import DenyAll
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from local.http_api.app import HttpApiApp
from local.http_api.definition import HttpApi, Route
from taskbell.rest.app import handler
from taskbell.rest.openapi import openapi_document
from tests.support.aws import Aws
from tests.support.http_api import ADA, Context

DOCUMENT = openapi_document(guests=True)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)


def serve(event: Any, _context: None) -> Any:
    """The function, for a caller that the authorizer has verified."""
    event["requestContext"]["authorizer"] = {"jwt": {"claims": ADA, "scopes": None}}
    return handler(event, Context())  # type: ignore[arg-type]


ROUTES = tuple(
    Route(f"{method.upper()} {path}", "Serve", None)
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
)
API = HttpApi("api1", "0" * 12, (*ROUTES, Route("$default", "Serve", None)))
SCHEMA.app = HttpApiApp(API, InProcessFunctions({"Serve": serve}), DenyAll(), Path(), api_key="key")


@SCHEMA.parametrize()
@settings(
    max_examples=40, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)  # fmt: skip
def test_the_api_and_its_description_agree(aws: Aws, case: Any) -> None:
    response = case.call()
    undescribed = {"after", "since", "due", "days"} & set(case.query or {})  # cursors, and what goes with what
    excluded: list[Any] = [positive_data_acceptance] if undescribed else []
    if response.status_code == 431:
        excluded.append(negative_data_rejection)  # which does not know that this is a refusal
    case.validate_response(response, excluded_checks=excluded)
