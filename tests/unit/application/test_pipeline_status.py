"""The figures of the pipeline: what is asked for is read, and what cannot be read is missing without the rest."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pytest

from taskbell.application.pipeline_status import COUNTED_STATUSES, PipelineStatus, Wanted, read_pipeline
from taskbell.domain.exceptions import MisconfigurationError, UnavailableError
from taskbell.domain.pipeline import (
    EventsQueue,
    ExecutionCount,
    ExecutionStatus,
    Measurement,
    Metric,
    QueueFigures,
    TableFigures,
)
from tests.support.examples import NOW

NOTHING = Wanted(table=False, queues=(), executions=(), metrics=())
TABLE = TableFigures("ACTIVE", 7)
QUEUE = QueueFigures(3, 2, 1)
COUNT = ExecutionCount(1_000, at_least=True)
LAG = {Metric.FORWARD_CHANGES_LAG: Measurement(0.5, NOW)}


@dataclass
class Monitor:
    """Answers each request, but raises for those named in `failing`."""

    failing: Mapping[object, Exception] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)
    barrier: threading.Barrier = field(default_factory=lambda: threading.Barrier(1))

    def _ask(self, what: object) -> None:
        self.asked.append(what)
        self.barrier.wait(timeout=5)
        if what in self.failing:
            raise self.failing[what]

    def table(self) -> TableFigures:
        self._ask("table")
        return TABLE

    def queue(self, queue: EventsQueue) -> QueueFigures:
        self._ask(queue)
        return QUEUE

    def executions(self, status: ExecutionStatus) -> ExecutionCount:
        self._ask(status)
        return COUNT

    def measurements(self, metrics: Collection[Metric]) -> Mapping[Metric, Measurement]:
        self._ask(tuple(metrics))
        return LAG


ALL = ["table", *EventsQueue, *COUNTED_STATUSES, tuple(Metric)]


def test_all_figures_are_ten_requests_at_once() -> None:
    monitor = Monitor(barrier=threading.Barrier(10))
    status = read_pipeline(monitor, Wanted(), NOW)
    assert sorted(monitor.asked, key=str) == sorted(ALL, key=str)
    assert status == PipelineStatus(
        Wanted(), NOW, TABLE, dict.fromkeys(EventsQueue, QUEUE), dict.fromkeys(COUNTED_STATUSES, COUNT), LAG
    )


def test_nothing_is_read_that_is_not_wanted() -> None:
    monitor = Monitor()
    assert read_pipeline(monitor, NOTHING, NOW) == PipelineStatus(NOTHING, NOW, None, {}, {}, {})
    assert monitor.asked == []


@pytest.mark.parametrize("failing", ALL)
def test_what_aws_does_not_answer_is_missing_and_the_rest_is_there(failing: object) -> None:
    status = read_pipeline(Monitor({failing: UnavailableError()}), Wanted(), NOW)
    assert (status.table is None) == (failing == "table")
    assert set(EventsQueue) - set(status.queues) == {failing} & set(EventsQueue)
    assert set(COUNTED_STATUSES) - set(status.executions) == {failing} & set(COUNTED_STATUSES)
    assert (status.measurements is None) == (failing == tuple(Metric))


def test_what_operators_have_to_mend_is_raised() -> None:
    with pytest.raises(MisconfigurationError):
        read_pipeline(Monitor({"table": MisconfigurationError("DescribeTable: AccessDenied")}), Wanted(), NOW)
