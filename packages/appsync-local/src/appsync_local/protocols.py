"""The ports: functions to invoke, signatures to verify, public keys of token issuers, what is counted of pushes.

The embedding program implements them; nothing here depends on sockets or a particular local AWS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class FunctionError(Exception):
    """The Lambda function raised: AppSync returns its message, and drops its class."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message


class SignatureError(Exception):
    """The signature of a request is not valid; `code` is AWS's name for why, e.g. InvalidSignatureException."""

    def __init__(self, message: str, code: str = "UnrecognizedClientException") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class IamCaller:
    """The signer of a request, as STS's GetCallerIdentity describes it."""

    arn: str
    account_id: str
    user_id: str
    access_key_id: str


class Functions(Protocol):
    """The Lambda functions of the template."""

    async def invoke(self, function: str, event: object) -> object:
        """Invoke a function and wait for its response.

        Args:
            function: The logical id of its resource in the template.
            event: Plain JSON values, as Lambda passes them to the handler.

        Returns:
            What the function returned, as plain JSON values.

        Raises:
            FunctionError: The function raised. Any other exception is logged, and clients get an internal error.
        """
        ...


class Iam(Protocol):
    """Signature Version 4 and the signer's policies."""

    async def authenticate(
        self, method: str, path: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> IamCaller:
        """Verify the signature of a request.

        Args:
            method: The HTTP method that was signed.
            path: The path with its query string, as it came.
            headers: As ASGI has them: pairs of bytes, names in lower case.
            body: The body that was signed.

        Returns:
            Who signed exactly this request.

        Raises:
            SignatureError: Nobody did, or the credentials are unknown.
        """
        ...

    async def allows(self, caller: IamCaller, action: str, resource: str) -> bool:
        """Return whether the caller's policies allow the action on the resource (an ARN)."""
        ...


class SigningKeys(Protocol):
    """The public keys of user pools and OpenID Connect providers (`auth.jwks.JwksCache` is one)."""

    async def key(self, issuer: str, key_id: str) -> Mapping[str, object] | None:
        """Return the issuer's key of this id (`kid`) as a JWK, or None when it has no such key."""
        ...


class Meter(Protocol):
    """Takes what AppSync counts in CloudWatch of real-time subscriptions; must not block."""

    def published(self, messages: int) -> None:
        """Take that messages were passed to subscribers, one for each (`PublishDataMessageSuccess`)."""
        ...

    def subscriptions(self, number: int) -> None:
        """Take how many subscriptions are open now (`ActiveSubscriptions`)."""
        ...


class NoMeter:
    """A `Meter` that counts nothing."""

    def published(self, _messages: int) -> None:
        """Forget it."""

    def subscriptions(self, _number: int) -> None:
        """Forget it."""


class DenyAll:
    """An `Iam` and a `SigningKeys` that accept no caller, for an API without signatures and tokens."""

    async def authenticate(self, *_request: object) -> IamCaller:
        """Raise SignatureError."""
        raise SignatureError("The security token included in the request is invalid.")

    async def allows(self, *_question: object) -> bool:
        """Return False."""
        return False

    async def key(self, *_key: object) -> None:
        """Return no key."""
