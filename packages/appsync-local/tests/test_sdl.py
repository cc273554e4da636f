"""Schemas that AppSync would reject, and directives without effect, fail at the start."""

from __future__ import annotations

import pytest
from graphql import print_schema

from appsync_local import UnsupportedFeatureError, create_app
from appsync_local.schema.sdl import choose_schema, read_schema
from support.gateway import FakeFunctions, FakeIam, FakeKeys, Gateway
from support.sample_api import SCHEMA, definition, marked_with, template

POOLS_ONLY: dict[str, object] = {"AdditionalAuthenticationProviders": []}


def refused(schema: str, **properties: object) -> str:
    compiled = template()
    compiled["Resources"]["Api"]["Properties"] |= properties
    with pytest.raises(UnsupportedFeatureError) as refusal:
        Gateway(compiled=compiled, schema=schema)
    return refusal.value.feature


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('mutations: ["save"]) @aws_api_key', 'mutations: ["gone"]) @aws_api_key', "the mutation gone"),
        ("onOpen(id: ID): Task", "onOpen(id: ID): Locked", "whose type differs"),
        ("type Locked", "type Locked @unknown", "this schema, line "),
        ("parent: Task", "parent: Missing", "this schema, line "),
        ("type Query {", "type Query", "this schema, line "),
        ("enum Status", "scalar Money enum Status", "scalar Money: AppSync has its own"),
        ("enum Status", "scalar AWSDate enum Status", "scalar AWSDate: AppSync has its own"),
        ("enum Status", "type AWSTask { id: ID } enum Status", "type AWSTask: "),
        ("enum Status", "directive @mine on OBJECT enum Status", "directive @mine: "),
        ("enum Status", "interface A { a: ID } interface B implements A { a: ID } enum Status", "interface B: "),
        ("input TaskInput", "input TaskInput @oneOf", "@oneOf, which AppSync does not know"),
    ],
)
def test_a_schema_that_appsync_would_refuse_is_refused(before: str, after: str, named: str) -> None:
    assert named in refused(SCHEMA.replace(before, after))


def test_what_is_wrong_is_said_with_its_own_line() -> None:
    assert refused("type Query { a: Int }\n\nscalar Foo").startswith("this schema, line 3: scalar Foo")
    assert refused("type Query {\n  a: Missing\n}").startswith("this schema, line 2: Unknown type 'Missing'")
    assert refused("type Query {\n  a: Int\n").startswith("this schema, line 3: Syntax Error: Expected Name")


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("mine: Task", 'mine: Task @aws_auth(cognito_groups: ["admins"])', "@aws_auth on Query.mine: "),
        ("type Locked", 'type Locked @aws_auth(cognito_groups: ["admins"])', "@aws_auth on Locked: "),
        (
            "mine: Task",
            "mine: Task @aws_lambda",
            "@aws_lambda on Query.mine: AWS_LAMBDA is not among the API's authorization types",
        ),
        (
            "type Locked",
            "type Locked @aws_oidc",
            "@aws_oidc on Locked: OPENID_CONNECT is not among the API's authorization types",
        ),
        ("mine: Task", 'mine: Task @aws_subscribe(mutations: ["save"])', "@aws_subscribe on Query.mine: "),
        (
            "other(id: ID!): Task",
            'other(id: ID!): Task @aws_publish(subscriptions: ["onOpen"])',
            "@aws_publish on Mutation",
        ),
        ('mutations: ["publish", "save"]', "mutations: []", "@aws_subscribe on onTask without a mutation"),
        ('mutations: ["publish", "save"]', "mutations: null", "@aws_subscribe on onTask without a mutation"),
        ('(mutations: ["publish", "save"])', "", "@aws_subscribe on onTask without a mutation"),
        ('mutations: ["publish", "save"]', "mutations: [null]", "@aws_subscribe on onTask: the mutation None"),
    ],
)
def test_a_directive_that_would_have_no_effect_is_refused(before: str, after: str, named: str) -> None:
    assert refused(SCHEMA.replace(before, after)).startswith(named)


@pytest.mark.parametrize(("mark", "good"), [("@aws_iam", False), ("@aws_api_key", True), ("", True)])
def test_a_mark_on_an_interfaces_field_has_to_be_its_objects_too(mark: str, good: bool) -> None:
    named = f"interface Named {{ id: ID! {mark} }} type Locked implements Named"
    schema = SCHEMA.replace("type Locked { id: ID! }", f"{named} {{ id: ID! @aws_api_key }}")
    if good:
        Gateway(schema=schema)
    else:
        assert refused(schema).startswith("the directives on the interface's field Named.id: Locked.id has others")


def test_aws_auth_is_accepted_when_the_user_pool_is_the_only_mode() -> None:
    compiled = template()
    compiled["Resources"]["Api"]["Properties"] |= POOLS_ONLY
    schema = marked_with("aws_cognito_user_pools").replace("@aws_cognito_user_pools", "@aws_auth")
    assert "@aws_auth(" in schema
    Gateway(compiled=compiled, schema=schema)


@pytest.mark.parametrize(
    "arguments",
    ["gone: ID", "labels: String", "count: String", "extra: String", "status: Boolean", "title: [String]"],
)
def test_a_subscriptions_argument_that_can_never_match_is_refused(arguments: str) -> None:
    schema = SCHEMA.replace("onOpen(id: ID)", f"onOpen({arguments})")
    assert refused(schema).startswith(f"Subscription.onOpen({arguments.partition(':')[0]}:)")


@pytest.mark.parametrize("arguments", ["title: ID", "id: String!", "count: Float", "labels: [ID]", "status: String"])
def test_an_argument_that_can_match_is_accepted(arguments: str) -> None:
    Gateway(schema=SCHEMA.replace("onOpen(id: ID)", f"onOpen({arguments})"))


def test_only_the_directives_that_appsync_knows_are_shown() -> None:
    schema = read_schema(SCHEMA)
    names = {directive.name for directive in schema.directives}
    assert {"include", "skip", "deprecated", "aws_iam", "aws_subscribe"} <= names
    assert not names & {"oneOf", "specifiedBy"}
    assert "specifiedBy" not in print_schema(schema)


def test_the_schema_is_the_templates_own() -> None:
    ports = {"functions": FakeFunctions(), "iam": FakeIam(), "signing_keys": FakeKeys()}
    create_app(definition(), **ports)  # type: ignore[arg-type]
    create_app(definition(), schema=SCHEMA.replace("\n", "\n\n"), **ports)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedFeatureError, match="differs from the template's, first in: type Locked"):
        create_app(definition(), schema=SCHEMA.replace("Locked { id: ID! }", "Locked { id: ID }"), **ports)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedFeatureError, match="an API without a schema"):
        choose_schema(None, None)
