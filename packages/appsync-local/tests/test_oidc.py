"""The authorization type OPENID_CONNECT: tokens of any provider, and their maximum age."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from support.gateway import Gateway
from support.sample_api import NOW, SCHEMA, template

ISSUER = "https://login.example/tenant"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
CLAIMS = {"sub": "u-1", "iss": ISSUER, "aud": "app", "iat": NOW - 10, "auth_time": NOW - 20, "exp": NOW + 600}
TASK = "{ task(id: 1) { id } }"


def knowing(**config: object) -> Gateway:
    compiled = template()
    provider = {"AuthenticationType": "OPENID_CONNECT", "OpenIDConnectConfig": {"Issuer": ISSUER, **config}}
    compiled["Resources"]["Api"]["Properties"]["AdditionalAuthenticationProviders"].append(provider)
    gateway = Gateway(compiled=compiled, schema=SCHEMA.replace("@aws_api_key", "@aws_oidc"))
    gateway.functions.answers["task"] = {"id": "1"}
    gateway.keys.known[ISSUER, "r"] = jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True)
    gateway.keys.known[ISSUER, "e"] = jwt.algorithms.ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True)
    return gateway


def token(algorithm: str = "RS256", **claims: Any) -> dict[str, str]:
    key: Any = EC_KEY if algorithm.startswith("ES") else RSA_KEY
    payload = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    encoded = jwt.encode(payload, key, algorithm=algorithm, headers={"kid": "e" if algorithm.startswith("ES") else "r"})
    return {"authorization": encoded}


async def status(gateway: Gateway, shown: dict[str, str]) -> int:
    return (await gateway.request("POST", "/graphql", b'{"query": "{ __typename }"}', shown)).status


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256", "ES256"])
async def test_a_token_shows_its_claims_to_the_resolver(algorithm: str) -> None:
    gateway = knowing()
    assert await gateway.query(TASK, token(algorithm)) == {"data": {"task": {"id": "1"}}}
    assert gateway.functions.events[0]["identity"] == {"sub": "u-1", "issuer": ISSUER, "claims": CLAIMS}


@pytest.mark.parametrize(
    ("claims", "accepted"),
    [
        ({"aud": "app"}, True),
        ({"aud": "app-2"}, True),
        ({"aud": ["other", "app"]}, True),
        ({"aud": "other", "azp": "app"}, True),
        ({"aud": "other"}, False),
        ({"aud": None}, False),
        ({"aud": "app-2-more"}, False),
        ({"iss": "https://login.example/another"}, False),
    ],
)
async def test_the_client_must_match_by_audience_or_authorised_party(claims: dict[str, Any], accepted: bool) -> None:
    assert await status(knowing(ClientId="app|app-2"), token(**claims)) == (200 if accepted else 401)


@pytest.mark.parametrize(
    ("config", "claims", "until"),
    [
        ({}, {}, 600),
        ({"IatTTL": 60_000}, {}, 50),
        ({"AuthTTL": 60_000}, {}, 40),
        ({"IatTTL": 3_600_000}, {}, 600),
        ({"IatTTL": 60_000}, {"iat": None}, None),
        ({"AuthTTL": 60_000}, {"auth_time": None}, None),
        ({"AuthTTL": 0}, {"auth_time": None}, 600),
    ],
)
async def test_a_token_ages_from_its_issue_and_its_authentication(
    config: dict[str, int], claims: dict[str, Any], until: int | None
) -> None:
    gateway = knowing(**config)
    shown = token(**claims)
    if until is None:
        assert await status(gateway, shown) == 401
        return
    gateway.now = NOW + until - 1
    assert await status(gateway, shown) == 200
    gateway.now = NOW + until
    assert await status(gateway, shown) == 401


async def test_a_token_with_a_shared_secret_is_refused() -> None:
    by_secret = jwt.encode(CLAIMS, "s" * 32, algorithm="HS256", headers={"kid": "r"})
    assert await status(knowing(), {"authorization": by_secret}) == 401


async def test_a_field_without_aws_oidc_is_denied() -> None:
    body = await knowing().query("{ mine { id } }", token())
    assert body["errors"][0]["message"] == "Not Authorized to access mine on type Query"
