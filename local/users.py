"""Three users in the stack's user pool, one in each group."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import boto3
from appsync_local.auth.jwks import JwksCache

from local.deployment import Deployment
from local.ministack import boto3_arguments
from local.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

_ASK_AGAIN_AFTER = 5.0  # seconds; a restarted user pool has other keys
GROUP_BY_USER: Mapping[str, str] = {"ada": "students", "grace": "staff", "linus": "admins"}


@dataclass(frozen=True)
class User:
    """A user of the local user pool."""

    name: str
    password: str
    groups: tuple[str, ...]


class Users:
    """Creates the users, and signs them in for `GET /local/token/NAME`."""

    def __init__(self, settings: Settings, deployment: Deployment, passwords: Mapping[str, str]) -> None:
        self._client: CognitoIdentityProviderClient = boto3.client("cognito-idp", **boto3_arguments(settings))
        self.pool = deployment.only("AWS::Cognito::UserPool")
        self.app_client = deployment.only("AWS::Cognito::UserPoolClient")
        self.all = tuple(User(name, passwords[name], (group,)) for name, group in GROUP_BY_USER.items())

    def make(self) -> None:
        """Create the missing users, and set all passwords and groups; blocking."""
        for user in self.all:
            with contextlib.suppress(self._client.exceptions.UsernameExistsException):
                self._client.admin_create_user(
                    UserPoolId=self.pool, Username=user.name, MessageAction="SUPPRESS", UserAttributes=_attributes(user)
                )
            person = {"UserPoolId": self.pool, "Username": user.name}
            self._client.admin_set_user_password(**person, Password=user.password, Permanent=True)
            for group in user.groups:
                self._client.admin_add_user_to_group(**person, GroupName=group)

    async def tokens(self, name: str) -> dict[str, object] | None:
        """The Cognito tokens of a user, or None when there is no such user."""
        user = next((user for user in self.all if user.name == name), None)
        return await asyncio.to_thread(self._sign_in, user) if user else None

    def _sign_in(self, user: User) -> dict[str, object]:
        result = self._client.initiate_auth(
            ClientId=self.app_client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.name, "PASSWORD": user.password},
        )["AuthenticationResult"]
        tokens = {key: result[key] for key in ("AccessToken", "IdToken", "RefreshToken", "ExpiresIn")}
        return {key[0].lower() + key[1:]: value for key, value in tokens.items()}


def _attributes(user: User) -> list["AttributeTypeTypeDef"]:
    email: AttributeTypeTypeDef = {"Name": "email", "Value": f"{user.name}@example.com"}
    return [email, {"Name": "email_verified", "Value": "true"}]


class PoolKeys(JwksCache):
    """The gateway's `SigningKeys`: the public keys of the stack's user pool."""

    def __init__(self, settings: Settings, http: aiohttp.ClientSession, pool: str) -> None:
        super().__init__(self._fetch_keys, pause=_ASK_AGAIN_AFTER)
        self._issuer = f"https://cognito-idp.{settings.region}.amazonaws.com/{pool}"
        self._url = f"{settings.aws_endpoint}/{pool}/.well-known/jwks.json"
        self._http = http

    async def _fetch_keys(self, issuer: str) -> list[Mapping[str, object]]:
        if issuer != self._issuer:
            return []
        async with self._http.get(self._url) as answer:
            answer.raise_for_status()
            keys: list[Mapping[str, object]] = (await answer.json(content_type=None))["keys"]
            return keys
