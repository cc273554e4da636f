"""Documents, parsed and validated once for each text."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, OperationType

from appsync_local.errors import RequestError
from appsync_local.execution.selection import Selections
from appsync_local.validation.complexity import read_document, refuse_many_fields, too_deep
from appsync_local.validation.depth_limit import deepest
from appsync_local.validation.rules import problems_of, rules

if TYPE_CHECKING:
    from graphql import GraphQLSchema

# A parsed text takes about 200 bytes for each of its characters.
_MOST_CHARACTERS = 400_000
_LONGEST_KEPT = 20_000
_QUICK = 8_192  # characters, read within some 30 ms


@dataclass(slots=True)
class Prepared:
    """A document that parses; `problems` are its validation errors in AppSync's shape.

    Of one that is `too_deep` for the API the fields beyond the limit are refused when it is executed.
    """

    text: str
    document: DocumentNode
    problems: list[dict[str, Any]]
    operations: list[OperationDefinitionNode]
    selections: Selections
    too_deep: bool = False
    executable: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Answer the operation that a request names (or the only one); raise RequestError when there is none."""
        found = self.executable.get(name)
        if found is None:
            found = self.executable[name] = self._find(name)
        return found

    def _find(self, name: str | None) -> OperationDefinitionNode:
        named = [one for one in self.operations if name is None or (one.name and one.name.value == name)]
        if not named:
            raise RequestError(400, "BadRequestException", f"Unknown operation named '{name}'.")
        if len(named) > 1:
            message = "Must provide operation name if query contains multiple operations."
            raise RequestError(400, "BadRequestException", message)
        return named[0]


class Documents:
    """The documents of one schema, by their text; the oldest leave when the texts together are too long."""

    def __init__(self, schema: GraphQLSchema, *, depth_limit: int = 0, introspection: bool = True) -> None:
        self._schema = schema
        self._depth_limit = depth_limit
        self._rules = rules(introspection=introspection)
        self._kept: dict[str, Prepared] = {}
        self._characters = 0
        self._aside = ThreadPoolExecutor(1, "documents")

    async def find(self, text: str) -> Prepared:
        """Prepare a text; one that takes long beside the loop, so that nobody else waits for it."""
        if len(text) <= _QUICK or text in self._kept:
            return self.prepare(text)
        return await asyncio.get_running_loop().run_in_executor(self._aside, self.prepare, text)

    def prepare(self, text: str) -> Prepared:
        """Parse and validate; raise RequestError when the text is no GraphQL, or too much of it."""
        prepared = self._kept.get(text)
        if prepared is None:
            prepared = self._read(text)
            if len(text) <= _LONGEST_KEPT:
                self._keep(text, prepared)
        return prepared

    def _keep(self, text: str, prepared: Prepared) -> None:
        self._kept[text] = prepared
        self._characters += len(text)
        while self._characters > _MOST_CHARACTERS:
            oldest = next(iter(self._kept))
            del self._kept[oldest]
            self._characters -= len(oldest)

    def _read(self, text: str) -> Prepared:
        try:
            return self._prepared(text, read_document(text))
        except RecursionError as error:
            raise too_deep() from error

    def _prepared(self, text: str, document: DocumentNode) -> Prepared:
        fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
        operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        refuse_many_fields(operations, fragments)
        problems = problems_of(self._schema, document, self._rules)
        selections = Selections(fragments, vary="@" in text)
        below = bool(self._depth_limit and not problems and deepest(operations, fragments) > self._depth_limit)
        return Prepared(text, document, problems, operations, selections, below)


def is_subscription(operation: OperationDefinitionNode) -> bool:
    """Tell whether an operation subscribes."""
    return operation.operation is OperationType.SUBSCRIPTION
