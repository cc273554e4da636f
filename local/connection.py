"""Connection files for programs: they exist while the system runs, and only their owner can read them.

`connection.json` has all of it, `amplify_outputs.json` configures Amplify, and `aws.config` the AWS CLI and SDKs
(`AWS_CONFIG_FILE=.local/aws.config AWS_PROFILE=taskbell`). The secrets in them are made once (`credentials.py`).
"""

import os
from dataclasses import asdict, dataclass

from local.credentials import Secrets, write_json, write_private
from local.settings import LOOPBACK, Settings
from local.users import GROUP_BY_USER, User

CONNECTION = "connection.json"
AMPLIFY_OUTPUTS = "amplify_outputs.json"
AWS_CONFIG = "aws.config"
AWS_PROFILE = "taskbell"


@dataclass(frozen=True)
class Connection:
    """How to reach the running system."""

    settings: Settings
    secrets: Secrets
    pool: str
    app_client: str
    users: tuple[User, ...]

    @property
    def public(self) -> dict[str, object]:
        """The connection without passwords and AWS keys, as `GET /local/connection` returns it."""
        return {**self._addresses, "users": [{"name": user.name, "groups": list(user.groups)} for user in self.users]}

    def write(self) -> None:
        """Write the files."""
        users = [{**asdict(user), "groups": list(user.groups)} for user in self.users]
        root = {"awsAccessKeyId": self.settings.account, "awsSecretAccessKey": self.secrets.aws_secret_key}
        write_json(self.settings.state / CONNECTION, {**self._addresses, **root, "users": users})
        write_json(self.settings.state / AMPLIFY_OUTPUTS, self.amplify_outputs)
        write_private(self.settings.state / AWS_CONFIG, self._aws_config)

    def remove(self) -> None:
        """Remove the files."""
        for name in (CONNECTION, AMPLIFY_OUTPUTS, AWS_CONFIG):
            (self.settings.state / name).unlink(missing_ok=True)

    @property
    def _addresses(self) -> dict[str, object]:
        return {
            "graphqlUrl": self.settings.graphql_url,
            "realtimeUrl": realtime_url(self.settings),
            "tlsUrl": self.settings.tls_url,
            "certificateAuthority": os.fspath(self.settings.tls / "authority.pem"),
            "restUrl": self.settings.rest_url,
            "userPoolUrl": self.settings.user_pool_url,
            "userPoolId": self.pool,
            "userPoolClientId": self.app_client,
            "apiKey": self.secrets.api_key,
            "awsEndpoint": self.settings.aws_endpoint,
            "region": self.settings.region,
        }

    @property
    def _aws_config(self) -> str:
        settings = {
            "region": self.settings.region,
            "endpoint_url": self.settings.aws_endpoint,
            "aws_access_key_id": self.settings.account,
            "aws_secret_access_key": self.secrets.aws_secret_key,
        }
        return f"[profile {AWS_PROFILE}]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())

    @property
    def amplify_outputs(self) -> dict[str, object]:
        """The configuration for Amplify apps."""
        return {
            "version": "1",
            "auth": {
                "aws_region": self.settings.region,
                "user_pool_id": self.pool,
                "user_pool_client_id": self.app_client,
                "groups": [{group: {"precedence": place}} for place, group in enumerate(GROUP_BY_USER.values())],
            },
            "data": {
                "url": amplify_url(self.settings),
                "aws_region": self.settings.region,
                "api_key": self.secrets.api_key,
                "default_authorization_type": "API_KEY",  # so that an app answers before anybody signs in
                "authorization_types": ["AMAZON_COGNITO_USER_POOLS", "AWS_IAM"],
            },
        }


def realtime_url(settings: Settings) -> str:
    """The URL for gql's AppSync transport (which adds no path of its own)."""
    return f"ws://{LOOPBACK}:{settings.port}/graphql"


def amplify_url(settings: Settings) -> str:
    """The URL for Amplify without TLS.

    Amplify turns the text `https://` or `http://` of the real-time URL into `wss://`. It leaves the scheme in capitals
    alone, and both browsers and Node connect a WebSocket to it.
    """
    return f"HTTP://localhost:{settings.port}/graphql"
