"""How instants are written: in UTC, to the millisecond, so that their texts sort as they follow each other."""

from datetime import UTC, datetime


def instant_text(instant: datetime) -> str:
    """An aware instant as `2026-11-22T09:30:00.000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant_of(text: str) -> datetime:
    """The instant that `instant_text` wrote."""
    return datetime.fromisoformat(text)


def to_milliseconds(instant: datetime) -> datetime:
    """The instant in UTC without what is finer than a millisecond, as it will be read back."""
    utc = instant.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)
