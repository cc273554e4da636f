"""What has to hold when the devices have caught up. Each function yields what does not hold, in words."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.simulation.outcome import SimulationOutcome
from tests.simulation.sync.simulation import OWNER, Edit, SyncSimulation

Document = Mapping[str, Any]
_COMPARED = ("version", "title", "description", "status", "priority", "labels", "dueAt", "overdue", "completedAt",
             "updatedAt", "progress", "remindBefore", "remindAt", "rank", "listId", "sectionId")  # fmt: skip


def devices_show_what_is_in_the_table(run: SyncSimulation, outcome: SimulationOutcome) -> Iterator[str]:
    stored = {
        f"Task:{OWNER}:{task['id']}": _fields(task)
        for task in outcome.tasks.values()
        if task["ownerId"] == OWNER and not task.get("deletedAt")
    }
    for device in run.devices:
        shown = {task["id"]: _fields(task) for task in device.shown()["tasks"]}
        yield from (f"{device.name} lacks {stored[id_]['title']} {id_}" for id_ in sorted(stored.keys() - shown.keys()))
        yield from (f"{device.name} still shows {shown[i]['title']} {i}" for i in sorted(shown.keys() - stored.keys()))
        for id_ in sorted(stored.keys() & shown.keys()):
            for name, value in stored[id_].items():
                if shown[id_][name] != value:
                    yield f"{device.name} shows {name} {shown[id_][name]!r} of {id_} instead of {value!r}"


def devices_show_the_notifications(run: SyncSimulation, outcome: SimulationOutcome) -> Iterator[str]:
    stored = {(note["taskId"], note["at"]) for note in map(_note, outcome.items("NOTE#")) if note["ownerId"] == OWNER}
    kept = {id_ for (owner, id_, _), task in outcome.tasks.items() if owner == OWNER and not task.get("deletedAt")}
    told = {note for note in stored if note[0] in kept}  # the event of another can have come too late
    for device in run.devices:
        shown = {(note["taskId"].split(":")[-1], note["at"]) for note in device.shown()["notifications"]}
        if not told <= shown <= stored:
            yield f"{device.name} shows the notifications {sorted(shown)} instead of {sorted(stored)}"


def nothing_is_left_to_send(run: SyncSimulation, _outcome: SimulationOutcome) -> Iterator[str]:
    for device in run.devices:
        shown = device.shown()
        yield from (f"{device.name} did not send {mutation}" for mutation in shown["pending"])
        if not shown["online"]:
            yield f"{device.name} is not online"


def screens_never_go_back(run: SyncSimulation, _outcome: SimulationOutcome) -> Iterator[str]:
    yield from (f"{device.name} went back with {text}" for device in run.devices for text in device.back)


def each_edit_is_made_once_or_refused(run: SyncSimulation, outcome: SimulationOutcome) -> Iterator[str]:
    made = Counter(_made(outcome))
    for edit in run.edits:
        refused = _refused(run, edit)
        lost = edit.client_mutation_id not in _device(run, edit).durable
        expected = 0 if refused or lost else 1
        if edit.title and made[edit.title] != expected:
            yield f"{edit} was made {made[edit.title]} times; refused: {refused}, lost before it was stored: {lost}"


def edits_are_made_in_their_order(run: SyncSimulation, outcome: SimulationOutcome) -> Iterator[str]:
    places = {title: place for place, title in enumerate(_made(outcome))}
    for device in run.devices:
        order = [places[edit.title] for edit in run.edits if edit.device == device.name and edit.title in places]
        if order != sorted(order):
            yield f"{device.name} made its edits in the order {order}"


INVARIANTS: tuple[Callable[[SyncSimulation, SimulationOutcome], Iterator[str]], ...] = (
    devices_show_what_is_in_the_table,
    devices_show_the_notifications,
    screens_never_go_back,
    nothing_is_left_to_send,
    each_edit_is_made_once_or_refused,
    edits_are_made_in_their_order,
)


def violations(run: SyncSimulation) -> list[str]:
    """What does not hold at the end of a run."""
    outcome = SimulationOutcome(run)
    return [f"{check.__name__}: {text}" for check in INVARIANTS for text in check(run, outcome)]


def _made(outcome: SimulationOutcome) -> list[str]:
    """The titles that tasks got, in the order of the commits; not those that a next occurrence took over."""
    return [
        after["title"]
        for before, after in outcome.commits
        if after and (after["requestDigest"] if before is None else before["title"] != after["title"])
    ]


def _fields(task: Document) -> dict[str, Any]:
    """What is compared of a task; ids by their last part, as the table has them."""
    fields = {name: task.get(name) or None for name in _COMPARED}
    places = {name: str(fields[name] or "").rpartition(":")[2] or None for name in ("listId", "sectionId")}
    return fields | places


def _note(item: Document) -> dict[str, Any]:
    return {name: next(iter(value.values())) for name, value in item.items()}


def _device(run: SyncSimulation, edit: Edit) -> Any:
    return next(device for device in run.devices if device.name == edit.device)


def _refused(run: SyncSimulation, edit: Edit) -> list[str] | None:
    codes: list[str] | None = _device(run, edit).refused.get(edit.client_mutation_id)
    return codes
