"""What the service keeps of a person: how their tasks are read and made, and which notifications they have seen."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's settings. Who never set any has these defaults.

    `time_zone` is an IANA name; `default_reminders` count minutes before the due date, for tasks made without their
    own; notifications that were sent until `seen_until` count as read.
    """

    owner_id: str
    time_zone: str = "UTC"
    default_reminders: tuple[int, ...] = ()
    seen_until: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.time_zone)
