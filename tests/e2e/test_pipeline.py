"""The whole pipeline on the local AWS: a mutation, the table, its stream, the queue, the workflow, and the push."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from gql import gql
from gql.transport.exceptions import TransportQueryError

from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import event_between
from taskbell.domain.ids import copied_task_id
from taskbell.domain.task import ProcessingState, Task, with_next_version
from tests.e2e.aws import Aws
from tests.e2e.following import (
    CREATE,
    DELETE,
    DISMISS,
    RESTORE,
    SET_STATUS,
    SNOOZE,
    UPDATE,
    Person,
    bell,
    describe,
    person,
)
from tests.e2e.waiting import until
from tests.support.examples import example_task, fresh_id, uuid_of
from tests.support.local_system import LocalSystem

PERSONAL = gql("""{
    tasks { nodes { id } }
    activity(first: 5) { nodes { type } pageInfo { hasNextPage } }
    notifications { unreadCount nodes { taskId read } }
    taskStats { pending completed overdue completedThisWeek streakDays }
}""")
CREATE_LIST = gql("""mutation ($input: CreateTaskListInput!) {
    createTaskList(input: $input) { taskList { id } errors { code } }
}""")
DELETE_LIST = gql("""mutation ($input: DeleteTaskListInput!) {
    deleteTaskList(input: $input) { hasMore errors { code } }
}""")
LISTS = gql("{ taskLists { id counts { pending inProgress completed } } }")
CREATE_BEHIND = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { errors { code } } }"
ROAD = ["CREATED PENDING", "PROCESSING_CHANGED RUNNING", "PROCESSING_CHANGED SUCCEEDED"]


@pytest.fixture(scope="module")
def aws(system: LocalSystem) -> Aws:
    return Aws(system)


@dataclass(frozen=True)
class GivenUp:
    """What the pipeline cannot do: the bodies of messages, the ARN of a run; and a task whose events stand behind."""

    messages: list[dict[str, str]]
    run: str
    behind: str


@pytest.fixture(scope="module", autouse=True)
def given_up(aws: Aws, system: LocalSystem) -> GivenUp:
    """Begun before the first test: the pipeline tries for half a minute, and the other tests need not wait for it."""
    behind = fresh_id()
    messages = [{"nonsense": str(uuid4())}, {"nonsense": str(uuid4())}]
    for message in messages:
        aws.sqs.send_message(
            QueueUrl=aws.variable("forwardChanges", "EVENTS_QUEUE_URL"),
            MessageBody=json.dumps(message),
            MessageGroupId=f"guest/{behind}",
            MessageDeduplicationId=str(uuid4()),
        )
    _, created = system.graphql(CREATE_BEHIND, {"input": {"key": behind, "title": "Behind"}})
    assert created == {"data": {"createTask": {"errors": []}}}
    run = aws.states.start_execution(
        stateMachineArn=aws.variable("handleEvents", "STATE_MACHINE_ARN"),
        input=json.dumps({"ownerId": "guest", "taskId": "nonsense", "scheduleVersion": "none"}),
    )
    return GivenUp(messages, run["executionArn"], behind)


async def test_a_new_task_travels_the_road_and_comes_back_as_pushes(guest: Person, aws: Aws) -> None:
    created = (await guest.do(CREATE, title="Write the essay"))["task"]
    pushes = await guest.sees(*ROAD, of=created["id"])
    assert [push["version"] for push in pushes] == [1, 2, 3]
    assert [push["actor"] for push in pushes] == ["guest", None, None]
    history = aws.items("guest", f"EVENT#{uuid_of(created['id'])}#")
    assert [item["type"]["S"] for item in history] == ["CREATED", "PROCESSING_CHANGED", "PROCESSING_CHANGED"]
    run = aws.run(aws.task("guest", created["id"]), 1)
    await until(lambda: aws.states.describe_execution(executionArn=run["executionArn"])["status"] == "SUCCEEDED")
    assert not any(uuid_of(created["id"]) in dead_letter["Body"] for dead_letter in aws.all_dead_letters())


async def test_every_change_of_status_is_pushed_with_what_it_was_before(guest: Person) -> None:
    id_ = (await guest.do(CREATE, title="Write the essay"))["task"]["id"]
    await guest.sees(*ROAD, of=id_)
    for status in ("IN_PROGRESS", "COMPLETED"):
        assert (await guest.do(SET_STATUS, id=id_, status=status, expectedVersion=None))["errors"] == []
    pushes = await guest.sees("STATUS_CHANGED IN_PROGRESS", "STATUS_CHANGED COMPLETED", of=id_)
    assert [push["previousStatus"] for push in pushes[-2:]] == ["PENDING", "IN_PROGRESS"]
    assert pushes[-1]["changes"][0] == {"field": "status", "before": "IN_PROGRESS", "after": "COMPLETED"}
    assert [change["field"] for change in pushes[-1]["changes"]] == ["status", "completedAt"]


async def test_a_due_date_is_waited_for_with_its_reminder_and_then_the_task_is_overdue(guest: Person, aws: Aws) -> None:
    due = datetime.now(UTC) + timedelta(seconds=3)
    id_ = (await guest.do(CREATE, title="Soon", dueAt=due.isoformat(), remindBefore=[0]))["task"]["id"]
    pushes = await guest.sees("PROCESSING_CHANGED SUCCEEDED", of=id_)
    assert [describe(push) for push in pushes] == [
        "CREATED PENDING",
        "PROCESSING_CHANGED WAITING",
        "REMINDED PENDING",
        "OVERDUE PENDING",
        "PROCESSING_CHANGED SUCCEEDED",
    ]
    assert pushes[-1]["task"]["overdue"]
    notes = [note for note in aws.items("guest", "NOTE#") if note["taskId"]["S"] == uuid_of(id_)]
    assert [note["title"]["S"] for note in notes] == ["Soon"]
    assert int(notes[0]["expiresAt"]["N"]) > (due + timedelta(days=80)).timestamp()


async def test_a_snoozed_notification_comes_again_after_the_due_date_and_is_dismissed_and_each_is_pushed(
    guest: Person, system: LocalSystem
) -> None:
    async with bell(system, guest.id) as rung:
        id_ = await _snoozed_and_dismissed(guest)
        sent, snoozed, sent_again, dismissed = await rung.rings(4, of=id_)
    assert [(push["version"], push["dismissed"]) for push in (sent, snoozed)] == [(1, False), (2, True)]
    assert [(push["version"], push["dismissed"]) for push in (sent_again, dismissed)] == [(1, False), (2, True)]
    first, second = sent["notification"], sent_again["notification"]
    assert first == {"id": first["id"], "taskId": id_, "title": "Snoozed", "read": False, "task": {"id": id_}}
    assert first["id"] == snoozed["notification"]["id"] != second["id"] == dismissed["notification"]["id"]


async def _snoozed_and_dismissed(guest: Person) -> str:
    due = datetime.now(UTC) + timedelta(seconds=2)
    id_ = (await guest.do(CREATE, title="Snoozed", dueAt=due.isoformat(), remindBefore=[0]))["task"]["id"]
    await guest.sees("PROCESSING_CHANGED SUCCEEDED", of=id_)
    (first,) = await guest.notifications_of(id_)
    assert first["task"] == {"id": id_, "overdue": True}
    until_ = datetime.now(UTC) + timedelta(seconds=2)
    assert (await guest.do(SNOOZE, id=first["id"], until=until_.isoformat()))["errors"] == []
    assert await guest.notifications_of(id_) == []
    await guest.sees("REMINDED PENDING", "PROCESSING_CHANGED SUCCEEDED", of=id_)
    (second,) = await guest.notifications_of(id_)
    assert second["id"] != first["id"]
    assert (await guest.do(DISMISS, ids=[second["id"]]))["errors"] == []
    assert await guest.notifications_of(id_) == []
    return str(id_)


async def test_completing_a_waiting_task_ends_its_run_at_once(guest: Person, aws: Aws) -> None:
    due = datetime.now(UTC) + timedelta(days=400)
    id_ = (await guest.do(CREATE, title="Far away", dueAt=due.isoformat()))["task"]["id"]
    await guest.sees("PROCESSING_CHANGED WAITING", of=id_)
    done = (await guest.do(SET_STATUS, id=id_, status="COMPLETED", expectedVersion=1))["task"]
    assert done["processing"] == {"state": "SUCCEEDED"}
    await guest.sees("STATUS_CHANGED COMPLETED", of=id_)
    await until(lambda: aws.run(aws.task("guest", id_), 1)["status"] == "ABORTED")


async def test_moving_a_waiting_task_hands_it_to_a_new_run(guest: Person, aws: Aws) -> None:
    due = datetime.now(UTC) + timedelta(days=1)
    id_ = (await guest.do(CREATE, title="Moves", dueAt=due.isoformat()))["task"]["id"]
    await guest.sees("PROCESSING_CHANGED WAITING", of=id_)
    moved = (await guest.do(UPDATE, id=id_, dueAt=(due + timedelta(days=1)).isoformat()))["task"]
    await guest.sees("UPDATED PENDING", "PROCESSING_CHANGED WAITING", of=id_)
    task = aws.task("guest", id_)
    await until(lambda: aws.run(task, 1)["status"] == "ABORTED")
    assert aws.run(task, moved["version"])["status"] == "RUNNING"
    await guest.do(DELETE, id=id_)
    await guest.sees("DELETED PENDING", of=id_)
    await until(lambda: aws.run(task, moved["version"])["status"] == "ABORTED")


async def test_changing_a_tasks_mind_again_and_again_at_once_buries_nothing(guest: Person, aws: Aws) -> None:
    due = datetime.now(UTC) + timedelta(days=1)
    id_ = (await guest.do(CREATE, title="Restless", dueAt=due.isoformat()))["task"]["id"]
    for status in ("COMPLETED", "PENDING", "COMPLETED", "PENDING"):
        await guest.do(SET_STATUS, id=id_, status=status)
    moved = await guest.do(UPDATE, id=id_, dueAt=(due + timedelta(days=1)).isoformat())
    pushes = await guest.sees_that(
        id_, lambda pushes: bool(pushes) and describe(pushes[-1]) == "PROCESSING_CHANGED WAITING"
    )
    assert moved["errors"] == []
    versions = sorted({push["version"] for push in pushes})
    assert versions == list(range(1, versions[-1] + 1))


async def test_a_write_past_all_doors_is_pushed_all_the_same(guest: Person, aws: Aws) -> None:
    id_ = (await guest.do(CREATE, title="Write the essay"))["task"]["id"]
    await guest.sees(*ROAD, of=id_)
    aws.write(replace(with_next_version(aws.task("guest", id_), datetime.now(UTC)), title="By hand"))
    pushes = await guest.sees("UPDATED PENDING", of=id_)
    assert pushes[-1]["task"]["title"] == "By hand"


async def test_what_happened_is_remembered_counted_and_notified(system: LocalSystem) -> None:
    async with person(system, "linus") as linus:
        due = datetime.now(UTC) + timedelta(seconds=1)
        id_ = (await linus.do(CREATE, title="Soon", dueAt=due.isoformat(), remindBefore=[0]))["task"]["id"]
        await linus.sees("OVERDUE PENDING", "PROCESSING_CHANGED SUCCEEDED", of=id_)
        await linus.do(SET_STATUS, id=id_, status="COMPLETED")
        await linus.sees("STATUS_CHANGED COMPLETED", of=id_)
        answer = await linus.session.execute(PERSONAL)
    assert answer["tasks"]["nodes"] == [{"id": id_}]
    assert [node["type"] for node in answer["activity"]["nodes"]][:2] == ["STATUS_CHANGED", "PROCESSING_CHANGED"]
    assert answer["notifications"]["unreadCount"] == 1
    assert [node["taskId"] for node in answer["notifications"]["nodes"]] == [id_]
    assert answer["taskStats"] == {"pending": 0, "completed": 1, "overdue": 0, "completedThisWeek": 1, "streakDays": 1}


async def test_a_recurring_task_comes_again_once(guest: Person, aws: Aws) -> None:
    due = datetime.now(UTC) + timedelta(days=1)
    daily = {"rrule": "FREQ=DAILY"}
    id_ = (await guest.do(CREATE, title="Water the plant", dueAt=due.isoformat(), recurrence=daily))["task"]["id"]
    await guest.sees("PROCESSING_CHANGED WAITING", of=id_)
    for status in ("COMPLETED", "PENDING", "COMPLETED"):
        await guest.do(SET_STATUS, id=id_, status=status)
    task = aws.task("guest", id_)
    assert task.next_id
    assert task.due_at
    await guest.sees("PROCESSING_CHANGED WAITING", of=task.next_id)
    await guest.sees_that(id_, lambda pushes: [push["status"] for push in pushes].count("COMPLETED") >= 2)
    assert aws.task("guest", task.next_id).due_at == task.due_at + timedelta(days=1)


async def test_a_next_occurrence_gets_the_subtasks_and_goes_with_them_when_the_task_is_reopened(
    guest: Person, aws: Aws
) -> None:
    daily = {"dueAt": (datetime.now(UTC) + timedelta(days=1)).isoformat(), "recurrence": {"rrule": "FREQ=DAILY"}}
    id_ = (await guest.do(CREATE, title="Water the plants", **daily))["task"]["id"]
    part = (await guest.do(CREATE, title="Fill the can", parentId=id_))["task"]["id"]
    await guest.do(SET_STATUS, id=id_, status="COMPLETED")
    next_id = aws.task("guest", id_).next_id
    assert next_id
    copy = copied_task_id(uuid_of(part), uuid_of(id_), next_id)
    await guest.sees_that(copy, lambda pushes: [push["type"] for push in pushes][:1] == ["CREATED"])
    assert (aws.task("guest", copy).title, aws.task("guest", copy).parent_id) == ("Fill the can", next_id)
    await guest.do(SET_STATUS, id=id_, status="PENDING")
    for gone in (next_id, copy):
        await guest.sees_that(gone, lambda pushes: [push["type"] for push in pushes][-1:] == ["DELETED"])
        assert aws.task("guest", gone).deleted


async def test_a_parent_follows_its_subtasks(guest: Person, aws: Aws) -> None:
    parent = (await guest.do(CREATE, title="Essay"))["task"]["id"]
    child = (await guest.do(CREATE, title="Outline", parentId=parent))["task"]["id"]
    await guest.do(SET_STATUS, id=child, status="COMPLETED")
    await guest.sees_that(parent, lambda pushes: pushes[-1:] != [] and _progress(pushes[-1]) == "1 of 1")
    await guest.do(DELETE, id=parent)
    await guest.sees("DELETED COMPLETED", of=child)
    await until(lambda: aws.task("guest", parent).progress.total == 0)
    await guest.do(RESTORE, id=parent)
    await guest.sees("RESTORED COMPLETED", of=child)
    pushes = await guest.sees_that(parent, lambda pushes: _progress(pushes[-1]) == "1 of 1")
    types = [push["type"] for push in pushes]
    assert types[types.index("DELETED") + 1] == "RESTORED"


def _progress(push: dict[str, Any]) -> str | None:
    changes = {change["field"]: change["after"] for change in push["changes"]}
    return changes.get("progress")


async def test_a_task_that_leaves_the_table_is_forgotten_and_its_key_can_be_used_again(guest: Person, aws: Aws) -> None:
    key, due = f"again-{uuid4()}", datetime.now(UTC) + timedelta(days=1)
    removed: list[Task] = []
    for _ in range(2):
        id_ = (await guest.do(CREATE, key=key, title="Secret", dueAt=due.isoformat()))["task"]["id"]
        await guest.sees("CREATED PENDING", "PROCESSING_CHANGED WAITING", of=id_)
        task, before = aws.task("guest", id_), aws.count("guest", "PENDING")
        assert len(aws.items("guest", f"EVENT#{task.id}#")) == 2
        aws.remove(task)
        await guest.sees("DELETED PENDING", of=id_)
        assert aws.items("guest", f"EVENT#{task.id}#") == []
        assert aws.count("guest", "PENDING") == before - 1
        removed.append(task)
    assert len({task.id for task in removed}) == 2
    await until(lambda: {aws.run(task, 1)["status"] for task in removed} == {"ABORTED"})
    assert not any(key in dead_letter["Body"] for dead_letter in aws.all_dead_letters())


async def test_a_deleted_task_that_expires_is_forgotten_and_not_pushed_again(guest: Person, aws: Aws) -> None:
    id_ = (await guest.do(CREATE, title="Expired"))["task"]["id"]
    await guest.sees(*ROAD, of=id_)
    await guest.do(DELETE, id=id_)
    await guest.sees("DELETED PENDING", of=id_)
    before = aws.count("guest", "PENDING")
    aws.remove(aws.task("guest", id_))
    await until(lambda: aws.items("guest", f"EVENT#{uuid_of(id_)}#") == [])
    assert [push["type"] for push in guest.pushes if push["taskId"] == id_].count("DELETED") == 1
    assert aws.count("guest", "PENDING") == before


async def test_people_see_their_own_tasks_and_staff_sees_a_students(system: LocalSystem) -> None:
    async with (
        person(system) as guest,
        person(system, "ada") as ada,
        person(system, "grace", follows=ada.id) as grace,
    ):
        id_ = (await ada.do(CREATE, title="Ada's"))["task"]["id"]
        for someone in (ada, grace):
            await someone.sees(*ROAD, of=id_)
        other = (await guest.do(CREATE, title="The guest's"))["task"]["id"]
        await guest.sees(*ROAD, of=other)
        assert {push["taskId"] for push in ada.pushes} == {id_} == {push["taskId"] for push in grace.pushes}


async def test_who_follows_a_list_sees_tasks_come_and_go(system: LocalSystem) -> None:
    async with person(system, "ada") as ada:
        first, second = [(await ada.do(CREATE_LIST, name=name))["taskList"]["id"] for name in ("History", "Physics")]
        async with person(system, "ada", in_list=first) as in_first, person(system, "ada", in_list=second) as in_second:
            id_ = (await ada.do(CREATE, title="Essay", listId=first))["task"]["id"]
            await in_first.sees(*ROAD, of=id_)
            await ada.do(UPDATE, id=id_, listId=second)
            await in_first.sees(*ROAD, "UPDATED PENDING", of=id_)
            await in_second.sees("UPDATED PENDING", of=id_)
            await ada.do(SET_STATUS, id=id_, status="COMPLETED")
            await in_second.sees("UPDATED PENDING", "STATUS_CHANGED COMPLETED", of=id_)
            await ada.do(DELETE_LIST, id=second, tasks="DELETE")
            await in_second.sees("STATUS_CHANGED COMPLETED", "DELETED COMPLETED", of=id_)
            await ada.sees("DELETED COMPLETED", of=id_)
            assert len([push for push in in_first.pushes if push["taskId"] == id_]) == len(ROAD) + 1
            counts = {"pending": 0, "inProgress": 0, "completed": 0}
            assert (await ada.session.execute(LISTS))["taskLists"] == [{"id": first, "counts": counts}]
            await ada.do(DELETE_LIST, id=first, tasks="KEEP")


async def test_following_somebody_else_is_refused(system: LocalSystem, guest: Person) -> None:
    with pytest.raises(TransportQueryError, match="FORBIDDEN"):
        async with person(system, "ada", follows="guest"):
            pass


async def test_an_event_that_is_delivered_again_changes_nothing(guest: Person, aws: Aws) -> None:
    id_ = (await guest.do(CREATE, title="Twice"))["task"]["id"]
    await guest.sees(*ROAD, of=id_)
    task = example_task(id=uuid_of(id_), owner_id="guest", created_at=aws.task("guest", id_).created_at)
    aws.sqs.send_message(
        QueueUrl=aws.variable("forwardChanges", "EVENTS_QUEUE_URL"),
        MessageBody=json.dumps(event_to_dict(event_between(None, task))),
        MessageGroupId=f"guest/{uuid_of(id_)}",
        MessageDeduplicationId=str(uuid4()),
    )
    await guest.sees_that(id_, lambda pushes: [push["version"] for push in pushes] == [1, 2, 3, 1])
    assert len(aws.items("guest", f"EVENT#{uuid_of(id_)}#")) == 3
    assert aws.run(aws.task("guest", id_), 1)["status"] == "SUCCEEDED"
    assert aws.task("guest", id_).version == 3


async def test_messages_that_cannot_be_handled_are_dead_letters_with_their_cause_and_those_behind_them_are_not(
    aws: Aws, given_up: GivenUp
) -> None:
    def succeeded() -> bool:
        return aws.task("guest", given_up.behind).processing.state is ProcessingState.SUCCEEDED

    await until(succeeded, patience=60)
    for message in given_up.messages:
        dead_letter = await until(partial(aws.dead_letter, message.__eq__), patience=60)
        assert dead_letter is not None
        assert dead_letter["MessageAttributes"]["cause"]["StringValue"].startswith("KeyError")
    await until(lambda: len(aws.items("guest", f"EVENT#{given_up.behind}#")) == 3)
    assert not any(given_up.behind in dead_letter["Body"] for dead_letter in aws.all_dead_letters())


async def test_a_run_that_cannot_go_on_is_a_dead_letter_too(aws: Aws, given_up: GivenUp) -> None:
    described = await until(
        lambda: (run := aws.states.describe_execution(executionArn=given_up.run))["status"] != "RUNNING" and run
    )
    assert (described["status"], described["error"]) == ("FAILED", "ValidationError")
    dead_letter = await until(lambda: aws.dead_letter(lambda body: body.get("execution") == given_up.run))
    assert dead_letter is not None
    assert json.loads(dead_letter["Body"])["error"] == "ValidationError"
