"""What a run of the simulation left behind."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from taskbell.domain.quiet_hours import QuietHours
from tests.simulation.follower import Follower
from tests.simulation.simulation import Simulation
from tests.simulation.world import START
from tests.support.pipeline_outcome import Document, Execution, Outcome, document, is_receipt, text_of


class SimulationOutcome(Outcome):
    """What a run left behind; `run` is all that took part in it."""

    def __init__(self, run: Simulation) -> None:
        self.run = run
        super().__init__(run.world.now(), run.stream.records, run.dynamodb.all_items, _executions(run))

    def committed_at(self, record: Mapping[str, Any]) -> str:
        """When a record was committed, by the world's clock and not by that of the machine."""
        return text_of(START + timedelta(seconds=record["committed"]))

    @cached_property
    def reminded(self) -> set[tuple[str, str]]:
        """The tasks, by id, and the times of their reminders that they tell of."""
        tasks = [after for _, after in self.commits if after]
        return {(task["id"], task["schedule"].get("remindedUntil")) for task in tasks}

    @cached_property
    def profiles(self) -> dict[str, list[tuple[datetime, QuietHours | None]]]:
        """The quiet hours of each owner, and since when, in the order in which they were stored."""
        found: dict[str, list[tuple[datetime, QuietHours | None]]] = defaultdict(list)
        for record in self.run.stream.records:
            change = record["dynamodb"]
            if change["Keys"]["sk"]["S"] == "PROFILE":
                hours = [time.fromisoformat(text["S"]) for text in change["NewImage"].get("quietHours", {"L": []})["L"]]
                since = START + timedelta(seconds=record["committed"])
                found[change["Keys"]["pk"]["S"].removeprefix("OWNER#")].append(
                    (since, QuietHours(*hours) if hours else None)
                )
        return found

    def newcomer(self, owner: str) -> Follower:
        """A client that asks for everything at the end."""
        return self.run.newcomers[owner]

    @cached_property
    def effects(self) -> list[tuple[str, Document]]:
        """The changes of tasks that callers made, as call and task after it; not what only adds a receipt."""
        records = [(record["caller"], record["dynamodb"]) for record in self.run.stream.records]
        return [
            (caller, document(change["NewImage"]))
            for caller, change in records
            if caller and "NewImage" in change and not is_receipt(change)
            if change["Keys"]["sk"]["S"].startswith("TASK#")
        ]

    @cached_property
    def pushes(self) -> list[Document]:
        """What was pushed of tasks."""
        return self.run.broker.pushes["onTaskEvent"]

    @cached_property
    def notification_pushes(self) -> list[Document]:
        """What was pushed of notifications."""
        return self.run.broker.pushes["onNotification"]

    @cached_property
    def given_up(self) -> set[tuple[str, str, int]]:
        """Owner, id and version of the events that were in a dead-letter queue, or in none."""
        bodies = [json.loads(message.body) for message in self.run.given_up]
        records = {record["dynamodb"]["SequenceNumber"]: record for record in self.run.stream.records}
        found = {(body["ownerId"], body["taskId"], int(body["version"])) for body in bodies if "taskId" in body}
        for info in (body["DDBStreamBatchInfo"] for body in bodies if "DDBStreamBatchInfo" in body):
            for number, record in records.items():
                if info["startSequenceNumber"] <= number <= info["endSequenceNumber"]:
                    task = document(record["dynamodb"].get("NewImage") or {})
                    found |= {(task["ownerId"], task["id"], task["version"])} if "title" in task else set()
        return found


def _executions(run: Simulation) -> Iterator[Execution]:
    for each in run.step_functions.executions.values():
        of = each.data["ownerId"], each.data["taskId"], each.data["scheduleVersion"]
        yield Execution(each.name, each.status, of, each.error)
