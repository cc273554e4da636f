"""What has to hold at the end of a run, whatever happened in it; the larger part is in `tests/support`.

Each function yields what does not hold, in words.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from taskbell.api.global_ids import notification_id
from taskbell.domain.quiet_hours import QuietHours
from tests.simulation.outcome import SimulationOutcome
from tests.simulation.simulation import DEAD, EVENTS, UNFORWARDED, Simulation
from tests.support import pipeline_invariants
from tests.support.examples import uuid_of
from tests.support.pipeline_invariants import living
from tests.support.pipeline_outcome import Document, Identity, document, identity

# How long a step may take, and how far its clock may be off.
_SKEW = timedelta(seconds=90)
_CLOSING = ("skipOccurrence", "setTaskStatus")


def what_a_client_was_told_is_committed(outcome: SimulationOutcome) -> Iterator[str]:
    committed = {(*identity(after), after["version"], after["updatedAt"]) for _, after in outcome.commits if after}
    for number, answer in outcome.run.client.answers.items():
        for task in filter(None, (answer.get("task"), answer.get("next"))):
            if not answer["errors"] and (*identity(task), task["version"], task["updatedAt"]) not in committed:
                yield f"operation {number} was told of version {task['version']} of {task['id']}, never stored"


def a_repetition_succeeds_without_a_second_effect(outcome: SimulationOutcome) -> Iterator[str]:
    """Of a mutation with an id: once it was stored or answered with success, unless its task is gone for good."""
    effects: dict[str, list[Identity]] = defaultdict(list)
    for caller, after in outcome.effects:
        effects[caller].append(identity(after))
    made: dict[int, set[Identity]] = {}
    for call in outcome.run.client.calls:
        number, codes = call.operation.number, [error["code"] for error in (call.answer or {}).get("errors", [])]
        if "clientMutationId" not in call.operation.input:
            continue
        told = call.answer.get("task") if call.answer and not codes else None
        of = {*effects[call.name], *([identity(told)] if told else [])}
        if number not in made:
            made |= {number: of} if of else {}
        elif made[number] <= outcome.kept.keys():
            if effects[call.name]:
                yield f"{call.name} was made again"
            if set(codes) - {"UNAVAILABLE"}:
                yield f"{call.name} was refused with {codes}, though it was made"


def nobody_but_people_deletes_or_restores_alone(outcome: SimulationOutcome) -> Iterator[str]:
    asked = outcome.run.asked()
    by_owner = {(owner, field) for owner, _, field in asked}
    for before, after in outcome.commits:
        if not before or not after or bool(before.get("deletedAt")) == bool(after.get("deletedAt")):
            continue
        field = "deleteTask" if after.get("deletedAt") else "restoreTask"
        if _left_its_series(before, after) and {(after["ownerId"], name) for name in _CLOSING} & by_owner:
            continue
        if {(after["ownerId"], name) for name in ("undo", "deleteTaskList")} & by_owner:
            continue
        alone = not (after if after.get("deletedAt") else before).get("deletedWithParent")
        if alone and not {(after["ownerId"], after.get(name), field) for name in ("id", "key")} & asked:
            yield f"nobody asked for {field} of {after['id']}"


def each_change_is_pushed_in_the_order_of_versions(outcome: SimulationOutcome) -> Iterator[str]:
    pushed: dict[Identity, list[int]] = defaultdict(list)
    for push in outcome.pushes:
        version = push["event"]["version"]
        if version not in pushed[identity(push["task"])]:
            pushed[identity(push["task"])].append(version)
    for task in outcome.committed():
        given_up = (task["ownerId"], task["id"], task["version"]) in outcome.given_up
        if task["version"] not in pushed[identity(task)] and not (given_up and identity(task) not in outcome.kept):
            yield f"{identity(task)} version {task['version']} was not pushed"
    for key, versions in pushed.items():
        first = [version for version in versions if (*key[:2], version) not in outcome.given_up]
        if first != sorted(first):
            yield f"{key} was pushed in the order {versions}"


def screens_show_what_is_in_the_table(outcome: SimulationOutcome) -> Iterator[str]:
    for screen in outcome.run.screens:
        stored = {
            task["id"]: (task["createdAt"], task["version"])
            for task in outcome.tasks.values()
            if task["ownerId"] == screen.owner and not task.get("deletedAt") and _listed(outcome, task)
        }
        shown = {uuid_of(task["id"]): (task["createdAt"], task["version"]) for task in screen.tasks.values()}
        if stored.items() - shown.items() or shown.keys() - {id_ for _, id_, _ in outcome.tasks}:
            yield f"{screen.owner} sees {shown} instead of {stored}"


def who_catches_up_has_what_is_in_the_table(outcome: SimulationOutcome) -> Iterator[str]:
    """Both a client that has followed since the beginning and one that asks for the first time now."""
    for follower in outcome.run.followers:
        newcomer = outcome.newcomer(follower.owner)
        stored = {
            task["id"]: task["version"]
            for task in outcome.tasks.values()
            if task["ownerId"] == follower.owner and not task.get("deletedAt")
        }
        notes = [note for note in map(document, outcome.items("NOTE#")) if note["ownerId"] == follower.owner]
        kept = {id_ for owner, id_, _ in outcome.kept if owner == follower.owner}  # others' events are purged
        told = [note for note in notes if note["taskId"] in kept and (note["taskId"], note["at"]) in outcome.reminded]
        there = [note for note in notes if not note.get("dismissedAt")]
        for client, expected in ((follower, [note for note in told if note in there]), (newcomer, there)):
            shown = {uuid_of(id_): version for id_, version in client.tasks.items()}
            if shown != stored:
                yield f"{client.owner} has caught up to {shown} instead of {stored}"
            missing = {note["at"] for note in expected} - {id_[-24:] for id_ in client.notifications}
            if missing:
                yield f"{client.owner} has no notification of {missing}"


def each_row_is_imported_once(outcome: SimulationOutcome) -> Iterator[str]:
    created = Counter((after["ownerId"], after["title"]) for before, after in outcome.commits if after and not before)
    for (owner, title), count in created.items():
        if title.startswith("Part ") and count > 1:
            yield f"{title} of {owner} was imported {count} times"


def who_asks_anew_has_all_lists(outcome: SimulationOutcome) -> Iterator[str]:
    """Changes of lists are not pushed, so that who follows since the beginning need not know of them yet."""
    for follower in outcome.run.followers:
        lists = [each for each in map(document, outcome.items("LIST#")) if each["ownerId"] == follower.owner]
        stored = {f"TaskList:{follower.owner}:{each['id']}" for each in lists if not each.get("deletedAt")}
        shown = outcome.newcomer(follower.owner).lists
        if shown != stored:
            yield f"{follower.owner} has the lists {shown} instead of {stored}"


def each_change_of_a_notification_is_pushed(outcome: SimulationOutcome) -> Iterator[str]:
    """In the order of versions, and at last the one that is stored."""
    pushed: dict[str, list[int]] = defaultdict(list)
    for push in outcome.notification_pushes:
        if push["notification"]:
            pushed[push["notification"]["id"]].append(push["version"])
    for note in map(document, outcome.items("NOTE#")):
        versions = pushed[notification_id(note["ownerId"], note["taskId"], note["at"])]
        if versions[-1:] != [note["version"]] or versions != sorted(versions):
            yield f"version {note['version']} of {note['id']} is stored, and {versions} were pushed"


def bells_show_what_is_in_the_table(outcome: SimulationOutcome) -> Iterator[str]:
    """What has left the table is another matter: the push of its task tells that."""
    seen = {item["pk"]["S"]: item.get("seenUntil", {"S": ""})["S"] for item in outcome.items("PROFILE")}
    notes = {
        notification_id(note["ownerId"], note["taskId"], note["at"]): note
        for note in map(document, outcome.items("NOTE#"))
    }
    for bell in outcome.run.bells:
        read_until = seen.get(f"OWNER#{bell.owner}", "")
        stored = {
            id_: bool(note.get("readAt")) or note["sentAt"] <= read_until
            for id_, note in notes.items()
            if note["ownerId"] == bell.owner and not note.get("dismissedAt")
        }
        shown = {id_: read for id_, read in bell.shown().items() if id_ in notes}
        if shown != stored:
            yield f"{bell.owner} is shown the notifications {shown} instead of {stored}"


def nobody_is_reminded_in_quiet_hours(outcome: SimulationOutcome) -> Iterator[str]:
    """Unless they were set while the reminder was sent."""
    for note in outcome.notes:
        sent = datetime.fromisoformat(note["sentAt"])
        in_force: set[QuietHours | None] = {None}
        for since, hours in outcome.profiles[note["ownerId"]]:
            in_force = {hours} if since < sent - _SKEW else in_force | {hours} if since < sent + _SKEW else in_force
        if all(hours and hours.delayed(sent, ZoneInfo("UTC")) > sent for hours in in_force):
            yield f"{note['id']} was sent at {note['sentAt']}, in the quiet hours {in_force}"


def no_run_waits_twice_for_the_same(outcome: SimulationOutcome) -> Iterator[str]:
    """Unless its owner sets quiet hours: they delay a reminder that was waited for, or several to one end."""
    for execution in outcome.run.step_functions.executions.values():
        plans = Counter(json.dumps(data["answer"]["plan"], sort_keys=True) for _, data in execution.waits)
        most = 1 + len(outcome.profiles[execution.data["ownerId"]])
        yield from (f"{execution.name} waited {n} times for {plan}" for plan, n in plans.items() if n > most)


def every_message_ended(outcome: SimulationOutcome) -> Iterator[str]:
    for message in outcome.run.sqs.queues[EVENTS].messages:
        yield f"{message.deduplication_id} is on the queue"
    yield from (f"{id_} was neither handled nor given up within a day" for id_ in outcome.run.unhandled)
    for url in (DEAD, UNFORWARDED):
        yield from (f"{message.body[:200]} could not be redriven" for message in outcome.run.dead_letters(url))


def messages_are_given_up_for_their_own_failures(outcome: SimulationOutcome) -> Iterator[str]:
    for message in outcome.run.given_up:
        if "DDBStreamBatchInfo" in message.body or '"execution"' in message.body:
            continue
        if "cause" not in message.attributes:
            yield f"{message.deduplication_id} is a dead letter without cause"
        if '"type": "NEWER_' not in message.body:
            yield f"{message.deduplication_id} is a dead letter by {message.attributes.get('cause')}"


INVARIANTS: tuple[Callable[[SimulationOutcome], Iterator[str]], ...] = (
    *pipeline_invariants.INVARIANTS,
    what_a_client_was_told_is_committed,
    a_repetition_succeeds_without_a_second_effect,
    nobody_but_people_deletes_or_restores_alone,
    each_change_is_pushed_in_the_order_of_versions,
    screens_show_what_is_in_the_table,
    who_catches_up_has_what_is_in_the_table,
    each_row_is_imported_once,
    who_asks_anew_has_all_lists,
    each_change_of_a_notification_is_pushed,
    bells_show_what_is_in_the_table,
    nobody_is_reminded_in_quiet_hours,
    no_run_waits_twice_for_the_same,
    every_message_ended,
    messages_are_given_up_for_their_own_failures,
)


def violations(run: Simulation) -> list[str]:
    """What does not hold at the end of a run."""
    outcome = SimulationOutcome(run)
    return [f"{check.__name__}: {text}" for check in INVARIANTS for text in check(outcome)]


def _left_its_series(before: Document, after: Document) -> bool:
    """Whether an occurrence was deleted as one that is skipped, or taken back."""
    return bool(after.get("deletedAt") and before.get("recurrence") and not after.get("recurrence"))


def _listed(outcome: SimulationOutcome, task: Document) -> bool:
    """Whether a client finds the task: a subtask by its parent, unless that took the place of one that was removed."""
    parents = {(t["ownerId"], t["id"]): t["createdAt"] for t in living(outcome)}
    parent = task["ownerId"], task.get("parentId")
    return not task.get("parentId") or (parent in parents and parents[parent] <= task["createdAt"])
