"""What a program needs to talk to the running system: `.local/connection.json` and `.local/amplify_outputs.json`.

Both exist only while the system runs, and only their owner may read them. The API key and the passwords in them are
made once per checkout (`.local/secrets.json`), so that what a developer has typed somewhere stays valid.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from local.settings import LOOPBACK, Settings
from local.users import GROUPS, User, new_password

CONNECTION = "connection.json"
AMPLIFY_OUTPUTS = "amplify_outputs.json"


@dataclass(frozen=True)
class Secrets:
    """The API key and the users' passwords of this checkout."""

    api_key: str
    passwords: Mapping[str, str]


def keep_secrets(state: Path) -> Secrets:
    """The checkout's secrets, made when there are none."""
    path = state / "secrets.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    passwords = {name: kept.get("passwords", {}).get(name) or new_password() for name in GROUPS}
    api_key = kept.get("apiKey") or f"da2-{secrets.token_hex(13)}"
    write_private(path, {"apiKey": api_key, "passwords": passwords})
    return Secrets(api_key, passwords)


@dataclass(frozen=True)
class Connection:
    """How to reach the running system."""

    settings: Settings
    api_key: str
    pool: str
    app_client: str
    users: tuple[User, ...]

    @property
    def public(self) -> dict[str, object]:
        """The connection without passwords, as `GET /local/connection` answers it."""
        return {**self._addresses, "users": [{"name": user.name, "groups": list(user.groups)} for user in self.users]}

    def write(self) -> None:
        """Write both files."""
        users = [{**asdict(user), "groups": list(user.groups)} for user in self.users]
        write_private(self.settings.state / CONNECTION, {**self._addresses, "users": users})
        write_private(self.settings.state / AMPLIFY_OUTPUTS, self._amplify_outputs)

    def remove(self) -> None:
        """Remove both files."""
        for name in (CONNECTION, AMPLIFY_OUTPUTS):
            (self.settings.state / name).unlink(missing_ok=True)

    @property
    def _addresses(self) -> dict[str, object]:
        return {
            "graphqlUrl": self.settings.graphql_url,
            "realtimeUrl": realtime_url(self.settings),
            "tlsUrl": self.settings.tls_url,
            "certificateAuthority": os.fspath(self.settings.tls / "authority.pem"),
            "restUrl": self.settings.rest_url,
            "apiKey": self.api_key,
            "awsEndpoint": self.settings.aws_endpoint,
            "region": self.settings.region,
        }

    @property
    def _amplify_outputs(self) -> dict[str, object]:
        return {
            "version": "1",
            "auth": {
                "aws_region": self.settings.region,
                "user_pool_id": self.pool,
                "user_pool_client_id": self.app_client,
                "groups": [{group: {"precedence": place}} for place, group in enumerate(GROUPS.values())],
            },
            "data": {
                "url": amplify_url(self.settings),
                "aws_region": self.settings.region,
                "api_key": self.api_key,
                "default_authorization_type": "AMAZON_COGNITO_USER_POOLS",
                "authorization_types": ["API_KEY", "AWS_IAM"],
            },
        }


def realtime_url(settings: Settings) -> str:
    """Where gql's AppSync transport connects (it adds no path of its own)."""
    return f"ws://{LOOPBACK}:{settings.port}/graphql"


def amplify_url(settings: Settings) -> str:
    """Where Amplify works without a certificate to trust.

    It makes `wss` of the real-time address by replacing the text `https://` or `http://`. The same scheme in capitals
    stays, and both browsers and Node connect a WebSocket to it.
    """
    return f"HTTP://localhost:{settings.port}/graphql"


def write_private(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON file that only its owner can read; readers see the old file or the whole new one."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    new.replace(path)
