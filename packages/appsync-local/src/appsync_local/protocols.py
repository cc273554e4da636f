"""What the gateway needs from the world around it: functions to call, signatures to check, keys of user pools.

Whoever embeds the gateway implements these; nothing here knows of sockets or of a particular local AWS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class FunctionFailed(Exception):
    """The Lambda function raised: AppSync shows its message, and forgets its class."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message


class NotAuthentic(Exception):
    """The signature of a request does not hold; `code` is AWS's name for why, e.g. InvalidSignatureException."""

    def __init__(self, message: str, code: str = "UnrecognizedClientException") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class IamCaller:
    """Who signed a request, as STS's GetCallerIdentity would tell."""

    arn: str
    account_id: str
    user_id: str
    access_key_id: str


class Functions(Protocol):
    """The Lambda functions of the template, by the logical id of their resource."""

    async def invoke(self, function: str, event: object) -> object:
        """Answer what the function returned, as plain JSON values; raise FunctionFailed when it raised."""
        ...


class Iam(Protocol):
    """Signature Version 4 and the policies of whoever signed."""

    async def authenticate(
        self, method: str, path: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> IamCaller:
        """Tell who signed exactly this request (the path with its query string); raise NotAuthentic when nobody did."""
        ...

    async def allows(self, caller: IamCaller, action: str, resource: str) -> bool:
        """Tell whether the caller's policies allow the action on the resource (an ARN)."""
        ...


class SigningKeys(Protocol):
    """The public keys of user pools and OpenID Connect providers (`auth.jwks.KeptKeys` is one)."""

    async def key(self, issuer: str, key_id: str) -> Mapping[str, object] | None:
        """Answer the issuer's key as a JWK, or None when it has no such key."""
        ...


class Nobody:
    """An `Iam` and a `SigningKeys` that know nobody, for an API without signatures and tokens."""

    async def authenticate(self, *_request: object) -> IamCaller:
        """Refuse."""
        raise NotAuthentic("The security token included in the request is invalid.")

    async def allows(self, *_question: object) -> bool:
        """Refuse."""
        return False

    async def key(self, *_key: object) -> None:
        """Have no key."""
