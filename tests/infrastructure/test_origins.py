"""What other origins may do on AWS: call with a credential that the page adds itself."""

from collections.abc import Callable
from typing import Any

import pytest

Template = dict[str, Any]


@pytest.mark.parametrize("stage", ["dev", "staging", "production"])
def test_the_http_api_takes_no_credentials_that_a_browser_adds(compiled: Callable[[str], Template], stage: str) -> None:
    resources = compiled(stage)["Resources"].values()
    (api,) = [each["Properties"] for each in resources if each["Type"] == "AWS::ApiGatewayV2::Api"]
    assert api["CorsConfiguration"]["AllowOrigins"] == ["*"]
    assert not api["CorsConfiguration"].get("AllowCredentials", False)
    authorizers = [each["Properties"] for each in resources if each["Type"] == "AWS::ApiGatewayV2::Authorizer"]
    assert [authorizer["IdentitySource"] for authorizer in authorizers] == [["$request.header.Authorization"]]
