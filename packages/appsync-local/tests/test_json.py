"""Results of functions reach the client, values that orjson cannot write included."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from appsync_local._json import to_json
from support.gateway import KEY_HEADERS, Answer, FakeFunctions, Gateway
from test_batching import QUERY, batching

LARGE = 2**70
SURROGATE = "\ud800"


def deep(levels: int) -> list[Any]:
    nested: list[Any] = []
    for _ in range(levels):
        nested = [nested]
    return nested


@pytest.mark.parametrize("value", [{"a": LARGE}, [SURROGATE, "é"], deep(300), {"b": 1, "a": None}])
def test_what_json_can_hold_is_written(value: object) -> None:
    assert json.loads(to_json(value)) == value


def test_keys_are_sorted_whoever_writes_them() -> None:
    assert to_json({"b": 1, "a": 2}, sort_keys=True) == b'{"a":2,"b":1}'
    assert to_json({"b": LARGE, "a": 2}, sort_keys=True) == b'{"a":2,"b":%d}' % LARGE


@pytest.mark.parametrize("value", [object(), {"a": LARGE, "b": float("nan")}])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        to_json(value)


async def answered(data: object) -> Answer:
    gateway = batching(1, [{"data": data, "errorMessage": "m", "errorType": "T"}], count=1)
    body = orjson.dumps({"query": QUERY})
    return await gateway.request("POST", "/graphql", body, KEY_HEADERS)


async def test_an_errors_data_arrives_as_the_function_gave_it() -> None:
    answer = await answered({"large": LARGE, "text": SURROGATE})
    assert json.loads(answer.body)["errors"][0]["data"] == {"large": LARGE, "text": SURROGATE}


async def test_an_answer_that_cannot_be_written_is_a_typed_error_that_pages_may_read() -> None:
    answer = await answered(object())
    assert (answer.status, answer.json()["errors"][0]["errorType"]) == (500, "InternalFailureException")
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_push_holds_what_the_function_gave(gateway: Gateway) -> None:
    gateway.functions.answers["save"] = {"id": "1", "title": SURROGATE}
    socket = await gateway.listen()
    assert (await socket.start("1", "subscription { onTask { title } }"))["type"] == "start_ack"
    await gateway.request("POST", "/graphql", b'{"query":"mutation { save(input: {id: 1}) { title } }"}', KEY_HEADERS)
    frame = await socket.from_app.get()
    while '"ka"' in frame["text"]:
        frame = await socket.from_app.get()
    assert json.loads(frame["text"])["payload"] == {"data": {"onTask": {"title": SURROGATE}}}
    await socket.leave()


class Passing(FakeFunctions):
    """Passes the argument on as it comes."""

    async def invoke(self, function: str, event: Any) -> object:
        self.events.append((function, event))
        return event["arguments"]["input"]


@pytest.mark.parametrize("text", [f'{{"a":{LARGE}}}', f'[-{LARGE},0.5,"1"]', '{"a":[]}'])
async def test_json_keeps_its_numbers_on_the_way_to_the_function_and_back(text: str) -> None:
    gateway = Gateway(functions=Passing())
    query = "mutation($json: AWSJSON) { save(input: {id: 1, extra: $json}) { extra } }"
    body = await gateway.query(query, variables={"json": text})
    assert gateway.functions.events[0][1]["arguments"]["input"]["extra"] == json.loads(text)
    assert body == {"data": {"save": {"extra": text}}}
