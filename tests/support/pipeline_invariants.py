"""What has to hold when the pipeline has come to rest, whatever happened before: simulated, or on the running system.

Each function yields what does not hold, in words.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.support.pipeline_outcome import Document, Outcome, StoredEvent, document, identity, text_of

_OPEN = ("PENDING", "IN_PROGRESS")


def every_version_follows_the_one_before(outcome: Outcome) -> Iterator[str]:
    for before, after in outcome.commits:
        if before and after:
            if after["version"] != before["version"] + 1:
                yield f"version {before['version']} of {after['id']} was followed by {after['version']}"
            if after["updatedAt"] < before["updatedAt"]:
                yield f"{after['id']} was updated before its last update"
        elif after and after["version"] != 1:
            yield f"{after['id']} began with version {after['version']}"


def each_change_is_in_the_history_once(outcome: Outcome) -> Iterator[str]:
    expected = {(*identity(task), task["version"]) for task in outcome.committed() if identity(task) in outcome.kept}
    created = {key[:2]: key for key in outcome.tasks}
    stored = Counter((*created.get(event.task, event.task), event.version) for event in outcome.events)
    for missing in sorted(expected - stored.keys()):
        yield f"the history lacks {missing}"
    for other in sorted(stored.keys() - expected):
        yield f"the history has {other}"


def history_adds_up_to_the_task(outcome: Outcome) -> Iterator[str]:
    """Each change begins where the one before it ended, and the last ends at the task."""
    histories: dict[tuple[str, str], list[StoredEvent]] = defaultdict(list)
    for event in sorted(outcome.events, key=lambda event: event.version):
        histories[event.task].append(event)
    for (owner, id_, _), task in outcome.tasks.items():
        history, seen = histories[owner, id_], dict[str, Any]()
        for event in history:
            for name, before, after in event.changes:
                counted = name == "progress"  # also while the task is deleted, without an event
                if seen.get(name, before) != before and not counted:
                    yield f"{name} of {id_} was {seen[name]}, and is {before} before version {event.version}"
                seen[name] = after
        if not task.get("deletedAt") and seen.get("status", task["status"]) != task["status"]:
            yield f"the history of {id_} ends with {seen['status']} instead of {task['status']}"


def counts_equal_a_recount(outcome: Outcome) -> Iterator[str]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for task in outcome.tasks.values():
        if not task.get("deletedAt"):
            counts = counted[task["ownerId"]]
            counts[task["status"]] += 1
            counts["OVERDUE"] += bool(task["overdue"])
            if task.get("listId"):
                counts[f"L{task['listId']}{task['status'][0]}"] += 1
            if task.get("completedAt"):
                counts[task["completedAt"][:10]] += 1
    stored: dict[str, Counter[str]] = defaultdict(Counter)
    for item in outcome.items("STATS"):
        owner, _, _ = item["pk"]["S"].removeprefix("STATS#").rpartition("#")
        stored[owner].update({name: int(value["N"]) for name, value in item.items() if "N" in value})
    for owner in sorted(counted.keys() | stored.keys()):
        is_, should = +stored[owner], +counted[owner]
        if is_ != should or any(count < 0 for count in stored[owner].values()):
            yield f"{owner} counts {dict(stored[owner])} instead of {dict(should)}"


def progress_equals_a_recount(outcome: Outcome) -> Iterator[str]:
    for task in outcome.tasks.values():
        children = [c for c in _children(outcome, task) if not c.get("deletedAt")]
        expected = {"total": len(children), "completed": sum(c["status"] == "COMPLETED" for c in children)}
        if task["progress"] != expected and _born_before(task, children):
            yield f"{task['id']} has the progress {task['progress']} instead of {expected}"


def subtasks_are_deleted_with_their_parent(outcome: Outcome) -> Iterator[str]:
    for parent in outcome.tasks.values():
        for child in _children(outcome, parent):
            if parent.get("deletedAt") and not child.get("deletedAt"):
                yield f"{child['id']} is there, although {parent['id']} is deleted"
            if not parent.get("deletedAt") and child.get("deletedWithParent") and not _expired(outcome, child):
                yield f"{child['id']} is deleted, although {parent['id']} is there"


def no_subtask_has_subtasks(outcome: Outcome) -> Iterator[str]:
    tasks = {(task["ownerId"], task["id"]): task for task in living(outcome)}
    for task in tasks.values():
        parent = tasks.get((task["ownerId"], task.get("parentId")))
        if parent and parent.get("parentId"):
            yield f"{task['id']} is below {parent['id']}, which is below {parent['parentId']}"


def tasks_are_in_lists_that_are_there(outcome: Outcome) -> Iterator[str]:
    """And subtasks in none but that of their task."""
    lists = [document(item) for item in outcome.items("LIST#")]
    live = {(each["ownerId"], each["id"]) for each in lists if not each.get("deletedAt")}
    for task in living(outcome):
        if task.get("listId") and ((task["ownerId"], task["listId"]) not in live or task.get("parentId")):
            yield f"{task['id']} is in list {task['listId']}, as a subtask or after the list was deleted"


def reminders_are_sent_once_and_in_time(outcome: Outcome) -> Iterator[str]:
    keys = Counter((note["ownerId"], note["taskId"], note["at"]) for note in outcome.notes)
    yield from (f"{key} was sent {count} times" for key, count in keys.items() if count > 1)
    yield from (
        f"{note['id']} was sent early, at {note['committed']}"
        for note in outcome.notes
        if note["committed"] < note["at"]
    )
    for task in outcome.tasks.values():
        for at in _reminders(task):
            if (
                outcome.scheduled_at(task) < at <= text_of(outcome.now)
                and (task["ownerId"], task["id"], at) not in keys
            ):
                yield f"{task['id']} was not reminded of {at}"


def nobody_is_reminded_of_what_is_done(outcome: Outcome) -> Iterator[str]:
    for before, after in outcome.commits:
        if (
            before
            and after
            and _reminded(before, after)
            and (before["status"] == "COMPLETED" or before.get("deletedAt"))
        ):
            yield f"{after['id']} was reminded of in version {after['version']}"


def a_reminder_is_of_the_current_schedule(outcome: Outcome) -> Iterator[str]:
    for before, after in outcome.commits:
        if (
            before
            and after
            and _reminded(before, after)
            and after["schedule"]["remindedUntil"] not in _reminders(after)
        ):
            yield f"{after['id']} was reminded of {after['schedule']['remindedUntil']}"


def overdue_is_what_is_open_and_past(outcome: Outcome) -> Iterator[str]:
    for task in living(outcome):
        past = bool(task.get("dueAt")) and task["dueAt"] <= text_of(outcome.now)
        if task["overdue"] != (past and task["status"] in _OPEN):
            yield f"{task['id']} is overdue: {task['overdue']}"
    for before, after in outcome.commits:
        if before and after and _stopped_being_overdue(before, after):
            yield f"{after['id']} stopped being overdue in version {after['version']}"


def every_run_ended_or_waits(outcome: Outcome) -> Iterator[str]:
    for task in living(outcome):
        waits = task["status"] in _OPEN and max(task.get("dueAt") or "", *_reminders(task), "") > text_of(outcome.now)
        expected = "WAITING" if waits else "SUCCEEDED"
        if task["processing"]["state"] != expected:
            yield f"the processing of {task['id']} is {task['processing']['state']} instead of {expected}"
    expected_runs = Counter(
        (task["ownerId"], task["id"], task["schedule"]["version"])
        for task in living(outcome)
        if task["processing"]["state"] == "WAITING"
    )
    running = Counter(each.of for each in outcome.executions if each.status == "RUNNING")
    if running != expected_runs:
        yield f"the runs {dict(running)} are active instead of {dict(expected_runs)}"


def no_run_fails_by_what_passes(outcome: Outcome) -> Iterator[str]:
    for before, after in outcome.commits:
        if after and after["processing"]["state"] == "FAILED" != (before or after)["processing"]["state"]:
            yield f"{after['id']} FAILED in version {after['version']}"
    for execution in outcome.executions:
        if execution.status not in {"RUNNING", "SUCCEEDED", "ABORTED"}:
            yield f"the execution {execution.name} {execution.status}: {execution.error}"


def one_occurrence_of_a_series_is_open(outcome: Outcome) -> Iterator[str]:
    """At no time were two open, however late and often anything came."""
    series: dict[str, str] = {}
    open_ones: dict[str, set[str]] = defaultdict(set)
    for before, after in outcome.commits:
        task = after or before or {}
        of = series.setdefault(task["id"], task["id"])
        if task.get("nextId"):
            series[task["nextId"]] = of
        is_open = after and task["status"] in _OPEN and not task.get("deletedAt") and task.get("recurrence")
        (open_ones[of].add if is_open else open_ones[of].discard)(task["id"])
        if len(open_ones[of]) > 1:
            yield f"{open_ones[of]} of one series were open at {task['updatedAt']}"


def each_closed_occurrence_has_its_next_one(outcome: Outcome) -> Iterator[str]:
    named = Counter(after["nextId"] for before, after in outcome.commits if after and _closed(before, after))
    born = {after["id"]: after for before, after in outcome.commits if after and not before}
    yield from (f"the next occurrence {id_} was never stored" for id_ in named.keys() - born.keys())
    yield from (f"{id_} follows {count} occurrences" for id_, count in named.items() if count > 1)
    for id_, task in born.items():
        if not task["requestDigest"] and not task.get("parentId") and id_ not in named:
            yield f"{id_} follows no occurrence"
    for before, after in outcome.commits:
        completed = before and after and before["status"] in _OPEN and after["status"] == "COMPLETED"
        if after and completed and after.get("recurrence") and after.get("dueAt") and not after.get("nextId"):
            yield f"{after['id']} was completed, and nothing follows"


def next_occurrences_have_the_subtasks(outcome: Outcome) -> Iterator[str]:
    """Unless the event lay among the dead letters until the task had left the table."""
    copies = Counter(
        after["parentId"]
        for before, after in outcome.commits
        if after and not before and after.get("parentId") and not after["requestDigest"]
    )
    tasks = {task["id"]: task for task in outcome.kept.values()}
    for before, task in outcome.commits:
        if not task or not _closed(before, task):
            continue
        next_ = tasks.get(task["nextId"])
        if next_ is None or next_.get("deletedAt") or task["id"] not in tasks:
            continue
        closed = task.get("completedAt") or task["deletedAt"]
        expected = [child for child in _children(outcome, task) if child["createdAt"] < closed and _came_along(child)]
        if copies[next_["id"]] < len(expected):
            yield f"{next_['id']} has {copies[next_['id']]} of the {len(expected)} subtasks of {task['id']}"


def nothing_is_left_of_what_was_deleted_for_good(outcome: Outcome) -> Iterator[str]:
    for task in outcome.tasks.values():
        if task.get("purged") and (task["title"] or task.get("description") or task["labels"] or task.get("key")):
            yield f"{task['id']} was deleted for good, and is {task}"
        parent = next((each for each in outcome.tasks.values() if each["id"] == task.get("parentId")), {})
        if parent.get("purged") and task.get("deletedWithParent") and not task.get("purged"):
            yield f"{task['id']} is there, although {parent['id']} was deleted for good"
    gone = {(owner, id_) for owner, id_, _ in outcome.tasks.keys() - outcome.kept.keys()}
    for note in map(document, outcome.items("NOTE#")):
        if (note["ownerId"], note["taskId"]) in gone:
            yield f"{note['taskId']} was deleted for good, and has a notification of {note['at']}"


INVARIANTS: tuple[Callable[[Outcome], Iterator[str]], ...] = (
    every_version_follows_the_one_before,
    each_change_is_in_the_history_once,
    history_adds_up_to_the_task,
    counts_equal_a_recount,
    progress_equals_a_recount,
    subtasks_are_deleted_with_their_parent,
    no_subtask_has_subtasks,
    tasks_are_in_lists_that_are_there,
    reminders_are_sent_once_and_in_time,
    nobody_is_reminded_of_what_is_done,
    a_reminder_is_of_the_current_schedule,
    overdue_is_what_is_open_and_past,
    every_run_ended_or_waits,
    no_run_fails_by_what_passes,
    one_occurrence_of_a_series_is_open,
    each_closed_occurrence_has_its_next_one,
    next_occurrences_have_the_subtasks,
    nothing_is_left_of_what_was_deleted_for_good,
)


def living(outcome: Outcome) -> list[Document]:
    """Return the tasks that are not deleted."""
    return [task for task in outcome.tasks.values() if not task.get("deletedAt")]


def _children(outcome: Outcome, parent: Document) -> list[Document]:
    own = (parent["ownerId"], parent["id"])
    return [task for task in outcome.tasks.values() if (task["ownerId"], task.get("parentId")) == own]


def _closed(before: Document | None, after: Document) -> bool:
    """Whether a task was completed or skipped, so that another follows it."""
    return bool(after.get("nextId") and not (before and before.get("nextId")))


def _came_along(child: Document) -> bool:
    """Whether a subtask was there when its parent was closed: nobody has deleted it alone."""
    return not child.get("nextId") and (not child.get("deletedAt") or bool(child.get("deletedWithParent")))


def _born_before(parent: Document, children: list[Document]) -> bool:
    """Whether the children are of this parent, and not of an earlier one of its id that was removed by hand."""
    return all(child["createdAt"] >= parent["createdAt"] for child in children)


def _reminders(task: Document) -> list[str]:
    if task["status"] == "COMPLETED" or task.get("deletedAt"):
        return []
    minutes = task["remindBefore"] if task.get("dueAt") else []
    before = {text_of(datetime.fromisoformat(task["dueAt"]) - timedelta(minutes=int(each))) for each in minutes}
    return sorted(before | set(task.get("remindAt", ())))


def _stopped_being_overdue(before: Document, after: Document) -> bool:
    """Whether an open task stopped being overdue, although its due date did not change."""
    same = after.get("dueAt") == before.get("dueAt") and after["status"] in _OPEN and not before.get("deletedAt")
    return bool(same and before["overdue"] and not after["overdue"])


def _reminded(before: Document, after: Document) -> bool:
    return after["schedule"].get("remindedUntil") not in {before["schedule"].get("remindedUntil"), None}


def _expired(outcome: Outcome, task: Document) -> bool:
    return "expiresAt" in task and int(task["expiresAt"]) <= outcome.now.timestamp()
