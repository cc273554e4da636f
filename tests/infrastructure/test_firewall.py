"""The firewall limits the rate of requests where strangers call, and nowhere counts the pipeline's pushes."""

from collections.abc import Callable
from typing import Any

import pytest

from local.template_transform import CodeLocation, EmulatedApiValues, transform
from tests.infrastructure.compiled import Template

Compiled = Callable[[str], Template]


@pytest.fixture
def rules(compiled: Compiled) -> dict[str, Any]:
    firewall = compiled("production")["Resources"]["Firewall"]["Properties"]
    assert (firewall["Scope"], firewall["DefaultAction"]) == ("REGIONAL", {"Allow": {}})
    return {rule["Name"]: rule for rule in firewall["Rules"]}


def statement(rule: Any) -> Any:
    return rule["Statement"]["RateBasedStatement"]


def test_the_firewall_stands_before_the_graphql_api(compiled: Compiled) -> None:
    association = compiled("production")["Resources"]["FirewallAssociation"]["Properties"]
    assert association == {
        "ResourceArn": {"Fn::GetAtt": ["GraphQlApi", "Arn"]},
        "WebACLArn": {"Fn::GetAtt": ["Firewall", "Arn"]},
    }


@pytest.mark.parametrize(
    ("stage", "count"), [("production", 2), ("mistyped", 2), ("staging", 2), ("dev", 0), ("local", 0)]
)
def test_only_development_stages_have_none(compiled: Compiled, stage: str, count: int) -> None:
    types = [resource["Type"] for resource in compiled(stage)["Resources"].values()]
    assert len([type_ for type_ in types if type_.startswith("AWS::WAFv2::")]) == count


def test_a_client_has_five_requests_a_second_and_an_address_fifty(rules: dict[str, Any]) -> None:
    token, address = statement(rules["EachToken"]), statement(rules["EachAddress"])
    assert token["CustomKeys"][0]["Header"]["Name"] == "authorization"
    assert (token["Limit"], token["EvaluationWindowSec"]) == (300, 60)
    assert (address["AggregateKeyType"], address["Limit"], address["EvaluationWindowSec"]) == ("IP", 3000, 60)


def test_signed_requests_are_not_counted_by_address(rules: dict[str, Any]) -> None:
    match = statement(rules["EachAddress"])["ScopeDownStatement"]["NotStatement"]["Statement"]["ByteMatchStatement"]
    assert match["FieldToMatch"] == {"SingleHeader": {"Name": "authorization"}}
    assert (match["PositionalConstraint"], match["SearchString"]) == ("STARTS_WITH", "AWS4-HMAC-SHA256")


def test_what_is_too_much_is_429_with_retry_after_that_pages_can_read(rules: dict[str, Any]) -> None:
    for rule in rules.values():
        response = rule["Action"]["Block"]["CustomResponse"]
        headers = {header["Name"]: header["Value"] for header in response["ResponseHeaders"]}
        assert response["ResponseCode"] == 429
        assert int(headers["retry-after"]) == statement(rule)["EvaluationWindowSec"]
        assert headers["access-control-allow-origin"] == "*"
        assert headers["access-control-expose-headers"] == "retry-after"


def test_the_local_aws_has_no_firewall(compiled: Compiled) -> None:
    values = EmulatedApiValues(
        "api1", "http://127.0.0.1/graphql", "ws://127.0.0.1/graphql", "key", "eu-central-1", "0" * 12
    )
    local = transform(compiled("production"), CodeLocation("bucket", "key"), values)
    assert not [name for name in local["Resources"] if name.startswith("Firewall")]
