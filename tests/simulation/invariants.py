"""What has to hold at the end of a run, whatever happened in it.

Each function yields what does not hold, in words.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from tests.simulation.outcome import Document, Identity, Outcome, identity, text_of
from tests.simulation.simulation import DEAD, EVENTS, UNFORWARDED, Simulation

_OPEN = ("PENDING", "IN_PROGRESS")


def every_version_follows_the_one_before(outcome: Outcome) -> Iterator[str]:
    for before, after in outcome.commits:
        if before and after:
            if after["version"] != before["version"] + 1:
                yield f"version {before['version']} of {after['id']} was followed by {after['version']}"
            if after["updatedAt"] < before["updatedAt"] and after["progress"] == before["progress"]:
                yield f"{after['id']} was updated before its last update"
        elif after and after["version"] != 1:
            yield f"{after['id']} began with version {after['version']}"


def what_a_client_was_told_is_committed(outcome: Outcome) -> Iterator[str]:
    committed = {(*identity(after), after["version"], after["updatedAt"]) for _, after in outcome.commits if after}
    for number, answer in outcome.run.client.answers.items():
        task = answer.get("task")
        if task and not answer["errors"] and (*identity(task), task["version"], task["updatedAt"]) not in committed:
            yield f"operation {number} was told of version {task['version']} of {task['id']}, which was never stored"


def each_change_is_in_the_history_once(outcome: Outcome) -> Iterator[str]:
    expected = {(*identity(task), task["version"]) for task in outcome.committed() if identity(task) in outcome.tasks}
    stored = Counter((*identity(event["task"]), event["version"]) for event in outcome.events)
    for missing in sorted(expected - stored.keys()):
        yield f"the history lacks {missing}"
    for other in sorted(stored.keys() - expected):
        yield f"the history has {other}"


def counts_equal_a_recount(outcome: Outcome) -> Iterator[str]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for task in outcome.tasks.values():
        if not task.get("deletedAt"):
            counts = counted[task["ownerId"]]
            counts[task["status"]] += 1
            counts["OVERDUE"] += bool(task["overdue"])
            if task.get("completedAt"):
                counts[task["completedAt"][:10]] += 1
    stored: dict[str, Counter[str]] = defaultdict(Counter)
    for item in outcome.run.dynamodb.all_items("STATS"):
        day = item["sk"]["S"].removeprefix("STATS").removeprefix("#")
        for name, value in item.items():
            if "N" in value:
                stored[item["pk"]["S"].removeprefix("OWNER#")][day or name] += int(value["N"])
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


def nobody_but_people_deletes_or_restores_alone(outcome: Outcome) -> Iterator[str]:
    asked = {(o.owner, o.input["id"], o.field) for o in outcome.run.operations}
    for before, after in outcome.commits:
        if not before or not after or bool(before.get("deletedAt")) == bool(after.get("deletedAt")):
            continue
        field = "deleteTask" if after.get("deletedAt") else "restoreTask"
        alone = not (after if after.get("deletedAt") else before).get("deletedWithParent")
        if alone and (after["ownerId"], after["id"], field) not in asked:
            yield f"nobody asked for {field} of {after['id']}"


def each_change_is_pushed_in_the_order_of_versions(outcome: Outcome) -> Iterator[str]:
    pushed: dict[Identity, list[int]] = defaultdict(list)
    for push in outcome.pushes:
        if push["version"] not in pushed[identity(push["task"])]:
            pushed[identity(push["task"])].append(push["version"])
    for task in outcome.committed():
        given_up = (task["ownerId"], task["id"], task["version"]) in outcome.given_up
        if task["version"] not in pushed[identity(task)] and not (given_up and identity(task) not in outcome.tasks):
            yield f"{identity(task)} version {task['version']} was not pushed"
    for key, versions in pushed.items():
        first = [version for version in versions if (*key[:2], version) not in outcome.given_up]
        if first != sorted(first):
            yield f"{key} was pushed in the order {versions}"


def screens_show_what_is_in_the_table(outcome: Outcome) -> Iterator[str]:
    for screen in outcome.run.screens:
        stored = {
            task["id"]: (task["createdAt"], task["version"])
            for task in outcome.tasks.values()
            if task["ownerId"] == screen.owner and not task.get("deletedAt") and _listed(outcome, task)
        }
        shown = {task["id"]: (task["createdAt"], task["version"]) for task in screen.tasks.values()}
        if stored.items() - shown.items() or shown.keys() - {id_ for _, id_, _ in outcome.tasks}:
            yield f"{screen.owner} sees {shown} instead of {stored}"


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
    for task in _living(outcome):
        past = bool(task.get("dueAt")) and task["dueAt"] <= text_of(outcome.now)
        if task["overdue"] != (past and task["status"] in _OPEN):
            yield f"{task['id']} is overdue: {task['overdue']}"
    for before, after in outcome.commits:
        if before and after and _stopped_being_overdue(before, after):
            yield f"{after['id']} stopped being overdue in version {after['version']}"


def every_run_ended_or_waits(outcome: Outcome) -> Iterator[str]:
    for task in _living(outcome):
        waits = task["status"] in _OPEN and bool(task.get("dueAt")) and task["dueAt"] > text_of(outcome.now)
        expected = "WAITING" if waits else "SUCCEEDED"
        if task["processing"]["state"] != expected:
            yield f"the processing of {task['id']} is {task['processing']['state']} instead of {expected}"
    expected_runs = Counter(
        (task["ownerId"], task["id"], task["schedule"]["version"])
        for task in _living(outcome)
        if task["processing"]["state"] == "WAITING"
    )
    running = Counter(
        (e.data["ownerId"], e.data["taskId"], e.data["scheduleVersion"])
        for e in outcome.run.step_functions.executions.values()
        if e.running and not _is_orphan_of_a_dead_letter(outcome, e.data)
    )
    if running != expected_runs:
        yield f"the runs {dict(running)} are active instead of {dict(expected_runs)}"


def no_run_fails_by_what_passes(outcome: Outcome) -> Iterator[str]:
    for before, after in outcome.commits:
        if after and after["processing"]["state"] == "FAILED" != (before or after)["processing"]["state"]:
            yield f"{after['id']} FAILED in version {after['version']}"
    for execution in outcome.run.step_functions.executions.values():
        if execution.status == "FAILED":
            yield f"the execution {execution.name} FAILED: {execution.error}"


def no_run_waits_twice_for_the_same(outcome: Outcome) -> Iterator[str]:
    for execution in outcome.run.step_functions.executions.values():
        plans = Counter(json.dumps(data["answer"]["plan"], sort_keys=True) for _, data in execution.waits)
        yield from (f"{execution.name} waited {n} times for {plan}" for plan, n in plans.items() if n > 1)


def a_completed_task_recurs_once(outcome: Outcome) -> Iterator[str]:
    born: dict[Identity, int] = Counter()
    for before, after in outcome.commits:
        if after and not before and not after["requestDigest"]:
            born[after["ownerId"], after["title"], after["dueAt"]] += 1
    for (owner, title, due), count in born.items():
        if count > 1:
            yield f"{owner} got {count} tasks {title} that are due at {due}"
    done = {
        identity(after): after
        for _, after in outcome.commits
        if after and after["status"] == "COMPLETED" and after.get("recurrence") and after.get("dueAt")
    }
    occurrences = sum(born.values())
    if bool(done) != bool(occurrences):
        yield f"{len(done)} recurring tasks were completed, and {occurrences} followed"
    if occurrences > len(done):
        yield f"{len(done)} recurring tasks were completed, but {occurrences} followed"


def every_message_ended(outcome: Outcome) -> Iterator[str]:
    for message in outcome.run.sqs.queues[EVENTS].messages:
        yield f"{message.deduplication_id} is on the queue"
    yield from (f"{id_} was neither handled nor given up within a day" for id_ in outcome.run.unhandled)
    for url in (DEAD, UNFORWARDED):
        yield from (f"{message.body[:200]} could not be redriven" for message in outcome.run.dead_letters(url))


def messages_are_given_up_for_their_own_failures(outcome: Outcome) -> Iterator[str]:
    for message in outcome.run.given_up:
        if "DDBStreamBatchInfo" in message.body or '"execution"' in message.body:
            continue
        if "cause" not in message.attributes:
            yield f"{message.deduplication_id} is a dead letter without cause"
        if '"type": "NEWER_' not in message.body:
            yield f"{message.deduplication_id} is a dead letter by {message.attributes.get('cause')}"


INVARIANTS: tuple[Callable[[Outcome], Iterator[str]], ...] = (
    every_version_follows_the_one_before,
    what_a_client_was_told_is_committed,
    each_change_is_in_the_history_once,
    counts_equal_a_recount,
    progress_equals_a_recount,
    subtasks_are_deleted_with_their_parent,
    nobody_but_people_deletes_or_restores_alone,
    each_change_is_pushed_in_the_order_of_versions,
    screens_show_what_is_in_the_table,
    reminders_are_sent_once_and_in_time,
    nobody_is_reminded_of_what_is_done,
    a_reminder_is_of_the_current_schedule,
    overdue_is_what_is_open_and_past,
    every_run_ended_or_waits,
    no_run_fails_by_what_passes,
    no_run_waits_twice_for_the_same,
    a_completed_task_recurs_once,
    every_message_ended,
    messages_are_given_up_for_their_own_failures,
)


def violations(run: Simulation) -> list[str]:
    """What does not hold at the end of a run."""
    outcome = Outcome(run)
    return [f"{check.__name__}: {text}" for check in INVARIANTS for text in check(outcome)]


def _living(outcome: Outcome) -> list[Document]:
    return [task for task in outcome.tasks.values() if not task.get("deletedAt")]


def _is_orphan_of_a_dead_letter(outcome: Outcome, data: Document) -> bool:
    """Whether a run waits for a task that left the table before the event that stops it was redriven: a known gap."""
    owner, id_ = data["ownerId"], data["taskId"]
    is_there = any(key[:2] == (owner, id_) for key in outcome.tasks)
    return not is_there and any(given_up[:2] == (owner, id_) for given_up in outcome.given_up)


def _children(outcome: Outcome, parent: Document) -> list[Document]:
    own = (parent["ownerId"], parent["id"])
    return [task for task in outcome.tasks.values() if (task["ownerId"], task.get("parentId")) == own]


def _born_before(parent: Document, children: list[Document]) -> bool:
    """Whether the children are of this parent, and not of an earlier one of its id that was removed by hand."""
    return all(child["createdAt"] >= parent["createdAt"] for child in children)


def _listed(outcome: Outcome, task: Document) -> bool:
    """Whether a client finds the task: a subtask by its parent, unless that took the place of one that was removed."""
    parents = {(t["ownerId"], t["id"]): t["createdAt"] for t in _living(outcome)}
    parent = task["ownerId"], task.get("parentId")
    return not task.get("parentId") or (parent in parents and parents[parent] <= task["createdAt"])


def _reminders(task: Document) -> list[str]:
    if not task.get("dueAt") or task["status"] == "COMPLETED" or task.get("deletedAt"):
        return []
    due = datetime.fromisoformat(task["dueAt"])
    return sorted({text_of(due - timedelta(minutes=int(minutes))) for minutes in task["remindBefore"]})


def _stopped_being_overdue(before: Document, after: Document) -> bool:
    """Whether an open task stopped being overdue, although its due date did not change."""
    same = after.get("dueAt") == before.get("dueAt") and after["status"] in _OPEN and not before.get("deletedAt")
    return bool(same and before["overdue"] and not after["overdue"])


def _reminded(before: Document, after: Document) -> bool:
    return after["schedule"].get("remindedUntil") not in {before["schedule"].get("remindedUntil"), None}


def _expired(outcome: Outcome, task: Document) -> bool:
    return "expiresAt" in task and int(task["expiresAt"]) <= outcome.now.timestamp()
