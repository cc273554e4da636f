"""What the life of a task, its changes, and the reads beside them cost in read and write units.

Runs the real functions and adapters over a table in memory that counts units as DynamoDB bills them:

    python -m benchmarks.costs
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from benchmarks.arranging_costs import arranging, notifications, task_lists
from benchmarks.calendar_costs import calendars
from benchmarks.metered_table import Used
from benchmarks.pipeline_in_memory import Service, service
from resolvers import read_tasks, write_tasks
from taskbell import bootstrap
from taskbell.domain.timestamps import format_timestamp
from taskbell.rest import calendar
from tests.support.examples import NOW
from tests.support.lambdas import ADA, CONTEXT, GRACE, appsync_event, call

DUE = format_timestamp(NOW + timedelta(days=7))
DETAILS = {"title": "Read chapter 4", "labels": ["history"], "description": "What the teacher said about it. " * 4}
HISTORIES, EVENTS = 25, 20
EVENT_FIELDS = "id taskId ownerId version at type status previousStatus actor changes { field before after }"


def life_of_a_task() -> Used:
    """A task with a due date and a reminder is created, edited, reminded of and completed in time."""
    with service() as running:
        id_ = running.mutate("createTask", **DETAILS, dueAt=DUE, remindBefore=[60])["task"]["id"]
        begin(running, id_)
        running.mutate("updateTask", id=id_, title="Read chapters 4 and 5")
        running.now = NOW + timedelta(days=7, hours=-1)
        running.step("remind", id_, format_timestamp(running.now))
        running.mutate("setTaskStatus", id=id_, status="COMPLETED")
        return running.used()


def changes() -> Iterator[tuple[str, int]]:
    """Write units of the table for one change of a dated task, without what the pipeline stores of it."""
    inputs: list[tuple[str, str, dict[str, Any]]] = [
        ("status", "setTaskStatus", {"status": "IN_PROGRESS"}),
        ("title", "updateTask", {"title": "Read chapter 5"}),
        ("due date", "updateTask", {"dueAt": format_timestamp(NOW + timedelta(days=8))}),
        ("priority", "updateTask", {"priority": "HIGH"}),
        ("completion", "setTaskStatus", {"status": "COMPLETED"}),
    ]
    for name, mutation, input_ in inputs:
        yield name, _without_pipeline(mutation, lambda id_, given=input_: {"id": id_, **given})  # type: ignore[misc]


def creations() -> Iterator[tuple[str, int]]:
    """Write units of the table for a creation, without what the pipeline stores of it."""
    for name, key in (("without a key", {}), ("with a key", {"key": "chapter-4"})):
        with service() as running:
            running.settle = running.forget  # type: ignore[method-assign]
            running.mutate("createTask", **DETAILS, **key, dueAt=DUE)
            yield name, running.used().write_units


def creation_of_a_subtask() -> int:
    """Write units of the table for the creation of a dated subtask, without what the pipeline stores of it."""
    with service() as running:
        parent = running.mutate("createTask", title="Essay")["task"]["id"]
        running.used()
        running.settle = running.forget  # type: ignore[method-assign]
        running.mutate("createTask", **DETAILS, dueAt=DUE, parentId=parent)
        return running.used().write_units


def occurrences() -> Iterator[tuple[str, Used]]:
    """What it takes to close a dated occurrence with ten subtasks, and to take that back."""
    with service() as running:
        id_ = running.mutate("createTask", **DETAILS, dueAt=DUE, recurrence={"rrule": "FREQ=DAILY"})["task"]["id"]
        for number in range(10):
            running.mutate("createTask", title=f"Part {number}", parentId=id_)
        settle, running.settle = running.settle, running.forget  # type: ignore[method-assign]
        for name, mutation, input_ in (
            ("completion", "setTaskStatus", {"status": "COMPLETED"}),
            ("its repetition", "setTaskStatus", {"status": "COMPLETED"}),
            ("taken back", "setTaskStatus", {"status": "PENDING"}),
            ("skipped", "skipOccurrence", {}),
        ):
            running.used()
            running.mutate(mutation, id=id_, **input_)
            yield name, running.used()
        running.settle = settle  # type: ignore[method-assign]


def histories(description: int, fields: str = "type at") -> tuple[Used, int]:
    """The last 20 entries of the histories of 25 tasks whose descriptions are so long; bytes of the answer."""
    with service() as running:
        ids = [
            running.mutate("createTask", title=f"Task {number}", description="x" * description)["task"]["id"]
            for number in range(HISTORIES)
        ]
        for number in range(EVENTS - 1):
            for id_ in ids:
                running.mutate("setTaskStatus", id=id_, status=("IN_PROGRESS", "PENDING")[number % 2])
        running.used()
        answers = read_tasks.handler([_history(id_, fields) for id_ in ids], CONTEXT)
        return running.used(), len(json.dumps(answers, ensure_ascii=False).encode())


def statistics() -> Used:
    """The statistics of an owner with completions on 100 days."""
    with service() as running:
        for _ in range(100):
            id_ = running.mutate("createTask", title="x")["task"]["id"]
            running.mutate("setTaskStatus", id=id_, status="COMPLETED")
            running.now += timedelta(days=1)
        running.used()
        call(read_tasks.handler, appsync_event("Query", "taskStats", {}, ADA))
        return running.used()


def calendar_feed() -> Iterator[tuple[str, Used]]:
    """The calendar feed of an owner with 50 dated tasks: made, renewed, read, and read again without a change."""
    with service() as running:
        for number in range(50):
            running.mutate("createTask", **DETAILS | {"title": f"Task {number}"}, dueAt=DUE)
        running.used()
        for name in ("making", "renewal"):
            url = running.mutate("renewCalendarFeed")["calendarFeed"]["url"]
            yield name, running.used()
        event = {"pathParameters": {"file": url.rpartition("/")[2]}, "requestContext": {"http": {"method": "GET"}}}
        tag = calendar.handler(event, CONTEXT)["headers"]["etag"]
        yield "50 tasks", running.used()
        assert calendar.handler(event | {"headers": {"if-none-match": tag}}, CONTEXT)["statusCode"] == 304
        yield "unchanged", running.used()


def transfer() -> Iterator[tuple[str, Used]]:
    """An export of 100 dated tasks, its import by its owner, and by another one; that again."""
    with service() as running:
        for number in range(100):
            running.mutate("createTask", **DETAILS | {"title": f"Task {number}"}, dueAt=DUE)
        running.used()
        content = call(read_tasks.handler, appsync_event("Query", "exportData", {}, ADA))["content"]
        yield "export of a page", running.used()
        part = {"importId": "a", "part": 0, "format": "JSON", "content": content}
        for name, identity in (("by their owner", ADA), ("by another one", GRACE), ("again", GRACE)):
            done = call(write_tasks.handler, appsync_event("Mutation", "importTasks", {"input": part}, identity))
            assert done["part"]["created"] + done["part"]["existing"] == 100
            running.forget()
            yield f"import {name}", running.used()


def nothing_new(tasks: int) -> Used:
    """What has changed since, of an owner with so many tasks: nothing."""
    with service() as running:
        for number in range(tasks):
            running.mutate("createTask", title=f"Task {number}")
        running.now += timedelta(minutes=1)
        page = bootstrap.change_feed().since("ada", None, 100)
        while page.has_more:
            page = bootstrap.change_feed().since("ada", page.cursor, 100)
        running.used()
        assert bootstrap.change_feed().since("ada", page.cursor, 100).changes == ()
        return running.used()


def begin(running: Service, id_: str) -> None:
    """Take the first steps of a task's run: until it waits."""
    for step in ("accept", "plan"):
        running.step(step, id_)


