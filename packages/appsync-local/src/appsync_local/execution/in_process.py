"""Functions that are plain Python: called in this process with the event, as Lambda calls a handler."""

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
    in a thread of its own. Events and answers are copied through JSON, so nothing that Lambda would lose gets by.
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self.names = frozenset(handlers)
        self._handlers = handlers

    async def invoke(self, function: str, event: object) -> object:
        """Answer what the handler returned; raise FunctionError when it raised."""
        handler = self._handlers[function]
        given = json.loads(json.dumps(event))
        try:
            if inspect.iscoroutinefunction(handler):
                answer = await handler(given, None)
            else:
                answer = await asyncio.to_thread(handler, given, None)
            return json.loads(json.dumps(answer, allow_nan=False))
        except Exception as problem:
            raise FunctionError(type(problem).__name__, str(problem)) from problem
