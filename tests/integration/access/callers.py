"""Callers of each kind, and credentials of nobody: real tokens with a key of our own, and signers that we make up."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import jwt
from appsync_local.protocols import IamCaller, SignatureError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

REGION, ACCOUNT = "eu-central-1", "000000000000"
POOL, CLIENT = f"{REGION}_pool", "frontends"
ISSUER = f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}"
API_KEY, EXPIRED_KEY = "da2-guest", "da2-expired"
_KEY_ID = "of the pool"
_SIGNATURE = "AWS4-HMAC-SHA256 Credential="

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Caller:
    """A caller: the column of the page's tables, what it owns, whose data it tries to reach, which function it is."""

    name: str
    column: str
    headers: Headers
    owner_id: str = ""
    target: str = "bob"
    function: str = ""

    def __str__(self) -> str:
        return self.name


@cache
def _pair(name: str) -> rsa.RSAPrivateKey:
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def token(groups: Sequence[str] = (), *, pair: str = "the pool's", without: str = "", **claims: Any) -> str:
    """An access token; any claim can be another, and one can be missing."""
    now = int(time.time())
    own = {"iss": ISSUER, "sub": "ada", "username": "ada", "client_id": CLIENT, "token_use": "access"}
    payload = {**own, "cognito:groups": list(groups), "iat": now, "exp": now + 3600, **claims}
    payload.pop(without, None)
    return jwt.encode(payload, _pair(pair), algorithm="RS256", headers={"kid": _KEY_ID})


def bearer(text: str) -> Headers:
    return {"authorization": f"Bearer {text}"}


def user(name: str, *groups: str) -> Headers:
    return bearer(token(groups, sub=name, username=name))


def role(name: str) -> Headers:
    return {"authorization": f"{_SIGNATURE}{name}"}


@cache
def callers() -> Mapping[str, Caller]:
    """Those who get in, by name."""
    return {
        caller.name: caller
        for caller in (
            Caller("guest", "guest", {"x-api-key": API_KEY}, "guest"),
            Caller("student", "student", user("ada", "students"), "ada"),
            Caller("other student", "student", user("bob"), "bob", target="ada"),
            Caller("staff", "staff", user("grace", "staff"), "grace"),
            Caller("admin", "admin", user("linus", "students", "admins"), "linus"),
            Caller(
                "group that only sounds so", "student", user("eve", "x admins", "Admins", "[staff", "admins]"), "eve"
            ),
            Caller("handleEvents", "backend", role("HandleEventsRole"), function="handleEvents"),
            Caller("pushNotifications", "backend", role("PushNotificationsRole"), function="pushNotifications"),
            Caller("another role", "nobody", role("ReadTasksRole")),
        )
    }


def refused() -> Mapping[str, Headers]:
    """The credentials of the page's last table, made now: a quarter of an hour later some of them are valid."""
    soon = int(time.time()) + 900
    return {
        "none": {},
        "an unknown API key": {"x-api-key": "da2-unknown"},
        "an expired API key": {"x-api-key": EXPIRED_KEY},
        "an empty token": bearer(""),
        "a text that is no token": bearer("forged"),
        "an expired token": bearer(token(exp=int(time.time()) - 1)),
        "a token that is valid in a quarter of an hour only": bearer(token(nbf=soon)),
        "a token that was issued in a quarter of an hour": bearer(token(iat=soon)),
        "a token without an expiry": bearer(token(without="exp")),
        "a token that somebody else has signed": bearer(token(pair="somebody else's")),
        "a token whose claims were changed after signing": bearer(_tampered(token())),
        "a token of another client": bearer(token(client_id="another")),
        "a token of another pool": bearer(token(iss=f"{ISSUER}2")),
        "a token with `alg: none`": bearer(_by_hand("none", lambda _signed: b"")),
        "a token signed by HS256 with the public key as its secret": bearer(_by_hand("HS256", _with_public_key)),
        "a signature of an unknown signer": role("NobodysRole"),
    }


def _claims(text: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(text, options={"verify_signature": False})
    return claims


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _tampered(text: str) -> str:
    header, _, signature = text.split(".")
    changed = {**_claims(text), "cognito:groups": ["admins"]}
    return f"{header}.{_encoded(json.dumps(changed).encode())}.{signature}"


def _by_hand(algorithm: str, sign: Callable[[bytes], bytes]) -> str:
    """What a library takes that trusts the header's algorithm; PyJWT does not even make it."""
    header = _encoded(json.dumps({"alg": algorithm, "typ": "JWT", "kid": _KEY_ID}).encode())
    signed = f"{header}.{_encoded(json.dumps(_claims(token())).encode())}"
    return f"{signed}.{_encoded(sign(signed.encode()))}"


def _with_public_key(signed: bytes) -> bytes:
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hmac.new(_pair("the pool's").public_key().public_bytes(*form), signed, hashlib.sha256).digest()


class PoolKeys:
    """The pool's public keys: `SigningKeys`."""

    async def key(self, issuer: str, key_id: str) -> Mapping[str, object] | None:
        if (issuer, key_id) != (ISSUER, _KEY_ID):
            return None
        return jwt.algorithms.RSAAlgorithm.to_jwk(_pair("the pool's").public_key(), as_dict=True)


class Roles:
    """The template's roles: `Iam`. A signature is the role's name; what a role may do is in its policies."""

    def __init__(self, template: Mapping[str, Any], resolve: Callable[[object], Any]) -> None:
        self._resources = template["Resources"]
        self._resolve = resolve

    async def authenticate(
        self, _method: str, _path: str, headers: Sequence[tuple[bytes, bytes]], _body: bytes
    ) -> IamCaller:
        name = dict(headers)[b"authorization"].decode().removeprefix(_SIGNATURE)
        if self._resources.get(name, {}).get("Type") != "AWS::IAM::Role":
            raise SignatureError("The security token included in the request is invalid.")
        return IamCaller(f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/call", ACCOUNT, f"{name}:call", name)

    async def allows(self, caller: IamCaller, action: str, resource: str) -> bool:
        statements = [
            statement
            for policy in self._resources[caller.access_key_id]["Properties"]["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        return any(
            statement["Effect"] == "Allow"
            and action in _listed(statement["Action"])
            and any(fnmatchcase(resource, self._resolve(each)) for each in _listed(statement["Resource"]))
            for statement in statements
        )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
