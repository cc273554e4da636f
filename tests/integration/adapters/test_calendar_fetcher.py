"""Calendars are fetched from the public internet alone, and never for long."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Event, Thread
from typing import Any

import pytest
from appsync_local.transport.tls import certificate

from taskbell.adapters.calendar_fetcher import MAX_BYTES, CalendarFetcher, is_public
from taskbell.application.calendar_following import CalendarFetchError

LOOPBACK = ip_address("127.0.0.1")
OK = b"HTTP/1.1 200 OK\r\n"
PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "169.254.170.2",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fec0::1", "ff02::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450:4001:830::200e"]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_that_is_not_of_the_public_internet_is_asked(address: str) -> None:
    assert not is_public(ip_address(address))
    fetcher = CalendarFetcher(resolve=lambda _: [ip_address(address)])
    with pytest.raises(CalendarFetchError, match="not on the public internet"):
        fetcher.fetch("https://calendar.example/a.ics", None, None)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_public_internet_are(address: str) -> None:
    assert is_public(ip_address(address))


def test_one_private_address_among_public_ones_is_enough_to_refuse_a_host() -> None:
    fetcher = CalendarFetcher(resolve=lambda _: [ip_address("8.8.8.8"), LOOPBACK])
    with pytest.raises(CalendarFetchError, match="not on the public internet"):
        fetcher.fetch("https://calendar.example/", None, None)


@pytest.mark.parametrize(
    "url",
    [
        "http://calendar.example/", "ftp://calendar.example/", "file:///etc/passwd", "gopher://x/", "calendar", "",
        "https://", "https:///x", "https://user@calendar.example/", "https://u:p@calendar.example/",
        "https://calendar.example:22/", "https://calendar.example:99999/", "https://[::1", "https://a b/",
        "https://calendar.example/a b", "https://calendar.example/\r\nhost: x", "https://calendär.example/",
        "https://calendar.example\\@127.0.0.1/", f"https://calendar.example/{'x' * 2000}",
    ],
)  # fmt: skip
def test_only_plain_https_is_asked(url: str) -> None:
    def resolve(_: str) -> Any:
        raise AssertionError("Nothing is resolved for such an address.")

    with pytest.raises(CalendarFetchError, match=r"Its address|no address"):
        CalendarFetcher(resolve=resolve).fetch(url, None, None)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "2130706433", "0x7f.1", "localhost"])
def test_a_host_that_is_an_address_in_any_notation_is_checked_as_one(host: str) -> None:
    with pytest.raises(CalendarFetchError, match=r"public internet|no such host"):
        CalendarFetcher().fetch(f"https://{host}/", None, None)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return certificate(tmp_path_factory.mktemp("tls"))


Ask = Callable[..., Any]


@contextmanager
def serving(tls: Any, *answers: bytes, drip: bool = False) -> Iterator[tuple[CalendarFetcher, list[bytes]]]:
    """A server that gives these answers one after another, and a fetcher that reaches it as `localhost`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.chain, tls.key)
    listener, asked, over = socket.create_server(("127.0.0.1", 0)), list[bytes](), Event()

    def serve() -> None:
        for answer in answers:
            try:
                plain, _ = listener.accept()
                with context.wrap_socket(plain, server_side=True) as connection:
                    asked.append(connection.recv(65_536))
                    for start in range(0, len(answer), 1 if drip else len(answer)):
                        connection.sendall(answer[start : start + (1 if drip else len(answer))])
                        if drip and over.wait(0.02):
                            return
            except OSError:
                continue

    thread = Thread(target=serve, daemon=True)
    thread.start()
    trust = ssl.create_default_context(cafile=str(tls.authority))
    port = listener.getsockname()[1]
    allowed = lambda address: address == LOOPBACK  # noqa: E731
    try:
        yield CalendarFetcher(lambda _: [LOOPBACK], allowed, trust, port, seconds=0.5 if drip else 5), asked
    finally:
        over.set()
        listener.close()
        thread.join(5)


def answer(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([OK.strip(), *headers, b"content-length: %d" % len(body), b"", body])


def test_a_calendar_is_fetched_with_its_tag_and_not_again(tls: Any) -> None:
    whole = answer(b"BEGIN:VCALENDAR", b'etag: "1"', b"last-modified: Mon")
    with serving(tls, whole, b"HTTP/1.1 304 Not Modified\r\n\r\n") as (fetcher, asked):
        found = fetcher.fetch("https://localhost/a.ics?x=1", None, None)
        assert found
        assert (found.content, found.etag, found.modified) == (b"BEGIN:VCALENDAR", '"1"', "Mon")
        assert fetcher.fetch("https://localhost/a.ics", '"1"', "Mon") is None
    assert asked[0].startswith(b"GET /a.ics?x=1 HTTP/1.1\r\n")
    assert b"host: localhost" in asked[0].lower()
    assert b'if-none-match: "1"' in asked[1].lower()


@pytest.mark.parametrize(("length", "kept"), [(500, True), (501, False)])
def test_a_tag_that_is_too_long_to_be_kept_is_dropped(tls: Any, length: int, *, kept: bool) -> None:
    with serving(tls, answer(b"x", b"etag: " + b"a" * length)) as (fetcher, _):
        found = fetcher.fetch("https://localhost/a.ics", None, None)
        assert found
        assert found.etag == ("a" * length if kept else None)


def redirect(to: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nlocation: " + to + b"\r\ncontent-length: 0\r\n\r\n"


def test_redirects_are_followed_and_each_is_checked(tls: Any) -> None:
    with serving(tls, redirect(b"/b"), answer(b"x")) as (fetcher, asked):
        assert fetcher.fetch("https://localhost/a", None, None).content == b"x"  # type: ignore[union-attr]
    assert asked[1].startswith(b"GET /b ")
    for target in (b"http://localhost/", b"https://localhost:1/", b"//169.254.169.254:80/", b"file:///etc/passwd"):
        with serving(tls, redirect(target)) as (fetcher, _), pytest.raises(CalendarFetchError):
            fetcher.fetch("https://localhost/a", None, None)
    with serving(tls, *[redirect(b"/a")] * 4) as (fetcher, _), pytest.raises(CalendarFetchError, match="too often"):
        fetcher.fetch("https://localhost/a", None, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (answer(b"x" * (MAX_BYTES + 1)), "larger than a megabyte"),
        (OK + b"\r\n" + b"x" * (MAX_BYTES + 1), "larger than a megabyte"),
        (answer(b"x", b"content-encoding: gzip"), "compressed"),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "status 404"),
        (b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n", "status 500"),
        (b"SSH-2.0\r\n\r\n", "cannot be reached"),
    ],
)
def test_what_is_no_answer_or_too_large_is_refused(tls: Any, text: bytes, message: str) -> None:
    with serving(tls, text) as (fetcher, _), pytest.raises(CalendarFetchError, match=message):
        fetcher.fetch("https://localhost/", None, None)


@pytest.mark.parametrize("text", [OK + b"x: y\r\n" * 100, answer(b"x" * 1000)])
def test_a_server_that_sends_a_byte_now_and_then_is_not_waited_for(tls: Any, text: bytes) -> None:
    with serving(tls, text, drip=True) as (fetcher, _), pytest.raises(CalendarFetchError, match="too long"):
        fetcher.fetch("https://localhost/", None, None)


def test_a_certificate_of_another_host_is_refused(tls: Any) -> None:
    with serving(tls, answer(b"x")) as (fetcher, _), pytest.raises(CalendarFetchError, match="certificate"):
        fetcher.fetch("https://calendar.example/", None, None)
