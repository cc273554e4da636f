"""What is kept of the events."""

from dataclasses import dataclass

from taskbell.application.ports import History, StatisticsStore


@dataclass(frozen=True)
class Remembered:
    """A history, and the statistics that it keeps."""

    history: History
    statistics: StatisticsStore
