"""The push, as AppSync gets it. A small HTTP server of the standard library would need a socket: a pool stands in."""

import json
from io import BytesIO
from typing import Any

import boto3
import pytest
import urllib3

from taskbell.adapters.appsync_publisher import AppSyncApi, AppSyncPublisher, InvalidPushError
from taskbell.api.graphql_documents import push_document
from taskbell.domain.events import event_between
from taskbell.domain.exceptions import UnavailableError
from tests.support.examples import example_task

EVENT = event_between(None, example_task())


class _Pool:
    """Returns one response to every request and records the last."""

    def __init__(self, status: int, data: bytes = b"{}", error: Exception | None = None) -> None:
        self.answer = urllib3.HTTPResponse(body=BytesIO(data), preload_content=False, status=status)
        self.error = error
        self.request_seen: dict[str, Any] = {}

    def request(self, method: str, url: str, **request: Any) -> urllib3.HTTPResponse:
        self.request_seen = {"method": method, "url": url, **request}
        if self.error:
            raise self.error
        return self.answer


def publisher(pool: _Pool) -> AppSyncPublisher:
    session = boto3.Session("AKIDEXAMPLE", "not-a-secret", "token", "eu-central-1")
    api = AppSyncApi(session, "https://api.example/graphql", pool)  # type: ignore[arg-type]
    return AppSyncPublisher(api, push_document)


def test_the_push_is_signed_for_appsync() -> None:
    pool = _Pool(200, b'{"data": {"publishTaskEvent": {"taskId": "essay"}}}')
    publisher(pool).publish(EVENT, EVENT.task, "cursor", None)
    headers = pool.request_seen["headers"]
    assert "/eu-central-1/appsync/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "token"
    assert json.loads(pool.request_seen["body"])["variables"]["event"]["taskId"] == "Task:ada:essay"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, b'{"errors": []}'),
        (403, b"{}"),
        (429, b"{}"),
        (500, b""),
        (503, b"<html>"),
        (200, b'{"data": null, "errors": [{"errorType": "UnauthorizedException", "message": "no"}]}'),
        (200, b'{"data": null, "errors": [{"message": "no"}, {"errorType": "InternalFailure", "message": "no"}]}'),
    ],
)
def test_a_push_that_is_not_confirmed_can_be_made_later(status: int, body: bytes) -> None:
    with pytest.raises(UnavailableError, match=str(status)):
        publisher(_Pool(status, body)).publish(EVENT, EVENT.task, "cursor", None)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b'{"errors": [{"errorType": "MalformedHttpRequestException"}]}'),
        (200, b'{"data": null, "errors": [{"message": "Variable \'event\' has an invalid value."}]}'),
        (200, b'{"data": null, "errors": [{"errorType": "ValidationError", "message": "no"}]}'),
    ],
)
def test_a_push_that_is_refused_for_its_content_is_a_failure_of_the_event(status: int, body: bytes) -> None:
    with pytest.raises(InvalidPushError, match=str(status)):
        publisher(_Pool(status, body)).publish(EVENT, EVENT.task, "cursor", None)


def test_a_push_without_connection_fails() -> None:
    with pytest.raises(UnavailableError, match="could not be made"):
        publisher(_Pool(200, error=urllib3.exceptions.ProtocolError("gone"))).publish(EVENT, EVENT.task, "cursor", None)
