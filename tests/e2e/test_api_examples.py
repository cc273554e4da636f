"""docs/reference/graphql-api.md, executed from top to bottom."""

import re
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, OperationType, build_schema, parse

from local.settings import CHECKOUT
from tests.support.local_system import LocalSystem

PAGE = CHECKOUT / "docs/reference/graphql-api.md"
EXAMPLES = re.findall(r"```graphql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
NO_NOTIFICATION = {"code": "NOT_FOUND", "field": ["input", "ids", "0"]}
REFUSED = {
    "Read": NO_NOTIFICATION,
    "Dismiss": NO_NOTIFICATION,
    "Snooze": {"code": "NOT_FOUND", "field": ["input", "id"]},
    "ChangeMany": {"code": "NOT_FOUND", "field": ["input", "1", "id"]},
    "FollowCalendar": {"code": "VALIDATION", "field": ["input", "url"]},
    "RefreshCalendar": {"code": "NOT_FOUND", "field": ["input", "calendarId"]},
    "UnfollowCalendar": {"code": "NOT_FOUND", "field": ["input", "calendarId"]},
    "Redrive": {
        "code": "NOT_FOUND",
        "message": "No dead letter with this id was found.",
        "field": ["input", "ids", "0"],
    },
}
FOR_ADMINS = {"DeadLetters", "Pipeline", "Redrive", "Students", "TaskTrace"}


def test_every_example_is_answered_without_an_error(system: LocalSystem) -> None:
    undo: list[object] = []
    for example in EXAMPLES:
        operation = _operation(example)
        if operation.operation is OperationType.SUBSCRIPTION:
            continue
        name = operation.name.value if operation.name else ""
        as_admin = {"authorization": system.token("linus")} if name in FOR_ADMINS else {}
        status, answer = system.graphql(example, {"tokens": undo} if name == "Undo" else {}, **as_admin)
        undo = [payload["undo"] for payload in _payloads(answer["data"]) if payload.get("undo")]
        assert (status, answer.get("errors")) == (200, None), example
        refused = [error for payload in _payloads(answer["data"]) for error in payload.get("errors", ())]
        assert refused == ([REFUSED[name]] if name in REFUSED else []), example

    # Tests share the guest, who is to be reminded at night as well.
    defaults = "{ timeZone: null, defaultReminders: null, quietHours: null }"
    _, answer = system.graphql(f"mutation {{ updateViewer(input: {defaults}) {{ errors {{ code }} }} }}", {})
    assert answer["data"] == {"updateViewer": {"errors": []}}


def test_every_operation_that_people_may_call_has_an_example() -> None:
    shown = {field.name.value for example in EXAMPLES for field in _root_fields(_operation(example))}
    text = (CHECKOUT / "schema.graphql").read_text(encoding="utf-8")
    schema = build_schema(f"scalar AWSDate\nscalar AWSDateTime\n{text}", assume_valid=True)
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    for_the_pipeline = {"publishTaskEvent", "publishNotification"}
    assert shown == {name for root in roots if root for name in root.fields} - for_the_pipeline


def _operation(example: str) -> OperationDefinitionNode:
    (operation,) = parse(example).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation


def _root_fields(operation: OperationDefinitionNode) -> list[FieldNode]:
    return [field for field in operation.selection_set.selections if isinstance(field, FieldNode)]


def _payloads(data: dict[str, object]) -> list[dict[str, Any]]:
    answers = [one for answer in data.values() for one in (answer if isinstance(answer, list) else [answer])]
    return [answer for answer in answers if isinstance(answer, dict)]
