"""Fetches calendars from addresses that students give: only public ones, with limits of size and time.

Each host is resolved once, its addresses are checked, and the connection goes to one of them, so that no second
resolution can lead elsewhere (DNS rebinding). Redirects are followed one by one, each checked as the first.
"""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import IPPROTO_TCP, SHUT_RDWR, gaierror, getaddrinfo
from threading import Timer
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPSConnection
from urllib3.util.ssl_match_hostname import CertificateError

from taskbell.application.calendar_following import CalendarFetchError, FetchedCalendar

MAX_BYTES = 1024 * 1024
MAX_SECONDS = 8.0
MAX_REDIRECTS = 3
_SOCKET_SECONDS = 3.0
_CHUNK = 65_536
_MAX_URL, _MAX_VALIDATOR = 2_000, 500
_HTTPS = 443
_REDIRECTS = {301, 302, 303, 307, 308}
# IPv6 addresses which lead to IPv4 ones: mapped, compatible, translated (RFC 6052, RFC 8215), 6to4 and Teredo. The last
# are site-local.
_NOT_PUBLIC = tuple(
    map(
        IPv6Network, ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10")
    )
)

Address = IPv4Address | IPv6Address


def is_public(address: Address) -> bool:
    """Return whether an address is of the public internet, and leads to no other."""
    if isinstance(address, IPv6Address) and any(address in network for network in _NOT_PUBLIC):
        return False
    special = address.is_multicast or address.is_reserved or address.is_loopback or address.is_link_local
    return address.is_global and not special and not address.is_unspecified


def resolved(host: str) -> Sequence[Address]:
    """Return the addresses of a host. Raises OSError if it has none."""
    return [ip_address(found[4][0]) for found in getaddrinfo(host, _HTTPS, proto=IPPROTO_TCP)]


@dataclass(frozen=True, slots=True)
class CalendarFetcher:
    """Implements `CalendarSource`. What differs in tests is given by them; production has the defaults."""

    resolve: Callable[[str], Sequence[Address]] = resolved
    is_allowed: Callable[[Address], bool] = is_public
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    port: int = _HTTPS
    clock: Callable[[], float] = time.monotonic
    seconds: float = MAX_SECONDS

    def fetch(self, url: str, etag: str | None, modified: str | None) -> FetchedCalendar | None:
        """Return what is at an address; None if it is what the caller has. Raises CalendarFetchError."""
        until = self.clock() + self.seconds
        headers = {"accept": "text/calendar", "accept-encoding": "identity", "user-agent": "Taskbell calendar"}
        headers |= {"if-none-match": etag} if etag else {}
        headers |= {"if-modified-since": modified} if modified else {}
        for _ in range(MAX_REDIRECTS + 1):
            found = self._request(url, headers, until)
            if not isinstance(found, str):
                return found
            url = urljoin(url, found)
        raise CalendarFetchError("It redirects too often.")

    def _request(self, url: str, headers: Mapping[str, str], until: float) -> FetchedCalendar | str | None:
        """Return what is there, None for 304, or where it redirects to."""
        host, target = _split(url, self.port)
        connection = HTTPSConnection(
            str(self._address(host)),
            self.port,
            ssl_context=self.trust,
            server_hostname=host,
            assert_hostname=host,
            timeout=_SOCKET_SECONDS,
        )
        ended = Timer(max(0.0, until - self.clock()), _end, [connection])
        ended.start()
        try:
            connection.request("GET", target, headers={**headers, "host": host}, preload_content=False)
            with closing(connection.getresponse()) as response:
                return self._answer(response, until)
        except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
            raise CalendarFetchError("It takes too long." if self.clock() >= until else _reason(error)) from error
        finally:
            ended.cancel()
            connection.close()

    def _answer(self, response: urllib3.BaseHTTPResponse, until: float) -> FetchedCalendar | str | None:
        if response.status == 304:
            return None
        location = response.headers.get("location")
        if response.status in _REDIRECTS and location:
            return location
        if response.status != 200:
            raise CalendarFetchError(f"It answers with status {response.status}.")
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise CalendarFetchError("It is compressed, which was not asked for.")
        content = self._read(response, until)
        return FetchedCalendar(content, *(_short(response.headers.get(name)) for name in ("etag", "last-modified")))

    def _read(self, response: urllib3.BaseHTTPResponse, until: float) -> bytes:
        content = bytearray()
        while chunk := response.read1(_CHUNK, decode_content=False):
            content += chunk
            if len(content) > MAX_BYTES:
                raise CalendarFetchError("It is larger than a megabyte.")
        if self.clock() >= until:
            raise CalendarFetchError("It takes too long.")
        return bytes(content)

    def _address(self, host: str) -> Address:
        """Return an address of a host, all of which have to be allowed."""
        try:
            addresses = self.resolve(host)
        except (gaierror, OSError, UnicodeError) as error:
            raise CalendarFetchError("There is no such host.") from error
        if not addresses or not all(map(self.is_allowed, addresses)):
            raise CalendarFetchError("Its address is not on the public internet.")
        return addresses[0]


def _split(url: str, port: int) -> tuple[str, str]:
    """Return the host and the target of a request. Raises CalendarFetchError unless it is plain HTTPS."""
    try:
        parts = urlsplit(url)
        given_port = parts.port
    except ValueError:
        raise CalendarFetchError("It is no address of a web page.") from None
    if parts.scheme != "https":
        raise CalendarFetchError("Its address does not begin with https://.")
    if len(url) > _MAX_URL or not url.isascii() or any(char <= " " or char in "\\\x7f" for char in url):
        raise CalendarFetchError("Its address has characters that no address has, or is too long.")
    if parts.username is not None or parts.password is not None or given_port not in {None, port}:
        raise CalendarFetchError("Its address has a port or a password.")
    if not parts.hostname:
        raise CalendarFetchError("Its address has no host.")
    return parts.hostname, f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def _short(validator: str | None) -> str | None:
    """Return what a server calls a version; nothing if that is too long to be kept with each calendar."""
    return validator if validator and len(validator) <= _MAX_VALIDATOR else None


def _end(connection: HTTPSConnection) -> None:
    """End a connection that another thread waits for, wherever it is: a server could send a byte now and then."""
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(SHUT_RDWR)


def _reason(error: Exception) -> str:
    """Return for the owner why a request failed, without what it says of our network."""
    if isinstance(error, CalendarFetchError):
        return str(error)
    if isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return "It takes too long."
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError | CertificateError):
        return "Its certificate is not valid."
    return "It cannot be reached."
