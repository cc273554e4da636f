"""`python -m local` runs the local system."""

import signal
import sys


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


for _number in (signal.SIGINT, signal.SIGTERM):  # before the imports below
    signal.signal(_number, _leave)

from local.system import main  # noqa: E402

sys.exit(main())
