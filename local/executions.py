"""Starts again the workflow executions that were running when the local system last stopped.

They begin at their first state, under the same name and with the same input. That is safe for this workflow: it
plans its next moment from the task as it is stored. A few go on at a time, each until it waits again or has ended, so
that hundreds of them do not keep a developer's own task waiting; those whose moment has come, or comes next, go first.
What has not been started stays noted for the next time.
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
    """How many executions are to be started again."""
    return len(read_interrupted(_file(settings)))


def resume_executions(settings: Settings, stopping: threading.Event, *, at_once: int = 3) -> int:
    """Start what was interrupted until `stopping` is set, and answer how many executions go on; blocking."""
    resumption = Resumption(_file(settings), boto3.client("stepfunctions", **boto3_arguments(settings)), stopping)
    with ThreadPoolExecutor(at_once) as threads:
        return sum(threads.map(resumption.resume, read_interrupted(_file(settings))))


class Resumption:
    """Starts noted executions one by one; several threads may call it."""

    def __init__(
        self, file: Path, client: "SFNClient", stopping: threading.Event, *, timeout_seconds: float = 5
    ) -> None:
        self._file = file
        self._client = client
        self._stopping = stopping
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()

    def resume(self, execution: InterruptedExecution) -> bool:
        """Whether the execution was started, and then forgotten; it is waited for until it has settled."""
        if self._stopping.is_set():
            return False
        try:
            arn = self._client.start_execution(**{name: execution[name] for name in START_FIELDS})["executionArn"]
        except self._client.exceptions.ExecutionAlreadyExists:
            return self._forget(execution)
        except (BotoCoreError, ClientError):
            return False  # it stays noted
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
