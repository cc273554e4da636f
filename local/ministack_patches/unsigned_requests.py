"""What AWS serves without a signature: a user pool's public keys, and signing in with a password, or up where allowed.

Besides that there is the question whether ministack is ready.
"""

import json
import re
from collections.abc import Callable, Mapping

from local.ministack_patches.aws_protocols import JSON_TYPES
from local.ministack_patches.signed_request import Request

READY = "/_ministack/ready"
_POOL_KEYS = re.compile(r"/(?P<pool>[a-z0-9-]+_[A-Za-z0-9]+)/\.well-known/(jwks\.json|openid-configuration)")
_COGNITO = "AWSCognitoIdentityProviderService."
# What signs in with a password, or needs a token that was got by it; each with the values of a field that it may have.
_SIGNING_IN: Mapping[str, tuple[str, frozenset[str]] | None] = {
    "InitiateAuth": (
        "AuthFlow",
        frozenset({"USER_SRP_AUTH", "USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"}),
    ),
    "RespondToAuthChallenge": ("ChallengeName", frozenset({"PASSWORD_VERIFIER"})),
    "GetTokensFromRefreshToken": None,
    "GetUser": None,
    "GlobalSignOut": None,
    "RevokeToken": None,
    "SignUp": None,  # refused by the pool where only administrators make accounts (`user_pools.py`)
}


def is_public_path(request: Request, is_pool: Callable[[str], bool]) -> bool:
    """Return whether AWS serves this path without a signature."""
    if request.method != "GET" or request.query or "authorization" in request.headers:
        return False
    keys = _POOL_KEYS.fullmatch(request.path)
    return request.path == READY or (keys is not None and is_pool(keys["pool"]))


def sign_in_body(request: Request) -> bytes | None:
    """Return the re-serialized body of a sign-in that AWS accepts unsigned; None for any other request."""
    service, _, operation = request.headers.get("x-amz-target", "").partition(".")
    signs_in = f"{service}." == _COGNITO and operation in _SIGNING_IN
    if not signs_in or (request.method, request.path) != ("POST", "/") or request.query:
        return None
    if "authorization" in request.headers or request.headers.get("content-type") not in JSON_TYPES:
        return None
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    limited = _SIGNING_IN[operation]
    if not isinstance(fields, dict) or (limited and str(fields.get(limited[0])) not in limited[1]):
        return None
    return json.dumps(fields).encode()
