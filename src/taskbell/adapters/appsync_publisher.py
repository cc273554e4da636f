"""Pushes with AppSync's mutations of the pipeline, signed with the function's credentials."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import boto3
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from taskbell.application.ports import NotificationPush
from taskbell.application.serialization import Document
from taskbell.domain.events import TaskEvent
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.task import Task

# Subscribers receive only what a mutation selects, so it selects everything; a test compares it with schema.graphql.
_TASK = """{
    id key ownerId title description status priority labels dueAt dueOn timeZone remindBefore
    remindAt overdue completedAt completedLate createdAt updatedAt deletedAt restorableUntil version
    processing { state step error startedAt finishedAt }
    parentId rank listId sectionId progress { total completed }
    recurrence { rrule freq interval count until byMonth byMonthDay byDay bySetPos wkst afterCompletion }
  }"""
PUBLISH = """mutation Publish($event: TaskEventPayloadInput!) { publishTaskEvent(event: $event) {
  ownerId taskId listId type status cursor
  event { id taskId ownerId version at type status previousStatus actor changes { field before after } }
  task TASK
} }""".replace("TASK", _TASK)
PUBLISH_NOTIFICATION = """mutation PublishNotification($event: NotificationPushInput!) {
  publishNotification(event: $event) {
    ownerId version dismissed readUntil
    notification { id taskId at sentAt title dueAt read task TASK }
  }
}""".replace("TASK", _TASK)

_TIMEOUT = urllib3.Timeout(connect=1, read=3)


# A GraphQL error that is due to the request's content; AppSync names no type for a variable that it cannot coerce.
_ERRORS_OF_EVENTS = (None, "BadRequestException", "MalformedHttpRequestException", "ValidationError")


class InvalidPushError(Exception):
    """AppSync refused an event because of its content."""


@dataclass(frozen=True, slots=True)
class AppSyncApi:
    """Sends mutations to AppSync: one signed HTTPS request each, over a persistent connection."""

    session: boto3.Session
    url: str
    pool: urllib3.PoolManager

    def mutate(self, query: str, event: Document) -> None:
        """Send a mutation with the variable `event`.

        Raises:
            UnavailableError: AppSync did not answer, or refused the caller.
            InvalidPushError: AppSync refused this event.
        """
        body = json.dumps({"query": query, "variables": {"event": event}})
        try:
            response = self.pool.request(
                "POST", self.url, body=body, headers=self._signed(body), timeout=_TIMEOUT, retries=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise UnavailableError(f"The push could not be made: {error}") from error
        detail = f"The push was rejected: {response.status} {response.data[:500].decode(errors='replace')}"
        if response.status in {400, 413}:
            raise InvalidPushError(detail)
        if response.status != 200:
            raise UnavailableError(detail)
        if errors := json.loads(response.data).get("errors"):
            of_event = all(error.get("errorType") in _ERRORS_OF_EVENTS for error in errors)
            raise (InvalidPushError if of_event else UnavailableError)(detail)

    def _signed(self, body: str) -> dict[str, str]:
        request = AWSRequest("POST", self.url, {"Content-Type": "application/json"}, body)
        credentials = self.session.get_credentials()
        if credentials is None:
            raise UnavailableError("There are no AWS credentials to sign the push with.")
        SigV4Auth(credentials, "appsync", self.session.region_name).add_auth(request)
        return dict(request.headers.items())


@dataclass(frozen=True, slots=True)
class AppSyncPublisher:
    """Implements `Publisher`. `document` returns what is pushed of an event, the task now, a cursor, and a list."""

    api: AppSyncApi
    document: Callable[[TaskEvent, Task, str, str | None], Document]

    def publish(self, event: TaskEvent, task: Task, cursor: str, list_id: str | None) -> None:
        """Push an event. Raises what `AppSyncApi.mutate` raises."""
        self.api.mutate(PUBLISH, self.document(event, task, cursor, list_id))


@dataclass(frozen=True, slots=True)
class AppSyncNotificationPublisher:
    """Implements `NotificationPublisher`. `document` returns what is pushed."""

    api: AppSyncApi
    document: Callable[[NotificationPush], Document]

    def publish(self, push: NotificationPush) -> None:
        """Push to the owner's subscribers. Raises what `AppSyncApi.mutate` raises."""
        self.api.mutate(PUBLISH_NOTIFICATION, self.document(push))
