"""What a request may cost in production: the limits of the compiled template, with the price of batches."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from appsync_local.testing import LocalApi
from appsync_local.validation.depth_limit import depth_of
from aws_lambda_powertools.event_handler import AppSyncResolver
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    get_introspection_query,
    parse,
)

from examples import live_status
from resolvers.dispatch import resolve
from taskbell.adapters.appsync_publisher import PUBLISH, PUBLISH_NOTIFICATION
from tests.infrastructure.compiled import CHECKOUT, Template
from tests.support.graphql_api import make_graphql_api
from tests.support.lambdas import CONTEXT

Compiled = Callable[[str], Template]
PAGES = ("README.md", "docs/reference/graphql-api.md")
COLUMN = "{}: tasks(filter: {{ statuses: [{}] }}, first: 50) {{ nodes {{ id title }} }}"
HISTORY = 'h{}: activity(taskId: "task-{}", first: 20) {{ nodes {{ type at changes {{ field before after }} }} }}'
START_PAGE = f"""{{
  viewer {{ id name groups timeZone defaultReminders quietHours {{ from to }} }}
  taskStats {{ pending inProgress completed overdue completedThisWeek streakDays }}
  notifications(first: 20) {{ unreadCount nodes {{ taskId title sentAt read }} }}
  activity(first: 20) {{ nodes {{ id type at taskId }} }}
  {" ".join(COLUMN.format(status.lower(), status) for status in ("PENDING", "IN_PROGRESS", "COMPLETED"))}
  {" ".join(HISTORY.format(number, number) for number in range(24))}
}}"""


def documents() -> Iterator[DocumentNode]:
    for page in PAGES:
        yield from map(parse, re.findall(r"```graphql\n(.*?)```", (CHECKOUT / page).read_text(), re.DOTALL))
    for client in sorted(Path(CHECKOUT, "tests/e2e/clients").glob("*.mjs")):
        yield from map(
            parse, re.findall(r"`((?:query|mutation|subscription)\b[^`$]*?\{.*?\})`", client.read_text(), re.DOTALL)
        )
    yield from (live_status.VIEWER.document, live_status.CREATE.document, live_status.SET_STATUS.document)
    yield from (live_status.WATCH.document, *map(parse, (PUBLISH, PUBLISH_NOTIFICATION, START_PAGE)))


def operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


def depth(document: DocumentNode) -> int:
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    return depth_of(operations(document), {node.name.value: node for node in fragments})


@pytest.mark.parametrize("stage", ["local", "production"])
def test_what_clients_ask_stays_below_the_limits_by_a_third(compiled: Compiled, stage: str) -> None:
    api = compiled(stage)["Resources"]["GraphQlApi"]["Properties"]
    found = list(documents())
    assert len(found) > 20
    assert max(map(depth, found)) <= api["QueryDepthLimit"] * 2 / 3
    calls = [len(node.selection_set.selections) for document in found for node in operations(document)]
    assert 30 < max(calls) <= api["ResolverCountLimit"] * 2 / 3


def test_development_stages_answer_the_introspection_query_of_tools(compiled: Compiled) -> None:
    api = compiled("local")["Resources"]["GraphQlApi"]["Properties"]
    assert depth(parse(get_introspection_query(input_value_deprecation=False))) < api["QueryDepthLimit"]


class Reads:
    """Stands for readTasks: counts its calls and the items of lists that it had to read."""

    def __init__(self) -> None:
        self.calls = self.items = 0
        self._app = AppSyncResolver()
        for name in ("tasks", "activity"):
            self._app.resolver(type_name="Query", field_name=name)(self._list)
        self._app.resolver(type_name="Query", field_name="viewer")(lambda: {"id": "ada"})

    def __call__(self, event: Any, _context: None) -> Any:
        self.calls += 1
        return resolve(self._app, event, CONTEXT)

    def _list(self, first: int, **_arguments: Any) -> Any:
        self.items += first
        return {"nodes": []}


@pytest.fixture
def reads() -> Reads:
    return Reads()


@pytest.fixture
def api(compiled: Compiled, reads: Reads) -> LocalApi:
    names = (
        "ReadTasksLambdaFunction",
        "WriteTasksLambdaFunction",
        "FollowCalendarsLambdaFunction",
        "FindStudentsLambdaFunction",
        "ManageDeadLettersLambdaFunction",
        "ObservePipelineLambdaFunction",
    )
    return make_graphql_api(compiled("production"), dict.fromkeys(names, reads))


async def ask(api: LocalApi, fields: str) -> Any:
    return await api.query(f"{{ {fields} }}", caller=api.user("ada", groups=["students"]))


def aliases(count: int, field: str, prefix: str = "a") -> str:
    return " ".join(f"{prefix}{number}: {field}" for number in range(count))


@pytest.mark.parametrize(
    ("count", "field", "calls"),
    [
        (200, "activity(first: 50) { nodes { id } }", 8),
        (300, "tasks(first: 100) { nodes { id } }", 12),
    ],
)
async def test_lists_under_hundreds_of_aliases_are_refused_before_one_is_read(
    api: LocalApi, reads: Reads, count: int, field: str, calls: int
) -> None:
    body = await ask(api, aliases(count, field))
    assert set(body["data"].values()) == {None}
    assert {error["errorType"] for error in body["errors"]} == {"LIMIT_EXCEEDED"}
    assert (reads.calls <= calls, reads.items) == (True, 0)


async def test_500_items_of_each_field_are_read_in_a_call_for_25_aliases(api: LocalApi, reads: Reads) -> None:
    histories = aliases(25, "activity(first: 20) { nodes { id } }", "h")
    body = await ask(api, f"{aliases(5, 'tasks(first: 100) { nodes { id } }')} {histories}")
    assert "errors" not in body
    assert (reads.calls, reads.items) == (2, 1_000)


async def test_more_than_400_resolvers_are_not_called(api: LocalApi, reads: Reads) -> None:
    body = await ask(api, aliases(500, "viewer { id }"))
    assert [error["errorType"] for error in body["errors"]] == ["ResolverExecutionLimitReached"] * len(body["errors"])
    assert reads.calls <= 16
