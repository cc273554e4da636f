"""The network between functions and AWS: what is called may be late, refused, cut, repeated or never answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from tests.simulation.world import Killed, Outage, World
from tests.support.simulated_aws.dynamodb import QueryPaginator
from tests.support.simulated_aws.errors import client_error

_CONFLICTS = {"put_item": "TransactionConflictException", "update_item": "TransactionConflictException"}
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
        world = self.world
        kinds = _BEFORE if operation in _READS else _BEFORE + _AFTER + (("conflict",) if _conflict(operation) else ())
        kind = world.chance.pick(f"kind {name}", kinds)
        world.log(f"{name} is {kind}")
        match kind:
            case "throttled":
                if operation == "transact_write_items":
                    raise _cancelled("ThrottlingError")
                raise client_error(world.chance.pick(f"code {name}", _THROTTLES[service]), operation)
            case "refused":
                raise client_error("InternalServerError", operation, 500)
            case "unreachable":
                world.pause(1.0)
                raise ConnectTimeoutError(endpoint_url=service)
            case "killed before":
                raise Killed("Runtime.ExitError")
            case "late":
                world.pause(world.chance.draw(f"lateness {name}") * 12)
                return action()
            case "conflict":
                if operation == "transact_write_items":
                    raise _cancelled("TransactionConflict")
                raise client_error(_CONFLICTS[operation], operation)
            case "cut":
                action()
                world.pause(4.0)
                raise ReadTimeoutError(endpoint_url=service)
            case "killed after":
                action()
                raise Killed("Runtime.ExitError")
        action()  # repeated: the SDK sends the request again, since it got no answer
        world.pause(2.0)
        return action()

    def is_out(self, service: str) -> bool:
        """Whether a service does not answer now."""
        return any(o.service == service and o.begins <= self.world.seconds < o.ends for o in self.outages)


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
            if operation == "transact_write_items":  # as botocore does it, once for all attempts of a call
                arguments["ClientRequestToken"] = str(UUID(int=self.network.world.number("token")))
            return self.network.call(self.service, operation, lambda: method(**arguments))

        return call


def _conflict(operation: str) -> bool:
    return operation in _CONFLICTS or operation == "transact_write_items"


def _cancelled(code: str) -> Exception:
    return client_error("TransactionCanceledException", "TransactWriteItems", CancellationReasons=[{"Code": code}])
