"""The forms that a due date can be given in: those of browsers' inputs, and instants."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter, ValidationError

from taskbell.api.field_types import DueDate

ADAPTER: TypeAdapter[object] = TypeAdapter(DueDate)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-27", date(2026, 11, 27)),
        ("2026-11-27T18:00", datetime.fromisoformat("2026-11-27T18:00")),
        ("2026-11-27T18:00:30", datetime.fromisoformat("2026-11-27T18:00:30")),
        ("2026-11-27T18:00:30.1239", datetime.fromisoformat("2026-11-27T18:00:30.123")),
        ("2026-11-27T18:00Z", datetime(2026, 11, 27, 18, tzinfo=UTC)),
        ("2026-11-27T18:00:00.000Z", datetime(2026, 11, 27, 18, tzinfo=UTC)),
        ("2026-11-27T18:00+01:00", datetime(2026, 11, 27, 18, tzinfo=timezone(timedelta(hours=1)))),
        ("2026-11-27T18:00:00.123456789-03:30", datetime(2026, 11, 27, 21, 30, 0, 123_000, tzinfo=UTC)),
        ("1970-01-01", date(1970, 1, 1)),
        ("8999-12-31T23:59", datetime.fromisoformat("8999-12-31T23:59")),
    ],
)
def test_a_due_date_can_be_given_as(text: str, value: object) -> None:
    parsed = ADAPTER.validate_python(text)
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "tomorrow", "2026-11", "2026-1-1", "27.11.2026", "2026-02-30", "2026-11-27T", "2026-11-27T18",
        "20261127",
        "2026-11-27 18:00", "2026-11-27T25:00", "2026-11-27T18:60", "2026-11-27T18:00+1", "2026-11-27T18:00+25:00",
        "2026-11-27T18:00z", "2026-11-27t18:00", "2026-11-27Z", "2026-W48-5", "1969-12-31", "9000-01-01", "0000-01-01",
        "9999-12-31T23:59:59-23:59", "0001-01-01T00:00+23:59", "2026-11-27\n",
        "\uff12\uff10\uff12\uff16-11-27", 20261127, True, None, [],
    ],
)  # fmt: skip
def test_nothing_else_can_be_given(text: object) -> None:
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(text)
