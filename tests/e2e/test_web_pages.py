"""What web pages can do to the running system: every port, in raw HTTP, as browsers and attackers speak it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest

from local.loopback import has_ipv6_loopback
from tests.e2e.raw import Headers, Port, ports_of
from tests.support.local_system import LocalSystem

EVIL = "https://evil.example"
PORTS = ["graphql", "tls", "rest", "aws", "runtime"]
OPEN_PATH = {
    "graphql": "/",
    "tls": "/",
    "rest": "/tasks",
    "aws": "/_ministack/ready",
    "runtime": "/2018-06-01/runtime/none",
}
GRAPHQL = ["graphql", "tls"]
PAGES = [*GRAPHQL, "rest"]
FORMS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
VIEWER = b'{"query": "{ viewer { id } }"}'


@pytest.fixture(scope="module")
def ports(system: LocalSystem) -> dict[str, Port]:
    system.graphql("{ viewer { id } }")  # so that a function runs
    return ports_of(system)


@pytest.fixture(scope="module")
def key(system: LocalSystem) -> Headers:
    return [("x-api-key", system.connection["apiKey"])]


@pytest.fixture
def title(system: LocalSystem) -> Iterator[str]:
    """A title that no task may have at the end."""
    title = f"Made by a page {uuid4()}"
    yield title
    query = "query ($title: String!) { tasks(filter: {search: $title}) { nodes { id } } }"
    assert system.graphql(query, {"title": title})[1]["data"]["tasks"]["nodes"] == []


@pytest.mark.parametrize("name", PORTS)
def test_the_port_serves_a_program_of_this_machine(ports: dict[str, Port], name: str) -> None:
    """Without this the refusals below would prove nothing."""
    expected = {"runtime": 404}.get(name, 200)
    for host in ("127.0.0.1", "localhost:1234", "[::1]"):
        assert ports[name].send("GET", OPEN_PATH[name], host=host).status == expected


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:4000", "0.0.0.0"])
def test_a_rebound_name_is_refused(ports: dict[str, Port], name: str, host: str) -> None:
    reply = ports[name].send("GET", OPEN_PATH[name], host=host)
    assert (reply.status, reply.is_readable) == (403, False)


@pytest.mark.parametrize("name", PORTS)
def test_a_request_without_a_host_or_with_two_is_refused(ports: dict[str, Port], name: str) -> None:
    assert ports[name].send("GET", OPEN_PATH[name], host=None).status in {400, 403}
    two = [("Host", "evil.example")]
    assert ports[name].send("GET", OPEN_PATH[name], two).status in {400, 403}


@pytest.mark.parametrize("name", PORTS)
def test_the_host_of_an_absolute_target_counts_not_the_header(ports: dict[str, Port], name: str) -> None:
    reply = ports[name].send("GET", f"http://evil.example{OPEN_PATH[name]}")
    assert reply.status in {400, 403, 404}
    assert b"data" not in reply.body
    own = ports[name].send("GET", f"http://localhost{OPEN_PATH[name]}", host="evil.example")
    assert own.status in ({200} if name in PAGES else {400, 403})


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize(
    "target", ["*", "evil.example:443", "//evil.example/", "http://127.0.0.1@evil.example/", "http://["]
)
def test_an_odd_target_reaches_nothing(ports: dict[str, Port], name: str, target: str) -> None:
    for method in ("GET", "OPTIONS", "CONNECT"):
        reply = ports[name].send(method, target)
        assert reply.status in {0, 400, 403, 404, 405, 501}
        assert not reply.is_readable


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost.evil.example"])
def test_another_page_can_read_nothing(ports: dict[str, Port], name: str, origin: str) -> None:
    for method, path in (
        ("GET", OPEN_PATH[name]),
        ("GET", "/openapi.json"),
        ("GET", "/local/connection"),
        ("GET", "/amplify_outputs.json"),
        ("POST", "/"),
    ):
        reply = ports[name].send(method, path, [("Origin", origin)])
        assert not reply.is_readable
        assert reply.status != 200


@pytest.mark.parametrize("content_type", FORMS)
@pytest.mark.parametrize("origin", [EVIL, "null"])
def test_a_form_of_another_page_makes_no_task(
    ports: dict[str, Port], title: str, content_type: str, origin: str
) -> None:
    sent = [("Origin", origin), ("Content-Type", content_type)]
    for path in ("/task", "/tasks"):
        reply = ports["rest"].send("POST", path, sent, json.dumps({"title": title}).encode())
        assert (reply.status, reply.is_readable) == (403, False)
    mutation = f'mutation {{ createTask(input: {{title: "{title}"}}) {{ task {{ id }} }} }}'
    for name in GRAPHQL:
        reply = ports[name].send("POST", "/graphql", sent, json.dumps({"query": mutation}).encode())
        assert (reply.status, reply.is_readable) == (401, False)


def test_an_image_of_another_page_is_no_guest(ports: dict[str, Port]) -> None:
    site = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")]
    assert ports["rest"].send("GET", "/tasks", site).status == 403
    assert ports["aws"].send("GET", OPEN_PATH["aws"], site).status == 403
    for headers in (site, [("Accept-Language", "en")], [("Referer", EVIL)]):  # not all browsers tell the site
        assert ports["runtime"].send("GET", "/2018-06-01/runtime/invocation/next", headers).status == 403


@pytest.mark.parametrize("name", PAGES)
def test_another_page_needs_what_it_cannot_have(
    ports: dict[str, Port], system: LocalSystem, key: Headers, name: str
) -> None:
    method, path, body = ("GET", "/tasks", b"") if name == "rest" else ("POST", "/graphql", VIEWER)
    token = [("Authorization", system.token("ada"))]
    for credentials, good in ((key, True), (token, True), ([("x-api-key", "da2-guessed")], False), ([], False)):
        reply = ports[name].send(method, path, [("Origin", EVIL), *credentials], body)
        assert (reply.status == 200, reply.is_readable) == (good, good)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:5173", "https://[::1]"])
def test_a_page_of_this_machine_may_call(ports: dict[str, Port], key: Headers, name: str, origin: str) -> None:
    method, path, body = ("GET", "/tasks", b"") if name == "rest" else ("POST", "/graphql", VIEWER)
    reply = ports[name].send(method, path, [("Origin", origin), *key], body)
    assert (reply.status, reply.is_readable) == (200, True)
    if name == "rest":
        assert ports[name].send("GET", path, [("Origin", origin)]).status == 200


@pytest.mark.parametrize("name", PORTS)
def test_a_preflight_opens_nothing_at_the_local_aws(ports: dict[str, Port], name: str) -> None:
    preflight = [
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "x-amz-target,authorization"),
    ]
    for origin in (EVIL, "http://localhost:3000"):
        reply = ports[name].send("OPTIONS", OPEN_PATH[name], [("Origin", origin), *preflight])
        if name in {"aws", "runtime"}:
            assert (reply.status, reply.is_readable) == (403, False)


@pytest.mark.parametrize("name", GRAPHQL)
def test_a_socket_is_opened_for_known_pages_and_programs_alone(ports: dict[str, Port], name: str) -> None:
    for known in ([], [("Origin", "http://localhost:3000")]):
        assert ports[name].shake_hands("/graphql", known).status == 101
    for origin in (EVIL, "null", "http://127.0.0.1.evil.example"):
        for path in ("/graphql", "/graphql/realtime"):
            assert ports[name].shake_hands(path, [("Origin", origin)]).status == 403
    assert ports[name].shake_hands("/graphql", host="evil.example").status == 403


@pytest.mark.parametrize("name", ["rest", "aws", "runtime"])
def test_no_other_port_opens_a_socket(ports: dict[str, Port], name: str) -> None:
    for headers in ([], [("Origin", EVIL)]):
        assert ports[name].shake_hands("/", headers).status in {400, 403, 404}


def test_what_is_for_pages_of_the_gateway_is_for_no_other(ports: dict[str, Port]) -> None:
    for path in ("/local/connection", "/local/token/linus", "/amplify_outputs.json"):
        assert ports["graphql"].send("GET", path).status == 200
        for headers in ([("Origin", EVIL)], [("Origin", "http://localhost:3000")], [("Sec-Fetch-Site", "same-site")]):
            reply = ports["graphql"].send("GET", path, headers)
            assert (reply.status, reply.is_readable) == (403, False)


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="needs Linux, and root to be somebody else")
def test_another_user_of_the_machine_gets_no_token(system: LocalSystem, ports: dict[str, Port]) -> None:
    for port, path in (
        (system.settings.port, "/local/token/linus"),
        (system.settings.port, "/local/connection"),
        (system.settings.port, "/amplify_outputs.json"),
        (ports["runtime"].number, "/2018-06-01/runtime/invocation/next"),
    ):
        url = f"http://127.0.0.1:{port}{path}"
        command = ["curl", "-s", "--max-time", "10", "-o", "/dev/null", "-w", "%{http_code}", url]
        completed = subprocess.run(
            command, user=65534, group=65534, extra_groups=[], cwd="/", capture_output=True, check=True
        )
        assert completed.stdout == b"403"


def test_a_trailer_is_no_header(ports: dict[str, Port]) -> None:
    body = b"0\r\nHost: 127.0.0.1\r\nX-Api-Key: x\r\n\r\n"
    for name in ("graphql", "rest"):
        reply = ports[name].send("POST", "/graphql", [("Transfer-Encoding", "chunked")], body, host=None, sized=False)
        assert reply.status == 400


def test_options_without_a_preflight_tell_nothing(ports: dict[str, Port]) -> None:
    for name in ("graphql", "rest"):
        assert not ports[name].send("OPTIONS", "/graphql", [("Origin", EVIL)]).is_readable


@pytest.mark.skipif(not has_ipv6_loopback(), reason="localhost is 127.0.0.1 alone on this machine")
def test_nobody_else_can_be_localhost(system: LocalSystem) -> None:
    settings = system.settings
    for port in (settings.port, settings.rest_port, settings.tls_port, settings.aws_port):
        with pytest.raises(OSError, match="in use"), socket.create_server(("::1", port), family=socket.AF_INET6):
            pass
