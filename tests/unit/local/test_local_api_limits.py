"""What the emulated HTTP API takes at most: requests a second, time, bytes."""

import copy
import json
from pathlib import Path

import pytest
from appsync_local.protocols import FunctionError

from local.http_api.definition import UnsupportedFeatureError
from tests.unit.local.test_local_api import TEMPLATE, Laptop, _resource

THROTTLED = copy.deepcopy(TEMPLATE)
THROTTLED["Resources"]["Stage"] = _resource(
    "Stage", DefaultRouteSettings={"ThrottlingRateLimit": 2, "ThrottlingBurstLimit": 3}
)


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    return Laptop(tmp_path)


async def test_a_route_admits_its_burst_then_its_rate_and_leaves_the_others_alone(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path, THROTTLED)

    async def statuses(count: int, path: str = "/open") -> list[int]:
        return [(await laptop.ask("POST", path, b"{}")).status for _ in range(count)]

    assert await statuses(5) == [200, 200, 200, 429, 429]
    assert await statuses(1, "/things/1") == [401]
    laptop.now += 0.5
    assert await statuses(2) == [200, 429]
    laptop.now += 60
    assert await statuses(4) == [200, 200, 200, 429]


async def test_a_throttled_request_is_answered_as_api_gateway_does(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path, THROTTLED)
    response = [await laptop.ask("POST", "/open", b"{}") for _ in range(4)][-1]
    assert (response.status, json.loads(response.body)) == (429, {"message": "Too Many Requests"})
    assert "retry-after" not in response.headers


def test_settings_of_single_routes_are_rejected_by_name(tmp_path: Path) -> None:
    template = copy.deepcopy(THROTTLED)
    template["Resources"]["Stage"]["Properties"]["RouteSettings"] = {"POST /open": {"ThrottlingRateLimit": 1}}
    with pytest.raises(UnsupportedFeatureError, match="Stage: only DefaultRouteSettings"):
        Laptop(tmp_path, template)


async def test_a_body_that_does_not_come_is_408_and_the_end_of_the_connection(laptop: Laptop) -> None:
    laptop.sends_bodies = False
    response = await laptop.ask("POST", "/open")
    assert (response.status, response.headers["connection"]) == (408, "close")
    assert json.loads(response.body) == {"message": "Request Timeout"}


async def test_a_body_of_more_than_10_mb_is_413(laptop: Laptop) -> None:
    assert (await laptop.ask("POST", "/open", bytes(10 * 1024 * 1024))).status == 200
    assert (await laptop.ask("POST", "/open", bytes(10 * 1024 * 1024 + 1))).status == 413


async def test_a_body_that_lambda_does_not_take_is_413(laptop: Laptop) -> None:
    laptop.functions.answer = FunctionError("RequestTooLargeException", "Request must be smaller than 6291456 bytes.")
    assert (await laptop.ask("POST", "/open", b"{}")).status == 413


async def test_headers_of_more_than_10240_bytes_are_431(laptop: Laptop) -> None:
    spare = 10_240 - len("POST /open? HTTP/1.1")
    assert (await laptop.ask("POST", "/open", b"{}", x_long="x" * spare)).status == 200
    assert (await laptop.ask("POST", "/open", b"{}", x_long="x" * (spare + 1))).status == 431
