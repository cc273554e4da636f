"""Identifying the signer of a request."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from local.iam import LocalIam
from local.settings import Settings

ARN = "arn:aws:sts::000000000000:assumed-role/HandleEvents/handleEvents"
SCOPE = "ASIAKEY/20300101/eu-central-1/appsync/aws4_request"
SIGNED = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-date, Signature=abc"


class Aws:
    """The local AWS: it returns the role that signed, and counts lookups of the role."""

    def __init__(self) -> None:
        self.lookups = 0

    @asynccontextmanager
    async def request(self, *_: object, **__: object) -> AsyncIterator[Any]:
        async def read() -> bytes:
            return json.dumps({"arn": ARN}).encode()

        yield SimpleNamespace(status=200, read=read)

    def get_role(self, **_: str) -> dict[str, Any]:
        self.lookups += 1
        return {"Role": {"RoleId": "AROA1"}}


async def test_the_id_of_an_arn_is_fetched_once(tmp_path: Path) -> None:
    aws: Any = Aws()
    iam = LocalIam(Settings(state=tmp_path), aws)
    iam._client = aws
    headers = [(b"host", b"127.0.0.1:4000"), (b"authorization", SIGNED.encode())]
    callers = [await iam.authenticate("POST", "/graphql", headers, b"{}") for _ in range(3)]
    assert [(caller.arn, caller.user_id) for caller in callers] == [(ARN, "AROA1:handleEvents")] * 3
    assert aws.lookups == 1
