"""Ids of the GraphQL API name one thing each, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.api.global_ids import (
    GlobalId,
    TaskReference,
    event_id,
    notification_id,
    parse_global_id,
    parse_task_reference,
    task_id,
    viewer_id,
)

UUID = "01939d1c-c01d-7b42-a757-03e5ab1990ee"
AT = "2026-11-22T09:30:00.000Z"
owners = st.text(min_size=1, max_size=128)
versions = st.integers(1, 2_147_483_647)


@given(owners, versions)
def test_an_id_is_read_back_whoever_the_owner_is(owner: str, version: int) -> None:
    assert parse_global_id(task_id(owner, UUID)) == GlobalId("Task", owner, UUID)
    assert parse_global_id(event_id(owner, UUID, version)) == GlobalId("TaskEvent", owner, UUID, str(version))
    assert parse_global_id(notification_id(owner, UUID, AT)) == GlobalId("Notification", owner, UUID, AT)
    assert parse_global_id(viewer_id(owner)) == GlobalId("Viewer", owner)


@given(owners, owners, versions)
def test_no_two_things_have_the_same_id(owner: str, other: str, version: int) -> None:
    made = [
        *(task_id(name, UUID) for name in {owner, other}),
        *(event_id(name, UUID, version) for name in {owner, other}),
        *(viewer_id(name) for name in {owner, other}),
    ]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    "text",
    [
        "", "Task", "Task:ada", "Task::" + UUID, f"Task:ada:{UUID}:1", f"task:ada:{UUID}", f"Task:ada:{UUID.upper()}",
        f"Task:ada:{UUID}\n", "Task:ada:00000000-0000-4000-8000-000000000000", f"TaskEvent:ada:{UUID}",
        f"TaskEvent:ada:{UUID}:0", f"TaskEvent:ada:{UUID}:01", f"Notification:ada:{UUID}:yesterday", "Viewer:",
        f"Nothing:ada:{UUID}", "essay", UUID,
        f"Notification:ada:{UUID}:2026-13-45T00:00:00.000Z", f"Notification:ada:{UUID}:2026-02-30T00:00:00.000Z",
        f"Notification:ada:{UUID}:2026-01-01T25:00:00.000Z",
        "TaskList:ada:0", "TaskList:ada:1000000", "TaskList:ada:03", "TaskListSection:ada:3", "TaskListSection:ada:3:0",
    ],
)  # fmt: skip
def test_another_text_is_no_id(text: str) -> None:
    assert parse_global_id(text) is None


def test_a_task_is_named_by_its_id_or_by_its_key() -> None:
    assert parse_task_reference(task_id("ada", UUID)) == TaskReference(UUID, "ada")
    assert parse_task_reference("chapter-4") == TaskReference("chapter-4")
    assert parse_task_reference(UUID.upper()) == TaskReference(UUID)


@pytest.mark.parametrize("text", ["", "no/slash", "x" * 65, event_id("ada", UUID, 1), viewer_id("ada"), "a:b"])
def test_what_names_no_task_is_refused(text: str) -> None:
    assert parse_task_reference(text) is None
