"""One run: people, pipeline and faults of a seed, then an operator who redrives, then the invariants."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import boto3

from taskbell import bootstrap
from tests.simulation.bell import Bell
from tests.simulation.broker import Broker, Subscriber
from tests.simulation.chance import Chance
from tests.simulation.follower import Follower
from tests.simulation.functions import Functions
from tests.simulation.network import Network
from tests.simulation.people import Client, Operation, Screen, identity, operations
from tests.simulation.queue import Poller, QueueClient
from tests.simulation.states import States
from tests.simulation.stream import LambdaClient, Stream, StreamsClient
from tests.simulation.world import Outage, World
from tests.support.aws import ENVIRONMENT
from tests.support.lambdas import appsync_event, resolved
from tests.support.simulated_aws.dynamodb import Record, SimulatedDynamoDB
from tests.support.simulated_aws.sqs import QueueSettings, SimulatedSqs, event_queue_settings
from tests.support.simulated_aws.stepfunctions import SimulatedStepFunctions

EVENTS, DEAD = ENVIRONMENT["EVENTS_QUEUE_URL"], ENVIRONMENT["DEAD_LETTERS_URL"]
UNFORWARDED = ENVIRONMENT["UNFORWARDED_CHANGES_URL"]
_SPANS = (3.0, 120.0, 1_200.0)
_FAULT_RATES = (0.0, 0.02, 0.06, 0.15)
_DAY = 86_400.0
_RETENTIONS = (timedelta(hours=2), timedelta(days=30))
_OUTAGES = (20.0, 100.0, 700.0, 1_400.0)
_LONG_OUTAGES = (3_600.0, 10_800.0, 18_000.0)
_LONG_OUTAGE_RATE = 0.08  # of the seeds
_LONGEST_OF = {"dynamodb": 9_000.0, "lambda": 9_000.0}  # what runs need: they retry for 4.3 hours, sigma 0.3
_OUT = ("dynamodb", "sqs", "stepfunctions", "appsync", "lambda")


@dataclass(frozen=True)
class Plan:
    """What a run is made of: a seed, and which of its operations and faults happen; None for all.

    `devices` says whether devices with the sync client take part.
    """

    seed: int
    operations: frozenset[int] | None = None
    faults: frozenset[str] | None = None
    devices: bool = False


@dataclass(frozen=True)
class Settings:
    """`SettingsSource`: deleted tasks leave the table during the run, or are still there at its end."""

    retention: timedelta

    def deleted_task_retention(self) -> timedelta:
        return self.retention

    def notification_retention(self) -> timedelta:
        return timedelta(days=90)


@dataclass
class Simulation:
    """Everything that takes part in a run."""

    plan: Plan
    world: World = field(init=False)
    operations: list[Operation] = field(init=False)
    outage_seconds: tuple[float, ...] = field(init=False)
    newer: set[str] = field(default_factory=set)
    given_up: list[Any] = field(default_factory=list)
    unhandled: list[str] = field(default_factory=list)
    newcomers: dict[str, Follower] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = Chance(self.plan.seed, self.plan.faults)
        span = chance.pick("span", _SPANS)
        self.outage_seconds = _LONG_OUTAGES if chance.draw("long outages") < _LONG_OUTAGE_RATE else _OUTAGES
        quiet_after = span + max(self.outage_seconds) + 100
        self.world = world = World(chance, quiet_after, chance.pick("fault rate", _FAULT_RATES))
        world.older_rate = chance.pick("older rate", (0.0, 0.0, 0.7, 1.0))
        self.network = Network(world, self._outages(span))
        self.functions = Functions(world, self.network)
        self.dynamodb = SimulatedDynamoDB(
            world.now,
            self._changed,
            lambda: world.chance.next("stale") < 0.5,
            page_size=1 + int(chance.draw("page") * 9),
        )
        queues = (event_queue_settings(EVENTS, DEAD), QueueSettings(DEAD), QueueSettings(UNFORWARDED))
        self.sqs = SimulatedSqs.of(world.now, *queues)
        self.sqs.group_order = lambda groups: sorted(groups, key=lambda _: chance.next("group"))
        self.step_functions = SimulatedStepFunctions(States(world, self.functions, self.sqs, DEAD))
        self.stream = Stream(world, self.functions, self._give_up)
        self.poller = Poller(world, self.functions, self.sqs, EVENTS)
        self.sqs.on_visible = self.poller.wake
        self.client = Client(world, self.functions)
        kept = self.plan.operations
        self.operations = [o for o in operations(chance, span) if kept is None or o.number in kept]
        owners = sorted({operation.owner for operation in self.operations})
        self.screens = [Screen(world, self.functions, owner) for owner in owners]
        self.followers = [Follower(world, self.functions, owner) for owner in owners]
        self.bells = [Bell(world, self.functions, owner) for owner in owners]
        of_tasks: list[Subscriber] = [*self.screens, *self.followers]
        self.broker = Broker(self.network, {"onTaskEvent": of_tasks, "onNotification": self.bells})

    def run(self) -> None:
        """Run until nothing is left to do but to wait for due dates beyond the end, redriving what was given up."""
        with _provided(self._dependencies()):
            for operation in self.operations:
                self.world.later(operation.at, self._action(operation))
            for screen in self.screens:
                self._follow(screen, screen.owner)
            for follower in self.followers:
                self._follow(follower, f"{follower.owner}'s follower")
            for bell in self.bells:
                self._follow(bell, f"{bell.owner}'s bell")
            self.prepare()
            self.world.run(self.world.quiet_after + _DAY)
            self.unhandled = [message.deduplication_id for message in self.sqs.queues[EVENTS].messages]
            self.world.older_rate = 0.0
            self._redrive_all()
            self.world.run(self.world.seconds + 2 * _DAY)
            self._catch_up_at_the_end()
            self.conclude()

    def asked(self) -> set[tuple[str, str | None, str]]:
        """What people asked for: the owner, the task's id or key, the mutation."""
        return {(o.owner, o.input.get("id"), o.field) for o in self.operations}

    def prepare(self) -> None:
        """Plan what else takes part."""

    def conclude(self) -> None:
        """Run what comes after days in which nothing failed."""

    def _catch_up_at_the_end(self) -> None:
        """Let the followers connect again, so that they have what was redriven, and others for the first time.

        Those have no subscription: they begin when nothing is due for an hour, nor delayed by quiet hours of one.
        """
        while self.world.is_due_within(7_200):
            self.world.run(self.world.seconds + 3_600)
        for follower in self.followers:
            newcomer = self.newcomers[follower.owner] = Follower(self.world, self.functions, follower.owner)
            follower.disconnect()
            follower.connect()
            newcomer.connect()
        self.world.run(self.world.seconds + 3_600)

    def dead_letters(self, url: str) -> list[Any]:
        """The messages of a dead-letter queue."""
        return self.sqs.queues[url].messages

    def _redrive_all(self) -> None:
        """What an operator does: redrive until nothing is left."""
        admin = identity("root", "admins")
        for _ in range(20):
            if not self.dead_letters(DEAD) and not self.dead_letters(UNFORWARDED):
                return
            self.given_up += [*self.dead_letters(DEAD), *self.dead_letters(UNFORWARDED)]
            self.world.log("an operator redrives all dead letters")
            event = appsync_event("Mutation", "redriveDeadLetters", {"input": {"all": True}}, admin)
            answer = resolved(self.functions.call("manageDeadLetters", event))
            for letter in answer["letters"]:
                self.world.log(f"{letter['outcome']}: {letter['detail']}")
            self.world.run(self.world.seconds + 3_600)

    def _action(self, operation: Operation) -> Any:
        if operation.field != "remove":
            return lambda: self.client.do(operation)
        return lambda: self._remove(operation)

    def _remove(self, operation: Operation) -> None:
        """Remove a task in the console; with its key, without which it would be created again under the same id."""
        self.world.log(str(operation))
        owner, key = f"OWNER#{operation.owner}", f"KEY#{operation.input['id']}"
        kept = self.dynamodb.items.get(owner, {}).get(key)
        if kept:
            self.dynamodb.remove((owner, key))
            self.dynamodb.remove((owner, f"TASK#{kept['taskId']['S']}"))

    def _follow(self, screen: Screen | Follower | Bell, owner: str) -> None:
        chance = self.world.chance
        self.world.later(chance.draw(f"{owner} connects") * 5, screen.connect)
        for gap in range(int(chance.draw(f"{owner} gaps") * 2)):
            begins = 5 + chance.draw(f"{owner} gap {gap}") * self.world.quiet_after
            self.world.later(begins, screen.disconnect)
            self.world.later(begins + 1 + chance.draw(f"{owner} gap {gap} ends") * 300, screen.connect)
        self.world.later(self.world.quiet_after + 400, screen.connect)

    def _changed(self, record: Record) -> None:
        change = record["dynamodb"]
        image = change.get("NewImage", {})
        if "expiresAt" in image:
            key = change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"]
            due = float(image["expiresAt"]["N"]) - self.world.now().timestamp()
            lag = 1 + 3_600 * self.world.chance.next("expiry")
            self.world.later(due + lag, lambda: self.dynamodb.expire(key))
        self.stream.append(record)

    def _give_up(self, body: str) -> None:
        self.sqs.send_message(QueueUrl=UNFORWARDED, MessageBody=body)

    def _outages(self, span: float) -> list[Outage]:
        chance = self.world.chance
        names = [f"outage {number}" for number in range(int(chance.draw("outages") * 3))]
        outages = []
        for name in names:
            begins, service = chance.draw(f"{name} begins") * span, chance.pick(f"{name} of", _OUT)
            lasts = chance.pick(f"{name} lasts", self.outage_seconds)
            if chance.fault(name, 0.6):
                outages.append(Outage(service, begins, begins + min(lasts, _LONGEST_OF.get(service, lasts))))
                self.world.log(f"FAULT {name}: {outages[-1]}")
        return outages

    def _dependencies(self) -> dict[str, Any]:
        services = {
            "dynamodb": self.dynamodb,
            "sqs": QueueClient(self.world, self.sqs, self.newer),
            "stepfunctions": self.step_functions,
            "dynamodbstreams": StreamsClient(self.stream),
            "lambda": LambdaClient(self.functions),
        }
        clients = {name: self.network.client(name, service) for name, service in services.items()}
        numbers = self.world.number
        return {
            "clients": clients.__getitem__,
            "clock": self.world.local_now,
            "pause": self.world.pause,
            "chance": lambda: self.world.chance.next("jitter"),
            "uuids": lambda: str(UUID(int=numbers("uuid"))),
            "session": _session(),
            "http": self.broker,
            "cursor_secret": lambda: "secret",
            "settings": Settings(self.world.chance.pick("retention", _RETENTIONS)),
        }


@cache
def _session() -> boto3.Session:
    return boto3.Session("testing", "testing", region_name="eu-central-1")


@contextmanager
def _provided(dependencies: dict[str, Any]) -> Iterator[None]:
    """Run the code with other dependencies, and without logs."""
    os.environ.update(ENVIRONMENT, RETRY_SECONDS="8")
    logging.disable(logging.CRITICAL)
    bootstrap.reset()
    bootstrap.provide(**dependencies)
    try:
        yield
    finally:
        bootstrap.reset()
        logging.disable(logging.NOTSET)
