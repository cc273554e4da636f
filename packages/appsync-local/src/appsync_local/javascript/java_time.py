"""Times in the patterns of Java's DateTimeFormatter, as far as numbers and zones go."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_NUMBERS = {"y": "year", "u": "year", "M": "month", "d": "day", "H": "hour", "m": "minute", "s": "second"}
_COMPUTED: dict[str, Callable[[datetime], int]] = {
    "h": lambda moment: moment.hour % 12 or 12,
    "D": lambda moment: moment.timetuple().tm_yday,
}
_WORDS = {"MMM": "%b", "MMMM": "%B", "E": "%a", "EE": "%a", "EEE": "%a", "EEEE": "%A", "a": "%p"}
_OFFSET = re.compile(r"(Z)|([+-])(\d\d):?(\d\d)?")


def format_time(milliseconds: float, pattern: str, zone: str | None = None) -> str:
    """Format milliseconds since 1970.

    Raises:
        ValueError: The pattern has a letter that is not emulated, or the zone is unknown.
    """
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(_zone(zone))
    return "".join(_formatted(moment, token, quoted) for token, quoted in _tokens(pattern))


def parse_time(text: str, pattern: str, zone: str | None = None) -> int:
    """Return the milliseconds since 1970 that a text means.

    Raises:
        ValueError: The text does not have the pattern, or the pattern is not emulated.
    """
    expression = "".join(_expression(token, quoted) for token, quoted in _tokens(pattern))
    found = re.fullmatch(expression, text)
    if found is None:
        raise ValueError(f"Text '{text}' could not be parsed with the pattern {pattern}")
    fields = {"year": 1970, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
    given = found.groupdict()
    fields |= {name: int(value) for name, value in given.items() if name in fields}
    micro = int((given.get("fraction") or "0").ljust(6, "0")[:6])
    moment = datetime(**fields, microsecond=micro, tzinfo=_given_zone(given.get("zone"), zone))
    return round(moment.timestamp() * 1000)


def _tokens(pattern: str) -> list[tuple[str, str | None]]:
    return [(found[0], found[1]) for found in _TOKEN.finditer(pattern)]


def _formatted(moment: datetime, token: str, quoted: str | None) -> str:
    if quoted is not None:
        return quoted.replace("''", "'") or "'"
    letter, size = token[0], len(token)
    if token in _WORDS:
        return moment.strftime(_WORDS[token])
    if letter in _NUMBERS:
        number = getattr(moment, _NUMBERS[letter])
        return f"{number % 100:02}" if letter in "yu" and size == 2 else f"{number:0{size}}"
    if letter in _COMPUTED:
        return f"{_COMPUTED[letter](moment):0{size}}"
    if letter == "S":
        return f"{moment.microsecond:06}".ljust(9, "0")[:size]
    return _formatted_zone(moment, token) if letter.isalpha() else token


def _formatted_zone(moment: datetime, token: str) -> str:
    offset = moment.utcoffset() or timedelta()
    if token in {"X", "XX", "XXX"} and not offset:
        return "Z"
    minutes = abs(int(offset.total_seconds())) // 60
    hours, sign = minutes // 60, "-" if offset < timedelta() else "+"
    forms = {"X": f"{sign}{hours:02}" + (f"{minutes % 60:02}" if minutes % 60 else "")}
    forms |= dict.fromkeys(("XX", "xx", "Z", "ZZ", "ZZZ"), f"{sign}{hours:02}{minutes % 60:02}")
    forms |= dict.fromkeys(("XXX", "xxx", "ZZZZZ"), f"{sign}{hours:02}:{minutes % 60:02}")
    forms |= {"VV": str(moment.tzinfo), "z": moment.tzname() or "", "x": forms["X"]}
    if token not in forms:
        raise ValueError(f"The pattern letter {token} is not emulated")
    return forms[token]


def _expression(token: str, quoted: str | None) -> str:
    if quoted is not None:
        return re.escape(quoted.replace("''", "'") or "'")
    letter, size = token[0], len(token)
    if not letter.isalpha():
        return re.escape(token)
    if letter in _NUMBERS and token not in _WORDS:
        digits = "{4}" if letter in "yu" and size == 4 else f"{{{size}}}" if size > 1 else "{1,2}"
        return rf"(?P<{_NUMBERS[letter]}>\d{digits})"
    if letter == "S":
        return rf"(?P<fraction>\d{{{size}}})"
    if letter in "XxZ":
        return r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)"
    if letter == "V":
        return r"(?P<zone>[A-Za-z0-9_/+-]+)"
    raise ValueError(f"The pattern letter {token} is not emulated")


def _given_zone(given: str | None, default: str | None) -> tzinfo:
    found = _OFFSET.fullmatch(given) if given else None
    if found is None:
        return _zone(given or default)
    if found[1]:
        return UTC
    offset = timedelta(hours=int(found[3]), minutes=int(found[4] or 0))
    return timezone(-offset if found[2] == "-" else offset)


def _zone(name: str | None) -> tzinfo:
    return ZoneInfo(name) if name and name not in {"UTC", "Z"} else UTC
