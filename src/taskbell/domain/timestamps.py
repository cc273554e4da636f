"""Timestamps in ISO 8601: UTC with milliseconds, so that their text sorts in order of time."""

from datetime import UTC, datetime


def format_timestamp(instant: datetime) -> str:
    """Return an aware datetime as `2026-11-22T09:30:00.000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_timestamp(text: str) -> datetime:
    """Return the datetime of a text by `format_timestamp`. Raises ValueError for other text."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("A timestamp has an offset.")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("A timestamp is between the years 1 and 9999.") from error


def truncate_to_milliseconds(instant: datetime) -> datetime:
    """Return the datetime in UTC, truncated to milliseconds: what is read back after storing it."""
    utc = instant.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)
