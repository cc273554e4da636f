"""Events as they are queued, stored, processed and pushed: one change of a stored task after the other.

The table's stream comes in and everything else is what the functions make of it; all instants are those of the items.
"""

import json
from typing import Any

import pytest

from tests.characterization.golden import agree
from tests.characterization.stage import Item, MotoStage, id_of, queue_event, stored, stream_record

Change = tuple[Item | None, Item | None]

AT = "2020-03-09T10:00:00.000Z"
QUEUED = {"state": "QUEUED", "step": None, "error": None, "startedAt": None, "finishedAt": None}
RUNNING = QUEUED | {"state": "RUNNING", "step": "accept", "startedAt": AT}
WAITING = RUNNING | {"state": "WAITING", "step": "wait"}
FAILED = RUNNING | {"state": "FAILED", "error": "Something went wrong.", "finishedAt": AT}
SUCCEEDED = RUNNING | {"state": "SUCCEEDED", "step": "finish", "finishedAt": AT}
ORPHAN = "01709aa0-94a0-7000-8000-0000000000ff"
NEXT = "0170bebc-a900-7000-8000-000000000001"  # with the time of AT
GONE = {"deletedAt": AT, "expiresAt": 3_800_000_000, "processing": SUCCEEDED}


def by_person(task: Item, **fields: Any) -> Change:
    """A stored task, and its next version as a person has made it."""
    return by_pipeline(task, editedVersion=task["version"] + 1, **fields)


def by_pipeline(task: Item, **fields: Any) -> Change:
    """A stored task, and its next version as the pipeline has made it."""
    return task, task | {"version": task["version"] + 1, "updatedAt": AT} | fields


def schedule(version: int) -> Item:
    return {"version": version, "since": AT, "remindedUntil": None}


ESSAY, REPORT, WEEKLY, OVERDUE = (stored(task_id) for task_id in ("essay", "report", "weekly", "overdue"))
FIRST_REPORT = REPORT | {"version": 1, "editedVersion": 1, "processing": QUEUED, "status": "PENDING"}

CASES: dict[str, list[Change]] = {
    "created": [(None, ESSAY)],
    "created with everything": [(None, FIRST_REPORT)],
    "created as a subtask": [(None, stored("project-a"))],
    "created as a subtask of a deleted task": [
        (None, stored("project-a", id=ORPHAN, sk=f"TASK#{ORPHAN}", key=None, parentId=id_of("deleted")))
    ],
    "title and description edited": [by_person(ESSAY, title="Ein anderer Aufsatz über ✓", description="With a\nline")],
    "all other details edited": [
        by_person(
            REPORT,
            priority="LOW",
            labels=[],
            timeZone="America/New_York",
            recurrence={"rrule": "FREQ=DAILY;INTERVAL=3", "afterCompletion": False},
        )
    ],
    "another due date sets another schedule": [
        (None, FIRST_REPORT),
        by_person(
            FIRST_REPORT,
            dueAt="2090-07-01T16:00:00.000Z",
            remindBefore=[5],
            schedule=schedule(2),
            dueClock="2090-07-01T18:00:00.000",
        ),
    ],
    "details cleared": [by_person(REPORT, description=None, dueAt=None, remindBefore=[], schedule=schedule(5))],
    "started": [by_person(ESSAY, status="IN_PROGRESS")],
    "completed": [
        by_person(REPORT, status="COMPLETED", completedAt=AT, completedLate=False, processing=SUCCEEDED),
    ],
    "completed, and it recurs": [
        by_person(WEEKLY, status="COMPLETED", completedAt=AT, processing=SUCCEEDED, nextId=NEXT)
    ],
    "completed late as a subtask": [
        by_person(stored("project-a"), status="COMPLETED", completedAt=AT, dueAt="2020-03-03T00:00:00.000Z")
    ],
    "reopened": [
        by_person(stored("late"), status="PENDING", completedAt=None, processing=QUEUED, schedule=schedule(6))
    ],
    "accepted by the workflow": [by_pipeline(ESSAY, processing=RUNNING)],
    "given up by the workflow": [by_pipeline(ESSAY, processing=FAILED)],
    "finished by the workflow": [by_pipeline(ESSAY, processing=SUCCEEDED)],
    "handed over to another run": [by_pipeline(WEEKLY, processing=QUEUED, schedule=schedule(4))],
    "reminded": [by_pipeline(WEEKLY, schedule=schedule(1) | {"remindedUntil": AT})],
    "overdue": [by_pipeline(REPORT, overdue=True, processing=WAITING)],
    "progress of a parent": [by_pipeline(stored("project"), progress={"total": 2, "completed": 2})],
    "dragged": [by_person(ESSAY, rank="a1")],
    "moved below another task": [by_person(ESSAY, parentId=id_of("project"))],
    "deleted for good": [by_person(stored("deleted"), title="", description=None, labels=[], key=None, purged=True)],
    "deleted": [by_person(ESSAY, **GONE)],
    "deleted with subtasks": [by_person(stored("project"), **GONE)],
    "restored": [
        by_person(stored("deleted"), deletedAt=None, expiresAt=None, processing=QUEUED, schedule=schedule(3)),
    ],
    "restored with subtasks": [
        by_person(stored("old-project"), deletedAt=None, expiresAt=None, processing=QUEUED, schedule=schedule(3))
    ],
    "changed while deleted": [by_pipeline(stored("deleted"), processing=FAILED)],
}


