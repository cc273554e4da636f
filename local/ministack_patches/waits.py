"""Has a Wait state end at a whole second, as Step Functions does: it cuts off the fraction of its timestamp.

ministack waits to the millisecond, which hides a workflow that is woken up to a second early.
"""

import importlib
import re
from typing import Any

_FRACTION = re.compile(r"[.,]\d+")


def cut_to_second(timestamp: str) -> str:
    """Return an ISO 8601 timestamp without the fraction of its second."""
    return _FRACTION.sub("", timestamp, count=1)


def wait_for_whole_seconds() -> None:
    """Cut the timestamps of ministack's Wait states."""
    stepfunctions: Any = importlib.import_module("ministack.services.stepfunctions")
    sleep_until = stepfunctions._sleep_until  # noqa: SLF001
    stepfunctions._sleep_until = lambda timestamp: sleep_until(cut_to_second(timestamp))  # noqa: SLF001
