"""References of the compiled template, resolved to deployed values."""

import pytest

from local.references import References, UnknownReferenceError
from local.template_transform import EmulatedApiValues

API_VALUES = EmulatedApiValues(
    "api1", "http://127.0.0.1:1/graphql", "ws://127.0.0.1:1/graphql", "da2-key", "eu-central-1", "0" * 12
)
TEMPLATE = {
    "Resources": {
        "Api": {"Type": "AWS::AppSync::GraphQLApi"},
        "Key": {"Type": "AWS::AppSync::ApiKey"},
        "Pool": {"Type": "AWS::Cognito::UserPool"},
        "Read": {"Type": "AWS::Lambda::Function"},
    }
}
REFERENCES = References(TEMPLATE, {"Pool": "eu-central-1_x", "Read": "taskbell-read"}, API_VALUES)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"Ref": "Pool"}, "eu-central-1_x"),
        ({"Ref": "AWS::Region"}, "eu-central-1"),
        ({"Fn::GetAtt": ["Api", "ApiId"]}, "api1"),
        ({"Fn::GetAtt": ["Key", "ApiKey"]}, "da2-key"),
        ({"Fn::GetAtt": "Read.Arn"}, "arn:aws:lambda:eu-central-1:000000000000:function:taskbell-read"),
        ({"Fn::Sub": "${AWS::Partition}:${Pool}:${Key.ApiKey}:${!Left}"}, "aws:eu-central-1_x:da2-key:${Left}"),
        ({"Fn::Sub": ["${A}-${Pool}", {"A": {"Ref": "AWS::AccountId"}}]}, "000000000000-eu-central-1_x"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Pool"}]]}, "a/eu-central-1_x"),
        ({"Deep": [{"Ref": "Pool"}, 1, None]}, {"Deep": ["eu-central-1_x", 1, None]}),
    ],
)
def test_an_expression_has_its_deployed_value(expression: object, value: object) -> None:
    assert REFERENCES.resolve(expression) == value


@pytest.mark.parametrize(
    "expression", [{"Ref": "Gone"}, {"Fn::GetAtt": ["Pool", "ProviderURL"]}, {"Fn::Sub": "${Gone}"}]
)
def test_what_is_not_known_is_refused_by_name(expression: object) -> None:
    with pytest.raises(UnknownReferenceError, match=r"Gone|Pool\.ProviderURL"):
        REFERENCES.resolve(expression)
