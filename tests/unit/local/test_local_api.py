"""The emulated HTTP API: routes, authorizers, events, responses."""

import asyncio
import base64
import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import pytest
from appsync_local.protocols import FunctionError
from appsync_local.transport.origin import CROSS_ORIGIN
from cryptography.hazmat.primitives.asymmetric import rsa

from local.http_api.app import HttpApiApp
from local.http_api.definition import HttpApi, UnsupportedFeatureError

NOW = 1_800_000_000
API_KEY = "da2-guest"
UNKNOWN = "https://evil.example"  # the origin of pages that nobody named, which the guard before the application marks
ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/pool"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLAIMS: dict[str, Any] = {"sub": "ada", "iss": ISSUER, "client_id": "app", "exp": NOW + 60, "iat": NOW - 60}


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}


def _route(key: str, **more: Any) -> dict[str, Any]:
    return _resource("Route", RouteKey=key, Target={"Fn::Join": ["/", ["integrations", {"Ref": "Call"}]]}, **more)


GUARDED: dict[str, Any] = {"AuthorizationType": "JWT", "AuthorizerId": {"Ref": "Users"}}
TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Api": _resource("Api", CorsConfiguration={"AllowOrigins": ["*"], "AllowMethods": ["GET"], "MaxAge": 5}),
        "Call": _resource(
            "Integration",
            IntegrationType="AWS_PROXY",
            PayloadFormatVersion="2.0",
            IntegrationUri={"Fn::GetAtt": ["Serve", "Arn"]},
        ),
        "Users": _resource(
            "Authorizer",
            Name="users",
            AuthorizerType="JWT",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={"Issuer": ISSUER, "Audience": ["app"]},
        ),
        "Show": _route("GET /things/{id}", **GUARDED),
        "Own": _route("GET /things/own", **GUARDED),
        "Any": _route("ANY /things/{id}", **GUARDED),
        "Deep": _route("GET /files/{path+}", **GUARDED),
        "Open": _route("POST /open"),
        "Serve": {"Type": "AWS::Lambda::Function", "Properties": {}},
    }
}


@dataclass
class Functions:
    """A function that records its events and returns a given response."""

    answer: Any = field(default_factory=lambda: {"statusCode": 200})
    events: list[dict[str, Any]] = field(default_factory=list)

    async def invoke(self, function: str, event: object) -> object:
        assert function == "Serve"
        assert isinstance(event, dict)
        self.events.append(event)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Keys:
    """The pool's one key."""

    async def key(self, issuer: str, key_id: str) -> Mapping[str, object] | None:
        known = (issuer, key_id) == (ISSUER, "1")
        return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1"} if known else None


def _token(key: Any = KEY, key_id: str = "1", **claims: Any) -> str:
    return jwt.encode({**CLAIMS, **claims}, key, "RS256", headers={"kid": key_id})


@dataclass(frozen=True)
class Told:
    status: int
    headers: dict[str, str]
    body: bytes


