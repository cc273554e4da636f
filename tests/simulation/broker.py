"""AppSync's mutation `publishTaskEvent`, as the publisher reaches it over HTTP."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import urllib3
from botocore.exceptions import BotoCoreError, ClientError

from tests.simulation.network import Network


@dataclass
class Response:
    """An HTTP response."""

    status: int
    data: bytes = b'{"data": {}}'


class Subscriber(Protocol):
    """Gets every push, also of other owners."""

    def push(self, event: Mapping[str, Any]) -> None: ...


@dataclass
class Broker:
    """Passes pushes to subscribers.

    Attributes:
        pushes: The events that were pushed.
    """

    network: Network
    subscribers: Sequence[Subscriber] = ()
    pushes: list[dict[str, Any]] = field(default_factory=list)

    def request(self, _method: str, _url: str, *, body: str, **_rest: Any) -> Response:
        """Handle a request of the publisher."""
        event = json.loads(body)["variables"]["event"]
        try:
            self.network.call("appsync", "publish", self._pass_on(event))
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if status == 400:
                return Response(
                    200, b'{"data": null, "errors": [{"errorType": "InternalFailure", "message": "refused"}]}'
                )
            return Response(status)
        except BotoCoreError as error:
            raise urllib3.exceptions.ProtocolError(str(error)) from error
        return Response(200)

    def _pass_on(self, event: dict[str, Any]) -> Callable[[], None]:
        def pass_on() -> None:
            self.pushes.append(event)
            for subscriber in self.subscribers:
                subscriber.push(event)

        return pass_on
