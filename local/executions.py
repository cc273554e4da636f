"""Starts again the workflow executions that were running when the local system last stopped.

They begin at their first state, under the same name and with the same input. That is safe for this workflow: it plans
its next timer from the stored task. A few are started at a time, each until it waits again or has ended, so that
hundreds of them do not delay a developer's own task; those that were not waiting go first, then those whose timer is
due first. What has not been started stays in the file for the next start.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local.ministack import boto3_arguments
from local.ministack_patches.interrupted_executions import (
    START_FIELDS,
    InterruptedExecution,
    read_interrupted,
    remove_interrupted,
)
from local.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_SETTLED = ("WaitStateEntered", "ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")


def count_interrupted(settings: Settings) -> int:
    """The number of executions to start again."""
    return len(read_interrupted(_file(settings)))


def resume_executions(settings: Settings, stopping: threading.Event, *, at_once: int = 3) -> int:
    """Start the interrupted executions until `stopping` is set, and return how many were started; blocking."""
    resumption = Resumption(_file(settings), boto3.client("stepfunctions", **boto3_arguments(settings)), stopping)
    with ThreadPoolExecutor(at_once) as threads:
        return sum(threads.map(resumption.resume, read_interrupted(_file(settings))))


class Resumption:
    """Starts interrupted executions one by one; thread-safe."""

    def __init__(
        self, file: Path, client: "SFNClient", stopping: threading.Event, *, timeout_seconds: float = 5
    ) -> None:
        self._file = file
        self._client = client
        self._stopping = stopping
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()

    def resume(self, execution: InterruptedExecution) -> bool:
        """Start the execution, wait until it has settled, and return whether it was started."""
        if self._stopping.is_set():
            return False
        try:
            arn = self._client.start_execution(**{name: execution[name] for name in START_FIELDS})["executionArn"]
        except self._client.exceptions.ExecutionAlreadyExists:
            return self._forget(execution)
        except (BotoCoreError, ClientError):
            return False  # it stays in the file
        self._forget(execution)
        self._wait_until_settled(arn)
        return True

    def _forget(self, execution: InterruptedExecution) -> bool:
        with self._lock:
            remove_interrupted(self._file, execution)
        return True

    def _wait_until_settled(self, arn: str) -> None:
        deadline = time.monotonic() + self._timeout_seconds
        while not self._has_settled(arn) and time.monotonic() < deadline and not self._stopping.wait(0.05):
            pass

    def _has_settled(self, arn: str) -> bool:
        try:
            last = self._client.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=1)["events"]
        except (BotoCoreError, ClientError):
            return True
        return last[0]["type"] in _SETTLED


def _file(settings: Settings) -> Path:
    return settings.state / "aws" / "interrupted.json"
