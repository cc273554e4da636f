"""Compiled templates: supported properties, and the rejection of all others by name."""

from __future__ import annotations

import pytest

from appsync_local import ApiDefinition, UnsupportedFeatureError
from appsync_local.template.resolvers import CodeResolver, LambdaResolver
from support.gateway import Gateway
from support.sample_api import (
    API_KEY,
    NOW,
    PASS_EVENT,
    POOL,
    definition,
    deployed,
    get_att,
    template,
)


def test_the_template_is_read() -> None:
    read = definition()
    assert read.api_keys[0].value == API_KEY
    assert read.api_keys[0].expires == NOW + 60
    assert read.providers.user_pools[0].issuer == POOL
    assert read.resolvers["Query", "task"] == LambdaResolver("TasksLambdaFunction")
    assert read.resolvers["Mutation", "publish"] == CodeResolver(PASS_EVENT)
    assert read.field_arn("Query", "task").endswith(":apis/api1/types/Query/fields/task")


ANSWER = "export function response(c) { return c.result; }"
REFUSED: list[tuple[str, str, object, str]] = [
    ("Api", "LambdaAuthorizerConfig", {}, "Api.LambdaAuthorizerConfig"),
    ("Api", "AuthenticationType", "MAGIC", "Api.AuthenticationType MAGIC"),
    ("Api", "OpenIDConnectConfig", {}, "Api.OpenIDConnectConfig beside AMAZON_COGNITO_USER_POOLS"),
    ("Api", "Visibility", "PRIVATE", "Api.Visibility PRIVATE"),
    (
        "Api",
        "AdditionalAuthenticationProviders",
        [{"AuthenticationType": "AWS_LAMBDA"}],
        "Api.AdditionalAuthenticationProviders without LambdaAuthorizerConfig",
    ),
    ("ResolverQuerytask", "MaxBatchSize", 2001, "ResolverQuerytask.MaxBatchSize 2001"),
    ("Publish", "MaxBatchSize", 10, "Publish.MaxBatchSize 10"),
    ("ResolverQuerytask", "Kind", "PIPELINE", "ResolverQuerytask.Kind PIPELINE"),
    ("ResolverQuerytask", "CachingConfig", {"Ttl": 60}, "ResolverQuerytask.CachingConfig"),
    ("ResolverQuerytask", "RequestMappingTemplate", "{}", "ResolverQuerytask.RequestMappingTemplate"),
    ("ResolverQuerytask", "Code", PASS_EVENT, "ResolverQuerytask.Code without Runtime"),
    ("ResolverQuerytask", "DataSourceName", "Nowhere", "ResolverQuerytask.DataSourceName Nowhere"),
    ("ResolverQuerytask", "FieldName", "gone", "the resolver of Query.gone"),
    ("Publish", "Code", None, "Publish without Code, on a NONE source"),
    ("Publish", "Code", "export function request(ctx) {}", "the code of Mutation.publish: code.js: the functions"),
    (
        "Publish",
        "Code",
        "export function request(ctx) { return ; ) }",
        "the code of Mutation.publish: code.js:1:34: SyntaxError",
    ),
    ("Publish", "Code", "export async function request(ctx) {}", "Publish.Code: code.js:1:8: Async functions are"),
    ("Publish", "CodeS3Location", "s3://bucket/code.js", "Publish.CodeS3Location"),
    ("Tasks", "Type", "AMAZON_DYNAMODB", "Tasks.Type AMAZON_DYNAMODB"),
    ("Tasks", "DynamoDBConfig", {}, "Tasks.DynamoDBConfig"),
    ("Tasks", "LambdaConfig", {"LambdaFunctionArn": "arn:aws:lambda"}, "Tasks.LambdaConfig.LambdaFunctionArn"),
    ("Tasks", "LambdaConfig", {"LambdaFunctionArn": get_att("UserPool", "Arn")}, "Tasks.LambdaConfig"),
    ("Key", "Expiry", 1, "Key.Expiry"),
    ("Key", "Expires", "2027-01-01", "Key.Expires 2027-01-01 (0 or more is)"),
    ("Key", "Expires", {"Ref": "Gone"}, "Key.Expires {'Ref': 'Gone'}"),
    ("Api", "QueryDepthLimit", {"Ref": "Gone"}, "Api.QueryDepthLimit {'Ref': 'Gone'}"),
    ("Api", "QueryDepthLimit", "x", "Api.QueryDepthLimit x (0 to 75 is)"),
    ("Api", "QueryDepthLimit", 76, "Api.QueryDepthLimit 76 (0 to 75 is)"),
    ("Api", "QueryDepthLimit", "nan", "Api.QueryDepthLimit nan"),
    ("Api", "QueryDepthLimit", True, "Api.QueryDepthLimit True"),
    ("Api", "ResolverCountLimit", 1.5, "Api.ResolverCountLimit 1.5"),
    ("Api", "IntrospectionConfig", "disabled", "Api.IntrospectionConfig disabled (ENABLED or DISABLED is)"),
    ("Api", "AuthenticationType", None, "Api without AuthenticationType"),
    ("Api", "AuthenticationType", ["API_KEY"], "Api.AuthenticationType ['API_KEY']"),
    ("Api", "UserPoolConfig", None, "Api without UserPoolConfig"),
    ("Api", "UserPoolConfig", "pool", "Api.UserPoolConfig pool"),
    ("Api", "UserPoolConfig", {}, "Api.UserPoolConfig without UserPoolId"),
    ("Api", "UserPoolConfig", {"UserPoolId": 7}, "Api.UserPoolConfig.UserPoolId 7"),
    ("Api", "UserPoolConfig", {"UserPoolId": "p", "AppIdClientRegex": "("}, "Api.UserPoolConfig.AppIdClientRegex ("),
    ("Api", "UserPoolConfig", {"UserPoolId": "p", "DefaultAction": "NO"}, "Api.UserPoolConfig.DefaultAction NO"),
    ("Api", "AdditionalAuthenticationProviders", "x", "Api.AdditionalAuthenticationProviders x"),
    (
        "Api",
        "AdditionalAuthenticationProviders",
        [{"AuthenticationType": "OPENID_CONNECT", "OpenIDConnectConfig": {"ClientId": "c"}}],
        "Api.AdditionalAuthenticationProviders.OpenIDConnectConfig without Issuer",
    ),
    (
        "Api",
        "AdditionalAuthenticationProviders",
        [
            {
                "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
                "UserPoolConfig": {"UserPoolId": "p", "DefaultAction": "ALLOW"},
            }
        ],
        "Api.AdditionalAuthenticationProviders.UserPoolConfig.DefaultAction",
    ),
    (
        "Api",
        "AdditionalAuthenticationProviders",
        [{"AuthenticationType": "AMAZON_COGNITO_USER_POOLS", "UserPoolConfig": {"UserPoolId": {"Ref": "UserPool"}}}],
        "Api.AdditionalAuthenticationProviders with one issuer twice",
    ),
    ("Tasks", "LambdaConfig", None, "Tasks without LambdaConfig"),
    ("Tasks", "LambdaConfig", {}, "Tasks.LambdaConfig.LambdaFunctionArn None"),
    ("ResolverQuerytask", "TypeName", None, "ResolverQuerytask without TypeName"),
    ("ResolverQuerytask", "DataSourceName", None, "ResolverQuerytask.DataSourceName None"),
    ("ResolverQuerytask", "FieldName", "tasks", "ResolverQuerytasks, a second resolver of Query.tasks"),
    ("ResolverQuerytask", "MaxBatchSize", -1, "ResolverQuerytask.MaxBatchSize -1"),
    ("Publish", "Runtime", {"Name": "VTL"}, "Publish.Runtime.Name VTL"),
    ("Publish", "Runtime", {"Name": "APPSYNC_JS", "RuntimeVersion": "2"}, "Publish.Runtime.RuntimeVersion 2"),
]


