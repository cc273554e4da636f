"""The fixture for users: an API of each authorization type, called without sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from appsync_local.testing import SubscriptionRejectedError

if TYPE_CHECKING:
    from appsync_local.testing import LocalApi

SCHEMA = """
type Note @aws_api_key @aws_iam @aws_lambda @aws_oidc @aws_cognito_user_pools { id: ID! text: String! }
type Query {
  note(id: ID!): Note @aws_api_key @aws_iam @aws_lambda @aws_oidc @aws_cognito_user_pools
  drafts: [Note!] @aws_cognito_user_pools(cognito_groups: ["staff"])
}
type Mutation { write(id: ID!, text: String!): Note @aws_api_key @aws_iam }
type Subscription { written(id: ID): Note @aws_subscribe(mutations: ["write"]) @aws_api_key @aws_cognito_user_pools }
"""


def appsync(type_: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::AppSync::{type_}", "Properties": properties}


def template() -> dict[str, Any]:
    function = {"Fn::GetAtt": ["Notes", "Arn"]}
    others = [
        {"AuthenticationType": "API_KEY"},
        {"AuthenticationType": "AWS_IAM"},
        {"AuthenticationType": "OPENID_CONNECT", "OpenIDConnectConfig": {"Issuer": "https://id.example.org"}},
        {"AuthenticationType": "AWS_LAMBDA", "LambdaAuthorizerConfig": {"AuthorizerUri": function}},
    ]
    pool = {"UserPoolId": {"Ref": "UserPool"}, "AppIdClientRegex": {"Ref": "WebClient"}, "DefaultAction": "ALLOW"}
    api = appsync(
        "GraphQLApi",
        Name="notes",
        AuthenticationType="AMAZON_COGNITO_USER_POOLS",
        UserPoolConfig=pool,
        AdditionalAuthenticationProviders=others,
    )
    fields = {"note": "Query", "drafts": "Query", "write": "Mutation"}
    resolvers = {
        f"{type_}{name}": appsync("Resolver", TypeName=type_, FieldName=name, DataSourceName="notes")
        for name, type_ in fields.items()
    }
    source = appsync("DataSource", Name="notes", Type="AWS_LAMBDA", LambdaConfig={"LambdaFunctionArn": function})
    notes = {"Type": "AWS::Lambda::Function"}
    return {"Resources": {"Api": api, "Key": appsync("ApiKey"), "Notes": notes, "Source": source, **resolvers}}


def handler(event: Any, _context: None) -> Any:
    """Notes that contain their caller, and the authorizer."""
    if "authorizationToken" in event:
        return {"isAuthorized": event["authorizationToken"] == "let me in"}
    if event["info"]["fieldName"] == "drafts":
        return []
    identity = event["identity"] or {}
    text = identity.get("userArn") or identity.get("username") or identity.get("sub") or "nobody"
    return {"text": text, **event["arguments"]}


@pytest.fixture
def api(appsync_api: type[LocalApi]) -> LocalApi:
    return appsync_api(template(), {"Notes": handler}, schema=SCHEMA)


NOTE = "query ($id: ID!) { note(id: $id) { text } }"


async def text_for(api: LocalApi, caller: Any) -> Any:
    body = await api.query(NOTE, {"id": "1"}, caller=caller)
    return body["data"]["note"]["text"] if body.get("data") else body["errors"][0]["errorType"]


async def test_a_caller_of_each_authorization_type_is_who_it_says(api: LocalApi) -> None:
    assert await text_for(api, None) == "nobody"
    assert await text_for(api, api.user("ada")) == "ada"
    assert await text_for(api, api.oidc_user("grace")) == "grace"
    assert await text_for(api, api.iam_role("publisher")) == (
        "arn:aws:sts::000000000000:assumed-role/publisher/testing"
    )
    assert await text_for(api, api.bearer("let me in")) == "nobody"
    assert await text_for(api, api.bearer("let me out")) == "UnauthorizedException"


async def test_groups_and_policies_decide_what_a_caller_may_do(api: LocalApi) -> None:
    assert (await api.query("{ drafts { id } }", caller=api.user(groups=["staff"])))["data"] == {"drafts": []}
    for caller in (api.user(), api.user(groups=["students"])):
        body = await api.query("{ drafts { id } }", caller=caller)
        assert body["errors"][0]["errorType"] == "Unauthorized"
    reader = api.iam_role(allowed_fields=["Query.note"])
    body = await api.query('mutation { write(id: "1", text: "Hi") { id } }', caller=reader)
    assert body["errors"][0]["errorType"] == "Unauthorized"


async def test_a_users_claims_can_be_chosen(api: LocalApi) -> None:
    assert await text_for(api, api.user("ada", exp=1)) == "UnauthorizedException"
    assert await text_for(api, api.user("ada", client_id="another")) == "UnauthorizedException"


async def test_a_push_has_arrived_when_its_mutation_has_returned(api: LocalApi) -> None:
    written = "subscription ($id: ID) { written(id: $id) { id text } }"
    everything = "subscription { written { id text } }"
    async with api.subscribe(written, {"id": "1"}) as first, api.subscribe(everything, caller=api.user()) as all_:
        for id_ in ("1", "2"):
            await api.query('mutation ($id: ID!) { write(id: $id, text: "Hi") { id text } }', {"id": id_})
        pushed = [{"data": {"written": {"id": id_, "text": "Hi"}}} for id_ in ("1", "2")]
        assert (first.payloads, all_.payloads) == (pushed[:1], pushed)
        assert [await all_.next(), await all_.next()] == pushed
        with pytest.raises(TimeoutError):
            await all_.next(within=0)


async def test_a_rejected_subscription_raises_with_its_errors(api: LocalApi) -> None:
    with pytest.raises(SubscriptionRejectedError) as rejected:
        async with api.subscribe("subscription { written { id } }", caller=api.iam_role()):
            pass
    assert rejected.value.errors[0]["errorType"] == "Unauthorized"
    with pytest.raises(SubscriptionRejectedError):
        async with api.subscribe("subscription { written { id } }", caller={"x-api-key": "da2-other"}):
            pass
