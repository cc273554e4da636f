"""A device: a client with its clock, its storage and its network, all of which can fail."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from tests.simulation.people import identity
from tests.simulation.sync.api import Api
from tests.simulation.sync.node import Effect, Node
from tests.simulation.world import START, World

_POLL_MS = 300_000
_KEEP_ALIVE_SECONDS = 240
_CONNECTION_TIMEOUT_MS = 300_000
_ACK = {"type": "connection_ack", "payload": {"connectionTimeoutMs": _CONNECTION_TIMEOUT_MS}}
_EXPIRED = {"errors": [{"errorType": "UnauthorizedException", "message": "Token has expired."}]}
_FETCH_FAULTS = ("unreachable", "unanswered", "unauthorized", "throttled", "late")
Task = Mapping[str, Any]


@dataclass
class Connection:
    """A WebSocket on the server's side; `query` is that of the subscription that runs."""

    id: int
    query: str | None = None
    reachable: bool = True


@dataclass
class Device:
    """A device of an owner.

    Attributes:
        skew: By how many seconds its clock is wrong.
        document: What its storage holds.
        online: Whether it has a network.
        running: Whether its client runs.
        refused: The codes of the mutations that were refused, by their client mutation ids.
        durable: The client mutation ids that its storage ever held.
        back: Tasks whose screen went back to an older version, in words.
    """

    world: World
    node: Node
    api: Api
    owner: str
    name: str
    skew: float
    document: str | None = None
    online: bool = True
    running: bool = False
    refused: dict[str, list[str]] = field(default_factory=dict)
    durable: set[str] = field(default_factory=set)
    back: list[str] = field(default_factory=list)
    connections: dict[int, Connection] = field(default_factory=dict)
    _timers: set[int] = field(default_factory=set)
    _starts: int = 0

    def start(self) -> None:
        """Start the client with what is stored."""
        self._starts += 1
        self.running = True
        self.world.log(f"{self.name} starts")
        self._timers.clear()
        seed = int(self.world.chance.next(f"{self.name} seed") * 2**32)
        self._do("start", seed=seed, ownerId=self.owner, document=self.document, pollMs=_POLL_MS)

    def start_again(self) -> None:
        """Start the client, if it does not run."""
        if not self.running:
            self.start()

    def kill(self) -> None:
        """End the client: only what is stored stays."""
        if self.running:
            self.world.log(f"{self.name} is killed")
            self._do("end")
            self.running = False
            self.connections.clear()

    def go_offline(self, *, silently: bool) -> None:
        """Lose the network, with or without being told."""
        self.world.log(f"{self.name} goes offline{' silently' if silently else ''}")
        self.online = False
        for connection in list(self.connections.values()):
            connection.reachable = False
            if not silently:
                self._do("closed", id=connection.id)

    def go_online(self) -> None:
        """Have a network again; some apps tell the client."""
        self.world.log(f"{self.name} goes online")
        self.online = True
        if self.world.chance.next(f"{self.name} tells") < 0.5:
            self._do("wake")

    def mutate(self, name: str, input_: Mapping[str, Any]) -> Effect:
        """Make a change: its client mutation id, and the task's global id."""
        self.world.log(f"{self.name} {name} {dict(input_)}")
        return next(effect for effect in self._do("mutate", name=name, input=input_) if effect["do"] == "queued")

    def shown(self) -> Effect:
        """What is on the screen."""
        return next(effect for effect in self._do("show") if effect["do"] == "shown")

    def push(self, payload: Mapping[str, Any]) -> None:
        """Receive a push, if it is subscribed: perhaps late, twice or never."""
        if payload["ownerId"] != self.owner:
            return
        for connection in [c for c in self.connections.values() if c.query]:
            number = self.world.number(f"{self.name} push")
            if self.world.fault(f"{self.name} push#{number} lost", 0.5):
                continue
            message = {"id": "1", "type": "data", "payload": self.api.push(str(connection.query), payload)}
            for copy in range(1 + self.world.fault(f"{self.name} push#{number} twice")):
                late = self.world.fault(f"{self.name} push#{number}.{copy} late")
                self._later(self._latency("push") * (300 if late else 1), partial(self._receive, connection, message))

    def _do(self, command: str, **details: Any) -> list[Effect]:
        """Let the client run, and see to what it asks for."""
        if not self.running:
            return []
        now = (START + timedelta(seconds=self.world.seconds + self.skew)).timestamp()
        device = f"{self.name} {self._starts}"
        effects = list(self.node.do({"device": device, "do": command, "now": round(now * 1000), **details}))
        for effect in effects:
            handler: Callable[[Effect], None] | None = getattr(self, f"_on_{effect['do']}", None)
            if handler:
                handler(effect)
        return effects

    def _on_timer(self, effect: Effect) -> None:
        self._timers.add(effect["id"])
        self._later(effect["milliseconds"] / 1000, lambda: self._ring(effect["id"]))

    def _ring(self, id_: int) -> None:
        if id_ in self._timers:
            self._timers.remove(id_)
            self._do("timer", id=id_)

    def _on_clear(self, effect: Effect) -> None:
        self._timers.discard(effect["id"])

    def _on_store(self, effect: Effect) -> None:
        def store() -> None:
            self.document = effect["document"]
            self.durable |= {mutation["clientMutationId"] for mutation in json.loads(effect["document"])["queue"]}
            number = self.world.number(f"{self.name} store")
            if self.world.fault(f"{self.name} store#{number} is its last", 0.1):
                self.kill()
                self.world.later(1 + 4 * self.world.chance.next(f"{self.name} restart"), self.start_again)
            self._do("stored", id=effect["id"])

        self._later(0.001 + 0.05 * self.world.chance.next(f"{self.name} storage"), store)

    def _on_refused(self, effect: Effect) -> None:
        self.world.log(f"{self.name} is refused {effect['clientMutationId']}: {effect['codes']}")
        self.refused[effect["clientMutationId"]] = effect["codes"]

    def _on_back(self, effect: Effect) -> None:
        self.back.append(f"{effect['id']} from version {effect['newest']} to {effect['version']}")

    def _on_connect(self, effect: Effect) -> None:
        connection = Connection(effect["id"])

        def connect() -> None:
            failed = self.world.fault(f"{self.name} connection#{self.world.number(f'{self.name} connect')} refused")
            if not self.online or failed:
                self._do("closed", id=connection.id)
                return
            self.connections[connection.id] = connection
            self._do("open", id=connection.id)

        self._later(self._latency("connect"), connect)

    def _on_close(self, effect: Effect) -> None:
        self.connections.pop(effect["id"], None)

    def _on_send(self, effect: Effect) -> None:
        connection = self.connections.get(effect["id"])
        if connection:
            self._later(self._latency("send"), lambda: self._serve(connection, json.loads(effect["data"])))

    def _serve(self, connection: Connection, message: Mapping[str, Any]) -> None:
        """What AppSync does with a message of a client."""
        if connection.id not in self.connections or not connection.reachable:
            return
        if message["type"] == "connection_init":
            self._later(self._latency("ack"), lambda: self._receive(connection, _ACK))
            self._keep_alive(connection)
        elif self.world.fault(f"{self.name} start#{self.world.number(f'{self.name} start')} refused"):
            error = {"id": message["id"], "type": "error", "payload": {"errors": [{"errorType": "LimitExceededError"}]}}
            self._later(self._latency("error"), lambda: self._receive(connection, error))
        else:
            connection.query = json.loads(message["payload"]["data"])["query"]
            started = {"id": message["id"], "type": "start_ack"}
            self._later(self._latency("started"), lambda: self._receive(connection, started))

    def _keep_alive(self, connection: Connection) -> None:
        def tick() -> None:
            if connection.id in self.connections:
                self._receive(connection, {"type": "ka"})
                self._keep_alive(connection)

        self._later(_KEEP_ALIVE_SECONDS, tick)

    def _receive(self, connection: Connection, message: Mapping[str, Any]) -> None:
        if connection.id in self.connections and connection.reachable:
            self._do("message", id=connection.id, data=json.dumps(message))

    def _on_fetch(self, effect: Effect) -> None:
        number = self.world.number(f"{self.name} request")
        name = f"{self.name} request#{number}"
        fault = self.world.chance.pick(f"kind {name}", _FETCH_FAULTS) if self.world.fault(name) else None
        if fault:
            self.world.log(f"{name} is {fault}")
        self._later(self._latency("request"), lambda: self._request(effect, fault))

    def _request(self, effect: Effect, fault: str | None) -> None:
        if not self.online or fault == "unreachable":
            self._do("fail", id=effect["id"])
            return
        if fault in {"unauthorized", "throttled"}:
            body = json.dumps(_EXPIRED) if fault == "unauthorized" else "Too many requests"
            self._do("answer", id=effect["id"], status=401 if fault == "unauthorized" else 429, body=body)
            return
        request = json.loads(effect["body"])
        answer = self.api.request(request["query"], request["variables"], identity(self.owner))
        seconds = self._latency("answer") * (300 if fault == "late" else 1)
        self._later(seconds, lambda: self._answer(effect, answer, lost=fault == "unanswered"))

    def _answer(self, effect: Effect, answer: Mapping[str, Any], *, lost: bool) -> None:
        if lost or not self.online:
            self._do("fail", id=effect["id"])
        else:
            self._do("answer", id=effect["id"], status=200, body=json.dumps(answer))

    def _latency(self, name: str) -> float:
        return 0.01 + 0.09 * self.world.chance.next(f"{self.name} {name} takes")

    def _later(self, seconds: float, action: Callable[[], Any]) -> None:
        """Do something later, unless the client is started anew by then."""
        start = self._starts
        self.world.later(seconds, lambda: action() if self.running and self._starts == start else None)
