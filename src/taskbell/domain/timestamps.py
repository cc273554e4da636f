"""Timestamps in ISO 8601: UTC with milliseconds, so that their text sorts in order of time."""

from datetime import UTC, datetime


def format_timestamp(instant: datetime) -> str:
    """Return an aware datetime as `2026-11-22T09:30:00.000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_timestamp(text: str) -> datetime:
    """Return the datetime of a text by `format_timestamp`. Raises ValueError for other text."""
    return datetime.fromisoformat(text)


def truncate_to_milliseconds(instant: datetime) -> datetime:
    """Return the datetime in UTC, truncated to milliseconds: what is read back after storing it."""
    utc = instant.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)
