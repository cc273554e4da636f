"""The process that ministack runs in, by .venv-aws' interpreter, with the standard library and `local.mending` alone.

ministack is pinned exactly, and what follows is put right about it here before it starts: it serves only who proves a
signature, it runs only this checkout's code, it ends with its parent, its answers to functions do not wait, a query
reads its conditions once, a function has a bounded number of processes, a batch of a stream that fails is treated as
Lambda treats it, two parts of its state that it forgets when it stops are kept, and it stops in order.
Whatever of this a later version names otherwise fails at the start.
"""

import copy
import ctypes
import importlib
import json
import os
import runpy
import signal
import socketserver
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any
from uuid import uuid4

from local.functions.package import bootstrap
from local.mending import ending, executions
from local.mending.code import CODE, CheckoutCode, CodeRefusedError
from local.mending.conditions import KeyConditions
from local.mending.endpoint import App, Request, Response, Signature, SignatureError, SignedRequestsOnly
from local.mending.runtime_api import for_own_programs
from local.mending.streams import StreamBatches
from local.mending.turns import Function, Result, Turns, name_of
from local.settings import CHECKOUT

DRAINED_WITHIN = 5


def end_with_parent() -> None:
    """On Linux, have the kernel end this process when the one that started it is killed outright."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def send_at_once() -> None:
    """Lambda's Runtime API writes an answer in two parts; Nagle's algorithm would hold the second back for 40 ms."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def keep_stream_records() -> None:
    """ministack saves how far each mapping has read a stream, but not the stream: the next changes would be skipped."""
    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    save, restore = dynamodb.get_state, dynamodb.load_persisted_state
    kept = {"stream_records": dynamodb._stream_records, "stream_trimmed": dynamodb._stream_trimmed}  # noqa: SLF001

    def get_state() -> dict[str, Any]:
        return {**save(), **{name: copy.deepcopy(store) for name, store in kept.items()}}

    def load_persisted_state(data: dict[str, Any]) -> None:
        restore(data)
        for name, store in kept.items():
            if name in data:
                store.update(data[name])

    dynamodb.get_state, dynamodb.load_persisted_state = get_state, load_persisted_state


def keep_executions(interrupted: Path) -> None:
    """ministack fails what was running when it stopped; it is noted in a file instead, to be started again."""
    stepfunctions: Any = importlib.import_module("ministack.services.stepfunctions")
    restore = stepfunctions.load_persisted_state

    def load_persisted_state(data: dict[str, Any]) -> None:
        stored = data["executions"]._data  # noqa: SLF001 - its keys as they are, not those of one account
        running = [key for key, execution in stored.items() if execution["status"] == "RUNNING"]
        executions.note(interrupted, [stored[key] for key in running])
        for key in running:
            del stored[key]
        restore(data)

    stepfunctions.load_persisted_state = load_persisted_state


def look_again_soon() -> None:
    """Behind a look at the streams and queues that found nothing, ministack is deaf for 50 ms; 5 are enough."""
    lambda_service: Any = importlib.import_module("ministack.services.lambda_svc")
    lambda_service._ESM_IDLE_WAKE_GAP_SECONDS = 0.005  # noqa: SLF001


def read_conditions_once() -> None:
    """ministack reads a query's conditions anew for each item that it looks at; a student's partition has thousands."""
    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    dynamodb._evaluate_condition = KeyConditions(dynamodb._evaluate_condition)  # noqa: SLF001
    for name in ("_tokenize", "_condition_syntax_error"):
        setattr(dynamodb, name, lru_cache(getattr(dynamodb, name)))


def save_fast() -> None:
    """ministack saves by `json.dump`, which encodes in Python; `json.dumps` does in C, and a stop waits for it."""
    persistence: Any = importlib.import_module("ministack.core.persistence")

    def dump(state: object, file: IO[str], **options: Any) -> None:
        file.write(json.dumps(state, **options))

    persistence.json = SimpleNamespace(**{**vars(json), "dump": dump})