def _without_pipeline(mutation: str, input_of: Callable[[str], dict[str, Any]]) -> int:
    with service() as running:
        id_ = running.mutate("createTask", **DETAILS, dueAt=DUE, remindBefore=[60])["task"]["id"]
        begin(running, id_)
        running.used()
        running.settle = running.forget  # type: ignore[method-assign]
        running.mutate(mutation, **input_of(id_))
        return running.used().write_units


def _history(task_id: str, fields: str) -> dict[str, Any]:
    event = appsync_event("Query", "activity", {"taskId": task_id, "first": EVENTS}, ADA)
    selected = {"selectionSetList": ["nodes"], "selectionSetGraphQL": f"{{ nodes {{ {fields} }} }}"}
    return event | {"info": event["info"] | selected}


def main() -> int:
    """Measure and print a table in Markdown."""
    life = life_of_a_task()
    rows = [("life of a task, everything that is stored", f"{life.write_units} write units, {life.read_units:g} read")]
    rows += [(f"one change of a dated task: {name}", f"{units} write units") for name, units in changes()]
    rows += [(f"creation {name}", f"{units} write units") for name, units in creations()]
    rows.append(("creation of a dated subtask", f"{creation_of_a_subtask()} write units"))
    for name, used in occurrences():
        row = f"{used.calls} calls, {used.write_units} write units, {used.read_units:g} read"
        rows.append((f"a dated occurrence with subtasks: {name}", row))
    for description in (0, 5_000):
        used, size = histories(description)
        row = f"{HISTORIES} histories of {EVENTS}, descriptions of {description:,} characters"
        rows.append((row, f"{used.calls} calls, {used.read_units:g} read units, {size / 1000:,.0f} KB answered"))
    _, size = histories(0, EVENT_FIELDS)
    rows.append(("the same with all fields of an entry", f"{size / 1000:,.0f} KB answered"))
    for tasks in (10, 1_000):
        used = nothing_new(tasks)
        rows.append((f"nothing new since, {tasks:,} tasks", f"{used.calls} call, {used.read_units:g} read units"))
    stats = statistics()
    rows.append(("statistics, with completions on 100 days", f"{stats.calls} calls, {stats.read_units:g} read units"))
    for name, used in calendar_feed():
        row = f"{used.calls} calls, {used.write_units} write units, {used.read_units:g} read"
        rows.append((f"a calendar feed: {name}", row))
    for name, used in transfer():
        row = f"{used.calls} calls, {used.write_units} write units, {used.read_units:g} read"
        rows.append((f"100 dated tasks: {name}", row))
    for name, used in (*arranging(), *notifications(), *task_lists(), *calendars()):
        rows.append((name, f"{used.calls} calls, {used.write_units} write units, {used.read_units:g} read"))
    print("| what | cost |\n|---|---|")
    for name, cost in rows:
        print(f"| {name} | {cost} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
