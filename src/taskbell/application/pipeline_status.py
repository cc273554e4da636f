"""Reads the figures of the pipeline that somebody asks for: concurrently, and nothing else."""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.pipeline import (
    EventsQueue,
    ExecutionCount,
    ExecutionStatus,
    Measurement,
    Metric,
    QueueFigures,
    TableFigures,
)

K = TypeVar("K")
V = TypeVar("V")
_AT_ONCE = 10  # all figures are so many requests
# Nothing here has Step Functions redrive an execution.
COUNTED_STATUSES = tuple(status for status in ExecutionStatus if status is not ExecutionStatus.PENDING_REDRIVE)


class PipelineMonitor(Protocol):
    """Reads figures, from several threads at once. Each method raises UnavailableError if AWS does not answer."""

    def table(self) -> TableFigures:
        """Return the figures of the table."""

    def queue(self, queue: EventsQueue) -> QueueFigures:
        """Return the figures of a queue."""

    def executions(self, status: ExecutionStatus) -> ExecutionCount:
        """Count the executions of a status, up to a thousand."""

    def measurements(self, metrics: Collection[Metric]) -> Mapping[Metric, Measurement]:
        """Return the last measurements, without those of metrics that were not measured of late."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures to read; each is a request to AWS, but all metrics together are one."""

    table: bool = True
    queues: Collection[EventsQueue] = tuple(EventsQueue)
    executions: Collection[ExecutionStatus] = COUNTED_STATUSES
    metrics: Collection[Metric] = tuple(Metric)


@dataclass(frozen=True, slots=True)
class PipelineStatus:
    """The figures that were read.

    Attributes:
        wanted: Which were asked for.
        read_at: When they were asked for.
        table: None if it is missing.
        queues: Without those that are missing, as `executions`.
        executions: The counted executions.
        measurements: The measurements; None if AWS did not answer, without what was not measured.
    """

    wanted: Wanted
    read_at: datetime
    table: TableFigures | None
    queues: Mapping[EventsQueue, QueueFigures]
    executions: Mapping[ExecutionStatus, ExecutionCount]
    measurements: Mapping[Metric, Measurement] | None


def read_pipeline(monitor: PipelineMonitor, wanted: Wanted, now: datetime) -> PipelineStatus:
    """Read what is wanted. A figure for which AWS does not answer is missing; the others are read nevertheless."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        table = threads.submit(_answered, monitor.table) if wanted.table else None
        queues = {queue: threads.submit(_answered, monitor.queue, queue) for queue in wanted.queues}
        counts = {status: threads.submit(_answered, monitor.executions, status) for status in wanted.executions}
        measured = threads.submit(_answered, monitor.measurements, wanted.metrics) if wanted.metrics else None
    return PipelineStatus(
        wanted,
        now,
        table.result() if table else None,
        dict(_known({queue: figures.result() for queue, figures in queues.items()})),
        dict(_known({status: count.result() for status, count in counts.items()})),
        measured.result() if measured else {},
    )


def _answered(read: Callable[..., V], *arguments: object) -> V | None:
    try:
        return read(*arguments)
    except UnavailableError:
        return None


def _known(figures: Mapping[K, V | None]) -> Iterator[tuple[K, V]]:
    return ((name, figure) for name, figure in figures.items() if figure is not None)
