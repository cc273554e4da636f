"""The HTTP API as the compiled template defines it: routes, functions, authorizers and CORS."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

Properties = Mapping[str, Any]
Resolve = Callable[[object], object]


class UnsupportedFeatureError(Exception):
    """The template uses an unsupported feature of API Gateway, which the message names."""


@dataclass(frozen=True)
class Authorizer:
    """A JWT authorizer: the issuer and the audience of the tokens that it accepts."""

    issuer: str
    audience: frozenset[str]


@dataclass(frozen=True)
class Cors:
    """CORS headers; a preflight's response has more of them than a request's."""

    origins: tuple[str, ...]
    preflight: Mapping[str, str]
    request: Mapping[str, str]

    def origin_header(self, origin: str) -> str | None:
        """The origin to allow; None if it is not allowed."""
        if "*" in self.origins:
            return "*"
        return origin if origin in self.origins else None


@dataclass(frozen=True)
class Throttle:
    """Requests a second of each route, and how many may come at once (a token bucket)."""

    rate: float
    burst: int


@dataclass(frozen=True)
class Route:
    """A route; `function` is a logical id. `guests`: requests without a token pass the authorizer (only locally)."""

    key: str
    function: str
    authorizer: Authorizer | None
    guests: bool = False

    @property
    def method(self) -> str:
        return self.key.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.key.partition(" ")[2]

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The path's parameters, decoded; None when the request is not for this route. `path` is not decoded."""
        if self.key == "$default":
            return {}
        if self.method not in {method, "ANY"}:
            return None
        found = self._pattern.fullmatch(path)
        return {name: unquote(value) for name, value in found.groupdict().items()} if found else None

    @property
    def rank(self) -> tuple[bool, bool, int, bool]:
        """Smaller is more specific. Source: API Gateway Developer Guide, "Create routes for HTTP APIs"."""
        return self.key == "$default", "+}" in self.path, self.path.count("{"), self.method == "ANY"

    @property
    def _pattern(self) -> re.Pattern[str]:
        steps = re.split(r"\{(\w+)(\+?)\}", self.path)
        pattern = re.escape(steps[0])
        for name, greedy, text in zip(steps[1::3], steps[2::3], steps[3::3], strict=True):
            pattern += f"(?P<{name}>{'.+' if greedy else '[^/]+'}){re.escape(text)}"
        return re.compile(pattern)


@dataclass(frozen=True)
class HttpApi:
    """An HTTP API."""

    id: str
    account: str
    routes: tuple[Route, ...]
    cors: Cors | None = field(default=None)
    throttle: Throttle | None = None

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The most specific route of a request, with the path's parameters."""
        for route in self.routes:
            parameters = route.match(method, path)
            if parameters is not None:
                return route, parameters
        return None

    @classmethod
    def from_template(cls, template: Mapping[str, Any], resolve: Resolve, api_id: str, account: str) -> "HttpApi":
        """The template's only HTTP API. Raises UnsupportedFeatureError for what would not behave as in the cloud."""
        resources = template["Resources"]
        apis = _of_type(resources, "Api")
        if len(apis) != 1:
            raise UnsupportedFeatureError(f"The template has {len(apis)} HTTP APIs, and the local system emulates one.")
        (api,) = apis.values()
        routes = [_route(name, resources, resolve) for name in _of_type(resources, "Route")]
        cors = api.get("CorsConfiguration")
        ranked = tuple(sorted(routes, key=lambda route: route.rank))
        return cls(api_id, account, ranked, _cors(cors) if cors else None, _throttle(_of_type(resources, "Stage")))


def _of_type(resources: Mapping[str, Any], type_: str) -> dict[str, Properties]:
    wanted = f"AWS::ApiGatewayV2::{type_}"
    return {name: found["Properties"] for name, found in resources.items() if found["Type"] == wanted}


def _route(name: str, resources: Mapping[str, Any], resolve: Resolve) -> Route:
    route = resources[name]["Properties"]
    match route["Target"]:
        case {"Fn::Join": ["/", ["integrations", {"Ref": str(integration)}]]}:
            function = _function(integration, resources[integration]["Properties"])
        case other:
            raise UnsupportedFeatureError(f"{name}: its target is {other}.")
    type_ = route.get("AuthorizationType", "NONE")
    if type_ not in {"NONE", "JWT"} or route.get("AuthorizationScopes") or route.get("RequestParameters"):
        raise UnsupportedFeatureError(
            f"{name}: only JWT authorizers without scopes or parameter mapping are supported."
        )
    authorizer = _authorizer(resources[route["AuthorizerId"]["Ref"]]["Properties"], resolve) if type_ == "JWT" else None
    variables = resources[function]["Properties"].get("Environment", {}).get("Variables", {})
    return Route(route["RouteKey"], function, authorizer, guests=variables.get("GUEST") == "allowed")


def _function(name: str, integration: Properties) -> str:
    match integration:
        case {
            "IntegrationType": "AWS_PROXY",
            "PayloadFormatVersion": "2.0",
            "IntegrationUri": {"Fn::GetAtt": [str(function), "Arn"]},
        }:
            return function
    raise UnsupportedFeatureError(f"{name}: only functions with payload 2.0 are supported.")


def _authorizer(properties: Properties, resolve: Resolve) -> Authorizer:
    if properties["AuthorizerType"] != "JWT" or properties["IdentitySource"] != ["$request.header.Authorization"]:
        raise UnsupportedFeatureError(f"{properties['Name']}: a JWT authorizer must read the header Authorization.")
    settings: Any = resolve(properties["JwtConfiguration"])
    return Authorizer(settings["Issuer"], frozenset(settings["Audience"]))


def _throttle(stages: Mapping[str, Properties]) -> Throttle | None:
    for name, stage in stages.items():
        if stage.get("RouteSettings"):
            raise UnsupportedFeatureError(f"{name}: only DefaultRouteSettings are supported.")
        settings = stage.get("DefaultRouteSettings", {})
        if "ThrottlingRateLimit" in settings:
            return Throttle(settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"])
    return None


def _cors(properties: Properties) -> Cors:
    names = {
        "AllowMethods": "access-control-allow-methods",
        "AllowHeaders": "access-control-allow-headers",
        "MaxAge": "access-control-max-age",
    }
    preflight = {header: _listed(properties[name]) for name, header in names.items() if name in properties}
    exposed = properties.get("ExposeHeaders")
    request = {"access-control-expose-headers": _listed(exposed)} if exposed else {}
    return Cors(tuple(properties.get("AllowOrigins", ())), preflight, request)


def _listed(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
