"""Python's gql with AppSync's three authorization types, over HTTP and over the real-time protocol."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from appsync_local.schema.sdl import read_schema
from botocore.credentials import Credentials
from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncIAMAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.exceptions import TransportQueryError, TransportServerError
from graphql import (
    GraphQLError,
    build_schema,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_required_input_field,
)

from local.ministack import boto3_arguments
from local.settings import CHECKOUT
from tests.e2e.following import AcknowledgedTransport
from tests.support.local_system import LocalSystem

PATIENCE = 30
FIELDS = "taskId ownerId type status cursor"
FOLLOW = gql(f"subscription ($ownerId: ID!) {{ onTaskEvent(ownerId: $ownerId) {{ {FIELDS} }} }}")
PUBLISH = gql(f"mutation ($event: TaskEventPayloadInput!) {{ publishTaskEvent(event: $event) {{ {FIELDS} }} }}")
VIEWER = gql("{ viewer { ownerId } }")
NOW = "2030-01-01T00:00:00.000Z"


@pytest.fixture(scope="module")
def signer(system: LocalSystem) -> Credentials:
    """An IAM user who may publish, and nothing else."""
    iam = boto3.client("iam", **boto3_arguments(system.settings))
    iam.create_user(UserName="gql")
    field = "arn:aws:appsync:eu-central-1:000000000000:apis/taskbelllocal/types/Mutation/fields/publishTaskEvent"
    allowed = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": field}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName="gql", PolicyName="publish", PolicyDocument=policy)
    key = iam.create_access_key(UserName="gql")["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


@pytest.fixture
def shown(request: pytest.FixtureRequest, system: LocalSystem, signer: Credentials) -> AppSyncAuthentication:
    """What a client shows: an API key, a token of the pool, or a signature."""
    host = urlsplit(system.connection["graphqlUrl"]).netloc
    if request.param == "IAM":
        return AppSyncIAMAuthentication(host, credentials=signer, region_name=system.settings.region)
    if request.param == "JWT":
        return AppSyncJWTAuthentication(host, system.token("ada"))
    return AppSyncApiKeyAuthentication(host, system.connection["apiKey"])


@asynccontextmanager
async def over_http(system: LocalSystem, auth: AppSyncAuthentication) -> AsyncIterator[AsyncClientSession]:
    async with Client(transport=AIOHTTPTransport(system.connection["graphqlUrl"], auth=auth)) as session:
        yield session


def example(kind: Any) -> Any:
    """A value of an input type, with whatever the schema requires today."""
    kind = get_nullable_type(kind)
    if is_list_type(kind):
        return []
    if is_enum_type(kind):
        return next(iter(kind.values))
    if is_input_object_type(kind):
        return {name: example(field.type) for name, field in kind.fields.items() if is_required_input_field(field)}
    return {"Int": 1, "Boolean": False, "AWSDate": NOW[:10], "AWSDateTime": NOW}.get(kind.name, "t")


def example_push(owner: str) -> dict[str, Any]:
    schema = read_schema((CHECKOUT / "schema.graphql").read_text(encoding="utf-8"))
    return {**example(schema.type_map["TaskEventPayloadInput"]), "ownerId": owner}


@pytest.mark.parametrize("shown", ["API key", "JWT"], indirect=True)
async def test_a_reader_asks_over_http_and_is_pushed_what_a_signer_publishes(
    system: LocalSystem, shown: AppSyncAuthentication, signer: Credentials
) -> None:
    host = urlsplit(system.connection["graphqlUrl"]).netloc
    signature = AppSyncIAMAuthentication(host, credentials=signer, region_name=system.settings.region)
    transport = AcknowledgedTransport(system.connection["realtimeUrl"], shown)
    async with (
        asyncio.timeout(PATIENCE),
        over_http(system, shown) as reader,
        over_http(system, signature) as publisher,
        Client(transport=transport) as live,
    ):
        owner = (await reader.execute(VIEWER))["viewer"]["ownerId"]
        pushes = live.subscribe(GraphQLRequest(FOLLOW, variable_values={"ownerId": owner}))
        first = asyncio.ensure_future(anext(pushes))
        await transport.acknowledged.wait()
        event = example_push(owner)
        published = await publisher.execute(GraphQLRequest(PUBLISH, variable_values={"event": event}))
        expected = {name: event[name] for name in FIELDS.split()}
        assert published == {"publishTaskEvent": expected}
        assert (await first) == {"onTaskEvent": expected}
        await pushes.aclose()


@pytest.mark.parametrize("shown", ["IAM"], indirect=True)
async def test_a_signer_connects_and_is_denied_each_field_that_is_not_for_signers(
    system: LocalSystem, shown: AppSyncAuthentication
) -> None:
    async with asyncio.timeout(PATIENCE), over_http(system, shown) as caller:
        with pytest.raises(TransportQueryError, match="Not Authorized to access viewer on type Query"):
            await caller.execute(VIEWER)
    transport = AcknowledgedTransport(system.connection["realtimeUrl"], shown)
    async with asyncio.timeout(PATIENCE), Client(transport=transport) as live:
        pushes = live.subscribe(GraphQLRequest(FOLLOW, variable_values={"ownerId": "guest"}))
        with pytest.raises(TransportQueryError, match="Not Authorized to access onTaskEvent on type Subscription"):
            await anext(pushes)
        await pushes.aclose()


async def test_a_stranger_is_shown_out_on_both_roads(system: LocalSystem) -> None:
    host = urlsplit(system.connection["graphqlUrl"]).netloc
    wrong = AppSyncApiKeyAuthentication(host, "da2-guessed")
    async with asyncio.timeout(PATIENCE), over_http(system, wrong) as caller:
        with pytest.raises(TransportQueryError, match="UnauthorizedException"):
            await caller.execute(VIEWER)
    transport = AcknowledgedTransport(system.connection["realtimeUrl"], wrong)
    with pytest.raises(TransportServerError, match="not authorized"):
        async with asyncio.timeout(PATIENCE), Client(transport=transport):
            pass


@pytest.mark.parametrize(
    "chosen", [["--headers", "x-api-key:{apiKey}"], ["--transport", "appsync_http", "--api-key", "{apiKey}"]]
)
def test_gqls_command_prints_the_schema_by_its_defaults(memory: dict[str, str], chosen: list[str]) -> None:
    command = [str(Path(sys.executable).with_name("gql-cli")), memory["url"], "--print-schema"]
    done = subprocess.run(
        [*command, *(argument.format(**memory) for argument in chosen)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "getTask" in build_schema(done.stdout).type_map["Query"].fields  # type: ignore[attr-defined]


async def test_gql_checks_queries_against_the_schema_that_it_fetches(system: LocalSystem) -> None:
    auth = AppSyncApiKeyAuthentication(urlsplit(system.connection["graphqlUrl"]).netloc, system.connection["apiKey"])
    transport = AIOHTTPTransport(system.connection["graphqlUrl"], auth=auth)
    async with asyncio.timeout(PATIENCE), Client(transport=transport, fetch_schema_from_transport=True) as session:
        assert (await session.execute(VIEWER))["viewer"]["ownerId"] == "guest"
        with pytest.raises(GraphQLError, match="Cannot query field 'nothing'"):
            await session.execute(gql("{ viewer { nothing } }"))