@pytest.mark.parametrize("case", CASES)
def test_queueing_handling_and_pushing_an_event_are_unchanged(stage: MotoStage, case: str) -> None:
    seen = [_handled(stage, change) for change in CASES[case]]
    agree(f"events/{case.replace(' ', '_').replace(',', '')}.json", seen)


@pytest.mark.parametrize("task_id", ["report", "expired"])
def test_purging_a_task_that_has_left_the_table_is_unchanged(stage: MotoStage, task_id: str) -> None:
    agree(f"events/removed_{task_id}.json", _handled(stage, (stored(task_id), None)))


def test_the_fields_of_a_push_are_unchanged(stage: MotoStage) -> None:
    _handled(stage, (None, ESSAY))
    agree("events/push.graphql", stage.screen.pushed[0]["query"] + "\n")


def test_pushing_a_notification_is_unchanged(stage: MotoStage) -> None:
    notes = [item for (_, sk), item in stage.items().items() if sk.startswith("NOTE#")]
    (profile,) = [item for (pk, sk), item in stage.items().items() if (pk, sk) == ("OWNER#ada", "PROFILE")]
    dismissed = notes[0] | {
        "readAt": "2020-03-05T09:00:00.000Z",
        "dismissedAt": "2020-03-05T10:00:00.000Z",
        "version": 3,
    }
    stage.store(dismissed)
    records = [stream_record(None, item, number) for number, item in enumerate([dismissed, *notes[1:], profile], 1)]
    answer = stage.call("pushNotifications", {"Records": records})
    agree("events/push_notification.graphql", stage.screen.pushed[0]["query"] + "\n")
    agree("events/notifications.json", {"answer": answer, "pushed": [p["variables"] for p in stage.screen.pushed]})


def test_the_escaping_of_characters_that_sqs_rejects_is_unchanged(stage: MotoStage) -> None:
    stage.call("forwardChanges", {"Records": [stream_record(None, ESSAY | {"title": "Not \uffff, but ✓ and \x00"})]})
    (message,) = stage.receive("events")
    agree("events/escaped.txt", message["Body"] + "\n")


def test_invalid_changes_are_set_aside_and_those_around_them_forwarded(stage: MotoStage) -> None:
    good, odd = stream_record(None, ESSAY, 1), stream_record(None, {"pk": "OWNER#ada", "sk": "TASK#odd"}, 2)
    answers = [stage.call("forwardChanges", {"Records": records}) for records in ([good, odd], [odd, good])]
    aside = [json.loads(message["Body"]) for message in stage.receive("unforwarded")]
    queued = _messages(stage.receive("events"))
    agree("events/invalid_changes.json", {"answers": answers, "queued": queued, "set aside": aside})


@pytest.mark.parametrize("tries", [1, 5])
def test_an_invalid_message_is_retried_and_dead_lettered_at_the_fifth_try(stage: MotoStage, tries: int) -> None:
    stage.send("events", {"type": "CREATED"})
    messages = stage.receive("events")
    answer = [stage.call("handleEvents", queue_event(messages, receives)) for receives in range(1, tries + 1)][-1]
    agree(f"events/invalid_message_{tries}.json", {"answer": answer, "dead": _messages(stage.receive("dead"))})


def _handled(stage: MotoStage, change: Change) -> dict[str, Any]:
    """All that follows from one change of a task that is in the table already."""
    before, after = change
    if after:
        stage.store({name: value for name, value in after.items() if value is not None})
    items = stage.items()
    stage.screen.pushed.clear()
    forwarded = stage.call("forwardChanges", {"Records": [stream_record(before, after)]})
    messages = stage.receive("events")
    handled = stage.call("handleEvents", queue_event(messages)) if messages else None
    return {
        "forwardChanges": forwarded,
        "queued": _messages(messages),
        "handleEvents": handled,
        "written": stage.changes(items),
        "pushed": [{"event": _pushed(push["variables"]["event"])} for push in stage.screen.pushed],
        "executions": stage.executions(),
    }


def _pushed(event: Item) -> Item:
    """What is pushed; its cursor tells the time of the run, in a hash too."""
    assert event["cursor"]
    return event | {"cursor": "<cursor>"}


def _messages(messages: list[Item]) -> list[Item]:
    """What a message says and how it is queued."""
    named = ("MessageGroupId", "MessageDeduplicationId")
    return [
        {
            "body": json.loads(message["Body"]),
            "notes": {name: note["StringValue"] for name, note in message.get("MessageAttributes", {}).items()},
            **{name: message["Attributes"][name] for name in named},
        }
        for message in messages
    ]
