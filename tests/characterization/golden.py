"""Golden files: what outsiders see, as JSON with sorted keys, compared with what the code says now.

What no two runs have in common becomes a placeholder: `<now>` an instant of this run (`<now+30d>` one that it set),
`<today>` a day, `<id 1>` a random id, numbered by where it is first seen, `<rank>` that of a new task, `<hash>` and
`<secret>` what a calendar feed is found by. Everything else that the examples hold lies more than three years away from
any run, and stays as it is.
"""

import json
import os
import re
from datetime import UTC, datetime
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "golden"
UPDATE = "UPDATE_GOLDEN"

_NEAR = 3 * 365 * 86_400  # seconds
_DAY = 86_400
_VARYING = re.compile(
    r"(?P<instant>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00))"
    r"|(?P<day>\d{4}-\d\d-\d\d)(?!T)"
    r"|(?P<id>\b[0-9a-f]{8}-?[0-9a-f]{4}-?[47][0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}\b)"
    r"|(?P<hash>\b[0-9a-f]{64}\b)|(?P<secret>(?<=/calendar/)[\w-]{43}(?=\.ics))"
    r"|(?P<rank>\bh0[0-9A-Za-z]{10}\b)"
    r"|(?P<milliseconds>\b1\d{12}\b)|(?P<seconds>\b[12]\d{9}\b)"
)


def agree(name: str, seen: Any) -> None:
    """Fail with a readable difference unless the golden file says the same; with UPDATE_GOLDEN set, write it."""
    text = seen if isinstance(seen, str) else written(seen)
    file = FOLDER / name
    if os.environ.get(UPDATE):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if kept != text:
        lines = unified_diff(kept.splitlines(), text.splitlines(), f"golden/{name}", "the code now", n=8, lineterm="")
        message = "\n".join(lines)
        pytest.fail(f"{message}\n\nIf this is meant: python -m tests.characterization --update", pytrace=False)


def written(seen: Any) -> str:
    """The golden file's text."""
    return json.dumps(_Placeholders().put(seen), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


class _Placeholders:
    """Puts placeholders into one document."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._now = datetime.now(UTC).timestamp()

    def put(self, value: Any) -> Any:
        match value:
            case dict():
                return {self.put(name): self.put(value[name]) for name in sorted(value)}
            case list() | tuple():
                return [self.put(part) for part in value]
            case str():
                return _VARYING.sub(self._placeholder, value)
            case bool() | None:
                return value
            case int():
                text = self.put(str(value))
                return value if text == str(value) else text
        raise TypeError(f"No JSON: {value!r}")

    def _placeholder(self, found: re.Match[str]) -> str:
        text = found[0]
        match found.lastgroup:
            case "id" if text[14] == "7" and self._relative(int(text[:8] + text[9:13], 16) / 1000, text) == text:
                return text
            case "id":
                return self._ids.setdefault(text, f"<id {len(self._ids) + 1}>")
            case "hash" | "secret" | "rank":
                return f"<{found.lastgroup}>"
            case "instant":
                return self._relative(datetime.fromisoformat(text).timestamp(), text)
            case "day":
                near = self._relative(datetime.fromisoformat(f"{text}T12:00:00+00:00").timestamp(), text)
                return text if near == text else "<today>"
            case "milliseconds":
                return self._relative(int(text) / 1000, text)
        return self._relative(int(text), text)

    def _relative(self, seconds: float, text: str) -> str:
        if abs(seconds - self._now) > _NEAR:
            return text
        days = round((seconds - self._now) / _DAY)
        return f"<now{days:+d}d>" if days else "<now>"
