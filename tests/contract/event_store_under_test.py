"""An event store and its statistics, under one contract."""

from dataclasses import dataclass

from taskbell.application.ports import EventStore, StatisticsRepository


@dataclass(frozen=True)
class EventStoreUnderTest:
    """An event store, and the statistics that it keeps."""

    history: EventStore
    statistics: StatisticsRepository
