"""What arranging tasks costs: trash, moves, the dragged order, labels, undo, many at once, notifications, and lists.

Each figure is of the mutation or query alone, without what the pipeline does of it, unless it says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from benchmarks.metered_table import Used
from benchmarks.pipeline_in_memory import Service, service
from resolvers import read_tasks, write_tasks
from taskbell.domain.timestamps import format_timestamp
from tests.support.examples import NOW
from tests.support.lambdas import ADA, CONTEXT, appsync_event, call

DUE = format_timestamp(NOW + timedelta(days=7))
DETAILS = {"labels": ["history"], "description": "What the teacher said about it. " * 4, "dueAt": DUE}
TASKS = 20


def arranging() -> Iterator[tuple[str, Used]]:
    """Yield what each operation costs, with a planner of 20 dated tasks and a task with three subtasks."""
    with service() as running:
        ids = [running.mutate("createTask", title=f"Task {number}", **DETAILS)["task"]["id"] for number in range(TASKS)]
        first, second, *_ = ids
        parents = [running.mutate("createTask", title=f"Part {number}", parentId=first) for number in range(3)]
        yield from _orders(running, ids)
        with _alone(running):
            yield "labels of all tasks", _asked(running, "labels")
            yield "renaming a label of 20 tasks", _changed(running, "renameLabel", name="history", newName="Rome")
            yield "subtasks of 20 tasks", _subtasks(running, ids)
            subtask = parents[0]["task"]["id"]
            yield "moving a subtask out", _changed(running, "updateTask", id=subtask, parentId=None)
            yield "moving it below another task", _changed(running, "updateTask", id=subtask, parentId=second)
            yield "deleting", _changed(running, "deleteTask", id=ids[2])
            yield "restoring", _changed(running, "restoreTask", id=ids[2])
            yield from _undone(running, ids[3])
            yield "many at once: the status of 20", _many(running, ids)
            for id_ in ids[4:14]:
                running.mutate("deleteTask", id=id_)
            yield "the trash, 10 tasks", _asked(running, "trash")
            yield "deleting for good", _changed(running, "purgeTask", id=ids[4])
            yield "emptying the trash, 9 tasks", _changed(running, "emptyTrash")


def notifications() -> Iterator[tuple[str, Used]]:
    """Yield what changes of a notification cost."""
    with service() as running:
        id_ = running.mutate("createTask", title="Essay", remindBefore=[60], **DETAILS)["task"]["id"]
        running.step("accept", id_)
        running.step("plan", id_)
        running.now = NOW + timedelta(days=7, hours=-1)
        running.step("remind", id_, format_timestamp(running.now))
        (note,) = _answer("notifications")["nodes"]
        yield "pushing a notification that was sent", _pushed(running)
        yield "reading a notification", _changed(running, "readNotifications", ids=[note["id"]])
        token = running.mutate("dismissNotifications", ids=[note["id"]])["undo"]
        running.used()
        event = appsync_event("Mutation", "undo", {"input": {"tokens": [token]}}, ADA)
        selected = {"selectionSetList": ["notification"], "selectionSetGraphQL": "{ notification { id } }"}
        call(write_tasks.handler, event | {"info": event["info"] | selected})
        yield "undoing that it was dismissed", running.used()
        until = format_timestamp(NOW + timedelta(days=8))
        with _alone(running):
            yield "snoozing it", _changed(running, "snoozeNotification", id=note["id"], until=until)
        yield "marking all as read", _changed(running, "markNotificationsRead", until=until)
        running.push_notifications()
        running.mutate("markNotificationsRead", until=format_timestamp(NOW + timedelta(days=9)))
        yield "pushing until when all are read", _pushed(running)


def task_lists() -> Iterator[tuple[str, Used]]:
    """Yield what lists of tasks cost, with two lists, and 20 dated tasks in one of them."""
    with service() as running:
        running.used()
        yield "creating a list", _changed(running, "createTaskList", name="History")
        first, second = "TaskList:ada:1", running.mutate("createTaskList", name="Physics")["taskList"]["id"]
        running.used()
        with _alone(running):
            yield "a new task in a list", _changed(running, "createTask", title="Task", listId=first, **DETAILS)
        for number in range(TASKS - 1):
            running.mutate("createTask", title=f"Task {number}", listId=first, **DETAILS)
        yield "all lists with their counts", _with_counts(running, [first, second])
        yield "the 20 open tasks of a list, by rank", _asked(running, "tasks", **_of_list(first))
        moved, completed = (node["id"] for node in _answer("tasks", **_of_list(first))["nodes"][:2])
        running.used()
        yield (
            "moving a task to another list, with its pipeline",
            _changed(running, "updateTask", id=moved, listId=second),
        )
        with _alone(running):
            yield "completing a task of a list", _changed(running, "setTaskStatus", id=completed, status="COMPLETED")
            yield "renaming a list", _changed(running, "updateTaskList", id=first, name="World history")
            yield "deleting a list of 19 tasks", _changed(running, "deleteTaskList", id=first, tasks="KEEP")


def _of_list(list_id: str) -> dict[str, Any]:
    return {
        "orderBy": {"field": "RANK", "direction": "ASC"},
        "filter": {"listId": list_id, "statuses": ["PENDING", "IN_PROGRESS"]},
    }


def _with_counts(running: Service, ids: list[str]) -> Used:
    running.used()
    _answer("taskLists")
    batch = [appsync_event("TaskList", "counts", {}, ADA) | {"source": {"id": id_}} for id_ in ids]
    read_tasks.handler(batch, CONTEXT)
    return running.used()


def _orders(running: Service, ids: list[str]) -> Iterator[tuple[str, Used]]:
    running.used()
    yield "a drag, with its pipeline", _changed(running, "updateTask", id=ids[5], rank="a0")
    with _alone(running):
        yield "a drag to another column", _changed(running, "setTaskStatus", id=ids[6], status="IN_PROGRESS", rank="a1")
        by_rank = {"orderBy": {"field": "RANK", "direction": "ASC"}, "filter": {"statuses": ["PENDING"]}}
        yield "a column by rank", _asked(running, "tasks", **by_rank)


def _undone(running: Service, id_: str) -> Iterator[tuple[str, Used]]:
    token = running.mutate("updateTask", id=id_, title="Another")["undo"]
    running.used()
    call(write_tasks.handler, appsync_event("Mutation", "undo", {"input": {"tokens": [token]}}, ADA))
    yield "undoing a change", running.used()


def _pushed(running: Service) -> Used:
    running.used()
    running.push_notifications()
    return running.used()


def _changed(running: Service, field: str, **input_: Any) -> Used:
    running.mutate(field, **input_)
    return running.used()


def _many(running: Service, ids: list[str]) -> Used:
    inputs = [{"id": id_, "status": "IN_PROGRESS"} for id_ in ids if id_ != ids[6]]
    call(write_tasks.handler, appsync_event("Mutation", "setTaskStatuses", {"input": inputs}, ADA))
    return running.used()


def _subtasks(running: Service, ids: list[str]) -> Used:
    batch = [appsync_event("Task", "subtasks", {}, ADA) | {"source": {"id": id_}} for id_ in ids]
    read_tasks.handler(batch, CONTEXT)
    return running.used()


def _asked(running: Service, field: str, **arguments: Any) -> Used:
    running.used()
    _answer(field, **arguments)
    return running.used()


def _answer(field: str, **arguments: Any) -> Any:
    return call(read_tasks.handler, appsync_event("Query", field, arguments, ADA))


@contextmanager
def _alone(running: Service) -> Iterator[None]:
    """Leave out what the pipeline does."""
    settle, running.settle = running.settle, running.forget  # type: ignore[method-assign]
    running.used()
    yield
    running.settle = settle  # type: ignore[method-assign]
