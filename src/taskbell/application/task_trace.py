"""Collects what the pipeline has of one task: its item, events, executions and dead letters."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from taskbell.application.ports import DeadLetterQueues, Execution, Executions, ScheduledRun, TaskRecords
from taskbell.application.redrive import list_dead_letters
from taskbell.application.serialization import Document
from taskbell.domain.dead_letters import DeadLetter
from taskbell.domain.task import ProcessingState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TraceLimits:
    """How much of a trace is read; None for all of it.

    Attributes:
        events: How many of the last events.
        schedules: How many of the last schedules may have had executions.
        dead_letters: How many messages of the dead-letter queue are searched.
        search_dead_letters: False to leave the dead-letter queues alone.
    """

    events: int | None = None
    schedules: int | None = None
    dead_letters: int | None = None
    search_dead_letters: bool = True


_NO_LIMITS = TraceLimits()


@dataclass(frozen=True, slots=True)
class TaskTrace:
    """What the pipeline has of one task.

    Attributes:
        owner_id: The owner.
        task_id: The task.
        item: The stored task as a document, or as it is stored if it is invalid; None if there is none.
        events: Its events in their order, each with the processing state after it.
        omitted_events: How many earlier ones there are.
        executions: Its executions, in the order of their schedules.
        omitted_schedules: How many earlier schedules were not looked up.
        dead_letters: The dead letters about it.
        unseen: The approximate number of dead letters that could not be checked.
    """

    owner_id: str
    task_id: str
    item: Document | None
    events: list[Document]
    omitted_events: int
    executions: list[Execution]
    omitted_schedules: int
    dead_letters: list[DeadLetter]
    unseen: int

    @property
    def found(self) -> bool:
        """Whether there is anything of the task."""
        return bool(self.item or self.events or self.executions or self.dead_letters)


@dataclass(frozen=True, slots=True)
class TaskTracer:
    """Traces tasks: a read for a key, one of the item, one of the events, and three calls for each execution.

    Attributes:
        records: Reads what is stored.
        executions: Reads executions.
        queues: The dead-letter queues; each is asked for the number of its messages.
        searched: The queue whose messages are about tasks.
    """

    records: TaskRecords
    executions: Executions
    queues: DeadLetterQueues
    searched: str

    def trace(self, owner_id: str, reference: str, limits: TraceLimits = _NO_LIMITS) -> TaskTrace:
        """Collect the trace of a task that is named by its id or by its key."""
        task_id = self.records.id_of(owner_id, reference)
        item = self.records.task(owner_id, task_id)
        stored = list(self.records.events(owner_id, task_id))
        dead_letters, unseen = self._dead_letters_about(owner_id, task_id, limits)
        scheduled = _scheduled(owner_id, task_id, item, stored, dead_letters)
        failed = [dead_letter.execution for dead_letter in dead_letters if dead_letter.execution]
        looked_up = _last(scheduled, limits.schedules)
        events = [_event(event, state) for event, state in zip(stored, _processing(stored), strict=True)]
        shown = _last(events, limits.events)
        return TaskTrace(
            owner_id=owner_id,
            task_id=task_id,
            item=item,
            events=shown,
            omitted_events=len(events) - len(shown),
            executions=list(self.executions.of([*looked_up, *failed])),
            omitted_schedules=len(scheduled) - len(looked_up),
            dead_letters=dead_letters,
            unseen=unseen,
        )

    def _dead_letters_about(self, owner_id: str, task_id: str, limits: TraceLimits) -> tuple[list[DeadLetter], int]:
        """Return the dead letters about the task, and the approximate number of those that could not be checked."""
        if not limits.search_dead_letters:
            return [], 0
        received, unseen = list_dead_letters(self.queues, self.searched, limits.dead_letters)
        others = (name for name in self.queues.names if name != self.searched)
        unseen += sum(list_dead_letters(self.queues, name, 0)[1] for name in others)
        return [message for message in received if (message.owner_id, message.task_id) == (owner_id, task_id)], unseen


def value_at(document: Any, *path: str) -> Any:
    """Return the value at a path of names; None if the document, which may be invalid, has none."""
    for name in path:
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def _last(items: list[T], limit: int | None) -> list[T]:
    return items if limit is None else items[max(0, len(items) - limit) :]


def _event(stored: Document, processing: str) -> Document:
    event = {name: stored.get(name) for name in ("version", "at", "type", "actor", "status", "previousStatus")}
    return event | {"processing": processing, "changes": list(map(_change, _changes(stored)))}


def _changes(stored: Document) -> list[Any]:
    changes = stored.get("changes")
    return changes if isinstance(changes, list) else []


def _change(stored: Any) -> Document:
    return {name: value_at(stored, name) for name in ("field", "before", "after")}


def _processing(stored: list[Document]) -> Iterator[str]:
    """Yield the processing state after each event; an event has it only if it changed."""
    state = ProcessingState.QUEUED.value
    for event in stored:
        changes = (change for change in _changes(event) if value_at(change, "field") == "processing")
        state = next((str(value_at(change, "after")) for change in changes), state)
        yield state


def _scheduled(
    owner_id: str, task_id: str, item: Document | None, stored: list[Document], dead_letters: list[DeadLetter]
) -> list[ScheduledRun]:
    """Return the runs that the task can have had, in the order of their schedules.

    A version that set a schedule has left the task queued, so only such versions are considered, and those that dead
    letters tell of.
    """
    versions = [value_at(item, "schedule", "version")]
    states = zip(stored, _processing(stored), strict=True)
    versions += [event.get("version") for event, state in states if state == ProcessingState.QUEUED.value]
    runs: set[ScheduledRun] = set()
    for version in versions:
        with suppress(TypeError, ValueError):  # of an invalid item
            runs.add(ScheduledRun(owner_id, task_id, int(version)))
    tasks = [dead_letter.event.task for dead_letter in dead_letters if dead_letter.event]
    runs |= {ScheduledRun(task.owner_id, task.id, task.schedule.version) for task in tasks}
    return sorted(runs, key=lambda run: run.schedule_version)
