"""Answers hold what is selected, and nothing else; and whatever a client needs."""

from typing import Any

import pytest
from aws_lambda_powertools.event_handler import AppSyncResolver

from resolvers.selection import only_selected
from tests.support.lambdas import CONTEXT, appsync_event

PAGE = {
    "edges": [{"cursor": "c", "node": {"id": "1", "title": "One", "description": "x" * 10_000}}],
    "nodes": [{"id": "1", "title": "One", "description": "x" * 10_000}],
    "pageInfo": {"hasNextPage": False, "endCursor": "c"},
}


def answer(text: str, names: list[str], value: Any = PAGE) -> Any:
    """The answer of a resolver that returns `value`, for a selection as AppSync passes it."""
    app = AppSyncResolver()

    @app.resolver(type_name="Query", field_name="tasks")
    @only_selected(app)
    def tasks() -> Any:
        return value

    event = appsync_event("Query", "tasks", {})
    event["info"] |= {"selectionSetGraphQL": text, "selectionSetList": names}
    return app.resolve(event, CONTEXT)


def test_what_is_not_selected_is_left_out_and_no_item_comes_twice() -> None:
    assert answer("{ nodes { id title } }", ["nodes", "nodes/id", "nodes/title"]) == {
        "nodes": [{"id": "1", "title": "One"}]
    }
    assert answer("{ edges { node { id } } pageInfo { endCursor } }", []) == {
        "edges": [{"node": {"id": "1"}}],
        "pageInfo": {"endCursor": "c"},
    }


@pytest.mark.parametrize(
    "text",
    [
        "{ rows: nodes { key: id title: description } }",
        "{ ... { nodes { id } } nodes { ... on Task { description } } }",
        '{ nodes @include(if: $all) { id description(first: 1, text: "a } \\" b", list: [1, {x: $y}]) } }',
        "{ nodes { ... on Task @skip(if: false) { id description } } }",
    ],
)
def test_a_field_is_found_under_an_alias_in_a_fragment_and_with_directives(text: str) -> None:
    assert answer(text, ["rows"])["nodes"] == [{"id": "1", "description": "x" * 10_000}]


def test_an_alias_that_is_another_fields_name_takes_nothing_away() -> None:
    node = {"id": "1", "title": "One", "description": "Two"}
    assert answer("{ title: description }", ["title"], node) == {"description": "Two"}


def test_where_a_named_fragment_is_spread_everything_may_be_needed() -> None:
    assert answer("{ nodes { ...Row } }", ["nodes", "nodes/title"]) == {"nodes": PAGE["nodes"]}
    assert answer("{ nodes { id } nodes { ...Row } }", []) == {"nodes": PAGE["nodes"]}


def test_a_named_fragment_of_a_list_brings_its_items_once() -> None:
    assert answer("{ ...Page }", ["edges", "edges/node", "pageInfo"]).keys() == {"edges", "pageInfo"}
    assert answer("{ ...Page }", ["rows", "rows/id"]) == PAGE  # an alias in the fragment


@pytest.mark.parametrize("text", ["", "{ nodes { id", "no selection", "{ nodes(first: 1 "])
def test_a_selection_that_is_not_understood_leaves_nothing_out(text: str) -> None:
    assert answer(text, []) == PAGE


def test_null_and_lists_of_null_stay() -> None:
    assert answer("{ id }", ["id"], None) is None
    assert answer("{ task { id } errors { code } }", [], [{"task": None, "errors": []}, None]) == [
        {"task": None, "errors": []},
        None,
    ]
