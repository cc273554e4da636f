"""Tokens of a user: from the gateway for the people of the local system, else from Cognito for a password."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urljoin

import urllib3
from botocore.exceptions import ClientError

from taskbell.cli.errors import Refused
from taskbell.cli.stage import Stage

_REFUSALS = frozenset({"NotAuthorizedException", "UserNotConfirmedException", "PasswordResetRequiredException"})

Tokens = dict[str, Any]


def tokens(stage: Stage, user: str, ask_password: Callable[[], str]) -> Tokens:
    """accessToken, idToken, and expiresIn in seconds. Raises Refused when the user cannot be signed in."""
    if stage.connection:
        return _from_gateway(stage.connection, user)
    return _from_cognito(stage, user, ask_password)


def _from_gateway(connection: Mapping[str, Any], user: str) -> Tokens:
    url = urljoin(connection["graphqlUrl"], f"/local/token/{quote(user, safe='')}")
    try:
        answer = urllib3.request("GET", url, timeout=10, retries=False)
        said = json.loads(answer.data)
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise Refused(f"The local system does not answer at {connection['graphqlUrl']}: {error}") from error
    if answer.status != 200:
        raise Refused(str(said.get("message", said)))
    return {name: said[name] for name in ("accessToken", "idToken", "expiresIn")}


def _from_cognito(stage: Stage, user: str, ask_password: Callable[[], str]) -> Tokens:
    pool_client = stage.output("UserPoolClientId")
    secret = ask_password()
    try:
        answer = stage.client("cognito-idp").initiate_auth(
            ClientId=pool_client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user, "PASSWORD": secret},
        )
    except ClientError as error:
        raise _refusal(stage, error) from None
    if "ChallengeName" in answer:
        raise Refused(f"{user} has to answer {answer['ChallengeName']} first; sign in with a frontend once.")
    result = answer["AuthenticationResult"]
    return {"accessToken": result["AccessToken"], "idToken": result["IdToken"], "expiresIn": result["ExpiresIn"]}


def _refusal(stage: Stage, error: ClientError) -> Exception:
    code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code == "InvalidParameterException" and "USER_PASSWORD_AUTH" in said:
        return Refused(f"The stage {stage.name} takes no passwords from a command; sign in with a frontend.")
    return Refused(said or code) if code in _REFUSALS else error
