"""Invokes the deployed functions on the local AWS."""

import asyncio
from collections.abc import Mapping

import aiohttp
import orjson
from appsync_local._json import to_json
from appsync_local.protocols import FunctionError
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.credentials import load_or_create_secrets
from local.settings import Settings

REQUEST_TOO_LARGE = "RequestTooLargeException"
_LARGEST_REQUEST = 6 * 1024 * 1024
_LARGEST_RESPONSE = _LARGEST_REQUEST + 100


class LambdaFunctions:
    """The gateway's `Functions`: logical ids of the template, at most `at_once` invocations of each function.

    Further invocations wait here. The local AWS has the same limit (`ministack_patches/concurrency.py`), but there each
    waiting invocation holds a thread. Payloads are at most as large as Lambda's ("Lambda quotas").
    """

    def __init__(
        self, settings: Settings, http: aiohttp.ClientSession, physical: Mapping[str, str], at_once: int = 4
    ) -> None:
        self._endpoint = f"{settings.aws_endpoint}/2015-03-31/functions"
        root = Credentials(settings.account, load_or_create_secrets(settings.state).aws_secret_key)
        self._signer = SigV4Auth(root, "lambda", settings.region)
        self._http = http
        self._physical = physical
        self._at_once = at_once
        self._slots: dict[str, asyncio.Semaphore] = {}

    async def invoke(self, function: str, event: object) -> object:
        """Return what the function returned; raises FunctionError when it raised, timed out, or is given too much."""
        name = self._physical[function]
        payload = to_json(event)
        if len(payload) > _LARGEST_REQUEST:
            raise FunctionError(REQUEST_TOO_LARGE, f"Request must be smaller than {_LARGEST_REQUEST} bytes.")
        async with self._slots.setdefault(function, asyncio.Semaphore(self._at_once)):
            url = f"{self._endpoint}/{name}/invocations"
            request = AWSRequest("POST", url, data=payload)
            self._signer.add_auth(request)
            async with self._http.post(url, data=request.data, headers=dict(request.headers)) as answer:
                body = await answer.read()
        return _result(name, answer, body)


def _result(name: str, answer: aiohttp.ClientResponse, body: bytes) -> object:
    if len(body) > _LARGEST_RESPONSE:
        message = f"Response payload size exceeded maximum allowed payload size ({_LARGEST_RESPONSE} bytes)."
        raise FunctionError("Function.ResponseSizeTooLarge", message)
    payload: object = orjson.loads(body) if body else None
    failure = payload if isinstance(payload, dict) else {}
    if "X-Amz-Function-Error" in answer.headers:
        raise FunctionError(failure.get("errorType") or "Unhandled", failure.get("errorMessage") or "")
    if answer.status != 200:
        reason = f"Lambda answered {answer.status} for {name}. {failure.get('message', '')}"
        raise FunctionError("LambdaException", reason.strip())
    return payload
