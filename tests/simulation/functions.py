"""The Lambda functions with their handlers and the settings that serverless.yml gives them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router

from processors import advance_task, forward_changes, handle_events, push_notifications
from resolvers import manage_dead_letters, read_tasks, write_tasks
from tests.simulation.network import Network
from tests.simulation.world import Context, Killed, World
from tests.support.template_file import template_file

_SERVICE = "serverless.yml"

HANDLERS: Mapping[str, Callable[..., Any]] = {
    "advanceTask": advance_task.handler,
    "forwardChanges": forward_changes.handler,
    "handleEvents": handle_events.handler,
    "manageDeadLetters": manage_dead_letters.handler,
    "pushNotifications": push_notifications.handler,
    "readTasks": read_tasks.handler,
    "writeTasks": write_tasks.handler,
}


_APPS: tuple[Any, ...] = (manage_dead_letters.app, read_tasks.app, write_tasks.app)


class FailedCall(Exception):
    """A call of a function failed, or got no answer. `name` is the error as Step Functions names it."""

    def __init__(self, name: str, message: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.message = message


def timeout_of(function: str) -> float:
    """A function's timeout in seconds."""
    return float(
        template_file(_SERVICE)["functions"][function].get("timeout", template_file(_SERVICE)["provider"]["timeout"])
    )


def event_source(function: str, type_: str) -> Mapping[str, Any]:
    """The event source mapping of a function."""
    sources = (source for source in template_file(_SERVICE)["functions"][function]["events"] if type_ in source)
    mapping: Mapping[str, Any] = next(sources)[type_]
    return mapping


@dataclass(frozen=True)
class Functions:
    """Calls functions, each in a process of its own."""

    world: World
    network: Network

    def call(self, function: str, event: Any, *, new: bool = True, caller: str = "") -> Any:
        """Call a function. Raises FailedCall."""
        world = self.world
        with world.process(function, timeout_of(function), new=new) as process:
            process.caller = caller
            if self.network.is_out("lambda") or world.fault(f"{process.name} throttled", 0.5):
                raise FailedCall("Lambda.TooManyRequestsException")
            try:
                with _its_own_event():
                    result = HANDLERS[function](event, Context(world, process))
            except Killed as killed:
                raise FailedCall(str(killed)) from None
            except Exception as error:
                world.log(f"{process.name} raises {type(error).__name__}: {error}")
                raise FailedCall(type(error).__name__, str(error)) from error
            if world.fault(f"{process.name} unanswered", 0.5):
                raise FailedCall("Lambda.Unknown")
            return result


@contextmanager
def _its_own_event() -> Iterator[None]:
    """Keep the event that Powertools is handling: a process in Lambda has one at a time, here they are nested."""
    names = ("current_event", "lambda_context")
    kept = [(holder, name, getattr(holder, name)) for holder in (Router, *_APPS) for name in names]
    try:
        yield
    finally:
        for holder, name, value in kept:
            setattr(holder, name, value)
