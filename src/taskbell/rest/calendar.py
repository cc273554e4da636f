"""Serves calendar feeds. Who knows the secret in a feed's address may read it: the route has no authorizer.

Nothing here logs the address, and nothing tells a wrong secret from one that was renewed.
"""

import base64
import gzip
import re
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskbell import bootstrap
from taskbell.api.icalendar_feed import calendar_of
from taskbell.domain.calendar_feed import MAX_TASKS, hashed
from taskbell.domain.exceptions import TaskError

logger = Logger()

_FORMAT = "1"  # changes with what the same tasks are written as
_FILE = re.compile(r"([A-Za-z0-9_-]{43})\.ics")
_PRIVATE = {
    "cache-control": "private, max-age=300",
    "vary": "accept-encoding",
    "x-robots-tag": "noindex",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_CALENDAR = {
    "content-type": "text/calendar; charset=utf-8",
    "content-disposition": 'inline; filename="taskbell.ics"',
}

Response = dict[str, Any]


def serve(event: Mapping[str, Any]) -> Response:
    """Return the calendar, 304 if the caller has it, or 404 if no feed has this secret."""
    found = _FILE.fullmatch((event.get("pathParameters") or {}).get("file", ""))
    reader = bootstrap.calendar_feed_reader()
    owner_id = reader.owner_of(hashed(found[1])) if found else None
    if owner_id is None:
        return _message(HTTPStatus.NOT_FOUND, "There is no such calendar.")
    headers = _PRIVATE | {"etag": _entity_tag(owner_id, reader.position(owner_id))}
    sent = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if _matches(sent.get("if-none-match", ""), headers["etag"]):
        return {"statusCode": HTTPStatus.NOT_MODIFIED.value, "headers": headers, "body": ""}
    headers |= _CALENDAR
    if event["requestContext"]["http"]["method"] == "HEAD":
        return {"statusCode": HTTPStatus.OK.value, "headers": headers, "body": ""}
    calendar = calendar_of(reader.open_tasks(owner_id, MAX_TASKS))
    return _compressed(calendar, headers, sent.get("accept-encoding", ""))


def _entity_tag(owner_id: str, position: str) -> str:
    """Return the weak tag of the tasks as of a place in the log: they change with a later place only."""
    return f'W/"{sha256(f"{_FORMAT} {owner_id} {position}".encode()).hexdigest()[:32]}"'


def _matches(condition: str, tag: str) -> bool:
    """Return whether If-None-Match names the tag; RFC 9110 compares weakly there."""
    opaque = tag.removeprefix("W/")
    return condition.strip() == "*" or opaque in {each.strip().removeprefix("W/") for each in condition.split(",")}


def _compressed(calendar: bytes, headers: dict[str, str], accepted: str) -> Response:
    """Return the calendar, compressed for callers that take it: a thousand events are a megabyte otherwise."""
    if not re.search(r"(?i)\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted):
        return {"statusCode": HTTPStatus.OK.value, "headers": headers, "body": calendar.decode()}
    body = base64.b64encode(gzip.compress(calendar, mtime=0)).decode()
    encoded = headers | {"content-encoding": "gzip"}
    return {"statusCode": HTTPStatus.OK.value, "headers": encoded, "body": body, "isBase64Encoded": True}


def _message(status: HTTPStatus, text: str, **headers: str) -> Response:
    plain = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **headers}
    return {"statusCode": status.value, "headers": plain, "body": text}


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> Response:
    """Handle an event of the Lambda function serveCalendar."""
    try:
        return serve(event)
    except TaskError:
        return _message(HTTPStatus.SERVICE_UNAVAILABLE, "Try again later.", **{"retry-after": "60"})
    except Exception:
        logger.exception("A request failed.")
        request_id = context.aws_request_id
        return _message(HTTPStatus.INTERNAL_SERVER_ERROR, f"Something went wrong on our side. Request {request_id}.")
