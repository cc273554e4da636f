"""The pipeline's figures in the format of the schema: which are selected, and what those are."""

from collections.abc import Iterator

from resolvers.selection import Selection
from taskbell.application.pipeline_status import COUNTED_STATUSES, PipelineStatus, Wanted
from taskbell.application.serialization import Document
from taskbell.domain.pipeline import EventsQueue, Measurement, Metric, UnknownReason
from taskbell.domain.timestamps import format_timestamp

_READERS = {"forwardChanges": Metric.FORWARD_CHANGES_LAG, "pushNotifications": Metric.PUSH_NOTIFICATIONS_LAG}
_QUEUES = {
    "taskEvents": (EventsQueue.TASK_EVENTS, Metric.TASK_EVENTS_AGE),
    "taskEventsDeadLetters": (EventsQueue.TASK_EVENTS_DEAD_LETTERS, Metric.TASK_EVENTS_DEAD_LETTERS_AGE),
    "unforwardedChanges": (EventsQueue.UNFORWARDED_CHANGES, Metric.UNFORWARDED_CHANGES_AGE),
}
# The metrics by the paths of their fields, and of those that say when they were measured.
_METRICS = {
    **{(reader, "lagSeconds", "measuredAt"): metric for reader, metric in _READERS.items()},
    **{(queue, "oldestAgeSeconds", "measuredAt"): metric for queue, (_, metric) in _QUEUES.items()},
    ("pushes", "delivered", "deliveredAt"): Metric.PUSHES_DELIVERED,
    ("pushes", "subscriptions", "subscriptionsAt"): Metric.SUBSCRIPTIONS,
}
_WHOLE = {Metric.PUSHES_DELIVERED, Metric.SUBSCRIPTIONS}
_OF_TABLE = ("status", "itemCount")
_OF_QUEUE = ("visible", "inFlight", "delayed")


def wanted_figures(selection: Selection) -> Wanted:
    """Return which figures a selection needs."""
    return Wanted(
        table=selection.of_field("table").has(*_OF_TABLE),
        queues=tuple(queue for name, (queue, _) in _QUEUES.items() if selection.of_field(name).has(*_OF_QUEUE)),
        executions=COUNTED_STATUSES if selection.has("executions") else (),
        metrics=tuple(metric for (name, *fields), metric in _METRICS.items() if selection.of_field(name).has(*fields)),
    )


def pipeline_document(status: PipelineStatus) -> Document:
    """Return a `Pipeline`: what was not asked for is null."""
    measured = status.measurements or {}
    document: Document = {
        "readAt": format_timestamp(status.read_at),
        "table": _table(status),
        "executions": list(_executions(status)),
        "pushes": {},
        "unknown": [{"figure": figure, "reason": reason.value} for figure, reason in _unknown(status)],
    }
    document |= {name: _queue(status, queue) for name, (queue, _) in _QUEUES.items()}
    document |= {name: {} for name in _READERS}
    for (name, figure, at), metric in _METRICS.items():
        document[name] |= _measurement(metric, measured.get(metric), figure, at)
    return document


def _table(status: PipelineStatus) -> Document:
    table = status.table
    return {"status": table.status, "itemCount": table.item_count} if table else dict.fromkeys(_OF_TABLE)


def _queue(status: PipelineStatus, queue: EventsQueue) -> Document:
    figures = status.queues.get(queue)
    if figures is None:
        return dict.fromkeys(_OF_QUEUE)
    return {"visible": figures.visible, "inFlight": figures.in_flight, "delayed": figures.delayed}


def _executions(status: PipelineStatus) -> Iterator[Document]:
    for wanted in status.wanted.executions:
        count = status.executions.get(wanted)
        known = {"count": count.count, "atLeast": count.at_least} if count else {"count": None, "atLeast": None}
        yield {"status": wanted.value} | known


def _measurement(metric: Metric, measured: Measurement | None, figure: str, at: str) -> Document:
    if measured is None:
        return {figure: None, at: None}
    value = round(measured.value) if metric in _WHOLE else measured.value
    return {figure: value, at: format_timestamp(measured.at)}


def _unknown(status: PipelineStatus) -> Iterator[tuple[str, UnknownReason]]:
    """Yield the figures that were asked for and are missing."""
    if status.wanted.table and status.table is None:
        yield from ((f"table.{field}", UnknownReason.UNAVAILABLE) for field in _OF_TABLE)
    for name, (queue, _) in _QUEUES.items():
        if queue in status.wanted.queues and queue not in status.queues:
            yield from ((f"{name}.{field}", UnknownReason.UNAVAILABLE) for field in _OF_QUEUE)
    for wanted in status.wanted.executions:
        if wanted not in status.executions:
            yield f"executions.{wanted.value}", UnknownReason.UNAVAILABLE
    answered = status.measurements is not None
    for (name, figure, _), metric in _METRICS.items():
        if metric in status.wanted.metrics and metric not in (status.measurements or {}):
            yield f"{name}.{figure}", UnknownReason.NOT_MEASURED if answered else UnknownReason.UNAVAILABLE
