"""Pushes events: AppSync's mutation `publishTaskEvent`, signed with the function's own credentials."""

import json
from dataclasses import dataclass

import boto3
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from taskbell.application.serialization import public_event
from taskbell.domain.events import TaskEvent
from taskbell.domain.exceptions import UnavailableError

# Subscribers get only what this mutation selects, so it selects all; a test holds it against schema.graphql.
PUBLISH = """mutation Publish($event: TaskEventInput!) { publishTaskEvent(event: $event) {
  id taskId ownerId version at type status previousStatus actor changes { field before after }
  task {
    id ownerId title description status priority labels dueAt timeZone remindBefore overdue completedAt
    completedLate createdAt updatedAt deletedAt version processing { state step error startedAt finishedAt }
    parentId progress { total completed }
    recurrence { frequency interval weekdays dayOfMonth until }
  }
} }"""

_TIMEOUT = urllib3.Timeout(connect=1, read=3)


@dataclass(frozen=True, slots=True)
class AppSyncPublisher:
    """The port `Publisher`. One call for each event, over a connection that stays open."""

    session: boto3.Session
    url: str
    pool: urllib3.PoolManager

    def publish(self, event: TaskEvent) -> None:
        """See the port. Raises Unavailable if AppSync does not confirm the push."""
        body = json.dumps({"query": PUBLISH, "variables": {"event": public_event(event)}})
        try:
            answer = self.pool.request(
                "POST", self.url, body=body, headers=self._signed(body), timeout=_TIMEOUT, retries=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise UnavailableError(f"The push could not be made: {error}") from error
        if answer.status != 200 or json.loads(answer.data).get("errors"):
            raise UnavailableError(
                f"The push was refused: {answer.status} {answer.data[:500].decode(errors='replace')}"
            )

    def _signed(self, body: str) -> dict[str, str]:
        request = AWSRequest("POST", self.url, {"Content-Type": "application/json"}, body)
        credentials = self.session.get_credentials()
        if credentials is None:
            raise UnavailableError("There are no AWS credentials to sign the push with.")
        SigV4Auth(credentials, "appsync", self.session.region_name).add_auth(request)
        return dict(request.headers.items())
