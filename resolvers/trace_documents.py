"""Traces of tasks in the format of the schema."""

import json
from datetime import datetime

from resolvers.dead_letter_documents import dead_letter_document
from taskbell.api.graphql_documents import task_document
from taskbell.application.ports import Execution
from taskbell.application.serialization import Document, task_from_dict
from taskbell.application.task_trace import TaskTrace, value_at
from taskbell.domain.timestamps import format_timestamp, parse_timestamp


def trace_document(trace: TaskTrace) -> Document:
    """Return a `TaskTrace`."""
    task = _task(trace.item) if trace.item else None
    invalid = trace.item if task is None else None
    return {
        "ownerId": trace.owner_id,
        "taskId": trace.task_id,
        "task": task,
        "invalidItem": json.dumps(invalid, ensure_ascii=False) if invalid else None,
        "scheduleVersion": _number(value_at(trace.item, "schedule", "version")),
        "events": list(map(_event, trace.events)),
        "omittedEvents": trace.omitted_events,
        "executions": list(map(_execution, trace.executions)),
        "omittedSchedules": trace.omitted_schedules,
        "deadLetters": list(map(dead_letter_document, trace.dead_letters)),
        "unseenDeadLetters": trace.unseen,
    }


def _task(item: Document) -> Document | None:
    try:
        return task_document(task_from_dict(item))
    except (KeyError, TypeError, ValueError):
        return None


def _event(event: Document) -> Document:
    """Return a `TraceEvent`; what the schema does not allow is null, as a stored event may be invalid."""
    texts = {name: _text(event[name]) for name in ("type", "actor", "status", "previousStatus", "processing")}
    changes = [{name: _text(value) for name, value in change.items()} for change in event["changes"]]
    at = {"version": _number(event["version"]), "at": _instant(event["at"])}
    return at | texts | {"changes": [change for change in changes if change["field"] is not None]}


def _execution(execution: Execution) -> Document:
    return {
        "name": execution.name,
        "arn": execution.id,
        "scheduleVersion": execution.schedule_version,
        "status": execution.status,
        "startedAt": format_timestamp(execution.started_at),
        "stoppedAt": _formatted(execution.stopped_at),
        "error": execution.error,
        "cause": execution.cause,
        "states": [
            {"name": state.name, "enteredAt": format_timestamp(state.entered_at), "leftAt": _formatted(state.left_at)}
            for state in execution.states
        ],
    }


def _formatted(instant: datetime | None) -> str | None:
    return format_timestamp(instant) if instant else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _instant(value: object) -> str | None:
    try:
        return format_timestamp(parse_timestamp(str(value)))
    except ValueError:
        return None