class Laptop:
    """The application, called without a socket."""

    def __init__(self, page: Path, template: dict[str, Any] = TEMPLATE) -> None:
        self.functions = Functions()
        self.now: float = NOW
        self.sends_bodies = True
        self.api = HttpApi.from_template(template, lambda node: node, "api1", "0" * 12)
        self.app = HttpApiApp(
            self.api, self.functions, Keys(), page, api_key=API_KEY, clock=lambda: self.now, body_seconds=0.05
        )

    async def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Told:
        path, _, query = target.partition("?")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
            "client": ("127.0.0.1", 1),
            CROSS_ORIGIN: headers.get("origin") == UNKNOWN,
        }
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            if not self.sends_bodies:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Told(sent[0]["status"], answered, sent[1]["body"])

    async def event(self, method: str, target: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
        """The event that a request of Ada's becomes."""
        await self.ask(method, target, body, **{"authorization": _token(), **headers})
        return self.functions.events[-1]


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    return Laptop(tmp_path)


@pytest.mark.parametrize(
    ("method", "path", "route", "parameters"),
    [
        ("GET", "/things/own", "GET /things/own", None),
        ("GET", "/things/1", "GET /things/{id}", {"id": "1"}),
        ("GET", "/things/a%2Fb%20c", "GET /things/{id}", {"id": "a/b c"}),
        ("PATCH", "/things/own", "ANY /things/{id}", {"id": "own"}),
        ("GET", "/files/a/b", "GET /files/{path+}", {"path": "a/b"}),
    ],
)
async def test_the_most_specific_route_is_taken(
    laptop: Laptop, method: str, path: str, route: str, parameters: Any
) -> None:
    event = await laptop.event(method, path)
    assert (event["routeKey"], event["requestContext"]["routeKey"]) == (route, route)
    assert event.get("pathParameters") == parameters


@pytest.mark.parametrize("path", ["/", "/things", "/things/", "/things/1/2", "/open"])
async def test_what_has_no_route_is_not_found(laptop: Laptop, path: str) -> None:
    response = await laptop.ask("GET", path)
    assert (response.status, json.loads(response.body)) == (404, {"message": "Not Found"})
    assert laptop.functions.events == []


async def test_the_default_route_takes_the_rest(tmp_path: Path) -> None:
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Default"] = _route("$default")
    laptop = Laptop(tmp_path, template)
    assert (await laptop.event("GET", "/nowhere"))["routeKey"] == "$default"
    assert (await laptop.event("GET", "/things/1"))["routeKey"] == "GET /things/{id}"


async def test_an_event_holds_what_payload_version_2_promises(laptop: Laptop) -> None:
    event = await laptop.event(
        "GET", "/things/a%20b?x=1&x=2&y=a+b%26&empty=", host="api.example:1", user_agent="tests", cookie="a=1; b=2"
    )
    assert (event["version"], event["rawPath"]) == ("2.0", "/things/a b")
    assert event["rawQueryString"] == "x=1&x=2&y=a+b%26&empty="
    assert event["queryStringParameters"] == {"x": "1,2", "y": "a b&", "empty": ""}
    assert event["cookies"] == ["a=1", "b=2"]
    assert set(event["headers"]) == {"authorization", "host", "user-agent"}
    context = event["requestContext"]
    assert (context["stage"], context["domainName"], context["domainPrefix"]) == ("$default", "api.example:1", "api")
    assert context["http"] == {
        "method": "GET",
        "path": "/things/a b",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "tests",
    }
    assert (event["isBase64Encoded"], "body" in event) == (False, False)


@pytest.mark.parametrize(
    ("kind", "encoded"),
    [
        ("application/json", False),
        ("application/problem+json; charset=utf-8", False),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", True),
        ("image/png", True),
    ],
)
async def test_bodies_that_are_not_known_as_text_go_encoded(laptop: Laptop, kind: str, encoded: bool) -> None:
    event = await laptop.event("POST", "/open", b"{}", content_type=kind)
    assert (event["body"], event["isBase64Encoded"]) == (base64.b64encode(b"{}").decode() if encoded else "{}", encoded)


async def test_claims_are_handed_on_as_texts(laptop: Laptop) -> None:
    token = _token(email_verified=True, groups=["students", "staff"])
    event = await laptop.event("GET", "/things/1", authorization=f"Bearer {token}")
    assert event["requestContext"]["authorizer"]["jwt"]["claims"] == {
        "sub": "ada",
        "iss": ISSUER,
        "client_id": "app",
        "exp": str(NOW + 60),
        "iat": str(NOW - 60),
        "groups": "[students staff]",
        "email_verified": "true",
    }


async def test_an_id_token_is_good_for_its_audience_too(laptop: Laptop) -> None:
    assert await laptop.event("GET", "/things/1", authorization=_token(aud="app", client_id="another"))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        "Bearer ",
        "Basic YTpi",
        _token(ANOTHER_KEY),
        _token(key_id="2"),
        _token(iss="https://elsewhere.example"),
        _token(client_id="another"),
        _token(aud="another"),
        _token(exp=NOW),
        _token(exp=None),
        _token(exp="tomorrow"),
        _token(nbf=NOW + 1),
        _token(iat=NOW + 1),
        jwt.encode(CLAIMS, "a secret that everybody could know", "HS256", headers={"kid": "1"}),
        jwt.encode(CLAIMS, "", "none", headers={"kid": "1"}),
    ],
)
async def test_an_invalid_token_is_rejected_and_nothing_runs(laptop: Laptop, token: str) -> None:
    response = await laptop.ask("GET", "/things/1", authorization=token)
    assert (response.status, json.loads(response.body)) == (401, {"message": "Unauthorized"})
    assert response.headers["www-authenticate"].startswith("Bearer ")
    assert laptop.functions.events == []


async def test_several_tokens_are_rejected_and_nothing_runs(laptop: Laptop) -> None:
    both = {"authorization": _token(), "Authorization": _token()}
    assert (await laptop.ask("GET", "/things/1", b"", **both)).status == 401
    assert laptop.functions.events == []


async def test_no_token_is_refused_unless_the_function_takes_guests(laptop: Laptop, tmp_path: Path) -> None:
    assert (await laptop.ask("GET", "/things/1")).status == 401
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Serve"]["Properties"] = {"Environment": {"Variables": {"GUEST": "allowed"}}}
    open_to_guests = Laptop(tmp_path, template)
    assert (await open_to_guests.ask("GET", "/things/1")).status == 200
    assert "authorizer" not in open_to_guests.functions.events[0]["requestContext"]
    assert (await open_to_guests.ask("GET", "/things/1", authorization="nonsense")).status == 401


async def test_an_answer_is_passed_on(laptop: Laptop) -> None:
    body = base64.b64encode(b"\x00\xff").decode()
    headers = {"X-Told": "yes", "Content-Length": "9"}
    laptop.functions.answer = {"statusCode": 201, "headers": headers, "body": body, "isBase64Encoded": True}
    response = await laptop.ask("POST", "/open")
    assert (response.status, response.headers, response.body) == (
        201,
        {"x-told": "yes", "content-length": "2"},
        b"\x00\xff",
    )


