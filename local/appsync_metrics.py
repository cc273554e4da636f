"""What AppSync measures of subscriptions, in the CloudWatch of the local AWS.

AppSync publishes by the minute. Here it is a matter of seconds, so that whoever has just made a push or opened a
subscription sees it counted. CloudWatch adds what it gets of a minute: of open subscriptions it gets how many there
are, and then by how many they exceed what the minute has.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

import aiohttp
from appsync_local._json import to_json
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.credentials import load_or_create_secrets
from local.settings import Settings

_TARGET = "GraniteServiceVersion20100801.PutMetricData"
_EVERY = 2.0  # seconds
_MINUTE = 60


class AppSyncMetrics:
    """The gateway's `Meter`."""

    def __init__(
        self, settings: Settings, http: aiohttp.ClientSession, api_id: str, now: Callable[[], float] = time.time
    ) -> None:
        self._endpoint = f"{settings.aws_endpoint}/"
        root = Credentials(settings.account, load_or_create_secrets(settings.state).aws_secret_key)
        self._signer = SigV4Auth(root, "monitoring", settings.region)
        self._http = http
        self._api_id = api_id
        self._now = now
        self._published = 0
        self._open = 0
        self._minute = 0
        self._open_in_minute = 0

    def published(self, messages: int) -> None:
        """Count messages to subscribers."""
        self._published += messages

    def subscriptions(self, number: int) -> None:
        """Keep how many subscriptions are open."""
        self._open = number

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Publish meanwhile."""
        task = asyncio.create_task(self._publish_for_ever())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _publish_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                await self.publish()

    async def publish(self) -> None:
        """Publish what has come together; what cannot be published is published with what comes."""
        published, minute = self._published, int(self._now() // _MINUTE)
        values = {"PublishDataMessageSuccess": published} if published else {}
        known = self._open_in_minute if minute == self._minute else 0
        more = max(0, self._open - known)
        if more or minute > self._minute:
            values["ActiveSubscriptions"] = more
        if values:
            await self._put(values)
            self._published -= published
            self._minute, self._open_in_minute = minute, known + more

    async def _put(self, values: dict[str, int]) -> None:
        dimensions = [{"Name": "GraphQLAPIId", "Value": self._api_id}]
        data = [
            {"MetricName": name, "Dimensions": dimensions, "Value": value, "Unit": "Count"}
            for name, value in values.items()
        ]
        headers = {"X-Amz-Target": _TARGET, "Content-Type": "application/x-amz-json-1.0"}
        body = to_json({"Namespace": "AWS/AppSync", "MetricData": data})
        request = AWSRequest("POST", self._endpoint, headers, body)
        self._signer.add_auth(request)
        async with self._http.post(self._endpoint, data=body, headers=dict(request.headers)) as answer:
            answer.raise_for_status()
