"""The trace of a task as a JSON document, and whose tasks a stage knows by name."""

from datetime import datetime

from taskbell.application.ports import Execution
from taskbell.application.serialization import INTERNAL_FIELDS, Document
from taskbell.application.task_trace import TaskTrace
from taskbell.cli.dead_letters import dead_letter_summary
from taskbell.cli.errors import CommandError
from taskbell.cli.stage import LOCAL, Stage
from taskbell.domain.timestamps import format_timestamp

_GUEST = "guest"


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


def trace_document(trace: TaskTrace) -> Document:
    """The trace as a JSON document: without internal fields, and with the schedule beside the task."""
    item = trace.item
    return {
        "ownerId": trace.owner_id,
        "taskId": trace.task_id,
        "task": {name: value for name, value in item.items() if name not in INTERNAL_FIELDS} if item else None,
        "schedule": item.get("schedule") if item else None,
        "events": trace.events,
        "executions": list(map(_execution, trace.executions)),
        "deadLetters": list(map(dead_letter_summary, trace.dead_letters)),
        "unseenDeadLetters": trace.unseen,
    }


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
