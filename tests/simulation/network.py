"""The network between functions and AWS: what is called may be late, refused, cut, repeated or never answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from tests.simulation.world import Killed, Outage, World
from tests.support.simulated_aws.dynamodb import QueryPaginator
from tests.support.simulated_aws.errors import client_error

_TRANSACTION, _CONFLICT = "transact_write_items", "TransactionConflictException"
_THROTTLES = {
    "dynamodb": ("ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"),
    "sqs": ("ThrottlingException",),
    "stepfunctions": ("ThrottlingException",),
    "appsync": ("ThrottlingException",),
    "lambda": ("TooManyRequestsException",),
    "dynamodbstreams": ("LimitExceededException",),
}
_BEFORE = ("throttled", "refused", "unreachable", "killed before", "late")
_AFTER = ("cut", "killed after", "repeated")
_READS = frozenset({"get_item", "query", "batch_get_item", "receive_message", "get_queue_attributes"})


@dataclass
class Network:
    """Passes calls of AWS on."""

    world: World
    outages: list[Outage] = field(default_factory=list)

    def client(self, service: str, implementation: Any) -> "Client":
        """Return a client of a service."""
        return Client(self, service, implementation)

    def call(self, service: str, operation: str, action: Callable[[], Any]) -> Any:
        """Make a call for the current process. Raises what a client raises, or Killed."""
        world = self.world
        if not world.processes:
            return action()
        process = world.processes[-1]
        process.calls += 1
        name = f"{process.name}/{process.calls} {service}.{operation}"
        world.pause(0.002 + 0.02 * world.chance.draw(f"latency {name}"))
        if self.is_out(service):
            world.pause(2.0)
            raise client_error("ServiceUnavailable", operation, 503)
        if world.fault(name):
            return self._fail(name, service, operation, action)
        return action()

    def _fail(self, name: str, service: str, operation: str, action: Callable[[], Any]) -> Any:
        kinds = _BEFORE if operation in _READS else _BEFORE + _AFTER + (("conflict",) if _conflict(operation) else ())
        kind = self.world.chance.pick(f"kind {name}", kinds)
        self.world.log(f"{name} is {kind}")
        if kind in _BEFORE:
            return self._fail_before(kind, name, service, operation, action)
        if kind == "conflict":
            raise _cancelled("TransactionConflict") if operation == _TRANSACTION else client_error(_CONFLICT, operation)
        return self._fail_after(kind, service, action)

    def _fail_before(self, kind: str, name: str, service: str, operation: str, action: Callable[[], Any]) -> Any:
        world = self.world
        match kind:
            case "throttled" if operation == _TRANSACTION:
                raise _cancelled("ThrottlingError")
            case "throttled":
                raise client_error(world.chance.pick(f"code {name}", _THROTTLES[service]), operation)
            case "refused":
                raise client_error("InternalServerError", operation, 500)
            case "unreachable":
                world.pause(1.0)
                raise ConnectTimeoutError(endpoint_url=service)
            case "killed before":
                raise Killed("Runtime.ExitError")
        world.pause(world.chance.draw(f"lateness {name}") * 12)
        return action()

    def _fail_after(self, kind: str, service: str, action: Callable[[], Any]) -> Any:
        action()
        match kind:
            case "cut":
                self.world.pause(4.0)
                raise ReadTimeoutError(endpoint_url=service)
            case "killed after":
                raise Killed("Runtime.ExitError")
        self.world.pause(2.0)  # repeated: the SDK sends the request again, since it got no answer
        return action()

    def is_out(self, service: str) -> bool:
        """Whether a service does not answer now."""
        return bool(self.outages) and any(
            o.service == service and o.begins <= self.world.seconds < o.ends for o in self.outages
        )


@dataclass(frozen=True)
class Client:
    """A client of boto3 over a fake service."""

    network: Network
    service: str
    implementation: Any

    @property
    def exceptions(self) -> Any:
        return self.implementation.exceptions

    def get_paginator(self, operation: str) -> Any:
        return QueryPaginator(getattr(self, operation))

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        method = getattr(self.implementation, operation)

        def call(**arguments: Any) -> Any:
            if operation == _TRANSACTION:  # as botocore does it, once for all attempts of a call
                arguments["ClientRequestToken"] = str(UUID(int=self.network.world.number("token")))
            return self.network.call(self.service, operation, lambda: method(**arguments))

        return call


def _conflict(operation: str) -> bool:
    return operation in {"put_item", "update_item", _TRANSACTION}


def _cancelled(code: str) -> Exception:
    return client_error("TransactionCanceledException", "TransactWriteItems", CancellationReasons=[{"Code": code}])
