"""AppSync's mutations that publish, as the pipeline reaches them over HTTP."""

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


_SUBSCRIPTIONS = {"publishTaskEvent": "onTaskEvent", "publishNotification": "onNotification"}


@dataclass
class Broker:
    """Passes pushes to subscribers.

    Attributes:
        subscribers: Those who get pushes, by what they have subscribed to.
        pushes: What was pushed, by the same.
    """

    network: Network
    subscribers: Mapping[str, Sequence[Subscriber]]
    pushes: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {subscription: [] for subscription in _SUBSCRIPTIONS.values()}
    )

    def request(self, _method: str, _url: str, *, body: str, **_rest: Any) -> Response:
        """Handle a request of the publisher."""
        request = json.loads(body)
        (of,) = [of for mutation, of in _SUBSCRIPTIONS.items() if f"{mutation}(" in request["query"]]
        try:
            self.network.call("appsync", "publish", self._pass_on(of, request["variables"]["event"]))
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

    def _pass_on(self, of: str, event: dict[str, Any]) -> Callable[[], None]:
        def pass_on() -> None:
            self.pushes[of].append(event)
            for subscriber in self.subscribers[of]:
                subscriber.push(event)

        return pass_on
