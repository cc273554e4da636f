"""A user's settings."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from taskbell.domain.quiet_hours import QuietHours
from taskbell.domain.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Profile:
    """A user's settings and their defaults.

    Attributes:
        time_zone: An IANA name.
        default_reminders: Minutes before the due date, for tasks that are created without reminders.
        seen_until: Notifications sent until then count as read.
        receipts: The changes of the last day that clients have named, oldest first.
        quiet_hours: When no reminder is sent, if there are such hours.
    """

    owner_id: str
    time_zone: str = "UTC"
    default_reminders: tuple[int, ...] = ()
    seen_until: datetime | None = None
    receipts: tuple[Receipt, ...] = ()
    quiet_hours: QuietHours | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.time_zone)

    def delayed(self, at: datetime) -> datetime:
        """Return when something due at `at` may be sent: then, or when the quiet hours end."""
        return self.quiet_hours.delayed(at, self.zone) if self.quiet_hours else at