@pytest.mark.parametrize(("resource", "setting", "value", "named"), REFUSED)
def test_an_unsupported_setting_is_rejected_by_name(resource: str, setting: str, value: object, named: str) -> None:
    compiled = template()
    compiled["Resources"][resource]["Properties"][setting] = value
    with pytest.raises(UnsupportedFeatureError) as refusal:
        Gateway(compiled=compiled)
    assert refusal.value.feature.startswith(named)


@pytest.mark.parametrize("kind", ["AWS::AppSync::ApiCache", "AWS::AppSync::FunctionConfiguration"])
def test_an_unsupported_resource_is_rejected_by_name(kind: str) -> None:
    compiled = template()
    compiled["Resources"]["More"] = {"Type": kind}
    with pytest.raises(UnsupportedFeatureError, match=f"More: {kind}"):
        definition(compiled)


@pytest.mark.parametrize(
    ("resource", "named"),
    [("text", "Api text"), ({"Type": "AWS::AppSync::GraphQLApi", "Properties": ["x"]}, "Api.Properties ['x']")],
)
def test_a_resource_that_is_no_object_is_refused(resource: object, named: str) -> None:
    compiled = template()
    compiled["Resources"]["Api"] = resource
    with pytest.raises(UnsupportedFeatureError) as refusal:
        definition(compiled)
    assert refusal.value.feature.startswith(named)


def test_a_resource_under_a_condition_is_refused() -> None:
    compiled = template()
    compiled["Resources"]["Key"]["Condition"] = "IsDevelopment"
    with pytest.raises(UnsupportedFeatureError, match=r"Key\.Condition"):
        definition(compiled)


def test_a_template_without_an_api_is_refused() -> None:
    with pytest.raises(UnsupportedFeatureError, match="exactly one"):
        definition({"Resources": {}})


def test_neutral_values_are_accepted() -> None:
    compiled = template()
    compiled["Resources"]["Api"]["Properties"] |= {"QueryDepthLimit": 0, "IntrospectionConfig": "ENABLED"}
    compiled["Resources"]["ResolverQuerytask"]["Properties"] |= {"MaxBatchSize": 0}
    assert definition(compiled) == definition()


def test_numbers_may_be_texts_or_references() -> None:
    compiled = template()
    compiled["Resources"]["Api"]["Properties"] |= {"QueryDepthLimit": "7", "ResolverCountLimit": {"Ref": "Limit"}}
    read = ApiDefinition.from_template(
        compiled,
        lambda reference: "900" if reference == {"Ref": "Limit"} else deployed(reference),
        api_id="api1",
        region="eu-central-1",
        account_id="0",
    )
    assert (read.query_depth_limit, read.resolver_count_limit) == (7, 900)
