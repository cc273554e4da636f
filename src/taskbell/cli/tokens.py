"""Gets a user's tokens: locally from the gateway, on a deployed stage from Cognito for a password."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urljoin

import urllib3
from botocore.exceptions import ClientError

from taskbell.cli.errors import CommandError
from taskbell.cli.stage import Stage

_SIGN_IN_ERRORS = frozenset({"NotAuthorizedException", "UserNotConfirmedException", "PasswordResetRequiredException"})

Tokens = dict[str, Any]


def tokens(stage: Stage, user: str, ask_password: Callable[[], str]) -> Tokens:
    """Sign a user in.

    Args:
        stage: The stage.
        user: The user's name.
        ask_password: Returns the password; called for a deployed stage only.

    Returns:
        accessToken, idToken, and expiresIn in seconds.

    Raises:
        CommandError: The user cannot be signed in.
    """
    if stage.connection:
        return _from_gateway(stage.connection, user)
    return _from_cognito(stage, user, ask_password)


def _from_gateway(connection: Mapping[str, Any], user: str) -> Tokens:
    url = urljoin(connection["graphqlUrl"], f"/local/token/{quote(user, safe='')}")
    try:
        response = urllib3.request("GET", url, timeout=10, retries=False)
        body = json.loads(response.data)
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise CommandError(f"The local system does not answer at {connection['graphqlUrl']}: {error}") from error
    if response.status != 200:
        raise CommandError(str(body.get("message", body)))
    return {name: body[name] for name in ("accessToken", "idToken", "expiresIn")}


def _from_cognito(stage: Stage, user: str, ask_password: Callable[[], str]) -> Tokens:
    pool_client = stage.output("UserPoolClientId")
    password = ask_password()
    try:
        response = stage.client("cognito-idp").initiate_auth(
            ClientId=pool_client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": password},
        )
    except ClientError as error:
        raise _sign_in_error(stage, error) from None
    if "ChallengeName" in response:
        raise CommandError(f"{user} has to complete {response['ChallengeName']} first; sign in with a frontend once.")
    result = response["AuthenticationResult"]
    return {"accessToken": result["AccessToken"], "idToken": result["IdToken"], "expiresIn": result["ExpiresIn"]}


def _sign_in_error(stage: Stage, error: ClientError) -> Exception:
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code == "InvalidParameterException" and "USER_PASSWORD_AUTH" in message:
        return CommandError(f"The stage {stage.name} does not allow USER_PASSWORD_AUTH; sign in with a frontend.")
    return CommandError(message or code) if code in _SIGN_IN_ERRORS else error
