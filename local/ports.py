"""The sockets of a running system, opened before anything else, so that a port in use is reported at once."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import NamedTuple

from local.loopback import has_ipv6_loopback
from local.settings import LOOPBACK, Settings

_BACKLOG = 2048


class PortInUseError(Exception):
    """Another process listens on a port; the message names the setting that chooses another one."""


class Sockets(NamedTuple):
    """The listening sockets of this process: for each port one at 127.0.0.1 and, where there is IPv6, one at ::1."""

    graphql: list[socket.socket]
    rest: list[socket.socket]
    tls: list[socket.socket]


@contextmanager
def open_sockets(settings: Settings) -> Iterator[Sockets]:
    """Listen on the ports for GraphQL, the HTTP API and TLS, and make sure that the AWS port is free too.

    Clients may resolve `localhost` to ::1, so a process that listened there would be taken for this system.

    Raises:
        PortInUseError: if one of the four is taken.
    """
    ports = {"PORT": settings.port, "REST_PORT": settings.rest_port, "TLS_PORT": settings.tls_port}
    hosts = [LOOPBACK, "::1"] if has_ipv6_loopback() else [LOOPBACK]
    with ExitStack() as opened:
        bound = [[opened.enter_context(_bind(host, port, name)) for host in hosts] for name, port in ports.items()]
        for host in hosts:
            _bind(host, settings.aws_port, "AWS_PORT").close()
        for each in chain(*bound):
            each.listen(_BACKLOG)
            each.setblocking(False)
        yield Sockets(*bound)


def _bind(host: str, port: int, name: str) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        where = f"Port {port} is not free at {host} ({error.strerror})."
        raise PortInUseError(f"{where} Choose another one with {name}.") from error
    return bound
