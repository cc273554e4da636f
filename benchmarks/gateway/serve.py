"""The local AppSync with an in-memory function, for benchmarks and for tests with other people's clients.

    python -m benchmarks.gateway.serve [--tls FOLDER]

prints one line of JSON when it listens: {"url", "apiKey"}, and with --tls also {"tlsUrl", "authority"}.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvloop
from appsync_local import ApiDefinition, create_app
from appsync_local.protocols import DenyAll
from appsync_local.transport.uvicorn import make_server

if TYPE_CHECKING:
    pass

API_KEY = "da2-benchmark"
HERE = Path(__file__).resolve().parent
TASK = {
    "ownerId": "guest",
    "description": "Chapters four to six, with the exercises",
    "status": "PENDING",
    "createdAt": "2027-01-15T18:00:00.000Z",
    "version": 1,
    "processing": {"state": "QUEUED", "step": None},
}


class MemoryFunctions:
    """The function of the API: makes tasks out of nothing, and keeps none."""

    async def invoke(self, function: str, event: Any) -> object:  # noqa: ARG002
        """Answer getTask, createTask, and whether one may subscribe (always)."""
        field, arguments = event["info"]["fieldName"], event["arguments"]
        if field == "createTask":
            return {"labels": [], **TASK, **arguments["input"]}
        if field == "getTask":
            return {"labels": ["reading"], "title": "Read", **TASK, "id": arguments["id"]}
        return None


def template() -> dict[str, Any]:
    """Answer the compiled template of the API: every check that such an API can have is on."""
    source = {"Name": "tasks", "Type": "AWS_LAMBDA", "LambdaConfig": {"LambdaFunctionArn": _arn("Function")}}
    api = {
        "Name": "benchmark",
        "AuthenticationType": "API_KEY",
        "AdditionalAuthenticationProviders": [{"AuthenticationType": "AWS_IAM"}],
        "QueryDepthLimit": 75,
        "ResolverCountLimit": 1000,
    }
    resources = {
        "Function": {"Type": "AWS::Lambda::Function"},
        "Api": {"Type": "AWS::AppSync::GraphQLApi", "Properties": api},
        "Key": {"Type": "AWS::AppSync::ApiKey", "Properties": {"Expires": 4_000_000_000}},
        "Source": {"Type": "AWS::AppSync::DataSource", "Properties": source},
    }
    for kind, field in (("Query", "getTask"), ("Mutation", "createTask"), ("Subscription", "onCreateTask")):
        resolver = {"TypeName": kind, "FieldName": field, "DataSourceName": "tasks"}
        resources[field] = {"Type": "AWS::AppSync::Resolver", "Properties": resolver}
    return {"Resources": resources}


def _arn(name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, "Arn"]}


def make_app() -> Any:
    """Answer the ASGI application."""
    api = ApiDefinition.from_template(
        template(), lambda _reference: API_KEY, api_id="bench", region="eu-central-1", account_id="000000000000"
    )
    schema = (HERE / "schema.graphql").read_text(encoding="utf-8")
    return create_app(api, schema=schema, functions=MemoryFunctions(), iam=DenyAll(), signing_keys=DenyAll())


def listen() -> tuple[socket.socket, dict[str, Any]]:
    """Take a free port; answer it with what a client must know."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/graphql"
    return listening, {"url": url, "apiKey": API_KEY, "pid": os.getpid()}


async def serve(folder: Path | None) -> None:
    """Listen on free ports until cancelled."""
    app = make_app()
    plain, told = listen()
    servers = [make_server(app).serve(sockets=[plain])]
    if folder:
        from appsync_local.transport.tls import certificate  # noqa: PLC0415 - the benchmark does without cryptography

        made = certificate(folder)
        listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        told |= {"tlsUrl": f"https://localhost:{listening.getsockname()[1]}/graphql", "authority": str(made.authority)}
        servers.append(make_server(app, made).serve(sockets=[listening]))
    print(json.dumps(told), flush=True)
    await asyncio.gather(*servers)


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tls", type=Path, metavar="FOLDER")
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(parser.parse_args().tls))


if __name__ == "__main__":
    main()
