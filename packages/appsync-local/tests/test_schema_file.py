"""A changed schema file: served to what follows, unless it is broken; open subscriptions go on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from appsync_local import SchemaFile
from support.gateway import Gateway
from support.sample_api import SCHEMA

ADDED = SCHEMA.replace("type Task ", "type Task_ {id: ID}\ntype Task ", 1)
TYPE = '{ __type(name: "Task_") { name } }'
FREE = "subscription { onTask { id status } }"
SAVE = 'mutation { save(input: {id: "1", status: DONE}) { id status } }'


class Live:
    """A gateway whose schema file can be edited, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "schema.graphql"
        self.file.write_text(SCHEMA)
        self.now = 0.0
        self.said: list[str] = []
        schema_file = SchemaFile(self.file, self.said.append, clock=lambda: self.now)
        self.gateway = Gateway(options={"schema_file": schema_file})

    def edit(self, text: str) -> None:
        """Save another text, later."""
        self.file.write_text(text)
        self.now += 1
        os.utime(self.file, ns=(int(self.now), int(self.now)))

    async def knows_the_type(self) -> bool:
        return (await self.gateway.query(TYPE))["data"]["__type"] is not None


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path)


async def test_a_changed_schema_is_served_to_the_next_request(live: Live) -> None:
    assert not await live.knows_the_type()
    live.edit(ADDED)
    assert await live.knows_the_type()
    assert live.said == ["schema.graphql has changed and is served"]


async def test_a_file_that_is_saved_without_a_change_is_nothing_new(live: Live) -> None:
    await live.knows_the_type()
    live.edit(SCHEMA)
    await live.knows_the_type()
    assert live.said == []


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("type Query {", "line 1: Syntax Error"),
        (SCHEMA.replace("status: Status", "status: Nothing", 1), "Unknown type 'Nothing'"),
        (f"{SCHEMA}\nscalar Own", "scalar Own"),
        ("type Query { other: ID }", "a field that the schema does not have"),
    ],
)
async def test_the_schema_before_a_broken_one_is_still_served_and_what_is_wrong_is_said(
    live: Live, broken: str, why: str
) -> None:
    live.edit(ADDED)
    assert await live.knows_the_type()
    live.edit(broken)
    assert await live.knows_the_type()
    assert why in live.said[-1]
    assert live.said[-1].startswith("schema.graphql has changed and is not served, the one before is.")
    live.edit(SCHEMA)
    assert not await live.knows_the_type()


async def test_a_file_that_is_away_for_a_moment_is_waited_for(live: Live) -> None:
    live.file.unlink()
    assert not await live.knows_the_type()
    live.edit(ADDED)
    assert await live.knows_the_type()


async def test_the_file_is_looked_at_five_times_a_second_at_most(live: Live) -> None:
    await live.knows_the_type()
    live.file.write_text(ADDED)
    assert not await live.knows_the_type()
    live.now += 0.2
    assert await live.knows_the_type()


async def test_an_open_subscription_goes_on_when_the_schema_changes(live: Live) -> None:
    live.gateway.functions.answers["save"] = {"id": "1", "status": "DONE"}
    socket = await live.gateway.listen()
    await socket.start("1", FREE)
    live.edit(ADDED)
    await live.gateway.query(SAVE)
    assert await live.knows_the_type()
    assert (await socket.next())["payload"]["data"]["onTask"] == {"id": "1", "status": "DONE"}
    await socket.leave()
