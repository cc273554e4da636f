"""Authenticates and authorizes IAM callers with the local AWS.

Authentication: only the local AWS has the secrets that verify a signature. So the signed part of the request (method,
path and query string, signed headers, body) is forwarded to it unchanged, with one unsigned header: the target
`Taskbell.WhoSigned`. Its guard (`ministack_patches/request_guard.py`) verifies the signature and returns the signer's
ARN, or why the signature is invalid.

Authorization: `iam:SimulatePrincipalPolicy` on the user or role of the ARN, cached for a few seconds. (It evaluates the
principal's own policies; this project has no permissions boundaries and no session policies.)

The root of the local account is rejected: an API is called by users and roles.
"""

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
import boto3
import orjson
from appsync_local.protocols import IamCaller, SignatureError
from yarl import URL

from local.ministack import boto3_arguments
from local.ministack_patches.request_guard import WHO_SIGNED
from local.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/,\s]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_SIGNED_HEADERS = re.compile(r"SignedHeaders=(?P<names>[^,\s]+)")
_ALWAYS_SENT = {"authorization", "x-amz-date", "date", "x-amz-security-token", "x-amz-content-sha256"}
_ROOT_KEY = re.compile(r"test|\d{12}")


class Claim(NamedTuple):
    """The unverified content of an Authorization header."""

    access_key_id: str
    signed: frozenset[str]


class LocalIam:
    """The gateway's `Iam`."""

    def __init__(
        self,
        settings: Settings,
        http: aiohttp.ClientSession,
        *,
        remember_for: float = 5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._http = http
        self._client: IAMClient = boto3.client("iam", **boto3_arguments(settings))
        self._remember_for = remember_for
        self._clock = clock
        self._decisions: dict[tuple[str, str, str], tuple[float, bool]] = {}
        self._user_ids: dict[str, str] = {}

    async def authenticate(
        self, method: str, path: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> IamCaller:
        """Return who signed this request; raises SignatureError with AWS's code and message."""
        sent = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
        claim = self._claim(sent.get("authorization", ""))
        passed_on = {name: sent[name] for name in sent.keys() & (claim.signed | _ALWAYS_SENT)}
        passed_on["x-amz-target"] = WHO_SIGNED
        url = URL(f"{self._settings.aws_endpoint}{path}", encoded=True)
        async with self._http.request(method, url, data=body, headers=passed_on) as response:
            answer = _json(await response.read())
        if response.status != HTTPStatus.OK:
            raise SignatureError(str(answer.get("message", "")), str(answer.get("__type", "")))
        arn = str(answer["arn"])
        if arn in self._user_ids:
            return self._caller(claim.access_key_id, arn)  # calls no service
        return await asyncio.to_thread(self._caller, claim.access_key_id, arn)

    async def allows(self, caller: IamCaller, action: str, resource: str) -> bool:
        """Return whether the caller's policies allow the action on the resource."""
        question = (caller.arn, action, resource)
        asked_at, allowed = self._decisions.get(question, (float("-inf"), False))
        if self._clock() - asked_at >= self._remember_for:
            allowed = await asyncio.to_thread(self._simulate, *question)
            self._decisions[question] = (self._clock(), allowed)
        return allowed

    def _claim(self, authorization: str) -> Claim:
        credential, signed = _CREDENTIAL.search(authorization), _SIGNED_HEADERS.search(authorization)
        if not authorization.startswith("AWS4-HMAC-SHA256 ") or credential is None or signed is None:
            message = "The Authorization header is not a complete AWS Signature Version 4."
            raise SignatureError(message, "IncompleteSignatureException")
        if credential["region"] != self._settings.region or credential["service"] != "appsync":
            message = f"Credential should be scoped to {self._settings.region}/appsync."
            raise SignatureError(message, "InvalidSignatureException")
        names = frozenset(signed["names"].lower().split(";"))
        if "host" not in names or "x-amz-target" in names:
            message = "'Host' must be a signed header, and 'X-Amz-Target' must not."
            raise SignatureError(message, "InvalidSignatureException")
        if _ROOT_KEY.fullmatch(credential["key"]):
            raise SignatureError("The root of the local account does not call the API; sign as a user or a role.")
        return Claim(credential["key"], names)

    def _caller(self, access_key_id: str, arn: str) -> IamCaller:
        if arn not in self._user_ids:
            self._user_ids[arn] = self._user_id(arn)
        return IamCaller(arn, arn.split(":")[4], self._user_ids[arn], access_key_id)

    def _user_id(self, arn: str) -> str:
        principal_type, _, name = arn.rpartition(":")[2].partition("/")
        if principal_type == "assumed-role":
            role, _, session = name.rpartition("/")
            return f"{self._client.get_role(RoleName=role)['Role']['RoleId']}:{session}"
        return self._client.get_user(UserName=name.rpartition("/")[2])["User"]["UserId"]

    def _simulate(self, arn: str, action: str, resource: str) -> bool:
        source = re.sub(r"^arn:aws:sts::(\d+):assumed-role/(.+)/[^/]+$", r"arn:aws:iam::\1:role/\2", arn)
        answer = self._client.simulate_principal_policy(
            PolicySourceArn=source, ActionNames=[action], ResourceArns=[resource]
        )
        return answer["EvaluationResults"][0]["EvalDecision"] == "allowed"


def _json(body: bytes) -> Mapping[str, object]:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
