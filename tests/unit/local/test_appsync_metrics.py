"""Pushes and subscriptions reach the local CloudWatch: each push once, and the most subscriptions of a minute."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.appsync_metrics import AppSyncMetrics
from local.settings import Settings


@dataclass
class CloudWatch:
    """Keeps what it is given of each metric, while it answers."""

    answers: bool = True
    values: list[dict[str, int]] = field(default_factory=list)

    @asynccontextmanager
    async def post(self, _url: str, *, data: bytes, headers: dict[str, str]) -> AsyncIterator["CloudWatch"]:
        if not self.answers:
            raise aiohttp.ClientConnectionError
        assert headers["X-Amz-Target"] == "GraniteServiceVersion20100801.PutMetricData"
        given: Any = json.loads(data)
        assert given["Namespace"] == "AWS/AppSync"
        (dimension,) = {json.dumps(each["Dimensions"]) for each in given["MetricData"]}
        assert json.loads(dimension) == [{"Name": "GraphQLAPIId", "Value": "api"}]
        self.values.append({each["MetricName"]: each["Value"] for each in given["MetricData"]})
        yield self

    def raise_for_status(self) -> None:
        """It takes everything."""


@dataclass
class Published:
    """The metrics of a gateway, at a time, and the CloudWatch that gets them."""

    state: Path
    cloudwatch: CloudWatch = field(default_factory=CloudWatch)
    now: float = 60

    def __post_init__(self) -> None:
        http: Any = self.cloudwatch
        self.metrics = AppSyncMetrics(Settings(state=self.state), http, "api", lambda: self.now)


@pytest.fixture
def published(tmp_path: Path) -> Published:
    return Published(tmp_path)


async def test_pushes_that_come_together_are_one_value(published: Published) -> None:
    published.metrics.subscriptions(2)
    published.metrics.published(2)
    published.metrics.published(1)
    await published.metrics.publish()
    assert published.cloudwatch.values == [{"PublishDataMessageSuccess": 3, "ActiveSubscriptions": 2}]


async def test_without_pushes_a_minute_has_its_subscriptions_once(published: Published) -> None:
    for now in (60, 62, 119, 120):
        published.now = now
        await published.metrics.publish()
    assert published.cloudwatch.values == [{"ActiveSubscriptions": 0}] * 2


async def test_a_minute_has_the_most_subscriptions_that_were_open_in_it(published: Published) -> None:
    for now, number in ((60, 1), (62, 4), (64, 2), (66, 4), (68, 5), (120, 3)):
        published.now = now
        published.metrics.subscriptions(number)
        await published.metrics.publish()
    counts = [each["ActiveSubscriptions"] for each in published.cloudwatch.values]
    assert (sum(counts[:-1]), counts[-1]) == (5, 3)


async def test_what_could_not_be_published_is_published_later(published: Published) -> None:
    published.cloudwatch.answers = False
    published.metrics.published(4)
    with pytest.raises(aiohttp.ClientConnectionError):
        await published.metrics.publish()
    published.cloudwatch.answers = True
    published.metrics.published(1)
    await published.metrics.publish()
    await published.metrics.publish()
    assert published.cloudwatch.values == [{"PublishDataMessageSuccess": 5, "ActiveSubscriptions": 0}]
