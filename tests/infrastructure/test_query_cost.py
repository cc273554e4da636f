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
    FieldNode,
    FragmentDefinitionNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_introspection_query,
    parse,
)

from examples import live_status
from resolvers.dispatch import resolve
from taskbell.adapters.appsync_publisher import PUBLISH
from tests.infrastructure.compiled import CHECKOUT, Template
from tests.support.graphql_api import make_graphql_api
from tests.support.lambdas import CONTEXT

Compiled = Callable[[str], Template]
PAGES = ("README.md", "docs/reference/graphql-api.md")
COLUMN = """
  {}: tasks(filter: {{ statuses: [{}] }}, first: 50) {{ nodes {{ id title history(first: 3) {{ nodes {{ type }} }} }} }}
"""
START_PAGE = f"""{{
  viewer {{ id name groups timeZone defaultReminders }}
  taskStats {{ pending inProgress completed overdue completedThisWeek streakDays }}
  notifications(first: 20) {{ unreadCount nodes {{ taskId title sentAt read }} }}
  activity(first: 20) {{ nodes {{ id type at task {{ id title }} }} }}
  {" ".join(COLUMN.format(status.lower(), status) for status in ("PENDING", "IN_PROGRESS", "COMPLETED"))}
}}"""


def documents() -> Iterator[DocumentNode]:
    for page in PAGES:
        yield from map(parse, re.findall(r"```graphql\n(.*?)```", (CHECKOUT / page).read_text(), re.DOTALL))
    for client in sorted(Path(CHECKOUT, "tests/e2e/clients").glob("*.mjs")):
        yield from map(
            parse, re.findall(r"`((?:query|mutation|subscription)\b[^`$]*?\{.*?\})`", client.read_text(), re.DOTALL)
        )
    yield from (live_status.VIEWER.document, live_status.CREATE.document, live_status.SET_STATUS.document)
    yield from (live_status.WATCH.document, parse(PUBLISH), parse(START_PAGE))


def operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


def depth(document: DocumentNode) -> int:
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    return depth_of(operations(document), {node.name.value: node for node in fragments})


def resolver_calls(selected: SelectionSetNode | None, lists: int = 1, *, root: bool = True) -> int:
    """How many resolvers are called at most: one for each root field, and for `history` in each node."""
    fields = [node for node in selected.selections if isinstance(node, FieldNode)] if selected else []
    calls = 0
    for field in fields:
        first = next((each.value for each in field.arguments or () if each.name.value == "first"), None)
        size = int(first.value) if isinstance(first, IntValueNode) else 1
        calls += lists if root or field.name.value == "history" else 0
        calls += resolver_calls(field.selection_set, lists * size, root=False)
    return calls


@pytest.mark.parametrize("stage", ["local", "production"])
def test_what_clients_ask_stays_below_the_limits_by_a_third(compiled: Compiled, stage: str) -> None:
    api = compiled(stage)["Resources"]["GraphQlApi"]["Properties"]
    found = list(documents())
    assert len(found) > 20
    assert max(map(depth, found)) <= api["QueryDepthLimit"] * 2 / 3
    calls = [resolver_calls(node.selection_set) for document in found for node in operations(document)]
    assert 150 < max(calls) <= api["ResolverCountLimit"] * 2 / 3


def test_development_stages_answer_the_introspection_query_of_tools(compiled: Compiled) -> None:
    api = compiled("local")["Resources"]["GraphQlApi"]["Properties"]
    assert depth(parse(get_introspection_query(input_value_deprecation=False))) < api["QueryDepthLimit"]


class Reads:
    """Stands for readTasks: counts its calls and the items of lists that it had to read."""

    def __init__(self) -> None:
        self.calls = self.items = 0
        self._app = AppSyncResolver()
        self._app.resolver(type_name="Query", field_name="tasks")(self._tasks)
        self._app.resolver(type_name="Query", field_name="viewer")(lambda: {"id": "ada"})
        self._app.batch_resolver(type_name="Task", field_name="history")(self._histories)

    def __call__(self, event: Any, _context: None) -> Any:
        self.calls += 1
        return resolve(self._app, event, CONTEXT)

    def _tasks(self, first: int, **_arguments: Any) -> Any:
        self.items += first
        return {"nodes": [{"id": str(number)} for number in range(first)]}

    def _histories(self, event: list[Any]) -> list[Any]:
        self.items += sum(each["arguments"]["first"] for each in event)
        return [{"nodes": []} for _ in event]


@pytest.fixture
def reads() -> Reads:
    return Reads()


@pytest.fixture
def api(compiled: Compiled, reads: Reads) -> LocalApi:
    names = ("ReadTasksLambdaFunction", "WriteTasksLambdaFunction", "ManageDeadLettersLambdaFunction")
    return make_graphql_api(compiled("production"), dict.fromkeys(names, reads))


async def ask(api: LocalApi, fields: str) -> Any:
    return await api.query(f"{{ {fields} }}", caller=api.user("ada", groups=["students"]))


def aliases(count: int, field: str) -> str:
    return " ".join(f"a{number}: {field}" for number in range(count))


@pytest.mark.parametrize(
    ("count", "field", "calls"),
    [
        (200, "tasks(first: 50) { nodes { id history(first: 20) { nodes { id } } } }", 8),
        (300, "tasks(first: 100) { nodes { id } }", 12),
    ],
)
async def test_lists_under_hundreds_of_aliases_are_refused_before_one_is_read(
    api: LocalApi, reads: Reads, count: int, field: str, calls: int
) -> None:
    body = await ask(api, aliases(count, field))
    assert body["data"] is None
    assert {error["errorType"] for error in body["errors"]} == {"LIMIT_EXCEEDED"}
    assert (reads.calls <= calls, reads.items) == (True, 0)


async def test_the_dearest_request_reads_less_than_9000_items_in_30_calls(api: LocalApi, reads: Reads) -> None:
    body = await ask(api, aliases(5, "tasks(first: 100) { nodes { id history(first: 20) { nodes { type } } } }"))
    assert {error.get("errorType") for error in body["errors"]} >= {"ResolverExecutionLimitReached"}
    assert reads.calls == 1 + 16
    assert reads.items == 5 * 100 + 395 * 20


async def test_more_than_400_resolvers_are_not_called(api: LocalApi, reads: Reads) -> None:
    body = await ask(api, aliases(500, "viewer { id }"))
    assert [error["errorType"] for error in body["errors"]] == ["ResolverExecutionLimitReached"] * len(body["errors"])
    assert reads.calls <= 16


async def test_events_of_tasks_of_events_of_tasks_end_at_the_depth_limit(api: LocalApi) -> None:
    nested = "id"
    for _ in range(4):
        nested = f"history(first: 1) {{ nodes {{ task {{ {nested} }} }} }}"
    body = await ask(api, f'task(id: "1") {{ {nested} }}')
    assert body["data"] is None or body["errors"]
