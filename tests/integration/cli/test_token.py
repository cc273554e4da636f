"""`taskbell token` for a deployed stage; an end-to-end test covers the local one."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.cli import Operated


class Cognito:
    """A user pool with one answer, which records its requests."""

    def __init__(self, answer: dict[str, Any] | ClientError) -> None:
        self._answer = answer
        self.requests: list[dict[str, Any]] = []

    def initiate_auth(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        if isinstance(self._answer, ClientError):
            raise self._answer
        return self._answer


def refusal(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "InitiateAuth")


def test_the_password_comes_from_stdin_and_the_tokens_go_to_stdout(operated: Operated) -> None:
    result = {"AccessToken": "access", "IdToken": "id", "RefreshToken": "refresh", "ExpiresIn": 3600}
    cognito = operated.clients["cognito-idp"] = Cognito({"AuthenticationResult": result})
    answer = operated.run_json("token", "ada", "--stage", "dev", stdin="pass word \n")
    assert answer == {"stage": "dev", "user": "ada", "accessToken": "access", "idToken": "id", "expiresIn": 3600}
    assert cognito.requests == [
        {
            "ClientId": "frontends",
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "ada", "PASSWORD": "pass word "},
        }
    ]
    assert "accessToken\taccess\n" in operated.run("token", "ada", "--stage", "dev", stdin="x\n").stdout


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (refusal("NotAuthorizedException", "Incorrect username or password."), "Incorrect username or password.\n"),
        (
            refusal("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"),
            "The stage prod does not allow USER_PASSWORD_AUTH; sign in with a frontend.\n",
        ),
        (
            {"ChallengeName": "NEW_PASSWORD_REQUIRED"},
            "ada has to complete NEW_PASSWORD_REQUIRED first; sign in with a frontend once.\n",
        ),
        (refusal("TooManyRequestsException", "Slow"), "AWS rejected InitiateAuth (TooManyRequestsException). Slow\n"),
    ],
)
def test_a_failed_sign_in_is_reported_with_its_reason(operated: Operated, answer: Any, message: str) -> None:
    operated.clients["cognito-idp"] = Cognito(answer)
    result = operated.run("token", "ada", "--stage", "prod", status=1, stdin="x\n")
    assert (result.stdout, result.stderr) == ("", message)


def test_a_password_is_no_option(operated: Operated) -> None:
    operated.clients["cognito-idp"] = SimpleNamespace()
    operated.run("token", "ada", "--password", "x", "--stage", "dev", status=2)
    assert operated.targets == []
