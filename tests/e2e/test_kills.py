"""What a kill at any instant leaves: all but the last second, whole, and the pipeline goes on with it."""

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.ministack import LocalAws, boto3_arguments
from local.ministack_patches.durability.database import FILE
from local.settings import Settings
from taskbell.adapters.dynamodb.statistics import SHARDS
from tests.e2e.waiting import until
from tests.support.examples import fresh_id
from tests.support.local_system import LocalSystem, free_settings, processes_of, running

CREATE = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { errors { code } } }"
KILLS, AT_MOST_LOST = 10, 1.0  # the second is in seconds
TASKS_FOR_EACH_KILL, WRITERS = 30, 3


@dataclass
class Writers:
    """Threads that create tasks with a due date, and know when each was acknowledged."""

    system: LocalSystem
    acknowledged: dict[str, float] = field(default_factory=dict)
    began: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        key = self.system.connection["apiKey"]  # the system removes the file when it ends
        threads = [threading.Thread(target=self._write, args=(key,)) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            for thread in threads:
                thread.join()

    def _write(self, key: str) -> None:
        while not self._stopping.is_set() and len(self.acknowledged) < TASKS_FOR_EACH_KILL:
            task = {"key": fresh_id(), "title": "T", "dueAt": "2099-01-01T00:00:00Z"}
            with suppress(OSError, HTTPException, json.JSONDecodeError):  # it is being killed
                _, answer = self.system.graphql(CREATE, {"input": task}, **{"x-api-key": key})
                if answer == {"data": {"createTask": {"errors": []}}}:
                    self.acknowledged[task["key"]] = time.monotonic()
                    self.began.set()
            self._stopping.wait(0.02)


class Store:
    """What the local AWS holds."""

    def __init__(self, settings: Settings) -> None:
        client: Any = boto3.client
        arguments = boto3_arguments(settings)
        self._dynamodb, self._sqs, self._states = (
            client(name, **arguments) for name in ("dynamodb", "sqs", "stepfunctions")
        )

    def items(self, partition: str, prefix: str) -> list[dict[str, Any]]:
        """The items of a partition whose sort keys begin so."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._dynamodb.list_tables()["TableNames"][0],
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": partition}, ":sk": {"S": prefix}},
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    def tasks(self) -> set[str]:
        """The ids of the guest's tasks."""
        return {item["sk"]["S"].removeprefix("TASK#") for item in self.items("OWNER#guest", "TASK#")}

    def created(self) -> Counter[str]:
        """How often the guest's history says of each task that it was created."""
        events = self.items("LOG#guest", "EVENT#")
        return Counter(item["sk"]["S"].split("#")[1] for item in events if item["type"]["S"] == "CREATED")

    def pending(self) -> int:
        """How many pending tasks the guest's statistics count."""
        shards = [shard for number in range(SHARDS) for shard in self.items(f"STATS#guest#{number}", "STATS")]
        return sum(int(shard["PENDING"]["N"]) for shard in shards)

    def executions(self) -> Counter[str]:
        """The executions by their status."""
        pages = self._states.get_paginator("list_executions")
        machine = self._states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        return Counter(
            each["status"] for page in pages.paginate(stateMachineArn=machine) for each in page["executions"]
        )

    def messages(self) -> int:
        """The number of messages in all queues, dead letters among them."""
        counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        queues = self._sqs.list_queues()["QueueUrls"]
        found = [self._sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"]) for queue in queues]
        return sum(int(each["Attributes"][count]) for each in found for count in counts)


def kill_the_gateway(system: LocalSystem) -> None:
    system.process.kill()


def kill_the_local_aws(system: LocalSystem) -> None:
    (process,) = (pid for pid, command in processes_of(system.settings.state).items() if "ministack_process" in command)
    os.kill(process, signal.SIGKILL)


def kill_everything(system: LocalSystem) -> None:
    for process in processes_of(system.settings.state):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


KINDS: list[Callable[[LocalSystem], None]] = [kill_the_gateway, kill_the_local_aws, kill_everything]


def write_and_kill(system: LocalSystem, kill: Callable[[LocalSystem], None], after: float) -> Mapping[str, float]:
    """Have tasks written, kill some time after the first, and return the acknowledged with their ages at the kill."""
    writers = Writers(system)
    with writers.running():
        assert writers.began.wait(timeout=60)
        threading.Event().wait(after)
        killed = time.monotonic()
        kill(system)
        system.process.wait(timeout=30)
    return {id_: killed - at for id_, at in writers.acknowledged.items()}


async def test_ten_kills_in_a_row_lose_no_more_than_the_last_second(tmp_path: Path) -> None:
    settings, chance = free_settings(tmp_path), random.Random(27)  # noqa: S311 - no cryptography
    kept: set[str] = set()
    for number in range(KILLS):
        kill = KINDS[number % len(KINDS)]
        with running(settings) as system:
            there = Store(settings).tasks()
            assert kept <= there
            assert number == 0 or any("Recovered" in line for line in system.said)
            ages = write_and_kill(system, kill, chance.uniform(0, 2))
        kept = there | {id_ for id_, age in ages.items() if age > AT_MOST_LOST}
    with running(settings):
        store = Store(settings)
        tasks = store.tasks()
        assert tasks >= kept > set()
        await until(lambda: store.executions() == {"RUNNING": len(tasks)} and not store.messages(), patience=60)
        assert store.created() == dict.fromkeys(tasks, 1)
        assert store.pending() == len(tasks)


async def test_what_was_set_up_by_hand_outlives_a_kill(tmp_path: Path) -> None:
    settings = free_settings(tmp_path)
    client: Any = boto3.client
    parameters, secrets, users = (
        client(name, **boto3_arguments(settings)) for name in ("ssm", "secretsmanager", "cognito-idp")
    )
    async with LocalAws(settings) as aws:
        aws.begin()
        parameters.put_parameter(Name="kept", Value="v", Type="String")
        users.create_user_pool(PoolName="kept")
        secrets.create_secret(Name="the-last-one", SecretString="s")
        await until(lambda: b"the-last-one" in (tmp_path / "aws" / f"{FILE}-wal").read_bytes())
        (process,) = processes_of(tmp_path)
        os.kill(process, signal.SIGKILL)
        await aws.ended()
    async with LocalAws(settings):
        assert parameters.get_parameter(Name="kept")["Parameter"]["Value"] == "v"
        assert secrets.get_secret_value(SecretId="the-last-one")["SecretString"] == "s"
        assert [pool["Name"] for pool in users.list_user_pools(MaxResults=5)["UserPools"]] == ["kept"]


def test_data_of_an_earlier_version_is_refused_in_one_line_and_left(tmp_path: Path) -> None:
    old = tmp_path / "aws" / "dynamodb.json"
    old.parent.mkdir()
    old.write_text("{}")
    with pytest.raises(AssertionError, match="holds data of an earlier version"), running(free_settings(tmp_path)):
        pass
    assert old.read_text() == "{}"
