"""The GraphQL API in this process: the local AppSync, as the compiled template of a stage describes it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from appsync_local.testing import LocalApi


def make_graphql_api(template: Mapping[str, Any], functions: Mapping[str, Any]) -> LocalApi:
    """The API of a compiled template, with these handlers by the logical ids of their functions."""
    own: Any = deepcopy(template)
    own["Resources"]["GraphQlApi"]["Properties"]["UserPoolConfig"]["AwsRegion"] = "eu-central-1"
    return LocalApi(own, functions)
