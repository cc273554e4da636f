"""What is hashed into stored data and cursors is a document of its own: renaming a class or a field changes neither."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic.alias_generators import to_camel

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.application.serialization import canonical_json, create_task_to_dict, query_to_dict
from taskbell.application.task_changes import create_task
from taskbell.domain.commands import CreateTask
from taskbell.domain.queries import EventQuery, NotificationQuery, OrderDirection, TaskOrderField, TaskQuery
from taskbell.domain.rrule import parse_rrule
from taskbell.domain.task import Priority, TaskStatus
from tests.support.fakes import InMemoryTaskRepository

NOW = datetime(2027, 1, 15, 18, tzinfo=UTC)
COMPLETE = CreateTask(
    "ada",
    "Essay \N{GREEK SMALL LETTER ALPHA}",
    key="essay",
    description="On bells",
    priority=Priority.HIGH,
    labels=("school", "english"),
    status=TaskStatus.IN_PROGRESS,
    due_at=NOW,
    time_zone="Europe/Vienna",
    remind_before=(60, 10),
    remind_at=(NOW,),
    recurrence=parse_rrule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20270415T180000Z"),
    parent_id="thesis",
    rank="a1V",
    list_id="3",
    section_id="1",
)


def test_the_digest_of_a_request_is_a_hash_over_named_values() -> None:
    assert canonical_json(create_task_to_dict(COMPLETE)) == (
        b'{"description":"On bells","dueAt":"2027-01-15T18:00:00.000Z","labels":["school","english"],"listId":"3",'
        b'"ownerId":"ada","parentId":"thesis","priority":"HIGH","rank":"a1V","recurrence":{"afterCompletion":false,'
        b'"rrule":"FREQ=WEEKLY;UNTIL=20270415T180000Z;INTERVAL=2;BYDAY=MO"},'
        b'"remindAt":["2027-01-15T18:00:00.000Z"],'
        b'"remindBefore":[60,10],"sectionId":"1",'
        b'"status":"IN_PROGRESS","timeZone":"Europe/Vienna","title":"Essay \\u03b1"}'
    )


def test_the_digest_that_is_stored_never_changes() -> None:
    command = CreateTask("ada", "Essay")
    task = create_task(command, InMemoryTaskRepository(), NOW, "essay")
    assert task.request_digest == "a58ab6a1a11228a2ebbd089a66b46d61"


def test_no_reminders_and_those_of_the_profile_are_two_requests() -> None:
    documents = [create_task_to_dict(CreateTask("ada", "Essay", remind_before=given)) for given in (None, ())]
    assert documents[0] != documents[1]


def test_one_instant_in_two_offsets_is_one_request() -> None:
    vienna = NOW.astimezone(timezone(timedelta(hours=1)))
    same = [create_task_to_dict(CreateTask("ada", "Essay", due_at=due_at)) for due_at in (NOW, vienna)]
    assert same[0] == same[1]


QUERIES: list[tuple[TaskQuery | EventQuery | NotificationQuery, bytes]] = [
    (
        TaskQuery(
            "ada",
            (TaskStatus.PENDING, TaskStatus.COMPLETED),
            TaskOrderField.DUE_AT,
            OrderDirection.ASC,
            Priority.LOW,
            ("school",),
            ("exam", "term 2"),
            NOW,
            NOW + timedelta(days=1),
            has_due_date=True,
            overdue=False,
            search=("es",),
            parent_id="thesis",
            with_subtasks=True,
            list_id="3",
            section_id="1",
            in_list=True,
        ),
        (
            b'{"direction":"ASC","dueAfter":"2027-01-15T18:00:00.000Z","dueBefore":"2027-01-16T18:00:00.000Z",'
            b'"hasDueDate":true,"inList":true,"labelsAll":["exam","term 2"],"labelsAny":["school"],"list":"tasks",'
            b'"listId":"3",'
            b'"orderBy":"DUE_AT","overdue":false,"ownerId":"ada","parentId":"thesis",'
            b'"priority":"LOW","search":["es"],"sectionId":"1","statuses":["PENDING","COMPLETED"],"withSubtasks":true}'
        ),
    ),
    (TaskQuery("ada"), b'{"direction":"DESC","list":"tasks","orderBy":"CREATED_AT","ownerId":"ada"}'),
    (EventQuery("ada"), b'{"list":"events","ownerId":"ada"}'),
    (EventQuery("ada", "essay"), b'{"list":"events","ownerId":"ada","taskId":"essay"}'),
    (NotificationQuery("ada"), b'{"list":"notifications","ownerId":"ada"}'),
]


@pytest.mark.parametrize(("query", "document"), QUERIES)
def test_a_list_is_named_by_a_document(query: TaskQuery | EventQuery | NotificationQuery, document: bytes) -> None:
    assert canonical_json(query_to_dict(query)) == document


def test_no_field_of_a_request_or_a_list_is_forgotten() -> None:
    content = {to_camel(field.name) for field in fields(CreateTask)} - {"key", "mutation"}
    assert create_task_to_dict(COMPLETE).keys() == content
    for query in (QUERIES[0][0], EventQuery("ada", "essay"), NotificationQuery("ada")):
        assert query_to_dict(query).keys() == {to_camel(field.name) for field in fields(query)} | {"list"}


def test_a_cursor_never_changes() -> None:
    cursor = CursorCodec(lambda: "secret").encode(EventQuery("ada"), ["EVENT#essay#0000000001", "EVENT#2027"])
    assert cursor == ("PjMvw7i6RmF_xdIuXDYG7lsiRVZFTlQjZXNzYXkjMDAwMDAwMDAwMSIsIkVWRU5UIzIwMjciXQ")
