"""Puts dead letters back on the road. A letter is removed only after what it stands for was taken elsewhere.

An event goes back to the queue of events, under a deduplication id that the queue has never seen. A failed execution
is started anew under a name of its own: RedriveExecution would go on at the state `Failed` and fail again, because the
workflow catches every error before it ends there. Changes are handed to forwardChanges. The rest stays.

SQS can move a whole queue by itself (StartMessageMoveTask), but it moves everything, under ids that the other queue
may still remember from the first time; so it is asked to only where that does no harm.
"""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from operate.changes import forward
from operate.letters import Kind, Letter
from operate.looking import Looking, look
from operate.stage import Queue, Stage
from operate.troubles import Refused

_REMEMBERED = timedelta(minutes=5)  # how long a FIFO queue knows a deduplication id again
_WORTH_A_TASK = 50  # letters; fewer are sent one by one, which tells of each
_NO_SUCH_DEED = frozenset({"InvalidAction", "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"})
_ATTEMPTS = 100
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter: `sent`, `started`, `forwarded`, or `kept` where it was."""

    id: str
    queue: str
    kind: str
    outcome: str
    detail: str


@dataclass
class Redriving:
    """One call of `redrive`: what it did, and by what it knows its own letters again when they come back at once."""

    stage: Stage
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    run: str = field(default_factory=lambda: uuid4().hex)
    outcomes: list[Outcome] = field(default_factory=list)
    moving: int = 0
    _started: set[str] = field(default_factory=set)

    def all(self) -> None:
        """Redrive every letter of both queues."""
        for queue in self.stage.queues:
            self._from(queue, None)

    def some(self, ids: Collection[str]) -> set[str]:
        """Redrive the letters with these ids; answers with the ids that were not found."""
        missing = set(ids)
        for queue in self.stage.queues:
            if missing:
                self._from(queue, missing)
                missing -= {outcome.id for outcome in self.outcomes}
        return missing

    def report(self) -> dict[str, Any]:
        """What was done, for --json."""
        return {"letters": [asdict(outcome) for outcome in self.outcomes], "moving": self.moving}

    def _from(self, queue: Queue, wanted: set[str] | None) -> None:
        with look(self.stage, queue) as looking:
            if wanted is None and queue == self.stage.dead_letters and self._move_all(looking):
                return
            stuck: set[str | None] = set()
            for letter in looking.letters():
                if (wanted is not None and letter.id not in wanted) or self._is_our_own(letter):
                    continue
                self.outcomes.append(self._redrive(letter, looking, stuck))
                if wanted is not None and wanted <= {outcome.id for outcome in self.outcomes}:
                    return

    def _redrive(self, letter: Letter, looking: Looking, stuck: set[str | None]) -> Outcome:
        """Pass the letter on, then remove it; a letter behind one that could not be passed on stays behind it."""
        told = partial(Outcome, letter.id, letter.queue, letter.kind.value)
        pass_on = self._ways.get(letter.kind)
        if pass_on is None:
            return told(
                "kept", "It makes no sense to this version: neither an event nor what a workflow or Lambda left."
            )
        if letter.group is not None and letter.group in stuck:
            return told("kept", "It stays behind an earlier letter of its task.")
        try:
            done, detail = pass_on(letter)
        except (BotoCoreError, ClientError, Refused) as trouble:
            stuck.add(letter.group)
            return told("kept", str(trouble))
        try:
            looking.take(letter)
        except (BotoCoreError, ClientError) as trouble:
            return told(done, f"{detail}; it could not be removed and may come twice, without harm ({trouble})")
        return told(done, detail)

    @property
    def _ways(self) -> dict[Kind, Callable[[Letter], tuple[str, str]]]:
        return {Kind.EVENT: self._send, Kind.EXECUTION: self._start, Kind.CHANGES: self._forward}

    def _send(self, letter: Letter) -> tuple[str, str]:
        event = letter.content
        kept = {name: value for name, value in letter.message_attributes.items() if name != "cause"}
        self.stage.client("sqs").send_message(
            QueueUrl=self.stage.output("TaskEventsUrl"),
            MessageBody=letter.body,
            MessageGroupId=letter.group or f"{event['ownerId']}/{event['taskId']}",
            MessageDeduplicationId=f"{self.run}:{letter.id}",
            MessageAttributes=kept,
        )
        return "sent", "to the queue TaskEvents"

    def _start(self, letter: Letter) -> tuple[str, str]:
        client, content = self.stage.client("stepfunctions"), letter.content
        machine = self.stage.output("TaskLifecycleArn")
        for attempt in range(2, _ATTEMPTS):
            name = retried_name(content["execution"].rpartition(":")[2], attempt)
            try:
                started = client.start_execution(stateMachineArn=machine, name=name, input=json.dumps(content["input"]))
            except client.exceptions.ExecutionAlreadyExists:
                continue
            self._started.add(started["executionArn"])
            return "started", f"the execution {name}"
        raise Refused(f"It was started anew {_ATTEMPTS - 2} times; something is wrong with it.")

    def _forward(self, letter: Letter) -> tuple[str, str]:
        count = forward(self.stage, letter.content["DDBStreamBatchInfo"])
        return "forwarded", f"{count} changes, by forwardChanges"

    def _is_our_own(self, letter: Letter) -> bool:
        """Whether it is a letter of this very run, back again: one try for each call."""
        execution = letter.content.get("execution") if isinstance(letter.content, dict) else None
        return letter.attributes.get("MessageDeduplicationId", "").startswith(self.run) or execution in self._started

    def _move_all(self, looking: Looking) -> bool:
        """Whether SQS has begun to move the whole queue by itself."""
        letters = list(looking.letters())
        harmless = all(letter.kind is Kind.EVENT and self._is_forgotten(letter) for letter in letters)
        movable = len(letters) >= _WORTH_A_TASK and harmless and looking.unseen() == 0
        looking.give_back()
        if not movable:
            return False
        try:
            self._start_moving()
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NO_SUCH_DEED:
                raise
            return False
        self.moving = len(letters)
        return True

    def _is_forgotten(self, letter: Letter) -> bool:
        """Whether no queue knows any more that it was sent before."""
        return letter.sent_at is not None and self.now - letter.sent_at > _REMEMBERED

    def _start_moving(self) -> None:
        sqs = self.stage.client("sqs")
        urls = (self.stage.dead_letters.url, self.stage.output("TaskEventsUrl"))
        source, destination = (
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            for url in urls
        )
        sqs.start_message_move_task(SourceArn=source, DestinationArn=destination)


def retried_name(name: str, attempt: int) -> str:
    """The name of an execution that is started anew, for the second time (2) or a later one."""
    suffix = f"_r{attempt}"
    return first_name(name)[: _LONGEST_NAME - len(suffix)] + suffix


def first_name(name: str) -> str:
    """The name under which an execution was started at first."""
    return re.sub(r"_r\d+$", "", name)