class Functions:
    """ministack's way to run functions, with bounds, and with a way to rest."""

    def __init__(self, logs: Path) -> None:
        lambda_service: Any = importlib.import_module("ministack.services.lambda_svc")
        self._lambda = lambda_service
        self._turns = Turns(self._lambda._execute_function_provided_warm)  # noqa: SLF001
        self._batches = StreamBatches(self._turns, self._put_aside, logs)
        self._polling = threading.Lock()
        self._poller = 0
        self._resting = False
        self._lambda._execute_function_provided_warm = self._invoke  # noqa: SLF001
        for name in ("_poll_sqs", "_poll_dynamodb_streams"):
            setattr(self._lambda, name, partial(self._poll, getattr(self._lambda, name)))

    async def rest(self) -> None:
        """Take no more batches, let what runs finish, and stop the functions."""
        self._resting = True
        done = await ending.wait_until(lambda: not self._has_batches(), DRAINED_WITHIN)
        self._turns.close()
        done = await ending.wait_until(lambda: not self._turns.running, DRAINED_WITHIN) and done
        if not done:
            print("Functions that would not finish are killed.", file=sys.stderr)
        self._turns.cut_off()
        runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
        runtime._REAP_GRACE = 0  # awslambdaric hears no SIGTERM while it waits for an event  # noqa: SLF001
        runtime.reset()

    def _has_batches(self) -> bool:
        return self._polling.locked() or bool(self._lambda._esm_inflight)  # noqa: SLF001

    def _invoke(self, function: Function, event: Any, request_id: str) -> Result:
        polled = threading.get_ident() == self._poller  # the poller invokes for streams, and other threads for queues
        return (self._batches if polled else self._turns)(function, event, request_id)

    def _poll(self, poll: Callable[[], bool]) -> bool:
        with self._polling:
            if self._resting:
                return False
            self._poller = threading.get_ident()
            return poll()

    def _put_aside(self, function: Function, record: dict[str, Any], result: Result) -> bool:
        arn = record["eventSourceARN"]
        found = [mapping for _, _, mapping in self._lambda._iter_all_esms() if mapping["EventSourceArn"] == arn]  # noqa: SLF001
        mapping = next(each for each in found if each["FunctionName"] == name_of(function))
        told = (mapping, function, [record], arn, result, "RetryAttemptsExhausted")
        self._lambda._send_ddb_stream_failure_record(*told)  # noqa: SLF001
        return bool((mapping.get("DestinationConfig") or {}).get("OnFailure"))


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
    told = keys.AuthError(error.code, error.message)
    response: Response = app._credential_failure(service, "", str(uuid4()), told, request.headers)  # noqa: SLF001
    return response


def run_own_code(code: CheckoutCode) -> None:
    """Take and run no function's code but the checkout's, and let only the functions speak to the Runtime API."""
    functions: Any = importlib.import_module("ministack.services.lambda_svc")
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    templates: Any = importlib.import_module("ministack.services.cloudformation.provisioners")
    responses: Any = importlib.import_module("ministack.core.responses")
    start, run = runtime.Worker.__init__, functions._execute_function_dispatch  # noqa: SLF001
    serve = runtime.ProvidedWorker._build_handler_class  # noqa: SLF001

    def as_response(handle: Callable[..., Any]) -> Callable[..., Any]:
        def handle_refusal(*arguments: Any) -> Any:
            try:
                return handle(*arguments)
            except CodeRefusedError as error:
                return responses.error_response_json(CODE, str(error), 400)

        return handle_refusal

    def run_if_ours(function: Function, *arguments: Any) -> Result:
        try:
            code.require(function.get("code_zip"))
        except CodeRefusedError as error:
            return {"body": {"errorType": CODE, "errorMessage": str(error)}, "error": True, "log": ""}
        result: Result = run(function, *arguments)
        return result

    def start_if_ours(worker: Any, name: str, config: Any, package: bytes) -> None:
        code.require(package)
        start(worker, name, config, package)

    for name in ("_create_function", "_update_code", "_publish_layer_version"):
        setattr(functions, name, as_response(getattr(functions, name)))
    for name in ("_reject_unreadable_zip", "_validate_unzipped_size"):  # of functions, of layers
        setattr(functions, name, code.given_to(getattr(functions, name)))
    functions._fetch_code_from_s3 = code.answered_by(functions._fetch_code_from_s3)  # noqa: SLF001
    templates._zip_inline = code.answered_by(templates._zip_inline)  # noqa: SLF001
    functions._execute_function_dispatch = run_if_ours  # noqa: SLF001
    runtime.Worker.__init__ = start_if_ours
    runtime.ProvidedWorker._build_handler_class = lambda *about: for_own_programs(serve(*about))  # noqa: SLF001


def stop_in_order(functions: Functions) -> None:
    """Have the functions rest while they are still answered, and save when nothing moves any more."""
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    app: Any = importlib.import_module("ministack.app")

    async def stop() -> None:
        await ending.wait_for_signal()
        await functions.rest()
        ending.leave(ending.save(app.save_all, app._build_persistence_save_dict()))  # noqa: SLF001

    hypercorn.serve = partial(hypercorn.serve, shutdown_trigger=stop)


def serve_signed_requests_only(signatures: Signatures) -> None:
    """Put the guard before ministack."""
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    serve = hypercorn.serve

    def serve_guarded(app: App, config: Any) -> Any:
        return serve(SignedRequestsOnly(app, signatures.verify, respond), config)

    hypercorn.serve = serve_guarded


if __name__ == "__main__":
    end_with_parent()
    send_at_once()
    keep_stream_records()
    keep_executions(Path(os.environ["STATE_DIR"]) / "interrupted.json")
    read_conditions_once()
    save_fast()
    look_again_soon()
    logs = Path(os.environ["TASKBELL_LOGS"])
    secret = json.loads(Path(os.environ.pop("TASKBELL_SECRETS")).read_text())["awsSecretKey"]
    signatures = Signatures(os.environ["MINISTACK_ACCOUNT_ID"], secret)
    run_own_code(CheckoutCode(bootstrap(CHECKOUT / ".venv/bin/python", logs)))
    stop_in_order(Functions(logs))
    serve_signed_requests_only(signatures)
    runpy.run_module("ministack", run_name="__main__")
