"""The contract says the same in all places."""

import re
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    parse,
    print_ast,
    validate,
)

from taskbell.adapters.appsync_publisher import PUBLISH, PUBLISH_NOTIFICATION
from taskbell.api.graphql_documents import notification_push_document, push_document
from taskbell.application.ports import NotificationPush
from taskbell.domain import exceptions
from taskbell.domain.events import event_between
from taskbell.domain.notification import Notification
from taskbell.graphql_schema.schema import printed_client_schema, printed_schema
from tests.support.examples import NOW, example_task

SCHEMA: GraphQLSchema = build_schema(printed_client_schema())


def test_appsyncs_own_words_are_used_and_not_declared() -> None:
    assert "scalar " not in printed_schema()
    assert "directive @" not in printed_schema()


def test_the_schema_for_tools_declares_appsyncs_words_and_is_otherwise_the_same() -> None:
    appsyncs, for_tools = (_definitions(text) for text in (printed_schema(), printed_client_schema()))
    assert [definition for definition in for_tools if definition in appsyncs] == appsyncs
    declared = [definition for definition in for_tools if definition not in appsyncs]
    assert [each for each in declared if not re.search(r"^(scalar AWS|directive @aws_)", each, re.MULTILINE)] == []


def test_every_type_field_and_argument_is_described() -> None:
    undescribed = []
    for name, kind in SCHEMA.type_map.items():
        if name.startswith("__") or name in {"String", "Int", "Float", "Boolean", "ID", "AWSDate", "AWSDateTime"}:
            continue
        fields: dict[str, Any] = getattr(kind, "fields", {})
        undescribed += [name] if not kind.description else []
        undescribed += [f"{name}.{field}" for field, of in fields.items() if not of.description]
        undescribed += [
            f"{name}.{field}({argument})"
            for field, of in fields.items()
            for argument, what in getattr(of, "args", {}).items()
            if not what.description and argument not in {"input", "event"}
        ]
    assert undescribed == []


@pytest.mark.parametrize(
    ("mutation", "of"), [(PUBLISH, "TaskEventPayload"), (PUBLISH_NOTIFICATION, "NotificationPush")]
)
def test_the_push_selects_every_field_that_subscribers_may_select(mutation: str, of: str) -> None:
    assert validate(SCHEMA, parse(mutation)) == []
    selected = parse(mutation).to_dict()["definitions"][0]["selection_set"]["selections"][0]
    assert _names(selected) == _all_fields(of)


def test_what_is_published_has_the_fields_of_the_input() -> None:
    document = push_document(event_between(None, example_task()), example_task(), "", None)
    kind = _input("TaskEventPayloadInput")
    assert set(document) == set(kind.fields)
    for name in ("event", "task"):
        assert set(document[name]) == set(_input(get_named_type(kind.fields[name].type).name).fields)


def test_what_is_published_of_notifications_has_the_fields_of_the_input() -> None:
    note = Notification(task_id="essay", owner_id="ada", at=NOW, sent_at=NOW, title="Essay")
    document = notification_push_document(NotificationPush("ada", NOW, note, example_task()))
    assert set(document) == set(_input("NotificationPushInput").fields)
    assert set(document["notification"]) == set(_input("NotificationInput").fields)
    assert set(document["notification"]["task"]) == set(_input("TaskInput").fields)


def _input(name: str) -> GraphQLInputObjectType:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLInputObjectType)
    return kind


def test_every_code_of_an_error_is_in_the_contract() -> None:
    refusals = (
        exceptions.InvalidInputError,
        exceptions.NotFoundError,
        exceptions.LimitExceededError,
        exceptions.ConflictError,
        exceptions.UnavailableError,
    )
    codes = {refusal.code for refusal in refusals}
    kind = SCHEMA.type_map["ErrorCode"]
    assert isinstance(kind, GraphQLEnumType)
    assert codes == set(kind.values)


def test_what_an_edge_leads_to_can_be_fetched_again_by_its_id_unless_it_is_a_student() -> None:
    edges = [type_ for name, type_ in SCHEMA.type_map.items() if name.endswith("Edge")]
    assert all(isinstance(edge, GraphQLObjectType) for edge in edges)
    nodes = [get_named_type(edge.fields["node"].type) for edge in edges if isinstance(edge, GraphQLObjectType)]
    without = [node.name for node in nodes if "Node" not in [each.name for each in getattr(node, "interfaces", ())]]
    assert (len(nodes) > 3, without) == (True, ["Student"])


def _names(selection: Any) -> dict[str, Any]:
    inner = selection["selection_set"]
    return {s["name"]["value"]: _names(s) for s in inner["selections"]} if inner else {}


def _all_fields(name: str) -> dict[str, Any]:
    kind = SCHEMA.type_map[name]
    if not isinstance(kind, GraphQLObjectType):
        return {}
    fields = {field: of for field, of in kind.fields.items() if _may_be_published(of)}
    return {field: _all_fields(get_named_type(of.type).name) for field, of in fields.items()}


def _may_be_published(field: Any) -> bool:
    """Whether the pipeline may select it, by the field's own directives, if it has some."""
    directives = {each.name.value for each in field.ast_node.directives or ()}
    return not directives or "aws_iam" in directives


def _definitions(text: str) -> list[str]:
    return [print_ast(definition) for definition in parse(text).definitions]
