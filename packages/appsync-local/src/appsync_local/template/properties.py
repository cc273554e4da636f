"""Properties of a template's resources, read strictly: what is not supported fails at start, by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appsync_local.errors import UnsupportedFeatureError, require

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    Resolve = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties at one place in a template; every reader raises UnsupportedFeatureError for what it cannot use.

    Attributes:
        owner: Where they stand, for messages: `Api.UserPoolConfig`.
        values: The properties by name, as in the template.
        resolve: Turns a Ref or an Fn::GetAtt into its deployed value.
    """

    owner: str
    values: Mapping[str, Any]
    resolve: Resolve

    def allow_only(
        self,
        *,
        supported: Collection[str],
        ignored: Collection[str] = (),
        defaults: Mapping[str, object] | None = None,
    ) -> None:
        """Reject properties other than the supported ones, those without effect here, and defaults at their value."""
        defaults = defaults or {}
        for name, value in self.values.items():
            if name not in supported and name not in ignored:
                shown = f" {value}" if name in defaults else ""
                require(name in defaults and value == defaults[name], f"{self.owner}.{name}{shown}")

    def has(self, name: str) -> bool:
        """Return whether the property is set."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """Return a required, non-empty string, resolved if it is a reference."""
        require(self.has(name), f"{self.owner} without {name}")
        value = self._value(name)
        require(isinstance(value, str) and value != "", f"{self.owner}.{name} {value!r} (a text is)")
        return str(value)

    def choice(self, name: str, known: Collection[str], default: str | None = None) -> str:
        """Return one of the known strings; required unless there is a default."""
        value = default if default is not None and not self.has(name) else self.text(name)
        require(value in known, f"{self.owner}.{name} {value} ({' or '.join(known)} is)")
        return str(value)

    def number(self, name: str, limit: float = float("inf")) -> float:
        """Return a number from 0 to `limit`, which may be written as a string; 0 if absent."""
        value = self._value(name) if self.has(name) else 0
        number = _number(value)
        allowed = "0 or more" if limit == float("inf") else f"0 to {limit:g}"
        require(number is not None and 0 <= number <= limit, f"{self.owner}.{name} {value} ({allowed} is)")
        return number or 0

    def count(self, name: str, limit: int) -> int:
        """Return an integer from 0 to `limit`; 0 if absent."""
        number = self.number(name, limit)
        require(number == int(number), f"{self.owner}.{name} {number} (a whole number is)")
        return int(number)

    def pattern(self, name: str) -> re.Pattern[str] | None:
        """Return a regular expression, or None if absent."""
        if not self.values.get(name):
            return None
        text = self.text(name)
        try:
            return re.compile(text)
        except re.error as error:
            raise UnsupportedFeatureError(f"{self.owner}.{name} {text} ({error})") from error

    def within(self, name: str) -> Properties:
        """Return the properties of a required object."""
        require(self.has(name), f"{self.owner} without {name}")
        value = self.values[name]
        require(isinstance(value, dict), f"{self.owner}.{name} {value} (an object is)")
        return Properties(f"{self.owner}.{name}", value, self.resolve)

    def each(self, name: str) -> list[Properties]:
        """Return the properties of each object in a list; none if absent."""
        value = self.values.get(name) or []
        good = isinstance(value, list) and all(isinstance(item, dict) for item in value)
        require(good, f"{self.owner}.{name} {value} (a list of objects is)")
        return [Properties(f"{self.owner}.{name}", item, self.resolve) for item in value]

    def _value(self, name: str) -> object:
        value = self.values[name]
        if not isinstance(value, dict):
            return value
        try:
            return self.resolve(value)
        except Exception as error:
            raise UnsupportedFeatureError(f"{self.owner}.{name} {value} ({error})") from error


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
