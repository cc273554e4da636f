"""Payloads of invocations are at most as large as Lambda's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from appsync_local.protocols import FunctionError

from local.lambda_functions import LambdaFunctions
from local.settings import Settings

MOST = 6 * 1024 * 1024


@dataclass
class Lambda:
    """Answers every invocation with this body."""

    body: bytes = b"null"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)

    @asynccontextmanager
    async def post(self, _url: str, *, data: bytes, **_options: Any) -> AsyncIterator["Lambda"]:
        self.requests.append(data)
        yield self

    async def read(self) -> bytes:
        return self.body


def functions(lambda_: Any, state: Path) -> LambdaFunctions:
    return LambdaFunctions(Settings(state=state), lambda_, {"Serve": "serve"})


async def test_an_event_of_more_than_6_mb_is_not_sent(tmp_path: Path) -> None:
    lambda_ = Lambda()
    invoke = functions(lambda_, tmp_path).invoke
    assert await invoke("Serve", "x" * (MOST - 2)) is None
    with pytest.raises(FunctionError, match="Request must be smaller than 6291456 bytes") as raised:
        await invoke("Serve", "x" * (MOST - 1))
    assert raised.value.error_type == "RequestTooLargeException"
    assert len(lambda_.requests) == 1


async def test_a_response_of_more_than_6_mb_is_an_error_of_the_function(tmp_path: Path) -> None:
    lambda_ = Lambda(b'"%b"' % bytes(MOST + 98).replace(b"\0", b"x"))
    assert len(str(await functions(lambda_, tmp_path).invoke("Serve", {}))) == MOST + 98
    lambda_.body += b" "
    with pytest.raises(FunctionError, match=r"Response payload size exceeded .* \(6291556 bytes\)") as raised:
        await functions(lambda_, tmp_path).invoke("Serve", {})
    assert raised.value.error_type == "Function.ResponseSizeTooLarge"
