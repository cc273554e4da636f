"""Collects what a stage has of one task: its item, events, executions and dead letters."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taskbell.application.ports import Execution, ScheduledRun
from taskbell.application.redrive import list_dead_letters
from taskbell.application.serialization import INTERNAL_FIELDS, Document
from taskbell.cli.dead_letters import dead_letter_summary
from taskbell.cli.errors import CommandError
from taskbell.cli.stage import LOCAL, Stage
from taskbell.domain.dead_letters import DeadLetter, FailedExecution
from taskbell.domain.task import ProcessingState
from taskbell.domain.timestamps import format_timestamp

_GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Trace:
    """What a stage has of one task, as JSON documents.

    Attributes:
        owner_id: The owner.
        task_id: The task.
        task: The stored task; None if there is none.
        schedule: The task's schedule; None if there is no task.
        events: Its events, in their order.
        executions: Its executions, in the order of their schedules.
        dead_letters: The dead letters about it.
        unseen: The approximate number of dead letters that could not be checked.
    """

    owner_id: str
    task_id: str
    task: Document | None
    schedule: Document | None
    events: list[Document]
    executions: list[Document]
    dead_letters: list[Document]
    unseen: int

    @property
    def found(self) -> bool:
        """Whether there is anything of the task."""
        return bool(self.task or self.events or self.executions or self.dead_letters)

    def document(self) -> Document:
        """The trace as a JSON document."""
        return {
            "ownerId": self.owner_id,
            "taskId": self.task_id,
            "task": self.task,
            "schedule": self.schedule,
            "events": self.events,
            "executions": self.executions,
            "deadLetters": self.dead_letters,
            "unseenDeadLetters": self.unseen,
        }


def owner_of(stage: Stage, owner: str | None) -> str:
    """The owner's id.

    Args:
        stage: The stage.
        owner: An owner's id; locally also a user's name, or None for the guest.

    Raises:
        CommandError: No owner is given for a deployed stage.
    """
    if stage.name != LOCAL:
        if owner is None:
            raise CommandError("Give the owner's id (the user's `sub`) with --owner.")
        return owner
    names = {user["name"] for user in (stage.connection or {}).get("users", [])}
    if owner not in names:
        return owner or _GUEST
    user = stage.client("cognito-idp").admin_get_user(UserPoolId=stage.output("UserPoolId"), Username=owner)
    return next(str(attribute["Value"]) for attribute in user["UserAttributes"] if attribute["Name"] == "sub")


def trace(stage: Stage, owner_id: str, reference: str) -> Trace:
    """Collect the trace of a task that is named by its id or by its key.

    A read for a key, one of the item, one of the events, and two calls for each execution.
    """
    task_id = stage.records.id_of(owner_id, reference)
    item = stage.records.task(owner_id, task_id)
    stored = list(stage.records.events(owner_id, task_id))
    dead_letters, unseen = _dead_letters_about(stage, owner_id, task_id)
    runs = [*_known_runs(owner_id, task_id, item, stored), *_dead_runs(dead_letters)]
    return Trace(
        owner_id=owner_id,
        task_id=task_id,
        task={name: value for name, value in item.items() if name not in INTERNAL_FIELDS} if item else None,
        schedule=item.get("schedule") if item else None,
        events=[_event(event, state) for event, state in zip(stored, _processing(stored), strict=True)],
        executions=[_execution(execution) for execution in stage.executions.of(_in_order(runs))],
        dead_letters=[dead_letter_summary(dead_letter) for dead_letter in dead_letters],
        unseen=unseen,
    )


def _dead_letters_about(stage: Stage, owner_id: str, task_id: str) -> tuple[list[DeadLetter], int]:
    """The dead letters about the task, and the approximate number of those that could not be checked."""
    received, unseen = list_dead_letters(stage.dead_letter_queues, stage.task_events_dead_letters.name)
    _, unforwarded = list_dead_letters(stage.dead_letter_queues, stage.unforwarded_changes.name, 0)
    about = [message for message in received if (message.owner_id, message.task_id) == (owner_id, task_id)]
    return about, unseen + unforwarded


def _event(stored: Document, processing: str) -> Document:
    event = {name: stored.get(name) for name in ("version", "at", "type", "actor", "status", "previousStatus")}
    return event | {"processing": processing, "changes": list(map(_change, _changes(stored)))}


def _changes(stored: Document) -> list[Any]:
    changes = stored.get("changes")
    return changes if isinstance(changes, list) else []


def _change(stored: Any) -> Document:
    return {name: _value(stored, name) for name in ("field", "before", "after")}


def _value(document: Any, *path: str) -> Any:
    """The value at a path of names; None if the document, which may be invalid, has none."""
    for name in path:
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def _processing(stored: list[Document]) -> Iterator[str]:
    """Yield the processing state after each event; an event has it only if it changed."""
    state = ProcessingState.QUEUED.value
    for event in stored:
        changes = (change for change in _changes(event) if _value(change, "field") == "processing")
        state = next((str(_value(change, "after")) for change in changes), state)
        yield state


def _known_runs(owner_id: str, task_id: str, item: Document | None, stored: list[Document]) -> Iterator[ScheduledRun]:
    """The runs that the task can have had.

    A version that set a schedule has left the task queued, so only such versions are considered.
    """
    versions = [_value(item, "schedule", "version")]
    states = zip(stored, _processing(stored), strict=True)
    versions += [event.get("version") for event, state in states if state == ProcessingState.QUEUED.value]
    for version in versions:
        with suppress(TypeError, ValueError):  # of an invalid item
            yield ScheduledRun(owner_id, task_id, int(version))


def _dead_runs(dead_letters: list[DeadLetter]) -> Iterator[ScheduledRun | FailedExecution]:
    """The runs that dead letters tell of."""
    tasks = [dead_letter.event.task for dead_letter in dead_letters if dead_letter.event]
    yield from (ScheduledRun(task.owner_id, task.id, task.schedule.version) for task in tasks)
    yield from (dead_letter.execution for dead_letter in dead_letters if dead_letter.execution)


def _in_order(runs: list[ScheduledRun | FailedExecution]) -> Iterator[ScheduledRun | FailedExecution]:
    """The runs in the order of their schedules, then those known only by a dead letter."""
    yield from sorted((run for run in runs if isinstance(run, ScheduledRun)), key=lambda run: run.schedule_version)
    yield from (run for run in runs if isinstance(run, FailedExecution))


def _execution(execution: Execution) -> Document:
    return {
        "name": execution.name,
        "arn": execution.id,
        "scheduleVersion": execution.schedule_version,
        "status": execution.status,
        "startedAt": format_timestamp(execution.started_at),
        "stoppedAt": _text(execution.stopped_at),
        "error": execution.error,
        "cause": execution.cause,
        "states": [
            {"name": state.name, "enteredAt": format_timestamp(state.entered_at), "leftAt": _text(state.left_at)}
            for state in execution.states
        ],
    }


def _text(instant: datetime | None) -> str | None:
    return format_timestamp(instant) if instant else None
