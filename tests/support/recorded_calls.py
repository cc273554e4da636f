"""Records the AWS calls that functions make, with the IAM action and the resource that each needs.

A call is recorded before it is sent, by botocore's event `provide-client-params`, so it counts whatever the answer is.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.handlers
from botocore import xform_name

ADAPTERS = Path(__file__).parents[2] / "src/taskbell/adapters"
# Actions that are not named after their operation: Service Authorization Reference.
_ACTIONS = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}
_TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_PREFIXES = {
    "Cognito Identity Provider": "cognito-idp",
    "DynamoDB": "dynamodb",
    "DynamoDB Streams": "dynamodb",
    "SFN": "states",
}
# The parameter that names the resource of a call.
_NAMED_BY = ("QueueUrl", "UserPoolId", "SecretId", "Name", "stateMachineArn", "executionArn", "FunctionName")


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """A call of a function: an IAM action, the resource as the call names it, and what part of that it concerns."""

    function: str
    action: str
    resource: str
    part: str = ""


@dataclass(frozen=True, slots=True, order=True)
class CallSite:
    """A method of an adapter that calls an operation, by the name that botocore's clients have for it."""

    module: str
    method: str
    operation: str


@dataclass
class Recorder:
    """What was called while a function ran; calls of tests themselves are not recorded."""

    function: str = ""
    calls: set[Call] = field(default_factory=set)
    sites: set[CallSite] = field(default_factory=set)

    @contextmanager
    def running(self, function: str) -> Iterator[None]:
        """Record the calls as those of a function."""
        self.function = function
        try:
            yield
        finally:
            self.function = ""

    def add(self, action: str, resource: str, part: str = "") -> None:
        """Record that the running function needs an action on a resource."""
        self.calls.add(Call(self.function, action, resource, part))

    def record(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        """Record a call of a client of botocore."""
        if not self.function:
            return
        self.sites |= {
            CallSite(module, method, xform_name(model.name)) for module, method in _methods(sys._getframe(1))
        }
        service = model.service_model.service_id
        for operation, resource, part in _uses(model.name, params):
            action = f"{_PREFIXES.get(service, service.replace(' ', '').lower())}:{operation}"
            self.add(_ACTIONS.get(action, action), resource, part)


@contextmanager
def recording() -> Iterator[Recorder]:
    """A recorder that sees the calls of every client made meanwhile."""
    recorder = Recorder()
    handler: tuple[str, Callable[..., None]] = ("provide-client-params", recorder.record)
    handlers: list[Any] = botocore.handlers.BUILTIN_HANDLERS
    handlers.append(handler)
    try:
        yield recorder
    finally:
        handlers.remove(handler)


def _uses(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What a call does: operations as IAM counts them, the resource, and the part of the resource."""
    if operation == "TransactWriteItems":
        for item in params["TransactItems"]:
            ((kind, request),) = item.items()
            yield _TRANSACTED[kind], request["TableName"], ""
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        for table in params["RequestItems"]:
            yield operation, table, ""
    elif "TableName" in params:
        yield operation, params["TableName"], f"index/{params['IndexName']}" if "IndexName" in params else ""
    elif operation in {"GetShardIterator", "GetRecords"}:  # a dead letter names the stream, and an iterator is a token
        yield operation, "", "stream"
    elif operation == "GetMetricData":  # IAM knows no resource for it
        yield operation, "*", ""
    else:
        named = [str(params[name]) for name in _NAMED_BY if name in params]
        assert named, f"The resource of {operation} is not known: {sorted(params)}"
        yield operation, *_parted(named[0])


def _parted(name: str) -> tuple[str, str]:
    """A resource's name, and the part that is meant: an execution of a state machine."""
    if execution := re.fullmatch(r"(.*):execution:([^:]+):.*", name):
        return f"{execution[1]}:stateMachine:{execution[2]}", "execution"
    return name, ""


def _methods(frame: Any) -> Iterator[tuple[str, str]]:
    """The innermost method of an adapter on the stack."""
    while frame:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ADAPTERS):
            yield path.relative_to(ADAPTERS).as_posix(), frame.f_code.co_qualname.partition(".<locals>")[0]
            return
        frame = frame.f_back
