"""Both APIs in this process: the emulated AppSync and HTTP API of the compiled template, the real functions, moto."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from appsync_local import ApiDefinition, create_app
from appsync_local.protocols import FunctionError
from appsync_local.template.definition import ApiKey

from local.http_api.app import HttpApiApp
from local.http_api.definition import HttpApi
from local.references import References
from local.settings import CHECKOUT
from local.template_transform import EmulatedApiValues
from resolvers import (
    find_students,
    follow_calendars,
    manage_dead_letters,
    observe_pipeline,
    read_tasks,
    write_tasks,
)
from taskbell import bootstrap
from taskbell.rest import app as rest
from taskbell.rest import calendar
from tests.integration.access.callers import (
    ACCOUNT,
    API_KEY,
    CLIENT,
    EXPIRED_KEY,
    POOL,
    REGION,
    Headers,
    PoolKeys,
    Roles,
)
from tests.support.lambdas import CONTEXT

HANDLERS: Mapping[str, Any] = {
    "ReadTasksLambdaFunction": read_tasks.handler,
    "WriteTasksLambdaFunction": write_tasks.handler,
    "ManageDeadLettersLambdaFunction": manage_dead_letters.handler,
    "ObservePipelineLambdaFunction": observe_pipeline.handler,
    "FollowCalendarsLambdaFunction": follow_calendars.handler,
    "FindStudentsLambdaFunction": find_students.handler,
    "ServeRestLambdaFunction": rest.handler,
    "ServeCalendarLambdaFunction": calendar.handler,
}
_VALUES = EmulatedApiValues(
    "api", "http://127.0.0.1:9/graphql", "ws://127.0.0.1:9/graphql", API_KEY, REGION, ACCOUNT, "http://127.0.0.1:9"
)
_PARTITION = re.compile(r"OWNER#([^\"]+)")
_DIFFERENT = {
    re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"): "<instant>",
    re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"): "<id>",
    re.compile(r'"undo":"[\w-]+"'): '"undo":"<token>"',
    re.compile(r"(?<=/calendar/)[\w-]{43}"): "<secret>",
    re.compile(r'"rank":"h\w+"'): '"rank":"<of the time>"',
}


@dataclass(frozen=True)
class Answer:
    """What a caller got."""

    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text) if self.text else None

    def normalized(self, replaced: Mapping[str, str]) -> tuple[int, str]:
        """The answer without what differs between two requests at different times, with other values replaced."""
        text = self.text
        for value, by in replaced.items():
            text = text.replace(value, by)
        for pattern, name in _DIFFERENT.items():
            text = pattern.sub(name, text)
        return self.status, text


@dataclass
class Recorder:
    """The functions, run one at a time in this thread; what was invoked, each call of AWS, and whose items it named."""

    invoked: list[str] = field(default_factory=list)
    aws_calls: list[str] = field(default_factory=list)
    owners: set[str] = field(default_factory=set)

    async def invoke(self, function: str, event: object) -> object:
        self.invoked.append(function)
        try:
            return json.loads(json.dumps(HANDLERS[function](json.loads(json.dumps(event)), CONTEXT)))
        except Exception as error:
            raise FunctionError(type(error).__name__, str(error)) from error

    def watch(self) -> None:
        """Record the calls of all clients that the functions will make."""
        bootstrap.session().events.register("before-call", self._called)

    def _called(self, model: Any, params: Any, **_: Any) -> None:
        self.aws_calls.append(f"{model.service_model.service_name}:{model.name}")
        self.owners.update(_PARTITION.findall(params["body"].decode()))

    def clear(self) -> None:
        self.invoked.clear()
        self.aws_calls.clear()
        self.owners.clear()


class Apis:
    """Both APIs; `cloud` is the HTTP API of a stage without guests."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        resolve = References(template, {"UserPool": POOL, "UserPoolClient": CLIENT}, _VALUES).resolve
        definition = ApiDefinition.from_template(template, resolve, api_id="api", region=REGION, account_id=ACCOUNT)
        keys = (ApiKey(API_KEY, None), ApiKey(EXPIRED_KEY, 1.0))
        self.recorder = Recorder()
        self.definition = definition
        self.graphql_app = create_app(
            replace(definition, api_keys=keys),
            functions=self.recorder,
            iam=Roles(template, resolve),
            signing_keys=PoolKeys(),
        )
        self.http_api = HttpApi.from_template(template, resolve, "api", ACCOUNT)
        routes = tuple(replace(route, guests=False) for route in self.http_api.routes)
        self._local = self._http_app(self.http_api)
        self._cloud = self._http_app(replace(self.http_api, routes=routes))

    def _http_app(self, api: HttpApi) -> HttpApiApp:
        return HttpApiApp(api, self.recorder, PoolKeys(), CHECKOUT / "node_modules/swagger-ui-dist", api_key=API_KEY)

    async def graphql(self, document: str, variables: Mapping[str, Any], headers: Headers) -> Answer:
        """Send a query or a mutation over HTTP."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        return await _ask(self.graphql_app, ("POST", "/graphql", ""), headers, body)

    async def rest(
        self,
        route: str,
        headers: Headers,
        *,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
        cloud: bool = False,
    ) -> Answer:
        """Send a request to a route (`METHOD /path/{name}`)."""
        method, _, pattern = route.partition(" ")
        for name, value in (path or {}).items():
            pattern = pattern.replace(f"{{{name}}}", quote(str(value), safe=""))
        sent = b"" if body is None else json.dumps(body).encode()
        app = self._cloud if cloud else self._local
        return await _ask(app, (method, pattern, urlencode(query or {})), headers, sent)


async def _ask(app: Any, target: tuple[str, str, str], headers: Headers, body: bytes) -> Answer:
    method, path, query = target
    listed: Sequence[tuple[str, str]] = [("host", "127.0.0.1"), *headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "client": ("127.0.0.1", 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in listed],
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    text = orjson.dumps(orjson.loads(sent[1]["body"])).decode() if sent[1]["body"] else ""
    return Answer(sent[0]["status"], text)
