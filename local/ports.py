"""The sockets of a running system, opened before anything else, so that a port in use is reported at once."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from local.settings import LOOPBACK, Settings

_BACKLOG = 2048


class PortInUseError(Exception):
    """Another process listens on a port; the message names the setting that chooses another one."""


class Sockets(NamedTuple):
    """The listening sockets of this process."""

    graphql: socket.socket
    rest: socket.socket
    tls: socket.socket


@contextmanager
def open_sockets(settings: Settings) -> Iterator[Sockets]:
    """Listen on the ports for GraphQL, the HTTP API and TLS, and make sure that the AWS port is free too.

    Raises:
        PortInUseError: if one of the four is taken.
    """
    ports = {"PORT": settings.port, "REST_PORT": settings.rest_port, "TLS_PORT": settings.tls_port}
    with ExitStack() as opened:
        bound = [opened.enter_context(_bind(port, name)) for name, port in ports.items()]
        _bind(settings.aws_port, "AWS_PORT").close()
        for each in bound:
            each.listen(_BACKLOG)
            each.setblocking(False)
        yield Sockets(*bound)


def _bind(port: int, name: str) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
    except OSError as error:
        bound.close()
        raise PortInUseError(f"Port {port} is not free ({error.strerror}). Choose another one with {name}.") from error
    return bound
