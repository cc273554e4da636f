"""Settings of the local system (ports, state folder, region), read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
RELOADED_PACKAGES = ("src/taskbell", "resolvers", "processors")
LOOPBACK = "127.0.0.1"


class InvalidSettingError(Exception):
    """An environment variable holds something that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """The settings of one running system; two systems need other ports and another state folder."""

    port: int = 4000
    aws_port: int = 4066
    state: Path = CHECKOUT / ".local"
    region: str = "eu-central-1"
    account: str = "000000000000"
    stage: str = "local"
    rest_port: int = 0  # 0: `port` + 1
    tls_port: int = 0  # 0: `port` + 2
    functions_port: int = 0  # where functions find AWS and the GraphQL API, for a proxy; 0: where these are
    allowed_origins: tuple[str, ...] = ()  # of web pages that may call, beside those of this machine

    def __post_init__(self) -> None:
        object.__setattr__(self, "rest_port", self.rest_port or self.port + 1)
        object.__setattr__(self, "tls_port", self.tls_port or self.port + 2)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read PORT (4000), REST_PORT (PORT + 1), TLS_PORT (+ 2), AWS_PORT (+ 66), TASKBELL_STATE (.local).

        ALLOWED_ORIGINS names origins of web pages with commas between them. FUNCTIONS_PORT is that of a proxy through
        which functions call AWS and the GraphQL API. Raises InvalidSettingError.
        """
        port = _port(environment, "PORT", cls.port)
        return cls(
            port=port,
            aws_port=_port(environment, "AWS_PORT", port + 66),
            rest_port=_port(environment, "REST_PORT", port + 1),
            tls_port=_port(environment, "TLS_PORT", port + 2),
            functions_port=_port(environment, "FUNCTIONS_PORT", 0) if environment.get("FUNCTIONS_PORT") else 0,
            state=CHECKOUT / environment.get("TASKBELL_STATE", ".local"),
            allowed_origins=_origins(environment.get("ALLOWED_ORIGINS", "")),
        )

    @property
    def aws_endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.aws_port}"

    @property
    def graphql_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/graphql"

    @property
    def functions_aws_endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.functions_port or self.aws_port}"

    @property
    def functions_graphql_url(self) -> str:
        return f"http://{LOOPBACK}:{self.functions_port or self.port}/graphql"

    @property
    def user_pool_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/cognito-idp"

    @property
    def tls_url(self) -> str:
        return f"https://localhost:{self.tls_port}/graphql"

    @property
    def rest_url(self) -> str:
        return f"http://{LOOPBACK}:{self.rest_port}"

    @property
    def tls(self) -> Path:
        return self.state / "tls"

    @property
    def logs(self) -> Path:
        return self.state / "logs"


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "") or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise InvalidSettingError(f"{name} is {text!r}; it must be a port from 1 to 65535.")
    return int(text)


def _origins(text: str) -> tuple[str, ...]:
    if not text.strip():
        return ()
    from appsync_local.transport.origin import parse_origin  # noqa: PLC0415 - functions import this module, and not the gateway

    try:
        return tuple(parse_origin(origin) for origin in text.split(",") if origin.strip())
    except ValueError as error:
        raise InvalidSettingError(f"ALLOWED_ORIGINS: {error}") from error
