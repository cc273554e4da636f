"""Recurrence rules as the text of RFC 5545's RRULE, section 3.3.10."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from taskbell.domain.recurrence import WEEK, Frequency, Recurrence, Weekday, WeekdayNum

MAX_INTERVAL, MAX_COUNT = 1000, 10_000
_UNTIL = "%Y%m%dT%H%M%SZ"
_WEEKDAY_NUM = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,5}")
_NUMBERED = {Frequency.MONTHLY: 5, Frequency.YEARLY: 53}  # how many of a weekday there can be


class RecurrenceError(ValueError):
    """A recurrence is no valid rule of RFC 5545, or one that is not supported."""

    def __init__(self, part: str, message: str) -> None:
        """Create an error; `part` is the part of the rule, in RFC 5545's words."""
        super().__init__(f"{part}: {message}")
        self.part, self.message = part, message


def format_rrule(rule: Recurrence) -> str:
    """Return the text of a rule: `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR`."""
    parts = {
        "FREQ": rule.freq.value,
        "UNTIL": rule.until.astimezone(UTC).strftime(_UNTIL) if rule.until else "",
        "COUNT": str(rule.count or ""),
        "INTERVAL": "" if rule.interval == 1 else str(rule.interval),
        "BYMONTH": _join(rule.by_month),
        "BYMONTHDAY": _join(rule.by_month_day),
        "BYDAY": ",".join(map(format_weekday, rule.by_day)),
        "BYSETPOS": _join(rule.by_set_pos),
        "WKST": "" if rule.wkst is Weekday.MO else rule.wkst.value,
    }
    return ";".join(f"{name}={value}" for name, value in parts.items() if value)


def describe(rule: Recurrence) -> str:
    """Return a rule as one line of text for the history."""
    return format_rrule(rule) + (" after completion" if rule.after_completion else "")


def parse_rrule(text: str, *, after_completion: bool = False) -> Recurrence:
    """Return the rule of a text, which may begin with `RRULE:`. Raises RecurrenceError for what is not supported."""
    values: dict[str, str] = {}
    for part in _content(text.strip().upper()).split(";"):
        name, _, value = part.partition("=")
        if name not in _FIELDS:
            raise RecurrenceError(name or "RRULE", "Not supported.")
        if name in values:
            raise RecurrenceError(name, "Must not occur twice.")
        values[name] = value
    if "FREQ" not in values:
        raise RecurrenceError("FREQ", "Is required.")
    read = {_FIELDS[name][0]: _FIELDS[name][1](name, value) for name, value in values.items()}
    return checked(Recurrence(**read, after_completion=after_completion))  # type: ignore[arg-type]


def parse_weekday(text: str) -> WeekdayNum:
    """Return the weekday of a text: `MO`, `1MO`, `-1FR`. Raises RecurrenceError for others."""
    found = _WEEKDAY_NUM.fullmatch(text)
    if found is None or found[1] in {"0", "00", "+0", "-0"}:
        raise RecurrenceError("BYDAY", "Must be weekdays such as MO, 1MO or -1FR.")
    return WeekdayNum(Weekday(found[2]), int(found[1]) if found[1] else None)


def format_weekday(day: WeekdayNum) -> str:
    """Return a weekday as text: `-1FR`."""
    return f"{day.ordinal or ''}{day.weekday.value}"


def checked(rule: Recurrence) -> Recurrence:
    """Return a rule with its lists in order and without repetitions. Raises RecurrenceError unless it is valid."""
    _check_end(rule)
    _check_number("INTERVAL", rule.interval, MAX_INTERVAL)
    _check_numbers("BYMONTH", rule.by_month, 12, negative=False)
    _check_numbers("BYMONTHDAY", rule.by_month_day, 31)
    _check_numbers("BYSETPOS", rule.by_set_pos, 366)
    _check_weekdays(rule)
    if rule.by_month_day and rule.freq is Frequency.WEEKLY:
        raise RecurrenceError("BYMONTHDAY", "Not valid with WEEKLY.")
    if rule.by_set_pos and not (rule.by_month or rule.by_month_day or rule.by_day):
        raise RecurrenceError("BYSETPOS", "Needs another part whose name begins with BY.")
    if rule.after_completion:
        _check_after_completion(rule)
    return replace(
        rule,
        until=rule.until and rule.until.replace(microsecond=0),
        by_month=tuple(sorted(set(rule.by_month))),
        by_month_day=tuple(sorted(set(rule.by_month_day))),
        by_day=tuple(sorted(set(rule.by_day), key=lambda day: (WEEK.index(day.weekday), day.ordinal or 0))),
        by_set_pos=tuple(sorted(set(rule.by_set_pos))),
    )


