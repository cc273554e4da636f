"""Every role has least privilege: by rules here, and by what is done with it in test_recorded_permissions.py."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.infrastructure.compiled import Properties, Template

OfType = Callable[[str], dict[str, Properties]]
Statement = dict[str, Any]

# AWS gives these no resource that could be named: Service Authorization Reference, X-Ray, CloudWatch and its Logs.
WITHOUT_RESOURCE = {
    "cloudwatch:GetMetricData",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
}


# What these name, a function only reads metrics of.
DIMENSIONS = {"ObservePipelineLambdaFunction": {"FORWARD_CHANGES", "PUSH_NOTIFICATIONS", "GRAPHQL_API_ID"}}


@pytest.fixture(scope="module")
def policies(of_type: OfType) -> list[tuple[str, Statement]]:
    """Every statement of every role, with the logical id of what holds it."""
    roles = [
        (name, policy["PolicyDocument"])
        for name, role in of_type("AWS::IAM::Role").items()
        for policy in role.get("Policies", [])
    ]
    added = [(name, policy["PolicyDocument"]) for name, policy in of_type("AWS::IAM::Policy").items()]
    return [(name, statement) for name, document in roles + added for statement in document["Statement"]]


def test_no_role_may_do_everything_of_anything(policies: list[tuple[str, Statement]]) -> None:
    assert [(name, action) for name, statement in policies for action in _actions(statement) if "*" in action] == []


def test_a_role_names_what_it_touches_wherever_aws_knows_a_name(policies: list[tuple[str, Statement]]) -> None:
    everywhere = [
        (name, action)
        for name, statement in policies
        if "*" in _listed(statement["Resource"])
        for action in _actions(statement)
    ]
    assert {action for _, action in everywhere} <= WITHOUT_RESOURCE


def test_each_function_has_a_role_of_its_own(of_type: OfType) -> None:
    roles = Counter(function["Role"]["Fn::GetAtt"][0] for function in of_type("AWS::Lambda::Function").values())
    assert set(roles.values()) == {1}


def test_only_two_functions_may_publish_and_each_only_one_mutation(policies: list[tuple[str, Statement]]) -> None:
    publishing = [(name, statement) for name, statement in policies if "appsync:GraphQL" in _actions(statement)]
    assert {name: statement["Resource"]["Fn::Sub"].rpartition("/")[2] for name, statement in publishing} == {
        "HandleEventsRole": "publishTaskEvent",
        "PushNotificationsRole": "publishNotification",
    }
    assert len(publishing) == 2
    for _, statement in publishing:
        assert statement["Resource"]["Fn::Sub"].startswith("${GraphQlApi.Arn}/types/Mutation/fields/publish")


def test_a_function_knows_only_what_its_role_lets_it_use(
    of_type: OfType, policies: list[tuple[str, Statement]]
) -> None:
    for name, function in of_type("AWS::Lambda::Function").items():
        role = function["Role"]["Fn::GetAtt"][0]
        allowed = json.dumps([statement["Resource"] for holder, statement in policies if holder == role])
        for variable, value in function["Environment"]["Variables"].items():
            if variable in DIMENSIONS.get(name, ()):
                continue
            if value == {"Fn::GetAtt": ["HttpApi", "ApiEndpoint"]}:
                continue  # an address for people, which the function does not call
            for resource in _referred(value):
                assert resource in allowed, f"{name}: {variable}"


def test_every_route_of_a_task_asks_for_a_users_token_and_the_rest_reaches_no_task(of_type: OfType) -> None:
    routes = {route["RouteKey"]: route for route in of_type("AWS::ApiGatewayV2::Route").values()}
    open_ = {key for key, route in routes.items() if route.get("AuthorizationType", "NONE") == "NONE"}
    assert open_ == {"$default", "GET /calendar/{file}", "HEAD /calendar/{file}"}
    guarded = [route for key, route in routes.items() if key not in open_]
    assert {(route["AuthorizationType"], route["AuthorizerId"]["Ref"]) for route in guarded} == {
        ("JWT", "HttpApiAuthorizerUsers")
    }
    (authorizer,) = of_type("AWS::ApiGatewayV2::Authorizer").values()
    assert authorizer["JwtConfiguration"] == {
        "Audience": [{"Ref": "UserPoolClient"}],
        "Issuer": {"Fn::Sub": "https://cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}"},
    }


@pytest.mark.parametrize(
    ("stage", "guest", "page"),
    [
        ("local", "allowed", "shown"),
        ("dev", "refused", "shown"),
        ("staging", "refused", "hidden"),
        ("production", "refused", "hidden"),
        ("mistyped", "refused", "hidden"),
    ],
)
def test_only_this_machine_has_a_guest_and_only_development_stages_a_page(
    compiled: Callable[[str], Template], stage: str, guest: str, page: str
) -> None:
    variables = compiled(stage)["Resources"]["ServeRestLambdaFunction"]["Properties"]["Environment"]["Variables"]
    assert (variables["GUEST"], variables["API_PAGE"]) == (guest, page)


def test_no_property_is_null_for_cloudformation_refuses_it(template: Template) -> None:
    assert list(_nulls(template, "")) == []


def _actions(statement: Statement) -> list[str]:
    assert statement["Effect"] == "Allow"
    assert "NotAction" not in statement
    assert "NotResource" not in statement
    return _listed(statement["Action"])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _referred(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [value["Ref"]] if "Ref" in value else [value["Fn::GetAtt"][0]]


def _nulls(node: Any, path: str) -> Iterator[str]:
    if node is None:
        yield path
    elif isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _nulls(value, f"{path}/{key}")
