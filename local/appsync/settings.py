"""Strictness about settings: whatever the gateway does not play stops it at start, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class UnsupportedSetting(Exception):
    """The template asks for something that the local gateway does not play."""

    def __init__(self, setting: str) -> None:
        super().__init__(f"The local AppSync does not support {setting}.")
        self.setting = setting


def require(supported: bool, setting: str) -> None:
    """Refuse the setting unless it is supported."""
    if not supported:
        raise UnsupportedSetting(setting)


def only(
    owner: str,
    properties: Mapping[str, object],
    *,
    played: Collection[str],
    ignored: Collection[str] = (),
    neutral: Mapping[str, object] | None = None,
) -> None:
    """Refuse every property that is neither played, nor without effect on a laptop, nor at its neutral value."""
    neutral = neutral or {}
    for name, value in properties.items():
        if name in played or name in ignored:
            continue
        require(
            name in neutral and value == neutral[name], f"{owner}.{name}" + (f" {value}" if name in neutral else "")
        )
