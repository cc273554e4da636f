"""Gathers all that a stage knows of one task: its item, its events, its executions and its dead letters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from taskbell.application.ports import Execution, ScheduledRun
from taskbell.application.redrive import look_through
from taskbell.application.serialization import INTERNAL_FIELDS, Document
from taskbell.cli.dead_letters import summary
from taskbell.cli.errors import Refused
from taskbell.cli.stage import LOCAL, Stage
from taskbell.domain.dead_letters import DeadLetter, FailedExecution
from taskbell.domain.task import ProcessingState
from taskbell.domain.timestamps import format_timestamp, parse_timestamp

_GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Trace:
    """All about one task, under the names that --json uses; `unseen` counts dead letters that were not looked at."""

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
        return bool(self.task or self.events or self.executions or self.dead_letters)

    def document(self) -> Document:
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
    """The owner's id: locally a user's name is understood, and nobody is the guest. Raises Refused where one lacks."""
    if stage.name != LOCAL:
        if owner is None:
            raise Refused("Whose task? Name the owner's id (the user's `sub`) with --owner.")
        return owner
    names = {user["name"] for user in (stage.connection or {}).get("users", [])}
    if owner not in names:
        return owner or _GUEST
    user = stage.client("cognito-idp").admin_get_user(UserPoolId=stage.output("UserPoolId"), Username=owner)
    return next(str(attribute["Value"]) for attribute in user["UserAttributes"] if attribute["Name"] == "sub")


def trace(stage: Stage, owner_id: str, task_id: str) -> Trace:
    """Gather it. One read of the item, one of the events, two calls for each execution, a look at the dead letters."""
    item = stage.records.task(owner_id, task_id)
    stored = list(stage.records.events(owner_id, task_id))
    letters, unseen = _letters_about(stage, owner_id, task_id)
    return Trace(
        owner_id=owner_id,
        task_id=task_id,
        task={name: value for name, value in item.items() if name not in INTERNAL_FIELDS} if item else None,
        schedule=item.get("schedule") if item else None,
        events=[_event(document) for document in stored],
        executions=[_execution(each) for each in stage.executions.of(_runs(item, stored, letters))],
        dead_letters=[summary(letter) for letter in letters],
        unseen=unseen,
    )


def _letters_about(stage: Stage, owner_id: str, task_id: str) -> tuple[list[DeadLetter], int]:
    """The dead letters about the task, and about how many of both queues could not be told to be so or not."""
    letters, unseen = look_through(stage.letters, stage.dead_letters.name)
    _, unforwarded = look_through(stage.letters, stage.unforwarded_changes.name, 0)
    return [
        letter for letter in letters if (letter.owner_id, letter.task_id) == (owner_id, task_id)
    ], unseen + unforwarded


def _event(stored: Document) -> Document:
    told = {name: stored.get(name) for name in ("version", "at", "type", "actor", "status", "previousStatus")}
    processing = stored.get("task", {}).get("processing", {}).get("state")
    return told | {"processing": processing, "changes": [_change(change) for change in stored.get("changes", [])]}


def _change(stored: Mapping[str, Any]) -> Document:
    return {name: stored.get(name) for name in ("field", "before", "after")}


def _runs(
    item: Document | None, stored: list[Document], letters: list[DeadLetter]
) -> Iterator[ScheduledRun | FailedExecution]:
    """The runs that the task can have had, in the order of their schedules, then those that only a letter tells of.

    A version that set a schedule has left the task queued, so only such versions are asked for.
    """
    runs = [_run(item, item["schedule"]["version"])] if item and "schedule" in item else []
    runs += [_run(event["task"], event["version"]) for event in stored if _is_queued(event.get("task", {}))]
    tasks = [letter.event.task for letter in letters if letter.event]
    runs += [ScheduledRun(task.owner_id, task.id, task.created_at, task.schedule.version) for task in tasks]
    yield from sorted(runs, key=lambda run: run.schedule_version)
    yield from (letter.execution for letter in letters if letter.execution)


def _run(task: Mapping[str, Any], version: int) -> ScheduledRun:
    return ScheduledRun(task["ownerId"], task["id"], parse_timestamp(task["createdAt"]), int(version))


def _is_queued(task: Mapping[str, Any]) -> bool:
    return bool(task.get("processing", {}).get("state") == ProcessingState.QUEUED.value)


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
