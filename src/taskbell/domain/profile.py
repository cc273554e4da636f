"""A user's settings."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from taskbell.domain.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Profile:
    """A user's settings and their defaults.

    Attributes:
        time_zone: An IANA name.
        default_reminders: Minutes before the due date, for tasks that are created without reminders.
        seen_until: Notifications sent until then count as read.
        receipts: The changes of the last day that clients have named, oldest first.
    """

    owner_id: str
    time_zone: str = "UTC"
    default_reminders: tuple[int, ...] = ()
    seen_until: datetime | None = None
    receipts: tuple[Receipt, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.time_zone)
