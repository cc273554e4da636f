"""AppSync's mutation `publishTaskEvent`, as the publisher reaches it over HTTP."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3
from botocore.exceptions import BotoCoreError, ClientError

from tests.simulation.follower import Follower
from tests.simulation.network import Network
from tests.simulation.people import Screen


@dataclass
class Response:
    """An HTTP response."""

    status: int
    data: bytes = b'{"data": {}}'


@dataclass
class Broker:
    """Passes pushes to screens.

    Attributes:
        pushes: The events that were pushed.
    """

    network: Network
    screens: Sequence[Screen | Follower] = ()
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
            for screen in self.screens:
                screen.push(event)

        return pass_on
