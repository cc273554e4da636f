"""What `create_app` needs besides a template: functions, and the ports of the API's authorization types."""

from __future__ import annotations

import math
from typing import Any

import pytest

from appsync_local import ApiDefinition, UnsupportedFeatureError, create_app
from appsync_local.execution.in_process import InProcessFunctions
from appsync_local.protocols import FunctionError
from support.gateway import FakeFunctions, FakeIam, FakeKeys
from support.sample_api import definition, marked_with, template

FUNCTIONS: Any = FakeFunctions()


def with_keys_only() -> ApiDefinition:
    compiled = template()
    properties = compiled["Resources"]["Api"]["Properties"]
    del properties["UserPoolConfig"]
    properties |= {"AuthenticationType": "API_KEY", "AdditionalAuthenticationProviders": []}
    compiled["Resources"]["Schema"]["Properties"]["Definition"] = marked_with("aws_api_key")
    return definition(compiled)


def test_an_api_with_keys_alone_needs_no_proofs() -> None:
    assert create_app(with_keys_only(), functions=FUNCTIONS)


def test_an_authorization_type_without_its_port_is_rejected_by_name() -> None:
    with pytest.raises(UnsupportedFeatureError, match="AWS_IAM without `iam`"):
        create_app(definition(), functions=FUNCTIONS, signing_keys=FakeKeys())
    with pytest.raises(UnsupportedFeatureError, match="AMAZON_COGNITO_USER_POOLS without `signing_keys`"):
        create_app(definition(), functions=FUNCTIONS, iam=FakeIam())


def test_a_function_that_is_not_given_is_refused_by_name() -> None:
    assert create_app(with_keys_only(), functions={"TasksLambdaFunction": lambda _event, _context: None})
    with pytest.raises(UnsupportedFeatureError, match="TasksLambdaFunction: no function of that name is given"):
        create_app(with_keys_only(), functions={"Other": lambda _event, _context: None})


async def test_a_function_may_be_plain_python() -> None:
    def plain(event: Any, context: None) -> Any:
        event["list"].append(3)
        return {"event": event, "context": context}

    async def waits(event: Any, _context: None) -> Any:
        return event

    functions = InProcessFunctions({"Plain": plain, "Waits": waits})
    event = {"list": (1, 2)}
    assert await functions.invoke("Plain", event) == {"event": {"list": [1, 2, 3]}, "context": None}
    assert await functions.invoke("Waits", event) == {"list": [1, 2]}
    assert event == {"list": (1, 2)}


@pytest.mark.parametrize(
    ("answer", "error_type", "message"),
    [
        (KeyError("gone"), "KeyError", "'gone'"),
        ({1, 2}, "TypeError", "Object of type set is not JSON serializable"),
        (math.nan, "ValueError", "Out of range float values are not JSON compliant"),
    ],
)
async def test_a_function_that_raises_or_answers_no_json_has_failed(
    answer: object, error_type: str, message: str
) -> None:
    def handler(_event: Any, _context: None) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(FunctionError) as failure:
        await InProcessFunctions({"F": handler}).invoke("F", {})
    assert failure.value.error_type == error_type
    assert failure.value.message.startswith(message)
