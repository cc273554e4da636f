"""The concurrency limit of functions on the local AWS, and its end."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.ministack_patches.concurrency import ConcurrencyLimit

PATIENCE = 10


class Running:
    """Invocations that run until they are let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.most = 0
        self._now = 0
        self._changed = threading.Condition()
        self._let_go = threading.Event()

    def invoke(self, function: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        with self._changed:
            self.begun.append(request_id)
            self._now += 1
            self.most = max(self.most, self._now)
            self._changed.notify_all()
        self._let_go.wait(PATIENCE)
        with self._changed:
            self._now -= 1
        return {"body": event}

    def let_go(self) -> None:
        self._let_go.set()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.begun) >= count, PATIENCE)


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    running.let_go()


def named(name: str) -> dict[str, Any]:
    return {"config": {"FunctionName": name}}


def start(turns: ConcurrencyLimit, name: str, request_id: str) -> threading.Thread:
    thread = threading.Thread(target=turns, args=(named(name), {}, request_id), daemon=True)
    thread.start()
    return thread


def test_further_invocations_wait_and_none_is_throttled(running: Running) -> None:
    turns = ConcurrencyLimit(running.invoke, at_once=3)
    with ThreadPoolExecutor(20) as threads:
        submitted = [threads.submit(turns, named("f"), number, str(number)) for number in range(20)]
        running.wait_for(3)
        running.let_go()
        assert [each.result(PATIENCE) for each in submitted] == [{"body": number} for number in range(20)]
    assert running.most == 3


def test_each_function_has_turns_of_its_own(running: Running) -> None:
    turns = ConcurrencyLimit(running.invoke, at_once=1)
    start(turns, "f", "1")
    start(turns, "g", "2")
    running.wait_for(2)


def test_a_failing_invocation_gives_its_turn_back() -> None:
    def invoke(*_: Any) -> dict[str, Any]:
        raise ValueError

    turns = ConcurrencyLimit(invoke, at_once=1)
    for _ in range(3):
        with pytest.raises(ValueError):  # noqa: PT011
            turns(named("f"), {}, "1")
