"""Tokens of the sample API's user pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from support.sample_api import NOW, POOL

if TYPE_CHECKING:
    from support.gateway import Gateway

PAIR = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_PAIR = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLAIMS = {
    "sub": "u-1",
    "iss": POOL,
    "client_id": "web",
    "username": "ada",
    "token_use": "access",
    "cognito:groups": ["students"],
    "exp": NOW + 60,
}


def token(claims: dict[str, Any] | None = None, pair: rsa.RSAPrivateKey = PAIR, key_id: str = "k1") -> str:
    """Sign a token with these claims instead of, or beside, the usual ones."""
    return jwt.encode({**CLAIMS, **(claims or {})}, pair, algorithm="RS256", headers={"kid": key_id})


def knowing_the_key(gateway: Gateway) -> Gateway:
    """Let the gateway find the pool's key."""
    gateway.keys.known[(POOL, "k1")] = jwt.algorithms.RSAAlgorithm.to_jwk(PAIR.public_key(), as_dict=True)
    return gateway
