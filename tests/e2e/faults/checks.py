"""What has to hold at the end for clients; each function yields what does not, in words."""

from collections.abc import Iterator

from tests.e2e.faults.kills import Kill, MortalSystem
from tests.e2e.faults.subscribers import Subscriber
from tests.e2e.faults.writers import FAR, Log
from tests.support.pipeline_outcome import Outcome, identity

# What clients see of a kill: the gateway's answer until it ends with the local AWS, and that of a function which was
# killed, or which does not start in time on a busy machine.
_WITHOUT_AWS = {"InternalFailure: Something went wrong on our side."}
_WITHOUT_FUNCTION = {"Lambda:Unhandled: Something went wrong on our side."}


def acknowledged_and_missing(log: Log, mortal: MortalSystem, outcome: Outcome) -> Iterator[str]:
    stored = {(t["ownerId"], t["id"], t["version"], t["updatedAt"]) for _, t in outcome.commits if t}
    for change in log.acknowledged:
        place = change.owner, change.task, change.version, change.updated_at
        if place not in stored and not mortal.may_be_lost(change.at):
            yield f"{place} was acknowledged and is missing"


def unexpected_errors(log: Log, mortal: MortalSystem) -> Iterator[str]:
    killed = set(mortal.killed)
    expected = _WITHOUT_AWS if killed - {Kill.WORKERS} else set()
    expected = expected | _WITHOUT_FUNCTION if killed else expected
    yield from (f"a client saw {error}" for error in sorted(log.errors.keys() - expected))


def shown_otherwise(subscriber: Subscriber, outcome: Outcome) -> Iterator[str]:
    stored = {
        task["id"]: (task["createdAt"], task["version"])
        for task in outcome.tasks.values()
        if task["ownerId"] == subscriber.owner and not task.get("deletedAt")
    }
    shown = subscriber.shown
    for id_ in sorted(stored.keys() | shown.keys()):
        if stored.get(id_) != shown.get(id_):
            yield f"{subscriber.owner} sees {id_} as {shown.get(id_)} instead of {stored.get(id_)}"


def not_pushed(subscriber: Subscriber, outcome: Outcome) -> Iterator[str]:
    """What changed since the last subscription began, and was not pushed."""
    owner, session = subscriber.owner, subscriber.sessions[-1]
    pushed = {(*identity({"ownerId": owner, **push["task"]}), push["version"]) for push in session.pushes}
    for task in outcome.committed():
        place = (*identity(task), task["version"])
        if task["ownerId"] == owner and task["updatedAt"] > session.since and place not in pushed:
            yield f"{owner} was not pushed version {task['version']} of {task['id']}"


def out_of_order(subscriber: Subscriber) -> Iterator[str]:
    """Tasks whose versions were first pushed in another order, by subscription."""
    for session in subscriber.sessions:
        versions: dict[tuple[str, str], dict[int, None]] = {}
        for push in session.pushes:
            versions.setdefault((push["task"]["id"], push["task"]["createdAt"]), {})[push["version"]] = None
        for task, found in versions.items():
            if list(found) != sorted(found):
                yield f"{subscriber.owner} was pushed the versions {list(found)} of {task}"


def due_soon(outcome: Outcome) -> Iterator[str]:
    """Tasks whose due dates have still to pass."""
    for task in outcome.tasks.values():
        if task["processing"]["state"] == "WAITING" and task["dueAt"] != FAR:
            yield f"{task['id']} is not due yet"
