"""Connects the request guard to ministack: credentials, signature verification, services, error responses."""

import importlib
from dataclasses import replace
from typing import Any
from uuid import uuid4

from local.loopback import has_ipv6_loopback
from local.ministack_patches.request_guard import App, Response, SignedRequestsOnly, signing_in
from local.ministack_patches.signed_request import AccessError, Request, Signature


class Ministack:
    """Verifies signatures by ministack's code, with the secrets of its users, its roles and its root."""

    def __init__(self, account: str, secret: str) -> None:
        self._account = account
        self._secret = secret
        self._keys: Any = importlib.import_module("ministack.core.iam_evaluator")
        self._sigv4: Any = importlib.import_module("ministack.core.sigv4")
        self._app: Any = importlib.import_module("ministack.app")
        self._resolve = self._keys.resolve_credential
        setattr(self._keys, "resolve_credential", self._resolve_credential)  # noqa: B010 - of a module

    def verify(self, request: Request, claimed: Signature) -> None:
        """Raise AccessError unless the request is signed with the secret of the key that it names."""
        secret = self._secret_of(claimed)
        signature = self._sigv4.HeaderSignature(
            claimed.key, claimed.date, claimed.region, claimed.service, claimed.headers, claimed.signature, claimed.at
        )
        what = (request.method, request.path, request.query, request.headers, request.body)
        failure = self._expired(request) if claimed.presigned else self._sigv4.request_time_failure(signature)
        failure = failure or self._sigv4.header_signature_failure(signature, secret, *what, presigned=claimed.presigned)
        if failure:
            raise AccessError(*failure)

    def _secret_of(self, claimed: Signature) -> str:
        found = self._keys.resolve_credential(claimed.key, self._account, claimed.token or "")
        if isinstance(found, self._keys.CredentialResolutionError):
            raise AccessError(found.code, found.message)
        return str(found.secret_access_key)

    def _resolve_credential(self, key: str, *about: Any, **named: Any) -> Any:
        """Resolve as ministack does, except for its root, which has one key and this secret."""
        found = self._resolve(key, *about, **named)
        if not self._keys.is_root_access_key(key) or isinstance(found, self._keys.CredentialResolutionError):
            return found
        if key != self._account and not (key == "" and signing_in.get()):
            return self._keys.CredentialResolutionError("UnrecognizedClientException", "The access key is unknown.")
        return replace(found, secret_access_key=self._secret)

    def _expired(self, request: Request) -> tuple[str, str] | None:
        try:
            at, seconds = request.query["X-Amz-Date"][0], int(request.query.get("X-Amz-Expires", ["0"])[0])
            expired = seconds < 1 or self._sigv4.presigned_request_is_expired(at, seconds)
        except ValueError:
            expired = True
        return ("AccessDenied", "Request has expired") if expired else None

    def service_of(self, request: Request) -> str:
        """Return the service that ministack would route the request to."""
        return str(self._app.detect_service(request.method, request.path, request.headers, request.query))

    def arn_of(self, signature: Signature) -> str:
        """Return the ARN of the signer of a verified signature."""
        found = self._keys.resolve_credential(signature.key, self._account, signature.token or "")
        return str(found.principal_arn)

    def is_root(self, signature: Signature) -> bool:
        """Return whether the signature has the root's key."""
        return signature.key == self._account

    def is_pool(self, pool_id: str) -> bool:
        """Return whether there is a user pool with this id."""
        return self._app._get_module("cognito")._get_pool_unscoped(pool_id) is not None  # noqa: SLF001

    def respond(self, request: Request, error: AccessError) -> Response:
        """Return the error in the format of the request's service."""
        response: Response = self._failure(self.service_of(request), request.headers, error)
        return response

    def deny_unknown_actions(self) -> None:
        """Restrict actions that no policy can name to the root, and keep trailers of a body from becoming headers.

        ministack allows actions that it does not recognise, and reads trailers after the guard.
        """
        authenticate = self._app._authenticate_only  # noqa: SLF001
        decode = self._app._decode_aws_chunked_body  # noqa: SLF001

        def lift_checksums_only(body: bytes, headers: dict[str, str]) -> bytes:
            before = set(headers)
            decoded: bytes = decode(body, headers)
            for name in set(headers) - before:
                if not name.startswith("x-amz-checksum-"):
                    del headers[name]
            return decoded

        def authenticate_only(service: str, headers: Any, query: Any, request_id: str) -> Any:
            failure = authenticate(service, headers, query, request_id)
            if failure or self._app.extract_access_key_id(headers, query) == self._account:
                return failure
            return self._failure(service, headers, AccessError("AccessDenied", "This action is not known."))

        self._app._authenticate_only = authenticate_only  # noqa: SLF001
        self._app._decode_aws_chunked_body = lift_checksums_only  # noqa: SLF001

    def _failure(self, service: str, headers: Any, error: AccessError) -> Any:
        failure = self._keys.AuthError(error.code, error.message)
        return self._app._credential_failure(service, "", str(uuid4()), failure, headers)  # noqa: SLF001


def serve_signed_requests_only(ministack: Ministack) -> None:
    """Serve ministack behind the guard, at every address that `localhost` can resolve to."""
    ministack.deny_unknown_actions()
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    serve = hypercorn.serve

    def serve_guarded(app: App, config: Any) -> Any:
        if has_ipv6_loopback():
            config.bind = [*config.bind, f"[::1]:{config.bind[0].rpartition(':')[2]}"]
        return serve(SignedRequestsOnly(app, ministack), config)

    hypercorn.serve = serve_guarded
