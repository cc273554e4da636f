"""Load as cheap as Python can make it, so that the server is what is measured: bare protocols on uvloop."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60
GET = """query Get($id: ID!) { getTask(id: $id) {
  id ownerId title description status labels dueAt createdAt version processing { state step } } }"""
CREATE = """mutation Create($input: CreateTaskInput!) { createTask(input: $input) {
  id ownerId title description status labels dueAt createdAt version processing { state step } } }"""
FOLLOW = """subscription { onCreateTask(ownerId: "guest") {
  id ownerId title description status labels dueAt createdAt version processing { state step } } }"""


@dataclass(frozen=True)
class Target:
    """A server under load."""

    url: str
    api_key: str
    pid: int

    def request(self, query: str, variables: dict[str, Any]) -> bytes:
        """Write a whole HTTP request."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        head = (
            f"POST /graphql HTTP/1.1\r\nhost: {urlsplit(self.url).netloc}\r\nx-api-key: {self.api_key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def worked(self) -> float:
        """Answer the seconds of CPU that the server has used (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def address(self) -> tuple[str, int]:
        """Answer host and port."""
        parts = urlsplit(self.url)
        return str(parts.hostname), int(parts.port or 80)


@dataclass(frozen=True, order=True)
class Measured:
    """One round: how many a second, how long each took, and what it cost the server."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    rss_mib: float
    pss_mib: float

    @classmethod
    def of(cls, times: list[float], seconds: float, worked: float, pid: int) -> Measured:
        """Sum a round up: all its durations, its length, and the CPU seconds that the server worked."""
        cuts = statistics.quantiles(times, n=100)
        each = worked / len(times) * 1e6
        return cls(len(times) / seconds, cuts[49] * 1000, cuts[98] * 1000, each, *memory(pid))

    def __str__(self) -> str:
        return (
            f"{self.per_second:9,.0f}/s   p50 {self.p50_ms:7.2f} ms   p99 {self.p99_ms:7.2f} ms   "
            f"CPU {self.cpu_us:6.1f} us each   RSS {self.rss_mib:5.1f} MiB   PSS {self.pss_mib:5.1f} MiB"
        )