def _content(text: str) -> str:
    """Return the value of the property RRULE. Raises RecurrenceError for other properties, such as EXDATE."""
    for line in text.splitlines():
        name = re.match("[A-Z-]+", line)
        if name and name[0] not in {"RRULE", *_FIELDS} and re.match("[A-Z-]+[:;]", line):
            raise RecurrenceError(name[0], "Not supported.")
    return text.removeprefix("RRULE:").rstrip(";")


def _check_end(rule: Recurrence) -> None:
    if rule.count is not None and rule.until is not None:
        raise RecurrenceError("UNTIL", "Must not be combined with COUNT.")
    if rule.count is not None:
        _check_number("COUNT", rule.count, MAX_COUNT)


def _check_number(part: str, number: int, most: int) -> None:
    if not 1 <= number <= most:
        raise RecurrenceError(part, f"Must be between 1 and {most:,}.")


def _check_numbers(part: str, numbers: tuple[int, ...], most: int, *, negative: bool = True) -> None:
    for number in numbers:
        if number == 0 or abs(number) > most or (number < 0 and not negative):
            raise RecurrenceError(part, f"Must be 1 to {most}" + (f", or -{most} to -1." if negative else "."))


def _check_weekdays(rule: Recurrence) -> None:
    most = _NUMBERED.get(rule.freq, 0)
    if rule.by_month:
        most = min(most, 5)
    for ordinal in (day.ordinal for day in rule.by_day if day.ordinal is not None):
        if not most:
            raise RecurrenceError("BYDAY", f"Numbers are not valid with {rule.freq.value}.")
        if ordinal == 0 or abs(ordinal) > most:
            raise RecurrenceError("BYDAY", f"Numbers must be 1 to {most}, or -{most} to -1.")


def _check_after_completion(rule: Recurrence) -> None:
    if rule.freq not in {Frequency.DAILY, Frequency.WEEKLY}:
        raise RecurrenceError("FREQ", "Must be DAILY or WEEKLY for a due date after completion.")
    parts = {"BYMONTH": rule.by_month, "BYMONTHDAY": rule.by_month_day, "BYDAY": rule.by_day}
    if part := next((name for name, value in parts.items() if value), None):
        raise RecurrenceError(part, "Not valid for a due date after completion.")


def _join(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


def _frequency(part: str, text: str) -> Frequency:
    if text not in Frequency.__members__:
        raise RecurrenceError(part, f"{text or 'An empty value'} is not supported: DAILY, WEEKLY, MONTHLY or YEARLY.")
    return Frequency(text)


def _number(part: str, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise RecurrenceError(part, "Must be a number.")
    return int(text)


def _numbers(part: str, text: str) -> tuple[int, ...]:
    return tuple(_number(part, number) for number in text.split(","))


def _weekdays(_part: str, text: str) -> tuple[WeekdayNum, ...]:
    return tuple(map(parse_weekday, text.split(",")))


def _weekday(part: str, text: str) -> Weekday:
    if text not in Weekday.__members__:
        raise RecurrenceError(part, "Must be MO, TU, WE, TH, FR, SA or SU.")
    return Weekday(text)


def _until(part: str, text: str) -> datetime:
    try:
        return datetime.strptime(text, _UNTIL).replace(tzinfo=UTC)
    except ValueError:
        raise RecurrenceError(part, "Must be a time in UTC such as 20270630T220000Z.") from None


_FIELDS: dict[str, tuple[str, Callable[[str, str], object]]] = {
    "FREQ": ("freq", _frequency),
    "UNTIL": ("until", _until),
    "COUNT": ("count", _number),
    "INTERVAL": ("interval", _number),
    "BYMONTH": ("by_month", _numbers),
    "BYMONTHDAY": ("by_month_day", _numbers),
    "BYDAY": ("by_day", _weekdays),
    "BYSETPOS": ("by_set_pos", _numbers),
    "WKST": ("wkst", _weekday),
}
FIELD_NAMES = {part: name for part, (name, _) in _FIELDS.items()}
