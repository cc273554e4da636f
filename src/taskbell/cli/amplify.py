"""The configuration of the pages of a deployed stage, in the format of Amplify's `amplify_outputs.json`."""

import time
from typing import Any

from taskbell.cli.stage import Stage

_GROUPS = ("students", "staff", "admins")  # infrastructure/users.yml

Outputs = dict[str, Any]


def amplify_outputs(stage: Stage) -> Outputs:
    """Where the stage's API and its user pool are, and the key of its guests if it has one.

    Raises:
        CommandError: The stage's stack is too old to say so.
    """
    pool = stage.output("UserPoolId")
    region = pool.partition("_")[0]
    key = _guest_key(stage)
    return {
        "version": "1",
        "auth": {
            "aws_region": region,
            "user_pool_id": pool,
            "user_pool_client_id": stage.output("UserPoolClientId"),
            "groups": [{group: {"precedence": place}} for place, group in enumerate(_GROUPS)],
        },
        "data": {
            "url": stage.output("GraphQlUrl"),
            "aws_region": region,
            **({"api_key": key} if key else {}),
            "default_authorization_type": "AMAZON_COGNITO_USER_POOLS",
            "authorization_types": [*(["API_KEY"] if key else []), "AWS_IAM"],
        },
    }


def _guest_key(stage: Stage) -> str | None:
    """The API key that is valid longest; None where the stage has no guests."""
    keys = stage.client("appsync").get_paginator("list_api_keys").paginate(apiId=stage.output("GraphQlApiId"))
    now = time.time()
    valid = [key for page in keys for key in page["apiKeys"] if key["expires"] > now]
    return str(max(valid, key=lambda key: int(key["expires"]))["id"]) if valid else None
