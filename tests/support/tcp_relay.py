"""A network path that a test can cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from local.settings import LOOPBACK


@dataclass
class TcpRelay:
    """Passes connections at `port` on to the port of a server, until it is cut.

    While it is, connections are refused, as those to a host that is down.
    """

    target: int
    port: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def open(self) -> None:
        """Accept connections, always at the same port."""
        self._server = await asyncio.start_server(self._accept, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Refuse connections, and break those that are open."""
        if self._server:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, onward = await asyncio.open_connection(LOOPBACK, self.target)
        pair = {writer, onward}
        self._writers |= pair
        try:
            await asyncio.gather(_pump(reader, onward), _pump(there, writer))
        finally:
            self._writers -= pair
            for each in pair:
                each.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def tcp_relay(target: int) -> AsyncIterator[TcpRelay]:
    """A relay that is open, and cut at the end."""
    relay = TcpRelay(target)
    await relay.open()
    try:
        yield relay
    finally:
        relay.cut()
