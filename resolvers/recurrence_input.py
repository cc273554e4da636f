"""The input of a recurrence: the rule of RFC 5545 as text, in parts, or both alike, as it was read."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from taskbell.api.field_types import INTEGER, Instant, StrictBool
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.recurrence import Frequency, Recurrence, Weekday
from taskbell.domain.rrule import FIELD_NAMES, RecurrenceError, checked, parse_rrule, parse_weekday

_Number = Annotated[int, Field(ge=-400, le=100_000, strict=True), INTEGER]
_Numbers = Annotated[tuple[_Number, ...], Field(max_length=400)]
_Weekday = Annotated[str, Field(max_length=4)]


class RecurrenceInput(BaseModel):
    """`RecurrenceInput` of the schema."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    rrule: Annotated[str, Field(max_length=500)] | None = None
    freq: Frequency | None = None
    interval: _Number | None = None
    count: _Number | None = None
    until: Instant | None = None
    by_month: _Numbers | None = None
    by_month_day: _Numbers | None = None
    by_day: Annotated[tuple[_Weekday, ...], Field(max_length=400)] | None = None
    by_set_pos: _Numbers | None = None
    wkst: Weekday | None = None
    after_completion: StrictBool | None = None

    def value(self) -> Recurrence:
        """Return the rule. Raises InvalidInputError, which names the part, unless it is valid and supported."""
        if self.rrule is None:
            return self._of_parts({})
        try:
            read = parse_rrule(self.rrule, after_completion=bool(self.after_completion))
        except RecurrenceError as error:
            raise InvalidInputError(str(error), ("recurrence", "rrule")) from None
        return self._of_parts({name: getattr(read, name) for name in FIELD_NAMES.values()})

    def _of_parts(self, read: dict[str, Any]) -> Recurrence:
        """Return the rule of the given parts, which must be those that were read, if any were."""
        given = {name: value for name in FIELD_NAMES.values() if (value := getattr(self, name)) not in {None, ()}}
        parts = read | given
        if "freq" not in parts:
            raise InvalidInputError("Give `rrule` or `freq`.", ("recurrence", "freq"))
        try:
            if "by_day" in given:
                parts["by_day"] = tuple(map(parse_weekday, given["by_day"]))
            rule = checked(Recurrence(**parts, after_completion=bool(self.after_completion)))
        except RecurrenceError as error:
            raise InvalidInputError(str(error), ("recurrence", FIELD_NAMES.get(error.part, "freq"))) from None
        if read and (other := next((name for name in given if getattr(rule, name) != read[name]), None)):
            raise InvalidInputError("Must be as in `rrule`.", ("recurrence", other))
        return rule
