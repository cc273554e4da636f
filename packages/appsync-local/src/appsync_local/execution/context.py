"""The state that the resolvers of one request share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from appsync_local.auth.authentication import Caller
    from appsync_local.execution.selection import Selections

SOURCE_FIELD = "appsync_local.source_field"  # the extension of a field that is read from its source: its Access


class PendingEvent(NamedTuple):
    """A field's event that waits for its batch."""

    event: object
    result: asyncio.Future[Any]


@dataclass(slots=True)
class RequestContext:
    """The context of a request for resolvers; a subscription stores the arguments of its field here.

    Nothing is waited for after the `deadline` (by the loop's clock). Each invocation of a function holds one of the
    `slots`. What util.appendError adds stands in `appended_errors`, as entries of the response.
    """

    caller: Caller
    headers: Mapping[str, str]
    variables: Mapping[str, Any]
    selections: Selections
    deadline: float
    slots: asyncio.Semaphore
    subscription_arguments: Mapping[str, Any] | None = None
    resolvers_called: int = 0
    appended_errors: list[dict[str, Any]] = field(default_factory=list)
    batches: dict[object, list[PendingEvent]] = field(default_factory=dict)
    running: set[asyncio.Task[None]] = field(default_factory=set)

    def stop(self) -> None:
        """Cancel the calls that still run."""
        for task in self.running:
            task.cancel()
