"""The secrets of this checkout, in `.local/secrets.json`: created once, so that they stay valid across restarts.

A client with `aws_secret_key` is the root of the local account. The gateway, the deployment, the functions' caller and
the `taskbell` command read it here or in `connection.json`; no process has it in its environment.
"""

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

SECRETS = "secrets.json"
FUNCTIONS = "functions.json"  # what the local Lambda can run: handlers, and names of variables


@dataclass(frozen=True)
class Secrets:
    """The API key, the secret key of the local account's root, and the users' passwords by name."""

    api_key: str
    aws_secret_key: str
    passwords: Mapping[str, str]


def load_or_create_secrets(state: Path, users: Iterable[str] = ()) -> Secrets:
    """Return the secrets in the state folder; create and store those that are missing, passwords of users included."""
    path = state / SECRETS
    found = json.loads(path.read_text()) if path.exists() else {}
    passwords = {**found.get("passwords", {})}
    passwords |= {name: new_password() for name in users if name not in passwords}
    api_key = found.get("apiKey") or f"da2-{secrets.token_hex(13)}"
    aws_secret_key = found.get("awsSecretKey") or secrets.token_urlsafe(30)
    kept = {"apiKey": api_key, "awsSecretKey": aws_secret_key, "passwords": passwords}
    if kept != found:
        write_json(path, kept)
    return Secrets(api_key, aws_secret_key, passwords)


def new_password() -> str:
    """Return a random password that satisfies any usual policy (upper and lower case, a digit, a symbol)."""
    return f"{secrets.token_urlsafe(12)}-Aa1"


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON file as `write_private` does."""
    write_private(path, json.dumps(content, indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; readers see the old file or the whole new one."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)
