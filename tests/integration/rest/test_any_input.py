"""Any request is served or rejected, and never an internal error."""

import base64
import json
from http import HTTPStatus
from urllib.parse import urlencode

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from taskbell.api.error_messages import DEFAULT_MESSAGE
from tests.support.aws import Aws
from tests.support.http_api import answered, request

ODD = ["", "essay", "In Progress", "true", "1.0", "NaN", "a\x00b", "\ud800", "x" * 11_000]
TEXTS = st.sampled_from(ODD) | st.text()
NUMBERS = st.sampled_from([0, 1, -1, 10**30, 1.0, 0.5, float("nan"), float("inf"), True]) | st.integers()
NAMES = st.sampled_from(["title", "description", "task_id", "taskID", "status", "expected_version"])
NAMES_OF_A_QUERY = st.sampled_from(["status", "first", "after", "owner_id", "expected_version"])
PATHS = st.sampled_from(["/task", "/tasks", "/task/essay", "/docs", "/openapi.json", "/"]) | TEXTS.map(
    "/task/{}".format
)


def encoded(query: dict[str, str]) -> str:
    return urlencode(query, errors="replace")


values = st.recursive(
    st.none() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
bodies = (
    st.dictionaries(NAMES | st.text(max_size=3), values, max_size=4).map(json.dumps)
    | st.fixed_dictionaries({"title": TEXTS}, optional={"task_id": st.just("essay"), "description": TEXTS}).map(
        json.dumps
    )
    | values.map(json.dumps)
    | TEXTS
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]),
    path=PATHS,
    body=bodies | st.binary(max_size=20),
    query=st.dictionaries(NAMES_OF_A_QUERY | st.text(max_size=3), TEXTS, max_size=3).map(encoded) | st.text(),
)
@example(method="POST", path="/task", body='{"title": "\ud800"}', query="")
def test_no_request_whatever_it_holds_ends_in_a_fault(
    aws: Aws, method: str, path: str, body: str | bytes, query: str
) -> None:
    sent = base64.b64encode(body).decode() if isinstance(body, bytes) else body
    event = request(method, path, sent) | {"isBase64Encoded": isinstance(body, bytes), "rawQueryString": query}
    response = answered(event)
    assert response.status < HTTPStatus.INTERNAL_SERVER_ERROR
    json.dumps(response.body, ensure_ascii=False).encode()
    assert DEFAULT_MESSAGE not in [error["message"] for error in (response.body or {}).get("errors", ())]
