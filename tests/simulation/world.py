"""The virtual clock, the processes, and the network between them.

A process is a call of a Lambda function. It stops at each call of AWS: others run meanwhile, and it may be late, fail,
be repeated or end there. What runs meanwhile runs to its end first, so that processes are nested like calls.
"""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.simulation.chance import Chance

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
_MAX_NESTED = 4
_MAX_STEPS = 20_000  # a run takes some hundreds


class Killed(BaseException):
    """The process ended here: it was killed, or its time was up."""


class Violation(BaseException):
    """An invariant does not hold."""


@dataclass
class Process:
    """A call of a function.

    Attributes:
        name: The function and the number of the call.
        deadline: When it is ended, in seconds since the start.
        new: Whether it runs the newer of two versions of the code.
        skew: By how many seconds the clock of its machine is wrong.
    """

    name: str
    function: str
    deadline: float
    new: bool = True
    skew: float = 0.0
    caller: str = ""
    calls: int = 0


@dataclass(frozen=True)
class Context:
    """Lambda's context object."""

    world: "World"
    process: Process
    memory_limit_in_mb: int = 128

    @property
    def function_name(self) -> str:
        return self.process.function

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:eu-central-1:123456789012:function:{self.process.function}"

    @property
    def aws_request_id(self) -> str:
        return self.process.name

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still run."""
        return max(0, int((self.process.deadline - self.world.seconds) * 1000))


@dataclass
class World:
    """Time, and what is going to happen.

    Attributes:
        chance: Decides.
        seconds: Seconds since the start.
        trace: What happened, a line each.
        quiet_after: From when on nothing fails any more, in seconds since the start.
        fault_rate: How likely a fault is at each place where one can happen.
        older_rate: How likely it is that events are handled by the older of two versions of the code; if it is 1, this
            lasts until an operator redrives, otherwise until all is quiet.
    """

    chance: Chance
    quiet_after: float
    fault_rate: float = 0.0
    older_rate: float = 0.0
    seconds: float = 0.0
    trace: list[str] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    _agenda: list[tuple[float, float, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _planned: int = 0
    _steps: int = 0

    def now(self) -> datetime:
        """Return the current time."""
        return START + timedelta(seconds=self.seconds)

    def local_now(self) -> datetime:
        """Return what the clock of the current process says."""
        return self.now() + timedelta(seconds=self.processes[-1].skew if self.processes else 0)

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        """Do something then, or now if that has passed."""
        self.later((when - START).total_seconds() - self.seconds, action)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something in so many seconds; what is due at the same time comes in any order."""
        self._planned += 1
        due = self.seconds + max(0.0, seconds)
        heapq.heappush(self._agenda, (due, self.chance.draw(f"order {self._planned}"), self._planned, action))

    def run(self, until: float) -> None:
        """Let happen what is due until then."""
        while self._agenda and self._agenda[0][0] <= until:
            self._next()
        self.seconds = max(self.seconds, until)

    def is_due_within(self, seconds: float) -> bool:
        """Whether anything happens in the next so many seconds."""
        return bool(self._agenda) and self._agenda[0][0] <= self.seconds + seconds

    def number(self, name: str) -> int:
        """Return 1, 2, 3... for each name."""
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return self._numbers[name]

    def log(self, text: str) -> None:
        """Add a line to the trace."""
        self.trace.append(f"{self.seconds:12.3f} {'  ' * len(self.processes)}{text}")

    def fault(self, name: str, weight: float = 1.0, *, rate: float | None = None) -> bool:
        """Whether a fault happens now.

        Its rate is the world's times `weight` until all is quiet, unless it has its own.
        """
        if rate is None:
            rate = 0.0 if self.seconds >= self.quiet_after else self.fault_rate * weight
        if not self.chance.fault(name, rate):
            return False
        self.log(f"FAULT {name}")
        return True

    def pause(self, seconds: float) -> None:
        """Let time pass for the current process; others run meanwhile. Raises Killed if its time is up."""
        until = self.seconds + seconds
        while len(self.processes) < _MAX_NESTED and self._agenda and self._agenda[0][0] <= until:
            self._next()
        self.seconds = max(self.seconds, until)
        if self.processes and self.seconds > self.processes[-1].deadline:
            self.log("timed out")
            raise Killed("Sandbox.Timedout")

    @contextmanager
    def process(self, function: str, timeout: float, *, new: bool = True) -> Iterator[Process]:
        """Run a process."""
        process = Process(f"{function}#{self.number(function)}", function, self.seconds + timeout, new)
        self.log(f"{process.name} begins")
        if self.fault(f"{process.name} has a wrong clock"):
            process.skew = self.chance.draw(f"{process.name} skew") * 4 - 2
        self.processes.append(process)
        try:
            yield process
        finally:
            self.processes.pop()

    def _next(self) -> None:
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise Violation("The pipeline does not come to rest.")
        due, _, _, action = heapq.heappop(self._agenda)
        self.seconds = max(self.seconds, due)
        action()


@dataclass
class Outage:
    """A service that does not answer for a while."""

    service: str
    begins: float
    ends: float
