"""Strictness about settings: whatever the gateway does not play stops it at start, by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appsync_local.errors import UnsupportedSetting, require

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    Resolve = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Settings:
    """The properties that stand under a name in a template; each reader refuses what it cannot use by its name.

    `resolve` turns a Ref or an Fn::GetAtt into its deployed value.
    """

    owner: str
    values: Mapping[str, Any]
    resolve: Resolve

    def only(
        self,
        *,
        played: Collection[str],
        ignored: Collection[str] = (),
        neutral: Mapping[str, object] | None = None,
    ) -> None:
        """Refuse every property that is neither played, nor without effect on a laptop, nor at its neutral value."""
        neutral = neutral or {}
        for name, value in self.values.items():
            if name not in played and name not in ignored:
                shown = f" {value}" if name in neutral else ""
                require(name in neutral and value == neutral[name], f"{self.owner}.{name}{shown}")

    def has(self, name: str) -> bool:
        """Tell whether the property is set."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """Answer a text that has to be there, or that a reference is deployed to."""
        require(self.has(name), f"{self.owner} without {name}")
        value = self._value(name)
        require(isinstance(value, str) and value != "", f"{self.owner}.{name} {value!r} (a text is)")
        return str(value)

    def choice(self, name: str, known: Collection[str], default: str | None = None) -> str:
        """Answer one of the known texts; without a default it has to be there."""
        value = default if default is not None and not self.has(name) else self.text(name)
        require(value in known, f"{self.owner}.{name} {value} ({' or '.join(known)} is)")
        return str(value)

    def number(self, name: str, most: float = float("inf")) -> float:
        """Answer a number of 0 to `most`, also when it is written as a text; 0 when it is not there."""
        value = self._value(name) if self.has(name) else 0
        number = _number(value)
        limits = "0 or more" if most == float("inf") else f"0 to {most:g}"
        require(number is not None and 0 <= number <= most, f"{self.owner}.{name} {value} ({limits} is)")
        return number or 0

    def count(self, name: str, most: int) -> int:
        """Answer a whole number of 0 to `most`; 0 when it is not there."""
        number = self.number(name, most)
        require(number == int(number), f"{self.owner}.{name} {number} (a whole number is)")
        return int(number)

    def pattern(self, name: str) -> re.Pattern[str] | None:
        """Answer a regular expression, or None when it is not there."""
        if not self.values.get(name):
            return None
        text = self.text(name)
        try:
            return re.compile(text)
        except re.error as problem:
            raise UnsupportedSetting(f"{self.owner}.{name} {text} ({problem})") from problem

    def within(self, name: str) -> Settings:
        """Answer the properties below one that has to be there."""
        require(self.has(name), f"{self.owner} without {name}")
        value = self.values[name]
        require(isinstance(value, dict), f"{self.owner}.{name} {value} (an object is)")
        return Settings(f"{self.owner}.{name}", value, self.resolve)

    def each(self, name: str) -> list[Settings]:
        """Answer the properties of each object in a list; none when it is not there."""
        value = self.values.get(name) or []
        good = isinstance(value, list) and all(isinstance(one, dict) for one in value)
        require(good, f"{self.owner}.{name} {value} (a list of objects is)")
        return [Settings(f"{self.owner}.{name}", one, self.resolve) for one in value]

    def _value(self, name: str) -> object:
        value = self.values[name]
        if not isinstance(value, dict):
            return value
        try:
            return self.resolve(value)
        except Exception as problem:
            raise UnsupportedSetting(f"{self.owner}.{name} {value} ({problem})") from problem


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