class Caller(asyncio.Protocol):
    """One connection that asks again as soon as it is answered."""

    def __init__(self, request: bytes, answered: Callable[[float], bool]) -> None:
        self._request = request
        self._answered = answered
        self._seen = bytearray()
        self._sent = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Ask for the first time."""
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take an answer; it must be a success."""
        self._seen += data
        end = self._seen.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._seen[:end]).lower()
        size = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        if len(self._seen) < end + 4 + size:
            return
        if not head.startswith(b"http/1.1 200") or b'"errors"' in self._seen:
            self._finish(AssertionError(bytes(self._seen).decode()))
            return
        self._seen.clear()
        if self._answered(time.perf_counter() - self._sent):
            self._ask()
        else:
            self._finish(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the run when the server hangs up."""
        self._finish(exc or ConnectionError("The server closed the connection."))

    def _finish(self, problem: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(problem) if problem else self.done.set_result(None)
        self._transport.close()


async def requests(
    target: Target, seconds: float, *, query: str, variables: dict[str, Any], connections: int
) -> Measured:
    """Ask on so many connections, on each again as soon as it is answered."""
    loop = asyncio.get_running_loop()
    times: list[float] = []
    request = target.request(query, variables)
    start, worked = time.perf_counter(), target.worked()
    end = start + seconds

    def answered(took: float) -> bool:
        times.append(took)
        return time.perf_counter() < end

    callers = [
        (await loop.create_connection(lambda: Caller(request, answered), *target.address))[1]
        for _ in range(connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(caller.done for caller in callers)), seconds + PATIENCE)
    return Measured.of(times, time.perf_counter() - start, target.worked() - worked, target.pid)


@dataclass
class Audience:
    """What all subscribers have seen."""

    size: int
    ready: int = 0
    arrived: int = 0
    published: float = 0.0
    times: list[float] = field(default_factory=list)
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def arrive(self) -> None:
        """Count a push."""
        self.times.append(time.perf_counter() - self.published)
        self.arrived += 1
        if self.arrived == self.size:
            self.complete.set()


class Subscriber(asyncio.Protocol):
    """One real-time connection with one subscription."""

    def __init__(self, target: Target, audience: Audience, number: int) -> None:
        self._target = target
        self._audience = audience
        self._id = f"subscriber-{number}"
        self._seen = bytearray()
        self._upgraded = False

    def connection_made(self, transport: Any) -> None:
        """Ask for the upgrade."""
        self.transport = transport
        shown = base64.b64encode(json.dumps(self._shown()).encode()).decode()
        transport.write(
            f"GET /graphql/realtime?header={shown}&payload=e30= HTTP/1.1\r\nhost: {urlsplit(self._target.url).netloc}"
            "\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
            "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: graphql-ws\r\n\r\n".encode()
        )

    def _shown(self) -> dict[str, str]:
        return {"host": urlsplit(self._target.url).netloc, "x-api-key": self._target.api_key}

    def _send(self, message: object) -> None:
        text = json.dumps(message).encode()
        head = bytes([0x81, 0x80 | len(text)]) if len(text) < 126 else b"\x81\xfe" + len(text).to_bytes(2, "big")
        self.transport.write(head + bytes(4) + text)

    def data_received(self, data: bytes) -> None:
        """Take the upgrade, then frames."""
        self._seen += data
        if not self._upgraded:
            end = self._seen.find(b"\r\n\r\n")
            if end < 0:
                return
            assert self._seen.startswith(b"HTTP/1.1 101"), bytes(self._seen)
            del self._seen[: end + 4]
            self._upgraded = True
            self._send({"type": "connection_init"})
        while len(self._seen) >= 2:
            start, size = 2, self._seen[1]
            if size == 126:
                start, size = 4, int.from_bytes(self._seen[2:4], "big")
            if len(self._seen) < start + size:
                return
            frame = bytes(self._seen[start : start + size])
            del self._seen[: start + size]
            self._take(frame)

    def _take(self, frame: bytes) -> None:
        if b'"type":"data"' in frame[:80]:
            assert b'"onCreateTask":{' in frame, frame
            self._audience.arrive()
        elif b'"connection_ack"' in frame:
            data = json.dumps({"query": FOLLOW, "variables": {}})
            extensions = {"authorization": self._shown()}
            self._send({"id": self._id, "type": "start", "payload": {"data": data, "extensions": extensions}})
        elif b'"start_ack"' in frame:
            self._audience.ready += 1
            if self._audience.ready == self._audience.size:
                self._audience.complete.set()


async def pushes(target: Target, seconds: float, *, subscribers: int) -> Measured:
    """Publish again and again, each when everyone has the one before."""
    loop = asyncio.get_running_loop()
    audience = Audience(subscribers)
    protocols: list[Any] = [Subscriber(target, audience, number) for number in range(subscribers)]
    publisher = Publisher(target)
    for protocol in (*protocols, publisher):
        await loop.create_connection(lambda made=protocol: made, *target.address)  # type: ignore[misc]
    await asyncio.wait_for(audience.complete.wait(), PATIENCE)
    for _ in range(3):  # warms up
        await _publish(publisher, audience)
    audience.times.clear()
    start, worked = time.perf_counter(), target.worked()
    while time.perf_counter() < start + seconds:
        await _publish(publisher, audience)
    measured = Measured.of(audience.times, time.perf_counter() - start, target.worked() - worked, target.pid)
    for protocol in (*protocols, publisher):
        protocol.transport.close()
    return measured


async def _publish(publisher: Publisher, audience: Audience) -> None:
    audience.complete.clear()
    audience.arrived = 0
    audience.published = time.perf_counter()
    publisher.publish()
    await asyncio.wait_for(audience.complete.wait(), PATIENCE)


class Publisher(asyncio.Protocol):
    """Calls the mutation; what it answers is of no interest."""

    def __init__(self, target: Target) -> None:
        self._request = target.request(CREATE, {"input": {"id": "t", "title": "Read chapter 4", "labels": ["reading"]}})

    def connection_made(self, transport: Any) -> None:
        """Keep the connection."""
        self.transport = transport

    def publish(self) -> None:
        """Create a task."""
        self.transport.write(self._request)


def memory(pid: int) -> tuple[float, float]:
    """Answer the MiB that a process holds: resident, and its proportional share of what is shared (Linux)."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        words = line.split()
        found[words[0]] = int(words[1]) / 1024 if words[1].isdigit() else 0.0
    return found["Rss:"], found["Pss:"]
