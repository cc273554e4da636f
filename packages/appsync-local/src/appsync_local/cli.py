"""The command `appsync-local`."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import secrets
import signal
import socket
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appsync_local.app import create_app
from appsync_local.auth.oidc_discovery import OidcJwksCache
from appsync_local.errors import UnsupportedFeatureError
from appsync_local.protocols import DenyAll
from appsync_local.schema.schema_file import SchemaFile
from appsync_local.template.auth_providers import AuthorizationType
from appsync_local.template.definition import ApiDefinition
from appsync_local.template.loading import load_template
from appsync_local.template.references import LocalReferences
from appsync_local.transport.uvicorn import make_server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appsync_local.execution.in_process import Handler
    from appsync_local.transport.origin import OriginGuard

_LOOPBACK = "127.0.0.1"


class _UsageError(Exception):
    """The input cannot be served; the message is for the user."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        The exit status: 0 after SIGINT or SIGTERM, 1 when the API cannot be served.
    """
    options = _parser().parse_args(arguments)
    try:
        app, definition = _make_app(options)
        listening = socket.create_server((_LOOPBACK, options.port), backlog=2048)
    except (UnsupportedFeatureError, _UsageError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    with listening:
        _print_access(f"http://{_LOOPBACK}:{listening.getsockname()[1]}/graphql", definition, options.api_key)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(app, listening))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="appsync-local", description="AWS AppSync emulated on this machine.")
    serve = parser.add_subparsers(required=True, metavar="command").add_parser(
        "serve",
        help="serve the API of a template",
        description="Serve the API of a compiled CloudFormation template on 127.0.0.1, with functions in this process.",
    )
    add = serve.add_argument
    add("--template", type=Path, required=True, metavar="FILE", help="the compiled template, JSON or YAML")
    add(
        "--schema",
        type=Path,
        metavar="FILE",
        help="the schema, when the template does not hold it; live when it changes",
    )
    add(
        "--function", action="append", default=[], type=_pair, metavar="NAME=MODULE:HANDLER",
        help="the handler of a function, by its logical id; modules are found from the current folder",
    )  # fmt: skip
    add("--port", type=int, default=4000, help="0 for any free one (default: %(default)s)")
    add("--api-key", default=f"da2-{secrets.token_hex(13)}", metavar="KEY", help="default: a new one for each run")
    add("--allowed-origin", action="append", default=[], metavar="ORIGIN", help="of web pages that may call")
    add(
        "--value", action="append", default=[], type=_pair, metavar="NAME=VALUE",
        help="what a Ref (UserPool=eu-central-1_abc) or an Fn::GetAtt (Table.Arn=...) of the template stands for",
    )  # fmt: skip
    add("--region", default="us-east-1", help="for ARNs and user pools (default: %(default)s)")
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not (name and separator and value):
        raise argparse.ArgumentTypeError(f"{text!r} has not the form NAME=VALUE")
    return name, value


def _make_app(options: argparse.Namespace) -> tuple[OriginGuard, ApiDefinition]:
    definition = ApiDefinition.from_template(
        load_template(options.template),
        LocalReferences(options.api_key, dict(options.value)),
        api_id="local",
        region=options.region,
        account_id="000000000000",
    )
    app = create_app(
        definition,
        schema=options.schema.read_text(encoding="utf-8") if options.schema else None,
        schema_file=SchemaFile(options.schema, _say) if options.schema else None,
        functions={name: _import_handler(target) for name, target in options.function},
        iam=DenyAll(),
        signing_keys=OidcJwksCache(_fetch_json),
        allowed_origins=options.allowed_origin,
    )
    return app, definition


def _say(message: str) -> None:
    print(message, flush=True)


def _import_handler(target: str) -> Handler:
    module_name, _, name = target.partition(":")
    sys.path[:] = ["", *(entry for entry in sys.path if entry)]
    try:
        handler: Any = getattr(importlib.import_module(module_name), name)
    except (ImportError, AttributeError) as error:
        raise _UsageError(f"The handler {target} cannot be imported: {error}.") from error
    if not callable(handler):
        raise _UsageError(f"The handler {target} is not callable.")
    return handler  # type: ignore[no-any-return]


async def _fetch_json(url: str) -> dict[str, Any]:
    def fetch() -> dict[str, Any]:
        if not url.startswith("https://"):
            raise ValueError(f"{url} is no https address.")
        with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310
            fetched: dict[str, Any] = json.load(response)
            return fetched

    return await asyncio.to_thread(fetch)


def _print_access(url: str, definition: ApiDefinition, api_key: str) -> None:
    print(f"GraphQL    {url} (subscriptions: {url.replace('http', 'ws', 1)})")
    types = definition.authorization_types
    if AuthorizationType.API_KEY in types:
        print(f"API key    {api_key}")
    if AuthorizationType.IAM in types:
        print("AWS_IAM    not available here: signed requests are denied")
    sys.stdout.flush()


def _loop_factory() -> Any:
    try:
        return importlib.import_module("uvloop").new_event_loop
    except ImportError:
        return None


async def _serve(app: OriginGuard, listening: socket.socket) -> None:
    server = make_server(app)

    def stop() -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await server.serve(sockets=[listening])
