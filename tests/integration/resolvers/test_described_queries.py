"""What the schema allows is answered, and no answer is a fault.

schemathesis makes the queries and mutations, always the same ones; they pass the local AppSync and reach the functions.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from appsync_local.testing import API_KEY
from graphql import StringValueNode, build_schema, introspection_from_schema
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from resolvers import (
    find_students,
    follow_calendars,
    manage_dead_letters,
    observe_pipeline,
    read_tasks,
    write_tasks,
)
from tests.support.aws import Aws
from tests.support.graphql_api import make_graphql_api
from tests.support.lambdas import CONTEXT

CONTRACT = (Path(__file__).parents[3] / "schema.graphql").read_text()
INSTANTS = ["2027-01-15T18:00:00+01:00", "2026-11-24T09:30:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"]
# Of refusals: AppSync's words and types, and the functions' codes. A fault has none of them.
EXPECTED = "Validation error of type "
EXPECTED_TYPES = {"Unauthorized", "QueryDepthLimitReached", "ResolverExecutionLimitReached"}
EXPECTED_TYPES |= {"VALIDATION", "FORBIDDEN", "LIMIT_EXCEEDED"}

schemathesis.graphql.scalar("AWSDateTime", st.sampled_from(INSTANTS).map(lambda text: StringValueNode(value=text)))
SCHEMA = schemathesis.graphql.from_dict(
    {**introspection_from_schema(build_schema(f"scalar AWSDate scalar AWSDateTime {CONTRACT}", assume_valid_sdl=True))}
)
SCHEMA.app = Any  # an application takes the requests, which is there later


def called(handler: Callable[[Any, Any], Any]) -> Any:
    """The handler as a coroutine function: one event at a time, as in Lambda."""

    async def call(event: Any, _context: None) -> Any:
        return handler(event, CONTEXT)

    return call


@pytest.fixture(scope="module")
def app(compiled_file: Callable[[str], Path]) -> Any:
    """The application of the API."""
    template = json.loads(compiled_file("local").read_text())
    handlers = {"ReadTasks": read_tasks, "WriteTasks": write_tasks, "FollowCalendars": follow_calendars}
    handlers["FindStudents"] = find_students
    handlers |= {"ManageDeadLetters": manage_dead_letters, "ObservePipeline": observe_pipeline}
    functions = {f"{name}LambdaFunction": called(module.handler) for name, module in handlers.items()}
    return make_graphql_api(template, functions).app


@SCHEMA.parametrize()
@settings(
    max_examples=20, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)  # fmt: skip
def test_no_query_that_the_schema_allows_ends_in_a_fault(aws: Aws, app: Any, case: Any) -> None:
    response = case.call(base_url="http://127.0.0.1/graphql", headers={"x-api-key": API_KEY}, app=app)
    body = response.json()
    assert response.status_code == 200, body
    for error in body.get("errors", ()):
        is_expected = error["message"].startswith(EXPECTED) or error.get("errorType") in EXPECTED_TYPES
        assert is_expected, (case.body, error)