async def test_a_value_without_a_status_is_an_answer_too(laptop: Laptop) -> None:
    laptop.functions.answer = {"a": 1}
    response = await laptop.ask("POST", "/open")
    assert (response.status, response.body) == (200, b'{"a": 1}')


@pytest.mark.parametrize(
    "answer",
    [
        FunctionError("KeyError", "secret"),
        {"statusCode": "200"},
        {"statusCode": 0},
        {"statusCode": 200, "body": {"not": "a text"}},
        {"statusCode": 200, "body": "?", "isBase64Encoded": True},
    ],
)
async def test_a_failing_function_reveals_nothing(laptop: Laptop, answer: Any) -> None:
    laptop.functions.answer = answer
    response = await laptop.ask("POST", "/open")
    assert (response.status, json.loads(response.body)) == (500, {"message": "Internal Server Error"})


async def test_other_origins_may_do_what_the_template_says(laptop: Laptop) -> None:
    preflight = await laptop.ask(
        "OPTIONS", "/things/1", origin="http://page.example", access_control_request_method="GET"
    )
    assert (preflight.status, preflight.headers) == (
        204,
        {
            "access-control-allow-origin": "*",
            "access-control-allow-methods": "GET",
            "access-control-max-age": "5",
        },
    )
    refused = await laptop.ask("GET", "/things/1", origin="http://page.example")
    assert (refused.status, refused.headers["access-control-allow-origin"]) == (401, "*")
    assert "access-control-allow-origin" not in (await laptop.ask("POST", "/open")).headers


async def test_an_origin_that_is_not_listed_may_do_nothing(tmp_path: Path) -> None:
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Api"]["Properties"]["CorsConfiguration"]["AllowOrigins"] = ["http://page.example"]
    laptop = Laptop(tmp_path, template)
    response = {
        origin: (await laptop.ask("POST", "/open", origin=origin)).headers for origin in ("http://page.example", "x")
    }
    assert response["http://page.example"]["access-control-allow-origin"] == "http://page.example"
    assert "access-control-allow-origin" not in response["x"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/open", {}, 403),
        ("POST", "/open", {"x_api_key": "da2-guessed"}, 403),
        ("POST", "/open", {"x_api_key": ""}, 403),
        ("POST", "/open", {"authorization": "Bearer whatever"}, 403),
        ("POST", "/open", {"x_api_key": API_KEY}, 200),
        ("GET", "/things/1", {}, 403),
        ("GET", "/things/1", {"authorization": "Bearer whatever"}, 401),
        ("GET", "/things/1", {"authorization": _token()}, 200),
        ("GET", "/docs/swagger-ui.css", {}, 403),
        ("GET", "/nothing", {}, 403),
    ],
)
async def test_a_page_of_an_unknown_origin_needs_a_token_or_the_key(
    laptop: Laptop, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    response = await laptop.ask(method, path, b"", origin=UNKNOWN, **headers)
    assert response.status == status
    assert bool(laptop.functions.events) is (status == 200)


async def test_such_a_page_may_ask_whether_it_may_send_the_key(laptop: Laptop) -> None:
    laptop.api.cors.preflight["access-control-allow-headers"] = "authorization"  # type: ignore[index, union-attr]
    preflight = {"origin": UNKNOWN, "access_control_request_method": "GET"}
    response = await laptop.ask("OPTIONS", "/things/1", b"", **preflight)
    assert response.headers["access-control-allow-headers"] == "authorization,x-api-key"


async def test_a_body_larger_than_ten_megabytes_is_refused(laptop: Laptop) -> None:
    assert (await laptop.ask("POST", "/open", bytes(10 * 1024 * 1024 + 1))).status == 413
    assert laptop.functions.events == []


async def test_the_files_of_the_swagger_page_come_from_the_installed_package(laptop: Laptop, tmp_path: Path) -> None:
    (tmp_path / "swagger-ui.css").write_text("a {}")
    (tmp_path / "package.json").write_text("{}")
    response = await laptop.ask("GET", "/docs/swagger-ui.css")
    assert (response.status, response.body, response.headers["content-type"]) == (
        200,
        b"a {}",
        "text/css; charset=utf-8",
    )
    for path in ("/docs/swagger-ui-bundle.js", "/docs/package.json", "/docs/../package.json"):
        assert (await laptop.ask("GET", path)).status == 404


@pytest.mark.parametrize(
    ("resource", "property_", "value"),
    [
        ("Call", "PayloadFormatVersion", "1.0"),
        ("Call", "IntegrationType", "HTTP_PROXY"),
        ("Show", "AuthorizationType", "AWS_IAM"),
        ("Show", "AuthorizationScopes", ["email"]),
        ("Users", "AuthorizerType", "REQUEST"),
        ("Users", "IdentitySource", ["$request.querystring.token"]),
        ("Open", "Target", "integrations/x"),
    ],
)
def test_unsupported_features_are_rejected_at_the_start(resource: str, property_: str, value: Any) -> None:
    template = copy.deepcopy(TEMPLATE)
    template["Resources"][resource]["Properties"][property_] = value
    with pytest.raises(UnsupportedFeatureError):
        HttpApi.from_template(template, lambda node: node, "api1", "0" * 12)
