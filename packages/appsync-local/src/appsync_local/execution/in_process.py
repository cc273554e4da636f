"""Functions that are Python handlers in this process."""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import TYPE_CHECKING

from appsync_local.protocols import FunctionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Handler = Callable[[Any, None], object]


class InProcessFunctions:
    """A `Functions` of handlers by the logical id of their resource.

    A handler takes the event and, where Lambda gives its context, None. It may be a coroutine function; any other runs
    in a thread of its own. Events and results are copied through JSON, so nothing that Lambda would lose gets by.
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self.names = frozenset(handlers)
        self._handlers = handlers

    async def invoke(self, function: str, event: object) -> object:
        """Return what the handler returned.

        Raises:
            FunctionError: The handler raised, or returned what JSON does not have.
        """
        handler = self._handlers[function]
        copy = json.loads(json.dumps(event))
        try:
            if inspect.iscoroutinefunction(handler):
                result = await handler(copy, None)
            else:
                result = await asyncio.to_thread(handler, copy, None)
            return json.loads(json.dumps(result, allow_nan=False))
        except Exception as error:
            raise FunctionError(type(error).__name__, str(error)) from error
