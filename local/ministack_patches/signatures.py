"""Proves signatures for the guard before ministack, with ministack's own arithmetic and keys."""

import importlib
from dataclasses import replace
from typing import Any
from uuid import uuid4

from local.ministack_patches.signed_requests import (
    App,
    Request,
    Response,
    Signature,
    SignatureError,
    SignedRequestsOnly,
)


class Signatures:
    """Verifies signatures with ministack's own arithmetic, and the secrets of its users, its roles and its root."""

    def __init__(self, account: str, secret: str) -> None:
        self._account = account
        self._secret = secret
        self._keys: Any = importlib.import_module("ministack.core.iam_evaluator")
        self._sigv4: Any = importlib.import_module("ministack.core.sigv4")
        self._resolve = self._keys.resolve_credential
        setattr(self._keys, "resolve_credential", self._resolve_credential)  # noqa: B010 - of a module

    def verify(self, request: Request, claimed: Signature) -> None:
        """Raise SignatureError unless the request is signed with the secret of the key that it names."""
        secret = self._secret_of(claimed)
        signature = self._sigv4.HeaderSignature(
            claimed.key, claimed.date, claimed.region, claimed.service, claimed.headers, claimed.signature, claimed.at
        )
        what = (request.method, request.path, request.query, request.headers, request.body)
        failure = self._expired(request) if claimed.presigned else self._sigv4.request_time_failure(signature)
        failure = failure or self._sigv4.header_signature_failure(signature, secret, *what, presigned=claimed.presigned)
        if failure:
            raise SignatureError(*failure)

    def _secret_of(self, claimed: Signature) -> str:
        found = self._keys.resolve_credential(claimed.key, self._account, claimed.token or "")
        if isinstance(found, self._keys.CredentialResolutionError):
            raise SignatureError(found.code, found.message)
        return str(found.secret_access_key)

    def _resolve_credential(self, key: str, *about: Any, **named: Any) -> Any:
        """Resolve as ministack does, but for its root: that has one key and this secret."""
        found = self._resolve(key, *about, **named)
        if not self._keys.is_root_access_key(key) or isinstance(found, self._keys.CredentialResolutionError):
            return found
        if key and key != self._account:
            return self._keys.CredentialResolutionError("UnrecognizedClientException", "The access key is unknown.")
        return replace(found, secret_access_key=self._secret)

    def _expired(self, request: Request) -> tuple[str, str] | None:
        try:
            at, seconds = request.query["X-Amz-Date"][0], int(request.query.get("X-Amz-Expires", ["0"])[0])
            expired = seconds < 1 or self._sigv4.presigned_request_is_expired(at, seconds)
        except ValueError:
            expired = True
        return ("AccessDenied", "Request has expired") if expired else None


def respond(request: Request, error: SignatureError) -> Response:
    """Write an error as the service would that the request is for."""
    app: Any = importlib.import_module("ministack.app")
    keys: Any = importlib.import_module("ministack.core.iam_evaluator")
    service = app.detect_service(request.method, request.path, request.headers, request.query)
    failure = keys.AuthError(error.code, error.message)
    response: Response = app._credential_failure(service, "", str(uuid4()), failure, request.headers)  # noqa: SLF001
    return response


def serve_signed_requests_only(signatures: Signatures) -> None:
    """Put the guard before ministack."""
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    serve = hypercorn.serve

    def serve_guarded(app: App, config: Any) -> Any:
        return serve(SignedRequestsOnly(app, signatures.verify, respond), config)

    hypercorn.serve = serve_guarded
