"""graphql-core's executor, with one difference in mutations."""

from __future__ import annotations

from typing import Any

from graphql import Executor, GraphQLObjectType, Undefined
from graphql.pyutils import Path


class SerialExecutor(Executor[Any]):
    """Executes the root fields of a mutation in a loop: graphql-core nests a frame for each of a thousand fields."""

    async def execute_fields_serially(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> dict[str, Any]:
        """Execute the fields one after the other."""
        results: dict[str, Any] = {}
        for name, details in grouped_field_set.items():
            own_path = Path(path, name, parent_type.name)
            result = self.execute_field(parent_type, source_value, details, own_path, position_context)
            if self.is_awaitable(result):
                result = await result
            if result is not Undefined:
                results[name] = result
        return results
