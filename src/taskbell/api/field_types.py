"""Pydantic types of the fields of both APIs; only this module knows their limits.

Values are not coerced: a number is neither a string nor a boolean, and a timestamp is not a number. 219.0 is an
integer, as in JSON Schema and for variables in GraphQL.
"""

import re
from datetime import UTC, date, datetime, time
from functools import cache
from operator import methodcaller
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from taskbell.api.unicode_text import MULTI_LINE, ONE_LINE, check_characters, is_blank
from taskbell.domain.due import GivenDue
from taskbell.domain.labels import distinct_labels
from taskbell.domain.queries import fold_case
from taskbell.domain.ranks import is_rank
from taskbell.domain.timestamps import truncate_to_milliseconds

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_RANGE = "Must be between the years 1970 and 9000"

_DUE_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?)?"
)
_LOCAL_TIME_FORM = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_COLOR_FORM = re.compile(r"#[0-9A-Fa-f]{6}")
_INSTANT_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")


def distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the values without repetitions, in their order."""
    return tuple(dict.fromkeys(values))


def _instant_form(value: object) -> object:
    if not isinstance(value, str) or not _INSTANT_FORM.match(value):
        raise PydanticCustomError("datetime_form", "Must be an instant")
    return value


def _instant(value: datetime) -> datetime:
    if not _EARLIEST <= value < _LATEST:
        raise ValueError(_RANGE)
    return truncate_to_milliseconds(value)


def _due(value: object) -> GivenDue:
    if not isinstance(value, str) or not _DUE_FORM.fullmatch(value):
        raise PydanticCustomError("due_form", "Must be a date or a time")
    try:
        given = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("due_form", "Must be a date or a time") from None
    if isinstance(given, datetime) and given.tzinfo is not None:
        return _instant(given)
    if not _EARLIEST.year <= given.year < _LATEST.year:
        raise ValueError(_RANGE)
    return given.replace(microsecond=given.microsecond // 1000 * 1000) if isinstance(given, datetime) else given


def _rank(text: str) -> str:
    if not is_rank(text):
        raise ValueError("Must be a rank as `fractional-indexing` makes them, of at most 100 characters")
    return text


def _color(text: str) -> str:
    if not _COLOR_FORM.fullmatch(text):
        raise ValueError("Must be six hexadecimal digits after a number sign: #1a73e8")
    return text.lower()


def _local_time(value: object) -> time:
    if not isinstance(value, str) or not _LOCAL_TIME_FORM.fullmatch(value):
        raise PydanticCustomError("local_time_form", "Must be a time of the day")
    return time.fromisoformat(value)


def _time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError("Must be the name of a time zone, such as Europe/Vienna")
    return name


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _integer(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _line(text: str) -> str:
    check_characters(text, one_line=True)
    if is_blank(text):
        raise ValueError("Must not be blank")
    return text


def _text(text: str) -> str:
    check_characters(text, one_line=False)
    return text


INTEGER = BeforeValidator(_integer)  # beside a strict int

TaskId = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{1,64}$")]
ClientMutationId = TaskId
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_line),
    Field(json_schema_extra={"pattern": ONE_LINE}),
]
Search = Annotated[str, StringConstraints(max_length=200)]
Description = Annotated[
    str,
    StringConstraints(max_length=10_000),
    AfterValidator(_text),
    Field(json_schema_extra={"pattern": MULTI_LINE}),
]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), AfterValidator(_line)]
ListTitle = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_line)
]
Color = Annotated[str, AfterValidator(_color)]
Labels = Annotated[tuple[Label, ...], Field(max_length=20), AfterValidator(distinct_labels)]
FilterLabel = Annotated[Label, AfterValidator(fold_case), Field(json_schema_extra={"pattern": ONE_LINE})]
FilterLabels = Annotated[tuple[FilterLabel, ...], Field(max_length=20), AfterValidator(distinct)]
Minutes = Annotated[int, Field(ge=0, le=43_200, strict=True), INTEGER]
Reminders = Annotated[tuple[Minutes, ...], Field(max_length=10), AfterValidator(distinct)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant_form), AfterValidator(_instant)]
ReminderTimes = Annotated[tuple[Instant, ...], Field(max_length=10), AfterValidator(distinct)]
DueDate = Annotated[GivenDue, PlainValidator(_due), PlainSerializer(methodcaller("isoformat"), return_type=str)]
Version = Annotated[int, Field(ge=1, le=2_147_483_647, strict=True), INTEGER]
LocalTime = Annotated[time, PlainValidator(_local_time)]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_time_zone)]
OwnerId = Annotated[str, StringConstraints(min_length=1, max_length=128)]
NotificationIds = Annotated[tuple[str, ...], Field(min_length=1, max_length=25), AfterValidator(distinct)]
DeadLetterIds = Annotated[tuple[str, ...], Field(min_length=1, max_length=25)]
UndoTokens = Annotated[
    tuple[Annotated[str, StringConstraints(max_length=100_000)], ...], Field(min_length=1, max_length=25)
]
Rank = Annotated[str, AfterValidator(_rank)]
Days = Annotated[int, Field(ge=1, le=366, strict=True), INTEGER]
First = Annotated[int, Field(ge=1, le=100, strict=True), INTEGER]
StrictBool = Annotated[bool, Field(strict=True)]
Cursor = Annotated[str, StringConstraints(max_length=2_000)]
ChangesCursor = Annotated[str, StringConstraints(max_length=2_000)]
StudentsCursor = Annotated[str, StringConstraints(max_length=8_000)]  # has a token of Cognito's, of some 500 characters
UserNamePrefix = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
