"""Loopback names, and the user at the other end of a loopback connection; standard library only."""

import os
import re
import socket
import sys
from pathlib import Path

_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _STATE, _USER = 1, 2, 3, 7  # columns of the tables; source: proc(5)
_ESTABLISHED = "01"
_MAPPED = bytes(10) + b"\xff\xff"  # an IPv4 address in IPv6

Address = tuple[str, int] | tuple[str, int, int, int]


def is_loopback(host: str) -> bool:
    """Return whether a Host header names the loopback interface."""
    return _HOST.fullmatch(host) is not None


def is_same_user(client: Address, server: Address) -> bool:
    """Return whether the client of a connection to this process runs as the same user.

    Known on Linux only; elsewhere this returns True (docs/explanation/local-security.md).
    """
    tables = [table for table in _TABLES if table.exists()]
    return not tables or _user_of(client, server, tables) == os.getuid()


def _user_of(client: Address, server: Address, tables: list[Path]) -> int | None:
    ends = {(_hexadecimal(client, prefix), _hexadecimal(server, prefix)) for prefix in (b"", _MAPPED)}
    for table in tables:
        for line in table.read_text().splitlines()[1:]:
            columns = line.split()
            if (columns[_LOCAL], columns[_REMOTE]) in ends and columns[_STATE] == _ESTABLISHED:
                return int(columns[_USER])
    return None


def _hexadecimal(address: Address, prefix: bytes) -> str:
    """Format an address as the tables do: in words of four bytes, each in native byte order."""
    host, port = address[:2]
    packed = socket.inet_pton(socket.AF_INET6, host) if ":" in host else prefix + socket.inet_aton(host)
    words = [int.from_bytes(packed[start : start + 4], sys.byteorder) for start in range(0, len(packed), 4)]
    return "".join(f"{word:08X}" for word in words) + f":{port:04X}"


def has_ipv6_loopback() -> bool:
    """Return whether `localhost` can resolve to ::1 on this machine."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
