"""What is kept of the events."""

from dataclasses import dataclass

from taskbell.application.ports import EventStore, StatisticsRepository


@dataclass(frozen=True)
class Remembered:
    """A history, and the statistics that it keeps."""

    history: EventStore
    statistics: StatisticsRepository
