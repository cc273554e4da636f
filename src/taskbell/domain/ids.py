"""Ids of tasks: UUIDs of version 7 (RFC 9562), which sort in order of time and are never used again."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def new_task_id(at: datetime, bits: int) -> str:
    """Return the id of a task that is created at that time; the 74 lowest of `bits` distinguish it from others."""
    milliseconds = (at - _EPOCH) // _MILLISECOND
    high, low = bits >> 62 & 0xFFF, bits & (1 << 62) - 1
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low))


def derived_task_id(at: datetime, source: str) -> str:
    """Return the id that follows from a time and a text."""
    return new_task_id(at, int.from_bytes(sha256(source.encode()).digest()[:10]))


def copied_task_id(task_id: str, parent_id: str, new_parent_id: str) -> str:
    """Return the id for the copy of a subtask below another parent; copies sort as the originals do.

    Behind the time of the new parent stands that of the original; what stands there in a copy stays.
    """
    number = UUID(task_id).int
    bits = (number >> 64 & 0xFFF) << 62 | number & (1 << 62) - 1
    if number >> 80 != UUID(parent_id).int >> 80:
        bits = number >> 80 << 26 | int.from_bytes(sha256(task_id.encode()).digest()[:4]) >> 6
    return new_task_id(time_of(new_parent_id), bits)


def parse_task_id(text: str) -> str | None:
    """Return the id that a text stands for, in lower case; None if it is no UUID of version 7."""
    try:
        uuid = UUID(text)
    except ValueError:
        return None
    id_ = str(uuid)
    return id_ if uuid.version == 7 and id_ == text.lower() else None


def time_of(task_id: str) -> datetime:
    """Return the time in an id, in milliseconds precision."""
    return _EPOCH + (UUID(task_id).int >> 80) * _MILLISECOND
